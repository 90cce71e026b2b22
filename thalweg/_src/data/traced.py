"""Functions of one element as programs over blocks of elements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import jax
import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError, UnimplementedError
from thalweg._src.core import xla
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.core.symbolic import PROBES
from thalweg._src.core.tensor import Tensor
from thalweg._src.data.blocks import (
    Block,
    Form,
    between,
    leaf_tensor,
    leaf_value,
    structured,
    taken,
)
from thalweg._src.data.composites import dense_spec
from thalweg._src.data.debugging import debug_mode
from thalweg._src.function.autograph import convert
from thalweg._src.function.function import Function
from thalweg._src.function.trace import NOT_TRACEABLE, Body, trace_body
from thalweg._src.random.global_generator import ElementScope, drawing_from
from thalweg._src.random.keys import element_key

# So many shapes of elements have programs of their own.
MOST_SHAPES = 8
MANY_SHAPES = "elements have many shapes"
# Calls a function for each of some values; threads may take turns.
Mapped = Callable[[Callable[[int], Any], Iterable[int]], Iterable[Any]]
NO_KEY = np.zeros(2, np.uint32)


class Place(NamedTuple):
    """Where a block is in a data set, which its random draws depend on.

    Attributes:
        seed: uint32 ``(2,)``: key of the step.
        epoch: Number of the pass, uint32.
        first: Number of the first element, uint64.
    """

    seed: Any
    epoch: Any
    first: Any

    def later(self, rows: int) -> Place:
        """The place so many rows further on."""
        return self._replace(first=np.uint64(int(self.first) + rows))


_PLACE = Place(NO_KEY, np.uint32(0), np.uint64(0))


class OverRows:
    """A traced function of one element as one program for all rows of a block.

    Args:
        body: The function: its first argument is the element's random key.
        draws: Whether it uses the key.
        before: Whether only what is drawn before the host's part is wanted, which takes nothing but the key.

    Raises:
        UnimplementedError: The function does what cannot be done for many elements at once.
    """

    def __init__(self, body: Body, draws: bool, before: bool = False) -> None:
        if body.writes:
            raise UnimplementedError(
                f"[{body.name}] expected the function to assign no Variable, got an assignment to "
                f"{body.writes[0].name!r}: the elements of a block are computed at once."
            )
        self._body = body
        self._draws = draws
        self._count = 0 if before else body.argument_count - 1
        self._part: Any = None
        if before:
            assert body.host is not None
            wanted = range(body.output_count, body.output_count + len(body.host.drawn))
            self._part = xla.slice_program(body.run, wanted)
        self._jitted = xla.jit_whole(self._over_rows)

    def check(self, rows: Sequence[Any]) -> None:
        """Tries whether it can run over rows where that is in doubt: Python called back may need an order.

        Args:
            rows: Forms of the columns of a block of several rows.

        Raises:
            ValueError: It cannot.
        """
        if self._body.calls_back:
            reads = [v._read_tensor().array for v in self._body.reads]
            jax.eval_shape(self._over_rows, rows, reads, self._body.constants, _PLACE if self._draws else ())

    def _over_rows(
        self, rows: Sequence[Any], reads: Sequence[Any], constants: Sequence[Any], keyed: Sequence[Any]
    ) -> list[Any]:
        def one(index: Any, *leaves: Any) -> list[Any]:
            key = element_key(keyed[0], keyed[1], keyed[2] + index) if keyed else NO_KEY
            if self._part is not None:
                part, chosen, inputs = self._part
                return list(part([constants[i] for i in chosen], [key][: len(inputs)]))
            found = self._body.run(constants, key, *leaves[: self._count], *reads)
            return list(found)[: self._body.output_count]

        size = rows[0].shape[0]
        if size == 1:
            # As it is: in a program for many rows both branches of a condition are computed.
            found = one(np.uint64(0), *(row[0] for row in rows))
            return [xla.jnp.asarray(array)[None] for array in found]
        return list(jax.vmap(one, axis_size=size)(xla.jnp.arange(size, dtype=np.uint64), *rows))

    def __call__(self, columns: Sequence[Any], where: Place, size: int) -> list[Any]:
        """Columns of results.

        Args:
            columns: Arrays, one for each argument after the key; any array of rows where there is none.
            where: Where the rows are in the data set.
            size: Number of rows for which the program is compiled; fewer are filled up.
        """
        count = len(columns[0])
        if count < size:
            rows = np.minimum(np.arange(size), count - 1)
            columns = [taken(c, rows) for c in columns]
        reads = [v._read_tensor().array for v in self._body.reads]
        found = self._jitted(columns, reads, self._body.constants, where if self._draws else ())
        return [between(c, 0, count) for c in found] if count < size else list(found)


class ElementProgram:
    """A function of one element, traced once, that runs for all rows of a block at once.

    Args:
        function: Called with the element: a tuple as arguments.
        spec: Structure of specs of the element.
        name: Name for messages.

    Attributes:
        spec: Structure of specs of what it returns.
        depends_on_place: Whether the same element gives something else at another place: it draws.

    Raises:
        ThalwegError: The function cannot be traced for elements of this spec.
    """

    def __init__(self, function: Callable[..., Any], spec: Any, name: str) -> None:
        arguments = [_placeholder(leaf) for leaf in nest.flatten(spec)]
        converted = convert(function)
        form = Form(spec)
        scopes: list[ElementScope] = []

        def run(key: Tensor, *leaves: Tensor) -> Any:
            scopes.append(ElementScope(key))
            with drawing_from(scopes[-1]):
                result = structured(call_with(converted, form.pack(leaves)))
            self.spec = nest.map_structure(_result_spec, result)
            return [_traced(leaf) for leaf in nest.flatten(result)]

        body = trace_body(run, [NO_KEY, *arguments], name)
        self.depends_on_place = scopes[-1].draws
        self._over_rows = OverRows(body, self.depends_on_place)
        self._over_rows.check([jax.ShapeDtypeStruct((2, *a.shape), a.dtype) for a in arguments])

    def __call__(self, block: Block, where: Place, size: int, mapped: Mapped = map) -> Block:
        """Results for the rows of a block.

        Args:
            block: Columns of arrays.
            where: Where the rows are in the data set.
            size: Number of rows for which the program is compiled; fewer are filled up.
            mapped: Not used: all rows are computed at once.
        """
        return Block(self._over_rows(block.columns, where, size), block.size)


def _placeholder(spec: Any) -> Any:
    if not isinstance(spec, TensorSpec) or spec.dtype.name == "string" or not spec.shape.is_fully_defined():
        raise UnimplementedError(f"expected elements of one shape of numbers, got {spec}")
    return jax.ShapeDtypeStruct(tuple(spec.shape), spec.dtype.numpy_dtype)


def _traced(leaf: Any) -> Tensor:
    """A result as a tensor of the program."""
    if isinstance(leaf, np.ndarray) and leaf.dtype == object or hasattr(leaf, "_flatten_composite"):
        raise UnimplementedError("expected results that are numbers, got strings or ragged ones")
    return Tensor(xla.jnp.asarray(leaf))


def _result_spec(leaf: Any) -> Any:
    is_tensor = hasattr(leaf, "shape") and not hasattr(leaf, "_flatten_composite")
    return TensorSpec(leaf.shape, leaf.dtype) if is_tensor else leaf._type_spec


def call_with(function: Callable[..., Any], element: Any) -> Any:
    """Result for an element.

    The parts of a tuple are arguments of their own; a list that is returned is a tuple of results that need
    not be alike, as in `tf.data`.
    """
    found = function(*element) if type(element) is tuple else function(element)
    return tuple(found) if type(found) is list else found


class ElementCalls:
    """A function of one element that is called for each: compiled, op by op where that does not pay.

    Elements of a few shapes, such as batches, have a compiled program for each shape. Where shapes keep
    changing, as those of pictures in files do, compiling would take longer than the work: the function
    runs op by op, mostly in NumPy.

    Args:
        function: Called with the element: a tuple as arguments.
        form: Structure of an element.
        name: Name for messages.
    """

    _MOST_PROGRAMS = MOST_SHAPES

    def __init__(self, function: Callable[..., Any], form: Form, name: str) -> None:
        self._function = function
        self._converted = convert(function)
        self._form = form
        self._compiled: Function | None = Function(
            self._run, name, autograph=False, reduce_retracing=True
        )
        if debug_mode.on:
            self._compiled = None
        self._draws = True
        self.reason = ""

    def _run(self, key: Any, *leaves: Any) -> Any:
        scope = ElementScope(key)
        with drawing_from(scope):
            result = call_with(self._converted, self._form.pack(leaves))
        self._draws = scope.draws
        return structured(result, kept_tensor)

    def __call__(self, leaves: Sequence[Any], key: Callable[[], Any]) -> Any:
        """Structure of leaf values for one element.

        Args:
            leaves: Leaf values of the element.
            key: Gives its random key.
        """
        tensors = [leaf_tensor(leaf) for leaf in leaves]
        if self._compiled is not None:
            try:
                found = self._compiled(Tensor(key() if self._draws else NO_KEY), *tensors)
            except NOT_TRACEABLE as error:
                # Whether it is the function's own mistake shows when it runs op by op.
                result = self._op_by_op(tensors, key)
                self.give_up(str(error).split("\n", 1)[0])
                return result
            if self._compiled.program_count > self._MOST_PROGRAMS:
                self.give_up(MANY_SHAPES)
            return structured(found)
        return self._op_by_op(tensors, key)

    def give_up(self, reason: str) -> None:
        """Compiles no more."""
        self._compiled, self.reason = None, reason

    def _op_by_op(self, tensors: Sequence[Any], key: Callable[[], Any]) -> Any:
        with drawing_from(ElementScope(_LazyKey(key))):
            return structured(call_with(self._function, self._form.pack(tensors)))

    def spec(self, spec: Any) -> Any:
        """Structure of specs of what it returns for elements of a spec; None where that cannot be told.

        Sizes that are unknown are tried as two numbers, strings as two texts: what differs then is unknown
        in the result.
        """
        leaves = [dense_spec(leaf) for leaf in nest.flatten(spec)]
        if not all(isinstance(leaf, TensorSpec) and leaf.shape.rank is not None for leaf in leaves):
            return None
        texts = _TEXTS if any(leaf.dtype.name == "string" for leaf in leaves) else _TEXTS[:1]
        try:
            found = small = self._spec_for(leaves, PROBES[0], b"")
        except NOT_TRACEABLE:
            return None
        tries = 0
        for text in texts:
            with suppress(*NOT_TRACEABLE):
                large = self._spec_for(leaves, PROBES[1], text)
                nest.assert_same_structure(small, large)
                found = nest.map_structure(_common_spec, found, large)
                tries += 1
        return found if tries else None

    def _spec_for(self, leaves: Sequence[Any], size: int, text: bytes) -> Any:
        found: list[Any] = []

        def form(leaf: Any) -> Any:
            shape = [size if d is None else d for d in leaf.shape]
            if leaf.dtype.name == "string":
                return np.full(shape, text, object)
            return jax.ShapeDtypeStruct(shape, leaf.dtype.numpy_dtype)

        def run(key: Any, *tensors: Any) -> list[Any]:
            found.append(nest.map_structure(_result_spec, self._run(key, *tensors)))
            return []

        trace_body(run, [NO_KEY, *map(form, leaves)], "Dataset element", may_create=False)
        return found[0]


# What is tried in place of strings besides empty ones: first one that falls into parts wherever strings are
# split.
_TEXTS = (b"1 1,1;1:1|1\t1\n1-1/1_1", b"1 1", b"1")


def _common_spec(one: Any, other: Any) -> Any:
    return one.most_specific_common_supertype([other])


def kept_tensor(value: Any) -> Any:
    kept = hasattr(value, "_flatten_composite") or hasattr(value, "element_spec")
    return value if kept else convert_to_tensor(value)


class _LazyKey:
    """Key of an element, made when something is drawn."""

    def __init__(self, key: Callable[[], Any]) -> None:
        self._key = key

    @property
    def array(self) -> Any:
        """uint32 array of shape ``(2,)``."""
        return self._key()


def as_bool(value: Any, where: str) -> bool:
    """A predicate's result.

    Raises:
        InvalidArgumentError: It is no scalar bool.
    """
    found = leaf_value(value) if as_tensor(value) is not None else np.asarray(value)
    if found.shape != () or found.dtype != np.bool_:
        raise InvalidArgumentError(
            f"[{where}] expected a predicate that returns a scalar bool, got {found.dtype} of shape "
            f"{found.shape}."
        )
    return bool(found)
