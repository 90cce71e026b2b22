"""`compile`: which names metrics have in logs, and what works without it."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
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
