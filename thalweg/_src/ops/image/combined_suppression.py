"""Non-maximum suppression of many classes at once, and proposals of regions: results of known shape."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import jax
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.ops.casting import cast
from thalweg._src.ops.image.suppression import check_settings, first_best
from thalweg._src.ops.indices import tensor_of
from thalweg._src.ops.support import FLOAT, needs


class CombinedNonMaxSuppression(NamedTuple):
    """Boxes that are kept, of each image the best first, padded with zeros.

    Attributes:
        nmsed_boxes: Corners ``(batch, boxes, 4)``.
        nmsed_scores: Scores ``(batch, boxes)``.
        nmsed_classes: Classes ``(batch, boxes)``, as floats.
        valid_detections: How many are no padding, ``(batch,)``.
    """

    nmsed_boxes: Any
    nmsed_scores: Any
    nmsed_classes: Any
    valid_detections: Any


def _by_class(
    boxes: Any, scores: Any, each: int, total: int, threshold: float, score_threshold: float
) -> tuple[Any, ...]:
    """The best boxes of one image: of ``(boxes, 1 or classes, 4)`` and ``(boxes, classes)``."""
    classes = scores.shape[1]
    own = jnp.moveaxis(jnp.broadcast_to(boxes, (boxes.shape[0], classes, 4)), 1, 0)

    def one(corners: Any, values: Any) -> tuple[Any, Any]:
        return first_best(corners, values, each, threshold, score_threshold)

    numbers, there = jax.vmap(one)(own, scores.T)
    values = jnp.take_along_axis(scores.T, numbers, 1)
    # Stable, so that of equal scores the lower class comes first.
    order = jnp.argsort(jnp.where(there, -values, jnp.inf), None, stable=True)[:total]
    kept = there.reshape(-1)[order]
    group = (order // each).astype(jnp.int32)
    corners = own[group, numbers.reshape(-1)[order]]
    zero = jnp.zeros((), scores.dtype)
    return (
        jnp.where(kept[:, None], corners, zero),
        jnp.where(kept, values.reshape(-1)[order], zero),
        jnp.where(kept, group.astype(scores.dtype), zero),
        jnp.sum(kept, dtype=jnp.int32),
    )


@op(
    "combined_non_max_suppression",
    inputs=("boxes", "scores"),
    result=CombinedNonMaxSuppression,
    differentiable=False,
)
def combined_non_max_suppression(
    boxes: Any,
    scores: Any,
    max_output_size_per_class: int,
    max_total_size: int,
    iou_threshold: float = 0.5,
    score_threshold: float = -math.inf,
    pad_per_class: bool = False,
    clip_boxes: bool = True,
) -> Any:
    """Boxes of each class that overlap no better one, together sorted by score.

    Args:
        boxes: Corners ``(y1, x1, y2, x2)``: a float tensor ``(batch, boxes, 1, 4)``, or ``(batch, boxes,
            classes, 4)`` where each class has boxes of its own.
        scores: Scores ``(batch, boxes, classes)`` of the same dtype.
        max_output_size_per_class: How many boxes of a class are kept at most.
        max_total_size: How many boxes of an image are kept at most.
        iou_threshold: Boxes that share more than this part of their area with a better one are dropped.
        score_threshold: Boxes whose score is not above it are dropped.
        pad_per_class: Give results of at most ``max_output_size_per_class * classes`` boxes instead of
            `max_total_size`.
        clip_boxes: Cut corners off at 0 and 1.

    Returns:
        `CombinedNonMaxSuppression` of boxes, scores, classes and numbers of boxes.

    Raises:
        ValueError: Shapes or settings do not fit.

    Source: `tf.image.combined_non_max_suppression`.
    """
    where = "combined_non_max_suppression"
    needs(where, FLOAT, boxes, scores)
    check_settings(where, max_output_size_per_class, iou_threshold)
    if boxes.ndim != 4 or scores.ndim != 3 or boxes.shape[:2] != scores.shape[:2] or (
        boxes.shape[2] not in (1, scores.shape[2]) or boxes.shape[3] != 4
    ):
        raise ShapeError(
            f"[{where}] expected boxes of shape (batch, boxes, 1 or classes, 4) and scores of shape (batch, "
            f"boxes, classes), got {tuple(boxes.shape)} and {tuple(scores.shape)}."
        )
    if max_total_size < 1:
        raise InvalidArgumentError(
            f"[{where}] expected max_total_size of 1 or more, got {max_total_size}."
        )
    count = boxes.shape[1]
    each = min(max_output_size_per_class, count) if count else max_output_size_per_class
    whole = max_total_size
    if pad_per_class:
        whole = min(max_total_size, max_output_size_per_class * scores.shape[2])
    found = jax.vmap(
        lambda b, s: _by_class(b, s, each, whole, iou_threshold, score_threshold)
    )(boxes, scores)
    missing = whole - found[0].shape[1]
    corners, values, groups = (
        jnp.pad(f, ((0, 0), (0, missing)) + ((0, 0),) * (f.ndim - 2)) for f in found[:3]
    )
    if clip_boxes:
        corners = jnp.clip(corners, 0, 1)
    return corners, values, groups, found[3]


class GenerateBoundingBoxProposals(NamedTuple):
    """Regions of interest, of each image the best first, padded with zeros.

    Attributes:
        rois: Corners ``(y1, x1, y2, x2)`` in pixels, ``(images, regions, 4)``.
        roi_probabilities: Scores ``(images, regions)``.
    """

    rois: Any
    roi_probabilities: Any


# Boxes grow to at most 1000 / 16 of their anchor.
_MOST_GROWTH = math.log(1000 / 16)


def _moved(anchors: Any, deltas: Any) -> Any:
    """Boxes of which the centres' shifts and the logarithms of the growth are given."""
    size = anchors[..., 2:] - anchors[..., :2]
    centre = anchors[..., :2] + 0.5 * size + deltas[..., :2] * size
    half = 0.5 * jnp.exp(jnp.minimum(deltas[..., 2:], _MOST_GROWTH)) * size
    return jnp.concatenate([centre - half, centre + half], -1)


