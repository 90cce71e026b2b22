"""Models of several shapes, to be drawn."""

from __future__ import annotations

import thalweg as tf

keras = tf.keras
layers, ops = keras.layers, keras.ops


def siamese():
    """Three inputs, two outputs, a shared layer, nodes of ops."""
    left, right = keras.Input((3,), name="left"), keras.Input((3,), name="right")
    extra = keras.Input((5,), name="extra")
    encoder = layers.Dense(8, activation="relu", name="encoder")
    one, two = encoder(left), encoder(right)
    hidden = layers.Dense(16, name="hidden")(ops.concatenate([one, one - two, two], axis=-1))
    side = layers.Dense(4, name="side", trainable=False)(extra)
    same = layers.Dense(1, activation="sigmoid", name="same")(hidden)
    rank = layers.Dense(3, name="rank")(ops.concatenate([hidden, side], axis=-1))
    return keras.Model([left, right, extra], [same, rank], name="siamese")


def nested():
    """Models inside models, with two inputs and two outputs."""

    def tower(name):
        first, second = keras.Input((8,), name=f"{name}_in"), keras.Input((8,), name=f"{name}_by")
        hidden = layers.Dense(6, name=f"{name}_h")(first)
        tail = keras.Sequential(
            [layers.Dense(6, name=f"{name}_s{i}") for i in range(2)], name=f"{name}_tail"
        )
        out = tail(hidden) + layers.Dense(6, name=f"{name}_g")(second)
        return keras.Model([first, second], [out, hidden], name=name)

    x, y = keras.Input((8,), name="x"), keras.Input((8,), name="y")
    one, two = tower("one")([x, y])
    three, four = tower("two")([ops.concatenate([one, x[:, :2]], axis=-1), y])
    return keras.Model([x, y], [three + two, four], name="outer")


def residual(blocks=9):
    """A chain with shortcuts over two layers."""
    inputs = keras.Input((16,), name="features")
    x = layers.Dense(16, name="stem")(inputs)
    for block in range(blocks):
        hidden = layers.Dense(16, name=f"block{block}_a")(x)
        x = x + layers.Dense(16, name=f"block{block}_b")(hidden)
    return keras.Model(inputs, layers.Dense(10, name="logits")(x), name="residual")


def chain():
    """A Sequential of five layers."""
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(2, 3, activation="relu", name="conv"),
            layers.MaxPooling2D(2, name="pool"),
            layers.Flatten(name="flat"),
            layers.Dropout(0.5, name="drop"),
            layers.Dense(3, activation="softmax", name="dense"),
        ],
        name="digits",
    )


def circles():
    """A layer called on its own result, and an inner model called twice."""
    x = keras.Input((4,), name="x")
    twice = layers.Dense(4, name="twice")
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(4, name="k")], name="inner")
    z = inner(twice(twice(x)))
    return keras.Model(x, inner(layers.Dense(4, name="mid")(z)), name="circles")


def inception(blocks=2):
    """Branches of different lengths."""
    x = inputs = keras.Input((8,), name="image")
    for block in range(blocks):
        branches = []
        for length in range(4):
            y = x
            for step in range(length):
                y = layers.Dense(4, name=f"b{block}_{length}_{step}")(y)
            branches.append(y)
        x = ops.concatenate(branches, axis=-1)
    return keras.Model(inputs, x, name="inception")


ALL = {
    "siamese": siamese,
    "nested": nested,
    "residual": residual,
    "chain": chain,
    "circles": circles,
    "inception": inception,
}
