"""`Layer`: weights and a computation, built just in time.

`Layer` is built up by concerns, one a file: `Operation` (a node of graphs), `Identity` (name and dtypes),
`WeightHolder` (weights and sublayers), `CallProtocol` (the way of one call) and, here, construction,
configuration and calls without state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from thalweg._src.base.api_names import Replaced, older_arguments
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.base.naming import snake_case
from thalweg._src.keras import regularizers
from thalweg._src.keras.base.policy import policy_of
from thalweg._src.keras.base.rematerialization import current_remat_mode
from thalweg._src.keras.base.serialization import (
    Serializable,
    constructor_parameters,
    plain,
    takes_keywords,
)
from thalweg._src.keras.base.stateless import StatelessScope
from thalweg._src.keras.base.variable import names
from thalweg._src.keras.layers.base.calling import CallProtocol

_BASE = ("name", "trainable", "dtype")


class Layer(CallProtocol, Serializable):
    """Building block of a model: weights, and a computation from inputs to outputs.

    A subclass creates its weights in `build(input_shape)`, which runs before the first call, and
    computes in `call(inputs)`. Layers and Variables set as attributes are tracked.

    Args:
        activity_regularizer: Name or function of the outputs, whose result is added to the loss.
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

    Source: `keras.layers.Layer`. Freezing a layer leaves ``trainable`` of its Variables as it is, so that one
    frozen by itself stays frozen when the layer is thawed; `trainable_weights` follows both.
    """

    keras_module = "keras.layers"

    add_update = Replaced("keras.Layer")
    get_input_at = Replaced("keras.Layer")
    get_output_at = Replaced("keras.Layer")
    inbound_nodes = Replaced("keras.Layer")
    input_shape = Replaced("keras.Layer")
    output_shape = Replaced("keras.Layer")
    updates = Replaced("keras.Layer")

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
        object.__setattr__(self, "_inbound_nodes", [])
        object.__setattr__(self, "_outer_path", ())
        object.__setattr__(self, "_build_shapes", None)
        object.__setattr__(self, "_remat", current_remat_mode())
        self._dtype_policy = policy_of(dtype)
        self._autocast = autocast
        self._name = name or names.make(snake_case(type(self).__name__))
        if not isinstance(self._name, str) or "/" in self._name:
            raise ValueError(
                f"[{type(self).__name__}] expected a name without '/', got {self._name!r}: slashes "
                "separate layers in paths of weights."
            )
        self.activity_regularizer = regularizers.get(activity_regularizer)
        self._declared_input_shape = _declared_shape(kwargs)
        if kwargs:
            raise InvalidArgumentError(
                f"[{type(self).__name__}] got unknown arguments {sorted(kwargs)}; see its docstring."
                + older_arguments(kwargs, f"keras.layers.{type(self).__name__}", "keras.Layer")
            )
        self.built = False
        self.supports_masking = type(self).supports_masking or self._makes_masks
        self.input_spec = None

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer with fresh weights.

        Made from the constructor's arguments where a subclass does not override it; a subclass that does
        gets ``name``, ``trainable`` and ``dtype`` from ``super().get_config()``.
        """
        base = {"name": self.name, "trainable": self.trainable, "dtype": plain(self._dtype_policy)}
        own: Any = next(kind for kind in type(self).__mro__ if _is_own(kind))
        if own.keras_module == Layer.keras_module and own is not Layer:
            base |= self._arguments_kept_by(own)
        if own is type(self) or type(self).get_config is not own.get_config:
            return base
        fitting = takes_keywords(type(self), base)
        return {k: v for k, v in base.items() if fitting[k]} | self._given()

    def _arguments_kept_by(self, own: type) -> dict[str, Any]:
        """Constructor arguments of one of Keras' own layers, which keeps each under its name."""
        wanted = [n for n in constructor_parameters(own) if n not in (*_BASE, "autocast")]
        given = self._named_arguments()
        found = {
            name: getattr(self, name) if hasattr(self, name) else given.get(name) for name in wanted
        }
        if found.get("activity_regularizer") is None:
            found.pop("activity_regularizer", None)
        return plain(found)

    def _given(self) -> dict[str, Any]:
        """Constructor arguments as the user gave them.

        Raises:
            NotImplementedError: Some came as positional variadic ones.
        """
        args, _ = self._given_arguments
        if len(args) > len(constructor_parameters(type(self))):
            raise NotImplementedError(
                f"[{type(self).__name__}.get_config] expected named constructor arguments, got "
                "positional variadic ones; override get_config()."
            )
        return plain({k: v for k, v in self._named_arguments().items() if k not in _BASE})

    def _named_arguments(self) -> dict[str, Any]:
        args, kwargs = self._given_arguments
        return dict(zip(constructor_parameters(type(self)), args, strict=False)) | kwargs

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Layer made from `get_config()`'s result, with fresh weights.

        Raises:
            TypeError: The constructor does not take what the config holds.
        """
        try:
            return cls(**config)
        except TypeError as error:
            error.add_note(
                f"[{cls.__name__}.from_config] the constructor must take the keys of the config, "
                f"{sorted(config)}; take **kwargs and hand them to super().__init__(), or override "
                "get_config() and from_config()."
            )
            raise

    def stateless_call(
        self,
        trainable_variables: Any,
        non_trainable_variables: Any,
        *args: Any,
        return_losses: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Calls the layer as a pure function of its Variables.

        Args:
            trainable_variables: Values for `trainable_variables`, in order.
            non_trainable_variables: Values for `non_trainable_variables`, in order.
            *args: Arguments of the call.
            return_losses: Whether to return the losses that the call added, too.
            **kwargs: Keyword arguments of the call.

        Returns:
            ``(outputs, non_trainable_variables)``, and a list of losses where asked for; the layer's own
            Variables keep their values.

        Raises:
            ValueError: Another number of values.

        Source: `keras.layers.Layer.stateless_call`.
        """
        (outputs, losses), (_, updated) = self._statelessly(
            lambda: (self(*args, **kwargs), list(self.losses) if return_losses else []),
            [self.trainable_variables, self.non_trainable_variables],
            [trainable_variables, non_trainable_variables],
        )
        return (outputs, updated, losses) if return_losses else (outputs, updated)

    def _statelessly(
        self, run: Callable[[], Any], groups: list[list[Any]], values: list[Any]
    ) -> tuple[Any, list[list[Any]]]:
        """Result of `run` with other values for groups of Variables, and their values afterwards."""
        mapping: list[tuple[Any, Any]] = []
        for variables, given in zip(groups, values, strict=True):
            mapping += _paired(self, variables, given)
        with StatelessScope(mapping) as scope:
            result = run()
        return result, [[scope.get_current_value(v) for v in group] for group in groups]

    def save_own_variables(self, store: dict[str, Any]) -> None:
        """Puts the values of the layer's own Variables into a mapping.

        Args:
            store: Mapping from names (numbers in order) to arrays.
        """
        for index, variable in enumerate(self._stored_variables()):
            store[str(index)] = variable.numpy()

    def load_own_variables(self, store: Mapping[str, Any]) -> None:
        """Takes the values of the layer's own Variables from a mapping; all fit or none is taken.

        Args:
            store: What `save_own_variables` filled.

        Raises:
            ValueError: Another number of values, or another shape.
        """
        own = self._stored_variables()
        where = f"{type(self).__name__} {self.path!r} load_own_variables"
        if len(store) != len(own):
            hint = "; build or call the layer first" if not own and not self.built else ""
            raise ValueError(f"[{where}] expected {len(own)} arrays, got {len(store)}{hint}.")
        values = [np.asarray(store[str(index)]) for index in range(len(own))]
        for variable, value in zip(own, values, strict=True):
            if tuple(value.shape) != tuple(variable.shape):
                raise ValueError(
                    f"[{where}] expected shape {tuple(variable.shape)} for {variable.name!r}, got "
                    f"{tuple(value.shape)}."
                )
        for variable, value in zip(own, values, strict=True):
            variable.assign(value)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def _is_own(kind: type) -> bool:
    """True for classes of this package, whose attributes are named after constructor arguments."""
    return kind.__module__.startswith("thalweg._src.keras.")


def _paired(layer: Layer, variables: list[Any], values: Any) -> list[tuple[Any, Any]]:
    given = list(values)
    if len(given) != len(variables):
        raise ValueError(
            f"[{type(layer).__name__} {layer.name!r} stateless_call] expected values for the Variables "
            f"{[v.name for v in variables]}, got {len(given)}."
        )
    return list(zip(variables, given, strict=True))


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
