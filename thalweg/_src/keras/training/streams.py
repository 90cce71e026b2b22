"""Training data that comes batch by batch: generators, loaders, `PyDataset`s and datasets."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.data.dataset import Dataset
from thalweg._src.data.sources import Gather, Range, Table
from thalweg._src.keras.base.py_dataset import Loader, PyDataset, all_indices
from thalweg._src.keras.base.seeds import shuffle_generator
from thalweg._src.keras.training.data import (
    ArrayData,
    batch_array,
    class_weights,
    pack_x_y_sample_weight,
    unpack_x_y_sample_weight,
)

_log = logging.getLogger("thalweg")


def is_stream(x: Any) -> bool:
    """True for data that comes in batches: a `PyDataset`, generator, loader or dataset; False for arrays."""
    if isinstance(x, PyDataset):
        return True
    if x is None or nest.is_nested(x) or hasattr(x, "shape") or hasattr(x, "to_numpy"):
        return False
    if hasattr(x, "__array__") or isinstance(x, (str, bytes, int, float)):
        return False
    return hasattr(x, "__iter__") or hasattr(x, "__next__")


class Stream:
    """Batches from a source, pass after pass, with a place that can be saved and found again.

    Args:
        source: `PyDataset`, generator, or anything that can be iterated anew for each pass.
        shuffle: Whether the batches of a `PyDataset` come in a new order each pass.
        class_weight: Weight of each class, or None.
        where: Name of the method for messages.

    Attributes:
        steps: Batches in a pass; None when unknown.
        bare: Whether the source gives inputs as they are, not in a tuple; so a step gets them, too.
    """

    def __init__(
        self, source: Any, shuffle: bool, class_weight: Mapping[int, float] | None, where: str
    ) -> None:
        self.where = where
        self.steps = _length(source)
        self.bare = False
        self._source = source
        self._shuffle = shuffle and isinstance(source, PyDataset) and self.steps is not None
        self._loader: Loader | None = None
        self._class_weight = class_weight
        has_one_pass = hasattr(source, "__next__") and not isinstance(source, PyDataset)
        self._once = iter(source) if has_one_pass else None
        self._iterator: Iterator[Any] | None = None
        self._first: Any = None
        self._order_state: Any = None
        self._taken = 0
        self._position = 0

    @property
    def position(self) -> int:
        """Batches taken in this pass."""
        return self._position

    def peek(self) -> Any:
        """The next batch, which stays the next one.

        Raises:
            ValueError: There is none.
        """
        if self._first is None:
            if self._iterator is None:
                self.restart()
            self._first = self._next()
            if self._first is None:
                raise InvalidArgumentError(
                    f"[{self.where}] expected at least one batch, got an empty {type(self._source).__name__}."
                )
        return self._first

    def restart(self) -> None:
        """Begins a pass; a generator, which has one only, goes on."""
        if self._first is not None and self._position == 0:
            return
        self._position = 0
        self._first = None
        self._iterator = self._opened(0)

    def _opened(self, skipped: int) -> Iterator[Any]:
        if self._once is not None:
            return self._once
        if isinstance(self._source, PyDataset):
            self._source.on_epoch_begin()
            order: Iterable[int] = all_indices(self._source)
            if self._shuffle:
                self._order_state = shuffle_generator().bit_generator.state
                order = shuffle_generator().permutation(self.steps or 0).tolist()
            if self._loader is None:
                self._loader = Loader(self._source)
            return self._loader.iterate(itertools.islice(order, skipped, None))
        return itertools.islice(iter(self._source), skipped, None)

    def take(self) -> Any:
        """The next batch as ``(x, y, sample_weight)`` of arrays; None at the end of the pass."""
        if self._iterator is None:
            self.restart()
        batch, self._first = self._first, None
        if batch is None:
            batch = self._next()
        if batch is None:
            self._end()
            return None
        self._position += 1
        self._taken += 1
        return batch

    def _next(self) -> Any:
        assert self._iterator is not None
        item = next(self._iterator, None)
        return None if item is None else self._batch(item)

    def _end(self) -> None:
        if isinstance(self._source, PyDataset):
            self._source.on_epoch_end()

    def _batch(self, item: Any) -> tuple[Any, Any, Any]:
        self.bare = not isinstance(item, (tuple, list)) and not isinstance(self._source, PyDataset)
        parts = unpack_x_y_sample_weight(item)
        x, y, weight = (
            None if p is None else nest.map_structure(lambda v: batch_array(v, self.where), p)
            for p in parts
        )
        if self._class_weight is not None:
            weight = class_weights(y, self._class_weight, weight, self.where)
        leaves = [leaf for leaf in nest.flatten((x, y, weight)) if leaf is not None]
        sizes = {tuple(leaf.shape)[:1] for leaf in leaves}
        if len(sizes) > 1 or () in sizes:
            raise InvalidArgumentError(
                f"[{self.where}] expected batches whose parts have the same number of samples, got "
                f"{sorted(sizes)} in batch {self._position}."
            )
        return x, y, weight

    def close(self) -> None:
        """Ends the workers of a `PyDataset`."""
        if self._loader is not None:
            self._loader.close()
            self._loader = None

    def state(self) -> dict[str, Any]:
        """Place in the data, as plain data."""
        found: dict[str, Any] = {"position": self._position, "taken": self._taken}
        if self._order_state is not None:
            found["order"] = self._order_state
        if hasattr(self._source, "state_dict"):
            found["source"] = self._source.state_dict()
        return found

    def restore(self, state: Mapping[str, Any]) -> None:
        """Goes to a place that `state` told."""
        peeked = self._first is not None
        self._position, self._taken = int(state["position"]), int(state["taken"])
        if peeked and not self._taken:
            return
        self._first = None
        if "order" in state:
            shuffle_generator().bit_generator.state = state["order"]
        if "source" in state and hasattr(self._source, "load_state_dict"):
            self._source.load_state_dict(state["source"])
            self._iterator = iter(self._source)
        elif self._once is not None:
            _log.warning(
                "[%s] a generator cannot say where it stands: it is run on by %d batches. The run repeats "
                "itself only if it gives the same batches again.",
                self.where,
                self._taken,
            )
            self._iterator = itertools.islice(self._once, self._taken - peeked, None)
        else:
            self._iterator = self._opened(self._position)


def batches_of(data: ArrayData, batch_size: int, shuffle: Any) -> Dataset:
    """Data set of the batches of arrays that do not lie on the device; see `ArrayData.stays_on_host`.

    Args:
        data: The arrays.
        batch_size: Rows in a batch.
        shuffle: Visit the samples in a new order each pass.
    """
    structure = data.structure if data.structure[2] is not None else data.structure[:2]
    table = Table.of_rows(pack_x_y_sample_weight(*structure), data.where)
    rows = Dataset(Gather(table, Range(0, table.length)))
    if shuffle:
        rows = rows.shuffle(data.length, seed=int(shuffle_generator().integers(1 << 62)))
    return rows.batch(batch_size)


def _length(source: Any) -> int | None:
    """Batches in a pass; None where the source does not know."""
    if isinstance(source, PyDataset):
        return source.num_batches
    cardinality = getattr(source, "cardinality", None)
    if callable(cardinality):
        count = int(cardinality())
        return count if count >= 0 else None
    try:
        return len(source)
    except TypeError:
        return None
