"""The text classifier of chapter 11: one transformer encoder over 20,000 words."""

from typing import Any

import numpy as np

from benchmarks.workloads import by_hand
from benchmarks.workloads.workload import Array, Size, Workload, sizes


def data(count: int, size: Size) -> tuple[Array, Array]:
    """Reviews as numbers of words (count, sequence) and whether they praise."""
    rng = np.random.default_rng(0)
    words = rng.integers(0, size.vocabulary, (count, size.sequence)).astype("int32")
    return words, rng.integers(0, 2, count).astype("float32")


def model(keras: Any, size: Size) -> Any:
    """Embedding, attention of two heads, a feed-forward pair, maximum over time."""
    layers, width = keras.layers, size.width
    inputs = keras.Input((None,), dtype="int32")
    x = layers.Embedding(size.vocabulary, width)(inputs)
    attended = layers.MultiHeadAttention(num_heads=2, key_dim=width)(x, x)
    x = layers.LayerNormalization()(layers.add([x, attended]))
    wide = layers.Dense(size.dense, activation="relu")(x)
    x = layers.LayerNormalization()(layers.add([x, layers.Dense(width)(wide)]))
    x = layers.GlobalMaxPooling1D()(x)
    x = layers.Dropout(0.5)(x)
    found = keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x))
    found.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
    return found


def torch_model(torch: Any, size: Size) -> Any:
    """The same with PyTorch's fused attention, its loss and its metric."""
    nn, width = torch.nn, size.width

    class Encoder(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.words = nn.Embedding(size.vocabulary, width)
            self.project, self.join = nn.Linear(width, 6 * width), nn.Linear(2 * width, width)
            self.first, self.second = nn.LayerNorm(width, eps=1e-3), nn.LayerNorm(width, eps=1e-3)
            self.forth, self.back = nn.Linear(width, size.dense), nn.Linear(size.dense, width)
            self.drop, self.last = nn.Dropout(0.5), nn.Linear(width, 1)

        def forward(self, words: Any) -> Any:
            x = self.words(words)
            parts = self.project(x).unflatten(-1, (3, 2, width)).permute(2, 0, 3, 1, 4)
            heads = nn.functional.scaled_dot_product_attention(*parts)
            x = self.first(x + self.join(heads.transpose(1, 2).flatten(2)))
            x = self.second(x + self.back(torch.relu(self.forth(x))))
            return self.last(self.drop(x.amax(1)))[:, 0]

    logits_loss = nn.functional.binary_cross_entropy_with_logits
    return Encoder(), logits_loss, by_hand.torch_logit_accuracy


def jax_model(jax: Any, size: Size) -> Any:
    """Tables, kernels, biases and scales, and the loss and metric of a batch."""
    numpy, width, dense = jax.numpy, size.width, by_hand.dense

    def losses(weights: Any, words: Any, y: Any, key: Any) -> Any:
        x = weights["words"][words]
        parts = dense(weights["project"], x).reshape(*words.shape, 3, 2, width)
        heads = jax.nn.dot_product_attention(*numpy.moveaxis(parts, 2, 0))
        x = x + dense(weights["join"], heads.reshape(*words.shape, 2 * width))
        x = by_hand.layer_norm(jax, weights["first"], x)
        wide = jax.nn.relu(dense(weights["forth"], x))
        x = by_hand.layer_norm(jax, weights["second"], x + dense(weights["back"], wide))
        x = by_hand.dropout(jax, key, x.max(1), 0.5)
        return by_hand.jax_logit_loss(jax, dense(weights["last"], x)[:, 0], y)

    make, scale = by_hand.dense_weights, (numpy.ones(width), numpy.zeros(width))
    return {
        "words": make(jax, size.vocabulary, width)[0],
        "project": make(jax, width, 6 * width),
        "join": make(jax, 2 * width, width),
        "forth": make(jax, width, size.dense),
        "back": make(jax, size.dense, width),
        "last": make(jax, width, 1),
        "first": scale,
        "second": jax.tree.map(numpy.copy, scale),
    }, losses


CPU = {"batch": 32, "steps": 6, "sequence": 200, "vocabulary": 20_000, "width": 256, "dense": 32}
WORKLOAD = Workload(
    "transformer encoder, batch 32",
    data,
    model,
    sizes(
        CPU,
        {"sequence": 600, "steps": 50},
        batch=2,
        steps=2,
        sequence=4,
        vocabulary=10,
        width=4,
        dense=4,
    ),
    torch=torch_model,
    jax=jax_model,
)
