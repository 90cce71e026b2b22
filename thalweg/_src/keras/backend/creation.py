"""New tensors and Variables, filled or drawn; in the default float where no dtype is named."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.random import distributions
from thalweg._src.ops import creation
from thalweg._src.ops.casting import cast
from thalweg._src.ops.comparison import less
from thalweg._src.ops.ranges import range_
from thalweg._src.variables.variable import Variable


def constant(value: Any, dtype: Any = None, shape: Any = None, name: str | None = None) -> Any:
    """Tensor of given values.

    Args:
        value: Numbers.
        dtype: Dtype; the default float when None.
        shape: Shape, which one number fills; that of `value` when None.
        name: Name, for messages.

    Source: `tf.keras.backend.constant`.
    """
    return creation.constant(value, dtype or floatx(), shape, name or "Const")


def variable(
    value: Any, dtype: Any = None, name: str | None = None, constraint: Any = None
) -> Variable:
    """Variable that starts with given values.

    Args:
        value: Numbers.
        dtype: Dtype; the default float when None.
        name: Name.
        constraint: Function that optimizers apply after an update, or None.

    Source: `tf.keras.backend.variable`.
    """
    return Variable(value, dtype=dtype or floatx(), name=name, constraint=constraint)


def zeros(shape: Any, dtype: Any = None, name: str | None = None) -> Variable:
    """Variable of zeros.

    Args:
        shape: Sizes.
        dtype: Dtype; the default float when None.
        name: Name.

    Source: `tf.keras.backend.zeros`.
    """
    return Variable(creation.zeros(shape, dtype or floatx()), name=name)


def ones(shape: Any, dtype: Any = None, name: str | None = None) -> Variable:
    """Variable of ones.

    Args:
        shape: Sizes.
        dtype: Dtype; the default float when None.
        name: Name.

    Source: `tf.keras.backend.ones`.
    """
    return Variable(creation.ones(shape, dtype or floatx()), name=name)


def eye(size: Any, dtype: Any = None, name: str | None = None) -> Variable:
    """Variable of an identity matrix ``(size, size)``.

    Args:
        size: Number of rows.
        dtype: Dtype; the default float when None.
        name: Name.

    Source: `tf.keras.backend.eye`.
    """
    return Variable(creation.eye(size, dtype=dtype or floatx()), name=name)


def zeros_like(x: Any, dtype: Any = None, name: str | None = None) -> Any:
    """Zeros in the shape of a tensor, and in its dtype unless one is named.

    Args:
        x: Tensor.
        dtype: Dtype, or None.
        name: Name, for messages.

    Source: `tf.keras.backend.zeros_like`.
    """
    return creation.zeros_like(x, dtype, name)


def ones_like(x: Any, dtype: Any = None, name: str | None = None) -> Any:
    """Ones in the shape of a tensor, and in its dtype unless one is named.

    Args:
        x: Tensor.
        dtype: Dtype, or None.
        name: Name, for messages.

    Source: `tf.keras.backend.ones_like`.
    """
    return creation.ones_like(x, dtype, name)


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = "int32") -> Any:
    """Evenly spaced numbers ``(count,)``, without the last.

    Args:
        start: First number; where there is no `stop`, the end of numbers from 0.
        stop: End, or None.
        step: From one number to the next.
        dtype: Dtype.

    Source: `tf.keras.backend.arange`.
    """
    return cast(range_(start, stop, step), dtype)


def random_normal(
    shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, seed: Any = None
) -> Any:
    """Draws from a normal distribution.

    Args:
        shape: Sizes.
        mean: Mean.
        stddev: Standard deviation.
        dtype: Dtype; the default float when None.
        seed: Number or `SeedGenerator`; the global generator when None.

    Source: `tf.keras.backend.random_normal`.
    """
    return distributions.normal(shape, mean, stddev, dtype, seed)


def truncated_normal(
    shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, seed: Any = None
) -> Any:
    """Draws from a normal distribution, within two standard deviations of the mean.

    Args:
        shape: Sizes.
        mean: Mean.
        stddev: Standard deviation before cutting.
        dtype: Dtype; the default float when None.
        seed: Number or `SeedGenerator`; the global generator when None.

    Source: `tf.keras.backend.truncated_normal`.
    """
    return distributions.truncated_normal(shape, mean, stddev, dtype, seed)


def random_uniform(
    shape: Any, minval: Any = 0.0, maxval: Any = 1.0, dtype: Any = None, seed: Any = None
) -> Any:
    """Draws from ``[minval, maxval)``, all numbers equally likely.

    Args:
        shape: Sizes.
        minval: Lower end.
        maxval: Upper end.
        dtype: Dtype; the default float when None.
        seed: Number or `SeedGenerator`; the global generator when None.

    Source: `tf.keras.backend.random_uniform`.
    """
    return distributions.uniform(shape, minval, maxval, dtype, seed)


def random_bernoulli(shape: Any, p: Any = 0.0, dtype: Any = None, seed: Any = None) -> Any:
    """Ones with probability `p`, else zeros.

    Args:
        shape: Sizes.
        p: Probability of a one, in [0, 1].
        dtype: Dtype; the default float when None.
        seed: Number or `SeedGenerator`; the global generator when None.

    Source: `tf.keras.backend.random_bernoulli`.
    """
    return cast(less(distributions.uniform(shape, seed=seed), p), dtype or floatx())


def random_normal_variable(
    shape: Any, mean: Any, scale: Any, dtype: Any = None, name: str | None = None, seed: Any = None
) -> Variable:
    """Variable that starts with draws from a normal distribution.

    Args:
        shape: Sizes.
        mean: Mean.
        scale: Standard deviation.
        dtype: Dtype; the default float when None.
        name: Name.
        seed: Number or `SeedGenerator`; the global generator when None.

    Source: `tf.keras.backend.random_normal_variable`.
    """
    return Variable(random_normal(shape, mean, scale, dtype, seed), name=name)


def random_uniform_variable(
    shape: Any, low: Any, high: Any, dtype: Any = None, name: str | None = None, seed: Any = None
) -> Variable:
    """Variable that starts with draws from ``[low, high)``.

    Args:
        shape: Sizes.
        low: Lower end.
        high: Upper end.
        dtype: Dtype; the default float when None.
        name: Name.
        seed: Number or `SeedGenerator`; the global generator when None.

    Source: `tf.keras.backend.random_uniform_variable`.
    """
    return Variable(random_uniform(shape, low, high, dtype, seed), name=name)
