"""The ops behind every draw: one op serves the stateful, the stateless and the generator's form.

The first input, `source`, says where the words come from, and the last attribute, `kind`, how to read
it: ``"stream"`` (a stream's state), ``"philox_state"`` or ``"threefry_state"`` (a Generator's state), or
for a stateless seed the algorithm (``"auto_select"``, ``"philox"``, ``"threefry"``). Draws from a state
return the state after the draw as a further result.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core.door import call, call_general
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.random import keys, samplers

# A Generator's counter moves on so far for each value drawn, whatever the values needed: TensorFlow's.
_STEPS_PER_VALUE = 256
_WIDE = np.dtype(np.float64)


def run(function: Any, inputs: tuple[Any, ...], attrs: tuple[Any, ...]) -> Any:
    """Result of the op behind `function` for inputs and frozen attributes.

    Symbolic sizes, which are attributes, take the long way through the door.
    """
    sizes = attrs[0] if attrs else ()
    plain = type(sizes) is not KerasTensor and not (
        type(sizes) is tuple and any(type(size) is KerasTensor for size in sizes)
    )
    return (call if plain else call_general)(function.opdef, inputs, attrs)


def _open(source: Any, kind: str, amount: int) -> tuple[Any, Any]:
    """The draw's source of words, and the state after it (None for a seed)."""
    if kind == "stream":
        return keys.draw_source(source)
    if kind == "philox_state":
        return keys.generator_source(source, amount)
    if kind == "threefry_state":
        return keys.threefry_generator_source(source, amount)
    return keys.seed_source(source, kind), None


def _sampled(source: Any, kind: str, size: int, sample: Callable[[Any], Any]) -> Any:
    """What `sample` makes of the source; with the state after it when there is one."""
    words, after = _open(source, kind, _STEPS_PER_VALUE * size)
    values = sample(words)
    return values if after is None else (values, after)


def _wanted(where: str, dtype: Any, **operands: Any) -> None:
    """Refuses operands of another dtype than the one asked for."""
    for name, value in operands.items():
        if value.dtype != dtype.numpy_dtype:
            raise DTypeError(
                f"[{where}] expected {name} of the result's dtype {dtype.name}, got {value.dtype}; "
                f"write dtype={value.dtype} or cast it with tf.cast."
            )


@op("random_uniform", inputs=("source",), matched=())
def random_uniform(source: Any, shape: Any, dtype: Any, kind: str) -> Any:
    """Floats uniform in [0, 1)."""
    return _sampled(
        source, kind, math.prod(shape), lambda s: samplers.unit(s, shape, dtype.numpy_dtype)
    )


@op("random_uniform_between", inputs=("source", "minval", "maxval"), matched=())
def random_uniform_between(
    source: Any, minval: Any, maxval: Any, shape: Any, dtype: Any, kind: str
) -> Any:
    """Floats uniform in [minval, maxval)."""
    _wanted("random.uniform", dtype, minval=minval, maxval=maxval)

    def sample(words: Any) -> Any:
        scaled = minval + samplers.unit(words, shape, dtype.numpy_dtype) * (maxval - minval)
        return scaled + _back_below(*map(lax.stop_gradient, (scaled, minval, maxval)))

    return _sampled(source, kind, math.prod(shape), sample)


def _back_below(scaled: Any, minval: Any, maxval: Any) -> Any:
    """What to add where rounding reached `maxval`, which is not part of the range."""
    below = lax.nextafter(*jnp.broadcast_arrays(maxval, minval))
    return jnp.where((scaled >= maxval) & (maxval > minval), below - scaled, 0).astype(scaled.dtype)


@op("random_integers", inputs=("source",), matched=())
def random_integers(source: Any, shape: Any, dtype: Any, kind: str) -> Any:
    """Integers uniform over all values of the dtype."""
    return _sampled(
        source, kind, math.prod(shape), lambda s: samplers.integers(s, shape, dtype.numpy_dtype)
    )


@op("random_integers_between", inputs=("source", "minval", "maxval"), matched=())
def random_integers_between(
    source: Any, minval: Any, maxval: Any, shape: Any, dtype: Any, kind: str
) -> Any:
    """Integers uniform in [minval, maxval)."""
    _wanted("random.uniform", dtype, minval=minval, maxval=maxval)
    whole = jnp.broadcast_shapes(shape, minval.shape, maxval.shape)

    def sample(words: Any) -> Any:
        return samplers.integers_between(words, whole, dtype.numpy_dtype, minval, maxval)

    return _sampled(source, kind, math.prod(shape), sample)


@op("random_normal", inputs=("source",), matched=())
def random_normal(source: Any, shape: Any, dtype: Any, kind: str) -> Any:
    """Standard normal floats."""
    return _sampled(
        source, kind, math.prod(shape), lambda s: samplers.normal(s, shape, dtype.numpy_dtype)
    )


@op("random_normal_scaled", inputs=("source", "mean", "stddev"), matched=())
def random_normal_scaled(
    source: Any, mean: Any, stddev: Any, shape: Any, dtype: Any, kind: str
) -> Any:
    """Normal floats of given mean and standard deviation."""
    _wanted("random.normal", dtype, mean=mean, stddev=stddev)

    def sample(words: Any) -> Any:
        return samplers.normal(words, shape, dtype.numpy_dtype) * stddev + mean

    return _sampled(source, kind, math.prod(shape), sample)


@op("random_truncated_normal", inputs=("source",), matched=())
def random_truncated_normal(source: Any, shape: Any, dtype: Any, kind: str) -> Any:
    """Standard normal floats within two standard deviations."""
    numpy = dtype.numpy_dtype
    return _sampled(
        source, kind, math.prod(shape), lambda s: samplers.truncated_normal(s, shape, numpy)
    )


