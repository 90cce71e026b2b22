"""Reductions, running sums, rankings and counts: edge values, gradients at ties, errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import thalweg as tf
from thalweg._src.base import errors
from thalweg._src.core import xla
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor, is_static

INF, NAN = float("inf"), float("nan")


def slope(function, values):
    x = tf.constant(values)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x).numpy().tolist()


def compiled(function, *arrays):
    """Runs `function` of tensors inside a compiled program."""
    return xla.jit_whole(lambda *a: function(*map(Tensor, a)).array)(*arrays)


class TestAxes:
    @pytest.mark.parametrize("name", ["sum", "mean", "prod", "max", "min", "logsumexp"])
    def test_axis_out_of_range(self, name):
        with pytest.raises(errors.InvalidArgumentError, match="expected an axis from -2 to 1"):
            getattr(tf, f"reduce_{name}")(tf.ones((2, 2)), axis=5)

    def test_axis_named_twice(self):
        with pytest.raises(errors.InvalidArgumentError, match="every axis once"):
            tf.reduce_sum([[1, 2]], axis=[0, -2])

    def test_axis_that_is_no_integer(self):
        with pytest.raises(errors.InvalidArgumentError, match="integer axis, got 1.5"):
            tf.reduce_sum(tf.ones((2, 2)), axis=1.5)

    def test_axis_as_tensor_list_or_nothing(self):
        x = tf.constant([[1, 2], [3, 4]])
        assert tf.reduce_sum(x, axis=tf.constant(0)).numpy().tolist() == [4, 6]
        assert tf.reduce_sum(x, axis=np.array([0, 1])).numpy() == 10
        assert tf.reduce_sum(x, axis=[]).numpy().tolist() == [[1, 2], [3, 4]]
        assert tf.reduce_sum(x, [0, 1], True).shape == (1, 1)


class TestValues:
    def test_dtype_is_kept(self):
        assert tf.reduce_sum(tf.constant([100, 100, 100], tf.int8)).numpy() == 44
        assert tf.reduce_mean([1, 2, 4]).numpy() == 2
        assert tf.reduce_mean(tf.constant([-1, -2])).numpy() == -1
        assert tf.reduce_mean([-1, -2]).numpy() == -1
        assert tf.math.reduce_euclidean_norm([3, 4]).dtype == "int32"

    @pytest.mark.parametrize("make", [tf.constant, np.asarray], ids=["device", "host"])
    def test_of_nothing(self, make):
        none, whole = make(np.zeros(0, np.float32)), make(np.zeros(0, np.int32))
        assert tf.reduce_sum(none).numpy() == 0
        assert tf.reduce_prod(none).numpy() == 1
        assert np.isnan(tf.reduce_mean(none).numpy())
        assert tf.reduce_mean(whole).numpy() == 0
        assert tf.reduce_max(none).numpy() == -INF
        assert tf.reduce_min(none).numpy() == INF
        assert tf.reduce_max(whole).numpy() == -(2**31)
        assert tf.reduce_logsumexp(none).numpy() == -INF
        assert np.isnan(tf.math.zero_fraction(none).numpy())

    def test_nan_wins(self):
        assert np.isnan(tf.reduce_max(tf.constant([1.0, NAN, 2.0])).numpy())
        assert np.isnan(tf.reduce_min(tf.constant([1.0, NAN, 2.0])).numpy())

    def test_logsumexp_of_infinities(self):
        assert tf.reduce_logsumexp([-INF, -INF]).numpy() == -INF
        assert tf.reduce_logsumexp([INF, 1.0]).numpy() == INF

    def test_dtypes_without_meaning_are_refused(self):
        for function in (tf.reduce_sum, tf.reduce_mean, tf.reduce_max):
            with pytest.raises(TypeError, match="got bool"):
                function(tf.constant([True]))
        for function in (tf.reduce_any, tf.reduce_all):
            with pytest.raises(TypeError, match="got int32"):
                function([1])
        for function in (tf.math.reduce_variance, tf.math.reduce_std, tf.reduce_logsumexp):
            with pytest.raises(TypeError, match="got int32"):
                function(tf.constant([1, 2]))

    def test_static_values_stay_static(self):
        def program(x):
            size = tf.reduce_prod(tf.shape(x)) // tf.reduce_max(tf.shape(x))
            assert is_static(size)
            return tf.zeros((size,))

        assert compiled(program, np.ones((5, 3), np.float32)).shape == (3,)

    @settings(max_examples=30, deadline=None)
    @given(x=hnp.arrays(np.int32, hnp.array_shapes(max_dims=3, max_side=3)), data=st.data())
    def test_twins_are_the_kernels(self, x, data):
        axis = data.draw(st.none() | st.integers(-x.ndim, x.ndim - 1))
        keep = data.draw(st.booleans())
        for function in (tf.reduce_sum, tf.reduce_prod, tf.reduce_max, tf.reduce_min):
            on_host = function(x, axis, keep).numpy()
            np.testing.assert_array_equal(on_host, function(tf.constant(x), axis, keep).numpy())


class TestGradients:
    def test_equal_extremes_share(self):
        assert slope(tf.reduce_max, [1.0, 3.0, 3.0]) == [0, 0.5, 0.5]
        assert slope(tf.reduce_min, [1.0, 1.0, 3.0]) == [0.5, 0.5, 0]

    def test_products_with_zeros(self):
        assert slope(tf.reduce_prod, [0.0, 2.0, 3.0]) == [6, 0, 0]
        assert slope(tf.reduce_prod, [0.0, 0.0, 3.0]) == [0, 0, 0]
        assert slope(tf.math.cumprod, [0.0, 2.0, 3.0]) == [9, 0, 0]

    def test_spread_of_equal_values_has_no_slope(self):
        assert np.isnan(slope(tf.math.reduce_std, [1.0, 1.0])).all()
        assert np.isnan(slope(tf.math.reduce_euclidean_norm, [0.0, 0.0])).all()


class TestRunning:
    def test_options(self):
        x = tf.constant([1, 2, 3])
        assert tf.cumsum(x, exclusive=True, reverse=True).numpy().tolist() == [5, 3, 0]
        assert tf.cumsum(x, reverse=True).numpy().tolist() == [6, 5, 3]
        assert tf.math.cumprod(x, exclusive=True).numpy().tolist() == [1, 1, 2]
        assert tf.cumsum(tf.zeros((0, 2)), exclusive=True).shape == (0, 2)

    def test_host_and_device_agree(self):
        x = np.arange(1, 7, dtype=np.int32).reshape(2, 3)
        for exclusive in (False, True):
            for reverse in (False, True):
                for function in (tf.cumsum, tf.math.cumprod):
                    on_host = function(x, 1, exclusive, reverse).numpy()
                    on_device = function(tf.constant(x), 1, exclusive, reverse).numpy()
                    np.testing.assert_array_equal(on_host, on_device)

    def test_logsumexp_passes_over_minus_infinity(self):
        got = tf.math.cumulative_logsumexp([-INF, 2.0, 3.0]).numpy()
        assert got[0] == -INF
        assert got[1] == 2
        assert np.isfinite(got[2])

    def test_axis(self):
        with pytest.raises(errors.InvalidArgumentError, match=r"\[cumsum\] expected an axis"):
            tf.cumsum([1, 2, 3], axis=2)
        with pytest.raises(errors.InvalidArgumentError, match="got a scalar"):
            tf.cumsum(3)


class TestRanking:
    def test_positions(self):
        assert tf.argmax([[1, 5], [7, 2]]).numpy().tolist() == [1, 0]
        assert tf.argmax([1, 3, 3]).numpy() == 1
        assert tf.argmin([1.0, 0.0, 0.0]).numpy() == 1
        assert tf.argmax([True, False]).numpy() == 0
        assert tf.argmax([1.0], output_type=tf.uint16).dtype == "uint16"

    def test_nan_is_passed_over(self):
        assert tf.argmax([1.0, NAN, 2.0]).numpy() == 2
        assert tf.argmin([NAN, 3.0, 2.0]).numpy() == 2
        assert tf.argmax([NAN, NAN]).numpy() == 0
        assert tf.argmax([-INF, -INF]).numpy() == 0

    def test_empty_dimension(self):
        assert tf.argmax(tf.zeros((0, 3)), axis=1).shape == (0,)
        with pytest.raises(errors.InvalidArgumentError, match="at least one element along axis 1"):
            tf.argmax(tf.zeros((3, 0)), axis=1)
        with pytest.raises(errors.InvalidArgumentError, match="got a scalar"):
            tf.argmax(3.0)

    def test_top_k(self):
        values, indices = tf.math.top_k([1.0, 3.0, 3.0, 2.0], 2, index_type=tf.int64)
        assert values.numpy().tolist() == [3, 3]
        assert indices.numpy().tolist() == [1, 2]
        assert indices.dtype == "int64"
        assert tf.math.top_k(tf.zeros((2, 3)), k=0).values.shape == (2, 0)
        with pytest.raises(errors.InvalidArgumentError, match="expected k from 0 to 4"):
            tf.math.top_k([1.0, 3.0, 3.0, 2.0], 9)
        with pytest.raises(ValueError, match="got a scalar"):
            tf.math.top_k(1.0, 1)

    def test_in_top_k_at_ties_and_bad_rows(self):
        rows = [[0.3, 0.3, 0.3], [0.1, 0.9, 0.3], [NAN, 0.3, 0.3], [0.1, INF, 0.3]]
        assert tf.math.in_top_k([0, 5, 2, 1], rows, 2).numpy().tolist() == [True] + [False] * 3
        with pytest.raises(ValueError, match=r"\[in_top_k\] expected targets of shape"):
            tf.math.in_top_k([0], rows, 2)


class TestCounts:
    def test_strings_count_when_not_empty(self):
        assert tf.math.count_nonzero(["a", ""]).numpy() == 1

    def test_bincount(self):
        assert tf.math.bincount([1, 1, 3], minlength=6).numpy().tolist() == [0, 2, 0, 1, 0, 0]
        assert tf.math.bincount([1, 1, 3], maxlength=2).numpy().tolist() == [0, 2]
        assert tf.math.bincount(tf.constant([], tf.int32)).shape == (0,)
        rows = tf.math.bincount([[1, 1, 3], [0, 0, 0]], axis=-1)
        assert rows.numpy().tolist() == [[0, 2, 0, 1], [3, 0, 0, 0]]
        assert tf.math.bincount([1, 1], weights=[1.0, 2.0]).numpy().tolist() == [0, 3]
        with pytest.raises(errors.InvalidArgumentError, match="values of 0 or more, got -3"):
            tf.math.bincount([1, 1, -3])
        with pytest.raises(errors.InvalidArgumentError, match="axis None, 0 or -1"):
            tf.math.bincount([1], axis=1)
        with pytest.raises(errors.InvalidArgumentError, match="binary_output"):
            tf.math.bincount([1], weights=[1.0], binary_output=True)

    def test_bincount_in_a_program_needs_a_length(self):
        x = np.array([1, 1, 9], np.int32)
        fixed = compiled(lambda t: tf.math.bincount(t, minlength=4, maxlength=4), x)
        assert np.asarray(fixed).tolist() == [0, 2, 0, 0]
        with pytest.raises(TypeError, match="give minlength and maxlength"):
            compiled(tf.math.bincount, x)
        with pytest.raises(TypeError, match="symbolic model"):
            tf.math.bincount(KerasTensor((None,), "int32"))

    def test_histogram(self):
        bins = tf.histogram_fixed_width_bins([-1.0, 0.0, 1.5, 2.0, 5.0, 15.0], [0.0, 5.0], nbins=5)
        assert bins.numpy().tolist() == [0, 0, 1, 2, 4, 4]
        assert tf.histogram_fixed_width([1, 2], [0, 5], nbins=5).numpy().tolist() == [0, 1, 1, 0, 0]
        with pytest.raises(
            errors.InvalidArgumentError, match=r"value_range\[0\] < value_range\[1\]"
        ):
            tf.histogram_fixed_width([1.0], [5.0, 0.0])
        with pytest.raises(errors.InvalidArgumentError, match="nbins of 1 or more"):
            tf.histogram_fixed_width([1.0], [0.0, 1.0], nbins=0)

    def test_confusion_matrix(self):
        got = tf.math.confusion_matrix([1, 2], [2, 2], weights=[0.5, 0.25], dtype=tf.float32)
        assert got.numpy().tolist() == [[0, 0, 0], [0, 0, 0.5], [0, 0, 0.25]]
        assert tf.math.confusion_matrix([[1], [2]], [2, 2]).shape == (3, 3)
        with pytest.raises(errors.InvalidArgumentError, match="labels from 0 to 2"):
            tf.math.confusion_matrix([1, 2, 4], [2, 2, 1], num_classes=3)
        with pytest.raises(errors.InvalidArgumentError, match="got values from -2"):
            tf.math.confusion_matrix([1, -2], [2, 2])
        with pytest.raises(TypeError, match="give num_classes"):
            compiled(lambda t: tf.math.confusion_matrix(t, t), np.array([1, 2], np.int32))
        with pytest.raises(ValueError, match=r"one shape \(batch,\)"):
            tf.math.confusion_matrix([1, 2], [1], num_classes=3)


class TestSobol:
    def test_first_points(self):
        points = tf.math.sobol_sample(3, 4, skip=1, dtype=tf.float64).numpy().tolist()
        assert points == [
            [0.75, 0.25, 0.25],
            [0.25, 0.75, 0.75],
            [0.375, 0.375, 0.625],
            [0.875, 0.875, 0.125],
        ]

    def test_every_dimension_is_a_net(self):
        """Each of the first 2 ** k - 1 points lies in a cell of its own, in every dimension."""
        points = tf.math.sobol_sample(128, 255).numpy()
        cells = np.sort((points * 256).astype(int), axis=0)
        assert (cells == np.arange(1, 256)[:, None]).all()

    def test_limits(self):
        with pytest.raises(errors.InvalidArgumentError, match="dim from 1 to 128, got 129"):
            tf.math.sobol_sample(129, 1)
        with pytest.raises(errors.InvalidArgumentError, match="num_results from 1"):
            tf.math.sobol_sample(1, 0)
        with pytest.raises(errors.InvalidArgumentError, match="skip fewer points"):
            tf.math.sobol_sample(1, 10, skip=2**31 - 5)
