"""Result dtypes: operators over all pairs of dtypes, reductions, constants, casts, divisions."""

from __future__ import annotations

import operator
import warnings
from collections.abc import Callable
from typing import Any

from ..support import Cases, Raised, attempt

cases = Cases()

DTYPES = (
    "bool uint8 uint16 uint32 uint64 int8 int16 int32 int64 bfloat16 float16 float32 float64 complex64 complex128"
).split()
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "truediv": operator.truediv,
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "pow": operator.pow,
    "lt": operator.lt,
    "ge": operator.ge,
    "eq": operator.eq,
    "ne": operator.ne,
    "and": operator.and_,
    "or": operator.or_,
    "xor": operator.xor,
}


def _kind(body: Callable[[], Any]) -> Any:
    """The dtype of a result and whether it is a tensor, or the exception."""

    def run() -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = body()
        dtype = getattr(value, "dtype", None)
        if dtype is None:
            return type(value).__name__
        return getattr(dtype, "name", str(dtype)) + ("" if hasattr(value, "numpy") else " (numpy)")

    return attempt(run)


def _table(name: str, rows: Callable[[Any, Any], dict[str, Callable[[], Any]]]) -> None:
    cases.add(name, lambda tf, np: {key: _kind(body) for key, body in rows(tf, np).items()})


def _one(tf: Any, dtype: str) -> Any:
    return tf.cast([1, 1], dtype)


def _scalars(np: Any) -> dict[str, Any]:
    return {
        "True": True,
        "2": 2,
        "2.5": 2.5,
        "3.0": 3.0,
        "-1": -1,
        "300": 300,
        "2**40": 2**40,
        "1j": 1j,
        "'a'": "a",
        "None": None,
        "[1, 2]": [1, 2],
        "[1.0, 2.0]": [1.0, 2.0],
        "np.float32(2)": np.float32(2),
        "np.float64(2)": np.float64(2),
        "np.int32(2)": np.int32(2),
        "np.int64(2)": np.int64(2),
        "np.bool_": np.bool_(True),
        "array int64": np.array([1, 2]),
        "array float64": np.array([1.0, 2.0]),
        "array float64 half": np.array([1.5, 2.5]),
        "array float32": np.array([1.0, 2.0], np.float32),
        "array int32": np.array([1, 2], np.int32),
        "array bool": np.array([True, False]),
        "array uint8": np.array([1, 2], np.uint8),
    }


# --- every operator over every pair of dtypes, and with Python and NumPy values on either side

for _name, _op in OPERATORS.items():
    for _left in DTYPES:
        _table(
            f"{_name}_{_left}_with_tensor",
            lambda tf, np, op=_op, left=_left: {
                right: lambda right=right: op(_one(tf, left), _one(tf, right)) for right in DTYPES
            },
        )
    for _left in (
        "bool",
        "uint8",
        "int32",
        "int64",
        "bfloat16",
        "float16",
        "float32",
        "float64",
        "complex64",
    ):
        _table(
            f"{_name}_{_left}_with_value_right",
            lambda tf, np, op=_op, left=_left: {
                key: lambda value=value: op(_one(tf, left), value)
                for key, value in _scalars(np).items()
            },
        )
        _table(
            f"{_name}_{_left}_with_value_left",
            lambda tf, np, op=_op, left=_left: {
                key: lambda value=value: op(value, _one(tf, left))
                for key, value in _scalars(np).items()
            },
        )

_table("invert", lambda tf, np: {d: lambda d=d: ~_one(tf, d) for d in DTYPES})
_table("negative", lambda tf, np: {d: lambda d=d: -_one(tf, d) for d in DTYPES})
_table("absolute", lambda tf, np: {d: lambda d=d: abs(_one(tf, d)) for d in DTYPES})
_table(
    "matmul",
    lambda tf, np: {
        f"{a} {b}": lambda a=a, b=b: tf.cast([[1]], a) @ tf.cast([[1]], b)
        for a in DTYPES
        for b in DTYPES
        if a == b or "float32" in (a, b)
    },
)
_table(
    "left_shift",
    lambda tf, np: {d: lambda d=d: tf.bitwise.left_shift(_one(tf, d), _one(tf, d)) for d in DTYPES},
)

# --- functions of one tensor over every dtype

FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "reduce_sum": lambda tf, x: tf.reduce_sum(x),
    "reduce_mean": lambda tf, x: tf.reduce_mean(x),
    "reduce_prod": lambda tf, x: tf.reduce_prod(x),
    "reduce_max": lambda tf, x: tf.reduce_max(x),
    "reduce_min": lambda tf, x: tf.reduce_min(x),
    "reduce_any": lambda tf, x: tf.reduce_any(x),
    "reduce_std": lambda tf, x: tf.math.reduce_std(x),
    "reduce_variance": lambda tf, x: tf.math.reduce_variance(x),
    "reduce_euclidean_norm": lambda tf, x: tf.math.reduce_euclidean_norm(x),
    "reduce_logsumexp": lambda tf, x: tf.reduce_logsumexp(x),
    "count_nonzero": lambda tf, x: tf.math.count_nonzero(x),
    "cumsum": lambda tf, x: tf.cumsum(x),
    "cumprod": lambda tf, x: tf.math.cumprod(x),
    "argmax": lambda tf, x: tf.argmax(x),
    "argmin": lambda tf, x: tf.argmin(x),
    "argmax_int32": lambda tf, x: tf.argmax(x, output_type=tf.int32),
    "argsort": lambda tf, x: tf.argsort(x),
    "sort": lambda tf, x: tf.sort(x),
    "top_k": lambda tf, x: tf.math.top_k(x, 1).values,
    "top_k_indices": lambda tf, x: tf.math.top_k(x, 1).indices,
    "unique": lambda tf, x: tf.unique(x)[1],
    "where": lambda tf, x: tf.where(x),
    "shape": lambda tf, x: tf.shape(x),
    "size": lambda tf, x: tf.size(x),
    "rank": lambda tf, x: tf.rank(x),
    "exp": lambda tf, x: tf.exp(x),
    "log": lambda tf, x: tf.math.log(x),
    "sqrt": lambda tf, x: tf.sqrt(x),
    "rsqrt": lambda tf, x: tf.math.rsqrt(x),
    "square": lambda tf, x: tf.square(x),
    "abs": lambda tf, x: tf.abs(x),
    "sign": lambda tf, x: tf.sign(x),
    "floor": lambda tf, x: tf.floor(x),
    "round": lambda tf, x: tf.round(x),
    "reciprocal": lambda tf, x: tf.math.reciprocal(x),
    "sin": lambda tf, x: tf.sin(x),
    "tanh": lambda tf, x: tf.tanh(x),
    "sigmoid": lambda tf, x: tf.sigmoid(x),
    "erf": lambda tf, x: tf.math.erf(x),
    "isnan": lambda tf, x: tf.math.is_nan(x),
    "logical_not": lambda tf, x: tf.logical_not(x),
    "relu": lambda tf, x: tf.nn.relu(x),
    "softmax": lambda tf, x: tf.nn.softmax(x),
    "softplus": lambda tf, x: tf.math.softplus(x),
    "elu": lambda tf, x: tf.nn.elu(x),
    "real": lambda tf, x: tf.math.real(x),
    "imag": lambda tf, x: tf.math.imag(x),
    "angle": lambda tf, x: tf.math.angle(x),
    "conj": lambda tf, x: tf.math.conj(x),
    "norm": lambda tf, x: tf.norm(x),
    "one_hot": lambda tf, x: tf.one_hot(x, 3),
    "range": lambda tf, x: tf.range(x[0]),
    "gather_index": lambda tf, x: tf.gather([1.0, 2.0], x),
    "zeros_like": lambda tf, x: tf.zeros_like(x),
    "ones_like": lambda tf, x: tf.ones_like(x),
    "clip_by_value": lambda tf, x: tf.clip_by_value(x, 0, 1),
    "maximum": lambda tf, x: tf.maximum(x, x),
    "add_n": lambda tf, x: tf.add_n([x, x]),
    "divide": lambda tf, x: tf.divide(x, x),
    "divide_no_nan": lambda tf, x: tf.math.divide_no_nan(x, x),
    "floordiv": lambda tf, x: tf.math.floordiv(x, x),
    "squared_difference": lambda tf, x: tf.math.squared_difference(x, x),
    "bincount": lambda tf, x: tf.math.bincount(x),
    "segment_sum_ids": lambda tf, x: tf.math.segment_sum([1.0, 2.0], x),
    "einsum": lambda tf, x: tf.einsum("i,i->", x, x),
    "tensordot": lambda tf, x: tf.tensordot(x, x, 1),
    "diag": lambda tf, x: tf.linalg.diag(x),
    "fill": lambda tf, x: tf.fill([2], x[0]),
    "bool": lambda tf, x: tf.constant(bool(x[0])),
}
for _name, _function in FUNCTIONS.items():
    _table(
        f"of_{_name}",
        lambda tf, np, function=_function: {
            d: lambda d=d: function(tf, _one(tf, d)) for d in DTYPES
        },
    )


