"""The first example from scratch of *Deep Learning with Python* (chapter 2), on random images."""

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.case import COMPILED, EAGER, Case, Program, Thunk

BATCH = 128
BATCHES = 8


class NaiveDense:
    """``activation(inputs @ W + b)`` with ``W`` of shape (input_size, output_size)."""

    def __init__(self, tf: Any, input_size: int, output_size: int, activation: Any) -> None:
        self.tf, self.activation = tf, activation
        start = np.random.default_rng(input_size).uniform(0, 1e-1, (input_size, output_size))
        self.W = tf.Variable(start.astype("float32"))
        self.b = tf.Variable(tf.zeros((output_size,)))

    def __call__(self, inputs: Any) -> Any:
        """Applies the layer to (batch, input_size)."""
        return self.activation(self.tf.matmul(inputs, self.W) + self.b)

    @property
    def weights(self) -> list[Any]:
        """The two variables."""
        return [self.W, self.b]


class NaiveSequential:
    """Calls layers in order."""

    def __init__(self, layers: list[NaiveDense]) -> None:
        self.layers = layers

    def __call__(self, inputs: Any) -> Any:
        """Applies all layers to (batch, features)."""
        x = inputs
        for layer in self.layers:
            x = layer(x)
        return x

    @property
    def weights(self) -> list[Any]:
        """The variables of all layers."""
        weights = []
        for layer in self.layers:
            weights += layer.weights
        return weights


def _make_step(tf: Any, model: NaiveSequential) -> Callable[[Any, Any], Any]:
    """Returns the book's ``one_training_step`` on a batch; it returns the average loss."""
    learning_rate = 1e-3

    def one_training_step(images_batch: Any, labels_batch: Any) -> Any:
        with tf.GradientTape() as tape:
            predictions = model(images_batch)
            per_sample_losses = tf.keras.losses.sparse_categorical_crossentropy(
                labels_batch, predictions
            )
            average_loss = tf.reduce_mean(per_sample_losses)
        gradients = tape.gradient(average_loss, model.weights)
        for g, w in zip(gradients, model.weights, strict=True):
            w.assign_sub(g * learning_rate)
        return average_loss

    return one_training_step


def _thunk(tf: Any, wrap: Callable[[Any], Any]) -> Thunk:
    """Returns a call that trains on the next of ``BATCHES`` batches of 128 NumPy images."""
    rng = np.random.default_rng(1)
    images = rng.random((BATCHES * BATCH, 28 * 28), dtype="float32")
    labels = rng.integers(0, 10, BATCHES * BATCH).astype("uint8")
    model = NaiveSequential(
        [NaiveDense(tf, 28 * 28, 512, tf.nn.relu), NaiveDense(tf, 512, 10, tf.nn.softmax)]
    )
    step, last_weight = wrap(_make_step(tf, model)), model.weights[-1]
    index = 0

    def call() -> Any:
        nonlocal index
        batch = slice(index, index + BATCH)
        index = (index + BATCH) % len(images)
        return step(images[batch], labels[batch]), last_weight

    return call


def eager_step(tf: Any, keras: Any) -> Thunk:
    """A training step of 784-512-10 on 128 images, eager."""
    return _thunk(tf, lambda step: step)


def compiled_step(tf: Any, keras: Any) -> Thunk:
    """A training step of 784-512-10 on 128 images under ``tf.function``."""
    return _thunk(tf, tf.function)


PROGRAM = Program(
    "mnist",
    (
        Case("MNIST step, eager", eager_step, targets=(EAGER,)),
        Case("MNIST step, tf.function", compiled_step, targets=(COMPILED,)),
    ),
)
