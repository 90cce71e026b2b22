"""What ``while`` and ``for`` mean in converted code.

With values known now, what they mean in Python. With traced values, one loop of the program: over rows a
scan, else a while loop. A loop's *state* is what the converted function may change in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base import nest
from thalweg._src.base.errors import DataDependentShapeError, InvalidArgumentError
from thalweg._src.core import xla
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.host_parts import compiled_array
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.autograph_statements import (
    Getter,
    Setter,
    State,
    Undefined,
    UndefinedReturnValue,
    if_stmt,
    is_staged,
    may_be_tensor,
    stages,
)
from thalweg._src.function.control_flow import truth
from thalweg._src.function.looping import LoopState, run_for, run_while
from thalweg._src.function.staging import NUMBERS, Part, is_variable, same_value
from thalweg._src.function.streams import is_stream, refuse_streams, streaming
from thalweg._src.function.tensor_array import arrays_in, finding_shapes, growing_in
from thalweg._src.ops.comparison import logical_and


def while_stmt(
    test: Callable[[], Any],
    body: Callable[[], None],
    get_state: Getter,
    set_state: Setter,
    symbol_names: Sequence[str],
    opts: dict[str, Any],
) -> None:
    """``while test(): body()``.

    Iterations run in Python as long as the condition is no tensor of a program; the rest is one loop.
    """
    going = test()
    while not stages(going):
        if not going:
            return
        body()
        going = test()
    loop = _Loop("while", get_state, set_state, symbol_names, opts)
    loop.define_missing(body)
    state = loop.state()

    def step(*tensors: Tensor) -> list[Any]:
        loop.put(tensors)
        body()
        return loop.take()

    def check(*tensors: Tensor) -> Any:
        loop.put(tensors)
        return condition(test())

    loop.finish(run_while(check, step, state, "while", loop.maximum_iterations))


def condition(value: Any) -> Any:
    """A loop's condition: a boolean scalar, or the Python bool of a value that is no tensor."""
    return truth(value, "while") if may_be_tensor(value) else bool(value)


class Rows:
    """Something whose elements a program can loop over: tensors walked along their first dimension.

    Args:
        columns: Tensors with one common first size.
        element: Makes an element from a row of each column.
    """

    def __init__(self, columns: Sequence[Tensor], element: Callable[..., Any]) -> None:
        self.columns = list(columns)
        self.element = element
        self.length = min(int(c.shape[0]) for c in columns)

    def __iter__(self) -> Iterator[Any]:
        for index in range(self.length):
            yield self.element(*(c[index] for c in self.columns))  # type: ignore[index]

    def __len__(self) -> int:
        return self.length


class DynamicRange:
    """``range`` whose bounds are traced: only a loop can use it, because its length is unknown.

    Args:
        start: Integer or floating scalar tensor.
        limit: Likewise.
        delta: Likewise, not 0.
    """

    def __init__(self, start: Any, limit: Any, delta: Any) -> None:
        self.start, self.limit, self.delta = start, limit, delta

    @property
    def count(self) -> Tensor:
        """Number of elements, int32."""
        start, limit, delta = (
            compiled_array(convert_to_tensor(x)) for x in (self.start, self.limit, self.delta)
        )
        span = limit - start
        if jnp.issubdtype(span.dtype, jnp.integer):
            steps = (span + delta - jnp.sign(delta)) // delta
        else:
            steps = jnp.ceil(span / delta)
        return Tensor(jnp.maximum(steps, 0).astype(np.int32))

    def at(self, index: Tensor) -> Tensor:
        """Element number `index`."""
        start = compiled_array(convert_to_tensor(self.start))
        delta = compiled_array(convert_to_tensor(self.delta))
        return Tensor(start + index.array.astype(start.dtype) * delta)

    def _read_tensor(self) -> Tensor:
        raise DataDependentShapeError(
            "[range] expected bounds that are known while tracing, got traced ones; a range of unknown "
            "length can only be looped over by a for statement in tf.function."
        )

    def __iter__(self) -> Iterator[Any]:
        return iter(self._read_tensor())


