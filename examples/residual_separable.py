"""Deep convnets: a plain stack of convolutions, one with residual paths, and one of separable convolutions.

The plain stack learns late, for the gradient fades on its way back; residual paths and normalization let it
through. Separable convolutions (each channel by itself, then a mix of channels) do as well with a fraction of
the weights. The baseline is the plain stack.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
SAMPLES, EPOCHS, DEPTH, WIDTH = (128, 1, 2, 8) if SMOKE else (4000, 6, 12, 24)


def load_digits():
    """Images (samples, 28, 28, 1) from 0 to 1 and labels, to train and to test."""
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data(sample=True)
    x_train, x_test = (x[..., np.newaxis].astype("float32") / 255 for x in (x_train, x_test))
    return (x_train[:SAMPLES], y_train[:SAMPLES]), (x_test[:SAMPLES], y_test[:SAMPLES])


def plain_block(x):
    """A convolution after the one before."""
    return layers.Conv2D(WIDTH, 3, padding="same", activation="relu")(x)


def residual_block(x):
    """What a convolution adds to its input."""
    change = layers.BatchNormalization(momentum=0.9)(x)
    change = layers.Activation("relu")(change)
    change = layers.Conv2D(WIDTH, 3, padding="same", use_bias=False)(change)
    return layers.add([x, change])


def separable_block(x):
    """What a separable convolution adds to its input."""
    change = layers.BatchNormalization(momentum=0.9)(x)
    change = layers.Activation("relu")(change)
    change = layers.SeparableConv2D(WIDTH, 3, padding="same", use_bias=False)(change)
    return layers.add([x, change])


def build_model(block, name):
    """Image to ten probabilities, through many blocks of one kind."""
    image = keras.Input((28, 28, 1))
    x = layers.Conv2D(WIDTH, 5, strides=4, padding="same")(image)
    for _ in range(DEPTH):
        x = block(x)
    x = layers.GlobalAveragePooling2D()(x)
    model = keras.Model(image, layers.Dense(10, activation="softmax")(x), name=name)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def draw(histories, models):
    """Accuracy on the test digits by epoch, and how many weights it took."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained", width_ratios=(2, 1))
    colors = ("tab:gray", "tab:blue", "tab:green")
    for color, model, history in zip(colors, models, histories, strict=True):
        accuracy = history.history["val_accuracy"]
        left.plot(range(1, len(accuracy) + 1), accuracy, "o-", color=color, label=model.name)
        right.barh(model.name, model.count_params(), color=color)
    left.set(xlabel="epoch", ylabel="test accuracy", xticks=range(1, EPOCHS + 1))
    left.legend()
    right.set(xlabel="weights")
    right.invert_yaxis()
    figure.savefig("residual_separable.png", dpi=100)


(x_train, y_train), (x_test, y_test) = load_digits()
models, histories = [], []
for block, name in ((plain_block, "plain"), (residual_block, "residual"), (separable_block, "separable")):
    keras.utils.set_random_seed(0)
    models.append(build_model(block, name))
    print(f"{name}: {models[-1].count_params():,} weights")
    histories.append(
        models[-1].fit(x_train, y_train, 64, EPOCHS, verbose=2, validation_data=(x_test, y_test))
    )
draw(histories, models)
plain, residual, separable = (history.history["val_accuracy"][-1] for history in histories)
print(f"plain {plain:.3f}, residual {residual:.3f}, separable {separable:.3f}")
print(f"result: test accuracy of the separable network {separable:.3f} > baseline {plain:.3f}")
