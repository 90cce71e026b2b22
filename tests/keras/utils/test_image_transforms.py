"""Pictures changed on the host; the expected values are Keras' (`record_image_transforms.py`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from thalweg.keras.preprocessing import image

GOLDEN = json.loads((Path(__file__).parent / "golden" / "image_transforms.json").read_text("utf-8"))
PICTURES = np.array(GOLDEN["x"], np.float32)
AXES = {"row_axis": 0, "col_axis": 1, "channel_axis": 2}


@pytest.mark.parametrize(
    ("arguments", "expected"), GOLDEN["affine"], ids=range(len(GOLDEN["affine"]))
)
def test_affine_transforms(arguments: dict[str, Any], expected: Any) -> None:
    found = image.apply_affine_transform(PICTURES[0], **AXES, **arguments)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-3)


def test_channels_may_come_first() -> None:
    first = np.moveaxis(PICTURES[0], 2, 0)
    found = image.apply_affine_transform(first, theta=30)
    np.testing.assert_allclose(
        np.moveaxis(found, 0, 2), GOLDEN["affine"][0][1], rtol=1e-4, atol=1e-3
    )


def test_pictures_that_are_not_square_turn_about_their_middle() -> None:
    wide = PICTURES[0, :3]
    turned = image.apply_affine_transform(wide, theta=180, **AXES)
    np.testing.assert_allclose(turned, wide[::-1, ::-1], rtol=1e-5)
    moved = image.apply_affine_transform(wide, tx=1, ty=2, fill_mode="constant", **AXES)
    np.testing.assert_allclose(moved[0, :-1], wide[2, 1:], rtol=1e-5)


def test_nothing_to_do_gives_the_picture_itself() -> None:
    picture = PICTURES[0]
    assert image.apply_affine_transform(picture, **AXES) is picture


@pytest.mark.parametrize(
    ("name", "arguments", "expected"), GOLDEN["random"], ids=lambda x: str(x)[:20]
)
def test_random_transforms_draw_as_keras_did(
    name: str, arguments: list[Any], expected: Any
) -> None:
    axes = {"channel_axis": 2} if name == "random_channel_shift" else AXES
    np.random.seed(3)
    picture = PICTURES[0]
    if name == "random_shift":  # where Keras takes rows for columns
        picture, expected = np.swapaxes(picture, 0, 1), np.swapaxes(expected, 0, 1)
    found = getattr(image, name)(picture, *arguments, **axes)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-3)


def test_brightness_multiplies() -> None:
    x = np.array([[[10.0], [200.0]]], np.float32)
    assert image.apply_brightness_shift(x, 0.5, scale=False).ravel().tolist() == [5, 100]
    assert image.apply_brightness_shift(x, 2.0, scale=False).ravel().tolist() == [20, 255]
    assert image.apply_brightness_shift(x, 0.5).ravel().tolist() == [0, 127]
    beyond = np.array([[[-1.0], [1.0]]], np.float32)
    found = image.apply_brightness_shift(beyond, 0.5, scale=False).ravel()
    np.testing.assert_allclose(found, [-1.0, 127 / 255 * 2 - 1], atol=1e-6)
    np.random.seed(0)
    assert image.random_brightness(x, (0.5, 0.5), scale=False).ravel().tolist() == [5, 100]


@pytest.mark.parametrize("function", [image.random_zoom, image.random_brightness])
def test_ranges_are_pairs(function: Any) -> None:
    with pytest.raises(ValueError, match=r"\(least, greatest\), got 3"):
        function(PICTURES[0], 3)


def test_unknown_filling_is_refused() -> None:
    with pytest.raises(ValueError, match="fill_mode"):
        image.apply_affine_transform(PICTURES[0], theta=3, fill_mode="mirror")
