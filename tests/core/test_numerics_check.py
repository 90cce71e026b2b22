"""Watching for NaN and infinity."""

from __future__ import annotations

import jax
import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.recorders import state
from thalweg._src.core.tensor import Tensor


@pytest.fixture(autouse=True)
def _watching():
    tf.debugging.enable_check_numerics()
    yield
    tf.debugging.disable_check_numerics()


def failure(body):
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        body()
    return str(caught.value)


def test_the_op_that_made_it_is_named():
    text = failure(lambda: tf.math.log(tf.constant([-1.0, 1.0])) + 1.0)
    assert text.startswith("[log] expected finite results, got 1 NaN in output")
    assert "x: float32 of shape (2,), from -1.0 to 1.0" in text
    assert "this op made it" in text
    assert "[truediv]" in failure(lambda: tf.constant([1.0]) / 0.0)


def test_a_nan_that_came_in_is_named_as_such():
    text = failure(lambda: tf.constant([np.nan]) + 1.0)
    assert text.startswith("[add]")
    assert "x held it already" in text


def test_an_infinity_that_came_in_is_no_fault():
    masked = tf.where([True, False], tf.constant(-np.inf), tf.constant([1.0, 2.0]))
    assert masked.numpy().tolist() == [-np.inf, 2.0]


def test_finite_and_integer_results_pass():
    assert tf.constant([1, 2]).shape == (2,)
    assert (tf.constant([1, 2]) * 3).numpy().tolist() == [3, 6]
    assert tf.math.is_nan(tf.constant([np.nan, 1.0])).numpy().tolist() == [True, False]


def test_gradients_are_checked():
    x = tf.constant(0.0)

    def slope():
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.sqrt(x)
        return tape.gradient(y, x)

    assert failure(slope).startswith("[sqrt_gradient] expected finite results, got 1 infinite")


def test_inside_a_compiled_function_the_op_is_named():
    @tf.function
    def program(x):
        return tf.sqrt(x) * 2.0

    assert program(tf.constant([4.0])).numpy().tolist() == [4.0]
    assert failure(lambda: program(tf.constant([-1.0]))).startswith("[sqrt]")


def test_variables_and_losses_in_a_training_step():
    v = tf.Variable(2.0)

    @tf.function
    def step(x):
        with tf.GradientTape() as tape:
            loss = tf.math.log(v * x)
        v.assign_sub(tape.gradient(loss, v))
        return loss

    assert np.isfinite(step(tf.constant(1.0)).numpy())
    assert failure(lambda: step(tf.constant(0.0))).startswith("[log]")


def test_inside_a_foreign_trace_the_op_is_named():
    program = jax.jit(lambda x: (tf.math.log(Tensor(x)) + 1.0).array)
    assert np.isfinite(program(np.float32(2.0)))
    with pytest.raises(Exception, match=r"\[log\] expected finite results, got 1 NaN"):
        jax.block_until_ready(program(np.float32(-1.0)))


def test_it_can_be_switched_off_and_on_twice():
    tf.debugging.enable_check_numerics()
    tf.debugging.disable_check_numerics()
    assert not state.recorders
    assert np.isnan(tf.math.log(-1.0).numpy())
    tf.debugging.disable_check_numerics()
