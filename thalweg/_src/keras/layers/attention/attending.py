"""Means of values weighted by scores, and the masks that say what may be seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.core import dtypes
from thalweg._src.ops.casting import cast
from thalweg._src.ops.comparison import greater_equal, less, logical_and
from thalweg._src.ops.contraction import matmul
from thalweg._src.ops.creation import zeros_like
from thalweg._src.ops.elementwise import abs as absolute
from thalweg._src.ops.elementwise import multiply, subtract
from thalweg._src.ops.nn.attention import dot_product_attention
from thalweg._src.ops.nn.softmax import softmax
from thalweg._src.ops.ranges import range_ as numbers
from thalweg._src.ops.reduction import reduce_any
from thalweg._src.ops.selection import where
from thalweg._src.ops.shaping import expand_dims, reshape, transpose

# Score of what must not be seen: its weight is 0 beside any other, and a row of such scores is no NaN.
HIDDEN = -1e30


def weights_of(scores: Any, mask: Any = None) -> Any:
    """Softmax over the last axis, computed in float32 or wider.

    Args:
        scores: Floating tensor ``(..., source)``.
        mask: Boolean tensor that broadcasts to it, False where nothing may be seen; None for all True.

    Returns:
        Tensor of the shape and dtype of `scores`. A row in which all is masked has equal weights.
    """
    wide = scores if dtypes.as_dtype(scores.dtype).size > 2 else cast(scores, "float32")
    if mask is not None:
        wide = where(mask, wide, cast(HIDDEN, wide.dtype))
    return cast(softmax(wide), scores.dtype)


def seen(*masks: Any) -> Any:
    """What all masks let through; None stands for a mask that hides nothing."""
    found = None
    for mask in masks:
        if mask is not None:
            found = mask if found is None else logical_and(found, mask)
    return found


def causal_mask(target: int, source: int) -> Any:
    """Mask ``(target, source)``: each target sees sources up to its own number."""
    return greater_equal(expand_dims(numbers(target), -1), numbers(source))


def window_mask(target: int, source: int, width: int) -> Any:
    """Mask ``(target, source)``: each target sees sources fewer than `width` steps away."""
    return less(absolute(subtract(expand_dims(numbers(target), -1), numbers(source))), width)


def heads_attended(
    query: Any,
    key: Any,
    value: Any,
    mask: Any,
    causal: bool,
    dropout: Callable[[Any], Any] | None,
    want_scores: bool,
) -> tuple[Any, Any]:
    """Attention of several heads by scaled dot products.

    Args:
        query: Tensor ``(batch, target, heads, features)``.
        key: Tensor ``(batch, source, key heads, features)``: each serves as many of the query's heads.
        value: Tensor ``(batch, source, key heads, outputs)``.
        mask: Boolean tensor that broadcasts to ``(batch, heads, target, source)``, or None.
        causal: Whether each target sees only sources up to its own number.
        dropout: Function of the weights, for training; None for none.
        want_scores: Whether the weights are wanted, too.

    Returns:
        Outputs ``(batch, target, heads, outputs)``, 0 where a target sees nothing, and the weights before
        dropout, ``(batch, heads, target, source)``, or None.
    """
    target, source = query.shape[1], key.shape[1]
    if mask is not None and causal:
        mask, causal = logical_and(mask, causal_mask(target, source)), False
    if dropout is None and not want_scores:
        outputs = dot_product_attention(query, key, value, mask=mask, causal=causal)
        if mask is not None:
            seeing = transpose(reduce_any(mask, -1, keepdims=True), (0, 2, 1, 3))
            outputs = where(seeing, outputs, zeros_like(outputs))
        return outputs, None
    if causal:
        mask = causal_mask(target, source)
    weights = _scores(query, key)
    weights = weights_of(weights, mask)
    if mask is not None:
        weights = where(mask, weights, zeros_like(weights))
    weights = cast(weights, query.dtype)
    kept = weights if dropout is None else dropout(weights)
    return _mixed(kept, value), weights


def _scores(query: Any, key: Any) -> Any:
    """Scaled products ``(batch, heads, target, source)``, in float32 or wider."""
    size, groups = query.shape[3], key.shape[2]
    half = dtypes.as_dtype(query.dtype).size == 2
    rows, columns = transpose(query, (0, 2, 1, 3)), transpose(key, (0, 2, 1, 3))
    parts = reshape(rows, (-1, groups, query.shape[2] // groups, *rows.shape[2:]))
    products = matmul(
        parts, expand_dims(columns, 2), transpose_b=True, output_type="float32" if half else None
    )
    scores = reshape(products, (-1, query.shape[2], *products.shape[3:]))
    return multiply(scores, size**-0.5)


def _mixed(weights: Any, value: Any) -> Any:
    """Sums of values ``(batch, target, heads, outputs)``."""
    heads, groups = weights.shape[1], value.shape[2]
    parts = reshape(weights, (-1, groups, heads // groups, *weights.shape[2:]))
    sums = matmul(parts, expand_dims(transpose(value, (0, 2, 1, 3)), 2))
    return transpose(reshape(sums, (-1, heads, *sums.shape[3:])), (0, 2, 1, 3))
