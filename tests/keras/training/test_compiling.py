"""`compile`: which names metrics have in logs, and what works without it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import thalweg as tf
from tests.keras.training.compile_cases import CASES, evaluated, written
from thalweg import keras

X, Y = np.ones((4, 2), "float32"), np.zeros((4, 1), "float32")


def model():
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])


class Height:
    def __call__(self, y_true, y_pred):
        return tf.reduce_mean(y_pred)


def MeanOutput(y_true, y_pred):
    return tf.reduce_mean(y_pred)


@pytest.mark.parametrize(
    ("metrics", "weighted", "names"),
    [
        (["mae", "MAE", "mean_absolute_error"], None, ["mae", "MAE", "mean_absolute_error"]),
        (["mae", "mae", "mae"], None, ["mae", "mae_1", "mae_2"]),
        (["mae"], ["mae", "mae"], ["mae", "weighted_mae", "weighted_mae_1"]),
        (["mae"], ["mse"], ["mae", "mse"]),
        (
            [keras.metrics.MeanAbsoluteError(), keras.metrics.MeanAbsoluteError()],
            None,
            ["mean_absolute_error", "mean_absolute_error_1"],
        ),
        ([lambda y, p: p, MeanOutput, Height()], None, ["lambda", "mean_output", "height"]),
        ([keras.losses.MeanSquaredError()], None, ["mean_squared_error"]),
    ],
)
def test_names_are_those_of_keras(metrics, weighted, names):
    compiled = model()
    compiled.compile("sgd", "mse", metrics=metrics, weighted_metrics=weighted)
    history = compiled.fit(X, Y, sample_weight=np.ones(4), verbose=0).history
    assert sorted(history) == sorted(["loss", *names])
    assert len(compiled.evaluate(X, Y, verbose=0)) == 1 + len(names)


def test_predict_needs_no_compile():
    assert model().predict(X, verbose=0).tolist() == [[2.0]] * 4


@pytest.mark.parametrize("error", [RuntimeError, ValueError])
def test_fit_needs_it(error):
    with pytest.raises(error, match="You must call `compile"):
        model().fit(X, Y, verbose=0)


def test_a_loss_is_one_number():
    compiled = model()
    compiled.compile("sgd", keras.losses.MeanSquaredError(reduction="none"))
    with pytest.raises(ValueError, match=r"a loss of one number, got shape \(4,\); use another"):
        compiled.fit(X, Y, verbose=0)


def two_outputs():
    inputs = keras.Input((2,))
    outputs = [keras.layers.Dense(1, name=name)(inputs) for name in ("first", "second")]
    return keras.Model(inputs, outputs)


def test_weighted_names_of_several_outputs():
    both = two_outputs()
    both.compile("sgd", "mse", metrics=[["mae"], []], weighted_metrics=[["mae"], ["mae"]])
    history = both.fit(X, [Y, Y], verbose=0, validation_data=(X, [Y, Y])).history
    own = ["first_loss", "first_mae", "first_weighted_mae", "loss", "second_loss", "second_mae"]
    assert list(history) == [*own, *(f"val_{name}" for name in own)]


@pytest.mark.parametrize("loss", [["mse", None], {"first": "mse"}])
def test_one_loss_of_two_outputs_is_the_loss(loss):
    both = two_outputs()
    both.compile("sgd", loss)
    assert list(both.fit(X, [Y, Y], verbose=0).history) == ["loss"]
    assert isinstance(both.evaluate(X, [Y, Y], verbose=0), float)


def test_logs_are_in_alphabetical_order():
    compiled = model()
    compiled.compile("sgd", "mse", metrics=["mae"], weighted_metrics=["mae"])
    history = compiled.fit(X, Y, verbose=0, validation_data=(X, Y)).history
    assert list(history) == ["loss", "mae", "val_loss", "val_mae", "val_weighted_mae", "weighted_mae"]


@pytest.mark.parametrize("name", CASES)
def test_evaluate_lists_and_names_values_as_keras(name):
    listed, named = evaluated(keras, name)
    wanted = json.loads(Path(__file__).with_name("compile_cases.json").read_text())["cases"][name]
    assert list(named) == list(wanted["dict"])
    np.testing.assert_allclose(list(named.values()), list(wanted["dict"].values()), rtol=1e-5)
    if name != "written, tuple":  # where Keras lists some values twice
        np.testing.assert_allclose(listed, wanted["list"], rtol=1e-5)


def test_every_value_has_a_name_where_those_of_the_outputs_are_unknown():
    listed, named = evaluated(keras, "written, tuple")
    names = ["loss", "msle", "mae", "mse", "weighted_mae", "mse_loss", "mae_loss"]
    assert listed == [named[name] for name in names]
    twins = written(keras, lambda a, b, c: (a, b))
    twins.compile("sgd", "mse", metrics=[["mae"], ["mae"]])
    twins.evaluate(X, (Y, Y), verbose=0)
    assert twins.metrics_names == ["loss", "mae", "mae_1", "mse_loss", "mse_loss_1"]


def test_a_list_of_targets_for_a_dict_of_outputs_is_refused():
    inputs = keras.Input((2,))
    both = keras.Model(inputs, {name: keras.layers.Dense(1)(inputs) for name in "ba"})
    both.compile("sgd", "mse")
    with pytest.raises(ValueError, match=r"each of the outputs \['a', 'b'\], got list of 2; pass a dict by"):
        both.evaluate(X, [Y, Y], verbose=0)
