"""Tracing: a Python body becomes a `Body`, a pure program with its Variables as inputs and outputs.

Every program is made here: compiled functions, branches of `cond`, bodies of loops, `fit`'s step. The
body runs once. A Variable that it reads becomes one more input of the open program; a Variable that it
assigns becomes one more output. What it closes over from enclosing programs is kept as constants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import LeakedTensorError, ThalwegError
from thalweg._src.core import xla
from thalweg._src.core.convert import as_tensor, contains_tensor, convert_to_tensor
from thalweg._src.core.door import is_inexact
from thalweg._src.core.host_parts import HostOpError, HostPart, Samples
from thalweg._src.core.recorders import state
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.host_work import HostWork

# Errors that say: this function cannot be a program, or not for these arguments.
NOT_TRACEABLE = (ThalwegError, NotImplementedError, TypeError, ValueError, AttributeError)


class ProgramScope:
    """Answers reads and writes of Variables while one program is traced.

    Args:
        name: Name of the program.
        may_create: Whether Variables may be created inside (the first trace of a function).
        differentiated: Whether the program is differentiated by its Variables as a tape would do it: a
            Variable that is read after an assignment is a source again, and nothing flows back through
            the assigned value.
        keyed: Whether the first argument is a random key: what depends on it alone can be computed before
            the host's part.
    """

    def __init__(
        self, name: str, may_create: bool = False, differentiated: bool = False, keyed: bool = False
    ) -> None:
        self.name = name
        self._keyed = keyed
        self.trace = xla.OpenTrace(name)
        self.inputs: list[Tensor] = []
        self.reads: list[Any] = []
        self.writes: dict[int, Any] = {}
        self.created = False
        self._values: dict[int, Tensor] = {}
        self._may_create = may_create
        self._differentiated = differentiated
        self._sources: dict[int, Tensor] = {}
        self._assigned: set[int] = set()
        self._parents = list(state.scopes)
        # Only the outermost program is split into a part on the host and a compiled one.
        self.splits = not self._parents
        self.host = HostWork(self)
        self._fed: dict[int, Tensor] = {}

    def argument(self, like: Any) -> Tensor:
        """Tensor that stands for an argument with the shape and dtype of `like`."""
        if type(like) is Samples:
            return Tensor(self.host.argument(like))
        if like.dtype != object:
            return self.new_input(like)
        sample = like if type(like) is np.ndarray else np.full(like.shape, b"", object)
        return Tensor(self.host.argument(Samples([sample])))

    def call_on_host(
        self, op: Any, arrays: Sequence[Any], settings: dict[str, Any]
    ) -> tuple[list[Any], bool]:
        """What stands for the results of an op of the host; see `HostWork.call`."""
        return self.host.call(op, arrays, settings)

    def run_on_host(self, name: str, body: Callable[..., Any], arrays: Sequence[Any]) -> None:
        """Has the host do something with arrays when the program runs.

        Raises:
            HostOpError: Some are of a loop, branch or gradient inside.
        """
        if any(isinstance(a, xla.Tracer) for a in arrays) and state.scopes[-1] is not self:
            raise HostOpError(
                f"[function {self.name}] expected strings to be used outside of loops, branches and "
                "gradients together with what they compute; move them out."
            )
        self.host.effect(name, body, arrays)

    def fed(self, part: Any) -> Any:
        """Input of the compiled part that brings a host array."""
        found = self._fed.get(part.place)
        if found is None:
            self.host.feed(part)
            found = self._fed[part.place] = self.new_input(part)
        return found.array

    def drawn_before(self, tracer: Any) -> Any:
        """What stands on the host for something that is drawn; other tracers as they are."""
        if not self._keyed or state.scopes[-1] is not self:
            return tracer
        key = self.inputs[0].array
        return self.host.draw(tracer) if all(x is key for x in self.trace.needed(tracer)) else tracer

    def order(self, argument_count: int) -> list[int] | None:
        """Numbers of the inputs: arguments, fed host arrays, Variables; None where they came so."""
        if not self._fed:
            return None
        fed = {id(t) for t in self._fed.values()}
        added = range(argument_count, len(self.inputs))
        feeds = [i for i in added if id(self.inputs[i]) in fed]
        return [*range(argument_count), *feeds, *(i for i in added if id(self.inputs[i]) not in fed)]

    def new_input(self, like: Any) -> Tensor:
        """Tensor of one more input with the shape and dtype of `like`."""
        tensor = Tensor(self.trace.new_input(like.shape, like.dtype))
        self.inputs.append(tensor)
        return tensor

    def read(self, variable: Any) -> Tensor:
        """Tensor that stands for the Variable's value here."""
        known = self._values.get(id(variable))
        if known is None:
            known = self._values[id(variable)] = self._source(variable)
        elif self._differentiated and id(variable) in self._assigned and is_inexact(known.array):
            self._assigned.discard(id(variable))
            known = Tensor(_as_source(known.array, self._source(variable).array))
            self._values[id(variable)] = known
        return known

    def _source(self, variable: Any) -> Tensor:
        """The input that brings the Variable's value."""
        source = self._sources.get(id(variable))
        if source is None:
            source = self.new_input(outer_value(variable, self._parents).array)
            self._sources[id(variable)] = source
            self.reads.append(variable)
        return source

    def write(self, variable: Any, tensor: Tensor) -> None:
        """The Variable has this value from now on."""
        self._values[id(variable)] = tensor
        self._assigned.add(id(variable))
        self.writes[id(variable)] = variable

    def value(self, variable: Any) -> Tensor:
        """Value that a written Variable has at the end."""
        return self._values[id(variable)]

    def lift_initial_value(self, initial_value: Any, dtype: Any, lifting: bool) -> Tensor:
        """Concrete initial value of a Variable that is created inside the program."""
        if self._parents:
            return self._parents[-1].lift_initial_value(initial_value, dtype, lifting)
        if not (self._may_create and lifting):
            raise ValueError(
                f"[function {self.name}] Variables may be created only on the first call, got one in a "
                "later trace; create it outside, or once: `if self.v is None: self.v = tf.Variable(...)`."
            )
        self.created = True
        if callable(initial_value):
            with outside_programs():
                return convert_to_tensor(initial_value(), dtype)
        tensor = convert_to_tensor(initial_value, dtype)
        if not isinstance(tensor.array, xla.Tracer):
            return tensor
        values = [self._concrete(t) for t in self.inputs]
        return Tensor(self.trace.evaluate(tensor.array, values))

    def _concrete(self, tensor: Tensor) -> Any:
        for variable in self.reads:
            if self._sources[id(variable)] is tensor or variable._tensor is tensor:
                return variable._tensor.array
        return xla.jnp.zeros(tensor.array.shape, tensor.array.dtype)


