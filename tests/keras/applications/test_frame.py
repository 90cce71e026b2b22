"""The frame of a network: which arguments fit together, where its weights come from."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg._src.base.errors import DataUnavailableError
from thalweg._src.keras.applications.frame import Frame
from thalweg._src.keras.applications.published import PublishedFile, PublishedWeights

NOWHERE = "https://localhost:9/published.h5"  # the port of the discard service: nobody answers

KERNEL = np.arange(3 * 3 * 3 * 2, dtype="float32").reshape(3, 3, 3, 2) / 50
BIAS = np.array([0.5, -0.5], "float32")


def tiny(published: PublishedFile | None = None, **arguments: Any) -> Any:
    """A network of one convolution for images of 16 x 16, or of at least 8 x 8."""
    shared: dict[str, Any] = {
        "include_top": True,
        "weights": None,
        "input_tensor": None,
        "input_shape": None,
        "pooling": None,
        "classes": 1000,
        "classifier_activation": "softmax",
        "name": "tiny",
    }
    frame = Frame(**shared | arguments)
    image = frame.image(default_size=16, min_size=8)
    x = keras.layers.Conv2D(2, 3, name="conv")(image)
    file = published or PublishedFile(NOWHERE, None)
    return frame.model(image, frame.head(x), PublishedWeights(file, file))


@pytest.fixture
def channels_first() -> Iterator[None]:
    keras.config.set_image_data_format("channels_first")
    yield
    keras.config.set_image_data_format("channels_last")


@pytest.fixture
def body_file(tmp_path: Path) -> Path:
    """Weights of the body in the layout in which Keras publishes them."""
    path = tmp_path / "body.h5"
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = np.array([b"input_1", b"conv"])
        file.create_group("input_1").attrs["weight_names"] = np.array([], "S1")
        group = file.create_group("conv")
        group.attrs["weight_names"] = np.array([b"conv/kernel:0", b"conv/bias:0"])
        group["conv/kernel:0"] = KERNEL
        group["conv/bias:0"] = BIAS
    return path


@pytest.mark.parametrize(
    ("arguments", "shape"),
    [
        ({}, (None, 16, 16, 3)),
        ({"include_top": False}, (None, None, None, 3)),
        ({"input_shape": (9, 12, 1)}, (None, 9, 12, 1)),
        ({"include_top": False, "input_shape": (None, 12, 5)}, (None, None, 12, 5)),
        ({"input_tensor": keras.Input((9, 9, 3))}, (None, 9, 9, 3)),
        ({"input_tensor": keras.Input((9, 9, 3)), "input_shape": (9, 9, 3)}, (None, 9, 9, 3)),
    ],
)
def test_shape_of_images(arguments: dict[str, Any], shape: tuple[int | None, ...]) -> None:
    assert tiny(**arguments).input_shape == shape


@pytest.mark.usefixtures("channels_first")
def test_shape_of_images_with_channels_first() -> None:
    assert tiny().input_shape == (None, 3, 16, 16)
    assert tiny(input_shape=(1, 9, 12)).input_shape == (None, 1, 9, 12)
    with pytest.raises(ValueError, match="at least 8 x 8"):
        tiny(input_shape=(3, 9, 7))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"input_shape": (16, 16)}, "three sizes"),
        ({"input_shape": (7, 16, 3)}, "at least 8 x 8"),
        ({"input_shape": (None, None, 3)}, "expected sizes"),
        ({"input_shape": (9, 9, 3), "weights": "imagenet"}, r"expected input_shape=\(16, 16, 3\)"),
        (
            {"input_shape": (9, 9, 1), "weights": "imagenet", "include_top": False},
            "3 channels",
        ),
        ({"classes": 10, "weights": "imagenet"}, "expected classes=1000"),
        ({"classifier_activation": "relu", "weights": "imagenet"}, "'softmax' or None"),
        ({"weights": "no_such_file.h5"}, "where no file is"),
        ({"pooling": "mean"}, "'avg' or 'max'"),
        ({"input_tensor": np.zeros((1, 9, 9, 3), "float32")}, "symbolic tensor"),
        ({"input_tensor": keras.Input((9, 9, 3)), "input_shape": (8, 8, 3)}, "agree"),
    ],
)
def test_arguments_that_do_not_fit_are_told(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        tiny(**arguments)


def test_heads() -> None:
    image = np.linspace(-1, 1, 16 * 16 * 3, dtype="float32").reshape(1, 16, 16, 3)
    body = tiny(include_top=False)
    maps = body.predict(image, verbose=0)
    for pooling, expected in (("avg", maps.mean((1, 2))), ("max", maps.max((1, 2)))):
        model = tiny(include_top=False, pooling=pooling)
        assert model.layers[-1].name == f"{pooling}_pool"
        model.set_weights(body.get_weights())
        np.testing.assert_allclose(model.predict(image, verbose=0), expected, atol=1e-6)
    classifier = tiny(classes=4)
    assert [layer.name for layer in classifier.layers[-2:]] == ["avg_pool", "predictions"]
    np.testing.assert_allclose(classifier.predict(image, verbose=0).sum(), 1.0, atol=1e-6)


def test_network_on_top_of_other_layers() -> None:
    pixels = keras.Input((9, 9, 3), name="pixels")
    model = tiny(input_tensor=keras.layers.Rescaling(1 / 255, name="scaled")(pixels), classes=4)
    assert [layer.name for layer in model.layers][:3] == ["pixels", "scaled", "conv"]


def test_weights_from_a_file(body_file: Path) -> None:
    for given in (body_file, str(body_file)):
        model = tiny(include_top=False, weights=given)
        np.testing.assert_array_equal(model.get_weights()[0], KERNEL)
        np.testing.assert_array_equal(model.get_weights()[1], BIAS)


def test_weights_of_the_same_network_saved_by_us(tmp_path: Path) -> None:
    first = tiny(classes=4)
    first.save_weights(tmp_path / "own.weights.h5")
    first.save(tmp_path / "own.keras")
    for name in ("own.weights.h5", "own.keras"):
        second = tiny(classes=4, weights=tmp_path / name)
        for a, b in zip(first.get_weights(), second.get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)


def test_published_weights_from_the_cache(
    body_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    folder = tmp_path / "home" / "models"
    folder.mkdir(parents=True)
    file = PublishedFile(NOWHERE, sha256(body_file.read_bytes()).hexdigest(), "body_notop.h5")
    (folder / "body_notop.h5").write_bytes(body_file.read_bytes())
    model = tiny(file, include_top=False, weights="imagenet")
    np.testing.assert_array_equal(model.get_weights()[0], KERNEL)


@pytest.mark.usefixtures("capsys")
def test_published_weights_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(DataUnavailableError) as caught:
        tiny(PublishedFile(NOWHERE, None), include_top=False, weights="imagenet")
    assert str(tmp_path / "models" / "published.h5") in str(caught.value)
    assert NOWHERE in str(caught.value)


def test_network_is_loaded_when_it_is_named() -> None:
    assert "applications" in dir(tf.keras)
    assert tf.keras.applications.VGG16 is tf.keras.applications.vgg16.VGG16
