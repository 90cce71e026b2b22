"""Samplers: pure functions from a `Source` to arrays of a distribution, traced like any op's body."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.random.keys import HashSource, Source, hash_words, mix, wide

Shape = Sequence[int]

# Random bits that fill the significand of each dtype: the step of `unit` is 2**-bits.
_SIGNIFICAND = {"float16": 10, "bfloat16": 7, "float32": 23}
# Largest float32 below 1: keeps the inverse error function finite.
_BELOW_ONE = np.float32(1 - 2**-24)
# Half of the normal distribution's mass within two standard deviations, times two.
_WITHIN_TWO = math.erf(math.sqrt(2.0))
# A loop of rejections ends here whatever comes: each round accepts at least 2 of 3 values.
_MAX_ROUNDS = 256


def unit(source: Source, shape: Shape, dtype: Any) -> Any:
    """Uniform floats in [0, 1), in equal steps of the dtype's precision.

    Args:
        source: Words.
        shape: Sizes.
        dtype: A floating NumPy dtype.
    """
    if dtype == np.float64:
        return _double_of(*source.pairs(shape))
    return _unit_of(source.words(shape), dtype)


def _unit_of(words: Any, dtype: Any) -> Any:
    bits = _SIGNIFICAND[dtype.name]
    # A detour over int32: CPUs convert signed integers in one instruction, unsigned ones in many.
    number = lax.bitcast_convert_type(words & np.uint32((1 << bits) - 1), np.int32)
    value = lax.convert_element_type(number, np.float32) * np.float32(2.0**-bits)
    return lax.convert_element_type(value, dtype)


def _double_of(high: Any, low: Any) -> Any:
    bits = wide((low, high & np.uint32(0xFFFFF)))
    return lax.convert_element_type(bits, np.float64) * np.float64(2.0**-52)


def open_unit(source: Source, shape: Shape) -> Any:
    """Uniform float32 in (0, 1) with 31 random bits, finest near 0."""
    number = lax.bitcast_convert_type(source.words(shape) >> np.uint32(1), np.int32)
    value = lax.convert_element_type(number, np.float32) * np.float32(2.0**-31)
    return jnp.clip(value + np.float32(2.0**-32), max=_BELOW_ONE)


def _signed_unit(source: Source, shape: Shape, dtype: Any) -> Any:
    """Uniform floats in (-1, 1), finest near 0; float32 except for float64."""
    if dtype == np.float64:
        number = lax.bitcast_convert_type(wide(source.pairs(shape)), np.int64)
        value = lax.convert_element_type(number, np.float64) * np.float64(2.0**-63)
        return jnp.clip(value, -np.float64(1 - 2**-53), np.float64(1 - 2**-53))
    number = lax.bitcast_convert_type(source.words(shape), np.int32)
    value = lax.convert_element_type(number, np.float32) * np.float32(2.0**-31)
    return jnp.clip(value, -_BELOW_ONE, _BELOW_ONE)


def normal(source: Source, shape: Shape, dtype: Any) -> Any:
    """Standard normal floats, by the inverse of the error function."""
    if source.reference_layout:
        return _box_muller(source, shape, dtype)
    value = _signed_unit(source, shape, dtype)
    value = lax.erf_inv(value) * np.asarray(math.sqrt(2.0), value.dtype)
    return lax.convert_element_type(value, dtype)


def _box_muller(source: Any, shape: Shape, dtype: Any) -> Any:
    """Standard normal floats in pairs, as TensorFlow makes them from Philox."""
    index = lax.iota(np.uint64, math.prod(shape))
    kind = np.dtype(np.float64 if dtype == np.float64 else np.float32)
    if kind == np.float64:
        words = source.blocks_at(index >> np.uint64(1))
        radius, angle = _double_of(words[0], words[1]), _double_of(words[2], words[3])
    else:
        radius, angle = (_unit_of(w, kind) for w in source.pairs_at(index >> np.uint64(1)))
    # The floor keeps the logarithm finite.
    radius = jnp.sqrt(kind.type(-2.0) * jnp.log(jnp.maximum(radius, kind.type(1e-7))))
    angle = angle * kind.type(2.0 * math.pi)
    value = jnp.where(index & np.uint64(1) == 0, jnp.sin(angle), jnp.cos(angle)) * radius
    return lax.convert_element_type(value.reshape(shape), dtype)


def truncated_normal(source: Source, shape: Shape, dtype: Any) -> Any:
    """Standard normal floats conditioned on lying within two standard deviations."""
    source = source.fold(0) if source.reference_layout else source
    value = _signed_unit(source, shape, dtype)
    value = lax.erf_inv(value * np.asarray(_WITHIN_TWO, value.dtype))
    value = jnp.clip(value * np.asarray(math.sqrt(2.0), value.dtype), -2.0, 2.0)
    return lax.convert_element_type(value, dtype)


def truncated_between(source: Source, shape: Shape, dtype: Any, low: Any, high: Any) -> Any:
    """Standard normal floats conditioned on lying in [low, high].

    Args:
        source: Words.
        shape: Sizes; `low` and `high` broadcast to it.
        dtype: Floating dtype of the result.
        low: Lower bounds, -inf allowed.
        high: Upper bounds, inf allowed.

    Returns:
        Array of `shape`; NaN where ``low >= high``.
    """
    low, high = (jnp.asarray(x, np.float64) for x in (low, high))
    # Far in one tail: the other tail's mass would round to 1, so mirror bounds that are positive.
    mirrored = low > 0.0
    left, right = jnp.where(mirrored, -high, low), jnp.where(mirrored, -low, high)
    cdf = jax.scipy.special.ndtr
    a, b = cdf(left), cdf(right)
    value = jax.scipy.special.ndtri(a + unit(source, shape, np.dtype(np.float64)) * (b - a))
    value = jnp.clip(value, left, right)
    value = jnp.where(mirrored, -value, value)
    value = jnp.where(low < high, value, np.nan)
    return lax.convert_element_type(value, dtype)


def integers(source: Source, shape: Shape, dtype: Any) -> Any:
    """Integers uniform over all values of the dtype."""
    if dtype.itemsize == 8:
        low, high = source.pairs(shape)
        return lax.bitcast_convert_type(wide((low, high)), dtype)
    words = source.words(shape)
    if dtype.itemsize < 4:
        unsigned = np.dtype(f"uint{dtype.itemsize * 8}")
        return lax.bitcast_convert_type(lax.convert_element_type(words, unsigned), dtype)
    return lax.bitcast_convert_type(words, dtype)


def integers_between(source: Source, shape: Shape, dtype: Any, low: Any, high: Any) -> Any:
    """Integers uniform in [low, high).

    Args:
        source: Words.
        shape: Sizes; `low` and `high` broadcast to it.
        dtype: Integer dtype.
        low: Smallest value, an array of `dtype`.
        high: One more than the largest value, an array of `dtype`.

    Returns:
        Array of `shape`. Each value's probability is off by less than ``(high - low) / 2**64``.
    """
    unsigned = np.dtype(f"uint{dtype.itemsize * 8}")
    span = lax.bitcast_convert_type(high, unsigned) - lax.bitcast_convert_type(low, unsigned)
    if source.reference_layout:
        offset = integers(source, shape, unsigned) % jnp.maximum(span, unsigned.type(1))
    else:
        offset = lax.convert_element_type(_scaled(source.pairs(shape), span), unsigned)
    return lax.bitcast_convert_type(lax.bitcast_convert_type(low, unsigned) + offset, dtype)


def _scaled(words: tuple[Any, Any], span: Any) -> Any:
    """``floor(x * span / 2**64)`` for the 64 random bits ``x`` of two words."""
    low, high = (lax.convert_element_type(w, np.uint64) for w in words)
    span = lax.convert_element_type(span, np.uint64)
    half = np.uint64(32)
    small, large = span & np.uint64(0xFFFFFFFF), span >> half
    middle = high * small + ((low * small) >> half)
    cross = low * large + (middle & np.uint64(0xFFFFFFFF))
    return high * large + (middle >> half) + (cross >> half)


def exponential(source: Source, shape: Shape) -> Any:
    """Standard exponential float32, finest near 0."""
    return -jnp.log1p(-open_unit(source, shape))


def permutation(source: Source, size: int) -> Any:
    """A random order of ``0 .. size - 1``, as int32 (int64 when that is too small).

    Up to 4,096 indices are sorted by random words, which makes every order as likely. Above that each
    index is sent through a random bijection, which needs no sort (100,000: 2 ms instead of 20).
    """
    source = source.fold(0)
    dtype = np.dtype(np.int32 if size < 2**31 else np.int64)
    if size <= 1 << 12:
        return lax.sort((source.words((size,)), lax.iota(dtype, size)), num_keys=1)[1]
    bits, key = (size - 1).bit_length(), source.fold(1).key
    unsigned = np.dtype(np.uint32 if bits < 32 else np.uint64)
    limit = unsigned.type(size)
    # "Cycle walking": what lands above the range is sent on until it lands within.
    found = lax.while_loop(
        lambda v: jnp.any(v >= limit),
        lambda v: jnp.where(v >= limit, bijection(v, bits, key), v),
        bijection(lax.iota(unsigned, size), bits, key),
    )
    return lax.convert_element_type(found, dtype)


def bijection(index: Any, bits: Any, key: tuple[Any, Any]) -> Any:
    """Random bijection of ``0 .. 2**bits - 1``: a Feistel network of ten rounds.

    Args:
        index: uint32 or uint64 array.
        bits: Width, from 2 to less than that of the array's dtype; may be traced.
        key: Two uint32 scalars.

    Returns:
        Array of the shape and dtype of `index`.

    Source: Luby and Rackoff, "How to construct pseudorandom permutations" (1988); Black and Rogaway,
    "Ciphers with arbitrary finite domains" (2002) for walking.
    """
    dtype = index.dtype
    bits = jnp.asarray(bits, dtype)
    one = dtype.type(1)
    widths = (bits // dtype.type(2), bits - bits // dtype.type(2))
    round_keys = hash_words(lax.iota(np.uint32, 10), key)
    left, right = index >> widths[1], index & ((one << widths[1]) - one)
    for turn in range(10):
        # The part that is replaced has the width of the left one, which changes places each turn.
        mask = (one << widths[turn % 2]) - one
        mixed = mix(lax.convert_element_type(right, np.uint32) ^ round_keys[turn])
        left, right = right, left ^ (lax.convert_element_type(mixed, dtype) & mask)
    return (left << widths[1]) | right


def gamma(source: Source, shape: tuple[int, ...], alpha: Any) -> Any:
    """Gamma-distributed floats of scale 1; differentiable in `alpha`.

    Args:
        source: Words.
        shape: Sizes; `alpha` broadcasts to it.
        alpha: Shape parameters, float32 or float64; 0 gives 0, negative ones NaN.

    Returns:
        Array of `shape` and the dtype of `alpha`.

    Source: Marsaglia and Tsang, "A simple method for generating gamma variables" (2000); the gradient
    is the implicit one, the change of a fixed quantile with `alpha`.
    """
    return _gamma(*source.fold(0).key, jnp.broadcast_to(alpha, shape))


@jax.custom_jvp
def _gamma(k0: Any, k1: Any, alpha: Any) -> Any:
    source, shape, dtype = HashSource((k0, k1)), alpha.shape, alpha.dtype
    # Below 1, draw for alpha + 1 and multiply by U ** (1 / alpha).
    boosted = jnp.where(alpha < 1, alpha + 1, alpha)
    d = boosted - dtype.type(1 / 3)
    c = lax.rsqrt(9 * d)

    def attempt(state: Any) -> Any:
        number, accepted, value = state
        fresh = source.fold(16 + number)
        x = normal(fresh, shape, dtype)
        v = (1 + c * x) ** 3
        log_u = -exponential(fresh.fold(1), shape)
        bound = 0.5 * x * x + d - d * v + d * jnp.log(jnp.where(v > 0, v, 1))
        fits = (v > 0) & (log_u < bound)
        return number + 1, accepted | fits, jnp.where(fits & ~accepted, d * v, value)

    start = (
        np.uint32(0),
        ~(alpha >= 0) | jnp.isinf(alpha),
        jnp.where(alpha >= 0, alpha, np.nan).astype(dtype),
    )
    value = lax.while_loop(_unfinished, attempt, start)[2]
    shrink = jnp.exp(-exponential(source.fold(1), shape).astype(dtype) / alpha)
    return jnp.where(alpha < 1, value * jnp.where(alpha > 0, shrink, 0), value)


@_gamma.defjvp
def _gamma_tangent(primals: Any, tangents: Any) -> Any:
    value = _gamma(*primals)
    return value, lax.random_gamma_grad(primals[2], lax.stop_gradient(value)) * tangents[2]


def _unfinished(state: Any) -> Any:
    """True while a rejection loop of (round, accepted, value) has values to draw."""
    return (state[0] < _MAX_ROUNDS) & ~jnp.all(state[1])


def poisson(source: Source, shape: tuple[int, ...], rate: Any) -> Any:
    """Poisson-distributed whole numbers, as float64.

    Args:
        source: Words.
        shape: Sizes; `rate` broadcasts to it.
        rate: Means, float64; negative ones give 0, NaN gives NaN.

    Returns:
        float64 array of `shape`.
    """
    rate = jnp.broadcast_to(rate, shape)
    small = rate < 10.0
    few = _poisson_by_inversion(source.fold(1), shape, jnp.where(small, rate, 0.0))
    many = _poisson_by_rejection(source.fold(2), jnp.where(small, 10.0, rate), small)
    return jnp.where(jnp.isfinite(rate), jnp.where(small, few, many), rate)


def _poisson_by_inversion(source: Source, shape: tuple[int, ...], rate: Any) -> Any:
    """Smallest k whose cumulative probability exceeds a uniform number; for rates below 10."""
    rate = jnp.maximum(rate, 0.0)
    target = unit(source, shape, np.dtype(np.float64))
    mass = jnp.exp(-rate)

    def step(state: Any) -> Any:
        k, count, probability, total = state
        going = target >= total
        probability = probability * rate / (k + 1.0)
        return k + 1.0, count + going, probability, total + probability

    # 128 terms leave less than 1e-90 of the mass, far below the steps of the uniform number.
    start = (np.float64(0.0), jnp.zeros(shape, np.float64), mass, mass)
    return lax.while_loop(lambda s: (s[0] < 128.0) & jnp.any(target >= s[3]), step, start)[1]


def _poisson_by_rejection(source: Source, rate: Any, unneeded: Any) -> Any:
    """Transformed rejection with a squeeze; for rates of 10 and more.

    Source: Hörmann, "The transformed rejection method for generating Poisson random variables",
    algorithm PTRS (1993).
    """
    shape, log_rate = rate.shape, jnp.log(rate)
    b = 0.931 + 2.53 * jnp.sqrt(rate)
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    squeeze = 0.9277 - 3.6224 / (b - 2.0)

    def attempt(state: Any) -> Any:
        number, accepted, value = state
        fresh = source.fold(16 + number)
        # 23 bits move k by far less than 1 for any rate whose numbers a float32 tells apart.
        u = unit(fresh, shape, np.dtype(np.float32)).astype(np.float64) - 0.5
        v = 1.0 - unit(fresh.fold(1), shape, np.dtype(np.float32)).astype(np.float64)
        us = 0.5 - jnp.abs(u)
        k = jnp.floor((2.0 * a / us + b) * u + rate + 0.43)
        quick = (us >= 0.07) & (v <= squeeze)
        wrong = (k < 0.0) | ((us < 0.013) & (v > us))
        left = jnp.log(v * inverse_alpha / (a / (us * us) + b))
        fits = quick | (~wrong & (left <= k * log_rate - rate - _log_factorial(k)))
        return number + 1, accepted | fits, jnp.where(fits & ~accepted, k, value)

    start = (np.uint32(0), unneeded | ~jnp.isfinite(rate), jnp.zeros(shape, np.float64))
    return lax.while_loop(_unfinished, attempt, start)[2]


def _log_factorial(k: Any) -> Any:
    """Logarithm of ``k!`` for whole float64 numbers of 0 or more, by Stirling's series at ``k + 7``.

    Three times as fast as `lax.lgamma`; exact to 2e-11.
    """
    z = jnp.maximum(k, 0.0) + 1.0
    below = z * (z + 1) * (z + 2) * (z + 3) * (z + 4) * (z + 5)
    y = z + 6.0
    r = 1.0 / y
    r2 = r * r
    series = r * (1 / 12 - r2 * (1 / 360 - r2 * (1 / 1260 - r2 / 1680)))
    return (y - 0.5) * jnp.log(y) - y + 0.5 * math.log(2 * math.pi) + series - jnp.log(below)


def binomial(source: Source, shape: tuple[int, ...], counts: Any, probs: Any) -> Any:
    """Binomially distributed whole numbers, as float64.

    Args:
        source: Words.
        shape: Sizes; `counts` and `probs` broadcast to it.
        counts: Numbers of trials, float64.
        probs: Probabilities of success, float64.
    """
    folded: HashSource = source.fold(3)
    return jax.random.binomial(folded.engine_key(), counts, probs, shape, np.float64)


def categorical(source: Source, logits: Any, count: int) -> Any:
    """Indices drawn with the probabilities ``softmax(logits)``.

    The fastest of independent exponential clocks wins (the Gumbel-max trick). Draws are made one after
    another once the table of ``(count, batch, classes)`` would get large.

    Args:
        source: Words.
        logits: Floats of shape ``(batch, classes)``; -inf is never drawn.
        count: Draws for each row.

    Returns:
        int32 array of shape ``(batch, count)``.
    """
    scores = lax.convert_element_type(logits, np.promote_types(np.float32, logits.dtype))
    source = source.fold(0) if source.reference_layout else source
    if count * logits.size <= 1 << 24:
        gumbel = -jnp.log(exponential(source, (count, *logits.shape)))
        return jnp.argmax(scores + gumbel.astype(scores.dtype), axis=-1).T.astype(np.int32)

    def one(number: Any) -> Any:
        gumbel = -jnp.log(exponential(source.fold(16 + number), logits.shape))
        return lax.argmax(scores + gumbel.astype(scores.dtype), 1, np.int32)

    return lax.map(one, lax.iota(np.uint32, count)).T