@cases
def python_scalars_in_functions(tf: Any, np: Any) -> Any:
    """Dtypes where every argument is a Python or NumPy value."""
    bodies: dict[str, Callable[[], Any]] = {
        "range(3)": lambda: tf.range(3),
        "range(3.0)": lambda: tf.range(3.0),
        "range(0, 1, 0.5)": lambda: tf.range(0, 1, 0.5),
        "range int64": lambda: tf.range(tf.constant(3, tf.int64)),
        "range int and int64": lambda: tf.range(0, tf.constant(3, tf.int64)),
        "range int32 and float": lambda: tf.range(tf.constant(0), tf.constant(3.0)),
        "range dtype": lambda: tf.range(3, dtype=tf.float64),
        "range np.int64": lambda: tf.range(np.int64(3)),
        "linspace floats": lambda: tf.linspace(0.0, 1.0, 3),
        "linspace ints": lambda: tf.linspace(0, 10, 3),
        "linspace float64": lambda: tf.linspace(tf.constant(0.0, tf.float64), 1.0, 3),
        "linspace np": lambda: tf.linspace(np.float64(0), 1.0, 3),
        "zeros": lambda: tf.zeros(2),
        "ones int": lambda: tf.ones(2, tf.int32),
        "ones int name": lambda: tf.ones(2, int),
        "fill int": lambda: tf.fill([2], 3),
        "fill float": lambda: tf.fill([2], 3.0),
        "fill np": lambda: tf.fill([2], np.float64(3.0)),
        "eye": lambda: tf.eye(2),
        "one_hot": lambda: tf.one_hot([1], 2),
        "one_hot on int": lambda: tf.one_hot([1], 2, on_value=5, off_value=0),
        "one_hot on float": lambda: tf.one_hot([1], 2, on_value=5.0),
        "one_hot on mixed": lambda: tf.one_hot([1], 2, on_value=5, off_value=0.5),
        "reduce_mean ints": lambda: tf.reduce_mean([1, 2]),
        "reduce_mean floats": lambda: tf.reduce_mean([1.0, 2.0]),
        "reduce_mean np": lambda: tf.reduce_mean(np.array([1.0, 2.0])),
        "add ints": lambda: tf.add(1, 2),
        "add int float": lambda: tf.add(1, 2.0),
        "add float int": lambda: tf.add(1.0, 2),
        "add np float64 and float": lambda: tf.add(np.float64(1), 2.0),
        "add np arrays mixed": lambda: tf.add(np.ones(2, np.float32), np.ones(2)),
        "add tensor np64": lambda: tf.add(tf.ones(2), np.ones(2)),
        "multiply tensor np int": lambda: tf.multiply(tf.ones(2), np.array([1, 2])),
        "maximum tensor int": lambda: tf.maximum(tf.ones(2), 0),
        "maximum int tensor": lambda: tf.maximum(0, tf.ones(2)),
        "maximum tensor np64": lambda: tf.maximum(tf.ones(2), np.float64(0)),
        "divide ints": lambda: tf.divide(1, 2),
        "pow ints": lambda: tf.pow(2, 3),
        "pow int float": lambda: tf.pow(2, 3.0),
        "pow tensor int": lambda: tf.pow(tf.ones(2), 3),
        "sqrt int": lambda: tf.sqrt(4),
        "sqrt float": lambda: tf.sqrt(4.0),
        "sqrt np": lambda: tf.sqrt(np.float64(4)),
        "exp int list": lambda: tf.exp([1, 2]),
        "matmul lists": lambda: tf.matmul([[1.0]], [[2.0]]),
        "matmul int lists": lambda: tf.matmul([[1]], [[2]]),
        "matmul tensor np64": lambda: tf.matmul(tf.ones((1, 1)), np.ones((1, 1))),
        "matmul np64 tensor": lambda: tf.matmul(np.ones((1, 1)), tf.ones((1, 1))),
        "concat mixed": lambda: tf.concat([tf.ones(1), tf.ones(1, tf.int32)], 0),
        "concat tensor list": lambda: tf.concat([tf.ones(1), [1]], 0),
        "concat tensor np64": lambda: tf.concat([tf.ones(1), np.ones(1)], 0),
        "stack tensor int": lambda: tf.stack([tf.constant(1.0), 2]),
        "stack int tensor": lambda: tf.stack([2, tf.constant(1.0)]),
        "stack mixed": lambda: tf.stack([tf.constant(1.0), tf.constant(2)]),
        "stack np64 tensor": lambda: tf.stack([np.float64(1), tf.constant(1.0)]),
        "where ints floats": lambda: tf.where([True], 1, 2.0),
        "where tensor int": lambda: tf.where([True], tf.ones(1), 0),
        "where int tensor": lambda: tf.where([True], 0, tf.ones(1)),
        "where tensors": lambda: tf.where([True], tf.ones(1), tf.ones(1, tf.int32)),
        "where np64": lambda: tf.where([True], tf.ones(1), np.zeros(1)),
        "clip int bounds": lambda: tf.clip_by_value(tf.ones(1), 0, 1),
        "clip float bounds on int": lambda: tf.clip_by_value(tf.ones(1, tf.int32), 0.0, 1.0),
        "cast float": lambda: tf.cast(1, float),
        "cast str": lambda: tf.cast(1, "float64"),
        "shape out": lambda: tf.shape(tf.ones(2), out_type=tf.int64),
        "size np": lambda: tf.size(np.ones(3)),
        "equal tensor int": lambda: tf.equal(tf.ones(1), 1),
        "equal mixed": lambda: tf.equal(tf.ones(1), tf.ones(1, tf.int32)),
        "logical_and ints": lambda: tf.logical_and(1, 0),
        "complex floats": lambda: tf.complex(1.0, 2.0),
        "complex float64": lambda: tf.complex(np.float64(1.0), np.float64(2.0)),
        "complex mixed": lambda: tf.complex(tf.constant(1.0), tf.constant(1.0, tf.float64)),
        "random normal": lambda: tf.random.normal([2]),
        "random uniform int": lambda: tf.random.uniform([2], maxval=3, dtype=tf.int32),
        "squared_difference mixed": lambda: tf.math.squared_difference(tf.ones(1), 1),
        "tensordot mixed": lambda: tf.tensordot(tf.ones(1), tf.ones(1, tf.float64), 1),
        "einsum mixed": lambda: tf.einsum("i,i", tf.ones(1), tf.ones(1, tf.float64)),
        "assign float64 into float32": lambda: tf.Variable(1.0).assign(np.float64(2.0)),
        "gather float index": lambda: tf.gather([1.0], [0.0]),
        "index by float": lambda: tf.ones(3)[1.0],
        "index by np.int64": lambda: tf.ones(3)[np.int64(1)],
        "index by bool": lambda: tf.ones(3)[True],
        "reshape float shape": lambda: tf.reshape(tf.ones(2), [2.0]),
        "zeros float shape": lambda: tf.zeros([2.0]),
        "searchsorted": lambda: tf.searchsorted([1.0, 2.0], [1.5]),
        "histogram": lambda: tf.histogram_fixed_width([1.0], [0.0, 2.0]),
        "lerp": lambda: tf.ones(1) * 0.5 + np.ones(1) * 0.5,
        "np + tensor": lambda: np.ones(2) + tf.ones(2),
        "np float32 * tensor64": lambda: np.float32(2) * tf.ones(2, tf.float64),
        "np.sum of tensor": lambda: np.sum(tf.ones(2)),
        "np.add of tensors": lambda: np.add(tf.ones(2), tf.ones(2)),
        "np.sqrt of tensor": lambda: np.sqrt(tf.ones(2)),
    }
    return {key: _kind(body) for key, body in bodies.items()}


