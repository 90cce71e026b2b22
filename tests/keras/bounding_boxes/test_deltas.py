"""Encodings of detectors: what is encoded is decoded."""

from __future__ import annotations

import numpy as np
import pytest

from thalweg.keras.utils.bounding_boxes import decode_deltas_to_boxes, encode_box_to_deltas

BOXES = np.array([[10, 20, 30, 50], [5, 6, 70, 80]], np.float32)
ANCHORS = np.array([[0, 0, 20, 30], [10, 10, 60, 90]], np.float32)


@pytest.mark.parametrize("encoding", ["center_yxhw", "CENTER_XYWH"])
@pytest.mark.parametrize("variance", [None, (0.1, 0.2, 0.3, 0.4)], ids=["plain", "scaled"])
def test_round_trip_in_levels_and_shares(encoding: str, variance: tuple[float, ...] | None) -> None:
    image = (100, 200, 3)
    boxes = {3: np.stack([BOXES, BOXES + 1]), 4: BOXES[:1]}
    shares = {level: b / [200, 100, 200, 100] for level, b in boxes.items()}
    anchors = {3: ANCHORS, 4: ANCHORS[:1]}
    deltas = encode_box_to_deltas(anchors, shares, "xyxy", "rel_xyxy", encoding, variance, image)
    found = decode_deltas_to_boxes(anchors, deltas, "xyxy", "xyxy", encoding, variance, image)
    for level, wanted in boxes.items():
        np.testing.assert_allclose(found[level], wanted, rtol=1e-4)


@pytest.mark.parametrize("function", [encode_box_to_deltas, decode_deltas_to_boxes])
def test_levels_must_agree(function: object) -> None:
    for other in (BOXES, {"P4": BOXES}):
        with pytest.raises(ValueError, match=r"same levels, got \{'P3'\} and (None|\{'P4'\})"):
            function({"P3": ANCHORS}, other, "xyxy", "xyxy")  # type: ignore[operator]
