"""`function`: compiles a Python function into XLA programs, one for each signature."""

from __future__ import annotations

import functools
import inspect
import logging
import weakref
from collections.abc import Callable, Sequence
from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.config import switches
from thalweg._src.base.errors import DataDependentShapeError, InvalidArgumentError
from thalweg._src.core import xla
from thalweg._src.core.host_parts import HostOpError, HostPart
from thalweg._src.core.recorders import state
from thalweg._src.core.shapes import TensorSpec, TypeSpec
from thalweg._src.core.tensor import Tensor, stand_in
from thalweg._src.function import signature
from thalweg._src.function.autograph import convert
from thalweg._src.function.concrete import ConcreteFunction
from thalweg._src.function.split_programs import Inlined, SplitPrograms
from thalweg._src.function.streams import Loops, Streaming, StreamLoopError
from thalweg._src.function.trace import trace_body
from thalweg._src.function.uncompiled import Uncompiled

_log = logging.getLogger("thalweg")


class Function:
    """A Python function that runs as compiled programs.

    Each new combination of argument shapes, dtypes and Python values is traced once: the Python body
    runs with traced tensors, its side effects happen then and not in later calls, and XLA compiles what
    it recorded. Variables that the body reads or assigns become inputs and outputs of the program.

    Args:
        python_function: The function.
        name: Name for messages.
        input_signature: `TensorSpec` for each argument, or None.
        autograph: Whether Python's ``if``, ``while`` and ``for`` on tensors become program control flow.
        reduce_retracing: Whether sizes that change between calls are remembered as unknown, so that
            they do not count as new signatures.
        must_compile: Whether a function that cannot be compiled is an error, instead of running op by op.

    Source: `tf.function`.
    """

    def __init__(
        self,
        python_function: Callable[..., Any],
        name: str | None = None,
        input_signature: Sequence[Any] | None = None,
        autograph: bool = True,
        reduce_retracing: bool = False,
        must_compile: bool = False,
    ) -> None:
        functools.update_wrapper(self, python_function)
        self._must_compile = must_compile
        self._python_function = python_function
        found: Any = name or getattr(python_function, "__name__", None)
        self._name: str = found or "function"
        self._input_signature = None if input_signature is None else tuple(input_signature)
        self._autograph = autograph
        self._reduce_retracing = reduce_retracing
        self._programs: dict[Any, Any] = {}
        self._signatures: list[Any] = []
        self._open: dict[str, OpenFunction] = {}
        self._traced_body: Callable[..., Any] | None = None
        self._parameters = _Parameters(python_function)
        self._bound: weakref.WeakKeyDictionary[Any, Function] = weakref.WeakKeyDictionary()
        self._loops = Loops(lambda body: Function(body, self._name, autograph=False))

    @property
    def python_function(self) -> Callable[..., Any]:
        """The Python function as it was given."""
        return self._python_function

    @property
    def input_signature(self) -> tuple[Any, ...] | None:
        """Specs of the arguments, or None."""
        return self._input_signature

    @property
    def function_spec(self) -> inspect.Signature:
        """Signature of the Python function."""
        return inspect.signature(self._python_function)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        try:
            bound = self._bound.get(instance)
        except TypeError:
            return functools.partial(self, instance)
        if bound is None:
            bound = Function(
                _BoundMethod(self._python_function, instance),
                self._name,
                self._input_signature,
                self._autograph,
                self._reduce_retracing,
                self._must_compile,
            )
            self._bound[instance] = bound
        return bound

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if switches.run_functions_eagerly or switches.check_numerics:
            return self._python_function(*args, **kwargs)
        if kwargs or self._input_signature is not None or len(args) != self._parameters.count:
            args, kwargs = self._canonical(args, kwargs)
        key, tensors = signature.split(args, kwargs)
        program = self._programs.get(key)
        if program is None:
            if signature.has_symbols(args, kwargs):
                return self._python_function(*args, **kwargs)
            program = self._trace(key, args, kwargs, tensors)
        return program.run(tensors)

    def _canonical(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        args, kwargs = self._parameters.order(args, kwargs, self._name)
        if self._input_signature is not None:
            given = signature.check_against(self._name, self._input_signature, [*args, *kwargs.values()])
            args, kwargs = tuple(given), {}
        return args, kwargs

    def _trace(
        self, key: Any, args: tuple[Any, ...], kwargs: dict[str, Any], tensors: list[Tensor]
    ) -> Any:
        arguments = (tuple(args), dict(kwargs))
        inline = Inlined(functools.partial(self._body_to_trace(), *args, **kwargs))
        if any(type(t.array) is HostPart for t in tensors):
            return inline
        try:
            program = self._program(arguments, tensors)
        except HostOpError:
            # Inside another function the outer one is split.
            if state.scopes:
                return inline
            raise
        except StreamLoopError:
            if state.scopes or self._must_compile:
                raise
            self._programs[key] = Streaming(self._body_to_trace(), arguments, self._loops)
            return self._programs[key]
        except DataDependentShapeError as error:
            if state.scopes or self._must_compile:
                raise
            _log.warning(
                "[function %s] runs uncompiled, op by op, for these arguments: %s", self._name, error
            )
            self._programs[key] = Uncompiled(self._python_function, arguments)
            return self._programs[key]
        self._note_signature(args, kwargs, program)
        self._programs[key] = (
            SplitPrograms(self._program, arguments, tensors, program) if program.on_host else program
        )
        return self._programs[key]

    def _program(
        self, arguments: tuple[tuple[Any, ...], dict[str, Any]], tensors: Sequence[Tensor]
    ) -> ConcreteFunction:
        body = self._body_to_trace()

        def run(*inputs: Tensor) -> Any:
            args, kwargs = signature.substitute(arguments, list(inputs))
            return body(*args, **kwargs)

        traced = trace_body(run, [t.array for t in tensors], self._name, not self._programs)
        if traced.created:
            # As in TensorFlow: a second trace must find the Variables that the first one made.
            traced = trace_body(run, [t.array for t in tensors], self._name)
        specs = [TensorSpec(t.array.shape, t.array.dtype) for t in tensors]
        return ConcreteFunction(traced, signature.described(arguments), specs)

    def _body_to_trace(self) -> Callable[..., Any]:
        if self._traced_body is None:
            chosen = self._python_function
            self._traced_body = convert(chosen) if self._autograph else chosen
        return self._traced_body

    def _note_signature(self, args: Any, kwargs: Any, program: ConcreteFunction) -> None:
        """Counts signatures apart from sizes, and says which argument made a third trace."""
        wide = self._widened(program)
        if self._reduce_retracing or self._input_signature is not None:
            if wide in self._signatures:
                return
        else:
            wide = repr(program.structured_input_signature)
        self._signatures.append(wide)
        if len(self._signatures) == 3 and switches.report_retracing:
            _log.warning(
                "[function %s] traced a third time, for arguments %s; the last time it was %s. Pass "
                "tensors instead of Python numbers, keep shapes fixed, or set reduce_retracing=True.",
                self._name,
                self._signatures[-1],
                self._signatures[-2],
            )

    def _widened(self, program: ConcreteFunction) -> str:
        def leaf(spec: Any) -> Any:
            return (len(spec.shape), spec.dtype) if isinstance(spec, TensorSpec) else spec

        return repr(nest.map_structure(leaf, program.structured_input_signature))

    def get_concrete_function(self, *args: Any, **kwargs: Any) -> Any:
        """The program for these arguments, traced if it is new.

        Args:
            *args: Tensors, `TensorSpec`s, or Python values.
            **kwargs: Likewise by name.

        Returns:
            The `ConcreteFunction`; for specs with open sizes an `OpenFunction`.
        """
        if not args and not kwargs and self._input_signature is not None:
            args = self._input_signature
        args, kwargs = self._parameters.order(args, kwargs, self._name)
        if any(_is_open(leaf) for leaf in nest.flatten([tuple(args), dict(kwargs)])):
            arguments = (tuple(args), dict(kwargs))
            return self._open.setdefault(repr(arguments), OpenFunction(self, arguments))
        stand_ins = nest.map_structure(_stand_in, [tuple(args), dict(kwargs)])
        args, kwargs = stand_ins
        key, tensors = signature.split(args, kwargs)
        return self._programs.get(key) or self._trace(key, args, kwargs, tensors)

    @property
    def program_count(self) -> int:
        """Number of programs compiled so far."""
        return sum(p.count if type(p) is SplitPrograms else 1 for p in self._programs.values())

    def experimental_get_tracing_count(self) -> int:
        """Number of signatures traced so far; sizes under one signature do not count."""
        return len(self._signatures)

    def pretty_printed_concrete_signatures(self, verbose: bool = True) -> str:
        """The signatures traced so far, one a line (with their Variables when `verbose`)."""
        lines = []
        for program in self._programs.values():
            line = f"{self._name}{program.structured_input_signature}"
            if verbose and program.variables:
                line += f"  variables: {[v.name for v in program.variables]}"
            lines.append(line)
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<thalweg.function {self._name}>"


class OpenFunction:
    """The programs of one signature with open sizes: one for each size that occurs.

    Args:
        function: The compiled function.
        arguments: ``(args, kwargs)`` with `TensorSpec` in place of tensors.

    Source: what `tf.function.get_concrete_function` gives for specs with unknown sizes.
    """

    def __init__(self, function: Function, arguments: tuple[Any, dict[str, Any]]) -> None:
        self._function = function
        self.structured_input_signature = arguments
        self.inputs = [leaf for leaf in nest.flatten(arguments) if isinstance(leaf, TensorSpec)]

    @property
    def name(self) -> str:
        """Name of the Python function."""
        return self._function._name

    @property
    def structured_outputs(self) -> Any:
        """Structure of the result, with a mark in place of each tensor; found with every open size 2."""
        args, kwargs = nest.map_structure(_closed, list(self.structured_input_signature))
        return self._function.get_concrete_function(*args, **kwargs).structured_outputs

    @property
    def variables(self) -> tuple[Any, ...]:
        """Variables that the programs traced so far read or assign."""
        found = {id(v): v for p in self._function._programs.values() for v in p.variables}
        return tuple(found.values())

    @property
    def trainable_variables(self) -> tuple[Any, ...]:
        """Those of `variables` that are trainable."""
        return tuple(v for v in self.variables if v.trainable)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        expected, named = self.structured_input_signature
        order = self._function._parameters.order
        args, kwargs = order(args, kwargs, self.name)
        given = signature.check_against(
            self.name, [*expected, *named.values()], [*args, *kwargs.values()]
        )
        return self._function(*given[: len(args)], **dict(zip(kwargs, given[len(args) :], strict=True)))


def _is_open(value: Any) -> bool:
    if isinstance(value, TensorSpec):
        return not value.shape.is_fully_defined()
    # How many values a ragged or sparse tensor has is never said.
    return isinstance(value, TypeSpec)


def _closed(value: Any) -> Any:
    """The spec with every open size 2; for ragged and sparse tensors what stands for one."""
    if not _is_open(value):
        return value
    if not isinstance(value, TensorSpec):
        return value._stand_in(2)
    return TensorSpec([2 if size is None else size for size in value.shape], value.dtype)


def _stand_in(value: Any) -> Any:
    if not isinstance(value, TensorSpec):
        return value
    return stand_in(value.shape, value.dtype)


class _BoundMethod:
    """Method of an instance that does not keep the instance alive."""

    def __init__(self, function: Callable[..., Any], instance: Any) -> None:
        self.__func__ = function
        self._instance = weakref.ref(instance)
        self.__name__ = getattr(function, "__name__", "method")
        self.__doc__ = function.__doc__

    @property
    def __self__(self) -> Any:
        return self._instance()

    @property
    def __signature__(self) -> inspect.Signature:
        parameters = list(inspect.signature(self.__func__).parameters.values())
        return inspect.Signature(parameters[1:])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.__func__(self._instance(), *args, **kwargs)


class _Parameters:
    """Brings call arguments into one order, so that one call has one key."""

    def __init__(self, function: Callable[..., Any]) -> None:
        try:
            self._signature: inspect.Signature | None = inspect.signature(function)
        except (TypeError, ValueError):
            self._signature = None
        found = self._signature.parameters.values() if self._signature else []
        plain = all(p.kind is p.POSITIONAL_OR_KEYWORD for p in found)
        # A call with so many positional arguments and no others is in order already.
        self.count = len(found) if self._signature and plain else -1

    def order(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], where: str
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Positional arguments as far as possible, defaults filled in, the rest sorted by parameter."""
        if self._signature is None:
            return args, kwargs
        try:
            bound = self._signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"[function {where}] {error}.") from None
        bound.apply_defaults()
        return bound.args, dict(bound.kwargs)


def function(
    func: Callable[..., Any] | None = None,
    input_signature: Sequence[Any] | None = None,
    autograph: bool = True,
    jit_compile: bool | None = None,
    reduce_retracing: bool = False,
    experimental_implements: str | None = None,
    experimental_autograph_options: Any = None,
    experimental_attributes: dict[str, Any] | None = None,
    experimental_relax_shapes: bool | None = None,
    experimental_compile: bool | None = None,
) -> Any:
    """Compiled form of a Python function.

    Args:
        func: The function; None when used as a decorator with arguments.
        input_signature: `TensorSpec` for each argument: others are refused, and sizes given as None do
            not count as new signatures.
        autograph: Whether Python's ``if``, ``while`` and ``for`` on tensors become program control flow.
        jit_compile: Every function is compiled by XLA. A function that cannot be, because a size depends
            on values, runs op by op with a warning. One that loops over a data set runs in Python, and the
            body of the loop is compiled. True makes both an error.
        reduce_retracing: Sizes that change between calls do not count as new signatures.
        experimental_implements: Must be None.
        experimental_autograph_options: Must be None.
        experimental_attributes: Must be None.
        experimental_relax_shapes: Older name of `reduce_retracing`.
        experimental_compile: Older name of `jit_compile`.

    Returns:
        A `Function`, or a decorator when `func` is None.

    Example:
        >>> import thalweg as tf
        >>> @tf.function
        ... def double(x):
        ...     return x * 2
        >>> double(tf.constant([1.0, 2.0])).numpy().tolist()
        [2.0, 4.0]

    Source: `tf.function`. XLA programs have fixed sizes: a size left open in `input_signature` is traced
    and compiled once for each size that occurs.
    """
    for name, value in {
        "experimental_implements": experimental_implements,
        "experimental_autograph_options": experimental_autograph_options,
        "experimental_attributes": experimental_attributes,
    }.items():
        if value is not None:
            raise InvalidArgumentError(
                f"[function] expected {name}=None, got {value!r}: it steers TensorFlow's own graph "
                "optimiser; leave it out."
            )

    def decorate(python_function: Callable[..., Any]) -> Function:
        return Function(
            python_function,
            input_signature=input_signature,
            autograph=autograph,
            reduce_retracing=bool(experimental_relax_shapes) or reduce_retracing,
            must_compile=bool(jit_compile or experimental_compile),
        )

    return decorate if func is None else decorate(func)
