"""Putting stored values into Variables: all that fit or none, also into Variables that come later."""

from __future__ import annotations

import contextlib
import os
import sys
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from thalweg._src.base.errors import DataLossError, RestoreError
from thalweg._src.base.log import get_logger
from thalweg._src.checkpoint.graph import Node, capture, checked_nodes, children_of, leading_to
from thalweg._src.checkpoint.storage import open_checkpoint
from thalweg._src.checkpoint.tensors_file import TensorsFile
from thalweg._src.core import dtypes, xla
from thalweg._src.core.tensor import Tensor
from thalweg._src.variables import late
from thalweg._src.variables.variable import Variable

_SHOWN = 8


@dataclass
class Report:
    """How stored arrays and Variables fit together; names of arrays, or paths.

    Attributes:
        mapped: Arrays that have gone into a Variable.
        missing: Variables for which there is no array.
        unexpected: Arrays for which there is no Variable.
        misshapen: Arrays whose shape or dtype is not the Variable's, with both.
    """

    mapped: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    misshapen: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [f"{len(self.mapped)} mapped"]
        for kind in ("missing", "unexpected", "misshapen"):
            names = getattr(self, kind)
            if names:
                more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
                parts.append(f"{len(names)} {kind}: {', '.join(names[:_SHOWN])}{more}")
        return "; ".join(parts)


def assign_arrays(
    variables: Mapping[str, Variable],
    arrays: Mapping[str, np.ndarray[Any, Any]],
    strict: bool = True,
) -> Report:
    """Puts arrays into the Variables of the same names; all are checked before any is assigned.

    Args:
        variables: Variables by name, such as those of `graph.capture`.
        arrays: Arrays by name.
        strict: Whether each must have its counterpart. Otherwise the report tells which have none.

    Returns:
        The report.

    Raises:
        ValueError: `RestoreError`: a shape or dtype differs, or a counterpart is missing; nothing has
            changed then.
    """
    report = Report(
        missing=sorted(set(variables) - set(arrays)),
        unexpected=sorted(set(arrays) - set(variables)),
    )
    for name in sorted(set(variables) & set(arrays)):
        array = arrays[name]
        misfit = _misfit(name, variables[name], array.shape, dtypes.as_dtype(array.dtype))
        (report.misshapen if misfit else report.mapped).append(misfit or name)
    if report.misshapen or (strict and (report.missing or report.unexpected)):
        raise RestoreError(
            f"[restore] expected arrays that fit the Variables, got {report}; restore into the objects "
            "that were saved, or pass strict=False for a part of them."
        )
    for name in report.mapped:
        _put(variables[name], arrays[name])
    return report


def _misfit(
    name: str, variable: Variable, shape: tuple[int, ...], dtype: dtypes.DType
) -> str | None:
    declared = variable._declared
    if declared.is_compatible_with(shape) and variable._dtype is dtype:
        return None
    return f"{name} {dtype.name}{list(shape)} for {variable._dtype.name}{declared}"


def _put(variable: Variable, array: np.ndarray[Any, Any]) -> None:
    """Assigns, on the devices that hold the value now."""
    late.settle(variable)
    now = variable._tensor.array
    placed = xla.put(array)
    if isinstance(now, xla.jax.Array) and now.sharding != placed.sharding:
        placed = xla.jax.device_put(array, now.sharding)
    variable.assign(Tensor(placed))


