"""`Lambda`: a function of the caller's as a layer."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, SavingError
from thalweg._src.keras.base.drawing import infer
from thalweg._src.keras.base.python_code import load_policy
from thalweg._src.keras.layers.base.calling import is_shape
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.core.functions import restored, written


class Lambda(Layer):
    """Computes its outputs by a function without weights of its own.

    Args:
        function: Function of the inputs. It also gets ``mask`` and ``training`` where it has parameters
            of these names.
        output_shape: Shape of the outputs without the batch, or a function from the shape of the inputs
            to that of the outputs, both with the batch; found by tracing the function when None.
        mask: Mask of the outputs, or a function of ``(inputs, mask)`` that returns it; None for no mask.
        arguments: Further keyword arguments of the function.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor, or a structure of them.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.Lambda(lambda x, power: x**power, arguments={"power": 2})
        >>> layer(tf.constant([3.0])).numpy().tolist()
        [9.0]

    Source: `keras.layers.Lambda`. A config keeps the function itself, so that a clone needs no code. In files
    a function stands by its name, which `load_model` finds where it is registered by
    ``keras.saving.register_keras_serializable`` or among its ``custom_objects``; a lambda stands as Python
    code, which `load_model` only runs with ``safe_mode=False``.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        output_shape: Any = None,
        mask: Any = None,
        arguments: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if not callable(function):
            raise InvalidArgumentError(
                f"[Lambda {self.name!r}] expected a function of the inputs, got {function!r}."
            )
        if output_shape is not None and not callable(output_shape) and not is_shape(output_shape):
            raise InvalidArgumentError(
                f"[Lambda {self.name!r}] expected output_shape as a tuple of sizes without the batch, or a "
                f"function of the input shape, got {output_shape!r}."
            )
        self.function = function
        self.output_shape = output_shape
        self.mask = mask
        self.arguments = dict(arguments or {})
        self.supports_masking = mask is not None
        self.built = True
        names = _parameters_of(function)
        self._wants = tuple(
            n for n in ("mask", "training") if n in names and n not in self.arguments
        )

    def call(self, inputs: Any, mask: Any = None, training: Any = None) -> Any:
        """The function of the inputs."""
        known = {"mask": mask, "training": training}
        return self.function(
            inputs, **self.arguments, **{name: known[name] for name in self._wants}
        )

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Mask of the outputs, as the constructor was told."""
        return self.mask(inputs, previous_mask) if callable(self.mask) else self.mask

    def compute_output_shape(self, *args: Any, **kwargs: Any) -> Any:
        """Shape of the outputs for a shape of inputs, both with the batch."""
        if self.output_shape is None:
            return super().compute_output_shape(*args, **kwargs)
        shape = args[0] if args else next(iter(kwargs.values()))
        if callable(self.output_shape):
            return self.output_shape(shape)
        first = shape if is_shape(shape) else next(iter(shape))
        return (first[0] if first else None, *self.output_shape)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Symbolic outputs for symbolic inputs, without adding to a graph."""
        if self.output_shape is None:
            return infer(self.call, args, kwargs, self.name)
        return super().compute_output_spec(*args, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer."""
        config = super().get_config()
        return config | {n: written(getattr(self, n)) for n in ("function", "output_shape", "mask")}

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: Any = None, safe_mode: Any = None
    ) -> Lambda:
        """Layer made from `get_config()`'s result.

        Args:
            config: The config.
            custom_objects: Functions by name.
            safe_mode: False, and nothing else, lets the code of lambdas run; see
                `keras.saving.deserialize_keras_object`.

        Raises:
            SavingError: The config holds code, or names a function that is not known.
        """
        made = dict(config)
        with load_policy(safe_mode):
            for name in ("function", "output_shape", "mask"):
                try:
                    made[name] = restored(made.get(name), custom_objects)
                except SavingError as error:
                    error.add_note(f"It is the {name} of the Lambda layer {config.get('name')!r}.")
                    raise
        return cls(**made)


def _parameters_of(function: Callable[..., Any]) -> tuple[str, ...]:
    try:
        return tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # some built-in functions have no signature
        return ()
