"""The walk from objects to Variables, and the stored form of their graph."""

from __future__ import annotations

import collections
import types

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.base.errors import DataLossError, InvalidArgumentError
from thalweg._src.checkpoint.graph import capture, check_trackable, checked_nodes


class Plain:
    """A user's object, no module."""

    def __init__(self, **kwargs):
        vars(self).update(kwargs)


class Own:
    """Names its parts itself."""

    __slots__ = ("hidden",)

    def __init__(self, **parts):
        self.hidden = parts

    def _checkpoint_children(self):
        return self.hidden


class Net(tf.Module):
    def __init__(self, **kwargs):
        super().__init__()
        for name, value in kwargs.items():
            setattr(self, name, value)


def v(value=1.0):
    return tf.Variable(value)


def names(**objects):
    return sorted(capture(objects).variables)


def test_variables_are_named_by_the_way_to_them():
    w = v()
    assert names(w=w, net=Net(layers=[Net(kernel=v()), {"b": v(), 3: (v(),)}], size=3)) == [
        "net/layers/0/kernel",
        "net/layers/1/3/0",
        "net/layers/1/b",
        "w",
    ]
    assert capture({"w": w}).variables["w"] is w


def test_plain_objects_with_variables_are_walked():
    inner = Plain(w=v(), text="no", numbers=[1, 2], array=np.zeros(2))
    assert names(a=inner, b=Plain(deep={"x": [v()]})) == ["a/w", "b/deep/x/0"]


def test_objects_that_lead_nowhere_are_left_out():
    odd = [tf.constant(1.0), np.zeros(3), "text", None, 3, print, types, Plain, lambda: 1]
    nodes = capture({"net": Net(odd=odd, empty=Net(), w=v())}).nodes
    assert nodes == [{"net": 1}, {"w": 2}, "net/w"]


def test_objects_may_name_their_parts():
    assert names(own=Own(a=v(), b=[v()])) == ["own/a", "own/b/0"]


def test_random_generators_and_optimizers_are_walked():
    optimizer = tf.keras.optimizers.SGD(momentum=0.9)
    optimizer.build([v([1.0, 2.0])])
    found = names(generator=tf.random.Generator.from_seed(1), optimizer=optimizer)
    assert "generator/state" in found
    assert {"optimizer/iterations", "optimizer/learning_rate"} <= set(found)


def test_layers_weights_have_the_names_of_their_attributes():
    class Scale(tf.keras.layers.Layer):
        def build(self, input_shape):
            self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones")

        def call(self, inputs):
            return inputs * self.factor

    layer = Scale()
    layer(tf.ones((1, 3)))
    assert names(layers=[layer]) == ["layers/0/factor"]


def test_models_and_optimizers_of_keras_have_readable_names():
    model = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(1)])
    optimizer = tf.keras.optimizers.Adam()
    optimizer.build(model.trainable_variables)
    assert names(model=model, adam=optimizer) == [
        "adam/iterations",
        "adam/learning_rate",
        *(f"adam/{slot}/{i}" for slot in ("momentums", "velocities") for i in (0, 1)),
        "model/layers/1/bias",
        "model/layers/1/kernel",
    ]


def test_public_ways_are_preferred_and_then_short_ones():
    w = v()
    net = Net(_a=w, long=Net(way=Net(w=w)))
    assert names(net=net) == ["net/long/way/w"]
    assert names(x=Net(y=w), w=w) == ["w"]


def test_names_are_preferred_to_positions():
    w = v()
    assert names(adam=Net(_trained=[w]), net=Net(_layers=[Net(_kernel=w)])) == [
        "net/_layers/0/_kernel"
    ]
    assert names(net=Net(weights=[w], _w=w)) == ["net/weights/0"]


def test_shared_and_circular_objects_are_stored_once():
    w = v()
    a, b = Net(w=w), Net(w=w)
    a.other, b.other = b, a
    captured = capture({"a": a, "b": b})
    assert sorted(captured.variables) == ["a/w"]
    assert captured.nodes == [{"a": 1, "b": 2}, {"other": 2, "w": 3}, {"other": 1, "w": 3}, "a/w"]


def test_an_assigned_variable_is_the_variable():
    w = v()
    assert capture({"w": w, "x": w.assign(2.0)}).variables == {"w": w}


def test_slashes_in_keys_are_escaped():
    assert names(d={"a/b": v(), "a": {"b": v()}, "c%2F": v()}) == ["d/a%2Fb", "d/a/b", "d/c%252F"]


def test_keys_that_are_the_same_text_are_refused():
    with pytest.raises(InvalidArgumentError, match="keys that differ"):
        capture({"d": {1: v(), "1": v()}})
    assert names(d={1: v(), "1": "no state"}) == ["d/1"]


def test_mappings_and_named_tuples_are_walked():
    pair = collections.namedtuple("Pair", "x y")
    ordered = collections.OrderedDict(b=v(), a=v())
    assert names(o=ordered, p=pair(v(), v())) == ["o/a", "o/b", "p/0", "p/1"]


@pytest.mark.parametrize(
    "value",
    [3, "text", None, np.zeros(1), print, Plain(), Plain(x=1)],
    ids=["number", "text", "none", "array", "function", "empty object", "object of numbers"],
)
def test_what_holds_no_state_is_refused(value):
    with pytest.raises(InvalidArgumentError, match="expected x to hold Variables"):
        check_trackable("Checkpoint", "x", value)


def test_the_stored_graph_is_checked():
    good = [{"a": 1, "b": 2}, {"w": 2}, "w"]
    assert checked_nodes(good, {"w": None}, "c") == good
    for bad in (
        [],
        {},
        "w",
        ["w"],
        [{"a": 1}],
        [{"a": -1}],
        [{"a": True}, "w"],
        [{"a": "w"}],
        [{"a": 1}, "other"],
        [{"a": 1}, None],
        [{"a": 1}, ["w"]],
    ):
        with pytest.raises(DataLossError, match="graph of objects"):
            checked_nodes(bad, {"w": None}, "c")


def test_without_a_stored_graph_the_names_are_the_graph():
    nodes = checked_nodes(None, {"net/w": None, "net/b": None, "x": None, "x/y": None}, "c")
    assert nodes == [{"net": 1, "x": 4}, {"b": 2, "w": 3}, "net/b", "net/w", "x"]
