"""`ForwardAccumulator`: tangents, nesting with itself and with tapes, errors."""

from __future__ import annotations

import gc

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.recorders import OpCall, state
from thalweg._src.core.tensor import Tensor

X = tf.constant(3.0)
ONE = tf.constant(1.0)


def forward(primals, tangents):
    return tf.autodiff.ForwardAccumulator(primals, tangents)


def test_tangents_of_structures_and_variables():
    v, w = tf.Variable([1.0, 2.0]), tf.constant(2.0)
    with forward(
        {"a": v, "b": [w]}, {"a": tf.constant([1.0, 0.0]), "b": [tf.constant(10.0)]}
    ) as acc:
        y = v * w
        v.assign([5.0, 5.0])
        z = v * w
        n = tf.argmax(y)
    np.testing.assert_allclose(acc.jvp(y), [2 + 10, 20])
    np.testing.assert_allclose(acc.jvp(z), [2 + 50, 50])
    np.testing.assert_allclose(acc.jvp(v), [1, 0])
    assert acc.jvp([n, tf.constant(1.0)]) == [None, None]
    assert float(acc.jvp(ONE, unconnected_gradients="zero")) == 0.0


def test_forward_over_reverse_and_reverse_over_forward():
    with forward(X, ONE) as acc:
        with tf.GradientTape() as tape:
            tape.watch(X)
            y = X**3
        slope = tape.gradient(y, X)
    assert [float(acc.jvp(y)), float(acc.jvp(slope))] == [27.0, 18.0]

    with tf.GradientTape() as tape:
        tape.watch(X)
        with forward(X, ONE) as acc:
            y = X**3
        tangent = acc.jvp(y)
    assert float(tape.gradient(tangent, X)) == 18.0


def test_inner_tape_does_not_see_the_tangents():
    with forward(X, ONE) as acc, tf.GradientTape() as tape:
        tape.watch(X)
        y = X**3
        tangent = acc.jvp(y)
    assert tape.gradient(tangent, X) is None


def test_nested_accumulators_do_not_confuse_their_perturbations():
    with forward(X, ONE) as outer:
        with forward(X, ONE) as inner:
            y = X**3
        tangent = inner.jvp(y)
    assert [float(outer.jvp(y)), float(outer.jvp(tangent))] == [27.0, 18.0]
    assert inner.jvp(outer.jvp(y)) is None


def test_through_compiled_functions_and_ops_with_own_gradients():
    v = tf.Variable(2.0)

    @tf.function
    def f(x):
        return tf.nn.relu(x) * tf.math.log_sigmoid(x) * v

    def slope(x):
        s = 1 / (1 + np.exp(-x))
        return 2 * (np.log(s) + x * (1 - s))

    with forward(X, ONE) as acc:
        y, z = f(X), tf.nn.relu(X) * tf.math.log_sigmoid(X) * v
    np.testing.assert_allclose([acc.jvp(y), acc.jvp(z)], [slope(3.0)] * 2, rtol=1e-5)


def test_inside_a_compiled_function():
    @tf.function
    def f(x):
        with forward(x, tf.ones_like(x)) as acc:
            y = tf.sin(x) * x
        c = tf.constant([2.0])
        with forward(c, tf.constant([1.0])) as static:
            z = c * c
        return acc.jvp(y), static.jvp(z)

    y, z = f(tf.constant([0.5]))
    np.testing.assert_allclose(y, [np.cos(0.5) * 0.5 + np.sin(0.5)], rtol=1e-6)
    np.testing.assert_allclose(z, [4.0])


def test_stop_gradient_has_no_tangent():
    with forward(X, ONE) as acc:
        y = tf.stop_gradient(X)
        z = y * X
    assert acc.jvp(y) is None
    assert float(acc.jvp(z)) == 3.0


def test_tangents_go_with_their_tensors():
    with forward(X, ONE) as acc:
        y = X
        for _ in range(20):
            y = y * 1.01
        gc.collect()
        assert len(acc._tangents) == 2


def test_accumulator_can_go_on_later():
    acc = forward(X, ONE)
    with acc:
        y = X * X
    with acc:
        z = y * X
    assert float(acc.jvp(z)) == 27.0


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: forward([X], ONE), ValueError, "expected the same nesting"),
        (lambda: forward(X, tf.constant(1.0, tf.float64)), ValueError, "expected dtype float32"),
        (lambda: forward(X, tf.constant([1.0])), ValueError, r"expected a tangent of shape \(\)"),
        (lambda: forward([X, X], [ONE, ONE]), ValueError, "expected every primal once"),
        (
            lambda: forward(3.0, 1.0),
            ValueError,
            "expected a tensor or Variable as primal, got float",
        ),
        (lambda: forward(X, ONE).jvp(3.0), ValueError, "expected a tensor or Variable, got float"),
    ],
)
def test_errors(call, error, text):
    with pytest.raises(error, match=text):
        call()


def test_entered_twice():
    acc = forward(X, ONE)
    with acc, pytest.raises(ValueError, match="not recording; it is already"), acc:
        pass


def test_call_that_knows_only_its_backward_rule():
    y = Tensor((X * 2.0).array)
    with forward(X, ONE):
        record = OpCall(None, (), [X], (y,), (True,), lambda d: [d])
        with pytest.raises(ValueError, match="got a call that knows only its own backward rule"):
            state.recorders[-1].record(record)