class Restoration:
    """Values of one checkpoint on their way into objects, some of which may come later.

    While values are left over and the objects that might take them live, the file stays open (deleting it
    does no harm then), and each new Variable is looked at.

    Args:
        roots: Objects that all others hang on; each stands at the root of the stored graph.
        file: The checkpoint's arrays; closed when no more are needed.
        nodes: The stored graph.
        name: Name of the checkpoint, for messages.
    """

    def __init__(
        self, roots: Sequence[Any], file: TensorsFile, nodes: Sequence[Node], name: str
    ) -> None:
        self.name = name
        self.unused = set(file.entries)
        self.silent = False
        self._file = file
        self._nodes = nodes
        self._edges = [{} if isinstance(n, str) else n for n in nodes]
        self._numbers = {n: i for i, n in enumerate(nodes) if isinstance(n, str)}
        self._filled: dict[int, weakref.ref[Variable]] = {}
        self._anchors: dict[tuple[int, int], weakref.ref[Any]] = {}
        for root in roots:
            self._add_anchor(root, 0)

    @property
    def mapped(self) -> list[str]:
        """Names of the arrays that have gone into a Variable."""
        return sorted(set(self._file.entries) - self.unused)

    def has_filled(self, variable: Variable) -> bool:
        """True when the Variable has got its value from here."""
        found = self._filled.get(id(variable))
        return found is not None and found() is variable

    def _add_anchor(self, holder: Any, node: int) -> None:
        key = (id(holder), node)
        if key not in self._anchors:
            # A list or dict takes no weak reference: what holds it is the anchor.
            with contextlib.suppress(TypeError):
                self._anchors[key] = weakref.ref(holder, lambda _: self._lost(key))

    def _lost(self, key: tuple[int, int]) -> None:
        self._anchors.pop(key, None)
        if not self._anchors:
            self.finish()

    def start(self) -> None:
        """Fills all Variables that are there; waits for more when values are left over."""
        self._look(over_assigned=True)
        if self._anchors:
            late.watchers.append(self.advance)

    def advance(self) -> None:
        """Fills the Variables that have come since, but those that were assigned before they were read.

        Raises:
            ValueError: `RestoreError`: a shape or dtype differs. None of them has changed then, and no
                more will.
        """
        self._look(over_assigned=False)

    def _look(self, over_assigned: bool) -> None:
        try:
            self._fill(self._new_matches(), over_assigned)
        except BaseException:
            self.silent = True
            self.finish()
            raise
        self._drop_idle_anchors()

    def _fill(self, found: Sequence[tuple[Variable, str]], over_assigned: bool) -> None:
        report = Report(mapped=self.mapped)
        for variable, name in found:
            entry = self._file.entries[name]
            misfit = _misfit(name, variable, entry.shape, entry.dtype)
            report.misshapen += [misfit] if misfit else []
        if report.misshapen:
            raise RestoreError(
                f"[checkpoint {self.name!r}] expected Variables of the stored shapes and dtypes, got "
                f"{report} ('stored for existing'); nothing was restored. Create them as they were saved."
            )
        for variable, name in found:
            self._filled[id(variable)] = weakref.ref(variable)
            self.unused.discard(name)
        for variable, name in found:
            if over_assigned or not late.is_overtaken(variable):
                _put(variable, self._file.read(name))
            late.settle(variable)

    def _wanted(self) -> set[int]:
        """Nodes of the stored graph that lead to values nobody has taken yet."""
        left = (self._numbers[name] for name in self.unused if name in self._numbers)
        return leading_to(self._edges, left)

    def _new_matches(self) -> list[tuple[Variable, str]]:
        """Variables that are reached as stored arrays were, and have not been filled yet."""
        wanted = self._wanted()
        waiting = [
            (holder, node)
            for (_, node), reference in list(self._anchors.items())
            if node in wanted and (holder := reference()) is not None
        ]
        seen = {(id(holder), node) for holder, node in waiting}
        found: dict[int, tuple[Variable, str]] = {}
        for holder, node in waiting:
            for name, child in children_of(holder).items():
                number = self._edges[node].get(name)
                if number is None or number not in wanted:
                    continue
                stored = self._nodes[number]
                if isinstance(child, Variable) and isinstance(stored, str):
                    held = child._handle
                    if not self.has_filled(held):
                        found.setdefault(id(held), (held, stored))
                elif not isinstance(child, Variable) and (id(child), number) not in seen:
                    seen.add((id(child), number))
                    waiting.append((child, number))
                    self._add_anchor(child, number)
        return list(found.values())

    def _drop_idle_anchors(self) -> None:
        wanted = self._wanted()
        for key in [key for key in self._anchors if key[1] not in wanted]:
            self._anchors.pop(key, None)
        if not self._anchors:
            self.finish()

    def finish(self) -> None:
        """Waits no longer."""
        if self.advance in late.watchers:
            late.watchers.remove(self.advance)
        self._anchors.clear()
        self._file.close()
        if self.unused and not self.silent:
            self.silent = True
            get_logger().warning(
                "[checkpoint %r] %s; call expect_partial() on what restore() returns if that is meant.",
                self.name,
                Report(self.mapped, unexpected=sorted(self.unused)),
            )

    def __del__(self) -> None:
        if not sys.is_finalizing():
            self.finish()


