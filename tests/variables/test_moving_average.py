"""Moving averages of Variables; the expected values are TensorFlow 2.21's."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf


def test_averages_begin_with_the_value_and_follow_it() -> None:
    variable = tf.Variable([1.0, 2.0], name="w")
    averages = tf.train.ExponentialMovingAverage(0.9)
    assert averages.average(variable) is None
    averages.apply([variable])
    variable.assign([3.0, 4.0])
    averages.apply([variable])
    np.testing.assert_allclose(averages.average(variable).numpy(), [1.2, 2.2], rtol=1e-6)
    assert averages.average_name(variable) == "w/ExponentialMovingAverage"
    assert averages.variables_to_restore() == {"w/ExponentialMovingAverage": variable}


def test_few_updates_move_fast() -> None:
    variable = tf.Variable([3.0, 4.0])
    averages = tf.train.ExponentialMovingAverage(0.9, num_updates=1)
    averages.apply([variable])
    variable.assign([0.0, 0.0])
    averages.apply([variable])
    np.testing.assert_allclose(
        averages.average(variable).numpy(), [0.5454545, 0.72727275], rtol=1e-6
    )


def test_averages_are_made_inside_a_compiled_function() -> None:
    variable = tf.Variable(2.0)
    averages = tf.train.ExponentialMovingAverage(0.5)

    @tf.function
    def step() -> None:
        averages.apply([variable])

    step()
    variable.assign(4.0)
    step()
    assert float(averages.average(variable)) == 3.0


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda averages: averages.apply([tf.Variable(1)]), TypeError),
        (lambda averages: averages.apply([tf.constant(1.0)]), TypeError),
        (lambda averages: averages.apply(), ValueError),
        (lambda _: tf.train.ExponentialMovingAverage(0.5, zero_debias=True), ValueError),
    ],
)
def test_misuse_is_refused(act, error) -> None:
    with pytest.raises(error, match="expected"):
        act(tf.train.ExponentialMovingAverage(0.5))
