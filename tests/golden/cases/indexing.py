"""Slicing, gathering, scattering, segments, sets, searching, padding and reordering."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..support import Cases, attempt

cases = Cases()


def _cube(tf: Any) -> Any:
    return tf.reshape(tf.range(24), (2, 3, 4))


SLICES: dict[str, Callable[[Any, Any, Any], Any]] = {
    "int": lambda tf, np, x: x[1],
    "negative_int": lambda tf, np, x: x[-1],
    "two_ints": lambda tf, np, x: x[0, -1],
    "three_ints": lambda tf, np, x: x[1, 2, 3],
    "slice": lambda tf, np, x: x[:, 1:],
    "slice_negative": lambda tf, np, x: x[:, :-1, -2:],
    "step": lambda tf, np, x: x[..., ::2],
    "reverse": lambda tf, np, x: x[::-1, ::-1],
    "negative_step_bounds": lambda tf, np, x: x[0, 0, 3:0:-2],
    "negative_step_open": lambda tf, np, x: x[0, 0, -2::-1],
    "out_of_range_slice": lambda tf, np, x: x[0, 5:, :100],
    "empty_slice": lambda tf, np, x: x[:, 2:1],
    "ellipsis": lambda tf, np, x: x[..., 0],
    "ellipsis_middle": lambda tf, np, x: x[0, ..., 1],
    "ellipsis_full": lambda tf, np, x: x[0, 1, 2, ...],
    "newaxis": lambda tf, np, x: x[0, :, tf.newaxis, 1:3],
    "newaxis_ends": lambda tf, np, x: x[None, ..., None][0, 0, 0],
    "none_only": lambda tf, np, x: x[0, 0][None],
    "np_int": lambda tf, np, x: x[np.int64(1), np.int32(0)],
    "tensor_scalar": lambda tf, np, x: x[tf.constant(1)],
    "tensor_scalar_int64": lambda tf, np, x: x[tf.constant(1, tf.int64), 0],
    "variable_scalar": lambda tf, np, x: x[tf.Variable(1), 0],
    "tensor_in_slice": lambda tf, np, x: x[0, tf.constant(1) :, : tf.constant(2)],
    "mixed_tensor_and_int": lambda tf, np, x: x[tf.constant(0), 1, -1],
    "slice_object": lambda tf, np, x: x[slice(0, 1), slice(None, None, 2)],
    "tuple": lambda tf, np, x: x[(0, 1)],
    "range_slice_of_zero_d": lambda tf, np, x: x[0, 0, 0][...],
    "bool_mask_tensor": lambda tf, np, x: x[x > 12],
    "bool_mask_1d": lambda tf, np, x: x[tf.constant([True, False])],
    "bool_mask_numpy": lambda tf, np, x: x[np.array([False, True])],
    "bool_list": lambda tf, np, x: x[[True, False]],
    "shape_index": lambda tf, np, x: x[x.shape[0] - 1, 0],
}
for _name, _body in SLICES.items():
    cases.add(f"slice_{_name}", lambda tf, np, body=_body: attempt(lambda: body(tf, np, _cube(tf))))

INDEX_ERRORS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "out_of_range": lambda tf, np, x: x[5],
    "out_of_range_negative": lambda tf, np, x: x[-3],
    "too_many": lambda tf, np, x: x[0, 0, 0, 0],
    "float": lambda tf, np, x: x[1.0],
    "string": lambda tf, np, x: x["a"],
    "list": lambda tf, np, x: x[[0, 1]],
    "array": lambda tf, np, x: x[np.array([0, 1])],
    "vector_tensor": lambda tf, np, x: x[tf.constant([0, 1])],
    "float_tensor": lambda tf, np, x: x[tf.constant(1.0)],
    "two_ellipses": lambda tf, np, x: x[..., 0, ...],
    "zero_step": lambda tf, np, x: x[::0],
    "float_slice": lambda tf, np, x: x[0.0:1.0],
    "mask_shape": lambda tf, np, x: x[tf.constant([True, False, True])],
    "scalar_item": lambda tf, np, x: x[0, 0, 0][0],
    "bool": lambda tf, np, x: x[True],
    "tuple_of_lists": lambda tf, np, x: x[[0, 1], [1, 2]],
    "dtype_mix": lambda tf, np, x: x[tf.constant(0, tf.int64) : tf.constant(1, tf.int32)],
}
for _name, _body in INDEX_ERRORS.items():
    cases.add(
        f"index_error_{_name}", lambda tf, np, body=_body: attempt(lambda: body(tf, np, _cube(tf)))
    )


@cases
def strided_slice_masks(tf: Any, np: Any) -> Any:
    x = _cube(tf)
    return {
        "plain": tf.strided_slice(x, [0, 0, 0], [2, 2, 2]),
        "strides": tf.strided_slice(x, [0, 0, 0], [2, 3, 4], [1, 2, 3]),
        "begin_mask": tf.strided_slice(x, [1, 1, 1], [2, 3, 4], begin_mask=2),
        "end_mask": tf.strided_slice(x, [0, 0, 0], [1, 1, 1], end_mask=5),
        "ellipsis_mask": tf.strided_slice(x, [0, 1], [0, 2], ellipsis_mask=1),
        "new_axis_mask": tf.strided_slice(x, [0, 0], [1, 1], new_axis_mask=1),
        "shrink_axis_mask": tf.strided_slice(x, [1, 2], [2, 3], shrink_axis_mask=3),
        "negative": tf.strided_slice(x, [1, -1], [2, -3], [1, -1]),
        "slice": tf.slice(x, [0, 1, 1], [1, 2, -1]),
        "slice error": attempt(lambda: tf.slice(x, [0, 0, 0], [3, 1, 1])),
        "slice negative begin": attempt(lambda: tf.slice(x, [-1, 0, 0], [1, 1, 1])),
    }


@cases
def gather_axes(tf: Any, np: Any) -> Any:
    x = _cube(tf)
    return {
        "rows": tf.gather(x, [1, 0, 1]),
        "axis 1": tf.gather(x, [2, 0], axis=1),
        "axis -1": tf.gather(x, [[3, 0]], axis=-1),
        "scalar": tf.gather(x, 1),
        "scalar axis": tf.gather(x, 2, axis=1),
        "empty": tf.gather(x, tf.constant([], tf.int32)),
        "int64": tf.gather(x, tf.constant([1], tf.int64)),
        "numpy": tf.gather(x, np.array([0, 1])),
        "strings": str(tf.gather(["a", "b"], [1]).numpy()),
        "bool": tf.gather([True, False], [1, 0]),
    }


@cases
def gather_batch_dims(tf: Any, np: Any) -> Any:
    x = _cube(tf)
    return {
        "1": tf.gather(x, [[2, 0], [1, 1]], batch_dims=1),
        "1 axis 2": tf.gather(x, [[3], [0]], batch_dims=1, axis=2),
        "2": tf.gather(x, [[0, 1, 2], [3, 3, 0]], batch_dims=2),
        "-1": attempt(lambda: tf.gather(x, [[0, 1, 2], [3, 3, 0]], batch_dims=-1, axis=2)),
        "nd": tf.gather_nd(x, [[[1], [0]], [[2], [2]]], batch_dims=1),
        "nd pair": tf.gather_nd(x, [[[1, 0]], [[2, 3]]], batch_dims=1),
        "error": attempt(lambda: tf.gather(x, [[0], [0], [0]], batch_dims=1)),
    }


@cases
def gather_nd(tf: Any, np: Any) -> Any:
    x = _cube(tf)
    return {
        "full": tf.gather_nd(x, [[0, 0, 1], [1, 2, 3]]),
        "partial": tf.gather_nd(x, [[1, 2]]),
        "rows": tf.gather_nd(x, [[1]]),
        "nested": tf.gather_nd(x, [[[0, 0]], [[1, 1]]]),
        "vector": tf.gather_nd(x, [1, 0]),
        "nothing": tf.gather_nd(x, tf.zeros((2, 0), tf.int32)),
        "too deep": attempt(lambda: tf.gather_nd(x, [[0, 0, 0, 0]])),
    }


@cases
def gather_out_of_range(tf: Any, np: Any) -> Any:
    return attempt(lambda: tf.gather([1.0, 2.0], [0, 5]))


@cases
def gather_negative(tf: Any, np: Any) -> Any:
    return attempt(lambda: tf.gather([1.0, 2.0], [-1]))


@cases
def gather_nd_out_of_range(tf: Any, np: Any) -> Any:
    return attempt(lambda: tf.gather_nd([[1.0, 2.0]], [[0, 5]]))


@cases
def embedding_out_of_range(tf: Any, np: Any) -> Any:
    return attempt(lambda: tf.nn.embedding_lookup(tf.ones((2, 3)), [0, 7]))


@cases
def scatter_out_of_range(tf: Any, np: Any) -> Any:
    return attempt(lambda: tf.scatter_nd([[7]], [1.0], [3]))


@cases
def tensor_scatter_out_of_range(tf: Any, np: Any) -> Any:
    return attempt(lambda: tf.tensor_scatter_nd_update([1.0, 2.0], [[7]], [1.0]))


@cases
def gather_errors(tf: Any, np: Any) -> Any:
    return {
        "axis": attempt(lambda: tf.gather([1.0, 2.0], [0], axis=3)),
        "float": attempt(lambda: tf.gather([1.0, 2.0], [0.5])),
        "scalar params": attempt(lambda: tf.gather(1.0, [0])),
    }


@cases
def scatter_nd(tf: Any, np: Any) -> Any:
    return {
        "duplicates add": tf.scatter_nd([[1], [3], [1]], [10, 20, 30], [5]),
        "rows": tf.scatter_nd([[2], [0]], [[1, 2], [3, 4]], [3, 2]),
        "pairs": tf.scatter_nd([[0, 1], [1, 0], [0, 1]], [1.0, 2.0, 3.0], [2, 2]),
        "empty": tf.scatter_nd(tf.zeros((0, 1), tf.int32), tf.zeros((0,)), [3]),
        "shape error": attempt(lambda: tf.scatter_nd([[0]], [[1.0, 2.0]], [3])),
    }


@cases
def tensor_scatter(tf: Any, np: Any) -> Any:
    x = tf.constant([1, 2, 3, 4])
    i, u = [[1], [3], [1]], [10, 20, 30]
    return {
        "update last wins": tf.tensor_scatter_nd_update(x, [[1], [1]], [7, 8]),
        "add": tf.tensor_scatter_nd_add(x, i, u),
        "sub": tf.tensor_scatter_nd_sub(x, i, u),
        "max": tf.tensor_scatter_nd_max(x, i, u),
        "min": tf.tensor_scatter_nd_min(x, i, [0, 20, 5]),
        "rows": tf.tensor_scatter_nd_update(tf.zeros((3, 2)), [[2]], [[5.0, 6.0]]),
        "bool": tf.tensor_scatter_nd_update([True, True], [[0]], [False]),
        "dtype error": attempt(lambda: tf.tensor_scatter_nd_update(x, [[0]], [1.5])),
        "shape error": attempt(lambda: tf.tensor_scatter_nd_update(x, [[0], [1]], [1])),
    }


@cases
def segments(tf: Any, np: Any) -> Any:
    x, ids = tf.constant([[1, 2], [3, 4], [5, 6], [7, 8]]), [0, 0, 2, 2]
    f = tf.cast(x, tf.float32)
    m, u = tf.math, [2, 0, -1, 2]
    return {
        "sum": m.segment_sum(x, ids),
        "mean": m.segment_mean(f, ids),
        "prod": m.segment_prod(x, ids),
        "max": m.segment_max(x, ids),
        "min": m.segment_min(f, ids),
        "unsorted_sum": m.unsorted_segment_sum(x, u, 4),
        "unsorted_mean": m.unsorted_segment_mean(f, u, 4),
        "unsorted_prod": m.unsorted_segment_prod(x, u, 4),
        "unsorted_max": m.unsorted_segment_max(x, u, 4),
        "unsorted_max float": m.unsorted_segment_max(f, u, 4),
        "unsorted_min": m.unsorted_segment_min(x, u, 4),
        "unsorted_sqrt_n": m.unsorted_segment_sqrt_n(f, u, 4),
        "sparse_sum": tf.sparse.segment_sum(f, [0, 2, 3], [0, 0, 1]),
        "sparse_mean": tf.sparse.segment_mean(f, [0, 2, 3], [0, 0, 1]),
        "sparse_sqrt_n num": tf.sparse.segment_sqrt_n(f, [0, 2], [0, 2], num_segments=4),
        "empty": m.segment_sum(tf.zeros((0, 2)), tf.zeros((0,), tf.int32)),
        "unsorted ids": attempt(lambda: m.segment_sum(x, [0, 2, 1, 1])),
        "negative ids": attempt(lambda: m.segment_sum(x, [-1, 0, 0, 1])),
        "id too large": attempt(lambda: m.unsorted_segment_sum(x, [0, 1, 2, 9], 3)),
        "length": attempt(lambda: m.segment_sum(x, [0, 1])),
    }


@cases
def unique(tf: Any, np: Any) -> Any:
    x = tf.constant([3, 1, 3, 2, 1])
    y, i = tf.unique(x)
    a, b, c = tf.unique_with_counts(x)
    return {
        "unique": [y, i],
        "counts": [a, b, c],
        "strings": [str(tf.unique(["b", "a", "b"])[0].numpy()), tf.unique(["b", "a", "b"])[1]],
        "int64 indices": tf.unique(x, out_idx=tf.int64).idx,
        "empty": tf.unique(tf.constant([], tf.float32)).y,
        "matrix": attempt(lambda: tf.unique([[1, 2]])),
    }


@cases
def sorting_and_ties(tf: Any, np: Any) -> Any:
    x = tf.constant([[3.0, 1.0, 3.0, 2.0], [0.0, 0.0, 0.0, 0.0]])
    v, i = tf.math.top_k(x, 3)
    return {
        "top_k": [v, i],
        "top_k ints": list(tf.math.top_k([5, 9, 9, 1], 2)),
        "top_k default": list(tf.math.top_k([5, 9])),
        "top_k too many": attempt(lambda: list(tf.math.top_k([1.0], 2))),
        "top_k scalar": attempt(lambda: list(tf.math.top_k(1.0, 1))),
        "in_top_k": tf.math.in_top_k(
            [0, 2, 1], [[0.1, 0.5, 0.4], [0.3, 0.3, 0.3], [0.2, float("nan"), 0.1]], 2
        ),
        "argsort": tf.argsort(x),
        "argsort stable": tf.argsort(x, stable=True),
        "argsort descending": tf.argsort(x, direction="DESCENDING", stable=True),
        "sort axis 0": tf.sort(x, axis=0),
        "sort descending": tf.sort([3, 1, 2], direction="DESCENDING"),
        "nth_element": tf.math.top_k([4.0, 1.0, 3.0], 3).values[1],
        "direction error": attempt(lambda: tf.sort([1], direction="UP")),
        "argmax ties": [tf.argmax(x, 1), tf.argmax(x), tf.argmin(x, axis=1, output_type=tf.int32)],
        "approx": attempt(lambda: tf.math.approx_max_k([1.0, 3.0, 2.0], 2)[0]),
    }


@cases
def searchsorted_sides(tf: Any, np: Any) -> Any:
    s = [1.0, 3.0, 3.0, 5.0]
    v = [0.0, 1.0, 3.0, 4.0, 5.0, 9.0]
    return {
        "left": tf.searchsorted(s, v),
        "right": tf.searchsorted(s, v, side="right"),
        "int64": tf.searchsorted(s, v, out_type=tf.int64),
        "batch": tf.searchsorted([[1, 2], [3, 4]], [[2, 0], [4, 9]]),
        "empty": tf.searchsorted(tf.zeros((0,)), [1.0]),
        "side error": attempt(lambda: tf.searchsorted(s, v, side="up")),
    }


@cases
def counting(tf: Any, np: Any) -> Any:
    x = tf.constant([1, 1, 2, 5, 0])
    return {
        "bincount": tf.math.bincount(x),
        "weights": tf.math.bincount(x, weights=[0.5, 0.5, 1.0, 2.0, 3.0]),
        "minlength": tf.math.bincount(x, minlength=8),
        "maxlength": tf.math.bincount(x, maxlength=3),
        "axis": tf.math.bincount([[1, 1], [0, 2]], axis=-1),
        "binary": tf.math.bincount([[1, 1], [0, 2]], axis=-1, binary_output=True),
        "empty": tf.math.bincount(tf.constant([], tf.int32)),
        "int64 dtype": tf.math.bincount(x, dtype=tf.int64),
        "negative": attempt(lambda: tf.math.bincount([-1, 2])),
        "histogram": tf.histogram_fixed_width(
            [-1.0, 0.0, 1.5, 2.0, 5.0, 15.0], [0.0, 5.0], nbins=5
        ),
        "histogram bins": tf.histogram_fixed_width_bins(
            [-1.0, 0.0, 1.5, 2.0, 5.0, 15.0], [0.0, 5.0], nbins=5
        ),
        "count_nonzero": [
            tf.math.count_nonzero([[0, 1], [2, 3]]),
            tf.math.count_nonzero([[0, 1], [2, 3]], axis=0),
        ],
        "count strings": tf.math.count_nonzero(["", "a"]),
        "confusion": tf.math.confusion_matrix([1, 2, 4], [2, 2, 4]),
        "confusion weights": tf.math.confusion_matrix(
            [0, 1], [0, 1], num_classes=3, weights=[0.5, 2.0], dtype=tf.float32
        ),
        "zero_fraction": tf.math.zero_fraction([0.0, 1.0, 0.0, 2.0]),
    }


@cases
def one_hot(tf: Any, np: Any) -> Any:
    return {
        "plain": tf.one_hot([0, 2, 1], 3),
        "out of range": tf.one_hot([0, 2, -1, 3], 3),
        "on off": tf.one_hot([0, 2], 3, on_value=5.0, off_value=-1.0),
        "axis 0": tf.one_hot([0, 2], 3, axis=0),
        "matrix": tf.one_hot([[0, 1], [2, -1]], 3),
        "matrix axis 1": tf.one_hot([[0, 1], [2, -1]], 3, axis=1),
        "bool": tf.one_hot([0, 1], 2, True, False),
        "dtype": tf.one_hot([1], 2, dtype=tf.int64),
        "scalar": tf.one_hot(1, 3),
        "depth zero": tf.one_hot([0], 0),
        "uint8": tf.one_hot(tf.constant([1], tf.uint8), 2),
        "float indices": attempt(lambda: tf.one_hot([0.0], 2)),
    }


@cases
def padding(tf: Any, np: Any) -> Any:
    x = tf.constant([[1, 2, 3], [4, 5, 6]])
    p = [[1, 1], [2, 2]]
    return {
        "constant": tf.pad(x, p),
        "value": tf.pad(x, p, constant_values=9),
        "reflect": tf.pad(x, p, "REFLECT"),
        "symmetric": tf.pad(x, p, "SYMMETRIC"),
        "lower case": attempt(lambda: tf.pad(x, p, "reflect")),
        "none": tf.pad(x, [[0, 0], [0, 0]]),
        "reflect too far": attempt(lambda: tf.pad(x, [[2, 2], [0, 0]], "REFLECT")),
        "symmetric limit": tf.pad(x, [[2, 2], [3, 0]], "SYMMETRIC"),
        "negative": attempt(lambda: tf.pad(x, [[-1, 0], [0, 0]])),
        "rank": attempt(lambda: tf.pad(x, [[1, 1]])),
        "mode": attempt(lambda: tf.pad(x, p, "EDGE")),
        "strings": str(tf.pad(["a"], [[1, 0]], constant_values="-").numpy()),
        "bool": tf.pad([True], [[1, 1]]),
    }


@cases
def reordering(tf: Any, np: Any) -> Any:
    x = tf.constant([[1, 2, 3], [4, 5, 6]])
    return {
        "roll": tf.roll(x, 1, 1),
        "roll negative": tf.roll(x, -1, 0),
        "roll two": tf.roll(x, [1, 2], [0, 1]),
        "roll same axis": tf.roll(x, [1, 1], [1, 1]),
        "roll large": tf.roll(x, 7, 1),
        "reverse": tf.reverse(x, [0, 1]),
        "reverse -1": tf.reverse(x, [-1]),
        "reverse none": tf.reverse(x, tf.constant([], tf.int32)),
        "reverse error": attempt(lambda: tf.reverse(x, [5])),
        "reverse_sequence": tf.reverse_sequence(
            tf.reshape(tf.range(12), (3, 4)), [1, 4, 0], seq_axis=1
        ),
        "reverse_sequence axes": tf.reverse_sequence(
            tf.reshape(tf.range(12), (4, 3)), [1, 4, 2], seq_axis=0, batch_axis=1
        ),
        "reverse_sequence error": attempt(lambda: tf.reverse_sequence(x, [4, 1], seq_axis=1)),
        "transpose": tf.transpose(x),
        "transpose perm": tf.transpose(_cube(tf), [2, 0, 1]),
        "transpose conj": tf.transpose(tf.constant([[1 + 2j]]), conjugate=True),
        "matrix_transpose": tf.linalg.matrix_transpose(_cube(tf)),
        "transpose error": attempt(lambda: tf.transpose(x, [0, 0])),
        "repeat": tf.repeat(x, 2, axis=1),
        "repeat flat": tf.repeat(x, 2),
        "repeat each": tf.repeat(x, [1, 2], axis=0),
        "tile": tf.tile(x, [2, 2]),
        "tile error": attempt(lambda: tf.tile(x, [2])),
        "meshgrid": tf.meshgrid([1, 2], [3, 4, 5]),
        "meshgrid ij": tf.meshgrid([1, 2], [3, 4, 5], indexing="ij"),
        "expand_dims": tf.expand_dims(x, -1),
        "expand error": attempt(lambda: tf.expand_dims(x, 5)),
        "squeeze": tf.squeeze(tf.ones((1, 2, 1))),
        "squeeze axis": tf.squeeze(tf.ones((1, 2, 1)), [2]),
        "squeeze error": attempt(lambda: tf.squeeze(tf.ones((1, 2)), [1])),
        "sequence_mask": tf.sequence_mask([1, 3, 0]),
        "sequence_mask maxlen": tf.sequence_mask([[1], [3]], 2, tf.int32),
    }


@cases
def joining_and_splitting(tf: Any, np: Any) -> Any:
    x = tf.constant([[1, 2, 3, 4], [5, 6, 7, 8]])
    return {
        "concat": tf.concat([x, x], -1),
        "concat error": attempt(lambda: tf.concat([x, tf.zeros((2, 2, 2), tf.int32)], 0)),
        "concat shape error": attempt(lambda: tf.concat([x, tf.zeros((2, 3), tf.int32)], 0)),
        "concat axis error": attempt(lambda: tf.concat([x, x], 3)),
        "concat empty": attempt(lambda: tf.concat([], 0)),
        "concat scalar": attempt(lambda: tf.concat([1, 2], 0)),
        "stack": tf.stack([x, x], axis=-1),
        "stack error": attempt(lambda: tf.stack([x, x[0]])),
        "unstack": tf.unstack(x),
        "unstack axis": tf.unstack(x, axis=-1),
        "split": tf.split(x, 2, axis=1),
        "split sizes": tf.split(x, [1, -1, 1], axis=1),
        "split error": attempt(lambda: tf.split(x, 3, axis=1)),
        "split sizes error": attempt(lambda: tf.split(x, [1, 1], axis=1)),
        "dynamic_partition": tf.dynamic_partition([10, 20, 30, 40], [1, 0, 1, 2], 3),
        "dynamic_stitch": tf.dynamic_stitch([[0, 2], [1, 2]], [[10, 20], [30, 40]]),
        "parallel_stack": attempt(lambda: tf.parallel_stack([1, 2])),
        "reshape": tf.reshape(x, [4, -1]),
        "reshape error": attempt(lambda: tf.reshape(x, [3, -1])),
        "reshape two unknown": attempt(lambda: tf.reshape(x, [-1, -1])),
        "reshape scalar": tf.reshape([7], []),
        "broadcast error": attempt(lambda: tf.broadcast_to([1, 2], [3, 3])),
        "broadcast_dynamic_shape": tf.broadcast_dynamic_shape([2, 1], [3]),
        "add shape error": attempt(lambda: tf.ones((2, 3)) + tf.ones((2, 2))),
        "matmul shape error": attempt(lambda: tf.matmul(tf.ones((2, 3)), tf.ones((2, 3)))),
        "matmul rank error": attempt(lambda: tf.matmul(tf.ones(3), tf.ones(3))),
        "invert_permutation": tf.math.invert_permutation([2, 0, 1]),
        "space_to_batch": tf.space_to_batch(
            tf.reshape(tf.range(16), (1, 4, 4, 1)), [2, 2], [[0, 0], [0, 0]]
        ),
        "batch_to_space": tf.nn.depth_to_space(tf.reshape(tf.range(8), (1, 1, 2, 4)), 2),
    }


@cases
def masks(tf: Any, np: Any) -> Any:
    x = tf.constant([[1, 2], [3, 4], [5, 6]])
    return {
        "rows": tf.boolean_mask(x, [True, False, True]),
        "full": tf.boolean_mask(x, x > 2),
        "axis": tf.boolean_mask(x, [False, True], axis=1),
        "nothing": tf.boolean_mask(x, [False, False, False]),
        "error": attempt(lambda: tf.boolean_mask(x, [True, False])),
        "where": tf.where([[True, False], [False, True]]),
        "where ints": tf.where([0, 3, 0, 5]),
        "where values": tf.where([True, False, True], [1, 2, 3], [10, 20, 30]),
        "where broadcast": tf.where([[True], [False]], [1, 2], 0),
        "where none": tf.where(tf.zeros((2, 2))),
        "where scalar": attempt(lambda: tf.where(True)),
        "where shape error": attempt(lambda: tf.where([True, False], [1, 2, 3], [1, 2, 3])),
        "where one branch": attempt(lambda: tf.where([True], x=[1])),
        "ensure_shape": attempt(lambda: tf.ensure_shape(x, [None, 3])),
    }


@cases
def sets(tf: Any, np: Any) -> Any:
    a, b = tf.constant([[1, 2, 2], [3, 4, 5]]), tf.constant([[2, 9, 9], [5, 4, 6]])
    dense = tf.sparse.to_dense
    return {
        "intersection": dense(tf.sets.intersection(a, b)),
        "difference": dense(tf.sets.difference(a, b)),
        "union": dense(tf.sets.union(a, b)),
        "reversed": dense(tf.sets.difference(a, b, aminusb=False)),
        "size": tf.sets.size(tf.sets.intersection(a, b)),
    }


@cases
def diagonals(tf: Any, np: Any) -> Any:
    m = tf.reshape(tf.range(12), (3, 4))
    return {
        "diag": tf.linalg.diag([1, 2]),
        "diag k": tf.linalg.diag([1, 2], k=1),
        "diag padding": tf.linalg.diag([1, 2], padding_value=9),
        "diag_part": tf.linalg.diag_part(m),
        "diag_part k": tf.linalg.diag_part(m, k=1),
        "diag_part band": tf.linalg.diag_part(m, k=(-1, 1)),
        "set_diag": tf.linalg.set_diag(m, [100, 200, 300]),
        "band_part": tf.linalg.band_part(m, 1, 0),
        "tensor_diag": tf.linalg.tensor_diag([1, 2]),
        "eye": tf.eye(2, 3, batch_shape=[2]),
        "trace": tf.linalg.trace(m),
    }
