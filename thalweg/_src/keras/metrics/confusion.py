"""Counts of true and false positives and negatives at one or many thresholds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.base.settings import epsilon
from thalweg._src.keras.losses.base import same_rank
from thalweg._src.ops import clipping, cumulative, ranking, rounding, segment, selection, shaping
from thalweg._src.ops.casting import cast
from thalweg._src.ops.reduction import reduce_any, reduce_sum

# What predictions outside the top k become: below every threshold.
LOWEST = -1e10


class Counts(NamedTuple):
    """Weighted counts, each of shape ``(thresholds,)`` or ``(thresholds, labels)``."""

    true_positives: Any
    false_positives: Any
    true_negatives: Any
    false_negatives: Any


def parsed_thresholds(where: str, given: Any, default: float) -> list[float]:
    """Thresholds as a list.

    Args:
        where: Name of the metric, for messages.
        given: Number, list of numbers, or None for the default.
        default: The default.

    Raises:
        ValueError: A threshold outside [0, 1].
    """
    if given is None:
        return [default]
    thresholds = list(given) if isinstance(given, (list, tuple, np.ndarray)) else [given]
    wrong = [t for t in thresholds if t is None or not 0 <= t <= 1]
    if wrong:
        raise ValueError(f"[{where}] expected thresholds in [0, 1], got {wrong}.")
    return thresholds


def are_even(thresholds: Sequence[float]) -> bool:
    """Whether three or more thresholds divide [0, 1] into equal parts, but for epsilon at the ends."""
    count = len(thresholds)
    if count < 3:
        return False
    even = np.arange(count, dtype=np.float32) / (count - 1)
    return bool(np.allclose(thresholds, even, atol=epsilon()))


def count_confusions(
    y_true: Any,
    y_pred: Any,
    thresholds: Sequence[float],
    dtype: str,
    sample_weight: Any = None,
    top_k: int | None = None,
    class_id: int | None = None,
    multi_label: bool = False,
    label_weights: Any = None,
) -> Counts:
    """Counts of one batch.

    Args:
        y_true: Labels; all but 0 count as positive.
        y_pred: Predictions of the same shape.
        thresholds: Predictions above a threshold are positive there.
        dtype: Floating dtype of the counts.
        sample_weight: Weights of the first dimensions, or None.
        top_k: Count only the `k` largest predictions of a row as positive, or None.
        class_id: Count only this column, or None.
        multi_label: Count each column on its own.
        label_weights: Weight of each column, or None.
    """
    y_pred, y_true = same_rank(cast(y_pred, dtype), cast(y_true, dtype))
    if tuple(y_pred.shape) != tuple(y_true.shape):
        raise ShapeError(
            f"[metrics] expected labels and predictions of one shape, got {tuple(y_true.shape)} and "
            f"{tuple(y_pred.shape)}; one-hot encode class numbers."
        )
    if top_k is not None:
        y_pred = _only_top(y_pred, top_k)
    weight = _weights(y_pred, dtype, sample_weight, class_id, label_weights)
    if class_id is not None:
        if len(y_pred.shape) < 2:
            raise ShapeError(
                "[metrics] expected predictions of shape (samples, classes) beside class_id, got shape "
                f"{tuple(y_pred.shape)}."
            )
        y_true, y_pred = y_true[..., class_id], y_pred[..., class_id]
    columns = tuple(y_pred.shape)[1:] if multi_label else ()
    rows = [-1, *columns]
    y_true, y_pred = shaping.reshape(y_true, rows), shaping.reshape(y_pred, rows)
    weight = shaping.reshape(weight, rows)
    positive = selection.where(y_true != 0, weight, cast(0, dtype))
    negative = weight - positive
    if are_even(thresholds):
        hits, alarms = _by_bucket(y_pred, positive, negative, thresholds)
    else:
        hits, alarms = _by_comparison(y_pred, positive, negative, thresholds)
    return Counts(
        hits, alarms, reduce_sum(negative, axis=0) - alarms, reduce_sum(positive, axis=0) - hits
    )


def _weights(y_pred: Any, dtype: str, sample_weight: Any, class_id: Any, label_weights: Any) -> Any:
    """Weight of each prediction."""
    shape = tuple(y_pred.shape) if class_id is None else tuple(y_pred.shape)[:-1]
    weight = cast(1.0, dtype)
    if sample_weight is not None:
        weight = cast(convert_to_tensor(sample_weight), dtype)
        if len(weight.shape) == len(shape) + 1 and weight.shape[-1] == 1:
            weight = shaping.squeeze(weight, -1)
        while len(weight.shape) < len(shape):
            weight = shaping.expand_dims(weight, -1)
    weight = shaping.broadcast_to(weight, shape)
    return weight if label_weights is None else weight * cast(label_weights, dtype)


def _only_top(y_pred: Any, k: int) -> Any:
    """Predictions outside the `k` largest of their row set to the lowest value."""
    _, found = ranking.top_k(y_pred, k)
    columns = np.arange(int(y_pred.shape[-1]), dtype=np.int32)
    chosen = reduce_any(shaping.expand_dims(found, -1) == columns, axis=-2)
    return selection.where(chosen, y_pred, cast(LOWEST, y_pred.dtype))


def _by_comparison(
    y_pred: Any, positive: Any, negative: Any, thresholds: Sequence[float]
) -> tuple[Any, Any]:
    """True and false positives by comparing with each threshold."""
    shape = [len(thresholds)] + [1] * len(y_pred.shape)
    above = cast(
        shaping.expand_dims(y_pred, 0)
        > shaping.reshape(cast(list(thresholds), y_pred.dtype), shape),
        y_pred.dtype,
    )
    return reduce_sum(above * positive, axis=1), reduce_sum(above * negative, axis=1)


def _by_bucket(
    y_pred: Any, positive: Any, negative: Any, thresholds: Sequence[float]
) -> tuple[Any, Any]:
    """True and false positives for even thresholds, in time that does not grow with their number."""
    count, columns = len(thresholds), math.prod(tuple(y_pred.shape)[1:])
    share = clipping.clip_by_value(y_pred, 0.0, 1.0) * float(count - 1)
    bucket = rounding.ceil(share) - 1.0
    if thresholds[0] < 0:
        # The first threshold lies below 0, so that predictions of 0 are above it.
        bucket = clipping.maximum(bucket, 0.0)
    numbers = cast(bucket, "int32")
    if len(tuple(y_pred.shape)) > 1:
        numbers = selection.where(
            numbers >= 0, numbers * columns + np.arange(columns, dtype=np.int32), -1
        )
    shape = [count, *tuple(y_pred.shape)[1:]]

    def summed(weights: Any) -> Any:
        sums = segment.unsorted_segment_sum(weights, numbers, count * columns)
        return cumulative.cumsum(shaping.reshape(sums, shape), axis=0, reverse=True)

    return summed(positive), summed(negative)
