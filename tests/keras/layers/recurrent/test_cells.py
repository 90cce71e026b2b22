"""Cells of a user's own, in every life."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

L = tf.keras.layers
X = np.random.default_rng(2).normal(size=(2, 5, 3)).astype("float32")
MASK = np.array([[True, False, True, True, False], [False, True, True, False, True]])


@tf.keras.saving.register_keras_serializable("tests")
class Minimal(L.Layer):
    """The minimal cell of Keras' guide."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units

    def build(self, input_shape):
        self.kernel = self.add_weight(
            (input_shape[-1], self.units), "glorot_uniform", name="kernel"
        )
        self.recurrent_kernel = self.add_weight(
            (self.units, self.units), "glorot_uniform", name="recurrent_kernel"
        )

    def call(self, inputs, states):
        output = tf.matmul(inputs, self.kernel) + tf.matmul(states[0], self.recurrent_kernel)
        return output, [output]


def like_simple(**settings):
    """A layer with the user's cell, and one of ours that computes the same."""
    own = L.RNN(Minimal(2), **settings)
    ours = L.SimpleRNN(2, activation=None, use_bias=False, **settings)
    own.build(X.shape)
    ours.build(X.shape)
    ours.set_weights(own.get_weights())
    return own, ours


@pytest.mark.parametrize("sequence", [False, True])
@pytest.mark.parametrize("masked", [False, True])
def test_eager_traced_and_symbolic(sequence, masked):
    own, ours = like_simple(return_sequences=sequence, return_state=True)
    mask = MASK if masked else None
    wanted = ours(X, mask=mask)
    inputs = tf.keras.Input((None, 3))
    model = tf.keras.Model(inputs, own(inputs, mask=None))
    found = [own(X, mask=mask), tf.function(lambda x: own(x, mask=mask))(X)]
    found += [] if masked else [model(X), model.predict(X, verbose=0)]
    for outputs in found:
        for one, two in zip(outputs, wanted, strict=True):
            np.testing.assert_allclose(one, two, atol=1e-6)


def test_gradients_of_every_kind():
    own, ours = like_simple()

    def gradients(layer):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.sin(layer(X)))
        return tape.gradient(loss, layer.trainable_weights)

    wanted = gradients(ours)
    for found in (gradients(own), tf.function(gradients)(own)):
        for one, two in zip(found, wanted, strict=True):
            np.testing.assert_allclose(one, two, atol=1e-5)


def test_fit_trains_the_cell_and_the_model_is_made_anew_from_its_config():
    model = tf.keras.Sequential([L.RNN(Minimal(4)), L.Dense(1)])
    model.compile("adam", "mse")
    history = model.fit(X, np.ones((2, 1), "float32"), epochs=3, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]
    copy = tf.keras.Sequential.from_config(model.get_config())
    copy.build((None, 5, 3))
    copy.set_weights(model.get_weights())
    np.testing.assert_allclose(copy(X), model(X), atol=1e-6)


