"""Cross-entropies, element by element or over classes, without means over the batch."""

from __future__ import annotations

import warnings
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.base.notes import recall_logits
from thalweg._src.keras.base.settings import epsilon
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.ops import clipping, exponential, reduction, shaping
from thalweg._src.ops.nn import losses as kernels
from thalweg._src.ops.support import axis_of


def _clipped(probabilities: Any) -> Any:
    """Probabilities in [epsilon, 1 - epsilon], whose logarithms are finite."""
    return clipping.clip_by_value(probabilities, epsilon(), 1.0 - epsilon())


def _logits(where: str, output: Any, from_logits: bool, activation: str, axis: int | None) -> Any:
    """Logits of the output, or None where only probabilities are known."""
    known = recall_logits(output, axis)
    if known is None:
        return output if from_logits else None
    if from_logits:
        warnings.warn(
            f"[{where}] got from_logits=True and the output of a {activation} activation, which holds "
            "probabilities: the loss is computed from the logits before it. Pass from_logits=False, or drop "
            "the activation.",
            stacklevel=4,
        )
    return known


def same_shape(where: str, target: Any, output: Any) -> None:
    """Raises unless labels and predictions have one shape; unknown sizes fit any.

    Args:
        where: Name of the loss, for messages.
        target: Labels.
        output: Predictions.

    Raises:
        ShapeError: The shapes differ.
    """
    one, two = tuple(target.shape), tuple(output.shape)
    if len(one) != len(two) or not _fits(one, two):
        raise ShapeError(
            f"[{where}] expected labels and predictions of one shape, got {one} and {two}; for class "
            "numbers use sparse_categorical_crossentropy."
        )


def _fits(one: Any, two: Any) -> bool:
    return all(a == b for a, b in zip(tuple(one), tuple(two), strict=False) if None not in (a, b))


def class_numbers(where: str, target: Any, output: Any) -> Any:
    """Labels as integers, one for each row of the predictions.

    Args:
        where: Name of the loss, for messages.
        target: Class numbers ``(batch, ...)`` or ``(batch, ..., 1)``, of any real dtype.
        output: Predictions ``(batch, ..., classes)``.

    Raises:
        ShapeError: Shapes do not fit.
    """
    labels, rank = tensor_of(target), len(output.shape)
    if rank and len(labels.shape) == rank and labels.shape[-1] == 1:
        labels = shaping.squeeze(labels, -1)
    if not rank or len(labels.shape) != rank - 1 or not _fits(labels.shape, output.shape[:-1]):
        raise ShapeError(
            f"[{where}] expected a class number for each row of the predictions, got labels of shape "
            f"{tuple(labels.shape)} and predictions of shape {tuple(output.shape)}; one-hot labels go with "
            "categorical_crossentropy."
        )
    return labels if dtypes.as_dtype(labels.dtype).is_integer else tensor_of(labels, "int32")


def _pair(where: str, target: Any, output: Any) -> tuple[Any, Any]:
    """Target and output as floats of one shape; the output keeps the note of its logits."""
    (y,) = promoted(output, least=float)
    t = tensor_of(target, y.dtype)
    same_shape(where, t, y)
    return t, y


@operation
def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """``-target log(output) - (1 - target) log(1 - output)``, element by element.

    Args:
        target: Labels in [0, 1].
        output: Probabilities, or logits, of the same shape.
        from_logits: Whether `output` holds logits.

    Returns:
        Tensor of the same shape. Probabilities are clipped to [epsilon, 1 - epsilon]; those that a
        sigmoid made count by their logits, without rounding.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.binary_crossentropy([1.0], [0.5]).numpy().round(4)
        array([0.6931], dtype=float32)

    Source: `keras.ops.binary_crossentropy`.
    """
    target, output = _pair("binary_crossentropy", target, output)
    logits = _logits("binary_crossentropy", output, from_logits, "sigmoid", None)
    if logits is not None:
        return kernels.sigmoid_cross_entropy_with_logits(target, logits)
    p = _clipped(output)
    return -(target * exponential.log(p) + (1 - target) * exponential.log(1 - p))


@operation
def categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1
) -> Any:
    """``-sum(target log(output))`` over the classes.

    Args:
        target: Distributions over classes, such as one-hot vectors.
        output: Probabilities, or logits, of the same shape.
        from_logits: Whether `output` holds logits.
        axis: Axis of the classes.

    Returns:
        Tensor without that axis. Probabilities are scaled to sum 1 and clipped to
        [epsilon, 1 - epsilon]; those that a softmax made count by their logits, without rounding.

    Raises:
        ShapeError: The shapes differ, or there is no axis.

    Source: `keras.ops.categorical_crossentropy`.
    """
    where = "categorical_crossentropy"
    target, output = _pair(where, target, output)
    axis_of(where, axis, len(output.shape))
    logits = _logits(where, output, from_logits, "softmax", axis)
    if logits is not None:
        return kernels.softmax_cross_entropy_with_logits(target, logits, axis)
    p = _clipped(output / reduction.reduce_sum(output, axis=axis, keepdims=True))
    return -reduction.reduce_sum(target * exponential.log(p), axis=axis)


@operation
def sparse_categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1
) -> Any:
    """``-log(output[target])``: cross-entropy of class numbers.

    Args:
        target: Class numbers ``(batch, ...)`` or ``(batch, ..., 1)``, of any real dtype.
        output: Probabilities, or logits, ``(batch, ..., classes)``.
        from_logits: Whether `output` holds logits.
        axis: Axis of the classes; only the last is supported.

    Returns:
        Tensor ``(batch, ...)``.

    Raises:
        ShapeError: Shapes do not fit.
        InvalidArgumentError: Another axis, or a class number outside [0, classes) (in a compiled program
            its loss is NaN).

    Source: `keras.ops.sparse_categorical_crossentropy`.
    """
    where = "sparse_categorical_crossentropy"
    (output,) = promoted(output, least=float)
    if axis not in (-1, len(output.shape) - 1):
        raise InvalidArgumentError(
            f"[{where}] expected the classes in the last axis, got axis={axis}; transpose the predictions."
        )
    labels = class_numbers(where, target, output)
    logits = _logits(where, output, from_logits, "softmax", -1)
    if logits is None:
        logits = exponential.log(_clipped(output))
    return kernels.sparse_softmax_cross_entropy_with_logits(labels, logits)
