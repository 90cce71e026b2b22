"""Attention of several heads: masks, windows, dropout, names, models and mistakes."""

from __future__ import annotations

import json

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers


def waves(*shape, phase=0.0):
    return np.cos(np.arange(np.prod(shape)) * 0.37 + phase).reshape(shape).astype("float32")


QUERY, VALUE = waves(2, 3, 4), waves(2, 5, 6, phase=1.0)
STEPS = np.array([[1, 1, 0, 1, 0], [0, 0, 0, 0, 0]], bool)
MULTI = layers.MultiHeadAttention(2, 3, bias_initializer="ones")
GROUPED = layers.GroupQueryAttention(3, 4, 2, bias_initializer="ones")
BOTH = pytest.mark.parametrize("layer", [MULTI, GROUPED], ids=["multi", "grouped"])


def scores_of(layer, query=QUERY, value=VALUE, **kwargs):
    return layer(query, value, return_attention_scores=True, **kwargs)[1].numpy()


@BOTH
@pytest.mark.parametrize("name", ["value_mask", "key_mask"])
def test_masked_sources_have_no_weight(layer, name):
    scores = scores_of(layer, **{name: tf.constant(STEPS)})
    np.testing.assert_array_equal(scores[:, :, :, ~STEPS[0]][0], 0.0)
    np.testing.assert_allclose(scores[0].sum(-1), 1.0, rtol=1e-5)
    np.testing.assert_array_equal(scores[1], 0.0)


@BOTH
@pytest.mark.parametrize("wanted", [False, True])
def test_a_target_that_sees_nothing_finds_zeros(layer, wanted):
    outputs = layer(QUERY, VALUE, value_mask=tf.constant(STEPS), return_attention_scores=wanted)
    outputs = outputs[0] if wanted else outputs
    np.testing.assert_allclose(outputs[1], 1.0, rtol=1e-6)
    assert not np.allclose(outputs[0], 1.0)


@BOTH
def test_with_and_without_scores_the_outputs_are_the_same(layer):
    pairs = waves(2, 3, 5) > 0
    for kwargs in (
        {},
        {"use_causal_mask": True},
        {"attention_mask": pairs, "use_causal_mask": True},
        {"value_mask": tf.constant(STEPS), "attention_mask": pairs},
    ):
        one = layer(QUERY, VALUE, **kwargs)
        two, _ = layer(QUERY, VALUE, return_attention_scores=True, **kwargs)
        np.testing.assert_allclose(one, two, atol=1e-5)


def test_masks_of_pairs_may_be_of_any_rank_and_dtype():
    mask = np.tril(np.ones((3, 5)))
    wanted = scores_of(MULTI, attention_mask=mask > 0)
    assert (wanted[0, 0, 0] > 0).tolist() == [True, False, False, False, False]
    for form in (mask, mask.astype("int32")[None], np.broadcast_to(mask, (2, 1, 3, 5)) > 0):
        np.testing.assert_allclose(scores_of(MULTI, attention_mask=form), wanted, rtol=1e-6)
    heads = np.stack([mask > 0, mask < 0.5])[None]
    assert (scores_of(MULTI, attention_mask=heads)[0, 1, 2] > 0).tolist() == [False] * 3 + [
        True
    ] * 2


def test_a_window_sees_its_neighbours():
    layer = layers.MultiHeadAttention(1, 3, sliding_window=2)
    steps = waves(1, 5, 4)
    seen = scores_of(layer, steps, steps)[0, 0] > 0
    near = np.abs(np.subtract.outer(np.arange(5), np.arange(5))) < 2
    np.testing.assert_array_equal(seen, near)
    seen = scores_of(layer, steps, steps, use_causal_mask=True)[0, 0] > 0
    np.testing.assert_array_equal(seen, near & np.tri(5, dtype=bool))


def test_further_axes_are_a_larger_batch():
    layer = layers.MultiHeadAttention(2, 3, attention_axes=2)
    query, value = waves(2, 3, 2, 4), waves(2, 3, 5, 4)
    mask = waves(2, 3, 5) > 0
    outputs, scores = layer(query, value, value_mask=mask, return_attention_scores=True)
    flat = layers.MultiHeadAttention(2, 3)
    flat.build((6, 2, 4), (6, 5, 4))
    flat.set_weights(layer.get_weights())
    wanted, weights = flat(
        query.reshape(6, 2, 4),
        value.reshape(6, 5, 4),
        value_mask=mask.reshape(6, 5),
        return_attention_scores=True,
    )
    np.testing.assert_allclose(outputs.numpy().reshape(6, 2, 4), wanted, atol=1e-5)
    np.testing.assert_allclose(scores.numpy().reshape(6, 2, 2, 5), weights, atol=1e-5)


def test_shared_heads_are_repeated_heads():
    layer = layers.GroupQueryAttention(3, 4, 2)
    outputs = layer(QUERY, VALUE)
    full = layers.MultiHeadAttention(4, 3)
    full.build(QUERY.shape, VALUE.shape)
    weights = {w.path.split("/", 1)[1]: w.numpy() for w in layer.weights}
    for name in ("key/kernel", "key/bias", "value/kernel", "value/bias"):
        weights[name] = np.repeat(weights[name], 2, -2)
    full.set_weights([weights[w.path.split("/", 1)[1]] for w in full.weights])
    np.testing.assert_allclose(full(QUERY, VALUE), outputs, atol=1e-5)


