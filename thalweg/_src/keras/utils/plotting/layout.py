"""Places of the boxes, groups and arrows of a diagram, row by row.

A group is laid out by itself first and then stands as one large box among its neighbours. Everything
happens as if arrows led down; other directions are made of that by whoever draws.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from thalweg._src.keras.utils.plotting.columns import columns
from thalweg._src.keras.utils.plotting.diagram import Box, Diagram, Edge, Group
from thalweg._src.keras.utils.plotting.hierarchy import Hierarchy, Item, Link, Port
from thalweg._src.keras.utils.plotting.ordering import ordered
from thalweg._src.keras.utils.plotting.ranks import ranks
from thalweg._src.keras.utils.plotting.routing import (
    ARROW_LENGTH,
    ORTHOGONAL,
    TRACK_DISTANCE,
    Crossing,
    give_tracks,
)
from thalweg._src.keras.utils.plotting.scene import Point

Size = tuple[float, float]
_BOX_DISTANCE, _LINE_DISTANCE = 24.0, 14.0
_ROW_DISTANCE = 18.0
# Curves that lead far across need height, or they would run nearly level.
_STEEPNESS, _MOST_EXTRA = 0.08, 48.0
_LOOP_WIDTH = 20.0
# Arrows that point up leave boxes beside those that point down, so as not to be taken for them.
_TURNED_OFFSET = 18.0


@dataclass(frozen=True)
class Frame:
    """Room that a group's border leaves around what is inside, and the least width of the whole."""

    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    least_width: float = 0.0


@dataclass(eq=False)
class Placed:
    """Result of a layout.

    Attributes:
        size: Width and height of all.
        boxes: Upper left corner of each box.
        groups: Upper left corner and size of each inner group.
        ways: Points of each edge, from its tail to its head.
        ports: Points from each port to its box, or from the box to the port: the higher end first.
    """

    size: Size
    boxes: dict[Box, Point] = field(default_factory=dict)
    groups: dict[Group, tuple[Point, Size]] = field(default_factory=dict)
    ways: dict[Edge, list[Point]] = field(default_factory=dict)
    ports: dict[Port, list[Point]] = field(default_factory=dict)

    def take(self, inner: Placed, corner: Point) -> None:
        """Takes in the parts of a group that stands at a corner."""
        for box, place in inner.boxes.items():
            self.boxes[box] = _moved([place], corner)[0]
        for group, (place, size) in inner.groups.items():
            self.groups[group] = (_moved([place], corner)[0], size)
        for edge, way in inner.ways.items():
            self.ways[edge] = _moved(way, corner)


def laid_out(
    diagram: Diagram,
    size_of: Callable[[Box], Size],
    frame_of: Callable[[Group], Frame],
    style: str,
) -> Placed:
    """Places of all parts of a diagram.

    Args:
        diagram: What to place.
        size_of: Width and height of a box.
        frame_of: Room around an inner group.
        style: How lines run, one of the styles of `routing`.

    Source: rows, order and columns as in Sugiyama, Tagawa, Toda, Methods for visual understanding of
    hierarchical system structures, 1981.
    """
    hierarchy = Hierarchy(diagram)

    def placed(group: Group, frame: Frame) -> Placed:
        inner = {
            child: placed(child, frame_of(child))
            for child in group.children
            if isinstance(child, Group)
        }
        return _Level(hierarchy, group, inner, size_of, style).placed(frame)

    return placed(diagram.root, Frame())


