"""What a convnet sees: the filters that it learns, and how a digit looks after each layer.

The first layer learns strokes and edges in all directions. Its activations still resemble the digit; deeper
ones say what is in the image rather than where. The baseline is a linear model on the pixels.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
SAMPLES, EPOCHS = (128, 1) if SMOKE else (6000, 5)
SHOWN = 10


def load_digits():
    """Images (samples, 28, 28, 1) from 0 to 1 and labels, to train and to test."""
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data(sample=True)
    x_train, x_test = (x[..., np.newaxis].astype("float32") / 255 for x in (x_train, x_test))
    return (x_train[:SAMPLES], y_train[:SAMPLES]), (x_test[:SAMPLES], y_test[:SAMPLES])


def build_model():
    """Image to ten probabilities."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 7, padding="same", activation="relu", name="first"),
            layers.MaxPooling2D(2),
            layers.Conv2D(24, 3, activation="relu", name="second"),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 3, activation="relu", name="third"),
            layers.Flatten(),
            layers.Dropout(0.4),
            layers.Dense(10, activation="softmax"),
        ]
    )


def train(model):
    """Accuracy on the test digits, once the model has learned."""
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_train, y_train, batch_size=64, epochs=EPOCHS, verbose=2)
    return model.evaluate(x_test, y_test, verbose=0)[1]


def draw(filters, names, activations):
    """Filters in the first row (blue adds, red takes away), activations in the rows below."""
    figure, axes = plt.subplots(1 + len(names), SHOWN, figsize=(8, 3.7), layout="constrained")
    strength = abs(filters).max()
    for axis, values in zip(axes[0], np.moveaxis(filters, -1, 0), strict=False):
        axis.imshow(values, cmap="RdBu", vmin=-strength, vmax=strength)
    for row, values in zip(axes[1:], activations, strict=True):
        # The channels that are most active tell most.
        order = values.mean((0, 1)).argsort()[::-1]
        for axis, channel in zip(row, order, strict=False):
            axis.imshow(values[..., channel], cmap="magma")
    for axis, name in zip(axes[:, 0], ["filters", *names], strict=True):
        axis.set_ylabel(name)
    for axis in axes.flat:
        axis.set(xticks=[], yticks=[])
    figure.savefig("filters.png", dpi=100)


keras.utils.set_random_seed(0)
(x_train, y_train), (x_test, y_test) = load_digits()
model = build_model()
model.summary()
accuracy = train(model)
linear = train(keras.Sequential([layers.Flatten(), layers.Dense(10, activation="softmax")]))

names = ["first", "second", "third"]
inside = keras.Model(model.inputs, [model.get_layer(name).output for name in names])
digit = x_test[np.flatnonzero(y_test == 4)[:1]]
filters, _ = model.get_layer("first").get_weights()
draw(filters[:, :, 0], names, [values[0] for values in inside.predict(digit, verbose=0)])
print(f"result: test accuracy {accuracy:.3f} > baseline {linear:.3f}")
