"""`custom_gradient`, `grad_pass_through`, `recompute_grad`: eagerly, in programs, to second order."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.symbolic import KerasTensor, evaluate

ways = pytest.mark.parametrize("way", ["eager", "function", "tape inside"])


def values(result):
    return tf.nest.map_structure(lambda t: t if t is None else t.numpy().tolist(), result)


def gradient(way, function, sources, *variables):
    """Gradients of the function's result with respect to its arguments and the Variables."""

    def taped(*xs, call=function):
        with tf.GradientTape() as tape:
            tape.watch(xs)
            y = call(*xs)
        return tape.gradient(y, [*xs, *variables])

    xs = [tf.constant(s) for s in sources]
    if way == "eager":
        return values(taped(*xs))
    if way == "function":
        return values(taped(*xs, call=tf.function(function)))
    return values(tf.function(taped)(*xs))


@ways
def test_rule_is_followed(way):
    @tf.custom_gradient
    def clip(x):
        return x * 2.0, lambda dy: tf.clip_by_value(dy, -1.0, 1.0) * 10.0

    assert gradient(way, lambda x: clip(x) * 3.0, [[1.0, 2.0]]) == [[10.0, 10.0]]


@ways
def test_structures_integers_and_python_arguments(way):
    seen = []

    @tf.custom_gradient
    def f(pair, scale, label=None):
        def grad(da, db):
            seen.append(db.dtype)
            return da * 5.0, da * 7.0, None

        assert label == "x"
        return {"a": pair["x"] * pair["y"][0] * scale, "n": tf.argmax([1.0, 2.0])}, grad

    def call(x, y):
        return f({"x": x, "y": [y]}, 2.0, label="x")["a"]

    assert gradient(way, call, [3.0, 4.0]) == [5.0, 7.0]
    assert set(seen) == {tf.int64}


@ways
def test_variables(way):
    v = tf.Variable(3.0)
    frozen = tf.Variable(2.0, trainable=False)

    @tf.custom_gradient
    def f(x):
        def grad(dy, variables=None):
            assert [w.name for w in variables] == [v.name]
            return dy * 7.0, [dy * 11.0 for _ in variables]

        return x * v * frozen, grad

    assert gradient(way, f, [2.0], v) == [7.0, 11.0]
    assert float(f(tf.constant(1.0))) == 6.0


@ways
def test_rule_errors(way):
    v = tf.Variable(3.0)

    @tf.custom_gradient
    def forgets(x):
        return x * v, lambda dy: dy

    @tf.custom_gradient
    def miscounts(x, y):
        return x * y, lambda dy: dy

    @tf.custom_gradient
    def no_rule(x):
        return x

    with pytest.raises(TypeError, match="expected grad_fn to take the keyword 'variables'"):
        gradient(way, forgets, [1.0])
    with pytest.raises(ValueError, match="expected grad_fn to return 2 cotangents, .* got 1"):
        gradient(way, miscounts, [1.0, 2.0])
    with pytest.raises(
        TypeError, match=r"\[custom_gradient no_rule\] expected the function to return"
    ):
        gradient(way, no_rule, [1.0])


def test_rule_that_fails_only_matters_for_gradients():
    @tf.custom_gradient
    def f(x):
        def grad(dy):
            raise NotImplementedError("no gradient here")

        return x * 2.0, grad

    compiled = tf.function(lambda x: f(x))
    assert float(compiled(tf.constant(1.0))) == 2.0
    for way in ("eager", "function", "tape inside"):
        with pytest.raises(NotImplementedError, match="no gradient here"):
            gradient(way, f, [1.0])


def test_cotangent_must_fit():
    @tf.custom_gradient
    def f(x):
        return tf.reduce_sum(x), lambda dy: dy

    with pytest.raises(ValueError, match=r"expected a cotangent of shape \(2,\)"):
        gradient("function", f, [[1.0, 2.0]])


