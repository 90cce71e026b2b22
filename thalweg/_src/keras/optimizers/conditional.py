"""What happens in some steps only: updates that hold where a condition is true."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from thalweg._src.keras.base.stateless import StatelessScope
from thalweg._src.ops import elementwise
from thalweg._src.ops.comparison import equal
from thalweg._src.ops.selection import where
from thalweg._src.variables.variable import Variable


def is_due(count: Any, steps: int) -> Any:
    """Whether the step after `count` others is one of each `steps`."""
    return equal(elementwise.floormod(elementwise.add(count, 1), steps), 0)


def assign_where(condition: Any, update: Callable[[], None], variables: Iterable[Variable]) -> None:
    """Runs an update whose assignments hold where `condition` is true.

    The new value is computed in any case and chosen after: for the elementwise updates of optimizers this
    fuses into one pass over the weights, where a branch would copy them and keep one thread waiting.

    Args:
        condition: Boolean scalar.
        update: Assigns Variables.
        variables: Those that it may assign.
    """
    scope = StatelessScope()
    with scope:
        update()
    for variable in variables:
        value = scope.get_current_value(variable)
        if value is not None:
            variable.assign(where(condition, value, variable))
