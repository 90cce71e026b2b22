"""Keras models as scikit-learn's estimators; the checks that need the library run where it is installed."""

from __future__ import annotations

import numpy as np
import pytest

from thalweg import keras
from thalweg.keras.wrappers import SKLearnClassifier, SKLearnRegressor, SKLearnTransformer

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 4)).astype("float32")


def classifier(X, y, units=8):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((X.shape[1],)),
            keras.layers.Dense(units, activation="relu"),
            keras.layers.Dense(y.shape[1], activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.05), "categorical_crossentropy")
    return model


def test_labels_of_any_kind():
    labels = np.where(X[:, 0] > 0, "warm", "cold")
    estimator = SKLearnClassifier(classifier, fit_kwargs={"epochs": 20})
    assert estimator.fit(X, labels) is estimator
    assert estimator.score(X, labels) > 0.9
    assert set(estimator.predict(X)) == {"warm", "cold"}
    assert estimator.decision_function(X).shape == (60, 2)
    assert estimator.epoch_ == 20
    assert estimator.set_params(units=3).get_params()["model_kwargs"] == {"units": 3}


def regressor():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    return model


def test_a_compiled_model_is_cloned_for_each_fit():
    model = regressor()
    before = model.get_weights()[0]
    targets = X @ np.array([1.0, -2.0, 0.5, 0.0])
    estimator = SKLearnRegressor(model, fit_kwargs={"epochs": 30})
    assert estimator.fit(X, targets).score(X, targets) > 0.95
    assert estimator.predict(X).shape == (60,)
    np.testing.assert_array_equal(before, model.get_weights()[0])
    warm = SKLearnRegressor(model, warm_start=True)
    warm.fit(X, targets)
    first = warm.model_
    assert warm.fit(X, targets).model_ is first
    assert warm.epoch_ == 2


def test_a_transformer_gives_new_features():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4)])
    model.compile("sgd", "mse")
    assert SKLearnTransformer(model).fit_transform(X).shape == (60, 4)


def test_refusals():
    with pytest.raises(ValueError, match="expected a fitted estimator"):
        SKLearnRegressor(regressor()).predict(X)
    with pytest.raises(ValueError, match="expected a compiled model"):
        SKLearnRegressor(keras.Sequential([keras.layers.Dense(1)])).fit(X, X[:, 0])


def test_in_a_pipeline_with_cross_validation():
    model_selection = pytest.importorskip("sklearn.model_selection")
    pipeline = pytest.importorskip("sklearn.pipeline")
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    steps = pipeline.make_pipeline(
        preprocessing.StandardScaler(), SKLearnRegressor(regressor(), fit_kwargs={"epochs": 30})
    )
    scores = model_selection.cross_val_score(steps, X, X[:, 1] * 2.0, cv=3)
    assert scores.min() > 0.8