class _Level:
    """Layout of one group, whose inner groups are laid out.

    Nodes are the children, then the ports, then the bends of long links.
    """

    def __init__(
        self,
        hierarchy: Hierarchy,
        group: Group,
        inner: dict[Group, Placed],
        size_of: Callable[[Box], Size],
        style: str,
    ) -> None:
        level = hierarchy.levels[group]
        self._links, self._inner, self._style = level.links, inner, style
        self._loops = hierarchy.loops
        self._items: list[Item] = [*group.children, *level.ports]
        self._numbers = {id(item): i for i, item in enumerate(group.children)}
        self._numbers |= {id(port): len(group.children) + i for i, port in enumerate(level.ports)}
        self._below = ARROW_LENGTH if hierarchy.any_turned else 3.0
        self._sizes = [self._size(item, size_of) for item in self._items]
        self._arrange()

    def _size(self, item: Item, size_of: Callable[[Box], Size]) -> Size:
        if isinstance(item, Port):
            return (0.0, 0.0)
        if isinstance(item, Group):
            return self._inner[item].size
        width, height = size_of(item)
        return (width + 2 * _LOOP_WIDTH * (item in self._loops), height)

    def _number(self, item: Item) -> int:
        """Number of an item; ports are equal to those in links, not the same."""
        if isinstance(item, Port):
            return next(i for i, other in enumerate(self._items) if other == item)
        return self._numbers[id(item)]

    def _arrange(self) -> None:
        """Finds the row of each node and its place in the row."""
        count = len(self._items)
        pairs = [(self._number(link.upper), self._number(link.lower)) for link in self._links]
        ports = [(i, item) for i, item in enumerate(self._items) if isinstance(item, Port)]
        rank = ranks(
            count,
            pairs,
            [i for i, port in ports if port.at_top],
            [i for i, port in ports if not port.at_top],
        )
        self._chains: list[list[int]] = []
        steps: dict[tuple[int, int], None] = {}
        for upper, lower in pairs:
            bends = range(len(rank), len(rank) + rank[lower] - rank[upper] - 1)
            rank += range(rank[upper] + 1, rank[lower])
            chain = [upper, *bends, lower]
            self._chains.append(chain)
            steps.update(dict.fromkeys(zip(chain, chain[1:], strict=False)))
        self._rank = rank
        self._sizes += [(0.0, 0.0)] * (len(rank) - count)
        self._rows = ordered(rank, list(steps))
        self._reaches = [self._reach(number) for number in range(len(rank))]
        thin = [i >= count or isinstance(self._items[i], Port) for i in range(len(rank))]

        def separation(left: int, right: int) -> float:
            room = _LINE_DISTANCE if thin[left] and thin[right] else _BOX_DISTANCE
            return self._reaches[left][1] + room + self._reaches[right][0]

        bends_only = [i >= count for i in range(len(rank))]
        self._x = columns(self._rows, list(steps), self._reaches, bends_only, separation)

    def _reach(self, number: int) -> tuple[float, float]:
        """How far a node reaches left and right of its axis, which for a group is at the middle port."""
        width = self._sizes[number][0]
        axis = width / 2
        item = self._items[number] if number < len(self._items) else None
        if isinstance(item, Group):
            ports = self._inner[item].ports.items()
            across = sorted(way[0 if port.at_top else -1][0] for port, way in ports)
            axis = across[len(across) // 2] if across else axis
        return (axis, width - axis)

    def placed(self, frame: Frame) -> Placed:
        """Places of all, within a frame."""
        left, right = self._extent()
        lacking = max(0.0, frame.least_width - (right - left) - frame.left - frame.right)
        shift = frame.left + lacking / 2 - left
        self._x = [x + shift for x in self._x]
        width = right - left + frame.left + frame.right + lacking
        height = self._stack(frame)
        result = Placed((width, height))
        for number, item in enumerate(self._items):
            corner = self._corner(number)
            if isinstance(item, Group):
                result.take(self._inner[item], corner)
                result.groups[item] = (corner, self._sizes[number])
            elif isinstance(item, Box):
                self._place_box(result, item, number, corner)
        for link, chain, crossings in zip(self._links, self._chains, self._crossings, strict=True):
            self._place_way(result, link, chain, crossings)
        return result

    def _extent(self) -> tuple[float, float]:
        spans = [(x - reach[0], x + reach[1]) for x, reach in zip(self._x, self._reaches, strict=True)]
        return min((a for a, _ in spans), default=0.0), max((b for _, b in spans), default=0.0)

    def _corner(self, number: int) -> Point:
        middle = self._middles[self._rank[number]]
        return (self._x[number] - self._reaches[number][0], middle - self._sizes[number][1] / 2)

    def _place_box(self, result: Placed, box: Box, number: int, corner: Point) -> None:
        loop = self._loops.get(box)
        if loop is None:
            result.boxes[box] = corner
            return
        width, height = self._sizes[number]
        result.boxes[box] = (corner[0] + _LOOP_WIDTH, corner[1])
        edge, far = corner[0] + width - _LOOP_WIDTH, corner[0] + width
        low, high = corner[1] + height * 0.75, corner[1] + height * 0.25
        result.ways[loop] = [(edge, low), (far, low), (far, high), (edge, high)]

    def _stack(self, frame: Frame) -> float:
        """Finds where each row is, and the height of all."""
        heights = [max((self._sizes[n][1] for n in row), default=0.0) for row in self._rows]
        has_top = any(isinstance(item, Port) and item.at_top for item in self._items)
        has_bottom = any(isinstance(item, Port) and not item.at_top for item in self._items)
        self._crossings = [self._crossed(link, c) for link, c in zip(self._links, self._chains, strict=True)]
        self._middles: list[float] = []
        self._tops: list[float] = []
        self._bottoms: list[float] = []
        y = 0.0 if has_top else frame.top
        for row, height in enumerate(heights):
            self._tops.append(y - ARROW_LENGTH)
            self._middles.append(y + height / 2)
            self._bottoms.append(y + height + self._below)
            y += height
            if row < len(heights) - 1:
                gap = self._gap(row)
                if has_top and row == 0:
                    gap = max(gap, frame.top)
                if has_bottom and row == len(heights) - 2:
                    gap = max(gap, frame.bottom)
                y += gap
        return y + (0.0 if has_bottom else frame.bottom)

    def _gap(self, row: int) -> float:
        """Height of the gap below a row."""
        here = [
            crossing
            for chain, crossings in zip(self._chains, self._crossings, strict=True)
            for node, crossing in zip(chain, crossings, strict=False)
            if self._rank[node] == row
        ]
        least = _ROW_DISTANCE + ARROW_LENGTH + self._below
        if self._style == ORTHOGONAL:
            return max(least, ARROW_LENGTH + self._below + (give_tracks(here) + 1) * TRACK_DISTANCE)
        widest = max((crossing.span for crossing in here), default=0.0)
        return least + min(_MOST_EXTRA, widest * _STEEPNESS)

    def _crossed(self, link: Link, chain: list[int]) -> list[Crossing]:
        """Ways of a link through the gaps."""
        across = [self._x[number] for number in chain]
        across[0] += self._offset(chain[0], Port(link.upper_box, at_top=False))
        across[-1] += self._offset(chain[-1], Port(link.lower_box, at_top=True))
        points_up = link.turned or (link.edge is not None and link.edge.both)
        if points_up and isinstance(link.upper, Box) and isinstance(link.lower, Box):
            across = [x + _TURNED_OFFSET for x in across]
        ends = [(number, round(x, 1)) for number, x in zip(chain, across, strict=True)]
        return [
            Crossing(a, b, source, target)
            for a, b, source, target in zip(across, across[1:], ends, ends[1:], strict=False)
        ]

    def _offset(self, number: int, port: Port) -> float:
        """How far from a node's axis a link ends: at the port of a group."""
        item = self._items[number]
        if not isinstance(item, Group):
            return 0.0
        way = self._inner[item].ports[port]
        return way[0 if port.at_top else -1][0] - self._reaches[number][0]

    def _place_way(
        self, result: Placed, link: Link, chain: list[int], crossings: list[Crossing]
    ) -> None:
        first, last = chain[0], chain[-1]
        points: list[Point] = []
        if isinstance(link.upper, Group):
            port = Port(link.upper_box, at_top=False)
            points += _moved(self._inner[link.upper].ports[port], self._corner(first))
        points.append((crossings[0].start, self._corner(first)[1] + self._sizes[first][1]))
        for number, crossing in zip(chain, crossings, strict=False):
            row = self._rank[number]
            low, high = self._bottoms[row], self._tops[row + 1]
            points.append((crossing.start, low))
            if crossing.track is not None:
                y = low + (crossing.track + 1) * (high - low) / (self._tracks(row) + 1)
                points += [(crossing.start, y), (crossing.end, y)]
            points.append((crossing.end, high))
        points.append((crossings[-1].end, self._corner(last)[1]))
        if isinstance(link.lower, Group):
            port = Port(link.lower_box, at_top=True)
            points += _moved(self._inner[link.lower].ports[port], self._corner(last))
        for item in (link.upper, link.lower):
            if isinstance(item, Port):
                result.ports[item] = points
        if link.edge is not None:
            result.ways[link.edge] = points[::-1] if link.turned else points

    def _tracks(self, row: int) -> int:
        """Number of horizontal tracks in the gap below a row."""
        tracks = (
            crossing.track
            for chain, crossings in zip(self._chains, self._crossings, strict=True)
            for node, crossing in zip(chain, crossings, strict=False)
            if self._rank[node] == row and crossing.track is not None
        )
        return max(tracks, default=-1) + 1


def _moved(points: list[Point], by: Point) -> list[Point]:
    return [(x + by[0], y + by[1]) for x, y in points]