@op("generate_bounding_box_proposals", result=GenerateBoundingBoxProposals, differentiable=False)
def _proposals(
    scores: Any,
    bbox_deltas: Any,
    image_info: Any,
    anchors: Any,
    *,
    nms_threshold: float,
    pre_nms_topn: int,
    min_size: float,
    post_nms_topn: int,
) -> Any:
    where = "generate_bounding_box_proposals"
    needs(where, FLOAT, scores, bbox_deltas, image_info, anchors)
    images, count = scores.shape[0], math.prod(scores.shape[1:])
    fits = scores.ndim == 4 and bbox_deltas.shape == (*scores.shape[:3], 4 * scores.shape[3])
    if not fits or image_info.shape != (images, 5) or anchors.size != 4 * count:
        raise ShapeError(
            f"[{where}] expected scores (images, height, width, anchors), bbox_deltas (images, height, "
            "width, 4 * anchors), image_info (images, 5) and four numbers for each anchor of each place, got "
            f"shapes {tuple(scores.shape)}, {tuple(bbox_deltas.shape)}, {tuple(image_info.shape)} and "
            f"{tuple(anchors.shape)}."
        )
    first = min(pre_nms_topn, count)

    def one(values: Any, deltas: Any, info: Any) -> tuple[Any, Any]:
        best, order = lax.top_k(values.reshape(-1), first)
        boxes = _moved(anchors.reshape(-1, 4)[order], deltas.reshape(-1, 4)[order])
        boxes = jnp.clip(boxes, 0, jnp.tile(info[:2], 2))
        large = ((boxes[:, 2:] - boxes[:, :2]) >= min_size * info[2]).all(-1)
        best = jnp.where(large, best, -jnp.inf)
        numbers, there = first_best(boxes, best, post_nms_topn, nms_threshold, -math.inf)
        return jnp.where(there[:, None], boxes[numbers], 0), jnp.where(there, best[numbers], 0)

    return jax.vmap(one)(scores, bbox_deltas, image_info)


def generate_bounding_box_proposals(
    scores: Any,
    bbox_deltas: Any,
    image_info: Any,
    anchors: Any,
    nms_threshold: float = 0.7,
    pre_nms_topn: int = 6000,
    min_size: float = 16,
    post_nms_topn: int = 300,
    name: str | None = None,
) -> Any:
    """Regions in which a network sees objects, made of the scores and moves of anchors.

    Args:
        scores: Score of each anchor at each place: a float tensor ``(images, height, width, anchors)``.
        bbox_deltas: How each anchor is moved and stretched, ``(dy, dx, dh, dw)``: shifts of the centre in
            parts of the anchor's size, and logarithms of the growth; ``(images, height, width,
            4 * anchors)``.
        image_info: Height and width of each image in pixels, its scale, and two numbers that are not used:
            ``(images, 5)``.
        anchors: Corners ``(y1, x1, y2, x2)`` of the anchors of each place in pixels: ``(height, width,
            4 * anchors)``, or any other shape of as many numbers.
        nms_threshold: Regions that share more than this part of their area with a better one are dropped.
        pre_nms_topn: How many of the best anchors are looked at.
        min_size: Regions smaller than this, in pixels of the unscaled image, are dropped.
        post_nms_topn: How many regions are kept.
        name: Name of the node in a model's graph.

    Returns:
        `GenerateBoundingBoxProposals` of regions, cut off at the edges of the images, and scores.

    Raises:
        ShapeError: Shapes do not fit.

    Source: Ren et al., "Faster R-CNN: towards real-time object detection with region proposal networks"
    (2015); `tf.image.generate_bounding_box_proposals`, which runs on GPUs only.
    """
    parts = (tensor_of(v) for v in (scores, bbox_deltas, image_info, anchors))
    return _proposals(
        *(cast(p, dtypes.float32) for p in parts),
        nms_threshold=nms_threshold,
        pre_nms_topn=pre_nms_topn,
        min_size=min_size,
        post_nms_topn=post_nms_topn,
        name=name,
    )


