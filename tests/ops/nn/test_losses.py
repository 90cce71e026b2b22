"""Losses and activations: kinks, extremes, labels out of range, second order at 0, errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import special

import thalweg as tf
from thalweg._src.base import errors
from thalweg._src.core import xla
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor

INF, NAN = float("inf"), float("nan")


def slope(function, values):
    x = tf.constant(values)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x).numpy().tolist()


def curvature(function, values):
    x = tf.constant(values)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = function(x)
        d = inner.gradient(y, x)
    return outer.gradient(d, x).numpy().tolist()


class TestActivations:
    @pytest.mark.parametrize(
        ("name", "slopes"),
        [
            ("relu", [0, 0, 1, 1]),
            ("relu6", [0, 0, 1, 0]),
            ("leaky_relu", [0.2, 0.2, 1, 1]),
            ("elu", [np.exp(-1), 1, 1, 1]),
        ],
    )
    def test_slopes_at_kinks(self, name, slopes):
        got = slope(getattr(tf.nn, name), [-1.0, 0.0, 1.0, 6.0])
        np.testing.assert_allclose(got, slopes, rtol=1e-6)

    @pytest.mark.parametrize("name", ["relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu"])
    def test_nan_and_large_values(self, name):
        function = getattr(tf.nn, name)
        assert np.isnan(function([NAN]).numpy()).all()
        assert np.isfinite(slope(function, [-1e4, 1e4])).all()

    @pytest.mark.parametrize("name", ["elu", "selu", "gelu", "softmax", "log_softmax"])
    def test_integers_are_refused(self, name):
        with pytest.raises(
            errors.DTypeError, match=rf"\[{name}\] expected a tensor of a float dtype, got int32"
        ):
            getattr(tf.nn, name)(tf.constant([1, 2]))

    def test_names(self):
        assert tf.nn.swish is tf.nn.silu
        assert tf.math.softmax is tf.nn.softmax


class TestSoftmax:
    def test_infinities(self):
        y = tf.nn.softmax([[INF, 1.0], [-INF, -INF], [-INF, 0.0]]).numpy()
        np.testing.assert_array_equal(y, [[NAN, NAN], [NAN, NAN], [0.0, 1.0]])
        np.testing.assert_array_equal(tf.nn.log_softmax([-INF, 0.0]), [-INF, 0.0])

    def test_empty_axis_and_bad_axis(self):
        assert tf.nn.softmax(tf.zeros((2, 0))).shape == (2, 0)
        assert tf.nn.log_softmax(tf.zeros((0, 3))).shape == (0, 3)
        with pytest.raises(errors.InvalidArgumentError, match="axis from -2 to 1"):
            tf.nn.softmax([[1.0]], axis=2)
        with pytest.raises(errors.InvalidArgumentError, match="softmax"):
            tf.nn.softmax(1.0)

    @settings(max_examples=20, deadline=None)
    @given(hnp.arrays(np.float32, (2, 5), elements=st.floats(-80, 80, width=32)))
    def test_adds_up_to_one_and_ignores_shifts(self, x):
        y = tf.nn.softmax(x).numpy()
        np.testing.assert_allclose(y.sum(-1), 1, rtol=1e-5)
        np.testing.assert_allclose(tf.nn.softmax(x + np.float32(3)), y, rtol=1e-3, atol=1e-6)
        np.testing.assert_allclose(np.exp(tf.nn.log_softmax(x)), y, rtol=1e-3, atol=1e-6)


class TestCrossEntropy:
    def test_labels_that_do_not_add_up_to_one(self):
        labels = tf.constant([[0.5, 0.2]])
        got = slope(lambda x: tf.nn.softmax_cross_entropy_with_logits(labels, x), [[3.0, 1.0]])
        np.testing.assert_allclose(got, special.softmax([[3.0, 1.0]]) - [[0.5, 0.2]], rtol=1e-5)

    def test_broadcast_integers_and_narrow(self):
        y = tf.nn.softmax_cross_entropy_with_logits([[1, 0]], [[1.0, 2.0], [3.0, 1.0]])
        np.testing.assert_allclose(y, [1.3132617, 0.12692805], rtol=1e-5)
        half = tf.nn.softmax_cross_entropy_with_logits(
            [[1.0, 0.0]], tf.constant([[1, 2]], tf.float16)
        )
        assert half.dtype is tf.float16

    def test_both_are_needed(self):
        with pytest.raises(errors.InvalidArgumentError, match="both labels and logits"):
            tf.nn.sigmoid_cross_entropy_with_logits(labels=[1.0])

    def test_label_out_of_range(self):
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits
        logits = [[1.0, 2.0], [3.0, 1.0]]
        with pytest.raises(
            errors.InvalidArgumentError, match="labels from 0 to 1 .* got a label of 2"
        ):
            loss([0, 2], logits)
        with pytest.raises(errors.InvalidArgumentError, match="got a label of -1"):
            loss([0, -1], logits)
        program = xla.jit_whole(lambda a, b: loss(Tensor(a), Tensor(b)).array)
        got = np.asarray(program(np.array([1, 2], np.int32), np.array(logits, np.float32)))
        np.testing.assert_allclose(got, [special.logsumexp([1, 2]) - 2, NAN], rtol=1e-5)

    def test_shapes_and_dtypes_of_sparse_labels(self):
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits
        assert loss(1, [1.0, 2.0]).shape == ()
        assert loss(np.array([1], np.uint8), [[1.0, 2.0]]).dtype is tf.float32
        with pytest.raises(errors.ShapeError, match="for one-hot labels use"):
            loss([[0, 1]], [[1.0, 2.0], [3.0, 1.0]])
        with pytest.raises(errors.DTypeError):
            loss(tf.constant([0.0]), [[1.0, 2.0]])
        assert loss(KerasTensor((None,), "int64"), KerasTensor((None, 7))).shape == (None,)

    def test_logits_of_minus_infinity(self):
        got = tf.nn.sparse_softmax_cross_entropy_with_logits([1, 0], [[-INF, 0.0], [-INF, 0.0]])
        np.testing.assert_array_equal(got, [0.0, INF])


class TestSigmoidLosses:
    def test_digits_of_small_losses_are_kept(self):
        loss = tf.nn.sigmoid_cross_entropy_with_logits(
            tf.constant([1.0, 0.0]), tf.constant([50.0, -50.0])
        )
        np.testing.assert_allclose(loss, np.exp(-50.0), rtol=1e-5)

    def test_derivatives_at_zero(self):
        labels = tf.constant([0.0, 1.0])

        def loss(x):
            return tf.nn.sigmoid_cross_entropy_with_logits(labels, x)

        assert slope(loss, [0.0, 0.0]) == [0.5, -0.5]
        assert curvature(loss, [0.0, 0.0]) == [0.25, 0.25]

        def weighted(x):
            return tf.nn.weighted_cross_entropy_with_logits(labels, x, 2.0)

        assert slope(weighted, [0.0, 0.0]) == [0.5, -1.0]
        assert curvature(weighted, [0.0, 0.0]) == [0.25, 0.5]

    def test_errors(self):
        with pytest.raises(errors.ShapeError, match="labels and logits of one shape"):
            tf.nn.sigmoid_cross_entropy_with_logits([1.0], [1.0, 2.0])
        with pytest.raises(errors.DTypeError, match=r"tf\.cast"):
            tf.nn.sigmoid_cross_entropy_with_logits(tf.constant([1]), tf.constant([1.0]))


class TestCtc:
    labels = tf.constant([[1, 2, 2]])

    def test_impossible_labels_give_a_large_finite_loss(self):
        logits = tf.zeros((3, 1, 4))
        loss = tf.nn.ctc_loss(self.labels, logits, [3], [3])
        assert 690 < float(loss[0]) < 730
        assert np.isfinite(
            slope(
                lambda x: tf.nn.ctc_loss(self.labels, x, [3], [3]), np.zeros((3, 1, 4), np.float32)
            )
        ).all()

    def test_no_labels_and_padding(self):
        logits = np.random.default_rng(0).normal(size=(4, 1, 3)).astype(np.float32)
        blanks = -special.log_softmax(logits, -1)[:, 0, 0].sum()
        np.testing.assert_allclose(tf.nn.ctc_loss([[9, 9]], logits, [0], [4]), [blanks], rtol=1e-5)
        short = tf.nn.ctc_loss([[1, 9]], logits[:3], [1], [3])
        padded = tf.nn.ctc_loss([[1, -5]], logits, [1], [3])
        np.testing.assert_allclose(short, padded, rtol=1e-6)

    def test_blank_at_the_end_and_batch_first(self):
        logits = np.random.default_rng(0).normal(size=(5, 2, 4)).astype(np.float32)
        first = tf.nn.ctc_loss([[1, 2], [3, 3]], logits, [2, 2], [5, 5])
        rolled = np.roll(logits, -1, -1).swapaxes(0, 1)
        last = tf.nn.ctc_loss(
            [[0, 1], [2, 2]], rolled, [2, 2], [5, 5], logits_time_major=False, blank_index=-1
        )
        np.testing.assert_allclose(first, last, rtol=1e-5)

    def test_label_that_is_no_class_is_nan(self):
        assert np.isnan(tf.nn.ctc_loss([[1, 9]], tf.zeros((5, 1, 3)), [2], [5]).numpy()).all()

    def test_errors(self):
        with pytest.raises(
            errors.ShapeError, match=r"labels \(batch, length\) and logits of rank 3"
        ):
            tf.nn.ctc_loss([1, 2], tf.zeros((5, 1, 3)), [2], [5])
        with pytest.raises(errors.ShapeError, match="for a batch of 1"):
            tf.nn.ctc_loss([[1, 2]], tf.zeros((5, 1, 3)), [2, 2], [5])
        with pytest.raises(errors.InvalidArgumentError, match="blank_index from -3 to 2, got 3"):
            tf.nn.ctc_loss([[1, 2]], tf.zeros((5, 1, 3)), [2], [5], blank_index=3)


class TestSampledLosses:
    def test_a_sampler_is_drawn_when_none_is_given(self):
        w, b = tf.ones((10, 4)), tf.zeros((10,))
        for loss in (tf.nn.nce_loss, tf.nn.sampled_softmax_loss):
            got = loss(w, b, [[1], [2], [3]], tf.ones((3, 4)), num_sampled=4, num_classes=10)
            assert got.shape == (3,)
            assert np.isfinite(got.numpy()).all()

    def test_all_classes_give_the_softmax_loss(self):
        rng = np.random.default_rng(0)
        w, b, x = (
            tf.constant(rng.normal(size=s).astype(np.float32)) for s in ((5, 3), (5,), (2, 3))
        )
        labels = tf.constant([[1], [4]], tf.int64)
        everything = tf.random.all_candidate_sampler(labels, 1, 5, True)
        got = tf.nn.sampled_softmax_loss(w, b, labels, x, 5, 5, sampled_values=everything)
        logits = tf.matmul(x, w, transpose_b=True) + b
        want = tf.nn.sparse_softmax_cross_entropy_with_logits([1, 4], logits)
        np.testing.assert_allclose(got, want, rtol=1e-5)

    def test_shards_and_errors(self):
        w, b = [tf.ones((3, 2)), tf.ones((2, 2))], tf.zeros((5,))
        assert tf.nn.nce_loss(w, b, [[4]], tf.ones((1, 2)), 2, 5).shape == (1,)
        with pytest.raises(
            errors.InvalidArgumentError, match="set num_true to the number of columns"
        ):
            tf.nn.nce_loss(w, b, [[4, 3]], tf.ones((1, 2)), 2, 5)


class TestAverages:
    def test_weights_and_sizes(self):
        losses = tf.constant([[1.0, 2.0], [3.0, 5.0]])
        assert float(tf.nn.compute_average_loss(losses)) == 5.5
        assert float(tf.nn.compute_average_loss(losses, sample_weight=[1.0, 2.0])) == 9.5
        assert float(tf.nn.compute_average_loss(losses, sample_weight=2.0)) == 11.0
        assert tf.nn.compute_average_loss(tf.constant([1, 2])).dtype is tf.float64

    def test_errors(self):
        with pytest.raises(errors.ShapeError, match="got a scalar"):
            tf.nn.compute_average_loss(tf.constant(1.0))
        with pytest.raises(errors.ShapeError, match="a weight for each example"):
            tf.nn.compute_average_loss([1.0, 2.0], sample_weight=[1.0, 2.0, 3.0])


def test_isotonic_regression_of_integers_and_other_axes():
    found = tf.nn.isotonic_regression(tf.constant([[3, 1, 2, 10]]), decreasing=False)
    assert found.output.dtype is tf.float64
    assert found.output.numpy().tolist() == [[2, 2, 2, 10]]
    assert found.segments.numpy().tolist() == [[0, 0, 1, 2]]
    down = tf.nn.isotonic_regression(tf.constant([[3.0], [1.0], [2.0]]), axis=0)
    assert down.output.numpy().ravel().tolist() == [3, 1.5, 1.5]
