"""Boxes that move with their images: the same in every format; steps one after another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.keras.bounding_boxes.formats import LAYOUTS
from thalweg.keras.utils.bounding_boxes import (
    affine_transform,
    clip_to_image_size,
    convert_format,
    crop,
    pad,
)

BOXES = np.array([[[10, 20, 30, 50], [5, 6, 70, 80]], [[1, 2, 3, 4], [-4, 0, 9, 99]]], np.float32)
LABELS = np.array([[1, 2], [3, 4]])
SIZE = {"height": 60, "width": 40}
STILL = dict.fromkeys(["angle", "translate_x", "translate_y", "shear_x", "shear_y"], 0.0) | {"scale": 1.0}


def in_format(name: str, boxes: Any, back: bool = False) -> Any:
    source, target = (name, "xyxy") if back else ("xyxy", name)
    return convert_format(boxes, source, target, **SIZE)


@pytest.mark.parametrize("name", list(LAYOUTS))
def test_crop_and_pad_in_every_format(name: str) -> None:
    part = {"top": 10, "left": 5, "height": 30, "width": 20}
    found = crop(in_format(name, BOXES), **part, bounding_box_format=name)
    np.testing.assert_allclose(in_format(name, found, back=True), crop(BOXES, **part), atol=1e-4)
    found = pad(in_format(name, BOXES), 10, 5, bounding_box_format=name)
    np.testing.assert_allclose(in_format(name, found, back=True), pad(BOXES, 10, 5), atol=1e-4)


@pytest.mark.parametrize("name", [*LAYOUTS, "rel_xywh", "rel_center_yxhw"])
def test_clip_and_affine_in_every_format(name: str) -> None:
    plain = clip_to_image_size({"boxes": BOXES, "labels": LABELS}, **SIZE)
    size = {} if name.startswith("rel_") else SIZE
    boxes = {"boxes": in_format(name, BOXES), "labels": LABELS}
    found = clip_to_image_size(boxes, **size, bounding_box_format=name)
    np.testing.assert_allclose(in_format(name, found["boxes"], back=True), plain["boxes"], atol=1e-4)
    np.testing.assert_array_equal(found["labels"], plain["labels"])
    turn = STILL | SIZE | {"angle": 30.0, "scale": 2.0, "translate_x": 0.1}
    found = affine_transform(in_format(name, BOXES), **turn, bounding_box_format=name)
    np.testing.assert_allclose(
        in_format(name, found, back=True), affine_transform(BOXES, **turn), atol=2e-4
    )


def test_clip_keeps_integers_and_marks_what_is_gone() -> None:
    boxes = np.array([[-5, 3, 9, 8], [50, 3, 60, 8], [1, 1, 1, 9]])
    found = clip_to_image_size({"boxes": boxes, "labels": np.eye(3, dtype=np.int32)}, 6, 40)
    assert (found["boxes"].dtype, found["labels"].dtype) == (tf.int64, tf.int32)
    assert found["boxes"].numpy().tolist() == [[0, 3, 9, 6], [40, 3, 40, 6], [1, 1, 1, 6]]
    assert found["labels"].numpy().tolist() == [[1, 0, 0], [-1, -1, -1], [-1, -1, -1]]


def test_each_image_has_its_own_numbers() -> None:
    tops, lefts = np.array([10, 1]), np.array([5.0, 2.0])
    each = [pad(boxes, int(top), float(left)) for boxes, top, left in zip(BOXES, tops, lefts)]
    np.testing.assert_allclose(pad(BOXES, tops, lefts), np.stack(each))
    angles = np.array([30.0, -60.0], np.float32)
    each = [
        affine_transform(boxes, **STILL | SIZE | {"angle": float(angle)})
        for boxes, angle in zip(BOXES, angles)
    ]
    found = affine_transform(BOXES, **STILL | SIZE | {"angle": angles})
    np.testing.assert_allclose(found, np.stack(each), rtol=1e-5)


def test_integers_meet_fractions() -> None:
    whole = BOXES[0].astype(np.int32)
    np.testing.assert_allclose(pad(whole, 0.5, np.float64(0.25)), whole + [0.25, 0.5, 0.25, 0.5])
    assert pad(whole, 1, np.int64(2)).dtype == tf.int32


def test_steps_come_one_after_another() -> None:
    """Rotation, then columns lean, then rows, then scale: on points, where boxes lose nothing."""
    points = np.array([[3, 7, 3, 7], [20, 1, 20, 1]], np.float32)
    steps = {"angle": 30.0, "shear_y": 20.0, "shear_x": 10.0, "scale": 1.5}
    once = affine_transform(points, **STILL | SIZE | steps)
    for name, value in steps.items():
        points = affine_transform(points, **STILL | SIZE | {name: value})
    np.testing.assert_allclose(once, points, rtol=1e-4)


def test_dictionaries() -> None:
    boxes = {"boxes": BOXES, "labels": LABELS}
    for found in (crop(boxes, 1, 2, 30, 20), pad(boxes, 1, 2), affine_transform(boxes, **STILL, **SIZE)):
        assert found["labels"] is LABELS
        assert found["boxes"].shape == BOXES.shape


def test_compiled_boxes() -> None:
    @tf.function
    def run(boxes: tf.Tensor, labels: tf.Tensor) -> Any:
        clipped = clip_to_image_size({"boxes": boxes, "labels": labels}, **SIZE)
        return crop(clipped["boxes"], 1, 2, 30, 20), clipped["labels"]

    boxes, labels = run(tf.constant(BOXES), tf.constant(LABELS))
    clipped = clip_to_image_size({"boxes": BOXES, "labels": LABELS}, **SIZE)
    np.testing.assert_allclose(boxes, crop(clipped["boxes"], 1, 2, 30, 20))
    np.testing.assert_array_equal(labels, clipped["labels"])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: crop(BOXES, 1, 2, 3, 4, "rel_xyxy"), "crop.* expected boxes in pixels"),
        (lambda: pad(BOXES, 1, 2, bounding_box_format="rel_xywh"), "pad.* expected boxes in pixels"),
        (lambda: pad(BOXES, 1, 2, bounding_box_format="foo"), "expected a format"),
        (lambda: clip_to_image_size({"boxes": BOXES, "labels": LABELS}), "height and width"),
        (lambda: clip_to_image_size({"boxes": BOXES}, 5, 5), "'boxes' and 'labels'"),
        (lambda: clip_to_image_size(BOXES, 5, 5), "'boxes' and 'labels', got ndarray"),
    ],
    ids=["crop", "pad", "format", "size", "labels", "array"],
)
def test_errors(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