@cases
def constant_inference(tf: Any, np: Any) -> Any:
    values: dict[str, Any] = {
        "1": 1,
        "1.0": 1.0,
        "True": True,
        "1j": 1j,
        "'a'": "a",
        "b'a'": b"a",
        "[]": [],
        "[[]]": [[]],
        "()": (),
        "[1, 2]": [1, 2],
        "[1, 2.5]": [1, 2.5],
        "[2.5, 1]": [2.5, 1],
        "[True, 1]": [True, 1],
        "[1, True]": [1, True],
        "[True, 1.0]": [True, 1.0],
        "[1, 1j]": [1, 1j],
        "[1.0, 1j]": [1.0, 1j],
        "['a', 1]": ["a", 1],
        "[1, 'a']": [1, "a"],
        "['a', b'b']": ["a", b"b"],
        "[1, None]": [1, None],
        "None": None,
        "[[1], [2, 3]]": [[1], [2, 3]],
        "[1, [2]]": [1, [2]],
        "(1, 2)": (1, 2),
        "[(1, 2), [3, 4]]": [(1, 2), [3, 4]],
        "range(3)": range(3),
        "set": {1, 2},
        "dict": {"a": 1},
        "object": object(),
        "2**31 - 1": 2**31 - 1,
        "2**31": 2**31,
        "-2**31": -(2**31),
        "-2**31 - 1": -(2**31) - 1,
        "2**40": 2**40,
        "[1, 2**40]": [1, 2**40],
        "2**63 - 1": 2**63 - 1,
        "2**63": 2**63,
        "2**64": 2**64,
        "1e40": 1e40,
        "1e400": float("inf"),
        "np.float64(1)": np.float64(1),
        "np.float32(1)": np.float32(1),
        "np.int64(1)": np.int64(1),
        "np.uint64(1)": np.uint64(1),
        "np.bool_(True)": np.bool_(True),
        "np.str_('a')": np.str_("a"),
        "array float64": np.ones(2),
        "array int64": np.array([1, 2]),
        "array object": np.array([1, 2], object),
        "array str": np.array(["a", "b"]),
        "array bytes": np.array([b"a", b"b"]),
        "array float16": np.ones(2, np.float16),
        "array longdouble": np.ones(2, np.longdouble),
        "[np.float32(1), 2]": [np.float32(1), 2],
        "[np.float64(1), 2.0]": [np.float64(1), 2.0],
        "[2.0, np.float64(1)]": [2.0, np.float64(1)],
        "[np.int64(1), 2]": [np.int64(1), 2],
        "[2, np.int64(1)]": [2, np.int64(1)],
        "[np.float32(1), np.float64(1)]": [np.float32(1), np.float64(1)],
        "[array, array]": [np.ones(2, np.float32), np.ones(2, np.float32)],
        "[array64, list]": [np.ones(2), [1.0, 2.0]],
        "[tensor, tensor]": [tf.constant(1.0), tf.constant(2.0)],
        "[tensor, 1]": [tf.constant(1.0), 1],
        "[1, tensor]": [1, tf.constant(1.0)],
        "[tensor int, 1.5]": [tf.constant(1), 1.5],
        "tensor": tf.constant(1.0),
        "variable": tf.Variable(1.0),
        "shape": tf.TensorShape([1, 2]),
        "unknown shape": tf.TensorShape([None, 2]),
        "dtype": tf.float32,
        "datetime": np.datetime64("2020-01-01"),
    }
    return {
        "constant": {
            key: _kind(lambda value=value: tf.constant(value)) for key, value in values.items()
        },
        "convert": {
            key: _kind(lambda value=value: tf.convert_to_tensor(value))
            for key, value in values.items()
        },
    }


