"""Galleries: every image has its place, and its label, boxes or mask."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.patches import Patch
from PIL import Image

from thalweg.keras.visualization import (
    draw_bounding_boxes,
    draw_segmentation_masks,
    plot_bounding_box_gallery,
    plot_image_gallery,
    plot_segmentation_mask_gallery,
)

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.integers(0, 256, (5, 8, 12, 3), np.uint8)
NAMES = {0: "cat", 1: "dog"}
BOXES = {"boxes": np.tile(np.float32([2, 1, 9, 6]), (5, 1, 1)), "labels": np.ones((5, 1), int)}
OTHER = {"boxes": BOXES["boxes"] + 1, "labels": BOXES["labels"]}
MASKS = RANDOM.integers(0, 3, (5, 8, 12))


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    pyplot.switch_backend("agg")
    yield
    pyplot.close("all")


def shown(figure: Any) -> np.ndarray:
    """The images of a figure, in order."""
    return np.stack([axes.images[0].get_array() for axes in figure.axes if axes.images])


@pytest.mark.parametrize(
    ("count", "options", "shape", "places"),
    [
        (5, {}, (2, 3), 5),
        (1, {}, (1, 1), 1),
        (9, {}, (3, 3), 9),
        (10, {}, (3, 4), 10),
        (5, {"rows": 2}, (2, 3), 5),
        (5, {"cols": 2}, (3, 2), 5),
        (5, {"rows": 1, "cols": 2}, (1, 2), 2),
        (5, {"rows": 3, "cols": 4}, (3, 4), 5),
    ],
)
def test_every_image_has_a_place(
    count: int, options: dict[str, int], shape: tuple[int, int], places: int
) -> None:
    images = np.concatenate([IMAGES, IMAGES])[:count]
    figure = plot_image_gallery(images, show=False, scale=1.5, **options)
    assert len(figure.axes) == shape[0] * shape[1]
    assert figure.get_size_inches().tolist() == [shape[1] * 1.5, shape[0] * 1.5]
    np.testing.assert_array_equal(shown(figure), images[:places])
    assert not any(axes.axison for axes in figure.axes)


@pytest.mark.parametrize("low", [0, -1])
def test_value_range(low: int) -> None:
    images = IMAGES / 255 * (1 - low) + low
    figure = plot_image_gallery(images, value_range=(low, 1), show=False)
    assert np.abs(shown(figure).astype(int) - IMAGES).max() <= 1


def test_gray_and_channels_first() -> None:
    figure = plot_image_gallery(IMAGES[..., :1], show=False)
    np.testing.assert_array_equal(shown(figure), IMAGES[..., 0])
    assert figure.axes[0].images[0].get_cmap().name == "gray"
    figure = plot_image_gallery(np.moveaxis(IMAGES, -1, 1), data_format="channels_first", show=False)
    np.testing.assert_array_equal(shown(figure), IMAGES)


@pytest.mark.parametrize(
    ("labels", "titles"),
    [
        ({"y_true": [0, 1, 0, 1, 7]}, ["Label: cat", "Label: dog", "Label: Unknown"]),
        ({"y_pred": np.array([0, 1, 0, 1, 7])}, ["Pred: cat", "Pred: dog", "Pred: Unknown"]),
        (
            {"y_true": [0, 1, 0, 1, 7], "y_pred": [1, 1, 1, 1, 1]},
            ["Label: cat  Pred: dog", "Label: dog  Pred: dog", "Label: Unknown  Pred: dog"],
        ),
    ],
    ids=["true", "predicted", "both"],
)
def test_titles(labels: dict[str, Any], titles: list[str]) -> None:
    figure = plot_image_gallery(IMAGES, **labels, label_map=NAMES, show=False)
    found = [axes.get_title() for axes in figure.axes]
    assert [found[0], found[1], found[4]] == titles


def test_file(tmp_path: Path) -> None:
    assert plot_image_gallery(IMAGES, path=tmp_path / "a.png", dpi=20, transparent=False) is None
    with Image.open(tmp_path / "a.png") as image:
        assert max(image.size) <= 3 * 2 * 20
        assert np.asarray(image)[..., -1].min() == 255
    plot_image_gallery(IMAGES, path=tmp_path / "b.png")
    with Image.open(tmp_path / "b.png") as image:
        assert np.asarray(image)[..., -1].min() == 0
    assert pyplot.get_fignums() == []


def test_gallery_is_shown_and_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    monkeypatch.setattr(pyplot, "show", lambda: calls.append(len(pyplot.get_fignums())))
    assert plot_image_gallery(IMAGES) is None
    assert plot_image_gallery(IMAGES, show=True) is None
    assert calls == [1, 1]
    assert pyplot.get_fignums() == []


def test_boxes_of_both_kinds() -> None:
    figure = plot_bounding_box_gallery(
        IMAGES / 255,
        "xyxy",
        BOXES,
        OTHER,
        value_range=(0, 1),
        true_color=(255, 0, 0),
        pred_color=(0, 255, 0),
        line_thickness=1,
        legend=True,
        show=False,
        rows=1,
        cols=5,
    )
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["Ground Truth", "Prediction"]
    wanted = draw_bounding_boxes((IMAGES / 255 * 255).astype(np.uint8), BOXES, "xyxy", None, (255, 0, 0), 1)
    wanted = draw_bounding_boxes(wanted, OTHER, "xyxy", None, (0, 255, 0), 1)
    assert np.abs(shown(figure).astype(int) - wanted).max() <= 1


def test_names_of_boxes() -> None:
    def images(**options: Any) -> bytes:
        options = {"font_scale": 0.3, "show": False} | options
        return shown(plot_bounding_box_gallery(IMAGES, "xyxy", BOXES, **options)).tobytes()

    assert images() != images(class_mapping=NAMES)
    assert images(class_mapping=NAMES) == images(ground_truth_mapping=NAMES, class_mapping={1: "x"})
    assert images(prediction_mapping=NAMES) == images()
    assert images(class_mapping=NAMES) == images(class_mapping=NAMES, text_thickness=2)
    assert images(class_mapping=NAMES) != images(class_mapping=NAMES, text_thickness=1)


def test_legends() -> None:
    figure = plot_bounding_box_gallery(IMAGES, "xyxy", y_pred=BOXES, legend=True, show=False)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["Prediction"]
    own = [Patch(color="red", label="mine")]
    figure = plot_bounding_box_gallery(IMAGES, "xyxy", BOXES, legend_handles=own, show=False)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["mine"]
    with pytest.raises(ValueError, match="legend or legend_handles, got both"):
        plot_bounding_box_gallery(IMAGES, "xyxy", BOXES, legend=True, legend_handles=own)


def test_masks_stand_beside_their_images() -> None:
    other = MASKS[::-1]
    figure = plot_segmentation_mask_gallery(IMAGES, 2, y_true=MASKS, y_pred=other, alpha=0.5, show=False)
    assert len(figure.axes) == 15
    found = shown(figure)
    np.testing.assert_array_equal(found[0::3], IMAGES)
    np.testing.assert_array_equal(found[1::3], draw_segmentation_masks(IMAGES, MASKS, 2, alpha=0.5))
    np.testing.assert_array_equal(found[2::3], draw_segmentation_masks(IMAGES, other, 2, alpha=0.5))
    figure = plot_segmentation_mask_gallery(
        np.moveaxis(IMAGES, -1, 1), 2, y_pred=MASKS, data_format="channels_first", show=False
    )
    assert len(figure.axes) == 10


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"path": "a.png", "show": True}, "path or show=True, got both"),
        ({"y_true": [0] * 5}, "label_map with y_true or y_pred"),
        ({"rows": 0}, "1 row and column or more"),
        ({"value_range": (1, 1)}, "value_range"),
        ({"images": IMAGES[0]}, "batch of images"),
    ],
    ids=["path and show", "no names", "no rows", "range", "one image"],
)
def test_errors(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plot_image_gallery(**{"images": IMAGES} | options)


def test_missing_matplotlib_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r'matplotlib.*pip install "thalweg\[plot\]"'):
        plot_image_gallery(IMAGES)
