"""`LossScaleOptimizer`, `MultiOptimizer` and `OptimizerMap`."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from tests.keras.golden.optimizers import WRAPPED, OptimizerRow
from tests.keras.golden.values import check, each, orphans

O = tf.keras.optimizers  # noqa: E741 short for a table


@each("optimizer wrappers")
def test_steps_are_those_of_keras(row: OptimizerRow) -> None:
    check("optimizer wrappers", row)


def test_every_recorded_row_has_its_case():
    assert orphans("optimizer wrappers") == set()


@pytest.mark.parametrize("name", ["adam", "accumulating", "map"])
def test_config_makes_an_equal_optimizer(name):
    optimizer = WRAPPED[name](tf)
    again = O.deserialize(O.serialize(optimizer))
    assert type(again) is type(optimizer)
    assert again.get_config() == optimizer.get_config()


def model_of(optimizer, **options):
    dense = tf.keras.layers.Dense(1, kernel_initializer="ones", dtype="mixed_float16")
    model = tf.keras.Sequential([tf.keras.Input((2,)), dense])
    model.compile(optimizer, "mse", **options)
    return model


def test_half_precision_trains_and_leaves_out_what_is_not_finite():
    x, y = np.ones((8, 2), np.float32), np.zeros((8, 1), np.float32)
    model = model_of(O.LossScaleOptimizer(O.SGD(0.01), 256.0, dynamic_growth_steps=2))
    optimizer = model.optimizer
    model.fit(x, y, batch_size=4, epochs=1, verbose=0)
    assert (int(optimizer.iterations), float(optimizer.dynamic_scale)) == (2, 512.0)
    before = [w.copy() for w in model.get_weights()]
    model.fit(x * 1e4, y, batch_size=8, epochs=1, verbose=0)
    assert (int(optimizer.iterations), float(optimizer.dynamic_scale)) == (2, 256.0)
    for one, two in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    # Half-precision kernels step like single-precision ones.
    single = tf.keras.Sequential([tf.keras.layers.Dense(1, kernel_initializer="ones")])
    single.compile(O.SGD(0.01), "mse")
    single.fit(x, y, batch_size=4, epochs=1, verbose=0)
    np.testing.assert_allclose(before[0], single.get_weights()[0], rtol=2e-3)


def test_compile_wraps_optimizers_of_half_precision():
    policy = tf.keras.config.dtype_policy()
    tf.keras.config.set_dtype_policy("mixed_float16")
    try:
        wrapped = model_of("sgd").optimizer
        assert isinstance(wrapped, O.LossScaleOptimizer)
        assert isinstance(wrapped.inner_optimizer, O.SGD)
        assert model_of(wrapped).optimizer is wrapped
        assert type(model_of("sgd", auto_scale_loss=False).optimizer) is O.SGD
    finally:
        tf.keras.config.set_dtype_policy(policy)
    assert type(model_of("sgd").optimizer) is O.SGD


def test_the_scale_is_exact_for_half_precision_weights():
    w = tf.keras.Variable(1.0, dtype="float16")
    optimizer = O.LossScaleOptimizer(O.SGD(0.5), initial_scale=2.0**17)
    optimizer.apply([tf.constant(2.0**15, "float16")], [w])
    assert float(w) == 0.875


def test_the_inner_optimizer_speaks():
    inner = O.SGD(0.5, loss_scale_factor=4.0, use_ema=True)
    optimizer = O.LossScaleOptimizer(inner)
    assert inner.loss_scale_factor is None
    optimizer.learning_rate = 0.25
    assert float(inner.learning_rate) == 0.25
    assert float(optimizer.learning_rate) == 0.25
    w = tf.keras.Variable(1.0)
    optimizer.build([w])
    assert optimizer.averages()[0][0] is w
    optimizer.exclude_from_weight_decay([w])
    assert inner._undecayed == {id(w)}


def test_older_configs_hold_defaults():
    config = O.LossScaleOptimizer(O.SGD()).get_config()
    config |= {"weight_decay": None, "use_ema": False, "ema_momentum": 0.99}
    assert isinstance(O.LossScaleOptimizer.from_config(config), O.LossScaleOptimizer)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: O.LossScaleOptimizer("adam"), "expected an Optimizer as inner_optimizer"),
        (lambda: O.LossScaleOptimizer(O.SGD(), clipnorm=1.0), "expected no clipnorm, got 1.0"),
        (lambda: O.LossScaleOptimizer(O.SGD(), dynamic=False), "expected no dynamic=False"),
        (lambda: O.LossScaleOptimizer(O.SGD(), growth=2), "unknown argument 'growth'"),
        (lambda: O.MultiOptimizer(O.SGD()), "expected an OptimizerMap, or a function"),
        (lambda: O.OptimizerMap("adam"), "expected an Optimizer as default_optimizer"),
        (lambda: O.OptimizerMap(O.SGD(), [1]), "expected a dict as optimizer_map"),
        (lambda: O.OptimizerMap(O.SGD(), {"a": "adam"}), "expected an Optimizer for 'a'"),
        (lambda: O.OptimizerMap(O.SGD(), {1: O.SGD()}), "expected a str as key, got 1"),
    ],
)
def test_bad_settings(make, message):
    with pytest.raises((ValueError, TypeError), match=message):
        make()


def test_a_map_matches_whole_paths():
    adam, lion = O.Adam(), O.Lion()
    found = O.OptimizerMap(O.SGD(), {"encoder/.*": adam})
    found["encoder/kernel"] = lion
    assert found["encoder/bias"] is adam
    assert found["encoder/kernel"] is lion
    assert found["my/encoder/bias"] is found.default_optimizer
    assert (len(found), list(found)) == (2, ["encoder/.*", "encoder/kernel"])
    assert "encoder/bias" not in found
    found[".*bias"] = lion
    with pytest.raises(ValueError, match="expected one optimizer for 'encoder/bias'"):
        found["encoder/bias"]
    with pytest.raises(ValueError, match="expected a new key, got '.*bias' again"):
        found[".*bias"] = lion
    del found[".*bias"]
    assert found["encoder/bias"] is adam


def test_several_optimizers_have_no_learning_rate():
    optimizer = O.MultiOptimizer(O.OptimizerMap(O.SGD()))
    assert not hasattr(optimizer, "learning_rate")
    with pytest.raises(AttributeError, match=r"set on one of optimizer\.optimizers"):
        optimizer.learning_rate = 0.1


def test_a_function_must_choose_optimizers():
    with pytest.raises(ValueError, match="expected an Optimizer for 'w', got 'adam'"):
        O.MultiOptimizer(lambda v: "adam").build([tf.keras.Variable(1.0, name="w")])


def test_several_optimizers_share_settings():
    one, two = tf.keras.Variable(1.0, name="one"), tf.keras.Variable(1.0, name="two")
    inner = O.SGD(0.5, weight_decay=1.0, use_ema=True)
    optimizer = O.MultiOptimizer(O.OptimizerMap(O.SGD(0.5), {"one": inner}))
    optimizer.exclude_from_weight_decay([one])
    optimizer.loss_scale_factor = 4.0
    optimizer.apply([tf.constant(4.0), tf.constant(4.0)], [one, two])
    assert (float(one), float(two), inner.loss_scale_factor) == (0.5, 0.5, 4.0)
    assert optimizer.use_ema
    assert [w is one for w, _ in optimizer.averages()] == [True]


def test_several_optimizers_in_a_scaled_one():
    one, two = tf.keras.Variable(1.0, name="one"), tf.keras.Variable(1.0, name="two")
    both = O.MultiOptimizer(O.OptimizerMap(O.SGD(0.5), {"one": O.Adam(0.5)}))
    optimizer = O.LossScaleOptimizer(both, initial_scale=2.0)
    for value in (2.0, np.inf, 1.0):
        optimizer.apply([tf.constant(value), tf.constant(2.0)], [one, two])
    np.testing.assert_allclose([float(one), float(two)], [0.0, -0.5], atol=1e-4)
    assert int(optimizer.iterations) == 2


def test_a_model_is_trained_by_several():
    x, y = np.ones((8, 2), np.float32), np.zeros((8, 1), np.float32)
    model = tf.keras.Sequential(
        [tf.keras.layers.Dense(2, name="body"), tf.keras.layers.Dense(1, name="head")]
    )
    still = O.OptimizerMap(O.SGD(0.0), {".*head/.*": O.SGD(0.1)})
    model.compile(O.MultiOptimizer(still), "mse")
    model.build((None, 2))
    before = model.get_weights()
    model.fit(x, y, epochs=1, verbose=0)
    after = model.get_weights()
    moved = [not np.array_equal(a, b) for a, b in zip(before, after, strict=True)]
    assert moved == [False, False, True, True]
