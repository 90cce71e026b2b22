"""Same digit or not: twin networks with shared weights place images of one digit together and others apart.

The contrastive loss pulls pairs of the same digit together, and pushes others apart until they are a margin
away. A new pair is called the same where its distance is below half the margin. The picture shows where the
network places test digits in the plane. The baseline compares the pixels, at the best threshold.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
SAMPLES, EPOCHS = (128, 1) if SMOKE else (6000, 8)
MARGIN = 1.0


def load_digits():
    """Images (samples, 28, 28, 1) from 0 to 1 and labels, to train and to test."""
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data(sample=True)
    x_train, x_test = (x[..., np.newaxis].astype("float32") / 255 for x in (x_train, x_test))
    return (x_train[:SAMPLES], y_train[:SAMPLES]), (x_test[:SAMPLES], y_test[:SAMPLES])


def make_pairs(labels, random):
    """For each image two partners, of the same digit and of another, and whether they are the same."""
    of_digit = [np.flatnonzero(labels == digit) for digit in range(10)]
    others = (labels + random.integers(1, 10, len(labels))) % 10
    same = [random.choice(of_digit[digit]) for digit in labels]
    different = [random.choice(of_digit[digit]) for digit in others]
    first = np.tile(np.arange(len(labels)), 2)
    return first, np.array(same + different), np.repeat(np.float32([[1], [0]]), len(labels), axis=0)


def contrastive_loss(same, distance):
    """Squared distance of the same digits, squared lack of distance of others."""
    lack = keras.ops.maximum(MARGIN - distance, 0)
    return keras.ops.mean(same * distance**2 + (1 - same) * lack**2)


def accuracy(same, distance):
    """Share of the pairs that half the margin tells right."""
    return keras.ops.mean(keras.ops.equal(distance < MARGIN / 2, same > 0.5))


def build_models():
    """Image to a place in the plane, and two images to the distance of their places."""
    place = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 3, strides=2, activation="relu"),
            layers.Conv2D(32, 3, strides=2, activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(2),
        ],
        name="place",
    )
    left, right = keras.Input((28, 28, 1)), keras.Input((28, 28, 1))
    apart = keras.ops.sum((place(left) - place(right)) ** 2, axis=1, keepdims=True)
    # The root's slope at zero would be infinite.
    model = keras.Model([left, right], keras.ops.sqrt(keras.ops.maximum(apart, 1e-8)))
    model.compile("adam", contrastive_loss, metrics=[accuracy])
    return place, model


def compare_pixels(left, right, same):
    """Accuracy of the distance of the pixels, at the best of all thresholds."""
    distance = np.sqrt(((left - right) ** 2).sum((1, 2, 3)))
    thresholds = np.percentile(distance, range(101))
    return max(np.mean((distance < threshold) == same[:, 0]) for threshold in thresholds)


def draw(places, labels):
    """Where the test digits lie in the plane."""
    figure, axis = plt.subplots(figsize=(8, 5.5), layout="constrained")
    points = axis.scatter(*places.T, c=labels, cmap="tab10", s=9, alpha=0.7, vmin=-0.5, vmax=9.5)
    for digit in np.unique(labels):
        row, column = np.median(places[labels == digit], axis=0)
        axis.text(row, column, str(digit), size=16, weight="bold", ha="center", va="center")
    figure.colorbar(points, ticks=range(10), label="digit")
    axis.set(xticks=[], yticks=[])
    figure.savefig("siamese.png", dpi=100)


keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
(x_train, y_train), (x_test, y_test) = load_digits()
place, model = build_models()
first, second, same = make_pairs(y_train, random)
model.fit([x_train[first], x_train[second]], same, batch_size=128, epochs=EPOCHS, verbose=2)

first, second, same = make_pairs(y_test, random)
_, score = model.evaluate([x_test[first], x_test[second]], same, verbose=0)
draw(place.predict(x_test, verbose=0), y_test)
pixels = compare_pixels(x_test[first], x_test[second], same)
print(f"result: accuracy on test pairs {score:.3f} > baseline {pixels:.3f}")
