"""The step count for bias corrections, with enough digits for half-precision weights."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.precision import wide_dtype
from thalweg._src.ops.casting import cast


def present_step(iterations: Any, dtype: Any) -> Any:
    """Number of the step that is being taken, from 1, in the wide form of `dtype`."""
    return cast(iterations + 1, wide_dtype(dtype))
