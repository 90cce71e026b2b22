"""Sparse tensors: construction, dense forms, and the functions of tf.sparse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..support import Cases, Raised, attempt

cases = Cases()

Table = dict[str, Callable[[Any, Any], Any]]


def shown(value: Any) -> Any:
    """A sparse tensor as what it is made of; anything else as it is."""
    if isinstance(value, Raised):
        return value
    if type(value).__name__ == "SparseTensor":
        return {
            "indices": value.indices,
            "values": value.values,
            "dense_shape": value.dense_shape,
        }
    if isinstance(value, (list, tuple)):
        return [shown(v) for v in value]
    return value


def table(prefix: str, rows: Table) -> None:
    """A case for each row; what it raises is recorded too."""
    for name, body in rows.items():
        cases.add(
            f"{prefix}_{name}", lambda tf, np, body=body: shown(attempt(lambda: body(tf, np)))
        )


def ints(tf: Any) -> Any:
    """A matrix of ints with an empty row."""
    return tf.SparseTensor([[0, 1], [0, 3], [2, 0], [3, 3]], [1, -2, 3, 4], [4, 4])


def floats(tf: Any) -> Any:
    """A matrix of floats."""
    return tf.SparseTensor([[0, 0], [0, 2], [1, 1], [2, 2]], [1.5, -2.0, 0.5, 4.0], [3, 3])


def others(tf: Any) -> Any:
    """A matrix of floats at partly other places."""
    return tf.SparseTensor([[0, 0], [1, 0], [1, 1]], [-1.5, 3.0, 1.0], [3, 3])


def cube(tf: Any) -> Any:
    """A tensor of rank 3."""
    return tf.SparseTensor([[0, 0, 1], [0, 1, 0], [1, 1, 2]], [1.0, 2.0, 3.0], [2, 2, 3])


def words(tf: Any) -> Any:
    """Rows of strings, one of them empty."""
    return tf.SparseTensor([[0, 0], [0, 1], [2, 0]], ["a", "b", "c"], [3, 2])


def shuffled(tf: Any) -> Any:
    """A matrix whose places are out of order."""
    return tf.SparseTensor([[2, 0], [0, 3], [0, 1]], [3, 2, 1], [3, 4])


table(
    "make",
    {
        "plain": lambda tf, np: ints(tf),
        "count": lambda tf, np: tf.SparseTensor([[0, 0], [1, 1]], [1], [2, 2]),
        "rank": lambda tf, np: tf.SparseTensor([[0, 0, 0]], [1], [2, 2]),
        "vector_indices": lambda tf, np: tf.SparseTensor([0, 1], [1, 2], [3]),
        "matrix_values": lambda tf, np: tf.SparseTensor([[0, 1]], [[1]], [3, 4]),
        "float_indices": lambda tf, np: tf.SparseTensor([[0.0, 1.0]], [1], [3, 4]),
        "int32_indices": lambda tf, np: tf.SparseTensor(tf.constant([[0, 1]]), [1], [3, 4]),
        "none": lambda tf, np: tf.SparseTensor(np.zeros((0, 2), np.int64), [], [3, 4]),
        "text": lambda tf, np: str(ints(tf)),
        "spec": lambda tf, np: str(tf.type_spec_from_value(ints(tf))),
        "shape": lambda tf, np: str(ints(tf).shape),
        "get_shape": lambda tf, np: str(ints(tf).get_shape()),
        "set_shape": lambda tf, np: ints(tf).set_shape([4, 5]),
        "dtype": lambda tf, np: ints(tf).dtype.name,
        "with_values": lambda tf, np: ints(tf).with_values([5, 6, 7, 8]),
        "with_values_count": lambda tf, np: ints(tf).with_values([5, 6]),
        "from_value": lambda tf, np: tf.SparseTensor.from_value(ints(tf)),
        "from_number": lambda tf, np: tf.SparseTensor.from_value(3),
        "convert": lambda tf, np: tf.convert_to_tensor(ints(tf)),
        "is_tensor": lambda tf, np: tf.is_tensor(ints(tf)),
        "len": lambda tf, np: len(ints(tf)),
        "index": lambda tf, np: ints(tf)[0],
        "leaves": lambda tf, np: tf.nest.flatten(ints(tf), expand_composites=True),
    },
)
table(
    "spec",
    {
        "default": lambda tf, np: str(tf.SparseTensorSpec()),
        "all": lambda tf, np: str(tf.SparseTensorSpec([None, 3], tf.int32)),
        "fits": lambda tf, np: [
            tf.SparseTensorSpec(shape, dtype).is_compatible_with(ints(tf))
            for shape, dtype in [
                ([4, 4], tf.int32),
                ([None, 4], tf.int32),
                (None, tf.int32),
                ([4, 5], tf.int32),
                ([4, 4], tf.float32),
            ]
        ],
        "equal": lambda tf, np: tf.SparseTensorSpec([3, 4]) == tf.SparseTensorSpec((3, 4)),
        "subtype": lambda tf, np: tf.SparseTensorSpec([3, 4]).is_subtype_of(
            tf.SparseTensorSpec([None, 4])
        ),
        "common": lambda tf, np: str(
            tf.SparseTensorSpec([3, 4]).most_specific_common_supertype([tf.SparseTensorSpec([2, 4])])
        ),
        "from_tensor": lambda tf, np: tf.SparseTensorSpec.from_value(tf.constant(1)),
        "parts": lambda tf, np: [
            str(tf.SparseTensorSpec([3, 4]).shape),
            tf.SparseTensorSpec([3, 4]).dtype.name,
            tf.SparseTensorSpec([3, 4]).value_type.__name__,
        ],
    },
)
table(
    "dense",
    {
        "ints": lambda tf, np: tf.sparse.to_dense(ints(tf)),
        "cube": lambda tf, np: tf.sparse.to_dense(cube(tf)),
        "words": lambda tf, np: tf.sparse.to_dense(words(tf)),
        "words_default": lambda tf, np: tf.sparse.to_dense(words(tf), "-"),
        "default": lambda tf, np: tf.sparse.to_dense(ints(tf), default_value=9),
        "bools": lambda tf, np: tf.sparse.to_dense(
            tf.SparseTensor([[0, 1]], [True], [2, 2]), default_value=False
        ),
        "none": lambda tf, np: tf.sparse.to_dense(
            tf.SparseTensor(np.zeros((0, 2), np.int64), np.zeros(0, np.float32), [2, 3])
        ),
        "vector": lambda tf, np: tf.sparse.to_dense(tf.SparseTensor([[1], [3]], [5, 6], [5])),
        "out_of_order": lambda tf, np: tf.sparse.to_dense(shuffled(tf)),
        "out_of_order_unchecked": lambda tf, np: tf.sparse.to_dense(
            shuffled(tf), validate_indices=False
        ),
        "repeated": lambda tf, np: tf.sparse.to_dense(
            tf.SparseTensor([[0, 1], [0, 1]], [1, 2], [2, 2])
        ),
        "beyond": lambda tf, np: tf.sparse.to_dense(tf.SparseTensor([[0, 5]], [1], [2, 2])),
        "default_dtype": lambda tf, np: tf.sparse.to_dense(ints(tf), default_value=1.5),
        "of_tensor": lambda tf, np: tf.sparse.to_dense(tf.constant([1])),
        "from_dense": lambda tf, np: tf.sparse.from_dense([[0, 1, 0], [2, 0, 3]]),
        "from_dense_floats": lambda tf, np: tf.sparse.from_dense(tf.constant([0.0, -0.0, 2.5])),
        "from_dense_words": lambda tf, np: tf.sparse.from_dense([["a", ""], ["", "b"]]),
        "from_dense_bools": lambda tf, np: tf.sparse.from_dense([[True, False]]),
        "from_dense_scalar": lambda tf, np: tf.sparse.from_dense(3),
        "from_dense_zeros": lambda tf, np: tf.sparse.from_dense(tf.zeros([2, 3])),
        "eye": lambda tf, np: tf.sparse.eye(2),
        "eye_wide": lambda tf, np: tf.sparse.eye(2, 3, dtype=tf.int32),
        "eye_high": lambda tf, np: tf.sparse.eye(3, 2),
        "indicator": lambda tf, np: tf.sparse.to_indicator(
            tf.SparseTensor([[0, 0], [0, 1], [2, 0]], [1, 3, 0], [3, 2]), 4
        ),
        "indicator_beyond": lambda tf, np: tf.sparse.to_indicator(
            tf.SparseTensor([[0, 0]], [7], [1, 2]), 4
        ),
    },
)
table(
    "order",
    {
        "reorder": lambda tf, np: tf.sparse.reorder(shuffled(tf)),
        "reorder_sorted": lambda tf, np: tf.sparse.reorder(ints(tf)),
        "reorder_cube": lambda tf, np: tf.sparse.reorder(
            tf.SparseTensor([[1, 0, 1], [0, 1, 0], [1, 0, 0]], [1, 2, 3], [2, 2, 2])
        ),
        "reshape": lambda tf, np: tf.sparse.reshape(ints(tf), [2, 8]),
        "reshape_rest": lambda tf, np: tf.sparse.reshape(ints(tf), [-1, 2]),
        "reshape_cube": lambda tf, np: tf.sparse.reshape(cube(tf), [3, 4]),
        "reshape_vector": lambda tf, np: tf.sparse.reshape(ints(tf), [-1]),
        "reshape_wrong": lambda tf, np: tf.sparse.reshape(ints(tf), [3, 5]),
        "reshape_two_rests": lambda tf, np: tf.sparse.reshape(ints(tf), [-1, -1]),
        "transpose": lambda tf, np: tf.sparse.transpose(ints(tf)),
        "transpose_cube": lambda tf, np: tf.sparse.transpose(cube(tf), [2, 0, 1]),
        "transpose_none": lambda tf, np: tf.sparse.transpose(cube(tf)),
        "expand_0": lambda tf, np: tf.sparse.expand_dims(ints(tf), 0),
        "expand_1": lambda tf, np: tf.sparse.expand_dims(ints(tf), 1),
        "expand_last": lambda tf, np: tf.sparse.expand_dims(ints(tf)),
        "expand_negative": lambda tf, np: tf.sparse.expand_dims(ints(tf), -2),
        "expand_beyond": lambda tf, np: tf.sparse.expand_dims(ints(tf), 4),
        "slice": lambda tf, np: tf.sparse.slice(ints(tf), [0, 1], [3, 2]),
        "slice_far": lambda tf, np: tf.sparse.slice(ints(tf), [2, 0], [10, 10]),
        "slice_none": lambda tf, np: tf.sparse.slice(ints(tf), [1, 0], [1, 4]),
        "split": lambda tf, np: tf.sparse.split(ints(tf), 2, axis=1),
        "split_rows": lambda tf, np: tf.sparse.split(ints(tf), num_split=2, axis=0),
        "split_uneven": lambda tf, np: tf.sparse.split(ints(tf), 3, axis=0),
        "concat_0": lambda tf, np: tf.sparse.concat(0, [floats(tf), others(tf)]),
        "concat_1": lambda tf, np: tf.sparse.concat(1, [floats(tf), others(tf)]),
        "concat_negative": lambda tf, np: tf.sparse.concat(-1, [floats(tf), others(tf)]),
        "concat_differ": lambda tf, np: tf.sparse.concat(
            0, [floats(tf), tf.SparseTensor([[0, 4]], [1.0], [1, 5])]
        ),
        "concat_expand": lambda tf, np: tf.sparse.concat(
            0, [floats(tf), tf.SparseTensor([[0, 4]], [1.0], [1, 5])], expand_nonconcat_dims=True
        ),
        "concat_words": lambda tf, np: tf.sparse.concat(1, [words(tf), words(tf)]),
        "concat_single": lambda tf, np: tf.sparse.concat(0, [floats(tf)]),
        "concat_ranks": lambda tf, np: tf.sparse.concat(0, [floats(tf), cube(tf)]),
        "retain": lambda tf, np: tf.sparse.retain(ints(tf), [True, False, False, True]),
        "retain_count": lambda tf, np: tf.sparse.retain(ints(tf), [True]),
        "reset": lambda tf, np: tf.sparse.reset_shape(ints(tf)),
        "reset_smallest": lambda tf, np: tf.sparse.reset_shape(
            tf.SparseTensor([[0, 1], [1, 0]], [1, 2], [9, 9])
        ),
        "reset_given": lambda tf, np: tf.sparse.reset_shape(ints(tf), [5, 6]),
        "reset_too_small": lambda tf, np: tf.sparse.reset_shape(ints(tf), [2, 2]),
        "reset_rank": lambda tf, np: tf.sparse.reset_shape(ints(tf), [5, 5, 5]),
        "fill": lambda tf, np: list(tf.sparse.fill_empty_rows(ints(tf), 7)),
        "fill_words": lambda tf, np: list(tf.sparse.fill_empty_rows(words(tf), "z")),
        "fill_full": lambda tf, np: list(tf.sparse.fill_empty_rows(floats(tf), 0.0)),
        "mask": lambda tf, np: tf.sparse.mask(
            tf.IndexedSlices(tf.constant([[1.0], [2.0], [3.0]]), tf.constant([12, 26, 37])), [12, 37]
        ).values,
    },
)
table(
    "math",
    {
        "add": lambda tf, np: tf.sparse.add(floats(tf), others(tf)),
        "add_threshold": lambda tf, np: tf.sparse.add(floats(tf), others(tf), threshold=0.1),
        "add_threshold_high": lambda tf, np: tf.sparse.add(floats(tf), others(tf), threshold=2.0),
        "add_dense": lambda tf, np: tf.sparse.add(floats(tf), tf.ones([3, 3])),
        "add_to_dense": lambda tf, np: tf.sparse.add(tf.ones([3, 3]), floats(tf)),
        "add_shapes": lambda tf, np: tf.sparse.add(floats(tf), tf.sparse.eye(4)),
        "add_dtypes": lambda tf, np: tf.sparse.add(floats(tf), ints(tf)),
        "add_two_dense": lambda tf, np: tf.sparse.add(tf.ones([2]), tf.ones([2])),
        "maximum": lambda tf, np: tf.sparse.maximum(floats(tf), others(tf)),
        "minimum": lambda tf, np: tf.sparse.minimum(floats(tf), others(tf)),
        "maximum_shapes": lambda tf, np: tf.sparse.maximum(floats(tf), tf.sparse.eye(4)),
        "softmax": lambda tf, np: tf.sparse.softmax(floats(tf)),
        "softmax_cube": lambda tf, np: tf.sparse.softmax(cube(tf)),
        "map_values": lambda tf, np: tf.sparse.map_values(tf.abs, ints(tf)),
        "map_values_two": lambda tf, np: tf.sparse.map_values(tf.add, ints(tf), ints(tf)),
        "map_values_number": lambda tf, np: tf.sparse.map_values(tf.multiply, ints(tf), 3),
        "map_values_none": lambda tf, np: tf.sparse.map_values(tf.abs, tf.constant([1])),
        "map_values_differ": lambda tf, np: tf.sparse.map_values(tf.add, floats(tf), others(tf)),
        "times_dense": lambda tf, np: floats(tf) * tf.constant([[2.0], [3.0], [4.0]]),
        "times_row": lambda tf, np: floats(tf) * tf.constant([2.0, 3.0, 4.0]),
        "times_number": lambda tf, np: floats(tf) * 2,
        "divided": lambda tf, np: floats(tf) / 2.0,
        "divided_ints": lambda tf, np: ints(tf) / 2,
        "tensor_times": lambda tf, np: tf.constant(2.0) * floats(tf),
        "plus": lambda tf, np: floats(tf) + floats(tf),
        "negated": lambda tf, np: -floats(tf),
        "tf_add": lambda tf, np: tf.add(floats(tf), floats(tf)),
        "cast": lambda tf, np: tf.cast(floats(tf), tf.int32),
        "abs": lambda tf, np: tf.abs(ints(tf)),
        "square": lambda tf, np: tf.square(ints(tf)),
        "sign": lambda tf, np: tf.sign(ints(tf)),
        "negative": lambda tf, np: tf.negative(ints(tf)),
        "sqrt": lambda tf, np: tf.sqrt(tf.abs(floats(tf))),
        "tanh": lambda tf, np: tf.tanh(floats(tf)),
        "sin": lambda tf, np: tf.sin(floats(tf)),
        "exp": lambda tf, np: tf.exp(floats(tf)),
        "identity": lambda tf, np: tf.identity(floats(tf)),
        "shape": lambda tf, np: tf.shape(ints(tf)),
        "size": lambda tf, np: tf.size(ints(tf)),
        "rank": lambda tf, np: tf.rank(ints(tf)),
        "reduce_sum_tf": lambda tf, np: tf.reduce_sum(ints(tf)),
        "transpose_tf": lambda tf, np: tf.transpose(ints(tf)),
        **{
            f"reduce_{kind}_{name}": lambda tf, np, kind=kind, axis=axis, keep=keep: getattr(
                tf.sparse, f"reduce_{kind}"
            )(ints(tf), axis=axis, keepdims=keep)
            for kind in ("sum", "max")
            for name, axis, keep in [
                ("all", None, None),
                ("rows", 1, None),
                ("columns", 0, False),
                ("last", -1, True),
                ("both", [0, 1], None),
                ("kept", None, True),
            ]
        },
        "reduce_sum_cube": lambda tf, np: tf.sparse.reduce_sum(cube(tf), [0, 2]),
        "reduce_max_cube": lambda tf, np: tf.sparse.reduce_max(cube(tf), 1),
        "reduce_sum_sparse": lambda tf, np: tf.sparse.reduce_sum(
            ints(tf), axis=1, output_is_sparse=True
        ),
        "reduce_max_sparse": lambda tf, np: tf.sparse.reduce_max(
            ints(tf), axis=0, output_is_sparse=True
        ),
        "reduce_sum_sparse_kept": lambda tf, np: tf.sparse.reduce_sum(
            ints(tf), axis=1, keepdims=True, output_is_sparse=True
        ),
        "reduce_beyond": lambda tf, np: tf.sparse.reduce_sum(ints(tf), axis=2),
    },
)
table(
    "product",
    {
        "plain": lambda tf, np: tf.sparse.sparse_dense_matmul(
            floats(tf), tf.reshape(tf.range(6.0), (3, 2))
        ),
        "adjoint_a": lambda tf, np: tf.sparse.sparse_dense_matmul(
            floats(tf), tf.reshape(tf.range(6.0), (3, 2)), adjoint_a=True
        ),
        "adjoint_b": lambda tf, np: tf.sparse.sparse_dense_matmul(
            floats(tf), tf.reshape(tf.range(6.0), (2, 3)), adjoint_b=True
        ),
        "both": lambda tf, np: tf.sparse.sparse_dense_matmul(
            floats(tf), tf.reshape(tf.range(6.0), (2, 3)), adjoint_a=True, adjoint_b=True
        ),
        "dense_sparse": lambda tf, np: tf.sparse.sparse_dense_matmul(
            tf.reshape(tf.range(6.0), (2, 3)), floats(tf)
        ),
        "dense_sparse_adjoint": lambda tf, np: tf.sparse.sparse_dense_matmul(
            tf.reshape(tf.range(6.0), (3, 2)), floats(tf), adjoint_a=True, adjoint_b=True
        ),
        "complex": lambda tf, np: tf.sparse.sparse_dense_matmul(
            tf.SparseTensor([[0, 1]], tf.constant([1 + 2j]), [2, 2]),
            tf.constant([[1 + 1j], [2j]]),
            adjoint_a=True,
        ),
        "sizes": lambda tf, np: tf.sparse.sparse_dense_matmul(floats(tf), tf.ones([2, 2])),
        "dtypes": lambda tf, np: tf.sparse.sparse_dense_matmul(
            floats(tf), tf.ones([3, 2], tf.float64)
        ),
        "at": lambda tf, np: floats(tf) @ tf.ones([3, 2]),
        "matmul": lambda tf, np: tf.matmul(floats(tf), tf.ones([3, 2])),
        "sampled": lambda tf, np: list(
            tf.sparse.sampled_addmm(
                tf.constant([[0, 0], [1, 0]]),
                tf.constant([1.0, 2.0]),
                tf.constant([2, 2]),
                tf.constant([[3.0, 4.0], [5.0, 6.0]]),
                tf.constant([[7.0, 8.0], [9.0, 1.0]]),
                beta=2.0,
                alpha=0.5,
            )
        ),
        "sampled_batch": lambda tf, np: list(
            tf.sparse.sampled_addmm(
                tf.constant([[[0, 0], [1, 0]], [[1, 1], [0, 1]]]),
                tf.constant([[1.0, 2.0], [3.0, 4.0]]),
                tf.constant([2, 2]),
                tf.reshape(tf.range(8.0), (2, 2, 2)),
                tf.reshape(tf.range(8.0), (2, 2, 2)),
            )
        ),
    },
)
table(
    "count",
    {
        "bincount": lambda tf, np: tf.sparse.bincount(tf.constant([1, 1, 3])),
        "bincount_rows": lambda tf, np: tf.sparse.bincount(
            tf.constant([[1, 1, 3], [0, 2, 2]]), axis=-1
        ),
        "bincount_sparse": lambda tf, np: tf.sparse.bincount(
            tf.SparseTensor([[0, 0], [0, 1], [2, 0]], [1, 1, 4], [3, 2]), axis=-1
        ),
        "bincount_ragged": lambda tf, np: tf.sparse.bincount(
            tf.ragged.constant([[1, 1], [], [4]]), axis=-1
        ),
        "bincount_weights": lambda tf, np: tf.sparse.bincount(
            tf.constant([[1, 1, 3], [0, 2, 2]]), weights=tf.constant([[0.5, 1.0, 2.0], [1.0, 1.0, 3.0]]), axis=-1
        ),
        "bincount_binary": lambda tf, np: tf.sparse.bincount(
            tf.constant([[1, 1, 3], [0, 2, 2]]), axis=-1, binary_output=True
        ),
        "bincount_limits": lambda tf, np: tf.sparse.bincount(
            tf.constant([[1, 1, 3], [0, 2, 2]]), axis=-1, minlength=7
        ),
        "bincount_maxlength": lambda tf, np: tf.sparse.bincount(
            tf.constant([[1, 1, 3], [0, 2, 2]]), axis=-1, maxlength=3
        ),
        "bincount_negative": lambda tf, np: tf.sparse.bincount(tf.constant([-1])),
        "cross": lambda tf, np: tf.sparse.cross([words(tf), words(tf)]),
        "cross_separator": lambda tf, np: tf.sparse.cross([words(tf), words(tf)], separator="-"),
        "cross_dense": lambda tf, np: tf.sparse.cross([words(tf), tf.constant([["x"], ["y"], ["z"]])]),
        "cross_ints": lambda tf, np: tf.sparse.cross(
            [words(tf), tf.SparseTensor([[0, 0], [2, 1]], tf.constant([5, 6], tf.int64), [3, 2])]
        ),
        "cross_hashed": lambda tf, np: tf.sparse.cross_hashed([words(tf), words(tf)], 100),
        "cross_hashed_key": lambda tf, np: tf.sparse.cross_hashed(
            [words(tf), words(tf)], 1000, hash_key=99
        ),
        "segment_sum": lambda tf, np: tf.sparse.segment_sum(
            tf.constant([[1.0], [2.0], [3.0]]), [0, 2], [0, 0]
        ),
    },
)


def _slope(tf: Any, function: Callable[[Any], Any], x: Any) -> Any:
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x)


def _made(tf: Any, values: Any) -> Any:
    return tf.SparseTensor([[0, 0], [0, 2], [1, 1], [2, 2]], values, [3, 3])


VALUES = [1.5, -2.0, 0.5, 4.0]
table(
    "gradient",
    {
        "to_dense": lambda tf, np: _slope(
            tf, lambda v: tf.sparse.to_dense(_made(tf, v)) ** 2, tf.constant(VALUES)
        ),
        "product_values": lambda tf, np: _slope(
            tf,
            lambda v: tf.sparse.sparse_dense_matmul(_made(tf, v), tf.reshape(tf.range(6.0), (3, 2))) ** 2,
            tf.constant(VALUES),
        ),
        "product_dense": lambda tf, np: _slope(
            tf,
            lambda d: tf.sparse.sparse_dense_matmul(floats(tf), d, adjoint_a=True) ** 2,
            tf.reshape(tf.range(6.0), (3, 2)),
        ),
        "reduce_sum": lambda tf, np: _slope(
            tf, lambda v: tf.sparse.reduce_sum(_made(tf, v), 1) ** 2, tf.constant(VALUES)
        ),
        "softmax": lambda tf, np: _slope(
            tf, lambda v: tf.sparse.softmax(_made(tf, v)).values ** 2, tf.constant(VALUES)
        ),
        "add": lambda tf, np: _slope(
            tf, lambda v: tf.sparse.to_dense(tf.sparse.add(_made(tf, v), others(tf))) ** 2, tf.constant(VALUES)
        ),
        "reshape": lambda tf, np: _slope(
            tf, lambda v: tf.sparse.to_dense(tf.sparse.reshape(_made(tf, v), [9])) ** 2, tf.constant(VALUES)
        ),
        "times": lambda tf, np: _slope(
            tf, lambda v: (_made(tf, v) * tf.constant([[2.0], [3.0], [4.0]])).values ** 2, tf.constant(VALUES)
        ),
        "fill": lambda tf, np: _slope(
            tf,
            lambda v: tf.sparse.fill_empty_rows(tf.SparseTensor([[0, 0], [2, 1]], v, [3, 3]), 5.0)[0].values ** 2,
            tf.constant([1.0, 2.0]),
        ),
    },
)


def _compiled(tf: Any, function: Callable[..., Any], *args: Any) -> Any:
    return tf.function(function)(*args)


table(
    "function",
    {
        "identity": lambda tf, np: _compiled(tf, lambda x: x, ints(tf)),
        "to_dense": lambda tf, np: _compiled(tf, tf.sparse.to_dense, ints(tf)),
        "product": lambda tf, np: _compiled(
            tf, lambda x: tf.sparse.sparse_dense_matmul(x, tf.reshape(tf.range(6.0), (3, 2))), floats(tf)
        ),
        "reduce_sum": lambda tf, np: _compiled(tf, lambda x: tf.sparse.reduce_sum(x, 1), floats(tf)),
        "reduce_max": lambda tf, np: _compiled(tf, lambda x: tf.sparse.reduce_max(x, 0), floats(tf)),
        "softmax": lambda tf, np: _compiled(tf, tf.sparse.softmax, floats(tf)),
        "reorder": lambda tf, np: _compiled(tf, tf.sparse.reorder, shuffled(tf)),
        "transpose": lambda tf, np: _compiled(tf, tf.sparse.transpose, ints(tf)),
        "reshape": lambda tf, np: _compiled(tf, lambda x: tf.sparse.reshape(x, [2, 8]), ints(tf)),
        "expand": lambda tf, np: _compiled(tf, lambda x: tf.sparse.expand_dims(x, 0), ints(tf)),
        "concat": lambda tf, np: _compiled(tf, lambda x: tf.sparse.concat(1, [x, x]), ints(tf)),
        "add": lambda tf, np: _compiled(tf, lambda x: tf.sparse.add(x, x), ints(tf)),
        "add_dense": lambda tf, np: _compiled(tf, lambda x: tf.sparse.add(x, tf.ones([3, 3])), floats(tf)),
        "slice": lambda tf, np: _compiled(tf, lambda x: tf.sparse.slice(x, [0, 1], [3, 2]), ints(tf)),
        "times": lambda tf, np: _compiled(tf, lambda x: x * 2.0, floats(tf)),
        "from_dense": lambda tf, np: _compiled(tf, tf.sparse.from_dense, tf.constant([[0, 1], [2, 0]])),
        "signature": lambda tf, np: tf.function(
            lambda x: tf.sparse.to_dense(x), input_signature=[tf.SparseTensorSpec([None, 4], tf.int32)]
        )(ints(tf)),
    },
)


def _table(tf: Any) -> Any:
    return tf.reshape(tf.range(12.0), (6, 2))


def _ids(tf: Any, rows: int = 3) -> Any:
    ids = tf.constant([1, 3, 5], tf.int64)
    return tf.SparseTensor([[0, 0], [0, 1], [2, 0]], ids, [rows, 3])


def _weights(tf: Any) -> Any:
    return tf.SparseTensor([[0, 0], [0, 1], [2, 0]], [1.0, 2.0, 0.5], [3, 3])


table(
    "lookup",
    {
        **{
            f"{combiner}_{weighted}": lambda tf, np, c=combiner, w=weighted: [
                tf.nn.embedding_lookup_sparse(
                    _table(tf), _ids(tf), _weights(tf) if w else None, combiner=c
                ),
                tf.nn.safe_embedding_lookup_sparse(
                    _table(tf), _ids(tf), _weights(tf) if w else None, combiner=c or "mean"
                ),
            ]
            for combiner in (None, "sum", "mean", "sqrtn")
            for weighted in (0, 1)
        },
        "combiner": lambda tf, np: tf.nn.embedding_lookup_sparse(
            _table(tf), _ids(tf), None, combiner="max"
        ),
        "empty_at_the_end": lambda tf, np: tf.nn.embedding_lookup_sparse(
            _table(tf), _ids(tf, 5), None
        ),
        "ragged": lambda tf, np: tf.nn.embedding_lookup_sparse(
            _table(tf),
            tf.ragged.constant([[1, 3], [], [5]], tf.int64),
            tf.ragged.constant([[1.0, 2.0], [], [0.5]]),
            combiner="sum",
        ),
        "safe_ragged": lambda tf, np: tf.nn.safe_embedding_lookup_sparse(
            _table(tf), tf.ragged.constant([[1, 3], [], [5], []], tf.int64), default_id=2
        ),
        "max_norm": lambda tf, np: tf.nn.embedding_lookup_sparse(
            _table(tf), _ids(tf), None, combiner="sum", max_norm=1.0
        ),
        "default": lambda tf, np: tf.nn.safe_embedding_lookup_sparse(
            _table(tf), _ids(tf, 4), default_id=2
        ),
        "negative_ids": lambda tf, np: tf.nn.safe_embedding_lookup_sparse(
            _table(tf),
            tf.SparseTensor([[0, 0], [0, 1], [1, 0]], tf.constant([1, -3, -1], tf.int64), [2, 3]),
        ),
        "negative_weights": lambda tf, np: tf.nn.safe_embedding_lookup_sparse(
            _table(tf), _ids(tf), _weights(tf).with_values([1.0, -2.0, 0.0])
        ),
        "cube": lambda tf, np: tf.nn.safe_embedding_lookup_sparse(
            _table(tf),
            tf.SparseTensor([[0, 0, 0], [0, 1, 1], [1, 1, 0]], tf.constant([1, 3, 5], tf.int64), [2, 2, 2]),
        ),
        "beyond": lambda tf, np: tf.nn.embedding_lookup_sparse(
            _table(tf), tf.SparseTensor([[0, 0]], tf.constant([9], tf.int64), [1, 1]), None
        ),
        "dense_ids": lambda tf, np: tf.nn.embedding_lookup_sparse(
            _table(tf), tf.constant([[1]]), None
        ),
        "gradient": lambda tf, np: _slope(
            tf,
            lambda t: tf.nn.embedding_lookup_sparse(t, _ids(tf), _weights(tf), combiner="sqrtn") ** 2,
            _table(tf),
        ),
        "compiled": lambda tf, np: _compiled(
            tf, lambda ids: tf.nn.safe_embedding_lookup_sparse(_table(tf), ids, default_id=0), _ids(tf, 4)
        ),
    },
)


def _set_a(tf: Any) -> Any:
    return tf.constant([[1, 2, 2, 3], [4, 4, 5, 9]])


def _set_b(tf: Any) -> Any:
    return tf.constant([[2, 3, 7], [4, 6, 9]])


table(
    "sets",
    {
        **{
            f"{name}_{kinds}": lambda tf, np, name=name, kinds=kinds: getattr(tf.sets, name)(
                tf.sparse.from_dense(_set_a(tf)) if kinds[0] == "s" else _set_a(tf),
                tf.sparse.from_dense(_set_b(tf)) if kinds[1] == "s" else _set_b(tf),
            )
            for name in ("intersection", "difference", "union")
            for kinds in ("dd", "ds", "sd", "ss")
        },
        "reversed": lambda tf, np: tf.sets.difference(_set_a(tf), _set_b(tf), aminusb=False),
        "size": lambda tf, np: tf.sets.size(tf.sparse.from_dense(_set_a(tf))),
        "size_cube": lambda tf, np: tf.sets.size(tf.sparse.from_dense([[[1, 1], [2, 3]]])),
        "size_dense": lambda tf, np: tf.sets.size(_set_a(tf)),
        "words": lambda tf, np: tf.sets.union([["b", "a"]], [["c", "a"]]),
        "cube": lambda tf, np: tf.sets.union([[[1], [2]]], [[[2, 3], [2, 2]]]),
        "nothing": lambda tf, np: tf.sets.intersection([[1]], [[2]]),
        "floats": lambda tf, np: tf.sets.union([[1.0]], [[2.0]]),
        "vectors": lambda tf, np: tf.sets.union([1], [2]),
        "rows": lambda tf, np: tf.sets.union([[1]], [[2], [3]]),
        "dtypes": lambda tf, np: tf.sets.union(tf.constant([[1]]), tf.constant([[2]], tf.int64)),
        "out_of_order": lambda tf, np: tf.sets.size(tf.SparseTensor([[1, 0], [0, 0]], [1, 2], [2, 2])),
    },
)
