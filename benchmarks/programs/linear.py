"""The linear classifier in pure TensorFlow of *Deep Learning with Python* (chapter 3)."""

from collections.abc import Callable
from typing import Any

from benchmarks.case import COMPILED, EAGER, Case, Program, Thunk
from benchmarks.workloads.linear import points

Step = Callable[[Any, Any], Any]


def make_step(tf: Any) -> tuple[Step, Any]:
    """Returns the book's ``training_step(inputs, targets) -> loss`` and the bias it trains."""
    W = tf.Variable(initial_value=tf.constant([[0.3], [0.6]]))
    b = tf.Variable(initial_value=tf.zeros(shape=(1,)))
    learning_rate = 0.03

    def model(inputs: Any) -> Any:
        return tf.matmul(inputs, W) + b

    def square_loss(targets: Any, predictions: Any) -> Any:
        per_sample_losses = tf.square(targets - predictions)
        return tf.reduce_mean(per_sample_losses)

    def training_step(inputs: Any, targets: Any) -> Any:
        with tf.GradientTape() as tape:
            predictions = model(inputs)
            loss = square_loss(predictions, targets)
        grad_loss_wrt_W, grad_loss_wrt_b = tape.gradient(loss, [W, b])
        W.assign_sub(grad_loss_wrt_W * learning_rate)
        b.assign_sub(grad_loss_wrt_b * learning_rate)
        return loss

    return training_step, b


def _thunk(step: Step, bias: Any) -> Thunk:
    """Returns a step on the 2,000 points that ends when loss and weights are ready."""
    inputs, targets = points()
    return lambda: (step(inputs, targets), bias)


def eager_step(tf: Any, keras: Any) -> Thunk:
    """A training step on 2,000 points, eager."""
    step, bias = make_step(tf)
    return _thunk(step, bias)


def compiled_step(tf: Any, keras: Any) -> Thunk:
    """A training step on 2,000 points under ``tf.function``."""
    step, bias = make_step(tf)
    return _thunk(tf.function(step), bias)


PROGRAM = Program(
    "linear",
    (
        Case("linear step, eager", eager_step, targets=(EAGER,)),
        Case("linear step, tf.function", compiled_step, targets=(COMPILED,)),
    ),
)
