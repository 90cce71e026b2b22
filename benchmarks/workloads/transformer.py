"""The text classifier of chapter 11: one transformer encoder over 20,000 words."""

from typing import Any

import numpy as np

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
)
