"""The rows of the Keras tables: every activation, loss, metric, optimizer, schedule, ... with options.

A row is data; the functions below run it with whatever module they are given, so that the recorder runs
it with TensorFlow and the tests with thalweg.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tests.keras.golden.optimizers import OPTIONS, WRAPPERS, gradients, run_options, run_wrapped


class Row(NamedTuple):
    """One object of a table.

    Attributes:
        name: Class or function.
        data: Key of `DATA`.
        options: Arguments of the constructor, or of the function.
    """

    name: str
    data: str = ""
    options: dict[str, Any] = {}

    @property
    def id(self) -> str:
        """Name and options, for files and test ids."""
        return self.name + "".join(f"-{k}={v}" for k, v in self.options.items())


_rng = np.random.default_rng(7)
_logits = np.round(_rng.normal(size=(4, 3)) * 2, 3).astype(np.float32)
_shares = np.exp(_logits) / np.exp(_logits).sum(-1, keepdims=True)
_unit = (_logits / np.linalg.norm(_logits, axis=-1, keepdims=True)).astype(np.float32)
_multi = np.array([[1, 0, 1], [0, 0, 1], [1, 1, 0], [0, 1, 0]], np.float32)
_one_hot = np.eye(3, dtype=np.float32)[[2, 0, 1, 1]]
_numbers = np.round(_rng.normal(size=(4, 3)), 3).astype(np.float32)
_images = np.array([[0, 1, 2, 1], [2, 2, 0, 1], [1, 1, 1, 0]], np.int32)

#: labels and predictions
DATA: dict[str, tuple[Any, Any]] = {
    "numbers": (_numbers, _logits),
    "positive": (np.abs(_numbers), np.abs(_logits)),
    "multi": (_multi, 1 / (1 + np.exp(-_logits))),
    "multi_logits": (_multi, _logits),
    "signs": (_multi * 2 - 1, _logits),
    "one_hot": (_one_hot, _shares.astype(np.float32)),
    "one_hot_logits": (_one_hot, _logits),
    "columns_logits": (np.eye(4, dtype=np.float32)[:, [1, 3, 0]], _logits),
    "sparse": (np.array([2, 0, 1, 1], np.int32), _shares.astype(np.float32)),
    "sparse_column": (
        np.array([[2.0], [0.0], [1.0], [1.0]], np.float32),
        _shares.astype(np.float32),
    ),
    "sparse_logits": (np.array([2, 0, 1, 1], np.int32), _logits),
    "column": (np.array([[1], [0], [1], [0]], np.float32), 1 / (1 + np.exp(-_logits[:, :1]))),
    "vector": (np.array([1, 0, 1, 0], np.float32), 1 / (1 + np.exp(-_logits[:, 0]))),
    "embeddings": (np.array([0, 1, 0, 1], np.int32), _unit),
    "spelled": (np.array([[1, 2], [2, 0]], np.int32), np.stack([_logits, -_logits])),
    "equal": (np.array([1, 2, 3, 4], np.float32), np.array([1, 0, 3, 4], np.float32)),
    "classes": (_images, np.array([[0, 2, 2, 1], [2, 0, 0, 1], [1, 1, 2, 2]], np.int32)),
    "class_shares": (np.eye(3, dtype=np.float32)[[2, 0, 1, 1]], _shares.astype(np.float32)),
    "sorted_ids": (
        np.array([2, 0, 1, 1], np.int32),
        np.array([[2, 1, 0], [1, 2, 0], [0, 1, 2], [1, 0, 2]]),
    ),
}
WEIGHTS = np.array([0.5, 2.0, 0.0, 1.5], np.float32)

LOSSES = (
    Row("MeanSquaredError", "numbers"),
    Row("MeanAbsoluteError", "numbers"),
    Row("MeanAbsolutePercentageError", "numbers"),
    Row("MeanSquaredLogarithmicError", "positive"),
    Row("Huber", "numbers"),
    Row("Huber", "numbers", {"delta": 0.4}),
    Row("LogCosh", "numbers"),
    Row("CosineSimilarity", "numbers"),
    Row("CosineSimilarity", "numbers", {"axis": 0}),
    Row("KLDivergence", "one_hot"),
    Row("Poisson", "positive"),
    Row("Hinge", "signs"),
    Row("Hinge", "multi_logits", {"name": "zero_one"}),
    Row("SquaredHinge", "signs"),
    Row("CategoricalHinge", "one_hot"),
    Row("BinaryCrossentropy", "multi"),
    Row("BinaryCrossentropy", "multi_logits", {"from_logits": True, "label_smoothing": 0.2}),
    Row("BinaryCrossentropy", "multi", {"axis": 0}),
    Row("CategoricalCrossentropy", "one_hot"),
    Row("CategoricalCrossentropy", "one_hot", {"label_smoothing": 0.1}),
    Row("CategoricalCrossentropy", "one_hot_logits", {"from_logits": True}),
    Row("CategoricalCrossentropy", "columns_logits", {"from_logits": True, "axis": 0}),
    Row("SparseCategoricalCrossentropy", "sparse"),
    Row("SparseCategoricalCrossentropy", "sparse_column", {"name": "column"}),
    Row("SparseCategoricalCrossentropy", "sparse_logits", {"from_logits": True}),
    Row("SparseCategoricalCrossentropy", "sparse_logits", {"from_logits": True, "ignore_class": 1}),
    Row("BinaryFocalCrossentropy", "multi"),
    Row("BinaryFocalCrossentropy", "multi", {"apply_class_balancing": True, "gamma": 1.5}),
    Row("BinaryFocalCrossentropy", "multi_logits", {"from_logits": True, "label_smoothing": 0.1}),
    Row("CategoricalFocalCrossentropy", "one_hot"),
    Row("CategoricalFocalCrossentropy", "one_hot_logits", {"from_logits": True, "alpha": 0.5}),
    Row("CategoricalGeneralizedCrossEntropy", "sparse"),
    Row("CategoricalGeneralizedCrossEntropy", "sparse", {"q": 0.9}),
    Row("Dice", "multi"),
    Row("Dice", "multi", {"axis": -1}),
    Row("Tversky", "multi", {"alpha": 0.3, "beta": 0.8}),
    Row("Tversky", "multi", {"alpha": 0.3, "beta": 0.8, "axis": -1}),
    Row("CTC", "spelled"),
    Row("Circle", "embeddings"),
    Row("Circle", "embeddings", {"gamma": 8.0, "margin": 0.2, "remove_diagonal": False}),
)

METRICS = (
    Row("Mean", "numbers"),
    Row("Sum", "numbers"),
    Row("Accuracy", "equal"),
    Row("BinaryAccuracy", "multi"),
    Row("BinaryAccuracy", "column", {"threshold": 0.8}),
    Row("CategoricalAccuracy", "one_hot"),
    Row("SparseCategoricalAccuracy", "sparse"),
    Row("SparseCategoricalAccuracy", "sparse_column", {"name": "column"}),
    Row("TopKCategoricalAccuracy", "one_hot", {"k": 2}),
    Row("SparseTopKCategoricalAccuracy", "sparse", {"k": 2}),
    Row("SparseTopKCategoricalAccuracy", "sorted_ids", {"k": 2, "from_sorted_ids": True}),
    Row("MeanSquaredError", "numbers"),
    Row("RootMeanSquaredError", "numbers"),
    Row("MeanAbsoluteError", "numbers"),
    Row("MeanAbsolutePercentageError", "numbers"),
    Row("MeanSquaredLogarithmicError", "positive"),
    Row("CosineSimilarity", "numbers"),
    Row("LogCoshError", "numbers"),
    Row("R2Score", "numbers"),
    Row("R2Score", "numbers", {"class_aggregation": None}),
    Row(
        "R2Score",
        "numbers",
        {"class_aggregation": "variance_weighted_average", "num_regressors": 2},
    ),
    Row("BinaryCrossentropy", "multi", {"label_smoothing": 0.1}),
    Row("CategoricalCrossentropy", "one_hot_logits", {"from_logits": True}),
    Row("SparseCategoricalCrossentropy", "sparse", {}),
    Row("KLDivergence", "one_hot"),
    Row("Poisson", "positive"),
    Row("Hinge", "signs"),
    Row("SquaredHinge", "signs"),
    Row("CategoricalHinge", "one_hot"),
    Row("PearsonCorrelation", "numbers"),
    Row("ConcordanceCorrelation", "numbers"),
    Row("TruePositives", "multi"),
    Row("FalsePositives", "multi", {"thresholds": 0.7}),
    Row("TrueNegatives", "multi", {"thresholds": [0.2, 0.9]}),
    Row("FalseNegatives", "vector"),
    Row("Precision", "multi"),
    Row("Precision", "multi", {"top_k": 2}),
    Row("Precision", "multi", {"thresholds": [0.1, 0.6], "class_id": 1}),
    Row("Recall", "column"),
    Row("Recall", "multi", {"thresholds": [0.0, 0.25, 0.5, 0.75, 1.0]}),
    Row("Recall", "multi", {"top_k": 1, "class_id": 2}),
    Row("PrecisionAtRecall", "multi", {"recall": 0.5}),
    Row("RecallAtPrecision", "multi", {"precision": 0.6, "num_thresholds": 20}),
    Row("SensitivityAtSpecificity", "multi", {"specificity": 0.4, "class_id": 0}),
    Row("SpecificityAtSensitivity", "multi", {"sensitivity": 0.5, "num_thresholds": 1}),
    Row("AUC", "multi"),
    Row("AUC", "vector", {"num_thresholds": 4}),
    Row("AUC", "multi", {"curve": "PR", "num_thresholds": 20}),
    Row("AUC", "multi", {"curve": "PR", "summation_method": "majoring", "num_thresholds": 20}),
    Row("AUC", "multi", {"curve": "PRGAIN", "summation_method": "minoring", "num_thresholds": 20}),
    Row("AUC", "multi_logits", {"from_logits": True, "thresholds": [0.3, 0.35, 0.8]}),
    Row("AUC", "multi", {"multi_label": True, "num_thresholds": 20}),
    Row("AUC", "multi", {"multi_label": True, "num_labels": 3, "label_weights": [1.0, 0.0, 2.0]}),
    Row("AUC", "multi", {"label_weights": [1.0, 0.0, 2.0], "thresholds": [0.5, 0.7]}),
    Row("F1Score", "one_hot"),
    Row("F1Score", "multi", {"average": "weighted", "threshold": 0.5}),
    Row("FBetaScore", "multi", {"average": "micro", "beta": 2.0}),
    Row("FBetaScore", "multi", {"average": "macro", "beta": 0.5, "threshold": 0.4}),
    Row("IoU", "classes", {"num_classes": 3, "target_class_ids": [0, 2]}),
    Row("MeanIoU", "classes", {"num_classes": 3, "ignore_class": 1}),
    Row("BinaryIoU", "multi", {"target_class_ids": [1], "threshold": 0.6}),
    Row("OneHotIoU", "class_shares", {"num_classes": 3, "target_class_ids": [1]}),
    Row("OneHotMeanIoU", "class_shares", {"num_classes": 3}),
)

OPTIMIZERS = (
    Row("SGD", options={"learning_rate": 0.1}),
    Row("SGD", options={"learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.1}),
    Row("SGD", options={"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}),
    Row("SGD", options={"clipnorm": 0.7}),
    Row("SGD", options={"clipvalue": 0.7}),
    Row("SGD", options={"global_clipnorm": 0.7}),
    Row("RMSprop", options={"learning_rate": 0.1}),
    Row("RMSprop", options={"learning_rate": 0.1, "momentum": 0.5, "centered": True}),
    Row("Adam", options={"learning_rate": 0.1}),
    Row("Adam", options={"learning_rate": 0.1, "amsgrad": True, "epsilon": 1e-3}),
    Row("AdamW", options={"learning_rate": 0.1, "weight_decay": 0.1}),
    Row("Adamax", options={"learning_rate": 0.1}),
    Row("Nadam", options={"learning_rate": 0.1}),
    Row("Adagrad", options={"learning_rate": 0.1}),
    Row("Adadelta", options={"learning_rate": 1.0, "rho": 0.8}),
    Row("Ftrl", options={"learning_rate": 0.1}),
    Row(
        "Ftrl",
        options={
            "learning_rate": 0.1,
            "l1_regularization_strength": 0.1,
            "l2_regularization_strength": 0.2,
            "l2_shrinkage_regularization_strength": 0.05,
            "beta": 0.1,
        },
    ),
    Row("Lion", options={"learning_rate": 0.01}),
    Row("Lamb", options={"learning_rate": 0.1, "weight_decay": 0.01}),
    Row("Adafactor", options={"learning_rate": 0.1}),
    Row("Muon", options={"learning_rate": 0.1}),
    Row("Muon", options={"nesterov": False, "rms_rate": None, "exclude_layers": ["b"]}),
)

SCHEDULES = (
    Row(
        "ExponentialDecay",
        options={"initial_learning_rate": 0.1, "decay_steps": 4, "decay_rate": 0.5},
    ),
    Row(
        "ExponentialDecay",
        options={
            "initial_learning_rate": 0.1,
            "decay_steps": 4,
            "decay_rate": 0.5,
            "staircase": True,
        },
    ),
    Row(
        "InverseTimeDecay",
        options={"initial_learning_rate": 0.1, "decay_steps": 4, "decay_rate": 0.5},
    ),
    Row(
        "InverseTimeDecay",
        options={
            "initial_learning_rate": 0.1,
            "decay_steps": 4,
            "decay_rate": 0.5,
            "staircase": True,
        },
    ),
    Row("PiecewiseConstantDecay", options={"boundaries": [3, 8], "values": [1.0, 0.5, 0.25]}),
    Row("PolynomialDecay", options={"initial_learning_rate": 0.1, "decay_steps": 6, "power": 2.0}),
    Row("PolynomialDecay", options={"initial_learning_rate": 0.1, "decay_steps": 6, "cycle": True}),
    Row("CosineDecay", options={"initial_learning_rate": 0.1, "decay_steps": 8, "alpha": 0.2}),
    Row(
        "CosineDecay",
        options={
            "initial_learning_rate": 0.01,
            "decay_steps": 8,
            "warmup_target": 0.1,
            "warmup_steps": 3,
        },
    ),
    Row("CosineDecayRestarts", options={"initial_learning_rate": 0.1, "first_decay_steps": 3}),
    Row(
        "CosineDecayRestarts",
        options={"initial_learning_rate": 0.1, "first_decay_steps": 3, "t_mul": 1.0, "m_mul": 0.5},
    ),
)
STEPS = (0, 1, 2, 3, 4, 7, 8, 9, 14, 30)

_PLAIN = """
    celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh
    leaky_relu linear log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink
    softmax softplus softsign sparse_plus sparse_sigmoid squareplus swish tanh tanh_shrink
