"""`Dataset`: elements for training and other work, and what is done to them on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.data.arrow_columns import columns_of_table
from thalweg._src.data.batching_methods import Batching
from thalweg._src.data.blocks import leaf_value, structured
from thalweg._src.data.combining_methods import Combining
from thalweg._src.data.computing_methods import Computing
from thalweg._src.data.nesting import DatasetSpec
from thalweg._src.data.ordering_methods import Ordering
from thalweg._src.data.plan import Plan
from thalweg._src.data.sources import Gather, Generator, Range, Table, Tensors
from thalweg._src.data.storing_methods import Storing
from thalweg._src.data.waiting import Prefetch


class Dataset(Ordering, Computing, Batching, Combining, Storing):
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

    @staticmethod
    def from_tensor_slices(tensors: Any, name: str | None = None) -> Dataset:
        """The rows of tensors.

        Args:
            tensors: Tensor or array of shape ``(rows, ...)``, a structure (tuple, dict) of them, or a table
                of pandas or Arrow, whose columns become a dict.
            name: Not used but for messages.

        Returns:
            `Dataset` of ``rows`` elements.

        Raises:
            InvalidArgumentError: The parts have different numbers of rows.

        Source: `tf.data.Dataset.from_tensor_slices`. NumPy arrays, memory maps among them, are not copied;
        do not write to them meanwhile.
        """
        where = name or "Dataset.from_tensor_slices"
        structure = nest.map_structure(_on_host, structured(_arrays_kept(tensors), _column))
        table = Table.of_rows(structure, where)
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


Plan.kind = Dataset
DatasetSpec._dataset_type = Dataset


def _arrays_kept(structure: Any) -> Any:
    """The structure; data frames and tables of Arrow as dicts of columns."""
    if hasattr(structure, "column_names") and hasattr(structure, "to_batches"):
        return columns_of_table(structure, "Dataset.from_tensor_slices")
    if hasattr(structure, "to_dict") and hasattr(structure, "columns"):
        return {name: np.asarray(structure[name]) for name in structure}
    return structure


def _column(value: Any) -> Any:
    """Leaf value; an array that can stay where it is, on the disk perhaps, is not copied."""
    if isinstance(value, np.ndarray) and value.dtype in dtypes.BY_NUMPY and value.dtype != object:
        return np.asarray(value)
    return leaf_value(value)


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


