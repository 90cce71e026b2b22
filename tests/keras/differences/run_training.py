"""Runs cases of `compile` and `fit`: structures of outputs, losses, metrics, weights of samples."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.keras.differences.draws import Case
from tests.keras.differences.families import Family
from tests.keras.differences.findings import Findings

_COUNT = 5


@dataclass(frozen=True)
class _Fit:
    """A way to train: structure of the outputs, and what `compile` and `fit` are given."""

    id: str
    outputs: str
    compile: dict[str, Any]
    fit: dict[str, Any] = field(default_factory=dict)
    labels: str = ""
    name: str = "fit"


def _weights(scale: float = 1.0) -> Any:
    return (np.arange(_COUNT, dtype="float32") % 3 + 0.5) * scale


ONE: dict[str, dict[str, Any]] = {
    "mse": {"loss": "mse"},
    "metric": {"loss": "mse", "metrics": ["mae"]},
    "metric-name": {"loss": "mse", "metrics": "mae"},
    "metric-dict": {"loss": "mse", "metrics": {"first": ["mae", "mse"]}},
    "metric-nested": {"loss": "mse", "metrics": [["mae"]]},
    "weighted": {"loss": "mse", "metrics": ["mae"], "weighted_metrics": ["mae", "mse"]},
    "loss-list": {"loss": ["mae"]},
    "loss-dict": {"loss": {"first": "mae"}},
    "loss-weights": {"loss": "mse", "loss_weights": [0.5]},
    "loss-weights-number": {"loss": "mse", "loss_weights": 0.5},
    "loss-weights-dict": {"loss": {"first": "mse"}, "loss_weights": {"first": 0.25}},
    "none": {"loss": None},
    "wrong": {"loss": ["mse", "mae"]},
    "unknown": {"loss": {"other": "mse"}},
    "accuracy": {"loss": "mse", "metrics": ["accuracy"]},
    "accuracy-short": {"loss": "mse", "metrics": ["acc"]},
    "object": {"loss": "MeanSquaredError", "metrics": ["RootMeanSquaredError"]},
}
TWO: dict[str, dict[str, Any]] = {
    "one-loss": {"loss": "mse"},
    "list": {"loss": ["mse", "mae"]},
    "tuple": {"loss": ("mse", "mae")},
    "dict": {"loss": {"first": "mse", "second": "mae"}},
    "partial": {"loss": {"first": "mse"}},
    "partial-list": {"loss": ["mse", None]},
    "weights": {"loss": ["mse", "mae"], "loss_weights": [0.5, 2.0]},
    "weights-dict": {"loss": ["mse", "mae"], "loss_weights": {"first": 0.5, "second": 2.0}},
    "dict-weights": {
        "loss": {"first": "mse", "second": "mae"},
        "loss_weights": {"second": 3.0, "first": 1.0},
    },
    "dict-weights-list": {"loss": {"first": "mse", "second": "mae"}, "loss_weights": [3.0, 1.0]},
    "dict-weights-one": {
        "loss": {"first": "mse", "second": "mae"},
        "loss_weights": {"second": 3.0},
    },
    "weights-short": {"loss": ["mse", "mae"], "loss_weights": [0.5]},
    "metrics": {"loss": "mse", "metrics": ["mae", "mse"]},
    "metrics-nested": {"loss": "mse", "metrics": [["mae"], ["mse", "mae"]]},
    "metrics-dict": {"loss": "mse", "metrics": {"second": "mae"}},
    "metrics-dict-lists": {"loss": "mse", "metrics": {"first": ["mae", "mse"], "second": ["mae"]}},
    "metrics-one": {"loss": "mse", "metrics": ["mae"]},
    "weighted": {"loss": "mse", "metrics": [["mae"], []], "weighted_metrics": [["mae"], ["mse"]]},
    "weighted-dict": {"loss": "mse", "weighted_metrics": {"first": ["mae"]}},
    "unknown": {"loss": {"first": "mse", "third": "mae"}},
    "too-many": {"loss": ["mse", "mae", "mse"]},
}
CLASSES: dict[str, dict[str, Any]] = {
    "sparse": {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]},
    "sparse-weighted": {
        "loss": "sparse_categorical_crossentropy",
        "weighted_metrics": ["accuracy", "ce"],
    },
    "one-hot": {"loss": "categorical_crossentropy", "metrics": ["accuracy", "crossentropy"]},
    "binary": {"loss": "binary_crossentropy", "metrics": ["accuracy", "AUC"]},
}
FITS: dict[str, dict[str, Any]] = {
    "plain": {},
    "sample": {"sample_weight": _weights()},
    "sample-column": {"sample_weight": _weights()[:, None]},
    "class": {"class_weight": {0: 0.5, 1: 2.0, 2: 3.0}},
    "class-partial": {"class_weight": {1: 2.0}},
    "class-sample": {"class_weight": {0: 0.5, 1: 2.0}, "sample_weight": _weights()},
    "validation": {"validation": True},
    "validation-weights": {"validation": True, "sample_weight": _weights()},
    "split": {"validation_split": 0.4},
    "steps": {"steps_per_epoch": 2},
    "execution": {"steps_per_execution": 2},
    "eagerly": {"run_eagerly": True},
    "dataset": {"dataset": True},
    "dataset-weights": {"dataset": True, "sample_weight": _weights()},
}
TWO_FITS: dict[str, dict[str, Any]] = {
    "sample-list": {"sample_weight": [_weights(), _weights(2.0)]},
    "sample-dict": {"sample_weight": {"first": _weights(), "second": _weights(2.0)}},
    "sample-dict-one": {"sample_weight": {"first": _weights()}},
    "sample-one-list": {"sample_weight": [_weights()]},
    "sample-none": {"sample_weight": [_weights(), None]},
}


def _rows() -> list[_Fit]:
    rows = []
    for outputs in ("single", "list1", "dict1"):
        rows += [_Fit(f"{outputs}-{k}", outputs, v) for k, v in ONE.items()]
        rows += [
            _Fit(f"{outputs}-fit-{k}", outputs, ONE["weighted"], v)
            for k, v in FITS.items()
            if not k.startswith("class")
        ]
    for outputs in ("list", "dict", "unordered", "nested"):
        for labels in ("", "list", "dict"):
            rows += [
                _Fit(f"{outputs}-{labels}-{k}", outputs, v, {}, labels) for k, v in TWO.items()
            ]
        rows += [
            _Fit(f"{outputs}-fit-{k}", outputs, TWO["weighted"], v)
            for k, v in (FITS | TWO_FITS).items()
            if not k.startswith("class-")
        ]
    for kind, options in CLASSES.items():
        rows += [_Fit(f"{kind}-{k}", kind, options, v) for k, v in FITS.items()]
        rows += [
            _Fit(f"{kind}-mask-{k}", kind + "-mask", options, v)
            for k, v in FITS.items()
            if "class" not in k
        ]
    return rows


def family(name: str) -> Family:
    """The rows, without further parameters."""
    del name
    return _Family("ops", _rows(), "", run)


class _Family(Family):
    def parameters(self, library: Any, name: str) -> list[str]:
        """None: the rows say all."""
        del library, name
        return []


def _model(keras: Any, row: _Fit) -> Any:
    """Model with the row's structure of outputs, and fixed weights."""
    layers = keras.layers
    kind, _, masked = row.outputs.partition("-")
    if masked == "hot-mask" or row.outputs == "one-hot":
        kind = "one-hot"
    if kind in CLASSES:
        width = 1 if kind == "binary" else 3
        inputs = keras.Input((4, 3) if row.outputs.endswith("mask") else (3,))
        x = layers.Masking()(inputs) if row.outputs.endswith("mask") else inputs
        ending = "sigmoid" if width == 1 else "softmax"
        outputs: Any = layers.Dense(width, activation=ending, name="first")(x)
    else:
        inputs = keras.Input((3,))
        first = layers.Dense(2, name="first")(inputs)
        second = layers.Dense(1, name="second", activation="tanh")(inputs)
        outputs = {
            "single": first,
            "list1": [first],
            "dict1": {"first": first},
            "list": [first, second],
            "dict": {"first": first, "second": second},
            "unordered": {"second": second, "first": first},
            "nested": {"a": [first], "b": {"c": second}},
        }[kind]
    model = keras.Model(inputs, outputs)
    for index, weight in enumerate(sorted(model.weights, key=lambda w: w.path[-12:])):
        weight.assign(np.cos(np.arange(np.prod(weight.shape)) + index).reshape(weight.shape))
    return model


