"""Models of ragged and sparse inputs, written for thalweg and for Keras alike, and data for them."""

from __future__ import annotations

from typing import Any

import numpy as np

LENGTHS = [3, 1, 0, 5, 2, 4, 1]
WORDS = 12
ROWS = 6
COLUMNS = 5


def words(tf: Any, lengths: Any = LENGTHS) -> Any:
    """Ragged numbers of words."""
    numbers = np.random.default_rng(0).integers(1, WORDS, sum(lengths))
    return tf.RaggedTensor.from_row_lengths(numbers.astype(np.int64), lengths)


def targets(count: int = len(LENGTHS)) -> Any:
    return np.random.default_rng(1).normal(size=(count, 1)).astype(np.float32)


def steps(tf: Any, lengths: Any = LENGTHS) -> Any:
    """Ragged targets, one for each word."""
    values = np.random.default_rng(2).normal(size=(sum(lengths), 1)).astype(np.float32)
    return tf.RaggedTensor.from_row_lengths(values, lengths)


def places(tf: Any) -> Any:
    """Sparse matrix in which some rows are empty."""
    dense = np.zeros((ROWS, COLUMNS), np.float32)
    dense[[0, 0, 2, 5], [1, 4, 3, 0]] = [1.0, -2.0, 0.5, 3.0]
    return tf.sparse.from_dense(dense)


def embedded(keras: Any, *layers: Any) -> Any:
    """Model of numbers of words."""
    x = keras.Input((None,), dtype="int64", ragged=True)
    y = keras.layers.Embedding(WORDS, 4)(x)
    for layer in layers:
        y = layer(y)
    return keras.Model(x, y)


def of_places(keras: Any) -> Any:
    """Model of sparse inputs."""
    x = keras.Input((COLUMNS,), sparse=True)
    hidden = keras.layers.Dense(3, activation="tanh")(x)
    return keras.Model(x, keras.layers.Dense(1)(hidden))


#: Rows: name, version of Keras that has it, and the model.
ONE_TARGET = [
    ("mean", "3", lambda k: embedded(k, k.layers.GlobalAveragePooling1D(), k.layers.Dense(1))),
    ("max", "3", lambda k: embedded(k, k.layers.GlobalMaxPooling1D(), k.layers.Dense(1))),
    ("lstm", "2", lambda k: embedded(k, k.layers.LSTM(3), k.layers.Dense(1))),
    ("gru", "2", lambda k: embedded(k, k.layers.GRU(3), k.layers.Dense(1))),
    ("simple_rnn", "2", lambda k: embedded(k, k.layers.SimpleRNN(3), k.layers.Dense(1))),
    (
        "bidirectional",
        "2",
        lambda k: embedded(
            k,
            k.layers.Bidirectional(k.layers.LSTM(3, return_sequences=True)),
            k.layers.GRU(2, go_backwards=True),
            k.layers.Dense(1),
        ),
    ),
]
MANY_TARGETS = [
    (
        "steps",
        "2",
        lambda k: embedded(
            k,
            k.layers.LSTM(3, return_sequences=True),
            k.layers.TimeDistributed(k.layers.Dense(2, activation="tanh")),
            k.layers.Dense(1),
        ),
    ),
]


def start(model: Any) -> None:
    """Gives weights that do not depend on a library's random numbers."""
    generator = np.random.default_rng(3)
    model.set_weights(
        [generator.normal(0.0, 0.5, w.shape).astype(np.float32) for w in model.get_weights()]
    )


def facts(tf: Any, keras: Any, model: Any, x: Any, y: Any, weight: Any = None) -> dict[str, Any]:
    """What predictions, training and evaluation give."""
    start(model)
    parts = (x, y) if weight is None else (x, y, weight)
    batches = tf.data.Dataset.from_tensor_slices(parts).batch(3)
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
    predicted = model.predict(batches, verbose=0)
    history = model.fit(batches, epochs=2, verbose=0).history
    return {
        "predicted": np.asarray(getattr(predicted, "flat_values", predicted)).ravel().tolist(),
        "history": {name: [float(v) for v in values] for name, values in history.items()},
        "evaluated": [float(v) for v in model.evaluate(batches, verbose=0)],
        "weights": [float(np.sum(np.abs(w))) for w in model.get_weights()],
    }


def all_facts(tf: Any, keras: Any, version: str) -> dict[str, Any]:
    """Facts of the rows that a version of Keras has."""
    # Pooling nothing gives NaN in Keras, so that no row is empty there.
    lengths = [max(n, 1) for n in LENGTHS] if version == "3" else LENGTHS
    found = {
        name: facts(tf, keras, make(keras), words(tf, lengths), targets())
        for name, since, make in ONE_TARGET
        if since == version
    }
    weight = np.array([1.0, 0.5, 2.0, 0.0, 1.0, 3.0, 1.0], np.float32)
    for name, since, make in MANY_TARGETS:
        if since == version:
            found[name] = facts(tf, keras, make(keras), words(tf), steps(tf))
            found[f"{name}_weighted"] = facts(
                tf, keras, make(keras), words(tf), steps(tf), weight
            )
    if version == "3":
        found["sparse"] = facts(tf, keras, of_places(keras), places(tf), targets(ROWS))
    return found
