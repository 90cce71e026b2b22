"""NumPy twins of sliding windows: convolution and pooling written as their definitions, place by place."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np


def spatial(value: Any, rank: int) -> tuple[int, ...]:
    """One int for each spatial dimension, of an int, `rank` ints or a list with batch and channels."""
    if value is None:
        return (1,) * rank
    entries = [value] if isinstance(value, int) else list(value)
    if len(entries) == 1:
        return tuple(entries * rank)
    return tuple(entries[1:-1] if len(entries) == rank + 2 else entries)


def places(sizes: Any, size: Any, strides: Any, padding: Any, dilations: Any) -> Iterator[Any]:
    """For each window its index and, for each tap inside the input, the tap and the place it looks at."""
    befores, counts = [], []
    for axis, n in enumerate(sizes):
        extent = (size[axis] - 1) * dilations[axis] + 1
        if padding == "SAME":
            count = -(-n // strides[axis])
            total = max((count - 1) * strides[axis] + extent - n, 0)
            befores.append(total // 2)
        else:
            before, after = (0, 0) if padding == "VALID" else padding[axis + 1]
            count = (n + before + after - extent) // strides[axis] + 1
            befores.append(before)
        counts.append(count)
    for window in itertools.product(*map(range, counts)):
        seen = []
        for tap in itertools.product(*map(range, size)):
            at = [
                w * s + t * d - b for w, s, t, d, b in zip(window, strides, tap, dilations, befores)
            ]
            if all(0 <= a < n for a, n in zip(at, sizes)):
                seen.append((tap, tuple(at)))
        yield window, seen


def _shape(found: dict[Any, Any]) -> tuple[int, ...]:
    return tuple(max(index[axis] for index in found) + 1 for axis in range(len(next(iter(found)))))


def _assemble(found: dict[Any, Any]) -> Any:
    """Array ``(batch, *windows, channels)`` of the values ``(batch, channels)`` by window."""
    shape = _shape(found)
    first = next(iter(found.values()))
    out = np.zeros((first.shape[0], *shape, *first.shape[1:]), first.dtype)
    for index, value in found.items():
        out[(slice(None), *index)] = value
    return out


def convolve(
    x: Any, w: Any, strides: Any = None, padding: Any = "VALID", dilations: Any = None
) -> Any:
    """Convolution of ``(batch, *sizes, in)`` with ``(*window, in / groups, out)``."""
    rank = w.ndim - 2
    groups = x.shape[-1] // w.shape[-2]
    found = {}
    geometry = (spatial(strides, rank), padding, spatial(dilations, rank))
    for window, seen in places(x.shape[1:-1], w.shape[:-2], *geometry):
        value = np.zeros((x.shape[0], w.shape[-1]), x.dtype)
        for tap, at in seen:
            parts = np.split(x[(slice(None), *at)], groups, -1)
            kernels = np.split(w[tap], groups, -1)
            value += np.concatenate([p @ k for p, k in zip(parts, kernels)], -1)
        found[window] = value
    return _assemble(found)


def transposed(
    x: Any, w: Any, shape: Any, strides: Any, padding: Any = "SAME", dilations: Any = None
) -> Any:
    """Transpose of `convolve`: each input adds its filters to an output of the given shape."""
    rank = w.ndim - 2
    sizes = tuple(shape)[1:-1] if len(shape) == rank + 2 else tuple(shape)
    out = np.zeros((x.shape[0], *sizes, w.shape[-2]), x.dtype)
    geometry = (spatial(strides, rank), padding, spatial(dilations, rank))
    for window, seen in places(sizes, w.shape[:-2], *geometry):
        for tap, at in seen:
            out[(slice(None), *at)] += x[(slice(None), *window)] @ w[tap].T
    return out


def depthwise(x: Any, w: Any, strides: Any, padding: Any, dilations: Any = None) -> Any:
    """Depthwise convolution of ``(batch, h, w, c)`` with ``(kh, kw, c, multiplier)``."""
    found = {}
    for window, seen in places(
        x.shape[1:3], w.shape[:2], spatial(strides, 2), padding, spatial(dilations, 2)
    ):
        value = np.zeros((x.shape[0], w.shape[2] * w.shape[3]), x.dtype)
        for tap, at in seen:
            value += (x[(slice(None), *at)][..., None] * w[tap]).reshape(x.shape[0], -1)
        found[window] = value
    return _assemble(found)


def pooled(
    x: Any, size: Any, strides: Any, padding: Any, reduce: Any, dilations: Any = None
) -> Any:
    """Each window of ``(batch, *sizes, channels)`` reduced over its elements, padding left out."""
    rank = x.ndim - 2
    geometry = (spatial(strides, rank), padding, spatial(dilations, rank))
    found = {}
    for window, seen in places(x.shape[1:-1], spatial(size, rank), *geometry):
        found[window] = reduce(np.stack([x[(slice(None), *at)] for _, at in seen]), axis=0)
    return _assemble(found)


def argmax_pooled(x: Any, size: Any, strides: Any, padding: Any) -> tuple[Any, Any]:
    """Largest values of windows and their flat places ``(row * width + column) * channels + channel``."""
    found = {}
    channels = np.arange(x.shape[-1])
    for window, seen in places(
        x.shape[1:3], spatial(size, 2), spatial(strides, 2), padding, (1, 1)
    ):
        best = np.argmax(np.stack([x[(slice(None), *at)] for _, at in seen]), axis=0)
        flat = np.array([at[0] * x.shape[2] + at[1] for _, at in seen])
        found[window] = flat[best] * x.shape[-1] + channels
    return pooled(x, size, strides, padding, np.max), _assemble(found)


def morphology(x: Any, w: Any, strides: Any, padding: Any, dilations: Any) -> Any:
    """Greyscale dilation: largest of input plus filter in each window."""
    found = {}
    for window, seen in places(
        x.shape[1:3], w.shape[:2], spatial(strides, 2), padding, spatial(dilations, 2)
    ):
        found[window] = np.max(
            np.stack([x[(slice(None), *at)] + w[tap] for tap, at in seen]), axis=0
        )
    return _assemble(found)