@op(
    "random_truncated_normal_scaled",
    inputs=("source", "mean", "stddev"),
    matched=(),
)
def random_truncated_normal_scaled(
    source: Any, mean: Any, stddev: Any, shape: Any, dtype: Any, kind: str
) -> Any:
    """Normal floats within two standard deviations of the mean."""
    _wanted("random.truncated_normal", dtype, mean=mean, stddev=stddev)

    def sample(words: Any) -> Any:
        return samplers.truncated_normal(words, shape, dtype.numpy_dtype) * stddev + mean

    return _sampled(source, kind, math.prod(shape), sample)


@op(
    "random_truncated_between",
    inputs=("source", "means", "stddevs", "minvals", "maxvals"),
    matched=(),
)
def random_truncated_between(
    source: Any, means: Any, stddevs: Any, minvals: Any, maxvals: Any, shape: Any, kind: str
) -> Any:
    """Normal floats conditioned on lying in [minvals, maxvals]."""
    wide = (jnp.asarray(x, _WIDE) for x in (means, stddevs, minvals, maxvals))
    mean, stddev, low, high = wide
    _must_end_with("random.stateless_parameterized_truncated_normal", shape, means, stddevs)
    _must_end_with("random.stateless_parameterized_truncated_normal", shape, minvals, maxvals)

    def sample(words: Any) -> Any:
        lower, upper = (low - mean) / stddev, (high - mean) / stddev
        lower = jnp.where(stddev > 0, lower, np.nan)
        values = samplers.truncated_between(words, shape, _WIDE, lower, upper) * stddev + mean
        return jnp.clip(values, low, high).astype(means.dtype)

    return _sampled(source, kind, math.prod(shape), sample)


def _must_end_with(where: str, shape: tuple[int, ...], *parameters: Any) -> None:
    """Refuses parameters that do not broadcast to `shape`."""
    found = jnp.broadcast_shapes(*(p.shape for p in parameters))
    try:
        fits = jnp.broadcast_shapes(shape, found) == tuple(shape)
    except ValueError:
        fits = False
    if not fits:
        raise InvalidArgumentError(
            f"[{where}] expected a shape that ends with that of the parameters, {found}, got "
            f"{tuple(shape)}; put the number of draws in front: {(*shape[:1], *found)}."
        )


@op("random_gamma", inputs=("source", "alpha", "beta"), matched=())
def random_gamma(source: Any, alpha: Any, beta: Any, shape: Any, kind: str) -> Any:
    """Gamma floats; `shape` is the whole shape, to which `alpha` and `beta` broadcast."""
    _must_end_with("random.gamma", shape, alpha, beta)
    dtype = alpha.dtype
    inner = _WIDE if dtype == _WIDE else np.dtype(np.float32)

    def sample(words: Any) -> Any:
        drawn = samplers.gamma(words, shape, lax.convert_element_type(alpha, inner))
        # The floor keeps the logarithm of a result finite, as in TensorFlow.
        floor = jnp.finfo(dtype).tiny
        return jnp.maximum(floor, lax.convert_element_type(drawn, dtype) / beta)

    return _sampled(source, kind, math.prod(shape), sample)


@op("random_poisson", inputs=("source", "lam"), matched=())
def random_poisson(source: Any, lam: Any, shape: Any, dtype: Any, kind: str) -> Any:
    """Poisson numbers; `shape` is the whole shape, to which `lam` broadcasts."""
    _must_end_with("random.poisson", shape, lam)
    rate = lax.stop_gradient(lax.convert_element_type(lam, _WIDE))

    def sample(words: Any) -> Any:
        drawn = samplers.poisson(words, tuple(shape), rate)
        return lax.convert_element_type(drawn, dtype.numpy_dtype)

    return _sampled(source, kind, math.prod(shape), sample)


@op("random_binomial", inputs=("source", "counts", "probs"), matched=())
def random_binomial(source: Any, counts: Any, probs: Any, shape: Any, dtype: Any, kind: str) -> Any:
    """Binomial numbers; `counts` and `probs` broadcast to `shape`."""
    _must_end_with("random.binomial", shape, counts, probs)
    trials, chance = (
        jnp.broadcast_to(lax.stop_gradient(lax.convert_element_type(x, _WIDE)), shape)
        for x in (counts, probs)
    )

    def sample(words: Any) -> Any:
        drawn = samplers.binomial(words, tuple(shape), trials, chance)
        return lax.convert_element_type(drawn, dtype.numpy_dtype)

    # TensorFlow's Generator sets 100 words apart for each value.
    return _sampled(source, kind, 100 * math.prod(shape), sample)


@op("random_categorical", inputs=("source", "logits"), matched=())
def random_categorical(source: Any, logits: Any, count: int, dtype: Any, kind: str) -> Any:
    """Class indices of shape ``(batch, count)``."""
    size = count * logits.shape[0]

    def sample(words: Any) -> Any:
        drawn = samplers.categorical(words, lax.stop_gradient(logits), count)
        return lax.convert_element_type(drawn, dtype.numpy_dtype)

    return _sampled(source, kind, size, sample)


@op("random_shuffle", inputs=("source", "value"), matched=())
def random_shuffle(source: Any, value: Any, kind: str) -> Any:
    """`value` with the slices along its first dimension in random order."""
    size = value.shape[0] if value.ndim else 1

    def sample(words: Any) -> Any:
        if value.ndim == 0:
            return value
        return jnp.take(value, samplers.permutation(words, size), axis=0, mode="clip")

    return _sampled(source, kind, size, sample)
