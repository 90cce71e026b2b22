"""`get_source_inputs`."""

from __future__ import annotations

import thalweg as tf

sources = tf.keras.utils.get_source_inputs


def test_inputs_in_the_order_of_first_use():
    a, b, c = (tf.keras.KerasTensor((None, 2), name=n) for n in "abc")
    total = tf.add(tf.nn.relu(b), tf.add(a, tf.nn.tanh(b)))
    assert [s.name for s in sources(total)] == ["b", "a"]
    assert [s.name for s in sources([c, total])] == ["c", "b", "a"]


def test_an_input_is_its_own_source():
    a = tf.keras.KerasTensor((2,))
    assert sources(a)[0] is a
