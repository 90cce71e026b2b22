"""Elementwise ops: dtypes, operators, kinks, edge values, NumPy twins and errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import thalweg as tf
from thalweg._src.base import errors
from thalweg._src.core import xla
from thalweg._src.core.opdef import registry
from thalweg._src.core.tensor import Tensor, is_static

INF, NAN = float("inf"), float("nan")
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -2.5, 3.0, INF, -INF, NAN]


def slopes(function, *values):
    """Gradients of `function`, summed."""
    tensors = [tf.constant(v) for v in values]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        out = function(*tensors)
    return [g.numpy().tolist() for g in tape.gradient(out, tensors)]


class TestOperators:
    @pytest.mark.parametrize(
        ("dtype", "quotient"),
        [
            ("int8", "float32"),
            ("uint8", "float32"),
            ("int16", "float32"),
            ("uint16", "float32"),
            ("int32", "float64"),
            ("uint32", "float64"),
            ("int64", "float64"),
            ("float16", "float16"),
            ("bfloat16", "bfloat16"),
            ("complex64", "complex64"),
        ],
    )
    def test_quotient_dtype(self, dtype, quotient):
        x = tf.constant([6, 7], dtype)
        assert (x / x).dtype == quotient
        assert (x / 2).dtype == quotient

    def test_integer_division_rounds_down(self):
        x = tf.constant([-7, 7])
        assert (x // 2).numpy().tolist() == [-4, 3]
        assert (x % 3).numpy().tolist() == [2, 1]
        assert (7 // tf.constant([2, -2])).numpy().tolist() == [3, -4]
        assert (tf.constant([-7.0, 7.0]) % -2).numpy().tolist() == [-1.0, -1.0]

    def test_float_division_by_zero_is_infinite(self):
        x = tf.constant([-7.0, 7.0])
        assert (x // 0).numpy().tolist() == [-INF, INF]
        assert (tf.constant([1, 2]) / 0).numpy().tolist() == [INF, INF]

    @pytest.mark.parametrize("y", [0, np.int32(0), [1, 0]])
    def test_integer_division_by_zero_is_refused(self, y):
        x = tf.constant([1, 2])
        y = y if isinstance(y, int) else tf.constant(y)
        for run in (lambda: x // y, lambda: x % y, lambda: tf.truncatediv(x, y)):
            with pytest.raises(errors.InvalidArgumentError, match="integer division by zero"):
                run()

    @pytest.mark.parametrize("y", [False, np.False_, np.array([True, False])], ids=str)
    def test_division_by_false_is_division_by_zero(self, y):
        x = tf.constant([1, 2])
        for run in (lambda: x // y, lambda: x % y):
            with pytest.raises(errors.InvalidArgumentError, match="integer division by zero"):
                run()
        assert (x // True).numpy().tolist() == [1, 2]

    def test_product_of_bools_is_logical_and(self):
        x = tf.constant([True, False])
        assert (x * x).numpy().tolist() == [True, False]
        assert (x * True).numpy().tolist() == [True, False]
        assert tf.function(tf.multiply)(x, x).dtype is tf.bool
        for other in (2, tf.constant([1, 2])):
            with pytest.raises(TypeError, match=r"\[multiply\]"):
                _ = x * other

    def test_negative_integer_power_is_refused(self):
        with pytest.raises(errors.InvalidArgumentError, match=r"\[pow\] expected exponents of 0"):
            tf.constant([1, 2]) ** -1
        assert (tf.constant([2.0]) ** -1).numpy().tolist() == [0.5]

    def test_python_numbers_take_the_tensors_dtype(self):
        assert (tf.constant([1.0], tf.float16) + 1).dtype == "float16"
        assert (2 - tf.constant([1], tf.int8)).dtype == "int8"
        with pytest.raises(TypeError, match="Python float 2.5"):
            tf.constant([1]) / 2.5

    def test_two_dtypes_are_refused(self):
        with pytest.raises(TypeError, match=r"\[add\] expected x and y of one dtype"):
            tf.constant(1) + tf.constant(1.0)

    def test_bool_is_no_number(self):
        flags = tf.constant([True])
        for run in (
            lambda: flags + flags,
            lambda: -flags,
            lambda: abs(flags),
            lambda: flags / flags,
            lambda: flags < flags,
            lambda: tf.maximum(flags, flags),
        ):
            with pytest.raises(TypeError, match="got bool"):
                run()

    def test_logic_and_bits(self):
        flags, numbers = tf.constant([True, False]), tf.constant([1, 2])
        assert (flags & True).numpy().tolist() == [True, False]
        assert (numbers ^ 3).numpy().tolist() == [2, 1]
        assert (~numbers).numpy().tolist() == [-2, -3]
        with pytest.raises(TypeError, match=r"\[and\] .* got float32"):
            tf.constant([1.0]) & 1.0


class TestEquality:
    def test_none_and_other_shapes_differ(self):
        x = tf.constant([1, 2])
        assert (x == None) is False  # noqa: E711 the operator is under test
        assert (x != None) is True  # noqa: E711
        assert bool(x == tf.constant([1, 2, 3])) is False
        assert x != tf.constant([1, 2, 3])
        with pytest.raises(ValueError, match="shapes"):
            tf.equal(x, tf.constant([1, 2, 3]))

    def test_strings(self):
        words = tf.constant(["a", "b"])
        assert (words == "a").numpy().tolist() == [True, False]
        assert (words != ["a", "a"]).numpy().tolist() == [False, True]

    def test_numbers_and_strings_do_not_compare(self):
        with pytest.raises(TypeError, match="Python str 'a'"):
            tf.constant([1]) == "a"  # noqa: B015
        with pytest.raises(TypeError, match="Python int 1"):
            tf.constant(["a"]) == 1  # noqa: B015
        with pytest.raises(TypeError, match="Python float 1.5"):
            tf.constant([1]) == 1.5  # noqa: B015

    def test_nan_equals_nothing(self):
        x = tf.constant([NAN])
        assert not (x == x).numpy()[0]
        assert (x != x).numpy()[0]


class TestKinks:
    """Gradients where a derivative jumps, as TensorFlow 2.21 gives them."""

    def test_abs_at_zero(self):
        assert slopes(tf.abs, [-1.0, 0.0, 1.0]) == [[-1, 0, 1]]
        assert slopes(tf.abs, [0j]) == [[0]]

    def test_first_of_equals_takes_the_gradient(self):
        assert slopes(tf.maximum, [1.0, 2.0], [1.0, 3.0]) == [[1, 0], [0, 1]]
        assert slopes(tf.minimum, [1.0, 2.0], [1.0, 3.0]) == [[1, 1], [0, 0]]

    def test_clip_passes_the_gradient_at_its_bounds(self):
        got = slopes(tf.clip_by_value, [1.0, 1.5, 2.0, 3.0], 1.0, 2.0)
        assert got == [[1, 1, 1, 0], 0, 1]

    def test_pow(self):
        x, y = slopes(tf.pow, [-2.0, 0.0, 3.0], [2.0, 2.0, 1.0])
        assert x == [-4, 0, 1]
        assert y == pytest.approx([0, 0, 3 * np.log(3)])
        assert slopes(lambda x: x**0, [0.0]) == [[0]]
        assert slopes(lambda x: x**2, [0.0]) == [[0]]

    def test_pow_of_broadcast_arguments(self):
        x, y = slopes(tf.pow, [[1.0], [2.0]], [2.0, 3.0])
        assert x == [[5], [4 + 12]]
        assert y == pytest.approx([4 * np.log(2), 8 * np.log(2)])

    def test_guarded_division(self):
        assert slopes(tf.math.divide_no_nan, [1.0, 2.0], [0.0, 4.0]) == [[0, 0.25], [0, -0.125]]
        assert slopes(tf.math.multiply_no_nan, [1.0, 2.0], [0.0, 3.0]) == [[0, 3], [1, 2]]
        assert slopes(tf.math.multiply_no_nan, [INF], [0.0]) == [[0], [0]]
        assert slopes(tf.math.xlogy, [0.0], [0.0]) == [[0], [0]]
        assert slopes(tf.math.xdivy, [0.0], [0.0]) == [[0], [0]]
        assert slopes(tf.math.reciprocal_no_nan, [0.0]) == [[0]]

    def test_rounding_has_no_slope(self):
        assert slopes(tf.sign, [0.3, 2.0]) == [[0, 0]]
        for function in (tf.round, tf.floor, tf.math.ceil, tf.math.rint):
            x = tf.constant([0.3, 2.0])
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = function(x)
            assert tape.gradient(y, x) is None

    def test_norm_of_zeros(self):
        assert slopes(lambda x: tf.clip_by_norm(x, 1.0), [0.0, 0.0]) == [[1, 1]]

    def test_infinite_slopes(self):
        assert slopes(tf.sqrt, [0.0]) == [[INF]]
        assert slopes(tf.math.log, [0.0]) == [[INF]]


class TestEdges:
    def test_nan_wins(self):
        assert np.isnan(tf.maximum([1.0, NAN], [NAN, 1.0]).numpy()).all()
        assert np.isnan(tf.minimum([1.0, NAN], [NAN, 1.0]).numpy()).all()
        assert np.isnan(tf.clip_by_value([NAN], 0.0, 1.0).numpy()).all()

    def test_halves_go_to_even(self):
        assert tf.round([0.5, 1.5, 2.5, -0.5]).numpy().tolist() == [0, 2, 2, 0]

    def test_extreme_arguments_of_the_sigmoids(self):
        assert tf.math.softplus([1000.0, -1000.0]).numpy().tolist() == [1000, 0]
        assert tf.math.log_sigmoid([1000.0, -1000.0]).numpy().tolist() == [0, -1000]
        assert tf.sigmoid([1000.0, -1000.0]).numpy().tolist() == [1, 0]

    def test_shifts_stay_within_the_width(self):
        assert tf.bitwise.left_shift([1], [40]).numpy().tolist() == [-(2**31)]
        assert tf.bitwise.right_shift([-8], [-1]).numpy().tolist() == [-8]

    def test_unsigned_numbers(self):
        assert tf.abs(tf.constant([200], tf.uint8)).numpy().tolist() == [200]
        assert tf.constant([200], tf.uint8).dtype == tf.negative(tf.constant([1], tf.uint8)).dtype

    def test_clip_bounds(self):
        assert tf.clip_by_value([1.0, 5.0], 7, 2).numpy().tolist() == [7, 7]
        with pytest.raises(ValueError, match=r"\[clip_by_value\] expected bounds"):
            tf.clip_by_value(tf.constant([1.0, 5.0]), [[2.0], [3.0]], 7.0)

    def test_lists_of_tensors(self):
        assert tf.add_n(tf.constant([1, 2])).numpy() == 3
        assert tf.math.polyval([], tf.constant([1.0])).numpy().tolist() == [0]
        with pytest.raises(ValueError, match=r"\[add_n\] expected at least one tensor"):
            tf.add_n([])
        with pytest.raises(ValueError, match=r"\[add_n\] expected tensors of one shape"):
            tf.add_n([tf.ones((2,)), tf.ones((1,))])
        with pytest.raises(TypeError, match=r"\[polyval\] expected a list"):
            tf.math.polyval(tf.constant([1.0]), 2.0)
        with pytest.raises(TypeError, match=r"\[accumulate_n\] expected tensors of dtype float64"):
            tf.math.accumulate_n([tf.constant(1.0)], tensor_dtype=tf.float64)

    def test_global_norm(self):
        gradients = [tf.constant([3.0]), None, tf.constant([4.0])]
        clipped, norm = tf.clip_by_global_norm(gradients, 1.0)
        assert norm.numpy() == 5
        assert clipped[1] is None
        assert clipped[0].numpy().tolist() == pytest.approx([0.6])
        assert tf.linalg.global_norm([]).numpy() == 0
        clipped, _ = tf.clip_by_global_norm([tf.constant([INF]), tf.constant([4.0])], 1.0)
        assert all(np.isnan(c.numpy()).all() for c in clipped)
        with pytest.raises(TypeError, match=r"\[global_norm\] expected a list"):
            tf.linalg.global_norm(tf.constant([1.0]))

    def test_scalar_mul_takes_a_scalar(self):
        with pytest.raises(ValueError, match=r"\[scalar_mul\] expected a scalar, got rank 1"):
            tf.scalar_mul(tf.constant([1.0]), tf.constant([1.0]))

    def test_functions_refuse_integers(self):
        for function in (
            tf.exp,
            tf.sqrt,
            tf.sin,
            tf.sigmoid,
            tf.floor,
            tf.math.is_nan,
            tf.math.erf,
        ):
            with pytest.raises(TypeError, match="got int32"):
                function(tf.constant([1]))

    def test_complex_wants_floats(self):
        with pytest.raises(TypeError, match=r"\[complex\] .* got int32"):
            tf.complex([1], [2])


class TestStaticValues:
    """What is known on the host stays there, also inside a program."""

    def test_shape_arithmetic_stays_static(self):
        def program(x):
            n = tf.shape(x)[0]
            size = tf.maximum((n * 2 + 1) // 3, 1) ** 2
            assert is_static(size)
            assert is_static(tf.cast(tf.cast(size, tf.float32) * 0.5, tf.int32))
            return tf.zeros((size,)).array

        assert xla.jit_whole(lambda a: program(Tensor(a)))(np.ones((7, 2), np.float32)).shape == (
            25,
        )


def _twins():
    binary = [
        "add subtract multiply floordiv floormod truncatediv truncatemod maximum minimum less",
        "less_equal greater greater_equal equal not_equal",
    ]
    unary = ["abs negative square sign round ceil floor sqrt exp is_nan is_inf is_finite tanh"]
    return [(n, 2) for line in binary for n in line.split()] + [
        (n, 1) for line in unary for n in line.split()
    ]


@pytest.mark.parametrize(("name", "count"), _twins())
def test_twin_is_the_kernel_at_special_values(name, count):
    opdef = registry[name]
    grid = np.meshgrid(*[np.array(SPECIAL, np.float32)] * count)
    with np.errstate(all="ignore"):
        host = np.asarray(opdef.host(*grid))
    device = np.asarray(opdef.kernel(())(*grid))
    assert host.dtype == device.dtype
    np.testing.assert_allclose(host, device, rtol=1e-6)


@pytest.mark.parametrize(
    "name", ["add", "multiply", "floordiv", "floormod", "truncatediv", "truncatemod", "maximum"]
)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_twin_is_the_kernel_on_integers(name, data):
    opdef = registry[name]
    x = data.draw(hnp.arrays(np.int32, 5))
    y = data.draw(hnp.arrays(np.int32, 5, elements=st.integers(1, 2**31 - 1)))
    y = y * data.draw(st.sampled_from([np.int32(1), np.int32(-1)]))
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(opdef.host(x, y), opdef.kernel(())(x, y))


# Sixty-fourths: XLA flushes denormal numbers to 0, NumPy does not.
_PARTS = st.integers(-6400, 6400).map(lambda n: n / 64)


@settings(max_examples=50, deadline=None)
@given(
    x=hnp.arrays(np.float32, 4, elements=_PARTS),
    y=hnp.arrays(np.float32, 4, elements=_PARTS.filter(bool)),
)
def test_division_identity(x, y):
    a, b = tf.constant(x), tf.constant(y)
    np.testing.assert_allclose(((a // b) * b + a % b).numpy(), x, atol=1e-2)
    trunc = tf.truncatediv(a, b) * b + tf.truncatemod(a, b)
    np.testing.assert_allclose(trunc.numpy(), x, atol=1e-2)


def test_nextafter_at_the_ends():
    ends = tf.math.nextafter(
        tf.constant([0.0, INF], tf.float64), tf.constant([1.0, 0.0], tf.float64)
    )
    assert ends.numpy().tolist() == [5e-324, np.finfo(np.float64).max]
    assert slopes(tf.math.nextafter, [1.0], [2.0]) == [[1], [0]]
