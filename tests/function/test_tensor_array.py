"""`TensorArray`: a list eagerly, a tensor in the loops of programs."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

both = pytest.mark.parametrize(
    "run", [lambda f: f(), lambda f: tf.function(f)()], ids=["eager", "function"]
)


def make(size=2, dtype=tf.float32, **kwargs):
    return tf.TensorArray(dtype, size=size, **kwargs)


def values(result):
    return tf.nest.map_structure(lambda t: t.numpy().tolist(), result)


@both
@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: make().write(0, 1.0).stack(), [1.0, 0.0]),
        (lambda: make().write(0, 1.0).write(0, 2).read(0), 2.0),
        (lambda: make(element_shape=[3]).stack(), [[0.0] * 3] * 2),
        (lambda: make(0, dynamic_size=True).stack(), []),
        (lambda: make(0, dynamic_size=True).write(3, 1.0).stack(), [0.0, 0.0, 0.0, 1.0]),
        (lambda: make(0, dynamic_size=True).write(3, 1.0).size(), 4),
        (lambda: make(3).unstack([[1.0], [2.0], [3.0]]).gather([2, 0]), [[3.0], [1.0]]),
        (lambda: make().unstack([1.0]).size(), 1),
        (lambda: make(2, dynamic_size=True).unstack([1.0, 2.0, 3.0]).size(), 3),
        (lambda: make(infer_shape=False).split([1.0, 2.0, 3.0], [1, 2]).concat(), [1.0, 2.0, 3.0]),
        (lambda: make().split([1.0, 2.0, 3.0], [1, 2]).read(1), [2.0, 3.0]),
        (
            lambda: make(3).scatter([2, 0], [[1.0], [2.0]]).write(1, [5.0]).stack(),
            [[2.0], [5.0], [1.0]],
        ),
        (lambda: make(2).unstack([[1.0, 2.0], [3.0, 4.0]]).concat(), [1.0, 2.0, 3.0, 4.0]),
        (lambda: make(3, clear_after_read=False).unstack([1.0, 2.0, 3.0]).gather([]), []),
    ],
)
def test_values(run, call, expected):
    assert values(run(call)) == expected


@both
@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: make().write(5, 1.0), tf.errors.OutOfRangeError, "an index from 0 to 1, got 5"),
        (lambda: make().write(-1, 1.0), tf.errors.OutOfRangeError, "got -1"),
        (lambda: make().read(3), tf.errors.OutOfRangeError, "got 3"),
        (lambda: make().read(0), ValueError, "expected element 0 to have been written"),
        (
            lambda: make().write(0, tf.constant(1)),
            tf.errors.InvalidArgumentError,
            "dtype float32, got int32",
        ),
        (
            lambda: make().write(0, [1.0]).write(1, [1.0, 2.0]),
            ValueError,
            r"shape \(1,\), got \(2,\)",
        ),
        (lambda: make().unstack([1.0, 2.0, 3.0]), ValueError, "expected at most 2 rows"),
        (
            lambda: make().split([1.0, 2.0], [1, 2]),
            ValueError,
            "lengths that sum to the first size 2",
        ),
        (lambda: tf.TensorArray(tf.float32), ValueError, "expected a size of 0 or more, got None"),
        (lambda: make(handle=3), ValueError, "expected handle=None"),
        (lambda: make().grad("x"), NotImplementedError, "tapes differentiate"),
    ],
)
def test_errors(run, call, error, text):
    with pytest.raises(error, match=text):
        run(lambda: call() and None)


def test_elements_are_read_once():
    ta = make().write(0, 1.0).write(1, 2.0)
    assert float(ta.read(0)) == 1.0
    with pytest.raises(
        tf.errors.InvalidArgumentError, match="expected an element that was not read before"
    ):
        ta.read(0)
    with pytest.raises(tf.errors.InvalidArgumentError, match="not read before, got index 0"):
        ta.stack()
    kept = make(clear_after_read=False).write(0, 1.0)
    assert float(kept.read(0)) == float(kept.read(0))


def test_properties():
    ta = make(dynamic_size=True, element_shape=[None, 2])
    assert (ta.dtype, ta.dynamic_size, ta.handle) == (tf.float32, True, None)
    assert ta.element_shape.as_list() == [None, 2]
    assert ta.write(0, [[1.0, 2.0]]).element_shape.as_list() == [1, 2]
    assert ta.identity() is ta
    assert int(ta.flow) == 0
    assert repr(make()) == "<TensorArray of 2 elements of shape <unknown>, float32>"
    ta.close()
    assert int(ta.size()) == 0


def test_spec():
    spec = tf.TensorArraySpec([None], tf.float32)
    other = tf.TensorArraySpec([3], tf.float32)
    assert spec.is_compatible_with(other)
    assert spec.is_compatible_with(make(element_shape=[2]))
    assert not spec.is_compatible_with(make(dtype=tf.int32))
    assert other.most_specific_common_supertype([tf.TensorArraySpec([2])]) == spec
    assert tf.TensorArraySpec.from_value(make()) == tf.TensorArraySpec(None)
    assert spec.value_type is tf.TensorArray


# --- in loops of programs -----------------------------------------------------------------------------


def test_written_in_a_for_loop():
    @tf.function
    def f(x):
        ta = make(3)
        for i in tf.range(3):
            ta = ta.write(i, x * tf.cast(i, tf.float32))
        return ta.stack(), ta.read(1), ta.gather([2, 0]), ta.concat()

    x = tf.constant([1.0, 2.0])
    stacked, one, two, joined = values(f(x))
    assert stacked == [[0.0, 0.0], [1.0, 2.0], [2.0, 4.0]]
    assert (one, two, joined) == (
        [1.0, 2.0],
        [[2.0, 4.0], [0.0, 0.0]],
        [0.0, 0.0, 1.0, 2.0, 2.0, 4.0],
    )
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)[0]
    assert values(tape.gradient(y, x)) == [3.0, 3.0]


@pytest.mark.parametrize("stride", [1, 2])
def test_grows_in_a_loop_of_known_length(stride):
    @tf.function(jit_compile=True)
    def f(x):
        ta = make(0, dynamic_size=True)
        k = 0
        for row in x:
            if tf.reduce_sum(row) < 0.0:
                row = -row
            ta = ta.write(k, row)
            k += stride
        return ta.stack(), ta.size()

    stacked, size = values(f(tf.constant([[1.0], [-2.0], [3.0]])))
    assert stacked == (
        [[1.0], [2.0], [3.0]] if stride == 1 else [[1.0], [0.0], [2.0], [0.0], [3.0]]
    )
    assert size == len(stacked)


def test_as_loop_variable_of_while_loop():
    @tf.function
    def f(n):
        body = lambda i, ta: (i + 1, ta.write(i, [i, i]))  # noqa: E731
        _, ta = tf.while_loop(lambda i, ta: i < n, body, (0, make(3, tf.int32)))
        return ta.stack()

    assert values(f(tf.constant(2))) == [[0, 0], [1, 1], [0, 0]]


def test_branches_do_not_mix():
    @tf.function
    def f(x):
        ta = make(2)
        if x > 0.0:
            ta = ta.write(0, x)
        else:
            ta = ta.write(1, -x)
        return ta.stack()

    assert values(f(tf.constant(3.0))) == [3.0, 0.0]
    assert values(f(tf.constant(-3.0))) == [0.0, 3.0]


def test_reads_and_writes_are_differentiated_inside():
    @tf.function
    def f(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            source = make(3).unstack(x)
            out = make(3)
            total = 0.0
            for i in tf.range(3):
                total += source.read(i) ** 2
                out = out.write(i, total)
            y = out.stack()
        return y, tape.gradient(y, x)

    assert values(f(tf.constant([1.0, 2.0, 3.0]))) == ([1.0, 5.0, 14.0], [6.0, 8.0, 6.0])


def test_scattered_at_traced_places():
    @tf.function
    def f(places):
        return make(3).scatter(places, [[1.0], [2.0]]).stack()

    assert values(f(tf.constant([2, 0]))) == [[2.0], [0.0], [1.0]]


def test_size_that_depends_on_values():
    def f(n):
        ta = make(0, tf.int32, dynamic_size=True)
        _, ta = tf.while_loop(lambda i, ta: i < n, lambda i, ta: (i + 1, ta.write(i, i)), (0, ta))
        return ta.stack()

    assert values(tf.function(f)(tf.constant(3))) == [0, 1, 2]
    with pytest.raises(
        TypeError, match="expected loop variable .* to have a final size that is known"
    ):
        tf.function(f, jit_compile=True)(tf.constant(3))
    with pytest.raises(TypeError, match="expected a size that is known while tracing"):
        tf.function(lambda n: make(n), jit_compile=True)(tf.constant(3))
    with pytest.raises(ValueError, match="shape of the elements to be known at a traced index"):
        tf.function(lambda i: make(3).read(i))(tf.constant(1))


def test_gradient_of_the_eager_list():
    x = tf.constant([1.0, 2.0, 3.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        ta = make(3)
        for i in range(3):
            ta = ta.write(i, x[i] ** 2)
        y = ta.stack()
    np.testing.assert_allclose(tape.gradient(y, x), [2.0, 4.0, 6.0])