def restore(roots: Sequence[Any], prefix: str | os.PathLike[str]) -> Restoration:
    """Puts the values of a checkpoint into the Variables below some objects, now and when they come.

    Args:
        roots: See `Restoration`.
        prefix: Folder and name of the checkpoint.

    Raises:
        LookupError: `NotFoundError`: there is no such checkpoint.
        OSError: `DataLossError`: it is damaged; nothing has changed.
        ValueError: `RestoreError`: a shape or dtype differs; nothing has changed.
    """
    file = open_checkpoint(prefix)
    try:
        nodes = checked_nodes(file.state.get("graph"), file.entries, prefix)
    except DataLossError:
        file.close()
        raise
    found = Restoration(roots, file, nodes, os.fspath(prefix))
    found.start()
    return found


class CheckpointLoadStatus:
    """What `Checkpoint.restore` returns: asks how much of the checkpoint has been used.

    Args:
        restoration: The values on their way; None for no checkpoint.
        root: The object that holds all others.

    Source: the object that `tf.train.Checkpoint.restore` returns in TensorFlow.
    """

    def __init__(self, restoration: Restoration | None, root: Any) -> None:
        self._restoration = restoration
        self._root = root

    def report(self) -> Report:
        """What has been mapped, what is missing and what has not been used so far."""
        variables = capture(self._root).variables
        found = self._restoration
        if found is None:
            return Report(missing=sorted(variables))
        late.tell_watchers()
        missing = sorted(p for p, v in variables.items() if not found.has_filled(v))
        return Report(found.mapped, missing, sorted(found.unused))

    def assert_consumed(self) -> CheckpointLoadStatus:
        """Checks that every stored value has been used and every Variable restored.

        Raises:
            AssertionError: `RestoreError` that names the others.
        """
        report = self.report()
        return self._checked(report, not report.missing and not report.unexpected)

    def assert_existing_objects_matched(self) -> CheckpointLoadStatus:
        """Checks that every Variable has been restored; stored values may be left over.

        Raises:
            AssertionError: `RestoreError` that names the others.
        """
        report = self.report()
        return self._checked(report, not report.missing)

    def assert_nontrivial_match(self) -> CheckpointLoadStatus:
        """Checks that at least one Variable has been restored.

        Raises:
            AssertionError: `RestoreError`.
        """
        report = self.report()
        return self._checked(report, bool(report.mapped))

    def expect_partial(self) -> CheckpointLoadStatus:
        """No warning about values that nobody has taken, as when a model is restored without optimizer."""
        if self._restoration is not None:
            self._restoration.silent = True
        return self

    def _checked(self, report: Report, good: bool) -> CheckpointLoadStatus:
        name = None if self._restoration is None else self._restoration.name
        if self._restoration is not None:
            self._restoration.silent = True  # The caller has asked and has been told.
        if not good:
            raise RestoreError(
                f"[checkpoint {name!r}] expected all values and Variables to match, got {report}; build the "
                "objects before, or ask for less with expect_partial()."
            )
        return self
