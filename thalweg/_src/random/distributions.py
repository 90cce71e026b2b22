"""Random tensors that differ from call to call: normal, uniform, gamma, categorical and others."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.arguments import int_of
from thalweg._src.random import draws
from thalweg._src.random.arguments import (
    FLOATS,
    INTEGERS,
    check_range,
    dtype_of,
    is_plain,
    joined_shape,
    operand,
    shape_of,
    string_tensor,
)
from thalweg._src.random.global_generator import draw, stateful

COUNTS = ("float16", "bfloat16", "float32", "float64", "int32", "int64")


@stateful
def normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Normally distributed floats.

    Args:
        shape: Sizes.
        mean: Mean; a number or a tensor that broadcasts with `shape`.
        stddev: Standard deviation, likewise.
        dtype: float16, bfloat16, float32 or float64.
        seed: Integer that names a stream of its own; see `tf.random.set_seed`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of `shape` (broadcast with `mean` and `stddev`); differentiable in both.

    Raises:
        TypeError: `dtype` is no floating one.

    Example:
        >>> import thalweg as tf
        >>> tf.random.normal((3, 1)).shape
        TensorShape([3, 1])

    Source: `tf.random.normal`. The numbers differ from TensorFlow's.
    """
    sizes, kind = shape_of("random.normal", shape), _floating("random.normal", dtype)
    if is_plain(mean, 0) and is_plain(stddev, 1):
        return draw(draws.random_normal, seed, (), (sizes, kind))
    center = operand("random.normal", "mean", mean, kind)
    spread = operand("random.normal", "stddev", stddev, kind)
    return draw(draws.random_normal_scaled, seed, (center, spread), (sizes, kind))


def _floating(where: str, dtype: Any) -> dtypes.DType:
    return dtypes.float32 if dtype is dtypes.float32 else dtype_of(where, dtype, FLOATS)


@stateful
def truncated_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Normally distributed floats, none further from the mean than two standard deviations.

    Args:
        shape: Sizes.
        mean: Mean before truncation; a number or a tensor that broadcasts with `shape`.
        stddev: Standard deviation before truncation, likewise.
        dtype: float16, bfloat16, float32 or float64.
        seed: Integer that names a stream of its own; see `tf.random.set_seed`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of `shape` (broadcast with `mean` and `stddev`); differentiable in both.

    Example:
        >>> import thalweg as tf
        >>> bool(tf.reduce_all(tf.abs(tf.random.truncated_normal((100,))) <= 2.0))
        True

    Source: `tf.random.truncated_normal`. Values are drawn by inversion, not drawn again.
    """
    where = "random.truncated_normal"
    sizes, kind = shape_of(where, shape), _floating(where, dtype)
    if is_plain(mean, 0) and is_plain(stddev, 1):
        return draw(draws.random_truncated_normal, seed, (), (sizes, kind))
    center, spread = operand(where, "mean", mean, kind), operand(where, "stddev", stddev, kind)
    return draw(draws.random_truncated_normal_scaled, seed, (center, spread), (sizes, kind))


@stateful
def uniform(
    shape: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Floats or integers, uniform in [minval, maxval).

    Args:
        shape: Sizes.
        minval: Smallest value; a number or a tensor that broadcasts with `shape`.
        maxval: Upper end, itself not drawn; 1 for floats when None, required for integers.
        dtype: A floating or integer dtype.
        seed: Integer that names a stream of its own; see `tf.random.set_seed`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of `shape` (broadcast with the bounds); for floats differentiable in both.

    Raises:
        ValueError: `maxval` is missing for integers, or is not above `minval`.

    Example:
        >>> import thalweg as tf
        >>> dice = tf.random.uniform((100,), 1, 7, dtype=tf.int32)
        >>> int(tf.reduce_min(dice)) >= 1, int(tf.reduce_max(dice)) <= 6
        (True, True)

    Source: `tf.random.uniform`. All integer dtypes are allowed, integers are not biased, bounds of
    integers broadcast too, and rounding never returns `maxval`.
    """
    where = "random.uniform"
    sizes, kind = shape_of(where, shape), dtype_of(where, dtype, FLOATS + INTEGERS)
    if kind.is_integer:
        if maxval is None or minval is None:
            raise InvalidArgumentError(
                f"[{where}] expected minval and maxval for the integer dtype {kind.name}, got "
                f"minval={minval!r} and maxval={maxval!r}; give both."
            )
        low, high = operand(where, "minval", minval, kind), operand(where, "maxval", maxval, kind)
        check_range(where, minval, maxval)
        return draw(draws.random_integers_between, seed, (low, high), (sizes, kind))
    maxval = 1 if maxval is None else maxval
    if is_plain(minval, 0) and is_plain(maxval, 1):
        return draw(draws.random_uniform, seed, (), (sizes, kind))
    low, high = operand(where, "minval", minval, kind), operand(where, "maxval", maxval, kind)
    return draw(draws.random_uniform_between, seed, (low, high), (sizes, kind))


