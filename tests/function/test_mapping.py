"""`map_fn`, `scan`, `foldl`, `foldr`, `vectorized_map`: eagerly, in programs, symbolic, and their errors."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.symbolic import KerasTensor, evaluate

both = pytest.mark.parametrize(
    "run", [lambda f: f(), lambda f: tf.function(f)()], ids=["eager", "function"]
)


def values(result):
    return tf.nest.map_structure(lambda t: t.numpy().tolist(), result)


R = tf.range(1, 5)


@both
@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: tf.map_fn(lambda x: x * x, R), [1, 4, 9, 16]),
        (
            lambda: tf.map_fn(lambda x: x / 2, R, fn_output_signature=tf.float64),
            [0.5, 1.0, 1.5, 2.0],
        ),
        (
            lambda: tf.map_fn(lambda t: t[0] * t[1], (R, R), fn_output_signature=tf.int32),
            [1, 4, 9, 16],
        ),
        (lambda: tf.map_fn(lambda x: (x, -x), R, dtype=(tf.int32, tf.int32))[1], [-1, -2, -3, -4]),
        (lambda: tf.map_fn(lambda x: 2, R), [2, 2, 2, 2]),
        (lambda: tf.scan(lambda a, x: a + x, R), [1, 3, 6, 10]),
        (lambda: tf.scan(lambda a, x: a * x, R, initializer=10), [10, 20, 60, 240]),
        (lambda: tf.scan(lambda a, x: a - x, R, reverse=True), [-2, -1, 1, 4]),
        (lambda: tf.scan(lambda a, x: a + x, R[2:3]), [3]),
        (lambda: tf.scan(lambda a, x: {"s": a["s"] + x}, R, {"s": 0})["s"], [1, 3, 6, 10]),
        (lambda: tf.foldl(lambda a, x: a - x, R), -8),
        (lambda: tf.foldr(lambda a, x: a - x, R), -2),
        (lambda: tf.foldl(lambda a, x: a * 2 + x, R, initializer=1), 42),
        (lambda: tf.vectorized_map(lambda x: x * x, R), [1, 4, 9, 16]),
        (lambda: tf.vectorized_map(lambda x: 7, R), [7, 7, 7, 7]),
        (
            lambda: tf.vectorized_map(lambda t: t[0] + t[1], (tf.constant([[10]]), R[:, None])),
            [[11], [12], [13], [14]],
        ),
    ],
)
def test_values(run, call, expected):
    assert values(run(call)) == expected


@both
def test_no_element(run):
    empty = tf.zeros((0, 2))
    assert run(lambda: tf.map_fn(lambda x: tf.reduce_sum(x), empty)).shape == (0,)
    assert run(lambda: tf.scan(lambda a, x: a + x, empty, tf.zeros(2))).shape == (0, 2)
    assert values(run(lambda: tf.foldl(lambda a, x: a + x, empty, tf.ones(2)))) == [1.0, 1.0]
    with pytest.raises(ValueError, match="expected at least one element, or an initializer"):
        run(lambda: tf.foldl(lambda a, x: a + x, empty))


@both
def test_errors(run):
    with pytest.raises(
        tf.errors.InvalidArgumentError, match="expected fn to return dtype int32, got float32"
    ):
        run(lambda: tf.map_fn(lambda x: tf.cast(x, tf.float32), R))
    with pytest.raises(ValueError, match="expected fn to return the structure of elems"):
        run(lambda: tf.map_fn(lambda x: (x, x), R))
    with pytest.raises(ValueError, match="expected fn to return the structure of the accumulator"):
        run(lambda: tf.scan(lambda a, x: (a, x), R))
    with pytest.raises(ValueError, match="one common first dimension"):
        run(lambda: tf.map_fn(lambda t: t[0], (R, R[:2])))
    with pytest.raises(ValueError, match="one common first dimension"):
        run(lambda: tf.vectorized_map(lambda t: t, tf.constant(1)))
    with pytest.raises(TypeError, match=r"\[scan\] expected a callable as fn"):
        run(lambda: tf.scan(3, R))


@pytest.mark.parametrize(
    "function",
    [
        lambda x, w: tf.map_fn(lambda e: e**3 * w, x),
        lambda x, w: tf.vectorized_map(lambda e: e**2 * tf.reduce_sum(x) * w, x),
        lambda x, w: tf.scan(lambda a, e: a * e * w, x),
        lambda x, w: tf.foldr(lambda a, e: a * e + w, x),
    ],
    ids=["map_fn", "vectorized_map", "scan", "foldr"],
)
def test_gradients_to_second_order_agree_with_the_eager_loop(function):
    x, w = tf.constant([1.0, 2.0, 3.0]), tf.Variable(1.5)

    def derivatives(run):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = run(x, w)
            first = inner.gradient(y, x)
        return [y, first, *outer.gradient(first, [x, w])]

    for one, other in zip(derivatives(function), derivatives(tf.function(function)), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)


def test_variables_change_in_order():
    v = tf.Variable(1)

    @tf.function
    def f(x):
        return tf.map_fn(lambda e: v.assign_add(e).read_value(), x)

    assert values(f(R)) == [2, 4, 7, 11]
    assert int(v) == 11
    with pytest.raises(NotImplementedError, match="expected fn to assign no Variable"):
        tf.vectorized_map(lambda e: v.assign_add(e), R)


def test_elements_draw_their_own_numbers():
    tf.random.set_seed(3)
    draw = lambda _: tf.random.uniform(())  # noqa: E731
    found = []
    for _ in range(2):
        found += values(tf.vectorized_map(draw, R))
        found += values(tf.function(lambda: tf.vectorized_map(draw, R))())
        found += values(tf.function(lambda: tf.map_fn(draw, R, fn_output_signature=tf.float32))())
    assert len(set(found)) == len(found)


def test_function_is_traced_once():
    count = []

    def once(x):
        count.append(1)
        return x

    tf.function(lambda: tf.map_fn(once, R))()
    tf.vectorized_map(once, R)
    assert len(count) == 2


def test_symbolic():
    x = KerasTensor((None, 3))
    results = [
        tf.map_fn(lambda r: tf.reduce_sum(r), x),
        tf.scan(lambda a, r: a + r, x),
        tf.vectorized_map(lambda r: {"a": r[0]}, x)["a"],
        tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a * 2.0), (0, x))[1],
    ]
    assert [r.shape for r in results] == [(None,), (None, 3), (None,), (None, 3)]
    found = evaluate(results, {x.ref(): tf.ones((2, 3))})
    assert values(found) == [[3.0, 3.0], [[1.0] * 3, [2.0] * 3], [1.0, 1.0], [[8.0] * 3] * 2]
