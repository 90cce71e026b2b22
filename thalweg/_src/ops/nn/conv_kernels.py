"""Convolution and its two gradients as pure functions of arrays, lowered by regime.

All three take channels-last arrays: ``x (batch, *sizes, in)``, ``w (*window, in / groups, out)`` and
``g (batch, *windows, out)``. Each is linear in both arguments, and each is the derivative of the others.

On CPU, XLA has a fast path for a convolution in its plain form only. The forms that JAX derives for the
gradients take it outside of loops, but inside a compiled loop they fall to code that is 10 to 1,000
times slower, and so does the kernel gradient of a grouped convolution anywhere. So the gradients are
written as plain convolutions of transposed arrays, one for each group, which are as fast in a loop as
outside (``benchmarks/kernels/convolution.py``). Pointwise convolutions are matrix products. Sums of
shifted inputs win when timed alone but lose in a program, where XLA computes them once for each reader.
"""

from __future__ import annotations

import itertools
from typing import Any

from jax import lax
from jax import numpy as jnp

from thalweg._src.core import xla
from thalweg._src.ops.nn.windows import Window

# Beyond this many taps, one product for each would make programs too long to compile.
_MANY_TAPS = 64
# Beyond this many groups, one convolution for each would make programs too long to compile.
_MANY_GROUPS = 64

_LETTERS = "DHW"


def on_cpu() -> bool:
    """True when programs run on CPU by default."""
    return xla.jax.default_backend() == "cpu"


def _has_no_fast_convolution(x: Any, window: Window) -> bool:
    """True for float64 and integers, whose convolutions XLA:CPU does one number at a time."""
    return (x.dtype.itemsize == 8 or x.dtype.kind in "iu") and window.taps <= _MANY_TAPS


def forward(x: Any, w: Any, window: Window) -> Any:
    """Convolution ``y[o] = sum over taps t of x[o * stride + t * dilation - pad] w[t]``.

    Args:
        x: Array ``(batch, *sizes, in)``.
        w: Array ``(*window, in / groups, out)``.
        window: Geometry.

    Returns:
        Array ``(batch, *windows, out)``.
    """
    shape = (x.shape[0], *window.output_sizes(x.shape[1:-1]), w.shape[-1])
    if is_empty(shape) or is_empty(x.shape):
        return jnp.zeros(shape, x.dtype)
    groups = x.shape[-1] // w.shape[-2]
    if not on_cpu() or groups > _MANY_GROUPS:
        return native(x, w, window, groups)
    if groups > 1:
        parts = zip(_split(x, groups), _split(w, groups), strict=True)
        return jnp.concatenate([forward(a, b, window) for a, b in parts], -1)
    if window.is_pointwise:
        return _dot(_strided(x, window.strides), w.reshape(w.shape[-2:]))
    if _has_no_fast_convolution(x, window):
        return _sum_of_tap_products(x, w, window)
    return native(x, w, window)


def input_gradient(g: Any, w: Any, window: Window, sizes: tuple[int, ...], groups: int = 1) -> Any:
    """Gradient of `forward` with respect to `x`; also the transposed convolution.

    Args:
        g: Array ``(batch, *windows, out)``.
        w: Array ``(*window, in / groups, out)``.
        window: Geometry of the forward convolution.
        sizes: Spatial sizes of its input.
        groups: Number of groups of channels.

    Returns:
        Array ``(batch, *sizes, in)``.
    """
    shape = (g.shape[0], *sizes, w.shape[-2] * groups)
    if is_empty(g.shape) or is_empty(shape):
        return jnp.zeros(shape, g.dtype)
    if not on_cpu() or groups > _MANY_GROUPS:
        primal = xla.ShapeDtypeStruct(shape, g.dtype)
        transposed = xla.jax.linear_transpose(lambda x: native(x, w, window, groups), primal)
        return transposed(g)[0]
    if groups > 1:
        parts = zip(_split(g, groups), _split(w, groups), strict=True)
        return jnp.concatenate([input_gradient(a, b, window, sizes) for a, b in parts], -1)
    if window.is_pointwise:
        spread = _dot(g, w.reshape(w.shape[-2:]).T)
        return _spread(spread, (0,) * len(sizes), window.strides, sizes)
    if _has_no_fast_convolution(g, window):
        return _sum_of_products(g, w, window, sizes)
    return _input_gradient_plain(g, w, window, sizes)


