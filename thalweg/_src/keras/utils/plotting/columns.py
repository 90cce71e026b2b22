"""Horizontal places of nodes in ordered rows: long links run straight, nodes stand over each other."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from thalweg._src.keras.utils.plotting.ranks import topological

Pair = tuple[int, int]
Reach = tuple[float, float]


def columns(
    rows: Sequence[Sequence[int]],
    links: Sequence[Pair],
    reaches: Sequence[Reach],
    bends: Sequence[bool],
    separation: Callable[[int, int], float],
) -> list[float]:
    """Place of each node's axis, where its links end.

    Args:
        rows: Nodes of each row, from left to right.
        links: Pairs of nodes in neighbouring rows, the upper one first.
        reaches: How far each node reaches to the left and to the right of its axis.
        bends: Whether a node is no node but a place through which a long link runs.
        separation: Function of two neighbours in a row: least distance of their axes.

    Source: Brandes, Köpf, Fast and simple horizontal coordinate assignment, 2001; columns are pushed
    together as blocks of their widest distances, which serves nodes of different widths.
    """
    count = len(reaches)
    if not count:
        return []
    place = {node: spot for row in rows for spot, node in enumerate(row)}
    above: list[list[int]] = [[] for _ in range(count)]
    below: list[list[int]] = [[] for _ in range(count)]
    for upper, lower in links:
        above[lower].append(upper)
        below[upper].append(lower)
    avoided = _conflicts(rows, above, place, bends)
    found: list[list[float]] = []
    for downwards in (True, False):
        for leftwards in (True, False):
            seen = [list(row) if leftwards else list(reversed(row)) for row in rows]
            seen = seen if downwards else list(reversed(seen))
            roots = _aligned(seen, above if downwards else below, avoided)
            gap = separation if leftwards else lambda left, right: separation(right, left)
            axes = _packed(seen, roots, gap)
            found.append(axes if leftwards else [-x for x in axes])
    return _balanced(found, reaches)


def _conflicts(
    rows: Sequence[Sequence[int]],
    above: list[list[int]],
    place: dict[int, int],
    bends: Sequence[bool],
) -> set[Pair]:
    """Links that cross the middle of a long link: the long one is to run straight."""
    found: set[Pair] = set()
    for row in rows[1:]:
        left_spot, scanned = -1, 0
        for spot, node in enumerate(row):
            inner = next((n for n in above[node] if bends[n]), None) if bends[node] else None
            if inner is None and spot < len(row) - 1:
                continue
            right_spot = math.inf if inner is None else place[inner]
            for other in row[scanned : spot + 1]:
                for upper in above[other]:
                    outside = place[upper] < left_spot or place[upper] > right_spot
                    if outside and not (bends[upper] and bends[other]):
                        found |= {(upper, other), (other, upper)}
            scanned, left_spot = spot + 1, -1 if inner is None else place[inner]
    return found


def _aligned(
    rows: Sequence[Sequence[int]], before: list[list[int]], avoided: set[Pair]
) -> list[int]:
    """First node of each node's column: it joins that of its middle neighbour in the row before."""
    place = {node: spot for row in rows for spot, node in enumerate(row)}
    count = len(place)
    roots, next_in_column = list(range(count)), list(range(count))
    for row in rows:
        limit = -1
        for node in row:
            near = sorted(before[node], key=lambda n: place[n])
            middle = (len(near) - 1) / 2
            for index in range(math.floor(middle), math.ceil(middle) + 1) if near else ():
                other = near[index]
                free = next_in_column[node] == node
                if free and limit < place[other] and (other, node) not in avoided:
                    next_in_column[other] = node
                    roots[node] = roots[other]
                    next_in_column[node] = roots[node]
                    limit = place[other]
    return roots


def _packed(
    rows: Sequence[Sequence[int]], roots: list[int], separation: Callable[[int, int], float]
) -> list[float]:
    """Axis of each node where columns stand as far left as they can, then as near as they can."""
    distances: dict[Pair, float] = {}
    for row in rows:
        for left, right in zip(row, row[1:], strict=False):
            pair = (roots[left], roots[right])
            distances[pair] = max(distances.get(pair, 0.0), separation(left, right))
    pairs = list(distances)
    order = topological(len(roots), pairs)
    right_of: dict[int, list[int]] = {}
    left_of: dict[int, list[int]] = {}
    for left, right in pairs:
        right_of.setdefault(left, []).append(right)
        left_of.setdefault(right, []).append(left)
    x = [0.0] * len(roots)
    for column in order:
        x[column] = max((x[n] + distances[n, column] for n in left_of.get(column, ())), default=0.0)
    for column in reversed(order):
        if column in right_of:
            x[column] = max(x[column], min(x[n] - distances[column, n] for n in right_of[column]))
    return [x[roots[node]] for node in range(len(roots))]


def _balanced(found: list[list[float]], reaches: Sequence[Reach]) -> list[float]:
    """Means of the two middle ones of four places, after moving all to the narrowest drawing's borders."""

    def left(xs: list[float]) -> float:
        return min(x - reach[0] for x, reach in zip(xs, reaches, strict=True))

    def right(xs: list[float]) -> float:
        return max(x + reach[1] for x, reach in zip(xs, reaches, strict=True))

    narrowest = min(found, key=lambda xs: right(xs) - left(xs))
    moved = []
    for position, xs in enumerate(found):
        leftwards = position % 2 == 0
        shift = left(narrowest) - left(xs) if leftwards else right(narrowest) - right(xs)
        moved.append([x + shift for x in xs])
    places = [sorted(four) for four in zip(*moved, strict=True)]
    return [(p[1] + p[2]) / 2 for p in places]
