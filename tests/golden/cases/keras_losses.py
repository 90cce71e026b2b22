"""Keras losses and metrics: values, options, gradients, and how "accuracy" is resolved."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..support import Cases, attempt

cases = Cases()

#: name -> (y_true, y_pred, options of the class to try)
REGRESSION = ([[0.0, 1.0], [2.0, -3.0], [0.5, 0.0]], [[0.5, 1.0], [1.0, -2.0], [0.0, 2.0]])
POSITIVE = ([[0.5, 1.0], [2.0, 3.0]], [[0.25, 1.0], [1.0, 4.0]])
BINARY = ([[0.0], [1.0], [1.0], [0.0]], [[0.1], [0.9], [0.0], [1.0]])
BINARY_LOGITS = ([[0.0], [1.0], [1.0], [0.0]], [[-50.0], [3.0], [-2.0], [100.0]])
CATEGORICAL = (
    [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
    [[0.1, 0.2, 0.7], [0.2, 0.2, 0.4], [0.0, 0.5, 0.5]],
)
CATEGORICAL_LOGITS = ([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]], [[1.0, 2.0, 3.0], [100.0, -100.0, 0.0]])
SPARSE = ([2, 1, 0], CATEGORICAL[1])
SPARSE_LOGITS = ([2, 1], CATEGORICAL_LOGITS[1])
HINGE = ([[-1.0, 1.0], [1.0, 1.0]], [[0.5, -0.5], [2.0, 0.25]])
HINGE_01 = ([[0.0, 1.0], [1.0, 1.0]], HINGE[1])

LOSSES: dict[str, tuple[str, tuple[Any, Any], dict[str, Any]]] = {
    "mse": ("MeanSquaredError", REGRESSION, {}),
    "mae": ("MeanAbsoluteError", REGRESSION, {}),
    "mape": ("MeanAbsolutePercentageError", REGRESSION, {}),
    "msle": ("MeanSquaredLogarithmicError", POSITIVE, {}),
    "msle_negative": ("MeanSquaredLogarithmicError", REGRESSION, {}),
    "huber": ("Huber", REGRESSION, {}),
    "huber_delta": ("Huber", REGRESSION, {"delta": 0.5}),
    "logcosh": ("LogCosh", REGRESSION, {}),
    "poisson": ("Poisson", POSITIVE, {}),
    "kl": ("KLDivergence", CATEGORICAL, {}),
    "cosine": ("CosineSimilarity", REGRESSION, {}),
    "cosine_axis_0": ("CosineSimilarity", REGRESSION, {"axis": 0}),
    "hinge": ("Hinge", HINGE, {}),
    "hinge_01": ("Hinge", HINGE_01, {}),
    "squared_hinge": ("SquaredHinge", HINGE, {}),
    "categorical_hinge": ("CategoricalHinge", CATEGORICAL, {}),
    "binary": ("BinaryCrossentropy", BINARY, {}),
    "binary_logits": ("BinaryCrossentropy", BINARY_LOGITS, {"from_logits": True}),
    "binary_smoothing": ("BinaryCrossentropy", BINARY, {"label_smoothing": 0.2}),
    "binary_logits_smoothing": (
        "BinaryCrossentropy",
        BINARY_LOGITS,
        {"from_logits": True, "label_smoothing": 0.2},
    ),
    "binary_focal": ("BinaryFocalCrossentropy", BINARY, {}),
    "binary_focal_balanced": (
        "BinaryFocalCrossentropy",
        BINARY_LOGITS,
        {"from_logits": True, "apply_class_balancing": True},
    ),
    "categorical": ("CategoricalCrossentropy", CATEGORICAL, {}),
    "categorical_logits": ("CategoricalCrossentropy", CATEGORICAL_LOGITS, {"from_logits": True}),
    "categorical_smoothing": ("CategoricalCrossentropy", CATEGORICAL, {"label_smoothing": 0.1}),
    "categorical_logits_smoothing": (
        "CategoricalCrossentropy",
        CATEGORICAL_LOGITS,
        {"from_logits": True, "label_smoothing": 0.1},
    ),
    "categorical_focal": ("CategoricalFocalCrossentropy", CATEGORICAL, {}),
    "sparse": ("SparseCategoricalCrossentropy", SPARSE, {}),
    "sparse_logits": ("SparseCategoricalCrossentropy", SPARSE_LOGITS, {"from_logits": True}),
    "sparse_ignore": (
        "SparseCategoricalCrossentropy",
        ([2, -1], CATEGORICAL_LOGITS[1]),
        {"from_logits": True, "ignore_class": -1},
    ),
    "dice": ("Dice", BINARY, {}),
    "tversky": ("Tversky", BINARY, {"alpha": 0.3, "beta": 0.7}),
}


def _run_loss(tf: Any, np: Any, name: str, data: tuple[Any, Any], options: dict[str, Any]) -> Any:
    cls = getattr(tf.keras.losses, name)
    y_true, y_pred = tf.constant(data[0]), tf.constant(data[1])
    with tf.GradientTape() as tape:
        tape.watch(y_pred)
        value = cls(**options)(y_true, y_pred)
    weights = tf.constant([0.5, 2.0, 1.0, 0.0][: len(data[1])])
    return {
        "mean": value,
        "gradient": tape.gradient(value, y_pred),
        "sum": cls(reduction="sum", **options)(y_true, y_pred),
        "none": cls(reduction=None, **options)(y_true, y_pred),
        "weighted": attempt(lambda: cls(**options)(y_true, y_pred, sample_weight=weights)),
    }


for _key, (_cls, _data, _options) in LOSSES.items():
    cases.add(
        f"loss_{_key}",
        lambda tf, np, c=_cls, d=_data, o=_options: _run_loss(tf, np, c, d, o),
        rtol=2e-5,
        atol=2e-6,
    )


class _Functions:
    """The loss functions by name: `tf.keras.losses` of TensorFlow 2.21 lost some that Keras has."""

    def __init__(self, tf: Any) -> None:
        self._get = tf.keras.losses.get

    def __getattr__(self, name: str) -> Any:
        return self._get(name)


@cases(rtol=2e-5)
def functional_losses(tf: Any, np: Any) -> Any:
    """The function form gives one number per sample, also for NumPy arrays."""
    L = _Functions(tf)
    t, p = (np.array(v, np.float32) for v in REGRESSION)
    b, q = (np.array(v, np.float32) for v in BINARY)
    c, r = (np.array(v, np.float32) for v in CATEGORICAL)
    return {
        "mse": L.mean_squared_error(t, p),
        "mae": L.mean_absolute_error(t, p),
        "mape": L.mean_absolute_percentage_error(t, p),
        "bce": L.binary_crossentropy(b, q),
        "cce": L.categorical_crossentropy(c, r),
        "scce": L.sparse_categorical_crossentropy(np.array([2, 1, 0]), r),
        "scce column": L.sparse_categorical_crossentropy(np.array([[2], [1], [0]]), r),
        "kl": L.kl_divergence(c, r),
        "cosine": L.cosine_similarity(t, p),
        "cosine zero": L.cosine_similarity(
            np.zeros((1, 2), np.float32), np.ones((1, 2), np.float32)
        ),
        "hinge": L.hinge(t, p),
        "huber": L.huber(t, p),
        "log_cosh": L.log_cosh(t, p),
        "lists": L.mean_squared_error([[1.0, 2.0]], [[2.0, 4.0]]),
        "ints": L.mean_squared_error([[1, 2]], [[2.0, 4.0]]),
        "float64": L.mean_squared_error(t.astype(np.float64), p),
        "1d": L.mean_squared_error([1.0, 2.0], [2.0, 4.0]),
        "sparse label out of range": attempt(
            lambda: L.sparse_categorical_crossentropy(np.array([7]), r[:1])
        ),
    }


@cases
def loss_lookup(tf: Any, np: Any) -> Any:
    names = [
        "mse", "mae", "mape", "msle", "MSE", "mean_squared_error", "binary_crossentropy", "categorical_crossentropy",
        "sparse_categorical_crossentropy", "kl_divergence", "cosine_similarity", "hinge", "huber", "log_cosh", "poisson",
        "MeanSquaredError", "bce",
    ]  # fmt: skip
    return {
        n: attempt(
            lambda n=n: getattr(
                tf.keras.losses.get(n), "__name__", type(tf.keras.losses.get(n)).__name__
            )
        )
        for n in names
    } | {
        "unknown": attempt(lambda: tf.keras.losses.get("nothing")),
        "none": tf.keras.losses.get(None),
        "config": attempt(
            lambda: (
                type(
                    tf.keras.losses.get({"class_name": "Huber", "config": {"delta": 2.0}})
                ).__name__
            )
        ),
    }


@cases
def loss_shapes(tf: Any, np: Any) -> Any:
    mse = tf.keras.losses.MeanSquaredError()
    return {
        "column against vector": attempt(
            lambda: mse(tf.constant([1.0, 2.0]), tf.constant([[1.0], [3.0]]))
        ),
        "vector against column": attempt(
            lambda: mse(tf.constant([[1.0], [3.0]]), tf.constant([1.0, 2.0]))
        ),
        "mismatch": attempt(lambda: mse(tf.ones((2, 3)), tf.ones((2, 2)))),
        "weights per sample": mse([[1.0], [2.0]], [[2.0], [4.0]], sample_weight=[1.0, 0.0]),
        "weights column": mse(
            [[1.0, 1.0], [2.0, 2.0]], [[2.0, 1.0], [4.0, 2.0]], sample_weight=[[1.0], [0.5]]
        ),
        "weight scalar": mse([[1.0]], [[3.0]], sample_weight=2.0),
        "sum_over_batch_size": tf.keras.losses.MeanSquaredError(reduction="sum_over_batch_size")(
            [[1.0]], [[3.0]]
        ),
        "mean_with_sample_weight": attempt(
            lambda: tf.keras.losses.MeanSquaredError(reduction="mean_with_sample_weight")(
                [[1.0], [2.0]], [[2.0], [4.0]], sample_weight=[1.0, 3.0]
            )
        ),
        "bad reduction": attempt(lambda: tf.keras.losses.MeanSquaredError(reduction="average")),
        "config": tf.keras.losses.Huber(delta=2.0, name="h").get_config(),
        "cce mismatch": attempt(
            lambda: tf.keras.losses.CategoricalCrossentropy()(tf.ones((2, 3)), tf.ones((2, 2)))
        ),
        "sparse mismatch": attempt(
            lambda: tf.keras.losses.SparseCategoricalCrossentropy()(
                tf.constant([1, 0, 1]), tf.ones((2, 2)) / 2.0
            )
        ),
    }


# --- metrics over two batches, the second weighted

METRICS: dict[str, tuple[str, list[tuple[Any, Any]], dict[str, Any]]] = {
    "Mean": ("Mean", [], {}),
    "MeanSquaredError": ("MeanSquaredError", [REGRESSION], {}),
    "RootMeanSquaredError": ("RootMeanSquaredError", [REGRESSION], {}),
    "MeanAbsoluteError": ("MeanAbsoluteError", [REGRESSION], {}),
    "MeanAbsolutePercentageError": ("MeanAbsolutePercentageError", [REGRESSION], {}),
    "MeanSquaredLogarithmicError": ("MeanSquaredLogarithmicError", [POSITIVE], {}),
    "CosineSimilarity": ("CosineSimilarity", [REGRESSION], {}),
    "LogCoshError": ("LogCoshError", [REGRESSION], {}),
    "R2Score": ("R2Score", [REGRESSION], {}),
    "KLDivergence": ("KLDivergence", [CATEGORICAL], {}),
    "Poisson": ("Poisson", [POSITIVE], {}),
    "Hinge": ("Hinge", [HINGE], {}),
    "SquaredHinge": ("SquaredHinge", [HINGE], {}),
    "CategoricalHinge": ("CategoricalHinge", [CATEGORICAL], {}),
    "BinaryCrossentropy": ("BinaryCrossentropy", [BINARY], {}),
    "CategoricalCrossentropy": ("CategoricalCrossentropy", [CATEGORICAL], {}),
    "SparseCategoricalCrossentropy": ("SparseCategoricalCrossentropy", [SPARSE], {}),
    "BinaryAccuracy": ("BinaryAccuracy", [BINARY], {}),
    "BinaryAccuracy_threshold": ("BinaryAccuracy", [BINARY], {"threshold": 0.95}),
    "CategoricalAccuracy": ("CategoricalAccuracy", [CATEGORICAL], {}),
    "SparseCategoricalAccuracy": ("SparseCategoricalAccuracy", [SPARSE], {}),
    "TopKCategoricalAccuracy": ("TopKCategoricalAccuracy", [CATEGORICAL], {"k": 2}),
    "SparseTopKCategoricalAccuracy": ("SparseTopKCategoricalAccuracy", [SPARSE], {"k": 2}),
    "Accuracy": ("Accuracy", [([1, 2, 3], [1, 0, 3])], {}),
    "Precision": ("Precision", [BINARY], {}),
    "Precision_thresholds": ("Precision", [BINARY], {"thresholds": [0.05, 0.5]}),
    "Recall": ("Recall", [BINARY], {}),
    "AUC": ("AUC", [BINARY], {}),
    "AUC_PR": ("AUC", [BINARY], {"curve": "PR"}),
    "AUC_few": ("AUC", [BINARY], {"num_thresholds": 5, "summation_method": "majoring"}),
    "TruePositives": ("TruePositives", [BINARY], {}),
    "FalsePositives": ("FalsePositives", [BINARY], {}),
    "TrueNegatives": ("TrueNegatives", [BINARY], {}),
    "FalseNegatives": ("FalseNegatives", [BINARY], {}),
    "SensitivityAtSpecificity": ("SensitivityAtSpecificity", [BINARY], {"specificity": 0.5}),
    "PrecisionAtRecall": ("PrecisionAtRecall", [BINARY], {"recall": 0.5}),
    "F1Score": ("F1Score", [CATEGORICAL], {"average": "macro"}),
    "F1Score_threshold": ("F1Score", [BINARY], {"threshold": 0.5}),
    "MeanIoU": ("MeanIoU", [([0, 1, 2, 2], [0, 2, 2, 1])], {"num_classes": 3}),
    "IoU": ("IoU", [([0, 1, 1], [0, 1, 0])], {"num_classes": 2, "target_class_ids": [1]}),
}


def _run_metric(
    tf: Any, np: Any, name: str, batches: list[tuple[Any, Any]], options: dict[str, Any]
) -> Any:
    metric = getattr(tf.keras.metrics, name)(**options)
    results = [attempt(metric.result)]
    for y_true, y_pred in batches:
        metric.update_state(tf.constant(y_true), tf.constant(y_pred))
        results.append(metric.result())
        weights = tf.constant([0.5, 2.0, 1.0, 3.0][: len(y_pred)])
        results.append(
            attempt(
                lambda t=y_true, p=y_pred, w=weights: metric(
                    tf.constant(t), tf.constant(p), sample_weight=w
                )
            )
        )
    metric.reset_state()
    # Automatic names are numbered in the order of creation, which depends on what ran before.
    return [*results, attempt(metric.result), re.sub(r"_\d+$", "", metric.name)]


for _key, (_cls, _batches, _options) in METRICS.items():
    cases.add(
        f"metric_{_key}",
        lambda tf, np, c=_cls, b=_batches, o=_options: _run_metric(tf, np, c, b, o),
        rtol=2e-5,
        atol=2e-6,
    )


@cases
def metric_mean_and_sum(tf: Any, np: Any) -> Any:
    m, s, t = (
        tf.keras.metrics.Mean(name="loss"),
        tf.keras.metrics.Sum(),
        tf.keras.metrics.MeanMetricWrapper(lambda a, b: a - b),
    )
    m.update_state([1.0, 3.0])
    m.update_state(8.0)
    m.update_state([1.0, 2.0], sample_weight=[0.0, 4.0])
    s.update_state([1.0, 2.0], sample_weight=[1.0, 0.5])
    t.update_state(tf.constant([3.0, 5.0]), tf.constant([1.0, 1.0]))
    return [m.result(), s.result(), t.result(), m.name, len(m.variables), float(m(7.0))]


@cases
def metric_custom(tf: Any, np: Any) -> Any:
    """The root mean squared error metric of chapter 7."""

    class RootMeanSquaredError(tf.keras.metrics.Metric):
        def __init__(self, name: str = "rmse", **kwargs: Any) -> None:
            super().__init__(name=name, **kwargs)
            self.mse_sum = self.add_weight(name="mse_sum", initializer="zeros")
            self.total_samples = self.add_weight(
                name="total_samples", initializer="zeros", dtype="int32"
            )

        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
            y_true = tf.one_hot(y_true, depth=tf.shape(y_pred)[1])
            self.mse_sum.assign_add(tf.reduce_sum(tf.square(y_true - y_pred)))
            self.total_samples.assign_add(tf.shape(y_pred)[0])

        def result(self) -> Any:
            return tf.sqrt(self.mse_sum / tf.cast(self.total_samples, tf.float32))

        def reset_state(self) -> None:
            self.mse_sum.assign(0.0)
            self.total_samples.assign(0)

    m = RootMeanSquaredError()
    m.update_state(tf.constant([0, 2]), tf.constant([[0.5, 0.5, 0.0], [0.0, 0.25, 0.75]]))
    first = m.result()
    m.update_state(tf.constant([1]), tf.constant([[0.0, 1.0, 0.0]]))
    second = m.result()
    m.reset_state()
    m.update_state(tf.constant([1]), tf.constant([[0.0, 0.5, 0.0]]))
    return [first, second, m.result(), m.name]


def _history_keys(tf: Any, np: Any, units: int, y: Any, loss: str, metrics: Any) -> Any:
    tf.keras.utils.set_random_seed(0)
    x = np.random.RandomState(0).normal(size=(8, 3)).astype(np.float32)
    model = tf.keras.Sequential(
        [tf.keras.Input((3,)), tf.keras.layers.Dense(units, kernel_initializer="ones")]
    )
    model.compile(optimizer="sgd", loss=loss, metrics=metrics)
    values = model.evaluate(x, y, verbose=0, return_dict=True)
    return {k: np.float32(v) for k, v in values.items()}


ACCURACY: dict[str, tuple[int, Callable[[Any], Any], str]] = {
    "binary_column": (
        1,
        lambda np: np.array([[0.0], [1.0]] * 4, np.float32),
        "binary_crossentropy",
    ),
    "binary_vector": (1, lambda np: np.array([0.0, 1.0] * 4, np.float32), "mse"),
    "multilabel": (
        3,
        lambda np: np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]] * 4, np.float32),
        "binary_crossentropy",
    ),
    "one_hot": (
        3,
        lambda np: np.eye(3, dtype=np.float32)[[0, 1, 2, 0, 1, 2, 0, 1]],
        "categorical_crossentropy",
    ),
    "sparse_vector": (
        3,
        lambda np: np.array([0, 1, 2, 0, 1, 2, 0, 1]),
        "sparse_categorical_crossentropy",
    ),
    "sparse_column": (
        3,
        lambda np: np.array([[0], [1], [2], [0], [1], [2], [0], [1]]),
        "sparse_categorical_crossentropy",
    ),
    "integers_binary": (1, lambda np: np.array([0, 1] * 4), "binary_crossentropy"),
}
for _key, (_units, _labels, _loss) in ACCURACY.items():
    for _metric in ("accuracy", "acc"):
        cases.add(
            f"resolve_{_metric}_{_key}",
            lambda tf, np, u=_units, y=_labels, loss=_loss, m=_metric: _history_keys(
                tf, np, u, y(np), loss, [m]
            ),
            rtol=1e-4,
        )


@cases(rtol=1e-4)
def resolve_other_metrics(tf: Any, np: Any) -> Any:
    y = np.array([[0.0], [1.0]] * 4, np.float32)
    return {
        "mae": _history_keys(tf, np, 1, y, "mse", ["mae"]),
        "object": _history_keys(tf, np, 1, y, "mse", [tf.keras.metrics.BinaryAccuracy()]),
        "binary_accuracy": _history_keys(tf, np, 1, y, "mse", ["binary_accuracy"]),
        "crossentropy": attempt(
            lambda: _history_keys(tf, np, 1, y, "binary_crossentropy", ["crossentropy"])
        ),
        "function": _history_keys(tf, np, 1, y, "mse", [_Functions(tf).mean_absolute_error]),
        "unknown": attempt(lambda: _history_keys(tf, np, 1, y, "mse", ["nothing"])),
    }
