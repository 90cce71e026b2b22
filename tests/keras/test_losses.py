"""Losses: values, weights and gradients of Keras, one meaning in all lives, configs, lookup, errors."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from tests.keras.golden.tables import LOSSES, Row, run_loss, tensors
from tests.keras.golden.values import check, differences, each, orphans
from thalweg._src.keras.base.notes import logits, masks


def function_of(row: Row):
    loss = getattr(tf.keras.losses, row.name)(**row.options)
    return getattr(tf.keras.losses, loss.fn.__name__), loss.settings


@each("losses")
def test_values_are_those_of_keras(row: Row) -> None:
    check("losses", row)


def test_every_recorded_row_has_its_case():
    assert orphans("losses") == set()


def test_every_class_is_a_row():
    public = {name for name, value in vars(tf.keras.losses).items() if isinstance(value, type)}
    assert public - {"Loss", "Reduction"} == {row.name for row in LOSSES}


@each("losses")
def test_traced_equals_eager(row: Row) -> None:
    traced = tf.function(lambda: run_loss(tf, row))()
    assert list(differences("losses", row, traced, 1e-5, 1e-6)) == []


@each("losses")
def test_config_makes_an_equal_loss(row: Row) -> None:
    loss = getattr(tf.keras.losses, row.name)(reduction="sum", **row.options)
    again = tf.keras.losses.deserialize(tf.keras.losses.serialize(loss))
    assert type(again) is type(loss)
    assert again.get_config() == loss.get_config()
    np.testing.assert_array_equal(again(*tensors(tf, row)).numpy(), loss(*tensors(tf, row)).numpy())


@each("losses")
def test_the_function_gives_the_values_before_reduction(row: Row) -> None:
    function, settings = function_of(row)
    loss = getattr(tf.keras.losses, row.name)(reduction=None, **row.options)
    got = function(*tensors(tf, row), **settings)
    np.testing.assert_allclose(got.numpy(), loss(*tensors(tf, row)).numpy(), rtol=1e-6)
    assert got.dtype == tf.float32


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("mse", "mean_squared_error"),
        ("MAPE", "mean_absolute_percentage_error"),
        ("kld", "kl_divergence"),
    ],
)
def test_aliases(name, function):
    assert tf.keras.losses.get(name).__name__ == function


def test_unknown_name_suggests_the_nearest():
    with pytest.raises(
        ValueError, match="no loss is called 'mean_square_error'. Did you mean 'mean_sq"
    ):
        tf.keras.losses.get("mean_square_error")


def test_names_of_keras_2():
    assert tf.keras.losses.MSE is tf.keras.losses.mean_squared_error
    loss = tf.keras.losses.MeanSquaredError(reduction=tf.keras.losses.Reduction.AUTO)
    assert loss.reduction == "sum_over_batch_size"
    with pytest.raises(ValueError, match=r"\[Reduction\] expected one of"):
        tf.keras.losses.Reduction.validate("mean of all")


def test_unknown_reduction():
    with pytest.raises(ValueError, match=r"\[MeanSquaredError\] expected reduction to be one of"):
        tf.keras.losses.MeanSquaredError(reduction="average")


class TestLogitsBehindProbabilities:
    """A cross-entropy of a softmax or sigmoid is computed from the logits."""

    x = np.array([[100.0, 0.0, -5.0]], np.float32)
    label = np.array([[0.0, 0.0, 1.0]], np.float32)

    def test_categorical(self):
        p = tf.keras.activations.softmax(tf.constant(self.x))
        assert float(tf.keras.losses.CategoricalCrossentropy()(self.label, p)) == 105.0

    def test_sparse(self):
        p = tf.keras.activations.softmax(tf.constant(self.x))
        assert float(tf.keras.losses.SparseCategoricalCrossentropy()(np.array([2]), p)) == 105.0

    def test_binary(self):
        p = tf.keras.activations.sigmoid(tf.constant(self.x))
        loss = tf.keras.losses.BinaryCrossentropy()(self.label, p)
        np.testing.assert_allclose(float(loss), 35.233288, rtol=1e-6)

    def test_gradient_does_not_vanish(self):
        x = tf.constant(self.x)
        with tf.GradientTape() as tape:
            tape.watch(x)
            p = tf.keras.activations.softmax(x)
            loss = tf.keras.losses.CategoricalCrossentropy()(self.label, p)
        np.testing.assert_allclose(tape.gradient(loss, x).numpy(), [[1.0, 0.0, -1.0]], atol=1e-6)

    def test_other_probabilities_are_clipped(self):
        p = tf.keras.activations.softmax(tf.constant(self.x)).numpy()
        loss = tf.keras.losses.CategoricalCrossentropy()(self.label, p)
        np.testing.assert_allclose(float(loss), 16.118095, rtol=1e-6)

    def test_softmax_over_another_axis_is_not_used(self):
        p = tf.keras.activations.softmax(tf.constant(self.x), axis=0)
        loss = tf.keras.losses.CategoricalCrossentropy()(self.label, p)
        np.testing.assert_allclose(float(loss), np.log(3.0), rtol=1e-6)

    def test_from_logits_of_a_softmax_warns(self):
        p = tf.keras.activations.softmax(tf.constant(self.x))
        with pytest.warns(
            UserWarning, match="from_logits=True and the output of a softmax activation"
        ):
            tf.keras.losses.CategoricalCrossentropy(from_logits=True)(self.label, p)

    def test_the_note_ends_with_the_tensor(self):
        before = len(logits._notes)
        p = tf.keras.activations.softmax(tf.constant(self.x))
        assert len(logits._notes) == before + 1
        del p
        assert len(logits._notes) == before


class TestSparse:
    """Class numbers."""

    p = np.full((2, 3), 1 / 3, np.float32)

    @pytest.mark.parametrize("label", [3, -1, 7])
    def test_a_class_that_does_not_exist(self, label):
        function = tf.keras.losses.sparse_categorical_crossentropy
        labels = np.array([0, label])
        with pytest.raises(
            ValueError,
            match=f"expected labels from 0 to 2 for logits of 3 classes, got a label of {label}",
        ):
            function(labels, self.p)
        # A compiled program cannot raise: the loss says it by being NaN.
        each = tf.function(function)(tf.constant(labels), tf.constant(self.p)).numpy()
        assert np.isfinite(each[0])
        assert np.isnan(each[1])

    def test_ignored_samples_leave_the_mean(self):
        loss = tf.keras.losses.SparseCategoricalCrossentropy(ignore_class=-1)
        np.testing.assert_allclose(float(loss(np.array([0, -1]), self.p)), np.log(3.0), rtol=1e-6)

    def test_ignored_samples_are_noted(self):
        each = tf.keras.losses.sparse_categorical_crossentropy(
            np.array([0, 9]), self.p, ignore_class=9
        )
        assert masks.get(each).numpy().tolist() == [True, False]

    def test_one_hot_labels_are_refused(self):
        with pytest.raises(ValueError, match="one-hot labels go with categorical_crossentropy"):
            tf.keras.losses.sparse_categorical_crossentropy(np.eye(3)[:2], self.p)

    def test_classes_in_another_axis_are_refused(self):
        with pytest.raises(ValueError, match="expected the classes in the last axis, got axis=0"):
            tf.keras.losses.sparse_categorical_crossentropy(np.array([0, 1]), self.p, axis=0)

    def test_sequences(self):
        labels = np.array([[0, 1], [2, 2]])
        p = np.random.default_rng(0).dirichlet(np.ones(3), (2, 2)).astype(np.float32)
        each = tf.keras.losses.sparse_categorical_crossentropy(labels, p).numpy()
        np.testing.assert_allclose(
            each, -np.log(np.take_along_axis(p, labels[..., None], -1))[..., 0], 1e-5
        )


class TestWeightsAndShapes:
    """Sample weights, and labels whose rank differs by a last dimension of 1."""

    def test_a_column_beside_a_vector(self):
        mse = tf.keras.losses.MeanSquaredError()
        assert float(mse(np.array([1.0, 2.0]), np.array([[1.0], [4.0]]))) == 2.0
        assert float(mse(np.array([[1.0], [4.0]]), np.array([1.0, 2.0]))) == 2.0

    def test_weights_for_samples_of_sequences(self):
        loss = tf.keras.losses.MeanSquaredError(reduction="sum")
        y, p = np.zeros((2, 3, 1)), np.ones((2, 3, 1))
        assert float(loss(y, p, sample_weight=np.array([1.0, 10.0]))) == 33.0

    def test_mean_with_sample_weight_divides_by_their_sum(self):
        loss = tf.keras.losses.MeanSquaredError(reduction="mean_with_sample_weight")
        got = loss([[1.0], [2.0]], [[2.0], [4.0]], sample_weight=[1.0, 3.0])
        assert float(got) == (1 + 3 * 4) / 4

    def test_lists_of_numbers_are_arrays(self):
        assert float(tf.keras.losses.MeanAbsoluteError()([[1, 2]], [[2.0, 4.0]])) == 1.5

    def test_integers_become_floats(self):
        assert tf.keras.losses.mean_squared_error([1, 2], [2, 4]).dtype == tf.float32

    def test_shapes_that_differ(self):
        with pytest.raises(ValueError, match="expected labels and predictions of one shape"):
            tf.keras.losses.CategoricalCrossentropy()(np.ones((2, 3)), np.ones((2, 2)))

    def test_half_precision_stays(self):
        y, p = tf.constant([[1.0]], tf.float16), tf.constant([[2.0]], tf.float16)
        assert tf.keras.losses.mean_squared_error(y, p).dtype == tf.float16

    def test_a_loss_has_a_dtype(self):
        loss = tf.keras.losses.MeanSquaredError(dtype="float64")
        assert loss(np.array([[1.0]]), np.array([[2.0]])).dtype == tf.float64


def test_own_loss_class():
    class Cubed(tf.keras.losses.Loss):
        """Cubed errors."""

        def call(self, y_true, y_pred):
            return tf.reduce_mean((y_true - y_pred) ** 3, axis=-1)

    loss = Cubed()
    assert loss.name == "cubed"
    assert float(loss(tf.constant([[3.0]]), tf.constant([[1.0]]))) == 8.0


def test_cosine_of_the_zero_vector_has_a_finite_gradient():
    x = tf.zeros((1, 2))
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = tf.keras.losses.cosine_similarity(tf.ones((1, 2)), x)
    assert np.isfinite(tape.gradient(loss, x).numpy()).all()
    assert loss.numpy().tolist() == [0.0]


def test_bad_q():
    with pytest.raises(ValueError, match="expected q between 0 and 1, got 1.5"):
        tf.keras.losses.CategoricalGeneralizedCrossEntropy(q=1.5)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_masks_outlive_the_cast_to_the_dtype_of_the_loss(dtype):
    layer = tf.keras.layers.Masking(dtype=dtype)
    predictions = layer(tf.constant([[[1.0], [0.0]], [[2.0], [4.0]]]))
    loss = tf.keras.losses.MeanSquaredError(reduction="sum")
    assert loss(tf.zeros((2, 2, 1)), predictions).dtype == tf.float32
    assert float(loss(tf.ones((2, 2, 1)), predictions)) == 10.0  # the masked 1.0 is not in it


def test_lists_of_tensors_are_stacked():
    rows = [tf.constant([1.0, 2.0]), tf.constant([3.0, 5.0])]
    loss = tf.keras.losses.MeanSquaredError(reduction="none")
    assert loss([tf.zeros(2)] * 2, rows).numpy().tolist() == [2.5, 17.0]