"""
ACTIVATIONS = tuple(Row(name) for name in _PLAIN.split()) + (
    Row("celu", options={"alpha": 0.5}),
    Row("elu", options={"alpha": 0.5}),
    Row("gelu", options={"approximate": True}),
    Row("glu", options={"axis": 0}),
    Row("leaky_relu", options={"negative_slope": 0.1}),
    Row("log_softmax", options={"axis": 0}),
    Row("relu", options={"negative_slope": 0.1, "max_value": 2.0, "threshold": 0.5}),
    Row("relu", options={"max_value": 1.5}),
    Row("relu", options={"threshold": -0.5}),
    Row("softmax", options={"axis": 0}),
    Row("squareplus", options={"b": 1}),
    Row("hard_shrink", options={"threshold": 1.0}),
    Row("soft_shrink", options={"threshold": 1.0}),
    Row("threshold", options={"threshold": 0.5, "default_value": 9.0}),
)
INPUT = np.array([[-4.0, -1.5, -1.0, -0.25], [0.0, 0.5, 1.0, 6.5]], np.float32)

REGULARIZERS = (
    Row("L1", options={"l1": 0.1}),
    Row("L2", options={"l2": 0.1}),
    Row("L1L2", options={"l1": 0.1, "l2": 0.2}),
    Row("L1L2", options={}),
    Row("OrthogonalRegularizer", options={"factor": 0.1}),
    Row("OrthogonalRegularizer", options={"factor": 0.1, "mode": "columns"}),
)
CONSTRAINTS = (
    Row("MaxNorm", options={"max_value": 1.0}),
    Row("MaxNorm", options={"max_value": 1.0, "axis": [0, 1]}),
    Row("MinMaxNorm", options={"min_value": 0.5, "max_value": 1.0, "rate": 0.5, "axis": 1}),
    Row("NonNeg"),
    Row("UnitNorm", options={"axis": 1}),
)
WEIGHT = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, 0.0]], np.float32)


def tensors(tf: Any, row: Row) -> tuple[Any, Any]:
    """Labels and predictions of a row."""
    y_true, y_pred = DATA[row.data]
    return tf.constant(y_true), tf.constant(y_pred)


def run_loss(tf: Any, row: Row) -> dict[str, Any]:
    """Value for each sample, weighted mean, and the gradient of it."""
    cls = getattr(tf.keras.losses, row.name)
    y_true, y_pred = tensors(tf, row)
    each = cls(reduction="none", **row.options)(y_true, y_pred)
    weight = WEIGHTS if len(each.shape) and each.shape[0] == len(WEIGHTS) else None
    with tf.GradientTape() as tape:
        tape.watch(y_pred)
        mean = cls(**row.options)(y_true, y_pred, sample_weight=weight)
    gradient = tape.gradient(mean, y_pred)
    return {"each": each, "mean": mean, "gradient": gradient}


def run_metric(tf: Any, row: Row) -> dict[str, Any]:
    """Results after one batch, after a second one with weights, and its name."""
    tf.keras.backend.clear_session()
    metric = getattr(tf.keras.metrics, row.name)(**row.options)
    y_true, y_pred = tensors(tf, row)
    batch = (y_pred,) if row.name in ("Mean", "Sum") else (y_true, y_pred)
    metric.update_state(*batch)
    first = tf.convert_to_tensor(metric.result())
    weights = WEIGHTS
    if "IoU" in row.name:
        weights = np.ones(np.shape(DATA[row.data][0]), np.int64) * 2
        weights = weights[:, 0] if row.name.startswith("OneHot") else weights
    metric.update_state(*batch, sample_weight=weights)
    return {"first": first, "second": tf.convert_to_tensor(metric.result()), "name": metric.name}


def run_optimizer(tf: Any, row: Row, wrap: Any = lambda f: f) -> dict[str, Any]:
    """Weights after each of five steps, and the number of pieces of state."""
    optimizer = getattr(tf.keras.optimizers, row.name)(**row.options)
    w = tf.keras.Variable(WEIGHT, name="w")
    b = tf.keras.Variable(np.array([0.5, 0.0, -1.0], np.float32), name="b")
    optimizer.build([w, b])
    apply = wrap(lambda one, two: optimizer.apply_gradients([(one, w), (two, b)]))
    path = []
    for step in range(5):
        apply(*(tf.constant(g) for g in gradients(step)))
        path.append([tf.convert_to_tensor(w), tf.convert_to_tensor(b)])
    return {"path": path, "variables": len(optimizer.variables)}


def run_schedule(tf: Any, row: Row) -> list[Any]:
    """Rates at `STEPS`."""
    schedule = getattr(tf.keras.optimizers.schedules, row.name)(**row.options)
    return [tf.convert_to_tensor(schedule(step)) for step in STEPS]


def run_activation(tf: Any, row: Row) -> list[Any]:
    """Value, and gradient of the sum of its squares."""
    function = getattr(tf.keras.activations, row.name)
    x = tf.constant(INPUT)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.convert_to_tensor(function(x, **row.options))
        total = tf.reduce_sum(y * y)
    return [y, tape.gradient(total, x)]


def run_regularizer(tf: Any, row: Row) -> Any:
    """Penalty of `WEIGHT`."""
    return tf.convert_to_tensor(
        getattr(tf.keras.regularizers, row.name)(**row.options)(tf.constant(WEIGHT))
    )


def run_constraint(tf: Any, row: Row) -> Any:
    """`WEIGHT` constrained."""
    return tf.convert_to_tensor(
        getattr(tf.keras.constraints, row.name)(**row.options)(tf.constant(WEIGHT))
    )


TABLES = {
    "activations": (ACTIVATIONS, run_activation),
    "constraints": (CONSTRAINTS, run_constraint),
    "losses": (LOSSES, run_loss),
    "metrics": (METRICS, run_metric),
    "optimizer options": (OPTIONS, run_options),
    "optimizer wrappers": (WRAPPERS, run_wrapped),
    "optimizers": (OPTIMIZERS, run_optimizer),
    "regularizers": (REGULARIZERS, run_regularizer),
    "schedules": (SCHEDULES, run_schedule),
}
