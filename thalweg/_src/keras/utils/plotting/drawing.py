"""Diagrams as scenes: how boxes look, how large they are, and which way the arrows lead."""

from __future__ import annotations

from collections.abc import Callable

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.utils.plotting.diagram import Box, Cell, Diagram, Edge, Group
from thalweg._src.keras.utils.plotting.layout import Frame, Placed, Size, laid_out
from thalweg._src.keras.utils.plotting.routing import ORTHOGONAL, arrowhead, shaped, style_of
from thalweg._src.keras.utils.plotting.scene import (
    Line,
    Point,
    Polygon,
    Rectangle,
    Scene,
    Span,
    Text,
    width_of,
)

TITLE_SIZE, CELL_SIZE = 14.0, 12.0
TITLE_COLOR = "#1c2733"
LINE_COLOR = "#1c2733"
GROUP_COLOR = "#f3f6f9"
_TITLE_HEIGHT, _CELL_HEIGHT = 30.0, 26.0
_PADDING = 12.0
_MARGIN = 10.0
_GROUP_PADDING, _GROUP_TITLE = 14.0, 24.0
_DIRECTIONS = ("TB", "BT", "LR", "RL")


def scene_of(diagram: Diagram, rankdir: str, splines: str | bool) -> Scene:
    """The diagram drawn, with places of our own.

    Args:
        diagram: What to draw.
        rankdir: Which way arrows lead: ``"TB"`` down, ``"LR"`` right, ``"BT"`` up, ``"RL"`` left.
        splines: How they run: ``"ortho"``, ``"curved"``, ``"line"`` or another name that Graphviz has.
    """
    turn = _Turn(rankdir)
    style = style_of(splines)
    placed = laid_out(diagram, lambda box: turn.size(_size(box)), turn.frame_of, style)
    turn.total = placed.size
    width, height = turn.size(placed.size)
    scene = Scene(width + 2 * _MARGIN, height + 2 * _MARGIN)
    ways = {edge: [turn.point(point) for point in way] for edge, way in placed.ways.items()}
    for group, (corner, size) in sorted(placed.groups.items(), key=lambda g: -g[1][1][0] * g[1][1][1]):
        _draw_group(scene, group, turn.corner(corner, size), turn.size(size), list(ways.values()))
    for edge, way in placed.ways.items():
        _draw_edge(scene, edge, way, style, turn.point)
    for box, corner in placed.boxes.items():
        size = turn.size(_size(box))
        _draw_box(scene, box, turn.corner(corner, size))
    return scene


def check_direction(rankdir: str) -> None:
    """Raises an error for a direction that is none.

    Args:
        rankdir: ``"TB"``, ``"BT"``, ``"LR"`` or ``"RL"``.
    """
    if rankdir not in _DIRECTIONS:
        raise InvalidArgumentError(
            f"[plot_model] expected rankdir to be one of {', '.join(_DIRECTIONS)}, got {rankdir!r}."
        )


class _Turn:
    """From a layout in which arrows lead down to the picture, in which they lead another way.

    Attributes:
        total: Size of the layout.
    """

    def __init__(self, rankdir: str) -> None:
        self._across = rankdir in ("LR", "RL")
        self._backwards = rankdir in ("BT", "RL")
        self.total: Size = (0.0, 0.0)

    def size(self, size: Size) -> Size:
        """Size in the picture of something in the layout, or the other way round."""
        return (size[1], size[0]) if self._across else size

    def point(self, point: Point) -> Point:
        """Place in the picture of a point in the layout."""
        x, y = point
        y = self.total[1] - y if self._backwards else y
        x, y = (y, x) if self._across else (x, y)
        return (x + _MARGIN, y + _MARGIN)

    def corner(self, corner: Point, size: Size) -> Point:
        """Upper left corner in the picture of something in the layout."""
        opposite = (corner[0] + size[0], corner[1] + size[1])
        one, two = self.point(corner), self.point(opposite)
        return (min(one[0], two[0]), min(one[1], two[1]))

    def frame_of(self, group: Group) -> Frame:
        """Room around a group, whose title stands above it in the picture."""
        least = width_of(_group_title(group), CELL_SIZE) + 2 * _GROUP_PADDING
        if self._across:
            return Frame(_GROUP_TITLE + 4, _GROUP_PADDING, _GROUP_PADDING, _GROUP_PADDING)
        above, below = _GROUP_TITLE + 4, _GROUP_PADDING
        if self._backwards:
            above, below = below, above
        return Frame(_GROUP_PADDING, _GROUP_PADDING, above, below, least)


