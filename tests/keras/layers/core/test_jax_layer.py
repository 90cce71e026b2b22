"""JaxLayer: functions of JAX with parameters, state and keys, eagerly, drawn and trained."""

from __future__ import annotations

import json

import jax
import numpy as np
import pytest
from jax import numpy as jnp

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers


@keras.saving.register_keras_serializable("test_jax_layer")
def affine(params, inputs):
    return inputs @ params["w"] + params["b"]


@keras.saving.register_keras_serializable("test_jax_layer")
def start(rng, inputs):
    return {"w": 0.1 * jax.random.normal(rng, (inputs.shape[-1], 2)), "b": jnp.zeros(2)}


def counted(params, state, inputs, training):
    seen = state["seen"] + (inputs.shape[0] if training else 0)
    return inputs * params["scale"], {"seen": seen, "kind": state["kind"]}


X = np.cos(np.arange(12.0)).reshape(4, 3).astype("float32")


def test_parameters_are_weights_and_gradients_flow():
    layer = layers.JaxLayer(affine, params={"w": np.ones((3, 2), "float32"), "b": np.zeros(2)})
    with tf.GradientTape() as tape:
        outputs = layer(X)
        loss = tf.reduce_sum(outputs)
    np.testing.assert_allclose(outputs, X @ np.ones((3, 2)), rtol=1e-6)
    assert [(w.name, w.dtype) for w in layer.trainable_weights] == [
        ("b", "float32"),
        ("w", "float32"),
    ]
    bias, kernel = tape.gradient(loss, layer.trainable_weights)
    np.testing.assert_allclose(bias, [4.0, 4.0])
    np.testing.assert_allclose(kernel, np.tile(X.sum(0)[:, None], 2), rtol=1e-5)


def test_the_seed_decides_the_first_parameters():
    one, two, other = (layers.JaxLayer(affine, start, seed=s) for s in (1, 1, 2))
    for layer in (one, two, other):
        layer.build((None, 3))
    np.testing.assert_array_equal(one.get_weights()[1], two.get_weights()[1])
    assert not np.array_equal(one.get_weights()[1], other.get_weights()[1])


def test_it_is_drawn_and_trained():
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((3,)), layers.JaxLayer(affine, start), layers.Dense(1)])
    assert model.layers[0].output.shape == (None, 2)
    model.compile("sgd", "mse")
    loss = model.fit(X, X[:, :1], batch_size=2, epochs=20, verbose=0).history["loss"]
    assert loss[-1] < loss[0]


def test_state_is_kept_and_not_trained():
    layer = layers.JaxLayer(counted, params={"scale": 2.0}, state={"seen": 0, "kind": "rows"})
    assert layer(X).numpy().tolist() == (2 * X).tolist()
    layer(X, training=True)
    tf.function(lambda x: layer(x, training=True))(X[:3])
    (seen,) = layer.non_trainable_weights
    assert (seen.name, int(seen)) == ("seen", 7)
    assert [w.name for w in layer.trainable_weights] == ["scale"]


def test_each_call_gets_a_key_of_its_own():
    layer = layers.JaxLayer(
        lambda rng, inputs: inputs + jax.random.normal(rng, inputs.shape), seed=3
    )
    one, two = layer(X), layer(X)
    assert not np.array_equal(one, two)
    again = layers.JaxLayer(layer.call_fn, seed=3)
    np.testing.assert_array_equal(again(X), one)


def test_structures_go_in_and_out():
    layer = layers.JaxLayer(lambda inputs: {"sum": inputs["a"] + inputs["b"][0], "a": inputs["a"]})
    found = layer({"a": X, "b": [X]})
    np.testing.assert_array_equal(found["sum"], 2 * X)
    drawn = layer({"a": keras.Input((3,)), "b": [keras.Input((3,))]})
    assert {key: value.shape for key, value in drawn.items()} == {"sum": (None, 3), "a": (None, 3)}


def test_mixed_precision_computes_in_half():
    layer = layers.JaxLayer(affine, start, dtype="mixed_bfloat16")
    assert layer(X).dtype == tf.bfloat16
    assert {w.dtype for w in layer.weights} == {"float32"}


def test_registered_functions_go_through_json():
    layer = layers.JaxLayer(affine, start, seed=1)
    layer.build((None, 3))
    copy = layers.deserialize(json.loads(json.dumps(layers.serialize(layer))))
    assert (copy.call_fn, copy.init_fn, copy.seed) == (affine, start, 1)
    np.testing.assert_array_equal(copy(X), layer(X))


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: layers.JaxLayer(affine), ValueError, "expected init_fn or params"),
        (lambda: layers.JaxLayer(counted, params={}), ValueError, "expected init_fn or state"),
        (lambda: layers.JaxLayer(lambda x: x), ValueError, "got a parameter 'x'"),
        (lambda: layers.JaxLayer(3), ValueError, "expected call_fn as a function, got 3"),
        (
            lambda: layers.JaxLayer(affine, start, native_serialization_platforms=["cpu"]),
            NotImplementedError,
            "choose platforms when exporting",
        ),
        (
            lambda: layers.JaxLayer(lambda state, inputs: inputs, state={"n": 0})(X),
            ValueError,
            r"to return \(outputs, state\)",
        ),
        (
            lambda: layers.JaxLayer(lambda state, inputs: (inputs, {}), state={"n": 0})(X),
            ValueError,
            "a state of the structure",
        ),
    ],
)
def test_misuse_is_refused(act, error, message):
    with pytest.raises(error, match=message):
        act()
