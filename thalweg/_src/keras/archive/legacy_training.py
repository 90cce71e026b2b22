"""What `compile` was told, as older versions of Keras write it, as the arguments of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from thalweg._src.base.errors import SavingError
from thalweg._src.keras import losses, metrics
from thalweg._src.keras.archive.legacy_config import upgraded
from thalweg._src.keras.base.serialization import own_name

# Arguments of `compile` that are gone.
_UNKNOWN = ("sample_weight_mode", "target_tensors")
_METRICS = ("metrics", "weighted_metrics")
# Settings of optimizers that say how, not what, they compute.
_GONE = ("jit_compile", "is_legacy_optimizer", "dynamic")
# What this class calls its decay belongs to its momentum, and is the same in Keras 3.
_MOMENTUM_DECAY = {"Nadam": 0.004}


def compile_config(
    told: Mapping[str, Any], of_keras_2: bool, outputs: Sequence[str] = ()
) -> dict[str, Any]:
    """Arguments of `compile` as Keras 3 writes them.

    Args:
        told: The ``training_config`` of an HDF5 file, or the ``compile_config`` of a `.keras` file.
        of_keras_2: Whether a version before 3 wrote it.
        outputs: Names of the model's outputs, which Keras 2 puts before those of metrics.

    Raises:
        SavingError: A setting that nothing here does.
    """
    given = dict(told)
    if "optimizer_config" in given:
        given["optimizer"] = given.pop("optimizer_config")
    found: dict[str, Any] = upgraded(given, of_keras_2)
    found = {key: value for key, value in found.items() if value is not None and key not in _UNKNOWN}
    if not of_keras_2:
        return found
    for key in _METRICS:
        if key in found:
            found[key] = _metrics(found[key], outputs)
    if "loss" in found:
        found["loss"] = _each(found["loss"], _loss)
    if isinstance(found.get("optimizer"), Mapping):
        found["optimizer"] = _optimizer(found["optimizer"])
    return found


def training_config(told: Mapping[str, Any]) -> dict[str, Any]:
    """The ``training_config`` of an HDF5 file for arguments of `compile` as data.

    Args:
        told: The ``compile_config`` of a `.keras` file.
    """
    made = dict(told)
    made["loss"] = _named_in_full(made.get("loss"))
    optimizer = made.pop("optimizer", None)
    return made if optimizer is None else made | {"optimizer_config": optimizer}


def _named_in_full(value: Any) -> Any:
    """Losses by the names of their functions: Keras 3.15 finds no short ones, such as ``"mse"``, there."""
    if isinstance(value, list):
        return [_named_in_full(part) for part in value]
    if isinstance(value, Mapping) and "class_name" not in value:
        return {key: _named_in_full(part) for key, part in value.items()}
    if not isinstance(value, str):
        return value
    try:
        known = own_name(losses.get(value))
    except ValueError:
        return value
    return known[1] if known is not None else value


def _each(value: Any, change: Any) -> Any:
    """The structure with each object in it changed."""
    if isinstance(value, list):
        return [_each(part, change) for part in value]
    if isinstance(value, Mapping) and "class_name" not in value:
        return {key: _each(part, change) for key, part in value.items()}
    return change(value) if isinstance(value, Mapping) else value


def _loss(entry: Mapping[str, Any]) -> Any:
    config = dict(entry["config"])
    function = config.pop("fn", None)
    if entry["class_name"] == "LossFunctionWrapper" and isinstance(function, str):
        return function
    if config.get("reduction") == "auto":
        config["reduction"] = "sum_over_batch_size"
    return {**entry, "config": config}


def _metrics(value: Any, outputs: Sequence[str]) -> Any:
    # For one output Keras 2 has a list of one list.
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    return _each(value, lambda entry: _metric(entry, outputs))


def _metric(entry: Mapping[str, Any], outputs: Sequence[str]) -> Any:
    """A metric, or for a function the name under which `compile` got it."""
    config = dict(entry["config"])
    function = config.pop("fn", None)
    name = str(config.get("name") or "")
    for output in outputs:
        name = name.removeprefix(f"{output}_")
    if entry["class_name"] == "MeanMetricWrapper" and isinstance(function, str):
        return name if _is_metric(name) else function
    return {**entry, "config": config | ({"name": name} if name else {})}


def _is_metric(name: str) -> bool:
    if name in ("accuracy", "acc", "crossentropy", "ce"):
        return True
    try:
        metrics.get(name)
    except ValueError:
        return False
    return True


def _optimizer(entry: Mapping[str, Any]) -> dict[str, Any]:
    name = entry["class_name"]
    config = {key: value for key, value in entry["config"].items() if key not in _GONE}
    if isinstance(config.get("inner_optimizer"), Mapping):
        config["inner_optimizer"] = _optimizer(config["inner_optimizer"])
    if "lr" in config:
        config["learning_rate"] = config.pop("lr")
    decay = config.pop("decay", None) or config.pop("schedule_decay", None)
    if decay and decay != _MOMENTUM_DECAY.get(name):
        rate = config.get("learning_rate")
        if name in _MOMENTUM_DECAY or not isinstance(rate, (int, float)):
            raise SavingError(f"[{name}] expected no decay beside learning_rate={rate!r}, got {decay!r}.")
        settings = {"initial_learning_rate": rate, "decay_steps": 1, "decay_rate": decay}
        schedule = {"class_name": "InverseTimeDecay", "config": settings}
        config["learning_rate"] = {"module": "keras.optimizers.schedules", **schedule}
    scaled = name.startswith("LossScaleOptimizer")
    return {**entry, "class_name": "LossScaleOptimizer" if scaled else name, "config": config}
