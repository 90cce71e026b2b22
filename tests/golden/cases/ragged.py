"""Ragged tensors: construction, forms, indexing, operators, and what functions make of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..support import Cases, Raised, attempt

cases = Cases()

Table = dict[str, Callable[[Any, Any], Any]]


def shown(value: Any) -> Any:
    """A ragged tensor as what it is made of; anything else as it is."""
    if isinstance(value, Raised):
        return value
    if type(value).__name__ == "RaggedTensor":
        return {
            "rows": value.to_list(),
            "dtype": value.dtype.name,
            "rank": len(value.shape),
            "ragged_rank": value.ragged_rank,
            "splits": value.row_splits.dtype.name,
        }
    if type(value).__name__ == "SparseTensor":
        return {
            "indices": value.indices,
            "values": value.values,
            "dense_shape": value.dense_shape,
        }
    if isinstance(value, (list, tuple)):
        return [shown(v) for v in value]
    if type(value).__name__ in ("TensorShape", "DynamicRaggedShape", "DType"):
        return str(value)
    return value


def table(prefix: str, rows: Table) -> None:
    """A case for each row; what it raises is recorded too."""
    for name, body in rows.items():
        cases.add(
            f"{prefix}_{name}", lambda tf, np, body=body: shown(attempt(lambda: body(tf, np)))
        )


def ints(tf: Any) -> Any:
    """Rows of ints, one of them empty."""
    return tf.ragged.constant([[3, 1, 4], [], [1, 5], [9]])


def floats(tf: Any) -> Any:
    """Rows of floats."""
    return tf.ragged.constant([[0.5, -1.0], [2.0], [], [3.0, 0.25, -4.0]])


def deep(tf: Any) -> Any:
    """Two ragged dimensions."""
    return tf.ragged.constant([[[1, 2], [3]], [], [[4, 5, 6], [], [7]]])


def wide(tf: Any) -> Any:
    """A ragged dimension around a dense one."""
    return tf.RaggedTensor.from_row_lengths([[1, 2], [3, 4], [5, 6]], [2, 0, 1])


def uniform(tf: Any) -> Any:
    """A uniform dimension around a ragged one."""
    return tf.RaggedTensor.from_uniform_row_length(tf.ragged.constant([[1], [2, 3], [4], []]), 2)


def words(tf: Any) -> Any:
    """Rows of strings."""
    return tf.ragged.constant([["Ab", "c"], [], ["déf", "", "x y"]])


def bools(tf: Any) -> Any:
    """Rows of bools."""
    return tf.ragged.constant([[True, False, True], [], [True, True], [False]])


KINDS: dict[str, Callable[[Any], Any]] = {
    "ints": ints,
    "floats": floats,
    "deep": deep,
    "wide": wide,
    "uniform": uniform,
}

table(
    "make",
    {
        "splits": lambda tf, np: tf.RaggedTensor.from_row_splits([3, 1, 4, 1], [0, 2, 2, 4]),
        "lengths": lambda tf, np: tf.RaggedTensor.from_row_lengths([3, 1, 4, 1], [2, 0, 2]),
        "rowids": lambda tf, np: tf.RaggedTensor.from_value_rowids([3, 1, 4, 1], [0, 0, 2, 2]),
        "rowids_nrows": lambda tf, np: tf.RaggedTensor.from_value_rowids([3, 1], [0, 2], nrows=5),
        "starts": lambda tf, np: tf.RaggedTensor.from_row_starts([3, 1, 4, 1], [0, 2, 2]),
        "limits": lambda tf, np: tf.RaggedTensor.from_row_limits([3, 1, 4, 1], [2, 2, 4]),
        "uniform": lambda tf, np: tf.RaggedTensor.from_uniform_row_length([3, 1, 4, 1], 2),
        "uniform_zero": lambda tf, np: tf.RaggedTensor.from_uniform_row_length([], 0, nrows=3),
        "int32_splits": lambda tf, np: tf.RaggedTensor.from_row_splits(
            [3, 1], np.array([0, 2], np.int32)
        ),
        "nested_splits": lambda tf, np: tf.RaggedTensor.from_nested_row_splits(
            [3, 1, 4], [[0, 1, 2], [0, 2, 3]]
        ),
        "nested_lengths": lambda tf, np: tf.RaggedTensor.from_nested_row_lengths(
            [3, 1, 4], [[2, 0], [1, 2]]
        ),
        "nested_rowids": lambda tf, np: tf.RaggedTensor.from_nested_value_rowids(
            [3, 1, 4], [[0, 0], [0, 1, 1]], [3, 2]
        ),
        "no_rows": lambda tf, np: tf.RaggedTensor.from_row_splits(np.zeros(0, np.float32), [0]),
        "of_ragged": lambda tf, np: tf.RaggedTensor.from_row_splits(ints(tf), [0, 1, 4]),
        "splits_begin": lambda tf, np: tf.RaggedTensor.from_row_splits([3, 1], [1, 2]),
        "splits_end": lambda tf, np: tf.RaggedTensor.from_row_splits([3, 1], [0, 5]),
        "splits_decrease": lambda tf, np: tf.RaggedTensor.from_row_splits([3, 1], [0, 2, 1, 2]),
        "splits_empty": lambda tf, np: tf.RaggedTensor.from_row_splits([3, 1], []),
        "splits_float": lambda tf, np: tf.RaggedTensor.from_row_splits([3, 1], [0.0, 2.0]),
        "splits_rank": lambda tf, np: tf.RaggedTensor.from_row_splits([3, 1], [[0, 2]]),
        "lengths_sum": lambda tf, np: tf.RaggedTensor.from_row_lengths([3, 1], [1]),
        "lengths_negative": lambda tf, np: tf.RaggedTensor.from_row_lengths([3, 1], [-1, 3]),
        "rowids_count": lambda tf, np: tf.RaggedTensor.from_value_rowids([3, 1], [0]),
        "rowids_decrease": lambda tf, np: tf.RaggedTensor.from_value_rowids([3, 1], [1, 0]),
        "rowids_beyond": lambda tf, np: tf.RaggedTensor.from_value_rowids([3, 1], [0, 7], nrows=2),
        "nrows_negative": lambda tf, np: tf.RaggedTensor.from_value_rowids([3], [0], nrows=-1),
        "uniform_uneven": lambda tf, np: tf.RaggedTensor.from_uniform_row_length([3, 1, 4], 2),
        "mixed_splits": lambda tf, np: tf.RaggedTensor.from_row_splits(
            tf.ragged.constant([[1]], row_splits_dtype=tf.int32), tf.constant([0, 1], tf.int64)
        ),
        "constructor": lambda tf, np: tf.RaggedTensor([1], None),
        "nested_nrows": lambda tf, np: tf.RaggedTensor.from_nested_value_rowids(
            [3], [[0], [0]], [3]
        ),
    },
)

table(
    "constant",
    {
        "ints": lambda tf, np: ints(tf),
        "floats": lambda tf, np: floats(tf),
        "words": lambda tf, np: words(tf),
        "bools": lambda tf, np: bools(tf),
        "deep": lambda tf, np: deep(tf),
        "empty": lambda tf, np: tf.ragged.constant([]),
        "empty_rows": lambda tf, np: tf.ragged.constant([[], []]),
        "empty_deep": lambda tf, np: tf.ragged.constant([[[]], []]),
        "vector": lambda tf, np: tf.ragged.constant([1, 2]),
        "scalar": lambda tf, np: tf.ragged.constant(3),
        "dtype": lambda tf, np: tf.ragged.constant([[1], [2, 3]], dtype=tf.float64),
        "rank_1": lambda tf, np: tf.ragged.constant([[[1, 2], [3, 4]], []], ragged_rank=1),
        "rank_0": lambda tf, np: tf.ragged.constant([[1, 2], [3, 4]], ragged_rank=0),
        "rank_too_high": lambda tf, np: tf.ragged.constant([[1, 2]], ragged_rank=2),
        "inner_shape": lambda tf, np: tf.ragged.constant([[[1, 2], [3, 4]], []], inner_shape=(2,)),
        "inner_shape_wrong": lambda tf, np: tf.ragged.constant([[[1, 2], [3]]], inner_shape=(2,)),
        "inner_ragged": lambda tf, np: tf.ragged.constant([[[1, 2], [3]]], ragged_rank=1),
        "int32_splits": lambda tf, np: tf.ragged.constant([[1], []], row_splits_dtype=tf.int32),
        "arrays": lambda tf, np: tf.ragged.constant([np.array([1.5, 2.0]), [3.0]]),
        "tuples": lambda tf, np: tf.ragged.constant(([1], (2, 3))),
        "mixed_depth": lambda tf, np: tf.ragged.constant([[1], [[2]]]),
        "mixed_types": lambda tf, np: tf.ragged.constant([[1, "a"]]),
        "empty_too_deep": lambda tf, np: tf.ragged.constant([[1], [[]]]),
    },
)

CUBE = [[[5, 0, 0], [6, 0, 0]], [[7, 8, 0], [0, 0, 0]]]

table(
    "from_tensor",
    {
        "plain": lambda tf, np: tf.RaggedTensor.from_tensor([[1, 2], [3, 4]]),
        "plain_deep": lambda tf, np: tf.RaggedTensor.from_tensor(CUBE, ragged_rank=2),
        "lengths": lambda tf, np: tf.RaggedTensor.from_tensor([[1, 2], [3, 4]], lengths=[1, 2]),
        "lengths_clipped": lambda tf, np: tf.RaggedTensor.from_tensor(
            [[1, 2], [3, 4]], lengths=[-1, 7]
        ),
        "lengths_nested": lambda tf, np: tf.RaggedTensor.from_tensor(
            [[[5, 0], [7, 0], [0, 0]], [[0, 0], [3, 0], [0, 0]], [[6, 0], [0, 0], [0, 0]]],
            lengths=([2, 0, 3], [1, 1, 2, 0, 1]),
        ),
        "lengths_count": lambda tf, np: tf.RaggedTensor.from_tensor([[1, 2], [3, 4]], lengths=[1]),
        "padding": lambda tf, np: tf.RaggedTensor.from_tensor([[1, 2, 0], [0, 3, 0]], padding=0),
        "padding_all": lambda tf, np: tf.RaggedTensor.from_tensor([[0, 0], [0, 0]], padding=0),
        "padding_deep": lambda tf, np: tf.RaggedTensor.from_tensor(CUBE, padding=0, ragged_rank=2),
        "padding_vector": lambda tf, np: tf.RaggedTensor.from_tensor(CUBE, padding=[0, 0, 0]),
        "padding_words": lambda tf, np: tf.RaggedTensor.from_tensor(
            [["a", ""], ["b", "c"]], padding=""
        ),
        "padding_shape": lambda tf, np: tf.RaggedTensor.from_tensor(CUBE, padding=0),
        "both": lambda tf, np: tf.RaggedTensor.from_tensor([[1, 0]], lengths=[1], padding=0),
        "rank_0": lambda tf, np: tf.RaggedTensor.from_tensor([[1, 2]], ragged_rank=0),
        "rank_2": lambda tf, np: tf.RaggedTensor.from_tensor([[1, 2]], ragged_rank=2),
        "scalar": lambda tf, np: tf.RaggedTensor.from_tensor(3),
        "int32": lambda tf, np: tf.RaggedTensor.from_tensor([[1, 2]], row_splits_dtype=tf.int32),
    },
)

for _name, _make in KINDS.items():
    table(
        f"form_{_name}",
        {
            "rows": lambda tf, np, make=_make: make(tf),
            "text": lambda tf, np, make=_make: repr(make(tf)),
            "shape": lambda tf, np, make=_make: str(make(tf).shape),
            "spec": lambda tf, np, make=_make: str(tf.type_spec_from_value(make(tf))),
            "nrows": lambda tf, np, make=_make: make(tf).nrows(),
            "nrows_int32": lambda tf, np, make=_make: make(tf).nrows(tf.int32),
            "row_lengths": lambda tf, np, make=_make: make(tf).row_lengths(),
            "row_lengths_0": lambda tf, np, make=_make: make(tf).row_lengths(0),
            "row_lengths_2": lambda tf, np, make=_make: make(tf).row_lengths(2),
            "row_lengths_last": lambda tf, np, make=_make: make(tf).row_lengths(-1),
            "row_starts": lambda tf, np, make=_make: make(tf).row_starts(),
            "row_limits": lambda tf, np, make=_make: make(tf).row_limits(),
            "value_rowids": lambda tf, np, make=_make: make(tf).value_rowids(),
            "nested_row_splits": lambda tf, np, make=_make: make(tf).nested_row_splits,
            "nested_row_lengths": lambda tf, np, make=_make: make(tf).nested_row_lengths(),
            "nested_value_rowids": lambda tf, np, make=_make: make(tf).nested_value_rowids(),
            "uniform_row_length": lambda tf, np, make=_make: make(tf).uniform_row_length,
            "bounding_shape": lambda tf, np, make=_make: make(tf).bounding_shape(),
            "bounding_shape_1": lambda tf, np, make=_make: make(tf).bounding_shape(1),
            "bounding_shape_pair": lambda tf, np, make=_make: make(tf).bounding_shape([0, 1]),
            "flat_values": lambda tf, np, make=_make: make(tf).flat_values,
            "to_tensor": lambda tf, np, make=_make: make(tf).to_tensor(),
            "to_tensor_value": lambda tf, np, make=_make: make(tf).to_tensor(9),
            "to_tensor_narrow": lambda tf, np, make=_make: make(tf).to_tensor(
                shape=[2, 1, *[None] * (len(make(tf).shape) - 2)]
            ),
            "to_tensor_large": lambda tf, np, make=_make: make(tf).to_tensor(
                7, shape=[6, 4, *[None] * (len(make(tf).shape) - 2)]
            ),
            "to_tensor_rank": lambda tf, np, make=_make: make(tf).to_tensor(shape=[2]),
            "to_sparse": lambda tf, np, make=_make: make(tf).to_sparse(),
            "merge_01": lambda tf, np, make=_make: make(tf).merge_dims(0, 1),
            "merge_12": lambda tf, np, make=_make: make(tf).merge_dims(1, 2),
            "merge_02": lambda tf, np, make=_make: make(tf).merge_dims(0, -1),
            "merge_order": lambda tf, np, make=_make: make(tf).merge_dims(1, 0),
            "with_values": lambda tf, np, make=_make: make(tf).with_values(
                tf.range(make(tf).values.shape[0])
            ),
            "with_flat_values": lambda tf, np, make=_make: make(tf).with_flat_values(
                tf.cast(make(tf).flat_values, tf.float64)
            ),
            "with_values_count": lambda tf, np, make=_make: make(tf).with_values([1]),
            "with_int32": lambda tf, np, make=_make: make(tf).with_row_splits_dtype(tf.int32),
            "with_int16": lambda tf, np, make=_make: make(tf).with_row_splits_dtype(tf.int16),
            "iteration": lambda tf, np, make=_make: list(make(tf)),
            "flattened": lambda tf, np, make=_make: tf.nest.flatten(
                make(tf), expand_composites=True
            ),
        },
    )

table(
    "text",
    {
        "words": lambda tf, np: repr(words(tf)),
        "bools": lambda tf, np: str(bools(tf)),
        "doubles": lambda tf, np: repr(tf.ragged.constant([[1.0, 100.5], [1e-5, 2e10]])),
        "long_row": lambda tf, np: repr(tf.ragged.constant([list(range(2000)), [1]])),
        "many_rows": lambda tf, np: repr(tf.ragged.constant([[i] for i in range(2000)])),
        "several_rows": lambda tf, np: repr(tf.ragged.constant([[i] * i for i in range(30)])),
        "inner": lambda tf, np: repr(tf.RaggedTensor.from_row_splits(tf.ones([3, 2, 2]), [0, 1, 3])),
        "empty": lambda tf, np: repr(tf.ragged.constant([[], []])),
        "no_rows": lambda tf, np: repr(tf.RaggedTensor.from_row_splits([1][:0], [0])),
    },
)

SLICES: dict[str, Callable[[Any, Any], Any]] = {
    "first": lambda tf, x: x[0],
    "last": lambda tf, x: x[-1],
    "beyond": lambda tf, x: x[7],
    "below": lambda tf, x: x[-7],
    "tensor": lambda tf, x: x[tf.constant(2)],
    "rows": lambda tf, x: x[1:3],
    "rows_step": lambda tf, x: x[::2],
    "rows_back": lambda tf, x: x[::-1],
    "rows_none": lambda tf, x: x[2:1],
    "head": lambda tf, x: x[:, :1],
    "tail": lambda tf, x: x[:, -2:],
    "middle": lambda tf, x: x[:, 1:-1],
    "columns_step": lambda tf, x: x[:, ::2],
    "columns_back": lambda tf, x: x[:, ::-1],
    "columns_back_bounds": lambda tf, x: x[:, 2:0:-1],
    "column": lambda tf, x: x[:, 0],
    "row_and_column": lambda tf, x: x[0, 0],
    "row_and_columns": lambda tf, x: x[0, :1],
    "inner_head": lambda tf, x: x[:, :, :1],
    "inner_last": lambda tf, x: x[..., -1],
    "dots": lambda tf, x: x[...],
    "dots_head": lambda tf, x: x[..., :1],
    "two_dots": lambda tf, x: x[..., ...],
    "newaxis": lambda tf, x: x[tf.newaxis],
    "newaxis_1": lambda tf, x: x[:, tf.newaxis],
    "newaxis_2": lambda tf, x: x[:, :, tf.newaxis],
    "newaxis_last": lambda tf, x: x[..., tf.newaxis],
    "newaxis_row": lambda tf, x: x[tf.newaxis, 0],
    "three": lambda tf, x: x[2, 0, 0],
    "too_many": lambda tf, x: x[0, 0, 0, 0],
    "float": lambda tf, x: x[1.0],
    "step_0": lambda tf, x: x[::0],
}
for _name, _make in KINDS.items():
    table(
        f"slice_{_name}",
        {
            name: lambda tf, np, make=_make, body=body: body(tf, make(tf))
            for name, body in SLICES.items()
        },
    )

ELEMENTWISE: dict[str, Callable[[Any, Any], Any]] = {
    "add_self": lambda tf, x: x + x,
    "times_2": lambda tf, x: x * 2,
    "reflected": lambda tf, x: 3 - x,
    "divided": lambda tf, x: x / 2,
    "floordiv": lambda tf, x: x // 2,
    "mod": lambda tf, x: x % 2,
    "power": lambda tf, x: x**2,
    "negated": lambda tf, x: -x,
    "abs": lambda tf, x: abs(x),
    "less": lambda tf, x: x < 3,
    "equal": lambda tf, x: x == 1,
    "unequal_none": lambda tf, x: x != None,  # noqa: E711
    "cast": lambda tf, x: tf.cast(x, tf.float64),
    "cast_bool": lambda tf, x: tf.cast(x, tf.bool),
    "maximum": lambda tf, x: tf.maximum(x, x * 0 + 2),
    "square": lambda tf, x: tf.square(x),
    "sign": lambda tf, x: tf.sign(x),
    "clip": lambda tf, x: tf.clip_by_value(x, 1, 2),
    "where": lambda tf, x: tf.where(x > 1, x, -x),
    "where_scalar": lambda tf, x: tf.where(x > 1, x, tf.zeros([], x.dtype)),
    "add_n": lambda tf, x: tf.add_n([x, x, x]),
    "ones_like": lambda tf, x: tf.ones_like(x),
    "zeros_like": lambda tf, x: tf.zeros_like(x, dtype=tf.int64),
    "identity": lambda tf, x: tf.identity(x),
    "stop_gradient": lambda tf, x: tf.stop_gradient(x),
    "squared_difference": lambda tf, x: tf.math.squared_difference(x, 2),
    "saturate_cast": lambda tf, x: tf.saturate_cast(x * 100, tf.int8),
    "scalar_mul": lambda tf, x: tf.math.scalar_mul(2, x),
    "invert": lambda tf, x: ~(x > 1),
    "and": lambda tf, x: (x > 0) & (x < 4),
    "one_hot": lambda tf, x: tf.one_hot(tf.cast(x, tf.int32), 4),
    "one_hot_axis": lambda tf, x: tf.one_hot(tf.cast(x, tf.int32), 4, axis=1),
    "bitcast": lambda tf, x: tf.bitcast(x, tf.uint8),
    "rank": lambda tf, x: tf.rank(x),
    "size": lambda tf, x: tf.size(x),
    "size_int64": lambda tf, x: tf.size(x, tf.int64),
    "shape": lambda tf, x: tf.shape(x),
    "shape_0": lambda tf, x: tf.shape(x)[0],
    "convert": lambda tf, x: tf.convert_to_tensor(x),
    "is_tensor": lambda tf, x: tf.is_tensor(x),
    "bool": lambda tf, x: bool(x),
    "hash": lambda tf, x: hash(x),
    "len": lambda tf, x: len(x),
}
for _name, _make in KINDS.items():
    table(
        f"op_{_name}",
        {
            name: lambda tf, np, make=_make, body=body: body(tf, make(tf))
            for name, body in ELEMENTWISE.items()
        },
    )

table(
    "unary",
    {
        name: lambda tf, np, name=name: getattr(tf.math, name)(
            tf.ragged.constant([[0.5, 0.25], [], [0.75]])
        )
        for name in (
            "acos acosh asin asinh atan atanh ceil cos cosh digamma erf erfc erfcinv erfinv exp expm1 floor "
            "is_finite is_inf is_nan lgamma log log1p log_sigmoid ndtri reciprocal reciprocal_no_nan rint round "
            "rsqrt sigmoid sin sinh softplus sqrt tan tanh bessel_i0 bessel_i1e"
        ).split()
    },
)
table(
    "activation",
    {
        name: lambda tf, np, name=name: getattr(tf.nn, name)(floats(tf))
        for name in "elu gelu leaky_relu relu relu6 selu silu softsign".split()
    },
)
table(
    "binary",
    {
        name: lambda tf, np, name=name: getattr(tf.math, name)(
            floats(tf), tf.constant([[2.0], [0.5], [1.0], [3.0]])
        )
        for name in (
            "atan2 divide divide_no_nan maximum minimum multiply_no_nan nextafter pow subtract truediv "
            "xdivy floormod floordiv greater_equal not_equal"
        ).split()
    },
)

table(
    "broadcast",
    {
        "column": lambda tf, np: ints(tf) + tf.constant([[10], [20], [30], [40]]),
        "row_of_one": lambda tf, np: ints(tf) + tf.constant([[10]]),
        "vector_of_one": lambda tf, np: ints(tf) + tf.constant([10]),
        "scalar_tensor": lambda tf, np: ints(tf) + tf.constant(10),
        "list": lambda tf, np: ints(tf) + [[10], [20], [30], [40]],
        "array": lambda tf, np: ints(tf) + np.array([[10], [20], [30], [40]]),
        "deeper": lambda tf, np: ints(tf) + tf.constant([[[1]], [[2]]]),
        "deep_column": lambda tf, np: deep(tf) + tf.constant([[[1]], [[2]], [[3]]]),
        "wide_vector": lambda tf, np: wide(tf) + tf.constant([10, 20]),
        "wide_rows": lambda tf, np: wide(tf) + tf.constant([[[10, 20]], [[30, 40]], [[50, 60]]]),
        "equal_lengths": lambda tf, np: tf.ragged.constant([[1, 2], [3, 4]])
        + tf.constant([[1, 5], [2, 3]]),
        "dense_rows_differ": lambda tf, np: ints(tf) + tf.constant([[1, 2, 3]]),
        "dense_vector_differs": lambda tf, np: ints(tf) + tf.constant([1, 2, 3]),
        "rows_differ": lambda tf, np: ints(tf) + tf.ragged.constant([[1], [2], [3], [4]]),
        "one_ragged_row": lambda tf, np: ints(tf) + tf.ragged.constant([[1, 2]]),
        "ranks_differ": lambda tf, np: deep(tf) + tf.ragged.constant([[1, 2], [3]]),
        "splits_differ": lambda tf, np: ints(tf) + ints(tf).with_row_splits_dtype(tf.int32),
        "ragged_ranks_differ": lambda tf, np: tf.ragged.constant([[[1, 2]], [[3, 4]]], ragged_rank=1)
        * tf.ragged.constant([[[1, 2]], [[3, 4]]]),
        "where_column": lambda tf, np: tf.where(
            tf.constant([[True], [False], [True], [True]]), ints(tf), -ints(tf)
        ),
        "float_to_int": lambda tf, np: ints(tf) + 1.5,
        "dtypes_differ": lambda tf, np: ints(tf) + tf.constant(1.5),
    },
)

AXES = {"all": None, "0": 0, "1": 1, "last": -1, "01": [0, 1], "outer_inner": [0, -1], "none": []}
for _reduce in ("sum", "mean", "max", "min", "prod", "variance", "std"):
    for _axis, _value in AXES.items():
        table(
            f"reduce_{_reduce}_{_axis}",
            {
                name: lambda tf, np, make=make, f=f"reduce_{_reduce}", axis=_value: getattr(
                    tf.math, f
                )(tf.cast(make(tf), tf.float32), axis=axis)
                for name, make in KINDS.items()
            },
        )
for _reduce in ("any", "all"):
    for _axis, _value in AXES.items():
        table(
            f"reduce_{_reduce}_{_axis}",
            {
                name: lambda tf, np, make=make, f=f"reduce_{_reduce}", axis=_value: getattr(
                    tf.math, f
                )(make(tf) > 2, axis=axis)
                for name, make in KINDS.items()
            },
        )
for _axis, _value in AXES.items():
    table(
        f"reduce_keepdims_{_axis}",
        {
            f"{f}_{name}": lambda tf, np, make=make, f=f, axis=_value: getattr(tf.math, f)(
                tf.cast(make(tf), tf.float32), axis=axis, keepdims=True
            )
            for name, make in KINDS.items()
            for f in ("reduce_sum", "reduce_mean", "reduce_max", "reduce_variance")
        },
    )
table(
    "reduce_int",
    {
        f: lambda tf, np, f=f: getattr(tf.math, f)(ints(tf), axis=1)
        for f in ("reduce_sum", "reduce_mean", "reduce_max", "reduce_min", "reduce_prod")
    },
)
table(
    "reduce_other",
    {
        "axis_3": lambda tf, np: tf.reduce_sum(deep(tf), axis=3),
        "axis_2": lambda tf, np: tf.reduce_sum(deep(tf), axis=2),
        "axes_12": lambda tf, np: tf.reduce_sum(deep(tf), axis=[1, 2]),
        "axes_12_mean": lambda tf, np: tf.reduce_mean(tf.cast(deep(tf), tf.float32), axis=[1, 2]),
        "axes_repeated": lambda tf, np: tf.reduce_sum(deep(tf), axis=[1, 1]),
        "axis_tensor": lambda tf, np: tf.reduce_sum(deep(tf), axis=tf.constant(1)),
        "join": lambda tf, np: tf.strings.reduce_join(words(tf), axis=-1, separator="+"),
        "join_0": lambda tf, np: tf.strings.reduce_join(words(tf), axis=0),
        "join_all": lambda tf, np: tf.strings.reduce_join(words(tf)),
        "join_keep": lambda tf, np: tf.strings.reduce_join(words(tf), axis=1, keepdims=True),
        "logsumexp": lambda tf, np: tf.reduce_logsumexp(floats(tf), axis=1),
        "no_rows": lambda tf, np: tf.reduce_sum(ints(tf)[:0], axis=1),
        "no_rows_0": lambda tf, np: tf.reduce_sum(ints(tf)[:0], axis=0),
        "argmax": lambda tf, np: tf.argmax(floats(tf), axis=1),
        "cumsum": lambda tf, np: tf.cumsum(ints(tf), axis=1),
        "cumsum_0": lambda tf, np: tf.cumsum(ints(tf)),
        "cumsum_last": lambda tf, np: tf.cumsum(deep(tf), axis=-1),
        "cumsum_exclusive": lambda tf, np: tf.cumsum(ints(tf), axis=1, exclusive=True),
        "cumsum_reverse": lambda tf, np: tf.cumsum(ints(tf), axis=1, reverse=True),
    },
)

table(
    "concat",
    {
        "rows": lambda tf, np: tf.concat([ints(tf), ints(tf)[:2]], 0),
        "columns": lambda tf, np: tf.concat([ints(tf), -ints(tf), ints(tf)[:, :1]], 1),
        "columns_negative": lambda tf, np: tf.concat([ints(tf), -ints(tf)], -1),
        "dense": lambda tf, np: tf.concat([ints(tf), tf.constant([[7], [8], [9], [10]])], 1),
        "dense_rows": lambda tf, np: tf.concat([ints(tf), tf.constant([[7, 8]])], 0),
        "dense_first": lambda tf, np: tf.concat([tf.constant([[7], [8], [9], [10]]), ints(tf)], 1),
        "single": lambda tf, np: tf.concat([ints(tf)], 0),
        "deep_0": lambda tf, np: tf.concat([deep(tf), deep(tf)[:1]], 0),
        "deep_1": lambda tf, np: tf.concat([deep(tf), deep(tf)], 1),
        "deep_2": lambda tf, np: tf.concat([deep(tf), deep(tf)], 2),
        "wide_1": lambda tf, np: tf.concat([wide(tf), wide(tf)], 1),
        "wide_2": lambda tf, np: tf.concat([wide(tf), wide(tf)], 2),
        "ragged_ranks": lambda tf, np: tf.concat([deep(tf), tf.constant([[[1, 2]]])], 0),
        "words": lambda tf, np: tf.concat([words(tf), words(tf)], 1),
        "ranks_differ": lambda tf, np: tf.concat([ints(tf), deep(tf)], 0),
        "rows_differ": lambda tf, np: tf.concat([ints(tf), ints(tf)[:2]], 1),
        "dtypes_differ": lambda tf, np: tf.concat([ints(tf), floats(tf)], 0),
        "axis_2": lambda tf, np: tf.concat([ints(tf), ints(tf)], 2),
        "int32": lambda tf, np: tf.concat(
            [ints(tf).with_row_splits_dtype(tf.int32), tf.constant([[1]])], 0
        ),
        "splits_differ": lambda tf, np: tf.concat(
            [ints(tf), ints(tf).with_row_splits_dtype(tf.int32)], 0
        ),
        "empty": lambda tf, np: tf.concat([ints(tf), tf.ragged.constant([[], []], tf.int32)], 0),
    },
)
table(
    "stack",
    {
        "0": lambda tf, np: tf.stack([ints(tf), ints(tf)[:2]]),
        "1": lambda tf, np: tf.stack([ints(tf), -ints(tf)], 1),
        "2": lambda tf, np: tf.stack([ints(tf), -ints(tf)], 2),
        "negative": lambda tf, np: tf.stack([ints(tf), -ints(tf)], -1),
        "ragged_vectors": lambda tf, np: tf.ragged.stack([[1, 2], [3], [4, 5, 6]]),
        "ragged_1": lambda tf, np: tf.ragged.stack([ints(tf), floats_as_ints(tf)], axis=1),
        "ragged_matrices": lambda tf, np: tf.ragged.stack([tf.ones([2, 3]), tf.ones([1, 2])]),
        "ragged_scalars": lambda tf, np: tf.ragged.stack([1, 2]),
        "one": lambda tf, np: tf.ragged.stack([[1, 2]]),
        "empty": lambda tf, np: tf.ragged.stack([]),
        "words": lambda tf, np: tf.ragged.stack([["a"], ["b", "c"]]),
        "dense": lambda tf, np: tf.stack([ints(tf), tf.constant([[1, 2], [3, 4]])]),
        "ranks_differ": lambda tf, np: tf.stack([ints(tf), deep(tf)]),
        "deep_1": lambda tf, np: tf.stack([deep(tf), deep(tf)], 1),
    },
)


def floats_as_ints(tf: Any) -> Any:
    """Rows of ints of other lengths than those of `ints`."""
    return tf.cast(floats(tf), tf.int32)


table(
    "shaping",
    {
        **{
            f"expand_{name}_{axis}": lambda tf, np, make=make, axis=axis: tf.expand_dims(
                make(tf), axis
            )
            for name, make in KINDS.items()
            for axis in (0, 1, 2, 3, -1)
        },
        "squeeze": lambda tf, np: tf.squeeze(ints(tf)[:1], 0),
        "squeeze_1": lambda tf, np: tf.squeeze(tf.expand_dims(ints(tf), 1), 1),
        "squeeze_2": lambda tf, np: tf.squeeze(tf.expand_dims(ints(tf), 2), 2),
        "squeeze_all": lambda tf, np: tf.squeeze(tf.expand_dims(ints(tf), 2)),
        "squeeze_axes": lambda tf, np: tf.squeeze(
            tf.expand_dims(tf.expand_dims(ints(tf), 0), 3), [0, 3]
        ),
        "squeeze_ragged": lambda tf, np: tf.squeeze(ints(tf), 1),
        "squeeze_rows": lambda tf, np: tf.squeeze(ints(tf), 0),
        "tile_rows": lambda tf, np: tf.tile(ints(tf), [2, 1]),
        "tile_columns": lambda tf, np: tf.tile(ints(tf), [1, 2]),
        "tile_both": lambda tf, np: tf.tile(ints(tf), [2, 3]),
        "tile_deep": lambda tf, np: tf.tile(deep(tf), [1, 2, 2]),
        "tile_wide": lambda tf, np: tf.tile(wide(tf), [1, 1, 2]),
        "tile_uniform": lambda tf, np: tf.tile(uniform(tf), [1, 2, 1]),
        "tile_zero": lambda tf, np: tf.tile(ints(tf), [1, 0]),
        "tile_count": lambda tf, np: tf.tile(ints(tf), [2]),
        "reverse_0": lambda tf, np: tf.reverse(ints(tf), [0]),
        "reverse_1": lambda tf, np: tf.reverse(ints(tf), [1]),
        "reverse_both": lambda tf, np: tf.reverse(deep(tf), [0, 2]),
        "reverse_none": lambda tf, np: tf.reverse(ints(tf), []),
        "reverse_negative": lambda tf, np: tf.reverse(deep(tf), [-1]),
        "reverse_beyond": lambda tf, np: tf.reverse(ints(tf), [2]),
        "split_rows": lambda tf, np: tf.split(ints(tf), 2),
        "split_sizes": lambda tf, np: tf.split(ints(tf), [1, 3]),
        "split_rest": lambda tf, np: tf.split(ints(tf), [1, -1]),
        "split_uneven": lambda tf, np: tf.split(ints(tf), 3),
        "split_ragged": lambda tf, np: tf.split(ints(tf), 2, axis=1),
        "split_wide": lambda tf, np: tf.split(wide(tf), 2, axis=2),
        "split_sum": lambda tf, np: tf.split(ints(tf), [1, 1]),
        "reshape": lambda tf, np: tf.reshape(ints(tf), [-1]),
        "reshape_dense": lambda tf, np: tf.reshape(tf.ragged.constant([[1, 2], [3, 4]]), [4]),
        "broadcast_to": lambda tf, np: tf.broadcast_to(ints(tf), [4, 3]),
        "transpose": lambda tf, np: tf.transpose(ints(tf)),
    },
)

table(
    "gather",
    {
        "rows": lambda tf, np: tf.gather(ints(tf), [2, 0, 2]),
        "row": lambda tf, np: tf.gather(ints(tf), 0),
        "matrix": lambda tf, np: tf.gather(ints(tf), [[2, 0], [1, 1]]),
        "deep": lambda tf, np: tf.gather(deep(tf), [2, 2]),
        "wide": lambda tf, np: tf.gather(wide(tf), [2, 0]),
        "uniform": lambda tf, np: tf.gather(uniform(tf), [1, 0]),
        "ragged_indices": lambda tf, np: tf.gather(
            tf.constant([10, 20, 30]), tf.ragged.constant([[0, 2], [], [1]])
        ),
        "ragged_indices_matrix": lambda tf, np: tf.gather(
            tf.constant([[1, 2], [3, 4]]), tf.ragged.constant([[0, 1], [1]])
        ),
        "both_ragged": lambda tf, np: tf.gather(ints(tf), tf.ragged.constant([[3, 0], [], [2]])),
        "deep_indices": lambda tf, np: tf.gather(ints(tf), tf.ragged.constant([[[3], [0, 1]], []])),
        "axis_1": lambda tf, np: tf.gather(tf.ragged.constant([[1, 2], [3, 4, 5]]), [1, 0], axis=1),
        "axis_1_deep": lambda tf, np: tf.gather(
            tf.ragged.constant([[[1], [2, 3]], [[4], [], [5]]]), [1, 0], axis=1
        ),
        "axis_2": lambda tf, np: tf.gather(wide(tf), [1], axis=2),
        "batch": lambda tf, np: tf.gather(ints(tf), [[0], [], [1], [0]][:1] * 4, batch_dims=0),
        "batch_1": lambda tf, np: tf.gather(
            ints(tf), tf.ragged.constant([[2, 0], [], [1], [0, 0]]), batch_dims=1
        ),
        "batch_1_dense_indices": lambda tf, np: tf.gather(
            tf.ragged.constant([[1, 2], [3, 4, 5]]), [[1], [2]], batch_dims=1
        ),
        "batch_1_dense_params": lambda tf, np: tf.gather(
            tf.constant([[1, 2], [3, 4]]), tf.ragged.constant([[1], [0, 0]]), batch_dims=1
        ),
        "batch_1_deep": lambda tf, np: tf.gather(
            deep(tf), tf.ragged.constant([[1], [], [2, 0]]), batch_dims=1
        ),
        "batch_2": lambda tf, np: tf.gather(
            deep(tf), tf.ragged.constant([[[1], [0]], [], [[2], [], [0]]]), batch_dims=2
        ),
        "beyond": lambda tf, np: tf.gather(ints(tf), [4]),
        "negative": lambda tf, np: tf.gather(ints(tf), [-1]),
        "float_index": lambda tf, np: tf.gather(ints(tf), [1.0]),
        "nd_rows": lambda tf, np: tf.gather_nd(ints(tf), [[2], [0]]),
        "nd_elements": lambda tf, np: tf.gather_nd(ints(tf), [[0, 2], [2, 1]]),
        "nd_deep": lambda tf, np: tf.gather_nd(deep(tf), [[2, 0], [0, 1]]),
        "nd_deep_elements": lambda tf, np: tf.gather_nd(deep(tf), [[2, 0, 1], [0, 1, 0]]),
        "nd_wide": lambda tf, np: tf.gather_nd(wide(tf), [[0, 1], [2, 0]]),
        "nd_ragged_indices": lambda tf, np: tf.gather_nd(
            ints(tf), tf.ragged.constant([[[0, 0]], [[2, 1], [3, 0]]], ragged_rank=1)
        ),
        "nd_empty_index": lambda tf, np: tf.gather_nd(ints(tf), tf.zeros([2, 0], tf.int32)),
        "nd_beyond": lambda tf, np: tf.gather_nd(ints(tf), [[1, 0]]),
        "embedding": lambda tf, np: tf.nn.embedding_lookup(
            tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.ragged.constant([[0, 1], [], [1]])
        ),
        "embedding_norm": lambda tf, np: tf.nn.embedding_lookup(
            tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.ragged.constant([[0, 1], [1]]), max_norm=1.0
        ),
    },
)

table(
    "mask",
    {
        "same": lambda tf, np: tf.ragged.boolean_mask(ints(tf), bools(tf)),
        "rows": lambda tf, np: tf.ragged.boolean_mask(ints(tf), [True, True, False, True]),
        "dense": lambda tf, np: tf.ragged.boolean_mask([[1, 2, 3], [4, 5, 6]], [[True, False, True], [False] * 3]),
        "dense_rows": lambda tf, np: tf.ragged.boolean_mask([[1, 2], [4, 5]], [True, False]),
        "deep": lambda tf, np: tf.ragged.boolean_mask(
            deep(tf), tf.ragged.constant([[True, False], [], [False, True, True]])
        ),
        "deep_all": lambda tf, np: tf.ragged.boolean_mask(deep(tf), deep(tf) % 2 == 1),
        "dense_by_ragged": lambda tf, np: tf.ragged.boolean_mask(
            tf.constant([[1, 2], [3, 4]]), tf.ragged.constant([[True, False], [False, True]])
        ),
        "cube": lambda tf, np: tf.ragged.boolean_mask(
            [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[[True, False], [True, True]], [[False, False], [False, True]]]
        ),
        "shape": lambda tf, np: tf.ragged.boolean_mask(ints(tf), bools(tf)[:2]),
        "not_bool": lambda tf, np: tf.ragged.boolean_mask(ints(tf), ints(tf)),
        "scalar": lambda tf, np: tf.ragged.boolean_mask(ints(tf), True),
        "tf": lambda tf, np: tf.boolean_mask(ints(tf), [True, True, False, True]),
        "where": lambda tf, np: tf.where(bools(tf)),
        "where_deep": lambda tf, np: tf.where(deep(tf) > 3),
        "where_words": lambda tf, np: tf.where(words(tf) == "c", words(tf), "z"),
        "where_rows": lambda tf, np: tf.where([True, False, True, False], ints(tf), -ints(tf)),
    },
)

table(
    "segment",
    {
        **{
            f"{kind}_{name}": lambda tf, np, kind=kind, make=make: getattr(
                tf.math, f"unsorted_segment_{kind}"
            )(tf.cast(make(tf), tf.float32), [1, 0, 1, 1][: make(tf).shape[0]], 3)
            for kind in ("sum", "prod", "max", "min", "mean", "sqrt_n")
            for name, make in KINDS.items()
        },
        "ragged_ids": lambda tf, np: tf.math.unsorted_segment_sum(
            ints(tf), tf.ragged.constant([[0, 1, 0], [], [2, 2], [0]]), 3
        ),
        "range": lambda tf, np: tf.ragged.range([3, 5, 2]),
        "range_limits": lambda tf, np: tf.ragged.range([0, 5, 8], [3, 3, 12]),
        "range_deltas": lambda tf, np: tf.ragged.range([0, 5, 8], [3, 3, 12], 2),
        "range_negative": lambda tf, np: tf.ragged.range([3, 5], [0, 9], [-1, 3]),
        "range_float": lambda tf, np: tf.ragged.range([0.0, 1.5], [2.0, 1.6], 0.5),
        "range_scalar": lambda tf, np: tf.ragged.range(5),
        "range_broadcast": lambda tf, np: tf.ragged.range(2, [3, 5], 1),
        "range_dtype": lambda tf, np: tf.ragged.range([2, 1], dtype=tf.float32),
        "range_int32": lambda tf, np: tf.ragged.range([2, 1], row_splits_dtype=tf.int32),
        "range_zero": lambda tf, np: tf.ragged.range([2], [5], 0),
        "range_shapes": lambda tf, np: tf.ragged.range([2, 3], [5, 6, 7]),
        "to_ids": lambda tf, np: tf.ragged.row_splits_to_segment_ids([0, 3, 3, 5]),
        "to_ids_int32": lambda tf, np: tf.ragged.row_splits_to_segment_ids(
            [0, 3, 3, 5], out_type=tf.int32
        ),
        "to_ids_empty": lambda tf, np: tf.ragged.row_splits_to_segment_ids([0]),
        "to_ids_none": lambda tf, np: tf.ragged.row_splits_to_segment_ids(np.zeros(0, np.int64)),
        "to_splits": lambda tf, np: tf.ragged.segment_ids_to_row_splits([0, 0, 2, 2, 3]),
        "to_splits_count": lambda tf, np: tf.ragged.segment_ids_to_row_splits([0, 0, 2], 5),
        "to_splits_int32": lambda tf, np: tf.ragged.segment_ids_to_row_splits(
            [0, 0, 2], out_type=tf.int32
        ),
        "to_splits_empty": lambda tf, np: tf.ragged.segment_ids_to_row_splits(np.zeros(0, np.int64)),
        "partitions": lambda tf, np: tf.ragged.stack_dynamic_partitions(
            ["a", "b", "c", "d"], [1, 0, 1, 2], 4
        ),
        "partitions_ragged": lambda tf, np: tf.ragged.stack_dynamic_partitions(
            ints(tf), [1, 0, 1, 1], 3
        ),
        "partitions_ragged_ids": lambda tf, np: tf.ragged.stack_dynamic_partitions(
            ints(tf), tf.ragged.constant([[0, 1, 0], [], [2, 2], [0]]), 3
        ),
        "partitions_matrix": lambda tf, np: tf.ragged.stack_dynamic_partitions(
            [[1, 2], [3, 4]], [[0, 1], [1, 1]], 2
        ),
        "partitions_beyond": lambda tf, np: tf.ragged.stack_dynamic_partitions([1, 2], [0, 5], 2),
        "dynamic_partition": lambda tf, np: tf.dynamic_partition(ints(tf), [1, 0, 1, 1], 2),
        "fill_empty": lambda tf, np: list(
            tf.ragged_fill_empty_rows(tf.constant([0, 0, 2], tf.int64), [1, 2, 3], 4, 9)
        ),
        "fill_empty_grad": lambda tf, np: list(
            tf.ragged_fill_empty_rows_grad(tf.constant([0, 2], tf.int64), [1.0, 2.0, 3.0])
        ),
    },
)

table(
    "map",
    {
        "flat": lambda tf, np: tf.ragged.map_flat_values(lambda v: v * 10, ints(tf)),
        "flat_two": lambda tf, np: tf.ragged.map_flat_values(tf.add, ints(tf), ints(tf)),
        "flat_shape": lambda tf, np: tf.ragged.map_flat_values(
            lambda v: tf.stack([v, v], 1), deep(tf)
        ),
        "flat_keyword": lambda tf, np: tf.ragged.map_flat_values(tf.cast, ints(tf), dtype=tf.float32),
        "flat_nested": lambda tf, np: tf.ragged.map_flat_values(tf.add_n, [ints(tf), ints(tf)]),
        "flat_dense": lambda tf, np: tf.ragged.map_flat_values(lambda v: v + 1, tf.constant([1])),
        "flat_differs": lambda tf, np: tf.ragged.map_flat_values(tf.add, ints(tf), deep(tf)),
        "flat_length": lambda tf, np: tf.ragged.map_flat_values(lambda v: v[:1], ints(tf)),
        "fn_dense": lambda tf, np: tf.map_fn(
            lambda row: tf.reduce_sum(row), ints(tf), fn_output_signature=tf.int32
        ),
        "fn_same": lambda tf, np: tf.map_fn(lambda row: row * 2, ints(tf)),
        "fn_ragged": lambda tf, np: tf.map_fn(
            lambda n: tf.range(n),
            tf.constant([2, 0, 3]),
            fn_output_signature=tf.RaggedTensorSpec([None], tf.int32, ragged_rank=0),
        ),
        "fn_rows": lambda tf, np: tf.map_fn(
            lambda row: row[:1],
            ints(tf),
            fn_output_signature=tf.RaggedTensorSpec([None], tf.int32, ragged_rank=0),
        ),
        "fn_deep": lambda tf, np: tf.map_fn(
            lambda part: part * 2, deep(tf),
            fn_output_signature=tf.RaggedTensorSpec([None, None], tf.int32),
        ),
    },
)

table(
    "nn",
    {
        "softmax": lambda tf, np: tf.nn.softmax(floats(tf)),
        "softmax_wide": lambda tf, np: tf.nn.softmax(tf.cast(wide(tf), tf.float32)),
        "softmax_axis": lambda tf, np: tf.nn.softmax(tf.cast(deep(tf), tf.float32), axis=-1),
        "matmul": lambda tf, np: tf.matmul(
            tf.RaggedTensor.from_row_lengths(tf.reshape(tf.range(12.0), (6, 2)), [1, 3, 2]),
            tf.reshape(tf.range(6.0), (2, 3)),
        ),
        "matmul_batch": lambda tf, np: tf.matmul(
            tf.RaggedTensor.from_row_lengths(tf.reshape(tf.range(12.0), (6, 2)), [1, 3, 2]),
            tf.reshape(tf.range(12.0), (3, 2, 2)),
        ),
        "matmul_both": lambda tf, np: tf.matmul(
            tf.ragged.constant([[[1.0, 2.0]], [[3.0], [4.0]]]),
            tf.ragged.constant([[[1.0], [2.0]], [[5.0, 6.0]]]),
        ),
        "matmul_transpose": lambda tf, np: tf.matmul(
            tf.RaggedTensor.from_row_lengths(tf.reshape(tf.range(12.0), (6, 2)), [1, 3, 2]),
            tf.RaggedTensor.from_row_lengths(tf.reshape(tf.range(12.0), (6, 2)), [1, 3, 2]),
            transpose_b=True,
        ),
        "matmul_matrix": lambda tf, np: tf.matmul(
            tf.ragged.constant([[1.0, 2.0], [3.0, 4.0]]), tf.ragged.constant([[1.0], [2.0]])
        ),
        "dropout_0": lambda tf, np: tf.nn.dropout(floats(tf), 0.0),
        "dropout_shape": lambda tf, np: tf.nn.dropout(floats(tf), 0.5).row_lengths(),
        "cross_entropy": lambda tf, np: tf.nn.sigmoid_cross_entropy_with_logits(
            labels=tf.sigmoid(floats(tf)), logits=floats(tf)
        ),
        "bincount": lambda tf, np: tf.math.bincount(ints(tf)),
        "bincount_rows": lambda tf, np: tf.math.bincount(ints(tf), axis=-1),
        "bincount_weights": lambda tf, np: tf.math.bincount(
            ints(tf), weights=tf.cast(ints(tf), tf.float32) / 2, axis=-1
        ),
        "bincount_binary": lambda tf, np: tf.math.bincount(
            ints(tf), axis=-1, binary_output=True, minlength=5, maxlength=6
        ),
        "cross": lambda tf, np: tf.ragged.cross([words(tf), words(tf)]),
        "cross_three": lambda tf, np: tf.ragged.cross(
            [tf.ragged.constant([["a"], ["b", "c"]]), tf.constant([["d"], ["e"]]), tf.ragged.constant([[], [1, 2]], tf.int64)]
        ),
        "cross_hashed": lambda tf, np: tf.ragged.cross_hashed(
            [tf.ragged.constant([["a"], ["b", "c"]]), tf.ragged.constant([["d"], ["e"]])], num_buckets=100
        ),
        "cross_hashed_key": lambda tf, np: tf.ragged.cross_hashed(
            [tf.ragged.constant([["a"], ["b", "c"]]), tf.ragged.constant([["d"], ["e"]])], 1000, hash_key=7
        ),
    },
)

table(
    "strings",
    {
        "length": lambda tf, np: tf.strings.length(words(tf)),
        "length_characters": lambda tf, np: tf.strings.length(words(tf), unit="UTF8_CHAR"),
        "lower": lambda tf, np: tf.strings.lower(words(tf)),
        "upper": lambda tf, np: tf.strings.upper(words(tf)),
        "strip": lambda tf, np: tf.strings.strip(words(tf)),
        "substr": lambda tf, np: tf.strings.substr(words(tf), 0, 1),
        "join": lambda tf, np: tf.strings.join([words(tf), words(tf)], "-"),
        "join_scalar": lambda tf, np: tf.strings.join([words(tf), "!"]),
        "equal": lambda tf, np: words(tf) == "c",
        "full_match": lambda tf, np: tf.strings.regex_full_match(words(tf), "[a-z]*"),
        "replace": lambda tf, np: tf.strings.regex_replace(words(tf), "[A-Z]", "_"),
        "hash": lambda tf, np: tf.strings.to_hash_bucket_fast(words(tf), 50),
        "as_string": lambda tf, np: tf.strings.as_string(ints(tf)),
        "to_number": lambda tf, np: tf.strings.to_number(tf.ragged.constant([["1", "2.5"], ["-3"]])),
        "split": lambda tf, np: tf.strings.split(["a b", "", "c d e"]),
        "split_ragged": lambda tf, np: tf.strings.split(words(tf)),
        "bytes_split": lambda tf, np: tf.strings.bytes_split(words(tf)),
        "unicode_split": lambda tf, np: tf.strings.unicode_split(words(tf), "UTF-8"),
        "unicode_decode": lambda tf, np: tf.strings.unicode_decode(words(tf), "UTF-8"),
        "unicode_encode": lambda tf, np: tf.strings.unicode_encode(
            tf.ragged.constant([[97, 233], [], [98]]), "UTF-8"
        ),
        "ngrams": lambda tf, np: tf.strings.ngrams(words(tf), 2),
        "reduce_join_ragged": lambda tf, np: tf.strings.reduce_join(
            tf.strings.bytes_split(tf.ragged.constant([["ab", "c"], ["d"]])), axis=-1, separator="."
        ),
        "format": lambda tf, np: tf.strings.format("{}", words(tf)),
    },
)

table(
    "spec",
    {
        "default": lambda tf, np: str(tf.RaggedTensorSpec([None, None])),
        "all": lambda tf, np: str(
            tf.RaggedTensorSpec([2, None], tf.int32, 1, tf.int32)
        ),
        "no_rank": lambda tf, np: tf.RaggedTensorSpec(),
        "rank_too_high": lambda tf, np: tf.RaggedTensorSpec([2, 3], ragged_rank=2),
        "unknown_rank": lambda tf, np: str(tf.RaggedTensorSpec(None, ragged_rank=1)),
        "from_value": lambda tf, np: str(tf.RaggedTensorSpec.from_value(deep(tf))),
        "equal": lambda tf, np: tf.RaggedTensorSpec([2, None]) == tf.RaggedTensorSpec([2, None]),
        "unequal": lambda tf, np: tf.RaggedTensorSpec([2, None]) == tf.RaggedTensorSpec([3, None]),
        "fits": lambda tf, np: [
            tf.RaggedTensorSpec(shape, dtype, row_splits_dtype=splits).is_compatible_with(ints(tf))
            for shape, dtype, splits in [
                ([None, None], tf.int32, tf.int64),
                ([4, None], tf.int32, tf.int64),
                ([5, None], tf.int32, tf.int64),
                ([None, None], tf.float32, tf.int64),
                ([None, None, None], tf.int32, tf.int64),
                ([None, None], tf.int32, tf.int32),
            ]
        ],
        "common": lambda tf, np: str(
            tf.RaggedTensorSpec([3, None]).most_specific_common_supertype(
                [tf.RaggedTensorSpec([2, None])]
            )
        ),
        "no_common": lambda tf, np: str(
            tf.RaggedTensorSpec([3, None]).most_specific_common_supertype(
                [tf.RaggedTensorSpec([2, None], tf.int32)]
            )
        ),
        "subtype": lambda tf, np: tf.RaggedTensorSpec([3, None]).is_subtype_of(
            tf.RaggedTensorSpec([None, None])
        ),
        "parts": lambda tf, np: [
            str(tf.RaggedTensorSpec([3, None]).shape),
            tf.RaggedTensorSpec([3, None]).dtype.name,
            tf.RaggedTensorSpec([3, None]).ragged_rank,
            tf.RaggedTensorSpec([3, None]).row_splits_dtype.name,
            tf.RaggedTensorSpec([3, None]).value_type.__name__,
        ],
        "value_type_0": lambda tf, np: tf.RaggedTensorSpec([3], ragged_rank=0).value_type is tf.Tensor,
    },
)


def _slope(tf: Any, function: Callable[[Any], Any], x: Any) -> Any:
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return shown(tape.gradient(y, x))


table(
    "gradient",
    {
        "square": lambda tf, np: _slope(tf, lambda x: x * x, floats(tf)),
        "row_sums": lambda tf, np: _slope(tf, lambda x: tf.reduce_sum(x, axis=1) ** 2, floats(tf)),
        "column_sums": lambda tf, np: _slope(tf, lambda x: tf.reduce_sum(x, axis=0) ** 2, floats(tf)),
        "mean": lambda tf, np: _slope(tf, lambda x: tf.reduce_mean(x, axis=1)[:2], floats(tf)),
        "max": lambda tf, np: _slope(tf, lambda x: tf.reduce_max(x, axis=1), floats(tf)),
        "std": lambda tf, np: _slope(
            tf, lambda x: tf.math.reduce_std(x, axis=1), tf.ragged.constant([[1.0, 3.0], [2.0, 2.5, 7.0]])
        ),
        "to_tensor": lambda tf, np: _slope(tf, lambda x: x.to_tensor() ** 2, floats(tf)),
        "slice": lambda tf, np: _slope(tf, lambda x: x[:, 1:] * 3, floats(tf)),
        "gather": lambda tf, np: _slope(tf, lambda x: tf.gather(x, [0, 0, 3]), floats(tf)),
        "concat": lambda tf, np: _slope(tf, lambda x: tf.concat([x, x * x], 1), floats(tf)),
        "broadcast": lambda tf, np: _slope(
            tf, lambda c: floats(tf) * c, tf.constant([[1.0], [2.0], [3.0], [4.0]])
        ),
        "softmax": lambda tf, np: _slope(
            tf, lambda x: tf.nn.softmax(x) * [[1.0], [2.0], [3.0], [4.0]] * x, floats(tf)
        ),
        "flat_values": lambda tf, np: _slope(
            tf, lambda v: floats(tf).with_flat_values(v) ** 2, floats(tf).flat_values
        ),
        "embedding": lambda tf, np: _slope(
            tf,
            lambda t: tf.reduce_sum(tf.gather(t, tf.ragged.constant([[0, 1], [1]])), axis=1),
            tf.constant([[1.0, 2.0], [3.0, 4.0]]),
        ),
    },
)


def _compiled(tf: Any, function: Callable[..., Any], *args: Any) -> Any:
    return tf.function(function)(*args)


table(
    "function",
    {
        "identity": lambda tf, np: _compiled(tf, lambda x: x, ints(tf)),
        "add": lambda tf, np: _compiled(tf, lambda x: x + x * 2, deep(tf)),
        "column": lambda tf, np: _compiled(tf, lambda x: x + [[10], [20], [30], [40]], ints(tf)),
        "row_sums": lambda tf, np: _compiled(tf, lambda x: tf.reduce_sum(x, axis=1), ints(tf)),
        "row_means": lambda tf, np: _compiled(tf, lambda x: tf.reduce_mean(x, axis=-1), floats(tf)),
        "row_max": lambda tf, np: _compiled(tf, lambda x: tf.reduce_max(x, axis=1, keepdims=True), floats(tf)),
        "to_tensor": lambda tf, np: _compiled(tf, lambda x: x.to_tensor(shape=[None, 4]), ints(tf)),
        "concat_rows": lambda tf, np: _compiled(tf, lambda x: tf.concat([x, x], 0), deep(tf)),
        "concat_columns": lambda tf, np: _compiled(tf, lambda x: tf.concat([x, -x], 1), deep(tf)),
        "map_flat_values": lambda tf, np: _compiled(
            tf, lambda x: tf.ragged.map_flat_values(tf.square, x), ints(tf)
        ),
        "lookup": lambda tf, np: _compiled(
            tf, lambda x: tf.gather(tf.constant([5, 6, 7, 8, 9, 10, 11, 12, 13, 14]), x), ints(tf)
        ),
        "expand": lambda tf, np: _compiled(tf, lambda x: tf.expand_dims(x, -1), ints(tf)),
        "softmax": lambda tf, np: _compiled(tf, lambda x: tf.nn.softmax(x), floats(tf)),
        "row_lengths": lambda tf, np: _compiled(tf, lambda x: x.row_lengths(), ints(tf)),
        "value_rowids": lambda tf, np: _compiled(tf, lambda x: x.value_rowids(), ints(tf)),
        "merged": lambda tf, np: _compiled(tf, lambda x: x.merge_dims(1, 2), deep(tf)),
        "to_sparse": lambda tf, np: _compiled(tf, lambda x: tf.sparse.reduce_sum(tf.SparseTensor(
            tf.stack([x.value_rowids(), x.value_rowids()], 1), x.flat_values, [4, 4])), ints(tf)),
        "made_inside": lambda tf, np: _compiled(
            tf, lambda v: tf.RaggedTensor.from_row_lengths(v, [2, 0, 1]) * 2, tf.constant([1, 2, 3])
        ),
        "made_inside_sliced": lambda tf, np: _compiled(
            tf,
            lambda v: tf.RaggedTensor.from_row_lengths(v, [2, 0, 1])[:, :1],
            tf.constant([1, 2, 3]),
        ),
        "closed_over": lambda tf, np: (
            lambda x: _compiled(tf, lambda v: x[:, 1:] + v, tf.constant(1))
        )(ints(tf)),
        "branch": lambda tf, np: _compiled(
            tf, lambda x, c: tf.cond(c, lambda: x * 2, lambda: -x), ints(tf), tf.constant(True)
        ),
        "slices": lambda tf, np: _compiled(tf, lambda x: x[1:, :2], ints(tf)),
        "gather": lambda tf, np: _compiled(tf, lambda x: tf.gather(x, [2, 0]), ints(tf)),
        "column_sums": lambda tf, np: _compiled(tf, lambda x: tf.reduce_sum(x, axis=0), ints(tf)),
        "words": lambda tf, np: _compiled(tf, lambda x: tf.strings.length(x), words(tf)),
        "signature": lambda tf, np: tf.function(
            lambda x: x * 2, input_signature=[tf.RaggedTensorSpec([None, None], tf.int32)]
        )(ints(tf)),
        "signature_wrong": lambda tf, np: tf.function(
            lambda x: x * 2, input_signature=[tf.RaggedTensorSpec([None, None], tf.float32)]
        )(ints(tf)),
        "traces": lambda tf, np: _count_traces(tf),
    },
)


def _count_traces(tf: Any) -> int:
    seen = []

    @tf.function
    def double(x: Any) -> Any:
        seen.append(1)
        return x * 2

    double(ints(tf))
    double(ints(tf) + 1)
    double(tf.ragged.constant([[3], [1, 4], [], [1, 5, 9]]))
    return len(seen)


@cases
def structures(tf: Any, np: Any) -> Any:
    """Ragged tensors as leaves of structures."""
    x = ints(tf)
    parts = tf.nest.flatten(x, expand_composites=True)
    doubled = tf.nest.map_structure(lambda t: t * 2 if t.dtype == tf.int32 else t, x, expand_composites=True)
    return {
        "leaves": len(tf.nest.flatten({"a": x, "b": [x, 1]})),
        "parts": len(tf.nest.flatten({"a": x, "b": [x, 1]}, expand_composites=True)),
        "packed": shown(tf.nest.pack_sequence_as(x, parts, expand_composites=True)),
        "mapped": shown(doubled),
    }
