"""Random functions: the recorded shapes, dtypes and seed rules, and our own moments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

import thalweg as tf

from . import support
from .cases.random_ops import cases

RECORD = support.load("random_ops")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "keras_random/state*": "a seed is two words of 32 bits, as in Keras on JAX",
}


#: Cases of shapes and dtypes alone, which a trace knows: no draw is compiled.
TRACED = ("shapes_and_dtypes",)


def _traced(body: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """The case run while a program is traced."""

    def run(tf: Any, np: Any) -> Any:
        found: list[Any] = []

        def program() -> Any:
            found.append(body(tf, np))
            return tf.constant(0)

        tf.function(program, autograph=False).get_concrete_function()
        return found[0]

    return run


@pytest.mark.parametrize("case", list(cases), ids=lambda case: case.name)
def test_random_ops(case: support.Case) -> None:
    """The case gives the recorded result."""
    if case.name in TRACED:
        case = replace(case, body=_traced(case.body))
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}


N = 40_000
SIGMAS = 5.0


@dataclass(frozen=True)
class Law:
    """A draw of N numbers with the mean, variance and fourth central moment it must have."""

    name: str
    draw: Callable[[], Any]
    mean: float
    variance: float
    fourth: float


def _uniform(name: str, draw: Callable[[], Any], low: float, high: float) -> Law:
    width = high - low
    return Law(name, draw, (low + high) / 2, width**2 / 12, width**4 / 80)


def _normal(name: str, draw: Callable[[], Any], mean: float, std: float) -> Law:
    return Law(name, draw, mean, std**2, 3 * std**4)


def _truncated(name: str, draw: Callable[[], Any], mean: float, std: float) -> Law:
    """Cut at two standard deviations: variance 0.7737, fourth moment 1.4161 in units of sigma."""
    return Law(name, draw, mean, 0.773741 * std**2, 1.416087 * std**4)


def _gamma(name: str, draw: Callable[[], Any], alpha: float, beta: float) -> Law:
    return Law(name, draw, alpha / beta, alpha / beta**2, (3 * alpha**2 + 6 * alpha) / beta**4)


def _poisson(name: str, draw: Callable[[], Any], rate: float) -> Law:
    return Law(name, draw, rate, rate, rate + 3 * rate**2)


def _discrete(name: str, draw: Callable[[], Any], probabilities: list[float]) -> Law:
    p, k = np.array(probabilities), np.arange(len(probabilities))
    mean = float(p @ k)
    return Law(name, draw, mean, float(p @ (k - mean) ** 2), float(p @ (k - mean) ** 4))


def _generator() -> Any:
    return tf.random.Generator.from_seed(11)


_P = [0.1, 0.2, 0.3, 0.4]
_LOGITS = np.log(np.array([_P], np.float32))

LAWS = [
    _normal("normal", lambda: tf.random.normal([N]), 0.0, 1.0),
    _normal("normal_scaled", lambda: tf.random.normal([N], 3.0, 0.5), 3.0, 0.5),
    _normal("normal_float64", lambda: tf.random.normal([N], dtype=tf.float64), 0.0, 1.0),
    _normal("generator_normal", lambda: _generator().normal([N], 1.0, 2.0), 1.0, 2.0),
    _normal("stateless_normal", lambda: tf.random.stateless_normal([N], [3, 4]), 0.0, 1.0),
    _uniform("uniform", lambda: tf.random.uniform([N]), 0.0, 1.0),
    _uniform("uniform_range", lambda: tf.random.uniform([N], -2.0, 6.0), -2.0, 6.0),
    _uniform("generator_uniform", lambda: _generator().uniform([N]), 0.0, 1.0),
    _uniform("stateless_uniform", lambda: tf.random.stateless_uniform([N], [3, 4]), 0.0, 1.0),
    _discrete("uniform_int", lambda: tf.random.uniform([N], 0, 5, tf.int32), [0.2] * 5),
    _discrete(
        "stateless_int",
        lambda: tf.random.stateless_uniform([N], [1, 2], 0, 7, tf.int64),
        [1 / 7] * 7,
    ),
    _truncated("truncated_normal", lambda: tf.random.truncated_normal([N], 1.0, 2.0), 1.0, 2.0),
    _truncated(
        "stateless_truncated", lambda: tf.random.stateless_truncated_normal([N], [5, 6]), 0.0, 1.0
    ),
    _gamma("gamma", lambda: tf.random.gamma([N], 2.5, 0.5), 2.5, 0.5),
    _gamma("gamma_small_alpha", lambda: tf.random.gamma([N], 0.3), 0.3, 1.0),
    _gamma("stateless_gamma", lambda: tf.random.stateless_gamma([N], [7, 8], alpha=4.0), 4.0, 1.0),
    _poisson("poisson", lambda: tf.random.poisson([N], 3.5), 3.5),
    _poisson("poisson_large", lambda: tf.random.poisson([N], 200.0), 200.0),
    _poisson("poisson_small", lambda: tf.random.poisson([N], 0.05), 0.05),
    _discrete("categorical", lambda: tf.random.categorical(_LOGITS, N)[0], _P),
    _discrete(
        "stateless_categorical", lambda: tf.random.stateless_categorical(_LOGITS, N, [1, 9])[0], _P
    ),
    Law(
        "stateless_binomial",
        lambda: tf.random.stateless_binomial([N], [2, 3], counts=10.0, probs=0.3),
        3.0,
        2.1,
        3 * 2.1**2 + 2.1 * (1 - 6 * 0.21),
    ),
    _discrete("dropout_kept", lambda: tf.nn.dropout(tf.ones([N]), 0.25) * 0.75, [0.25, 0.75]),
    _normal("keras_normal", lambda: tf.keras.random.normal([N], seed=3), 0.0, 1.0),
    _uniform("keras_uniform", lambda: tf.keras.random.uniform([N], seed=3), 0.0, 1.0),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_moments(law: Law) -> None:
    """Mean and variance lie within five standard errors of the analytic ones."""
    tf.random.set_seed(20)
    x = np.asarray(law.draw(), np.float64)
    assert x.shape == (N,)
    assert abs(x.mean() - law.mean) < SIGMAS * (law.variance / N) ** 0.5
    error = ((law.fourth - law.variance**2) / N) ** 0.5
    assert abs(((x - law.mean) ** 2).mean() - law.variance) < SIGMAS * error


NORMAL_QUANTILES = {
    0.001: -3.090232,
    0.025: -1.959964,
    0.25: -0.674490,
    0.5: 0.0,
    0.9: 1.281552,
    0.999: 3.090232,
}


@pytest.mark.parametrize("p", NORMAL_QUANTILES)
def test_normal_quantiles(p: float) -> None:
    """The share of draws below a quantile of the normal law is its probability."""
    tf.random.set_seed(21)
    share = float(np.mean(np.asarray(tf.random.normal([N])) < NORMAL_QUANTILES[p]))
    assert abs(share - p) < SIGMAS * (p * (1 - p) / N) ** 0.5


@pytest.mark.parametrize("p", [0.01, 0.25, 0.5, 0.99])
def test_uniform_quantiles(p: float) -> None:
    """The share of draws below p is p."""
    tf.random.set_seed(22)
    share = float(np.mean(np.asarray(tf.random.uniform([N])) < p))
    assert abs(share - p) < SIGMAS * (p * (1 - p) / N) ** 0.5


def test_streams_are_uncorrelated() -> None:
    """Successive draws, and draws under neighbouring seeds, do not correlate."""
    tf.random.set_seed(23)
    a, b = (np.asarray(tf.random.normal([N])) for _ in range(2))
    c, d = (np.asarray(tf.random.stateless_normal([N], [5, k])) for k in (0, 1))
    for one, other in ((a, b), (c, d), (a[:-1], a[1:])):
        assert abs(float(np.mean(one * other))) < SIGMAS / len(one) ** 0.5


def test_shuffle_is_uniform() -> None:
    """Each element is equally likely to come first."""
    tf.random.set_seed(24)
    firsts = np.array([int(tf.random.shuffle(tf.range(4))[0]) for _ in range(800)])
    counts = np.bincount(firsts, minlength=4)
    assert np.all(np.abs(counts - 200) < SIGMAS * (800 * 0.25 * 0.75) ** 0.5)
