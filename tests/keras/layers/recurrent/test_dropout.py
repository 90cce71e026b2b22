"""Dropout: one mask for all steps of a sequence, another for the next call."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

L = tf.keras.layers
ONES = np.ones((2, 5, 8), "float32")
SHOWS_INPUTS = {
    "kernel_initializer": "identity",
    "recurrent_initializer": "zeros",
    "use_bias": False,
    "activation": None,
}
# The second step shows which parts of the state the recurrent mask left.
SHOWS_STATE = {
    "kernel_initializer": "zeros",
    "recurrent_initializer": "identity",
    "use_bias": False,
    "activation": None,
}


def same_in_all_steps(outputs):
    values = outputs.numpy()
    assert (values == values[:, :1]).all()
    assert set(np.unique(values)) == {0.0, 2.0}
    return values[:, 0]


class Wrapped(L.Layer):
    """A user's cell with one of ours inside."""

    def __init__(self, cell, **kwargs):
        super().__init__(**kwargs)
        self.cell = cell
        self.state_size = cell.state_size

    def call(self, inputs, states, training=False):
        return self.cell(inputs, states, training=training)


def makers():
    cell = lambda: L.SimpleRNNCell(8, dropout=0.5, **SHOWS_INPUTS)  # noqa: E731
    return {
        "op": L.SimpleRNN(8, dropout=0.5, return_sequences=True, **SHOWS_INPUTS),
        "stack": L.RNN([cell()], return_sequences=True),
        "inside": L.RNN(Wrapped(cell()), return_sequences=True),
        "inside-stack": L.RNN([Wrapped(cell())], return_sequences=True, unroll=True),
    }


@pytest.mark.parametrize("kind", ["op", "stack", "inside", "inside-stack"])
@pytest.mark.parametrize("compiled", [False, True])
def test_one_mask_for_a_sequence(kind, compiled):
    layer = makers()[kind]
    layer(ONES)
    call = tf.function(lambda x: layer(x, training=True)) if compiled else None
    first, second = (
        same_in_all_steps(call(ONES) if compiled else layer(ONES, training=True)) for _ in range(2)
    )
    assert (first != second).any()
    np.testing.assert_array_equal(layer(ONES), ONES)


@pytest.mark.parametrize("fast", [False, True])
def test_one_mask_of_the_state(fast):
    layer = L.SimpleRNN(8, recurrent_dropout=0.5, return_sequences=True, **SHOWS_STATE)
    layer.build(ONES.shape)
    if not fast:
        object.__setattr__(layer.cell, "_has_fast_loop", lambda: False)
    values = layer(ONES, initial_state=np.ones((2, 8), "float32"), training=True).numpy()
    first = values[:, 0]
    assert set(np.unique(first)) == {0.0, 2.0}
    for step in range(5):
        np.testing.assert_array_equal(values[:, step], np.where(first > 0, 2.0 ** (step + 1), 0))


def test_each_gate_has_a_mask_of_its_own():
    for cell, count in (
        (L.LSTMCell(8, recurrent_dropout=0.5), 4),
        (L.GRUCell(8, recurrent_dropout=0.5), 3),
    ):
        masks = cell.get_recurrent_dropout_mask(tf.ones((2, 8)))
        assert len(masks) == count
        assert len({m.numpy().tobytes() for m in masks}) == count
        assert cell.get_recurrent_dropout_mask(tf.ones((2, 8))) is masks
        cell.reset_recurrent_dropout_mask()
        assert cell.get_recurrent_dropout_mask(tf.ones((2, 8))) is not masks
        assert cell.get_dropout_mask(tf.ones((2, 8))) is None


def test_the_seed_decides_and_both_ways_draw_alike():
    eager, compiled = (
        L.LSTM(4, dropout=0.3, recurrent_dropout=0.3, seed=5, return_sequences=True)
        for _ in range(2)
    )
    eager.build(ONES.shape)
    compiled.build(ONES.shape)
    compiled.set_weights(eager.get_weights())
    program = tf.function(lambda x: compiled(x, training=True))
    for _ in range(2):
        np.testing.assert_allclose(eager(ONES, training=True), program(ONES), atol=1e-6)


def test_dropout_in_a_fit_and_masks_are_forgotten():
    layer = L.GRU(4, dropout=0.5, recurrent_dropout=0.5)
    model = tf.keras.Sequential([layer, L.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(ONES, np.ones((2, 1), "float32"), epochs=2, verbose=0)
    assert layer.cell._masks == {}
    assert model.predict(ONES, verbose=0).shape == (2, 1)


def test_everything_dropped_and_impossible_rates():
    layer = L.SimpleRNN(8, dropout=1.0, return_sequences=True, **SHOWS_INPUTS)
    assert not layer(ONES, training=True).numpy().any()
    with pytest.raises(ValueError, match=r"expected dropout as a number in \[0, 1\], got 2"):
        L.LSTM(2, dropout=2)
    with pytest.raises(ValueError, match="expected recurrent_dropout"):
        L.GRUCell(2, recurrent_dropout=-0.1)