def test_names_are_those_of_keras():
    layer = layers.MultiHeadAttention(2, 3, use_gate=True, name="mha")
    layer(QUERY, VALUE)
    parts = ["query", "key", "gate", "value", "attention_output"]
    assert [w.path for w in layer.weights] == [
        f"mha/{p}/{w}" for p in parts for w in ("kernel", "bias")
    ]
    assert (layer.attention_axes, layer.value_dim) == ((1,), 3)


def test_projections_draw_values_of_their_own():
    layer = layers.MultiHeadAttention(2, 3)
    layer(QUERY, waves(2, 5, 4))
    kernels = [layer.query_dense.kernel, layer.key_dense.kernel, layer.value_dense.kernel]
    assert len({k.numpy().tobytes() for k in kernels}) == 3


def test_dropout_drops_in_training_only_and_gives_back_whole_scores():
    layer = layers.MultiHeadAttention(2, 3, dropout=0.5, seed=1)
    still, scores = layer(QUERY, VALUE, return_attention_scores=True)
    dropped, same = layer(QUERY, VALUE, return_attention_scores=True, training=True)
    np.testing.assert_allclose(scores, same, rtol=1e-6)
    assert not np.allclose(still, dropped)
    assert not np.allclose(dropped, layer(QUERY, VALUE, training=True))


def test_regularizers_see_each_projection():
    layer = layers.MultiHeadAttention(2, 3, activity_regularizer="l2", kernel_regularizer="l1")
    layer(QUERY, VALUE)
    assert len(layer.losses) == 8
    assert layer.get_config()["activity_regularizer"]["class_name"] == "L2"


@pytest.mark.parametrize("whole", [False, True])
def test_masks_of_an_embedding_reach_attention_in_fit(whole):
    numbers = keras.Input((None,), dtype="int32")
    steps = layers.Embedding(5, 4, mask_zero=True)(numbers)
    attention = layers.MultiHeadAttention(1, 4, use_bias=False, dropout=0.1 if whole else 0.0)
    model = keras.Model(numbers, attention(steps, steps))
    short, long = np.array([[3, 1]]), np.array([[3, 1, 0, 0]])
    np.testing.assert_allclose(model(long)[:, :2], model(short), rtol=1e-4, atol=1e-6)
    model.compile("sgd", "mse")
    history = model.fit(long, np.ones((1, 4, 4), "float32"), epochs=9, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]


def test_half_precision_takes_the_softmax_in_whole():
    layer = layers.MultiHeadAttention(2, 3, dtype="mixed_float16", kernel_initializer="ones")
    outputs, scores = layer(QUERY * 100, VALUE * 100, return_attention_scores=True)
    assert (outputs.dtype, scores.dtype) == (tf.float16, tf.float16)
    assert np.isfinite(scores).all()


def test_the_registered_name_is_that_of_keras():
    config = keras.saving.serialize_keras_object(GROUPED)
    assert (config["module"], config["class_name"]) == ("keras.layers", "GroupQueryAttention")
    for name in ("GroupedQueryAttention", "GroupQueryAttention"):
        copy = keras.saving.deserialize_keras_object(
            json.loads(json.dumps(config | {"class_name": name}))
        )
        assert isinstance(copy, layers.GroupQueryAttention)


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (
            lambda: layers.MultiHeadAttention(0, 2),
            ValueError,
            "expected num_heads as a positive int",
        ),
        (lambda: layers.MultiHeadAttention(2, 2, value_dim=0), ValueError, "expected value_dim"),
        (lambda: layers.MultiHeadAttention(2, 2, dropout=2.0), ValueError, "expected rate"),
        (
            lambda: layers.MultiHeadAttention(2, 2, sliding_window=0),
            ValueError,
            "expected sliding_window",
        ),
        (
            lambda: layers.MultiHeadAttention(2, 2, output_shape="x"),
            ValueError,
            "expected output_shape as",
        ),
        (
            lambda: layers.MultiHeadAttention(2, 2, flash_attention=True),
            NotImplementedError,
            "no such kernel",
        ),
        (
            lambda: layers.GroupQueryAttention(2, 4, 3),
            ValueError,
            "to divide num_query_heads, got 3 and 4",
        ),
        (lambda: MULTI(QUERY[0], VALUE[0]), ValueError, "last size|rank"),
        (
            lambda: layers.MultiHeadAttention(2, 2)(QUERY[0], VALUE[0]),
            ValueError,
            "of one rank, 3 or more",
        ),
        (
            lambda: layers.MultiHeadAttention(2, 2, attention_axes=2)(QUERY, VALUE),
            ValueError,
            r"expected attention_axes between .* got \(2,\)",
        ),
        (
            lambda: layers.MultiHeadAttention(2, 2)(QUERY[None], QUERY[None], use_causal_mask=True),
            ValueError,
            "expected one attention axis",
        ),
        (
            lambda: MULTI(QUERY, VALUE, attention_mask=STEPS[0]),
            ValueError,
            "attention_mask of rank 2 to 4",
        ),
        (
            lambda: layers.GroupQueryAttention(2, 4, 2)(QUERY[None], VALUE[None]),
            ValueError,
            "MultiHeadAttention takes further axes",
        ),
    ],
)
def test_misuse_is_refused(act, error, message):
    with pytest.raises(error, match=message):
        act()
