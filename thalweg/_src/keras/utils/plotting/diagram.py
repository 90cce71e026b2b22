"""Diagrams: the boxes, nested groups and arrows that show a model, without places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from thalweg._src.base.naming import camel_case
from thalweg._src.core.symbolic import KerasTensor, Node
from thalweg._src.keras.graph import Graph
from thalweg._src.keras.layers.core.input_layer import InputLayer
from thalweg._src.keras.models.functional import Functional
from thalweg._src.keras.models.sequential import Sequential
from thalweg._src.keras.summary import shape_when_built
from thalweg._src.keras.utils.plotting.scene import Span

GREEN, RED = "forestgreen", "firebrick"


@dataclass(frozen=True)
class Details:
    """What boxes tell about layers; see `plot_model`.

    Attributes:
        shapes: Shapes of inputs and outputs.
        dtype: Dtype of outputs.
        names: Names beside classes.
        activations: Activations.
        trainable: Whether weights are trained.
        stacked: Each fact stands in a row of its own, which makes boxes narrow.
    """

    shapes: bool = False
    dtype: bool = False
    names: bool = False
    activations: bool = False
    trainable: bool = False
    stacked: bool = False


@dataclass(eq=False)
class Cell:
    """A field of a box: a text, and a colour behind it instead of white."""

    spans: tuple[Span, ...]
    color: str | None = None


@dataclass(eq=False)
class Box:
    """A layer or op: a title, and below it rows of cells."""

    title: tuple[Span, ...]
    rows: list[list[Cell]]


@dataclass(eq=False)
class Group:
    """An expanded model: what stands inside a frame of its own."""

    name: str
    children: list[Box | Group] = field(default_factory=list)

    def boxes(self) -> Iterator[Box]:
        """All boxes inside, those of inner groups too."""
        for child in self.children:
            if isinstance(child, Box):
                yield child
            else:
                yield from child.boxes()


@dataclass(eq=False)
class Edge:
    """An arrow between two boxes.

    Attributes:
        tail: Where it starts.
        head: Where it points.
        both: There is an arrowhead at either end.
        hidden: It only puts boxes in order, and is not drawn.
    """

    tail: Box
    head: Box
    both: bool = False
    hidden: bool = False


@dataclass(eq=False)
class Diagram:
    """Boxes and arrows of a model."""

    root: Group
    edges: list[Edge]


def diagram_of(model: Any, details: Details, expand_nested: bool = False) -> Diagram:
    """Boxes and arrows for the layers and ops of a model.

    Args:
        model: Functional or Sequential model; any other layer is one box.
        details: What the boxes tell.
        expand_nested: Show the layers inside models that are layers. A model with a `call` of its own
            shows its layers one after the other, without arrows, since their order is not known.
    """
    drawer = _Drawer(details, expand_nested)
    graph = _graph_of(model)
    if graph is not None:
        inner = drawer.expanded(model, graph)
        return Diagram(inner.group, list(drawer.edges.values()))
    if expand_nested and getattr(model, "layers", None):
        boxes = [drawer.layer_box(layer, *_built_shapes(layer)) for layer in model.layers]
        row = Group(model.name, list(boxes))
        pairs = zip(boxes, boxes[1:], strict=False)
        return Diagram(Group(model.name, [row]), [Edge(a, b, hidden=True) for a, b in pairs])
    return Diagram(Group(model.name, [drawer.layer_box(model, *_built_shapes(model))]), [])


def _graph_of(model: Any) -> Graph | None:
    """Graph of a model that can be expanded, else None."""
    if isinstance(model, Functional):
        return model.graph
    if isinstance(model, Sequential) and model.layers:
        try:
            return Graph(model.inputs, model.outputs, model.name)
        except AttributeError:  # it was built by calls on values of an unusual structure
            return None
    return None


@dataclass(eq=False)
class _Expanded:
    """A group with the boxes that take each input of its model and those that make each output."""

    group: Group
    takers: list[list[Box]]
    makers: list[list[Box]]


class _Drawer:
    """Makes boxes and collects arrows.

    Args:
        details: What the boxes tell.
        expand_nested: Whether inner models become groups.
    """

    def __init__(self, details: Details, expand_nested: bool) -> None:
        self.details = details
        self.expand_nested = expand_nested
        self.edges: dict[tuple[int, int], Edge] = {}
        self._known: dict[int, _Expanded] = {}

    def connect(self, tails: Iterable[Box], heads: Iterable[Box]) -> None:
        """Adds arrows from all to all, each once."""
        heads = list(heads)
        for tail in tails:
            for head in heads:
                back = self.edges.get((id(head), id(tail)))
                if back is not None and head is not tail:
                    back.both = True
                else:
                    self.edges.setdefault((id(tail), id(head)), Edge(tail, head))

    def expanded(self, model: Any, graph: Graph) -> _Expanded:
        """Group of a model's boxes; that of a model which is called several times is made once."""
        if id(model) in self._known:
            return self._known[id(model)]
        group = Group(model.name)
        # Boxes and groups by the identity of their layer or op node.
        placed: dict[int, Box | _Expanded] = {}
        makers: dict[int, list[Box]] = {}
        takers: dict[int, list[Box]] = {id(symbol): [] for symbol in graph.inputs}
        for symbol, layer in zip(graph.inputs, graph.input_layers, strict=True):
            if isinstance(model, Sequential):
                continue
            box = self._box(layer, graph)
            placed[id(layer)] = box
            makers[id(symbol)] = takers[id(symbol)] = [box]
        for owner in graph.operations:
            if isinstance(owner, InputLayer):
                if id(owner) in placed:
                    group.children.append(placed[id(owner)])  # type: ignore[arg-type]
                continue
            inner = _graph_of(owner) if self.expand_nested else None
            item = self._box(owner, graph) if inner is None else self.expanded(owner, inner)
            placed[id(owner)] = item
            group.children.append(item if isinstance(item, Box) else item.group)
        for node in graph.nodes:
            item = placed[id(node) if id(node) in placed else id(node.operation)]
            for symbol, boxes in _fed(node, item):
                if id(symbol) in makers:
                    self.connect(makers[id(symbol)], boxes)
                else:
                    takers[id(symbol)] += boxes
            for index, symbol in enumerate(node.outputs):
                makers[id(symbol)] = [item] if isinstance(item, Box) else item.makers[index]
        found = _Expanded(
            group,
            [takers[id(symbol)] for symbol in graph.inputs],
            [makers.get(id(symbol), []) for symbol in graph.outputs],
        )
        self._known[id(model)] = found
        return found

    def _box(self, owner: Any, graph: Graph) -> Box:
        """Box of a layer or op node of a graph."""
        calls = graph.calls(owner)
        if isinstance(owner, InputLayer):
            return self.layer_box(owner, "", str(owner.output.shape))
        inputs = _alternatives(_shapes(node.parents) for node in calls)
        outputs = _alternatives(_shapes(node.outputs) for node in calls)
        if isinstance(owner, Node):
            name = graph.names[id(owner)]
            dtypes = _alternatives(_dtypes(node.outputs) for node in calls)
            return self._made(name, camel_case(owner.name), inputs, outputs, dtypes, owner)
        return self.layer_box(owner, inputs, outputs, _alternatives(_dtypes(n.outputs) for n in calls))

    def layer_box(self, layer: Any, inputs: str, outputs: str, dtypes: str = "") -> Box:
        """Box of a layer.

        Args:
            layer: The layer.
            inputs: Shape of its inputs; "" for none.
            outputs: Shape of its outputs.
            dtypes: Dtype of its outputs; "" for that in which it computes.
        """
        kind = type(layer).__name__
        return self._made(layer.name, kind, inputs, outputs, dtypes or layer.compute_dtype, layer)

    def _made(
        self, name: str, kind: str, inputs: str, outputs: str, dtypes: str, owner: Any
    ) -> Box:
        title = (Span(name, bold=True), Span(f" ({kind})")) if self.details.names else (
            Span(kind, bold=True),
        )
        rows = []
        activation = getattr(owner, "activation", None)
        if self.details.activations and activation is not None:
            rows.append([_cell("Activation", _name_of(activation))])
        facts = []
        if self.details.shapes:
            facts += [_cell("Input shape", inputs)] * bool(inputs) + [_cell("Output shape", outputs)]
        if self.details.dtype:
            facts.append(_cell("Output dtype", dtypes))
        if self.details.trainable and getattr(owner, "weights", None):
            color = GREEN if owner.trainable else RED
            said = "Trainable" if owner.trainable else "Non-trainable"
            facts.append(Cell((Span(said, bold=True),), color))
        rows += [[fact] for fact in facts] if self.details.stacked else [facts] * bool(facts)
        return Box(title, rows)


