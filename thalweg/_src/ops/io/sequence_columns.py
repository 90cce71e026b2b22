"""From features of the steps of sequences to tensors: one plan for each feature that is asked for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.dtypes import DType
from thalweg._src.ops.io.columns import joined, of_dtype, padded
from thalweg._src.ops.io.example_values import Steps
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.sparse.tensor import SparseTensor


@dataclass(frozen=True)
class SequenceBatch:
    """Sequences that are read together; see `columns.Batch`."""

    where: str
    rows: Sequence[Steps]
    labels: Sequence[str]
    single: bool
    lenient: bool = False

    def sequences(self, name: str, dtype: DType) -> Iterator[tuple[str, list[Any] | None]]:
        """What to call each example, and the values of its steps; None where the feature is missing."""
        for row, label in zip(self.rows, self.labels):
            steps = row.get(name)
            if steps is None:
                yield label, None
            else:
                yield label, [of_dtype(self.where, name, label, s, dtype) for s in steps]


@dataclass(frozen=True)
class FixedStepsPlan:
    """`FixedLenSequenceFeature`: an array ``(batch, steps, *shape)``, filled up, and numbers of steps."""

    name: str
    dtype: DType
    shape: tuple[int, ...]
    allow_missing: bool
    filling: Any

    def count(self, single: bool) -> int:
        """Number of arrays."""
        return 2

    def arrays(self, batch: SequenceBatch) -> list[Any]:
        """The arrays that `pack` takes."""
        size, rows, lengths = math.prod(self.shape), [], []
        for label, steps in batch.sequences(self.name, self.dtype):
            if steps is None and not (self.allow_missing or batch.lenient):
                raise InvalidArgumentError(
                    f"[{batch.where}] expected sequence {self.name!r} in every example, got none in {label}; "
                    "allow it with allow_missing=True."
                )
            for number, step in enumerate(steps or ()):
                if len(step) != size:
                    raise InvalidArgumentError(
                        f"[{batch.where}] expected {size} values for each step of {self.name!r}, got "
                        f"{len(step)} in step {number} of {label}."
                    )
            rows.append(joined(steps or (), self.dtype))
            lengths.append(len(steps or ()))
        found = padded(rows, (max(lengths, default=0), *self.shape), self.filling, self.dtype)
        counts = np.array(lengths, np.int64)
        return [found[0], counts[0]] if batch.single else [found, counts]

    def pack(self, parts: Sequence[Any]) -> tuple[Any, Any]:
        """The result and the numbers of steps."""
        return parts[0], parts[1]


@dataclass(frozen=True)
class SparseStepsPlan:
    """`VarLenFeature`: a sparse tensor ``(batch, steps, values)``."""

    name: str
    dtype: DType

    def count(self, single: bool) -> int:
        """Number of arrays."""
        return 3

    def arrays(self, batch: SequenceBatch) -> list[Any]:
        """The arrays that `pack` takes."""
        values, steps, sizes = _flat(batch, self.name, self.dtype)
        row_of_step = np.repeat(np.arange(len(steps)), steps)
        step = np.arange(len(sizes)) - np.repeat(np.cumsum(steps) - steps, steps)
        place = np.arange(len(values)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        indices = np.stack([np.repeat(row_of_step, sizes), np.repeat(step, sizes), place], 1)
        shape = [len(steps), int(steps.max(initial=0)), int(sizes.max(initial=0))]
        skipped = int(batch.single)
        return [indices[:, skipped:], values, np.array(shape[skipped:], np.int64)]

    def pack(self, parts: Sequence[Any]) -> tuple[Any, Any]:
        """The result; there are no numbers of steps."""
        return SparseTensor(*parts), None


@dataclass(frozen=True)
class RaggedStepsPlan:
    """`RaggedFeature`: a ragged tensor ``(batch, steps, values)``."""

    name: str
    dtype: DType
    values: str
    splits_dtype: Any

    def count(self, single: bool) -> int:
        """Number of arrays."""
        return 3 - single

    def arrays(self, batch: SequenceBatch) -> list[Any]:
        """The arrays that `pack` takes."""
        values, steps, sizes = _flat(batch, self.values, self.dtype)
        return [values, sizes] if batch.single else [values, sizes, steps]

    def pack(self, parts: Sequence[Any]) -> tuple[Any, Any]:
        """The result; there are no numbers of steps."""
        found, *levels = parts
        for lengths in levels:
            found = RaggedTensor.from_row_lengths(found, lengths.numpy().astype(self.splits_dtype))
        return found, None


def _flat(batch: SequenceBatch, name: str, dtype: DType) -> tuple[Any, Any, Any]:
    """All values, the number of steps of each example and the number of values of each step."""
    rows = [steps or [] for _, steps in batch.sequences(name, dtype)]
    values = joined([step for row in rows for step in row], dtype)
    steps_ = np.array([len(row) for row in rows], np.int64)
    return values, steps_, np.array([len(step) for row in rows for step in row], np.int64)
