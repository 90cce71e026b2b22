"""Calls of `keras.ops` with sparse tensors, for real Keras and for ours."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

ONE = np.array([[0, 1.5, 0], [2, 0, -3]], "float32")
TWO = np.array([[0, 2, 0], [0, 0, 4]], "float32")
CLASSES = np.array([[0, 1], [2, 0]], "int32")
MATRIX = np.arange(6, dtype="float32").reshape(3, 2)

SINGLE = (
    "abs", "absolute", "arcsin", "arcsinh", "arctan", "arctanh", "ceil", "conj", "cos", "cosh", "deg2rad",
    "exp", "exp2", "expm1", "floor", "imag", "isfinite", "log10", "log1p", "negative", "real", "reciprocal",
    "round", "sign", "sin", "sinh", "sqrt", "square", "stop_gradient", "sum", "tan", "tanh", "transpose",
    "erf", "arccos", "copy",
)  # fmt: skip
PAIRED = ("add", "subtract", "multiply", "divide", "maximum", "minimum")


def cases(tf: Any, ops: Any) -> dict[str, Callable[[], Any]]:
    """The calls by name."""
    s, s2, d = tf.sparse.from_dense(ONE), tf.sparse.from_dense(TWO), tf.constant(ONE + 1.0)
    classes, w = tf.sparse.from_dense(CLASSES), tf.constant(MATRIX)
    found: dict[str, Callable[[], Any]] = {
        "matmul": lambda: ops.matmul(s, w),
        "matmul, sparse second": lambda: ops.matmul(tf.transpose(w), tf.sparse.transpose(s)),
        "matmul, both": lambda: ops.matmul(s, tf.sparse.transpose(s2)),
        "dot, number": lambda: ops.dot(s, 2.0),
        "cast": lambda: ops.cast(s, "int32"),
        "reshape": lambda: ops.reshape(s, (3, -1)),
        "transpose, axes": lambda: ops.transpose(s, (1, 0)),
        "concatenate": lambda: ops.concatenate([s, s2], axis=1),
        "concatenate, dense": lambda: ops.concatenate([s, d]),
        "expand_dims": lambda: ops.expand_dims(s, 0),
        "squeeze": lambda: ops.squeeze(tf.sparse.expand_dims(s, 0), 0),
        "sum, axis": lambda: ops.sum(s, axis=0),
        "sum, keepdims": lambda: ops.sum(s, axis=1, keepdims=True),
        "take": lambda: ops.take(w, classes, axis=0),
        "one_hot": lambda: ops.one_hot(tf.constant([0, 2]), 3, sparse=True),
        "multi_hot": lambda: ops.multi_hot(tf.constant([[0, 2]]), 3, sparse=True),
        "bincount": lambda: ops.bincount(classes),
        "bincount, sparse": lambda: ops.bincount(tf.constant([[0, 2]]), minlength=3, sparse=True),
        "convert_to_tensor": lambda: ops.convert_to_tensor(s, sparse=False),
    }
    for name in SINGLE:
        found[name] = functools.partial(getattr(ops, name), s)
    pairs = {"both": (s, s2), "dense": (s, d), "dense first": (d, s), "number": (s, 2.0)}
    for name in PAIRED:
        for which, (x1, x2) in pairs.items():
            found[f"{name}, {which}"] = functools.partial(getattr(ops, name), x1, x2)
    return found


def described(tf: Any, result: Any) -> dict[str, Any]:
    """Whether a result is sparse, its dtype and its values."""
    is_sparse = isinstance(result, tf.SparseTensor)
    values = (tf.sparse.to_dense(result) if is_sparse else result).numpy()
    rounded = np.round(values.astype("float64"), 5)
    return {"sparse": is_sparse, "dtype": values.dtype.name, "values": rounded.tolist()}
