"""Whole programs as they were written for TensorFlow and Keras of several years."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

import pytest

from thalweg.compat import install, uninstall


@pytest.fixture(autouse=True)
def names() -> Iterator[None]:
    install()
    yield
    uninstall()


def run(program: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(textwrap.dedent(program), space)
    return space


def test_keras_before_it_was_part_of_tensorflow() -> None:
    found = run("""
        import numpy as np
        from keras.models import Sequential
        from keras.layers.core import Dense, Dropout, Activation, Flatten
        from keras.layers.convolutional import Conv2D, MaxPooling2D
        from keras.layers.normalization import BatchNormalization
        from keras.layers.advanced_activations import LeakyReLU
        from keras.optimizers import SGD
        from keras.utils import np_utils
        from keras.preprocessing.image import ImageDataGenerator
        from keras.callbacks import LearningRateScheduler
        from keras import backend as K

        np.random.seed(1)
        y = np.arange(16) % 2
        x = np.random.rand(16, 6, 6, 1).astype(K.floatx()) + y[:, None, None, None]
        Y = np_utils.to_categorical(y, 2)
        model = Sequential()
        model.add(Conv2D(4, (3, 3), padding="same", input_shape=(6, 6, 1)))
        model.add(LeakyReLU(alpha=0.1))
        model.add(BatchNormalization())
        model.add(MaxPooling2D(pool_size=(2, 2)))
        model.add(Flatten())
        model.add(Dropout(0.1))
        model.add(Dense(2))
        model.add(Activation("softmax"))
        sgd = SGD(lr=0.1, momentum=0.9, nesterov=True)
        model.compile(loss="categorical_crossentropy", optimizer=sgd, metrics=["accuracy"])
        flow = ImageDataGenerator(horizontal_flip=True).flow(x, Y, batch_size=8)
        history = model.fit(flow, steps_per_epoch=2, epochs=2, workers=2, verbose=0,
                            callbacks=[LearningRateScheduler(lambda epoch: 0.1 / (epoch + 1))])
        rate = float(K.get_value(model.optimizer.lr))
        score = model.evaluate(x, Y, verbose=0)
    """)
    assert found["rate"] == pytest.approx(0.05)
    assert sorted(found["history"].history) == ["accuracy", "learning_rate", "loss"]
    assert len(found["score"]) == 2


def test_texts_as_keras_2_read_them() -> None:
    found = run("""
        import tensorflow as tf
        from tensorflow.keras.preprocessing.text import Tokenizer
        from tensorflow.keras.preprocessing.sequence import pad_sequences
        from tensorflow.keras.layers import Embedding, LSTM, Dense, Bidirectional
        from tensorflow.keras.models import Sequential

        texts, labels = ["good film", "bad film", "good play", "bad play"], [1, 0, 1, 0]
        tokenizer = Tokenizer(num_words=10, oov_token="<OOV>")
        tokenizer.fit_on_texts(texts)
        x = pad_sequences(tokenizer.texts_to_sequences(texts), maxlen=3)
        model = Sequential([Embedding(10, 4, input_length=3), Bidirectional(LSTM(3))])
        model.add(Dense(1, activation="sigmoid"))
        model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
        model.fit(x, tf.constant(labels), epochs=1, verbose=0)
    """)
    assert found["model"].predict(found["x"], verbose=0).shape == (4, 1)


def test_a_loop_of_tapes_with_names_of_both_packages() -> None:
    found = run("""
        import tensorflow.compat.v2 as tf
        import tensorflow.keras.backend as K
        from tensorflow import keras
        from tensorflow.keras.layers.experimental import preprocessing

        normalization = preprocessing.Normalization()
        normalization.adapt(tf.constant([[1.0], [3.0]]))
        layer = keras.layers.Dense(1, kernel_initializer="zeros")
        optimizer = tf.optimizers.SGD(0.1)

        @tf.function
        def step(x, y):
            with tf.GradientTape() as tape:
                loss = K.mean(tf.losses.mean_squared_error(y, layer(normalization(x))))
            weights = layer.trainable_variables
            optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
            return loss

        losses = [float(step(tf.constant([[1.0], [3.0]]), tf.constant([[0.0], [2.0]]))) for _ in range(3)]
    """)
    assert found["losses"] == sorted(found["losses"], reverse=True)
    assert found["losses"][0] == 2.0
