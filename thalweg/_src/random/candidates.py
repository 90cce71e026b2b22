"""Candidate samplers: negative classes for losses over very many classes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.arguments import int_of
from thalweg._src.random import keys, samplers
from thalweg._src.random.arguments import operand
from thalweg._src.random.global_generator import draw, stateful


class CandidateSampler(NamedTuple):
    """Sampled classes, and how often true and sampled classes were to be expected.

    Attributes:
        sampled_candidates: int64 of shape ``(num_sampled,)``.
        true_expected_count: float32 of shape ``(batch, num_true)``.
        sampled_expected_count: float32 of shape ``(num_sampled,)``.
    """

    sampled_candidates: Any
    true_expected_count: Any
    sampled_expected_count: Any


_Law = tuple[Callable[[Any], Any], Callable[[Any], Any]]


def _uniform(limit: int) -> _Law:
    """All classes are equally likely: inverse of the distribution, and probability of a class."""
    return (
        lambda u: jnp.clip(lax.convert_element_type(u * limit, np.int64), 0, limit - 1),
        lambda c: jnp.full(c.shape, 1.0 / limit, np.float32),
    )


def _log_uniform(limit: int) -> _Law:
    """Class k has probability ``log((k + 2) / (k + 1)) / log(limit + 1)``, as in a sorted vocabulary."""
    scale = math.log(limit + 1.0)

    def classes(u: Any) -> Any:
        found = lax.convert_element_type(jnp.exp(u * scale), np.int64) - np.int64(1)
        return jnp.clip(found, 0, limit - 1)

    def probability(c: Any) -> Any:
        wide = lax.convert_element_type(c, np.float64)
        return lax.convert_element_type(jnp.log1p(1.0 / (wide + 1.0)) / scale, np.float32)

    return classes, probability


_LAWS = {"uniform": _uniform, "log_uniform": _log_uniform}


@op("random_candidates", inputs=("source", "true_classes"), matched=())
def _candidates(
    source: Any, true_classes: Any, count: int, unique: bool, limit: int, law: str, kind: str
) -> Any:
    """Sampled classes, the two expected counts, and the stream's state after the draw."""
    words, after = keys.draw_source(source)
    classes, probability = _LAWS[law](limit)
    if unique:
        sampled, tries = _distinct(words, classes, count)
    else:
        sampled = classes(samplers.unit(words, (count,), np.dtype(np.float64)))
        tries = np.float32(count)

    def expected(c: Any) -> Any:
        share = probability(c)
        return -jnp.expm1(tries * jnp.log1p(-share)) if unique else share * tries

    return sampled, expected(true_classes), expected(sampled), after


def _distinct(words: Any, classes: Callable[[Any], Any], count: int) -> tuple[Any, Any]:
    """`count` different classes, drawn one by one until there are enough, and the number of tries."""

    def attempt(state: Any) -> Any:
        tries, found, sampled = state
        value = classes(samplers.unit(words.fold(tries), (), np.dtype(np.float64)))
        fresh = ~jnp.any(sampled == value)
        kept = jnp.where(fresh, value, sampled[found])
        return tries + 1, found + fresh, sampled.at[found].set(kept)

    start = (np.uint32(0), np.int32(0), jnp.full((count,), -1, np.int64))
    tries, _, sampled = lax.while_loop(lambda s: s[1] < count, attempt, start)
    return sampled, lax.convert_element_type(tries, np.float32)


def _sample(
    where: str,
    true_classes: Any,
    num_true: Any,
    num_sampled: Any,
    unique: Any,
    range_max: Any,
    seed: Any,
) -> CandidateSampler:
    truth = _true_classes(where, true_classes, num_true)
    count, limit = int_of(where, "num_sampled", num_sampled), int_of(where, "range_max", range_max)
    if unique and count > limit:
        raise InvalidArgumentError(
            f"[{where}] expected num_sampled <= range_max for unique samples, got {count} of {limit} "
            "classes; pass unique=False or sample fewer."
        )
    law = where.removeprefix("random.").removesuffix("_candidate_sampler")
    attrs = (count, bool(unique), limit, law)
    return CandidateSampler(*draw(_candidates, seed, (truth,), attrs))