@cases
def constant_with_dtype(tf: Any, np: Any) -> Any:
    values: dict[str, Any] = {
        "1": 1,
        "1.5": 1.5,
        "2.0": 2.0,
        "True": True,
        "300": 300,
        "-1": -1,
        "2**40": 2**40,
        "1j": 1j,
        "'1'": "1",
        "array float64": np.array([1.5, 2.0]),
        "array int64": np.array([1, 300]),
        "array bool": np.array([True]),
        "array str": np.array(["a"]),
        "float32 tensor": tf.constant(1.0),
        "int32 tensor": tf.constant(1),
        "[1, 2.5]": [1, 2.5],
        "[]": [],
    }
    names = [
        "bool",
        "uint8",
        "int8",
        "int32",
        "int64",
        "float16",
        "bfloat16",
        "float32",
        "float64",
        "complex64",
        "string",
    ]
    return {
        name: {
            key: _value(lambda value=value, name=name: tf.constant(value, name))
            for key, value in values.items()
        }
        for name in names
    }


@cases
def convert_with_dtype(tf: Any, np: Any) -> Any:
    values: dict[str, Any] = {
        "1": 1,
        "1.5": 1.5,
        "True": True,
        "array float64": np.array([1.5, 2.0]),
        "array int64": np.array([1, 2]),
        "float32 tensor": tf.constant(1.0),
        "variable": tf.Variable(1.0),
        "list of tensors": [tf.constant(1.0), tf.constant(2.0)],
    }
    return {
        "dtype": {
            f"{key} as {d}": _value(lambda value=value, d=d: tf.convert_to_tensor(value, dtype=d))
            for key, value in values.items()
            for d in ("int32", "float32", "float64", "string", "bool")
        },
        "hint": {
            f"{key} hint {d}": _value(
                lambda value=value, d=d: tf.convert_to_tensor(value, dtype_hint=d)
            )
            for key, value in values.items()
            for d in ("int32", "float32", "float64", "string", "bool")
        },
    }


def _value(body: Callable[[], Any]) -> Any:
    value = attempt(body)
    if isinstance(value, Raised) or value.dtype.name != "string":
        return value
    return attempt(lambda: [value.dtype.name, str(value.numpy())])


@cases
def constant_with_shape(tf: Any, np: Any) -> Any:
    return {
        "fill": tf.constant(7, shape=[2, 3]),
        "reshape": tf.constant([1, 2, 3, 4, 5, 6], shape=(2, 3)),
        "one element fills": attempt(lambda: tf.constant([7.0], shape=[3])),
        "wrong": attempt(lambda: tf.constant([1, 2], shape=[3])),
        "too many": attempt(lambda: tf.constant([1, 2, 3, 4], shape=[3])),
    }


@cases
def cast_values(tf: Any, np: Any) -> Any:
    """Casts whose result the language defines: truncation, wrapping of integers, bool."""
    floats = tf.constant([-1.9, -0.5, 0.0, 0.5, 1.9, 100.7])
    ints = tf.constant([-129, -1, 0, 1, 127, 128, 255, 256, 65537])
    bools = tf.constant([True, False])
    names = [
        "bool",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "float16",
        "bfloat16",
        "float64",
    ]
    return {
        "floats": {n: tf.cast(floats, n) for n in names if not n.startswith("u")},
        "ints": {n: tf.cast(ints, n) for n in names},
        "bools": {n: tf.cast(bools, n) for n in names},
        "int64": {n: tf.cast(tf.constant([2**33 + 5, -(2**33) - 5], tf.int64), n) for n in names},
        "complex": tf.cast(tf.constant([1 + 2j, -3j], tf.complex64), tf.complex128),
        "to complex": tf.cast([1.5, 2.5], tf.complex64),
        "nan to bool": tf.cast([float("nan"), float("inf"), 0.0], tf.bool),
        "float64 overflow": tf.cast(tf.constant([1e300, -1e300, 1e-300], tf.float64), tf.float32),
        "float32 to half overflow": tf.cast([70000.0, 65519.0, 65520.0, 1e-9], tf.float16),
        "half ties": tf.cast([2049.0, 2051.0, 4098.0], tf.float16),
        "bfloat16 ties": tf.cast([1.00390625, 1.01171875, 3.3895314e38], tf.bfloat16),
    }


