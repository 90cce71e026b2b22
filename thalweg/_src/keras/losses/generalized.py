"""Generalized cross-entropy, for labels of which some are wrong."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.losses.arguments import floating
from thalweg._src.keras.losses.base import LossFunctionWrapper
from thalweg._src.ops import gather, shaping
from thalweg._src.ops.casting import cast
from thalweg._src.ops.elementwise import pow
from thalweg._src.ops.selection import where


def categorical_generalized_cross_entropy(y_true: Any, y_pred: Any, q: float) -> Any:
    """``(1 - p**q) / q``, with ``p`` the probability of the class: between absolute error and entropy.

    Args:
        y_true: Class numbers of shape ``(batch, ...)``.
        y_pred: Probabilities of shape ``(batch, ..., classes)``.
        q: Robustness in (0, 1): near 0 it is cross-entropy, near 1 the absolute error.

    Returns:
        Tensor of shape ``(batch, ...)``; in a compiled program NaN for class numbers that do not exist.

    Raises:
        IndexRangeError: A class number outside ``[0, classes)``, outside of compiled programs.

    Source: Zhang and Sabuncu 2018, "Generalized cross entropy loss for training deep neural networks
    with noisy labels".
    """
    y_pred = floating(y_pred)
    labels = cast(convert_to_tensor(y_true), "int32")
    if len(labels.shape) == len(y_pred.shape) and labels.shape[-1] == 1:
        labels = shaping.squeeze(labels, -1)
    p = gather.gather(y_pred, labels, batch_dims=len(labels.shape))
    known = (labels >= 0) & (labels < y_pred.shape[-1])
    return where(known, (1 - pow(p, q)) / q, cast(float("nan"), y_pred.dtype))


class CategoricalGeneralizedCrossEntropy(LossFunctionWrapper):
    """Generalized cross-entropy of class numbers, for labels of which some are wrong.

    Args:
        q: Robustness in (0, 1): near 0 it is cross-entropy, near 1 the absolute error.
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Source: `keras.losses.CategoricalGeneralizedCrossEntropy`.
    """

    def __init__(
        self,
        q: float = 0.5,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_generalized_cross_entropy",
        dtype: Any = None,
    ) -> None:
        if not 0 < q < 1:
            raise InvalidArgumentError(
                f"[CategoricalGeneralizedCrossEntropy] expected q between 0 and 1, got {q}."
            )
        super().__init__(categorical_generalized_cross_entropy, reduction, name, dtype, q=q)
