"""`GradientTape`: what it follows, how often it can be used, threads, orders, errors."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import thalweg as tf


def values(result):
    return tf.nest.map_structure(lambda t: t if t is None else t.numpy().tolist(), result)


def test_gradient_of_a_structure():
    p = {"w": tf.Variable([[1.0, 2.0]]), "rest": (tf.Variable(1.0), [tf.Variable([3.0, 4.0])])}
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(p["w"] * p["rest"][1][0]) * p["rest"][0]
    assert values(tape.gradient(y, p)) == {"w": [[3.0, 4.0]], "rest": (11.0, [[1.0, 2.0]])}


def test_second_use_of_a_plain_tape():
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = x * x
    assert values(tape.gradient(y, x)) == 4.0
    for again in (lambda: tape.gradient(y, x), lambda: tape.jacobian(y, x)):
        with pytest.raises(RuntimeError, match="can compute gradients once, got a second call"):
            again()


def test_persistent_tape_inside_and_outside_of_itself():
    x = tf.Variable(2.0)
    with tf.GradientTape(persistent=True) as tape:
        y = x**3
        slope = tape.gradient(y, x)
    assert values([slope, tape.gradient(slope, x), tape.gradient(y, x)]) == [12.0, 12.0, 12.0]


def test_nested_to_third_order():
    x = tf.Variable([1.0, -2.0])

    def derivatives():
        with tf.GradientTape() as a:
            with tf.GradientTape() as b:
                with tf.GradientTape() as c:
                    y = tf.sin(x) * x**3
                first = c.gradient(y, x)
            second = b.gradient(first, x)
        return first, second, a.gradient(second, x)

    v = x.numpy().astype(np.float64)
    s, c = np.sin(v), np.cos(v)
    expected = [
        c * v**3 + 3 * s * v**2,
        -s * v**3 + 6 * c * v**2 + 6 * s * v,
        -c * v**3 - 9 * s * v**2 + 18 * c * v + 6 * s,
    ]
    np.testing.assert_allclose(derivatives(), expected, rtol=1e-5)
    np.testing.assert_allclose(tf.function(derivatives)(), expected, rtol=1e-5)


def test_unconnected_sources():
    x, w = tf.Variable([1.0, 2.0]), tf.Variable([[3.0]])
    n = tf.constant(2)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(n)
        y = tf.reduce_sum(x) * tf.cast(n, tf.float32)
    assert values(tape.gradient(y, [w, n])) == [None, None]
    zero = tape.gradient(y, {"x": x, "w": w}, unconnected_gradients="zero")
    assert values(zero) == {"x": [2.0, 2.0], "w": [[0.0]]}
    with pytest.raises(ValueError, match="bogus"):
        tape.gradient(y, w, unconnected_gradients="bogus")


def test_what_is_watched():
    a, b = tf.Variable(2.0), tf.Variable(3.0, trainable=False)
    c = tf.constant(4.0)
    with tf.GradientTape() as tape:
        y = a * b * c
    assert values(tape.gradient(y, [a, b, c])) == [12.0, None, None]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch([b, {"c": c}])
        y = a * b * c
        late = tf.constant(1.0)
    assert values(tape.gradient(y, [a, b, c, late])) == [None, 8.0, 6.0, None]


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda t: t.watch("a"), ValueError, "expected a tensor or Variable, got str"),
        (lambda t: t.watch(np.ones(2)), ValueError, "expected a tensor or Variable, got ndarray"),
        (lambda t: t.__enter__(), ValueError, "expected a tape that is not recording"),
        (
            lambda t: t.gradient(3.0, tf.constant(1.0)),
            ValueError,
            "expected a tensor as target, got float",
        ),
        (
            lambda t: t.gradient(tf.constant(1.0), [], output_gradients=[1.0, 2.0]),
            ValueError,
            "expected 1 output_gradients, got 2",
        ),
    ],
)
def test_errors(call, error, text):
    with tf.GradientTape() as tape, pytest.raises(error, match=text):
        call(tape)


def test_stop_recording_and_reset():
    x, y = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape() as tape:
        a = x * x
        with tape.stop_recording():
            b = y * y
        z = a + b
    assert values(tape.gradient(z, [x, y])) == [4.0, None]
    with pytest.raises(RuntimeError, match="expected a recording tape"), tape.stop_recording():
        pass
    with tf.GradientTape() as tape:
        before = x * x
        tape.reset()
        after = x**3
    assert values(tape.gradient([before, after], x)) == 12.0


def test_stop_gradient():
    x = tf.Variable(3.0)
    with tf.GradientTape(persistent=True) as tape:
        y = x * tf.stop_gradient(x)
        z = tf.stop_gradient(x * x)
    assert values([tape.gradient(y, x), tape.gradient(z, x)]) == [3.0, None]
    compiled = tf.function(lambda: x * tf.stop_gradient(x))
    with tf.GradientTape() as tape:
        y = compiled()
    assert values(tape.gradient(y, x)) == 3.0


def test_threads_have_their_own_tapes():
    results = {}
    barrier = threading.Barrier(2)

    def work(k):
        x = tf.constant(float(k))
        with tf.GradientTape() as tape:
            tape.watch(x)
            barrier.wait(timeout=30)
            y = x * x
            barrier.wait(timeout=30)
            z = y * x
        results[k] = (len(tape._calls), values(tape.gradient(z, x)))

    threads = [threading.Thread(target=work, args=(k,)) for k in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {1: (2, 3.0), 2: (2, 12.0)}


def test_tape_of_another_thread_does_not_record_here():
    x = tf.constant(2.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        found = []
        thread = threading.Thread(target=lambda: found.append(x * x))
        thread.start()
        thread.join()
    assert tape.gradient(found[0], x) is None


def test_tensor_a_function_closes_over_is_followed():
    c = tf.constant([2.0, 3.0])
    s = tf.constant(4.0)
    with tf.GradientTape() as tape:
        tape.watch([c, s])
        y = tf.function(lambda x: x * c * s)(tf.constant(1.0))
    assert values(tape.gradient(y, [c, s])) == [[4.0, 4.0], 5.0]


def test_accumulated_from_several_uses():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x * x + tf.exp(x) * x - x
    np.testing.assert_allclose(tape.gradient(y, [x, x])[1], 6 + np.exp(3) * 4 - 1, rtol=1e-6)


def test_output_gradients_broadcast_to_the_target():
    x = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    with tf.GradientTape(persistent=True) as tape:
        y = x @ x
    rows = tape.gradient(y, x, output_gradients=tf.constant([1.0, 2.0]))
    full = tape.gradient(y, x, output_gradients=tf.constant([[1.0, 2.0], [1.0, 2.0]]))
    assert values(rows) == values(full)
    with pytest.raises(ValueError, match=r"of the target's shape \(2, 2\), got \(3,\); reshape"):
        tape.gradient(y, x, output_gradients=tf.ones(3))


def test_a_tape_that_was_never_entered():
    x = tf.constant(1.0)
    with pytest.raises(RuntimeError, match="one that was never entered; compute the target inside"):
        tf.GradientTape(persistent=True).gradient(x, x)
