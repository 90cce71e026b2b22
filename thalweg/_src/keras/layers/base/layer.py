"""`Layer`: weights and a computation, built just in time.

`Layer` is built up by concerns, one a file: `Identity` (name and dtypes), `WeightHolder` (weights and
sublayers), `CallProtocol` (the way of one call) and, here, construction and configuration.
"""

from __future__ import annotations

import inspect
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.base.naming import snake_case
from thalweg._src.keras.base.policy import policy_of
from thalweg._src.keras.base.variable import names
from thalweg._src.keras.layers.base.calling import CallProtocol


class Layer(CallProtocol):
    """Building block of a model: weights, and a computation from inputs to outputs.

    A subclass creates its weights in `build(input_shape)`, which runs before the first call, and
    computes in `call(inputs)`. Layers and Variables set as attributes are tracked.

    Args:
        activity_regularizer: Function of the outputs whose result is added to the loss.
        trainable: Whether the weights are updated in training.
        dtype: Dtype or `DTypePolicy`; the global policy when None.
        autocast: Whether floating inputs are cast to the compute dtype.
        name: Name; made from the class's when None.
        **kwargs: ``input_shape`` (without the batch) or ``batch_input_shape``, which a `Sequential`
            reads from its first layer.

    Example:
        >>> import thalweg as tf
        >>> class Scale(tf.keras.layers.Layer):
        ...     def build(self, input_shape):
        ...         self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones")
        ...
        ...     def call(self, inputs):
        ...         return inputs * self.factor
        >>> Scale()(tf.ones((1, 2))).numpy().tolist()
        [[1.0, 1.0]]

    Source: `keras.layers.Layer`.
    """

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        self = super().__new__(cls)
        object.__setattr__(self, "_given_arguments", (args, kwargs))
        return self

    def __init__(
        self,
        *,
        activity_regularizer: Any = None,
        trainable: bool = True,
        dtype: Any = None,
        autocast: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        self._initialise_state(trainable)
        self._dtype_policy = policy_of(dtype)
        self._autocast = autocast
        self._name = name or names.make(snake_case(type(self).__name__))
        if not isinstance(self._name, str) or "/" in self._name:
            raise ValueError(
                f"[{type(self).__name__}] expected a name without '/', got {self._name!r}: slashes "
                "separate layers in paths of weights."
            )
        self.activity_regularizer = activity_regularizer
        self._declared_input_shape = _declared_shape(kwargs)
        if kwargs:
            raise InvalidArgumentError(
                f"[{type(self).__name__}] got unknown arguments {sorted(kwargs)}; see its docstring."
            )
        self.built = False
        self.supports_masking = False

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer with fresh weights.

        Made from the constructor's arguments when a subclass does not override it.

        Raises:
            NotImplementedError: The constructor was given positional variadic arguments.
        """
        config = {"name": self.name, "trainable": self.trainable, "dtype": self._dtype_policy.name}
        args, kwargs = self._given_arguments
        parameters = list(inspect.signature(type(self).__init__).parameters.values())[1:]
        if args and any(p.kind is p.VAR_POSITIONAL for p in parameters):
            raise NotImplementedError(
                f"[{type(self).__name__}.get_config] expected named constructor arguments, got "
                "positional variadic ones; override get_config()."
            )
        given = dict(zip((p.name for p in parameters), args, strict=False)) | kwargs
        return config | given

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Layer made from `get_config()`'s result, with fresh weights."""
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def _declared_shape(kwargs: dict[str, Any]) -> tuple[int | None, ...] | None:
    """Shape with the batch from the Keras 2 arguments of a first layer; they are taken out of `kwargs`."""
    batch = kwargs.pop("batch_input_shape", None) or kwargs.pop("batch_shape", None)
    inner = kwargs.pop("input_shape", None)
    size = kwargs.pop("input_dim", None)
    batch_size = kwargs.pop("batch_size", None)
    if batch is not None:
        return tuple(batch)
    if inner is not None:
        return (batch_size, *inner)
    return None if size is None else (batch_size, size)
