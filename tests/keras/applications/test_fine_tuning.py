"""Transfer learning as books teach it: a trained base, a new head, then the base's last block."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from thalweg import keras

BLOCKS = ("block1", "block2", "block3")


def pictures(count: int, seed: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Pictures of 16 x 16 with horizontal (0) or vertical (1) stripes in noise, in 0 to 255."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    stripes = np.sin(np.arange(16) * 1.6 + rng.uniform(0, 6, (count, 1)))
    images = np.where(labels[:, None, None] == 1, stripes[:, None, :], stripes[:, :, None])
    images = images[..., None] + 0.3 * rng.standard_normal((count, 16, 16, 3))
    return (127.5 + 50 * images).clip(0, 255).astype("float32"), labels.astype("float32")


@pytest.fixture
def base() -> Any:
    """Convolutional base like a small VGG16, with batch normalization."""
    keras.utils.set_random_seed(3)
    image = x = keras.Input((16, 16, 3))
    for filters, name in zip((8, 8, 8), BLOCKS):
        x = keras.layers.Conv2D(filters, 3, padding="same", name=f"{name}_conv")(x)
        x = keras.layers.BatchNormalization(name=f"{name}_bn")(x)
        x = keras.layers.Activation("relu", name=f"{name}_relu")(x)
        x = keras.layers.MaxPooling2D(2, name=f"{name}_pool")(x)
    return keras.Model(image, x, name="base")


def _values(layers: list[Any]) -> dict[str, np.ndarray[Any, Any]]:
    return {weight.path: weight.numpy() for layer in layers for weight in layer.weights}


def _changed(before: dict[str, Any], layers: list[Any]) -> set[str]:
    after = _values(layers)
    return {path for path, value in before.items() if not np.array_equal(value, after[path])}


def test_head_then_last_block(base: Any) -> None:
    x_train, y_train = pictures(64, seed=0)
    x_test, y_test = pictures(32, seed=1)

    base.trainable = False
    image = keras.Input((16, 16, 3))
    x = keras.applications.vgg16.preprocess_input(image)
    x = base(x / 64.0, training=False)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(8, activation="relu", name="head_dense")(x)
    x = keras.layers.Dropout(0.1)(x)
    model = keras.Model(image, keras.layers.Dense(1, activation="sigmoid", name="head_score")(x))
    assert {w.path.split("/")[0] for w in model.trainable_weights} == {"head_dense", "head_score"}

    frozen = _values(base.layers)
    model.compile(keras.optimizers.Adam(1e-2), "binary_crossentropy", metrics=["accuracy"])
    first = model.evaluate(x_train, y_train, verbose=0)[0]
    model.fit(x_train, y_train, batch_size=16, epochs=4, verbose=0)
    second = model.evaluate(x_train, y_train, verbose=0)[0]
    assert second < first
    assert _changed(frozen, base.layers) == set()

    base.trainable = True
    for layer in base.layers:
        layer.trainable = layer.name == "block3_conv"
    model.compile(keras.optimizers.RMSprop(1e-3), "binary_crossentropy", metrics=["accuracy"])
    assert [w.path for w in base.trainable_weights] == ["block3_conv/kernel", "block3_conv/bias"]
    model.fit(x_train, y_train, batch_size=16, epochs=6, verbose=0)
    third = model.evaluate(x_train, y_train, verbose=0)[0]
    assert third < second
    assert _changed(frozen, base.layers) == {"block3_conv/kernel", "block3_conv/bias"}
    assert model.evaluate(x_test, y_test, verbose=0)[1] > 0.8


def test_statistics_stay_where_the_base_is_called_without_training(base: Any) -> None:
    """Unfreezing all of it still leaves the running means alone, since training=False was baked in."""
    x_train, y_train = pictures(16, seed=0)
    image = keras.Input((16, 16, 3))
    x = keras.layers.GlobalAveragePooling2D()(base(image / 255.0, training=False))
    model = keras.Model(image, keras.layers.Dense(1, activation="sigmoid")(x))
    before = _values(base.layers)
    model.compile("sgd", "binary_crossentropy")
    model.fit(x_train, y_train, batch_size=16, epochs=1, verbose=0)
    changed = _changed(before, base.layers)
    assert not any("moving" in path for path in changed)
    assert {f"{name}_conv/kernel" for name in BLOCKS} <= changed
