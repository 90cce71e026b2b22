"""`CallProtocol`: the way of one layer call, from the user's arguments to the result."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.composite import Composite, first_composite
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.symbolic import KerasTensor, substitute, symbols_in
from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.base.drawing import any_symbol, draw, infer
from thalweg._src.keras.base.notes import masks
from thalweg._src.keras.base.variable import autocast, current_path, path_scope
from thalweg._src.keras.layers.base.context import context
from thalweg._src.keras.layers.base.input_spec import check_inputs
from thalweg._src.keras.layers.base.masking import give_masks, note, pass_on
from thalweg._src.keras.layers.base.signature import signature_of
from thalweg._src.keras.layers.base.weights import WeightHolder
from thalweg._src.ops.casting import cast
from thalweg._src.ops.ragged.tensor import RaggedTensor


class CallProtocol(WeightHolder):
    """Converts inputs, builds, resolves `training` and masks, computes or draws."""

    #: Whether the first argument may hold Python values, such as a list of strings.
    takes_python_values = False
    #: Whether `call` does something to each value for itself: of ragged inputs it gets the flat values.
    works_on_values = False
    #: Whether the layer makes or changes masks; set where `compute_mask` is overridden.
    _makes_masks = False
    _build_shapes: dict[str, Any] | None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "build" in cls.__dict__:
            setattr(cls, "build", _built(cls.__dict__["build"]))  # noqa: B010 mypy knows it as a method
        if "compute_mask" in cls.__dict__:
            cls._makes_masks = True

    def build(self, input_shape: Any) -> None:
        """Creates the weights, knowing the shape of the inputs; for subclasses.

        Args:
            input_shape: Shape of the first argument of `call` (a structure of shapes for a structure of
                tensors), with the batch; None where unknown. A `build` with several parameters
                ``a_shape``, ``b_shape`` gets the shapes of the arguments ``a``, ``b``.
        """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        signature = signature_of(type(self).call)
        # Before the conversion: a cast makes another tensor, without the mask.
        given = frozenset(kwargs)
        given_by_hand = signature.masks and (kwargs or len(args) > 1)
        mask = give_masks(signature, args, kwargs) if masks or given_by_hand else None
        args, kwargs = self._convert(args, kwargs)
        if self.input_spec is not None:
            first = args[0] if args else kwargs.get(signature.names[0])
            check_inputs(self.input_spec, first, f"{type(self).__name__} {self.name!r}")
        if not self.built:
            self._build_for(args, kwargs)
        outer, outer_cast = context.training, autocast.dtype
        training = kwargs.pop("training", None)
        if training is None:
            training = outer
        else:
            context.training = training
        if signature.takes_training:
            kwargs["training"] = bool(signature.training) if training is None else training
        elif signature.open_ended and training is not None:
            kwargs["training"] = training
        autocast.dtype = self._weights_read_as()
        context.depth += 1
        if context.depth == 1:
            context.begin_round()
        self.__dict__["_round"] = context.round
        try:
            if _any_symbol(args, kwargs):
                return self._call_on_symbols(args, kwargs, given, mask)
            if self._remat is None:
                call = self._call_on_values if self.works_on_values else self.call
                outputs = call(*args, **kwargs)
            else:
                outputs = self.rematerialized_call(self._call_on_values, *args, **kwargs)
            if mask is not None or (self._makes_masks and self.supports_masking):
                pass_on(self, args[0] if args else kwargs.get(signature.names[0]), mask, outputs)
            if self.activity_regularizer is not None:
                self._regularise(outputs)
            return outputs
        except Exception as error:
            error.add_note(f"in layer {self.path!r} ({type(self).__name__})")
            raise
        finally:
            context.depth -= 1
            context.training = outer
            autocast.dtype = outer_cast

    def symbolic_call(self, *args: Any, **kwargs: Any) -> Any:
        """Adds this call to the graph of its symbolic arguments and returns the symbolic outputs."""
        return self._call_on_symbols(args, kwargs, frozenset(kwargs), None)

    def _call_on_symbols(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], given: frozenset[str], mask: Any
    ) -> Any:
        """Symbolic outputs of a call.

        Args:
            args: Its arguments.
            kwargs: Its keyword arguments, with the specs of masks that the call will get.
            given: Names of the keywords that the user gave, which the graph keeps.
            mask: Mask of the first argument, or None.
        """
        seen_args, seen = substitute((args, kwargs), self._as_cast)
        specs = self.compute_output_spec(*seen_args, **seen)
        # A graph keeps no `training` that came from the context: each call of the model has its own.
        kept = {key: value for key, value in kwargs.items() if key in given}
        outputs = draw(self, args, kept, specs, self.name)
        if self.supports_masking and (mask is not None or self._makes_masks):
            first = args[0] if args else next(iter(kwargs.values()))
            note(infer(self.compute_mask, (first, mask), {}, self.name), outputs)
        drawn = next(symbols_in(outputs), None)
        if drawn is None:
            raise InvalidArgumentError(
                f"[{type(self).__name__} {self.name!r}] expected call() to return tensors, got {outputs!r}."
            )
        self._inbound_nodes.append(drawn.node)  # type: ignore[arg-type]
        return outputs

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Symbolic outputs for symbolic inputs, without adding to a graph.

        The layer's `call` is traced for shapes; a layer whose `call` should not run for this may override
        `compute_output_shape`.
        """
        own = type(self).compute_output_shape is not CallProtocol.compute_output_shape
        if own and args and first_composite(nest.flatten(args)) is None:
            shapes = nest.map_structure(_shape_of, args[0])
            return _as_specs(self.compute_output_shape(shapes), self.compute_dtype)
        return self._inferred(args, kwargs)

    def _inferred(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Specs of what `call` returns, with weights read as in a call."""
        outer, autocast.dtype = autocast.dtype, self._weights_read_as()
        try:
            return infer(self._call_on_values, args, kwargs, self.name)
        finally:
            autocast.dtype = outer

    def _call_on_values(self, *args: Any, **kwargs: Any) -> Any:
        """`call`; see `works_on_values`."""
        name = signature_of(type(self).call).names[0] if self.works_on_values else ""
        first = args[0] if args else kwargs.get(name)
        if not self.works_on_values or not isinstance(first, RaggedTensor):
            return self.call(*args, **kwargs)
        further = {key: value for key, value in kwargs.items() if args or key != name}
        return first.with_flat_values(self.call(first._flat, *args[1:], **further))

    def _weights_read_as(self) -> str | None:
        """Compute dtype, if weights are kept in another one."""
        policy = self._dtype_policy
        return policy.compute_dtype if policy.compute_dtype != policy.variable_dtype else None

    def compute_output_shape(self, *args: Any, **kwargs: Any) -> Any:
        """Shape of the outputs for shapes of inputs.

        Args:
            *args: Shape of each argument of `call`, or a structure of shapes.
            **kwargs: The same by name, with or without ``_shape`` at the end.
        """
        given = {k.removesuffix("_shape"): v for k, v in kwargs.items()}
        values = [_as_specs(shape, self.compute_dtype) for shape in args]
        named = {k: _as_specs(v, self.compute_dtype) for k, v in given.items()}
        names = signature_of(type(self).call).names
        if "input" in named and "input" not in names:
            named[names[0]] = named.pop("input")
        if not self.built:
            self._build_for(tuple(values), named)
        return nest.map_structure(lambda s: s.shape, self._inferred(tuple(values), named))

    def compute_mask(self, inputs: Any, previous_mask: Any) -> Any:
        """Mask of the outputs: that of the inputs, unless a subclass knows better.

        Args:
            inputs: First argument of `call`.
            previous_mask: Its mask, or None.
        """
        del inputs
        return previous_mask

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
        if not self._autocast or not isinstance(value, (Tensor, Composite)):
            return value
        if isinstance(value, KerasTensor):
            return value
        wanted, dtype = self._dtype_policy.compute_dtype, value.dtype  # type: ignore[union-attr]
        return cast(value, wanted) if dtype.is_floating and dtype.name != wanted else value

    def _as_cast(self, symbol: KerasTensor) -> KerasTensor:
        """What `call` will see of a symbolic tensor: casts belong to the call, not to the graph."""
        wanted = self._dtype_policy.compute_dtype
        floating = dtypes.as_dtype(symbol.dtype).is_floating
        if not self._autocast or not floating or symbol.dtype == wanted:
            return symbol
        return symbol.like(dtype=wanted)

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
        """Builds the layer for the shapes of a call's arguments."""
        wanted = signature_of(type(self).build).names
        named = dict(zip(signature_of(type(self).call).names, args, strict=False)) | kwargs
        if len(wanted) > 1:
            by_name = {f"{name}_shape": nest.map_structure(_shape_of, v) for name, v in named.items()}
            self.build(**{name: by_name[name] for name in wanted if name in by_name})
        else:
            first = args[0] if args else next(iter(kwargs.values()), None)
            self.build(nest.map_structure(_shape_of, first))
        self.built = True

    def get_build_config(self) -> dict[str, Any] | None:
        """Shapes with which the layer was built; None before."""
        shapes = self._build_shapes
        return shapes if shapes is None or set(shapes) == {"input_shape"} else {"shapes_dict": shapes}

    def build_from_config(self, config: dict[str, Any]) -> None:
        """Builds the layer from `get_build_config()`'s result."""
        if not config:
            return
        shapes = {key: _as_shapes(value) for key, value in config.items() if key != "shapes_dict"}
        shapes |= {key: _as_shapes(value) for key, value in config.get("shapes_dict", {}).items()}
        if set(shapes) == {"input_shape"}:
            self.build(shapes["input_shape"])
        else:
            self.build(**shapes)


def _built(build: Callable[..., None]) -> Callable[..., None]:
    """A `build` method that names its weights after the layer and leaves the layer built."""

    @functools.wraps(build)
    def wrapped(self: Any, *args: Any, **kwargs: Any) -> None:
        path = current_path()
        own = self._path_parts()
        object.__setattr__(self, "_outer_path", tuple(path if own else path[:-1]))
        with path_scope(*own):
            build(self, *args, **kwargs)
        names = signature_of(build).names
        shapes = dict(zip(names, args, strict=False)) | kwargs
        if len(shapes) == 1:
            shapes = {"input_shape": next(iter(shapes.values()))}
        object.__setattr__(self, "_build_shapes", shapes)
        self.built = True

    return wrapped


def _shape_of(value: Any) -> Any:
    shape = getattr(value, "shape", None)
    return None if shape is None else tuple(shape)


def is_shape(value: Any) -> bool:
    """True for a shape: a list or tuple of sizes."""
    return isinstance(value, (list, tuple)) and all(
        size is None or isinstance(size, (int, np.integer)) for size in value
    )


def _as_specs(shapes: Any, dtype: str) -> Any:
    """Symbolic tensors for a structure of shapes."""
    if shapes is None or isinstance(shapes, KerasTensor):
        return shapes
    if is_shape(shapes):
        return KerasTensor(tuple(shapes), dtype)
    if isinstance(shapes, dict):
        return {key: _as_specs(value, dtype) for key, value in shapes.items()}
    if isinstance(shapes, (list, tuple)):
        return type(shapes)([_as_specs(part, dtype) for part in shapes])
    return KerasTensor(tuple(shapes), dtype)


def _as_shapes(value: Any) -> Any:
    """Shapes as tuples: JSON made lists of them."""
    if value is None:
        return None
    if is_shape(value):
        return tuple(value)
    if isinstance(value, dict):
        return {key: _as_shapes(part) for key, part in value.items()}
    return [_as_shapes(part) for part in value]


def _any_symbol(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    if len(args) == 1 and type(args[0]) is Tensor and not kwargs:
        return False
    return any_symbol(args, kwargs)
