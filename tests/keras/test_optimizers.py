"""Optimizers: trajectories of Keras, one meaning in all lives, configs, lookup, errors, cost."""

from __future__ import annotations

import time

import numpy as np
import pytest

import thalweg as tf
from tests.keras.golden.tables import OPTIMIZERS, Row, run_optimizer
from tests.keras.golden.values import check, differences, each, orphans

O = tf.keras.optimizers  # noqa: E741 short for a table


@each("optimizers")
def test_trajectories_are_those_of_keras(row: Row) -> None:
    check("optimizers", row, rtol=1e-6, atol=1e-6)


def test_every_recorded_row_has_its_case():
    assert orphans("optimizers") == set()


def test_every_class_is_a_row():
    public = {name for name in dir(O) if name[0].isupper()}
    others = {
        "LossScaleOptimizer",
        "MultiOptimizer",
        "Optimizer",
        "OptimizerMap",
        "ScheduleFreeAdamW",
    }
    assert public - others == {row.name for row in OPTIMIZERS}


@each("optimizers")
def test_traced_equals_eager(row: Row) -> None:
    got = run_optimizer(tf, row, wrap=tf.function)
    assert list(differences("optimizers", row, got, 1e-5, 1e-6)) == []


@each("optimizers")
def test_config_makes_an_equal_optimizer(row: Row) -> None:
    optimizer = getattr(O, row.name)(**row.options)
    again = O.deserialize(O.serialize(optimizer))
    assert type(again) is type(optimizer)
    assert again.get_config() == optimizer.get_config()


def test_schedules_survive_a_round_trip():
    schedule = O.schedules.ExponentialDecay(0.1, 2, 0.5)
    again = O.get(O.serialize(O.SGD(schedule)))
    assert float(again.learning_rate) == np.float32(0.1)
    again.iterations.assign(2)
    np.testing.assert_allclose(float(again.learning_rate), 0.05, rtol=1e-6)


@pytest.mark.parametrize(
    "name", ["sgd", "SGD", "rmsprop", "RMSprop", "adam", "adamw", "AdamW", "ftrl"]
)
def test_names(name):
    assert type(O.get(name)).__name__.lower() == name.lower()


def test_unknown_name_suggests_the_nearest():
    with pytest.raises(
        ValueError, match="no optimizer is called 'rmspropp'. Did you mean 'rmsprop'"
    ):
        O.get("rmspropp")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: O.SGD(momentum=2.0), r"\[SGD\] expected momentum in \[0, 1\]"),
        (
            lambda: O.Ftrl(beta=0.0, l1_regularization_strength=-1.0),
            "expected no negative l1_regularization",
        ),
        (
            lambda: O.Ftrl(learning_rate_power=0.5),
            "expected no positive learning_rate_power, got 0.5",
        ),
        (lambda: O.Lion(beta_1=0.0), r"\[Lion\] expected beta_1 in \(0, 1\]"),
        (lambda: O.AdamW(weight_decay=None), r"\[AdamW\] expected a weight_decay"),
        (lambda: O.Adam(clipnorm=1.0, clipvalue=1.0), "expected at most one of clipnorm"),
    ],
)
def test_bad_settings(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_weights_of_several_dtypes():
    for dtype in ("float16", "bfloat16", "float64"):
        w = tf.Variable(tf.ones((2,), dtype))
        O.Nadam(0.1).apply_gradients([(tf.ones((2,), dtype), w)])
        assert w.dtype.name == dtype
        np.testing.assert_allclose(w.numpy().astype("float32"), 0.9, rtol=0.05)


def test_a_function_as_learning_rate():
    rate = tf.Variable(0.5)
    optimizer, w = O.SGD(lambda: rate), tf.Variable(1.0)
    optimizer.apply_gradients([(tf.constant(1.0), w)])
    rate.assign(0.25)
    optimizer.apply_gradients([(tf.constant(1.0), w)])
    assert float(w) == 0.25


def test_learning_rate_can_be_set():
    optimizer, w = O.Adam(0.1), tf.Variable(1.0)
    optimizer.apply_gradients([(tf.constant(1.0), w)])
    optimizer.learning_rate = 0.0
    optimizer.apply_gradients([(tf.constant(1.0), w)])
    np.testing.assert_allclose(float(w), 0.9, rtol=1e-5)


def test_a_schedule_is_not_replaced_by_a_number():
    optimizer = O.SGD(tf.keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5))
    with pytest.raises(TypeError, match="expected a schedule for learning_rate, got 0.1"):
        optimizer.learning_rate = 0.1


def test_some_weights_are_not_decayed():
    w, b = tf.keras.Variable(np.ones(2), name="kernel"), tf.keras.Variable(np.ones(2), name="bias")
    optimizer = O.SGD(0.1, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    zero = tf.zeros((2,))
    optimizer.apply_gradients([(zero, w), (zero, b)])
    assert w.numpy().tolist() == pytest.approx([0.95, 0.95])
    assert b.numpy().tolist() == [1.0, 1.0]


def test_constraints_are_applied_after_the_step():
    w = tf.keras.Variable(np.ones(2), constraint=tf.keras.constraints.NonNeg())
    O.SGD(1.0).apply_gradients([(tf.constant([2.0, 0.5]), w)])
    assert w.numpy().tolist() == [0.0, 0.5]


def test_gradients_of_nothing():
    w = tf.Variable(1.0)
    with pytest.raises(ValueError, match="expected gradients, got None for every weight"):
        O.SGD().apply_gradients([(None, w)])
    with pytest.raises(ValueError, match="expected pairs of a gradient and a weight, got none"):
        O.SGD().apply_gradients([])


def test_weights_that_the_optimizer_does_not_know():
    optimizer = O.Adam()
    optimizer.build([tf.Variable(1.0)])
    with pytest.raises(ValueError, match="expected weights that the optimizer was built for"):
        optimizer.apply_gradients([(tf.constant(1.0), tf.Variable(1.0))])


def test_own_optimizer():
    class Signs(O.Optimizer):
        """Steps by the sign."""

        def build(self, variables):
            super().build(variables)
            self.counts = self.add_optimizer_variables(variables, "count")

        def update_step(self, gradient, variable, learning_rate):
            count = self.counts[self._get_variable_index(variable)]
            self.assign_add(count, tf.ones_like(gradient))
            self.assign_sub(variable, learning_rate * tf.sign(gradient))

    optimizer, w = Signs(0.5), tf.Variable([1.0, 1.0])
    optimizer.apply_gradients([(tf.constant([3.0, -3.0]), w)])
    assert w.numpy().tolist() == [0.5, 1.5]
    assert optimizer.counts[0].numpy().tolist() == [1.0, 1.0]


@pytest.mark.slow
def test_an_eager_step_is_one_dispatch():
    weights = [tf.Variable(np.ones(s, np.float32)) for s in ((10, 10), (10,), (10, 2), (2,))]
    gradients = [tf.constant(np.ones(v.shape, np.float32)) for v in weights]
    optimizer = O.SGD(0.01)
    best = np.inf
    for _ in range(30):
        began = time.perf_counter()
        for _ in range(100):
            optimizer.apply_gradients(zip(gradients, weights, strict=True))
        best = min(best, (time.perf_counter() - began) / 100)
    # About 35 us when the machine is quiet; one dispatch for each op would take more than 500.
    assert best < 250e-6
