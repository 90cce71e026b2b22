"""Which links each group of a diagram has inside, which way they point, and where they leave it."""

from __future__ import annotations

from dataclasses import dataclass, field

from thalweg._src.keras.utils.plotting.diagram import Box, Diagram, Edge, Group
from thalweg._src.keras.utils.plotting.ranks import upward


@dataclass(frozen=True)
class Port:
    """A place on the upper or lower border of a group through which arrows of one box pass."""

    box: Box
    at_top: bool


Item = Box | Group | Port


@dataclass(eq=False)
class Link:
    """Part of an edge inside one group: between two of its children, or a child and a port of the group.

    Attributes:
        upper: What stands higher.
        lower: What stands lower.
        upper_box: The box at the upper end, maybe deep inside `upper`.
        lower_box: The box at the lower end.
        edge: The edge, for a link between children; None for one to a port.
        turned: The edge's tail is below.
    """

    upper: Item
    lower: Item
    upper_box: Box
    lower_box: Box
    edge: Edge | None = None
    turned: bool = False


@dataclass(eq=False)
class Level:
    """What is inside one group, without what is inside its inner groups."""

    links: list[Link] = field(default_factory=list)
    ports: list[Port] = field(default_factory=list)


class Hierarchy:
    """Levels of all groups of a diagram.

    Attributes:
        levels: Level of each group.
        any_turned: Whether arrows point up somewhere.
        loops: Edges from boxes to themselves, by box.
    """

    def __init__(self, diagram: Diagram) -> None:
        self.levels: dict[Group, Level] = {}
        self.any_turned = any(edge.both for edge in diagram.edges)
        self.loops = {edge.tail: edge for edge in diagram.edges if edge.tail is edge.head}
        # For each box the groups that hold it, from the outermost one, and the box itself.
        self._paths: dict[Box, list[Box | Group]] = {}
        self._note(diagram.root, [])
        inside: dict[int, list[Edge]] = {}
        for edge in diagram.edges:
            if edge.tail is not edge.head:
                inside.setdefault(id(self._meeting(edge)), []).append(edge)
        self._plan(diagram.root, 1, inside)

    def _note(self, group: Group, path: list[Box | Group]) -> None:
        self.levels[group] = Level()
        for child in group.children:
            if isinstance(child, Box):
                self._paths[child] = [*path, group, child]
            else:
                self._note(child, [*path, group])

    def _meeting(self, edge: Edge) -> Box | Group:
        """The innermost group that holds both ends of an edge."""
        both = zip(self._paths[edge.tail], self._paths[edge.head], strict=False)
        return [one for one, two in both if one is two][-1]

    def _plan(self, group: Group, depth: int, inside: dict[int, list[Edge]]) -> None:
        """Fills a group's level and asks its inner groups for ports; then does the same inside these."""
        level = self.levels[group]
        edges = inside.get(id(group), [])
        ends = [(self._paths[e.tail][depth], self._paths[e.head][depth]) for e in edges]
        numbers = {id(child): index for index, child in enumerate(group.children)}
        pairs = [(numbers[id(tail)], numbers[id(head)]) for tail, head in ends]
        turns = upward(len(group.children), pairs)
        for edge, (tail, head), turned in zip(edges, ends, turns, strict=True):
            if turned:
                level.links.append(Link(head, tail, edge.head, edge.tail, edge, turned=True))
            else:
                level.links.append(Link(tail, head, edge.tail, edge.head, edge))
            self.any_turned |= turned
        for port in level.ports:
            child, box = self._paths[port.box][depth], port.box
            upper, lower = (port, child) if port.at_top else (child, port)
            level.links.append(Link(upper, lower, box, box))
        for link in level.links:
            for item, port in (
                (link.upper, Port(link.upper_box, at_top=False)),
                (link.lower, Port(link.lower_box, at_top=True)),
            ):
                if isinstance(item, Group) and port not in self.levels[item].ports:
                    self.levels[item].ports.append(port)
        for child in group.children:
            if isinstance(child, Group):
                self._plan(child, depth + 1, inside)
