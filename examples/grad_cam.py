"""Grad-CAM: where did the network look? It was told which digit a scene holds, never where.

Scenes hold one digit among scraps of others. The channels of the last convolution are weighed by how much the
answer depends on them; their sum is a map of what spoke for the answer. The measure is how often the map is
highest in the digit's box (drawn in the picture); the baseline is the box's share of the scene.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
TESTS, EPOCHS = (32, 1) if SMOKE else (500, 5)
SIZE, BOX, SCRAP = 56, 28, 9


def make_scenes(digits, random):
    """Scenes (scenes, 56, 56, 1) from 0 to 1, and the top left corner of the digit in each."""
    scenes = np.zeros((len(digits), SIZE, SIZE, 1), "float32")
    corners = random.integers(0, SIZE - BOX + 1, (len(digits), 2))
    for scene, digit, (top, left) in zip(scenes, digits, corners, strict=True):
        for row, column in random.integers(0, SIZE - SCRAP + 1, (12, 2)):
            y, x = random.integers(5, BOX - SCRAP - 5, 2)
            scrap = digits[random.integers(len(digits)), y : y + SCRAP, x : x + SCRAP]
            scene[row : row + SCRAP, column : column + SCRAP, 0] = scrap
        scene[top : top + BOX, left : left + BOX, 0] = digit
    return scenes / 255, corners


def build_model():
    """Scene to ten probabilities."""
    model = keras.Sequential([keras.Input((SIZE, SIZE, 1))])
    for width in (16, 32, 48):
        model.add(layers.Conv2D(width, 3, padding="same", activation="relu", name=f"convolution_{width}"))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Conv2D(64, 3, padding="same", activation="relu", name="last"))
    model.add(layers.GlobalMaxPooling2D())
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(keras.optimizers.Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def explain(model, scenes):
    """Maps (scenes, 56, 56) of what speaks for the answers, and the answers."""
    inside = keras.Model(model.inputs, [model.get_layer("last").output, model.output])
    with tf.GradientTape() as tape:
        channels, probabilities = inside(scenes)
        tape.watch(channels)
        best = tf.reduce_max(tf.math.log(probabilities), axis=1)
    slopes = tape.gradient(best, channels)
    weights = tf.reduce_mean(slopes, axis=(1, 2), keepdims=True)
    maps = tf.nn.relu(tf.reduce_sum(weights * channels, axis=-1, keepdims=True))
    return tf.image.resize(maps, (SIZE, SIZE)).numpy()[..., 0], probabilities.numpy().argmax(axis=1)


def hits(maps, corners):
    """Share of the maps that are highest in the digit's box."""
    highest = np.stack(np.unravel_index(maps.reshape(len(maps), -1).argmax(axis=1), maps.shape[1:]), axis=1)
    return np.mean(((corners <= highest) & (highest < corners + BOX)).all(axis=1))


def draw(scenes, maps, answers, labels, corners):
    """Scenes with their maps, and the digit's true box."""
    figure, axes = plt.subplots(2, 5, figsize=(8, 3.6), layout="constrained")
    for axis, scene, heat, answer, label, (top, left) in zip(
        axes.flat, scenes, maps, answers, labels, corners, strict=False
    ):
        axis.imshow(scene[..., 0], cmap="gray")
        axis.imshow(heat, cmap="inferno", alpha=0.55)
        axis.add_patch(plt.Rectangle((left, top), BOX - 1, BOX - 1, fill=False, edgecolor="c"))
        axis.set_title(str(answer), size=9, color="k" if answer == label else "r")
        axis.axis("off")
    figure.savefig("grad_cam.png", dpi=100)


keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
(digits, y_train), (test_digits, y_test) = keras.datasets.mnist.load_data(sample=True)
if SMOKE:
    digits, y_train = digits[:128], y_train[:128]
x_train, _ = make_scenes(digits, random)
x_test, corners = make_scenes(test_digits[:TESTS], random)
model = build_model()
model.fit(x_train, y_train, batch_size=64, epochs=EPOCHS, verbose=2)
maps, answers = explain(model, x_test)
draw(x_test, maps, answers, y_test, corners)
print(f"test accuracy {np.mean(answers == y_test[:TESTS]):.3f}")
print(f"result: maps highest in the digit's box {hits(maps, corners):.3f} > baseline {(BOX / SIZE) ** 2:.3f}")
