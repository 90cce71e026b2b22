"""Rows for the ops that ragged tensors alone use."""

from __future__ import annotations

from typing import Any

import numpy as np

import thalweg as tf
from thalweg._src.testing.rows import Row


def _one_row(x: Any) -> Any:
    return tf.RaggedTensor.from_row_lengths(x, [2, 0, len(x) - 2])


def _running(reference: Any) -> Any:
    return lambda x: np.concatenate([reference(x[:2]), reference(x[2:])])


def _written(x: Any) -> Any:
    rows = [x[:2], x[2:2], x[2:]]
    return np.array(str([row.tolist() for row in rows]).encode(), object)


ROWS = [
    Row(
        "cumsum",
        lambda m: (m(m.n + 2),),
        via=lambda cumsum, x: cumsum(_one_row(x), axis=1).flat_values,
        reference=_running(np.cumsum),
        label="ragged",
        symbolic=False,
        traced=False,
        note="rows of different lengths",
    ),
    Row(
        "strings.format",
        lambda m: (m.ints(m.n + 2, low=0, high=9),),
        via=lambda format, x: format("{}", [_one_row(x)]),
        reference=_written,
        label="ragged",
        symbolic=False,
        traced=False,
        note="text, of rows of different lengths",
    ),
]
