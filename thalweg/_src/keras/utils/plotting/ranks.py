"""Ranks of the nodes of a graph: links point down, from one row to a later one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Link = tuple[int, int]
# Rounds in which nodes move nearer to their neighbours; more change next to nothing.
_ROUNDS = 8


def upward(count: int, links: Sequence[Link]) -> list[bool]:
    """For each link, whether it must point up: without those links there are no cycles.

    Args:
        count: Number of nodes.
        links: Pairs of nodes.

    Source: links back to the path of a depth-first search, as in Gansner, Koutsofios, North, Vo, A
    technique for drawing directed graphs, 1993.
    """
    leaving = _leaving(count, links)
    begun, ended = [False] * count, [False] * count
    flags = [tail == head for tail, head in links]
    for root in range(count):
        stack = [] if begun[root] else [(root, iter(leaving[root]))]
        begun[root] = True
        while stack:
            node, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                ended[node] = True
                stack.pop()
                continue
            head = links[step][1]
            if not begun[head]:
                begun[head] = True
                stack.append((head, iter(leaving[head])))
            elif not ended[head]:
                flags[step] = True
    return flags


def ranks(
    count: int, links: Sequence[Link], first: Iterable[int] = (), last: Iterable[int] = ()
) -> list[int]:
    """Row of each node, from 0, such that every link leads to a later row and few links are long.

    Args:
        count: Number of nodes.
        links: Pairs of nodes, without cycles.
        first: Nodes that stand in a row of their own before all others.
        last: Nodes that stand in a row of their own after all others.

    Source: longest paths, then moves that shorten links.
    """
    tops, bottoms = set(first), set(last)
    fixed = tops | bottoms
    inner = [link for link in links if fixed.isdisjoint(link)]
    leaving, entering = _leaving(count, inner), _leaving(count, [(b, a) for a, b in inner])
    order = topological(count, inner)
    found = [0] * count
    for node in order:
        found[node] = max((found[inner[i][0]] + 1 for i in entering[node]), default=0)
    for _ in range(_ROUNDS):
        moved = False
        for node in reversed(order):
            if len(leaving[node]) > len(entering[node]):
                latest = min(found[inner[i][1]] for i in leaving[node]) - 1
                moved |= latest != found[node]
                found[node] = latest
        for node in order:
            if len(entering[node]) > len(leaving[node]):
                earliest = max(found[inner[i][0]] for i in entering[node]) + 1
                moved |= earliest != found[node]
                found[node] = earliest
        if not moved:
            break
    own = [found[node] for node in range(count) if node not in fixed]
    start, end = min(own, default=0), max(own, default=-1)
    shift = bool(tops) - start
    for node in range(count):
        found[node] += shift
    for node in tops:
        found[node] = 0
    for node in bottoms:
        found[node] = end + shift + 1
    return found


def topological(count: int, links: Sequence[Link]) -> list[int]:
    """Nodes in an order in which every link leads onwards.

    Args:
        count: Number of nodes.
        links: Pairs of nodes, without cycles.
    """
    waiting = [0] * count
    for _, head in links:
        waiting[head] += 1
    leaving = _leaving(count, links)
    order = [node for node in range(count) if not waiting[node]]
    for node in order:
        for step in leaving[node]:
            head = links[step][1]
            waiting[head] -= 1
            if not waiting[head]:
                order.append(head)
    return order


def _leaving(count: int, links: Sequence[Link]) -> list[list[int]]:
    """Positions of the links that leave each node."""
    found: list[list[int]] = [[] for _ in range(count)]
    for position, (tail, _) in enumerate(links):
        found[tail].append(position)
    return found
