"""The table that `Model.summary` prints."""

from __future__ import annotations

import math
import re
import shutil
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.naming import camel_case
from thalweg._src.core import dtypes
from thalweg._src.core.symbolic import Node

# Where columns end, as fractions of the line.
_ENDS = (0.45, 0.8, 1.0)
_ENDS_CONNECTED = (0.3, 0.56, 0.74, 1.0)


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
    """Prints a table of a model's layers; see `Model.summary` for the arguments.

    Source: `keras.utils.summary_utils`. Shapes of a Sequential that was built by a call have an open
    batch size here, lines longer than the screen are not cut off, and a layer that is called with several
    shapes shows all of them.
    """
    graph = getattr(model, "graph", None)
    connections = graph is not None and not _is_chain(graph)
    header = ["Layer (type)", "Output Shape", "Param #"]
    header += ["Connected to"] * connections + ["Trainable"] * show_trainable
    if line_length is None:
        most = 88 + 20 * connections + 12 * show_trainable
        line_length = min(most, shutil.get_terminal_size().columns - 4)
    ends: Sequence[float] = _ENDS_CONNECTED if connections else _ENDS
    if show_trainable:
        ends = (*(0.9 * end for end in ends), 1.0)
    widths = _widths(header, line_length, ends if positions is None else positions)
    cells = []
    for row in _rows(model, expand_nested, layer_range):
        further = [row.connected] * connections + [row.trainable] * show_trainable
        cells.append([row.name, row.shape, row.count, *further])
    lines = [f'Model: "{model.name}"', *_table(header, cells, widths), *_totals(model)]
    text = "\n".join(lines)
    (print if print_fn is None else print_fn)(text)


def _widths(header: list[str], line_length: int, ends: Sequence[float]) -> list[int]:
    """Characters of each column, given where columns end: as fractions of the line or in characters."""
    if len(ends) != len(header):
        raise ValueError(
            f"[summary] expected {len(header)} positions, where the columns {header} end, got {ends!r}."
        )
    if ends[-1] <= 1:
        ends = [int(line_length * end) for end in ends]
    widths = [int(end - start) for start, end in zip([0, *ends], ends, strict=False)]
    # Borders, and a space on either side of each column's text, must fit the line too.
    missing = sum(widths) + 3 * len(widths) + 1 - line_length
    for index in range(len(widths)):
        share = round(missing / (len(widths) - index))
        widths[index] = max(1, widths[index] - share)
        missing -= share
    return widths


def _is_chain(graph: Any) -> bool:
    """True when each layer is called once, on a result of the one before."""
    if len(graph.inputs) != 1:
        return False
    before = [graph.inputs[0]]
    for node in graph.nodes:
        if len(node.parents) != 1 or all(node.parents[0] is not symbol for symbol in before):
            return False
        before = list(node.outputs)
    return len({id(node.operation) for node in graph.nodes}) == len(graph.nodes)


def _chosen(owners: list[Any], names: list[str], layer_range: tuple[str, str] | None) -> list[Any]:
    """Layers from the first that matches the first pattern to the last that matches the second."""
    if layer_range is None:
        return owners
    if len(layer_range) != 2:
        raise ValueError(
            f"[summary] expected layer_range to be a pair of names, got {layer_range!r}."
        )
    first = [i for i, name in enumerate(names) if re.match(layer_range[0], name)]
    last = [i for i, name in enumerate(names) if re.match(layer_range[1], name)]
    if not first or not last:
        raise ValueError(
            f"[summary] expected layer_range to match two layers, got {layer_range} for {names}."
        )
    if min(first) > max(last):
        first, last = last, first
    return owners[min(first) : max(last) + 1]


def _rows(
    model: Any, expand: bool, layer_range: tuple[str, str] | None = None, depth: int = 0
) -> list[_Row]:
    graph: Any = getattr(model, "graph", None)
    owners = model.layers if graph is None else graph.operations
    places = {} if graph is None else graph.places()
    names = [graph.names[id(o)] if isinstance(o, Node) else o.name for o in owners]
    name_of = {id(owner): name for owner, name in zip(owners, names, strict=True)}
    indent = "   " * depth + "└ " if depth else ""
    rows = []
    for owner in _chosen(owners, names, layer_range):
        calls = [] if graph is None else graph.calls(owner)
        shown = f"{indent}{name_of[id(owner)]}"
        if isinstance(owner, Node):
            row = _Row(f"{shown} ({camel_case(owner.name)})", _shapes_of(calls), "0")
        else:
            count = f"{owner.count_params():,}" if owner.built else "0 (unbuilt)"
            shapes = _shapes_of(calls) or _shape_text(owner)
            row = _Row(f"{shown} ({type(owner).__name__})", shapes, count)
            if owner.weights:
                row.trainable = "Y" if owner.trainable else "N"
        if not depth:
            found = [places[id(parent)] for node in calls for parent in node.parents]
            row.connected = ", ".join(f"{n}[{i}][{k}]" for n, i, k in found) or "-"
        rows.append(row)
        if expand and getattr(owner, "layers", None):
            rows += _rows(owner, expand, depth=depth + 1)
    return rows


def _shapes_of(calls: list[Node]) -> str:
    """Shapes of the results of a layer's calls, equal ones once."""
    return ", ".join(dict.fromkeys(_joined([s.shape for s in node.outputs]) for node in calls))


def _joined(shapes: list[Any]) -> str:
    return str(shapes[0]) if len(shapes) == 1 else f"[{', '.join(map(str, shapes))}]"


def _shape_text(layer: Any) -> str:
    """Shapes of a layer that is in no graph; "?" where they are not known."""
    try:
        shapes = [symbol.shape for symbol in nest.flatten(layer.output)]
    except AttributeError:
        found = shape_when_built(layer)
        shapes = [] if found is None else found if isinstance(found, list) else [found]
    return _joined(shapes) if shapes else "?"


def shape_when_built(layer: Any) -> Any:
    """Shape of the outputs for the shapes with which a layer was built; None where that is unknown."""
    shapes = layer._build_shapes
    if not shapes:
        return None
    try:
        return layer.compute_output_shape(*shapes.values())
    except (TypeError, ValueError, NotImplementedError):
        return None


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` characters, broken at spaces; longer words are cut."""
    lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]
    return [line if len(line) <= width else f"{line[: width - 1]}…" for line in lines]


def _aligned(text: str, width: int, title: str) -> str:
    if title == "Param #":
        return text.rjust(width)
    return text.center(width) if title == "Trainable" else text.ljust(width)


def _table(header: list[str], rows: list[list[str]], widths: list[int]) -> list[str]:
    """Lines of the table; a cell that is too long goes on below."""

    def lines_of(cells: list[str], bar: str) -> list[str]:
        wrapped = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
        lines = []
        for index in range(max(map(len, wrapped))):
            shown = [
                _aligned(parts[index] if index < len(parts) else "", width, title)
                for parts, width, title in zip(wrapped, widths, header, strict=True)
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
