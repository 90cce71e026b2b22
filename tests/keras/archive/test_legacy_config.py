"""Configs of Keras 2 become those of Keras 3, or are refused by name; forms that no file of the zoo has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg._src.base.errors import SavingError
from thalweg._src.keras.archive.legacy_config import upgraded
from thalweg._src.keras.archive.legacy_node_defs import _rows, called_op
from thalweg._src.keras.archive.legacy_training import compile_config, training_config
from thalweg._src.keras.base.tensorflow_functions import tensorflow_function

layers = keras.layers


def made(class_name: str, **config: Any) -> Any:
    """Object that a config of Keras 2 describes."""
    return keras.saving.deserialize_keras_object(
        upgraded({"class_name": class_name, "config": config}, of_keras_2=True)
    )


def test_a_chain_may_be_a_list_whose_first_layer_says_the_shape() -> None:
    dense = {"name": "d", "units": 2, "batch_input_shape": [None, 3], "activation": "relu"}
    dense["kernel_initializer"] = {
        "class_name": "VarianceScaling",
        "config": {"scale": 1.0, "mode": "fan_avg", "distribution": "normal", "dtype": "float32"},
    }
    config = {"class_name": "Sequential", "config": [{"class_name": "Dense", "config": dense}]}
    model = keras.saving.deserialize_keras_object(upgraded(config, of_keras_2=True))
    assert model.output_shape == (None, 2)
    assert model.layers[0].kernel_initializer.distribution == "truncated_normal"


@pytest.mark.parametrize(
    ("layer", "kind", "settings"),
    [
        (made("ThresholdedReLU", theta=0.5), layers.ReLU, {"threshold": 0.5}),
        (made("LeakyReLU", alpha=0.1), layers.LeakyReLU, {"negative_slope": 0.1}),
        (made("BatchNormalizationV1", axis=[3], fused=True), layers.BatchNormalization, {"axis": 3}),
        (made("SyncBatchNormalization"), layers.BatchNormalization, {"synchronized": True}),
        (made("GRU", units=2), layers.GRU, {"reset_after": False}),
        (made("GRU", units=2, reset_after=True), layers.GRU, {"reset_after": True}),
        (made("CuDNNGRU", units=2), layers.GRU, {"reset_after": True, "activation": "tanh"}),
        (made("LSTM", units=2, time_major=False, implementation=1), layers.LSTM, {"units": 2}),
        (made("SeparableConv2D", filters=2, kernel_size=1, groups=1), layers.SeparableConv2D, {"filters": 2}),
        (made("DepthwiseConv2D", kernel_size=1, filters=3), layers.DepthwiseConv2D, {"depth_multiplier": 1}),
        (made("SpatialDropout2D", rate=0.1, noise_shape=None), layers.SpatialDropout2D, {"rate": 0.1}),
        (made("Dense", units=1, name="a/b"), layers.Dense, {"name": "a_b"}),
        (made("Dense", units=1, dtype={"class_name": "Policy", "config": {"name": "mixed_float16"}}),
         layers.Dense, {"units": 1}),
    ],
)  # fmt: skip
def test_layers_have_new_names_and_settings(layer: Any, kind: type, settings: dict[str, Any]) -> None:
    assert type(layer) is kind
    assert {key: layer.get_config()[key] for key in settings} == settings


@pytest.mark.parametrize(
    ("name", "config", "message"),
    [
        ("LSTM", {"units": 1, "time_major": True}, "expected time_major=False, got True"),
        ("Conv2DTranspose", {"filters": 4, "kernel_size": 1, "groups": 2}, "expected groups=1, got 2"),
        ("Attention", {"causal": True}, "expected causal=False"),
        ("BatchNormalization", {"virtual_batch_size": 8}, "expected virtual_batch_size=None"),
        ("LocallyConnected1D", {"filters": 1}, "no class or function 'LocallyConnected1D'"),
        ("Dense", {"units": 1, "quux": 2}, "quux"),
    ],
)
def test_what_keras_3_does_not_do_is_refused(name: str, config: dict[str, Any], message: str) -> None:
    with pytest.raises((SavingError, ValueError), match=message):
        made(name, **config)


def test_the_hard_sigmoid_is_that_of_keras_2() -> None:
    layer = made("Activation", activation="hard_sigmoid")
    x = np.array([-3.0, -1.0, 0.0, 2.0, 4.0], "float32")
    np.testing.assert_allclose(layer(x), [0.0, 0.3, 0.5, 0.9, 1.0], rtol=1e-6)
    again = layers.deserialize(layers.serialize(layer))
    np.testing.assert_array_equal(again(x), layer(x))
    lstm = made("LSTM", units=1, recurrent_activation="hard_sigmoid")
    assert lstm.cell.recurrent_activation is layer.activation


def graph(*entries: dict[str, Any], output: Any, inputs: Any = (["x", 0, 0],)) -> Any:
    first = {"class_name": "InputLayer", "name": "x", "inbound_nodes": []}
    first["config"] = {"batch_input_shape": [None, 2], "name": "x", "dtype": "float32"}
    config = {"name": "g", "layers": [first, *entries], "input_layers": list(inputs), "output_layers": output}
    config = upgraded({"class_name": "Model", "config": config}, of_keras_2=True)
    return keras.saving.deserialize_keras_object(config)


def called(function: str, first: Any, name: str = "f", kind: str = "TFOpLambda") -> dict[str, Any]:
    config = {"name": name, "function": function, "dtype": "float32"}
    return {"class_name": kind, "config": config, "name": name, "inbound_nodes": [first]}


ONES = np.ones((1, 2), "float32")


def test_constants_stand_where_tensors_do() -> None:
    first = [["_CONSTANT_VALUE", -1, [[1.0, 2.0]], {"axis": 0}], ["x", 0, 0, {"axis": 0}]]
    model = graph(called("concat", first), output=[["f", 0, 0]])
    assert model(ONES).numpy().tolist() == [[1.0, 2.0], [1.0, 1.0]]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (called("io.read_file", ["x", 0, 0, {}]), "TensorFlow's 'io.read_file'"),
        (called("random.normal", ["x", 0, 0, {}]), "TensorFlow's 'random.normal'"),
        (called("einsum", ["_CONSTANT_VALUE", -1, "ab->ba", {}]), "expected a call of 'f' on tensors"),
        (called("", ["x", 0, 0, {}], kind="InstanceMethod"), "the method"),
        ({"class_name": "TensorFlowOpLayer", "name": "f", "inbound_nodes": [[["x", 0, 0, {}]]],
          "config": {"name": "f", "node_def": {"op": "ReadFile"}, "constants": {}}}, "'ReadFile'"),
    ],
)  # fmt: skip
def test_calls_that_are_not_known_are_refused(entry: dict[str, Any], message: str) -> None:
    with pytest.raises(SavingError, match=message):
        graph(entry, output=[["f", 0, 0]])


def test_names_with_slashes_stay_the_same_layers() -> None:
    dense = {"class_name": "Dense", "config": {"name": "conv1/bn", "units": 1}, "name": "conv1/bn"}
    dense["inbound_nodes"] = [[["x", 0, 0, {}]]]
    after = called("math.abs", ["conv1/bn", 0, 0, {}], name="a/b")
    model = graph(dense, after, output=[["a/b", 0, 0]])
    assert [layer.name for layer in model.layers] == ["x", "conv1_bn"]
    assert model.output_names == ["a_b"]


def test_training_that_was_given_holds() -> None:
    drop = {"class_name": "Dropout", "config": {"name": "d", "rate": 0.5}, "name": "d"}
    for training, zeros in ((True, True), (False, False)):
        drop["inbound_nodes"] = [[["x", 0, 0, {"training": training}]]]
        model = graph(drop, output=[["d", 0, 0]])
        assert bool((model(np.ones((50, 2), "float32"), training=not training).numpy() == 0).any()) == zeros


@pytest.mark.parametrize("op", sorted(_rows))
def test_ops_of_graphs_name_functions_and_their_arguments(op: str) -> None:
    name, arguments = called_op({"name": "n", "node_def": {"op": op, "attr": {}}, "constants": {}})
    assert tensorflow_function(name) is not None
    assert arguments(["tensor"], {})[0] == []


def test_a_node_definition_may_be_a_text() -> None:
    node = '{"op": "Mean", "attr": {"keep_dims": {"b": true}}}'
    name, arguments = called_op({"name": "n", "node_def": node, "constants": {"1": 1}})
    assert name == "reduce_mean"
    assert arguments("x", {}) == ([], {"input_tensor": "x", "axis": 1, "keepdims": True})


def told(**config: Any) -> dict[str, Any]:
    return compile_config(config, of_keras_2=True, outputs=["two", "one"])


def test_settings_of_optimizers_have_new_names() -> None:
    config = {"lr": 0.5, "decay": 0.1, "momentum": 0.9, "nesterov": False}
    made = told(optimizer_config={"class_name": "SGD", "config": config}, sample_weight_mode=None)
    optimizer = keras.optimizers.deserialize(made["optimizer"])
    optimizer.iterations.assign(10)
    assert float(optimizer.learning_rate) == pytest.approx(0.5 / 2.0)
    config = {"class_name": "Custom>AdamW", "config": {"is_legacy_optimizer": False, "jit_compile": True}}
    assert type(keras.optimizers.deserialize(told(optimizer=config)["optimizer"])).__name__ == "AdamW"
    with pytest.raises(SavingError, match="no decay beside"):
        told(optimizer={"class_name": "Nadam", "config": {"lr": 0.1, "decay": 0.3}})


def test_losses_and_metrics_have_the_names_that_compile_got() -> None:
    def function(name: str, fn: str) -> Any:
        return {"class_name": "MeanMetricWrapper", "config": {"name": name, "dtype": "float32", "fn": fn}}

    made = told(
        loss={"one": {"class_name": "LossFunctionWrapper", "config": {"fn": "gap", "reduction": "auto"}},
              "two": {"class_name": "Huber", "config": {"reduction": "auto", "delta": 2.0, "fn": "huber"}}},
        metrics=[[function("one_mae", "mean_absolute_error"), function("two_acc", "binary_accuracy")],
                 [function("one_gap", "gap"), {"class_name": "AUC", "config": {"name": "two_auc"}}]],
    )  # fmt: skip
    assert made["loss"]["one"] == "gap"
    assert keras.losses.deserialize(made["loss"]["two"]).reduction == "sum_over_batch_size"
    assert made["metrics"][0] == ["mae", "acc"]
    assert made["metrics"][1][0] == "gap"
    assert made["metrics"][1][1]["config"]["name"] == "auc"
    assert told(metrics=[[function("mse", "mean_squared_error")]])["metrics"] == ["mse"]


def test_losses_are_written_by_their_full_names() -> None:
    made = training_config({"loss": {"a": "mse", "b": ["own", "kld"]}, "optimizer": {"class_name": "SGD"}})
    assert made["loss"] == {"a": "mean_squared_error", "b": ["own", "kl_divergence"]}
    assert made["optimizer_config"] == {"class_name": "SGD"}


def test_parts_of_a_tensor_are_taken_by_their_keys() -> None:
    part = tensorflow_function("__operators__.getitem")
    assert part is not None
    assert part(tf.constant([[1, 2], [3, 4]]), [0, slice(0, 1)]).numpy().tolist() == [1]
    assert part(tf.constant([[1, 2], [3, 4]]), 1).numpy().tolist() == [3, 4]


def test_classes_called_custom_are_the_programs_or_ours() -> None:
    class Scale(layers.Layer):
        """A layer of the program."""

    dense = {"class_name": "Custom>Dense", "config": {"units": 1}}
    config = upgraded([dense, {"class_name": "Custom>Scale", "config": {"name": "s"}}], of_keras_2=True)
    for known in ({"Scale": Scale}, {"Custom>Scale": Scale, "Custom>Dense": layers.Dense}):
        made = keras.saving.deserialize_keras_object(config, known)
        assert [type(layer) for layer in made] == [layers.Dense, Scale]
    with pytest.raises(SavingError, match="'Scale'"):
        keras.saving.deserialize_keras_object(config)
