"""Overlaps that the golden values leave out: masks in batches, relative formats, gradients."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg.keras.utils.bounding_boxes import compute_ciou, compute_iou, convert_format

BOXES = np.array([[10, 20, 30, 50], [5, 6, 70, 80]], np.float32)


def test_masks_in_batches() -> None:
    missing = np.full((1, 4), -1, np.float32)
    batch = np.stack([BOXES, np.concatenate([BOXES[:1], missing])])
    found = compute_iou(batch, BOXES, "xyxy", use_masking=True, mask_val=-2)
    assert found.shape == (2, 2, 2)
    np.testing.assert_allclose(found[0], compute_iou(BOXES, BOXES, "xyxy"))
    assert found[1, 1].numpy().tolist() == [-2, -2]


@pytest.mark.parametrize("name", ["rel_xyxy", "rel_center_xywh"])
def test_relative_boxes_overlap_as_in_pixels(name: str) -> None:
    near = BOXES[::-1] + 3
    shares = [convert_format(boxes, "xyxy", name, height=100, width=200) for boxes in (BOXES, near)]
    np.testing.assert_allclose(
        compute_iou(*shares, name), compute_iou(BOXES, near, "xyxy"), rtol=1e-5
    )
    found = compute_ciou(*shares, name, image_shape=(100, 200, 3))
    np.testing.assert_allclose(found, compute_ciou(BOXES, near, "xyxy"), rtol=1e-4)
    with pytest.raises(ValueError, match="expected image_shape"):
        compute_ciou(*shares, name)


def test_gradients_of_empty_boxes_are_finite() -> None:
    boxes = tf.zeros((2, 4))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(boxes)
        iou = compute_iou(boxes, BOXES * 0, "xyxy")
        ciou = compute_ciou(boxes, BOXES * 0, "xyxy")
    assert iou.numpy().tolist() == [[0, 0], [0, 0]]
    assert np.isfinite(tape.gradient(iou, boxes)).all()
    assert np.isfinite(tape.gradient(ciou, boxes)).all()


def test_single_boxes_need_brackets() -> None:
    with pytest.raises(ValueError, match=r"\(boxes, 4\) or \(batch, boxes, 4\), got \(4,\)"):
        compute_iou(BOXES[0], BOXES, "xyxy")