@xla.jax.custom_jvp
def _as_source(value: Any, source: Any) -> Any:
    """The value, with the derivatives of the source."""
    del source
    return value


@_as_source.defjvp
def _as_source_jvp(primals: tuple[Any, Any], tangents: tuple[Any, Any]) -> tuple[Any, Any]:
    return primals[0], tangents[1]


def outer_value(variable: Any, parents: Sequence[Any]) -> Tensor:
    """Value of a Variable outside the innermost program."""
    return parents[-1].read(variable) if parents else variable._tensor


@contextmanager
def outside_programs() -> Iterator[None]:
    """Ops inside run eagerly and unrecorded, although programs are being traced."""
    scopes, state.scopes = state.scopes, []
    recorders, state.recorders = state.recorders, []
    try:
        with xla.outside_traces():
            yield
    finally:
        state.scopes, state.recorders = scopes, recorders


class Body:
    """A traced program.

    Attributes:
        name: Name of the program.
        run: ``(constants, *arguments, *read values) -> outputs followed by written values``.
        constants: Arrays and enclosing tracers that the body closed over.
        reads: Variables whose values are inputs, in order.
        writes: Variables whose new values are outputs, in order.
        argument_count: Number of arguments, host arrays that are fed included.
        output_count: Number of outputs, those for later calls on the host included; what is drawn before
            and written values follow.
        host: What it does on the host before and after; None for nothing.
        calls_back: Whether it prints, or calls Python in another way.
        structure: What the Python body returned, with `OUTPUT` or a `HostOutput` in place of tensors.
        created: Whether Variables were created.
    """

    def __init__(self, scope: ProgramScope, result: Any, argument_count: int) -> None:
        leaves, self.structure = _outputs(result)
        self.name = scope.name
        self.writes = list(scope.writes.values())
        finals = [scope.value(v).array for v in self.writes]
        self.host = scope.host if scope.host else None
        late, drawn = scope.host.results, scope.host.drawn.values()
        outputs = [*leaves, *late, *drawn, *finals]
        self.run, self.constants = scope.trace.close(outputs, scope.order(argument_count))
        self.reads = scope.reads
        self.created = scope.created
        self.argument_count = argument_count + len(scope.host.feeds)
        self.output_count = len(leaves) + len(late)
        self.calls_back = bool(self.run.jaxpr.effects)  # type: ignore[attr-defined]
        scope.host.release()

    def rebuild(self, leaves: Sequence[Any], on_host: Mapping[int, Any] | None = None) -> Any:
        """The Python result.

        Args:
            leaves: What takes the places of its tensors.
            on_host: The host arrays by number.
        """
        fresh = iter(leaves)

        def value(leaf: Any) -> Any:
            if type(leaf) is HostOutput:
                return Tensor((on_host or {})[leaf.place])
            return next(fresh) if leaf is OUTPUT else leaf

        return nest.map_structure(value, self.structure, expand_composites=True)


class _Output:
    """Stands for a tensor in the structure of a body's result."""

    def __repr__(self) -> str:
        return "<output>"


OUTPUT = _Output()


@dataclass(frozen=True)
class HostOutput:
    """Stands for a host array of a program in the structure of its result."""

    place: int