def _data(row: _Fit) -> tuple[Any, Any]:
    x = np.sin(np.arange(_COUNT * 3, dtype="float32")).reshape(_COUNT, 3)
    kind = row.outputs.removesuffix("-mask")
    if kind in CLASSES:
        labels = np.arange(_COUNT) % 3
        if row.outputs.endswith("mask"):
            x = np.sin(np.arange(_COUNT * 12, dtype="float32")).reshape(_COUNT, 4, 3)
            x[:, 2:] = 0
            x[0, 1] = 0
            labels = np.arange(_COUNT * 4).reshape(_COUNT, 4) % 3
        if kind == "one-hot":
            labels = np.eye(3, dtype="float32")[labels]
        if kind == "binary":
            labels = (labels % 2).astype("float32")[..., None]
        return x, labels
    first = np.cos(np.arange(_COUNT * 2, dtype="float32")).reshape(_COUNT, 2)
    second = np.cos(np.arange(_COUNT, dtype="float32") + 5)[:, None]
    form = row.labels or row.outputs
    return x, {
        "single": first,
        "list1": [first],
        "dict1": {"first": first},
        "list": [first, second],
        "dict": {"first": first, "second": second},
        "unordered": {"first": first, "second": second},
        "nested": {"a": [first], "b": {"c": second}},
    }[form]


