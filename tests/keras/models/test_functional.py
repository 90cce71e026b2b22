"""Models drawn from symbolic tensors: what they compute, hold, refuse and become."""

from __future__ import annotations

import json

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers

A = np.cos(np.arange(6.0)).reshape(2, 3).astype("float32")
B = np.sin(np.arange(6.0)).reshape(2, 3).astype("float32")


def two_towers():
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    shared = layers.Dense(4, activation="tanh", name="shared")
    merged = tf.concat([shared(a), shared(b)], axis=1)
    score = layers.Dense(1, name="score")(merged * 2.0 + 1.0)
    return keras.Model([a, b], {"score": score, "merged": merged}, name="towers")


def test_inputs_come_as_list_or_by_name_and_outputs_in_their_structure():
    model = two_towers()
    listed = model([A, B])
    named = model({"b": B, "a": A})
    assert set(listed) == {"score", "merged"}
    for key in listed:
        np.testing.assert_array_equal(listed[key], named[key])
    kernel, bias = model.get_layer("shared").get_weights()
    merged = np.concatenate([np.tanh(A @ kernel + bias), np.tanh(B @ kernel + bias)], 1)
    np.testing.assert_allclose(listed["merged"], merged, rtol=1e-5)


def test_layers_names_and_shapes():
    model = two_towers()
    assert [layer.name for layer in model.layers] == ["a", "b", "shared", "score"]
    assert model.input_names == ["a", "b"]
    assert sorted(model.output_names) == ["concat", "score"]
    assert model.output_shape == {"score": (None, 1), "merged": (None, 8)}
    assert model.count_params() == 3 * 4 + 4 + 8 + 1
    assert model.get_layer(index=2) is model.get_layer("shared")
    assert model.get_layer("score").input.shape == (None, 8)


def test_feature_extraction_and_a_new_head():
    base = keras.Sequential(
        [keras.Input((3,)), layers.Dense(4, name="one"), layers.Dense(2, name="two")]
    )
    features = keras.Model(base.inputs, [layer.output for layer in base.layers])
    one, two = features(A)
    np.testing.assert_allclose(two, base(A), rtol=1e-6)
    head = layers.Dense(1)(base.get_layer("one").output)
    tuned = keras.Model(base.input, head)
    assert tuned(A).shape == (2, 1)
    inner = keras.Model(base.get_layer("one").output, base.output)
    np.testing.assert_allclose(inner(one), two, rtol=1e-6)


def test_nested_models_draw_one_node_each():
    inner = two_towers()
    x = keras.Input((3,))
    out = inner([x, x * 2.0])["score"]
    model = keras.Model(x, layers.Activation("sigmoid")(out))
    assert inner in model.layers
    expected = tf.sigmoid(inner([A, 2 * A])["score"])
    np.testing.assert_allclose(model(A), expected, rtol=1e-6)
    assert len(model.trainable_weights) == 4


def test_sizes_from_shapes_and_python_values_in_calls():
    x = keras.Input((None, 3))
    y = tf.reshape(x, (tf.shape(x)[0], -1, 1))
    z = tf.cast(tf.argmax(y, axis=1), "float32")
    model = keras.Model(x, z)
    assert model(np.ones((2, 5, 3), "float32")).shape == (2, 1)
    assert model(np.ones((4, 2, 3), "float32")).shape == (4, 1)


@pytest.mark.parametrize("rebuild", [
    lambda m: keras.Model.from_config(m.get_config()),
    lambda m: keras.models.model_from_json(m.to_json()),
    lambda m: keras.models.clone_model(m),
    lambda m: keras.Model.from_config(json.loads(json.dumps(m.get_config()))),
], ids=["config", "json", "clone", "json-config"])  # fmt: skip
def test_a_model_is_made_again(rebuild):
    model = two_towers()
    copy = rebuild(model)
    assert copy.get_layer("shared") is not model.get_layer("shared")
    assert [w.shape for w in copy.weights] == [w.shape for w in model.weights]
    copy.set_weights(model.get_weights())
    for key, value in model([A, B]).items():
        np.testing.assert_allclose(copy([A, B])[key], value, rtol=1e-6)


def test_clone_with_a_function_and_on_other_inputs():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4), layers.Dense(2)])
    clone = keras.models.clone_model(
        model, clone_function=lambda layer: layers.Dense(layer.units, use_bias=False)
    )
    assert clone.count_params() == 3 * 4 + 4 * 2
    functional = two_towers()
    wide = [keras.Input((3,), batch_size=5), keras.Input((3,), batch_size=5)]
    assert keras.models.clone_model(functional, wide).input_shape == [(5, 3), (5, 3)]
    with pytest.raises(ValueError, match="Functional model for call_function"):
        keras.models.clone_model(model, call_function=lambda layer, x: layer(x))


class Scaled(keras.Model):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.dense = layers.Dense(units)

    def call(self, inputs):
        return self.dense(inputs)


def test_a_subclassed_model_is_cloned_from_its_arguments():
    model = Scaled(3, name="mine")
    clone = keras.models.clone_model(model)
    assert (clone.units, clone.name) == (3, "mine")


