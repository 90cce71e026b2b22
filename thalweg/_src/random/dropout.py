"""Dropout: zero some values at random and scale up the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.composite import dispatched
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.ops import inspection
from thalweg._src.random import keys
from thalweg._src.random.arguments import kind_of_seed, operand, seed_of
from thalweg._src.random.draws import run
from thalweg._src.random.global_generator import draw, stateful


def _source(source: Any, kind: str) -> tuple[Any, Any]:
    if kind == "stream":
        return keys.draw_source(source)
    return keys.seed_source(source, kind), None


def _kept(source: Any, like: Any, rate: Any, noise_shape: Any, kind: str) -> tuple[Any, Any]:
    """Mask of the values to keep, and the source's state after the draw.

    Words are compared with the rate as integers: exact, and without a conversion to floats.
    """
    words, after = _source(source, kind)
    shape = _noise_shape(noise_shape, like.shape)
    scaled = jnp.clip(lax.convert_element_type(rate, np.float64), 0.0, 1.0) * 2.0**32
    threshold = lax.convert_element_type(scaled, np.uint64)
    below = lax.convert_element_type(jnp.minimum(threshold, np.uint64(2**32 - 1)), np.uint32)
    mask = (words.words(shape) >= below) & (threshold < np.uint64(2**32))
    return jnp.broadcast_to(mask, like.shape), after


def _noise_shape(noise_shape: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    if noise_shape is None:
        return shape
    if len(noise_shape) != len(shape) or any(
        n not in (None, 1, d) for n, d in zip(noise_shape, shape, strict=True)
    ):
        raise ShapeError(
            f"[nn.dropout] expected noise_shape with 1 or the size of x {shape} in each place, got "
            f"{tuple(noise_shape)}; 1 drops a whole slice together."
        )
    return tuple(d if n is None else n for n, d in zip(noise_shape, shape, strict=True))


def _scaled(values: Any, mask: Any, rate: Any) -> Any:
    scale = lax.convert_element_type(1.0 / (1.0 - rate), values.dtype)
    return jnp.where(mask, values * scale, jnp.zeros((), values.dtype))


def _forward(
    source: Any, x: Any, rate: Any, *, noise_shape: Any, kind: str
) -> tuple[Any, tuple[Any, ...]]:
    return _body(source, x, rate, noise_shape=noise_shape, kind=kind), (source, rate)


def _backward(
    residuals: tuple[Any, ...], cotangent: Any, *, noise_shape: Any, kind: str
) -> tuple[Any, ...]:
    # The mask is made again from the key: that costs less than storing and reading it.
    source, rate = residuals
    values = cotangent[0] if isinstance(cotangent, (tuple, list)) else cotangent
    mask, _ = _kept(source, values, rate, noise_shape, kind)
    return None, _scaled(values, mask, rate), jnp.zeros_like(rate)


def _body(source: Any, x: Any, rate: Any, noise_shape: Any, kind: str) -> Any:
    """`x` with a random part zeroed; with the stream's state after the draw when there is one."""
    mask, after = _kept(source, x, rate, noise_shape, kind)
    values = _scaled(x, mask, rate)
    return values if after is None else (values, after)


_dropout = op(
    "dropout",
    inputs=("source", "x", "rate"),
    matched=(),
    gradient=(_forward, _backward),
)(_body)


def _arguments(where: str, x: Any, rate: Any, noise_shape: Any) -> tuple[Any, Any, Any]:
    """`x`, `rate` and the noise shape, checked; a rate of None drops nothing."""
    value = operand(where, "x", x, None)
    dtype = dtypes.as_dtype(value.dtype)
    if not dtype.is_floating:
        raise DTypeError(
            f"[{where}] expected x of a floating dtype, as it is scaled, got {dtype.name} of shape "
            f"{tuple(value.shape)}; cast it with tf.cast."
        )
    chance = _rate(where, rate, dtype)
    noise = None if noise_shape is None else freeze(noise_shape)
    return value, chance, noise


def _rate(where: str, rate: Any, dtype: Any) -> Any:
    held = rate if isinstance(rate, KerasTensor) else as_tensor(rate)
    if held is None:
        if type(rate) not in (int, float) and not (
            isinstance(rate, (np.ndarray, np.generic)) and rate.ndim == 0
        ):
            raise InvalidArgumentError(
                f"[{where}] expected rate as a number or scalar tensor, got {rate!r}; give the fraction "
                "to drop, such as 0.5."
            )
        # NaN fails the comparison too.
        if not 0 <= rate < 1:
            raise InvalidArgumentError(
                f"[{where}] expected rate in [0, 1), got {rate!r}; it is the fraction to drop."
            )
        return (
            None if rate == 0 else np.asarray(rate, np.float64 if dtype.size == 8 else np.float32)
        )
    if dtypes.as_dtype(held.dtype) is not dtype or tuple(held.shape):
        raise InvalidArgumentError(
            f"[{where}] expected rate as a scalar of x's dtype {dtype.name}, got "
            f"{dtypes.as_dtype(held.dtype).name} of shape {tuple(held.shape)}; cast or reshape it."
        )
    return held


