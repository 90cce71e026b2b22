"""The step count for bias corrections, with enough digits for half-precision weights."""

from __future__ import annotations

from typing import Any

from thalweg._src.core import dtypes
from thalweg._src.ops.casting import cast


def wide_dtype(dtype: Any) -> str:
    """`dtype`, or float32 where that is wider.

    In bfloat16 0.999 is 1, and a mean that is corrected by ``1 - 0.999**step`` would be divided by 0.
    """
    wanted = dtypes.as_dtype(dtype)
    return wanted.name if wanted.size >= dtypes.float32.size else "float32"


def present_step(iterations: Any, dtype: Any) -> Any:
    """Number of the step that is being taken, from 1, in the wide form of `dtype`."""
    return cast(iterations + 1, wide_dtype(dtype))