def for_stmt(
    iter_: Any,
    extra_test: Callable[[], Any] | None,
    body: Callable[[Any], None],
    get_state: Getter,
    set_state: Setter,
    symbol_names: Sequence[str],
    opts: dict[str, Any],
) -> None:
    """``for target in iter_: body(target)``, as long as `extra_test` holds (break and return)."""
    refuse_streams(iter_)
    loops = streaming()
    if loops is not None and is_stream(iter_):
        loops.run(iter_, extra_test, body, get_state, set_state, symbol_names)
        return
    if xla.tracing() and may_be_tensor(iter_) and not isinstance(iter_, DynamicRange):
        tensor = convert_to_tensor(iter_)
        if not tensor.ndim:
            raise TypeError("[for] expected a tensor of rank 1 or more to loop over, got a scalar.")
        iter_ = Rows([tensor], lambda row: row)
    if not (xla.tracing() and isinstance(iter_, (Rows, DynamicRange))):
        _python_for(iter_, extra_test, body, get_state, set_state, symbol_names)
        return
    loop = _Loop("for", get_state, set_state, symbol_names, opts)
    if isinstance(iter_, Rows) and extra_test is None and loop.maximum_iterations is None:
        _scan_rows(iter_, body, loop)
    else:
        _count_through(iter_, extra_test, body, loop)


def _python_for(
    iter_: Iterable[Any],
    extra_test: Callable[[], Any] | None,
    body: Callable[[Any], None],
    get_state: Getter,
    set_state: Setter,
    symbol_names: Sequence[str],
) -> None:
    if extra_test is None:
        for target in iter_:
            body(target)
        return
    for target in iter_:
        going = extra_test()
        if not is_staged(going):
            if not going:
                return
            body(target)
            continue
        # A traced break: every further iteration happens only where no break has.
        if_stmt(
            going,
            lambda target=target: body(target),  # type: ignore[misc]
            lambda: None,
            get_state,
            set_state,
            symbol_names,
            len(symbol_names),
        )


def _scan_rows(rows: Rows, body: Callable[[Any], None], loop: _Loop) -> None:
    """A loop over all rows, whose number is known: one scan."""
    taken = len(rows.columns)
    loop.define_missing(lambda: body(rows.element(*_first_rows(rows))))
    state = loop.state()

    def step(*tensors: Tensor) -> tuple[list[Any], list[Any]]:
        loop.put(tensors[taken:])
        body(rows.element(*tensors[:taken]))
        return loop.take(), []

    size = rows.length
    columns = [c if int(c.shape[0]) == size else c[:size] for c in rows.columns]  # type: ignore[index]
    final, _ = run_for(step, columns, state, "for", size)
    loop.finish(final)


def _first_rows(rows: Rows) -> list[Tensor]:
    """Rows to try the body on: of the right shapes and dtypes, also when there is none."""
    return [Tensor(jnp.zeros(c.array.shape[1:], c.array.dtype)) for c in rows.columns]


def _count_through(
    iter_: Rows | DynamicRange,
    extra_test: Callable[[], Any] | None,
    body: Callable[[Any], None],
    loop: _Loop,
) -> None:
    """A loop with a counter: it may end early, or has a length that is not known."""
    known = isinstance(iter_, Rows)
    count: Any = iter_.length if isinstance(iter_, Rows) else iter_.count

    def element(index: Tensor) -> Any:
        if isinstance(iter_, DynamicRange):
            return iter_.at(index)
        return iter_.element(*(c[index] for c in iter_.columns))  # type: ignore[index]

    def try_body() -> None:
        if isinstance(iter_, Rows):
            body(iter_.element(*_first_rows(iter_)))
        else:
            body(iter_.at(Tensor(jnp.int32(0))))

    loop.define_missing(try_body)
    inner = loop.state()
    state = LoopState(
        [
            Tensor(np.asarray(0, np.int32)),
            *(inner.numbers.get(i, t) for i, t in enumerate(inner.tensors)),
        ],
        lambda i: "the counter" if not i else inner.describe(i - 1),
        [i + 1 for i in inner.numbers],
        [(b + 1, n + 1) for b, n in inner.growing],
    )

    def step(index: Tensor, *tensors: Tensor) -> list[Any]:
        loop.put(tensors)
        body(element(index))
        return [Tensor(index.array + 1), *loop.take()]

    def check(index: Tensor, *tensors: Tensor) -> Any:
        loop.put(tensors)
        within = Tensor(index.array < compiled_array(convert_to_tensor(count)))
        if extra_test is None:
            return within
        return logical_and(within, truth(extra_test(), "for"))

    most = loop.maximum_iterations
    if most is None and known:
        most = count
    loop.finish(run_while(check, step, state, "for", most)[1:])


