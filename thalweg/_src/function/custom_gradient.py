"""Functions with their own backward rule: `custom_gradient`.

Eagerly the rule is recorded on the tapes as a call without an op. Inside programs the function and its
rule are traced together, once, and become an op with its own gradient, so that tapes inside the program
and whatever differentiates the whole program follow the same rule.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import jax
import numpy as np
from jax import numpy as jnp

from thalweg._src.autodiff.tape import GradientTape
from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import xla
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.door import call, is_inexact
from thalweg._src.core.recorders import OpCall, state
from thalweg._src.core.symbolic import symbols_in
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.conversion import as_converted
from thalweg._src.function.looping import results_of
from thalweg._src.function.staging import Part, Shared, make_op
from thalweg._src.function.symbolic_calls import node_when_symbolic
from thalweg._src.function.trace import tensors_holding, trace_body
from thalweg._src.ops.creation import zeros_like
from thalweg._src.ops.inspection import identity


class _Watcher:
    """Recorder that only notes which trainable Variables are read."""

    differentiates = False

    def __init__(self) -> None:
        self.variables: dict[int, Any] = {}

    def follows(self, tensor: Tensor) -> bool:
        return False

    def followed_tensors(self) -> tuple[()]:
        return ()

    def record(self, called: OpCall) -> None:
        return

    def variable_read(self, variable: Any, tensor: Tensor) -> None:
        if variable.trainable:
            self.variables[id(variable)] = variable


@contextmanager
def _watching() -> Iterator[_Watcher]:
    watcher = _Watcher()
    recorders = state.recorders
    recorders.append(watcher)
    try:
        yield watcher
    finally:
        recorders.remove(watcher)


@contextmanager
def no_tapes() -> Iterator[None]:
    """Tapes do not record inside; forward accumulators do."""
    recorders = state.recorders
    state.recorders = [r for r in recorders if not r.differentiates]
    try:
        yield
    finally:
        state.recorders = recorders


class _WithRule:
    """Callable whose results are differentiated backwards by the rule that the function returns."""

    def __init__(self, function: Callable[..., Any], bound: tuple[Any, ...] = ()) -> None:
        functools.update_wrapper(self, function)
        self._function = function
        self._bound = bound

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else _WithRule(self._function, (instance,))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if next(symbols_in((args, kwargs)), None) is not None:
            return node_when_symbolic(self)(*args, **kwargs)
        name = getattr(self._function, "__name__", "custom_gradient")
        function = functools.partial(as_converted(self._function), *self._bound)
        run = _run_traced if xla.tracing() else _run_eagerly
        return run(function, name, args, kwargs)


def custom_gradient(f: Callable[..., Any] | None = None) -> Any:
    """Function like `f`, differentiated by the rule that `f` returns with its result.

    Args:
        f: Function of tensors that returns ``(result, grad_fn)``. ``grad_fn(*upstream)`` takes the
            cotangent of each tensor of the result and returns that of each tensor argument (None for
            none). If `f` reads trainable Variables, it is called as
            ``grad_fn(*upstream, variables=[...])`` and returns ``(cotangents of arguments, list of
            cotangents of the Variables)``.

    Returns:
        The function; a decorator when `f` is None.

    Raises:
        TypeError: `f` reads Variables and `grad_fn` takes no ``variables``.
        ValueError: `grad_fn` returns the wrong number of cotangents.

    Example:
        >>> import thalweg as tf
        >>> @tf.custom_gradient
        ... def clipped(x):
        ...     return x * 2.0, lambda upstream: tf.clip_by_value(upstream * 2.0, -1.0, 1.0)
        >>> x = tf.Variable(3.0)
        >>> with tf.GradientTape() as tape:
        ...     y = clipped(x)
        >>> tape.gradient(y, x).numpy().item()
        1.0

    Source: `tf.custom_gradient`. Inside compiled functions `grad_fn` is traced right after `f`, also
    when no gradient is asked for. Forward accumulators differentiate `f` itself.
    """
    return custom_gradient if f is None else _WithRule(f)


def flat_inputs(args: tuple[Any, ...]) -> tuple[list[Any], list[int]]:
    """Flat arguments with tensors in place of numbers and arrays, and where the tensors are."""
    flat = nest.flatten(args, expand_composites=True)
    found: list[Any] = []
    for leaf in flat:
        tensor = as_tensor(leaf)
        if tensor is None and isinstance(leaf, (bool, int, float, complex, np.ndarray, np.generic)):
            tensor = convert_to_tensor(leaf)
        found.append(leaf if tensor is None else tensor)
    return found, [i for i, leaf in enumerate(found) if isinstance(leaf, Tensor)]


def _split_result(name: str, returned: Any) -> tuple[Any, Callable[..., Any]]:
    if not isinstance(returned, tuple) or len(returned) != 2 or not callable(returned[1]):
        raise TypeError(
            f"[custom_gradient {name}] expected the function to return (result, grad_fn), got "
            f"{returned!r}; return both."
        )
    return returned


def _run_eagerly(
    function: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    flat, positions = flat_inputs(args)
    with _watching() as watcher:
        packed = nest.pack_sequence_as(args, flat, expand_composites=True)
        result, grad_fn = _split_result(name, function(*packed, **kwargs))
    tensors = [flat[i] for i in positions]
    given = {id(leaf._handle) for leaf in nest.flatten(args) if hasattr(leaf, "_handle")}
    variables = [v for key, v in watcher.variables.items() if key not in given]
    _check_rule(name, grad_fn, variables)
    with no_tapes():
        outputs = [
            identity(convert_to_tensor(leaf))
            for leaf in nest.flatten(result, expand_composites=True)
        ]
    tapes = [r for r in state.recorders if r.differentiates]
    if tapes:
        inputs = [*tensors, *(v._held_tensor() for v in variables)]
        mask = tuple(any(t.follows(x) for t in tapes) and is_inexact(x.array) for x in inputs)

        def pullback(*cotangents: Tensor) -> list[Tensor | None]:
            upstream = _with_integers(outputs, cotangents)
            found = _apply_rule(name, grad_fn, upstream, len(tensors), variables)
            return [g for g, wanted in zip(found, mask, strict=True) if wanted]

        if any(mask):
            record = OpCall(None, (), inputs, tuple(outputs), mask, pullback)
            for tape in tapes:
                tape.record(record)
    return nest.pack_sequence_as(result, outputs, expand_composites=True)


def _with_integers(outputs: Sequence[Tensor], cotangents: Sequence[Tensor]) -> list[Tensor]:
    """Cotangents of all outputs: zeros for those that are not differentiable."""
    fresh = iter(cotangents)
    return [next(fresh) if is_inexact(o.array) else zeros_like(o) for o in outputs]


def _check_rule(name: str, grad_fn: Callable[..., Any], variables: Sequence[Any]) -> None:
    if not variables:
        return
    parameters = inspect.signature(grad_fn).parameters
    if "variables" in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return
    raise TypeError(
        f"[custom_gradient {name}] expected grad_fn to take the keyword 'variables', because the "
        f"function reads {[v.name for v in variables]}; write grad_fn(*upstream, variables=None) and "
        "return (cotangents of arguments, cotangents of the variables)."
    )


def _apply_rule(
    name: str,
    grad_fn: Callable[..., Any],
    upstream: Sequence[Tensor],
    count: int,
    variables: Sequence[Any],
) -> list[Tensor | None]:
    """Cotangents of the arguments and of the Variables."""
    of_variables: list[Any] = []
    if variables:
        found, of_variables = grad_fn(*upstream, variables=list(variables))
        of_variables = nest.flatten(of_variables)
        if len(of_variables) != len(variables):
            raise InvalidArgumentError(
                f"[custom_gradient {name}] expected {len(variables)} cotangents of Variables, got "
                f"{len(of_variables)}; return one for each of `variables`, None for none."
            )
    else:
        found = grad_fn(*upstream)
    flat = nest.flatten(found, expand_composites=True)
    if len(flat) != count:
        raise InvalidArgumentError(
            f"[custom_gradient {name}] expected grad_fn to return {count} cotangents, one for each "
            f"argument, got {len(flat)}; return None for arguments without one."
        )
    return [None if g is None else convert_to_tensor(g) for g in (*flat, *of_variables)]


class _Together:
    """The function and its rule in one traced program.

    Attributes:
        body: Outputs: the results, then the cotangents that exist.
        order: For each input of the program what it is: ("argument", i), ("upstream", i), ("read", i).
        results: The structure of the result.
        count: Number of results.
        specs: Shape and NumPy dtype of each result.
        gradients: For each argument and then each trainable Variable, the place of its cotangent among
            the outputs, or None.
        variables: Trainable Variables of the function.
        error: What the rule raised, to be raised again when it is needed.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        name: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> None:
        self.name = name
        self.error: Exception | None = None
        flat, positions = flat_inputs(args)
        self.tensors = [flat[i] for i in positions]
        given = {id(leaf._handle) for leaf in nest.flatten(args) if hasattr(leaf, "_handle")}
        inner: dict[str, Any] = {}

        def run(*inputs: Tensor) -> list[Tensor]:
            scope = state.scopes[-1]
            inner.update(scope=scope, inputs=list(inputs))
            full = list(flat)
            for position, tensor in zip(positions, inputs, strict=True):
                full[position] = tensor
            packed = nest.pack_sequence_as(args, full, expand_composites=True)
            with _watching() as watcher:
                self.results, grad_fn = _split_result(name, function(*packed, **kwargs))
            self.variables = [v for key, v in watcher.variables.items() if key not in given]
            _check_rule(name, grad_fn, self.variables)
            leaves = nest.flatten(self.results, expand_composites=True)
            outputs = [convert_to_tensor(leaf) for leaf in leaves]
            upstream = [scope.new_input(o.array) for o in outputs]
            inner["upstream"] = upstream
            return [*outputs, *self._rule(grad_fn, outputs, upstream)]

        self.body = trace_body(run, [t.array for t in self.tensors], name)
        self._find_order(inner)

    def _rule(
        self, grad_fn: Callable[..., Any], outputs: list[Tensor], upstream: list[Tensor]
    ) -> list[Tensor]:
        self.count = len(outputs)
        self.specs = [(o.array.shape, o.array.dtype) for o in outputs]
        self.gradients: list[int | None] = [None] * (len(self.tensors) + len(self.variables))
        try:
            found = _apply_rule(self.name, grad_fn, upstream, len(self.tensors), self.variables)
        except Exception as error:
            self.error = error
            return []
        known = [g for g in found if g is not None]
        places = iter(range(self.count, self.count + len(known)))
        self.gradients = [None if g is None else next(places) for g in found]
        return known

    def _find_order(self, inner: dict[str, Any]) -> None:
        kinds = {id(t): ("argument", i) for i, t in enumerate(inner["inputs"])}
        kinds |= {id(t): ("upstream", i) for i, t in enumerate(inner["upstream"])}
        reads = iter(range(len(self.body.reads)))
        self.order = [
            kinds[id(t)] if id(t) in kinds else ("read", next(reads)) for t in inner["scope"].inputs
        ]

    def run(
        self, arguments: Sequence[Any], reads: Sequence[Any], constants: Any, upstream: Any
    ) -> list[Any]:
        """All outputs of the program."""
        values = {"argument": arguments, "read": reads, "upstream": upstream}
        return self.body.run(constants, *(values[kind][i] for kind, i in self.order))


