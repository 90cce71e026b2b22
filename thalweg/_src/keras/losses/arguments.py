"""What all losses do first: labels and predictions as floating tensors of one dtype."""

from __future__ import annotations

from typing import Any

from thalweg._src.core import dtypes
from thalweg._src.core.composite import Composite
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.losses.base import same_rank
from thalweg._src.ops.casting import cast


def floating(value: Any) -> Any:
    """Tensor of a value, ragged ones too; integers and bools in the default floating dtype."""
    tensor: Any = value if isinstance(value, Composite) else convert_to_tensor(value)
    return tensor if dtypes.as_dtype(tensor.dtype).is_floating else cast(tensor, floatx())


def alike(y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """Labels in the dtype of the predictions."""
    y_pred = floating(y_pred)
    return cast(y_true, y_pred.dtype), y_pred


def paired(y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """Labels in the dtype and, but for a last dimension of 1, the rank of the predictions."""
    return same_rank(*alike(y_true, y_pred))
