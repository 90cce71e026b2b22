"""Every layer of the tables keeps the layer contract."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf
from tests.keras.layers.rows import ALL
from tests.keras.layers.rows.spec import fill, wave
from thalweg import keras
from thalweg._src.base import nest

ROWS = [pytest.param(row, id=row.id) for row in ALL]


def only(condition: Any) -> Any:
    return [pytest.param(row, id=row.id) for row in ALL if condition(row)]


@cache
def golden(family: str) -> dict[str, Any]:
    path = Path(__file__).parent / "golden" / f"{family}.json"
    return json.loads(path.read_text())["rows"]


FAMILY = {row.id: family for family, rows in ALL.families.items() for row in rows}


def arguments_of(row: Any, batch: int | None = None) -> dict[str, Any]:
    arguments = nest.map_structure(
        lambda v: tf.constant(v) if isinstance(v, np.ndarray) else v, row.arguments(batch)
    )
    if row.mask:
        arguments["mask"] = tf.constant(row.step_mask(batch))
    return arguments


def tensors_of(row: Any, batch: int | None = None, dtype: str = "float32") -> Any:
    return nest.map_structure(tf.constant, row.inputs(batch, dtype))


def filled(row: Any, **kwargs: Any) -> Any:
    layer = row.layer.make(keras)
    layer(tensors_of(row), **arguments_of(row), **kwargs)
    fill(layer)
    return layer


def arrays(outputs: Any) -> list[Any]:
    return [np.asarray(o.array) for o in nest.flatten(outputs)]


def same(one: Any, two: Any, tolerance: float = 1e-5) -> None:
    assert len(one) == len(two)
    for a, b in zip(one, two, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a.astype("float64"), b.astype("float64"), atol=tolerance, rtol=tolerance)


def symbolic(row: Any, layer: Any, batch: int | None = None) -> Any:
    """Functional model of the layer alone, with the batch left open."""
    shapes, values = row.shapes, nest.flatten(row.inputs())
    inputs = [
        keras.Input(batch_shape=(batch, *shape[1:]), dtype=str(value.dtype))
        for shape, value in zip(shapes, values, strict=True)
    ]
    arguments, further = {}, []
    for name, value in arguments_of(row).items():
        if isinstance(value, tf.Tensor):
            symbol = keras.Input(batch_shape=(batch, *value.shape[1:]), dtype=value.dtype.name)
            further.append(symbol)
            value = symbol
        arguments[name] = value
    outputs = layer(inputs[0] if len(inputs) == 1 else inputs, **arguments)
    return keras.Model([*inputs, *further], outputs), outputs


def model_inputs(row: Any, batch: int | None = None) -> list[Any]:
    further = [v for v in arguments_of(row, batch).values() if isinstance(v, tf.Tensor)]
    return [*nest.flatten(tensors_of(row, batch)), *further]


@pytest.mark.parametrize("row", ROWS)
def test_config_makes_an_equal_layer(row: Any) -> None:
    layer = filled(row)
    config = layer.get_config()
    text = json.dumps(keras.saving.serialize_keras_object(layer))
    for copy in (
        type(layer).from_config(config),
        keras.saving.deserialize_keras_object(json.loads(text)),
    ):
        copy(tensors_of(row), **arguments_of(row))
        assert json.dumps(copy.get_config(), default=str) == json.dumps(config, default=str)
        assert [w.shape for w in copy.weights] == [w.shape for w in layer.weights]
        copy.set_weights(layer.get_weights())
        if not row.random:
            same(
                arrays(copy(tensors_of(row), **arguments_of(row))),
                arrays(layer(tensors_of(row), **arguments_of(row))),
            )


@pytest.mark.parametrize("row", ROWS)
def test_eager_traced_and_symbolic_agree(row: Any) -> None:
    layer = filled(row)
    for batch in (None, 3):
        inputs, arguments = tensors_of(row, batch), arguments_of(row, batch)
        eager = layer(inputs, **arguments)
        traced = tf.function(lambda x, a: layer(x, **a))(inputs, arguments)
        if not row.random or not row.training:
            same(arrays(eager), arrays(traced))
    if not row.drawn:
        return
    model, drawn = symbolic(row, layer)
    for batch in (None, 3):
        outputs = nest.flatten(model(model_inputs(row, batch)))
        eager = nest.flatten(layer(tensors_of(row, batch), **arguments_of(row, batch)))
        for symbol, output, wanted in zip(nest.flatten(drawn), outputs, eager, strict=True):
            assert symbol.dtype == output.dtype.name
            assert len(symbol.shape) == output.shape.rank
            assert all(a in (None, b) for a, b in zip(symbol.shape, output.shape, strict=True))
            if not row.random:
                same(arrays(output), arrays(wanted))


@pytest.mark.parametrize("row", ROWS)
def test_build_makes_the_weights_of_a_call(row: Any) -> None:
    layer = filled(row)
    shapes = layer.get_build_config()
    built = row.layer.make(keras)
    if shapes:
        built.build_from_config(json.loads(json.dumps(shapes)))
    assert [w.shape for w in built.weights] == [w.shape for w in layer.weights] or not shapes


@pytest.mark.parametrize("row", only(lambda r: r.mixed))
def test_mixed_precision_computes_in_half_and_keeps_weights_whole(row: Any) -> None:
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        layer = row.layer.make(keras)
    finally:
        keras.config.set_dtype_policy("float32")
    outputs = layer(tensors_of(row), **arguments_of(row))
    for output in nest.flatten(outputs):
        assert not output.dtype.is_floating or output.dtype == tf.bfloat16
    assert all(w.dtype == "float32" or "float" not in w.dtype for w in layer.weights)


@pytest.mark.parametrize("row", only(lambda r: r.trainable and r.drawn))
def test_a_training_step_runs_and_moves_the_weights(row: Any) -> None:
    layer = row.layer.make(keras)
    model, drawn = symbolic(row, layer)
    first = nest.flatten(drawn)[0]
    # An op, as layers that do not pass on a mask warn of it.
    pooled = keras.layers.Dense(1)(keras.ops.reshape(first, (-1, math.prod(first.shape[1:]))))
    model = keras.Model(model.inputs, pooled)
    before = [w.numpy().copy() for w in layer.trainable_weights]
    model.compile("sgd", "mse")
    inputs = [np.asarray(t.array) for t in model_inputs(row)]
    count = row.shapes[0][0]
    history = model.fit(inputs, np.ones((count, 1), "float32"), batch_size=count, verbose=0)
    assert np.isfinite(history.history["loss"]).all()
    after = [w.numpy() for w in layer.trainable_weights]
    assert all(np.isfinite(a).all() for a in after)
    assert not before or any((a != b).any() for a, b in zip(before, after, strict=True))


@pytest.mark.parametrize("row", only(lambda r: r.golden))
def test_keras_gives_the_same_outputs_and_gradients(row: Any) -> None:
    recorded = golden(FAMILY[row.id])[row.id]
    layer = filled(row)
    inputs, arguments = tensors_of(row), arguments_of(row)
    if row.training is not None:
        arguments["training"] = row.training
    assert [w.name for w in layer.weights] == recorded["names"]
    watched = [t for t in nest.flatten(inputs) if t.dtype.is_floating]
    with tf.GradientTape() as tape:
        tape.watch(watched)
        outputs = nest.flatten(layer(inputs, **arguments))
        total = sum(
            tf.reduce_sum(tf.cast(o, "float32") * wave(tuple(o.shape), 3 + i, None, "float32"))
            for i, o in enumerate(outputs)
        )
    assert [o.dtype.name for o in outputs] == recorded["dtypes"]
    limits = {"atol": row.tolerance, "rtol": row.tolerance}
    for output, wanted in zip(outputs, recorded["outputs"], strict=True):
        np.testing.assert_allclose(output.numpy(), wanted, **limits)
    for weight, wanted in zip(layer.weights, recorded["weights"], strict=True):
        np.testing.assert_allclose(weight.numpy(), wanted, **limits)
    if row.smooth:
        gradients = tape.gradient(total, [*watched, *layer.trainable_weights])
        for gradient, wanted in zip(gradients, recorded["gradients"], strict=True):
            assert (gradient is None) == (wanted is None)
            if wanted is not None:
                scale = max(1.0, float(np.abs(wanted).max()))
                found = tf.convert_to_tensor(gradient).numpy()
                limit = row.tolerance * scale
                np.testing.assert_allclose(found, wanted, atol=limit, rtol=row.tolerance)


@pytest.mark.parametrize("row", only(lambda r: r.smooth and not r.random and r.integers is None))
def test_gradient_is_the_slope(row: Any) -> None:
    keras.config.set_dtype_policy("float64")
    try:
        layer = row.layer.make(keras)
        inputs = tensors_of(row, dtype="float64")
        arguments = nest.map_structure(
            lambda v: tf.cast(v, tf.float64) if isinstance(v, tf.Tensor) and v.dtype.is_floating else v,
            arguments_of(row),
        )
        layer(inputs, **arguments)
        fill(layer)
        directions = [
            tf.constant(np.sin(np.arange(t.shape.num_elements()) * 1.3 + i).reshape(tuple(t.shape)))
            for i, t in enumerate(nest.flatten(inputs))
        ]

        @tf.function
        def value(step: Any) -> Any:
            moved = [t + step * d for t, d in zip(nest.flatten(inputs), directions, strict=True)]
            outputs = layer(nest.pack_sequence_as(inputs, moved), **arguments)
            return sum(
                tf.reduce_sum(tf.sin(o * (1.0 + i)))
                for i, o in enumerate(nest.flatten(outputs))
                if o.dtype.is_floating
            )

        @tf.function
        def slope(step: Any) -> Any:
            with tf.GradientTape() as tape:
                tape.watch(step)
                total = value(step)
            return tape.gradient(total, step)

        width = 1e-5
        start, zero = tf.constant(width, tf.float64), tf.constant(0.0, tf.float64)
        measured = (value(start) - value(-start)) / (2 * width)
        np.testing.assert_allclose(slope(zero).numpy(), measured.numpy(), rtol=1e-5, atol=1e-6)
    finally:
        keras.config.set_dtype_policy("float32")
