"""`StatelessScope`: within it, Variables are read from and written to a mapping instead of themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.recorders import state
from thalweg._src.core.tensor import Tensor


class StatelessScope:
    """Runs code that reads and assigns Variables without touching them.

    Args:
        state_mapping: Pairs of a Variable and the value it has inside, or None.
        collect_losses: Whether `add_loss` collects.
        initialize_variables: Whether Variables may be created inside.

    Example:
        >>> import thalweg as tf
        >>> v = tf.keras.Variable(1.0)
        >>> with tf.keras.StatelessScope([(v, tf.constant(5.0))]) as scope:
        ...     v.assign(v + 1.0)
        >>> float(v), float(scope.get_current_value(v))
        (1.0, 6.0)

    Source: `keras.StatelessScope`.
    """

    def __init__(
        self,
        state_mapping: Iterable[tuple[Any, Any]] | None = None,
        collect_losses: bool = False,
        initialize_variables: bool = True,
    ) -> None:
        self.collect_losses = collect_losses
        self.initialize_variables = initialize_variables
        self.losses: list[Any] = []
        self._values: dict[int, Tensor] = {}
        self._kept: list[Any] = []
        self._parents: list[Any] = []
        for variable, value in state_mapping or ():
            self._values[id(variable)] = self._checked(variable, value)
            self._kept.append(variable)

    @staticmethod
    def _checked(variable: Any, value: Any) -> Tensor:
        tensor = as_tensor(value)
        if tensor is None:
            tensor = convert_to_tensor(value, variable.dtype)
        if tuple(tensor.shape) != tuple(variable.shape):
            raise ValueError(
                f"[StatelessScope] expected shape {tuple(variable.shape)} for {variable.name!r}, got "
                f"{tuple(tensor.shape)}."
            )
        return tensor

    def __enter__(self) -> StatelessScope:
        self._parents = list(state.scopes)
        state.scopes.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        state.scopes.remove(self)

    def read(self, variable: Any) -> Tensor:
        """Value of a Variable inside the scope."""
        known = self._values.get(id(variable))
        if known is not None:
            return known
        return self._parents[-1].read(variable) if self._parents else variable._tensor

    def write(self, variable: Any, tensor: Tensor) -> None:
        """The Variable has this value inside the scope from now on."""
        self._values[id(variable)] = tensor
        self._kept.append(variable)

    def lift_initial_value(self, initial_value: Any, dtype: Any, lifting: bool) -> Tensor:
        """First value of a Variable that is created inside."""
        if not self.initialize_variables:
            raise ValueError(
                "[StatelessScope] expected no new Variables inside (initialize_variables=False); create "
                "them before."
            )
        if self._parents:
            return self._parents[-1].lift_initial_value(initial_value, dtype, lifting)
        value = initial_value() if callable(initial_value) else initial_value
        return convert_to_tensor(value, dtype)

    def get_current_value(self, variable: Any) -> Any:
        """Value that a Variable has inside the scope; None for one that is neither given nor assigned."""
        return self._values.get(id(variable))

    def add_update(self, update: tuple[Any, Any]) -> None:
        """Sets the value of a Variable: ``(variable, value)``."""
        variable, value = update
        self.write(variable, self._checked(variable, value))

    def add_loss(self, loss: Any) -> None:
        """Collects a loss, where the scope does that."""
        if self.collect_losses:
            self.losses.append(loss)