def kernel_gradient(x: Any, g: Any, window: Window, groups: int = 1) -> Any:
    """Gradient of `forward` with respect to `w`.

    Args:
        x: Array ``(batch, *sizes, in)``.
        g: Array ``(batch, *windows, out)``.
        window: Geometry of the forward convolution.
        groups: Number of groups of channels.

    Returns:
        Array ``(*window, in / groups, out)``.
    """
    shape = (*window.size, x.shape[-1] // groups, g.shape[-1])
    if is_empty(g.shape) or is_empty(x.shape):
        return jnp.zeros(shape, g.dtype)
    if not on_cpu() or groups > _MANY_GROUPS:
        primal = xla.ShapeDtypeStruct(shape, g.dtype)
        transposed = xla.jax.linear_transpose(lambda w: native(x, w, window, groups), primal)
        return transposed(g)[0]
    if groups > 1:
        parts = zip(_split(x, groups), _split(g, groups), strict=True)
        return jnp.concatenate([kernel_gradient(a, b, window) for a, b in parts], -1)
    if window.is_pointwise:
        return _over_rows(_strided(x, window.strides), g).reshape(shape)
    if _has_no_fast_convolution(x, window):
        xp, out = padded(x, window), g.shape[1:-1]
        rows = [_over_rows(tap(xp, at, window, out), g) for at in shifts(window)]
        return jnp.stack(rows).reshape(shape)
    return _kernel_gradient_plain(x, g, window)


def is_empty(shape: Any) -> bool:
    return any(isinstance(n, int) and n == 0 for n in shape)


def _split(x: Any, groups: int) -> list[Any]:
    return jnp.split(x, groups, -1)


def native(x: Any, w: Any, window: Window, groups: int = 1, inner: Any = None) -> Any:
    """XLA's convolution; `inner` are dilations of `x`."""
    letters = _LETTERS[-len(window.size) :]
    numbers = (f"N{letters}C", f"{letters}IO", f"N{letters}C")
    kept = x.dtype
    if _is_narrow(x):
        x, w = x.astype(jnp.float32), w.astype(jnp.float32)
    out = lax.conv_general_dilated(
        x,
        w,
        window.strides,
        window.pads,
        lhs_dilation=inner,
        rhs_dilation=window.dilations,
        dimension_numbers=numbers,
        feature_group_count=groups,
    )
    return out.astype(kept)


def _is_narrow(x: Any) -> bool:
    """True for float16 and bfloat16 on CPU, where wide results are faster and sums need the digits."""
    return x.dtype.itemsize == 2 and x.dtype.kind not in "iu" and on_cpu()


def wide(x: Any) -> Any:
    return jnp.float32 if _is_narrow(x) else x.dtype


def _dot(x: Any, w: Any) -> Any:
    """Product over the last dimension of `x` as one matrix product."""
    rows = x.reshape(-1, x.shape[-1])
    out = jnp.matmul(rows, w, preferred_element_type=wide(x)).astype(x.dtype)
    return out.reshape(*x.shape[:-1], w.shape[-1])


def _over_rows(x: Any, g: Any) -> Any:
    """Product over all dimensions but the last: ``(in, out)``."""
    out = lax.dot_general(
        x.reshape(-1, x.shape[-1]),
        g.reshape(-1, g.shape[-1]),
        (((0,), (0,)), ((), ())),
        preferred_element_type=wide(x),
    )
    return out.astype(x.dtype)


def _strided(x: Any, strides: tuple[int, ...]) -> Any:
    if max(strides) == 1:
        return x
    return lax.slice(x, (0,) * x.ndim, x.shape, (1, *strides, 1))


def shifts(window: Window) -> list[tuple[int, ...]]:
    """Index of each tap, in row-major order."""
    return list(itertools.product(*map(range, window.size)))


def padded(x: Any, window: Window, value: Any = 0) -> Any:
    """`x` with the window's padding around its spatial dimensions."""
    if not any(lo or hi for lo, hi in window.pads):
        return x
    config = ((0, 0, 0), *((lo, hi, 0) for lo, hi in window.pads), (0, 0, 0))
    return lax.pad(x, jnp.asarray(value, x.dtype), config)


def tap(xp: Any, at: tuple[int, ...], window: Window, out: tuple[int, ...]) -> Any:
    """What all windows see through one tap: ``(batch, *windows, channels)`` of the padded input."""
    start = [i * d for i, d in zip(at, window.dilations, strict=True)]
    stop = [a + (o - 1) * s + 1 for a, o, s in zip(start, out, window.strides, strict=True)]
    return lax.slice(
        xp, (0, *start, 0), (xp.shape[0], *stop, xp.shape[-1]), (1, *window.strides, 1)
    )


def untap(part: Any, at: tuple[int, ...], window: Window, sizes: tuple[int, ...]) -> Any:
    """Transpose of `tap`: `part` put back where its tap saw it, zeros elsewhere."""
    start = tuple(
        i * d - lo for i, d, (lo, _) in zip(at, window.dilations, window.pads, strict=True)
    )
    return _spread(part, start, window.strides, sizes)


def _spread(
    part: Any, start: tuple[int, ...], strides: tuple[int, ...], sizes: tuple[int, ...]
) -> Any:
    """`part` at every `strides`-th place from `start` on, in zeros of the given spatial sizes."""
    config: list[tuple[int, int, int]] = [(0, 0, 0)]
    for n, a, s, count in zip(sizes, start, strides, part.shape[1:-1], strict=True):
        config.append((a, n - a - ((count - 1) * s + 1), s - 1))
    config.append((0, 0, 0))
    if all(c == (0, 0, 0) for c in config):
        return part
    return lax.pad(part, jnp.zeros((), part.dtype), config)


def _sum_of_tap_products(x: Any, w: Any, window: Window) -> Any:
    """Forward as one product for each tap."""
    xp, out = padded(x, window), window.output_sizes(x.shape[1:-1])
    total = None
    for at in shifts(window):
        term = _dot(tap(xp, at, window, out), w[at])
        total = term if total is None else total + term
    return total


def _sum_of_products(g: Any, w: Any, window: Window, sizes: tuple[int, ...]) -> Any:
    """Input gradient as one product and an addition for each tap."""
    taps, channels = window.taps, w.shape[-2]
    product = _dot(g, w.reshape(taps * channels, w.shape[-1]).T)
    total = None
    for index, at in enumerate(shifts(window)):
        part = lax.slice_in_dim(product, index * channels, (index + 1) * channels, axis=-1)
        term = untap(part, at, window, sizes)
        total = term if total is None else total + term
    return total


def _input_gradient_plain(g: Any, w: Any, window: Window, sizes: tuple[int, ...]) -> Any:
    """Input gradient as the convolution of the spread `g` with the turned kernel."""
    spatial = tuple(range(len(sizes)))
    turned = jnp.swapaxes(jnp.flip(w, spatial), -1, -2)
    pads = []
    parts = zip(sizes, g.shape[1:-1], window.extent, window.strides, window.pads, strict=True)
    for n, out, extent, stride, (lo, _) in parts:
        before = extent - 1 - lo
        pads.append((before, n + extent - 1 - ((out - 1) * stride + 1) - before))
    plain = Window(window.size, (1,) * len(sizes), window.dilations, tuple(pads))
    return native(g, turned, plain, inner=window.strides)


def _kernel_gradient_plain(x: Any, g: Any, window: Window) -> Any:
    """Kernel gradient as the convolution of `x` with `g`, batch and channels exchanged."""
    rank = len(window.size)
    middle = tuple(range(1, rank + 1))
    pads = []
    parts = zip(
        x.shape[1:-1], g.shape[1:-1], window.extent, window.strides, window.pads, strict=True
    )
    for n, out, extent, stride, (lo, _) in parts:
        pads.append((lo, extent + (out - 1) * stride - n - lo))
    plain = Window(g.shape[1:-1], window.dilations, window.strides, tuple(pads))
    swapped = native(x.transpose(rank + 1, *middle, 0), g.transpose(*middle, 0, rank + 1), plain)
    return swapped.transpose(*middle, 0, rank + 1)
