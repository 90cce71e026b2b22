"""Moving averages of Variables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.ops import clipping
from thalweg._src.variables.variable import Variable


class ExponentialMovingAverage:
    """Keeps an average of each Variable, in which older values count less and less.

    Args:
        decay: Part of the average that stays at each `apply`, below 1.
        num_updates: Number of updates so far; then at most ``(1 + num_updates) / (10 + num_updates)`` stays,
            so that averages move faster in the beginning. None leaves `decay` as it is.
        zero_debias: Must be False: averages begin with the Variables' values, so that there is no bias.
        name: Ends the averages' names.

    Example:
        >>> import thalweg as tf
        >>> weight = tf.Variable(2.0)
        >>> averages = tf.train.ExponentialMovingAverage(0.5)
        >>> averages.apply([weight])
        >>> weight.assign(4.0).numpy()
        np.float32(4.0)
        >>> averages.apply([weight])
        >>> float(averages.average(weight))
        3.0

    Source: `tf.train.ExponentialMovingAverage`. Optimizers keep such averages themselves: ``use_ema=True``.
    """

    def __init__(
        self,
        decay: Any,
        num_updates: Any = None,
        zero_debias: bool = False,
        name: str = "ExponentialMovingAverage",
    ) -> None:
        if zero_debias:
            raise InvalidArgumentError(
                "[ExponentialMovingAverage] expected zero_debias=False, got True; leave it out: averages of "
                "Variables begin with their values."
            )
        self._decay = decay
        self._num_updates = num_updates
        self._label = name
        self._averages: dict[int, Variable] = {}
        # Keeps the Variables alive by whose identity the averages are found.
        self._averaged: list[Variable] = []

    @property
    def name(self) -> str:
        """Ends the averages' names."""
        return self._label

    def apply(self, var_list: Sequence[Variable] | None = None) -> None:
        """Makes the averages, or moves them towards the Variables' present values.

        Args:
            var_list: Variables of floating dtypes.

        Raises:
            ValueError: No Variables are given.
            TypeError: One is no Variable, or holds no floating numbers.
        """
        if var_list is None:
            raise InvalidArgumentError(
                "[ExponentialMovingAverage.apply] expected var_list: nothing here keeps a list of all "
                "Variables; pass model.trainable_variables."
            )
        for variable in var_list:
            if not isinstance(variable, Variable) or not variable.dtype.is_floating:
                raise DTypeError(
                    "[ExponentialMovingAverage.apply] expected Variables of floating dtypes, got "
                    f"{variable!r}."
                )
            value: Any = variable.read_value()
            average = self._averages.get(id(variable))
            if average is None:
                name = self.average_name(variable)
                self._averages[id(variable)] = Variable(value, trainable=False, name=name)
                self._averaged.append(variable)
                continue
            average.assign_add(
                (1 - self._present_decay(average.dtype)) * (value - average.read_value())
            )

    def _present_decay(self, dtype: Any) -> Any:
        decay = convert_to_tensor(self._decay, dtype)
        if self._num_updates is None:
            return decay
        updates = convert_to_tensor(float(self._num_updates), dtype)
        return clipping.minimum(decay, (1 + updates) / (10 + updates))

    def average(self, var: Variable) -> Variable | None:
        """The Variable that holds an average; None for Variables that `apply` has not seen.

        Args:
            var: The averaged Variable.
        """
        return self._averages.get(id(var))

    def average_name(self, var: Variable) -> str:
        """Name of the Variable that holds an average.

        Args:
            var: The averaged Variable.
        """
        return f"{str(var.name).partition(':')[0]}/{self._label}"

    def variables_to_restore(
        self, moving_avg_variables: Sequence[Variable] | None = None
    ) -> dict[str, Variable]:
        """For the name of each average, the Variable that it is to be loaded into.

        Args:
            moving_avg_variables: Those of the averaged Variables that are wanted; all when None.
        """
        wanted = self._averaged if moving_avg_variables is None else moving_avg_variables
        return {self.average_name(variable): variable for variable in wanted}
