"""Random tensors of Keras: normal, uniform, categorical and others, each seeded by its `seed` argument."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.random.seed_generator import words_of
from thalweg._src.ops.casting import cast
from thalweg._src.ops.exponential import log, log1p, sigmoid
from thalweg._src.random import stateless
from thalweg._src.random.seeds import split


def _floating(where: str, dtype: Any) -> dtypes.DType:
    found = dtypes.as_dtype(floatx() if dtype is None else dtype)
    if not found.is_floating:
        raise DTypeError(
            f"[{where}] expected a floating dtype, got {found.name}; draw floats and cast them, or use "
            "keras.random.randint."
        )
    return found


def _parameter(value: Any, dtype: dtypes.DType) -> Any:
    """A parameter in the dtype of the draw; plain numbers stay plain."""
    if type(value) in (int, float):
        return value
    tensor = as_tensor(value)
    if tensor is None:
        tensor = convert_to_tensor(np.asarray(value) if isinstance(value, np.generic) else value)
    return tensor if tensor.dtype is dtype else cast(tensor, dtype)


@operation
def normal(
    shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, seed: Any = None
) -> Any:
    """Normally distributed floats.

    Args:
        shape: Sizes.
        mean: Mean; a number or a tensor that broadcasts with `shape`.
        stddev: Standard deviation, likewise.
        dtype: Floating dtype; ``keras.config.floatx()`` when None.
        seed: An integer (the same numbers each call), a `SeedGenerator` (its next seed), or None (fresh
            numbers from the global generator).

    Returns:
        Tensor of `shape` (broadcast with `mean` and `stddev`); differentiable in both.

    Example:
        >>> import thalweg as tf
        >>> a, b = (tf.keras.random.normal((3,), seed=1) for _ in range(2))
        >>> bool(tf.reduce_all(a == b))
        True

    Source: `keras.random.normal`. The numbers differ from those of Keras.
    """
    kind = _floating("random.normal", dtype)
    bounds = _parameter(mean, kind), _parameter(stddev, kind)
    return stateless.stateless_normal(shape, words_of("random.normal", seed), *bounds, kind)


@operation
def truncated_normal(
    shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, seed: Any = None
) -> Any:
    """Normally distributed floats, none further from the mean than two standard deviations.

    Args:
        shape: Sizes.
        mean: Mean before truncation; a number or a tensor that broadcasts with `shape`.
        stddev: Standard deviation before truncation, likewise.
        dtype: Floating dtype; ``keras.config.floatx()`` when None.
        seed: As for `normal`.

    Returns:
        Tensor of `shape` (broadcast with `mean` and `stddev`); differentiable in both.

    Source: `keras.random.truncated_normal`.
    """
    where = "random.truncated_normal"
    kind = _floating(where, dtype)
    bounds = _parameter(mean, kind), _parameter(stddev, kind)
    return stateless.stateless_truncated_normal(shape, words_of(where, seed), *bounds, kind)


@operation
def uniform(
    shape: Any, minval: Any = 0.0, maxval: Any = 1.0, dtype: Any = None, seed: Any = None
) -> Any:
    """Floats, uniform in [minval, maxval).

    Args:
        shape: Sizes.
        minval: Smallest value; a number or a tensor that broadcasts with `shape`.
        maxval: Upper end, itself not drawn.
        dtype: Floating dtype; ``keras.config.floatx()`` when None.
        seed: As for `normal`.

    Returns:
        Tensor of `shape` (broadcast with the bounds); differentiable in both.

    Raises:
        ValueError: `dtype` is no floating one; `randint` draws integers.

    Source: `keras.random.uniform`.
    """
    kind = _floating("random.uniform", dtype)
    bounds = _parameter(minval, kind), _parameter(maxval, kind)
    return stateless.stateless_uniform(shape, words_of("random.uniform", seed), *bounds, kind)


@operation
def randint(shape: Any, minval: Any, maxval: Any, dtype: Any = "int32", seed: Any = None) -> Any:
    """Integers, uniform in [minval, maxval).

    Args:
        shape: Sizes.
        minval: Smallest value; a number or a tensor that broadcasts with `shape`.
        maxval: One more than the largest value.
        dtype: Integer dtype.
        seed: As for `normal`.

    Returns:
        Tensor of `shape` (broadcast with the bounds).

    Raises:
        ValueError: `dtype` is no integer one, or the range is empty.

    Example:
        >>> import thalweg as tf
        >>> dice = tf.keras.random.randint((100,), 1, 7)
        >>> int(tf.reduce_min(dice)) >= 1, int(tf.reduce_max(dice)) <= 6
        (True, True)

    Source: `keras.random.randint`.
    """
    kind = dtypes.as_dtype("int32" if dtype is None else dtype)
    if not kind.is_integer:
        raise DTypeError(
            f"[random.randint] expected an integer dtype, got {kind.name}; use keras.random.uniform for "
            "floats."
        )
    low, high = _parameter(_whole(minval), kind), _parameter(_whole(maxval), kind)
    return stateless.stateless_uniform(shape, words_of("random.randint", seed), low, high, kind)


def _whole(bound: Any) -> Any:
    """A bound given as a whole Python float, as an integer."""
    return int(bound) if type(bound) is float and bound.is_integer() else bound


@operation
def categorical(logits: Any, num_samples: Any, dtype: Any = "int32", seed: Any = None) -> Any:
    """Class indices drawn with the probabilities ``softmax(logits)``.

    Args:
        logits: Unnormalised log probabilities of shape ``(batch, classes)``; -inf is never drawn.
        num_samples: Draws for each row.
        dtype: Dtype of the indices.
        seed: As for `normal`.

    Returns:
        Tensor of shape ``(batch, num_samples)``.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.random.categorical([[0.0, float("-inf")]], 3).numpy()
        array([[0, 0, 0]], dtype=int32)

    Source: `keras.random.categorical`.
    """
    scores = convert_to_tensor(logits)
    if scores.dtype.is_integer:
        scores = cast(scores, floatx())
    kind = dtypes.as_dtype("int32" if dtype is None else dtype)
    drawn = dtypes.int64 if kind is dtypes.int64 else dtypes.int32
    words = words_of("random.categorical", seed)
    indices = stateless.stateless_categorical(scores, num_samples, words, drawn)
    return indices if kind is drawn else cast(indices, kind)


@operation
def gamma(shape: Any, alpha: Any, dtype: Any = None, seed: Any = None) -> Any:
    """Gamma-distributed floats of rate 1.

    Args:
        shape: Sizes of the result; `alpha` broadcasts to it.
        alpha: Shape parameters, above 0.
        dtype: Floating dtype; ``keras.config.floatx()`` when None.
        seed: As for `normal`.

    Returns:
        Tensor of `shape`; differentiable in `alpha`.

    Source: `keras.random.gamma`.
    """
    kind = _floating("random.gamma", dtype)
    words = words_of("random.gamma", seed)
    return stateless.stateless_gamma(shape, words, _parameter(alpha, kind), dtype=kind)


@operation
def binomial(
    shape: Any, counts: Any, probabilities: Any, dtype: Any = None, seed: Any = None
) -> Any:
    """Numbers of successes in `counts` trials.

    Args:
        shape: Sizes of the result; the parameters broadcast to it.
        counts: Numbers of trials, 0 or more.
        probabilities: Probabilities of success, in [0, 1].
        dtype: Dtype of the result, floating or integer; ``keras.config.floatx()`` when None.
        seed: As for `normal`.

    Returns:
        Tensor of `shape`.

    Source: `keras.random.binomial`.
    """
    kind = dtypes.as_dtype(floatx() if dtype is None else dtype)
    wide = dtypes.float64 if kind.size == 8 else dtypes.float32
    trials, chances = (_parameter(v, wide) for v in (counts, probabilities))
    words = words_of("random.binomial", seed)
    # int64 holds every count; the draw knows fewer dtypes than the result may have.
    drawn = kind if kind.is_floating else dtypes.int64
    numbers = stateless.stateless_binomial(shape, words, trials, chances, drawn)
    return numbers if kind is drawn else cast(numbers, kind)


@operation
def beta(shape: Any, alpha: Any, beta: Any, dtype: Any = None, seed: Any = None) -> Any:
    """Beta-distributed floats, in [0, 1].

    Args:
        shape: Sizes of the result; the parameters broadcast to it.
        alpha: First shape parameters, above 0.
        beta: Second shape parameters, above 0.
        dtype: Floating dtype; ``keras.config.floatx()`` when None.
        seed: As for `normal`.

    Returns:
        Tensor of `shape`; differentiable in both parameters.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.random.beta((2, 3), alpha=0.5, beta=[1.0, 2.0, 3.0]).shape
        TensorShape([2, 3])

    Source: `keras.random.beta`. The share of one gamma number in the sum of two; computed by logarithms
    of ``gamma(alpha + 1) * u ** (1 / alpha)``, which is the same distribution, because gamma numbers of
    a small `alpha` are often too small for a float.
    """
    where = "random.beta"
    kind = _floating(where, dtype)
    wide = dtypes.float64 if kind.size == 8 else dtypes.float32
    first, second = (convert_to_tensor(_parameter(v, wide), wide) for v in (alpha, beta))
    words = split(words_of(where, seed), 4)
    gammas = [
        stateless.stateless_gamma(shape, words[i], p + 1.0, dtype=wide)
        for i, p in enumerate((first, second))
    ]
    # log1p(-u) is finite: u is below 1.
    shrinks = [
        log1p(-stateless.stateless_uniform(shape, words[2 + i], dtype=wide)) / p
        for i, p in enumerate((first, second))
    ]
    share = sigmoid(log(gammas[0] / gammas[1]) + shrinks[0] - shrinks[1])
    return share if kind is wide else cast(share, kind)
