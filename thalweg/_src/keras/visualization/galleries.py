"""Galleries: many images in one figure of matplotlib, with labels, boxes or masks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.base.lazy import needed
from thalweg._src.keras.visualization.boxes import draw_bounding_boxes
from thalweg._src.keras.visualization.masks import draw_segmentation_masks
from thalweg._src.keras.visualization.pictures import Pictures

_PLOT = '"thalweg[plot]"'


def plot_image_gallery(
    images: Any,
    y_true: Any = None,
    y_pred: Any = None,
    label_map: Mapping[int, str] | None = None,
    rows: int | None = None,
    cols: int | None = None,
    value_range: tuple[float, float] = (0, 255),
    scale: float = 2,
    path: str | PathLike[str] | None = None,
    show: bool | None = None,
    transparent: bool = True,
    dpi: float = 60,
    legend_handles: Sequence[Any] | None = None,
    data_format: str | None = None,
) -> Any:
    """Shows images side by side, with their labels above them; or writes the picture to a file.

    Args:
        images: Tensor or array ``(batch, height, width, channels)`` with 1, 3 or 4 channels.
        y_true: True labels ``(batch,)``, or None.
        y_pred: Predicted labels ``(batch,)``, or None.
        label_map: Names by label; needed with labels.
        rows: Rows of the gallery. When it or `cols` is None, it is as large as all images need; when both
            are, the gallery is about as many images wide as high.
        cols: Columns of the gallery. Images for which there is no place are left out.
        value_range: Values that stand for black and for full color.
        scale: Inches for each image.
        path: File to write; its suffix decides the format. None shows the gallery instead.
        show: Whether to show it; None for whether there is no `path`.
        transparent: Whether the file's background is transparent.
        dpi: Pixels per inch of the file.
        legend_handles: Patches of matplotlib for a legend.
        data_format: ``"channels_first"`` where channels come before height; None for the default layout.

    Returns:
        None where the gallery was shown or written; else its `matplotlib.figure.Figure`.

    Raises:
        ValueError: An argument is not as above, or a path is given and the gallery to be shown, too.
        ImportError: matplotlib is not installed.

    Example:
        ```
        tf.keras.visualization.plot_image_gallery(images, y_true=labels, label_map={0: "cat", 1: "dog"})
        ```

    Source: `keras.visualization.plot_image_gallery`, which leaves out images where it is not told rows and
    columns, and always returns None.
    """
    where = "plot_image_gallery"
    if path is not None and show:
        raise InvalidArgumentError(
            f"[{where}] expected a path or show=True, got both; call it twice to write and to show."
        )
    if label_map is None and (y_true is not None or y_pred is not None):
        raise InvalidArgumentError(
            f"[{where}] expected label_map with y_true or y_pred, got None; pass names by label."
        )
    batch = Pictures(images, where, value_range, data_format).bytes
    rows, cols = _places(len(batch), rows, cols, where)
    pyplot = needed("matplotlib.pyplot", where, _PLOT)
    figure, grid = pyplot.subplots(
        rows, cols, figsize=(cols * scale, rows * scale), squeeze=False, layout="compressed"
    )
    for axes in grid.flat:
        axes.set_axis_off()
    for number, (axes, image) in enumerate(zip(grid.flat, batch)):
        is_gray = image.shape[-1] == 1
        axes.imshow(image[..., 0] if is_gray else image, cmap="gray", vmin=0, vmax=255)
        if label_map is not None:
            axes.set_title(_title(number, y_true, y_pred, label_map), fontsize="small")
    if legend_handles:
        figure.legend(handles=list(legend_handles), loc="outside lower center")
    if path is not None:
        figure.savefig(path, transparent=transparent, dpi=dpi, bbox_inches="tight", pad_inches=0.05)
        pyplot.close(figure)
        return None
    if show is False:
        return figure
    pyplot.show()
    if not pyplot.isinteractive():  # else `show` returns while the window is open
        pyplot.close(figure)
    return None


def _places(count: int, rows: int | None, cols: int | None, where: str) -> tuple[int, int]:
    """Rows and columns of a gallery of `count` images."""
    for number in (rows, cols):
        if number is not None and number < 1:
            raise InvalidArgumentError(
                f"[{where}] expected 1 row and column or more, got rows={rows} and cols={cols}; leave them "
                "out for room for all images."
            )
    if cols is None:
        cols = math.ceil(math.sqrt(count) if rows is None else count / rows)
    return rows or max(1, math.ceil(count / max(1, cols))), max(1, cols)


def _title(number: int, y_true: Any, y_pred: Any, label_map: Mapping[int, str]) -> str:
    parts = []
    for name, labels in (("Label", y_true), ("Pred", y_pred)):
        if labels is not None:
            parts.append(f"{name}: {label_map.get(int(np.asarray(labels)[number]), 'Unknown')}")
    return "  ".join(parts)


def plot_bounding_box_gallery(
    images: Any,
    bounding_box_format: str,
    y_true: Mapping[str, Any] | None = None,
    y_pred: Mapping[str, Any] | None = None,
    value_range: tuple[float, float] = (0, 255),
    true_color: Sequence[int] = (0, 188, 212),
    pred_color: Sequence[int] = (255, 235, 59),
    line_thickness: int = 2,
    font_scale: float = 1.0,
    text_thickness: int | None = None,
    class_mapping: Mapping[int, str] | None = None,
    ground_truth_mapping: Mapping[int, str] | None = None,
    prediction_mapping: Mapping[int, str] | None = None,
    legend: bool = False,
    legend_handles: Sequence[Any] | None = None,
    rows: int | None = None,
    cols: int | None = None,
    data_format: str | None = None,
    **kwargs: Any,
) -> Any:
    """Shows images side by side with true and predicted boxes; or writes the picture to a file.

    Args:
        images: Tensor or array ``(batch, height, width, channels)`` with 1, 3 or 4 channels.
        bounding_box_format: Format of the boxes; see `keras.utils.bounding_boxes.convert_format`.
        y_true: True boxes, as of `draw_bounding_boxes`, or None.
        y_pred: Predicted boxes, likewise.
        value_range: Values that stand for black and for full color.
        true_color: Red, green and blue of the true boxes, each from 0 to 255.
        pred_color: Color of the predicted boxes.
        line_thickness: Pixels.
        font_scale: Size of letters; at 1 a line has 28 pixels.
        text_thickness: As of `draw_bounding_boxes`; None for `line_thickness`.
        class_mapping: Names by label, for both; None writes none.
        ground_truth_mapping: Names for true boxes instead.
        prediction_mapping: Names for predicted boxes instead.
        legend: Whether to say which color is which.
        legend_handles: Patches of matplotlib for a legend of your own.
        rows: As of `plot_image_gallery`.
        cols: As of `plot_image_gallery`.
        data_format: ``"channels_first"`` where channels come before height; None for the default layout.
        **kwargs: Further arguments of `plot_image_gallery`, such as ``path``.

    Returns:
        What `plot_image_gallery` returns.

    Raises:
        ValueError: An argument is not as above, or two legends.
        ImportError: matplotlib is not installed.

    Source: `keras.visualization.plot_bounding_box_gallery`.
    """
    where = "plot_bounding_box_gallery"
    if legend and legend_handles:
        raise InvalidArgumentError(
            f"[{where}] expected legend or legend_handles, got both; leave one out."
        )
    drawn = Pictures(images, where, value_range, data_format).bytes
    layers = [
        ("Ground Truth", y_true, true_color, ground_truth_mapping),
        ("Prediction", y_pred, pred_color, prediction_mapping),
    ]
    for _, boxes, color, mapping in layers:
        if boxes is not None:
            drawn = draw_bounding_boxes(
                drawn,
                boxes,
                bounding_box_format,
                class_mapping if mapping is None else mapping,
                color,
                line_thickness,
                line_thickness if text_thickness is None else text_thickness,
                font_scale,
                data_format="channels_last",
            )
    if legend:
        patches = needed("matplotlib.patches", where, _PLOT)
        legend_handles = [
            patches.Patch(color=np.array(color) / 255, label=name)
            for name, boxes, color, _ in layers
            if boxes is not None
        ]
    return plot_image_gallery(
        drawn,
        rows=rows,
        cols=cols,
        legend_handles=legend_handles,
        data_format="channels_last",
        **kwargs,
    )


def plot_segmentation_mask_gallery(
    images: Any,
    num_classes: int,
    value_range: tuple[float, float] = (0, 255),
    y_true: Any = None,
    y_pred: Any = None,
    color_mapping: Mapping[int, Sequence[int]] | None = None,
    blend: bool = True,
    alpha: float = 0.8,
    ignore_index: int = -1,
    data_format: str | None = None,
    **kwargs: Any,
) -> Any:
    """Shows images in a column, and beside each its true and predicted mask; or writes them to a file.

    Args:
        images: Tensor or array ``(batch, height, width, channels)`` with 1, 3 or 4 channels.
        num_classes: Classes from 1 to this are drawn.
        value_range: Values that stand for black and for full color.
        y_true: True masks, as of `draw_segmentation_masks`, or None.
        y_pred: Predicted masks, likewise.
        color_mapping: Red, green and blue by class; None for colors of our choice.
        blend: Mix the colors with the image; else they cover it.
        alpha: Opacity, from 0 for invisible to 1.
        ignore_index: Class that is not drawn.
        data_format: ``"channels_first"`` where channels come before height; None for the default layout.
        **kwargs: Further arguments of `plot_image_gallery`, such as ``path``, but for rows and columns.

    Returns:
        What `plot_image_gallery` returns.

    Raises:
        ValueError: An argument is not as above.
        ImportError: matplotlib is not installed.

    Source: `keras.visualization.plot_segmentation_mask_gallery`.
    """
    plain = Pictures(images, "plot_segmentation_mask_gallery", value_range, data_format).bytes
    columns = [plain]
    for masks in (y_true, y_pred):
        if masks is not None:
            columns.append(
                draw_segmentation_masks(
                    plain, masks, num_classes, color_mapping, alpha, blend, ignore_index, "channels_last"
                )
            )
    side_by_side = np.stack(columns, axis=1).reshape(-1, *plain.shape[1:])
    return plot_image_gallery(
        side_by_side, rows=len(plain), cols=len(columns), data_format="channels_last", **kwargs
    )
