"""Symbolic tensors of unknown sizes that broadcast with known ones."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf


def symbol(*shape, dtype="float32"):
    return tf.keras.KerasTensor(shape, dtype)


@pytest.mark.parametrize(
    ("one", "other", "want"),
    [
        ((None, None, 8), (50, 8), (None, 50, 8)),
        ((None, 3), (5, 1), (5, 3)),
        ((None, 3), (1, 3), (None, 3)),
        ((None, 3), (None, 1), (None, 3)),
        ((None,), (7, None), (7, None)),
    ],
    ids=str,
)
def test_an_unknown_size_becomes_the_known_one(one, other, want):
    assert tf.keras.ops.add(symbol(*one), symbol(*other)).shape == want
    assert (symbol(*other) * symbol(*one)).shape == want


def test_arrays_and_conditions_count():
    x = symbol(None, 3)
    assert (x + np.ones((5, 3), np.float32)).shape == (5, 3)
    assert tf.keras.ops.where(symbol(None, 3, dtype="bool"), np.ones((5, 1)), x).shape == (5, 3)
    assert tf.keras.ops.select([x > 0], [tf.ones((5, 3))]).shape == (5, 3)


def test_sizes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="add"):
        symbol(None, 3) + symbol(None, 4)


def test_the_node_keeps_its_arguments():
    x = symbol(None, 3)
    assert (x + np.ones((5, 3), np.float32)).node.parents == [x]
