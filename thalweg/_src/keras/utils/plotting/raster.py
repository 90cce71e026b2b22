"""Scenes as pixels or pages, drawn by matplotlib, else by Pillow."""

from __future__ import annotations

import importlib
import io
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.utils.plotting.scene import (
    LINE_WIDTH,
    Line,
    Point,
    Polygon,
    Rectangle,
    Scene,
    Shape,
    Text,
    width_of,
)

# Larger pictures are refused by the renderers, or need gigabytes.
_MOST_PIXELS_A_SIDE = 32_000
_MOST_PIXELS = 100_000_000
_PILLOW_FORMATS = ("png", "jpg", "jpeg", "pdf")
# Pillow draws lines without smoothing: they are drawn larger, then made smaller.
_OVERSAMPLING = 2


def picture_of(scene: Scene, format: str, dpi: float) -> bytes:
    """The scene as a picture file.

    Args:
        scene: What to draw.
        format: ``"png"``, ``"pdf"``, ``"jpg"`` or what else matplotlib writes.
        dpi: Pixels per inch; fewer where the picture would have more than 32,000 pixels a side.

    Raises:
        ImportError: Neither matplotlib nor Pillow is installed.
        ValueError: The format is not one of those that can be written.
    """
    inches = max(scene.width, scene.height) / 72
    area = scene.width * scene.height / 72**2
    dpi = min(dpi, _MOST_PIXELS_A_SIDE / inches, (_MOST_PIXELS / area) ** 0.5)
    if _importable("matplotlib.figure"):
        return _by_matplotlib(scene, format, dpi)
    if _importable("PIL.Image"):
        return _by_pillow(scene, format, dpi)
    raise ImportError(
        f"[plot_model] expected matplotlib or Pillow to draw {format.upper()} with, or Graphviz' program "
        'dot, found none of them; run pip install "thalweg[plot]", or write an .svg, which needs none.'
    )


def _importable(module: str) -> bool:
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def _by_matplotlib(scene: Scene, format: str, dpi: float) -> bytes:
    matplotlib = importlib.import_module("matplotlib")
    canvases = importlib.import_module("matplotlib.backends.backend_agg")
    figures = importlib.import_module("matplotlib.figure")
    figure = figures.Figure(figsize=(scene.width / 72, scene.height / 72), facecolor="white")
    canvas = canvases.FigureCanvasAgg(figure)
    if format not in canvas.get_supported_filetypes():
        raise _unknown(format, sorted(canvas.get_supported_filetypes()))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, scene.width), ylim=(scene.height, 0))
    axes.set_axis_off()
    held = io.BytesIO()
    # Hinting would move letters away from the places that they were measured for.
    with matplotlib.rc_context({"text.hinting": "no_hinting", "path.sketch": None}):
        for shape in scene.shapes:
            _add_to_axes(axes, shape)
        figure.savefig(held, format=format, dpi=dpi)
    return held.getvalue()


def _add_to_axes(axes: Any, shape: Shape) -> None:
    patches = importlib.import_module("matplotlib.patches")
    if isinstance(shape, Text):
        x = shape.x - width_of(shape.spans, shape.size) / 2
        for span in shape.spans:
            axes.text(
                x,
                shape.y + 0.35 * shape.size,
                span.text,
                fontsize=shape.size,
                color=shape.color,
                family="DejaVu Sans",
                weight="bold" if span.bold else "normal",
                parse_math=False,
            )
            x += span.width(shape.size)
        return
    if isinstance(shape, Rectangle):
        patch = patches.Rectangle(
            (shape.x, shape.y),
            shape.width,
            shape.height,
            facecolor=shape.fill or "none",
            edgecolor=shape.stroke or "none",
            linewidth=LINE_WIDTH,
            linestyle=(0, (4, 3)) if shape.dashed else "solid",
        )
    elif isinstance(shape, Polygon):
        patch = patches.Polygon(shape.points, closed=True, facecolor=shape.fill, edgecolor="none")
    else:
        paths = importlib.import_module("matplotlib.path")
        codes = [1] + [2 if len(step) == 1 else 4 for step in shape.steps for _ in step]
        points = [shape.start, *(point for step in shape.steps for point in step)]
        patch = patches.PathPatch(
            paths.Path(points, codes),
            facecolor="none",
            edgecolor=shape.color,
            linewidth=LINE_WIDTH,
            capstyle="butt",
        )
    patch.set_snap(False)  # parts of a box must not be moved apart
    axes.add_patch(patch)


def _by_pillow(scene: Scene, format: str, dpi: float) -> bytes:
    if format not in _PILLOW_FORMATS:
        raise _unknown(format, _PILLOW_FORMATS)
    images = importlib.import_module("PIL.Image")
    drawings = importlib.import_module("PIL.ImageDraw")
    scale = dpi / 72 * _OVERSAMPLING
    size = (max(1, round(scene.width * scale)), max(1, round(scene.height * scale)))
    image = images.new("RGB", size, "white")
    pen = drawings.Draw(image)
    for shape in scene.shapes:
        _draw_by_pillow(pen, shape, scale)
    held = io.BytesIO()
    image = image.reduce(_OVERSAMPLING)
    image.save(held, format={"jpg": "jpeg"}.get(format, format), dpi=(dpi, dpi))
    return held.getvalue()


def _draw_by_pillow(pen: Any, shape: Shape, scale: float) -> None:
    width = max(1, round(LINE_WIDTH * scale))
    if isinstance(shape, Rectangle):
        corners = [shape.x, shape.y, shape.x + shape.width, shape.y + shape.height]
        pen.rectangle(
            [value * scale for value in corners], fill=shape.fill, outline=shape.stroke, width=width
        )
    elif isinstance(shape, Text):
        fonts = importlib.import_module("PIL.ImageFont")
        font = fonts.load_default(shape.size * scale)
        text = "".join(span.text for span in shape.spans)
        pen.text((shape.x * scale, shape.y * scale), text, fill=shape.color, font=font, anchor="mm")
    elif isinstance(shape, Polygon):
        pen.polygon([(x * scale, y * scale) for x, y in shape.points], fill=shape.fill)
    else:
        points = [(x * scale, y * scale) for x, y in _traced(shape)]
        pen.line(points, fill=shape.color, width=width, joint="curve")


def _traced(line: Line, pieces: int = 24) -> list[Point]:
    """Points along a line, its curves cut into straight pieces."""
    points = [line.start]
    for step in line.steps:
        if len(step) == 1:
            points.append(step[0])
            continue
        corners = (points[-1], *step)
        for piece in range(1, pieces + 1):
            t = piece / pieces
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
            x = sum(w * corner[0] for w, corner in zip(weights, corners, strict=True))
            y = sum(w * corner[1] for w, corner in zip(weights, corners, strict=True))
            points.append((x, y))
    return points


def _unknown(format: str, known: Any) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"[plot_model] expected a file of format {', '.join(known)}, svg or dot, got {format!r}."
    )
