"""Blocks of pixels moved between dimensions: space, depth and batch."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError, UnimplementedError
from thalweg._src.core.convert import from_host
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.ops.arguments import int_of, ints_of, pairs_of


def _block(where: str, block_shape: Any, pairs: Any, rank: int) -> tuple[tuple[int, ...], Any]:
    """Checked block sizes and paddings; one number stands for a block of that size everywhere."""
    amounts = pairs if isinstance(pairs, tuple) else ()
    blocks = ints_of(where, "block_shape", block_shape)
    if isinstance(block_shape, int):
        blocks = blocks * len(amounts)
    if min(blocks, default=0) < 1 or len(blocks) >= rank:
        raise InvalidArgumentError(
            f"[{where}] expected from 1 to {rank - 1} block sizes of 1 or more, got {list(blocks)}."
        )
    return blocks, pairs_of(where, "paddings or crops", amounts, len(blocks))


@op("space_to_batch", inputs=("input",))
def space_to_batch(input: Any, block_shape: Any, paddings: Any) -> Any:
    """Blocks of a grid dealt out to the batch dimension.

    Args:
        input: Tensor of shape ``(batch, *grid, ...)``.
        block_shape: Sizes of a block, one for each grid dimension.
        paddings: Zeros to add before and after each grid dimension, shape ``(len(block_shape), 2)``.

    Returns:
        Tensor of shape ``(batch * prod(block_shape), *(padded grid / block_shape), ...)``.

    Raises:
        InvalidArgumentError: A padded size is no multiple of its block.

    Example:
        >>> import thalweg as tf
        >>> tf.space_to_batch([[0, 1, 2, 3]], [2], [[0, 0]]).numpy().tolist()
        [[0, 2], [1, 3]]

    Source: `tf.space_to_batch`.
    """
    blocks, pairs = _block("space_to_batch", block_shape, paddings, input.ndim)
    count = len(blocks)
    rest = input.ndim - 1 - count
    widths = [(0, 0, 0), *((a, b, 0) for a, b in pairs), *[(0, 0, 0)] * rest]
    x = lax.pad(input, jnp.zeros((), input.dtype), widths)
    grid = x.shape[1 : 1 + count]
    for axis, (size, block) in enumerate(zip(grid, blocks, strict=True)):
        if size % block:
            raise ShapeError(
                f"[space_to_batch] expected padded sizes that are multiples of the block, got size {size} "
                f"and block {block} in grid dimension {axis} of shape {tuple(input.shape)}; pad more."
            )
    split = [n for size, block in zip(grid, blocks, strict=True) for n in (size // block, block)]
    x = x.reshape(x.shape[0], *split, *x.shape[1 + count :])
    inner = [2 + 2 * i for i in range(count)]
    outer = [1 + 2 * i for i in range(count)]
    x = x.transpose(*inner, 0, *outer, *range(1 + 2 * count, x.ndim))
    return x.reshape(-1 if x.size else math.prod(blocks) * input.shape[0], *x.shape[count + 1 :])


@op("batch_to_space", inputs=("input",))
def batch_to_space(input: Any, block_shape: Any, crops: Any) -> Any:
    """Blocks of a grid collected from the batch dimension; undoes `space_to_batch`.

    Args:
        input: Tensor of shape ``(batch * prod(block_shape), *grid, ...)``.
        block_shape: Sizes of a block, one for each grid dimension.
        crops: Elements to cut off before and after each grid dimension of the result.

    Returns:
        Tensor of shape ``(batch, *(grid * block_shape - crops), ...)``.

    Raises:
        InvalidArgumentError: The batch is no multiple of the block's volume.

    Example:
        >>> import thalweg as tf
        >>> tf.batch_to_space([[0, 2], [1, 3]], [2], [[0, 0]]).numpy().tolist()
        [[0, 1, 2, 3]]

    Source: `tf.batch_to_space`.
    """
    blocks, pairs = _block("batch_to_space", block_shape, crops, input.ndim)
    count, volume = len(blocks), math.prod(blocks)
    if input.shape[0] % volume:
        raise ShapeError(
            f"[batch_to_space] expected a batch that is a multiple of {volume}, the product of the block "
            f"sizes, got shape {tuple(input.shape)}."
        )
    batch = input.shape[0] // volume
    x = input.reshape(*blocks, batch, *input.shape[1:])
    mixed = [d for i in range(count) for d in (count + 1 + i, i)]
    x = x.transpose(count, *mixed, *range(2 * count + 1, x.ndim))
    grid = [n * b for n, b in zip(input.shape[1 : 1 + count], blocks, strict=True)]
    x = x.reshape(batch, *grid, *input.shape[1 + count :])
    ends = [max(size - b, 0) for size, (_, b) in zip(grid, pairs, strict=True)]
    starts = [min(a, end) for (a, _), end in zip(pairs, ends, strict=True)]
    whole = x.shape[1 + count :]
    return lax.slice(x, (0, *starts, *(0 for _ in whole)), (batch, *ends, *whole))


def space_to_batch_nd(input: Any, block_shape: Any, paddings: Any, name: str | None = None) -> Any:
    """Blocks of a grid dealt out to the batch dimension; the same as `space_to_batch`.

    Args:
        input: Tensor of shape ``(batch, *grid, ...)``.
        block_shape: Sizes of a block, one for each grid dimension.
        paddings: Zeros to add before and after each grid dimension.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(batch * prod(block_shape), *(padded grid / block_shape), ...)``.

    Source: `tf.space_to_batch_nd`.
    """
    return space_to_batch(input, block_shape, paddings, name=name)


def _grid(where: str, input: Any, block_size: Any, data_format: str) -> tuple[int, bool]:
    """Checked block size, and whether channels come first."""
    size = int_of(where, "block_size", block_size)
    if size < 2:
        raise InvalidArgumentError(f"[{where}] expected block_size >= 2, got {size}.")
    if data_format == "NCHW_VECT_C":
        raise UnimplementedError(
            f"[{where}] data_format 'NCHW_VECT_C' is for int8 on special GPUs; use 'NHWC' or 'NCHW'."
        )
    if data_format not in ("NHWC", "NCHW"):
        raise InvalidArgumentError(
            f"[{where}] expected data_format 'NHWC' or 'NCHW', got {data_format!r}."
        )
    if input.ndim != 4:
        raise ShapeError(f"[{where}] expected an input of rank 4, got shape {tuple(input.shape)}.")
    return size, data_format == "NCHW"


@op("space_to_depth", inputs=("input",))
def space_to_depth(input: Any, block_size: Any, data_format: str = "NHWC") -> Any:
    """Blocks of pixels moved into the channels.

    Args:
        input: Images of shape ``(batch, height, width, channels)``, or ``(batch, channels, height,
            width)`` for ``"NCHW"``.
        block_size: Height and width of a block, 2 or more; divides both sizes.
        data_format: ``"NHWC"`` or ``"NCHW"``.

    Returns:
        Tensor of shape ``(batch, height / b, width / b, channels * b * b)``, or its ``"NCHW"`` form.

    Raises:
        InvalidArgumentError: A size is no multiple of the block.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.space_to_depth(tf.zeros((1, 4, 4, 3)), 2).shape
        TensorShape([1, 2, 2, 12])

    Source: `tf.nn.space_to_depth`.
    """
    b, first = _grid("space_to_depth", input, block_size, data_format)
    n, h, w, c = (input.shape[i] for i in ((0, 2, 3, 1) if first else (0, 1, 2, 3)))
    if h % b or w % b:
        raise ShapeError(
            f"[space_to_depth] expected height and width that are multiples of {b}, got {h} and {w}."
        )
    if first:
        x = input.reshape(n, c, h // b, b, w // b, b).transpose(0, 3, 5, 1, 2, 4)
        return x.reshape(n, b * b * c, h // b, w // b)
    x = input.reshape(n, h // b, b, w // b, b, c).transpose(0, 1, 3, 2, 4, 5)
    return x.reshape(n, h // b, w // b, b * b * c)


@op("depth_to_space", inputs=("input",))
def depth_to_space(input: Any, block_size: Any, data_format: str = "NHWC") -> Any:
    """Channels moved into blocks of pixels; undoes `space_to_depth`.

    Args:
        input: Tensor of shape ``(batch, height, width, channels)``, or ``(batch, channels, height,
            width)`` for ``"NCHW"``.
        block_size: Height and width of a block, 2 or more; its square divides the channels.
        data_format: ``"NHWC"`` or ``"NCHW"``.

    Returns:
        Tensor of shape ``(batch, height * b, width * b, channels / (b * b))``, or its ``"NCHW"`` form.

    Raises:
        InvalidArgumentError: The channels are no multiple of the block's area.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.depth_to_space(tf.zeros((1, 2, 2, 12)), 2).shape
        TensorShape([1, 4, 4, 3])

    Source: `tf.nn.depth_to_space`.
    """
    b, first = _grid("depth_to_space", input, block_size, data_format)
    n, h, w, c = (input.shape[i] for i in ((0, 2, 3, 1) if first else (0, 1, 2, 3)))
    if c % (b * b):
        raise ShapeError(
            f"[depth_to_space] expected a number of channels that is a multiple of {b * b}, got {c}."
        )
    if first:
        x = input.reshape(n, b, b, c // (b * b), h, w).transpose(0, 3, 4, 1, 5, 2)
        return x.reshape(n, c // (b * b), h * b, w * b)
    x = input.reshape(n, h, w, b, b, c // (b * b)).transpose(0, 1, 3, 2, 4, 5)
    return x.reshape(n, h * b, w * b, c // (b * b))


def required_space_to_batch_paddings(
    input_shape: Any, block_shape: Any, base_paddings: Any = None, name: str | None = None
) -> tuple[Any, Any]:
    """Paddings that make each size a multiple of its block, and the crops that undo them.

    Args:
        input_shape: Sizes of the grid dimensions.
        block_shape: Sizes of a block.
        base_paddings: Least paddings, shape ``(n, 2)``; zeros when None.
        name: Unused.

    Returns:
        Paddings and crops, both int32 of shape ``(n, 2)``. Whatever is needed is added at the end.

    Raises:
        InvalidArgumentError: The lengths differ.

    Source: `tf.compat.v1.required_space_to_batch_paddings`.
    """
    where = "required_space_to_batch_paddings"
    sizes = np.array(ints_of(where, "input_shape", freeze(input_shape)))
    blocks = np.array(ints_of(where, "block_shape", freeze(block_shape)))
    if sizes.shape != blocks.shape:
        raise InvalidArgumentError(
            f"[{where}] expected as many sizes as blocks, got {sizes.tolist()} and {blocks.tolist()}."
        )
    if base_paddings is None:
        base = np.zeros((len(sizes), 2), int)
    else:
        base = np.array(pairs_of(where, "base_paddings", freeze(base_paddings), len(sizes)))
        base = base.reshape(len(sizes), 2)
    extra = -(sizes + base.sum(1)) % blocks
    paddings = np.stack([base[:, 0], base[:, 1] + extra], 1)
    crops = np.stack([np.zeros_like(extra), extra], 1)
    return from_host(paddings.astype(np.int32)), from_host(crops.astype(np.int32))
