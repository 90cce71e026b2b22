"""Masks on images: which classes are drawn, in which colors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from thalweg.keras.visualization import draw_segmentation_masks

IMAGES = np.full((1, 1, 4, 3), 100, np.uint8)
MASKS = np.array([[[0, 1, 2, 3]]])


def drawn(**options: Any) -> list[bool]:
    """Which of the four pixels were drawn on."""
    found = draw_segmentation_masks(**{"images": IMAGES, "segmentation_masks": MASKS} | options)
    return (found != 100).any(axis=-1).ravel().tolist()


def test_background_is_left_alone_and_the_last_class_is_drawn() -> None:
    assert drawn() == drawn(num_classes=3) == [False, True, True, True]
    assert drawn(num_classes=2) == [False, True, True, False]
    assert drawn(ignore_index=2) == [False, True, False, True]
    assert drawn(segmentation_masks=MASKS[..., None]) == drawn()
    assert drawn(segmentation_masks=MASKS - 1) == [False, False, True, True]
    colors = {n: (n, 0, 0) for n in range(4)}
    assert drawn(color_mapping=colors) == [True] * 4
    assert drawn(color_mapping=colors, ignore_index=0) == [False, True, True, True]


def test_layouts_and_channels() -> None:
    plain = draw_segmentation_masks(IMAGES, MASKS)
    first = draw_segmentation_masks(np.moveaxis(IMAGES, -1, 1), MASKS, data_format="channels_first")
    np.testing.assert_array_equal(np.moveaxis(first, 1, -1), plain)
    grays = {n: (n, n, n) for n in range(4)}
    gray = draw_segmentation_masks(IMAGES[..., :1], MASKS, blend=False, color_mapping=grays)
    assert gray.ravel().tolist() == [0, 1, 2, 3]
    shares = draw_segmentation_masks(np.full((1, 1, 4, 3), 0.5), MASKS)
    assert shares[0, 0, 0].tolist() == [127] * 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alpha": 1.5}, "alpha from 0 to 1"),
        ({"segmentation_masks": MASKS[:, :, :3]}, r"shape \(1, 1, 4\), got \(1, 1, 3\)"),
        ({"segmentation_masks": MASKS.astype(float)}, "masks of integers, got float64"),
        ({"segmentation_masks": MASKS > 1}, "masks of integers, got bool"),
        ({"color_mapping": {1: (0, 0, 0)}}, r"color for the class 2, got color_mapping for \[1\]"),
        ({"color_mapping": {1: (0, 0)}, "num_classes": 1}, "expected a color as"),
    ],
    ids=["alpha", "shape", "floats", "bools", "missing color", "bad color"],
)
def test_errors(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        drawn(**options)
