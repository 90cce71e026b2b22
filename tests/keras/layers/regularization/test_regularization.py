"""Random layers: what they change, by how much, with which seed; and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers

ONES = tf.ones((100, 50))
RANDOM = {
    "dropout": lambda **kwargs: layers.Dropout(0.3, **kwargs),
    "alpha": lambda **kwargs: layers.AlphaDropout(0.3, **kwargs),
    "gaussian": lambda **kwargs: layers.GaussianDropout(0.3, **kwargs),
    "noise": lambda **kwargs: layers.GaussianNoise(0.3, **kwargs),
}
EACH = pytest.mark.parametrize("make", RANDOM.values(), ids=RANDOM)


@EACH
def test_identity_outside_of_training(make):
    np.testing.assert_array_equal(make()(ONES), ONES)


@EACH
def test_a_seed_decides_and_calls_differ(make):
    one, two, other = make(seed=1), make(seed=1), make(seed=2)
    first, second = one(ONES, training=True), one(ONES, training=True)
    np.testing.assert_array_equal(first, two(ONES, training=True))
    np.testing.assert_array_equal(second, two(ONES, training=True))
    assert not np.array_equal(first, second)
    assert not np.array_equal(first, other(ONES, training=True))


@EACH
def test_the_global_seed_decides_for_layers_without_one(make):
    results = []
    for _ in range(2):
        keras.utils.set_random_seed(4)
        results.append(make()(ONES, training=True).numpy())
    np.testing.assert_array_equal(*results)


@EACH
def test_a_compiled_call_draws_fresh_numbers_each_time(make):
    layer = make()
    call = tf.function(lambda x: layer(x, training=True))
    one, two = call(ONES), call(ONES)
    assert not np.array_equal(one, two)


@EACH
def test_the_state_is_a_variable_of_the_layer(make):
    layer = make(seed=5)
    (state,) = layer.variables
    assert layer.weights == []
    layer(ONES, training=True)
    assert state.numpy().tolist() == [5, 1]


def test_dropout_drops_its_fraction_and_scales_the_others():
    found = layers.Dropout(0.3, seed=1)(ONES, training=True).numpy()
    assert abs((found == 0).mean() - 0.3) < 0.03
    np.testing.assert_allclose(found[found != 0], 1 / 0.7, rtol=1e-6)


def test_dropout_by_noise_shape_drops_together():
    found = layers.Dropout(0.5, noise_shape=(None, 1, 4), seed=1)(
        tf.ones((9, 3, 4)), training=True
    ).numpy()
    np.testing.assert_array_equal(found, np.broadcast_to(found[:, :1], found.shape))
    assert len(np.unique(found[:, 0])) == 2


@pytest.mark.parametrize(
    ("layer", "shape", "channels"),
    [
        (layers.SpatialDropout1D(0.5, seed=1), (4, 3, 8), -1),
        (layers.SpatialDropout2D(0.5, seed=1), (4, 2, 3, 8), -1),
        (layers.SpatialDropout2D(0.5, "channels_first", seed=1), (4, 8, 2, 3), 1),
        (layers.SpatialDropout3D(0.5, seed=1), (4, 2, 2, 3, 8), -1),
        (layers.SpatialDropout3D(0.5, "channels_first", seed=1), (4, 8, 2, 2, 3), 1),
    ],
    ids=["1d", "2d", "2d-first", "3d", "3d-first"],
)
def test_spatial_dropout_drops_whole_channels(layer, shape, channels):
    found = np.moveaxis(layer(tf.ones(shape), training=True).numpy(), channels, 1).reshape(4, 8, -1)
    assert (found == found[..., :1]).all()
    assert sorted(np.unique(found)) == [0.0, 2.0]


def test_alpha_dropout_keeps_mean_and_variance():
    inputs = np.random.default_rng(0).normal(size=(200, 200)).astype("float32")
    found = layers.AlphaDropout(0.3, seed=1)(inputs, training=True).numpy()
    assert abs(found.mean()) < 0.02
    assert abs(found.std() - 1.0) < 0.02
    # SELU's saturation -1.758 after the affine map that keeps mean and variance.
    assert abs(np.isclose(found, -1.0595481).mean() - 0.3) < 0.02


def test_alpha_dropout_by_noise_shape():
    found = layers.AlphaDropout(0.5, noise_shape=(None, 1), seed=1)(
        tf.ones((20, 3)), training=True
    ).numpy()
    assert (found == found[:, :1]).all()
    assert len(np.unique(found[:, 0])) == 2


@pytest.mark.parametrize(
    ("layer", "mean", "deviation"),
    [
        (layers.GaussianDropout(0.2, seed=1), 1.0, 0.5),
        (layers.GaussianNoise(2.0, seed=1), 1.0, 2.0),
    ],
    ids=["dropout", "noise"],
)
def test_gaussian_noise_has_its_deviation(layer, mean, deviation):
    found = layer(tf.ones((200, 200)), training=True).numpy()
    assert abs(found.mean() - mean) < 0.03
    assert abs(found.std() / deviation - 1.0) < 0.02


def test_activity_regularization_costs_per_sample():
    layer = layers.ActivityRegularization(0.1, 0.2)
    layer(2.0 * tf.ones((2, 3)))
    assert float(layer.losses[0]) == pytest.approx((0.1 * 12 + 0.2 * 24) / 2)
    assert "activity_regularizer" not in layer.get_config()


@pytest.mark.parametrize("rate", [-0.1, 1.5, "half", True])
@pytest.mark.parametrize("kind", ["Dropout", "SpatialDropout1D", "AlphaDropout", "GaussianDropout"])
def test_rates_out_of_range_are_refused(kind, rate):
    with pytest.raises(ValueError, match=rf"\[{kind} .*expected rate in \[0, 1"):
        getattr(layers, kind)(rate)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: layers.AlphaDropout(1.0), r"expected rate in \[0, 1\), got 1.0"),
        (lambda: layers.GaussianDropout(1.0), r"expected rate in \[0, 1\), got 1.0"),
        (lambda: layers.GaussianNoise(-1.0), "expected stddev as a number of 0 or more, got -1.0"),
        (lambda: layers.Dropout(0.5, noise_shape=3), "expected noise_shape as positive sizes"),
        (lambda: layers.AlphaDropout(0.5, (3, 1))(ONES, training=True), r"got \(3, 1\)"),
        (lambda: layers.Dropout(0.5, (3, 1))(ONES, training=True), r"got \(3, 1\)"),
        (lambda: layers.SpatialDropout1D(0.5)(ONES), "ndim=3"),
        (lambda: layers.SpatialDropout2D(0.5, "last"), "expected data_format"),
        (lambda: layers.Dropout(0.5)(tf.ones((2, 2), "int32"), training=True), "floating"),
    ],
)
def test_misuse_is_refused(act, message):
    with pytest.raises(ValueError, match=message):
        act()
