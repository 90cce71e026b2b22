"""`CallProtocol`: the way of one layer call, from the user's arguments to the result."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError, ThalwegError
from thalweg._src.core import dtypes, symbolic, xla
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.symbolic import PROBES, KerasTensor, symbols_in
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.trace import trace_body
from thalweg._src.keras.base.variable import path_scope
from thalweg._src.keras.layers.base.context import context
from thalweg._src.keras.layers.base.weights import WeightHolder
from thalweg._src.ops.casting import cast


class CallProtocol(WeightHolder):
    """Converts inputs, builds, resolves `training`, computes or draws."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "build" in cls.__dict__:
            setattr(cls, "build", _built(cls.__dict__["build"]))  # noqa: B010 mypy knows it as a method

    #: Whether the first argument may hold Python values, such as a list of strings.
    takes_python_values = False

    def build(self, input_shape: Any) -> None:
        """Creates the weights, knowing the shape of the inputs; for subclasses.

        Args:
            input_shape: Shape of the first argument of `call` (a structure of shapes for a structure of
                tensors), with the batch; None where unknown.
        """

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Computes the outputs; for subclasses."""
        raise NotImplementedError(
            f"[{type(self).__name__}] expected a subclass to define call(self, inputs), got none."
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        args, kwargs = self._convert(args, kwargs)
        if not self.built:
            self._build_for(args, kwargs)
        outer = context.training
        parameters = call_parameters(type(self).call)
        training = kwargs.pop("training", None)
        if training is None:
            training = outer
        else:
            context.training = training
        if "training" in parameters or ("**" in parameters and training is not None):
            kwargs["training"] = bool(training) if training is None else training
        context.depth += 1
        if context.depth == 1:
            self._clear_losses()
        try:
            if _any_symbol(args, kwargs):
                return self._draw(args, kwargs)
            outputs = self.call(*args, **kwargs)
            if self.activity_regularizer is not None:
                self._regularise(outputs)
            return outputs
        except ThalwegError as error:
            error.add_note(f"in layer {self.name!r} ({type(self).__name__})")
            raise
        finally:
            context.depth -= 1
            context.training = outer

    def _regularise(self, outputs: Any) -> None:
        for output in nest.flatten(outputs):
            penalty = self.activity_regularizer(output)
            self.add_loss(penalty / cast(output.shape[0] or 1, penalty.dtype))

    def _convert(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Arrays as tensors, floating tensors in the compute dtype."""
        if len(args) == 1 and not kwargs and type(args[0]) is Tensor:
            return (self._converted(args[0]),), kwargs
        if args and not self.takes_python_values:
            self._refuse_python_values(args[0])
        return (
            tuple(nest.map_structure(self._converted, list(args))),
            {
                k: v if k == "training" else nest.map_structure(self._converted, v)
                for k, v in kwargs.items()
            },
        )

    def _converted(self, value: Any) -> Any:
        if isinstance(value, (np.ndarray, np.generic, xla.jax.Array)):
            value = convert_to_tensor(value)
        elif isinstance(value, (float, int)) and not isinstance(value, bool):
            return value
        if not self._autocast or not isinstance(value, (Tensor, KerasTensor)):
            return value
        wanted = self._dtype_policy.compute_dtype
        dtype = value.dtype if isinstance(value, Tensor) else dtypes.as_dtype(value.dtype)
        return cast(value, wanted) if dtype.is_floating and dtype.name != wanted else value

    def _refuse_python_values(self, inputs: Any) -> None:
        for leaf in nest.flatten(inputs):
            if isinstance(leaf, (bool, int, float, complex, str, bytes)):
                raise InvalidArgumentError(
                    f"[{type(self).__name__} {self.name!r}] expected tensors or NumPy arrays as inputs, got "
                    f"a Python {type(inputs).__name__}; convert it with tf.constant first."
                )

    def _floating(self, inputs: Any) -> Any:
        """The inputs, in the compute dtype if they are integers: for layers that compute in floats."""
        if dtypes.as_dtype(inputs.dtype).is_floating:
            return inputs
        return cast(inputs, self._dtype_policy.compute_dtype)

    def _build_for(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        first = args[0] if args else next(iter(kwargs.values()), None)
        shapes = nest.map_structure(_shape_of, first)
        self.build(shapes)
        self.built = True

    def _draw(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Symbolic call: infers the outputs and adds a node for the layer."""
        specs = self.compute_output_spec(*args, **kwargs)
        flat = nest.flatten(specs)
        outputs = symbolic.add_node(
            self,
            args,
            kwargs,
            [(spec.shape, spec.dtype) for spec in flat],
            self.name,
        )
        return nest.pack_sequence_as(specs, list(outputs))

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Symbolic outputs for symbolic inputs, without adding to a graph.

        The layer's `call` is traced with every unknown size 2, and again with 96; sizes that differ are
        unknown in the result. A layer whose `call` should not run for this may override
        `compute_output_shape`.
        """
        compute = getattr(self, "compute_output_shape", None)
        if compute is not None:
            return KerasTensor(compute(args[0].shape), self.compute_dtype)
        symbols = list({id(s): s for s in symbols_in((args, kwargs))}.values())
        sizes = PROBES if any(None in s.shape for s in symbols) else PROBES[:1]
        probes = [self._probe(args, kwargs, symbols, size) for size in sizes]
        merged = []
        for parts in zip(*(nest.flatten(p) for p in probes), strict=True):
            shape, dtype = symbolic.merge_probes(list(parts))
            merged.append(KerasTensor(shape, dtype))
        return nest.pack_sequence_as(probes[0], merged)

    def _probe(self, args: Any, kwargs: Any, symbols: list[KerasTensor], size: int) -> Any:
        results: list[Any] = []

        def run(*tensors: Tensor) -> None:
            given = {id(s): t for s, t in zip(symbols, tensors, strict=True)}
            replaced = symbolic.substitute((args, kwargs), lambda s: given[id(s)])
            outputs = self.call(*replaced[0], **replaced[1])
            results.append(nest.map_structure(_spec_of, outputs))

        trace_body(run, [s.probe(size) for s in symbols], self.name, may_create=True)
        return results[0]


def _built(build: Callable[..., None]) -> Callable[..., None]:
    """A `build` method that names its weights after the layer and leaves the layer built."""

    @functools.wraps(build)
    def wrapped(self: Any, *args: Any, **kwargs: Any) -> None:
        with path_scope(*self._path_parts()):
            build(self, *args, **kwargs)
        self.built = True

    return wrapped


@functools.lru_cache(maxsize=512)
def call_parameters(function: Callable[..., Any]) -> frozenset[str]:
    """Names of a `call` method's parameters, with ``"**"`` when it takes any."""
    parameters = inspect.signature(function).parameters.values()
    found = {p.name for p in parameters}
    return frozenset(found | {"**"} if any(p.kind is p.VAR_KEYWORD for p in parameters) else found)


def _spec_of(value: Any) -> Any:
    tensor = convert_to_tensor(value)
    return xla.ShapeDtypeStruct(tuple(tensor.array.shape), tensor.array.dtype)


def _shape_of(value: Any) -> Any:
    shape = getattr(value, "shape", None)
    return None if shape is None else tuple(shape)


def _any_symbol(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    if len(args) == 1 and type(args[0]) is Tensor and not kwargs:
        return False
    return next(symbols_in((args, kwargs)), None) is not None
