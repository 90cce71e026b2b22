"""`cond`, `case`, `switch_case`, `while_loop`: eagerly, in programs, differentiated, and their errors."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf


def compiled(body):
    """The body as it runs eagerly and inside a function."""
    return pytest.mark.parametrize(
        "run", [lambda f: f(), lambda f: tf.function(f)()], ids=["eager", "function"]
    )(body)


def values(result):
    return tf.nest.map_structure(lambda t: np.asarray(t).tolist(), result)


# --- cond -------------------------------------------------------------------------------------------


@compiled
def test_cond_runs_one_branch(run):
    x = tf.constant(3.0)
    assert values(run(lambda: tf.cond(x > 2.0, lambda: x * x, lambda: -x))) == 9.0
    assert values(run(lambda: tf.cond(x > 4.0, lambda: x * x, lambda: -x))) == -3.0


def test_cond_on_a_traced_value():
    @tf.function
    def f(x):
        return tf.cond(x > 0, lambda: {"a": x, "b": (1, None)}, lambda: {"a": -x, "b": (2, None)})

    assert values(f(tf.constant(3))["a"]) == 3
    assert values(f(tf.constant(-3))["b"][0]) == 2
    assert f(tf.constant(-3))["b"][1] is None


def test_cond_runs_python_once_for_each_branch():
    seen = []

    def note(name, value):
        seen.append(name)
        return value

    f = tf.function(lambda x: tf.cond(x > 0, lambda: note("t", x), lambda: note("f", -x)))
    for v in (1, -1, 2):
        f(tf.constant(v))
    assert seen == ["t", "f"]


def test_cond_takes_numbers_as_truth():
    f = tf.function(lambda x: tf.cond(x, lambda: 1, lambda: 2))
    assert [int(f(tf.constant(v))) for v in (0, 5)] == [2, 1]
    assert int(tf.cond(tf.constant(0), lambda: 1, lambda: 2)) == 2


def test_cond_errors():
    with pytest.raises(TypeError, match=r"\[cond\] expected a callable as true_fn, got 3"):
        tf.cond(True, 3, lambda: 1)
    with pytest.raises(ValueError, match=r"expected a scalar pred, got shape \(2,\)"):
        tf.cond(tf.constant([True, False]), lambda: 1, lambda: 2)
    with pytest.raises(TypeError, match="got the Python bool True"):
        tf.function(lambda: tf.cond(True, lambda: 1, lambda: 2))()

    def traced(true_fn, false_fn):
        return tf.function(lambda p: tf.cond(p, true_fn, false_fn))(tf.constant(True))

    with pytest.raises(
        ValueError, match="expected true_fn and false_fn to return the same structure"
    ):
        traced(lambda: (1, 2), lambda: 1)
    with pytest.raises(TypeError, match="result 0 must have one dtype in all branches"):
        traced(lambda: tf.constant(1), lambda: tf.constant(1.0))
    with pytest.raises(ValueError, match="result 0 must have one shape in all branches"):
        traced(lambda: tf.ones(2), lambda: tf.ones(3))
    with pytest.raises(TypeError, match="result 0 must be of one kind in all branches"):
        traced(lambda: tf.ones(2), lambda: None)


def test_cond_writes_variables_of_one_branch():
    a, b = tf.Variable(1.0), tf.Variable(10.0)

    @tf.function
    def f(p):
        tf.cond(p, lambda: a.assign_add(b), lambda: b.assign(a * 3.0))
        return a + b

    assert float(f(tf.constant(True))) == 21.0
    assert float(f(tf.constant(False))) == 44.0
    assert [float(a), float(b)] == [11.0, 33.0]


def test_gradients_of_cond_inside_and_outside():
    v, w = tf.Variable(2.0), tf.Variable(3.0)

    @tf.function
    def inside(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.cond(x > 0.0, lambda: x * v, lambda: x * x * w)
        return tape.gradient(y, [x, v, w], unconnected_gradients="zero")

    @tf.function
    def outside(x):
        return tf.cond(x > 0.0, lambda: x * v, lambda: x * x * w)

    for value, expected in ((5.0, [2.0, 5.0, 0.0]), (-5.0, [-30.0, 0.0, 25.0])):
        x = tf.constant(value)
        assert values(inside(x)) == expected
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = outside(x)
        assert values(tape.gradient(y, [x, v, w])) == expected


def test_tensor_that_a_branch_closes_over_is_followed():
    @tf.function
    def f(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            h = x * 2.0
            y = tf.cond(x > 0.0, lambda: h * h, lambda: h)
        return tape.gradient(y, [x, h])

    assert values(f(tf.constant(3.0))) == [24.0, 12.0]


def test_branch_may_close_over_a_watched_eager_tensor():
    c = tf.constant([2.0, 3.0])
    with tf.GradientTape() as tape:
        tape.watch(c)
        y = tf.function(lambda p: tf.cond(p, lambda: c * c, lambda: c))(tf.constant(True))
    assert values(tape.gradient(y, c)) == [4.0, 6.0]


# --- case and switch_case -----------------------------------------------------------------------------


@pytest.mark.parametrize(("x", "expected"), [(7, 1), (3, 5), (0, 9)])
def test_case(x, expected):
    def f(x):
        return tf.case([(x > 5, lambda: 1), (x > 2, lambda: 5)], default=lambda: 9)

    assert values(f(tf.constant(x))) == expected
    assert values(tf.function(f)(tf.constant(x))) == expected


def test_case_errors_and_exclusive():
    true, false = tf.constant(True), tf.constant(False)
    with pytest.raises(tf.errors.InvalidArgumentError, match="expected a true condition, got none"):
        tf.case([(false, lambda: 1)])
    with pytest.raises(tf.errors.InvalidArgumentError, match="at most one true condition"):
        tf.case([(true, lambda: 1), (true, lambda: 2)], exclusive=True)
    with pytest.raises(TypeError, match="expected pairs"):
        tf.case([(true,)])
    assert tf.case([(true, lambda: [tf.constant(1)])]).numpy() == 1
    assert values(tf.case([(true, lambda: [tf.constant(1)])], strict=True)) == [1]


@pytest.mark.parametrize("index", [-1, 0, 1, 2, 9])
def test_switch_case(index):
    functions = [lambda: 10, lambda: 11, lambda: 12]
    inside = index if 0 <= index < 3 else None

    def f(i):
        return tf.switch_case(i, functions), tf.switch_case(i, functions, default=lambda: 99)

    expected = (12 if inside is None else 10 + inside, 99 if inside is None else 10 + inside)
    assert values(f(tf.constant(index))) == expected
    assert values(tf.function(f)(tf.constant(index))) == expected


def test_switch_case_numbers():
    assert values(tf.switch_case(tf.constant(1), {1: lambda: "b", 0: lambda: "a"})) == "b"
    with pytest.raises(
        ValueError, match=r"expected branch_fns for the numbers 0 to n - 1, got \[0, 2\]"
    ):
        tf.switch_case(tf.constant(0), {0: lambda: 1, 2: lambda: 2})
    with pytest.raises(TypeError, match="expected functions in branch_fns"):
        tf.switch_case(tf.constant(0), [1, 2])


# --- while_loop -----------------------------------------------------------------------------------------


@compiled
def test_while_loop(run):
    def triangle():
        return tf.while_loop(lambda i, s: i < 5, lambda i, s: (i + 1, s + i), (0, 0))

    assert values(run(triangle)) == (5, 10)
    assert values(run(lambda: tf.while_loop(lambda i: i < 5, lambda i: [i * 2 + 1], [0]))) == [7]
    assert values(run(lambda: tf.while_loop(lambda i: i < 0, lambda i: [i + 1], [7]))) == [7]


@compiled
def test_while_loop_maximum_iterations(run):
    def f(most):
        return tf.while_loop(lambda i: True, lambda i: [i + 1], [0], maximum_iterations=most)

    assert values(run(lambda: f(4))) == [4]
    assert values(run(lambda: f(tf.constant(3)))) == [3]


@compiled
def test_while_loop_with_growing_variable(run):
    def f():
        return tf.while_loop(
            lambda i, x: i < 3,
            lambda i, x: (i + 1, tf.concat([x, [i]], 0)),
            (tf.constant(0), tf.constant([9])),
            shape_invariants=(tf.TensorShape([]), tf.TensorShape([None])),
        )

    assert values(run(f)) == (3, [9, 0, 1, 2])


def test_while_loop_of_structures_and_variables():
    v = tf.Variable([1.0, 2.0])

    @tf.function
    def f(n):
        def body(i, state):
            v.assign(v * 2.0)
            return i + 1, {"x": state["x"] + v, "y": (state["y"][0] + 1,)}

        return tf.while_loop(lambda i, s: i < n, body, (0, {"x": tf.zeros(2), "y": (10,)}))

    assert values(f(tf.constant(3))) == (3, {"x": [14.0, 28.0], "y": (13,)})
    assert values(v) == [8.0, 16.0]


def test_condition_may_read_and_write_variables():
    v = tf.Variable(0)

    @tf.function
    def f(n):
        return tf.while_loop(lambda i: v.assign_add(1) < n, lambda i: [i + 10], [0])

    assert values(f(tf.constant(4))) == [30]
    assert int(v) == 4


def test_while_loop_errors():
    def loop(cond, body, variables, **kwargs):
        return tf.function(lambda n: tf.while_loop(cond, body, variables, **kwargs))(tf.constant(3))

    ok = lambda i, x: i < 3  # noqa: E731
    with pytest.raises(TypeError, match=r"loop variable loop_vars\[1\]\['a'\] must keep its dtype"):
        loop(ok, lambda i, x: (i + 1, {"a": tf.cast(x["a"], tf.int32)}), (0, {"a": 1.0}))
    with pytest.raises(ValueError, match=r"loop variable loop_vars\[1\] must keep its shape"):
        loop(ok, lambda i, x: (i + 1, tf.concat([x, x], 0)), (0, tf.ones(1)))
    with pytest.raises(ValueError, match="expected the body to return the structure of loop_vars"):
        loop(ok, lambda i, x: i + 1, (0, [1.0]))
    with pytest.raises(ValueError, match="expected the condition to return one boolean scalar"):
        loop(lambda i: i, lambda i: [i + 1], [0])
    with pytest.raises(ValueError, match="expected at least one loop variable"):
        tf.while_loop(ok, ok, [])
    with pytest.raises(TypeError, match="expected callables as cond and body"):
        tf.while_loop(3, ok, [1])
    with pytest.raises(ValueError, match=r"expected a loop variable of shape \(3,\)"):
        tf.while_loop(
            ok, ok, [0, [1.0]], shape_invariants=[tf.TensorShape([]), tf.TensorShape([3])]
        )
    with pytest.raises(ValueError, match="expected a shape invariant for each of 2 loop variables"):
        tf.while_loop(ok, ok, [0, 1.0], shape_invariants=[tf.TensorShape([])])


@pytest.mark.parametrize("maximum", [None, 10])
def test_gradient_of_while_loop(maximum):
    w = tf.Variable(0.5)

    def f(x, n):
        body = lambda i, y: (i + 1, tf.sin(y * w) + y)  # noqa: E731
        return tf.while_loop(lambda i, y: i < n, body, (0, x), maximum_iterations=maximum)[1]

    x, n = tf.constant([0.3, -1.2]), tf.constant(7)

    def gradient(function):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(function(x, n) ** 2)
        return tape.gradient(y, [x, w])

    for one, other in zip(gradient(tf.function(f)), gradient(f), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)


def test_back_prop_false_stops_gradients():
    x = tf.constant(2.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.while_loop(lambda i, y: i < 2, lambda i, y: (i + 1, y * x), (0, x), back_prop=False)[
            1
        ]
    assert tape.gradient(y, x) is None


def test_hessian_through_while_loop_by_forward_over_reverse():
    @tf.function
    def f(x, n):
        return tf.while_loop(lambda i, y: i < n, lambda i, y: (i + 1, y * x), (0, x))[1]

    x = tf.constant(1.5)
    with tf.autodiff.ForwardAccumulator(x, tf.constant(1.0)) as acc:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x, tf.constant(4))
        slope = tape.gradient(y, x)
    np.testing.assert_allclose(acc.jvp(y), 5 * 1.5**4, rtol=1e-6)
    np.testing.assert_allclose(slope, 5 * 1.5**4, rtol=1e-6)
    np.testing.assert_allclose(acc.jvp(slope), 20 * 1.5**3, rtol=1e-6)
