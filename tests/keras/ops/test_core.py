"""Core functions: what the tables of rows cannot say."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

ops, KerasTensor = tf.keras.ops, tf.keras.KerasTensor


def test_shapes_and_dtypes_are_plain():
    symbol = KerasTensor((None, 3), "int8")
    assert ops.shape(symbol) == (None, 3)
    assert ops.shape(np.ones((2, 3))) == (2, 3)
    assert ops.shape([1, 2]) == (2,)
    assert ops.dtype(symbol) == ops.dtype(tf.ones((1,), "int8")) == "int8"
    assert ops.dtype(1.5) == "float32"
    assert symbol.node is None


def test_what_is_a_tensor():
    yes = (tf.ones(1), tf.Variable(1.0))
    no = (np.ones(1), tf.keras.Variable(1.0), KerasTensor((1,)), 1, [1])
    assert all(ops.is_tensor(v) for v in yes)
    assert not any(ops.is_tensor(v) for v in no)


def test_conversion_to_numpy():
    assert isinstance(ops.convert_to_numpy(tf.ones((2,))), np.ndarray)
    assert ops.convert_to_numpy(tf.keras.Variable([1.0, 2.0])).tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="symbolic"):
        ops.convert_to_numpy(KerasTensor((2,)))


def test_conversion_casts():
    assert ops.convert_to_tensor(tf.constant([1.7]), "int32").numpy().tolist() == [1]
    assert ops.convert_to_tensor(KerasTensor((None,)), "int8").dtype == "int8"


def test_gradient_stops():
    x = tf.constant([2.0, 3.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * ops.stop_gradient(x)
    assert tape.gradient(y, x).numpy().tolist() == [2.0, 3.0]


def test_custom_gradient_takes_keyword_upstream():
    @ops.custom_gradient
    def doubled(x):
        def grad(*args, upstream=None):
            (upstream,) = args if upstream is None else (upstream,)
            return upstream * 7.0

        return x * 2.0, grad

    x = tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = doubled(x)
    assert y.numpy().tolist() == [2.0, 4.0]
    assert tape.gradient(y, x).numpy().tolist() == [7.0, 7.0]


def test_unstack_of_unknown_size_needs_num():
    with pytest.raises(ValueError, match="give num"):
        ops.unstack(KerasTensor((None, 2)))
    with pytest.raises(ValueError, match="size 3"):
        ops.unstack(tf.ones((2, 2)), num=3)


def test_scatter_refuses():
    with pytest.raises(ValueError, match="reduction"):
        ops.scatter_update(tf.ones((2,)), [[0]], [1.0], reduction="median")
    with pytest.raises(ValueError, match="scatter_nd"):
        ops.scatter([[5]], [1.0], (3,))


def test_slice_refuses_what_is_not_there():
    with pytest.raises(ValueError, match="size"):
        ops.slice(tf.ones((3, 4)), (1, 2), (2, 3))
    with pytest.raises(ValueError, match="slice_update"):
        ops.slice_update(tf.ones((3, 4)), (0, 0), tf.ones((4, 1)))


def test_slice_and_update_begin_where_the_program_says():
    @tf.function
    def moved(x, i):
        return ops.slice_update(x, (i, 0), ops.slice(x, (i - 1, 1), (1, 2)))

    x = tf.reshape(tf.range(12.0), (3, 4))
    assert moved(x, tf.constant(2)).numpy()[2].tolist() == [5.0, 6.0, 10.0, 11.0]


@pytest.mark.parametrize("compiled", [False, True], ids=["eager", "compiled"])
def test_loops_and_choices_follow_values(compiled):
    def program(n, x):
        total = ops.fori_loop(0, n, lambda i, t: t + tf.cast(i, "float32"), x)
        total = ops.cond(total > 5.0, lambda: total, lambda: -total)
        return ops.switch(n, [lambda t: t, lambda t: t * 2.0], total)

    run = tf.function(program) if compiled else program
    assert run(tf.constant(4), tf.constant(1.0)).numpy() == 14.0
    assert run(tf.constant(0), tf.constant(1.0)).numpy() == -1.0


def test_symbolic_choice_refuses_symbols_from_outside():
    x, pred = KerasTensor((None, 2)), KerasTensor((), "bool")
    assert ops.cond(pred, lambda: tf.ones((2,)), lambda: tf.zeros((2,))).shape == (2,)
    with pytest.raises(ValueError, match="symbolic tensors from outside"):
        ops.cond(pred, lambda: x, lambda: x)
    assert ops.cond(True, lambda: x, lambda: x) is x
    with pytest.raises(ValueError, match="one branch"):
        ops.switch(0, [])


def test_symbolic_loops_keep_open_sizes():
    x = KerasTensor((None, 2))
    count, y = ops.while_loop(lambda i, a: i < 9, lambda i, a: (i + 1, a), (KerasTensor((), "int32"), x))
    assert (count.shape, y.shape) == ((), (None, 2))
    carry, rows = ops.scan(lambda c, row: (c + row, {"sum": c}), KerasTensor((2,)), x)
    assert (carry.shape, rows["sum"].shape) == ((2,), (None, 2))
    assert ops.map(lambda row: {"a": row}, x)["a"].shape == (None, 2)
    assert ops.associative_scan(lambda a, b: a + b, x).shape == (None, 2)


@pytest.mark.parametrize("size", range(1, 8))
def test_associative_scan_of_every_size(size):
    x = np.arange(1.0, size + 1, dtype="float32")
    assert ops.associative_scan(lambda a, b: a + b, x).numpy().tolist() == x.cumsum().tolist()
    back = ops.associative_scan(lambda a, b: a + b, x[None], reverse=True, axis=-1)
    assert back.numpy()[0].tolist() == x[::-1].cumsum()[::-1].tolist()


@pytest.mark.parametrize("unroll", [1, 2, 9, True, False])
def test_compiled_scan_however_unrolled(unroll):
    @tf.function
    def program(x):
        return ops.scan(lambda c, v: (c + v, c * v), 0.0, x, unroll=unroll)

    total, rows = program(tf.constant([1.0, 2.0, 3.0]))
    assert total.numpy() == 6.0
    assert rows.numpy().tolist() == [0.0, 2.0, 9.0]


def test_scan_without_results_or_elements():
    total, nothing = ops.scan(lambda c, v: (c + v, None), 0, tf.constant([1, 2, 3]))
    assert (int(total), nothing) == (6, None)
    total, rows = tf.function(lambda: ops.scan(lambda c, v: (c + 1, c), 0, length=3, reverse=True))()
    assert (int(total), rows.numpy().tolist()) == (3, [2, 1, 0])


def test_scan_refuses():
    x = tf.constant([1.0, 2.0])
    with pytest.raises(ValueError, match="length"):
        ops.scan(lambda c, v: (c, v), 0.0)
    with pytest.raises(ValueError, match="length 3"):
        ops.scan(lambda c, v: (c, v), 0.0, x, length=3)
    with pytest.raises(ValueError, match="return both"):
        ops.scan(lambda c, v: c, 0.0, x)
    with pytest.raises(ValueError, match="keeps its dtype"):
        ops.scan(lambda c, v: (v, v), 0, x)
    with pytest.raises(ValueError, match="structure"):
        ops.scan(lambda c, v: ((c, v), v), 0.0, x)
    with pytest.raises(ValueError, match="unroll"):
        ops.scan(lambda c, v: (c, v), 0.0, x, unroll=-1)


def test_directional_derivative_inside_a_program():
    value, slope = tf.function(lambda x: ops.jvp(lambda a: a * a, (x,), (2.0,)))(tf.constant(3.0))
    assert (value.numpy(), slope.numpy()) == (9.0, 12.0)
    with pytest.raises(ValueError, match="structure|length"):
        ops.jvp(lambda a: a, (1.0,), (1.0, 2.0))


@pytest.mark.parametrize(
    ("pattern", "sizes", "want"),
    [
        ("b ... c -> c ... b", {}, (4, 6, 2)),
        ("b (h w) c -> b h 1 w c", {"h": 3}, (2, 3, 1, 2, 4)),
        ("... -> (...)", None, None),
        ("a b c -> (a b c) ()", {}, (48, 1)),
    ],
    ids=["dots", "one", "bracketed-dots", "brackets"],
)
def test_patterns_beyond_those_of_keras(pattern, sizes, want):
    x = tf.ones((2, 6, 4))
    if want is None:
        with pytest.raises(ValueError, match="cannot read"):
            ops.rearrange(x, pattern)
    else:
        assert tuple(ops.rearrange(x, pattern, **sizes).shape) == want


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("a b", "arrows"),
        ("a b -> a b", "shape"),
        ("a b c -> a b", "both sides"),
        ("a b c -> a b d", "both sides"),
        ("a (b c -> a b c", "open"),
        ("a b c) -> a b c", "cannot read"),
        ("a (b d) c -> a b d c", "all but one"),
        ("a + c -> a c", "cannot read"),
    ],
)
def test_patterns_that_say_nothing(pattern, why):
    with pytest.raises(ValueError, match=why):
        ops.rearrange(tf.ones((2, 6, 4)), pattern)


def test_pattern_sizes_must_fit():
    with pytest.raises(ValueError, match="divides"):
        ops.rearrange(tf.ones((2, 6)), "a (b c) -> a b c", b=4)
    assert ops.rearrange(KerasTensor((None, 6)), "(b k) c -> b k c", k=3).shape == (None, 3, 6)