def _fed(node: Node, item: Box | _Expanded) -> list[tuple[KerasTensor, list[Box]]]:
    """Each tensor that a call takes, with the boxes that take it."""
    if isinstance(item, Box):
        return [(symbol, [item]) for symbol in node.parents]
    parents, given = node.parents, node.args[0] if node.args else None
    if isinstance(given, Mapping) and isinstance(node.operation, Functional):
        names = node.operation.input_names
        if all(isinstance(given.get(name), KerasTensor) for name in names):
            parents = [given[name] for name in names]
    return list(zip(parents, item.takers, strict=False))


def _cell(label: str, value: str) -> Cell:
    return Cell((Span(f"{label}: "), Span(value, bold=True)))


def _name_of(activation: Any) -> str:
    return str(getattr(activation, "__name__", None) or type(activation).__name__)


def _alternatives(texts: Iterable[str]) -> str:
    """Texts of several calls of a layer, each once."""
    return " or ".join(dict.fromkeys(texts))


def _shapes(symbols: Iterable[KerasTensor]) -> str:
    shapes = [str(symbol.shape) for symbol in symbols]
    return shapes[0] if len(shapes) == 1 else f"[{', '.join(shapes)}]"


def _dtypes(symbols: Iterable[KerasTensor]) -> str:
    return ", ".join(dict.fromkeys(symbol.dtype for symbol in symbols))


def _built_shapes(layer: Any) -> tuple[str, str]:
    """Shapes of the inputs and outputs of a layer that is in no graph, as far as they are known."""
    config: dict[str, Any] = layer._build_shapes or {}
    shapes = [str(tuple(s)) if isinstance(s, list) else str(s) for s in config.values()]
    found = shape_when_built(layer)
    return (", ".join(shapes) or "?"), ("?" if found is None else str(found))
