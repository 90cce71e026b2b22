"""Bidirectional and TimeDistributed."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

L = tf.keras.layers
X = np.random.default_rng(3).normal(size=(2, 4, 3)).astype("float32")
MASK = np.array([[False, False, True, False], [True, False, False, True]])


def test_both_directions_are_the_layers_themselves():
    layer = L.Bidirectional(L.LSTM(2, return_sequences=True, return_state=True), merge_mode=None)
    forward, backward, *states = layer(X)
    wanted, *one = layer.forward_layer(X)
    mirrored, *two = layer.backward_layer(X)
    np.testing.assert_allclose(forward, wanted, atol=1e-6)
    np.testing.assert_allclose(backward, mirrored[:, ::-1], atol=1e-6)
    for a, b in zip(states, [*one, *two], strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
    assert layer.forward_layer.name.startswith("forward_lstm")
    assert layer.backward_layer.go_backwards


@pytest.mark.parametrize("sequence", [False, True])
def test_masks(sequence):
    layer = L.Bidirectional(L.GRU(2, return_sequences=sequence), merge_mode=None)
    mask = tf.constant(MASK)
    forward, backward = layer(X, mask=mask)
    found = layer.compute_mask(X, mask)
    if sequence:
        assert found == (mask, mask)
        assert not forward.numpy()[~MASK].any()
        assert not backward.numpy()[~MASK].any()
    else:
        assert found == (None, None)
    state = L.Bidirectional(L.GRU(2, return_sequences=sequence, return_state=True))
    state.build(X.shape)
    assert state.compute_mask(X, mask) == [mask if sequence else None, None, None]


def test_initial_state_is_halved():
    layer = L.Bidirectional(L.LSTM(2, return_state=True))
    states = [tf.fill((2, 2), float(i)) for i in range(4)]
    wanted = layer.forward_layer(X, initial_state=states[:2])[0]
    mirrored = layer.backward_layer(X, initial_state=states[2:])[0]
    for found in (layer(X, initial_state=states), layer([tf.constant(X), *states])):
        np.testing.assert_allclose(found[0], tf.concat([wanted, mirrored], 1), atol=1e-6)
    with pytest.raises(
        ValueError, match="expected an initial_state with the states of the forward"
    ):
        layer(X, initial_state=states[:3])
    encoder = L.Bidirectional(L.GRU(2, return_state=True))
    inputs = tf.keras.Input((None, 3))
    _, *kept = encoder(inputs)
    outputs = L.Bidirectional(L.GRU(2))(inputs, initial_state=kept)
    assert tf.keras.Model(inputs, outputs)(X).shape == (2, 4)


def test_stateful_in_both_directions():
    layer = L.Bidirectional(L.GRU(2, stateful=True))
    assert layer.states is None
    first = layer(X)
    assert len(layer.states) == 2
    assert np.abs(layer(X) - first).max() > 1e-4
    layer.reset_state()
    np.testing.assert_allclose(layer(X), first, atol=1e-6)
    layer.reset_states()
    assert not any(s.numpy().any() for s in layer.states)


def test_first_values_of_all_weights():
    given = L.Bidirectional(L.GRU(2))
    given.build(X.shape)
    layer = L.Bidirectional(L.GRU(2), weights=given.get_weights())
    np.testing.assert_array_equal(layer(X), given(X))


def test_cells_of_a_class_that_is_not_registered():
    class Sum(L.Layer):
        def __init__(self, size, **kwargs):
            super().__init__(**kwargs)
            self.state_size = size

        def call(self, inputs, states):
            return states[0] + inputs, [states[0] + inputs]

        def get_config(self):
            return super().get_config() | {"size": self.state_size}

    found = L.Bidirectional(L.RNN(Sum(3), return_sequences=True), merge_mode="sum")(X)
    np.testing.assert_allclose(
        found, np.cumsum(X, 1) + np.cumsum(X[:, ::-1], 1)[:, ::-1], atol=1e-5
    )


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="expected merge_mode among"):
        L.Bidirectional(L.LSTM(2), merge_mode="max")
    for wrong in (L.Dense(2), 5):
        with pytest.raises(ValueError, match="expected layer to be a recurrent layer"):
            L.Bidirectional(wrong)
    with pytest.raises(ValueError, match="expected layers with different go_backwards"):
        L.Bidirectional(L.LSTM(2), backward_layer=L.LSTM(2))
    with pytest.raises(ValueError, match="expected layers with the same return_sequences"):
        L.Bidirectional(
            L.LSTM(2), backward_layer=L.LSTM(2, go_backwards=True, return_sequences=True)
        )


def test_every_step_gets_the_same_layer():
    dense = L.Dense(2)
    layer = L.TimeDistributed(dense)
    np.testing.assert_allclose(layer(X), dense(X), atol=1e-6)
    assert layer.compute_mask(X, tf.constant(MASK)).shape == (2, 4)
    model = tf.keras.Sequential([tf.keras.Input((None, 3)), layer, L.LSTM(1)])
    model.compile("sgd", "mse")
    model.fit(X, np.ones((2, 1), "float32"), verbose=0)
    assert model(X[:, :2]).shape == (2, 1)


def test_masks_of_steps_inside_steps():
    inputs = np.random.default_rng(0).normal(size=(2, 3, 4, 2)).astype("float32")
    mask = np.array([[[True, False, True, False]] * 3, [[False] * 4, [True] * 4, [False] * 4]])
    inner = L.LSTM(2)
    layer = L.TimeDistributed(inner)
    found = layer(inputs, mask=mask)
    for step in range(3):
        wanted = inner(inputs[:, step], mask=mask[:, step])
        np.testing.assert_allclose(found[:, step], wanted, atol=1e-6)
    passed = layer.compute_mask(tf.constant(inputs), tf.constant(mask))
    assert passed.numpy().tolist() == [[True] * 3, [False, True, False]]
    kept = L.TimeDistributed(L.Dropout(0.1)).compute_mask(tf.constant(inputs), tf.constant(mask))
    np.testing.assert_array_equal(kept, mask)
    steps = tf.constant(mask[..., 0])
    assert layer.compute_mask(inputs, steps) is steps
    np.testing.assert_allclose(layer(inputs, mask=steps), layer(inputs), atol=1e-6)


def test_words_in_sentences():
    ids = np.array([[[1, 2, 0], [0, 0, 0]], [[3, 0, 0], [4, 4, 4]]])
    model = tf.keras.Sequential(
        [
            L.TimeDistributed(tf.keras.Sequential([L.Embedding(5, 2, mask_zero=True), L.GRU(2)])),
            L.GRU(2),
        ]
    )
    assert model(ids).shape == (2, 2)


def test_copies_have_the_same_paths():
    for layer in (
        L.TimeDistributed(L.Dense(2, name="d"), name="t"),
        L.Bidirectional(L.GRU(2, name="g"), name="b"),
        L.RNN([L.GRUCell(2, name="c")], name="r"),
    ):
        layer(X)
        config = tf.keras.saving.serialize_keras_object(layer)
        copy = tf.keras.saving.deserialize_keras_object(config)
        assert [w.path for w in copy.weights] == [w.path for w in layer.weights]


def test_time_distributed_refuses():
    with pytest.raises(ValueError, match="expected a layer to wrap, got 5"):
        L.TimeDistributed(5)
    with pytest.raises(
        ValueError, match=r"expected inputs \(batch, time, \.\.\.\) of rank 3 or more"
    ):
        L.TimeDistributed(L.Dense(2))(X[0])
