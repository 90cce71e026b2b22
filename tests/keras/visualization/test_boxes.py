"""Boxes on images: where the lines and letters are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg.keras.visualization import draw_bounding_boxes

BLANK = np.zeros((1, 60, 90, 3), np.uint8)


def marked(*box: float, label: int = 1, **more: Any) -> dict[str, Any]:
    return {"boxes": np.array([[box]], np.float32), "labels": np.array([[label]]), **more}


def ink(drawn: np.ndarray) -> np.ndarray:
    return (drawn[0] != 0).any(axis=-1)


@pytest.mark.parametrize("thickness", [1, 2, 3, 4])
def test_lines_are_as_thick_as_asked_for(thickness: int) -> None:
    found = ink(draw_bounding_boxes(BLANK, marked(20, 10, 50, 40), "xyxy", line_thickness=thickness))
    assert found[25].sum() == found[:, 35].sum() == 2 * thickness
    rows, columns = np.flatnonzero(found.any(axis=1)), np.flatnonzero(found.any(axis=0))
    assert (rows[0] + rows[-1], columns[0] + columns[-1]) == (10 + 40, 20 + 50)


@pytest.mark.parametrize("box", [(-9, -9, 200, 200), (-20, 5, -10, 9), (5, 70, 9, 80), (30, 20, 10, 5)])
def test_boxes_may_leave_the_image(box: tuple[float, ...]) -> None:
    found = draw_bounding_boxes(BLANK, marked(*box), "xyxy", class_mapping={1: "name"})
    assert found.shape == BLANK.shape


def test_given_images_stay_as_they_are() -> None:
    images = BLANK.copy()
    draw_bounding_boxes(images, marked(1, 1, 5, 5), "xyxy", class_mapping={1: "a"})
    assert not images.any()


def test_channels() -> None:
    first = draw_bounding_boxes(
        np.moveaxis(BLANK, -1, 1), marked(1, 1, 5, 5), "xyxy", data_format="channels_first"
    )
    assert first.shape == (1, 3, 60, 90)
    np.testing.assert_array_equal(
        np.moveaxis(first, 1, -1), draw_bounding_boxes(BLANK, marked(1, 1, 5, 5), "xyxy")
    )
    gray = draw_bounding_boxes(BLANK[..., :1], marked(1, 1, 5, 5), "xyxy", color=(255, 0, 0))
    assert np.unique(gray).tolist() == [0, 76]
    clear = np.zeros((1, 60, 90, 4), np.uint8)
    seen = draw_bounding_boxes(clear, marked(1, 1, 5, 5), "xyxy", {1: "cat"}, color=(9, 8, 7))
    assert seen[0, 1, 1].tolist() == [9, 8, 7, 255]


def test_names_stand_above_or_inside() -> None:
    plain = ink(draw_bounding_boxes(BLANK, marked(30, 35, 80, 55), "xyxy"))
    named = ink(draw_bounding_boxes(BLANK, marked(30, 35, 80, 55), "xyxy", {1: "cat"}, font_scale=0.6))
    text = np.argwhere(named & ~plain)
    assert 5 < text[:, 0].min() <= text[:, 0].max() < 34
    assert 30 <= text[:, 1].min() <= text[:, 1].max() < 70
    named = ink(draw_bounding_boxes(BLANK, marked(30, 3, 80, 55), "xyxy", {1: "cat"}, font_scale=0.6))
    text = np.argwhere(named & ~ink(draw_bounding_boxes(BLANK, marked(30, 3, 80, 55), "xyxy")))
    assert text[:, 0].min() > 3


def test_names_do_not_leave_the_image_on_the_right() -> None:
    box = marked(85, 40, 88, 50)
    named = ink(draw_bounding_boxes(BLANK, box, "xyxy", {1: "cat"}, font_scale=0.6))
    columns = np.flatnonzero((named & ~ink(draw_bounding_boxes(BLANK, box, "xyxy"))).any(axis=0))
    assert columns[0] < 75
    assert columns[-1] < 89


def test_letters_depend_on_name_confidence_size_and_thickness() -> None:
    def drawn(name: str = "cat", **options: Any) -> bytes:
        more = {"confidences": np.array([[options.pop("share")]])} if "share" in options else {}
        boxes = marked(5, 30, 80, 55, **more)
        return draw_bounding_boxes(BLANK, boxes, "xyxy", {1: name}, **{"font_scale": 0.4} | options).tobytes()

    kinds = [
        drawn(),
        drawn("dog"),
        drawn(share=0.87),
        drawn(share=0.12),
        drawn(font_scale=0.6),
        drawn(text_thickness=2),
        drawn(color=(255, 0, 0)),
    ]
    assert len(set(kinds)) == len(kinds)
    unnamed = draw_bounding_boxes(BLANK, marked(5, 30, 80, 55), "xyxy", {2: "x"}, font_scale=0.4)
    assert unnamed.tobytes() == drawn("1")


def test_tensors() -> None:
    boxes = {key: tf.constant(value) for key, value in marked(1, 1, 5, 5).items()}
    found = draw_bounding_boxes(tf.constant(BLANK), boxes, "xyxy")
    np.testing.assert_array_equal(found, draw_bounding_boxes(BLANK, marked(1, 1, 5, 5), "xyxy"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"images": BLANK[0]}, r"batch of images .* got shape \(60, 90, 3\)"),
        ({"images": BLANK[..., :2]}, "1, 3 or 4 channels"),
        ({"color": "red"}, "color as .* got 'red'"),
        ({"color": (0, 0, 256)}, "color as"),
        ({"line_thickness": 0}, "line_thickness in whole pixels"),
        ({"line_thickness": 1.5}, "line_thickness in whole pixels"),
        ({"bounding_boxes": {"boxes": np.zeros((2, 1, 4)), "labels": np.zeros((2, 1))}}, "for 1 images"),
        ({"bounding_boxes": {"boxes": np.zeros((1, 2, 4)), "labels": np.zeros((1, 1))}}, "label -1"),
        ({"data_format": "first"}, "data_format"),
    ],
)
def test_errors(options: dict[str, Any], message: str) -> None:
    arguments = {"images": BLANK, "bounding_boxes": marked(1, 1, 5, 5), "bounding_box_format": "xyxy"}
    with pytest.raises(ValueError, match=message):
        draw_bounding_boxes(**arguments | options)
