"""Ways of links between rows: straight, curved or at right angles, and the arrowheads at their ends."""

from __future__ import annotations

import math
from dataclasses import dataclass

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.utils.plotting.scene import Point

CURVED, STRAIGHT, ORTHOGONAL = "curved", "straight", "orthogonal"
# Values that Graphviz knows for its attribute `splines`.
_STYLES = {
    "ortho": ORTHOGONAL,
    "spline": CURVED,
    "splines": CURVED,
    "true": CURVED,
    "curved": CURVED,
    "line": STRAIGHT,
    "polyline": STRAIGHT,
    "false": STRAIGHT,
}
ARROW_LENGTH, ARROW_WIDTH = 9.0, 7.0
TRACK_DISTANCE = 8.0
_CORNER = 4.0


def style_of(splines: str | bool) -> str:
    """Style of lines for Graphviz' name of it.

    Args:
        splines: ``"ortho"``, ``"spline"``, ``"curved"``, ``"line"`` or ``"polyline"``, or a bool.

    Raises:
        ValueError: Another name.
    """
    try:
        return _STYLES[str(splines).lower()]
    except KeyError:
        raise InvalidArgumentError(
            f"[plot_model] expected splines to be one of {', '.join(_STYLES)}, got {splines!r}."
        ) from None


@dataclass(eq=False)
class Crossing:
    """The way of a link through the gap between two rows.

    Attributes:
        start: Where it comes in above, across.
        end: Where it goes out below, across.
        source: What stands at its upper end, to tell links that come from one place.
        target: What stands at its lower end.
        track: Number of the horizontal track that it follows; None where it runs straight down.
    """

    start: float
    end: float
    source: object
    target: object
    track: int | None = None

    @property
    def span(self) -> float:
        """How far it leads across."""
        return abs(self.end - self.start)


def give_tracks(crossings: list[Crossing]) -> int:
    """Sets the tracks of all crossings of a gap, such that lines of different links do not lie together.

    Links from one place share a track, and so do those to one place that come from nowhere else.

    Returns:
        Number of tracks.
    """
    bent = [crossing for crossing in crossings if crossing.span > 0.5]
    buses = _buses(bent)
    # A bus that ends where another one starts must run below it, or their vertical parts would meet.
    above: dict[int, set[int]] = {i: set() for i in range(len(buses))}
    for i, bus in enumerate(buses):
        for j, other in enumerate(buses):
            if i != j and any(abs(a.start - b.end) < 1 for a in bus for b in other):
                above[j].add(i)
    waiting = sorted(range(len(buses)), key=lambda i: _extent(buses[i]))
    track = 0
    while waiting:
        taken: list[tuple[float, float]] = []
        chosen = []
        ready = [i for i in waiting if above[i].isdisjoint(waiting)] or waiting[:1]
        for i in ready:
            low, high = _extent(buses[i])
            if all(high + 2 < a or b + 2 < low for a, b in taken):
                taken.append((low, high))
                chosen.append(i)
        for i in chosen:
            waiting.remove(i)
            for crossing in buses[i]:
                crossing.track = track
        track += 1
    return track


def _extent(bus: list[Crossing]) -> tuple[float, float]:
    ends = [x for crossing in bus for x in (crossing.start, crossing.end)]
    return min(ends), max(ends)


def _buses(crossings: list[Crossing]) -> list[list[Crossing]]:
    by_source: dict[object, list[Crossing]] = {}
    for crossing in crossings:
        by_source.setdefault(crossing.source, []).append(crossing)
    by_target: dict[object, list[Crossing]] = {}
    buses = []
    for bus in by_source.values():
        if len(bus) == 1:
            by_target.setdefault(bus[0].target, []).append(bus[0])
        else:
            buses.append(bus)
    return buses + list(by_target.values())


def shaped(points: list[Point], style: str) -> list[tuple[Point, ...]]:
    """Steps of a line through points, the first left out: one point for a straight step, three for a curve.

    Args:
        points: Points; between rows the line leads down or up.
        style: One of the styles.
    """
    points = _merged(points)
    if style == CURVED:
        steps: list[tuple[Point, ...]] = []
        for (x, y), (to_x, to_y) in zip(points, points[1:], strict=False):
            middle = (y + to_y) / 2
            straight = x == to_x or y == to_y
            steps.append(
                ((to_x, to_y),) if straight else ((x, middle), (to_x, middle), (to_x, to_y))
            )
        return steps
    if style == ORTHOGONAL:
        return _rounded(points)
    return [(point,) for point in points[1:]]


def _merged(points: list[Point]) -> list[Point]:
    """Points without those in the middle of a straight vertical line."""
    kept = points[:1]
    for index, point in enumerate(points[1:], 1):
        if math.dist(point, kept[-1]) < 1e-6:
            continue
        following = points[index + 1] if index + 1 < len(points) else None
        if following is None or not kept[-1][0] == point[0] == following[0]:
            kept.append(point)
    return kept


def _rounded(points: list[Point]) -> list[tuple[Point, ...]]:
    """Straight steps with small round corners."""
    steps: list[tuple[Point, ...]] = []
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(_CORNER, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
        start, end = _towards(corner, before, radius), _towards(corner, after, radius)
        steps += [(start,), (_towards(start, corner, radius / 2), _towards(end, corner, radius / 2), end)]
    return [*steps, (points[-1],)]


def _towards(start: Point, end: Point, distance: float) -> Point:
    """Point at a distance from `start` on the way to `end`."""
    share = distance / (math.dist(start, end) or 1.0)
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def arrowhead(points: list[Point]) -> tuple[tuple[Point, ...], Point]:
    """Triangle at the end of a line, and the point at which the line is to end instead.

    Args:
        points: Points of the line; the last one is where it points.
    """
    tip = points[-1]
    base = _towards(tip, points[-2], ARROW_LENGTH)
    across = ((base[1] - tip[1]) / ARROW_LENGTH, (tip[0] - base[0]) / ARROW_LENGTH)
    half = ARROW_WIDTH / 2
    left = (base[0] + across[0] * half, base[1] + across[1] * half)
    right = (base[0] - across[0] * half, base[1] - across[1] * half)
    # The line ends a little inside, so that no gap shows.
    return (tip, left, right), _towards(tip, points[-2], ARROW_LENGTH * 0.8)