def run(library: Any, case: Case, _: list[str]) -> Findings:
    """History, weights, evaluation and prediction of one way to train."""
    keras, tf, found = library.keras, library.tf, Findings()
    row = case.base
    options = dict(row.fit)
    execution = {k: options.pop(k) for k in ("steps_per_execution", "run_eagerly") if k in options}

    def fitted() -> Any:
        keras.backend.clear_session()
        model = _model(keras, row)
        model.compile(
            keras.optimizers.SGD(0.1), **row.compile, **execution, **library.compile_options
        )
        x, y = _data(row)
        if options.pop("validation", False):
            options["validation_data"] = (
                (x, y, options["sample_weight"]) if "sample_weight" in options else (x, y)
            )
        weights = options.pop("sample_weight", None)
        if options.pop("dataset", False):
            parts = (x, y) if weights is None else (x, y, weights)
            given: tuple[Any, ...] = (tf.data.Dataset.from_tensor_slices(parts).batch(2),)
            history = model.fit(*given, epochs=2, shuffle=False, verbose=0, **options)
        else:
            history = model.fit(
                x,
                y,
                batch_size=2,
                epochs=2,
                shuffle=False,
                verbose=0,
                sample_weight=weights,
                **options,
            )
        found.keep("fit.history", {k: np.float32(v) for k, v in history.history.items()})
        found.keep("fit.order", [str(list(history.history))])
        found.keep(
            "fit.weights", [w.value for w in sorted(model.weights, key=lambda w: w.path[-12:])]
        )
        found.keep("fit.names", [str(model.metrics_names), str([m.name for m in model.metrics])])
        evaluated = model.evaluate(x, y, batch_size=2, verbose=0, sample_weight=weights)
        found.keep("fit.evaluate", np.float32(evaluated))
        named = model.evaluate(x, y, batch_size=2, verbose=0, return_dict=True)
        found.keep("fit.named", {k: np.float32(v) for k, v in named.items()})
        found.keep("fit.trained", np.float32(model.train_on_batch(x, y)))
        tested = model.test_on_batch(x, y, return_dict=True)
        found.keep("fit.tested", {k: np.float32(v) for k, v in tested.items()})
        found.keep("fit.predicted", tf.nest.flatten(model.predict(x, batch_size=2, verbose=0)))
        return "ran"

    found.attempt("fit", fitted)
    return found
