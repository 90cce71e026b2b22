"""Attention: means of values, weighted by how well their keys fit a query."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.nn.softmax import shifted, total
from thalweg._src.ops.support import FLOAT, needs

# Masked logits: so low that their weight is 0 beside any other, yet finite, so that a row in which all
# are masked gives equal weights instead of NaN.
_LOWEST = 0.7


def _check(query: Any, key: Any, value: Any) -> None:
    shapes = f"{tuple(query.shape)}, {tuple(key.shape)} and {tuple(value.shape)}"
    if query.ndim != 4 or key.ndim != 4 or value.ndim != 4:
        raise ShapeError(
            "[dot_product_attention] expected query, key and value of shape (batch, length, heads, "
            f"features), got {shapes}; add the missing dimensions."
        )
    same = key.shape[:3] == value.shape[:3] and query.shape[0] == key.shape[0]
    if not same or query.shape[3] != key.shape[3] or query.shape[2] % max(key.shape[2], 1):
        raise ShapeError(
            "[dot_product_attention] expected query (batch, target, heads, features), key (batch, source, "
            "heads, features) and value (batch, source, heads, outputs), where the query may have a "
            f"multiple of the other two's heads, got {shapes}."
        )


def _broadcastable(what: str, x: Any, shape: tuple[int, ...]) -> Any:
    """The array, if it broadcasts with the logits."""
    try:
        if np.broadcast_shapes(x.shape, shape) == shape:
            return x
    except ValueError:
        pass
    raise ShapeError(
        f"[dot_product_attention] expected a {what} that broadcasts to (batch, heads, target, source) = "
        f"{shape}, got shape {tuple(x.shape)}."
    )


@op(
    "dot_product_attention",
    inputs=("query", "key", "value", "bias", "mask"),
    matched=(0, 1, 2, 3),
)
def dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    bias: Any = None,
    mask: Any = None,
    *,
    scale: float | None = None,
    causal: bool = False,
    soft_cap: float | None = None,
) -> Any:
    """Means of the values, weighted by ``softmax(query . key * scale + bias)``.

    Args:
        query: Floating tensor ``(batch, target, heads, features)``.
        key: Tensor ``(batch, source, heads, features)`` of the same dtype. It and `value` may have fewer
            heads, each of which then serves several of the query's.
        value: Tensor ``(batch, source, heads, outputs)`` of the same dtype.
        bias: Tensor that broadcasts to ``(batch, heads, target, source)``, added to the logits.
        mask: Boolean tensor, likewise; False where a target must not look.
        scale: Factor of the products; ``1 / sqrt(features)`` when None.
        causal: Whether each target sees only sources up to its own number.
        soft_cap: Bound of the logits: ``soft_cap * tanh(logits / soft_cap)``; None for none.

    Returns:
        Tensor ``(batch, target, heads, outputs)`` of the same dtype; the softmax is computed in float32 or
        wider. A target that sees nothing gets the mean of all values.

    Raises:
        ShapeError: Shapes do not fit.

    Source: Vaswani et al., "Attention is all you need" (2017); shared heads: Ainslie et al., "GQA" (2023).
    """
    needs("dot_product_attention", FLOAT, query)
    _check(query, key, value)
    repeats = query.shape[2] // key.shape[2]
    if repeats > 1:
        key, value = jnp.repeat(key, repeats, 2), jnp.repeat(value, repeats, 2)
    work = wide(query)
    factor = 1 / np.sqrt(query.shape[3]) if scale is None else scale
    logits = jnp.einsum("btnh,bsnh->bnts", query, key, preferred_element_type=work)
    logits = logits * jnp.asarray(factor, work)
    if bias is not None:
        logits = logits + _broadcastable("bias", bias, logits.shape).astype(work)
    if soft_cap is not None:
        cap = jnp.asarray(soft_cap, work)
        logits = cap * jnp.tanh(logits / cap)
    lowest = jnp.asarray(-_LOWEST * float(jnp.finfo(work).max), work)
    if mask is not None:
        logits = jnp.where(_broadcastable("mask", mask, logits.shape), logits, lowest)
    if causal:
        rows = lax.broadcasted_iota(jnp.int32, logits.shape, 2)
        columns = lax.broadcasted_iota(jnp.int32, logits.shape, 3)
        logits = jnp.where(rows >= columns, logits, lowest)
    weights = jnp.exp(shifted(logits, -1))
    weights = (weights / total(weights, -1)).astype(query.dtype)
    mixed = jnp.einsum("bnts,bsnh->btnh", weights, value, preferred_element_type=work)
    return mixed.astype(query.dtype)
