"""The door: one op, four lives, and errors in one form."""

from __future__ import annotations

import threading

import jax
import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor, evaluate
from thalweg._src.core.tensor import Tensor, is_static


def test_dtypes_are_not_promoted():
    with pytest.raises(
        TypeError,
        match=r"\[add\] expected x and y of one dtype, got float32 of shape \(2,\) and int32",
    ):
        tf.add(tf.ones(2), tf.constant([1, 2]))


def test_python_and_numpy_values_take_the_tensors_dtype():
    assert (tf.ones(2, tf.float64) + 1.5).dtype == tf.float64
    assert (tf.ones(2) + np.ones(2)).dtype == tf.float32
    assert (np.float64(2.0) * tf.ones(2)).dtype == tf.float32
    with pytest.raises(
        TypeError, match=r"\[add\] expected a value for dtype int32, got the Python float"
    ):
        tf.constant([1]) + 1.5


def test_shape_errors_name_op_shapes_and_a_remedy():
    refusal = r"^\[matmul\] .*\(2, 3\).*\(4, 5\); the columns of a"
    with pytest.raises(tf.errors.InvalidArgumentError, match=refusal):
        tf.matmul(tf.ones((2, 3)), tf.ones((4, 5)))
    refusal = r"^\[add\] got x: float32 of shape \(2,\), y: float32 of shape \(3,\)"
    with pytest.raises(ValueError, match=refusal):
        tf.ones(2) + tf.ones(3)


def test_unknown_arguments_are_refused():
    with pytest.raises(TypeError, match=r"\[square\] unexpected argument 'y'"):
        tf.square(1.0, y=2)
    with pytest.raises(TypeError, match=r"\[add\] missing argument 'y'"):
        tf.add(1.0)


def test_sizes_are_static_inside_compiled_programs():
    seen = []

    @tf.function
    def program(x, p):
        seen.append(is_static(tf.shape(x)[0] * 2 + 1))
        return tf.zeros((tf.shape(x)[0], 3)), tf.one_hot(
            tf.zeros(2, tf.int32), depth=tf.shape(p)[1]
        )

    zeros, hot = program(tf.ones((4, 2)), tf.ones((1, 5)))
    assert zeros.shape == (4, 3)
    assert hot.shape == (2, 5)
    assert seen == [True]


def test_sizes_are_expressions_on_symbolic_tensors():
    x = KerasTensor((None, 2))
    rows = tf.shape(x)[0]
    result = tf.zeros((rows * 2, 3))
    assert result.shape == (None, 3)
    assert evaluate(result, {x.ref(): tf.ones((5, 2))}).shape == (10, 3)
    part = x[:, : tf.shape(x)[1] // 2]
    assert part.shape == (None, 1)


def test_a_symbolic_graph_computes_what_eager_calls_compute():
    x = KerasTensor((None, 3))
    y = tf.reduce_sum(tf.square(x) + 1.0, axis=1)
    assert y.shape == (None,)
    value = tf.constant([[1.0, 2.0, 3.0]])
    np.testing.assert_allclose(evaluate(y, {x.ref(): value}).numpy(), [17.0])


def test_constants_take_the_dtype_of_the_symbols_they_must_match():
    x = tf.keras.Input((3,))
    assert tf.where(x > 0.0, x, 0.0).dtype == "float32"
    assert tf.where(x > 0.0, 1, tf.constant([1, 2, 3], tf.int64)).dtype == "int64"


def test_values_of_symbols_are_refused():
    x = KerasTensor((None, 3))
    for use in (bool, float, np.asarray):
        with pytest.raises(TypeError, match="symbolic tensor .* has no value"):
            use(x)


def test_a_traced_value_is_refused_with_a_way_out():
    @tf.function(autograph=False)
    def program(x):
        return 1.0 if x > 0 else 2.0

    with pytest.raises(TypeError, match="expected a tensor with a value, got a traced tensor"):
        program(tf.constant(1.0))


def test_a_leaked_tensor_is_named_as_such():
    leaked = []

    @tf.function
    def program(x):
        leaked.append(x * 2.0)
        return x

    program(tf.constant(1.0))
    with pytest.raises(
        TypeError, match=r"\[add\] expected tensors of this program, got one that leaked"
    ):
        tf.add(leaked[0], 1.0)


def test_ops_work_under_plain_jax_transformations():
    def loss(w):
        return tf.reduce_sum(tf.square(Tensor(w))).array

    np.testing.assert_allclose(jax.grad(loss)(np.array([1.0, 2.0], np.float32)), [2, 4])


def test_threads_have_tapes_of_their_own():
    results = {}

    def work(k):
        x = tf.constant(float(k))
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = x * x
        results[k] = float(tape.gradient(y, x))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {k: 2.0 * k for k in range(8)}


def test_strings_are_refused_by_numeric_ops():
    with pytest.raises(TypeError, match=r"\[square\] expected .*got .*string"):
        tf.square(tf.constant("a"))


@op("test_shout", on_host=True)
def shout(text):
    loud = [value.upper() for value in text.reshape(-1)]
    return np.array(loud, object).reshape(text.shape)


@op("test_letters", on_host=True)
def letters(text):
    return np.array([len(value) for value in text.reshape(-1)], np.int32).reshape(text.shape)


def test_ops_on_the_host_run_eagerly_and_on_symbols():
    assert letters(shout(["ab", "c"])).numpy().tolist() == [2, 1]
    text = tf.keras.Input((), dtype="string")
    count = letters(shout(text))
    assert (count.shape, count.dtype) == ((None,), "int32")
    model = tf.keras.Model(text, [count, shout(text)])
    count, loud = model(tf.constant(["ab", "c"]))
    assert count.numpy().tolist() == [2, 1]
    assert loud.numpy().tolist() == [b"AB", b"C"]




def test_strings_meet_tensors_on_a_device_and_symbols():
    words, picked = tf.constant(["a", "b"]), tf.constant([False, True])
    assert tf.where(picked, words, "-").numpy().tolist() == [b"-", b"b"]
    text = KerasTensor((None, 2), "string")
    assert tf.equal(text, "a").dtype == "bool"
    chosen = tf.where(text == "a", text, "other")
    assert (chosen.shape, chosen.dtype) == ((None, 2), "string")
    assert tf.gather(words, KerasTensor((None,), "int32")).shape == (None,)
