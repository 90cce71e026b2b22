"""Order of the nodes in each row, with few crossings of the links between rows."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence

_SWEEPS = 24
# Swaps of neighbours are tried in graphs of at most this many nodes: they cost far more than sweeps.
_MOST_NODES_FOR_SWAPS = 600


def ordered(ranks: Sequence[int], links: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Rows of nodes, each from left to right.

    Args:
        ranks: Row of each node.
        links: Pairs of nodes in neighbouring rows, the upper one first.

    Source: medians and swaps as in Gansner, Koutsofios, North, Vo, A technique for drawing directed
    graphs, 1993.
    """
    count = len(ranks)
    below: list[list[int]] = [[] for _ in range(count)]
    above: list[list[int]] = [[] for _ in range(count)]
    for upper, lower in links:
        below[upper].append(lower)
        above[lower].append(upper)
    rows = _first_order(ranks, below, above)
    best, fewest = rows, _crossings(rows, below)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        down = sweep % 2 == 0
        rows = _swept(rows, above if down else below, down)
        if count <= _MOST_NODES_FOR_SWAPS:
            rows = _swapped(rows, above, below)
        crossings = _crossings(rows, below)
        if crossings < fewest:
            best, fewest = rows, crossings
    return best


def _first_order(
    ranks: Sequence[int], below: list[list[int]], above: list[list[int]]
) -> list[list[int]]:
    """Rows in the order in which a walk along the links meets the nodes."""
    rows: list[list[int]] = [[] for _ in range(max(ranks, default=-1) + 1)]
    seen = [False] * len(ranks)
    for root in sorted(range(len(ranks)), key=lambda node: (bool(above[node]), node)):
        stack = [root]
        while stack:
            node = stack.pop()
            if seen[node]:
                continue
            seen[node] = True
            rows[ranks[node]].append(node)
            stack.extend(reversed(below[node]))
    return rows


def _swept(rows: list[list[int]], beside: list[list[int]], down: bool) -> list[list[int]]:
    """Rows sorted by the medians of their nodes' neighbours in the row that was sorted before."""
    new = [list(row) for row in rows]
    place = _places(new)
    for row in new if down else reversed(new):
        medians = {}
        for node in row:
            spots = sorted(place[other] for other in beside[node])
            if spots:
                medians[node] = _median(spots)
        # Nodes without neighbours keep their spots.
        moving = sorted((n for n in row if n in medians), key=lambda n: medians[n])
        replaced = iter(moving)
        row[:] = [next(replaced) if node in medians else node for node in row]
        for spot, node in enumerate(row):
            place[node] = spot
    return new


def _median(spots: list[int]) -> float:
    middle = len(spots) // 2
    if len(spots) % 2:
        return spots[middle]
    if len(spots) == 2:
        return (spots[0] + spots[1]) / 2
    left, right = spots[middle - 1] - spots[0], spots[-1] - spots[middle]
    if left + right == 0:
        return (spots[middle - 1] + spots[middle]) / 2
    return (spots[middle - 1] * right + spots[middle] * left) / (left + right)


def _swapped(
    rows: list[list[int]], above: list[list[int]], below: list[list[int]]
) -> list[list[int]]:
    """Rows after swaps of neighbouring nodes, as long as they spare crossings."""
    place = _places(rows)
    improved = True
    while improved:
        improved = False
        for row in rows:
            for spot in range(len(row) - 1):
                left, right = row[spot], row[spot + 1]
                gain = 0
                for beside in (above, below):
                    one = sorted(place[n] for n in beside[left])
                    two = sorted(place[n] for n in beside[right])
                    gain += _inversions(one, two) - _inversions(two, one)
                if gain > 0:
                    row[spot], row[spot + 1] = right, left
                    place[left], place[right] = spot + 1, spot
                    improved = True
    return rows


def _inversions(left: list[int], right: list[int]) -> int:
    """Crossings of two nodes' links, given the spots of the neighbours of the left and the right one."""
    return sum(1 for a in left for b in right if a > b)


def _crossings(rows: list[list[int]], below: list[list[int]]) -> int:
    total = 0
    place = _places(rows)
    for row in rows:
        seen: list[int] = []
        for node in row:
            spots = sorted(place[other] for other in below[node])
            total += sum(len(seen) - bisect_right(seen, spot) for spot in spots)
            for spot in spots:
                insort(seen, spot)
    return total


def _places(rows: list[list[int]]) -> dict[int, int]:
    return {node: spot for row in rows for spot, node in enumerate(row)}
