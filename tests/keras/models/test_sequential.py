"""Sequential: built late or at once, grown and shrunk, summarised."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers


def test_a_model_is_built_by_its_first_call():
    model = keras.Sequential([layers.Dense(2), layers.Dense(1)])
    assert not model.built
    assert model.weights == []
    assert model(tf.ones((4, 3))).shape == (4, 1)
    assert model.built
    assert [w.path for w in model.weights] == [
        f"{model.name}/{layer.name}/{kind}" for layer in model.layers for kind in ("kernel", "bias")
    ]


@pytest.mark.parametrize(
    "model",
    [
        keras.Sequential([keras.Input((3,)), layers.Dense(2)]),
        keras.Sequential([layers.Dense(2, input_shape=(3,))]),
        keras.Sequential([layers.Dense(2, input_dim=3)]),
        keras.Sequential([layers.InputLayer((3,)), layers.Dense(2)]),
    ],
    ids=["Input", "input_shape", "input_dim", "InputLayer"],
)
def test_a_model_of_known_inputs_is_built_at_once(model):
    assert model.built
    assert model.input_shape == (None, 3)
    assert model.output_shape == (None, 2)
    assert len(model.layers) == 1
    assert model.count_params() == 8


def test_add_and_pop():
    model = keras.Sequential()
    model.add(keras.Input((3,)))
    model.add(layers.Dense(4))
    model.add(layers.Dense(2))
    assert model.output_shape == (None, 2)
    assert model.pop().units == 2
    assert model.output_shape == (None, 4)
    assert len(model.layers) == 1


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda m: m.add(3), TypeError, "expected a layer, got int 3"),
        (lambda m: m.add(keras.Input((3,))), ValueError, "expected Input as the first layer"),
        (lambda m: m.add(layers.Dense(1, name="one")), ValueError, "'one' twice"),
        (lambda m: keras.Sequential().pop(), ValueError, "expected at least one layer"),
        (lambda m: m.get_layer("two"), ValueError, "no layer is called 'two'"),
        (lambda m: m.get_layer(), ValueError, "expected a name or an index"),
        (lambda m: m.input_shape, AttributeError, "expected a built model"),
    ],
    ids=[
        "no layer",
        "late input",
        "same name",
        "empty pop",
        "no such layer",
        "no argument",
        "unbuilt",
    ],
)
def test_misuse_is_refused(act, error, message):
    model = keras.Sequential([layers.Dense(1, name="one")])
    with pytest.raises(error, match=message):
        act(model)


def test_summary_lists_layers_and_counts(capsys):
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(2, name="hidden"), layers.Dense(1, name="out")]
    )
    model.summary()
    text = capsys.readouterr().out
    assert f'Model: "{model.name}"' in text
    assert "hidden (Dense)" in text
    assert "(None, 2)" in text
    assert " Total params: 11 (44.00 B)" in text
    assert " Trainable params: 11 (44.00 B)" in text


def test_summary_of_an_unbuilt_model(capsys):
    keras.Sequential([layers.Dense(2)]).summary()
    assert "0 (unbuilt)" in capsys.readouterr().out


def test_training_reaches_the_layers():
    model = keras.Sequential([layers.Dropout(0.5, seed=1)])
    x = tf.ones((4, 100))
    np.testing.assert_array_equal(model(x).numpy(), x.numpy())
    assert 0.3 < np.mean(model(x, training=True).numpy() == 0) < 0.7


def test_a_model_learns_real_digits():
    (x, y), (x_test, y_test) = keras.datasets.mnist.load_data(sample=True)
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=3, batch_size=128, verbose=0)
    assert model.evaluate(x_test, y_test, verbose=0)[1] > 0.9


def test_a_convnet_learns_real_digits():
    (x, y), (x_test, y_test) = keras.datasets.mnist.load_data(sample=True)
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x[:3000, ..., None], y[:3000], epochs=3, batch_size=64, verbose=0)
    assert model.evaluate(x_test[..., None], y_test, verbose=0)[1] > 0.85