def _run_traced(
    function: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    both = _Together(function, name, args, kwargs)
    body, taken = both.body, len(both.tensors)
    read = len(body.reads)

    def split(arrays: Sequence[Any]) -> tuple[Any, Any, Any]:
        return arrays[:taken], arrays[taken : taken + read], arrays[taken + read :]

    def run(*arrays: Any) -> tuple[Any, ...]:
        arguments, reads, constants = split(arrays)
        nothing = [jnp.zeros(shape, dtype) for shape, dtype in both.specs]
        found = both.run(arguments, reads, constants, nothing)
        return (*found[: both.count], *found[body.output_count :])

    def forward(*arrays: Any) -> tuple[Any, Any]:
        return run(*arrays), arrays

    def backward(arrays: Any, cotangents: Any) -> tuple[Any, ...]:
        if both.error is not None:
            raise both.error
        arguments, reads, constants = split(arrays)
        upstream = [
            _upstream(c, spec) for c, spec in zip(cotangents[: both.count], both.specs, strict=True)
        ]
        found = both.run(arguments, reads, constants, upstream)
        return _all_cotangents(both, arrays, found)

    inputs = [
        *both.tensors,
        *(v._held_tensor() for v in body.reads),
        *tensors_holding(body.constants),
    ]
    outputs = call(make_op(name, run, (forward, backward)), inputs, ())
    for variable, tensor in zip(body.writes, outputs[both.count :], strict=True):
        variable._set(tensor, shared=False)
    return nest.pack_sequence_as(both.results, outputs[: both.count], expand_composites=True)


def _upstream(cotangent: Any, spec: tuple[Any, Any]) -> Any:
    """A result's cotangent in TensorFlow's convention; zeros for a result that has none."""
    shape, dtype = spec
    if cotangent.dtype != dtype:
        return jnp.zeros(shape, dtype)
    return jnp.conj(cotangent) if jnp.iscomplexobj(cotangent) else cotangent


def _all_cotangents(both: _Together, arrays: Sequence[Any], found: Sequence[Any]) -> Any:
    """Cotangents of arguments, Variables and constants, in JAX's convention."""
    by_input: dict[int, Any] = {}
    taken = len(both.tensors)
    places = {id(v): taken + i for i, v in enumerate(both.body.reads)}
    wanted = [*range(taken), *(places[id(v)] for v in both.variables)]
    for position, place in zip(wanted, both.gradients, strict=True):
        if place is None:
            continue
        array, like = found[place], arrays[position]
        if array.shape != like.shape or array.dtype != like.dtype:
            raise InvalidArgumentError(
                f"[custom_gradient {both.name}] expected a cotangent of shape {like.shape} and dtype "
                f"{like.dtype} for input {position}, got shape {array.shape} and dtype {array.dtype}; "
                "return one like the input."
            )
        by_input[position] = jnp.conj(array) if jnp.iscomplexobj(array) else array
    return tuple(by_input.get(i, _nothing(a)) for i, a in enumerate(arrays))


def _nothing(array: Any) -> Any:
    if jnp.issubdtype(jnp.result_type(array), jnp.inexact):
        return jnp.zeros_like(array)
    return np.zeros(np.shape(array), jax.dtypes.float0)
