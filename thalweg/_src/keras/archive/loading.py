"""Arrays of a file into a model: every layer finds its own and every array its layer, or nothing changes."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from thalweg._src.base.errors import SavingError
from thalweg._src.keras.archive.legacy_optimizer import assign_state, layout_of
from thalweg._src.keras.archive.legacy_walk import older_parts_of
from thalweg._src.keras.archive.walk import Part, parts_of
from thalweg._src.keras.archive.weights_h5 import group_of
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.optimizers.base import Optimizer

_log = logging.getLogger("thalweg")
_SHOWN = 12
# Groups of older versions of Keras that hold what is not part of a model's function.
_DISPENSABLE = frozenset({"optimizer", "metrics", "seed_generator"})

# What optimizers have before their first step.
_FIRST = ("iteration", "learning_rate")

Arrays = dict[str, np.ndarray[Any, Any]]


class Source(Protocol):
    """Where arrays come from: `H5Reader` or `ShardReader`."""

    where: object
    groups: Any

    def read(self, path: str) -> Arrays:
        """Arrays of a group by name."""


@dataclass
class Report:
    """What became of each layer and optimizer.

    Attributes:
        mapped: Paths of those whose arrays were taken.
        missing: Those with Variables for which the file has none, and what was expected.
        unexpected: Groups of the file that belong to nothing in the model.
        misshapen: Those whose arrays do not fit, and why.
    """

    mapped: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    misshapen: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """True when every array has found its place and every Variable its array."""
        return not (self.missing or self.unexpected or self.misshapen)

    def __str__(self) -> str:
        parts = [f"{len(self.mapped)} mapped"]
        for name in ("missing", "unexpected", "misshapen"):
            entries = getattr(self, name)
            if entries:
                shown = "; ".join(entries[:_SHOWN]) + ("; ..." if len(entries) > _SHOWN else "")
                parts.append(f"{len(entries)} {name}: {shown}")
        return ", ".join(parts)


def load_into(root: Any, source: Source, skip_mismatch: bool = False) -> Report:
    """Gives the Variables of a model the values of a file.

    Args:
        root: Model or layer.
        source: The file.
        skip_mismatch: Take what fits and warn of the rest, instead of refusing all.

    Returns:
        What became of each layer.

    Raises:
        SavingError: Something does not fit; the model is as before.
    """
    parts = _laid_out(root, source)
    report = Report()
    ready: list[tuple[Part, Arrays]] = []
    for part in parts:
        arrays = source.read(group_of(part.path))
        if _fits(part, arrays, report):
            ready.append((part, arrays))
    known = {group_of(part.path) for part in parts}
    report.unexpected = [
        f"{path} ({', '.join(str(e.shape) for e in entries.values())})"
        for path, entries in source.groups.items()
        if path not in known and not _is_dispensable(path, entries)
    ]
    if not report.complete and not skip_mismatch:
        raise refusal(source.where, report, root)
    _build_optimizer(root, source)
    if skip_mismatch:
        _take(ready, report, keep_going=True)
        if not report.complete:
            warnings.warn(f"[load_weights] {source.where}: {report}", stacklevel=3)
        return report
    _take(ready, report, keep_going=False)
    if not report.complete:
        raise refusal(source.where, report, root)
    _log.info("[load_weights] %s: %s", source.where, report)
    return report


def _laid_out(root: Any, source: Source) -> list[Part]:
    """Parts of the model with their paths: those of the version that wrote the file, where one fits."""
    parts = parts_of(root)
    if _is_layout(parts, source):
        return parts
    return next((older for older in older_parts_of(root) if _is_layout(older, source)), parts)


def _is_layout(parts: list[Part], source: Source) -> bool:
    """Whether each part has its arrays under its path, and no others are there."""
    groups = source.groups
    known = {group_of(part.path) for part in parts}
    if any(path not in known and not _is_dispensable(path, entries) for path, entries in groups.items()):
        return False
    for part in parts:
        own, stored = part.variables, groups.get(group_of(part.path), {})
        if isinstance(part.item, Optimizer) or not _loads_as_usual(part):
            continue
        shapes = [stored[str(i)].shape for i in range(len(stored)) if str(i) in stored]
        if shapes != [tuple(v.shape) for v in own]:
            return False
    return True


def refusal(where: object, report: Report, root: Any) -> SavingError:
    """Error that refuses a file which does not fit a model.

    Args:
        where: Name of the file.
        report: What does not fit.
        root: The model, which is as before.
    """
    built = getattr(root, "built", True)
    advice = (
        "draw the model as it was when the file was written, or pass skip_mismatch=True to take what fits"
        if built
        else "call the model on data, or build it, so that its layers have weights to take them"
    )
    return SavingError(
        f"[load_weights] expected the arrays of {str(where)!r} to fit the model {root.name!r} layer "
        f"by layer, got {report}. Nothing was changed; {advice}."
    )


def _build_optimizer(root: Any, source: Source) -> None:
    """Gives a model's optimizer its slots where the file has values for them."""
    optimizer = getattr(root, "optimizer", None)
    stored = source.groups.get(group_of("optimizer"), {})
    if isinstance(optimizer, Optimizer) and not optimizer.built and root.built and len(stored) > len(_FIRST):
        optimizer.build(root.trainable_variables)


