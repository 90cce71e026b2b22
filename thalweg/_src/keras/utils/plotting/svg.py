"""Scenes as SVG."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from thalweg._src.keras.utils.plotting.scene import (
    LINE_WIDTH,
    Line,
    Point,
    Polygon,
    Rectangle,
    Scene,
    Shape,
    Text,
)

# Fonts as wide as DejaVu Sans, for which boxes are measured, or narrower.
_FONTS = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif"


def svg_of(scene: Scene) -> str:
    """The scene as the text of an SVG file.

    Args:
        scene: What to draw; a point is a point of the page.
    """
    width, height = _number(scene.width), _number(scene.height)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" '
        f'viewBox="0 0 {width} {height}" font-family={quoteattr(_FONTS)}>',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        *(_element(shape) for shape in scene.shapes),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _element(shape: Shape) -> str:
    if isinstance(shape, Rectangle):
        stroke = f'stroke="{shape.stroke}" stroke-width="{LINE_WIDTH}"' if shape.stroke else ""
        dashes = ' stroke-dasharray="5 4"' if shape.dashed else ""
        return (
            f'<rect x="{_number(shape.x)}" y="{_number(shape.y)}" width="{_number(shape.width)}" '
            f'height="{_number(shape.height)}" fill="{shape.fill or "none"}" {stroke}{dashes}/>'
        )
    if isinstance(shape, Text):
        return _text(shape)
    if isinstance(shape, Line):
        parts = [f"M{_pair(shape.start)}"]
        parts += [("L" if len(s) == 1 else "C") + " ".join(map(_pair, s)) for s in shape.steps]
        return (
            f'<path d="{"".join(parts)}" fill="none" stroke="{shape.color}" '
            f'stroke-width="{LINE_WIDTH}"/>'
        )
    return _polygon(shape)


def _polygon(shape: Polygon) -> str:
    return f'<polygon points="{" ".join(map(_pair, shape.points))}" fill="{shape.fill}"/>'


def _text(shape: Text) -> str:
    spans = "".join(
        f'<tspan font-weight="bold">{escape(span.text)}</tspan>' if span.bold else escape(span.text)
        for span in shape.spans
    )
    # A third of the size below the middle is the line on which letters stand.
    base = shape.y + 0.35 * shape.size
    return (
        f'<text x="{_number(shape.x)}" y="{_number(base)}" font-size="{_number(shape.size)}" '
        f'text-anchor="middle" fill="{shape.color}" xml:space="preserve">{spans}</text>'
    )


def _pair(point: Point) -> str:
    return f"{_number(point[0])},{_number(point[1])}"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
