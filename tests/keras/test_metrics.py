"""Metrics: results of Keras, one meaning in all lives, configs, resets, lookup, errors."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from tests.keras.golden.tables import METRICS, WEIGHTS, Row, tensors
from tests.keras.golden.values import check, each, orphans
from thalweg._src.keras import metrics as internal

M = tf.keras.metrics


def batch_of(row: Row):
    y_true, y_pred = tensors(tf, row)
    return (y_pred,) if row.name in ("Mean", "Sum") else (y_true, y_pred)


@each("metrics")
def test_results_are_those_of_keras(row: Row) -> None:
    check("metrics", row)


def test_every_recorded_row_has_its_case():
    assert orphans("metrics") == set()


def test_every_class_is_a_row():
    public = {name for name, value in vars(M).items() if isinstance(value, type)}
    assert public - {"Metric", "MeanMetricWrapper"} == {row.name for row in METRICS}


@each("metrics")
def test_traced_equals_eager_and_reset_starts_again(row: Row) -> None:
    metric = getattr(M, row.name)(**row.options)
    batch = batch_of(row)
    metric.update_state(*batch)
    eager = metric.result().numpy()
    metric.reset_state()
    assert all(not np.any(v.numpy()) for v in metric.variables)

    @tf.function
    def step(*batch):
        metric.update_state(*batch)
        return metric.result()

    np.testing.assert_allclose(step(*batch).numpy(), eager, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(metric.result().numpy(), eager, rtol=1e-5, atol=1e-6)
    assert metric.result().dtype == tf.float32


@each("metrics")
def test_config_makes_an_equal_metric(row: Row) -> None:
    metric = getattr(M, row.name)(**row.options)
    again = M.deserialize(M.serialize(metric))
    assert type(again) is type(metric)
    assert again.get_config() == metric.get_config()
    for one in (metric, again):
        one.update_state(*batch_of(row))
    np.testing.assert_array_equal(metric.result().numpy(), again.result().numpy())


def test_wrapper_of_a_function():
    metric = M.MeanMetricWrapper(lambda a, b, power: abs(a - b) ** power, name="distance", power=2)
    metric.update_state([1.0, 2.0], tf.constant([3.0, 2.0]))
    assert float(metric.result()) == 2.0
    assert metric.get_config()["power"] == 2


def test_mean_weights_and_scalars():
    metric = M.Mean(name="loss")
    metric.update_state([1.0, 3.0])
    metric.update_state(8.0)
    metric.update_state([1.0, 2.0], sample_weight=[0.0, 4.0])
    assert float(metric.result()) == pytest.approx(20 / 7)
    assert float(M.Mean()(7.0)) == 7.0


def test_mean_of_nothing_is_zero():
    assert float(M.Mean().result()) == 0.0


def test_mean_takes_the_weights_of_the_first_dimensions():
    metric = M.Mean()
    metric.update_state(np.array([[1.0, 3.0], [5.0, 5.0]]), sample_weight=[3.0, 1.0])
    assert float(metric.result()) == (2 * 3 + 5) / 4


def test_large_class_numbers_of_small_dtypes():
    predictions = np.zeros((1, 300), np.float32)
    predictions[0, 256] = 1
    assert float(M.SparseCategoricalAccuracy()(np.array([0], np.uint8), predictions)) == 0.0


def test_automatic_names_count():
    tf.keras.backend.clear_session()
    assert [M.AUC().name, M.AUC().name, M.MeanIoU(2).name] == ["auc", "auc_1", "mean_io_u"]


@pytest.mark.parametrize(
    ("kind", "y_true", "y_pred", "name"),
    [
        ("accuracy", (8, 1), (8, 1), "binary_accuracy"),
        ("accuracy", (8,), (8, 1), "binary_accuracy"),
        ("accuracy", (8, 3), (8, 3), "categorical_accuracy"),
        ("accuracy", (8,), (8, 3), "sparse_categorical_accuracy"),
        ("accuracy", (8, 1), (8, 3), "sparse_categorical_accuracy"),
        ("crossentropy", (8, 1), (8, 1), "binary_crossentropy"),
        ("crossentropy", (8, 3), (8, 3), "categorical_crossentropy"),
        ("crossentropy", (8,), (8, 3), "sparse_categorical_crossentropy"),
    ],
)
def test_short_names_depend_on_shapes(kind, y_true, y_pred, name):
    assert internal.for_shapes(kind, y_true, y_pred).name == name


def test_names_of_losses_serve_as_metrics():
    assert M.get("huber").__name__ == "huber"
    for name in ("mse", "MSE", "mean_squared_error", "MeanSquaredError"):
        assert type(M.get(name)) is M.MeanSquaredError
    assert type(M.get("kld")) is M.KLDivergence


@pytest.mark.parametrize("name", ["AUC", "Precision", "R2Score", "TruePositives"])
def test_half_precision_counts_go_on(name):
    metric = getattr(M, name)(dtype="bfloat16")
    metric.update_state(np.ones((4, 1), np.float32), np.full((4, 1), 0.9, np.float32))
    assert {v.dtype for v in metric.variables} == {"float32"}
    assert metric.dtype == "bfloat16"


def test_unknown_name_suggests_the_nearest():
    with pytest.raises(
        ValueError, match="no metric is called 'presicion'. Did you mean 'precision'"
    ):
        M.get("presicion")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: M.BinaryAccuracy(threshold=1.5),
            r"\[BinaryAccuracy\] expected a threshold between 0",
        ),
        (
            lambda: M.Precision(thresholds=[0.5, 2.0]),
            r"\[Precision\] expected thresholds in \[0, 1\]",
        ),
        (lambda: M.AUC(num_thresholds=1), r"\[AUC\] expected num_thresholds of 2 or more, got 1"),
        (lambda: M.AUC(curve="XYZ"), r"\[AUC\] expected curve to be one of"),
        (lambda: M.AUC(num_labels=3), r"\[AUC\] expected num_labels only with multi_label"),
        (lambda: M.PrecisionAtRecall(1.5), r"\[PrecisionAtRecall\] expected a bound in \[0, 1\]"),
        (lambda: M.RecallAtPrecision(0.5, 0), "expected num_thresholds of 1 or more"),
        (lambda: M.F1Score(average="mean"), r"\[F1Score\] expected average to be None, 'micro'"),
        (lambda: M.FBetaScore(beta=-1.0), "expected beta to be a positive float"),
        (lambda: M.F1Score(threshold=2.0), r"expected threshold to be a float in \(0, 1\]"),
        (lambda: M.R2Score("mean"), r"\[R2Score\] expected class_aggregation"),
        (lambda: M.R2Score(num_regressors=-1), "expected num_regressors of 0 or more"),
        (lambda: M.IoU(2, [2]), r"\[IoU\] expected target_class_ids from 0 to 1"),
    ],
)
def test_bad_settings(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("metric", [M.R2Score(), M.F1Score(), M.AUC(multi_label=True)], ids=repr)
def test_no_result_before_the_first_batch(metric):
    with pytest.raises(AttributeError, match="expected at least one batch, got none"):
        metric.result()


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        (M.R2Score(), r"\[R2Score\] expected labels and predictions of shape \(batch, outputs\)"),
        (M.F1Score(), r"\[F1Score\] expected labels and predictions of shape \(batch, classes\)"),
        (M.AUC(multi_label=True), r"\[AUC\] expected predictions of shape \(batch, labels\)"),
        (M.Precision(class_id=1), "beside class_id"),
    ],
    ids=lambda x: getattr(x, "name", None),
)
def test_bad_shapes(metric, message):
    with pytest.raises(ValueError, match=message):
        metric.update_state(np.ones(4), np.ones(4))


def test_labels_and_predictions_must_fit():
    with pytest.raises(ValueError, match="one-hot encode class numbers"):
        M.AUC().update_state(np.ones((4, 3)), np.ones((4, 2)))


def test_precision_counts_weights():
    metric = M.Precision()
    metric.update_state([1.0, 0.0, 1.0, 0.0], [0.9, 0.9, 0.9, 0.1], sample_weight=WEIGHTS)
    assert float(metric.result()) == pytest.approx(0.2)


def test_auc_is_the_chance_to_rank_a_pair_right():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 400)
    scores = np.clip(rng.normal(0.4 + 0.2 * labels, 0.2), 0, 1)
    metric = M.AUC(num_thresholds=1000)
    for part in range(4):
        metric.update_state(labels[part::4], scores[part::4])
    pairs = scores[labels == 1][:, None] - scores[labels == 0][None]
    chance = (pairs > 0).mean() + (pairs == 0).mean() / 2
    np.testing.assert_allclose(float(metric.result()), chance, atol=2e-3)


def test_even_thresholds_cost_no_memory_for_each():
    # Two million predictions against 200 thresholds: a comparison with each would take 1.6 GB.
    metric = M.AUC()
    metric.update_state(np.zeros(2_000_000, np.float32), np.full(2_000_000, 0.5, np.float32))
    assert float(metric.true_negatives.numpy()[-1]) == 2_000_000


def test_own_metric_with_state():
    class Largest(M.Metric):
        """Largest prediction so far."""

        def __init__(self, name="largest", **kwargs):
            super().__init__(name=name, **kwargs)
            self.best = self.add_weight(name="best", initializer="zeros")

        def update_state(self, y_true, y_pred, sample_weight=None):
            self.best.assign(tf.maximum(self.best.value, tf.reduce_max(y_pred)))

        def result(self):
            return self.best.value

    metric = Largest()
    metric.update_state(None, tf.constant([1.0, 4.0]))
    metric.update_state(None, tf.constant([2.0]))
    assert float(metric.result()) == 4.0
    metric.reset_state()
    assert float(metric.result()) == 0.0
