"""Models with strings: a part on the host, one compiled part, a part on the host."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.opdef import op

keras = tf.keras
TEXT = np.array(["ab", "c", "def", "g"] * 10)
NUMBERS = np.ones((40, 2), np.float32)


@op("test_count_letters", on_host=True)
def count_letters(text):
    return np.array([len(v) for v in text.reshape(-1)], np.float32).reshape(text.shape)


@op("test_spell", on_host=True)
def spell(numbers):
    out = np.empty(numbers.shape, object)
    out.reshape(-1)[:] = [f"{v:.0f}".encode() for v in numbers.reshape(-1)]
    return out


@op("test_code_points", on_host=True)
def code_points(text):
    longest = max(map(len, text.reshape(-1)))
    return np.array([[*v, *[0] * (longest - len(v))] for v in text], np.float32)


def reader():
    """Model of a text and two numbers."""
    text, numbers = keras.Input((), dtype="string"), keras.Input((2,))
    letters = keras.layers.Reshape((1,))(count_letters(text))
    joined = keras.layers.Concatenate()([letters, numbers])
    model = keras.Model([text, numbers], keras.layers.Dense(1, kernel_initializer="ones")(joined))
    model.compile(keras.optimizers.SGD(0.01), "mse")
    return model


EXPECTED = np.array([len(t) + 2.0 for t in TEXT], np.float32)[:, None]


@pytest.mark.parametrize("batch_size", [None, 16, 64])
@pytest.mark.parametrize(
    "text", [TEXT, TEXT.astype(object), tf.constant(TEXT)], ids=["unicode", "object", "tensor"]
)
def test_predict_takes_strings(text, batch_size):
    found = reader().predict([text, NUMBERS], batch_size=batch_size, verbose=0)
    np.testing.assert_allclose(found, EXPECTED)


@pytest.mark.parametrize("run_eagerly", [False, True], ids=["compiled", "eager"])
def test_training_on_strings_is_training_on_what_comes_of_them(run_eagerly):
    model = reader()
    model.compile(keras.optimizers.SGD(0.01), "mse", run_eagerly=run_eagerly)
    letters = np.array([[len(t)] for t in TEXT], np.float32)
    plain = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, kernel_initializer="ones")])
    plain.compile(keras.optimizers.SGD(0.01), "mse")
    targets = NUMBERS[:, :1]
    ours = model.fit([TEXT, NUMBERS], targets, batch_size=8, epochs=2, shuffle=False, verbose=0)
    theirs = plain.fit(
        np.concatenate([letters, NUMBERS], 1),
        targets,
        batch_size=8,
        epochs=2,
        shuffle=False,
        verbose=0,
    )
    np.testing.assert_allclose(ours.history["loss"], theirs.history["loss"], rtol=1e-6)
    evaluated = model.evaluate([TEXT, NUMBERS], targets, verbose=0)
    np.testing.assert_allclose(
        evaluated,
        plain.evaluate(np.concatenate([letters, NUMBERS], 1), targets, verbose=0),
        rtol=1e-6,
    )


def test_batches_of_a_data_set_may_hold_strings():
    model = reader()
    rows = tf.data.Dataset.from_tensor_slices(((TEXT, NUMBERS), NUMBERS[:, :1]))
    history = model.fit(rows.shuffle(40, seed=1).batch(8), epochs=3, verbose=0).history["loss"]
    assert history[-1] < history[0]
    np.testing.assert_array_equal(
        model.predict(rows.map(lambda x, y: (x,)).batch(16), verbose=0),
        model.predict([TEXT, NUMBERS], verbose=0),
    )


@pytest.mark.parametrize("count", [3, 40])
def test_predict_gives_strings(count):
    numbers = keras.Input((1,))
    model = keras.Model(numbers, spell(keras.layers.Dense(1, kernel_initializer="ones")(numbers)))
    found = model.predict(np.arange(count, dtype=np.float32)[:, None], verbose=0)
    assert found[:, 0].tolist() == [str(i).encode() for i in range(count)]


def test_batches_of_other_lengths_have_their_own_programs():
    text = keras.Input((), dtype="string")
    model = keras.Model(text, tf.reduce_sum(code_points(text), -1))
    words = ["a", "b", "abc", "c", "d", "ab"]
    found = model.predict(np.array(words), batch_size=2, verbose=0)
    assert found.tolist() == [sum(map(ord, w)) for w in words]


def test_rows_of_unequal_length_are_refused():
    rows = np.empty(2, object)
    rows[:] = [[1, 2], [3]]
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"\[predict\] expected arrays of numbers or strings"
    ):
        reader().predict([rows, NUMBERS[:2]], verbose=0)
