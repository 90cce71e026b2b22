"""Formats of boxes: all lead to all, and back."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.keras.bounding_boxes.formats import LAYOUTS
from thalweg.keras.utils.bounding_boxes import convert_format

FORMATS = [*LAYOUTS, *("rel_" + name for name in LAYOUTS)]
BOXES = np.array([[[10, 20, 30, 50], [5, 6, 70, 80]], [[1, 2, 3, 4], [0, 0, 9, 9]]], np.float32)


@pytest.mark.parametrize("target", FORMATS)
def test_there_and_back(target: str) -> None:
    size = {"height": 100, "width": 200}
    there = convert_format(BOXES, "xyxy", target, **size)
    np.testing.assert_allclose(convert_format(there, target, "xyxy", **size), BOXES, atol=1e-4)
    relative = convert_format(BOXES, "xyxy", "rel_xyxy", **size)
    there = convert_format(relative, "rel_xyxy", "rel_" + target.removeprefix("rel_"))
    np.testing.assert_allclose(
        convert_format(there, "rel_" + target.removeprefix("rel_"), "rel_xyxy"), relative, atol=1e-6
    )


def test_share_of_rows_and_columns_from_the_center() -> None:
    found = convert_format(BOXES[0, :1], "xyxy", "rel_center_yxhw", height=100, width=200)
    np.testing.assert_allclose(found, [[0.35, 0.1, 0.3, 0.1]], rtol=1e-6)


@pytest.mark.parametrize("kind", ["array", "tensor"])
def test_each_image_has_its_size(kind: str) -> None:
    height, width = np.array([100, 10]), np.array([200.0, 20.0])
    if kind == "tensor":
        height, width = tf.constant(height), tf.constant(width)
    found = convert_format(BOXES, "xyxy", "rel_xyxy", height, width)
    factors = np.array([[200, 100, 200, 100], [20, 10, 20, 10]], np.float32)[:, None]
    assert found.dtype == tf.float32
    np.testing.assert_allclose(found, BOXES / factors, rtol=1e-6)


@pytest.mark.parametrize("dtype", ["int32", "float16", "float64"])
def test_dtype(dtype: str) -> None:
    found = convert_format([[1, 2, 4, 7]], "xyxy", "center_xywh", dtype=dtype)
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, np.array([[2.5, 4.5, 3, 5]]).astype(dtype))


def test_dictionary_is_not_changed() -> None:
    given = {"boxes": BOXES, "labels": [1, 2], "more": "text"}
    found = convert_format(given, "xyxy", "xywh")
    assert given["boxes"] is BOXES
    assert (found["labels"], found["more"]) == ([1, 2], "text")


def test_compiled_and_symbolic_boxes() -> None:
    wanted = convert_format(BOXES, "xyxy", "rel_center_xywh", height=100, width=200)

    def convert(boxes: tf.Tensor) -> tf.Tensor:
        return convert_format(boxes, "xyxy", "rel_center_xywh", height=100, width=200)

    np.testing.assert_allclose(tf.function(convert)(tf.constant(BOXES)), wanted, rtol=1e-6)
    inputs = tf.keras.Input((2, 4))
    model = tf.keras.Model(inputs, convert(inputs))
    assert model.output_shape == (None, 2, 4)
    np.testing.assert_allclose(model(BOXES), wanted, rtol=1e-6)


@pytest.mark.parametrize(
    ("boxes", "source", "target", "message"),
    [
        (BOXES, "xyyx", "xywh", "format of bounding boxes, got 'xyyx'. Did you mean 'yxyx'|'xyxy'"),
        (BOXES, "xyxy", "rel_xywh", "height and width to get from 'xyxy' to 'rel_xywh'"),
        (BOXES[..., :3], "xyxy", "xywh", r"shape \(..., 4\), got \(2, 2, 3\)"),
        (3.0, "xyxy", "xywh", r"shape \(..., 4\), got \(\)"),
        ({"labels": [1]}, "xyxy", "xywh", r"key 'boxes', got \['labels'\]"),
    ],
    ids=["format", "size", "three numbers", "one number", "no boxes"],
)
def test_errors(boxes: object, source: str, target: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        convert_format(boxes, source, target)
