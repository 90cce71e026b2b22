"""Layers of the attention family."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.keras.layers.rows.spec import L, Row

PAIRS = ((2, 3, 4), (2, 5, 4))


def present(*shape: int) -> Callable[[int], Any]:
    """Mask of a batch: about two in three places are True, the first of each row is."""

    def mask(batch: int) -> Any:
        places = np.arange(batch * math.prod(shape)).reshape(batch, *shape)
        return (places % 3 != 1) | (np.arange(shape[-1]) == 0)

    return mask


ROWS = [
    Row("attention", L("Attention"), PAIRS),
    Row("attention-scores", L("Attention", use_scale=True), PAIRS, {"return_attention_scores": True}),
    Row("attention-key", L("Attention"), ((2, 3, 4), (2, 5, 6), (2, 5, 4)), {"use_causal_mask": True}),
    Row("attention-concat", L("Attention", use_scale=True, score_mode="concat"), PAIRS),
    Row("additive-attention", L("AdditiveAttention"), PAIRS),
    Row("additive-attention-bare", L("AdditiveAttention", use_scale=False), PAIRS, {"use_causal_mask": True}),
]

# The value is another argument of the call.
VALUE = {"value": (2, 5, 6)}
SELF = {"value": (2, 3, 4)}

ROWS += [
    Row("multi-head-attention", L("MultiHeadAttention", 2, 3), ((2, 3, 4),), VALUE),
    Row(
        "multi-head-attention-scores",
        L("MultiHeadAttention", 2, 3, value_dim=5, output_shape=7),
        ((2, 3, 4),),
        VALUE | {"return_attention_scores": True},
    ),
    Row(
        "multi-head-attention-gate",
        L("MultiHeadAttention", 2, 3, value_dim=2, output_shape=(3, 2), use_gate=True, use_bias=False),
        ((2, 3, 4),),
        VALUE,
    ),
    Row("multi-head-attention-key", L("MultiHeadAttention", 2, 3), ((2, 3, 4),), VALUE | {"key": (2, 5, 2)}),
    Row(
        "multi-head-attention-causal",
        L("MultiHeadAttention", 1, 3),
        ((2, 3, 4),),
        SELF | {"use_causal_mask": True},
    ),
    Row(
        "multi-head-attention-causal-scores",
        L("MultiHeadAttention", 1, 3),
        ((2, 3, 4),),
        SELF | {"use_causal_mask": True, "return_attention_scores": True},
    ),
    Row("multi-head-attention-window", L("MultiHeadAttention", 2, 3, sliding_window=2), ((2, 3, 4),), SELF),
    Row(
        "multi-head-attention-axes",
        L("MultiHeadAttention", 2, 3, attention_axes=(1, 2)),
        ((2, 3, 2, 4),),
        {"value": (2, 2, 3, 4), "return_attention_scores": True},
    ),
    Row(
        "multi-head-attention-axis",
        L("MultiHeadAttention", 2, 3, attention_axes=2),
        ((2, 2, 3, 4),),
        {"value": (2, 2, 4, 4), "return_attention_scores": True},
    ),
    Row(
        "multi-head-attention-masked",
        L("MultiHeadAttention", 2, 3),
        ((2, 3, 4),),
        VALUE | {"value_mask": present(5), "attention_mask": present(3, 5), "query_mask": present(3)},
    ),
    Row(
        "multi-head-attention-axes-masked",
        L("MultiHeadAttention", 2, 3, attention_axes=(1, 2)),
        ((2, 3, 2, 4),),
        {"value": (2, 2, 3, 4), "attention_mask": present(3, 2, 2, 3)},
    ),
    Row(
        "multi-head-attention-trained",
        L("MultiHeadAttention", 2, 3, dropout=0.4, seed=1),
        ((2, 3, 4),),
        SELF,
        random=True,
    ),
    Row("group-query-attention", L("GroupQueryAttention", 3, 4, 2), ((2, 3, 4),), VALUE),
    Row(
        "group-query-attention-scores",
        L("GroupQueryAttention", 3, 4, 2, use_gate=True, sliding_window=2),
        ((2, 3, 4),),
        SELF | {"return_attention_scores": True, "use_causal_mask": True},
    ),
    Row(
        "group-query-attention-masked",
        L("GroupQueryAttention", 3, 4, 2),
        ((2, 3, 4),),
        VALUE | {"key_mask": present(5), "attention_mask": present(3, 5)},
    ),
    Row("multi-query-attention", L("GroupQueryAttention", 3, 4, 1, use_bias=False), ((2, 3, 4),), VALUE),
]
