"""Learning rate schedules: values of Keras, one meaning in all lives, configs, errors."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from tests.keras.golden.tables import SCHEDULES, STEPS, Row, run_schedule
from tests.keras.golden.values import check, each, orphans

S = tf.keras.optimizers.schedules


@each("schedules")
def test_rates_are_those_of_keras(row: Row) -> None:
    check("schedules", row)


def test_every_recorded_row_has_its_case():
    assert orphans("schedules") == set()


def test_every_class_is_a_row():
    public = {name for name in dir(S) if name[0].isupper()}
    assert public - {"LearningRateSchedule"} == {row.name for row in SCHEDULES}


@each("schedules")
def test_traced_with_the_step_count_equals_eager(row: Row) -> None:
    schedule = getattr(S, row.name)(**row.options)
    count = tf.Variable(0, dtype=tf.int64)
    traced = tf.function(lambda: schedule(count))
    for step, rate in zip(STEPS, run_schedule(tf, row), strict=True):
        count.assign(step)
        np.testing.assert_allclose(traced().numpy(), rate.numpy(), rtol=1e-5, atol=1e-8)
        assert rate.dtype == tf.float32


@each("schedules")
def test_config_makes_an_equal_schedule(row: Row) -> None:
    schedule = getattr(S, row.name)(**row.options)
    again = S.deserialize(S.serialize(schedule))
    assert again.get_config() == schedule.get_config()
    assert float(again(7)) == float(schedule(7))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: S.ExponentialDecay(0.1, 0, 0.5),
            r"\[ExponentialDecay\] expected a positive decay_steps",
        ),
        (lambda: S.CosineDecayRestarts(0.1, -1), "expected a positive first_decay_steps, got -1"),
        (lambda: S.PiecewiseConstantDecay([1], [1.0]), "expected one boundary fewer than values"),
    ],
)
def test_bad_settings(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_own_schedule():
    class Warm(S.LearningRateSchedule):
        """Grows by a tenth each step."""

        def __call__(self, step):
            return 0.1 * (tf.cast(step, tf.float32) + 1.0)

    optimizer, w = tf.keras.optimizers.SGD(Warm()), tf.Variable(1.0)
    for _ in range(2):
        optimizer.apply_gradients([(tf.constant(1.0), w)])
    np.testing.assert_allclose(float(w), 0.7, rtol=1e-6)
