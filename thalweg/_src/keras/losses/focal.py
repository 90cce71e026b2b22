"""Focal cross-entropies: samples that are predicted well count less."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.activations import sigmoid
from thalweg._src.keras.base.settings import epsilon
from thalweg._src.keras.losses.arguments import alike
from thalweg._src.keras.losses.base import LossFunctionWrapper
from thalweg._src.keras.losses.crossentropy import smoothed
from thalweg._src.keras.ops.losses import binary_crossentropy, same_shape
from thalweg._src.ops import clipping, exponential, reduction
from thalweg._src.ops.elementwise import pow


def binary_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """Mean over an axis of binary cross-entropies times ``(1 - p)**gamma``.

    ``p`` is the probability that was given to the label.

    Args:
        y_true: Labels in [0, 1], of shape ``(batch, ..., n)``.
        y_pred: Probabilities, or logits, of the same shape.
        apply_class_balancing: Weight class 1 by `alpha` and class 0 by ``1 - alpha``.
        alpha: Weight of class 1.
        gamma: How strongly well predicted samples are discounted.
        from_logits: Whether `y_pred` holds logits.
        label_smoothing: How far labels are moved towards 0.5, in [0, 1].
        axis: Axis of the mean.

    Returns:
        Tensor of shape ``(batch, ...)``.

    Source: Lin et al. 2017, "Focal loss for dense object detection".
    """
    y_true, y_pred = alike(y_true, y_pred)
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + 0.5 * label_smoothing
    if from_logits:
        y_pred = sigmoid(y_pred)
    losses = binary_crossentropy(y_true, y_pred)
    given = y_true * y_pred + (1 - y_true) * (1 - y_pred)
    losses = pow(1.0 - given, gamma) * losses
    if apply_class_balancing:
        losses = (y_true * alpha + (1 - y_true) * (1 - alpha)) * losses
    return reduction.reduce_mean(losses, axis=axis)


def categorical_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    alpha: Any = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """``-sum(alpha (1 - y_pred)**gamma y_true log(y_pred))`` over the classes.

    Args:
        y_true: Distributions over classes, of shape ``(batch, ..., classes)``.
        y_pred: Probabilities, or logits, of the same shape.
        alpha: Weight of the classes: a number, or one for each class.
        gamma: How strongly well predicted classes are discounted.
        from_logits: Whether `y_pred` holds logits.
        label_smoothing: How far labels are moved towards the even distribution, in [0, 1].
        axis: Axis of the classes.

    Returns:
        Tensor of shape ``(batch, ...)``.

    Source: Lin et al. 2017, "Focal loss for dense object detection".
    """
    y_true, y_pred = alike(y_true, y_pred)
    same_shape("categorical_focal_crossentropy", y_true, y_pred)
    y_true = smoothed(y_true, label_smoothing)
    if from_logits:
        y_pred = exponential.exp(
            y_pred - reduction.reduce_logsumexp(y_pred, axis=axis, keepdims=True)
        )
    p = y_pred / reduction.reduce_sum(y_pred, axis=axis, keepdims=True)
    p = clipping.clip_by_value(p, epsilon(), 1.0 - epsilon())
    losses = pow(1.0 - p, gamma) * alpha * (-y_true * exponential.log(p))
    return reduction.reduce_sum(losses, axis=axis)


class BinaryFocalCrossentropy(LossFunctionWrapper):
    """Binary cross-entropy in which well predicted samples count less.

    Args:
        apply_class_balancing: Weight class 1 by `alpha` and class 0 by ``1 - alpha``.
        alpha: Weight of class 1.
        gamma: How strongly well predicted samples are discounted.
        from_logits: Whether predictions are logits.
        label_smoothing: How far labels are moved towards 0.5, in [0, 1].
        axis: Axis of the mean.
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Source: `keras.losses.BinaryFocalCrossentropy`.
    """

    def __init__(
        self,
        apply_class_balancing: bool = False,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "binary_focal_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            binary_focal_crossentropy,
            reduction,
            name,
            dtype,
            apply_class_balancing=apply_class_balancing,
            alpha=alpha,
            gamma=gamma,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


class CategoricalFocalCrossentropy(LossFunctionWrapper):
    """Categorical cross-entropy in which well predicted classes count less.

    Args:
        alpha: Weight of the classes: a number, or one for each class.
        gamma: How strongly well predicted classes are discounted.
        from_logits: Whether predictions are logits.
        label_smoothing: How far labels are moved towards the even distribution, in [0, 1].
        axis: Axis of the classes.
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Source: `keras.losses.CategoricalFocalCrossentropy`.
    """

    def __init__(
        self,
        alpha: Any = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_focal_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            categorical_focal_crossentropy,
            reduction,
            name,
            dtype,
            alpha=alpha,
            gamma=gamma,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )
