"""Rows for ops of tables."""

from __future__ import annotations

from typing import Any

import numpy as np

import thalweg as tf
from thalweg._src.testing.rows import Make, Row


def _words(m: Make) -> Any:
    return np.array([[b"a", b"b", b"z"][i % 3] for i in range(m.n)], object)


def _static(keys: Any, values: Any, default: Any) -> Any:
    def made(_: Any, asked: Any) -> Any:
        pairs = tf.lookup.KeyValueTensorInitializer(keys, values)
        return tf.lookup.StaticHashTable(pairs, default).lookup(asked)

    return made


def _growing(_: Any, asked: Any) -> Any:
    table = tf.lookup.experimental.MutableHashTable(tf.string, tf.int32, -1)
    table.insert(["a", "b", "gone"], [1, 2, 3])
    table.remove(["gone"])
    own = table.lookup(asked, dynamic_default_values=-2)
    return table.lookup(asked), own, table.size()


def _of(words: Any, default: int) -> Any:
    return np.array([{b"a": 1, b"b": 2}.get(w, default) for w in words], np.int32)


ROWS = [
    Row(
        "lookup.StaticHashTable",
        lambda m: (m.ints(m.n, low=0, high=4),),
        reference=lambda keys: np.where(keys == 3, 30, np.where(keys == 1, 10, -1)).astype(
            np.int32
        ),
        via=_static([3, 1], [30, 10], -1),
    ),
    Row(
        "lookup.StaticHashTable",
        lambda m: (_words(m),),
        reference=lambda words: _of(words, -1),
        via=_static(["a", "b"], [1, 2], -1),
        label="words",
        traced=False,
        note="on the host",
    ),
    Row(
        "lookup.experimental.MutableHashTable",
        lambda m: (_words(m),),
        reference=lambda words: (_of(words, -1), _of(words, -2), np.asarray(2, np.int64)),
        via=_growing,
        wide=True,
        traced=False,
        note="on the host",
    ),
]
