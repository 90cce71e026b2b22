"""Connectionist temporal classification: sequences of labels without their places in time."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.losses.arguments import floating
from thalweg._src.keras.losses.base import LossFunctionWrapper
from thalweg._src.ops.casting import cast
from thalweg._src.ops.creation import ones_like
from thalweg._src.ops.nn.ctc import ctc_loss
from thalweg._src.ops.reduction import reduce_sum


def ctc(y_true: Any, y_pred: Any) -> Any:
    """Negative logarithm of the probability of all alignments that spell the labels.

    Args:
        y_true: Class numbers of shape ``(batch, labels)``; 0 pads shorter sequences.
        y_pred: Logits of shape ``(batch, time, classes)``; class 0 is the blank.

    Returns:
        Tensor of shape ``(batch,)``.

    Raises:
        ShapeError: Other ranks.

    Source: Graves et al. 2006, "Connectionist temporal classification".
    """
    y_pred = floating(y_pred)
    labels = cast(convert_to_tensor(y_true), "int32")
    if len(labels.shape) != 2 or len(y_pred.shape) != 3:
        raise ShapeError(
            "[ctc] expected labels of shape (batch, labels) and logits of shape (batch, time, classes), "
            f"got {tuple(labels.shape)} and {tuple(y_pred.shape)}."
        )
    lengths = reduce_sum(cast(labels != 0, "int32"), axis=-1)
    times = ones_like(lengths) * int(y_pred.shape[1])
    return ctc_loss(labels, y_pred, lengths, times, logits_time_major=False, blank_index=0)


class CTC(LossFunctionWrapper):
    """Connectionist temporal classification; see `ctc`.

    Args:
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Source: `keras.losses.CTC`.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "ctc",
        dtype: Any = None,
    ) -> None:
        super().__init__(ctc, reduction, name, dtype)
