"""`clone_model`: the same model with weights of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.base import nest
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.core.input_layer import Input, InputLayer
from thalweg._src.keras.models.functional import Functional, redrawn
from thalweg._src.keras.models.model import Model
from thalweg._src.keras.models.sequential import Sequential


def clone_model(
    model: Model,
    input_tensors: Any = None,
    clone_function: Callable[[Layer], Layer] | None = None,
    call_function: Callable[..., Any] | None = None,
    recursive: bool = False,
) -> Any:
    """Model with the same layers and fresh weights.

    Args:
        model: Functional, Sequential or subclassed model.
        input_tensors: Symbolic inputs to draw the clone on; new ones when None.
        clone_function: Function of a layer that makes the new one; a layer with the same config when None.
        call_function: Function of ``(layer, *args, **kwargs)`` that makes each call of a Functional model.
        recursive: Also clone the layers of inner models by `clone_function`.

    Raises:
        ValueError: An argument that the kind of model does not have.

    Example:
        >>> import thalweg as tf
        >>> model = tf.keras.Sequential([tf.keras.Input((3,)), tf.keras.layers.Dense(2)])
        >>> tf.keras.models.clone_model(model).count_params()
        8

    Source: `keras.models.clone_model`.
    """
    copy = _copier(clone_function, recursive, call_function)
    if isinstance(model, Sequential):
        if call_function is not None:
            raise ValueError(
                "[clone_model] expected a Functional model for call_function, got a Sequential one."
            )
        return _clone_sequential(model, input_tensors, copy)
    if isinstance(model, Functional):
        return _clone_functional(model, input_tensors, copy, call_function)
    if clone_function is not None or input_tensors is not None or call_function is not None:
        raise ValueError(
            f"[clone_model] expected only the model, as {model.name!r} is a subclassed one, which is made "
            "anew from its get_config(); got further arguments."
        )
    return type(model).from_config(model.get_config())


def _copier(
    clone_function: Callable[[Layer], Layer] | None, recursive: bool, call_function: Any
) -> Callable[[Any], Any]:
    made: dict[int, Any] = {}

    def copy(layer: Any) -> Any:
        if not isinstance(layer, Layer):
            return layer
        if id(layer) not in made:
            if recursive and isinstance(layer, (Functional, Sequential)):
                made[id(layer)] = clone_model(
                    layer,
                    clone_function=clone_function,
                    call_function=call_function if isinstance(layer, Functional) else None,
                    recursive=True,
                )
            elif clone_function is not None and not isinstance(layer, InputLayer):
                made[id(layer)] = clone_function(layer)
            else:
                made[id(layer)] = type(layer).from_config(layer.get_config())
        return made[id(layer)]

    return copy


def _clone_sequential(model: Sequential, input_tensors: Any, copy: Callable[[Any], Any]) -> Sequential:
    layers: list[Any] = [copy(layer) for layer in model.layers]
    if input_tensors is not None:
        layers.insert(0, nest.flatten(input_tensors)[0])
    elif model._drawn:
        layers.insert(0, _input_like(model.inputs[0]))
    return Sequential(layers, trainable=model.trainable, name=model.name)


def _input_like(symbol: Any, **further: Any) -> Any:
    return Input(
        batch_shape=symbol.shape,
        dtype=symbol.dtype,
        sparse=symbol.sparse,
        ragged=symbol.ragged,
        **further,
    )


def _clone_functional(
    model: Functional, input_tensors: Any, copy: Callable[[Any], Any], call_function: Any
) -> Functional:
    if input_tensors is None:
        fresh = [
            _input_like(s, name=s.name, optional=layer.optional)
            for s, layer in zip(model.inputs, model.graph.input_layers, strict=True)
        ]
        input_tensors = nest.pack_sequence_as(model.input, fresh)

    def call(operation: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if call_function is not None:
            return call_function(copy(operation), *args, **kwargs)
        return copy(operation)(*args, **kwargs)

    return redrawn(model, input_tensors, call)
