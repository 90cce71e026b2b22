"""Running an op on a dilated grid by cutting the input into batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.door import freeze
from thalweg._src.ops.blocks import (
    batch_to_space,
    required_space_to_batch_paddings,
    space_to_batch_nd,
)
from thalweg._src.ops.indices import tensor_of


def with_space_to_batch(
    input: Any,
    dilation_rate: Any,
    padding: str,
    op: Callable[..., Any],
    filter_shape: Any = None,
    spatial_dims: Any = None,
    data_format: Any = None,
) -> Any:
    """Result of `op` on the grids of every `dilation_rate`-th element, put together again.

    Args:
        input: Tensor ``(batch, *sizes, channels)``, or channels second for formats that begin with NC.
        dilation_rate: Steps between the elements of a grid, one for each spatial dimension.
        padding: ``"VALID"`` or ``"SAME"``; with SAME `filter_shape` must be given.
        op: Called as ``op(input, num_spatial_dims, padding)`` with VALID padding.
        filter_shape: Size of the window of `op` in each spatial dimension.
        spatial_dims: Which dimensions are spatial, in rising order; the first ones when None.
        data_format: Such as ``"NHWC"``.

    Returns:
        What `op` gives, in the place of its grids.

    Raises:
        ValueError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> def mean(x, num_spatial_dims, padding):
        ...     return tf.nn.avg_pool1d(x, 2, 1, padding)
        >>> x = tf.reshape([0.0, 1.0, 2.0, 3.0], (1, 4, 1))
        >>> tf.nn.with_space_to_batch(x, [2], "VALID", mean).numpy().ravel().tolist()
        [1.0, 2.0]

    Source: `tf.nn.with_space_to_batch`. Convolutions and pools take dilations themselves; this is for other
    functions.
    """
    input = tensor_of(input)
    rates = np.asarray(freeze(dilation_rate), np.int64).reshape(-1)
    first = 2 if (data_format or "").startswith("NC") else 1
    dims = (
        list(range(first, first + len(rates)))
        if spatial_dims is None
        else sorted(freeze(spatial_dims))
    )
    if len(dims) != len(rates) or min(dims) < 1:
        raise InvalidArgumentError(
            f"[with_space_to_batch] expected a rate for each of the spatial dimensions {dims}, got "
            f"{dilation_rate!r}."
        )
    if (rates == 1).all():
        return op(input, num_spatial_dims=len(rates), padding=padding)
    base = np.zeros((len(rates), 2), np.int64)
    if padding == "SAME":
        if filter_shape is None:
            raise InvalidArgumentError(
                "[with_space_to_batch] expected filter_shape for SAME padding."
            )
        extra = (np.asarray(freeze(filter_shape))[: len(rates)] - 1) * rates
        base = np.stack([extra // 2, extra - extra // 2], 1)
    elif padding != "VALID":
        raise InvalidArgumentError(
            f"[with_space_to_batch] expected padding 'SAME' or 'VALID', got {padding!r}."
        )
    span = range(1, max(dims) + 1)
    block = [int(rates[dims.index(d)]) if d in dims else 1 for d in span]
    pads = [base[dims.index(d)].tolist() if d in dims else [0, 0] for d in span]
    shape = [int(input.shape[d]) for d in span]
    paddings, crops = required_space_to_batch_paddings(shape, block, pads)
    found = op(
        space_to_batch_nd(input, block, paddings), num_spatial_dims=len(rates), padding="VALID"
    )
    return batch_to_space(found, block, crops)
