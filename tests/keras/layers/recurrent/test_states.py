"""States: kept from call to call, given, returned, and gradients through them."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

L = tf.keras.layers
X = np.random.default_rng(1).normal(size=(2, 6, 3)).astype("float32")


@pytest.mark.parametrize("kind", [L.LSTM, L.GRU, L.SimpleRNN])
def test_parts_of_a_sequence_equal_the_whole(kind):
    kept, whole = kind(2, stateful=True, return_sequences=True), kind(2, return_sequences=True)
    kept.build((2, None, 3))
    whole.build((2, None, 3))
    kept.set_weights(whole.get_weights())
    parts = [kept(X[:, :3]), kept(X[:, 3:])]
    np.testing.assert_allclose(tf.concat(parts, 1), whole(X), atol=1e-6)
    kept.reset_state()
    np.testing.assert_allclose(kept(X[:, :3]), parts[0], atol=1e-6)
    kept.reset_states()
    program = tf.function(lambda x: kept(x))
    compiled = [program(X[:, :3]), program(X[:, 3:])]
    np.testing.assert_allclose(tf.concat(compiled, 1), whole(X), atol=1e-6)


def test_states_are_variables_but_no_weights():
    layer = L.LSTM(2, stateful=True)
    assert layer.states is None
    layer.reset_state()
    layer.build((2, None, 3))
    assert [s.path for s in layer.states] == ["lstm/rnn_state"] * 2 or len(layer.states) == 2
    assert len(layer.weights) == 3
    assert not layer.states[0].numpy().any()
    layer(X)
    assert layer.states[0].numpy().any()
    assert L.LSTM(2).states is None


def test_stateful_needs_a_fixed_batch():
    layer = L.GRU(2, stateful=True)
    with pytest.raises(ValueError, match="expected a fixed number of sequences"):
        layer(tf.keras.Input((4, 3)))
    layer = L.GRU(2, stateful=True)
    layer(X)
    with pytest.raises(ValueError, match=r"expected 2 sequences, as it is stateful.* got 1"):
        layer(X[:1])


def test_stateful_in_a_model_fits_and_predicts():
    inputs = tf.keras.Input(batch_shape=(2, None, 3))
    layer = L.GRU(2, stateful=True, return_sequences=True)
    model = tf.keras.Model(inputs, layer(inputs))
    whole = L.GRU(2, return_sequences=True)
    whole.build((2, None, 3))
    whole.set_weights(layer.get_weights())
    found = [model.predict(X[:, :3], batch_size=2, verbose=0) for _ in range(1)]
    found.append(model.predict(X[:, 3:], batch_size=2, verbose=0))
    np.testing.assert_allclose(np.concatenate(found, 1), whole(X), atol=1e-6)
    model.compile("sgd", "mse")
    layer.reset_state()
    model.fit(
        X[:, :3], np.zeros((2, 3, 2), "float32"), batch_size=2, epochs=2, shuffle=False, verbose=0
    )
    assert layer.states[0].numpy().any()


def test_initial_state_as_argument_list_and_position():
    layer = L.LSTM(2, return_state=True)
    h, c = tf.ones((2, 2)), tf.fill((2, 2), 0.5)
    wanted = layer(X, initial_state=[h, c])
    for found in (layer([tf.constant(X), h, c]), layer(X, [h, c]), layer(X, initial_state=(h, c))):
        for one, two in zip(found, wanted, strict=True):
            np.testing.assert_array_equal(one, two)
    assert np.abs(wanted[0] - layer(X)[0]).max() > 1e-3


def test_symbolic_initial_state_makes_an_encoder_and_decoder():
    sequences, targets = tf.keras.Input((None, 3)), tf.keras.Input((None, 3))
    _, *states = L.LSTM(2, return_state=True)(sequences)
    outputs = L.LSTM(2, return_sequences=True)(targets, initial_state=states)
    model = tf.keras.Model([sequences, targets], outputs)
    listed = tf.keras.Model([sequences, targets], L.LSTM(2)([targets, *states]))
    assert listed([X, X]).shape == (2, 2)
    copy = tf.keras.Model.from_config(model.get_config())
    copy.set_weights(model.get_weights())
    np.testing.assert_array_equal(copy([X, X]), model([X, X]))
    model.compile("adam", "mse")
    history = model.fit([X, X], np.zeros((2, 6, 2), "float32"), epochs=2, verbose=0)
    assert history.history["loss"][1] < history.history["loss"][0]


def test_gradient_reaches_the_initial_state_and_the_encoder():
    encoder, decoder = L.GRU(2, return_state=True), L.GRU(2)
    with tf.GradientTape() as tape:
        _, state = encoder(X)
        loss = tf.reduce_sum(decoder(X, initial_state=state))
    gradients = tape.gradient(loss, encoder.trainable_weights)
    assert all(np.abs(g).max() > 0 for g in gradients)


def test_stack_takes_and_gives_nested_states():
    layer = L.RNN([L.GRUCell(2), L.LSTMCell(3)], return_state=True)
    output, first, second = layer(X)
    assert [s.shape for s in first] == [(2, 2)]
    assert [s.shape for s in second] == [(2, 3), (2, 3)]
    assert output.shape == (2, 3)
    flat = [*first, *second]
    for given in ([first, second], [first[0], second], flat):
        again, *_ = layer(X, initial_state=given)
        np.testing.assert_array_equal(again, layer(X, initial_state=[first, second])[0])


def test_initial_state_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"initial_state of 2 tensor\(s\), got 1"):
        L.LSTM(2)(X, initial_state=tf.zeros((2, 2)))
    with pytest.raises(ValueError, match=r"initial_state of shape \(2, 2\), got \(2, 3\)"):
        L.GRU(2)(X, initial_state=tf.zeros((2, 3)))


def test_get_initial_state():
    assert [s.shape for s in L.LSTM(2).get_initial_state(3)] == [(3, 2), (3, 2)]
    assert [s.shape for s in L.GRUCell(2).get_initial_state(3)] == [(3, 2)]
    stack = L.StackedRNNCells([L.GRUCell(2), L.LSTMCell(3)])
    assert tf.nest.map_structure(lambda s: tuple(s.shape), stack.get_initial_state(4)) == [
        [(4, 2)],
        [(4, 3), (4, 3)],
    ]
    assert stack.state_size == [2, [3, 3]]
    assert stack.output_size == 3


def test_stateful_with_half_precision():
    layer = L.LSTM(2, stateful=True, dtype="mixed_bfloat16")
    first, second = layer(X), layer(X)
    assert layer.states[0].dtype == "float32"
    assert first.dtype == tf.bfloat16
    assert (first.numpy() != second.numpy()).any()


@pytest.mark.parametrize(
    "make",
    [
        lambda policy: L.RNN(L.LSTMCell(2), return_state=True, dtype=policy),
        lambda policy: L.RNN([L.GRUCell(2), L.LSTMCell(3)], return_state=True, dtype=policy),
        lambda policy: L.Bidirectional(L.GRU(2, return_state=True), dtype=policy),
    ],
)
@pytest.mark.parametrize("policy", ["mixed_float16", "float64"])
def test_results_are_in_the_dtype_of_the_loop_whatever_the_cell_computes_in(make, policy):
    layer, x = make(policy), np.ones((2, 3, 2), "float32")
    mask = tf.constant([[True, True, False]] * 2)
    wanted = layer.compute_dtype
    assert {t.dtype.name for t in tf.nest.flatten(layer(x, mask=mask))} == {wanted}
    drawn = layer(tf.keras.Input((3, 2)), mask=tf.keras.Input((3,), dtype="bool"))
    assert {t.dtype for t in tf.nest.flatten(drawn)} == {wanted}
    assert layer.weights[0].dtype == "float32"
