"""Steps whose elements are data sets or come from data sets: flat_map, interleave, window, groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.shapes import TensorShape, TypeSpec
from thalweg._src.data.blocks import Block, Form, joined, leaf_value, of_rows
from thalweg._src.data.mapping import ElementFunction, run_number
from thalweg._src.data.node import UNKNOWN, Cursor, Node, Run, SimpleCursor, first_row, known
from thalweg._src.data.sources import Gather, Range, Table
from thalweg._src.data.specs import compatible, same_structure
from thalweg._src.data.traced import call_with
from thalweg._src.data.waiting import Prefetch

Wrap = Callable[[Node], Any]
_NO_TURNS = 1 << 62


class Interleave(Node):
    """Elements of the data sets that a function makes of elements, some data sets at a time.

    Args:
        input: The elements.
        function: Function of an element that returns a data set.
        node_of: Gives the plan of a data set.
        cycle_length: Data sets that are open at a time.
        block_length: Elements taken from each in turn.
        parallel: Whether open data sets work ahead in threads.
        where: Name for messages.
    """

    name = "interleave"

    def __init__(
        self,
        input: Node,
        function: Callable[..., Any],
        node_of: Callable[[Any, str], Node],
        cycle_length: int,
        block_length: int,
        parallel: bool,
        where: str,
    ) -> None:
        super().__init__(input)
        self._function = function
        self._node_of = node_of
        self._cycle_length = cycle_length
        self._block_length = block_length
        self._parallel = parallel
        self._where = where
        self._spec: Any = None

    @property
    def spec(self) -> Any:
        """What the data set of the first element holds."""
        if self._spec is None:
            row = first_row(self.inputs[0], self._where)
            self._spec = self.inner(row, 0).spec
        return self._spec

    @property
    def cardinality(self) -> int:
        """Unknown before the data sets were made; none of none."""
        return 0 if self.inputs[0].cardinality == 0 else UNKNOWN

    def inner(self, row: list[Any], index: int) -> Node:
        """Plan that the function makes of an element."""
        try:
            made = call_with(self._function, self.inputs[0].form.tensors(row))
        except Exception as error:
            error.add_note(f"[{self._where}] while the data set of element {index} was made")
            raise
        node = self._node_of(made, self._where)
        return Prefetch(node, self._block_length) if self._parallel else node

    def open(self, run: Run) -> Cursor:
        """Cursor with no data set open."""
        # A single one that is open has no others to take turns with.
        block_length = self._block_length if self._cycle_length > 1 else _NO_TURNS
        return _InterleaveCursor(self, self.inputs[0].open(run), run, self._cycle_length, block_length)

    def settings(self) -> dict[str, Any]:
        """Its function, and how many at a time."""
        return {
            "function": getattr(self._function, "__name__", repr(self._function)),
            "cycle_length": self._cycle_length,
            "block_length": self._block_length,
        }


class _InterleaveCursor(SimpleCursor):
    """Goes round a cycle of open data sets; one that ends leaves its place empty until the next round."""

    def __init__(
        self, node: Interleave, input: Cursor, run: Run, cycle_length: int, block_length: int
    ) -> None:
        super().__init__(input)
        self._node = node
        self._run = run
        self._cycle: list[Cursor | None] = [None] * cycle_length
        self._block_length = block_length
        self._place = 0
        self._left = block_length
        self._index = 0
        self._ended = False

    def _step(self) -> None:
        self._place = (self._place + 1) % len(self._cycle)
        self._left = self._block_length

    def _fill(self) -> None:
        """Opens the data set of the next element at this place."""
        row = self.input.row()
        if row is None:
            self._ended = True
            return
        inner = self._node.inner(row, self._index)
        self._cycle[self._place] = inner.open(self._run.repetition(self._index))
        self._index += 1

    def next(self, size: int) -> Block | None:
        parts: list[Block] = []
        while size:
            cursor = self._cycle[self._place]
            if cursor is None:
                if self._ended and not any(self._cycle):
                    break
                if self._ended:
                    self._step()
                else:
                    self._fill()
                continue
            wanted = min(size, self._left)
            block = cursor.next(wanted)
            if block is not None:
                parts.append(block)
                size -= block.size
                self._left -= block.size
            if block is None or block.size < wanted:
                cursor.close()
                self._cycle[self._place] = None
                self._step()
            elif not self._left:
                self._step()
        return joined(parts) if parts else None

    def row(self) -> list[Any] | None:
        block = self.next(1)
        return None if block is None else block.row(0)

    def skip(self, count: int) -> int:
        passed = 0
        while passed < count and (block := self.next(min(256, count - passed))) is not None:
            passed += block.size
        return passed

    def close(self) -> None:
        for cursor in self._cycle:
            if cursor is not None:
                cursor.close()
        super().close()


class DatasetSpec(TypeSpec):
    """Spec of a data set among elements.

    Args:
        element_spec: Structure of specs of its elements.
        dataset_shape: Shape of a tensor of data sets; a single one when ().

    Source: `tf.data.DatasetSpec`.
    """

    #: `Dataset`, set where that is defined.
    _dataset_type: Any = None

    def __init__(self, element_spec: Any, dataset_shape: Any = ()) -> None:
        self.element_spec = element_spec
        self._shape = TensorShape(dataset_shape)

    @classmethod
    def from_value(cls, value: Any) -> DatasetSpec:
        """Spec of a data set."""
        return cls(value.element_spec)

    def is_compatible_with(self, spec_or_value: Any) -> bool:
        """True for data sets of such elements."""
        other = getattr(spec_or_value, "element_spec", None)
        return other is not None and compatible(self.element_spec, other)

    def is_subtype_of(self, other: Any) -> bool:
        """True when every data set of this spec also satisfies `other`."""
        if not isinstance(other, DatasetSpec) or not same_structure(self.element_spec, other.element_spec):
            return False
        pairs = zip(nest.flatten(self.element_spec), nest.flatten(other.element_spec), strict=True)
        return all(mine.is_subtype_of(theirs) for mine, theirs in pairs)

    def most_specific_common_supertype(self, others: Sequence[Any]) -> DatasetSpec | None:
        """Narrowest spec that covers this one and all `others`; None where they differ in more than sizes."""
        specs = [self.element_spec, *(getattr(other, "element_spec", None) for other in others)]
        if not all(same_structure(specs[0], spec) for spec in specs):
            return None
        columns = zip(*map(nest.flatten, specs), strict=True)
        wide = [first.most_specific_common_supertype(rest) for first, *rest in columns]
        return None if None in wide else DatasetSpec(nest.pack_sequence_as(specs[0], wide), self._shape)

    @property
    def value_type(self) -> Any:
        """`Dataset`."""
        return self._dataset_type

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DatasetSpec) and self.element_spec == other.element_spec

    def __hash__(self) -> int:
        return hash(repr(self.element_spec))

    def __repr__(self) -> str:
        return f"DatasetSpec({self.element_spec}, {self._shape})"


def plan_of(block: Block, spec: Any) -> Node:
    """Plan of the elements of a block."""
    return Gather(Table(block.columns, block.size, spec), Range(0, block.size))


class Window(Node):
    """Windows of elements: structures of data sets, one for each leaf.

    Args:
        input: The elements.
        wrap: Makes a data set of a plan.
        size: Elements in a window; the last ones may be shorter.
        shift: Elements between the beginnings of windows.
        stride: Elements between those of a window.
        drop_remainder: Whether shorter windows at the end are left out.
    """

    name = "window"

    def __init__(
        self, input: Node, wrap: Wrap, size: int, shift: int, stride: int, drop_remainder: bool
    ) -> None:
        super().__init__(input)
        self._wrap = wrap
        self._size = size
        self._shift = shift
        self._stride = stride
        self._drops = drop_remainder

    @property
    def spec(self) -> Any:
        """A data set for each leaf."""
        return nest.map_structure(DatasetSpec, self.inputs[0].spec)

    @property
    def cardinality(self) -> int:
        """Number of windows."""
        inner = self.inputs[0].cardinality
        if not known(inner):
            return inner
        if self._drops:
            return max(0, (inner - self._span) // self._shift + 1) if inner >= self._span else 0
        return -(-inner // self._shift)

    @property
    def _span(self) -> int:
        return (self._size - 1) * self._stride + 1

    def open(self, run: Run) -> Cursor:
        """Cursor with an empty buffer."""
        return _WindowCursor(self, self.inputs[0].open(run))

    def made_of(self, block: Block) -> list[Any] | None:
        """Data sets of a window that begins with a block; None for one that is too short."""
        if self._drops and block.size < self._span:
            return None
        chosen = block.take(np.arange(0, min(block.size, self._span), self._stride))
        specs = nest.flatten(self.inputs[0].spec)
        return [
            self._wrap(plan_of(Block([column], chosen.size), spec))
            for column, spec in zip(chosen.columns, specs, strict=True)
        ]

    def settings(self) -> dict[str, Any]:
        """Its sizes."""
        sizes = {"size": self._size, "shift": self._shift, "stride": self._stride}
        return sizes | {"drop_remainder": self._drops}


class _WindowCursor(SimpleCursor):
    def __init__(self, node: Window, input: Cursor) -> None:
        super().__init__(input)
        self._node = node
        self._buffer: Block | None = None

    def _fill(self) -> Block | None:
        """What the next window begins with."""
        have = 0 if self._buffer is None else self._buffer.size
        missing = self._node._span - have
        fresh = self.input.next(missing) if missing > 0 else None
        if fresh is not None:
            self._buffer = fresh if self._buffer is None else joined([self._buffer, fresh])
        return self._buffer

    def _shift(self, count: int) -> None:
        """Lets go of the first elements."""
        if self._buffer is None:
            return
        if self._buffer.size > count:
            self._buffer = self._buffer.part(count, self._buffer.size)
        else:
            self.input.skip(count - self._buffer.size)
            self._buffer = None

    def row(self) -> list[Any] | None:
        block = self._fill()
        if block is None:
            return None
        made = self._node.made_of(block)
        self._shift(self._node._shift)
        return made

    def skip(self, count: int) -> int:
        passed = 0
        while passed < count:
            block = self._fill()
            if block is None or self._node._drops and block.size < self._node._span:
                break
            self._shift(self._node._shift)
            passed += 1
        return passed


class GroupByWindow(Node):
    """Elements of what a function makes of windows of elements with one key.

    Args:
        input: The elements.
        key: Function of an element that returns an integer.
        reduce: Function of a key and a data set of a window's elements that returns a data set.
        size: Function of a key that returns the size of its windows.
        wrap: Makes a data set of a plan.
        node_of: Gives the plan of a data set.
        seed: Words of random draws of `key`.
        spec: Structure of specs of what `reduce` gives; that of the first window when None.
    """

    name = "group_by_window"

    def __init__(
        self,
        input: Node,
        key: Callable[..., Any],
        reduce: Callable[..., Any],
        size: Callable[[Any], Any],
        wrap: Wrap,
        node_of: Callable[[Any, str], Node],
        seed: tuple[int, ...],
        spec: Any = None,
    ) -> None:
        super().__init__(input)
        self.key = ElementFunction(key, input, "Dataset.group_by_window", seed)
        self._reduce = reduce
        self.size = size
        self._wrap = wrap
        self._node_of = node_of
        self._spec = spec

    @property
    def spec(self) -> Any:
        """What the data set of the first window holds."""
        if self._spec is None:
            row = first_row(self.inputs[0], "Dataset.group_by_window")
            self._spec = self.reduced(np.int64(0), [row]).spec
        return self._spec

    @property
    def cardinality(self) -> int:
        """Unknown; none of none."""
        return 0 if self.inputs[0].cardinality == 0 else UNKNOWN

    def reduced(self, key: Any, rows: list[list[Any]]) -> Node:
        """Plan that the function makes of a window."""
        window = self._wrap(plan_of(of_rows(rows), self.inputs[0].spec))
        (key_tensor,) = Form((0,)).tensors([np.asarray(key, np.int64)])
        return self._node_of(self._reduce(key_tensor, window), "Dataset.group_by_window")

    def open(self, run: Run) -> Cursor:
        """Cursor with no window begun."""
        return _GroupCursor(self, self.inputs[0].open(run), run)


class _GroupCursor(SimpleCursor):
    def __init__(self, node: GroupByWindow, input: Cursor, run: Run) -> None:
        super().__init__(input)
        self._node = node
        self._run = run
        self._groups: dict[int, list[list[Any]]] = {}
        self._sizes: dict[int, int] = {}
        self._current: Cursor | None = None
        self._index = 0
        self._windows = 0

    def row(self) -> list[Any] | None:
        while True:
            if self._current is not None:
                row = self._current.row()
                if row is not None:
                    return row
                self._current.close()
                self._current = None
            if not self._next_window():
                return None

    def _next_window(self) -> bool:
        """Reads until a window is full, or the elements end; False when none is left."""
        while (row := self.input.row()) is not None:
            index, self._index = self._index, self._index + 1
            key = self._key(row, index)
            group = self._groups.setdefault(key, [])
            group.append(row)
            if len(group) == self._size(key):
                self._begin(key)
                return True
        if not self._groups:
            return False
        self._begin(min(self._groups))
        return True

    def _begin(self, key: int) -> None:
        node = self._node.reduced(key, self._groups.pop(key))
        self._current = node.open(self._run.repetition(self._windows))
        self._windows += 1

    def _key(self, row: list[Any], index: int) -> int:
        (found,) = self._node.key.of_one(row, run_number(self._run), index)
        if np.shape(found) != () or found.dtype.kind not in "iu":
            raise InvalidArgumentError(
                f"[Dataset.group_by_window] expected key_func to return an integer, got {found.dtype} of "
                f"shape {np.shape(found)}."
            )
        return int(found)

    def _size(self, key: int) -> int:
        if key not in self._sizes:
            (key_tensor,) = Form((0,)).tensors([np.asarray(key, np.int64)])
            size = int(leaf_value(self._node.size(key_tensor)))
            if size < 1:
                raise InvalidArgumentError(
                    f"[Dataset.group_by_window] expected window sizes of 1 or more, got {size} for key {key}."
                )
            self._sizes[key] = size
        return self._sizes[key]

    def skip(self, count: int) -> int:
        return Cursor.skip(self, count)

    def close(self) -> None:
        if self._current is not None:
            self._current.close()
        super().close()