class _Loop:
    """The state of a staged loop: which leaves change, and how to read and write them.

    Args:
        name: Name of the statement for messages.
        get_state: Reads the values of the loop's symbols.
        set_state: Writes them.
        symbol_names: Their names.
        opts: Options from `set_loop_options`.
    """

    def __init__(
        self,
        name: str,
        get_state: Getter,
        set_state: Setter,
        symbol_names: Sequence[str],
        opts: dict[str, Any],
    ) -> None:
        self.name = name
        self._get, self._set = get_state, set_state
        self._names = list(symbol_names)
        self.maximum_iterations = opts.get("maximum_iterations")
        self._values = get_state()
        self._given: list[Any] = []
        self._kept: set[int] = set()

    def define_missing(self, body: Callable[[], None]) -> None:
        """Gives symbols without a value the form they have after one iteration, filled with zeros.

        That value is seen only if the loop runs no iteration, where Python would raise. The trial run also
        finds the shapes of the elements that the loop writes into a `TensorArray`.
        """
        missing = [
            i
            for i, value in enumerate(self._values)
            if isinstance(value, (Undefined, UndefinedReturnValue))
        ]
        shapeless = [a for a in arrays_in(list(self._values)) if not a._flatten_composite()]
        if not missing and not shapeless:
            return
        found: list[Any] = []

        def once() -> list[Any]:
            self._set(self._values)
            body()
            found[:] = self._get()
            return []

        with finding_shapes(shapeless):
            Part(once, [], f"{self.name} body")
        values = list(self._values)
        for i in missing:
            values[i] = nest.map_structure(_blank, found[i], expand_composites=True)
        self._values = tuple(values)
        self._set(self._values)

    def _flat(self, values: State) -> list[Any]:
        return nest.flatten(list(values), expand_composites=True)

    def state(self) -> LoopState:
        """The first values of what changes in the loop."""
        leaves = self._flat(self._values)
        names = [
            name
            for name, value in zip(self._names, self._values, strict=True)
            for _ in nest.flatten(value, expand_composites=True)
        ]
        self._leaves = leaves
        self._moving = [i for i, leaf in enumerate(leaves) if _moves(leaf)]
        numbers = [k for k, i in enumerate(self._moving) if isinstance(leaves[i], NUMBERS)]
        self._leaf_names = names
        place = {i: k for k, i in enumerate(self._moving)}
        growing = [(place[b], place[n]) for b, n in growing_in(list(self._values))]
        return LoopState(
            [leaves[i] for i in self._moving],
            lambda k: repr(names[self._moving[k]]),
            numbers,
            growing,
        )

    def put(self, tensors: Sequence[Tensor]) -> None:
        """Writes the values of an iteration into the function's variables."""
        self._given = list(tensors)
        self._set(self._packed(tensors))

    def _packed(self, tensors: Sequence[Any]) -> State:
        leaves = list(self._leaves)
        for i, tensor in zip(self._moving, tensors, strict=True):
            leaves[i] = tensor
        return tuple(nest.pack_sequence_as(list(self._values), leaves, expand_composites=True))

    def take(self) -> list[Any]:
        """Reads the new values after an iteration."""
        values = self._get()
        for name, old, new in zip(self._names, self._values, values, strict=True):
            self._check_form(name, old, new)
        leaves = self._flat(values)
        for i, (old, new) in enumerate(zip(self._leaves, leaves, strict=True)):
            if i not in self._moving and not (old is new or same_value(old, new)):
                raise InvalidArgumentError(
                    f"[{self.name}] {self._leaf_names[i]!r} must keep its value in the loop, or be a "
                    f"tensor from the start, got {old!r} before it and {new!r} after an iteration."
                )
        moved = [leaves[i] for i in self._moving]
        self._kept = {k for k, (a, b) in enumerate(zip(moved, self._given, strict=True)) if a is b}
        return moved

    def _check_form(self, name: str, old: Any, new: Any) -> None:
        try:
            nest.assert_same_structure(old, new, expand_composites=True)
            fits = len(self._flat((old,))) == len(self._flat((new,)))
        except (TypeError, ValueError):
            fits = False
        if not fits:
            raise InvalidArgumentError(
                f"[{self.name}] {name!r} must keep its structure in the loop, got {old!r} before it and "
                f"{new!r} after an iteration; collect results in a tf.TensorArray."
            )

    def finish(self, tensors: Sequence[Tensor]) -> None:
        """Writes the final values; what no iteration touched keeps its first value."""
        final = [
            self._leaves[i] if k in self._kept else tensor
            for k, (i, tensor) in enumerate(zip(self._moving, tensors, strict=True))
        ]
        self._set(self._packed(final))


def _moves(leaf: Any) -> bool:
    """True for values that a loop carries: tensors, arrays and numbers."""
    if is_variable(leaf):
        return False
    if isinstance(leaf, (*NUMBERS, np.ndarray)):
        return True
    tensor = as_tensor(leaf)
    return tensor is not None and tensor.array.dtype != object


def _blank(leaf: Any) -> Any:
    """Zeros like a tensor, a Python value as it is."""
    if not _moves(leaf) or isinstance(leaf, NUMBERS):
        return leaf
    array = compiled_array(convert_to_tensor(leaf))
    return Tensor(jnp.zeros(array.shape, array.dtype))
