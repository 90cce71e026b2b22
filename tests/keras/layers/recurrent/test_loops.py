"""The op for whole sequences and the loop of single steps compute the same."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

L = tf.keras.layers
RNG = np.random.default_rng(0)
X = RNG.normal(size=(2, 4, 3)).astype("float32")
H, C = (RNG.normal(size=(2, 2)).astype("float32") for _ in range(2))
# Masked at the start, in the middle and at the end.
MASK = np.array([[False, True, False, True], [True, False, True, False]])

KINDS = {
    "simple": (L.SimpleRNN, {}, [H]),
    "lstm": (L.LSTM, {}, [H, C]),
    "gru": (L.GRU, {}, [H]),
    "gru-before": (L.GRU, {"reset_after": False, "use_bias": False}, [H]),
}
CASES = {
    "plain": ({}, {}),
    "all": ({"return_sequences": True, "return_state": True}, {"mask": MASK}),
    "zero": ({"zero_output_for_mask": True, "return_state": True}, {"mask": MASK}),
    "dropped": (
        {"dropout": 0.4, "recurrent_dropout": 0.4, "return_sequences": True, "go_backwards": True},
        {"mask": MASK, "training": True},
    ),
}


def pair(kind, **settings):
    """Two layers with the same weights and seeds: one takes the op, one the loop."""
    make, further, states = KINDS[kind]
    layers = [make(2, seed=3, **further, **settings) for _ in range(2)]
    for layer in layers:
        layer.build(X.shape)
    layers[1].set_weights(layers[0].get_weights())
    object.__setattr__(layers[1].cell, "_has_fast_loop", lambda: False)
    assert layers[0]._runs_fast()
    assert not layers[1]._runs_fast()
    return layers, [tf.constant(s) for s in states]


def outcome(layer, x, states, call):
    """Outputs, and gradients of inputs, states and weights."""
    with tf.GradientTape() as tape:
        tape.watch([x, *states])
        outputs = tf.nest.flatten(layer(x, initial_state=states, **call))
        total = tf.add_n([tf.reduce_sum(tf.sin(o + i)) for i, o in enumerate(outputs)])
    return outputs, tape.gradient(total, [x, *states, *layer.trainable_weights])


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", KINDS)
def test_op_and_loop_agree(kind, case):
    settings, call = CASES[case]
    (fast, slow), states = pair(kind, **settings)
    x = tf.constant(X)
    seed = slow.cell.seed_generator.state
    start = seed.numpy().copy()
    wanted = tf.nest.flatten(outcome(fast, x, states, call))
    for program in (outcome, tf.function(outcome)):
        seed.assign(start)
        found = tf.nest.flatten(program(slow, x, states, call))
        for one, two in zip(found, wanted, strict=True):
            np.testing.assert_allclose(one, two, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("unroll", [False, True])
def test_stack_of_cells_agrees(unroll):
    cells = lambda: [L.LSTMCell(2), L.GRUCell(2), L.SimpleRNNCell(3)]  # noqa: E731
    fast, slow = (
        L.RNN(cells(), return_sequences=True, return_state=True, unroll=unroll) for _ in range(2)
    )
    for layer in (fast, slow):
        layer.build(X.shape)
    slow.set_weights(fast.get_weights())
    object.__setattr__(slow.cell, "_has_fast_loop", lambda: False)
    one = tf.nest.flatten(fast(X, mask=MASK))
    two = tf.nest.flatten(tf.function(lambda x: slow(x, mask=MASK))(X))
    for a, b in zip(one, two, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_unrolled_is_the_same():
    loop, written = L.LSTM(2), L.LSTM(2, unroll=True)
    loop.build(X.shape)
    written.build(X.shape)
    written.set_weights(loop.get_weights())
    np.testing.assert_allclose(loop(X), written(X), atol=1e-6)
    program = tf.function(lambda x: written(x))
    np.testing.assert_allclose(program(X), loop(X), atol=1e-6)


def test_an_activation_of_ones_own_takes_the_loop():
    own = L.LSTM(2, activation=lambda x: tf.tanh(x))
    named = L.LSTM(2)
    own.build(X.shape)
    named.build(X.shape)
    own.set_weights(named.get_weights())
    assert not own._runs_fast()
    np.testing.assert_allclose(own(X), named(X), atol=1e-6)


def test_a_cell_that_computes_its_own_way_takes_the_loop():
    class Louder(L.LSTMCell):
        def call(self, inputs, states, training=False):
            output, states = super().call(inputs, states, training)
            return 2 * output, states

    cell = Louder(2)
    louder, plain = L.RNN(cell), L.LSTM(2)
    louder.build(X.shape)
    plain.build(X.shape)
    louder.set_weights(plain.get_weights())
    np.testing.assert_allclose(louder(X), 2 * plain(X), atol=1e-6)


def test_half_precision_keeps_states_wide():
    tf.keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        half = L.LSTM(2, return_sequences=True, return_state=True)
    finally:
        tf.keras.config.set_dtype_policy("float32")
    whole = L.LSTM(2, return_sequences=True, return_state=True)
    half.build(X.shape)
    whole.build(X.shape)
    half.set_weights(whole.get_weights())
    assert half._runs_fast()
    for one, two in zip(half(X), whole(X), strict=True):
        assert one.dtype == tf.bfloat16
        np.testing.assert_allclose(tf.cast(one, "float32"), two, atol=0.02)


@pytest.mark.parametrize("kind", ["lstm", "gru", "gru-before"])
def test_half_precision_trains(kind):
    make, further, _ = KINDS[kind]
    layer = make(16, recurrent_dropout=0.2, dtype="mixed_bfloat16", **further)
    model = tf.keras.Sequential([layer, L.Dense(1)])
    model.compile("adam", "mse")
    x = RNG.normal(size=(64, 20, 14)).astype("float32")
    history = model.fit(x, x[:, -1, :1], batch_size=32, epochs=2, verbose=0)
    assert history.history["loss"][1] < history.history["loss"][0]


def test_first_outputs_are_zero_until_a_step_counts():
    late = np.array([[False, True, True, True], [False, False, False, False]])
    layer = L.GRU(2, return_sequences=True, return_state=True)
    outputs, state = layer(X, initial_state=H, mask=late)
    assert not outputs.numpy()[:, 0].any()
    assert not outputs.numpy()[1].any()
    np.testing.assert_array_equal(state[1], H[1])


def test_values_in_masked_steps_do_not_matter():
    layer = L.LSTM(2, return_sequences=True)
    other = np.where(MASK[..., None], X, 100.0).astype("float32")
    np.testing.assert_array_equal(layer(X, mask=MASK), layer(other, mask=MASK))
