"""One operation a call: what the dispatch of eager mode costs, and a tape around one op."""

from typing import Any

import numpy as np

from benchmarks.case import EAGER, Case, Program, Thunk


def _matrix(tf: Any) -> Any:
    """Returns a constant (2, 2) float32 tensor."""
    return tf.constant(np.array([[1.0, 2.0], [3.0, 4.0]], "float32"))


def add(tf: Any, keras: Any) -> Thunk:
    """Adds two (2, 2) tensors."""
    a, b = _matrix(tf), _matrix(tf)
    return lambda: tf.add(a, b)


def add_and_read(tf: Any, keras: Any) -> Thunk:
    """Adds two (2, 2) tensors and reads each result: nothing can be put off or left out."""
    a, b = _matrix(tf), _matrix(tf)
    return lambda: tf.add(a, b).numpy()


def matmul(tf: Any, keras: Any) -> Thunk:
    """Multiplies two (2, 2) matrices."""
    a, b = _matrix(tf), _matrix(tf)
    return lambda: tf.matmul(a, b)


def reduce_mean(tf: Any, keras: Any) -> Thunk:
    """Averages a (2, 2) tensor."""
    a = _matrix(tf)
    return lambda: tf.reduce_mean(a)


def slice_column(tf: Any, keras: Any) -> Thunk:
    """Takes the first column of a (2, 2) tensor."""
    a = _matrix(tf)
    return lambda: a[:, 0:1]


def assign_sub(tf: Any, keras: Any) -> Thunk:
    """Subtracts a (2, 2) tensor from a Variable in place."""
    variable, delta = tf.Variable(_matrix(tf)), tf.constant(np.full((2, 2), 1e-6, "float32"))

    def call() -> Any:
        variable.assign_sub(delta)
        return variable

    return call


def tape_square(tf: Any, keras: Any) -> Thunk:
    """Squares a scalar Variable under a tape and takes the gradient."""
    variable = tf.Variable(3.0)

    def call() -> Any:
        with tf.GradientTape() as tape:
            result = tf.square(variable)
        return tape.gradient(result, variable)

    return call


PROGRAM = Program(
    "ops",
    (
        Case("add 2x2", add, targets=(EAGER,)),
        Case("add 2x2, each read", add_and_read, targets=(EAGER,)),
        Case("matmul 2x2", matmul, targets=(EAGER,)),
        Case("reduce_mean 2x2", reduce_mean, targets=(EAGER,)),
        Case("slice x[:, 0:1]", slice_column, targets=(EAGER,)),
        Case("Variable.assign_sub", assign_sub, targets=(EAGER,)),
        Case("tape: square + gradient", tape_square, targets=(EAGER,)),
    ),
)
