"""Random tensors that their seed alone decides: the same seed gives the same numbers, anywhere."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.random import draws
from thalweg._src.random.arguments import (
    FLOATS,
    INTEGERS,
    check_range,
    dtype_of,
    is_plain,
    kind_of_seed,
    operand,
    seed_of,
    shape_of,
)
from thalweg._src.random.distributions import COUNTS, categorical_arguments, gamma_operands

_AUTO = "auto_select"


def stateless_normal(
    shape: Any,
    seed: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    name: str | None = None,
    alg: Any = "auto_select",
) -> Any:
    """Normally distributed floats that `seed` decides.

    Args:
        shape: Sizes.
        seed: Two integers, as a tensor of shape ``(2,)``.
        mean: Mean; a number or a tensor that broadcasts with `shape`.
        stddev: Standard deviation, likewise.
        dtype: float16, bfloat16, float32 or float64.
        name: Name of the node in a model's graph.
        alg: ``"philox"``, ``"threefry"`` or ``"auto_select"``.

    Returns:
        Tensor of `shape` (broadcast with `mean` and `stddev`); differentiable in both.

    Example:
        >>> import thalweg as tf
        >>> a, b = (tf.random.stateless_normal((4,), seed=[1, 2]) for _ in range(2))
        >>> bool(tf.reduce_all(a == b))
        True

    Source: `tf.random.stateless_normal`. The numbers differ from TensorFlow's.
    """
    where = "random.stateless_normal"
    key, kind = seed_of(where, seed), kind_of_seed(where, alg)
    sizes, float_type = shape_of(where, shape), dtype_of(where, dtype, FLOATS)
    if is_plain(mean, 0) and is_plain(stddev, 1):
        return draws.run(draws.random_normal, (key,), (sizes, float_type, kind))
    center = operand(where, "mean", mean, float_type)
    spread = operand(where, "stddev", stddev, float_type)
    return draws.run(draws.random_normal_scaled, (key, center, spread), (sizes, float_type, kind))


def stateless_truncated_normal(
    shape: Any,
    seed: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    name: str | None = None,
    alg: Any = "auto_select",
) -> Any:
    """Normally distributed floats within two standard deviations, that `seed` decides.

    Args:
        shape: Sizes.
        seed: Two integers, as a tensor of shape ``(2,)``.
        mean: Mean before truncation; a number or a tensor that broadcasts with `shape`.
        stddev: Standard deviation before truncation, likewise.
        dtype: float16, bfloat16, float32 or float64.
        name: Name of the node in a model's graph.
        alg: ``"philox"``, ``"threefry"`` or ``"auto_select"``.

    Returns:
        Tensor of `shape` (broadcast with `mean` and `stddev`); differentiable in both.

    Source: `tf.random.stateless_truncated_normal`.
    """
    where = "random.stateless_truncated_normal"
    key, kind = seed_of(where, seed), kind_of_seed(where, alg)
    sizes, float_type = shape_of(where, shape), dtype_of(where, dtype, FLOATS)
    if is_plain(mean, 0) and is_plain(stddev, 1):
        return draws.run(draws.random_truncated_normal, (key,), (sizes, float_type, kind))
    center = operand(where, "mean", mean, float_type)
    spread = operand(where, "stddev", stddev, float_type)
    return draws.run(
        draws.random_truncated_normal_scaled,
        (key, center, spread),
        (sizes, float_type, kind),
    )


def stateless_uniform(
    shape: Any,
    seed: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = dtypes.float32,
    name: str | None = None,
    alg: Any = "auto_select",
) -> Any:
    """Floats or integers, uniform in [minval, maxval), that `seed` decides.

    Args:
        shape: Sizes.
        seed: Two integers, as a tensor of shape ``(2,)``.
        minval: Smallest value; a number or a tensor that broadcasts with `shape`. None together with
            ``maxval=None``: all integers of the dtype.
        maxval: Upper end, itself not drawn; 1 for floats when None.
        dtype: A floating or integer dtype.
        name: Name of the node in a model's graph.
        alg: ``"philox"``, ``"threefry"`` or ``"auto_select"``.

    Returns:
        Tensor of `shape` (broadcast with the bounds); for floats differentiable in both.

    Raises:
        ValueError: One bound is missing for integers, or the range is empty.

    Example:
        >>> import thalweg as tf
        >>> tf.random.stateless_uniform((2,), [1, 2], None, None, tf.int32).dtype
        tf.int32

    Source: `tf.random.stateless_uniform`. Ranges of unsigned integers are allowed too.
    """
    where = "random.stateless_uniform"
    key, kind = seed_of(where, seed), kind_of_seed(where, alg)
    sizes, result = shape_of(where, shape), dtype_of(where, dtype, FLOATS + INTEGERS)
    function, bounds = uniform_parts(where, minval, maxval, result)
    return draws.run(function, (key, *bounds), (sizes, result, kind))


def uniform_parts(where: str, minval: Any, maxval: Any, dtype: Any) -> tuple[Any, tuple[Any, ...]]:
    """The op that draws this uniform distribution, and its bounds as inputs."""
    if dtype.is_integer and minval is None and maxval is None:
        return draws.random_integers, ()
    if (dtype.is_integer and maxval is None) or minval is None:
        raise InvalidArgumentError(
            f"[{where}] expected minval and maxval both or, for all integers of the dtype, both None, "
            f"got minval={minval!r} and maxval={maxval!r} for dtype {dtype.name}; give both."
        )
    maxval = 1 if maxval is None else maxval
    if dtype.is_floating and is_plain(minval, 0) and is_plain(maxval, 1):
        return draws.random_uniform, ()
    low, high = operand(where, "minval", minval, dtype), operand(where, "maxval", maxval, dtype)
    if dtype.is_floating:
        return draws.random_uniform_between, (low, high)
    check_range(where, minval, maxval)
    return draws.random_integers_between, (low, high)


def stateless_gamma(
    shape: Any,
    seed: Any,
    alpha: Any,
    beta: Any = None,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Any:
    """Gamma-distributed floats that `seed` decides.

    Args:
        shape: Sizes of the result; it must end with the parameters' broadcast shape.
        seed: Two integers, as a tensor of shape ``(2,)``.
        alpha: Shape parameters, above 0.
        beta: Rates (inverse scales), above 0; 1 when None.
        dtype: float16, float32 or float64.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of `shape`; differentiable in `alpha` and `beta`.

    Example:
        >>> import thalweg as tf
        >>> tf.random.stateless_gamma([10, 2], seed=[1, 2], alpha=[0.5, 1.5]).shape
        TensorShape([10, 2])

    Source: `tf.random.stateless_gamma`.
    """
    where = "random.stateless_gamma"
    key, float_type = seed_of(where, seed), dtype_of(where, dtype, FLOATS)
    shaped, rate = gamma_operands(where, alpha, beta, float_type)
    return draws.run(draws.random_gamma, (key, shaped, rate), (shape_of(where, shape), _AUTO))


def stateless_poisson(
    shape: Any, seed: Any, lam: Any, dtype: Any = dtypes.int32, name: str | None = None
) -> Any:
    """Poisson-distributed whole numbers that `seed` decides.

    Args:
        shape: Sizes of the result; it must end with the shape of `lam`.
        seed: Two integers, as a tensor of shape ``(2,)``.
        lam: Rates (means), 0 or more.
        dtype: A floating dtype, int32 or int64.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of `shape`.

    Source: `tf.random.stateless_poisson`.
    """
    where = "random.stateless_poisson"
    key, kind = seed_of(where, seed), dtype_of(where, dtype, COUNTS)
    rate = operand(where, "lam", lam, None)
    return draws.run(draws.random_poisson, (key, rate), (shape_of(where, shape), kind, _AUTO))


def stateless_binomial(
    shape: Any,
    seed: Any,
    counts: Any,
    probs: Any,
    output_dtype: Any = dtypes.int32,
    name: str | None = None,
) -> Any:
    """Numbers of successes in `counts` trials, that `seed` decides.

    Args:
        shape: Sizes of the result; it must end with the parameters' broadcast shape.
        seed: Two integers, as a tensor of shape ``(2,)``.
        counts: Numbers of trials, 0 or more.
        probs: Probabilities of success, in [0, 1].
        output_dtype: A floating dtype, int32 or int64.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of `shape`.

    Example:
        >>> import thalweg as tf
        >>> tf.random.stateless_binomial([3], seed=[1, 2], counts=10.0, probs=1.0)
        <tf.Tensor: shape=(3,), dtype=int32, numpy=array([10, 10, 10], dtype=int32)>

    Source: `tf.random.stateless_binomial`.
    """
    where = "random.stateless_binomial"
    key, kind = seed_of(where, seed), dtype_of(where, output_dtype, COUNTS)
    trials, chance = operand(where, "counts", counts, None), operand(where, "probs", probs, None)
    attrs = (shape_of(where, shape), kind, _AUTO)
    return draws.run(draws.random_binomial, (key, trials, chance), attrs)


def stateless_categorical(
    logits: Any, num_samples: Any, seed: Any, dtype: Any = dtypes.int64, name: str | None = None
) -> Any:
    """Class indices drawn with the probabilities ``softmax(logits)``, that `seed` decides.

    Args:
        logits: Unnormalised log probabilities of shape ``(batch, classes)``; -inf is never drawn.
        num_samples: Draws for each row.
        seed: Two integers, as a tensor of shape ``(2,)``.
        dtype: int64 or int32.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(batch, num_samples)``.

    Source: `tf.random.stateless_categorical`.
    """
    where = "random.stateless_categorical"
    key = seed_of(where, seed)
    inputs, attrs = categorical_arguments(where, logits, num_samples, dtype)
    return draws.run(draws.random_categorical, (key, *inputs), (*attrs, _AUTO))


def stateless_parameterized_truncated_normal(
    shape: Any,
    seed: Any,
    means: Any = 0.0,
    stddevs: Any = 1.0,
    minvals: Any = -2.0,
    maxvals: Any = 2.0,
    name: str | None = None,
) -> Any:
    """Normally distributed floats conditioned on lying in [minvals, maxvals], that `seed` decides.

    Args:
        shape: Sizes of the result; it must end with the parameters' broadcast shape.
        seed: Two integers, as a tensor of shape ``(2,)``.
        means: Means before truncation; they set the dtype.
        stddevs: Standard deviations before truncation, above 0.
        minvals: Smallest values; -inf allowed.
        maxvals: Largest values, above `minvals`; inf allowed.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of `shape`; NaN where a parameter is invalid.

    Example:
        >>> import thalweg as tf
        >>> far = tf.random.stateless_parameterized_truncated_normal(
        ...     [100], [1, 2], means=0.0, stddevs=1.0, minvals=9.0, maxvals=10.0)
        >>> bool(tf.reduce_all((far >= 9.0) & (far <= 10.0)))
        True

    Source: `tf.random.stateless_parameterized_truncated_normal`, which raises on invalid parameters.
    """
    where = "random.stateless_parameterized_truncated_normal"
    key = seed_of(where, seed)
    first = operand(where, "means", means, None)
    dtype = dtype_of(where, first.dtype, FLOATS)
    names = ("stddevs", "minvals", "maxvals")
    rest = (operand(where, n, v, dtype) for n, v in zip(names, (stddevs, minvals, maxvals)))
    attrs = (shape_of(where, shape), _AUTO)
    return draws.run(draws.random_truncated_between, (key, first, *rest), attrs)


def stateless_shuffle(
    value: Any, seed: Any, alg: Any = "auto_select", name: str | None = None
) -> Any:
    """The slices along the first dimension in an order that `seed` decides.

    Args:
        value: Tensor of shape ``(n, ...)``.
        seed: Two integers, as a tensor of shape ``(2,)``.
        alg: ``"philox"``, ``"threefry"`` or ``"auto_select"``.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> import thalweg as tf
        >>> sorted(tf.random.experimental.stateless_shuffle([1, 2, 3], seed=[1, 2]).numpy().tolist())
        [1, 2, 3]

    Source: `tf.random.experimental.stateless_shuffle`.
    """
    where = "random.experimental.stateless_shuffle"
    key, kind = seed_of(where, seed), kind_of_seed(where, alg)
    return draws.run(draws.random_shuffle, (key, operand(where, "value", value, None)), (kind,))
