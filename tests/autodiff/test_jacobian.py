"""Jacobians of tapes: shapes, sources, rows, higher order, compiled functions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf

RNG = np.random.default_rng(5)
M = RNG.normal(size=(3, 2)).astype(np.float32)


def taped(function, x, **kwargs):
    with tf.GradientTape(**kwargs) as tape:
        tape.watch(x)
        y = function(x)
    return tape, y


def test_shape_is_that_of_target_and_source():
    x = tf.constant(RNG.normal(size=(2, 4)), tf.float32)
    tape, y = taped(lambda x: tf.matmul(M, x), x)
    jacobian = tape.jacobian(y, x)
    expected = np.einsum("ij,kl->ikjl", M, np.eye(4))
    np.testing.assert_allclose(jacobian, expected, rtol=1e-6)


@pytest.mark.parametrize("options", [{"parallel_iterations": 2}, {"experimental_use_pfor": False}])
def test_rows_may_be_computed_in_parts(options):
    x = tf.constant(RNG.normal(size=5), tf.float32)
    tape, y = taped(lambda x: tf.sin(x) * x[::-1], x, persistent=True)
    np.testing.assert_allclose(tape.jacobian(y, x, **options), tape.jacobian(y, x), rtol=1e-6)


def test_sources_and_unconnected():
    w, b, other = tf.Variable([[1.0, 2.0]]), tf.Variable(1.0), tf.Variable([1.0, 2.0, 3.0])
    n = tf.constant([1, 2])
    with tf.GradientTape(persistent=True) as tape:
        y = w[0] * b
    found = tape.jacobian(y, {"w": w, "b": [b]})
    np.testing.assert_allclose(found["w"], [[[1, 0]], [[0, 1]]])
    np.testing.assert_allclose(found["b"][0], [1, 2])
    assert tape.jacobian(y, other) is None
    assert tape.jacobian(y, other, unconnected_gradients="zero").shape == (2, 3)
    assert tape.jacobian(n, w) is None


def test_batch_jacobian():
    x = tf.constant(RNG.normal(size=(3, 2, 2)), tf.float32)
    tape, y = taped(lambda x: tf.reduce_sum(x, 2) * x[:, 0, :1], x, persistent=True)
    found = tape.batch_jacobian(y, x)
    assert found.shape == (3, 2, 2, 2)
    full = tape.jacobian(y, x).numpy()
    np.testing.assert_allclose(found, np.stack([full[i, :, i] for i in range(3)]), rtol=1e-6)
    parts = tape.batch_jacobian(y, x, parallel_iterations=1)
    np.testing.assert_allclose(parts, found, rtol=1e-6)
    unused = tf.zeros((3, 5))
    assert tape.batch_jacobian(y, unused) is None
    assert tape.batch_jacobian(y, unused, unconnected_gradients="zero").shape == (3, 2, 5)


def test_batch_jacobian_errors():
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    tape, y = taped(lambda x: (tf.reduce_sum(x), x[:1] * 2.0), x, persistent=True)
    with pytest.raises(IndexError, match="expected target and source of one batch size"):
        tape.batch_jacobian(y[0], x)
    with pytest.raises(ValueError, match=r"got shapes \(1, 2\) and \(2, 2\)"):
        tape.batch_jacobian(y[1], x)


def test_hessian_and_its_gradient():
    x = tf.constant([1.0, 2.0])

    def hessian(x):
        with tf.GradientTape() as outer:
            outer.watch(x)
            tape, y = taped(lambda x: x[0] ** 3 * x[1] + tf.exp(x[1]), x)
            slope = tape.gradient(y, x)
        return outer.jacobian(slope, x)

    expected = [[12.0, 3.0], [3.0, np.exp(2.0)]]
    np.testing.assert_allclose(hessian(x), expected, rtol=1e-6)
    np.testing.assert_allclose(tf.function(hessian)(x), expected, rtol=1e-6)

    tape, h = taped(hessian, x)
    third = tape.jacobian(h, x)
    np.testing.assert_allclose(third[:, :, 0], [[12.0, 6.0], [6.0, 0.0]], rtol=1e-5)
    np.testing.assert_allclose(third[1, 1], [0.0, np.exp(2.0)], rtol=1e-5)


def test_jacobian_of_a_penalty_is_differentiable():
    w = tf.Variable(M)
    x = tf.constant(RNG.normal(size=(4, 3)), tf.float32)
    with tf.GradientTape() as outer:
        tape, y = taped(lambda x: tf.tanh(tf.matmul(x, w)), x)
        penalty = tf.reduce_sum(tape.batch_jacobian(y, x) ** 2)
    slope = outer.gradient(penalty, w)

    def value(weights):
        s = 1 - np.tanh(x.numpy() @ weights) ** 2
        return np.sum((s[:, :, None] * weights.T[None]) ** 2)

    step = 1e-3 * RNG.normal(size=M.shape)
    m = M.astype(np.float64)
    np.testing.assert_allclose(
        np.sum(slope.numpy() * step), (value(m + step) - value(m - step)) / 2, rtol=1e-3
    )


def test_through_compiled_functions_and_loops():
    @tf.function
    def f(x, n):
        for _ in tf.range(n):
            x = tf.sin(x) + x[::-1]
        return x

    x = tf.constant([0.3, 1.2])
    tape, y = taped(lambda x: f(x, tf.constant(3)), x)
    other, z = taped(lambda x: f.python_function(x, 3), x)
    np.testing.assert_allclose(tape.jacobian(y, x), other.jacobian(z, x), rtol=1e-5)


def test_inside_a_compiled_function():
    @tf.function
    def f(x):
        tape, y = taped(lambda x: x * x, x)
        return tape.jacobian(y, x)

    np.testing.assert_allclose(f(tf.constant([1.0, 2.0])), np.diag([2.0, 4.0]))


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 3), st.integers(1, 3), st.booleans())
def test_rows_are_gradients(rows, columns, vectorised):
    x = tf.constant(RNG.normal(size=(columns,)), tf.float32)
    a = tf.constant(RNG.normal(size=(rows, columns)), tf.float32)
    tape, y = taped(lambda x: tf.linalg.matvec(a, x * x), x)
    found = tape.jacobian(y, x, experimental_use_pfor=vectorised)
    if rows:
        np.testing.assert_allclose(found, 2 * a.numpy() * x.numpy(), rtol=1e-5)
    else:
        assert found is None or found.shape == (0, columns)
