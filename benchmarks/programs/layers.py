"""What a Keras layer and a small Keras model add to the operations inside."""

from typing import Any

import numpy as np

from benchmarks.case import COMPILED, EAGER, KERAS, Case, Program, Thunk

FEATURES, UNITS = 64, 32


def _sample() -> Any:
    """Returns one sample, (1, FEATURES) float32."""
    return np.linspace(-1, 1, FEATURES, dtype="float32").reshape(1, FEATURES)


def _kernel(rows: int, columns: int) -> Any:
    """Returns fixed weights, (rows, columns) float32."""
    return np.random.default_rng(rows).normal(0, 0.1, (rows, columns)).astype("float32")


def _model(keras: Any) -> Any:
    """Returns a model 64-32-10 with the same weights on both sides."""
    model = keras.Sequential(
        [
            keras.Input((FEATURES,)),
            keras.layers.Dense(UNITS, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    zeros = [np.zeros(UNITS, "float32"), np.zeros(10, "float32")]
    model.set_weights([_kernel(FEATURES, UNITS), zeros[0], _kernel(UNITS, 10), zeros[1]])
    return model


def dense_call(tf: Any, keras: Any) -> Thunk:
    """Calls a built Dense layer on one sample."""
    layer, x = keras.layers.Dense(UNITS), tf.constant(_sample())
    layer.build((None, FEATURES))
    layer.set_weights([_kernel(FEATURES, UNITS), np.zeros(UNITS, "float32")])
    return lambda: layer(x)


def dense_by_hand(tf: Any, keras: Any) -> Thunk:
    """The two operations of a Dense layer, without the layer."""
    x = tf.constant(_sample())
    kernel = tf.Variable(_kernel(FEATURES, UNITS))
    bias = tf.Variable(np.zeros(UNITS, "float32"))
    return lambda: tf.add(tf.matmul(x, kernel), bias)


def model_call(tf: Any, keras: Any) -> Thunk:
    """Calls a two-layer model eagerly on one sample."""
    model, x = _model(keras), tf.constant(_sample())
    return lambda: model(x)


def model_compiled(tf: Any, keras: Any) -> Thunk:
    """Calls a two-layer model under ``tf.function`` on one sample."""
    compiled, x = tf.function(_model(keras)), tf.constant(_sample())
    return lambda: compiled(x)


def predict(tf: Any, keras: Any) -> Thunk:
    """``model.predict`` on one NumPy sample."""
    model, x = _model(keras), _sample()
    return lambda: model.predict(x, verbose=0)


PROGRAM = Program(
    "layers",
    (
        Case("Dense.__call__", dense_call, targets=(EAGER,)),
        Case("Dense by hand", dense_by_hand, targets=(EAGER,)),
        Case("model, eager call", model_call, targets=(EAGER,)),
        Case("model, compiled call", model_compiled, targets=(COMPILED,)),
        Case("predict one sample", predict, sides=KERAS),
    ),
)
