"""The table that `Model.summary` prints."""

from __future__ import annotations

import math
import re
import shutil
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.naming import camel_case
from thalweg._src.core import dtypes
from thalweg._src.core.symbolic import Node


@dataclass
class _Row:
    """One layer or op of the table."""

    name: str
    shape: str
    count: str
    connected: str = "-"
    trainable: str = "-"


def print_summary(
    model: Any,
    line_length: int | None = None,
    positions: list[float] | None = None,
    print_fn: Callable[[str], Any] | None = None,
    expand_nested: bool = False,
    show_trainable: bool = False,
    layer_range: tuple[str, str] | None = None,
) -> None:
    """Prints a table of a model's layers; see `Model.summary` for the arguments."""
    graph = getattr(model, "graph", None)
    connections = graph is not None and not _is_chain(graph)
    header = ["Layer (type)", "Output Shape", "Param #"]
    shares = [0.45, 0.32, 0.23]
    if connections:
        header.append("Connected to")
        shares = [0.33, 0.24, 0.17, 0.26]
    if show_trainable:
        header.append("Trainable")
        shares = [share * 0.89 for share in shares] + [0.11]
    if positions is not None:
        shares = _shares(positions, len(header))
    width = line_length or min(shutil.get_terminal_size((78, 24)).columns, 100)
    widths = [max(8, int(share * (width - len(header) - 1))) - 2 for share in shares]
    rows = _rows(model, expand_nested, "")
    rows = _chosen(rows, layer_range)
    cells = []
    for row in rows:
        further = [row.connected] * connections + [row.trainable] * show_trainable
        cells.append([row.name, row.shape, row.count, *further])
    lines = [f'Model: "{model.name}"', *_table(header, cells, widths), *_totals(model)]
    text = "\n".join(lines)
    (print if print_fn is None else print_fn)(text)


def _shares(positions: list[float], count: int) -> list[float]:
    """Widths of the columns; `positions` may also tell where each ends, as in Keras."""
    if len(positions) < count:
        raise ValueError(
            f"[summary] expected {count} positions, one for each column, got {positions!r}."
        )
    chosen = list(positions[:count])
    if chosen == sorted(chosen) and sum(chosen) > 1.01:
        return [b - a for a, b in zip([0.0, *chosen[:-1]], chosen, strict=True)]
    return chosen


def _is_chain(graph: Any) -> bool:
    """True when each layer is called once, on the outputs of the one before."""
    if len(graph.inputs) != 1 or len(graph.outputs) != 1:
        return False
    before = graph.inputs[0]
    for node in graph.nodes:
        if len(node.outputs) != 1 or [id(p) for p in node.parents] != [id(before)]:
            return False
        before = node.outputs[0]
    return len({id(node.operation) for node in graph.nodes}) == len(graph.nodes)


def _chosen(rows: list[_Row], layer_range: tuple[str, str] | None) -> list[_Row]:
    if layer_range is None:
        return rows
    names = [row.name.rpartition(" (")[0].strip() for row in rows]
    first = [i for i, name in enumerate(names) if re.match(layer_range[0], name)]
    last = [i for i, name in enumerate(names) if re.match(layer_range[1], name)]
    if not first or not last:
        raise ValueError(
            f"[summary] expected layer_range to match two layers, got {layer_range} for {names}."
        )
    return rows[min(first) : max(last) + 1]


def _rows(model: Any, expand: bool, indent: str) -> list[_Row]:
    graph = getattr(model, "graph", None)
    owners = model.layers if graph is None else graph.operations
    places = {} if graph is None else graph.places()
    rows = []
    for owner in owners:
        if isinstance(owner, Node):
            name, kind = graph.names[id(owner)], camel_case(owner.name)
            shapes = [symbol.shape for symbol in owner.outputs]
            row = _Row(f"{indent}{name} ({kind})", _joined(shapes), "0")
        else:
            count = f"{owner.count_params():,}" if owner.built else "0 (unbuilt)"
            row = _Row(f"{indent}{owner.name} ({type(owner).__name__})", _shape_text(owner), count)
            if owner.weights:
                row.trainable = "Y" if owner.trainable else "N"
        if graph is not None and not indent:
            found = [places[id(p)] for node in graph.calls(owner) for p in node.parents]
            row.connected = ", ".join(f"{n}[{i}][{k}]" for n, i, k in found) or "-"
        rows.append(row)
        if expand and getattr(owner, "layers", None):
            rows += _rows(owner, expand, f"{indent}   └ " if not indent else f"   {indent}")
    return rows


def _joined(shapes: list[Any]) -> str:
    return ", ".join(str(shape) for shape in shapes)


def _shape_text(layer: Any) -> str:
    try:
        shapes = [symbol.shape for symbol in nest.flatten(layer.output)]
    except AttributeError:
        found = shape_when_built(layer)
        shapes = [] if found is None else found if isinstance(found, list) else [found]
    return _joined(shapes) or "?"


def shape_when_built(layer: Any) -> Any:
    """Shape of the outputs for the shapes with which a layer was built; None where that is unknown."""
    shapes = layer._build_shapes
    if not shapes:
        return None
    try:
        return layer.compute_output_shape(*shapes.values())
    except (TypeError, ValueError, NotImplementedError):
        return None


def _table(header: list[str], rows: list[list[str]], widths: list[int]) -> list[str]:
    """Lines of the table; a cell that is too long goes on below."""

    def lines_of(cells: list[str], bar: str) -> list[str]:
        wrapped = [textwrap.wrap(c, w, drop_whitespace=not c.startswith(" ")) or [""] for c, w in zip(
            cells, widths, strict=True
        )]
        height = max(map(len, wrapped))
        lines = []
        for index in range(height):
            parts = [part[index] if index < len(part) else "" for part in wrapped]
            shown = [
                text.rjust(w) if i == 2 else text.ljust(w)
                for i, (text, w) in enumerate(zip(parts, widths, strict=True))
            ]
            lines.append(f"{bar} " + f" {bar} ".join(shown) + f" {bar}")
        return lines

    def rule(left: str, fill: str, cross: str, end: str) -> str:
        return left + cross.join(fill * (w + 2) for w in widths) + end

    lines = [rule("┏", "━", "┳", "┓"), *lines_of(header, "┃"), rule("┡", "━", "╇", "┩")]
    for index, row in enumerate(rows):
        lines += lines_of(row, "│")
        last = index == len(rows) - 1
        lines.append(rule("└", "─", "┴", "┘") if last else rule("├", "─", "┼", "┤"))
    return lines


def _totals(model: Any) -> list[str]:
    trained = list(model.trainable_weights)
    fixed = list(model.non_trainable_weights)
    state = list(model.optimizer.variables) if model.optimizer is not None and model.optimizer.built else []
    lines = [
        f" Total params: {_amount(trained + fixed + state)}",
        f" Trainable params: {_amount(trained)}",
        f" Non-trainable params: {_amount(fixed)}",
    ]
    if state:
        lines.append(f" Optimizer params: {_amount(state)}")
    return lines


def _amount(variables: list[Any]) -> str:
    count = sum(int(np.prod(v.shape)) for v in variables)
    size = sum(int(np.prod(v.shape)) * dtypes.as_dtype(v.dtype).size for v in variables)
    return f"{count:,} ({readable_size(size)})"


def readable_size(size: float) -> str:
    """Bytes with a fitting unit: ``44.00 B``, ``1.20 MB``."""
    units = ("B", "KB", "MB", "GB", "TB")
    power = 0 if size < 1 else min(int(math.log(size, 1024)), len(units) - 1)
    return f"{size / 1024**power:.2f} {units[power]}"