def _outputs(result: Any) -> tuple[list[Any], Any]:
    """Arrays in a result, and its structure with `OUTPUT` in their place."""
    leaves: list[Any] = []

    def leaf(value: Any) -> Any:
        if isinstance(value, (str, bytes)):
            return convert_to_tensor(value)
        if value is None or callable(value) and not _is_value(value):
            return value
        tensor = as_tensor(value)
        if tensor is None and _is_value(value):
            tensor = convert_to_tensor(value)
        if tensor is None:
            return value
        if type(tensor.array) is np.ndarray and tensor.array.dtype == object:
            return tensor
        if type(tensor.array) is HostPart:
            return HostOutput(tensor.array.place)
        leaves.append(tensor.array)
        return OUTPUT

    return leaves, nest.map_structure(leaf, result, expand_composites=True)


def _is_value(value: Any) -> bool:
    return isinstance(value, (bool, int, float, complex, np.ndarray, np.generic)) or contains_tensor(
        value
    )


def trace_body(
    function: Callable[..., Any],
    arguments: Sequence[Any],
    name: str,
    may_create: bool = False,
    differentiated: bool = False,
    keyed: bool = False,
) -> Body:
    """Program of a Python function of tensors.

    Args:
        function: Called once, with a tensor for each argument; returns a structure of tensors.
        arguments: For each argument anything with ``shape`` and ``dtype`` (NumPy's); of strings arrays, as
            their values show the shapes that come of them; `Samples` for what is to stay on the host as long
            as possible.
        name: Name of the program.
        may_create: Whether Variables may be created inside.
        differentiated: See `ProgramScope`.
        keyed: See `ProgramScope`.

    Returns:
        The `Body`.
    """
    scope = ProgramScope(name, may_create, differentiated, keyed)
    tensors = [scope.argument(a) for a in arguments]
    count = len(scope.inputs)
    state.scopes.append(scope)
    recorders, state.recorders = state.recorders, []
    try:
        with scope.trace.running():
            result = function(*tensors)
            body = Body(scope, result, count)
    except xla.LeakError as error:
        raise LeakedTensorError(
            f"[function {name}] expected tensors of this program, got one that leaked out of a finished "
            "trace (it was stored in a global, a list or an attribute). Return it from the function, or "
            "keep it in a tf.Variable."
        ) from error
    finally:
        state.scopes.remove(scope)
        state.recorders = recorders
    return body


def apply_body(body: Body, arguments: Sequence[Tensor], call: Callable[..., Any]) -> Any:
    """Runs a body on tensors: reads its Variables, calls, assigns, rebuilds the result.

    Args:
        body: The program.
        arguments: Tensors.
        call: Called with the list of inputs (arguments, read values, constants); returns output tensors.

    Raises:
        OtherShapesError: The host's part gives arrays of other shapes than those it was traced for.
    """
    work = None if body.host is None else HostRun(body, body.host)
    if work is not None:
        arguments = work.before(arguments, Tensor)
    inputs = [*arguments, *(v._held_tensor() for v in body.reads), *tensors_holding(body.constants)]
    outputs = call(inputs)
    for variable, tensor in zip(body.writes, outputs[body.output_count :], strict=True):
        variable._set(tensor, shared=False)
    results = outputs[: body.output_count]
    return body.rebuild(results) if work is None else work.after(results)


class HostRun:
    """What one run of a body does on the host.

    Args:
        body: The body.
        host: Its part on the host.
    """

    def __init__(self, body: Body, host: HostWork) -> None:
        self._body = body
        self._host = host
        self._on_host: dict[int, Any] = {}

    def before(self, arguments: Sequence[Any], wrap: Callable[[Any], Any] = lambda a: a) -> list[Any]:
        """Arguments of the compiled part.

        Args:
            arguments: All arguments: tensors or arrays.
            wrap: Makes such an argument of an array.

        Raises:
            OtherShapesError: The compiled part was made for other shapes.
        """
        strings, numbers = [], []
        for argument in arguments:
            array = getattr(argument, "array", argument)
            if array.dtype == object:
                strings.append(array)
            else:
                numbers.append(argument)
        self._on_host = self._host.before(strings)
        return [*numbers, *(wrap(self._on_host[n]) for n in self._host.feeds)]

    def after(self, outputs: Sequence[Any]) -> Any:
        """The Python result.

        Args:
            outputs: Tensors or arrays that the compiled part returned, written values left out.
        """
        late = len(outputs) - len(self._host.results)
        results = [getattr(o, "array", o) for o in outputs[late:]]
        return self._body.rebuild(outputs, self._host.after(self._on_host, results))


def tensors_holding(arrays: Sequence[Any]) -> list[Tensor]:
    """A tensor for each array: one that a recorder follows where there is one.

    A program closes over arrays, recorders follow tensors; without this, a tape would lose sight of a
    watched tensor that the program closes over.
    """
    followed: dict[int, Tensor] = {}
    if arrays:
        for recorder in state.recorders:
            followed.update((id(t.array), t) for t in recorder.followed_tensors())
    return [followed[id(a)] if id(a) in followed else Tensor(a) for a in arrays]
