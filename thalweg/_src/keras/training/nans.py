"""`NanGuard`: finds the step, layer and op where numbers stopped being finite."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.numerics_check import disable_check_numerics, enable_check_numerics
from thalweg._src.core.tensor import Tensor


class NanGuard:
    """Keeps the state from before each dispatch, and replays the dispatch op by op when it went wrong.

    Args:
        state: Gives the Variables that steps change.
        replay: Function of a number of steps that runs the last ones again op by op.
    """

    def __init__(self, state: Callable[[], list[Any]], replay: Callable[[int], None]) -> None:
        self._state = state
        self._replay = replay
        self._kept: list[tuple[Any, Tensor]] = []
        self.keep()

    def keep(self) -> None:
        """Notes the values from which the next steps start."""
        self._kept = []
        for variable in self._state():
            # Shared: programs copy the buffer instead of destroying it.
            variable._shared = True
            self._kept.append((variable, variable._tensor))

    def look(self, logs: dict[str, Any], start: int, count: int) -> None:
        """Raises when a value or a weight is not finite after steps ``start ... start + count - 1``.

        Raises:
            InvalidArgumentError: The message names the step; notes name op and layer.
        """
        bad = [name for name, value in logs.items() if not np.isfinite(value).all()]
        bad += [
            variable.name
            for variable, _ in self._kept
            if variable._tensor.dtype.is_floating and not np.isfinite(_array(variable)).all()
        ]
        if not bad:
            self.keep()
            return
        for variable, tensor in self._kept:
            variable._set(tensor)
        enable_check_numerics()
        try:
            self._replay(count)
        except Exception as error:
            error.add_note(f"in a step from {start} to {start + count - 1} of the epoch (counted from 0)")
            raise
        finally:
            disable_check_numerics()
            for variable, tensor in self._kept:
                variable._set(tensor)
        raise InvalidArgumentError(
            f"[fit] expected finite numbers, got NaN or infinity in {bad} after steps {start} to "
            f"{start + count - 1}; op by op the steps stay finite, so that it comes from the order of "
            "sums in the compiled program: lower the learning rate or clip gradients."
        )


def _array(variable: Any) -> Any:
    return np.asarray(variable._tensor.array).astype(np.float32)
