"""Frames: overlapping pieces of a signal, cut out and put together again."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import check_kind
from thalweg._src.core.opdef import op
from thalweg._src.ops.matrices import need_rank
from thalweg._src.ops.support import axis_of

# Up to so many frames over one sample, slices are cheaper than a gather and its scattered gradient.
_MOST_SLICES = 16


def _need_positive(where: str, **sizes: Any) -> None:
    for name, size in sizes.items():
        if not isinstance(size, int) or isinstance(size, bool) or size < 1:
            raise InvalidArgumentError(
                f"[{where}] expected {name} as a number of samples of at least 1, got {size!r}."
            )


def _pad_end(x: Any, size: int, value: Any = 0) -> Any:
    """The last axis cropped or padded to `size`."""
    x = x[..., :size]
    missing = size - x.shape[-1]
    if not missing:
        return x
    pads = [(0, 0)] * (x.ndim - 1) + [(0, missing)]
    return jnp.pad(x, pads, constant_values=jnp.asarray(value, x.dtype))


def _places(frames: int, length: int, step: int) -> Any:
    """For each frame, the places of its samples in the signal."""
    return np.arange(frames, dtype=np.int32)[:, None] * step + np.arange(length, dtype=np.int32)


@op("frame", inputs=("signal",))
def frame(
    signal: Any,
    frame_length: Any,
    frame_step: Any,
    pad_end: bool = False,
    pad_value: Any = 0,
    axis: Any = -1,
) -> Any:
    """Overlapping pieces of a signal, each starting a step after the one before.

    Args:
        signal: Tensor ``(..., samples, ...)``.
        frame_length: Samples of a frame.
        frame_step: Samples from the start of one frame to the next.
        pad_end: Give frames as long as they start inside the signal, padded; else only full ones.
        pad_value: Value to pad with.
        axis: Axis of the samples.

    Returns:
        Tensor ``(..., frames, frame_length, ...)``.

    Raises:
        ValueError: A size is under 1, or the axis is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.frame([1, 2, 3, 4], frame_length=2, frame_step=1).numpy().tolist()
        [[1, 2], [2, 3], [3, 4]]

    Source: `tf.signal.frame`.
    """
    _need_positive("frame", frame_length=frame_length, frame_step=frame_step)
    need_rank("frame", signal, "signal", 1)
    if signal.dtype != bool:
        check_kind(pad_value, dtypes.BY_NUMPY[signal.dtype], "frame")
    axis = axis_of("frame", axis, signal.ndim)
    x = jnp.moveaxis(signal, axis, -1)
    samples = x.shape[-1]
    full = max(0, 1 + (samples - frame_length) // frame_step)
    count = -(-samples // frame_step) if pad_end else full
    pieces = -(-frame_length // frame_step)
    if pieces > _MOST_SLICES:
        x = _pad_end(x, max(0, count - 1) * frame_step + frame_length, pad_value)
        framed = x[..., _places(count, frame_length, frame_step)]
    else:
        x = _pad_end(x, (count + pieces - 1) * frame_step, pad_value)
        blocks = x.reshape(*x.shape[:-1], count + pieces - 1, frame_step)
        parts = [blocks[..., j : j + count, :] for j in range(pieces)]
        framed = jnp.concatenate(parts, -1)[..., :frame_length]
    return jnp.moveaxis(framed, (-2, -1), (axis, axis + 1))


@op("overlap_and_add", inputs=("signal",))
def overlap_and_add(signal: Any, frame_step: Any) -> Any:
    """Signal of which the given frames are the pieces; overlapping samples are added.

    Args:
        signal: Tensor ``(..., frames, frame_length)``.
        frame_step: Samples from the start of one frame to the next.

    Returns:
        Tensor ``(..., (frames - 1) * frame_step + frame_length)``.

    Raises:
        ValueError: The step is under 1, or the rank under 2.

    Example:
        >>> import thalweg as tf
        >>> tf.signal.overlap_and_add([[1, 1, 1], [5, 5, 5]], frame_step=2).numpy().tolist()
        [1, 1, 6, 5, 5]

    Source: `tf.signal.overlap_and_add`.
    """
    _need_positive("overlap_and_add", frame_step=frame_step)
    need_rank("overlap_and_add", signal, "signal")
    count, length = signal.shape[-2:]
    samples = max(0, count - 1) * frame_step + length
    pieces = -(-length // frame_step)
    batch = signal.shape[:-2]
    if not count:
        return jnp.zeros((*batch, samples), signal.dtype)
    if pieces > _MOST_SLICES:
        out = jnp.zeros((*batch, samples), signal.dtype)
        return out.at[..., _places(count, length, frame_step)].add(signal)
    blocks = _pad_end(signal, pieces * frame_step).reshape(*batch, count, pieces, frame_step)
    quiet = [(0, 0)] * len(batch)
    total = jnp.zeros((*batch, count + pieces - 1, frame_step), signal.dtype)
    for j in range(pieces):
        total = total + jnp.pad(blocks[..., j, :], [*quiet, (j, pieces - 1 - j), (0, 0)])
    return total.reshape(*batch, -1)[..., :samples]


@op("fit_length")
def fit_length(x: Any, *, size: int) -> Any:
    """The last axis cropped, or padded with zeros, to `size`."""
    return _pad_end(x, size)
