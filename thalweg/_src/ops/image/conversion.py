"""Intensities of images in other dtypes."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import DTypeError
from thalweg._src.core import dtypes
from thalweg._src.core.dtypes import DType
from thalweg._src.ops.casting import cast, saturate_cast
from thalweg._src.ops.elementwise import floordiv, multiply
from thalweg._src.ops.indices import tensor_of


def convert_image_dtype(
    image: Any, dtype: Any, saturate: bool = False, name: str | None = None
) -> Any:
    """Images of another dtype with the same look.

    Floats go from 0 to 1, integers from 0 to the largest one of their dtype.

    Args:
        image: Tensor of a real dtype and any shape.
        dtype: Floating or integer dtype.
        saturate: Cut off what an integer dtype cannot hold, where integers come from integers. What comes
            from floats always is.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the same shape; `image` itself when it has the dtype already.

    Raises:
        DTypeError: A dtype is neither floating nor an integer one.

    Example:
        >>> import thalweg as tf
        >>> tf.image.convert_image_dtype([0.0, 0.5, 1.0, 3.0], tf.uint8).numpy().tolist()
        [0, 127, 255, 255]

    Source: `tf.image.convert_image_dtype`.
    """
    x = tensor_of(image)
    source, wanted = dtypes.as_dtype(x.dtype), dtypes.as_dtype(dtype)
    for found in (source, wanted):
        if not (found.is_floating or found.is_integer):
            raise DTypeError(
                f"[convert_image_dtype] expected floating or integer dtypes, got {found.name}; cast the "
                "image with tf.cast."
            )
    if source is wanted:
        return x
    if source.is_integer and wanted.is_integer:
        return _between_integers(x, source, wanted, saturate_cast if saturate else cast)
    if source.is_floating and wanted.is_floating:
        return cast(x, wanted)
    if source.is_integer:
        return multiply(cast(x, wanted), 1.0 / int(source.max))
    # Half a step more, so that equal parts of [0, 1] become each integer.
    steps = int(wanted.max) + 0.5
    scaled = x if steps < float(source.max) else cast(x, dtypes.float32)
    return saturate_cast(multiply(scaled, steps), wanted)


def _between_integers(x: Any, source: DType, wanted: DType, change: Any) -> Any:
    steps, wanted_steps = int(source.max) + 1, int(wanted.max) + 1
    if steps > wanted_steps:
        return change(floordiv(x, steps // wanted_steps), wanted)
    return multiply(change(x, wanted), wanted_steps // steps)
