"""Texts joined: element by element, along axes, and by segments."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.arguments import int_of, ints_of
from thalweg._src.ops.strings.blocks import STRING, array_of, need_texts, one_text, texts_of
from thalweg._src.ops.support import axis_of


@op("string_join", input_dtypes={"inputs": STRING}, matched=(), on_host=True, pointwise=True)
def _join(*inputs: Any, separator: Any) -> Any:
    need_texts("string_join", *inputs)
    shapes = {array.shape for array in inputs if array.ndim}
    if len(shapes) > 1:
        raise ShapeError(
            f"[string_join] expected inputs of one shape, and single texts, got shapes {sorted(shapes)}; "
            "broadcast them with tf.broadcast_to."
        )
    shape = shapes.pop() if shapes else ()
    glue = one_text("string_join", "separator", separator)
    columns = [texts_of(np.broadcast_to(array, shape)) for array in inputs]
    return array_of([glue.join(row) for row in zip(*columns)], shape)


def join(inputs: Any, separator: Any = "", name: str | None = None) -> Any:
    """Texts joined element by element.

    Args:
        inputs: List of strings of one shape; single texts among them stand for that shape.
        separator: Text between two that are joined.
        name: Unused.

    Returns:
        Strings of that shape; one empty text where `inputs` is empty.

    Example:
        >>> import thalweg as tf
        >>> tf.strings.join(["img", ["1", "2"]], separator="_")
        <tf.Tensor: shape=(2,), dtype=string, numpy=array([b'img_1', b'img_2'], dtype=object)>

    Source: `tf.strings.join`.
    """
    return _join(*(list(inputs) or [""]), separator=separator)


@op("reduce_join", inputs=("inputs",), input_dtypes={"inputs": STRING}, matched=(), on_host=True)
def reduce_join(inputs: Any, axis: Any = None, keepdims: bool = False, separator: Any = "") -> Any:
    """Texts joined along axes.

    Args:
        inputs: Strings of any shape.
        axis: Axis or list of axes. The order counts: texts are joined along the first one first. None
            joins all, the last axis first.
        keepdims: Keep the joined axes with size 1.
        separator: Text between two that are joined.

    Returns:
        Strings without the joined axes; an empty text where an axis has no elements.

    Example:
        >>> import thalweg as tf
        >>> tf.strings.reduce_join([["a", "b"], ["c", "d"]], axis=0)
        <tf.Tensor: shape=(2,), dtype=string, numpy=array([b'ac', b'bd'], dtype=object)>

    Source: `tf.strings.reduce_join`.
    """
    need_texts("reduce_join", inputs)
    rank = inputs.ndim
    given = range(rank - 1, -1, -1) if axis is None else ints_of("reduce_join", "axis", axis)
    axes = [axis_of("reduce_join", a, rank) for a in given]
    if len(set(axes)) != len(axes):
        raise InvalidArgumentError(
            f"[reduce_join] expected every axis once, got axis={axis!r}; remove the repeated one."
        )
    glue = one_text("reduce_join", "separator", separator)
    kept = [a for a in range(rank) if a not in axes]
    shape = [inputs.shape[a] for a in kept]
    joined = [inputs.shape[a] for a in axes]
    rows = inputs.transpose(kept + axes[::-1]).reshape([int(np.prod(shape)), int(np.prod(joined))])
    if keepdims:
        shape = [1 if a in axes else n for a, n in enumerate(inputs.shape)]
    return array_of([glue.join(row) for row in rows.tolist()], shape)


@op(
    "unsorted_segment_join",
    inputs=("inputs", "segment_ids"),
    input_dtypes={"inputs": STRING},
    matched=(),
    on_host=True,
)
def unsorted_segment_join(
    inputs: Any, segment_ids: Any, num_segments: Any, separator: Any = ""
) -> Any:
    """Texts of the same segment joined, in the order in which they come.

    Args:
        inputs: Strings ``(*ids, ...)``.
        segment_ids: Integers ``(*ids)`` from 0 to ``num_segments - 1``.
        num_segments: Number of segments.
        separator: Text between two that are joined.

    Returns:
        Strings ``(num_segments, ...)``; an empty text for a segment without elements.

    Raises:
        InvalidArgumentError: A number of a segment is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.strings.unsorted_segment_join(["a", "b", "c"], [0, 1, 0], 2, separator="+")
        <tf.Tensor: shape=(2,), dtype=string, numpy=array([b'a+c', b'b'], dtype=object)>

    Source: `tf.strings.unsorted_segment_join`.
    """
    where = "unsorted_segment_join"
    need_texts(where, inputs)
    count = int_of(where, "num_segments", num_segments)
    rank = segment_ids.ndim
    if rank == 0 or inputs.shape[:rank] != segment_ids.shape:
        raise ShapeError(
            f"[{where}] expected segment_ids of the first dimensions of inputs {inputs.shape}, got shape "
            f"{segment_ids.shape}; give one number for each element."
        )
    if count < 0 or ((segment_ids < 0) | (segment_ids >= count)).any():
        raise InvalidArgumentError(
            f"[{where}] expected num_segments of 0 or more and segment_ids below it, got {count} and "
            f"{segment_ids.reshape(-1)[:8].tolist()}; leave out what belongs to no segment."
        )
    glue = one_text(where, "separator", separator)
    rest = inputs.shape[rank:]
    order = np.argsort(segment_ids, axis=None, kind="stable")
    rows = inputs.reshape(segment_ids.size, int(np.prod(rest)))[order]
    bounds = np.searchsorted(segment_ids.reshape(-1)[order], np.arange(count + 1))
    texts = [
        glue.join(column)
        for start, end in zip(bounds[:-1], bounds[1:])
        for column in (rows[start:end].T.tolist())
    ]
    return array_of(texts, (count, *rest))
