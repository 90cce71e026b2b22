"""The table that `Model.summary` prints."""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.core import dtypes


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
    width = line_length or min(shutil.get_terminal_size((78, 24)).columns, 100)
    header = ["Layer (type)", "Output Shape", "Param #"] + ["Trainable"] * show_trainable
    shares = positions or ([0.45, 0.32, 0.23] if not show_trainable else [0.4, 0.28, 0.18, 0.14])
    widths = [max(10, int(share * (width - len(header) - 1))) - 2 for share in shares]
    rows = _rows(_chosen(model.layers, layer_range), expand_nested, show_trainable, "")
    lines = [f'Model: "{model.name}"', *_table(header, rows, widths), *_totals(model)]
    text = "\n".join(lines)
    (print if print_fn is None else print_fn)(text)


def _chosen(layers: list[Any], layer_range: tuple[str, str] | None) -> list[Any]:
    if layer_range is None:
        return layers
    first = [i for i, layer in enumerate(layers) if re.match(layer_range[0], layer.name)]
    last = [i for i, layer in enumerate(layers) if re.match(layer_range[1], layer.name)]
    if not first or not last:
        raise ValueError(
            f"[summary] expected layer_range to match two layers, got {layer_range} for "
            f"{[layer.name for layer in layers]}."
        )
    return layers[min(first) : max(last) + 1]


def _rows(layers: list[Any], expand: bool, trainable: bool, indent: str) -> list[list[str]]:
    rows = []
    for layer in layers:
        count = f"{layer.count_params():,}" if layer.built else "0 (unbuilt)"
        row = [f"{indent}{layer.name} ({type(layer).__name__})", _shape_text(layer), count]
        if trainable:
            row.append("-" if not layer.weights else ("Y" if layer.trainable else "N"))
        rows.append(row)
        inner = getattr(layer, "layers", None)
        if expand and inner:
            rows += _rows(inner, expand, trainable, f"{indent}└ ")
    return rows


def _shape_text(layer: Any) -> str:
    try:
        shapes = nest.map_structure(lambda s: s.shape, layer.output)
    except AttributeError:
        shapes = _shape_when_built(layer)
    if isinstance(shapes, list):
        return ", ".join(str(shape) for shape in shapes)
    return "?" if shapes is None else str(shapes)


def _shape_when_built(layer: Any) -> Any:
    """Shape of the outputs for the shapes with which a layer was built; None where that is unknown."""
    shapes = layer.get_build_config()
    if not shapes:
        return None
    try:
        return layer.compute_output_shape(*shapes.values())
    except (TypeError, ValueError, NotImplementedError):
        return None


def _table(header: list[str], rows: list[list[str]], widths: list[int]) -> list[str]:
    right = len(header) > 2

    def line(cells: list[str], bar: str) -> str:
        shown = [
            c[:w].rjust(w) if right and i == 2 else c[:w].ljust(w)
            for i, (c, w) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"{bar} " + f" {bar} ".join(shown) + f" {bar}"

    def rule(left: str, fill: str, cross: str, end: str) -> str:
        return left + cross.join(fill * (w + 2) for w in widths) + end

    lines = [rule("┏", "━", "┳", "┓"), line(header, "┃"), rule("┡", "━", "╇", "┩")]
    for index, row in enumerate(rows):
        lines.append(line(row, "│"))
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
