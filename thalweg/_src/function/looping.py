"""Loops inside programs: what changes in a loop, and the loop as one op."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base import nest
from thalweg._src.base.errors import (
    DataDependentShapeError,
    DTypeError,
    InvalidArgumentError,
    ShapeError,
)
from thalweg._src.core import dtypes, xla
from thalweg._src.core.convert import check_kind, convert_to_tensor, infer_dtype
from thalweg._src.core.door import call
from thalweg._src.core.host_parts import compiled_array
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.loops import while_alive
from thalweg._src.function.staging import (
    NUMBERS,
    Describe,
    Output,
    Part,
    Shared,
    known_value,
    make_op,
)
from thalweg._src.ops.joining import concat


class LoopState:
    """Names and first values of what changes in a loop.

    Attributes:
        tensors: First values.
        describe: Name of the value at a position, for messages.
        numbers: Values that were Python numbers, by position; they may take the loop's dtype.
        growing: Positions of tensors that may become longer in their first dimension, and of the numbers
            that say how long each of them is.
    """

    def __init__(
        self,
        values: Sequence[Any],
        describe: Describe,
        numbers: Sequence[int] = (),
        growing: Sequence[tuple[int, int]] = (),
    ) -> None:
        self.tensors: list[Tensor] = [convert_to_tensor(v) for v in values]
        self.describe = describe
        self.numbers = {i: values[i] for i in numbers}
        self.growing = tuple(growing)

    def trace_step(
        self, step: Callable[..., Any], rows: Sequence[Any], name: str, further: bool = False
    ) -> Part:
        """The traced loop body, once its first values have the dtypes of its results.

        Args:
            step: The body: ``(*rows, *state) -> new state``.
            rows: Shapes and dtypes of its arguments before the state.
            name: Name of the loop for messages.
            further: Whether more results may follow those of the state.
        """
        tried = False
        while True:
            try:
                part = Part(step, [*rows, *arrays_of(self.tensors)], f"{name} body")
            except DTypeError:
                # A number such as 0 became an int32 tensor; as a number it would have fitted.
                if tried or not self._promote(self._trace_with_numbers(step, rows, name)):
                    raise
                tried = True
                continue
            if not self._promote(part):
                break
        self._check(part, name, further)
        return part

    def _trace_with_numbers(self, step: Callable[..., Any], rows: Sequence[Any], name: str) -> Part:
        """The body traced with the Python numbers of the state in place, to see what they become."""
        tensors = [t for i, t in enumerate(self.tensors) if i not in self.numbers]

        def run(*given: Tensor) -> Any:
            rest = iter(given[len(rows) :])
            state = [
                self.numbers[i] if i in self.numbers else next(rest)
                for i in range(len(self.tensors))
            ]
            return step(*given[: len(rows)], *state)

        return Part(run, [*rows, *arrays_of(tensors)], f"{name} body")

    def grows(self, part: Part, length: int, skip: int = 0) -> bool:
        """True when the loop writes to the length at this position.

        Args:
            part: The traced body.
            length: Position of a length.
            skip: Number of the body's arguments before the state.
        """
        leaf = part.leaves[length]
        return not (isinstance(leaf, Output) and leaf.tensor is part.arguments[skip + length])

    def _promote(self, part: Part) -> bool:
        """Casts first values that were Python numbers to the dtype they have after a step."""
        changed = False
        for position in sorted(self.numbers):
            if position >= len(part.leaves):
                break
            leaf, tensor = part.leaves[position], self.tensors[position]
            dtype = leaf.dtype if isinstance(leaf, Output) else _dtype_of_number(leaf, tensor)
            if dtype != tensor.array.dtype and dtype == jnp.promote_types(
                dtype, tensor.array.dtype
            ):
                self.tensors[position] = Tensor(tensor.array.astype(dtype))
                changed = True
        return changed

    def _check(self, part: Part, name: str, further: bool) -> None:
        size = len(self.tensors)
        if len(part.leaves) < size or (len(part.leaves) > size and not further):
            raise InvalidArgumentError(
                f"[{name}] expected the loop body to return {len(self.tensors)} values, as many as "
                f"the loop variables, got {len(part.leaves)}; return all of them."
            )
        for position, tensor in enumerate(self.tensors):
            leaf, what = part.leaves[position], f"[{name}] {self.describe(position)}"
            shape, dtype = tuple(tensor.shape), tensor.array.dtype
            if not isinstance(leaf, Output):
                leaf = self._number(leaf, tensor, what)
            if leaf.dtype != dtype:
                raise DTypeError(
                    f"{what} must keep its dtype in the loop, got {tensor.dtype.name} before it and "
                    f"{dtypes.BY_NUMPY[leaf.dtype].name} after a step; cast it with tf.cast."
                )
            if tuple(leaf.shape) != shape:
                raise ShapeError(
                    f"{what} must keep its shape in the loop, got {shape} before it and "
                    f"{tuple(leaf.shape)} after a step; a compiled loop has fixed sizes: write into a "
                    "tf.TensorArray or a tensor of the final size."
                )

    def _number(self, leaf: Any, tensor: Tensor, what: str) -> Any:
        if not isinstance(leaf, NUMBERS):
            raise DTypeError(
                f"{what} must stay a tensor in the loop, got {leaf!r} after a step; give it a tensor "
                "value in every step."
            )
        check_kind(leaf, tensor.dtype, what)
        return np.asarray(leaf, tensor.array.dtype)


def _dtype_of_number(leaf: Any, tensor: Tensor) -> Any:
    """Dtype that a value has after a step that leaves a Python number in its place."""
    if not isinstance(leaf, NUMBERS):
        return tensor.array.dtype
    return jnp.promote_types(tensor.array.dtype, infer_dtype(leaf).numpy_dtype)


def _state_arrays(part: Part, outputs: Sequence[Any], like: Sequence[Any]) -> list[Any]:
    """Arrays of the state after a step, in the dtypes that they had before it."""
    found = []
    for leaf, before in zip(part.leaves, like, strict=False):
        value = outputs[leaf.position] if isinstance(leaf, Output) else leaf
        found.append(jnp.asarray(value, before.dtype))
    return found


def run_while(
    test: Callable[..., Any],
    step: Callable[..., Any],
    state: LoopState,
    name: str,
    maximum_iterations: Any = None,
) -> list[Tensor]:
    """Final state of ``while test(*state): state = step(*state)`` as one op.

    Args:
        test: Condition of the state's tensors.
        step: Body: list of new values of the state's tensors.
        state: What changes in the loop.
        name: Name for messages.
        maximum_iterations: Most iterations, an int or an integer tensor; None for no limit.
    """
    body = state.trace_step(step, [], name)
    for buffer, length in state.growing:
        if state.grows(body, length):
            raise _unknown_length(name, state.describe(buffer))
    check = Part(test, arrays_of(state.tensors), f"{name} condition")
    _check_condition(check, name)
    shared = Shared([check, body])
    size, written = len(state.tensors), len(shared.written)
    limit = None if maximum_iterations is None else known_value(maximum_iterations)

    def alive(
        values: Any, count: Any, most: Any, variables: Any, constants: Any, quiet: bool
    ) -> Any:
        outputs, variables = check.run(values, variables, constants, quiet)
        leaf = check.leaves[0]
        going = jnp.asarray(outputs[0] if isinstance(leaf, Output) else leaf, bool)
        going = going if maximum_iterations is None else going & (count < most)
        return going, variables

    def once(operands: Any, carry: Any, quiet: bool = False) -> Any:
        _, count, *values = carry
        variables, constants = shared.split(values[size:], operands[1:])
        outputs, variables = body.run(values[:size], variables, constants, quiet)
        new = _state_arrays(body, outputs, values[:size])
        going, variables = alive(new, count + 1, operands[0], variables, constants, quiet)
        return (going, count + 1, *new, *shared.after(variables))

    def run(most: Any, *arrays: Any) -> tuple[Any, ...]:
        values, others = list(map(jnp.asarray, arrays[: size + written])), arrays[size + written :]
        variables, constants = shared.split(values[size:], others)
        count = jnp.int32(0)
        going, variables = alive(values[:size], count, most, variables, constants, False)
        carry = (going, count, *values[:size], *shared.after(variables))
        final = while_alive(
            once,
            carry,
            (jnp.asarray(most), *others),
            None if limit is None else int(limit),
            functools.partial(once, quiet=True),
        )
        return final[2:]

    most = 0 if maximum_iterations is None else maximum_iterations
    inputs = [convert_to_tensor(most), *state.tensors, *shared.tensors()]
    outputs = call(make_op(name, run), inputs, ())
    shared.assign(outputs[size:])
    return list(outputs[:size])


def _check_condition(check: Part, name: str) -> None:
    fits = len(check.leaves) == 1
    leaf = check.leaves[0] if fits else None
    if fits and isinstance(leaf, Output):
        fits = leaf.dtype == np.bool_ and leaf.shape == ()
    elif fits:
        fits = isinstance(leaf, (bool, np.bool_))
    if not fits:
        raise InvalidArgumentError(
            f"[{name}] expected the condition to return one boolean scalar, got {check.leaves!r}; "
            "compare with ==, <, ..., or use tf.reduce_any."
        )


def arrays_of(tensors: Sequence[Tensor]) -> list[Any]:
    """The arrays of tensors."""
    return [compiled_array(t) for t in tensors]


def run_for(
    step: Callable[..., Any],
    elements: Sequence[Tensor],
    state: LoopState,
    name: str,
    length: int,
    reverse: bool = False,
) -> tuple[list[Tensor], Any]:
    """Final state and stacked results of a loop over the first dimension of `elements`, as one op.

    Args:
        step: ``(*elements, *state) -> (list of new state, structure of results)``.
        elements: Tensors with `length` elements in the first dimension.
        state: What changes in the loop.
        name: Name for messages.
        length: Number of steps.
        reverse: Whether to go from the last element to the first.

    Returns:
        Final state, and the structure of results with a first dimension of `length`.
    """
    rows = [xla.ShapeDtypeStruct(t.array.shape[1:], t.array.dtype) for t in elements]

    body = state.trace_step(step, rows, name, True)
    lengths = _make_room(body, state, elements, length, name)
    if lengths:
        body = state.trace_step(step, rows, name, True)
    shared = Shared([body])
    taken, size, written = len(elements), len(state.tensors), len(shared.written)

    def run(*arrays: Any) -> tuple[Any, ...]:
        columns, rest = arrays[:taken], arrays[taken:]
        first, others = list(map(jnp.asarray, rest[: size + written])), rest[size + written :]

        def once(values: Any, row: Any) -> tuple[Any, Any]:
            variables, constants = shared.split(values[size:], others)
            outputs, variables = body.run([*row, *values[:size]], variables, constants)
            new = _state_arrays(body, outputs, values[:size])
            return [*new, *shared.after(variables)], results_of(body, outputs, size)

        final, stacked = lax.scan(once, first, columns, length=length, reverse=reverse)
        return (*final, *stacked)

    inputs = [*elements, *state.tensors, *shared.tensors()]
    outputs = call(make_op(name, run), inputs, ())
    shared.assign(outputs[size : size + written])
    results = nest.pack_sequence_as(body.structure[1], outputs[size + written :], True)
    final = list(outputs[:size])
    for position, known in lengths.items():
        final[position] = Tensor(known)
    return final, results


def _make_room(
    body: Part, state: LoopState, elements: Sequence[Tensor], steps: int, name: str
) -> dict[int, Any]:
    """Makes the tensors that grow in the loop as long as they will be; final lengths by position."""
    found: dict[int, Any] = {}
    for buffer, length in state.growing:
        if not state.grows(body, length, len(elements)):
            continue
        known = known_final(body, length, arrays_of(elements), arrays_of(state.tensors), steps)
        if known is None:
            raise _unknown_length(name, state.describe(buffer))
        found[length] = known
        missing = int(known) - int(state.tensors[buffer].shape[0])
        if missing > 0:
            array = state.tensors[buffer].array
            more = Tensor(jnp.zeros((missing, *array.shape[1:]), array.dtype))
            state.tensors[buffer] = concat([state.tensors[buffer], more], 0)
    return found


def _unknown_length(name: str, what: str) -> DataDependentShapeError:
    return DataDependentShapeError(
        f"[{name}] expected {what} to have a final size that is known while tracing, but it grows with "
        "the values of the loop; give the TensorArray its size, without dynamic_size."
    )


def known_final(
    body: Part, wanted: int, columns: Sequence[Any], first: Sequence[Any], steps: int
) -> Any:
    """Value of one part of the state after a loop, if it depends on nothing that is traced.

    Args:
        body: The traced body.
        wanted: Position in the state.
        columns: Arrays that are walked row by row.
        first: First state.
        steps: Number of iterations.

    Returns:
        NumPy scalar or array; None when it is not known.
    """
    taken, positions = len(columns), {wanted}
    while True:
        order = sorted(positions)
        if not all(isinstance(body.leaves[p], Output) for p in order):
            return None
        outputs = [body.leaves[p].position for p in order]
        run, constants, inputs = xla.slice_program(body.body.run, outputs)
        more = {i - taken for i in inputs if i >= taken}
        if any(p >= len(first) for p in more):
            return None
        if more <= positions:
            break
        positions |= more
    fixed = [body.body.constants[i] for i in constants]
    walked = [columns[i] for i in inputs if i < taken]
    start = [first[p] for p in order]
    if any(isinstance(x, xla.Tracer) for x in (*fixed, *walked, *start)):
        return None

    def once(state: Any, row: Any) -> tuple[Any, None]:
        by_position = dict(zip(order, state, strict=True))
        rows = iter(row)
        given = [next(rows) if i < taken else by_position[i - taken] for i in inputs]
        return run(fixed, given), None

    with xla.outside_traces():
        begin = [jnp.asarray(x) for x in start]
        final, _ = xla.jax.jit(lambda s, w: lax.scan(once, s, w, length=steps))(begin, walked)
        return np.asarray(final[order.index(wanted)])


def results_of(part: Part, outputs: Sequence[Any], size: int) -> list[Any]:
    """Arrays of the results that follow the state."""
    found = []
    for leaf in part.leaves[size:]:
        if isinstance(leaf, Output):
            found.append(outputs[leaf.position])
        elif isinstance(leaf, NUMBERS):
            found.append(jnp.asarray(leaf, infer_dtype(leaf).numpy_dtype))
        else:
            raise InvalidArgumentError(
                f"[{part.body.name}] expected tensors as results of a step, got {leaf!r}."
            )
    return found