@dispatched("dropout")
@stateful
def dropout(
    x: Any, rate: Any, noise_shape: Any = None, seed: int | None = None, name: str | None = None
) -> Any:
    """`x` with values set to 0 with probability `rate`, the others scaled by ``1 / (1 - rate)``.

    The expected value stays the same.

    Args:
        x: Floating tensor of any shape.
        rate: Fraction to drop, in [0, 1); a number or a scalar tensor of the dtype of `x`.
        noise_shape: Shape of the random mask, which broadcasts to that of `x`: ``[batch, 1, features]``
            drops the same features at all times. None in it takes the size of `x`.
        seed: Integer that names a stream of its own; see `tf.random.set_seed`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the shape and dtype of `x`. The gradient passes where values were kept.

    Raises:
        ValueError: `rate` is out of range, or `x` is not floating.

    Example:
        >>> import thalweg as tf
        >>> y = tf.nn.dropout(tf.ones((8,)), 0.5)
        >>> sorted(set(y.numpy().tolist()) | {0.0, 2.0})
        [0.0, 2.0]

    Source: `tf.nn.dropout`; Srivastava et al., "Dropout" (2014).
    """
    value, chance, noise = _arguments("nn.dropout", x, rate, noise_shape)
    if chance is None:
        return convert_to_tensor(value)
    return draw(_dropout, seed, (value, chance), (noise,))


@dispatched("stateless_dropout")
def stateless_dropout(
    x: Any,
    rate: Any,
    seed: Any,
    rng_alg: Any = None,
    noise_shape: Any = None,
    name: str | None = None,
) -> Any:
    """Dropout as `tf.nn.dropout`, with a mask that `seed` alone decides.

    Args:
        x: Floating tensor of any shape.
        rate: Fraction to drop, in [0, 1).
        seed: Two integers, as a tensor of shape ``(2,)``.
        rng_alg: ``"philox"``, ``"threefry"`` or ``"auto_select"`` (also when None).
        noise_shape: Shape of the random mask, which broadcasts to that of `x`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the shape and dtype of `x`; the same for the same seed.

    Example:
        >>> import thalweg as tf
        >>> a = tf.nn.experimental.stateless_dropout(tf.ones((9,)), 0.5, seed=[1, 2])
        >>> b = tf.nn.experimental.stateless_dropout(tf.ones((9,)), 0.5, seed=[1, 2])
        >>> bool(tf.reduce_all(a == b))
        True

    Source: `tf.nn.experimental.stateless_dropout`.
    """
    where = "nn.experimental.stateless_dropout"
    value, chance, noise = _arguments(where, x, rate, noise_shape)
    key = seed_of(where, seed)
    kind = kind_of_seed(where, "auto_select" if rng_alg is None else rng_alg)
    if chance is None:
        return convert_to_tensor(value)
    return run(_dropout, (key, value, chance), (noise, kind))


def general_dropout(
    x: Any,
    rate: Any,
    uniform_sampler: Callable[..., Any],
    noise_shape: Any = None,
    name: str | None = None,
) -> Any:
    """Dropout as `tf.nn.dropout`, with uniform numbers from a function of the caller's.

    Args:
        x: Floating tensor of any shape.
        rate: Fraction to drop, in [0, 1).
        uniform_sampler: Called with ``shape=`` and ``dtype=``; returns uniform floats in [0, 1).
        noise_shape: Shape of the random mask, which broadcasts to that of `x`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the shape and dtype of `x`.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.experimental.general_dropout(
        ...     tf.ones((4,)), 0.5, lambda shape, dtype: tf.constant([0.1, 0.5, 0.9, 0.4]))
        <tf.Tensor: shape=(4,), dtype=float32, numpy=array([0., 2., 2., 0.], dtype=float32)>

    Source: `tf.nn.experimental.general_dropout`.
    """
    where = "nn.experimental.general_dropout"
    value, chance, noise = _arguments(where, x, rate, noise_shape)
    if chance is None:
        return convert_to_tensor(value)
    if noise is None and None in tuple(value.shape):
        shape = inspection.shape(value)
    else:
        shape = _noise_shape(noise, tuple(value.shape))
    dtype = dtypes.as_dtype(value.dtype)
    # Half precision has too few values between 0 and 1 to hit a rate.
    drawn = dtypes.float32 if dtype.size < 4 else dtype
    numbers = uniform_sampler(shape=shape, dtype=drawn)
    return _masked(value, numbers, chance)


@op("dropout_by_numbers", inputs=("x", "numbers", "rate"), matched=())
def _masked(x: Any, numbers: Any, rate: Any) -> Any:
    """`x` where a number is `rate` or more, scaled up; 0 elsewhere."""
    kept = jnp.broadcast_to(numbers >= rate.astype(numbers.dtype), x.shape)
    return _scaled(x, lax.stop_gradient(kept), lax.stop_gradient(rate))
