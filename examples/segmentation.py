"""Segmentation: a U-shaped network finds discs, squares and crosses in noise, pixel by pixel.

The way down sees wider and wider, the way up returns to the picture's size, and shortcuts bring the fine
lines along. The measure is the mean over the classes of intersection by union. The baseline knows where there
is something (it smooths the picture and thresholds it), but calls all of it the most frequent shape.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
SCENES, TESTS, EPOCHS = (16, 8, 1) if SMOKE else (768, 128, 10)
SIZE, CLASSES = 48, 4
ROWS, COLUMNS = np.mgrid[:SIZE, :SIZE]


def cover(kind, random):
    """Where a shape of that kind lies, at a random place in a random size and turn."""
    row, column = random.uniform(8, SIZE - 8, 2)
    radius, turn = random.uniform(5, 9), random.uniform(0, np.pi)
    y, x = ROWS - row, COLUMNS - column
    across, along = abs(x * np.cos(turn) + y * np.sin(turn)), abs(y * np.cos(turn) - x * np.sin(turn))
    if kind == 1:
        return np.hypot(x, y) < radius
    if kind == 2:
        return np.maximum(across, along) < 0.85 * radius
    return (np.minimum(across, along) < 0.3 * radius) & (np.maximum(across, along) < 1.2 * radius)


def make_scenes(count, random):
    """Noisy pictures (scenes, 48, 48, 1), and the class of each pixel: nothing, disc, square, cross."""
    masks = np.zeros((count, SIZE, SIZE), "uint8")
    light = np.zeros((count, SIZE, SIZE, 1), "float32")
    for mask, scene in zip(masks, light, strict=True):
        for kind in random.integers(1, CLASSES, 4):
            where = cover(kind, random)
            mask[where], scene[where] = kind, random.uniform(0.5, 1)
    return light + random.normal(0, 0.35, light.shape).astype("float32"), masks


def convolve(x, width):
    """Two convolutions that keep the size."""
    for _ in range(2):
        x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.Activation("relu")(x)
    return x


def build_model():
    """Scene to the probabilities of the classes at each pixel."""
    scene = x = keras.Input((SIZE, SIZE, 1))
    shortcuts = []
    for width in (12, 24):
        x = convolve(x, width)
        shortcuts.append(x)
        x = layers.MaxPooling2D(2)(x)
    x = convolve(x, 48)
    for width in (24, 12):
        x = layers.Conv2DTranspose(width, 2, strides=2)(x)
        x = convolve(layers.concatenate([x, shortcuts.pop()]), width)
    model = keras.Model(scene, layers.Conv2D(CLASSES, 1, activation="softmax")(x))
    overlap = keras.metrics.MeanIoU(CLASSES, sparse_y_pred=False, name="overlap")
    model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy", metrics=[overlap])
    return model


def guess(scenes, masks):
    """Mean overlap of the smoothed and thresholded scenes, at the best of nine thresholds."""
    smooth = tf.nn.avg_pool2d(scenes, 5, 1, "SAME")[..., 0]
    frequent = np.bincount(masks.ravel())[1:].argmax() + 1
    overlaps = []
    for threshold in np.linspace(0.1, 0.9, 9):
        overlap = keras.metrics.MeanIoU(CLASSES)
        overlap.update_state(masks, tf.where(smooth > threshold, frequent, 0))
        overlaps.append(float(overlap.result()))
    return max(overlaps)


def draw(scenes, masks, answers):
    """Scenes, what is in them, and what the network finds."""
    figure, axes = plt.subplots(3, len(scenes), figsize=(8, 4.2), layout="constrained")
    colors = plt.matplotlib.colors.ListedColormap(["#20252e", "#4c9be8", "#f2b441", "#e4572e"])
    for column, (scene, mask, answer) in enumerate(zip(scenes, masks, answers, strict=True)):
        axes[0, column].imshow(scene[..., 0], cmap="gray")
        for row, classes in ((1, mask), (2, answer)):
            axes[row, column].imshow(classes, cmap=colors, vmin=0, vmax=CLASSES - 1, interpolation="nearest")
    for axis, name in zip(axes[:, 0], ("scene", "truth", "found"), strict=True):
        axis.set_ylabel(name)
    for axis in axes.flat:
        axis.set(xticks=[], yticks=[])
    figure.savefig("segmentation.png", dpi=100)


keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
x_train, y_train = make_scenes(SCENES, random)
x_test, y_test = make_scenes(TESTS, random)
model = build_model()
model.summary()
model.fit(x_train, y_train, epochs=EPOCHS, batch_size=16, verbose=2)
overlap = model.evaluate(x_test, y_test, verbose=0)[1]
draw(x_test[:6], y_test[:6], model.predict(x_test[:6], verbose=0).argmax(-1))
print(f"result: mean overlap {overlap:.3f} > baseline {guess(x_test, y_test):.3f}")