@stateful
def gamma(
    shape: Any,
    alpha: Any,
    beta: Any = None,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Gamma-distributed floats: `shape` draws for each pair of parameters.

    Args:
        shape: Sizes put in front of the parameters' broadcast shape.
        alpha: Shape parameters, above 0.
        beta: Rates (inverse scales), above 0; 1 when None.
        dtype: float16, float32 or float64.
        seed: Integer that names a stream of its own; see `tf.random.set_seed`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``shape + broadcast(alpha, beta)``; differentiable in both parameters (by
        implicit reparametrisation). No value is below the smallest normal number.

    Example:
        >>> import thalweg as tf
        >>> tf.random.gamma([10], alpha=[0.5, 1.5]).shape
        TensorShape([10, 2])

    Source: `tf.random.gamma`.
    """
    where = "random.gamma"
    kind = dtype_of(where, dtype, FLOATS)
    shaped, rate = gamma_operands(where, alpha, beta, kind)
    sizes = joined_shape(where, shape, shaped, rate)
    return draw(draws.random_gamma, seed, (shaped, rate), (sizes,))


def gamma_operands(where: str, alpha: Any, beta: Any, dtype: dtypes.DType) -> tuple[Any, Any]:
    """`alpha` and `beta` (1 when None) of one dtype."""
    shaped = operand(where, "alpha", alpha, dtype)
    return shaped, operand(where, "beta", 1 if beta is None else beta, dtype)


@stateful
def poisson(
    shape: Any,
    lam: Any,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Poisson-distributed whole numbers: `shape` draws for each rate.

    Args:
        shape: Sizes put in front of the shape of `lam`.
        lam: Rates (means), 0 or more.
        dtype: A floating dtype, int32 or int64.
        seed: Integer that names a stream of its own; see `tf.random.set_seed`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``shape + lam.shape``.

    Example:
        >>> import thalweg as tf
        >>> tf.random.poisson([10], [0.5, 1.5]).shape
        TensorShape([10, 2])

    Source: `tf.random.poisson`.
    """
    where = "random.poisson"
    kind = dtype_of(where, dtype, COUNTS)
    rate = operand(where, "lam", lam, None)
    return draw(draws.random_poisson, seed, (rate,), (joined_shape(where, shape, rate), kind))


@stateful
def categorical(
    logits: Any,
    num_samples: Any,
    dtype: Any = None,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Class indices drawn with the probabilities ``softmax(logits)``.

    Args:
        logits: Unnormalised log probabilities of shape ``(batch, classes)``; -inf is never drawn.
        num_samples: Draws for each row.
        dtype: int64 or int32; int64 when None.
        seed: Integer that names a stream of its own; see `tf.random.set_seed`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(batch, num_samples)``.

    Raises:
        ValueError: `logits` is no matrix of floats, or has no classes.

    Example:
        >>> import thalweg as tf
        >>> tf.random.categorical([[0.0, float("-inf")]], 3)
        <tf.Tensor: shape=(1, 3), dtype=int64, numpy=array([[0, 0, 0]])>

    Source: `tf.random.categorical`.
    """
    inputs, attrs = categorical_arguments("random.categorical", logits, num_samples, dtype)
    return draw(draws.random_categorical, seed, inputs, attrs)


def categorical_arguments(where: str, logits: Any, count: Any, dtype: Any) -> tuple[Any, Any]:
    """Inputs and attributes of a categorical draw, checked."""
    kind = dtype_of(where, dtypes.int64 if dtype is None else dtype, ("int32", "int64"))
    scores = operand(where, "logits", logits, None)
    if len(scores.shape) != 2 or scores.shape[1] == 0 or not _is_floating(scores):
        raise InvalidArgumentError(
            f"[{where}] expected logits of a floating dtype and shape (batch, classes) with one class "
            f"or more, got {dtypes.as_dtype(scores.dtype).name} of shape {tuple(scores.shape)}; "
            "reshape or cast them."
        )
    if isinstance(count, KerasTensor):
        return (scores,), (count, kind)
    number = count if type(count) is int else int_of(where, "num_samples", count)
    if number < 0:
        raise InvalidArgumentError(
            f"[{where}] expected num_samples of 0 or more, got {number}; give the draws for each row."
        )
    return (scores,), (number, kind)


def _is_floating(value: Any) -> bool:
    return dtypes.as_dtype(value.dtype).is_floating


@stateful
def shuffle(value: Any, seed: int | None = None, name: str | None = None) -> Any:
    """The slices along the first dimension in random order.

    Args:
        value: Tensor of any dtype and shape ``(n, ...)``.
        seed: Integer that names a stream of its own; see `tf.random.set_seed`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> import thalweg as tf
        >>> sorted(tf.random.shuffle([1, 2, 3]).numpy().tolist())
        [1, 2, 3]

    Source: `tf.random.shuffle`.
    """
    text = string_tensor(value)
    if text is None:
        return draw(
            draws.random_shuffle, seed, (operand("random.shuffle", "value", value, None),), ()
        )
    if not text.ndim:
        return text
    order = draw(draws.random_shuffle, seed, (np.arange(len(text)),), ())
    return Tensor(convert_to_tensor(text)._value("random.shuffle")[order.numpy()])
