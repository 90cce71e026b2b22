"""FlaxLayer: a module with Flax's init and apply; tried with flax 0.12 too, which the tests do without."""

from __future__ import annotations

import json
from typing import Any

import jax
import numpy as np
import pytest
from jax import numpy as jnp

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers


@keras.saving.register_keras_serializable("test_flax_layer")
class Norm:
    """Scales, counts its steps of training, and adds noise in them: a duck of `flax.linen.Module`."""

    def __call__(self, inputs: Any, training: bool) -> Any: ...

    def plain(self, inputs: Any) -> Any: ...

    def init(self, rng: Any, inputs: Any, method: Any, training: bool = True) -> Any:
        scale = jax.random.normal(rng, inputs.shape[-1:])
        return {"params": {"scale": scale}, "counts": {"steps": jnp.zeros((), "int32")}}

    def apply(self, variables, inputs, rngs, method, mutable, training=False):
        outputs = inputs * variables["params"]["scale"]
        if training:
            outputs = outputs + jax.random.normal(rngs, outputs.shape)
        if not mutable:
            return outputs
        assert mutable == ["counts"]
        return outputs, {"counts": {"steps": variables["counts"]["steps"] + int(training)}}

    def get_config(self) -> dict[str, Any]:
        return {}


VARIABLES = {"params": {"scale": np.float32([2.0, 3.0])}}


def test_collections_become_weights():
    layer = layers.FlaxLayer(Norm(), seed=1)
    outputs = layer(tf.ones((3, 2)))
    assert [(w.name, w.shape, w.trainable) for w in layer.weights] == [
        ("scale", (2,), True),
        ("counts_steps", (), False),
    ]
    np.testing.assert_array_equal(outputs[0], layer.weights[0].numpy())
    again = layers.FlaxLayer(Norm(), seed=1)
    again.build((3, 2))
    np.testing.assert_array_equal(again.weights[0].numpy(), layer.weights[0].numpy())


def test_training_reaches_the_module():
    layer = layers.FlaxLayer(Norm(), variables=VARIABLES | {"counts": {"steps": np.int32(5)}})
    model = keras.Sequential([keras.Input((2,)), layer])
    model.compile(keras.optimizers.SGD(0.01), "mse")
    model.fit(np.ones((4, 2)), np.ones((4, 2)), batch_size=2, epochs=2, verbose=0)
    scale, steps = layer.get_weights()
    assert steps == 9
    assert (scale < [2.0, 3.0]).all()
    ones = tf.ones((1, 2))
    assert not np.array_equal(layer(ones, training=True), layer(ones, training=True))
    np.testing.assert_allclose(layer(ones)[0], scale, rtol=1e-6)


@pytest.mark.parametrize("method", ["plain", Norm.plain, lambda module, inputs: inputs])
def test_other_methods_and_given_variables(method):
    layer = layers.FlaxLayer(Norm(), method, VARIABLES)
    assert layer(tf.ones((1, 2))).numpy().tolist() == [[2.0, 3.0]]
    assert len(layer.weights) == 1


def test_config_round_trip():
    layer = layers.FlaxLayer(Norm(), seed=3, name="norm", dtype="float16")
    config = json.loads(json.dumps(keras.layers.serialize(layer)))
    again = keras.layers.deserialize(config)
    assert (again.name, again.seed, again.compute_dtype) == ("norm", 3, "float16")
    assert isinstance(again.module, Norm)


@pytest.mark.parametrize(
    ("module", "method", "message"),
    [(tf.ones, None, "with init and apply"), (Norm(), lambda x: x, "parameter called inputs")],
)
def test_modules_that_do_not_fit(module, method, message):
    with pytest.raises(ValueError, match=message):
        layers.FlaxLayer(module, method)