@cases
def cast_floats_to_ints_out_of_range(tf: Any, np: Any) -> Any:
    """Outside the language's definition; recorded to know it."""
    x = tf.constant([3e9, -3e9, float("nan"), float("inf"), float("-inf")])
    return {n: tf.cast(x, n) for n in ("int32", "int64")}


@cases
def saturate_cast(tf: Any, np: Any) -> Any:
    x = tf.constant([-300.5, -1.0, 0.0, 127.5, 255.4, 256.0, 1e6])
    return {n: tf.saturate_cast(x, n) for n in ("int8", "uint8", "int16", "uint16", "float16")} | {
        "ints": tf.saturate_cast(tf.constant([-1, 0, 300]), tf.uint8),
        "infinite": tf.saturate_cast([float("inf"), float("-inf")], tf.int8),
    }


@cases
def cast_errors(tf: Any, np: Any) -> Any:
    return {
        "string to int": attempt(lambda: tf.cast("1", tf.int32)),
        "int to string": attempt(lambda: tf.cast(1, tf.string)),
        "unknown": attempt(lambda: tf.cast(1, "abc")),
        "none": attempt(lambda: tf.cast(None, tf.float32)),
        "object": attempt(lambda: tf.cast(object(), tf.float32)),
    }


@cases
def string_conversions(tf: Any, np: Any) -> Any:
    return {
        "to_number": tf.strings.to_number(["1", "2.5"]),
        "to_number int": tf.strings.to_number(["1", "-2"], tf.int64),
        "to_number bad": attempt(lambda: tf.strings.to_number("a")),
        "as_string": [str(tf.strings.as_string(x).numpy()) for x in (1, 1.5, True, [1.0, 2.25])],
    }


DIVIDENDS = [-7, -6, -1, 0, 1, 6, 7]


