"""Elements made from arrays in memory: sized, and iterated again for each epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.base import tree


class ArrayElements:
    """Elements or batches that are gathered from arrays when they are iterated.

    Args:
        take: Function from an index, or an array of indices, to the element or batch of arrays.
        indices: What to go through.
        batch_size: Size of batches; None for single elements.
        order: Generator that gives each iteration an order of its own; None keeps that of `indices`.

    Iterating yields tensors. ``len()`` is the number of elements or batches.
    """

    def __init__(
        self,
        take: Callable[[Any], Any],
        indices: np.ndarray[Any, Any],
        batch_size: int | None = None,
        order: np.random.Generator | None = None,
    ) -> None:
        self._take = take
        self._indices = indices
        self._batch_size = batch_size
        self._order = order

    def __len__(self) -> int:
        count = len(self._indices)
        return count if self._batch_size is None else -(-count // self._batch_size)

    def __iter__(self) -> Iterator[Any]:
        indices = self._indices
        if self._order is not None:
            indices = self._order.permutation(indices)
        size = self._batch_size
        chosen = (
            indices
            if size is None
            else (indices[start : start + size] for start in range(0, len(indices), size))
        )
        for rows in chosen:
            yield tree.map_structure(convert_to_tensor, self._take(rows))
