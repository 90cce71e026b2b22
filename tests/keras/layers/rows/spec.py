"""Rows of the layers' table: plain data, so that real Keras can be asked the same.

This module and the tables import nothing of thalweg; `record.py` runs them under Keras.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np


class L:
    """A layer to be made: its class's name and its arguments, which may hold more of these."""

    def __init__(self, name: str, /, *args: Any, **kwargs: Any) -> None:
        self.name, self.args, self.kwargs = name, args, kwargs

    def make(self, keras: Any) -> Any:
        """The layer, of `keras` real or ours."""
        kind = getattr(keras.layers, self.name)
        args = [_made(a, keras) for a in self.args]
        return kind(*args, **{k: _made(v, keras) for k, v in self.kwargs.items()})


def _made(value: Any, keras: Any) -> Any:
    if isinstance(value, L):
        return value.make(keras)
    if isinstance(value, list):
        return [_made(v, keras) for v in value]
    return value


@dataclass(frozen=True)
class Row:
    """One layer with one set of arguments, and what to try it on.

    Attributes:
        id: Name of the row, unique in the whole table.
        layer: The layer.
        shapes: Shape of each input, with the batch; one input is no list for the layer.
        calls: Further arguments of the call: name to a shape (of floats), a function of the batch size that
            returns an array, or a plain value.
        integers: For integer inputs, the number of classes; None for floats.
        training: Value of ``training`` for golden values; None leaves it out.
        random: The outputs are random in training: no golden values of training, no gradient check then.
        mask: Whether the layer takes a mask of shape ``(batch, time)`` for its first input.
        smooth: Whether a gradient check makes sense.
        trainable: Whether a training step through the layer makes sense.
        drawn: Whether the layer can be called on symbolic tensors.
        mixed: Whether outputs are in the compute dtype under mixed precision.
        golden: Whether real Keras has the same to compare with; False needs a reason beside it.
        tolerance: Absolute and relative tolerance against Keras.
    """

    id: str
    layer: L
    shapes: tuple[tuple[int, ...], ...]
    calls: dict[str, Any] = field(default_factory=dict)
    integers: int | None = None
    training: bool | None = None
    random: bool = False
    mask: bool = False
    smooth: bool = True
    trainable: bool = True
    drawn: bool = True
    mixed: bool = True
    golden: bool = True
    tolerance: float = 1e-5

    def inputs(self, batch: int | None = None, dtype: str = "float32") -> Any:
        """Inputs, the same each time; another batch size where one is given."""
        shapes = [s if batch is None else (batch, *s[1:]) for s in self.shapes]
        values = [wave(shape, index, self.integers, dtype) for index, shape in enumerate(shapes)]
        return values[0] if len(values) == 1 else values

    def arguments(self, batch: int | None = None) -> dict[str, Any]:
        """Further arguments of the call."""
        found = {}
        for index, (name, value) in enumerate(self.calls.items()):
            if isinstance(value, tuple):
                shape = value if batch is None else (batch, *value[1:])
                value = wave(shape, 7 + index, None, "float32")
            elif callable(value):
                value = value(batch or self.shapes[0][0])
            found[name] = value
        return found

    def step_mask(self, batch: int | None = None) -> Any:
        """Mask of shape ``(batch, time)``: each sample is cut off somewhere else."""
        count, time = (batch or self.shapes[0][0]), self.shapes[0][1]
        return np.array([[t < time - (b % time) for t in range(time)] for b in range(count)])


def wave(shape: tuple[int, ...], phase: int, integers: int | None, dtype: str) -> Any:
    """Values that need no random generator: cosines, or integers below a number."""
    steps = np.arange(math.prod(shape))
    if integers is not None:
        return ((steps * 7 + phase) % integers).astype("int32").reshape(shape)
    return np.cos(steps * 0.37 + phase).astype(dtype).reshape(shape)


def fill(layer: Any) -> None:
    """Gives every weight a value that depends on its position only; variances are positive."""
    values = []
    for index, weight in enumerate(layer.weights):
        steps = np.arange(math.prod(weight.shape))
        value = (0.5 * np.sin(steps * 0.7 + index)).reshape(tuple(weight.shape))
        positive = "variance" in weight.name
        values.append((np.abs(value) + 0.5 if positive else value).astype("float32"))
    layer.set_weights(values)
    if hasattr(layer, "finalize_state"):
        layer.finalize_state()  # Keras' Normalization reads its weights only then
