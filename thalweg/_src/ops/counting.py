"""Counts: nonzero elements, values, histograms and confusion matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.composite import dispatched
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.dtypes import DType
from thalweg._src.core.opdef import op
from thalweg._src.ops.arguments import host_value, int_of
from thalweg._src.ops.casting import cast
from thalweg._src.ops.support import INTEGER, REAL, axes_of, known_value, needs


def _count_host(input: Any, axis: Any, keepdims: bool, dtype: DType) -> Any:
    axes = axes_of("count_nonzero", axis, input.ndim)
    present = input != b"" if input.dtype == object else input != 0
    return np.sum(np.asarray(present, np.bool_), axes, keepdims=keepdims, dtype=dtype.numpy_dtype)


@op("count_nonzero", host=_count_host)
def _count_nonzero(input: Any, *, axis: Any, keepdims: bool, dtype: DType) -> Any:
    """Number of elements that are not 0."""
    axes = axes_of("count_nonzero", axis, input.ndim)
    return jnp.sum(input != 0, axis=axes, keepdims=keepdims, dtype=dtype.numpy_dtype)


def count_nonzero(
    input: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    dtype: Any = dtypes.int64,
    name: str | None = None,
) -> Any:
    """Number of elements along `axis` that are not 0 (for strings: not empty).

    Args:
        input: Tensor of any dtype.
        axis: Dimension or list of dimensions; None for all.
        keepdims: Keep the reduced dimensions with size 1.
        dtype: Dtype of the result.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of `dtype`.

    Example:
        >>> import thalweg as tf
        >>> tf.math.count_nonzero([[1, 0], [0, 0]], axis=0)
        <tf.Tensor: shape=(2,), dtype=int64, numpy=array([1, 0])>

    Source: `tf.math.count_nonzero`.
    """
    return _count_nonzero(
        input, axis=axis, keepdims=bool(keepdims), dtype=dtypes.as_dtype(dtype), name=name
    )


@op("zero_fraction")
def zero_fraction(value: Any) -> Any:
    """Share of the elements that are 0.

    Args:
        value: Tensor of a numeric dtype.

    Returns:
        Float32 scalar in [0, 1]; NaN for no elements.

    Example:
        >>> import thalweg as tf
        >>> tf.math.zero_fraction([0.0, 1.0, 0.0, 0.0])
        <tf.Tensor: shape=(), dtype=float32, numpy=0.75>

    Source: `tf.math.zero_fraction`.
    """
    zeros = jnp.sum(value == 0, dtype=np.int64)
    return (zeros / np.float64(value.size or np.nan)).astype(np.float32)


@op("bincount", inputs=("arr", "weights"), matched=())
def _bincount(
    arr: Any, weights: Any = None, *, size: int, dtype: DType, rows: bool, binary: bool
) -> Any:
    """Counts (or sums of weights) of the values 0 to size - 1, of all elements or of each row."""
    shape = (*arr.shape[:-1], size) if rows else (size,)
    if not rows:
        arr = arr.reshape(-1)
    # Values that are too large fall on `size`, and are dropped there.
    at = jnp.where((arr >= 0) & (arr < size), arr, size).astype(np.int32)
    places: Any = (at,)
    if arr.ndim == 2:
        places = (np.arange(arr.shape[0], dtype=np.int32)[:, None], at)
    if binary:
        return jnp.zeros(shape, dtype.numpy_dtype).at[places].set(1, mode="drop")
    if weights is None:
        return jnp.zeros(shape, dtype.numpy_dtype).at[places].add(1, mode="drop")
    weights = weights.reshape(arr.shape)
    return jnp.zeros(shape, weights.dtype).at[places].add(weights, mode="drop")


@dispatched("bincount")
def bincount(
    arr: Any,
    weights: Any = None,
    minlength: Any = None,
    maxlength: Any = None,
    dtype: Any = dtypes.int32,
    name: str | None = None,
    axis: Any = None,
    binary_output: bool = False,
) -> Any:
    """How often each of the values 0, 1, 2, ... occurs.

    Args:
        arr: Integers of 0 or more, of any shape; with ``axis=-1`` of shape ``(n,)`` or ``(batch, n)``.
        weights: Tensor of the shape of `arr`; its values are added up instead of ones.
        minlength: Least length of the result. Inside a compiled program it must be given and equal to
            `maxlength`, as the length would depend on values.
        maxlength: Greatest length of the result; larger values are not counted.
        dtype: Dtype of the counts, without `weights`.
        name: Name of the node in a model's graph.
        axis: None or 0 to count all elements together, -1 to count each row.
        binary_output: Give 1 where a value occurs, instead of how often.

    Returns:
        Tensor of shape ``(length,)``, or ``(batch, length)`` with ``axis=-1``. Its length is the largest
        value + 1, within the limits.

    Raises:
        InvalidArgumentError: A value is negative.

    Example:
        >>> import thalweg as tf
        >>> tf.math.bincount([1, 1, 3])
        <tf.Tensor: shape=(4,), dtype=int32, numpy=array([0, 2, 0, 1], dtype=int32)>

    Source: `tf.math.bincount`.
    """
    if axis not in (None, 0, -1):
        raise InvalidArgumentError(
            f"[bincount] expected axis None, 0 or -1, got {axis!r}; choose one."
        )
    if binary_output and weights is not None:
        raise InvalidArgumentError(
            "[bincount] expected no weights with binary_output=True, got both; leave one out."
        )
    arr = convert_to_tensor(arr)
    if not dtypes.as_dtype(arr.dtype).is_integer:
        arr = cast(arr, dtypes.int32)
    size = bins_of(arr, minlength, maxlength)
    return _bincount(
        arr,
        weights,
        size=size,
        dtype=dtypes.as_dtype(dtype),
        rows=axis == -1,
        binary=bool(binary_output),
    )


def bins_of(arr: Any, minlength: Any, maxlength: Any) -> int:
    """Number of bins for values: the largest + 1, within the limits."""
    low = 0 if minlength is None else int_of("bincount", "minlength", _plain(minlength))
    high = None if maxlength is None else int_of("bincount", "maxlength", _plain(maxlength))
    if high is not None and low >= high:
        values = host_value(arr)
        _refuse_negative(values)
        return high
    values = known_value(
        "bincount", "arr", arr, "give minlength and maxlength, equal, to fix the length"
    )
    _refuse_negative(values)
    size = max(low, int(values.max()) + 1 if values.size else 0)
    return size if high is None else min(size, high)


def _plain(value: Any) -> Any:
    return value if isinstance(value, int) else known_value("bincount", "a length", value).item()


def _refuse_negative(values: Any) -> None:
    if values is not None and values.size and values.min() < 0:
        raise InvalidArgumentError(
            f"[bincount] expected values of 0 or more, got {values.min()}; shift them first."
        )


def _bins(values: Any, value_range: Any, nbins: int) -> Any:
    """Number of the bin of each value, those outside the range in the first or last bin."""
    low, high = value_range[0], value_range[1]
    place = (values - low) / ((high - low) / nbins)
    return jnp.clip(jnp.floor(place), 0, nbins - 1).astype(np.int32)


def _floats(values: Any, value_range: Any) -> tuple[Any, Any]:
    """Values and range as floats of one dtype."""
    needs("histogram_fixed_width", REAL, values, value_range)
    wide = values.dtype if jnp.issubdtype(values.dtype, jnp.floating) else np.float64
    if value_range.shape != (2,):
        raise ShapeError(
            f"[histogram_fixed_width] expected a value_range of shape (2,), got {value_range.shape}; "
            "give [low, high]."
        )
    return values.astype(wide), value_range.astype(wide)


@op("histogram_fixed_width_bins")
def _histogram_bins(values: Any, value_range: Any, *, nbins: int, dtype: DType) -> Any:
    """Bin of each value."""
    return _bins(*_floats(values, value_range), nbins).astype(dtype.numpy_dtype)


@op("histogram_fixed_width")
def _histogram(values: Any, value_range: Any, *, nbins: int, dtype: DType) -> Any:
    """Number of values in each bin."""
    places = _bins(*_floats(values, value_range), nbins).reshape(-1)
    return jnp.zeros((nbins,), dtype.numpy_dtype).at[places].add(1)


def _check_histogram(where: str, value_range: Any, nbins: Any) -> int:
    nbins = int_of(where, "nbins", nbins if isinstance(nbins, int) else _plain(nbins))
    if nbins < 1:
        raise InvalidArgumentError(f"[{where}] expected nbins of 1 or more, got {nbins}; use 100.")
    limits = host_value(value_range)
    if limits is not None and limits.shape == (2,) and not limits[0] < limits[1]:
        raise InvalidArgumentError(
            f"[{where}] expected value_range[0] < value_range[1], got {limits.tolist()}; swap them."
        )
    return nbins


def histogram_fixed_width(
    values: Any,
    value_range: Any,
    nbins: Any = 100,
    dtype: Any = dtypes.int32,
    name: str | None = None,
) -> Any:
    """Number of values in each of `nbins` bins of one width.

    Args:
        values: Tensor of a real dtype.
        value_range: ``[low, high]`` of the same dtype. Values below count for the first bin, values
            above and `high` itself for the last.
        nbins: Number of bins, 1 or more.
        dtype: Dtype of the counts.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(nbins,)``.

    Raises:
        InvalidArgumentError: ``low >= high`` or `nbins` is below 1.

    Example:
        >>> import thalweg as tf
        >>> tf.histogram_fixed_width([-1.0, 0.0, 1.5, 2.0, 5.0, 15.0], [0.0, 5.0], nbins=5)
        <tf.Tensor: shape=(5,), dtype=int32, numpy=array([2, 1, 1, 0, 2], dtype=int32)>

    Source: `tf.histogram_fixed_width`.
    """
    nbins = _check_histogram("histogram_fixed_width", value_range, nbins)
    return _histogram(values, value_range, nbins=nbins, dtype=dtypes.as_dtype(dtype))


def histogram_fixed_width_bins(
    values: Any,
    value_range: Any,
    nbins: Any = 100,
    dtype: Any = dtypes.int32,
    name: str | None = None,
) -> Any:
    """Number of the bin into which each value falls, of `nbins` bins of one width.

    Args:
        values: Tensor of a real dtype.
        value_range: ``[low, high]`` of the same dtype; values outside fall into the first or last bin.
        nbins: Number of bins, 1 or more.
        dtype: Integer dtype of the result.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the shape of `values`.

    Raises:
        InvalidArgumentError: ``low >= high`` or `nbins` is below 1.

    Source: `tf.histogram_fixed_width_bins`.
    """
    nbins = _check_histogram("histogram_fixed_width_bins", value_range, nbins)
    return _histogram_bins(values, value_range, nbins=nbins, dtype=dtypes.as_dtype(dtype))


@op("confusion_matrix", inputs=("labels", "predictions", "weights"), matched=(0, 1))
def _confusion_matrix(
    labels: Any, predictions: Any, weights: Any = None, *, n: int, dtype: DType
) -> Any:
    """Counts of the pairs (label, prediction)."""
    needs("confusion_matrix", INTEGER, labels, predictions)
    if labels.ndim != 1 or labels.shape != predictions.shape:
        raise ShapeError(
            "[confusion_matrix] expected labels and predictions of one shape (batch,), got "
            f"{tuple(labels.shape)} and {tuple(predictions.shape)}; flatten them."
        )
    one = 1 if weights is None else jnp.broadcast_to(weights, labels.shape)
    one = jnp.asarray(one).astype(dtype.numpy_dtype)
    inside = (labels >= 0) & (predictions >= 0)
    rows, columns = (jnp.where(inside, v, n).astype(np.int32) for v in (labels, predictions))
    return jnp.zeros((n, n), dtype.numpy_dtype).at[rows, columns].add(one, mode="drop")


def confusion_matrix(
    labels: Any,
    predictions: Any,
    num_classes: Any = None,
    weights: Any = None,
    dtype: Any = dtypes.int32,
    name: str | None = None,
) -> Any:
    """How often each class was taken for each other: rows are true classes, columns predicted ones.

    Args:
        labels: True classes, integers of shape ``(batch,)``.
        predictions: Predicted classes, of the same shape.
        num_classes: Number of classes; None for the largest class + 1, not inside compiled programs.
        weights: Weight of each example, of shape ``(batch,)``.
        dtype: Dtype of the result.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(num_classes, num_classes)``.

    Raises:
        InvalidArgumentError: A class is negative or not below `num_classes`, where values are known.

    Example:
        >>> import thalweg as tf
        >>> tf.math.confusion_matrix([0, 1, 1], [0, 1, 0]).numpy().tolist()
        [[1, 0], [1, 1]]

    Source: `tf.math.confusion_matrix`. Inside compiled programs pairs out of range are not counted.
    """
    given = _class_numbers(labels), _class_numbers(predictions)
    given = _squeezed(*given)
    if num_classes is None:
        n = 0
        for what, part in zip(("labels", "predictions"), given):
            values = known_value("confusion_matrix", what, part, "give num_classes")
            n = max(n, int(values.max()) + 1 if values.size else 0)
    else:
        n = int_of("confusion_matrix", "num_classes", _plain(num_classes))
    for what, part in zip(("labels", "predictions"), given):
        known = host_value(part)
        if known is not None and known.size and not 0 <= known.min() <= known.max() < n:
            raise InvalidArgumentError(
                f"[confusion_matrix] expected {what} from 0 to {n - 1}, got values from {known.min()} to "
                f"{known.max()}; give a larger num_classes or clean the data."
            )
    return _confusion_matrix(*given, weights, n=n, dtype=dtypes.as_dtype(dtype))


def _class_numbers(value: Any) -> Any:
    tensor = convert_to_tensor(value)
    return tensor if dtypes.as_dtype(tensor.dtype) is dtypes.int64 else cast(tensor, dtypes.int64)


def _squeezed(labels: Any, predictions: Any) -> tuple[Any, Any]:
    """Removes a last dimension of 1 from the one that has a dimension more."""
    more = len(labels.shape) - len(predictions.shape)
    if more == 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    elif more == -1 and predictions.shape[-1] == 1:
        predictions = predictions[..., 0]
    return labels, predictions
