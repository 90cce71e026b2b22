"""Regularizers: functions of weights whose result is added to the loss."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.base.registry import resolve, table_of
from thalweg._src.keras.base.serialization import Serializable, plain
from thalweg._src.keras.base.settings import epsilon
from thalweg._src.ops import clipping, elementwise, exponential, reduction, shaping
from thalweg._src.ops.contraction import matmul


class Regularizer(Serializable):
    """Function of a tensor that gives a scalar penalty; subclasses define `__call__`.

    Source: `keras.regularizers.Regularizer`.
    """

    keras_module = "keras.regularizers"

    def __call__(self, x: Any) -> Any:
        """Penalty of `x`."""
        raise NotImplementedError(
            f"[{type(self).__name__}] expected a subclass to define __call__."
        )

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal regularizer."""
        return dict(self.__dict__)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Regularizer made from `get_config()`'s result."""
        return cls(**config)


def _factor(owner: Regularizer, name: str, value: Any, default: float) -> float:
    """The value as a number, which is finite and not negative; None stands for the default."""
    number = default if value is None else value
    known = isinstance(number, (int, float, np.integer, np.floating))
    if not known or not 0 <= number < math.inf:
        raise InvalidArgumentError(
            f"[{type(owner).__name__}] expected {name} as a number of 0 or more, got {value!r}."
        )
    return float(number)


class L1L2(Regularizer):
    """``l1 * sum(|x|) + l2 * sum(x**2)``.

    Args:
        l1: Factor of the absolute values.
        l2: Factor of the squares.

    Source: `keras.regularizers.L1L2`.
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.l1, self.l2 = _factor(self, "l1", l1, 0.0), _factor(self, "l2", l2, 0.0)

    def __call__(self, x: Any) -> Any:
        """Penalty of `x`."""
        total: Any = None
        if self.l1:
            total = elementwise.multiply(reduction.reduce_sum(elementwise.abs(x)), self.l1)
        if self.l2:
            squares = elementwise.multiply(reduction.reduce_sum(elementwise.square(x)), self.l2)
            total = squares if total is None else elementwise.add(total, squares)
        return elementwise.multiply(reduction.reduce_sum(x), 0.0) if total is None else total


class L1(L1L2):
    """``l1 * sum(|x|)``.

    Args:
        l1: Factor.

    Source: `keras.regularizers.L1`.
    """

    def __init__(self, l1: float = 0.01) -> None:
        super().__init__(l1=0.01 if l1 is None else l1)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal regularizer."""
        return {"l1": self.l1}


class L2(L1L2):
    """``l2 * sum(x**2)``.

    Args:
        l2: Factor.

    Source: `keras.regularizers.L2`.
    """

    def __init__(self, l2: float = 0.01) -> None:
        super().__init__(l2=0.01 if l2 is None else l2)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal regularizer."""
        return {"l2": self.l2}


class OrthogonalRegularizer(Regularizer):
    """Penalty of rows (or columns) of a matrix that are not orthogonal to each other.

    Args:
        factor: Factor of the mean magnitude of the cosines between them.
        mode: ``"rows"`` or ``"columns"``.

    Source: `keras.regularizers.OrthogonalRegularizer`.
    """

    def __init__(self, factor: float = 0.01, mode: str = "rows") -> None:
        if mode not in ("rows", "columns"):
            raise ValueError(
                f"[OrthogonalRegularizer] expected mode 'rows' or 'columns', got {mode!r}."
            )
        self.factor, self.mode = _factor(self, "factor", factor, 0.01), mode

    def __call__(self, inputs: Any) -> Any:
        """Penalty of the matrix `inputs`."""
        x = convert_to_tensor(inputs)
        if len(x.shape) != 2:
            raise ShapeError(
                f"[OrthogonalRegularizer] expected a matrix, got shape {tuple(x.shape)}; reshape kernels "
                "of more dimensions."
            )
        rows = x if self.mode == "rows" else shaping.transpose(x)
        squares = reduction.reduce_sum(rows * rows, axis=1, keepdims=True)
        rows = rows * exponential.rsqrt(clipping.maximum(squares, epsilon() ** 2))
        count = int(rows.shape[0])
        apart = convert_to_tensor(1.0 - np.eye(count), dtype=rows.dtype)
        cosines = abs(matmul(rows, rows, transpose_b=True) * apart)
        pairs = count * (count - 1.0) / 2.0
        return self.factor * 0.5 * reduction.reduce_sum(cosines) / pairs


_TABLE = table_of(L1, L2, L1L2, OrthogonalRegularizer, l1_l2=L1L2)


def get(identifier: Any) -> Any:
    """Regularizer that a name, config or function stands for; None stays None.

    Args:
        identifier: Such as ``"l2"``.

    Raises:
        ValueError: An unknown name; the message suggests the nearest.

    Source: `keras.regularizers.get`.
    """
    return None if identifier is None else resolve("regularizer", identifier, _TABLE)


def serialize(regularizer: Regularizer) -> Any:
    """Config from which `get` makes an equal regularizer.

    Args:
        regularizer: The object.

    Source: `keras.regularizers.serialize`.
    """
    return plain(regularizer)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Regularizer of a config made by `serialize`.

    Args:
        config: The config.
        custom_objects: Further classes by name.

    Source: `keras.regularizers.deserialize`.
    """
    return resolve("regularizer", config, _TABLE | (custom_objects or {}))
