"""Arrays of files in the layout of Keras 2 into a model: layer by layer, all or none."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from thalweg._src.base.errors import SavingError
from thalweg._src.keras.archive.h5_gate import Entry
from thalweg._src.keras.archive.legacy_cudnn import without_cudnn
from thalweg._src.keras.archive.legacy_h5 import (
    OWN_WEIGHTS,
    LegacyReader,
    StoredLayer,
    without_slash,
)
from thalweg._src.keras.archive.loading import Report, refusal

_log = logging.getLogger("thalweg")


@dataclass(frozen=True)
class Mapped:
    """A Variable and what the file has for it.

    Attributes:
        variable: The Variable.
        value: Reads its value.
    """

    variable: Any
    value: Callable[[], Any]


def load_legacy(
    model: Any, file: LegacyReader, by_name: bool = False, skip_mismatch: bool = False
) -> list[Mapped]:
    """Gives the Variables of a model the values of a file.

    Layers are found by their names where file and model have the same ones, else by their order.

    Args:
        model: The model.
        file: The file.
        by_name: Find layers by their names only, and leave out those that only one side has.
        skip_mismatch: Take what fits and warn of the rest, instead of refusing all.

    Returns:
        The Variables in the order of the file.

    Raises:
        SavingError: Something does not fit; the model is as before.

    Source: `keras.Model.load_weights` for ``.h5`` files, which goes by the order always: that of a graph's
        layers differs between versions of Keras.
    """
    report = Report()
    found: list[Mapped] = []
    for stored, layer in _paired(model, file, by_name, report):
        fitted = _fitted(stored, layer)
        if isinstance(fitted, str):
            report.misshapen.append(f"{stored.name!r} ({fitted})")
        else:
            report.mapped.append(stored.name)
            found += fitted
    tolerated = Report(report.mapped, misshapen=report.misshapen) if by_name else report
    if not tolerated.complete and not skip_mismatch:
        raise refusal(file.where, tolerated, model)
    _take(found, file)
    if not tolerated.complete or (by_name and not report.mapped):
        warnings.warn(f"[load_weights] {file.where}: {report}", stacklevel=4)
    _log.info("[load_weights] %s: %s", file.where, report)
    return found


def _paired(
    model: Any, file: LegacyReader, by_name: bool, report: Report
) -> list[tuple[StoredLayer, Any]]:
    """Layers of the file and the layers of the model that they are for."""
    pairs: list[tuple[StoredLayer, Any]] = []
    theirs = {without_slash(layer.name): layer for layer in file.layers if layer.names}
    ours = {layer.name: layer for layer in model.layers if layer.weights}
    if by_name or theirs.keys() == ours.keys():
        pairs = [(stored, ours[name]) for name, stored in theirs.items() if name in ours]
        report.missing = [
            f"{name!r} (expected {_shapes(layer.weights)})"
            for name, layer in ours.items()
            if name not in theirs
        ]
        report.unexpected = [
            f"{name!r} ({_shapes(stored.entries)})" for name, stored in theirs.items() if name not in ours
        ]
    elif len(theirs) == len(ours):
        pairs = list(zip(theirs.values(), ours.values(), strict=True))
    else:
        raise SavingError(
            f"[load_weights] expected as many layers with weights in {str(file.where)!r} as in the model "
            f"{model.name!r}, got {len(theirs)}, {list(theirs)}, for {len(ours)}, {list(ours)}. Nothing was "
            "changed; draw the model as it was, build it first where it is not built, or pass by_name=True."
        )
    own = file.own
    if own is not None and own.names:
        pairs.append((own, _Own(model)))
    return pairs


class _Own:
    """A model without its layers."""

    def __init__(self, model: Any) -> None:
        self.name = OWN_WEIGHTS
        self.weights = model._stored_variables()
        self.trainable_weights = [v for v in self.weights if v.trainable and model.trainable]


def _fitted(stored: StoredLayer, layer: Any) -> list[Mapped] | str:
    """The layer's Variables in the order of the file, or what does not fit."""
    if len(stored.names) != len(layer.weights):
        return f"expected {_shapes(layer.weights)}, got {_shapes(stored.entries)}"
    entries = without_cudnn(stored.names, stored.entries)
    fitting = [
        order
        for order in _orders(stored, layer)
        if [tuple(v.shape) for v in order] == [e.shape for e in entries]
    ]
    if not fitting:
        first = _orders(stored, layer)[0]
        wrong = [
            f"{name} expected {tuple(v.shape)}, got {entry.shape}"
            for name, v, entry in zip(stored.names, first, entries, strict=True)
            if tuple(v.shape) != entry.shape
        ]
        return "; ".join(wrong)
    leaves = [_key(name)[-1:] for name in stored.names]
    named_alike = [o for o in fitting if [_key(_path(v))[-1:] for v in o] == leaves]
    best = (named_alike or fitting)[0]
    return [Mapped(v, entry.value) for v, entry in zip(best, entries, strict=True)]


def _orders(stored: StoredLayer, layer: Any) -> list[list[Any]]:
    """Orders in which the file may hold a layer's Variables, the most likely one first.

    Keras stores those that are trained before the others, of all layers within; what was trained when the
    file was written is not known.
    """
    weights = list(layer.weights)
    by_key = {_key(_path(v)): v for v in weights}
    keys = [_key(name) for name in stored.names]
    orders = []
    if len(by_key) == len(weights) and by_key.keys() == set(keys) and len(set(keys)) == len(keys):
        orders.append([by_key[key] for key in keys])
    trained = {id(v) for v in layer.trainable_weights}
    once = {id(v) for v in weights if getattr(v, "begins_trainable", v.trainable)}
    orders += [_first(trained, weights), _first(once, weights), weights]
    return orders


def _first(ids: set[int], variables: Sequence[Any]) -> list[Any]:
    return [v for v in variables if id(v) in ids] + [v for v in variables if id(v) not in ids]


def _path(variable: Any) -> str:
    return str(getattr(variable, "path", variable.name))


def _key(name: str) -> tuple[str, ...]:
    """Name of a weight with that of its layer; what stands before depends on where they were built."""
    return tuple(name.removesuffix(":0").split("/")[-2:])


def _take(found: list[Mapped], file: LegacyReader) -> None:
    """Gives the values to the Variables; all are taken back when one cannot be read."""
    before = [(mapped.variable, mapped.variable._read_tensor()) for mapped in found]
    try:
        for mapped in found:
            mapped.variable.assign(mapped.value())
    except Exception as error:
        for variable, value in before:
            variable.assign(value)
        raise SavingError(
            f"[load_weights] {str(file.where)!r} cannot be read: {error}. Nothing was changed."
        ) from error


def _shapes(parts: Sequence[Any] | Sequence[Entry]) -> str:
    return ", ".join(str(tuple(part.shape)) for part in parts) or "none"
