"""Elementwise arithmetic: one value out for each value in, with broadcasting."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.ops.arguments import host_value
from thalweg._src.ops.support import (
    BROADCAST,
    INEXACT,
    NUMERIC,
    REAL,
    is_integer,
    kind_of,
    needs,
    refuse_zero,
    twin,
    with_slope,
    with_slope_of_result,
)


def _add_host(x: Any, y: Any) -> Any:
    return np.asarray(np.add(x, y), x.dtype)


@op("add", host=twin("add", _add_host, (*NUMERIC, "string")), hint=BROADCAST)
def add(x: Any, y: Any) -> Any:
    """Sum ``x + y``, element by element; texts are joined.

    Args:
        x: Tensor of a numeric dtype, or strings.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.add([1, 2], 10)
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([11, 12], dtype=int32)>

    Source: `tf.math.add`.
    """
    needs("add", NUMERIC, x, y)
    return jnp.add(x, y)


@op("subtract", host=twin("subtract", np.subtract), hint=BROADCAST)
def subtract(x: Any, y: Any) -> Any:
    """Difference ``x - y``, element by element.

    Args:
        x: Tensor of a numeric dtype.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Source: `tf.math.subtract`.
    """
    needs("subtract", NUMERIC, x, y)
    return jnp.subtract(x, y)


@op("multiply", host=twin("multiply", np.multiply, (*NUMERIC, "bool")), hint=BROADCAST)
def multiply(x: Any, y: Any) -> Any:
    """Product ``x * y``, element by element; for bools True where both are.

    Args:
        x: Tensor of a numeric dtype, or bool.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Source: `tf.math.multiply`.
    """
    needs("multiply", (*NUMERIC, "bool"), x, y)
    return jnp.multiply(x, y)


def _quotient_dtype(x: Any) -> Any:
    """Dtype of a true quotient: 8 and 16 bit integers give float32, wider ones float64."""
    if kind_of(x) in ("int", "uint"):
        return np.dtype(np.float32 if dtypes.BY_NUMPY[x.dtype].size <= 2 else np.float64)
    return x.dtype


def _truediv_host(x: Any, y: Any) -> Any:
    dtype = _quotient_dtype(x)
    return np.divide(x.astype(dtype), y.astype(dtype))


@op("truediv", host=twin("truediv", _truediv_host), hint=BROADCAST)
def truediv(x: Any, y: Any) -> Any:
    """Quotient ``x / y`` as a float, also for integers.

    Args:
        x: Tensor of a numeric dtype.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape: float32 for integers of 8 and 16 bits, float64 for wider ones,
        else the same dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.truediv(7, 2)
        <tf.Tensor: shape=(), dtype=float64, numpy=3.5>

    Source: `tf.math.truediv`.
    """
    needs("truediv", NUMERIC, x, y)
    dtype = _quotient_dtype(x)
    return _exact_quotient(x.astype(dtype), y.astype(dtype))


def _exact_quotient(x: Any, y: Any) -> Any:
    """``x / y``, correctly rounded also where `y` is broadcast.

    XLA rewrites a division by a broadcast value into a multiplication by its reciprocal, which rounds
    twice: 21 / 7 would be 3.0000002. A divisor that seems to depend on each element is left alone.
    """
    if kind_of(x) == "float" and y.size < x.size:
        y = jnp.where(x != x, x, y)
    return jnp.divide(x, y)


def _floordiv_host(x: Any, y: Any) -> Any:
    return np.floor(np.divide(x, y)) if kind_of(x) == "float" else np.floor_divide(x, y)


@op(
    "floordiv",
    host=twin("floordiv", _floordiv_host, REAL),
    hint=BROADCAST,
    differentiable=False,
)
def _floordiv(x: Any, y: Any) -> Any:
    """Quotient rounded towards minus infinity."""
    needs("floordiv", REAL, x, y)
    return lax.floor(_exact_quotient(x, y)) if kind_of(x) == "float" else jnp.floor_divide(x, y)


def floordiv(x: Any, y: Any, name: str | None = None) -> Any:
    """Quotient ``x // y``, rounded towards minus infinity.

    Args:
        x: Tensor of a real dtype.
        y: Tensor of the same dtype; shapes broadcast.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the broadcast shape and the same dtype. It has no gradient.

    Raises:
        InvalidArgumentError: `y` is the integer 0, where that is known on the host.

    Example:
        >>> import thalweg as tf
        >>> tf.math.floordiv([-7, 7], 2)
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([-4,  3], dtype=int32)>

    Source: `tf.math.floordiv`. Where an integer divisor of 0 is not known on the host (compiled
    programs, accelerators) the result there is -1, as XLA defines it.
    """
    refuse_zero("floordiv", x, y)
    return _floordiv(x, y)


@op("floormod", host=twin("floormod", np.mod, REAL), hint=BROADCAST)
def _floormod(x: Any, y: Any) -> Any:
    """Remainder with the sign of the divisor."""
    needs("floormod", REAL, x, y)
    return jnp.mod(x, y)


def floormod(x: Any, y: Any, name: str | None = None) -> Any:
    """Remainder ``x % y`` of the division rounded towards minus infinity; it has the sign of `y`.

    Args:
        x: Tensor of a real dtype.
        y: Tensor of the same dtype; shapes broadcast.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Raises:
        InvalidArgumentError: `y` is the integer 0, where that is known on the host.

    Example:
        >>> import thalweg as tf
        >>> tf.math.floormod([-7, 7], 3)
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([2, 1], dtype=int32)>

    Source: `tf.math.floormod`. For a divisor of 0 in compiled programs see `floordiv`.
    """
    refuse_zero("floormod", x, y)
    return _floormod(x, y)


mod = floormod


def _pow_forward(x: Any, y: Any) -> Any:
    out = jnp.power(x, y)
    return out, (x, y, out)


def _pow_backward(residuals: Any, cotangent: Any) -> Any:
    x, y, out = residuals
    # One keeps 0 ** -1 out of the gradient of x ** 0, which is 0.
    lower = jnp.where(y == 0, jnp.ones_like(y), y - jnp.ones_like(y))
    slope_x = y * jnp.power(x, lower)
    inside = x > 0 if kind_of(x) == "float" else x != 0
    log = jnp.where(inside, jnp.log(jnp.where(inside, x, jnp.ones_like(x))), jnp.zeros_like(x))
    return (
        sum_to_shape(cotangent * slope_x, x.shape),
        sum_to_shape(cotangent * out * log, y.shape),
    )


def sum_to_shape(array: Any, shape: tuple[int, ...]) -> Any:
    """Sums a cotangent over the dimensions along which its input was broadcast."""
    extra = array.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(
        extra + i for i, size in enumerate(shape) if size == 1 and array.shape[extra + i] != 1
    )
    if axes:
        array = jnp.sum(array, axis=axes, keepdims=True, dtype=array.dtype)
    return array.reshape(shape)


@op(
    "pow",
    host=twin("pow", np.power),
    gradient=(_pow_forward, _pow_backward),
    hint=BROADCAST,
)
def _pow(x: Any, y: Any) -> Any:
    """Power."""
    needs("pow", NUMERIC, x, y)
    return jnp.power(x, y)


def pow(x: Any, y: Any, name: str | None = None) -> Any:
    """Power ``x ** y``, element by element.

    Args:
        x: Tensor of a numeric dtype.
        y: Tensor of the same dtype; shapes broadcast.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the broadcast shape and the same dtype. The gradient for `y` is 0 where `x` is not
        positive.

    Raises:
        InvalidArgumentError: A negative exponent for integers, where that is known on the host.

    Example:
        >>> import thalweg as tf
        >>> tf.pow([2.0, 3.0], 3)
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([ 8., 27.], dtype=float32)>

    Source: `tf.math.pow`. The gradient of ``x ** 0`` at 0 is 0; TensorFlow gives NaN.
    """
    if type(y) is int and y == 2:
        # A square is a tenth of the cost of a general power, forwards and backwards.
        return square(x)
    if is_integer(y):
        least = host_value(y)
        if least is not None and np.any(least < 0) and is_integer(x):
            raise InvalidArgumentError(
                f"[pow] expected exponents of 0 or more for integers, got {least.min()}; cast both to "
                "a float."
            )
    return _pow(x, y)


@op("negative", host=twin("negative", np.negative))
def negative(x: Any) -> Any:
    """``-x``, element by element.

    Args:
        x: Tensor of a numeric dtype; unsigned numbers wrap around.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.negative`.
    """
    needs("negative", NUMERIC, x)
    return lax.neg(x)


@op("abs", host=twin("abs", np.abs))
def abs(x: Any) -> Any:
    """Distance from 0, element by element.

    Args:
        x: Tensor of a numeric dtype.

    Returns:
        Tensor of the same shape; real for complex `x`. The gradient at 0 is 0.

    Example:
        >>> import thalweg as tf
        >>> tf.abs([-1.5, 2.0])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([1.5, 2. ], dtype=float32)>

    Source: `tf.math.abs`.
    """
    needs("abs", NUMERIC, x)
    if kind_of(x) == "uint":
        return x
    return _distance(x) if kind_of(x) == "float" else lax.abs(x)


# JAX gives the derivative 1 at 0.
_distance = with_slope(lax.abs, lax.sign)


@op("square", host=twin("square", np.square))
def square(x: Any) -> Any:
    """Square ``x * x``, element by element.

    Args:
        x: Tensor of a numeric dtype.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.square`.
    """
    needs("square", NUMERIC, x)
    return lax.mul(x, x)


@op("sign", host=twin("sign", np.sign))
def sign(x: Any) -> Any:
    """-1, 0 or 1 by the sign of `x`; ``x / |x|`` for complex numbers.

    Args:
        x: Tensor of a numeric dtype.

    Returns:
        Tensor of the same shape and dtype. Its gradient is 0.

    Example:
        >>> import thalweg as tf
        >>> tf.sign([-3, 0, 3])
        <tf.Tensor: shape=(3,), dtype=int32, numpy=array([-1,  0,  1], dtype=int32)>

    Source: `tf.math.sign`.
    """
    needs("sign", NUMERIC, x)
    return lax.sign(x)


_reciprocal = with_slope_of_result(lambda x: 1 / x, lambda y: -y * y)


@op("reciprocal", host=twin("reciprocal", lambda x: (1 / x).astype(x.dtype), INEXACT))
def reciprocal(x: Any) -> Any:
    """``1 / x``, element by element.

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.reciprocal`.
    """
    needs("reciprocal", INEXACT, x)
    return _reciprocal(x)


@op("squared_difference", hint=BROADCAST)
def squared_difference(x: Any, y: Any) -> Any:
    """``(x - y) ** 2``; for complex numbers ``|x - y| ** 2``.

    Args:
        x: Tensor of a numeric dtype.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.math.squared_difference([1, 2], 4)
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([9, 4], dtype=int32)>

    Source: `tf.math.squared_difference`.
    """
    needs("squared_difference", NUMERIC, x, y)
    difference = jnp.subtract(x, y)
    return difference * jnp.conj(difference) if kind_of(x) == "complex" else difference * difference


def divide(x: Any, y: Any, name: str | None = None) -> Any:
    """Quotient ``x / y`` as a float, as the operator ``/`` gives it.

    Args:
        x: Tensor of a numeric dtype.
        y: Tensor of the same dtype; shapes broadcast.
        name: Name of the node in a model's graph.

    Returns:
        Tensor; see `truediv`.

    Source: `tf.math.divide`.
    """
    return truediv(x, y)


@op("realdiv", host=twin("realdiv", np.divide, INEXACT), hint=BROADCAST)
def realdiv(x: Any, y: Any) -> Any:
    """Quotient ``x / y`` of floats.

    Args:
        x: Floating or complex tensor.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Source: `tf.realdiv`.
    """
    needs("realdiv", INEXACT, x, y)
    return jnp.divide(x, y)
