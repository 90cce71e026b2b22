"""The wide form of half-precision dtypes, for what half precision cannot hold."""

from __future__ import annotations

from typing import Any

from thalweg._src.core import dtypes


def wide_dtype(dtype: Any) -> str:
    """`dtype`, or float32 where that is wider.

    In bfloat16 0.999 is 1, so that a mean corrected by ``1 - 0.999**step`` would be divided by 0, and a
    count that grows by 1 stops at 256.
    """
    wanted = dtypes.as_dtype(dtype)
    return wanted.name if wanted.size >= dtypes.float32.size else "float32"
