"""`Metric`: state that is updated batch by batch, and a result computed from it."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.naming import UniqueNames, snake_case
from thalweg._src.keras import initializers
from thalweg._src.keras.base.policy import floatx, policy_of
from thalweg._src.keras.base.precision import wide_dtype
from thalweg._src.keras.base.serialization import Serializable
from thalweg._src.keras.base.stateless import StatelessScope
from thalweg._src.keras.base.variable import KerasVariable, path_scope
from thalweg._src.keras.losses.ragged_values import taking_values
from thalweg._src.variables.variable import Variable

names = UniqueNames()


class Metric(Serializable):
    """Quantity that is gathered over batches.

    A subclass creates its state with `add_variable` in its constructor and defines
    ``update_state(y_true, y_pred, sample_weight=None)`` and ``result()``.

    Args:
        dtype: Dtype of state and result; the global policy's when None.
        name: Name; made from the class's when None.

    Example:
        >>> import thalweg as tf
        >>> m = tf.keras.metrics.Mean()
        >>> m.update_state([1.0, 3.0])
        >>> float(m.result())
        2.0

    Source: `keras.metrics.Metric`.
    """

    keras_module = "keras.metrics"
    #: Whether `update_state` takes ragged tensors as they are; else it gets their values.
    takes_ragged = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "update_state" in cls.__dict__:
            setattr(cls, "update_state", taking_values(cls.__dict__["update_state"]))  # noqa: B010 for mypy

    def __init__(self, dtype: Any = None, name: str | None = None) -> None:
        self.name = name or names.make(snake_case(type(self).__name__))
        self._dtype_policy = policy_of(dtype or floatx())
        self._variables: list[Variable] = []
        self._metrics: list[Metric] = []

    def __setattr__(self, name: str, value: Any) -> None:
        known = self.__dict__.get("_variables")
        if known is not None:
            if isinstance(value, Variable) and not any(v is value for v in known):
                known.append(value)
            elif isinstance(value, Metric):
                self._metrics.append(value)
        object.__setattr__(self, name, value)

    @property
    def dtype(self) -> str:
        """Dtype of state and result."""
        return self._dtype_policy.variable_dtype

    @property
    def variables(self) -> list[Variable]:
        """The state."""
        return [*self._variables, *(v for m in self._metrics for v in m.variables)]

    def add_variable(
        self,
        shape: Any,
        initializer: Any,
        dtype: Any = None,
        aggregation: str = "sum",
        name: str | None = None,
    ) -> KerasVariable:
        """New piece of state, which is never trained.

        Args:
            shape: Sizes.
            initializer: Name, `Initializer` or function of (shape, dtype).
            dtype: Dtype; the metric's when None.
            aggregation: How replicas combine it.
            name: Name.
        """
        with path_scope(self.name):
            variable = KerasVariable(
                initializers.get(initializer),
                shape=tuple(shape),
                dtype=dtype or self.dtype,
                trainable=False,
                aggregation=aggregation,
                name=name,
            )
        self._variables.append(variable)
        return variable

    @property
    def _count_dtype(self) -> str:
        return wide_dtype(self.dtype)

    def _add_count(self, shape: Any, name: str) -> KerasVariable:
        """New piece of state that holds counts, which half precision could not."""
        return self.add_variable(shape, "zeros", self._count_dtype, name=name)

    def add_weight(
        self, shape: Any = (), initializer: Any = None, dtype: Any = None, name: str | None = None
    ) -> KerasVariable:
        """New piece of state; `add_variable` under the name that Keras 2 used."""
        return self.add_variable(shape, initializer or "zeros", dtype, name=name)

    def update_state(self, *args: Any, **kwargs: Any) -> None:
        """Takes in one batch; for subclasses."""
        raise NotImplementedError(
            f"[{type(self).__name__}] expected a subclass to define update_state."
        )

    def result(self) -> Any:
        """Value for all batches since the last `reset_state`; for subclasses."""
        raise NotImplementedError(f"[{type(self).__name__}] expected a subclass to define result.")

    def reset_state(self) -> None:
        """Sets all state to zero."""
        for variable in self.variables:
            variable.assign(initializers.Zeros()(tuple(variable.shape), dtype=variable.dtype))

    def stateless_update_state(self, metric_variables: Any, *args: Any, **kwargs: Any) -> list[Any]:
        """Values that the state has after a batch; the metric itself stays as it is.

        Args:
            metric_variables: Values of `variables`, in order.
            *args: Arguments of `update_state`.
            **kwargs: Keyword arguments of `update_state`.
        """
        with StatelessScope(self._paired(metric_variables)) as scope:
            self.update_state(*args, **kwargs)
        return [scope.get_current_value(v) for v in self.variables]

    def stateless_result(self, metric_variables: Any) -> Any:
        """Result for given values of the state.

        Args:
            metric_variables: Values of `variables`, in order.
        """
        with StatelessScope(self._paired(metric_variables)):
            return self.result()

    def stateless_reset_state(self) -> list[Any]:
        """Values that the state has before the first batch; the metric itself stays as it is."""
        with StatelessScope([(v, v.value) for v in self.variables]) as scope:
            self.reset_state()
        return [scope.get_current_value(v) for v in self.variables]

    def _paired(self, values: Any) -> list[tuple[Any, Any]]:
        given = list(values)
        if len(given) != len(self.variables):
            raise ValueError(
                f"[{self.name}] expected {len(self.variables)} values for the state, got {len(given)}."
            )
        return list(zip(self.variables, given, strict=True))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.update_state(*args, **kwargs)
        return self.result()

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        return {"name": self.name, "dtype": self._dtype_policy.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Metric made from `get_config()`'s result."""
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"
