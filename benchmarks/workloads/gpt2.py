"""Training of a decoder in the shape of GPT-2 small, in mixed bfloat16, for GPUs."""

from typing import Any

import numpy as np

from benchmarks.workloads.workload import Array, Size, Workload, mixed_bfloat16, sizes


def data(count: int, size: Size) -> tuple[Array, Array]:
    """Tokens (count, sequence), and the same one place further."""
    rng = np.random.default_rng(0)
    tokens = rng.integers(0, size.vocabulary, (count, size.sequence + 1)).astype("int32")
    return tokens[:, :-1].copy(), tokens[:, 1:].copy()


def with_places(keras: Any, size: Size) -> Any:
    """A layer that adds what it has learned of each place."""

    class WithPlaces(keras.layers.Layer):  # type: ignore[misc]
        def build(self, shape: Any) -> None:
            self.table = self.add_weight((size.sequence, size.width), "random_normal")

        def call(self, x: Any) -> Any:
            return x + self.table

    return WithPlaces()


def block(keras: Any, size: Size, x: Any) -> Any:
    """Causal attention and a feed-forward pair, each normalized before and added after."""
    layers, width = keras.layers, size.width
    normal = layers.LayerNormalization(epsilon=1e-5)(x)
    attention = layers.MultiHeadAttention(size.heads, width // size.heads)
    x = layers.add([x, attention(normal, normal, use_causal_mask=True)])
    normal = layers.LayerNormalization(epsilon=1e-5)(x)
    wide = layers.Dense(4 * width, activation="gelu")(normal)
    return layers.add([x, layers.Dense(width)(wide)])


def model(keras: Any, size: Size) -> Any:
    """Tokens and places embedded, the blocks, and a logit for each word."""
    layers = keras.layers
    with mixed_bfloat16(keras):
        tokens = keras.Input((size.sequence,), dtype="int32")
        x = layers.Embedding(size.vocabulary, size.width)(tokens)
        x = with_places(keras, size)(x)
        for _ in range(size.blocks):
            x = block(keras, size, x)
        x = layers.LayerNormalization(epsilon=1e-5)(x)
        found = keras.Model(tokens, layers.Dense(size.vocabulary, use_bias=False)(x))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    found.compile(keras.optimizers.AdamW(3e-4), loss, metrics=["accuracy"])
    return found


GPU = {"vocabulary": 50_257, "sequence": 1024, "width": 768, "heads": 12, "blocks": 12}
TINY = {"vocabulary": 9, "sequence": 4, "width": 4, "heads": 2, "blocks": 1}
WORKLOAD = Workload(
    "GPT-2 small bf16, batch 16x1024",
    data,
    model,
    sizes(None, {"batch": 16, "steps": 20, **GPU}, batch=2, steps=2, **TINY),
)
