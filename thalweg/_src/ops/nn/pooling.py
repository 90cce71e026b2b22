"""Pooling of either kind, with dilation."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.ops.nn.average_pooling import average_pool_op
from thalweg._src.ops.nn.max_pooling import max_pool_op


def pool(
    input: Any,
    window_shape: Any,
    pooling_type: str,
    strides: Any = None,
    padding: Any = "VALID",
    data_format: Any = None,
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """Largest or mean value of each window, over one to three dimensions, with dilation.

    Args:
        input: Tensor ``(batch, *sizes, channels)``.
        window_shape: Size of the window: an int, or a list with an entry for each size.
        pooling_type: ``"MAX"`` or ``"AVG"``.
        strides: Steps between windows; 1 when None.
        padding: ``"VALID"``, ``"SAME"`` or a pair for each dimension.
        data_format: Such as ``"NHWC"`` or ``"NCHW"``; channels last when None.
        dilations: Steps between the elements of a window; 1 when None.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, *windows, channels)``.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.pool([[[1.0], [3.0], [2.0]]], [2], "AVG").numpy().ravel().tolist()
        [2.0, 2.5]

    Source: `tf.nn.pool`. Dilation goes with SAME padding and with strides as well.
    """
    if pooling_type not in ("MAX", "AVG"):
        raise InvalidArgumentError(
            f"[pool] expected pooling_type 'MAX' or 'AVG', got {pooling_type!r}."
        )
    function = max_pool_op if pooling_type == "MAX" else average_pool_op
    return function(
        input,
        ksize=window_shape,
        strides=strides,
        padding=padding,
        dilations=dilations,
        data_format=data_format,
        where="pool",
        name=name,
    )
