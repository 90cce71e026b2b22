"""Graphs of compiled functions."""

from __future__ import annotations

import pytest

import thalweg as tf
from tests.summary import decoder
from thalweg._src.base.errors import FailedPreconditionError, InvalidArgumentError


@pytest.fixture
def program():
    v = tf.Variable([[1.0, 2.0]], name="weights")

    @tf.function
    def f(x):
        y = tf.nn.relu(tf.matmul(v, x))
        for _ in tf.range(3):
            y = y + 1.0
        v.assign(v * 2.0)
        return y, tf.reduce_sum(y)

    return f.get_concrete_function(tf.ones((2, 3)))


def written(graph_data, folder):
    with tf.summary.create_file_writer(folder).as_default():
        assert tf.summary.graph(graph_data)
    (path,) = folder.iterdir()
    _, event = decoder.records(path)
    return decoder.fields(event)[4][0]


def nodes(message):
    """(op, inputs) by name."""
    found = {}
    for node in decoder.fields(message)[1]:
        parts = decoder.fields(node)
        inputs = [i.decode() for i in parts.get(3, [])]
        found[parts[1][0].decode()] = (parts[2][0].decode(), inputs)
    assert len(found) == len(decoder.fields(message)[1])
    return found


def test_nodes_are_the_operations_and_edges_their_results(program, tmp_path):
    found = nodes(written(program, tmp_path))
    assert found["input_0"] == ("Placeholder", [])
    assert found["weights"] == ("Variable", [])
    assert found["matmul/dot_general"] == ("dot_general", ["weights", "input_0"])
    scan = next(name for name, (op, _) in found.items() if op in ("scan", "while"))
    assert found["output_0"] == ("Identity", [scan])
    assert found["reduce_sum"] == ("reduce_sum", [scan])
    assert found["output_1"] == ("Identity", ["reduce_sum"])
    assert found["assigned"][1] == ["mul"]
    known = set(found)
    for _, inputs in found.values():
        assert {name.partition(":")[0] for name in inputs} <= known


def test_finished_messages_are_written_as_they_are(tmp_path):
    assert written(b"\n\x04\n\x02ab", tmp_path) == b"\n\x04\n\x02ab"


def test_other_things_are_refused(tmp_path, program):
    with tf.summary.create_file_writer(tmp_path).as_default():
        with pytest.raises(InvalidArgumentError, match="get_concrete_function"):
            tf.summary.graph("graph")
        with pytest.raises(FailedPreconditionError, match="called eagerly"):
            tf.function(lambda: tf.summary.graph(program))()


def test_without_writer_nothing_is_written(program):
    assert not tf.summary.graph(program)
