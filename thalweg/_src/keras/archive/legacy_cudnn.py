"""Weights of `CuDNNLSTM` and `CuDNNGRU` as those of `LSTM` and `GRU`, which compute the same.

The layers of Keras 2 for cuDNN keep each gate's matrices the other way round, and two biases for each gate.

Source: cuDNN's layout, and files that Keras 2.15 converts when it loads them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from thalweg._src.keras.archive.h5_gate import Entry

Array = np.ndarray[Any, Any]

_LEAVES = ("kernel", "recurrent_kernel", "bias")
_LSTM_GATES, _GRU_GATES = 4, 3


@dataclass(frozen=True)
class Converted:
    """An array of a file in another form.

    Attributes:
        shape: Its shape.
        value: Reads it.
    """

    shape: tuple[int, ...]
    value: Callable[[], Array]


def without_cudnn(names: Sequence[str], entries: Sequence[Entry]) -> list[Entry | Converted]:
    """The arrays of a layer, those of cuDNN's layers converted.

    Args:
        names: Their names.
        entries: The arrays.
    """
    found: list[Entry | Converted] = list(entries)
    leaves = [name.removesuffix(":0").rpartition("/")[2] for name in names]
    for i in range(len(found) - 2):
        shapes = [entry.shape for entry in entries[i : i + 3]]
        gates = _gates(shapes) if tuple(leaves[i : i + 3]) == _LEAVES else 0
        if gates:
            kernel, recurrent, bias = entries[i : i + 3]
            found[i] = Converted(kernel.shape, _each_gate(kernel, gates, _reordered))
            found[i + 1] = Converted(recurrent.shape, _each_gate(recurrent, gates, np.transpose))
            found[i + 2] = _bias(bias, gates)
    return found


def _gates(shapes: Sequence[tuple[int, ...]]) -> int:
    """Number of gates of one of cuDNN's layers; 0 for others."""
    kernel, recurrent, bias = shapes
    for gates in (_LSTM_GATES, _GRU_GATES):
        if len(kernel) == len(recurrent) == 2 and recurrent[1] == gates * recurrent[0] == kernel[1]:
            return gates if bias == (2 * recurrent[1],) else 0
    return 0


def _each_gate(entry: Entry, gates: int, change: Callable[[Array], Array]) -> Callable[[], Array]:
    return lambda: np.hstack([change(gate) for gate in np.hsplit(entry.value(), gates)])


def _reordered(gate: Array) -> Array:
    """Matrix whose elements lie in memory as those of a gate's transpose do, column after column."""
    return gate.T.reshape(gate.shape, order="F")


def _bias(entry: Entry, gates: int) -> Converted:
    size = entry.shape[0] // 2
    if gates == _LSTM_GATES:
        return Converted((size,), lambda: entry.value().reshape(2, size).sum(axis=0))
    return Converted((2, size), lambda: entry.value().reshape(2, size))
