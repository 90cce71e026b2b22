"""Pooling and its gradients as pure functions of channels-last arrays.

A pool is a chain of strided slices, one for each tap of the window. XLA:CPU miscompiles programs in
which ``reduce_window`` or reshape-and-max feeds a matrix product, and its gradient of ``reduce_window``
is 15 times slower than the form here: forward keeps the number of the first tap that held the maximum
(one byte for each output), backward spreads the cotangent by comparing with it.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.ops.nn.conv_kernels import is_empty, padded, shifts, tap, untap, wide
from thalweg._src.ops.nn.windows import Window

# Windows of more taps are pooled along one dimension after the other: k + k slices, not k * k.
_MANY_TAPS = 32


def stages(window: Window) -> list[Window]:
    """The window itself, or windows along one dimension each, the last dimension first.

    The order makes the first maximum of the stages the first one in row-major order.
    """
    if window.taps <= _MANY_TAPS:
        return [window]
    one, none = (1,) * len(window.size), ((0, 0),) * len(window.size)
    found = []
    for axis in reversed(range(len(window.size))):
        parts: list[Any] = []
        for whole, neutral in zip(window, (one, one, one, none), strict=True):
            parts.append(
                tuple(
                    w if i == axis else n
                    for i, (w, n) in enumerate(zip(whole, neutral, strict=True))
                )
            )
        found.append(Window(*parts))
    return found


def _lowest(dtype: Any) -> Any:
    return jnp.iinfo(dtype).min if dtype.kind in "iu" else -jnp.inf


def _is_kept(best: Any, seen: Any) -> Any:
    """Where the best so far stays: it is larger, or came first, or is NaN."""
    kept = best >= seen
    return kept if best.dtype.kind in "iu" else kept | (best != best)


def max_pool(x: Any, window: Window) -> Any:
    """Largest value of each window; NaN where a window holds one."""
    for stage in stages(window):
        x = _max_stage(x, stage)[0]
    return x


def _max_stage(x: Any, window: Window, index_dtype: Any = None) -> tuple[Any, Any]:
    """Largest values, and the number of the first tap that holds them when a dtype is given."""
    out = window.output_sizes(x.shape[1:-1])
    shape = (x.shape[0], *out, x.shape[-1])
    if is_empty(shape):
        return jnp.zeros(shape, x.dtype), jnp.zeros(shape, index_dtype or jnp.int8)
    xp = padded(x, window, _lowest(x.dtype))
    best = index = None
    for number, at in enumerate(shifts(window)):
        seen = tap(xp, at, window, out)
        if best is None:
            best = seen
            index = jnp.zeros(seen.shape, index_dtype) if index_dtype is not None else None
            continue
        kept = _is_kept(best, seen)
        best = jnp.where(kept, best, seen)
        if index is not None:
            index = jnp.where(kept, index, jnp.asarray(number, index_dtype))
    return best, index


def max_pool_with_residuals(x: Any, window: Window) -> tuple[Any, list[Any]]:
    """`max_pool` and what its gradient needs: first taps by stage."""
    indices = []
    for stage in stages(window):
        x, index = _max_stage(x, stage, jnp.int8 if stage.taps < 127 else jnp.int32)
        indices.append(index)
    return x, indices


def max_pool_gradient(g: Any, indices: list[Any], window: Window, sizes: tuple[int, ...]) -> Any:
    """Gradient of `max_pool`: each cotangent goes to the first maximum of its window."""
    chain = stages(window)
    seen = [sizes]
    for stage in chain[:-1]:
        seen.append(stage.output_sizes(seen[-1]))
    for stage, index, before in zip(
        reversed(chain), reversed(indices), reversed(seen), strict=True
    ):
        g = spread(g, index, stage, before)
    return g


def average_pool(x: Any, window: Window) -> Any:
    """Mean of each window, of the elements that are no padding."""
    counts = _counts(window, x.shape[1:-1])
    kept, total = x.dtype, x.astype(wide(x))
    for stage in stages(window):
        total = _sum_stage(total, stage)
    return (total / jnp.asarray(counts, total.dtype)).astype(kept)


def average_pool_gradient(g: Any, window: Window, sizes: tuple[int, ...]) -> Any:
    """Gradient of `average_pool`: each cotangent is shared by the elements of its window."""
    kept, g = g.dtype, g.astype(wide(g))
    g = g * jnp.asarray(1 / _counts(window, sizes), g.dtype)
    chain = stages(window)
    seen = [sizes]
    for stage in chain[:-1]:
        seen.append(stage.output_sizes(seen[-1]))
    for stage, before in zip(reversed(chain), reversed(seen), strict=True):
        g = spread(g, None, stage, before)
    return g.astype(kept)


def _sum_stage(x: Any, window: Window) -> Any:
    out = window.output_sizes(x.shape[1:-1])
    if is_empty((x.shape[0], *out)):
        return jnp.zeros((x.shape[0], *out, x.shape[-1]), x.dtype)
    xp = padded(x, window)
    total = None
    for at in shifts(window):
        seen = tap(xp, at, window, out)
        total = seen if total is None else total + seen
    return total


def _counts(window: Window, sizes: Any) -> Any:
    """Elements of each window that are no padding: ``(*windows, 1)``, or one number for all."""
    counts: Any = np.ones((1,))
    parts = zip(sizes, window.size, window.strides, window.dilations, window.pads, strict=True)
    found = []
    for (n, k, s, d, (lo, _)), out in zip(parts, window.output_sizes(sizes), strict=True):
        place = np.arange(out)[:, None] * s + np.arange(k) * d - lo
        found.append(((place >= 0) & (place < n)).sum(1))
    for count in reversed(found):
        counts = count.reshape(-1, *(1,) * counts.ndim) * counts
    counts = np.maximum(counts, 1)
    # One number where all windows are whole: cheaper than an array to look it up in.
    return counts.reshape(-1)[0] if counts.size and (counts == counts.flat[0]).all() else counts


def spread(g: Any, index: Any, window: Window, sizes: tuple[int, ...]) -> Any:
    """Each cotangent at the tap that `index` names, or at all taps when it is None."""
    if is_empty(g.shape):
        return jnp.zeros((g.shape[0], *sizes, g.shape[-1]), g.dtype)
    if not _by_blocks(window, index is not None):
        return sum(
            untap(g if index is None else _chosen(g, index == number), at, window, sizes)
            for number, at in enumerate(shifts(window))
        )
    blocks = [-(-k // s) for k, s in zip(window.size, window.strides, strict=True)]
    total = None
    for block in itertools.product(*map(range, blocks)):
        term = _spread_block(g, index, window, block, blocks)
        total = term if total is None else total + term
    return _fit(total, window, sizes)


def _by_blocks(window: Window, with_index: bool) -> bool:
    """Whether spreading by blocks is the faster form: windows that are strided and, for maxima, overlap."""
    if max(window.dilations) > 1 or max(window.strides) == 1:
        return False
    return not with_index or any(k > s for k, s in zip(window.size, window.strides, strict=True))


def _chosen(g: Any, mask: Any) -> Any:
    return jnp.where(mask, g, jnp.zeros((), g.dtype))


def _spread_block(g: Any, index: Any, window: Window, block: Any, blocks: Any) -> Any:
    """Cotangents at the taps of one block of ``strides`` taps, over the whole padded input.

    The padded input is cut into cells of ``strides`` elements. A window covers `blocks` cells in each
    dimension, and a block is what all windows have in the cell that lies `block` cells after their first.
    """
    rank = len(window.size)
    around = [(b, count - 1 - b, 0) for b, count in zip(block, blocks, strict=True)]
    config = [(0, 0, 0), *around, (0, 0, 0)]
    g = lax.pad(g, jnp.zeros((), g.dtype), config)
    numbers = _tap_numbers(window, block)
    cells = [x for pair in zip(g.shape[1:-1], window.strides, strict=True) for x in pair]
    apart = tuple(range(2, 2 * rank + 1, 2))
    g = jnp.expand_dims(g, apart)
    if index is None:
        mask = numbers >= 0
    else:
        index = lax.pad(index, jnp.asarray(-1, index.dtype), config)
        mask = jnp.expand_dims(index, apart) == jnp.asarray(numbers, index.dtype)
        mask = mask & (numbers >= 0)
    term = _chosen(jnp.broadcast_to(g, (g.shape[0], *cells, g.shape[-1])), mask)
    whole = [n * s for n, s in zip(cells[::2], window.strides, strict=True)]
    return term.reshape(term.shape[0], *whole, term.shape[-1])


def _tap_numbers(window: Window, block: Any) -> Any:
    """Number of the tap at each place of a cell, -1 where the window has none there.

    Shape ``(1, 1, s1, 1, s2, ..., 1)``, to compare with ``(batch, cells, s1, cells, s2, ..., channels)``.
    """
    numbers: Any = np.zeros((1,), int)
    factor = math.prod(window.size)
    for axis, (k, s, b) in enumerate(zip(window.size, window.strides, block, strict=True)):
        factor //= k
        at = b * s + np.arange(s)
        own = np.where(at < k, at * factor, -(10**6)).reshape(
            -1, *(1,) * (2 * (len(block) - axis) - 1)
        )
        numbers = numbers + own if axis else own
    return np.where(numbers < 0, -1, numbers)[None, None]


def _fit(x: Any, window: Window, sizes: tuple[int, ...]) -> Any:
    """The part of a padded array that is no padding, with zeros where no window reached."""
    config = [(0, 0, 0)]
    for have, n, (lo, _) in zip(x.shape[1:-1], sizes, window.pads, strict=True):
        config.append((-lo, n + lo - have, 0))
    config.append((0, 0, 0))
    if all(c == (0, 0, 0) for c in config):
        return x
    return lax.pad(x, jnp.zeros((), x.dtype), config)


def argmax_positions(x: Any, window: Window) -> tuple[Any, Any, Any]:
    """Largest value of each window and its flat position ``(row * width + column) * channels + channel``.

    Args:
        x: Array ``(batch, height, width, channels)``.
        window: Geometry.

    Returns:
        Values and int32 or int64 positions, both ``(batch, rows, columns, channels)``, and the first taps.
    """
    sizes, channels = x.shape[1:-1], x.shape[-1]
    best, index = _max_stage(x, window, jnp.int32)
    wide_enough = jnp.int32 if math.prod(sizes) * channels < 2**31 else jnp.int64
    position = jnp.zeros((), wide_enough)
    rest = index.astype(wide_enough)
    factor = window.taps
    for axis, (n, k, s, d, (lo, _)) in enumerate(zip(sizes, *window, strict=True)):
        factor //= k
        at, rest = rest // factor, rest % factor
        first = lax.broadcasted_iota(wide_enough, best.shape, axis + 1) * s - lo
        position = position * n + first + at * d
    position = position * channels + lax.broadcasted_iota(wide_enough, best.shape, best.ndim - 1)
    return best, position, index
