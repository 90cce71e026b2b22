"""What ops and functions mean for ragged tensors: by name, the function that takes their place.

Importing this file completes `RaggedTensor`. Ops that work element by element need no rule; they are listed
in `elementwise.py`.
"""

from __future__ import annotations

from typing import Any

from thalweg._src.ops.ragged import (
    counting,
    formatting,
    inspection,
    joining,
    masking,
    picking,
    products,
    reduction,
    segments,
    shaping,
)
from thalweg._src.ops.ragged.tensor import RaggedTensor as RaggedTensor


def _same_names(module: Any, *names: str) -> dict[str, Any]:
    """The functions of a module that are named like what they take the place of."""
    return {name: getattr(module, name) for name in names}


RaggedTensor.rules.update(
    {
        **_same_names(counting, "bincount", "one_hot"),
        **_same_names(formatting, "string_format"),
        **_same_names(inspection, "broadcast_to", "rank", "reshape", "shape", "size"),
        **_same_names(joining, "concat", "stack"),
        **_same_names(masking, "dynamic_partition", "where_true"),
        **_same_names(picking, "gather", "gather_nd"),
        **_same_names(products, "matmul"),
        **_same_names(
            reduction,
            "reduce_all",
            "reduce_any",
            "reduce_join",
            "reduce_logsumexp",
            "reduce_max",
            "reduce_mean",
            "reduce_min",
            "reduce_prod",
            "reduce_std",
            "reduce_sum",
            "reduce_variance",
        ),
        **_same_names(
            segments,
            "cumsum",
            "softmax",
            "unsorted_segment_max",
            "unsorted_segment_mean",
            "unsorted_segment_min",
            "unsorted_segment_prod",
            "unsorted_segment_sqrt_n",
            "unsorted_segment_sum",
        ),
        **_same_names(shaping, "expand_dims", "reverse", "split", "squeeze", "tile"),
        "boolean_mask": masking.boolean_mask_of_rows,
    }
)
