"""Diagrams: which boxes and arrows stand for which layers and calls."""

from __future__ import annotations

import pytest

import thalweg as tf
from tests.keras.utils.plotting import models
from thalweg._src.keras.utils.plotting.diagram import Details, Group, diagram_of

keras, layers = tf.keras, tf.keras.layers
NAMED = Details(names=True)


def title(box):
    return "".join(span.text for span in box.title)


def facts(box):
    return ["".join(span.text for span in cell.spans) for row in box.rows for cell in row]


def arrows(diagram):
    return {(title(e.tail).split()[0], title(e.head).split()[0]) for e in diagram.edges}


def boxes(diagram):
    return {title(box).split()[0]: box for box in diagram.root.boxes()}


def test_a_shared_layer_is_one_box_with_all_its_arrows():
    diagram = diagram_of(models.siamese(), NAMED)
    assert {("left", "encoder"), ("right", "encoder"), ("encoder", "subtract")} < arrows(diagram)
    assert len(boxes(diagram)) == len(list(diagram.root.boxes())) == 11
    assert [title(b) for b in diagram.root.boxes() if "oncat" in title(b)] == [
        "concatenate (Concatenate)",
        "concatenate_1 (Concatenate)",
    ]


def test_boxes_tell_what_is_asked_for():
    everything = Details(
        shapes=True, dtype=True, names=True, activations=True, trainable=True
    )
    found = boxes(diagram_of(models.siamese(), everything))
    assert facts(found["encoder"]) == [
        "Activation: relu",
        "Input shape: (None, 3)",
        "Output shape: (None, 8)",
        "Output dtype: float32",
        "Trainable",
    ]
    assert facts(found["side"])[-1] == "Non-trainable"
    assert facts(found["left"]) == ["Output shape: (None, 3)", "Output dtype: float32"]
    assert facts(found["subtract"])[0] == "Input shape: [(None, 8), (None, 8)]"


def test_without_names_boxes_tell_the_class():
    assert {title(b) for b in diagram_of(models.chain(), Details()).root.boxes()} == {
        "Conv2D",
        "MaxPooling2D",
        "Flatten",
        "Dropout",
        "Dense",
    }


def test_a_layer_called_with_several_shapes_tells_each():
    layer = layers.Activation("relu", name="relu")
    a, b = keras.Input((2,), name="a"), keras.Input((3,), name="b")
    model = keras.Model([a, b], [layer(a), layer(b)])
    box = boxes(diagram_of(model, Details(shapes=True, names=True)))["relu"]
    assert facts(box)[0] == "Input shape: (None, 2) or (None, 3)"


def test_a_sequential_model_is_a_chain_without_its_input():
    assert arrows(diagram_of(models.chain(), NAMED)) == {
        ("conv", "pool"),
        ("pool", "flat"),
        ("flat", "drop"),
        ("drop", "dense"),
    }


def test_inner_models_are_boxes_unless_they_are_expanded():
    diagram = diagram_of(models.nested(), NAMED)
    assert {("x", "one"), ("y", "one"), ("one", "add")} < arrows(diagram)
    assert all(not isinstance(child, Group) for child in diagram.root.children)


def test_expanded_models_are_groups_and_arrows_lead_to_what_is_inside():
    diagram = diagram_of(models.nested(), NAMED, expand_nested=True)
    groups = {g.name: g for g in diagram.root.children if isinstance(g, Group)}
    assert set(groups) == {"one", "two"}
    assert [g.name for g in groups["one"].children if isinstance(g, Group)] == ["one_tail"]
    assert {
        ("x", "one_in"),
        ("y", "one_by"),
        ("one_h", "one_s0"),
        ("one_s1", "add"),
        ("one_h", "add"),
        ("y", "two_by"),
    } < arrows(diagram)


def test_inner_models_with_named_inputs_are_fed_by_name():
    a, b = keras.Input((2,), name="a"), keras.Input((3,), name="b")
    inner = keras.Model({"b": b, "a": a}, layers.Dense(1, name="d")(b), name="inner")
    x, y = keras.Input((2,), name="x"), keras.Input((3,), name="y")
    diagram = diagram_of(
        keras.Model([x, y], inner({"b": y, "a": x})), NAMED, expand_nested=True
    )
    assert {("x", "a"), ("y", "b"), ("b", "d")} <= arrows(diagram)


def test_circles():
    diagram = diagram_of(models.circles(), NAMED, expand_nested=True)
    assert ("twice", "twice") in arrows(diagram)
    assert [(title(e.tail), title(e.head)) for e in diagram.edges if e.both] == [
        ("k (Dense)", "mid (Dense)")
    ]


class Written(keras.Model):
    def __init__(self):
        super().__init__(name="written")
        self.one, self.two = layers.Dense(3, name="one"), layers.Dense(1, name="two")

    def call(self, inputs):
        return self.two(self.one(inputs))


@pytest.mark.parametrize("expand", [False, True], ids=["box", "row"])
def test_a_model_with_a_call_of_its_own(expand):
    model = Written()
    model(tf.ones((2, 4)))
    diagram = diagram_of(model, Details(shapes=True, names=True), expand)
    if expand:
        assert [title(box) for box in diagram.root.boxes()] == ["one (Dense)", "two (Dense)"]
        assert [edge.hidden for edge in diagram.edges] == [True]
    else:
        assert [title(box) for box in diagram.root.boxes()] == ["written (Written)"]
        assert diagram.edges == []
    first = next(diagram.root.boxes())
    assert facts(first)[0] == "Input shape: (2, 4)"
