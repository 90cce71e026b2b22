"""What `compile` was given, made ready: the loss and the metrics of all outputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.naming import snake_case
from thalweg._src.keras import losses as losses_module
from thalweg._src.keras import metrics as metrics_module
from thalweg._src.keras.losses.base import Loss, LossFunctionWrapper
from thalweg._src.keras.losses.crossentropy import (
    SparseCategoricalCrossentropy,
    sparse_categorical_crossentropy,
)
from thalweg._src.keras.metrics.base import Metric
from thalweg._src.keras.metrics.reductions import Mean
from thalweg._src.keras.training.outputs import Outputs
from thalweg._src.ops.elementwise import add, multiply
from thalweg._src.variables.variable import Variable

Names = Callable[[], list[str] | None]


class CompileLoss:
    """Sum of the losses of all outputs.

    Args:
        loss: Name, function or `Loss`; or a list of those in the order of the outputs (None for an output
            without one), or a dict by names.
        weights: Number for each output, in the same structure, or None.
        names: Gives the names of the outputs.

    Source: `keras.Model.compile`. On TensorFlow Keras' values for single outputs are means over batches, so
    that a short last batch counts as much as the others; here and in Keras on JAX they add up to the loss.

    Attributes:
        trackers: Mean over the samples of each output's loss, where there are several.
        classes: For losses on class numbers, by position: number of outputs and the label to ignore.
    """

    def __init__(self, loss: Any, weights: Any = None, names: Names = lambda: None) -> None:
        self.given = loss
        self.weights = weights
        self.classes: dict[int, tuple[int, int | None]] = {}
        self.trackers: list[Mean] = []
        self._names = names
        self._parts: list[tuple[Any, float, Mean | None]] | None = None
        for part in nest.flatten(loss):
            _loss_object(part)  # unknown names are refused by compile()

    def _build(self, outputs: Outputs) -> list[tuple[Any, float, Mean | None]]:
        several = len(outputs.flat) > 1
        given = self.given
        if several and not isinstance(given, (list, tuple, Mapping)):
            losses = [given] * len(outputs.flat)
        else:
            losses = outputs.parts(given, "a loss")
        if self.weights is None:
            weights = [1.0] * len(losses)
        else:
            weights = outputs.parts(self.weights, "a loss weight", 1.0)
        found: list[tuple[Any, float, Mean | None]] = [
            (_loss_object(loss), 1.0 if weight is None else float(weight), None)
            for loss, weight in zip(losses, weights, strict=True)
        ]
        told = [i for i in outputs.order(given) if losses[i] is not None]
        if len(told) > 1:
            names = _distinct(
                ("", f"{outputs.labels[i] or _name_of(losses[i])}_loss", False) for i in told
            )
            for i, name in zip(told, names, strict=True):
                found[i] = (*found[i][:2], Mean(name=name))
        self.trackers = [tracker for i in told if (tracker := found[i][2]) is not None]
        return found

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        outputs = Outputs(y_pred, self._names())
        if self._parts is None:
            self._parts = self._build(outputs)
        labels = outputs.tensors(y_true, "a target")
        weights = _spread(outputs, sample_weight)
        total = None
        for index, (part, label, prediction, weight) in enumerate(
            zip(self._parts, labels, outputs.flat, weights, strict=True)
        ):
            loss, factor, tracker = part
            if loss is None:
                continue
            if isinstance(loss, SparseCategoricalCrossentropy):
                ignored = loss.settings.get("ignore_class")
                self.classes[index] = (int(prediction.shape[-1]), ignored)
            value = loss(label, prediction, weight)
            if tracker is not None:
                tracker.update_state(value, sample_weight=float(prediction.shape[0]))
            value = value if factor == 1.0 else multiply(value, factor)
            total = value if total is None else add(total, value)
        return total


def _spread(outputs: Outputs, sample_weight: Any) -> list[Any]:
    """Sample weights of each output; one array serves all."""
    if sample_weight is None:
        return [None] * len(outputs.flat)
    if not nest.is_nested(sample_weight):
        return [sample_weight] * len(outputs.flat)
    return outputs.tensors(sample_weight, "sample weights")


def _loss_object(loss: Any) -> Any:
    if loss is None or isinstance(loss, Loss):
        return loss
    found = losses_module.get(loss)
    if found is sparse_categorical_crossentropy:
        return SparseCategoricalCrossentropy()
    return found if isinstance(found, Loss) else LossFunctionWrapper(found)


class CompileMetrics(Metric):
    """Metrics of all outputs as one, resolved when the shapes of labels and predictions are known.

    Args:
        metrics: List of names, functions and `Metric`s; or a list of lists or a dict, one for each output.
        weighted_metrics: The same for metrics that take the sample weights.
        names: Gives the names of the outputs.

    Attributes:
        labelled: Whether names in logs begin with the output's, as there are several.
    """

    takes_ragged = True

    def __init__(self, metrics: Any, weighted_metrics: Any, names: Names = lambda: None) -> None:
        super().__init__(name="compile_metrics")
        self._given = (metrics, weighted_metrics)
        self._output_names = names
        self._found: list[tuple[int, Metric, bool]] | None = None
        self._names: list[str] = []
        self.labelled = False

    @property
    def built(self) -> bool:
        """Whether the metrics are resolved."""
        return self._found is not None

    @property
    def empty(self) -> bool:
        """Whether `compile` was given no metrics."""
        return self._given == (None, None)

    @property
    def variables(self) -> list[Variable]:
        """State of the metrics."""
        return [v for metric in self.metrics for v in metric.variables]

    @property
    def metrics(self) -> list[Metric]:
        """The metrics, in the order in which they were given."""
        return [metric for _, metric, _ in self._found or ()]

    @property
    def names(self) -> list[str]:
        """Their names in logs."""
        return list(self._names)

    def build(self, y_true: Any, y_pred: Any) -> None:
        """Turns names into metrics that suit the shapes."""
        outputs = Outputs(y_pred, self._output_names())
        labels = outputs.tensors(y_true, "a target")
        found: list[tuple[int, Metric, bool]] = []
        for given, weighted in zip(self._given, (False, True), strict=True):
            for position, chosen in enumerate(_for_each_output(given, outputs)):
                for item in chosen:
                    if item is None:
                        continue
                    metric = _metric_object(item, labels[position], outputs.flat[position])
                    found.append((position, metric, weighted))
        self._found = found
        labels = outputs.labels if len(outputs.flat) > 1 else [None]
        self.labelled = labels != [None] * len(labels)
        self._names = _distinct(
            ("" if labels[p] is None else f"{labels[p]}_", m.name, weighted) for p, m, weighted in found
        )

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes in one batch."""
        if self.empty:
            return
        if self._found is None:
            self.build(y_true, y_pred)
        outputs = Outputs(y_pred, self._output_names())
        labels = outputs.tensors(y_true, "a target")
        weights = _spread(outputs, sample_weight)
        for position, metric, weighted in self._found or ():
            weight = weights[position] if weighted else None
            metric.update_state(labels[position], outputs.flat[position], sample_weight=weight)

    def result(self) -> dict[str, Any]:
        """Values by name."""
        return {name: m.result() for name, m in zip(self._names, self.metrics, strict=True)}

    def reset_state(self) -> None:
        """Resets the state of all metrics."""
        for metric in self.metrics:
            metric.reset_state()