class Nested(L.Layer):
    """States of several forms in a dict, a Variable that counts, and an output of another size."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.state_size = {"sum": 3, "matrix": tf.TensorShape([3, 2])}
        self.output_size = 6
        self.steps = self.add_weight((), "zeros", trainable=False, name="steps")
        self.mix = L.Dense(6)

    def call(self, inputs, states):
        self.steps.assign_add(1.0)
        total = states["sum"] + inputs
        matrix = states["matrix"] * 0.5 + total[..., None]
        flat = tf.reshape(matrix, (-1, 6))
        return self.mix(flat), {"sum": total, "matrix": matrix}


def test_nested_states_variables_and_layers_inside():
    layer = L.RNN(Nested(), return_sequences=True, return_state=True)
    eager = layer(X)
    assert float(layer.cell.steps) == 5.0
    compiled = tf.function(lambda x: layer(x))(X)
    assert float(layer.cell.steps) == 10.0
    for one, two in zip(tf.nest.flatten(eager), tf.nest.flatten(compiled), strict=True):
        np.testing.assert_allclose(one, two, atol=1e-6)
    assert eager[0].shape == (2, 5, 6)
    assert len(layer.trainable_weights) == 2


def test_weights_made_on_the_first_call_are_made_outside_of_the_loop():
    class Lazy(L.Layer):
        state_size = 3
        dense = None

        def call(self, inputs, states):
            if self.dense is None:
                self.dense = L.Dense(3)
            output = self.dense(inputs) + states[0]
            return output, output

    layer = L.RNN(Lazy())
    tf.function(lambda x: layer(x))(X)
    assert [w.shape for w in layer.weights] == [(3, 3), (3,)]


def test_losses_of_a_cell():
    class Penalised(L.Layer):
        state_size = 3

        def call(self, inputs, states):
            self.add_loss(tf.reduce_sum(inputs))
            return inputs, [inputs]

    def total(layer, x):
        layer(x)
        return tf.add_n(layer.losses)

    unrolled = L.RNN(Penalised(), unroll=True)
    for found in (total(L.RNN(Penalised()), X), tf.function(lambda x: total(unrolled, x))(X)):
        np.testing.assert_allclose(found, X.sum(), rtol=1e-5)
    with pytest.raises(NotImplementedError, match="cannot leave a compiled loop"):
        tf.function(lambda x: L.RNN(Penalised())(x))(X)


def test_states_as_older_cells_give_them():
    class Older(L.Layer):
        state_size = [3]

        def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
            assert inputs is None
            return [tf.ones((batch_size, 3), dtype=dtype)]

        def call(self, inputs, states):
            return inputs * states[0], (states[0] + 1.0,)

    steps = np.arange(1, 6, dtype="float32")[:, None]
    np.testing.assert_allclose(L.RNN(Older(), return_sequences=True)(X), X * steps, rtol=1e-6)


def test_sequences_of_several_tensors():
    class Pair(L.Layer):
        state_size = 3

        def call(self, inputs, states):
            one, two = tf.nest.flatten(inputs)
            output = states[0] + one * two
            return output, [output]

    layer = L.RNN(Pair())
    wanted = (X * X[..., :1]).sum(1)
    np.testing.assert_allclose(layer((X, X[..., :1])), wanted, rtol=1e-5)
    two = (tf.keras.Input((5, 3)), tf.keras.Input((5, 1)))
    model = tf.keras.Model(list(two), L.RNN(Pair())(two))
    np.testing.assert_allclose(model([X, X[..., :1]]), wanted, rtol=1e-5)


def test_cell_alone():
    for cell in (L.SimpleRNNCell(2), L.GRUCell(2), L.GRUCell(2, reset_after=False), L.LSTMCell(2)):
        layer = L.RNN(cell, return_state=True)
        states = layer.get_initial_state(2)
        for step in range(5):
            output, states = cell(X[:, step], states)
        found = layer(X)
        np.testing.assert_allclose(found[0], output, atol=1e-6)
        for one, two in zip(found[1:], states, strict=True):
            np.testing.assert_allclose(one, two, atol=1e-6)
    output, state = L.GRUCell(2)(X[:, 0], tf.zeros((2, 2)))
    assert state is output


def test_what_is_no_cell_is_refused():
    with pytest.raises(ValueError, match=r"expected a cell, a layer with call"):
        L.RNN(object())
    with pytest.raises(ValueError, match="with a `state_size`"):
        L.RNN(L.Dense(2))
    with pytest.raises(ValueError, match="with a `state_size`"):
        L.StackedRNNCells([L.GRUCell(2), L.Dense(2)])

    class Wrong(L.Layer):
        state_size = 3

        def call(self, inputs, states):
            return inputs

    with pytest.raises(ValueError, match=r"expected the cell to return \(output, states\)"):
        L.RNN(Wrong())(X)


def test_arguments_are_checked():
    with pytest.raises(ValueError, match="expected units as a positive int, got 0"):
        L.LSTM(0)
    with pytest.raises(ValueError, match="got implementation=2, an argument of older versions"):
        L.LSTM(2, implementation=2)
    with pytest.raises(ValueError, match="got time_major=False"):
        L.GRU(2, time_major=False)
    with pytest.raises(ValueError, match="expected use_cudnn 'auto', True or False"):
        L.GRU(2, use_cudnn="yes")
    with pytest.raises(ValueError, match=r"expected ndim=3 .* got shape \(2, 5\)"):
        L.LSTM(2)(X[..., 0])
    with pytest.raises(ValueError, match="of at least one step"):
        L.LSTM(2)(X[:, :0])
    layer = L.LSTM(2)
    layer(X)
    with pytest.raises(ValueError, match="expected size 3 on axis -1"):
        layer(X[..., :2])


def test_configs_of_older_versions_are_read():
    config = L.LSTM(2).get_config() | {"implementation": 2, "time_major": False}
    assert L.LSTM.from_config(config).units == 2
    assert "cell" not in config
    with pytest.raises(ValueError, match="time_major"):
        L.LSTM.from_config(config | {"time_major": True})


def test_settings_are_read_from_the_cell():
    layer = L.GRU(3, dropout=0.1, reset_after=False, kernel_regularizer="l2")
    assert (layer.units, layer.dropout, layer.reset_after) == (3, 0.1, False)
    assert layer.activation is tf.keras.activations.tanh
    assert layer.kernel_regularizer is layer.cell.kernel_regularizer
    assert layer.state_size == 3
    assert L.LSTM(2).state_size == [2, 2]


def test_forget_gate_begins_open():
    layer = L.LSTM(2)
    layer.build((None, None, 3))
    assert layer.get_weights()[2].tolist() == [0, 0, 1, 1, 0, 0, 0, 0]
    layer = L.LSTM(2, unit_forget_bias=False)
    layer.build((None, None, 3))
    assert not layer.get_weights()[2].any()


def test_penalties_and_constraints():
    layer = L.GRU(
        2,
        kernel_regularizer="l2",
        recurrent_regularizer="l1",
        activity_regularizer="l2",
        bias_constraint="non_neg",
    )
    layer(X)
    assert len(layer.losses) == 3
    assert layer.cell.bias.constraint is not None


def test_configs_of_ones_own_subclasses():
    class Named(L.LSTM):
        pass

    class Further(L.GRU):
        def __init__(self, units, depth=1, **kwargs):
            super().__init__(units, **kwargs)
            self.depth = depth

        def get_config(self):
            return super().get_config() | {"depth": self.depth}

    for layer in (Named(3, dropout=0.1), Further(3, depth=2, dropout=0.1)):
        copy = type(layer).from_config(layer.get_config())
        assert (copy.units, copy.dropout) == (3, 0.1)
        assert copy.get_config() == layer.get_config()
        both = L.Bidirectional(layer)
        assert type(both.backward_layer) is type(layer)
    assert both.backward_layer.depth == 2
