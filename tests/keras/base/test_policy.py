"""Dtype policies: messages, the global one, maps by path; values are compared with Keras elsewhere."""

from __future__ import annotations

import pytest

import thalweg as tf

K = tf.keras
P = tf.keras.dtype_policies


@pytest.fixture(autouse=True)
def _restore():
    before, floatx = K.config.dtype_policy(), K.config.floatx()
    yield
    K.config.set_dtype_policy(before)
    K.config.set_floatx(floatx)


def test_names_of_keras_2_in_configs():
    assert (
        P.get({"class_name": "Policy", "config": {"name": "mixed_float16"}}).name == "mixed_float16"
    )


def test_unnamed_policies_follow_the_global_one():
    K.mixed_precision.set_global_policy("mixed_bfloat16")
    assert P.DTypePolicy().name == P.get(None).name == "mixed_bfloat16"
    assert P.DTypePolicyMap()["anything"].name == "mixed_bfloat16"


def test_a_layer_reads_its_config_back():
    layer = K.layers.Dense(2, dtype="mixed_bfloat16")
    again = K.layers.Dense.from_config(layer.get_config())
    assert again.dtype_policy == layer.dtype_policy


@pytest.mark.parametrize(
    ("identifier", "message"),
    [
        ("int8_from_float32", "quantized policies are not available"),
        ("mixed_float64", r"Did you mean 'mixed_float16'\?"),
        (3, r"\[dtype_policies.get\] expected a policy, a dtype or its name, got 3 of type int"),
        ({"foo": 1}, r"expected the config of a policy, got \{'foo': 1\}"),
    ],
    ids=["quantized", "misspelt", "number", "config"],
)
def test_messages(identifier, message):
    with pytest.raises(ValueError, match=message):
        P.get(identifier)


def test_map_refuses_no_expressions():
    with pytest.raises(
        ValueError, match=r"\[DTypePolicyMap\] expected a path or regular expression"
    ):
        P.DTypePolicyMap(policy_map={"a(": "float32"})


def test_equal_maps_are_equal():
    one, other = (P.DTypePolicyMap("float32", {"a": "float16"}) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    assert one != P.DTypePolicyMap("float32")
    assert [(k, p.name) for k, p in one.items()] == [("a", "float16")]
    assert one != P.DTypePolicy("float32")


def test_versions():
    assert K.version() == K.__version__ == "3.15.0+thalweg"
