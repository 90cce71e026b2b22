"""Scopes: names of Variables, and losses that a stateless scope collects."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras


def test_a_name_scope_is_opened_once_for_one_caller():
    caller = object()
    outer, again = (keras.name_scope("b", caller=caller) for _ in range(2))
    with keras.name_scope("a"), outer, again:
        inner = keras.Variable(1.0, name="v")
    assert inner.path == "a/b/v"
    assert keras.Variable(1.0, name="v").path == "v"
    with pytest.raises(ValueError, match="without '/'"):
        keras.name_scope("a/b")


@pytest.mark.parametrize("collect", [True, False])
def test_a_stateless_scope_collects_losses_where_it_is_told_to(collect):
    class Penalty(keras.layers.Layer):
        def call(self, x):
            self.add_loss([tf.reduce_sum(x), tf.reduce_max(x)])
            return x

    layer = Penalty()
    with keras.StatelessScope(collect_losses=collect) as scope:
        layer(np.ones((2, 3), "float32"))
    assert [float(loss) for loss in scope.losses] == ([6.0, 1.0] if collect else [])
