"""Steps as functions for `Dataset.apply`, under the names that TensorFlow gives them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError, OutOfRangeError
from thalweg._src.core import dtypes
from thalweg._src.core.tensor import Tensor
from thalweg._src.data.blocks import of_rows, specs_of, structured
from thalweg._src.data.combining import wider_spec
from thalweg._src.data.counting import AssertCardinality, PadToCardinality
from thalweg._src.data.dataset import Dataset
from thalweg._src.data.iterator import Iterator
from thalweg._src.data.node import AUTOTUNE, Run, known
from thalweg._src.data.optional import Optional
from thalweg._src.data.placing import OnDevice
from thalweg._src.data.planning import optimized
from thalweg._src.data.reducing import GroupByReducer, Reducer
from thalweg._src.data.sources import Gather, Range, Table
from thalweg._src.data.specs import compatible
from thalweg._src.random.global_generator import streams

Step = Callable[[Dataset], Dataset]


def assert_cardinality(expected_cardinality: Any) -> Step:
    """Step that says how many elements there are, where only the program knows.

    Args:
        expected_cardinality: The number; `INFINITE_CARDINALITY` for no end.

    Returns:
        Function for `Dataset.apply`. Its elements raise a `FailedPreconditionError` when there are more or
        fewer.

    Source: `tf.data.experimental.assert_cardinality`.
    """
    count = int(expected_cardinality)
    if count < -1:
        raise InvalidArgumentError(
            f"[assert_cardinality] expected a number of elements, or INFINITE_CARDINALITY, got {count}."
        )
    return lambda dataset: dataset._after(AssertCardinality(dataset._node, count))


def pad_to_cardinality(cardinality: Any, mask_key: str = "valid") -> Step:
    """Step that adds elements of zeros up to a number, and a mark which ones are real.

    Args:
        cardinality: Number of elements in the end.
        mask_key: Name of the mark in the elements, which are dicts.

    Returns:
        Function for `Dataset.apply`.

    Raises:
        ValueError: The elements are no dicts, or their number is not known, or larger.

    Source: `tf.data.experimental.pad_to_cardinality`.
    """
    count = int(cardinality)

    def apply(dataset: Dataset) -> Dataset:
        node = dataset._node
        if not isinstance(node.spec, dict):
            raise InvalidArgumentError(
                f"[pad_to_cardinality] expected elements that are dicts, got {node.spec}."
            )
        if not known(node.cardinality) or node.cardinality > count:
            raise ValueError(
                f"[pad_to_cardinality] expected a known number of elements up to {count}, got "
                f"{node.cardinality}."
            )
        return dataset._after(PadToCardinality(node, count, mask_key))  # type: ignore[no-any-return]

    return apply


def at(dataset: Dataset, index: Any) -> Any:
    """The element of a number in the first pass.

    Args:
        dataset: The data set.
        index: The number, from 0 on.

    Raises:
        OutOfRangeError: There is no such element.

    Source: `tf.data.experimental.at`. Elements before it are only made where they must be.
    """
    number = int(index)
    cursor = optimized(dataset._node).open(Run(threads=False))
    try:
        row = cursor.row() if number >= 0 and cursor.skip(number) == number else None
    finally:
        cursor.close()
    if row is None:
        raise OutOfRangeError(
            f"[at] expected the number of an element, from 0 to before {int(dataset.cardinality())}, got "
            f"{number}."
        )
    return dataset._node.form.tensors(row)


def from_list(elements: Sequence[Any], name: str | None = None) -> Dataset:
    """The elements of a list.

    Args:
        elements: Structures (tuples, dicts) of tensors; the parts may differ in size.
        name: Not used but for messages.

    Raises:
        ValueError: The list is empty.
        TypeError: They differ in structure or dtype.

    Source: `tf.data.experimental.from_list`.
    """
    where = name or "from_list"
    found = [structured(element) for element in elements]
    if not found:
        raise ValueError(f"[{where}] `elements` should not be empty; for no elements use Dataset.range(0).")
    spec = specs_of(found[0])
    for element in found[1:]:
        spec = wider_spec(spec, specs_of(element), where)
    block = of_rows([nest.flatten(element) for element in found])
    return Dataset(Gather(Table(block.columns, block.size, spec), Range(0, block.size)))


def group_by_reducer(key_func: Callable[..., Any], reducer: Reducer) -> Step:
    """Step that makes one element of all elements with one key.

    Args:
        key_func: Function of an element that returns an integer.
        reducer: How the elements of one key become one.

    Returns:
        Function for `Dataset.apply`; its elements come in the order of the keys.

    Source: `tf.data.experimental.group_by_reducer`.
    """
    seed = streams.pipeline_seed(None)
    return lambda dataset: dataset._after(GroupByReducer(dataset._node, key_func, reducer, seed))


def copy_to_device(target_device: Any, source_device: str = "/cpu:0") -> Step:
    """Step that puts elements on a device.

    Args:
        target_device: Name of the device, such as ``"/gpu:0"``.
        source_device: Elements come from the host.

    Returns:
        Function for `Dataset.apply`.

    Source: `tf.data.experimental.copy_to_device`.
    """
    del source_device
    where = "copy_to_device"
    return lambda dataset: dataset._after(OnDevice(dataset._node, target_device, where))


def prefetch_to_device(device: Any, buffer_size: int | None = None) -> Step:
    """Step that puts elements on a device beforehand, in a thread.

    Args:
        device: Name of the device, such as ``"/gpu:0"``.
        buffer_size: How many may wait there; None leaves it to us.

    Returns:
        Function for `Dataset.apply`.

    Source: `tf.data.experimental.prefetch_to_device`.
    """
    size = AUTOTUNE if buffer_size is None else int(buffer_size)
    return lambda dataset: copy_to_device(device)(dataset).prefetch(size)


def map_and_batch(
    map_func: Callable[..., Any],
    batch_size: Any,
    num_parallel_batches: int | None = None,
    drop_remainder: bool = False,
    num_parallel_calls: int | None = None,
) -> Step:
    """Step that is `map`, then `batch`.

    Args:
        map_func: As for `Dataset.map`.
        batch_size: Elements in a batch.
        num_parallel_batches: Batches whose elements are computed at once, instead of `num_parallel_calls`.
        drop_remainder: Leave out a shorter batch at the end.
        num_parallel_calls: As for `Dataset.map`.

    Returns:
        Function for `Dataset.apply`.

    Raises:
        ValueError: Both numbers are given.

    Source: `tf.data.experimental.map_and_batch`.
    """
    if num_parallel_batches is not None and num_parallel_calls is not None:
        raise ValueError(
            "[map_and_batch] expected num_parallel_batches or num_parallel_calls, got both; leave one out."
        )
    calls = num_parallel_calls
    if num_parallel_batches is not None:
        calls = int(num_parallel_batches) * int(batch_size)
    return lambda dataset: dataset.map(map_func, calls).batch(batch_size, drop_remainder)


def parallel_interleave(
    map_func: Callable[..., Any],
    cycle_length: int,
    block_length: int = 1,
    sloppy: bool | None = False,
    buffer_output_elements: int | None = None,
    prefetch_input_elements: int | None = None,
) -> Step:
    """Step that is `interleave`, whose data sets work ahead in threads.

    Args:
        map_func: Function of an element that returns a data set.
        cycle_length: Data sets that are open at a time.
        block_length: Elements taken from each in turn.
        sloppy: The order is always the same, as with False.
        buffer_output_elements: As many as `block_length` are made beforehand.
        prefetch_input_elements: Data sets are opened when it is their turn.

    Returns:
        Function for `Dataset.apply`.

    Source: `tf.data.experimental.parallel_interleave`.
    """
    del sloppy, buffer_output_elements, prefetch_input_elements
    return lambda dataset: dataset.interleave(map_func, cycle_length, block_length, AUTOTUNE)


def shuffle_and_repeat(buffer_size: Any, count: Any = None, seed: int | None = None) -> Step:
    """Step that is `shuffle`, then `repeat`.

    Source: `tf.data.experimental.shuffle_and_repeat`.
    """
    return lambda dataset: dataset.shuffle(buffer_size, seed).repeat(count)


def _method(name: str, *given: Any, **named: Any) -> Step:
    return lambda dataset: getattr(dataset, name)(*given, **named)


def bucket_by_sequence_length(
    element_length_func: Callable[..., Any],
    bucket_boundaries: Sequence[int],
    bucket_batch_sizes: Sequence[int],
    padded_shapes: Any = None,
    padding_values: Any = None,
    pad_to_bucket_boundary: bool = False,
    no_padding: bool = False,
    drop_remainder: bool = False,
) -> Step:
    """`Dataset.bucket_by_sequence_length` as a function for `Dataset.apply`."""
    return _method(
        "bucket_by_sequence_length",
        element_length_func,
        bucket_boundaries,
        bucket_batch_sizes,
        padded_shapes,
        padding_values,
        pad_to_bucket_boundary,
        no_padding,
        drop_remainder,
    )


def dense_to_ragged_batch(
    batch_size: Any, drop_remainder: bool = False, row_splits_dtype: Any = dtypes.int64
) -> Step:
    """`Dataset.ragged_batch` as a function for `Dataset.apply`."""
    return _method("ragged_batch", batch_size, drop_remainder, row_splits_dtype)


def dense_to_sparse_batch(batch_size: Any, row_shape: Any) -> Step:
    """`Dataset.sparse_batch` as a function for `Dataset.apply`."""
    return _method("sparse_batch", batch_size, row_shape)


def enumerate_dataset(start: Any = 0) -> Step:
    """`Dataset.enumerate` as a function for `Dataset.apply`."""
    return _method("enumerate", start)


def group_by_window(
    key_func: Callable[..., Any],
    reduce_func: Callable[..., Any],
    window_size: Any = None,
    window_size_func: Callable[..., Any] | None = None,
) -> Step:
    """`Dataset.group_by_window` as a function for `Dataset.apply`."""
    return _method("group_by_window", key_func, reduce_func, window_size, window_size_func)


def ignore_errors(log_warning: bool = False) -> Step:
    """`Dataset.ignore_errors` as a function for `Dataset.apply`."""
    return _method("ignore_errors", log_warning)


def rejection_resample(
    class_func: Callable[..., Any], target_dist: Any, initial_dist: Any = None, seed: int | None = None
) -> Step:
    """`Dataset.rejection_resample` as a function for `Dataset.apply`."""
    return _method("rejection_resample", class_func, target_dist, initial_dist, seed)


def scan(initial_state: Any, scan_func: Callable[..., Any]) -> Step:
    """`Dataset.scan` as a function for `Dataset.apply`."""
    return _method("scan", initial_state, scan_func)


def snapshot(
    path: Any,
    compression: str | None = "AUTO",
    reader_func: Callable[..., Any] | None = None,
    shard_func: Callable[..., Any] | None = None,
) -> Step:
    """`Dataset.snapshot` as a function for `Dataset.apply`."""
    return _method("snapshot", path, compression, reader_func, shard_func)


def take_while(predicate: Callable[..., Any]) -> Step:
    """`Dataset.take_while` as a function for `Dataset.apply`."""
    return _method("take_while", predicate)


def unbatch() -> Step:
    """`Dataset.unbatch` as a function for `Dataset.apply`."""
    return _method("unbatch")


def unique() -> Step:
    """`Dataset.unique` as a function for `Dataset.apply`."""
    return _method("unique")


# --- Functions of data sets


def cardinality(dataset: Dataset) -> Tensor:
    """`Dataset.cardinality` as a function."""
    return dataset.cardinality()


def get_single_element(dataset: Dataset) -> Any:
    """`Dataset.get_single_element` as a function."""
    return dataset.get_single_element()


def get_next_as_optional(iterator: Iterator) -> Optional:
    """`Iterator.get_next_as_optional` as a function."""
    return iterator.get_next_as_optional()


def get_structure(dataset_or_iterator: Any) -> Any:
    """Structure of specs of an element of a data set or iterator.

    Raises:
        TypeError: It is neither.

    Source: `tf.data.experimental.get_structure`.
    """
    try:
        return dataset_or_iterator.element_spec
    except AttributeError:
        raise TypeError(
            f"[get_structure] expected a data set or an iterator, got {type(dataset_or_iterator).__name__}."
        ) from None


def to_variant(dataset: Dataset) -> Dataset:
    """The data set itself: there are no tensors that stand for data sets.

    Source: `tf.data.experimental.to_variant`.
    """
    return dataset


def from_variant(variant: Dataset, structure: Any) -> Dataset:
    """The data set that `to_variant` returned.

    Args:
        variant: What `to_variant` returned.
        structure: Spec of its elements.

    Raises:
        TypeError: The elements are of another spec.

    Source: `tf.data.experimental.from_variant`.
    """
    if not isinstance(variant, Dataset) or not compatible(variant.element_spec, structure):
        raise TypeError(f"[from_variant] expected a data set of {structure}, got {variant!r}.")
    return variant


def save(
    dataset: Dataset,
    path: Any,
    compression: str | None = None,
    shard_func: Callable[..., Any] | None = None,
    checkpoint_args: Any = None,
) -> None:
    """`Dataset.save` as a function."""
    dataset.save(path, compression, shard_func, checkpoint_args)


def load(
    path: Any,
    element_spec: Any = None,
    compression: str | None = None,
    reader_func: Callable[..., Any] | None = None,
) -> Dataset:
    """`Dataset.load` as a function."""
    found: Dataset = Dataset.load(path, element_spec, compression, reader_func)
    return found


def choose_from_datasets(
    datasets: Sequence[Any], choice_dataset: Any, stop_on_empty_dataset: bool = False
) -> Dataset:
    """`Dataset.choose_from_datasets`, where a data set that ends is passed over.

    Source: `tf.data.experimental.choose_from_datasets`.
    """
    found: Dataset = Dataset.choose_from_datasets(datasets, choice_dataset, stop_on_empty_dataset)
    return found


def sample_from_datasets(
    datasets: Sequence[Any],
    weights: Any = None,
    seed: int | None = None,
    stop_on_empty_dataset: bool = False,
) -> Dataset:
    """`Dataset.sample_from_datasets` as a function."""
    found: Dataset = Dataset.sample_from_datasets(datasets, weights, seed, stop_on_empty_dataset)
    return found


def Counter(start: Any = 0, step: Any = 1, dtype: Any = dtypes.int64) -> Dataset:
    """`Dataset.counter` as a function."""
    found: Dataset = Dataset.counter(start, step, dtype)
    return found


class RandomDataset(Dataset):
    """Random whole numbers from 0 to before 2^32, without end.

    Args:
        seed: Names them; else the global seed does, or chance.
        rerandomize_each_iteration: True for others in each pass.
        name: Not used but for messages.

    Source: `tf.data.experimental.RandomDataset`; the numbers are others than TensorFlow's.
    """

    def __init__(
        self,
        seed: int | None = None,
        rerandomize_each_iteration: bool | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(Dataset.random(seed, rerandomize_each_iteration, name)._node)

