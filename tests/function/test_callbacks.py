"""`py_function` and `numpy_function`: Python called from eager code and from programs."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

X = tf.constant([1.0, 2.0])
SPEC = tf.TensorSpec([2], tf.float32)


def values(result):
    return tf.nest.map_structure(lambda t: t if t is None else t.numpy().tolist(), result)


@pytest.mark.parametrize("strict", [False, True], ids=["eager", "compiled"])
@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: tf.py_function(lambda t: t.numpy() * 2.0, [X], SPEC), [2.0, 4.0]),
        (lambda: tf.py_function(lambda t: t * 2.0, [X], [SPEC]), [[2.0, 4.0]]),
        (lambda: tf.py_function(lambda: 3, [], tf.TensorSpec([], tf.float32)), 3.0),
        (
            lambda: tf.py_function(lambda t: [t, 1], [X], [SPEC, tf.TensorSpec([], tf.int32)]),
            [[1.0, 2.0], 1],
        ),
        (lambda: tf.py_function(lambda t: None, [X], []), []),
        (lambda: tf.numpy_function(lambda a: a * 2, [X], SPEC), [2.0, 4.0]),
        (lambda: tf.numpy_function(lambda a: a * 2, [X], SPEC, stateful=False), [2.0, 4.0]),
        (lambda: tf.numpy_function(lambda a: [a, a], [X], [SPEC, SPEC]), [[1.0, 2.0]] * 2),
    ],
)
def test_values(call, expected, strict):
    run = tf.function(call, jit_compile=True) if strict else call
    assert values(run()) == expected


def test_strings_are_passed_and_returned():
    names = tf.constant(["a", "b"])
    upper = lambda: tf.numpy_function(lambda a: np.char.upper(a.astype("S")), [names], tf.string)  # noqa: E731
    assert values(upper()) == [b"A", b"B"]
    assert values(tf.function(upper)()) == [b"A", b"B"]
    count = lambda: tf.py_function(lambda t, x: x * len(t), [names, X], SPEC)  # noqa: E731
    assert values(tf.function(count, jit_compile=True)()) == [2.0, 4.0]


def test_without_a_shape_the_function_runs_uncompiled(caplog):
    f = tf.function(lambda x: tf.py_function(lambda t: t[t > 1.0], [x], tf.float32) + 1.0)
    assert values(f(X)) == [3.0]
    assert "runs uncompiled" in caplog.text
    strict = tf.function(f.python_function, jit_compile=True)
    with pytest.raises(TypeError, match="expected the shape of the result, .* got Tout=float32"):
        strict(X)


def test_runs_each_time_and_in_order():
    log = []

    @tf.function(jit_compile=True)
    def f(x):
        for i in tf.range(2):
            tf.py_function(lambda i: log.append(("a", int(i))), [i], [])
            x = tf.numpy_function(lambda i, x: log.append(("b", int(i))) or x, [i, x], SPEC)
        return x

    f(X)
    f(X)
    assert log == [("a", 0), ("b", 0), ("a", 1), ("b", 1)] * 2


def test_gradients_of_py_function():
    v = tf.Variable(3.0)

    def cube(x):
        return tf.py_function(
            lambda a, b: (a * a * b, tf.constant(1)), [x, v], [SPEC, tf.TensorSpec([], tf.int32)]
        )[0]

    @tf.function(jit_compile=True)
    def inside(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = cube(x)
        return tape.gradient(y, [x, v])

    assert values(inside(X)) == [[6.0, 12.0], 5.0]
    for function in (cube, tf.function(cube, jit_compile=True)):
        with tf.GradientTape() as tape:
            tape.watch(X)
            y = function(X)
        assert values(tape.gradient(y, [X, v])) == [[6.0, 12.0], 5.0]


def test_numpy_function_has_no_gradient():
    with tf.GradientTape() as tape:
        tape.watch(X)
        y = tf.numpy_function(lambda a: a, [X], tf.float32)
    assert tape.gradient(y, X) is None

    @tf.function(jit_compile=True)
    def f(x):
        return tf.numpy_function(lambda a: a * 3, [x], SPEC) * x

    with tf.GradientTape() as tape:
        tape.watch(X)
        y = f(X)
    assert values(tape.gradient(y, X)) == [3.0, 6.0]


def test_outer_tape_does_not_see_the_callback():
    @tf.function(jit_compile=True)
    def f(x):
        return tf.py_function(lambda t: t * 2.0, [x], SPEC)

    with tf.GradientTape() as tape:
        tape.watch(X)
        f(X)
    names = [c.op.name for c in tape._calls]
    assert names == ["f"]


@pytest.mark.parametrize("strict", [False, True], ids=["eager", "compiled"])
def test_errors(strict):
    def run(func, tout, error, text):
        call = lambda: tf.py_function(func, [X], tout)  # noqa: E731
        with pytest.raises(error, match=text):
            (tf.function(call, jit_compile=True) if strict else call)()

    run(lambda t: {}["mine"], SPEC, KeyError, "mine")
    run(lambda t: (t, t), SPEC, ValueError, "expected func to return 1 values as Tout says, got 2")
    run(lambda t: t, tf.TensorSpec([2], tf.int32), ValueError, "expected result 0 of dtype int32")
    run(3, SPEC, TypeError, "expected a callable as func, got 3")
    if strict:
        run(lambda t: t[:1], SPEC, ValueError, r"expected result 0 of shape \(2,\)")