def test_a_subclass_of_model_made_of_a_graph_keeps_its_methods():
    class Custom(keras.Model):
        def train_step(self, data):
            return super().train_step(data) | {"mine": tf.constant(7.0)}

    x = keras.Input((3,))
    model = Custom(x, layers.Dense(1)(x))
    assert isinstance(model, Custom)
    model.compile("sgd", "mse")
    assert model.fit(A, A[:, :1], verbose=0).history["mine"] == [7.0]

    class Drawing(keras.Model):
        def __init__(self, units):
            x = keras.Input((3,))
            super().__init__(inputs=x, outputs=layers.Dense(units)(x))
            self.units = units

    drawn = Drawing(2)
    assert drawn(A).shape == (2, 2)
    assert isinstance(drawn, Drawing)
    assert drawn.units == 2


def test_stateless_call_leaves_the_variables_alone():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    zeros = [np.zeros_like(w) for w in model.get_weights()]
    before = model.get_weights()
    outputs, rest = model.stateless_call(zeros, [], A)
    np.testing.assert_array_equal(outputs, np.zeros((2, 2)))
    assert rest == []
    for one, two in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    with pytest.raises(ValueError, match="stateless_call"):
        model.stateless_call(zeros[:1], [], A)


def test_losses_metrics_and_weights_by_output():
    model = two_towers()
    model.compile(
        "sgd",
        loss={"score": "mse", "merged": "mae"},
        loss_weights={"score": 2.0},
        metrics={"score": ["mae"]},
    )
    y = {"score": np.ones((2, 1), "float32"), "merged": np.zeros((2, 8), "float32")}
    logs = model.evaluate([A, B], y, verbose=0, return_dict=True)
    assert sorted(logs) == ["loss", "merged_loss", "score_loss", "score_mae"]
    assert logs["loss"] == pytest.approx(2 * logs["score_loss"] + logs["merged_loss"], rel=1e-5)
    history = model.fit({"a": A, "b": B}, y, epochs=2, verbose=0).history
    assert history["loss"][1] < history["loss"][0]
    weighted = model.evaluate(
        [A, B], y, verbose=0, return_dict=True,
        sample_weight={"score": np.zeros(2), "merged": np.ones(2)},
    )  # fmt: skip
    assert weighted["score_loss"] == 0.0


def test_lists_of_losses_and_an_output_without_one():
    x = keras.Input((3,))
    one, two = layers.Dense(1, name="one")(x), layers.Dense(1, name="two")(x)
    model = keras.Model(x, [one, two])
    model.compile("sgd", ["mse", None], metrics=[["mae"], []])
    logs = model.evaluate(A, [A[:, :1], A[:, :1]], verbose=0, return_dict=True)
    assert sorted(logs) == ["loss", "one_mae"]
    model.compile("sgd", {"one": "mse", "three": "mse"})
    with pytest.raises(ValueError, match=r"for outputs \['one', 'two'\], got one for 'three'"):
        model.evaluate(A, [A[:, :1], A[:, :1]], verbose=0)
    model.compile("sgd", ["mse", "mse", "mse"])
    with pytest.raises(ValueError, match="expected a loss for each of the outputs"):
        model.evaluate(A, [A[:, :1], A[:, :1]], verbose=0)
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match="expected a target for each of the outputs"):
        model.fit(A, A[:, :1], verbose=0)


def test_freezing_takes_effect_when_the_model_is_compiled(caplog):
    x = keras.Input((3,))
    body = layers.Dense(4, name="body")
    head = layers.Dense(1, name="head")
    model = keras.Model(x, head(body(x)))
    body.trainable = False
    model.compile("sgd", "mse")
    frozen, free = body.get_weights()[0], head.get_weights()[0]
    model.fit(A, A[:, :1], verbose=0)
    np.testing.assert_array_equal(frozen, body.get_weights()[0])
    assert (free != head.get_weights()[0]).any()
    body.trainable = True
    model.fit(A, A[:, :1], verbose=0)
    np.testing.assert_array_equal(frozen, body.get_weights()[0])
    assert "compile it again for the change to take effect" in caplog.text
    model.compile("sgd", "mse")
    model.fit(A, A[:, :1], verbose=0)
    assert (frozen != body.get_weights()[0]).any()


def test_two_models_share_layers_that_one_of_them_froze():
    generator, critic = layers.Dense(3), layers.Dense(1)
    x, y = keras.Input((3,)), keras.Input((3,))
    judge = keras.Model(y, critic(y))
    judge.compile("sgd", "mse")
    judge.trainable = False
    both = keras.Model(x, judge(generator(x)))
    both.compile("sgd", "mse")
    before = critic.get_weights()[0].copy()
    both.train_on_batch(A, A[:, :1])
    np.testing.assert_array_equal(before, critic.get_weights()[0])
    judge.train_on_batch(A, A[:, :1])
    assert (before != critic.get_weights()[0]).any()