def _true_classes(where: str, true_classes: Any, num_true: Any) -> Any:
    truth = operand(where, "true_classes", true_classes, None)
    if not dtypes.as_dtype(truth.dtype).is_integer:
        truth = operand(where, "true_classes", true_classes, dtypes.int64)
    if len(truth.shape) != 2 or truth.shape[1] != num_true:
        raise InvalidArgumentError(
            f"[{where}] expected true_classes of shape (batch, num_true={num_true}), got "
            f"{tuple(truth.shape)}; set num_true to the number of columns."
        )
    return truth


@stateful
def uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> CandidateSampler:
    """Classes drawn uniformly from ``0 .. range_max - 1``.

    Args:
        true_classes: Integers of shape ``(batch, num_true)``.
        num_true: True classes for each example.
        num_sampled: How many to draw for the whole batch.
        unique: Draw different classes only.
        range_max: Number of classes.
        seed: Integer that names a stream of its own; see `tf.random.set_seed`.
        name: Name of the node in a model's graph.

    Returns:
        Named tuple ``(sampled_candidates, true_expected_count, sampled_expected_count)``: int64 of
        shape ``(num_sampled,)``, and expected numbers of occurrences (with `unique`: probabilities of
        occurring) of shapes ``(batch, num_true)`` and ``(num_sampled,)``.

    Source: `tf.random.uniform_candidate_sampler`.
    """
    where = "random.uniform_candidate_sampler"
    return _sample(where, true_classes, num_true, num_sampled, unique, range_max, seed)


@stateful
def log_uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> CandidateSampler:
    """Classes drawn from a log-uniform (Zipf-like) law, for classes sorted by falling frequency.

    Class ``k`` has probability ``log((k + 2) / (k + 1)) / log(range_max + 1)``.

    Args:
        true_classes: Integers of shape ``(batch, num_true)``.
        num_true: True classes for each example.
        num_sampled: How many to draw for the whole batch.
        unique: Draw different classes only.
        range_max: Number of classes.
        seed: Integer that names a stream of its own; see `tf.random.set_seed`.
        name: Name of the node in a model's graph.

    Returns:
        Named tuple as of `tf.random.uniform_candidate_sampler`.

    Example:
        >>> import thalweg as tf
        >>> found = tf.random.log_uniform_candidate_sampler([[1]], 1, 3, True, 10)
        >>> found.sampled_candidates.shape
        TensorShape([3])

    Source: `tf.random.log_uniform_candidate_sampler`.
    """
    where = "random.log_uniform_candidate_sampler"
    return _sample(where, true_classes, num_true, num_sampled, unique, range_max, seed)


def all_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    seed: int | None = None,
    name: str | None = None,
) -> CandidateSampler:
    """All classes ``0 .. num_sampled - 1``, each expected once: for comparing with full training.

    Args:
        true_classes: Integers of shape ``(batch, num_true)``.
        num_true: True classes for each example.
        num_sampled: Number of classes.
        unique: Has no effect.
        seed: Has no effect.
        name: Name of the node in a model's graph.

    Returns:
        Named tuple as of `tf.random.uniform_candidate_sampler`.

    Source: `tf.random.all_candidate_sampler`.
    """
    truth = _true_classes("random.all_candidate_sampler", true_classes, num_true)
    count = int_of("random.all_candidate_sampler", "num_sampled", num_sampled)
    return CandidateSampler(
        Tensor(jnp.arange(count, dtype=np.int64)),
        Tensor(jnp.ones(tuple(truth.shape), np.float32)),
        Tensor(jnp.ones((count,), np.float32)),
    )
