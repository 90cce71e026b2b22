"""What `compile` was given, made ready: the loss and the metrics of all outputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
from thalweg._src.ops.elementwise import add, multiply


class CompileLoss:
    """Sum of the losses of all outputs.

    Args:
        loss: Name, function or `Loss`; or a list or dict of those that matches the outputs.
        weights: Number for each output, in the structure of `loss`, or None.
    """

    def __init__(self, loss: Any, weights: Any = None) -> None:
        self.given = loss
        self.weights = weights
        # Number of outputs, and the label to ignore, of losses on class numbers; known after a trace.
        self.classes: dict[int, tuple[int, int | None]] = {}
        self._losses = [_loss_object(part) for part in nest.flatten(loss)]
        self._weights = [1.0] * len(self._losses) if weights is None else nest.flatten(weights)
        if len(self._weights) != len(self._losses):
            raise ValueError(
                f"[compile] expected a loss weight for each loss, got {len(self._weights)} weights and "
                f"{len(self._losses)} losses."
            )

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        labels, predictions = nest.flatten(y_true), nest.flatten(y_pred)
        functions, factors = self._losses, self._weights
        if len(functions) == 1 and len(predictions) > 1:
            functions, factors = functions * len(predictions), factors * len(predictions)
        if not len(functions) == len(labels) == len(predictions):
            raise ValueError(
                f"[compile] expected a loss and a target for each output, got {len(functions)} losses, "
                f"{len(labels)} targets and {len(predictions)} outputs."
            )
        given = nest.flatten(sample_weight)
        given = given * len(labels) if len(given) == 1 else given
        total = None
        for index, (function, label, prediction, weight, factor) in enumerate(
            zip(functions, labels, predictions, given, factors, strict=True)
        ):
            if function is None:
                continue
            if isinstance(function, SparseCategoricalCrossentropy):
                ignored = function.settings.get("ignore_class")
                self.classes[index] = (int(prediction.shape[-1]), ignored)
            value = function(label, prediction, weight)
            value = value if factor == 1.0 else multiply(value, float(factor))
            total = value if total is None else add(total, value)
        return total


def _loss_object(loss: Any) -> Any:
    if loss is None or isinstance(loss, Loss):
        return loss
    found = losses_module.get(loss)
    if found is sparse_categorical_crossentropy:
        return SparseCategoricalCrossentropy()
    return found if isinstance(found, Loss) else LossFunctionWrapper(found)


class CompileMetrics:
    """Metrics of all outputs, resolved when the shapes of labels and predictions are known.

    Args:
        metrics: List of names, functions and `Metric`s; or a list of lists or a dict, one for each output.
        weighted_metrics: The same for metrics that take the sample weights.
    """

    def __init__(self, metrics: Any, weighted_metrics: Any) -> None:
        self._given = (metrics, weighted_metrics)
        self._found: list[tuple[int, Metric, bool]] | None = None
        self._names: list[str] = []

    @property
    def built(self) -> bool:
        """Whether the metrics are resolved."""
        return self._found is not None

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
        labels, predictions = nest.flatten(y_true), nest.flatten(y_pred)
        keys = (
            sorted(y_pred)
            if isinstance(y_pred, dict)
            else [str(i) for i in range(len(predictions))]
        )
        found: list[tuple[int, Metric, bool]] = []
        for given, weighted in zip(self._given, (False, True), strict=True):
            for position, chosen in enumerate(_for_each_output(given, keys)):
                for item in chosen:
                    metric = _metric_object(item, labels[position], predictions[position])
                    found.append((position, metric, weighted))
        self._found = found
        several = len(predictions) > 1
        self._names = _distinct(
            (f"{keys[p]}_{m.name}" if several else m.name, weighted) for p, m, weighted in found
        )

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes in one batch."""
        if self._found is None:
            self.build(y_true, y_pred)
        labels, predictions = nest.flatten(y_true), nest.flatten(y_pred)
        weights = nest.flatten(sample_weight)
        weights = weights * len(labels) if len(weights) == 1 else weights
        for position, metric, weighted in self._found or ():
            weight = weights[position] if weighted else None
            metric.update_state(labels[position], predictions[position], sample_weight=weight)

    def result(self) -> dict[str, Any]:
        """Values by name."""
        return {name: m.result() for name, m in zip(self._names, self.metrics, strict=True)}


def _distinct(names: Iterable[tuple[str, bool]]) -> list[str]:
    """Names in logs for pairs of a name and whether it is weighted: one that is taken is told apart."""
    found: list[str] = []
    for name, weighted in names:
        base = f"weighted_{name}" if weighted and name in found else name
        free, count = base, 0
        while free in found:
            count += 1
            free = f"{base}_{count}"
        found.append(free)
    return found


def _for_each_output(given: Any, keys: list[str]) -> list[list[Any]]:
    if given is None:
        return [[] for _ in keys]
    if isinstance(given, dict):
        return [_listed(given.get(key, [])) for key in keys]
    items = _listed(given)
    if len(keys) > 1 and items and all(isinstance(i, (list, tuple)) for i in items):
        return [_listed(i) for i in items]
    if len(keys) == 1 and len(items) == 1 and isinstance(items[0], (list, tuple)):
        return [_listed(items[0])]
    return [items] * len(keys) if len(keys) == 1 else [[i] for i in items]


def _listed(value: Any) -> list[Any]:
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
