"""`Dataset`: elements for training and other work, and what is done to them on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Iterator as PythonIterator
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.core.tensor import Tensor
from thalweg._src.data.batching import Batch, Unbatch
from thalweg._src.data.blocks import structured
from thalweg._src.data.iterator import Iterator
from thalweg._src.data.mapping import Filter, Map
from thalweg._src.data.node import INFINITE, UNKNOWN, Node
from thalweg._src.data.ordering import Repeat, Shard, Shuffle, Skip, Take
from thalweg._src.data.planning import explained, optimized
from thalweg._src.data.sources import Gather, Generator, Range, Table, Tensors
from thalweg._src.data.waiting import Prefetch
from thalweg._src.random.global_generator import streams


class Dataset:
    """A sequence of elements, each a tensor or a structure of tensors, made when it is iterated.

    A data set is a plan. Its methods return longer plans; nothing is read or computed before the elements
    are asked for. `explain` shows the plan, and what it becomes before it runs.

    Args:
        node: The plan's last step.

    Example:
        >>> import thalweg as tf
        >>> data = tf.data.Dataset.range(5).map(lambda x: x * x).batch(2)
        >>> [batch.numpy().tolist() for batch in data]
        [[0, 1], [4, 9], [16]]

    Source: `tf.data.Dataset`. A `map` whose function can be a program runs for whole blocks of elements at
    once, others run in Python; the order is the same with any parallelism. Random draws in a map depend on
    the seed, the pass and the element's number only.
    """

    def __init__(self, node: Node) -> None:
        if not isinstance(node, Node):
            raise TypeError(
                f"[Dataset] expected a plan, got {node!r}; use Dataset.from_tensor_slices or another of its "
                "constructors."
            )
        self._node = node
        self._optimized: Node | None = None
        # Passes begun, which give shuffles their orders.
        self._passes = 0
        self._latest: Iterator | None = None
        self._resume: dict[str, int] | None = None

    @classmethod
    def _after(cls, node: Node) -> Dataset:
        return Dataset(node)

    @property
    def element_spec(self) -> Any:
        """Structure of the specs of an element."""
        return self._node.spec

    @staticmethod
    def from_tensor_slices(tensors: Any, name: str | None = None) -> Dataset:
        """The rows of tensors.

        Args:
            tensors: Tensor or array of shape ``(rows, ...)``, or a structure (tuple, dict) of them.
            name: Not used but for messages.

        Returns:
            `Dataset` of ``rows`` elements.

        Raises:
            InvalidArgumentError: The parts have different numbers of rows.

        Source: `tf.data.Dataset.from_tensor_slices`. NumPy arrays, memory maps among them, are not copied;
        do not write to them meanwhile.
        """
        where = name or "Dataset.from_tensor_slices"
        structure = nest.map_structure(_on_host, structured(_arrays_kept(tensors)))
        table = Table(structure, where)
        return Dataset(Gather(table, Range(0, table.length)))

    @staticmethod
    def from_tensors(tensors: Any, name: str | None = None) -> Dataset:
        """One element.

        Args:
            tensors: Tensor, or structure (tuple, dict) of them.
            name: Not used but for messages.

        Source: `tf.data.Dataset.from_tensors`.
        """
        del name
        return Dataset(Tensors(tensors))

    @staticmethod
    def from_generator(
        generator: Callable[..., Any],
        output_types: Any = None,
        output_shapes: Any = None,
        args: Sequence[Any] | None = None,
        output_signature: Any = None,
        name: str | None = None,
    ) -> Dataset:
        """What a Python function yields.

        Args:
            generator: Called at the beginning of each pass; returns an iterable of elements.
            output_types: Structure of their dtypes; older form of `output_signature`.
            output_shapes: Structure of their shapes; unknown ones when None.
            args: Arguments for `generator`, as tensors.
            output_signature: Structure of `TensorSpec`.
            name: Not used but for messages.

        Raises:
            TypeError: Neither types nor signature; later, an element of another structure or shape.

        Source: `tf.data.Dataset.from_generator`.
        """
        del name
        if not callable(generator):
            raise TypeError(
                f"[Dataset.from_generator] expected a function that returns an iterable, got {generator!r}; "
                "pass lambda: ..."
            )
        if output_signature is None:
            if output_types is None:
                raise TypeError(
                    "[Dataset.from_generator] expected output_signature, got None; pass a structure of "
                    "tf.TensorSpec."
                )
            output_signature = _signature_of(output_types, output_shapes)
        given = [convert_to_tensor(a).numpy() for a in args or ()]
        return Dataset(Generator(generator, output_signature, given))

    @staticmethod
    def range(*args: Any, output_type: Any = dtypes.int64, name: str | None = None) -> Dataset:
        """Numbers, as Python's `range`.

        Args:
            *args: ``stop``; ``start, stop``; or ``start, stop, step``.
            output_type: Their dtype.
            name: Not used but for messages.

        Source: `tf.data.Dataset.range`.
        """
        del name
        numbers = [int(a) for a in args]
        if not 1 <= len(numbers) <= 3:
            raise ValueError(f"[Dataset.range] expected 1 to 3 numbers, got {len(numbers)}.")
        start, stop = (0, numbers[0]) if len(numbers) == 1 else numbers[:2]
        return Dataset(Range(start, stop, numbers[2] if len(numbers) == 3 else 1, output_type))

    def map(
        self,
        map_func: Callable[..., Any],
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        synchronous: bool | None = None,
        use_unbounded_threadpool: bool = False,
        name: str | None = None,
    ) -> Dataset:
        """Results of a function of each element.

        Args:
            map_func: Function of an element; the parts of a tuple are arguments of their own. It is traced
                once and runs as one program for many elements, if it can; else in Python for each.
            num_parallel_calls: Elements computed at once in threads where the function runs in Python;
                `AUTOTUNE` for as many as there are processors.
            deterministic: The order is always that of the elements, as with True.
            synchronous: True to compute no element before it is asked for: no threads.
            use_unbounded_threadpool: True for a thread for each of 64 elements, for functions that wait.
            name: Not used but for messages.

        Raises:
            Exception: What `map_func` raises, with a note that says for which element.

        Source: `tf.data.Dataset.map`. Assigning a Variable or calling into Python makes a function run
        element by element.
        """
        del deterministic, name
        if synchronous and num_parallel_calls is not None:
            raise ValueError(
                "[Dataset.map] expected synchronous=True without num_parallel_calls, got "
                f"{num_parallel_calls}."
            )
        parallel = 64 if use_unbounded_threadpool else num_parallel_calls
        return self._after(Map(self._node, map_func, streams.pipeline_seed(None), parallel))

    def filter(self, predicate: Callable[..., Any], name: str | None = None) -> Dataset:
        """The elements for which a predicate is True.

        Args:
            predicate: Function of an element that returns a scalar bool.
            name: Not used but for messages.

        Source: `tf.data.Dataset.filter`.
        """
        del name
        return self._after(Filter(self._node, predicate, streams.pipeline_seed(None)))

    def batch(
        self,
        batch_size: Any,
        drop_remainder: bool = False,
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> Dataset:
        """Successive elements stacked.

        Args:
            batch_size: Elements in a batch.
            drop_remainder: Leave out a shorter batch at the end.
            num_parallel_calls: Batches are cut from blocks; threads would not help.
            deterministic: The order is always that of the elements.
            name: Not used but for messages.

        Raises:
            InvalidArgumentError: `batch_size` below 1; later, elements of different shapes.

        Source: `tf.data.Dataset.batch`.
        """
        del num_parallel_calls, deterministic, name
        size = _positive(batch_size, "Dataset.batch", "batch_size")
        return self._after(Batch(self._node, size, bool(drop_remainder)))

    def unbatch(self, name: str | None = None) -> Dataset:
        """The rows of the elements.

        Source: `tf.data.Dataset.unbatch`.
        """
        del name
        return self._after(Unbatch(self._node))

    def shuffle(
        self,
        buffer_size: Any,
        seed: int | None = None,
        reshuffle_each_iteration: bool | None = None,
        name: str | None = None,
    ) -> Dataset:
        """The elements in random order.

        Args:
            buffer_size: Each element is drawn from the next `buffer_size` that are left; a number as large
                as the data set gives every order the same chance. Of arrays only numbers are shuffled, so
                that a large buffer costs nothing.
            seed: Names the order; else the global seed does, or chance.
            reshuffle_each_iteration: False for the same order in each pass.
            name: Not used but for messages.

        Source: `tf.data.Dataset.shuffle`; the orders are others than TensorFlow's.
        """
        del name
        size = _positive(buffer_size, "Dataset.shuffle", "buffer_size")
        reshuffles = reshuffle_each_iteration is not False
        return self._after(Shuffle(self._node, size, streams.pipeline_seed(seed), reshuffles))

    def repeat(self, count: Any = None, name: str | None = None) -> Dataset:
        """The elements again and again.

        Args:
            count: Number of passes; None or -1 for no end.
            name: Not used but for messages.

        Source: `tf.data.Dataset.repeat`.
        """
        del name
        return self._after(Repeat(self._node, -1 if count is None else int(count)))

    def take(self, count: Any, name: str | None = None) -> Dataset:
        """The first elements.

        Args:
            count: How many; -1 for all.
            name: Not used but for messages.

        Source: `tf.data.Dataset.take`.
        """
        del name
        return self._after(Take(self._node, int(count)))

    def skip(self, count: Any, name: str | None = None) -> Dataset:
        """All but the first elements.

        Args:
            count: How many to leave out; -1 for all.
            name: Not used but for messages.

        Source: `tf.data.Dataset.skip`.
        """
        del name
        return self._after(Skip(self._node, int(count)))

    def shard(self, num_shards: Any, index: Any, name: str | None = None) -> Dataset:
        """Every `num_shards`-th element.

        Args:
            num_shards: Number of parts.
            index: Number of this part, from 0.
            name: Not used but for messages.

        Raises:
            InvalidArgumentError: `index` not in ``[0, num_shards)``.

        Source: `tf.data.Dataset.shard`.
        """
        del name
        count, index = _positive(num_shards, "Dataset.shard", "num_shards"), int(index)
        if not 0 <= index < count:
            raise InvalidArgumentError(
                f"[Dataset.shard] expected an index from 0 to {count - 1}, got {index}."
            )
        return self._after(Shard(self._node, count, index))

    def prefetch(self, buffer_size: Any, name: str | None = None) -> Dataset:
        """The same elements, made beforehand in a thread.

        Args:
            buffer_size: How many may wait; `AUTOTUNE` leaves it to us.
            name: Not used but for messages.

        Source: `tf.data.Dataset.prefetch`. Where there is no work to do beforehand, no thread is made.
        """
        del name
        return self._after(Prefetch(self._node, int(buffer_size)))

    def apply(self, transformation_func: Callable[[Dataset], Dataset]) -> Dataset:
        """What a function of the data set returns.

        Source: `tf.data.Dataset.apply`.
        """
        found = transformation_func(self)
        if not isinstance(found, Dataset):
            raise TypeError(
                f"[Dataset.apply] expected a function that returns a Dataset, got {type(found).__name__}."
            )
        return found

    def cardinality(self, name: str | None = None) -> Tensor:
        """Number of elements as int64 scalar; -1 (`INFINITE_CARDINALITY`) or -2 (`UNKNOWN_CARDINALITY`).

        Source: `tf.data.Dataset.cardinality`.
        """
        del name
        return convert_to_tensor(np.int64(self._node.cardinality))

    def __len__(self) -> int:
        count = self._node.cardinality
        if count == INFINITE:
            raise TypeError("[Dataset] expected a data set that ends, got one that repeats for ever.")
        if count == UNKNOWN:
            raise TypeError("[Dataset] the number of elements is not known before they were read.")
        return count

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator:
        if self._optimized is None:
            self._optimized = optimized(self._node)
        if self._resume is not None:
            place, self._resume = self._resume, None
            self._passes = place["epoch"] + 1
            self._latest = Iterator(self._optimized, place["epoch"], place["given"])
        else:
            self._latest = Iterator(self._optimized, self._passes)
            self._passes += 1
        return self._latest

    def as_numpy_iterator(self) -> PythonIterator[Any]:
        """Iterator of the elements as NumPy arrays, numbers for scalars.

        Source: `tf.data.Dataset.as_numpy_iterator`.
        """
        for element in self:
            yield nest.map_structure(lambda leaf: leaf.numpy(), element)

    def get_single_element(self, name: str | None = None) -> Any:
        """The only element.

        Raises:
            InvalidArgumentError: There is none, or more than one.

        Source: `tf.data.Dataset.get_single_element`.
        """
        del name
        found = list(zip(self, (0, 1), strict=False))
        if len(found) != 1:
            raise InvalidArgumentError(
                f"[Dataset.get_single_element] expected one element, got {'more' if found else 'none'}."
            )
        return found[0][0]

    def state_dict(self) -> dict[str, int]:
        """Place of the latest pass; `load_state_dict` makes the next one begin there."""
        if self._latest is None:
            return {"epoch": self._passes, "given": 0}
        return self._latest.state_dict()

    def load_state_dict(self, state: Any) -> None:
        """Lets the next pass begin at a place that `state_dict` told."""
        self._resume = {"epoch": int(state["epoch"]), "given": int(state["given"])}

    def explain(self) -> str:
        """The plan as it was written and as it runs, a step a line, the last one first.

        Example:
            >>> import thalweg as tf
            >>> print(tf.data.Dataset.range(8).shuffle(8).batch(4).explain().splitlines()[0])
            as written:
        """
        return explained(self._node)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} element_spec={self.element_spec}>"


def _positive(value: Any, where: str, name: str) -> int:
    number = int(value)
    if number < 1:
        raise InvalidArgumentError(f"[{where}] expected {name} of at least 1, got {number}.")
    return number


def _arrays_kept(structure: Any) -> Any:
    """The structure, its data frames as dicts of columns."""
    if hasattr(structure, "to_dict") and hasattr(structure, "columns"):
        return {name: np.asarray(structure[name]) for name in structure}
    return structure


def _on_host(value: Any) -> Any:
    return value if hasattr(value, "_flatten_composite") else np.asarray(value)


def _signature_of(types: Any, shapes: Any) -> Any:
    if shapes is None:
        return nest.map_structure(lambda t: TensorSpec(None, t), types)
    flat = nest.flatten(types)
    given = _shapes_like(types, shapes)
    return nest.pack_sequence_as(types, [TensorSpec(s, t) for s, t in zip(given, flat, strict=True)])


def _shapes_like(types: Any, shapes: Any) -> list[Any]:
    if isinstance(types, dict):
        return [s for key in sorted(types) for s in _shapes_like(types[key], shapes[key])]
    if isinstance(types, (tuple, list)):
        return [s for t, part in zip(types, shapes, strict=True) for s in _shapes_like(t, part)]
    return [shapes]


