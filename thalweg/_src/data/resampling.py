"""Leaving elements out so that classes have chosen frequencies: rejection_resample."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.data.mapping import ElementFunction, run_number
from thalweg._src.data.node import UNKNOWN, Cursor, Node, Run, SimpleCursor, generator_for

# Elements that each class is taken to have had before the first one, so that no frequency is 0.
_PRIOR = 1.0


class Resample(Node):
    """Pairs of a class and an element, kept with the chance that makes its class as frequent as asked.

    Args:
        input: The elements.
        class_function: Function of an element that returns its class.
        target: Frequency of each class in the result.
        initial: Frequency of each class in the input; counted on the way when None.
        seed: Words of the draws.
    """

    name = "rejection_resample"

    def __init__(
        self,
        input: Node,
        class_function: Callable[..., Any],
        target: np.ndarray[Any, Any],
        initial: np.ndarray[Any, Any] | None,
        seed: tuple[int, ...],
    ) -> None:
        super().__init__(input)
        self.classes = ElementFunction(class_function, input, "Dataset.rejection_resample", seed)
        self.target = target / target.sum()
        self.initial = initial
        self._seed = seed

    @property
    def spec(self) -> Any:
        """Pairs."""
        return (TensorSpec((), dtypes.int32), self.inputs[0].spec)

    @property
    def cardinality(self) -> int:
        """Unknown; none of none."""
        return 0 if self.inputs[0].cardinality == 0 else UNKNOWN

    def open(self, run: Run) -> Cursor:
        """Cursor that draws afresh."""
        random = generator_for(self._seed, run)
        return _ResampleCursor(self, self.inputs[0].open(run), run_number(run), random)

    def settings(self) -> dict[str, Any]:
        """The frequencies."""
        return {"target_dist": self.target.tolist()}


class _ResampleCursor(SimpleCursor):
    def __init__(self, node: Resample, input: Cursor, epoch: int, random: np.random.Generator) -> None:
        super().__init__(input)
        self._node = node
        self._epoch = epoch
        self._random = random
        self._index = 0
        self._counts = np.full(node.target.shape, _PRIOR)

    def row(self) -> list[Any] | None:
        while (row := self.input.row()) is not None:
            (found,) = self._node.classes.of_one(row, self._epoch, self._index)
            self._index += 1
            number = int(found)
            if not 0 <= number < len(self._counts):
                raise InvalidArgumentError(
                    f"[Dataset.rejection_resample] expected classes from 0 to {len(self._counts) - 1}, got "
                    f"{number} for element {self._index - 1}."
                )
            self._counts[number] += 1
            if self._random.random() < self._chances()[number]:
                return [np.asarray(number, np.int32), *row]
        return None

    def _chances(self) -> np.ndarray[Any, Any]:
        """Chance to keep an element of each class; that of the rarest, as seen from the target, is 1."""
        initial = self._counts if self._node.initial is None else self._node.initial
        ratios = np.divide(
            self._node.target, initial, out=np.zeros_like(self._node.target), where=initial > 0
        )
        return ratios / ratios.max()

    def skip(self, count: int) -> int:
        return Cursor.skip(self, count)