def _is_dispensable(path: str, entries: Mapping[str, Any]) -> bool:
    """True for state of optimizers, metrics and random generators that the model does not have."""
    if not _DISPENSABLE.isdisjoint(path.split("/")):
        return True
    first = entries.get("0")
    if first is None:
        return False
    counts_steps = first.shape == () and first.dtype.name == "int64"
    return counts_steps or (len(entries) == 1 and first.shape == (2,) and first.dtype.name == "uint32")


def _fits(part: Part, arrays: Arrays, report: Report) -> bool:
    """Whether the arrays of a part can be given to it, as far as that is known beforehand."""
    if isinstance(part.item, Optimizer):
        return bool(arrays)
    own = part.variables
    if not arrays and own and not _stores_nothing(part):
        report.missing.append(f"{_label(part)} (expected {_shapes(own)})")
        return False
    if not _loads_as_usual(part):
        return True
    given = [arrays[str(i)] for i in range(len(arrays)) if str(i) in arrays]
    if len(given) != len(arrays) or [a.shape for a in given] != [tuple(v.shape) for v in own]:
        found = ", ".join(f"{name}: {array.shape}" for name, array in arrays.items())
        report.misshapen.append(f"{_label(part)} (expected {_shapes(own)}, got {found})")
        return False
    return True


def _loads_as_usual(part: Part) -> bool:
    return type(part.item).load_own_variables is Layer.load_own_variables


def _stores_nothing(part: Part) -> bool:
    """True for layers that put nothing into files although they have Variables."""
    if type(part.item).save_own_variables is Layer.save_own_variables:
        return False
    store: dict[str, Any] = {}
    part.item.save_own_variables(store)
    return not store


def _label(part: Part) -> str:
    return f"{part.path or 'the model'} {part.name!r}"


def _shapes(variables: Iterable[Any]) -> str:
    return ", ".join(f"{v.name} {tuple(v.shape)}" for v in variables) or "none"


def _take(ready: list[tuple[Part, Arrays]], report: Report, keep_going: bool) -> None:
    """Gives the arrays to the parts; all is taken back when one refuses them, unless `keep_going`."""
    before = [(v, v._read_tensor()) for part, _ in ready for v in part.variables]
    for part, arrays in ready:
        try:
            if isinstance(part.item, Optimizer):
                _restore_optimizer(part.item, arrays)
            else:
                part.item.load_own_variables(arrays)
        except Exception as error:
            report.misshapen.append(f"{_label(part)} ({error})")
        else:
            report.mapped.append(part.path)
    if report.misshapen and not keep_going:
        for variable, value in before:
            variable.assign(value)


def _restore_optimizer(optimizer: Optimizer, arrays: Arrays) -> None:
    """State of an optimizer, where it is for the same weights; another one begins afresh, as in Keras."""
    own = optimizer.variables
    given = [arrays[str(i)] for i in range(len(arrays)) if str(i) in arrays]
    layout = layout_of(optimizer, [array.shape for array in given])
    if [a.shape for a in given] == [tuple(v.shape) for v in own]:
        optimizer.load_own_variables(arrays)
    elif layout is not None and len(given) > len(_FIRST):
        assign_state(optimizer, zip(layout, given, strict=True))
    elif all(array.shape == () for array in given) and len(given) < len(own):
        # It was saved before its first step. Optimizers inside it have groups of their own.
        if len(given) <= len(_FIRST):
            for variable, value in zip(own, given, strict=False):
                variable.assign(value)
    else:
        warnings.warn(
            f"[load_weights] the file's optimizer has {len(given)} arrays that do not fit the {len(own)} of "
            f"{optimizer.name!r}; its state stays as it is.",
            stacklevel=2,
        )
