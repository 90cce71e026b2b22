"""Attention between queries and keys of several heads."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import UnimplementedError
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.ops.nn.attention import dot_product_attention as attended


@operation
def dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    bias: Any = None,
    mask: Any = None,
    scale: float | None = None,
    is_causal: bool = False,
    flash_attention: bool | None = None,
    attn_logits_soft_cap: float | None = None,
) -> Any:
    """Means of the values, weighted by ``softmax(query . key * scale + bias)``.

    Args:
        query: Tensor ``(batch, target, heads, features)``.
        key: Tensor ``(batch, source, heads, features)``. It and `value` may have fewer heads, each of
            which then serves several of the query's.
        value: Tensor ``(batch, source, heads, outputs)``.
        bias: Tensor that broadcasts to ``(batch, heads, target, source)``, added to the logits.
        mask: Boolean tensor, likewise; False where a target must not look.
        scale: Factor of the products; ``1 / sqrt(features)`` when None.
        is_causal: Whether each target sees only sources up to its own number.
        flash_attention: None or False; no such kernel is offered here.
        attn_logits_soft_cap: Bound of the logits, beyond which `tanh` bends them; None for none.

    Returns:
        Tensor ``(batch, target, heads, outputs)``. The softmax is computed in float32 or wider. A target
        that sees nothing gets the mean of all values.

    Raises:
        ShapeError: Shapes do not fit.
        UnimplementedError: `flash_attention` is True.

    Example:
        >>> import thalweg as tf
        >>> q, kv = tf.ones((1, 2, 1, 4)), tf.reshape(tf.range(12.0), (1, 3, 1, 4))
        >>> tf.keras.ops.dot_product_attention(q, kv, kv).shape
        TensorShape([1, 2, 1, 4])

    Source: Vaswani et al. 2017; `keras.ops.dot_product_attention`. Keras offers the soft cap and shared
    heads on some engines only.
    """
    if flash_attention:
        raise UnimplementedError(
            "[dot_product_attention] expected flash_attention to be None or False, got True: there is no "
            "such kernel here; leave it out, XLA fuses what it can."
        )
    query, key, value, *rest = promoted(
        query, key, value, *([] if bias is None else [bias]), least=float
    )
    return attended(
        query,
        key,
        value,
        rest[0] if rest else None,
        None if mask is None else tensor_of(mask, "bool"),
        scale=scale,
        causal=bool(is_causal),
        soft_cap=attn_logits_soft_cap,
    )
