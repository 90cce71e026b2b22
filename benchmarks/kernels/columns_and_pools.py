"""Sums over all dimensions but the last, batch normalization and pooling: ours beside the plain forms.

Run ``python -m benchmarks.kernels.columns_and_pools``. Numbers as in ``convolution.py``.
"""

from __future__ import annotations

from typing import Any

import jax
from jax import lax
from jax import numpy as jnp

from benchmarks.kernels.measure import Form, normal, table
from thalweg._src.ops.nn import pooling_kernels
from thalweg._src.ops.nn.column_sums import column_sum
from thalweg._src.ops.nn.normalization import batch_normalize
from thalweg._src.ops.nn.windows import window


def columns(*shape: int) -> list[Form]:
    """Forms of sums and of batch normalization."""
    x, vector = normal(*shape), normal(shape[-1])
    axes = tuple(range(len(shape) - 1))

    def plain(a: Any) -> Any:
        mean = jnp.mean(a, axes)
        return (a - mean) * lax.rsqrt(jnp.mean(jnp.square(a - mean), axes) + 1e-3)

    def ours(a: Any) -> Any:
        return batch_normalize.opdef.plain((-1, 1e-3))(a, None, None)[0]

    return [
        Form("sum", "ours", lambda a, _: column_sum(lambda v: v, [a]), (x, vector)),
        Form("sum", "jnp.sum", lambda a, _: jnp.sum(a, axes), (x, vector)),
        Form("batch normalization", "ours", lambda a, _: ours(a), (x, vector)),
        Form("batch normalization", "plain", lambda a, _: plain(a), (x, vector)),
    ]


def pools(size: int, stride: int, *shape: int) -> list[Form]:
    """Forms of max-pooling and its gradient."""
    x = normal(*shape)
    geometry = window((size, size), (stride, stride), (1, 1), "SAME", shape[1:3])
    value, indices = pooling_kernels.max_pool_with_residuals(x, geometry)
    g = normal(*value.shape)
    pads = ((0, 0), *geometry.pads, (0, 0))

    def reduced(a: Any) -> Any:
        return lax.reduce_window(
            a, -jnp.inf, lax.max, (1, size, size, 1), (1, stride, stride, 1), pads
        )

    return [
        Form("forward", "ours", lambda a, _: pooling_kernels.max_pool(a, geometry), (x, g)),
        Form("forward", "reduce_window", lambda a, _: reduced(a), (x, g)),
        Form(
            "gradient",
            "ours",
            lambda c, i: pooling_kernels.max_pool_gradient(c, [i], geometry, shape[1:3]),
            (g, indices[0]),
        ),
        Form("gradient", "select_and_scatter", lambda c, a: jax.vjp(reduced, a)[1](c)[0], (g, x)),
    ]


def main() -> None:
    """Prints all tables."""
    for shape in ((32, 88, 88, 32), (32, 44, 44, 128), (64, 13, 13, 64)):
        table(f"columns of {shape}", columns(*shape), loops=False)
    for size, stride in ((2, 2), (3, 2), (3, 1)):
        table(
            f"max pool {size} / {stride} of (8, 88, 88, 64)",
            pools(size, stride, 8, 88, 88, 64),
            loops=False,
        )


if __name__ == "__main__":
    main()
