"""`MovingAverages`: the moving averages of weights that an optimizer keeps with ``use_ema=True``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from thalweg._src.keras.optimizers.arguments import check_averaging
from thalweg._src.keras.optimizers.conditional import is_due
from thalweg._src.keras.optimizers.state import OptimizerState, copy_of
from thalweg._src.ops.casting import cast
from thalweg._src.ops.comparison import equal
from thalweg._src.ops.selection import where
from thalweg._src.variables.variable import Variable


class MovingAverages(OptimizerState):
    """State with an average for each weight."""

    def _initialise_averages(
        self, use_ema: bool, ema_momentum: float, ema_overwrite_frequency: int | None
    ) -> None:
        if use_ema:
            check_averaging(type(self).__name__, ema_momentum, ema_overwrite_frequency)
        self.use_ema = use_ema
        self.ema_momentum = ema_momentum
        self.ema_overwrite_frequency = ema_overwrite_frequency
        self._averages: list[Any] = []

    @property
    def iterations(self) -> Any:
        """Number of updates so far."""
        raise NotImplementedError

    def averages(self) -> list[tuple[Variable, Variable]]:
        """Pairs of a weight and its moving average; none without `use_ema`."""
        pairs = zip(self._trained, self._averages, strict=False)
        return [(weight, average) for weight, average in pairs if average is not None]

    def finalize_variable_values(self, var_list: Iterable[Variable]) -> None:
        """Puts the moving averages into weights, with `use_ema`; `fit` calls it at its end.

        Args:
            var_list: The weights.
        """
        wanted = {id(v) for v in var_list}
        for weight, average in self.averages():
            if id(weight) in wanted:
                weight.assign(average)

    def _build_averages(self) -> None:
        if self.use_ema:
            # Begun with the weights, averages are sound even when no step ever moves them.
            for variable in self._trained:
                self._averages += self.add_optimizer_variables(
                    [variable], "average", copy_of(variable)
                )

    def _average(self) -> None:
        """Moves the averages towards the weights, and puts them into these where that is due."""
        if not self.use_ema:
            return
        updates, frequency = self.iterations, self.ema_overwrite_frequency
        # The first average is the weight itself, not a mix with the zeros that were there before.
        kept = where(equal(updates, 0), 0.0, float(self.ema_momentum))
        for weight, average in self.averages():
            share = cast(kept, weight._dtype)
            moved = share * average + (1 - share) * weight
            average.assign(moved)
            if frequency is not None:
                weight.assign(where(is_due(updates, frequency), moved, weight))
