"""`thalweg demo`: trains two models before your eyes and leaves pictures of what they learned.

Written as a user's program, on the public door: a convolutional network on real handwritten digits
through `fit`, and a linear classifier in bare tensors, variables and a gradient tape.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

import thalweg as tf
from thalweg import keras

Array = npt.NDArray[Any]

EPOCHS = 6
BATCH_SIZE = 64
VALIDATION_SHARE = 0.1
EXPECTED_ACCURACY = 0.95

LINE_STEPS = 50
LINE_RATE = 0.1
POINTS_PER_CLASS = 500
FRAME_MILLISECONDS = 80
LAST_FRAME_MILLISECONDS = 2000

GREEN, RED, BLUE, GRAY = "#2a9d4a", "#d1373f", "#2b6cb0", "#555555"


def run(output: str | Path = "demo-output") -> int:
    """Trains both models and writes three pictures.

    Args:
        output: Folder for the pictures; made when it is not there.

    Returns:
        0 when the digit classifier is right on at least 95 % of the digits it has not seen, else 1.
    """
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(0)

    started = time.perf_counter()
    (x_train, y_train), (x_test, y_test) = load_digits()
    print(f"Training on {len(x_train)} handwritten digits, testing on {len(x_test)} others.")
    model = build_classifier()
    history = model.fit(
        x_train,
        y_train,
        epochs=EPOCHS,
        batch_size=BATCH_SIZE,
        validation_split=VALIDATION_SHARE,
    )
    _, accuracy = model.evaluate(x_test, y_test, verbose=0)
    predictions = np.asarray(model.predict(x_test, verbose=0))
    seconds = time.perf_counter() - started

    pictures = [folder / name for name in ("learning-curve.png", "predictions.png", "line.gif")]
    draw_curves(history.history, pictures[0])
    draw_predictions(x_test, y_test, predictions, pictures[1])
    line_accuracy = animate_line(pictures[2])

    good = accuracy >= EXPECTED_ACCURACY
    print(f"\nDigits: {accuracy:.1%} of the test digits are right, after {seconds:.0f} seconds.")
    print(f"Line:   {line_accuracy:.1%} of the points are on their side of the line.")
    print("Pictures:", *(f"  {path.resolve()}" for path in pictures), sep="\n")
    if not good:
        print(f"\nThis is less than the expected {EXPECTED_ACCURACY:.0%}: something is wrong.")
    return 0 if good else 1


def load_digits() -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """The embedded digits: float32 images `(samples, 28, 28, 1)` in [0, 1], and their labels."""
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data(sample=True)
    return (_to_images(x_train), y_train), (_to_images(x_test), y_test)


def _to_images(x: Array) -> Array:
    return x[..., np.newaxis].astype(np.float32) / 255.0


def build_classifier() -> Any:
    """Compiled network of two convolutions, about 10,000 weights: image to ten probabilities."""
    model = keras.Sequential(
        [
            keras.Input(shape=(28, 28, 1)),
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


def draw_curves(history: Mapping[str, Sequence[float]], path: Path) -> None:
    """Loss and accuracy after each epoch, on the training digits and on the validation digits."""
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    for axes, name in zip(figure.subplots(1, 2), ("loss", "accuracy"), strict=True):
        epochs = range(1, len(history[name]) + 1)
        axes.plot(epochs, history[name], "o-", color=BLUE, label="training")
        axes.plot(epochs, history[f"val_{name}"], "o-", color=GREEN, label="validation")
        axes.set(xlabel="epoch", title=name.capitalize())
        axes.grid(alpha=0.3)
        axes.legend(frameon=False)
    figure.savefig(path, dpi=120)


def draw_predictions(x: Array, y: Array, predictions: Array, path: Path) -> None:
    """Three rows of test digits with what the model reads, and one row that it reads wrongly."""
    columns = 8
    read = predictions.argmax(axis=1)
    mistakes = np.flatnonzero(read != y)[:columns]
    shown = np.concatenate([np.arange(3 * columns), mistakes])
    figure = Figure(figsize=(columns * 1.1, 5.4), layout="constrained")
    figure.suptitle("What the model reads; last row: some of its mistakes (truth in brackets)")
    for number, axes in enumerate(figure.subplots(4, columns).flat):
        axes.axis("off")
        if number >= len(shown):
            continue
        i = shown[number]
        right = read[i] == y[i]
        title = f"{read[i]}" if right else f"{read[i]} ({y[i]})"
        axes.imshow(x[i, :, :, 0], cmap="gray_r")
        axes.set_title(title, fontsize=10, color=GREEN if right else RED)
    figure.savefig(path, dpi=120)


def animate_line(path: Path) -> float:
    """Writes a film of a linear classifier learning to part two clouds of points.

    Returns:
        Share of the points that the last line puts on the right side.
    """
    inputs, targets = two_clouds()
    film = LineFilm(inputs, targets[:, 0])
    weights = tf.Variable(initial_value=tf.random.uniform(shape=(2, 1)))
    bias = tf.Variable(initial_value=tf.zeros(shape=(1,)))
    accuracy = 0.0
    for step in range(LINE_STEPS + 1):
        predictions = (tf.matmul(inputs, weights) + bias).numpy()[:, 0]
        accuracy = float(np.mean((predictions > 0.5) == (targets[:, 0] > 0.5)))
        film.add(step, weights.numpy()[:, 0], float(bias.numpy()[0]), accuracy)
        if step < LINE_STEPS:
            training_step(inputs, targets, weights, bias)
    film.save(path)
    return accuracy


def two_clouds() -> tuple[Array, Array]:
    """Points around (0, 3) with target 0 and around (3, 0) with target 1, as float32."""
    random = np.random.default_rng(0)
    spread = np.eye(2)
    clouds = [
        random.multivariate_normal(mean, spread, POINTS_PER_CLASS) for mean in ([0, 3], [3, 0])
    ]
    targets = np.repeat([[0.0], [1.0]], POINTS_PER_CLASS, axis=0)
    return np.vstack(clouds).astype(np.float32), targets.astype(np.float32)


def training_step(inputs: Array, targets: Array, weights: Any, bias: Any) -> Any:
    """Moves the variables one step down the slope of the mean squared error; returns the error."""
    with tf.GradientTape() as tape:
        predictions = tf.matmul(inputs, weights) + bias
        loss = tf.reduce_mean(tf.square(targets - predictions))
    slope_of_weights, slope_of_bias = tape.gradient(loss, [weights, bias])
    weights.assign_sub(slope_of_weights * LINE_RATE)
    bias.assign_sub(slope_of_bias * LINE_RATE)
    return loss


class LineFilm:
    """Frames of the decision line among the points, each point green on its side and red beyond.

    Args:
        inputs: `(points, 2)`.
        targets: `(points,)`, 0 or 1.
    """

    def __init__(self, inputs: Array, targets: Array) -> None:
        self._inputs = inputs
        self._targets = targets
        self._frames: list[Image.Image] = []
        self._canvas = FigureCanvasAgg(Figure(figsize=(5.4, 4.6), dpi=90, layout="constrained"))
        self._axes = self._canvas.figure.subplots()
        self._limits = (inputs.min(axis=0) - 0.5, inputs.max(axis=0) + 0.5)
        low, high = self._limits
        self._axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        self._marks = [
            self._axes.scatter(cloud[:, 0], cloud[:, 1], s=14, marker=marker)
            for cloud, marker in ((inputs[targets == 0], "o"), (inputs[targets == 1], "^"))
        ]
        (self._line,) = self._axes.plot([], [], "-", color=GRAY, linewidth=2)

    def add(self, step: int, weights: Array, bias: float, accuracy: float) -> None:
        """Draws one frame: the line where `inputs @ weights + bias` is 0.5."""
        right = ((self._inputs @ weights + bias) > 0.5) == (self._targets > 0.5)
        for kind, mark in enumerate(self._marks):
            mark.set_color([GREEN if ok else RED for ok in right[self._targets == kind]])
        self._line.set_data(*_line_through(weights, 0.5 - bias, self._limits))
        self._axes.set_title(f"step {step:2d}    accuracy {accuracy:6.1%}", family="monospace")
        self._canvas.draw()
        frame = Image.fromarray(np.asarray(self._canvas.buffer_rgba())).convert("RGB")
        self._frames.append(frame.quantize(64, dither=Image.Dither.NONE))

    def save(self, path: Path) -> None:
        """Writes the frames as an endless GIF that rests on the last one."""
        durations = [FRAME_MILLISECONDS] * (len(self._frames) - 1) + [LAST_FRAME_MILLISECONDS]
        first, *others = self._frames
        first.save(path, save_all=True, append_images=others, duration=durations, loop=0)


def _line_through(weights: Array, level: float, limits: tuple[Array, Array]) -> tuple[Array, Array]:
    """Ends of the line `weights @ point = level` at the borders of the picture.

    Solves for the coordinate of the larger weight, so that no line is too steep to draw.
    """
    low, high = limits
    if abs(weights[1]) >= abs(weights[0]):
        x = np.array([low[0], high[0]])
        return x, (level - weights[0] * x) / weights[1]
    y = np.array([low[1], high[1]])
    return (level - weights[1] * y) / weights[0], y