@cases
def integer_division(tf: Any, np: Any) -> Any:
    result: dict[str, Any] = {}
    for d in ("int8", "int32", "int64"):
        x, y, z = tf.constant(DIVIDENDS, d), tf.constant(3, d), tf.constant(-3, d)
        for name, f in {
            "floordiv": lambda a, b: a // b,
            "mod": lambda a, b: a % b,
            "truediv": lambda a, b: a / b,
            "truncatediv": tf.truncatediv,
            "truncatemod": tf.truncatemod,
            "floormod": tf.math.floormod,
            "math.floordiv": tf.math.floordiv,
            "divide": tf.divide,
        }.items():
            result[f"{d} {name} 3"] = attempt(lambda f=f, x=x, y=y: f(x, y))
            result[f"{d} {name} -3"] = attempt(lambda f=f, x=x, z=z: f(x, z))
    result["uint8"] = [tf.constant([7, 255], tf.uint8) // 2, tf.constant([7, 255], tf.uint8) % 4]
    result["scalar left"] = [
        7 // tf.constant([2, -2]),
        7 % tf.constant([2, -2]),
        7 / tf.constant([2, -2]),
    ]
    return result


@cases
def integer_division_by_zero(tf: Any, np: Any) -> Any:
    x, z = tf.constant([1, 2]), tf.constant([0, 1])
    return {
        "floordiv": attempt(lambda: x // z),
        "mod": attempt(lambda: x % z),
        "truediv": attempt(lambda: x / z),
        "truncatediv": attempt(lambda: tf.truncatediv(x, z)),
        "no_nan": attempt(
            lambda: tf.math.divide_no_nan(tf.cast(x, tf.float32), tf.cast(z, tf.float32))
        ),
    }


@cases
def float_division(tf: Any, np: Any) -> Any:
    x = tf.constant([-7.5, -1.0, 0.0, 1.0, 7.5, 3.0])
    return {
        "floordiv": [x // 2.0, x // -2.0, x // 0.3],
        "mod": [x % 2.0, x % -2.0, x % 0.3],
        "truncatemod": tf.truncatemod(x, tf.constant(2.0)),
        "by zero": [x / 0.0, x // 0.0, x % 0.0],
        "by inf": [x / float("inf"), x // float("inf"), x % float("inf")],
        "float64": [tf.cast(x, tf.float64) // 2.0, tf.cast(x, tf.float64) % -2.0],
        "half": [tf.cast(x, tf.float16) // 2.0, tf.cast(x, tf.float16) % 2.0],
    }


@cases
def integer_powers(tf: Any, np: Any) -> Any:
    x = tf.constant([-3, -1, 0, 1, 2, 5])
    return {
        "squared": x**2,
        "cubed": x**3,
        "zero": x**0,
        "elementwise": tf.pow(tf.constant([2, 3, 0]), tf.constant([10, 4, 0])),
        "overflow": tf.constant(2) ** 33,
        "int64": tf.constant(2, tf.int64) ** 40,
        "negative exponent": attempt(lambda: x**-1),
        "rpow": 2 ** tf.constant([0, 1, 5]),
        "float exponent": attempt(lambda: x**2.0),
        "half exponent": attempt(lambda: x**0.5),
    }


@cases
def integer_overflow_wraps(tf: Any, np: Any) -> Any:
    big = tf.constant(2**31 - 1)
    return [
        big + 1,
        big * 2,
        -tf.constant(-(2**31)),
        tf.abs(tf.constant(-(2**31))),
        tf.reduce_sum([2**31 - 1, 1]),
        tf.constant(250, tf.uint8) + 10,
        tf.constant(5, tf.uint8) - 10,
        tf.constant(127, tf.int8) + tf.constant(1, tf.int8),
        tf.reduce_sum(tf.constant([200, 100], tf.uint8)),
        tf.reduce_prod(tf.constant([100, 3], tf.int8)),
        tf.cumsum(tf.constant([200, 100], tf.uint8)),
    ]


@cases
def mean_of_integers(tf: Any, np: Any) -> Any:
    return {
        "int32": tf.reduce_mean([1, 2, 4]),
        "negative": tf.reduce_mean([-1, -2, -4]),
        "uint8": tf.reduce_mean(tf.constant([250, 250, 251], tf.uint8)),
        "int64": tf.reduce_mean(tf.constant([1, 2], tf.int64)),
        "axis": tf.reduce_mean([[1, 2], [4, 5]], axis=0),
        "bool": attempt(lambda: tf.reduce_mean([True, False])),
        "empty": attempt(lambda: tf.reduce_mean(tf.constant([], tf.int32))),
    }


@cases
def range_values(tf: Any, np: Any) -> Any:
    return {
        "stop": tf.range(5),
        "start": tf.range(2, 6),
        "step": tf.range(1, 10, 3),
        "negative": tf.range(5, 0, -2),
        "floats": tf.range(0.0, 1.0, 0.3),
        "float stop": tf.range(2.5),
        "empty": attempt(lambda: tf.range(3, 0)),
        "empty float": tf.range(0.0),
        "zero step": attempt(lambda: tf.range(0, 3, 0)),
        "float64": tf.range(0.0, 1.0, 0.1, dtype=tf.float64),
        "int from float": attempt(lambda: tf.range(0.0, 3.0, dtype=tf.int32)),
        "linspace": tf.linspace(0.0, 1.0, 5),
        "linspace one": tf.linspace(2.0, 3.0, 1),
        "linspace ints": tf.linspace(0, 9, 4),
        "linspace zero": attempt(lambda: tf.linspace(0.0, 1.0, 0)),
        "linspace vectors": tf.linspace([0.0, 10.0], [1.0, 20.0], 3),
        "linspace axis": tf.linspace([0.0, 10.0], [1.0, 20.0], 3, axis=1),
        "down": tf.linspace(1.0, -1.0, 3),
    }


@cases
def float_edge_values(tf: Any, np: Any) -> Any:
    inf, nan = float("inf"), float("nan")
    x, y = (
        tf.constant([nan, inf, -inf, 0.0, -0.0, 1.0]),
        tf.constant([1.0, nan, inf, -0.0, nan, nan]),
    )
    return {
        "maximum": tf.maximum(x, y),
        "minimum": tf.minimum(x, y),
        "reduce_max": tf.reduce_max(x),
        "reduce_min": tf.reduce_min(x),
        "sign": tf.sign(x),
        "relu": tf.nn.relu(x),
        "equal": [x == x, x != x, x < y, x >= y],
        "argmax": tf.argmax(x),
        "argmin": tf.argmin(x),
        "sort": tf.sort(tf.constant([3.0, inf, -inf, 1.0])),
        "round": tf.round([0.5, 1.5, 2.5, -0.5, -1.5, 2.4]),
        "rint": tf.math.rint([0.5, 1.5, 2.5, -2.5]),
        "clip nan": tf.clip_by_value(x, -1.0, 1.0),
        "reduce_mean empty": tf.reduce_mean(tf.zeros([0])),
        "reduce_max empty": tf.reduce_max(tf.zeros([0])),
        "reduce_min empty int": tf.reduce_min(tf.zeros([0], tf.int32)),
        "reduce_max empty int": tf.reduce_max(tf.zeros([0], tf.int32)),
        "reduce_prod empty": tf.reduce_prod(tf.zeros([0])),
        "reduce_all empty": [
            tf.reduce_all(tf.zeros([0], tf.bool)),
            tf.reduce_any(tf.zeros([0], tf.bool)),
        ],
        "logsumexp empty": tf.reduce_logsumexp(tf.zeros([0])),
        "argmax empty": attempt(lambda: tf.argmax(tf.zeros([0]))),
        "argmax tie": [tf.argmax([1.0, 3.0, 3.0]), tf.argmin([1.0, 0.0, 0.0])],
        "argmax bool": attempt(lambda: tf.argmax([False, True, True])),
        "is_inf": [tf.math.is_inf(x), tf.math.is_finite(x), tf.math.is_nan(x)],
    }


@cases
def conversions_to_python(tf: Any, np: Any) -> Any:
    return {
        "float": float(tf.constant(1.5)),
        "int": int(tf.constant(1.9)),
        "bool": [bool(tf.constant(0.0)), bool(tf.constant([True])), bool(tf.constant(2))],
        "bool of vector": attempt(lambda: bool(tf.constant([1, 2]))),
        "bool of empty": attempt(lambda: bool(tf.constant([]))),
        "float of vector": attempt(lambda: float(tf.constant([1.0, 2.0]))),
        "float of one": attempt(lambda: float(tf.constant([1.5]))),
        "int of string": attempt(lambda: int(tf.constant("1"))),
        "complex": attempt(lambda: str(complex(tf.constant(1 + 2j)))),
        "index": [10, 20][tf.constant(1)],
        "index of float": attempt(lambda: [10, 20][tf.constant(1.0)]),
        "len": [len(tf.zeros((3, 2))), attempt(lambda: len(tf.constant(1)))],
        "iterate": list(tf.constant([[1, 2], [3, 4]])),
        "iterate scalar": attempt(lambda: list(tf.constant(1))),
        "unpack": attempt(lambda: (lambda a, b: [a, b])(*tf.constant([1, 2]))),
        "range of tensor": list(range(tf.constant(3))),
        "hash": attempt(lambda: hash(tf.constant(1))),
        "ref": tf.constant(1).ref() is not None,
        "in list": attempt(lambda: tf.constant(1) in [tf.constant(2), tf.constant(1)]),
        "contains": attempt(lambda: 1 in tf.constant([1, 2])),
        "eq none": tf.constant(1) == None,  # noqa: E711
        "eq string": attempt(lambda: tf.constant(1) == "a"),
        "eq list": tf.constant([1, 2]) == [1, 3],
        "eq other shape": attempt(lambda: tf.constant([1, 2]) == tf.constant([1, 2, 3])),
        "lt other shape": attempt(lambda: tf.constant([1, 2]) < tf.constant([1, 2, 3])),
        "not": not tf.constant(0),
        "and": bool(tf.constant(True) and tf.constant(False)),
        "np.array": np.array(tf.constant([1.0])),
        "np.asarray dtype": np.asarray(tf.constant([1.0]), np.int32),
        "tolist": tf.constant([[1, 2]]).numpy().tolist(),
        "numpy writes": attempt(lambda: tf.constant([1.0]).numpy().fill(2.0)),
        "divmod": attempt(lambda: list(divmod(tf.constant(7), tf.constant(2)))),
        "neg pos": [-tf.constant(1.0), attempt(lambda: +tf.constant(1.0))],
        "invert bool": ~tf.constant([True, False]),
        "round builtin": attempt(lambda: round(tf.constant(1.6))),
        "sum builtin": sum(tf.constant([1, 2, 3])),
        "max builtin": max(tf.constant([1, 3, 2])),
        "sorted builtin": attempt(lambda: sorted(tf.constant([3, 1, 2]))),
        "attribute": attempt(lambda: tf.constant(1.0).nothing),
        "T": attempt(lambda: tf.constant([[1, 2]]).T),
        "ndim": tf.zeros((2, 3)).ndim,
        "item": attempt(lambda: tf.constant(1.5).item()),
        "astype": attempt(lambda: tf.constant(1.5).astype("int32")),
        "set_shape": attempt(lambda: tf.zeros((2, 3)).set_shape([2, None])),
        "set_shape wrong": attempt(lambda: tf.zeros((2, 3)).set_shape([2, 4])),
        "device": type(tf.constant(1).device).__name__,
        "itemsize": tf.constant(1.0).dtype.size,
        "nbytes": attempt(lambda: tf.constant([1.0, 2.0]).nbytes),
        "is_tensor": [
            tf.is_tensor(x) for x in (tf.constant(1), tf.Variable(1), 1, np.ones(1), [1])
        ],
        "get_static_value": tf.get_static_value(tf.constant([1, 2])),
    }
