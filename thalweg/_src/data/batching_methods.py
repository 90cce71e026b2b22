"""Methods of data sets that put elements together and take them apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.data.batching import AsRagged, Batch, SparseBatch, Unbatch
from thalweg._src.data.nesting import GroupByWindow, Window
from thalweg._src.data.padding import PaddedBatch
from thalweg._src.data.plan import Plan, node_of, positive
from thalweg._src.data.resampling import Resample
from thalweg._src.ops.casting import cast
from thalweg._src.ops.comparison import greater_equal
from thalweg._src.ops.reduction import reduce_sum
from thalweg._src.random.global_generator import streams


class Batching(Plan):
    """Batches and windows."""

    def batch(
        self,
        batch_size: Any,
        drop_remainder: bool = False,
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> Any:
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
        size = positive(batch_size, "Dataset.batch", "batch_size")
        return self._after(Batch(self._node, size, bool(drop_remainder)))

    def unbatch(self, name: str | None = None) -> Any:
        """The rows of the elements.

        Source: `tf.data.Dataset.unbatch`.
        """
        del name
        return self._after(Unbatch(self._node))

    def padded_batch(
        self,
        batch_size: Any,
        padded_shapes: Any = None,
        padding_values: Any = None,
        drop_remainder: bool = False,
        name: str | None = None,
    ) -> Any:
        """Successive elements stacked, each filled up to one shape.

        Args:
            batch_size: Elements in a batch.
            padded_shapes: Structure of shapes; sizes that are None or -1 are those of the batch's largest
                element. All sizes that differ when None.
            padding_values: Structure of what to fill with, or one value for all; 0 and empty strings when
                None.
            drop_remainder: Leave out a shorter batch at the end.
            name: Not used but for messages.

        Raises:
            InvalidArgumentError: Later, an element that is larger than its padded shape.

        Example:
            >>> import thalweg as tf
            >>> counts = tf.data.Dataset.range(1, 4).map(lambda n: tf.fill([n], n))
            >>> [b.numpy().tolist() for b in counts.padded_batch(3)]
            [[[1, 0, 0], [2, 2, 0], [3, 3, 3]]]

        Source: `tf.data.Dataset.padded_batch`.
        """
        del name
        size = positive(batch_size, "Dataset.padded_batch", "batch_size")
        return self._after(PaddedBatch(self._node, size, padded_shapes, padding_values, bool(drop_remainder)))

    def ragged_batch(
        self,
        batch_size: Any,
        drop_remainder: bool = False,
        row_splits_dtype: Any = dtypes.int64,
        name: str | None = None,
    ) -> Any:
        """Successive elements of different sizes as ragged tensors.

        Args:
            batch_size: Elements in a batch.
            drop_remainder: Leave out a shorter batch at the end.
            row_splits_dtype: int32 or int64.
            name: Not used but for messages.

        Returns:
            `Dataset` of ragged tensors; of tensors where all elements have one known shape.

        Example:
            >>> import thalweg as tf
            >>> counts = tf.data.Dataset.range(1, 4).map(lambda n: tf.fill([n], n))
            >>> [b.to_list() for b in counts.ragged_batch(3)]
            [[[1], [2, 2], [3, 3, 3]]]

        Source: `tf.data.Dataset.ragged_batch`.
        """
        size = positive(batch_size, name or "Dataset.ragged_batch", "batch_size")
        ragged = AsRagged(self._node, dtypes.as_dtype(row_splits_dtype))
        return self._after(Batch(ragged, size, bool(drop_remainder)))

    def sparse_batch(self, batch_size: Any, row_shape: Any, name: str | None = None) -> Any:
        """Successive elements of different sizes as sparse tensors.

        Args:
            batch_size: Elements in a batch.
            row_shape: Sizes of an element; the largest of each batch where None or -1.
            name: Not used but for messages.

        Raises:
            TypeError: Elements of more than one tensor.
            InvalidArgumentError: Later, an element that is larger than `row_shape`.

        Source: `tf.data.Dataset.sparse_batch`; zeros are kept, as there. Sparse elements work here, too.
        """
        size = positive(batch_size, name or "Dataset.sparse_batch", "batch_size")
        shape = [None if s in (None, -1) else int(s) for s in row_shape]
        return self._after(SparseBatch(self._node, size, shape))

    def rebatch(self, batch_size: Any, drop_remainder: bool = False, name: str | None = None) -> Any:
        """The rows of the elements in batches of another size.

        Args:
            batch_size: Rows in a batch, or a list of sizes that take turns.
            drop_remainder: Leave out a shorter batch at the end.
            name: Not used but for messages.

        Source: `tf.data.Dataset.rebatch`.
        """
        del name
        sizes = convert_to_tensor(batch_size).numpy().reshape(-1).tolist()
        sizes = [positive(size, "Dataset.rebatch", "batch_size") for size in sizes]
        rows = Unbatch(self._node)
        return self._after(Batch(rows, sizes[0] if len(sizes) == 1 else sizes, bool(drop_remainder)))

    def window(
        self,
        size: Any,
        shift: Any = None,
        stride: Any = 1,
        drop_remainder: bool = False,
        name: str | None = None,
    ) -> Any:
        """Windows of elements: a structure of data sets for each, one for each leaf.

        Args:
            size: Elements in a window; the last ones may be shorter.
            shift: Elements between the beginnings of windows; `size` when None.
            stride: Elements between those of a window.
            drop_remainder: Leave out shorter windows at the end.
            name: Not used but for messages.

        Example:
            >>> import thalweg as tf
            >>> windows = tf.data.Dataset.range(5).window(3, shift=1, drop_remainder=True)
            >>> [b.numpy().tolist() for b in windows.flat_map(lambda w: w.batch(3))]
            [[0, 1, 2], [1, 2, 3], [2, 3, 4]]

        Source: `tf.data.Dataset.window`.
        """
        where = name or "Dataset.window"
        count = positive(size, where, "size")
        step = count if shift is None else positive(shift, where, "shift")
        between = positive(stride, where, "stride")
        return self._after(Window(self._node, Plan.kind, count, step, between, bool(drop_remainder)))

    def group_by_window(
        self,
        key_func: Callable[..., Any],
        reduce_func: Callable[..., Any],
        window_size: Any = None,
        window_size_func: Callable[..., Any] | None = None,
        name: str | None = None,
    ) -> Any:
        """Elements of what a function makes of windows of elements with one key.

        Args:
            key_func: Function of an element that returns an integer.
            reduce_func: Function of a key and a data set of a window's elements that returns a data set.
            window_size: Elements in a window.
            window_size_func: Function of a key that gives it instead.
            name: Not used but for messages.

        Raises:
            ValueError: Both or neither of the sizes.

        Source: `tf.data.Dataset.group_by_window`. At the end the windows that are not full follow in the
        order of their keys.
        """
        where = name or "Dataset.group_by_window"
        if (window_size is None) == (window_size_func is None):
            raise ValueError(f"[{where}] expected window_size or window_size_func, got both or neither.")
        size = window_size_func
        if size is None:
            count = positive(window_size, where, "window_size")
            size = _always(count)
        seed = streams.pipeline_seed(None)
        return self._after(
            GroupByWindow(self._node, key_func, reduce_func, size, Plan.kind, node_of, seed)
        )

    def bucket_by_sequence_length(
        self,
        element_length_func: Callable[..., Any],
        bucket_boundaries: Sequence[int],
        bucket_batch_sizes: Sequence[int],
        padded_shapes: Any = None,
        padding_values: Any = None,
        pad_to_bucket_boundary: bool = False,
        no_padding: bool = False,
        drop_remainder: bool = False,
        name: str | None = None,
    ) -> Any:
        """Padded batches of elements of similar lengths.

        Args:
            element_length_func: Function of an element that returns its length.
            bucket_boundaries: Lengths at which buckets begin, ascending.
            bucket_batch_sizes: Batch size of each bucket; one more than boundaries.
            padded_shapes: As for `padded_batch`.
            padding_values: As for `padded_batch`.
            pad_to_bucket_boundary: Fill up to one less than the bucket's upper boundary.
            no_padding: Stack elements of one length as they are.
            drop_remainder: Leave out shorter batches at the end.
            name: Not used but for messages.

        Raises:
            ValueError: The sizes do not fit the boundaries.

        Source: `tf.data.Dataset.bucket_by_sequence_length`.
        """
        where = name or "Dataset.bucket_by_sequence_length"
        boundaries, sizes = list(map(int, bucket_boundaries)), list(map(int, bucket_batch_sizes))
        if len(sizes) != len(boundaries) + 1:
            raise ValueError(
                f"[{where}] expected a batch size for each of {len(boundaries) + 1} buckets, got {sizes}."
            )

        def bucket(*element: Any) -> Any:
            length = cast(element_length_func(*element), dtypes.int64)
            # As many boundaries as are not above the length; their number has a fixed shape.
            return reduce_sum(cast(greater_equal(length, np.asarray(boundaries, np.int64)), dtypes.int64))

        def batched(key: Any, window: Any) -> Any:
            number = int(key)
            if no_padding:
                return window.batch(sizes[number], drop_remainder=drop_remainder)
            shapes = padded_shapes
            if pad_to_bucket_boundary:
                if number == len(boundaries):
                    raise ValueError(
                        f"[{where}] expected elements shorter than the last boundary {boundaries[-1]}, as "
                        "pad_to_bucket_boundary is set; filter longer ones out."
                    )
                shapes = _closed_shapes(window.element_spec, padded_shapes, boundaries[number] - 1)
            return window.padded_batch(sizes[number], shapes, padding_values, drop_remainder)

        if no_padding:
            spec = Batch(self._node, 1, False).spec
        else:
            spec = PaddedBatch(self._node, 1, padded_shapes, padding_values, False).spec
        seed = streams.pipeline_seed(None)
        return self._after(
            GroupByWindow(
                self._node, bucket, batched, lambda key: sizes[int(key)], Plan.kind, node_of, seed, spec
            )
        )

    def rejection_resample(
        self,
        class_func: Callable[..., Any],
        target_dist: Any,
        initial_dist: Any = None,
        seed: int | None = None,
        name: str | None = None,
    ) -> Any:
        """Pairs of a class and an element, some left out so that the classes have chosen frequencies.

        Args:
            class_func: Function of an element that returns its class as an integer.
            target_dist: Frequency of each class in the result.
            initial_dist: Frequency of each class now; counted on the way when None.
            seed: Names the draws; else the global seed does, or chance.
            name: Not used but for messages.

        Source: `tf.data.Dataset.rejection_resample`. An element is kept with the chance that makes its class
        as frequent as asked, beside the class that must be kept whole.
        """
        del name
        target = _frequencies(target_dist)
        initial = None if initial_dist is None else _frequencies(initial_dist)
        return self._after(Resample(self._node, class_func, target, initial, streams.pipeline_seed(seed)))


def _frequencies(values: Any) -> np.ndarray[Any, Any]:
    return np.asarray(convert_to_tensor(values).numpy(), np.float64)


def _always(size: int) -> Callable[[Any], int]:
    return lambda key: size


def _closed_shapes(spec: Any, shapes: Any, size: int) -> Any:
    """Shapes with `size` for each unknown one."""
    given = nest.map_structure(lambda s: s.shape, spec) if shapes is None else shapes
    return nest.map_structure(lambda s: [size if d is None or d == -1 else d for d in s], given)
