"""What ops and functions mean for sparse tensors: by name, the function that takes their place.

Importing this file completes `SparseTensor`. See the README of `ops/ragged` for the way in.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from thalweg._src.core.opdef import registry
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.sparse import arithmetic, places, products
from thalweg._src.ops.sparse.tensor import SparseTensor as SparseTensor

#: Ops of one tensor that leave 0 as it is, so that they work on the elements that are kept.
KEEPING_ZERO = (
    "abs",
    "asin",
    "asinh",
    "atan",
    "atanh",
    "cast",
    "ceil",
    "conj",
    "elu",
    "erf",
    "expm1",
    "floor",
    "identity",
    "imag",
    "leaky_relu",
    "log1p",
    "negative",
    "real",
    "relu",
    "relu6",
    "rint",
    "round",
    "saturate_cast",
    "selu",
    "sign",
    "silu",
    "sin",
    "sinh",
    "softsign",
    "sqrt",
    "square",
    "stop_gradient",
    "tan",
    "tanh",
)


def _of_values(name: str, x: SparseTensor, **settings: Any) -> SparseTensor:
    return x.with_values(registry[name].function(x._values, **settings))


def _shape(x: SparseTensor, *, dtype: Any) -> Tensor:
    return Tensor(np.asarray(places.shape_of("shape", x), dtype.numpy_dtype))


def _size(x: SparseTensor, *, dtype: Any) -> Tensor:
    return Tensor(np.asarray(np.prod(places.shape_of("size", x)), dtype.numpy_dtype))


def _rank(input: SparseTensor) -> Tensor:
    return Tensor(np.asarray(len(input.shape), np.int32))


SparseTensor.rules.update(
    {
        **{name: functools.partial(_of_values, name) for name in KEEPING_ZERO},
        "matmul": products.matmul,
        "multiply": arithmetic.multiply,
        "rank": _rank,
        "shape": _shape,
        "size": _size,
        "truediv": arithmetic.divide,
    }
)