def _group_title(group: Group) -> tuple[Span, ...]:
    return (Span(group.name, bold=True),)


def _size(box: Box) -> Size:
    widths = [width_of(box.title, TITLE_SIZE) + 2 * _PADDING]
    widths += [sum(_cell_width(cell) for cell in row) for row in box.rows]
    return (max(widths), _TITLE_HEIGHT + _CELL_HEIGHT * len(box.rows))


def _cell_width(cell: Cell) -> float:
    return width_of(cell.spans, CELL_SIZE) + 2 * _PADDING


def _draw_box(scene: Scene, box: Box, corner: Point) -> None:
    (x, y), (width, height) = corner, _size(box)
    scene.shapes.append(Rectangle(x, y, width, _TITLE_HEIGHT, fill=TITLE_COLOR))
    middle = (x + width / 2, y + _TITLE_HEIGHT / 2)
    scene.shapes.append(Text(*middle, box.title, TITLE_SIZE, "white"))
    top = y + _TITLE_HEIGHT
    for row in box.rows:
        extra = (width - sum(_cell_width(cell) for cell in row)) / len(row)
        left = x
        for cell in row:
            wide = _cell_width(cell) + extra
            scene.shapes.append(
                Rectangle(left, top, wide, _CELL_HEIGHT, cell.color or "white", LINE_COLOR)
            )
            color = "white" if cell.color else "black"
            middle = (left + wide / 2, top + _CELL_HEIGHT / 2)
            scene.shapes.append(Text(*middle, cell.spans, CELL_SIZE, color))
            left += wide
        top += _CELL_HEIGHT
    scene.shapes.append(Rectangle(x, y, width, height, stroke=LINE_COLOR))


def _draw_group(
    scene: Scene, group: Group, corner: Point, size: Size, ways: list[list[Point]]
) -> None:
    (x, y), (width, height) = corner, size
    scene.shapes.append(
        Rectangle(x, y, width, height, fill=GROUP_COLOR, stroke="#7b8794", dashed=True)
    )
    spans = _group_title(group)
    wide = width_of(spans, CELL_SIZE)
    while wide > width - 8 and len(spans[0].text) > 1:
        spans = (Span(spans[0].text.rstrip("…")[:-1] + "…", bold=True),)
        wide = width_of(spans, CELL_SIZE)
    # On the left, unless only the right is free of arrows.
    lefts = (x + 8, x + width - 8 - wide)
    free = [left for left in lefts if not any(_meets(way, left, y, wide) for way in ways)]
    left = free[0] if free else lefts[0]
    scene.shapes.append(Text(left + wide / 2, y + _GROUP_TITLE / 2, spans, CELL_SIZE, LINE_COLOR))


def _meets(way: list[Point], left: float, top: float, width: float) -> bool:
    """Whether a line comes near a group's title."""
    return any(
        min(a[0], b[0]) < left + width + 3
        and max(a[0], b[0]) > left - 3
        and min(a[1], b[1]) < top + _GROUP_TITLE
        and max(a[1], b[1]) > top
        for a, b in zip(way, way[1:], strict=False)
    )


def _draw_edge(
    scene: Scene, edge: Edge, way: list[Point], style: str, turn: Callable[[Point], Point]
) -> None:
    if edge.hidden:
        return
    heads = []
    head, end = arrowhead(way)
    heads.append(head)
    way = [*way[:-1], end]
    if edge.both:
        head, end = arrowhead(way[::-1])
        heads.append(head)
        way = [end, *way[1:]]
    loop = edge.tail is edge.head
    steps = shaped(way, ORTHOGONAL if loop else style)
    turned = tuple(tuple(turn(point) for point in step) for step in steps)
    scene.shapes.append(Line(turn(way[0]), turned, LINE_COLOR))
    for points in heads:
        scene.shapes.append(Polygon(tuple(turn(point) for point in points), LINE_COLOR))
