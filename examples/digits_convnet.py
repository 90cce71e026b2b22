"""Digits with a convnet: two convolutions and poolings tell handwritten digits apart.

The picture shows test digits with what the network reads in them; wrong answers are red.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
EPOCHS = 1 if SMOKE else 6


def load_digits():
    """Images (samples, 28, 28, 1) from 0 to 1 and labels, to train and to test."""
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data(sample=True)
    if SMOKE:
        x_train, y_train, x_test, y_test = x_train[:256], y_train[:256], x_test[:64], y_test[:64]
    x_train, x_test = (x[..., np.newaxis].astype("float32") / 255 for x in (x_train, x_test))
    return (x_train, y_train), (x_test, y_test)


def build_model():
    """Image to ten probabilities."""
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def draw(images, labels, probabilities):
    """Test digits with the answers."""
    figure, axes = plt.subplots(3, 8, figsize=(8, 3.6), layout="constrained")
    for axis, image, label, row in zip(axes.flat, images, labels, probabilities, strict=False):
        answer = row.argmax()
        axis.imshow(image[..., 0], cmap="gray_r")
        axis.set_title(f"{answer} ({row[answer]:.0%})", size=8, color="k" if answer == label else "r")
        axis.axis("off")
    figure.savefig("digits_convnet.png", dpi=100)


keras.utils.set_random_seed(0)
(x_train, y_train), (x_test, y_test) = load_digits()
model = build_model()
model.summary()
model.fit(x_train, y_train, epochs=EPOCHS, batch_size=64, validation_split=0.1)
_, accuracy = model.evaluate(x_test, y_test, verbose=0)
draw(x_test, y_test, model.predict(x_test[:24], verbose=0))
most_frequent = np.bincount(y_train).argmax()
print(f"result: test accuracy {accuracy:.3f} > baseline {np.mean(y_test == most_frequent):.3f}")
