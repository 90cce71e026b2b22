"""Non-maximum suppression: of boxes that overlap only the one with the highest score is kept.

A box is ``(y1, x1, y2, x2)``, any two opposite corners. The results of `non_max_suppression` and its
relatives have as many elements as boxes are kept, which a compiled program cannot have; there
`non_max_suppression_padded` and `combined_non_max_suppression` serve.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import is_traced
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.indices import tensor_of
from thalweg._src.ops.support import FLOAT, needs

_HINT = "There use tf.image.non_max_suppression_padded."


def overlaps(xp: Any, box: Any, boxes: Any) -> Any:
    """Area that boxes share with one, in parts of what they cover together; 0 for those without area."""
    (y1, x1, y2, x2), (v1, u1, v2, u2) = (
        (
            xp.minimum(b[..., 0], b[..., 2]),
            xp.minimum(b[..., 1], b[..., 3]),
            xp.maximum(b[..., 0], b[..., 2]),
            xp.maximum(b[..., 1], b[..., 3]),
        )
        for b in (box, boxes)
    )
    area, areas = (y2 - y1) * (x2 - x1), (v2 - v1) * (u2 - u1)
    high = xp.maximum(xp.minimum(y2, v2) - xp.maximum(y1, v1), 0)
    wide = xp.maximum(xp.minimum(x2, u2) - xp.maximum(x1, u1), 0)
    shared = high * wide
    there = (area > 0) & (areas > 0)
    return xp.where(there, shared / xp.where(there, area + areas - shared, 1), 0)


def check_settings(where: str, count: int, iou_threshold: float, sigma: float = 0.0) -> None:
    """Refuses settings that make no sense.

    Raises:
        InvalidArgumentError: One is out of range.
    """
    if count < 0 or not 0 <= iou_threshold <= 1 or sigma < 0:
        raise InvalidArgumentError(
            f"[{where}] expected an output size of 0 or more, a threshold of overlap from 0 to 1 and a sigma "
            f"of 0 or more, got {count}, {iou_threshold} and {sigma}."
        )


def _check(where: str, boxes: Any, scores: Any, size: int) -> None:
    needs(where, FLOAT, boxes, scores)
    if boxes.ndim != 2 or boxes.shape[1] != size or scores.shape != boxes.shape[:1]:
        raise ShapeError(
            f"[{where}] expected an array of shape (boxes, {size}) and scores of shape (boxes,), got shapes "
            f"{tuple(boxes.shape)} and {tuple(scores.shape)}."
        )


def _kept(
    overlap: Callable[[int], Any],
    scores: Any,
    count: int,
    threshold: float,
    score_threshold: float,
    sigma: float = 0.0,
) -> tuple[Any, Any]:
    """Numbers and scores of the boxes that are kept, best first."""
    left, there = scores, scores > score_threshold
    found: list[int] = []
    values: list[Any] = []
    while len(found) < count and there.any():
        places = np.flatnonzero(there)
        best = int(places[left[places].argmax()])
        found.append(best)
        values.append(left[best])
        there[best] = False
        shared = overlap(best)
        if sigma:
            left = (left * np.exp(shared * shared * (-0.5 / sigma))).astype(scores.dtype)
            there &= left > score_threshold
        else:
            there &= ~(shared > threshold)
    return np.array(found, np.int32), np.array(values, scores.dtype)


@op("non_max_suppression", inputs=("boxes", "scores"), dynamic=True, hint=_HINT)
def non_max_suppression(
    boxes: Any,
    scores: Any,
    max_output_size: int,
    iou_threshold: float = 0.5,
    score_threshold: float = -np.inf,
) -> Any:
    """Numbers of the boxes that are kept, best first.

    Args:
        boxes: Corners ``(y1, x1, y2, x2)``, a float tensor ``(boxes, 4)``.
        scores: Score of each, a tensor ``(boxes,)`` of the same dtype.
        max_output_size: How many boxes are kept at most.
        iou_threshold: Boxes that share more than this part of their area with a better one are dropped.
        score_threshold: Boxes whose score is not above it are dropped.

    Returns:
        int32 tensor ``(kept,)``. Of equal scores the first comes first.

    Raises:
        ValueError: Shapes or settings do not fit.

    Example:
        >>> import thalweg as tf
        >>> boxes = [[0.0, 0.0, 1.0, 1.0], [0.0, 0.1, 1.0, 1.1], [2.0, 2.0, 3.0, 3.0]]
        >>> tf.image.non_max_suppression(boxes, [0.6, 0.9, 0.3], 3).numpy().tolist()
        [1, 2]

    Source: `tf.image.non_max_suppression`.
    """
    where = "non_max_suppression"
    _check(where, boxes, scores, 4)
    check_settings(where, max_output_size, iou_threshold)
    return _kept(
        lambda i: overlaps(np, boxes[i], boxes),
        scores,
        max_output_size,
        iou_threshold,
        score_threshold,
    )[0]


@op("non_max_suppression_with_scores", inputs=("boxes", "scores"), dynamic=True, hint=_HINT)
def non_max_suppression_with_scores(
    boxes: Any,
    scores: Any,
    max_output_size: int,
    iou_threshold: float = 0.5,
    score_threshold: float = -np.inf,
    soft_nms_sigma: float = 0.0,
) -> Any:
    """Numbers and scores of the boxes that are kept, best first.

    Args:
        boxes: Corners ``(y1, x1, y2, x2)``, a float tensor ``(boxes, 4)``.
        scores: Score of each, a tensor ``(boxes,)`` of the same dtype.
        max_output_size: How many boxes are kept at most.
        iou_threshold: Boxes that share more than this part of their area with a better one are dropped.
        score_threshold: Boxes whose score is not above it are dropped.
        soft_nms_sigma: Above 0: instead of dropping boxes that overlap a better one, multiply their score by
            ``exp(-overlap ** 2 / (2 * sigma))``.

    Returns:
        int32 tensor ``(kept,)``, and a tensor of their scores.

    Raises:
        ValueError: Shapes or settings do not fit.

    Source: Bodla et al., "Soft-NMS: improving object detection with one line of code" (2017);
    `tf.image.non_max_suppression_with_scores`.
    """
    where = "non_max_suppression_with_scores"
    _check(where, boxes, scores, 4)
    check_settings(where, max_output_size, iou_threshold, soft_nms_sigma)
    return _kept(
        lambda i: overlaps(np, boxes[i], boxes),
        scores,
        max_output_size,
        iou_threshold,
        score_threshold,
        soft_nms_sigma,
    )


@op("non_max_suppression_overlaps", inputs=("overlaps", "scores"), dynamic=True)
def non_max_suppression_overlaps(
    overlaps: Any,
    scores: Any,
    max_output_size: int,
    overlap_threshold: float = 0.5,
    score_threshold: float = -np.inf,
) -> Any:
    """Numbers of the boxes that are kept, best first, by a table of how much they overlap.

    Args:
        overlaps: Overlap of any two boxes, a float tensor ``(boxes, boxes)``.
        scores: Score of each, a tensor ``(boxes,)`` of the same dtype.
        max_output_size: How many boxes are kept at most.
        overlap_threshold: Boxes that overlap a better one by more are dropped.
        score_threshold: Boxes whose score is not above it are dropped.

    Returns:
        int32 tensor ``(kept,)``.

    Raises:
        ValueError: Shapes or settings do not fit.

    Source: `tf.image.non_max_suppression_overlaps`.
    """
    where = "non_max_suppression_overlaps"
    _check(where, overlaps, scores, scores.shape[0] if scores.ndim else 0)
    check_settings(where, max_output_size, 0.0)
    # As in TensorFlow, whose table need not be symmetric, the box in question is the first.
    return _kept(
        lambda i: overlaps[:, i], scores, max_output_size, overlap_threshold, score_threshold
    )[0]


def first_best(
    boxes: Any,
    scores: Any,
    count: int,
    threshold: float,
    score_threshold: float,
    in_order: bool = False,
) -> tuple[Any, Any]:
    """Numbers of the boxes that are kept, padded with 0 to `count`, and which of them are no padding.

    Args:
        boxes: Corners ``(boxes, 4)``.
        scores: Scores ``(boxes,)``.
        count: Size of the results.
        threshold: Overlap from which boxes are dropped.
        score_threshold: Score that boxes must exceed.
        in_order: The boxes come sorted, the best first.
    """
    left = scores > score_threshold
    if not scores.shape[0]:
        return jnp.zeros(count, jnp.int32), jnp.zeros(count, bool)

    def keep(left: Any, _: Any) -> tuple[Any, tuple[Any, Any]]:
        first = jnp.argmax(left)
        best = first if in_order else jnp.argmax(jnp.where(left, scores, -jnp.inf))
        # All that is left may have a score of -inf.
        best = jnp.where(left[best], best, first).astype(jnp.int32)
        there = left[best]
        shared = overlaps(jnp, boxes[best], boxes)
        left = left & ~(there & (shared > threshold)) & (jnp.arange(left.shape[0]) != best)
        return left, (jnp.where(there, best, 0), there)

    return lax.scan(keep, left, length=count)[1]


@op("non_max_suppression_padded", inputs=("boxes", "scores"), differentiable=False)
def _padded(
    boxes: Any,
    scores: Any,
    count: int,
    iou_threshold: float,
    score_threshold: float,
    in_order: bool,
) -> Any:
    """Padded numbers of the boxes that are kept, and how many they are."""
    where = "non_max_suppression_padded"
    needs(where, FLOAT, boxes, scores)
    check_settings(where, count, iou_threshold)
    if boxes.ndim < 2 or boxes.shape[-1] != 4 or scores.shape != boxes.shape[:-1]:
        raise ShapeError(
            f"[{where}] expected boxes of shape (..., boxes, 4) and scores of shape (..., boxes), got "
            f"{tuple(boxes.shape)} and {tuple(scores.shape)}."
        )
    batch = scores.shape[:-1]

    def one(own: Any, values: Any) -> tuple[Any, Any]:
        return first_best(own, values, count, iou_threshold, score_threshold, in_order)

    flat = boxes.reshape(-1, *boxes.shape[-2:]), scores.reshape(-1, scores.shape[-1])
    numbers, there = jax.vmap(one)(*flat)
    kept = jnp.sum(there, -1, dtype=jnp.int32)
    return numbers.reshape(*batch, count), kept.reshape(batch)


def non_max_suppression_padded(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: float = 0.5,
    score_threshold: float = -np.inf,
    pad_to_max_output_size: bool = False,
    name: str | None = None,
    sorted_input: bool = False,
    canonicalized_coordinates: bool = False,
    tile_size: int = 512,
) -> tuple[Any, Any]:
    """Numbers of the boxes that are kept, best first, padded so that the shape is known.

    Args:
        boxes: Corners ``(y1, x1, y2, x2)``, a float tensor ``(..., boxes, 4)``.
        scores: Score of each, a tensor ``(..., boxes)`` of the same dtype.
        max_output_size: How many boxes are kept at most.
        iou_threshold: Boxes that share more than this part of their area with a better one are dropped.
        score_threshold: Boxes whose score is not above it are dropped.
        pad_to_max_output_size: Pad with 0. Without, there can be no batch, and the call no part of a
            compiled program.
        name: Name of the node in a model's graph.
        sorted_input: The scores are known to fall; boxes are taken in their order.
        canonicalized_coordinates: Corners are known to be the upper left and the lower right, which saves
            nothing here.
        tile_size: How many boxes TensorFlow compares at once, 1 or more; here one is compared with all.

    Returns:
        int32 tensor ``(..., max_output_size)``, or ``(kept,)`` without padding; and int32 tensor ``(...)``:
        how many are kept.

    Raises:
        ValueError: Shapes or settings do not fit.

    Source: `tf.image.non_max_suppression_padded`, which compares wrongly where corners are others than the
    upper left and the lower right.
    """
    where = "non_max_suppression_padded"
    count = int_of(where, "max_output_size", _number(max_output_size))
    own, values = tensor_of(boxes), tensor_of(scores)
    if tile_size < 1:
        raise InvalidArgumentError(f"[{where}] expected a tile_size of 1 or more, got {tile_size}.")
    if not pad_to_max_output_size and (
        len(own.shape) != 2 or isinstance(own, KerasTensor) or is_traced(own)
    ):
        raise InvalidArgumentError(
            f"[{where}] expected pad_to_max_output_size=True for boxes of shape {tuple(own.shape)}: without "
            "padding there can be no batch and no compiled program."
        )
    numbers, kept = _padded(
        own,
        values,
        count=count,
        iou_threshold=iou_threshold,
        score_threshold=score_threshold,
        in_order=sorted_input,
        name=name,
    )
    return (numbers if pad_to_max_output_size else numbers[: int(kept)]), kept


def _number(value: Any) -> Any:
    """A scalar tensor as an int."""
    shape = getattr(value, "shape", None)
    return value if shape is None else np.asarray(value).item()
