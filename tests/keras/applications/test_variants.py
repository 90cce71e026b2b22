"""What further arguments do to networks: widths, sizes, own preparation of images."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from thalweg import keras
from thalweg._src.keras.applications import published

A = keras.applications


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that networks ask for instead of loading them."""
    names: list[str] = []

    def get_file(name: str | None, origin: str, **_: Any) -> str:
        names.append(name or origin.rpartition("/")[2])
        return names[-1]

    monkeypatch.setattr(published, "get_file", get_file)
    monkeypatch.setattr(keras.Model, "load_weights", lambda *_: None)
    return names


def layers(model: Any, kind: type) -> list[Any]:
    return [layer for layer in model.layers if isinstance(layer, kind)]


@pytest.mark.parametrize(
    ("arguments", "file", "name"),
    [
        ({"input_shape": (160, 160, 3)}, "mobilenet_1_0_160_tf.h5", "mobilenet_1.00_160"),
        (
            {"input_shape": (128, 128, 3), "alpha": 0.25, "include_top": False},
            "mobilenet_2_5_128_tf_no_top.h5",
            "mobilenet_0.25_128",
        ),
        (
            {"input_shape": (64, 64, 3), "alpha": 0.5, "include_top": False},
            "mobilenet_5_0_224_tf_no_top.h5",
            "mobilenet_0.50_224",
        ),
        (
            {"input_shape": (160, 192, 3), "alpha": 0.25, "include_top": False, "name": "mine"},
            "mobilenet_2_5_224_tf_no_top.h5",
            "mine",
        ),
    ],
)
def test_mobilenet_takes_weights_for_its_width_and_size(
    asked: list[str], arguments: dict[str, Any], file: str, name: str
) -> None:
    assert A.MobileNet(**arguments).name == name
    assert asked == [file]


def test_mobilenet_v2_takes_weights_for_its_width_and_size(asked: list[str]) -> None:
    pixels = keras.Input((96, 96, 3))
    assert A.MobileNetV2(alpha=0.35, input_tensor=pixels).name == "mobilenetv2_0.35_96"
    assert asked == ["mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_96.h5"]


def test_mobilenet_is_named_after_its_images() -> None:
    fresh = {"weights": None, "alpha": 0.25, "include_top": False}
    assert A.MobileNet((64, 48, 3), **fresh).name == "mobilenet_0.25_64"
    assert A.MobileNet(**fresh).name == "mobilenet_0.25_None"


def test_mobilenet_convolves_by_channel_several_times() -> None:
    model = A.MobileNet((32, 32, 3), 0.25, 2, weights=None, include_top=False)
    assert model.get_layer("conv_dw_1").output.shape == (None, 16, 16, 16)
    assert model.get_layer("conv_pw_1").output.shape == (None, 16, 16, 16)


def test_mobilenet_v3_classifies_images_of_any_size() -> None:
    model = A.MobileNetV3Small(weights=None, alpha=0.75, minimalistic=True, classes=3)
    assert model.input_shape == (None, None, None, 3)
    assert model.predict(np.zeros((1, 45, 33, 3), "float32"), verbose=0).shape == (1, 3)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: A.MobileNet(alpha=0.6), "expected alpha in"),
        (lambda: A.MobileNet(depth_multiplier=2), "expected depth_multiplier=1"),
        (lambda: A.MobileNet((100, 100, 3)), r"expected input_shape=\(224, 224, 3\)"),
        (lambda: A.MobileNetV2(alpha=0.25), "expected alpha in"),
        (lambda: A.MobileNetV3Large(alpha=0.75, minimalistic=True), "expected alpha=1"),
        (
            lambda: A.NASNetMobile((None, None, 3), weights=None, include_top=False),
            "known height and width",
        ),
        (lambda: A.InceptionV3(input_shape=(74, 75, 3), weights=None), "at least 75 x 75"),
    ],
)
def test_what_does_not_fit_is_told(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_convnext_wants_channels_last() -> None:
    keras.config.set_image_data_format("channels_first")
    try:
        with pytest.raises(ValueError, match="channels_last"):
            A.ConvNeXtTiny(weights=None)
    finally:
        keras.config.set_image_data_format("channels_last")


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("include_preprocessing", [True, False])
def test_efficientnet_v2_prepares_images(channels: int, include_preprocessing: bool) -> None:
    model = A.EfficientNetV2B0(
        False, None, None, (32, 32, channels), include_preprocessing=include_preprocessing
    )
    begin = [(type(layer).__name__) for layer in model.layers[1:3]]
    if not include_preprocessing:
        assert begin == ["Conv2D", "BatchNormalization"]
    elif channels == 3:
        assert begin == ["Rescaling", "Normalization"]
        pixels = np.full((1, 32, 32, 3), 255 * 0.485, "float32")
        prepared = keras.Model(model.input, model.layers[2].output)(pixels)
        np.testing.assert_allclose(prepared[..., 0], np.zeros((1, 32, 32)), atol=1e-5)
    else:
        assert begin == ["Rescaling", "Conv2D"]


def test_efficientnet_scales_once_more_for_published_weights(asked: list[str]) -> None:
    fresh = A.EfficientNetB0(False, None, None, (32, 32, 3))
    assert len(layers(fresh, keras.layers.Rescaling)) == 1
    trained = A.EfficientNetB0(False, "imagenet", None, (32, 32, 3))
    assert asked == ["efficientnetb0_notop.h5"]
    again = layers(trained, keras.layers.Rescaling)[1]
    np.testing.assert_allclose(again.scale, np.array([0.229, 0.224, 0.225]) ** -0.5)


def test_nasnet_takes_the_published_size_without_classifier() -> None:
    assert A.NASNetMobile(include_top=False, weights=None).input_shape == (None, 224, 224, 3)
