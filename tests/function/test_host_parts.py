"""Compiled functions with strings: a part on the host, one compiled part, a part on the host."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.opdef import op


def objects(values, shape):
    out = np.empty(shape, object)
    out.reshape(-1)[:] = values
    return out


@op("test_lower", on_host=True)
def lower(text):
    return objects([v.lower() for v in text.reshape(-1)], text.shape)


@op("test_length", on_host=True)
def length(text):
    return np.array([len(v) for v in text.reshape(-1)], np.int32).reshape(text.shape)


@op("test_as_text", on_host=True)
def as_text(numbers):
    return objects([str(v).encode() for v in numbers.reshape(-1)], numbers.shape)


@op("test_decode", on_host=True)
def decode(text):
    return np.frombuffer(text[()], np.uint8)


def traced(function, **settings):
    """The compiled function and the list of its traces."""
    traces = []

    def counted(*args):
        traces.append(args)
        return function(*args)

    return tf.function(counted, **settings), traces


def test_strings_come_in_and_go_out_of_one_program():
    weight = tf.Variable(2.0)

    def compute(text, bias):
        score = tf.cast(length(lower(text)), tf.float32) * weight + bias
        weight.assign_add(1.0)
        return {"score": score, "shown": as_text(score), "lower": lower(text), "twice": lower(as_text(score))}

    function, traces = traced(compute)
    for number, text in enumerate((["A", "bcd"], ["aaaa", "b"], ["x", "yy"])):
        found = function(tf.constant(text), tf.constant(1.0))
        expected = [len(t) * (2.0 + number) + 1.0 for t in text]
        assert found["score"].numpy().tolist() == expected
        assert found["shown"].numpy().tolist() == found["twice"].numpy().tolist()
        assert found["shown"].numpy().tolist() == [str(e).encode() for e in expected]
        assert found["lower"].numpy().tolist() == [t.lower().encode() for t in text]
    assert len(traces) == 1
    function(tf.constant(["one"]), tf.constant(1.0))
    assert len(traces) == 2


def test_each_shape_that_comes_of_strings_has_its_program():
    function, traces = traced(lambda data: tf.reduce_sum(tf.cast(decode(data), tf.int32)))
    found = [int(function(tf.constant(d))) for d in (b"\x01\x02", b"\x05", b"\x03\x04", b"\x07")]
    assert found == [3, 5, 7, 7]
    assert len(traces) == 2


def test_ops_that_move_elements_move_strings():
    @tf.function
    def move(text):
        return tf.concat([text, tf.constant(["end"])], 0), tf.shape(text), text[0], tf.reshape(text, (-1, 1))

    for text in (["a", "b"], ["c", "d"]):
        joined, shape, first, column = move(tf.constant(text))
        assert joined.numpy().tolist() == [*(t.encode() for t in text), b"end"]
        assert shape.numpy().tolist() == [2]
        assert first.numpy() == text[0].encode()
        assert column.numpy().tolist() == [[t.encode()] for t in text]


def test_conditions_and_loops_take_what_comes_of_strings():
    @tf.function
    def answer(text):
        if tf.equal(text, "yes"):
            return tf.constant(1)
        return tf.constant(0)

    @tf.function
    def count(text):
        total = tf.constant(0)
        for i in tf.range(length(text)):
            total += i
        return total

    assert [int(answer(tf.constant(t))) for t in ("yes", "no")] == [1, 0]
    assert [int(count(tf.constant(t))) for t in ("abcd", "ab")] == [6, 1]


def test_functions_inside_are_parts_of_the_outer_one():
    inner = tf.function(lambda x: as_text(x))
    outer = tf.function(lambda x: lower(inner(x * 2.0)))
    assert [outer(tf.constant([v])).numpy().tolist() for v in (1.0, 2.0)] == [[b"2.0"], [b"4.0"]]
    inner = tf.function(lambda text, x: tf.cast(length(text), tf.float32) * x)
    outer = tf.function(lambda text: inner(lower(text), 2.0))
    assert [float(outer(tf.constant(t))) for t in ("abc", "d")] == [6.0, 2.0]


def test_gradients_pass_by_strings():
    weight = tf.Variable(3.0)

    @tf.function
    def gradient(text):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.cast(length(text), tf.float32) * weight)
        return tape.gradient(loss, weight)

    assert [float(gradient(tf.constant(t))) for t in (["abc", "d"], ["a", "b"])] == [4.0, 2.0]


def test_prints_show_strings_when_the_program_runs(capsys):
    @tf.function
    def show(text, number):
        tf.print("got", text, lower(text), number * 2)
        tf.print(text)
        return length(text)

    for text in ("Ab", "C"):
        show(tf.constant(text), tf.constant(4))
    assert capsys.readouterr().err.splitlines() == ['got "Ab" "ab" 8', "Ab", 'got "C" "c" 8', "C"]


def test_signatures_with_open_sizes_hold():
    function = tf.function(lambda t: length(t) + 1, input_signature=[tf.TensorSpec([None], tf.string)])
    assert function(tf.constant(["abcd"])).numpy().tolist() == [5]
    assert function(tf.constant(["a", "bc"])).numpy().tolist() == [2, 3]


def test_an_op_of_the_host_between_compiled_parts_runs_uncompiled(caplog):
    function = tf.function(lambda x: tf.cast(length(as_text(x * 2.0)), tf.float32) * x)
    assert function(tf.constant([1.0, 20.0])).numpy().tolist() == [3.0, 80.0]
    assert "an op of the host stands between two compiled parts" in caplog.text


def test_sizes_that_python_asks_for_are_those_of_the_call():
    function = tf.function(lambda text: (lower(text), decode(text).shape[0]))
    assert [function(tf.constant(t))[1] for t in ("abc", "de", "f", "ghi")] == [3, 2, 1, 3]


def test_one_program_serves_many_lengths_that_the_host_brings_to_one():
    function, traces = traced(lambda data: tf.reduce_sum(tf.cast(decode(data), tf.int32)) * 2)
    found = [int(function(tf.constant(bytes(range(1, n))))) for n in range(2, 20)]
    assert found == [n * (n - 1) for n in range(2, 20)]
    assert len(traces) == 9


def test_lengths_that_nobody_asks_for_need_no_further_program():
    function, traces = traced(lambda data: as_text(decode(data)))
    assert [len(function(tf.constant(b"x" * n)).numpy()) for n in range(1, 12)] == list(range(1, 12))
    assert len(traces) == 1


def test_many_lengths_that_reach_the_compiled_part_have_their_programs():
    weight = tf.Variable(2.0)
    function, traces = traced(lambda data: tf.reduce_sum(tf.cast(decode(data), tf.float32) * weight))
    found = [float(function(tf.constant(bytes(range(1, n))))) for n in range(2, 14)]
    assert found == [n * (n - 1) for n in range(2, 14)]
    assert len(traces) == 13


def test_numbers_choose_texts():
    @tf.function
    def name(scores):
        best = tf.argmax(scores)
        return tf.gather(tf.constant(["cat", "dog"]), best), tf.where(scores > 0.5, "yes", "no")

    for scores, word in (([0.9, 0.1], b"cat"), ([0.2, 0.8], b"dog")):
        chosen, answers = name(tf.constant(scores))
        assert chosen.numpy() == word
        assert answers.numpy().tolist() == [b"yes" if s > 0.5 else b"no" for s in scores]


def test_what_has_a_state_keeps_its_order():
    counts = tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, default_value=0)

    @tf.function
    def count(word):
        counts.insert(word, counts.lookup(word) + 1)
        return counts.lookup(word)

    assert [int(count(tf.constant(w))) for w in ("a", "b", "a", "a")] == [1, 1, 2, 3]


def test_python_functions_take_numbers_that_come_of_strings():
    @tf.function
    def doubled(text):
        return tf.py_function(lambda n: n * 2, [length(text)], tf.TensorSpec((), tf.int32))

    assert [int(doubled(tf.constant(t))) for t in ("abc", "d")] == [6, 2]


def test_ops_of_the_host_in_loops_are_refused():
    @tf.function
    def loop(limit):
        for i in tf.range(limit):
            tf.print(as_text(i))
        return limit

    with pytest.raises(tf.errors.UnimplementedError, match=r"\[test_as_text\] runs on the host"):
        loop(tf.constant(3))


def test_values_are_not_known_while_tracing():
    with pytest.raises(tf.errors.OperatorNotAllowedInGraphError, match="expected a tensor with a value"):
        tf.function(lambda text: length(text).numpy())(tf.constant("a"))