def test_an_optional_input():
    class Either(layers.Layer):
        def call(self, x, extra=None):
            return x if extra is None else x + extra

    x, extra = keras.Input((3,)), keras.Input((3,), optional=True)
    model = keras.Model([x, extra], Either()(x, extra))
    np.testing.assert_allclose(model([A, B]), A + B, rtol=1e-6)
    np.testing.assert_allclose(model([A, None]), A, rtol=1e-6)


def test_refusals():
    model = two_towers()
    with pytest.raises(ValueError, match=r"expected 2 inputs \['a', 'b'\], got 1"):
        model(A)
    with pytest.raises(ValueError, match="'b' is missing"):
        model({"a": A})
    with pytest.raises(ValueError, match=r"input 1 \('b'\) is incompatible with the model"):
        model([A, B[:, :2]])
    x, y = keras.Input((3,)), keras.Input((3,))
    with pytest.raises(ValueError, match="expected every input to be given"):
        keras.Model(x, layers.Dense(1)(y))
    one = layers.Dense(3, name="same")(x)
    with pytest.raises(ValueError, match="is used 2 times in the model"):
        keras.Model(x, layers.Dense(3, name="same")(one))
    with pytest.raises(ValueError, match="expected different tensors"):
        keras.Model([x, x], layers.Dense(1)(x))
    with pytest.raises(ValueError, match="no layer is called 'nope'"):
        model.get_layer("nope")
    with pytest.raises(TypeError, match="unknown arguments"):
        keras.Model(x, layers.Dense(1)(x), colour="red")


def test_summary_shows_connections_ops_and_freezing(capsys):
    model = two_towers()
    model.get_layer("shared").trainable = False
    model.summary(line_length=110, show_trainable=True)
    text = capsys.readouterr().out
    assert "a[0][0], b[0][0]" in text
    assert "concat (Concat)" in text
    assert "Trainable params: 9 (36.00 B)" in text
    assert "Non-trainable params: 16 (64.00 B)" in text


def test_training_reaches_layers_unless_the_drawing_fixed_it():
    x = keras.Input((50,))
    free = keras.Model(x, layers.Dropout(0.5)(x))
    fixed = keras.Model(x, free(x, training=False))
    ones = np.ones((4, 50), "float32")
    assert (free(ones, training=True).numpy() == 0).any()
    assert (free(ones).numpy() == 1).all()
    assert (fixed(ones, training=True).numpy() == 1).all()
    head = keras.Model(x, layers.Dense(1, kernel_initializer="ones")(layers.Dropout(0.5)(x)))
    head.compile(keras.optimizers.SGD(0.0), "mse")
    assert head.train_on_batch(ones, np.full((4, 1), 50.0)) > 0.0
    assert head.test_on_batch(ones, np.full((4, 1), 50.0)) >= 0.0


def test_a_list_that_grows_after_it_was_drawn_changes_no_graph():
    x = keras.Input((4,))
    parts = [x]
    for _ in range(3):
        parts.append(layers.Dense(2)(keras.ops.concatenate(parts, axis=-1)))
    model = keras.Model(x, keras.ops.concatenate(parts, axis=-1))
    assert model(np.ones((1, 4), "float32")).shape == (1, 10)


def test_casts_of_a_layer_are_no_nodes():
    x = keras.Input((4,))
    model = keras.Model(x, layers.Dense(1)(layers.Dense(3, dtype="mixed_float16")(x)))
    assert len(model.operations) == 3
    assert model(np.ones((1, 4), "float32")).dtype == tf.float32


@pytest.mark.parametrize("listed", [lambda a: [a], lambda a: (a,)])
def test_a_list_of_one_output_gives_the_output(listed):
    inputs = keras.Input((3,))
    model = keras.Model([inputs], listed(layers.Dense(2, name="only")(inputs)))
    assert (model.input_shape, model.output_shape) == ((None, 3), (None, 2))
    assert model(A).shape == (2, 2)
    assert model.predict(A, verbose=0).shape == (2, 2)
    assert keras.models.clone_model(model)(A).shape == (2, 2)
    model.compile("sgd", "mse", metrics=["mae"])
    assert list(model.fit(A, A[:, :2], verbose=0).history) == ["loss", "mae"]


def test_a_drawn_list_of_one_output_stays_one():
    inputs = keras.Input((3,))
    inner = keras.Model(inputs, [layers.Dense(2)(inputs)])
    for drawn in (inner(inputs), inner(keras.Input((3,), batch_size=5))):
        assert [part.shape[1] for part in drawn] == [2]
    outer = keras.Model(inputs, layers.Dense(4)(inner(inputs)[0]))
    np.testing.assert_allclose(outer(A), outer.layers[-1](inner(A)))


def test_a_dict_of_one_output_and_deeper_lists_stay():
    inputs = keras.Input((3,))
    output = layers.Dense(2)(inputs)
    assert set(keras.Model(inputs, {"a": output})(A)) == {"a"}
    assert [part.shape for part in keras.Model(inputs, [[output]])(A)] == [(2, 2)]
