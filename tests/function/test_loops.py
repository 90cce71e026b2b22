"""Differentiable loops of unknown length: right for every length around the number of kept states."""

from __future__ import annotations

import jax
import numpy as np
import pytest
from jax import numpy as jnp

from thalweg._src.function import loops


@pytest.fixture(autouse=True)
def _few_slots(monkeypatch):
    monkeypatch.setattr(loops, "_MOST_SLOTS", 8)


def by_loop(x, w, n, limit=None):
    def step(operands, state):
        w, n = operands
        _, i, x = state
        return i + 1 < n, i + 1, jnp.sin(x * w) + x

    return loops.while_alive(step, (n > 0, jnp.int32(0), x), (w, n), limit)[2].sum()


def by_python(x, w, n):
    for _ in range(n):
        x = jnp.sin(x * w) + x
    return x.sum()


X, W = jnp.array([0.3, 0.7]), jnp.array([1.1, 0.4])
GRADIENT = jax.jit(jax.grad(by_loop, (0, 1)))
BOUNDED = jax.jit(jax.grad(lambda x, w, n: by_loop(x, w, n, 40), (0, 1)))


def same(one, other):
    jax.tree_util.tree_map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-9), one, other)


@pytest.mark.parametrize("n", [0, 1, 7, 8, 9, 15, 16, 17, 33])
def test_gradient_at_every_length(n):
    expected = jax.grad(by_python, (0, 1))(X, W, n)
    same(GRADIENT(X, W, n), expected)
    same(BOUNDED(X, W, n), expected)


def test_second_and_third_order():
    second = jax.jit(jax.jacrev(jax.grad(by_loop, (0, 1)), (0, 1)))
    for n in (0, 3, 20):
        same(second(X, W, n), jax.jacrev(jax.grad(by_python, (0, 1)), (0, 1))(X, W, n))

    def third(f):
        first = lambda x: jax.grad(f)(x, W, 11).sum()  # noqa: E731
        return jax.grad(lambda x: jax.grad(first)(x).sum())

    same(jax.jit(third(by_loop))(X), third(by_python)(X))


def test_lengths_differ_under_vmap():
    lengths = jnp.array([3, 9])
    got = jax.jit(jax.vmap(jax.grad(by_loop), (0, None, 0)))(jnp.stack([X, X]), W, lengths)
    same(got, jnp.stack([jax.grad(by_python)(X, W, 3), jax.grad(by_python)(X, W, 9)]))


def test_slots_fit_into_memory():
    assert loops._slot_count(8, None) == 8
    assert loops._slot_count(8, 3) == 4
    assert loops._slot_count(1 << 40, None) == 8
