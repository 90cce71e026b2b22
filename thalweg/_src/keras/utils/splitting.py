"""`split_dataset`: a dataset as two, the left and the right one."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.convert import as_tensor
from thalweg._src.data.blocks import of_rows, spec_of, structured
from thalweg._src.data.dataset import Dataset
from thalweg._src.data.sources import Gather, Table
from thalweg._src.keras.base import tree
from thalweg._src.keras.base.py_dataset import PyDataset
from thalweg._src.keras.base.seeds import fresh_seed

_WHERE = "[split_dataset]"


def split_dataset(
    dataset: Any,
    left_size: float | int | None = None,
    right_size: float | int | None = None,
    shuffle: bool = False,
    seed: int | None = None,
    preferred_backend: str | None = None,
) -> tuple[Dataset, Dataset]:
    """A dataset as two: the first elements, and the last ones.

    Args:
        dataset: Array of shape ``(samples, ...)``, tuple, list or dict of such, or a dataset with an end
            (batches then count as elements).
        left_size: Size of the first part: a fraction in (0, 1), or a number of elements; what
            `right_size` leaves when None.
        right_size: Size of the second part, likewise.
        shuffle: Whether elements are put in random order before.
        seed: Seed of that order; None for one from the global generator.
        preferred_backend: ``"tensorflow"`` or None.

    Returns:
        Two `tf.data.Dataset` of single elements. Those of a dataset are read once, and kept.

    Raises:
        ValueError: A size is out of range, or the sizes are more than all.
        TypeError: `dataset` is nothing of the above.

    Example:
        >>> import numpy as np
        >>> import thalweg as tf
        >>> left, right = tf.keras.utils.split_dataset(np.arange(10), left_size=0.8)
        >>> len(left), [int(x) for x in right]
        (8, [8, 9])

    Source: `keras.utils.split_dataset`. It takes dicts and `PyDataset` too.
    """
    if preferred_backend not in (None, "tensorflow"):
        raise InvalidArgumentError(
            f"{_WHERE} expected preferred_backend 'tensorflow' or None, got {preferred_backend!r}."
        )
    table = _table(tuple(dataset) if isinstance(dataset, list) else dataset)
    left, right = _sizes(left_size, right_size, table.length)
    order = np.arange(table.length)
    if shuffle:
        order = np.random.default_rng(fresh_seed() if seed is None else seed).permutation(order)
    return _rows(table, order[:left]), _rows(table, order[table.length - right :])


def _rows(table: Table, numbers: np.ndarray[Any, Any]) -> Dataset:
    return Dataset(Gather(table, Dataset.from_tensor_slices(numbers)._node))


def _table(dataset: Any) -> Table:
    """The elements by number."""
    if _is_array(dataset) or isinstance(dataset, (tuple, dict)):
        leaves = tree.flatten(dataset)
        if not leaves:
            raise InvalidArgumentError(f"{_WHERE} expected arrays, got the empty {dataset!r}.")
        for leaf in leaves:
            if not _is_array(leaf) or not len(leaf.shape):
                raise InvalidArgumentError(
                    f"{_WHERE} expected arrays of shape (samples, ...), got {leaf!r} of type "
                    f"{type(leaf).__name__}; write np.array(...)."
                )
        lengths = [len(leaf) for leaf in leaves]
        if len(set(lengths)) > 1:
            raise InvalidArgumentError(
                f"{_WHERE} expected arrays of one length, got lengths {lengths}."
            )
        return Table.of_rows(structured(dataset), "split_dataset")
    if isinstance(dataset, PyDataset) and dataset.num_batches is None:
        raise InvalidArgumentError(f"{_WHERE} expected a dataset with an end, got {dataset!r}.")
    if isinstance(dataset, str) or not (
        hasattr(dataset, "__iter__") and hasattr(dataset, "__len__")
    ):
        raise TypeError(
            f"{_WHERE} expected arrays or a dataset with a length, got {type(dataset).__name__}; write "
            "np.array(list(...))."
        )
    elements = [structured(element) for element in dataset]
    if not elements:
        raise InvalidArgumentError(f"{_WHERE} expected a dataset with elements, got an empty one.")
    columns = of_rows([nest.flatten(element) for element in elements]).columns
    return Table(columns, len(elements), nest.map_structure(_spec_of_all, *elements))


def _spec_of_all(*leaves: Any) -> Any:
    """Spec of all that stand in one place: batches may differ in size."""
    return reduce(lambda spec, other: spec.most_specific_compatible_type(other), map(spec_of, leaves))


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) or as_tensor(value) is not None


def _sizes(left: Any, right: Any, count: int) -> tuple[int, int]:
    """Numbers of elements on both sides."""
    if left is None and right is None:
        raise InvalidArgumentError(f"{_WHERE} expected left_size or right_size, got neither.")
    for name, size in (("left_size", left), ("right_size", right)):
        _check_size(name, size, count)
    if isinstance(left, float) and isinstance(right, float) and left + right > 1:
        raise InvalidArgumentError(
            f"{_WHERE} expected left_size + right_size of at most 1, got {left} + {right}."
        )
    on_left = count - _number(right, count) if left is None else _number(left, count)
    on_right = count - on_left if right is None else _number(right, count)
    if on_left + on_right > count:
        raise InvalidArgumentError(
            f"{_WHERE} expected left_size + right_size of at most {count} elements, got {on_left} + "
            f"{on_right}."
        )
    if not on_left or not on_right:
        raise InvalidArgumentError(
            f"{_WHERE} expected elements on both sides, got {on_left} and {on_right} of {count}; choose "
            "another size."
        )
    return on_left, on_right


def _number(size: float | int, count: int) -> int:
    return round(size * count) if isinstance(size, float) else size


def _check_size(name: str, size: Any, count: int) -> None:
    if size is None:
        return
    if isinstance(size, bool) or not isinstance(size, (int, float)):
        raise TypeError(
            f"{_WHERE} expected {name} as a fraction or a number of elements, got {size!r} of type "
            f"{type(size).__name__}."
        )
    if not 0 < size < (1 if isinstance(size, float) else count):
        raise InvalidArgumentError(
            f"{_WHERE} expected {name} as a fraction in (0, 1) or a number of elements from 1 to "
            f"{count - 1}, got {size!r}."
        )
