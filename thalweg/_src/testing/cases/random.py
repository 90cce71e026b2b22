"""Rows of random/: the stateless forms, which give the same numbers in every life.

Values have no NumPy twin; `tests/random/` checks them with statistical tests.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.random.generator import Generator
from thalweg._src.testing.rows import Row

_STATE = "each call draws anew, so that a second call has other values"


def _seed() -> Any:
    return np.array([7, -3], np.int32)


def _generator() -> Generator:
    return Generator.from_seed(5)


def _ramp(shape: Any, dtype: Any) -> Any:
    return np.linspace(0.0, 1.0, int(np.prod(shape)), dtype=np.float32).reshape(shape)


def _by_numbers(x: Any, rate: float) -> Any:
    keep = _ramp(x.shape, None) >= np.float32(rate)
    return np.where(keep, x / (1 - rate), 0)


ROWS = [
    Row("random.stateless_uniform", lambda m: ((2, 3), _seed(), 0, None, m.dtype)),
    Row(
        "random.stateless_uniform",
        lambda m: ((4,), _seed(), m(m.n, 1, low=-2, high=-1), m(4, low=1, high=2), m.dtype),
        gradient=(2, 3),
        second_order=False,
        note="linear in the bounds",
        label="between",
    ),
    Row("random.stateless_uniform", lambda m: ((5,), _seed(), -3, 9, "int32"), label="integers"),
    Row("random.stateless_uniform", lambda m: ((5,), _seed(), None, None, "int16"), label="full"),
    Row(
        "random.stateless_uniform",
        lambda m: ((5,), _seed(), 0, 1, m.dtype, None, "philox"),
        label="philox",
    ),
    Row(
        "random.stateless_uniform",
        lambda m: ((5,), _seed(), 0, 1, m.dtype, None, "threefry"),
        label="threefry",
    ),
    Row("random.stateless_normal", lambda m: ((2, 3), _seed(), 0.0, 1.0, m.dtype)),
    Row(
        "random.stateless_normal",
        lambda m: ((5,), _seed(), 0.0, 1.0, m.dtype, None, "philox"),
        label="philox",
    ),
    Row(
        "random.stateless_normal",
        lambda m: ((3,), _seed(), m(m.n, 3), m(3, low=1, high=2), m.dtype),
        gradient=(2, 3),
        second_order=False,
        note="linear in the mean and the standard deviation",
        label="scaled",
    ),
    Row("random.stateless_truncated_normal", lambda m: ((2, 3), _seed(), 0.0, 1.0, m.dtype)),
    Row(
        "random.stateless_truncated_normal",
        lambda m: ((3,), _seed(), m(m.n, 3), m(3, low=1, high=2), m.dtype),
        gradient=(2, 3),
        second_order=False,
        note="linear in the mean and the standard deviation",
        label="scaled",
    ),
    Row(
        "random.stateless_parameterized_truncated_normal",
        lambda m: (
            (4, 3),
            _seed(),
            m(3),
            m(3, low=1, high=2),
            m(3, low=-3, high=-2),
            m(3, low=2, high=3),
        ),
    ),
    Row(
        "random.stateless_gamma",
        lambda m: ((4, 3), _seed(), m(3, low=0.5, high=3), m(3, low=1, high=2), m.dtype),
        gradient=(3,),
    ),
    Row("random.stateless_poisson", lambda m: ((4, 2), _seed(), np.array([2.0, 30.0], np.float32))),
    Row(
        "random.stateless_binomial",
        lambda m: ((4, 2), _seed(), np.array([9.0, 90.0], np.float32), m(2, low=0.2, high=0.8)),
    ),
    Row("random.stateless_categorical", lambda m: (m(m.n, 4), 3, _seed(), "int32")),
    Row(
        "random.stateless_categorical", lambda m: (m(m.n, 4), 3, _seed()), wide=True, label="int64"
    ),
    Row("random.split", lambda m: (_seed(), 3)),
    Row("random.fold_in", lambda m: (_seed(), np.int32(4))),
    Row(
        "random.experimental.stateless_shuffle",
        lambda m: (m(6, 2), _seed()),
        gradient=(0,),
        second_order=False,
        note="linear",
    ),
    Row(
        "random.experimental.index_shuffle",
        lambda m: (m.ints(m.n, low=0, high=9), _seed(), np.int32(9)),
    ),
    Row("random.Generator.skip", lambda m: (_generator(), 2), wide=True, traced=False, note=_STATE),
    Row(
        "random.Generator.make_seeds",
        lambda m: (_generator(), 2),
        wide=True,
        traced=False,
        note=_STATE,
    ),
    Row(
        "random.uniform_candidate_sampler",
        lambda m: (m.ints(m.n, 2, low=0, high=9), 2, 3, False, 9),
        traced=False,
        wide=True,
        note=_STATE,
    ),
    Row(
        "random.log_uniform_candidate_sampler",
        lambda m: (m.ints(m.n, 2, low=0, high=9), 2, 3, True, 9),
        traced=False,
        wide=True,
        note=_STATE,
    ),
    Row("nn.dropout", lambda m: (m(m.n, 4), 0.5), traced=False, note=_STATE),
    Row(
        "nn.experimental.stateless_dropout",
        lambda m: (m(m.n, 4), 0.4, _seed()),
        gradient=(0,),
        second_order=False,
        note="linear",
    ),
    Row(
        "nn.experimental.general_dropout",
        lambda m: (m(3, 4), 0.4, lambda shape, dtype: _ramp(shape, dtype)),
        reference=lambda x, rate, sampler: _by_numbers(x, rate),
        gradient=(0,),
        second_order=False,
        note="linear",
    ),
]
