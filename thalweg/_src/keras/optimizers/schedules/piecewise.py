"""Learning rates that are constant between given steps."""

from __future__ import annotations

from typing import Any

from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.optimizers.schedules.base import LearningRateSchedule, number
from thalweg._src.ops.casting import cast
from thalweg._src.ops.selection import where


class PiecewiseConstantDecay(LearningRateSchedule):
    """The first value up to and including the first boundary, then the second, and so on.

    Args:
        boundaries: Numbers of steps, growing.
        values: Rates, one more than there are boundaries.
        name: Name.

    Source: `keras.optimizers.schedules.PiecewiseConstantDecay`.
    """

    def __init__(
        self,
        boundaries: list[int],
        values: list[float],
        name: str = "PiecewiseConstant",
    ) -> None:
        if len(boundaries) != len(values) - 1:
            raise ValueError(
                "[PiecewiseConstantDecay] expected one boundary fewer than values, got "
                f"{len(boundaries)} boundaries and {len(values)} values."
            )
        self.boundaries = boundaries
        self.values = values
        self.name = name

    def __call__(self, step: Any) -> Any:
        """Learning rate after `step` steps."""
        step = convert_to_tensor(step)
        rate = number(self.values[0])
        for boundary, value in zip(self.boundaries, self.values[1:], strict=True):
            rate = where(step > cast(boundary, step.dtype), number(value), rate)
        return rate

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal schedule."""
        return {
            "boundaries": self.boundaries,
            "values": self.values,
            "name": self.name,
        }