def _distinct(names: Iterable[tuple[str, str, bool]]) -> list[str]:
    """Names in logs: of the output, of the metric, and what tells weighted ones and further ones apart."""
    found: list[str] = []
    for output, name, weighted in names:
        base = output + name
        if weighted and base in found:
            base = f"{output}weighted_{name}"
        free, count = base, 0
        while free in found:
            count += 1
            free = f"{base}_{count}"
        found.append(free)
    return found


def _for_each_output(given: Any, outputs: Outputs) -> list[list[Any]]:
    count = len(outputs.flat)
    if given is None:
        return [[] for _ in range(count)]
    if isinstance(given, Mapping):
        return [_listed(part) for part in outputs.parts(given, "metrics", [])]
    items = _listed(given)
    if count == 1:
        inner = len(items) == 1 and isinstance(items[0], (list, tuple))
        return [_listed(items[0]) if inner else items]
    return [_listed(part) for part in outputs.parts(items, "metrics (a list of them)")]


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _metric_object(item: Any, y_true: Any, y_pred: Any) -> Metric:
    if isinstance(item, Metric):
        return item
    name = str(item).lower() if isinstance(item, str) else None
    if name in ("accuracy", "acc", "crossentropy", "ce"):
        kind = "accuracy" if name in ("accuracy", "acc") else "crossentropy"
        found = metrics_module.for_shapes(kind, tuple(y_true.shape), tuple(y_pred.shape))
        found.name = item
        return found
    found = metrics_module.get(item)
    if isinstance(found, Metric):
        if isinstance(item, str):
            found.name = item
        return found
    function: Callable[..., Any] = found
    return metrics_module.MeanMetricWrapper(function, name=_name_of(item))


def _name_of(item: Any) -> str:
    """Name in logs of a name, a `Loss`, or a function or object that is called."""
    if isinstance(item, str):
        return item
    if isinstance(item, Loss):
        return str(item.name)
    return snake_case(getattr(item, "__name__", type(item).__name__))