def test_methods_and_decorator_with_parentheses():
    class Thing:
        scale = 4.0

        @tf.custom_gradient()
        def call(self, x):
            return x * self.scale, lambda dy: dy * 11.0

    assert gradient("eager", Thing().call, [2.0]) == [11.0]
    assert Thing.call.__name__ == "call"


@tf.custom_gradient
def log1pexp(x):
    e = tf.exp(x)
    return tf.math.log(1.0 + e), lambda upstream: upstream * (1.0 - 1.0 / (1.0 + e))


@pytest.mark.parametrize("function", [log1pexp, tf.recompute_grad(lambda x: tf.sin(x) * x)])
def test_second_order(function):
    def second(x, call=function):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = call(x)
            first = inner.gradient(y, x)
        return [y, first, outer.gradient(first, x)]

    x = tf.constant(0.7)
    s = 1 / (1 + np.exp(-0.7))
    expected = {
        True: [np.log1p(np.exp(0.7)), s, s * (1 - s)],
        False: [
            np.sin(0.7) * 0.7,
            np.sin(0.7) + 0.7 * np.cos(0.7),
            2 * np.cos(0.7) - 0.7 * np.sin(0.7),
        ],
    }[function is log1pexp]
    np.testing.assert_allclose(values(second(x)), expected, rtol=1e-5)
    np.testing.assert_allclose(values(second(x, call=tf.function(function))), expected, rtol=1e-5)
    np.testing.assert_allclose(values(tf.function(second)(x)), expected, rtol=1e-5)


def test_in_loops_branches_and_jacobians():
    @tf.custom_gradient
    def f(x):
        return x * 2.0, lambda dy: dy * 3.0

    def loop(x):
        for _ in tf.range(2):
            x = f(x) if tf.reduce_sum(x) > 0.0 else x
        return x

    assert gradient("function", loop, [1.0]) == [9.0]
    assert gradient("tape inside", loop, [1.0]) == [9.0]
    x = tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x) * x
    np.testing.assert_allclose(tape.jacobian(y, x), [[3 + 2, 0], [0, 6 + 4]])
    mapped = tf.vectorized_map(f, x)
    assert values(mapped) == [2.0, 4.0]


def test_forward_mode_differentiates_the_function():
    x = tf.constant(2.0)
    with tf.autodiff.ForwardAccumulator(x, tf.constant(1.0)) as acc:
        y, z = log1pexp(x), tf.function(log1pexp)(x)
    np.testing.assert_allclose([acc.jvp(y), acc.jvp(z)], [1 / (1 + np.exp(-2.0))] * 2, rtol=1e-6)


@ways
def test_pass_through(way):
    function = tf.grad_pass_through(lambda x: tf.round(x) * 10.0)
    assert gradient(way, function, [[0.4, 1.6]]) == [[1.0, 1.0]]
    assert values(function(tf.constant(1.6))) == 20.0


@ways
def test_recompute_with_variables_and_assignments(way):
    v, count = tf.Variable(3.0), tf.Variable(0.0, trainable=False)

    def f(x):
        return tf.sin(x) * v

    found = gradient(way, tf.recompute_grad(f), [2.0], v)
    np.testing.assert_allclose(found, [np.cos(2.0) * 3, np.sin(2.0)], rtol=1e-6)

    counted = tf.function(tf.recompute_grad(lambda x: (count.assign_add(1.0), x * 2.0)[1]))
    counted(tf.constant(1.0))
    assert float(count) == 1.0


def test_symbolic():
    x = KerasTensor((None, 2))
    y = tf.grad_pass_through(tf.round)(x)
    assert y.shape == (None, 2)
    a = tf.constant([[0.4, 1.6]])
    with tf.GradientTape() as tape:
        tape.watch(a)
        b = evaluate(y, {x.ref(): a})
    assert values(b) == [[0.0, 2.0]]
    assert values(tape.gradient(b, a)) == [[1.0, 1.0]]
