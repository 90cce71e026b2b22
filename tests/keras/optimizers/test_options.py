"""Options that all optimizers share: ten steps as in Keras, configs, saved state."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from tests.keras.golden.optimizers import (
    OPTIONS,
    OWN,
    OptimizerRow,
    gradients,
    optimizer_of,
    weights,
)
from tests.keras.golden.values import check, each, orphans

O = tf.keras.optimizers  # noqa: E741 short for a table


@each("optimizer options")
def test_ten_steps_are_those_of_keras(row: OptimizerRow) -> None:
    check("optimizer options", row)


def test_every_recorded_row_has_its_case():
    assert orphans("optimizer options") == set()


def test_every_optimizer_is_a_row():
    around = {"LossScaleOptimizer", "MultiOptimizer", "Optimizer", "OptimizerMap"}
    assert {name for name in dir(O) if name[0].isupper()} - around == set(OWN)


@pytest.mark.parametrize("row", OPTIONS, ids=[row.id for row in OPTIONS])
def test_config_makes_an_equal_optimizer(row: OptimizerRow) -> None:
    optimizer = optimizer_of(tf, row)
    again = O.deserialize(O.serialize(optimizer))
    assert type(again) is type(optimizer)
    assert again.get_config() == optimizer.get_config()


@pytest.mark.parametrize("name", ["averages", "two", "three", "scheduled"])
def test_saved_state_goes_on_as_if_never_saved(name):
    row = OptimizerRow("Nadam", name)
    trained, copied = weights(tf), weights(tf)
    one, two = optimizer_of(tf, row), optimizer_of(tf, row)
    two.build(copied)
    for step in range(3):
        one.apply([tf.constant(g) for g in gradients(step)], trained)
    store: dict[str, np.ndarray] = {}
    one.save_own_variables(store)
    two.load_own_variables(store)
    for weight, copy in zip(trained, copied, strict=True):
        copy.assign(weight)
    for optimizer, mine in ((one, trained), (two, copied)):
        optimizer.apply([tf.constant(g) for g in gradients(3)], mine)
    for weight, copy in zip(trained, copied, strict=True):
        np.testing.assert_array_equal(weight.numpy(), copy.numpy())


@pytest.mark.parametrize("name", ["overwriting", "three"])
def test_a_pure_function_of_the_state(name):
    row = OptimizerRow("Adam", name)
    trained, untouched = weights(tf), weights(tf)
    one, two = optimizer_of(tf, row), optimizer_of(tf, row)
    one.build(trained)
    two.build(untouched)
    values = [v.numpy() for v in untouched]
    state = [v.numpy() for v in two.variables]
    step = tf.function(lambda s, g, w: two.stateless_apply(s, g, w))
    for count in range(3):
        grads = [tf.constant(g) for g in gradients(count)]
        one.apply(grads, trained)
        values, state = step(state, grads, values)
    for weight, value in zip([*trained, *one.variables], [*values, *state], strict=True):
        np.testing.assert_allclose(weight.numpy(), value.numpy(), rtol=1e-6, atol=1e-7)
    assert int(two.iterations) == 0


def test_slots_are_made_once():
    optimizer, w = O.Adam(), tf.keras.Variable(1.0)
    for _ in range(2):
        optimizer.build([w])
    assert len(optimizer.variables) == 4


def test_a_pure_function_needs_slots():
    with pytest.raises(
        ValueError, match=r"\[sgd\.stateless_apply\] expected values for the 0 weights"
    ):
        O.SGD(name="sgd").stateless_apply([0, 0.1], [1.0], [2.0])


def test_updates_are_counted_and_steps_are_scheduled():
    schedule = O.schedules.ExponentialDecay(1.0, 1, 0.5)
    optimizer, w = O.SGD(schedule, gradient_accumulation_steps=2), tf.keras.Variable(0.0)
    seen = []
    for _ in range(4):
        optimizer.apply([tf.constant(-1.0)], [w])
        seen.append((int(optimizer.iterations), float(optimizer.learning_rate), float(w)))
    assert seen == [(0, 0.5, 0.0), (1, 0.25, 0.5), (1, 0.125, 0.5), (2, 0.0625, 0.625)]


def test_averages_are_put_into_the_given_weights_only():
    one, two = tf.keras.Variable(1.0), tf.keras.Variable(1.0)
    optimizer = O.SGD(0.5, use_ema=True, ema_momentum=0.5)
    for _ in range(2):
        optimizer.apply([tf.constant(1.0), tf.constant(1.0)], [one, two])
    assert [
        (w is v, float(a)) for (w, a), v in zip(optimizer.averages(), (one, two), strict=True)
    ] == [
        (True, 0.25),
        (True, 0.25),
    ]
    optimizer.finalize_variable_values([two])
    assert (float(one), float(two)) == (0.0, 0.25)
    O.SGD().finalize_variable_values([one])
    assert float(one) == 0.0


@pytest.mark.parametrize("name", ["SGD", "ScheduleFreeAdamW"])
def test_slots_made_in_a_compiled_step_begin_with_the_weights_once(name):
    paths = []
    for wrap in (tf.function, lambda step: step):
        optimizer, w = getattr(O, name)(0.5, use_ema=True, ema_momentum=0.5), tf.keras.Variable(1.0)
        step = wrap(lambda optimizer=optimizer, w=w: optimizer.apply([w * 1.0], [w]))
        paths.append([])
        for _ in range(3):
            step()
            paths[-1].append([float(w), *(float(a) for _, a in optimizer.averages())])
    np.testing.assert_allclose(*paths, rtol=1e-6)


def test_averages_without_a_step_leave_the_weights_alone():
    w = tf.keras.Variable(3.0)
    optimizer = O.SGD(use_ema=True)
    optimizer.build([w])
    optimizer.finalize_variable_values([w])
    assert float(w) == 3.0


def test_a_weight_without_a_gradient_is_averaged_too():
    one, two = tf.keras.Variable(1.0), tf.keras.Variable(1.0)
    optimizer = O.SGD(0.5, use_ema=True)
    optimizer.apply([None, tf.constant(1.0)], [one, two])
    assert [float(average) for _, average in optimizer.averages()] == [1.0, 0.5]


@pytest.mark.parametrize(
    ("options", "expected", "slots"),
    [
        ({}, [3.0, 5.0, 4.0, 1.0], 1),
        ({"loss_scale_factor": 2.0, "weight_decay": 0.1}, [3.0, 5.0, 4.0, 1.0], 1),
        ({"use_ema": True, "ema_overwrite_frequency": 1}, [3.0, 5.0, 4.0, 1.0], 2),
        ({"gradient_accumulation_steps": 2}, [0.5, 5.0, 5.0, 4.0], 3),
    ],
)
def test_weights_that_are_overwritten_with_their_gradients(options, expected, slots):
    scale, w = tf.keras.Variable(0.5), tf.keras.Variable(1.0)
    scale.overwrite_with_gradient = True
    optimizer = O.SGD(0.1, momentum=0.9, **options)
    seen = []
    for value in (3.0, 5.0, 4.0, 1.0):
        optimizer.apply([tf.constant(value), tf.constant(1.0)], [scale, w])
        seen.append(float(scale))
    assert seen == expected
    assert len(optimizer.variables) == 2 + slots


@pytest.mark.parametrize("name", sorted(OWN))
def test_overwritten_weights_have_no_slots(name):
    scale, w = tf.keras.Variable(np.ones((2, 2), np.float32)), tf.keras.Variable([1.0])
    few, many = getattr(O, name)(), getattr(O, name)()
    many.build([scale, w])
    scale.overwrite_with_gradient = True
    few.build([scale, w])
    assert len(few.variables) < len(many.variables) or name == "SGD"


def test_a_new_schedule_takes_the_place_of_the_number():
    optimizer, w = O.SGD(1.0), tf.keras.Variable(0.0)
    optimizer.apply([tf.constant(-1.0)], [w])
    optimizer.learning_rate = O.schedules.ExponentialDecay(1.0, 1, 0.5)
    optimizer.apply([tf.constant(-1.0)], [w])
    assert float(w) == 1.5
    assert [v.name for v in optimizer.variables] == ["iteration"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: O.SGD(gradient_accumulation_steps=1),
            "expected gradient_accumulation_steps as a number",
        ),
        (
            lambda: O.Adam(use_ema=True, ema_momentum=1.1),
            r"expected ema_momentum in \[0, 1\], got 1.1",
        ),
        (
            lambda: O.Adam(use_ema=True, ema_overwrite_frequency=1.5),
            "ema_overwrite_frequency as a number",
        ),
        (lambda: O.SGD(learning_rat=0.1), "unknown argument 'learning_rat'. Did you mean 'learning_rate'"),
        (lambda: O.Adam(beta1=0.9), "unknown argument 'beta1'. Did you mean 'beta_1'"),
        (lambda: O.SGD("fast"), "expected learning_rate as a number"),
        (lambda: O.SGD().set_weights([1, 2]), "expected a built optimizer"),
        (lambda: O.SGD().add_variable((), layout="x"), "expected layout=None"),
        (
            lambda: O.SGD().add_optimizer_variables([], ["a", "b"], ["zeros"]),
            "expected an initializer for each of the 2 names",
        ),
        (lambda: O.SGD().apply([1.0]), r"build\(\) the optimizer"),
    ],
)
def test_bad_settings(make, message):
    with pytest.raises((ValueError, NotImplementedError), match=message):
        make()


def test_decay_is_warned_of():
    with pytest.warns(UserWarning, match=r"\[SGD\] decay=0.1 has no effect"):
        O.SGD(decay=0.1)


def test_weights_of_the_optimizer_can_be_set():
    optimizer = O.SGD(momentum=0.9)
    optimizer.build([tf.keras.Variable([1.0, 2.0])])
    optimizer.set_weights([7, 0.5, [3.0, 4.0]])
    assert [v.numpy().tolist() for v in optimizer.variables] == [7, 0.5, [3.0, 4.0]]
    with pytest.raises(ValueError, match=r"expected 3 arrays, got 2"):
        optimizer.set_weights([7, 0.5])
    with pytest.raises(ValueError, match=r"expected shape \(2,\) for"):
        optimizer.set_weights([7, 0.5, [3.0]])


def test_state_of_another_size_is_left_out():
    optimizer = O.SGD(0.5)
    with pytest.warns(UserWarning, match="expected 2 arrays, got 1"):
        optimizer.load_own_variables({"0": np.int64(3)})
    assert int(optimizer.iterations) == 0


def test_patterns_of_paths_are_not_decayed():
    layer = tf.keras.layers.Dense(1, name="head")
    layer.build((None, 2))
    optimizer = O.SGD(0.5, weight_decay=1.0)
    optimizer.exclude_from_weight_decay(var_names=["^head/b"])
    layer.kernel.assign(np.ones((2, 1), np.float32))
    layer.bias.assign([1.0])
    optimizer.apply([tf.zeros((2, 1)), tf.zeros((1,))], layer.weights)
    assert layer.kernel.numpy().tolist() == [[0.5], [0.5]]
    assert layer.bias.numpy().tolist() == [1.0]


def test_optimizers_of_keras_2_are_refused():
    with pytest.raises(ImportError, match=r"write keras\.optimizers\.Adam"):
        O.legacy.Adam(0.1)


def test_matrices_of_muon():
    muon = O.Muon(rms_rate=0.5)
    found = muon.zeropower_via_newtonschulz5(tf.reshape(tf.range(12.0), (2, 3, 2)) / 5, 5)
    np.testing.assert_allclose(
        found[0], [[-0.466738, 0.446017], [0.030365, 0.404577], [0.527469, 0.363137]], rtol=1e-4
    )
    assert muon.transpose_last_axis(found).shape == (2, 2, 3)
    assert float(muon.lr_adjust(tf.ones((4, 3)))[0, 0]) == 1.0
    with pytest.raises(ValueError, match=r"expected matrices, got shape \(4,\)"):
        muon.zeropower_via_newtonschulz5(tf.ones((4,)), 5)


def test_fit_ends_with_the_averages():
    x, y = np.ones((8, 2), np.float32), np.zeros((8, 1), np.float32)
    model = tf.keras.Sequential([tf.keras.layers.Dense(1, kernel_initializer="ones")])
    model.compile(O.SGD(0.01, use_ema=True, ema_momentum=0.5), "mse")
    model.fit(x, y, batch_size=4, epochs=2, verbose=0)
    # recorded from Keras 3.15
    np.testing.assert_allclose(model.get_weights()[0], [[0.88398033]] * 2, rtol=1e-6)
