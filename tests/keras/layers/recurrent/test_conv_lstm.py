"""Convolutional long short-term memories."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

L = tf.keras.layers
X = np.random.default_rng(4).normal(size=(2, 3, 4, 4, 2)).astype("float32")


def test_channels_first_is_channels_last_transposed():
    last, first = (
        L.ConvLSTM2D(
            3, 2, data_format=f"channels_{where}", return_sequences=True, return_state=True
        )
        for where in ("last", "first")
    )
    wanted = last(X)
    turned = np.moveaxis(X, -1, 2)
    first.build(turned.shape)
    first.set_weights(last.get_weights())
    for found in (first(turned), tf.function(lambda x: first(x))(turned)):
        np.testing.assert_allclose(np.moveaxis(found[0].numpy(), 2, -1), wanted[0], atol=1e-5)
        np.testing.assert_allclose(np.moveaxis(found[2].numpy(), 1, -1), wanted[2], atol=1e-5)


def test_the_cell_steps_like_the_layer():
    layer = L.ConvLSTM1D(2, 2)
    wanted = layer(X[:, :, 0])
    states = layer.get_initial_state(2)
    assert [s.shape for s in states] == [(2, 3, 2), (2, 3, 2)]
    for step in range(3):
        output, states = layer.cell(X[:, step, 0], states)
    np.testing.assert_allclose(output, wanted, atol=1e-6)


def test_stateful_masks_and_gradients():
    kept, whole = (L.ConvLSTM1D(2, 2, stateful=s, return_sequences=True) for s in (True, False))
    kept.build((2, None, 4, 2))
    whole.build((2, None, 4, 2))
    kept.set_weights(whole.get_weights())
    rows = X[:, :, 0]
    parts = [kept(rows[:, :1]), kept(rows[:, 1:])]
    np.testing.assert_allclose(tf.concat(parts, 1), whole(rows), atol=1e-6)
    mask = np.array([[True, False, True], [False, True, False]])
    found = whole(rows, mask=mask)
    np.testing.assert_allclose(found[0, 0], found[0, 1])
    assert not found.numpy()[1, 0].any()

    @tf.function
    def gradients(x):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(whole(x, mask=mask) ** 2)
        return tape.gradient(loss, whole.trainable_weights)

    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(whole(rows, mask=mask) ** 2)
    for one, two in zip(gradients(rows), tape.gradient(loss, whole.trainable_weights), strict=True):
        np.testing.assert_allclose(one, two, atol=1e-4, rtol=1e-4)


def test_dropout_stays_the_same_along_time():
    layer = L.ConvLSTM1D(2, 1, dropout=0.5, recurrent_dropout=0.5, return_sequences=True)
    ones = np.ones((1, 3, 4, 6), "float32")
    layer.build(ones.shape)
    kernel, recurrent, bias = layer.get_weights()
    layer.set_weights([kernel, recurrent * 0, bias * 0])
    found = layer(ones, training=True).numpy()
    # With the state's products gone and a forget gate of 1/2 the memory's growth halves in each step.
    layer.set_weights([kernel, recurrent * 0, np.where(np.arange(8) // 2 == 1, -50.0, 0.0)])
    steps = tf.function(lambda x: layer(x, training=True))(ones).numpy()
    assert (steps == steps[:, :1]).all()
    assert (steps != layer(ones).numpy()).any()
    assert np.isfinite(found).all()
    assert layer.cell._masks == {}


def test_a_model_of_moving_images():
    model = tf.keras.Sequential(
        [
            tf.keras.Input((None, 4, 4, 2)),
            L.ConvLSTM2D(2, 3, padding="same"),
            L.GlobalMaxPooling2D(),
        ]
    )
    assert model.output_shape == (None, 2)
    model.compile("sgd", "mse")
    history = model.fit(X, np.zeros((2, 2), "float32"), epochs=2, verbose=0)
    assert np.isfinite(history.history["loss"]).all()


def test_arguments_are_checked():
    with pytest.raises(ValueError, match="expected filters as a positive int, got 0"):
        L.ConvLSTM2D(0, 3)
    with pytest.raises(ValueError, match=r"expected ndim=5 .* got shape \(3, 4, 4, 2\)"):
        L.ConvLSTM2D(2, 3)(X[0])
    with pytest.raises(ValueError, match="whose sizes are known but for batch and time"):
        L.ConvLSTM2D(2, 3)(tf.keras.Input((None, None, None, 2)))
    layer = L.ConvLSTM2D(2, 2)
    layer(X)
    with pytest.raises(ValueError, match="expected size 4 on axis 2"):
        layer(X[:, :, :3])
