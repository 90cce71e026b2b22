"""Stepping out of a trace, and derivatives inside one without a tape."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf


def values(result):
    return tf.nest.map_structure(lambda t: t if t is None else t.numpy().tolist(), result)


def test_where_code_runs():
    seen = []

    @tf.function
    def f(x):
        seen.append((tf.executing_eagerly(), tf.inside_function()))
        with tf.init_scope():
            seen.append((tf.executing_eagerly(), tf.inside_function()))
            seen.append(float(tf.constant(2.0) * 3.0))
        return x

    f(tf.constant(1.0))
    assert seen == [(False, True), (True, False), 6.0]
    assert (tf.executing_eagerly(), tf.inside_function()) == (True, False)


def test_init_scope_creates_state_that_outlives_the_trace():
    made = []

    @tf.function
    def f(x):
        with tf.init_scope():
            if not made:
                made.append(tf.Variable(10.0))
        return x + made[0]

    assert float(f(tf.constant(1.0))) == 11.0
    made[0].assign(20.0)
    assert float(f(tf.constant(1.0))) == 21.0


def test_traced_tensors_do_not_leave_the_trace():
    @tf.function
    def f(x):
        with tf.init_scope():
            return x + 1.0

    with pytest.raises(TypeError, match="leaked out of a finished trace"):
        f(tf.constant(1.0))


def test_logger():
    assert tf.get_logger().name == "thalweg"


def test_gradients_of_anything_computed_so_far():
    @tf.function
    def f(x):
        y = x**2 * 3.0
        z = y * x
        w = tf.constant(2.0)
        return (
            tf.gradients(y, [x]),
            tf.gradients([y, z], [x, y, x]),
            tf.gradients(z, x, stop_gradients=y),
            tf.gradients(y, x, grad_ys=tf.constant(10.0)),
            tf.gradients(w, x),
            tf.gradients(w, x, unconnected_gradients="zero"),
            tf.gradients(tf.gradients(z, x)[0], x),
            tf.hessians(z, x),
        )

    assert values(f(tf.constant(2.0))) == (
        [12.0],
        [48.0, 3.0, 48.0],
        [12.0],
        [120.0],
        [None],
        [0.0],
        [36.0],
        [36.0],
    )


def test_gradients_under_a_tape_in_loops_and_for_variables():
    v = tf.Variable(3.0)

    @tf.function
    def f(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            slope = tf.gradients(tf.sin(x), x)[0]
        return tape.gradient(slope, x)

    @tf.function
    def g(n):
        y = tf.while_loop(lambda i, a: i < n, lambda i, a: (i + 1, a * v), (0, 1.0))[1]
        return tf.gradients(y, v)

    x = tf.constant([2.0, 1.0])
    np.testing.assert_allclose(f(x), -np.sin([2.0, 1.0]), rtol=1e-6)
    assert values(g(tf.constant(4))) == [108.0]


def test_hessian_of_a_vector():
    f = tf.function(lambda x: tf.hessians(tf.reduce_sum(x**3) + x[0] * x[1], x))
    assert values(f(tf.constant([1.0, 2.0]))) == [[[6.0, 1.0], [1.0, 12.0]]]


def test_gradients_errors():
    x = tf.constant(1.0)
    with pytest.raises(
        RuntimeError, match=r"\[gradients\] expected to be called inside tf.function"
    ):
        tf.gradients(x, x)
    with pytest.raises(RuntimeError, match=r"\[hessians\] expected to be called inside"):
        tf.hessians(x, x)
    with pytest.raises(ValueError, match="expected tensors or Variables in xs, got 3"):
        tf.function(lambda x: tf.gradients(x, 3))(x)
    with pytest.raises(ValueError, match="expected 1 grad_ys, got 2"):
        tf.function(lambda x: tf.gradients(x, x, grad_ys=[x, x]))(x)
