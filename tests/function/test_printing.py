"""`tf.print`: the text, and when it is written."""

from __future__ import annotations

import collections
import io
import sys

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.ops.text_of_tensors import tensor_text


def text(*inputs, **kwargs):
    stream = io.StringIO()
    assert tf.print(*inputs, output_stream=stream, **kwargs) is None
    return stream.getvalue()


Point = collections.namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        (([1.0, 2.5],), "[1 2.5]"),
        (
            (3.14159274, 0.1, 1e-10, 1e10, 123456789.0, 1e5, 1e6),
            "3.14159274 0.1 1e-10 1e+10 123456792 100000 1e+06",
        ),
        ((True,), "1"),
        (([True, False],), "[1 0]"),
        ((list(range(10)),), "[0 1 2 ... 7 8 9]"),
        ((list(range(6)),), "[0 1 2 3 4 5]"),
        (([[0, 1], [2, 3]],), "[[0 1]\n [2 3]]"),
        (([[[0, 1]], [[2, 3]]],), "[[[0 1]]\n\n [[2 3]]]"),
        ((["a", 'b"'],), '["a" "b\\""]'),
        (([float("nan"), float("inf"), -float("inf"), -0.0],), "[nan inf -inf -0]"),
        (([1 / 3, 1e-5, 1e5],), "[0.333333343 1e-05 100000]"),
        ((np.zeros(0, np.float32),), "[]"),
    ],
)
def test_tensors(inputs, expected):
    assert text(*(tf.constant(x) for x in inputs)) == expected + "\n"


def test_dtypes():
    assert text(tf.constant(1 / 3, tf.float64)) == "0.33333333333333331\n"
    assert (
        text(tf.constant(0.1, tf.float16), tf.constant(0.1, tf.bfloat16))
        == "0.0999755859 0.100097656\n"
    )
    assert text(tf.constant([1, 2], tf.uint8), tf.constant(2**40)) == "[1 2] 1099511627776\n"
    assert text(tf.Variable([1.0, 2.0])) == "[1 2]\n"
    assert text(tf.constant("abc")) == "abc\n"
    assert text("x:", tf.constant("abc")) == 'x: "abc"\n'


def test_python_values_and_structures():
    one = tf.constant(1)
    assert text("plain", 3, 2.5, None, "100%", "{}") == "plain 3 2.5 None 100% {}\n"
    assert text({"b": [tf.constant([1.0]), 3], "a": one}) == "{'a': 1, 'b': [[1], 3]}\n"
    assert (
        text((one, "x"), (one,), [["q"]], Point(one, 2))
        == "(1, 'x') (1,) [['q']] Point(x=1, y=2)\n"
    )
    assert text() == "\n"


def test_options():
    assert text("a", "b", sep="-", end="!") == "a-b!"
    assert text(tf.range(10), summarize=1) == "[0 ... 9]\n"
    assert text(tf.range(10), summarize=-1) == "[0 1 2 3 4 5 6 7 8 9]\n"
    assert tensor_text(np.arange(36).reshape(6, 6), 1) == "[[0 ... 5]\n ...\n [30 ... 35]]"


def test_streams(capsys, tmp_path):
    tf.print("to stderr")
    tf.print("to stdout", output_stream=sys.stdout)
    assert capsys.readouterr() == ("to stdout\n", "to stderr\n")
    for _ in range(2):
        tf.print("line", output_stream=f"file://{tmp_path / 'log'}")
    assert (tmp_path / "log").read_text() == "line\nline\n"
    said = []
    tf.print("called", output_stream=said.append)
    assert said == ["called"]
    with pytest.raises(ValueError, match="expected output_stream to be a file object"):
        tf.print("x", output_stream="nowhere")
    with pytest.raises(ValueError, match=r"got \['colour'\]"):
        tf.print("x", colour=1)
    with pytest.raises(NotImplementedError, match="got a symbolic tensor"):
        tf.print(KerasTensor((None,)))


def test_prints_in_order_when_the_program_runs():
    stream = io.StringIO()

    @tf.function
    def f(x):
        tf.print("start", output_stream=stream)
        for i in tf.range(2):
            if x > i:
                tf.print("i", i, output_stream=stream)
        tf.print(tf.shape(x), output_stream=stream)
        return x

    f(tf.constant(5))
    stream.write("python\n")
    f(tf.constant(1))
    assert stream.getvalue() == "start\ni 0\ni 1\n[]\npython\nstart\ni 0\n[]\n"


def test_gradient_prints_nothing_again():
    stream = io.StringIO()

    @tf.function
    def f(x, n):
        for i in tf.range(n):
            tf.print(i, output_stream=stream)
            x = x * 2.0
        return x

    x = tf.constant(1.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x, tf.constant(3))
    assert float(tape.gradient(y, x)) == 8.0
    assert stream.getvalue() == "0\n1\n2\n"
