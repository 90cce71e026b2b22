"""Depthwise convolution and its gradients as pure functions of arrays.

Each input channel has `multiplier` kernels of its own. Arrays are channels-last: ``x (batch, *sizes,
channels)``, ``w (*window, channels, multiplier)``, ``g (batch, *windows, channels * multiplier)``.

A depthwise convolution does so little arithmetic for each number it reads that a sum of shifted
products, one multiply-add for each tap, is five times faster on CPU than XLA's grouped convolution.
"""

from __future__ import annotations

import math
from typing import Any

from jax import lax
from jax import numpy as jnp

from thalweg._src.core import xla
from thalweg._src.ops.nn import conv_kernels
from thalweg._src.ops.nn.column_sums import sum_of_rows
from thalweg._src.ops.nn.conv_kernels import on_cpu, padded, shifts, tap, untap, wide
from thalweg._src.ops.nn.windows import Window

# Beyond this many taps, a sum of shifted products would make programs too long to compile.
_MANY_TAPS = 64
# Rows of the output that are added up in registers before they are written, in the kernel gradient.
_ROWS = 8


def forward(x: Any, w: Any, window: Window) -> Any:
    """Depthwise convolution: ``(batch, *windows, channels * multiplier)``."""
    out = window.output_sizes(x.shape[1:-1])
    channels, multiplier = w.shape[-2:]
    shape = (x.shape[0], *out, channels * multiplier)
    if conv_kernels.is_empty(shape):
        return jnp.zeros(shape, x.dtype)
    if not _by_taps(window):
        return _native(x, w, window)
    xp, w = padded(x, window), w.astype(wide(w))
    total: Any = None
    for at in shifts(window):
        term = _times(tap(xp, at, window, out).astype(w.dtype), w[at])
        total = term if total is None else total + term
    return total.reshape(shape).astype(x.dtype)


def input_gradient(g: Any, w: Any, window: Window, sizes: tuple[int, ...]) -> Any:
    """Gradient of `forward` with respect to `x`: ``(batch, *sizes, channels)``."""
    channels, multiplier = w.shape[-2:]
    shape = (g.shape[0], *sizes, channels)
    if conv_kernels.is_empty(g.shape):
        return jnp.zeros(shape, g.dtype)
    if not _by_taps(window):
        primal = xla.ShapeDtypeStruct(shape, g.dtype)
        return xla.jax.linear_transpose(lambda x: _native(x, w, window), primal)(g)[0]
    parts = g.reshape(*g.shape[:-1], channels, multiplier)
    return sum(_input_gradient(parts[..., m], w[..., m], window, sizes) for m in range(multiplier))


def kernel_gradient(x: Any, g: Any, window: Window) -> Any:
    """Gradient of `forward` with respect to `w`: ``(*window, channels, multiplier)``."""
    channels = x.shape[-1]
    multiplier = g.shape[-1] // channels
    shape = (*window.size, channels, multiplier)
    if conv_kernels.is_empty(g.shape) or conv_kernels.is_empty(x.shape):
        return jnp.zeros(shape, g.dtype)
    if not _by_taps(window):
        primal = xla.ShapeDtypeStruct(shape, g.dtype)
        return xla.jax.linear_transpose(lambda w: _native(x, w, window), primal)(g)[0]
    parts = g.reshape(*g.shape[:-1], channels, multiplier)
    found = [_kernel_gradient(x, parts[..., m], window) for m in range(multiplier)]
    return jnp.stack(found, -1).reshape(shape)


def _by_taps(window: Window) -> bool:
    return on_cpu() and window.taps <= _MANY_TAPS


def _native(x: Any, w: Any, window: Window) -> Any:
    channels, multiplier = w.shape[-2:]
    kernel = w.reshape(*window.size, 1, channels * multiplier)
    return conv_kernels.native(x, kernel, window, channels)


def _times(seen: Any, kernel: Any) -> Any:
    """``(..., channels)`` times ``(channels, multiplier)``, channel by channel."""
    if kernel.shape[-1] == 1:
        return seen * kernel[:, 0]
    return seen[..., None] * kernel


def _input_gradient(g: Any, w: Any, window: Window, sizes: tuple[int, ...]) -> Any:
    """Input gradient for multiplier 1; `w` is ``(*window, channels)``."""
    if max(window.strides) > 1:
        kept, w = g.dtype, w.astype(wide(w))
        g = g.astype(w.dtype)
        return sum(untap(g * w[at], at, window, sizes) for at in shifts(window)).astype(kept)
    pads = tuple(
        (e - 1 - lo, n + lo - out)
        for n, out, e, (lo, _) in zip(sizes, g.shape[1:-1], window.extent, window.pads, strict=True)
    )
    turned = jnp.flip(w, tuple(range(len(sizes))))
    return forward(g, turned[..., None], window._replace(pads=pads))


def _kernel_gradient(x: Any, g: Any, window: Window) -> Any:
    """Kernel gradient for multiplier 1: ``(taps, channels)``.

    A plain sum over batch and positions makes XLA write each shifted input to memory. Instead `_ROWS`
    rows are added element by element and one matrix product finishes the sum.
    """
    out = g.shape[1:-1]
    xp = padded(x, window)
    rows = min(_ROWS, out[0])
    blocks = -(-out[0] // rows)
    spare = blocks * rows - out[0]
    if spare:
        g = _grow(g, spare)
        xp = _grow(xp, max(spare * window.strides[0], 0))
        out = (blocks * rows, *out[1:])
    width = math.prod(out[1:]) * g.shape[-1]
    by_row = g.reshape(g.shape[0], blocks, rows, width)
    sums = []
    for at in shifts(window):
        seen = tap(xp, at, window, out).reshape(by_row.shape)
        partial = sum(_product(seen[:, :, r], by_row[:, :, r]) for r in range(rows))
        sums.append(sum_of_rows(partial.reshape(-1, width)).reshape(-1, g.shape[-1]).sum(0))
    return jnp.stack(sums).astype(g.dtype)


def _product(a: Any, b: Any) -> Any:
    return a.astype(wide(a)) * b.astype(wide(b))


def _grow(x: Any, count: int) -> Any:
    config = [(0, 0, 0)] * x.ndim
    config[1] = (0, count, 0)
    return lax.pad(x, jnp.zeros((), x.dtype), config)
