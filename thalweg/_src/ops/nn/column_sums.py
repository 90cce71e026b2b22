"""Sums over all dimensions but the last, fast in every program on CPU.

The fusions that make such sums fast on XLA:CPU are those that whole programs leave out, because they
miscompile (see ``core/xla.py``); without them a sum of 60 MB takes 9 to 35 ms where reading it takes 1.
The form here needs no fusion: blocks of rows are added element by element, and one matrix product
finishes the sum (``benchmarks/kernels/columns_and_pools.py``). It serves means, variances
and the gradients of biases.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from jax import lax
from jax import numpy as jnp

from thalweg._src.ops.nn.conv_kernels import on_cpu, wide

# Rows added in registers; width that fills the vector units; size below which nothing is gained.
_ROWS, _WIDTH, _SMALL = 16, 256, 1 << 15


def column_sum(
    function: Callable[..., Any], arrays: Sequence[Any], vectors: Sequence[Any] = ()
) -> Any:
    """Sum of ``function(*arrays, *vectors)`` over all dimensions but the last.

    Args:
        function: Elementwise function.
        arrays: Arrays of one shape ``(..., channels)``.
        vectors: Arrays ``(channels,)``.

    Returns:
        Array ``(channels,)``, float32 for narrower floats.
    """
    channels = arrays[0].shape[-1]
    rows = math.prod(arrays[0].shape[:-1])
    lump = max(1, -(-_WIDTH // max(channels, 1)))
    main = rows // (_ROWS * lump) * _ROWS * lump
    flat = [a.reshape(rows, channels).astype(wide(a)) for a in arrays]
    vectors = [v.astype(wide(v)) for v in vectors]
    if not on_cpu() or rows * channels < _SMALL or not main:
        return _plain(function, flat, vectors)
    repeated = [jnp.tile(v, lump) for v in vectors]
    blocks = [a[:main].reshape(-1, _ROWS, lump * channels) for a in flat]
    parts = [function(*(b[:, r] for b in blocks), *repeated) for r in range(_ROWS)]
    found = sum_of_rows(sum(parts[1:], parts[0])).reshape(lump, channels).sum(0)
    if main < rows:
        found = found + _plain(function, [a[main:] for a in flat], vectors)
    return found


def _plain(function: Callable[..., Any], flat: Sequence[Any], vectors: Sequence[Any]) -> Any:
    terms = function(*flat, *vectors)
    return jnp.sum(terms, 0, dtype=terms.dtype)


def sum_of_rows(x: Any) -> Any:
    """Sum of the rows of a matrix, as a matrix product.

    The product has seven rows of zeros below the row of ones: XLA:CPU miscompiles some products with
    matrices whose elements are all equal.
    """
    first = lax.broadcasted_iota(jnp.int32, (8, x.shape[0]), 0) == 0
    return jnp.matmul(first.astype(x.dtype), x, preferred_element_type=wide(x))[0]
