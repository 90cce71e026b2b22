"""What every data set is: a plan that is iterated."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.data.iterator import Iterator, NumpyIterator
from thalweg._src.data.nesting import DatasetSpec
from thalweg._src.data.node import INFINITE, UNKNOWN, Node, Workers
from thalweg._src.data.options import Options, WithOptions, options_of, workers_of
from thalweg._src.data.planning import explained, outdated, planned


class Plan:
    """A data set as a plan of steps, without the methods that make longer ones.

    Args:
        node: The plan's last step.
    """

    #: `Dataset`; bound where it is defined, above the rooms of its methods.
    kind: ClassVar[Any]

    def __init__(self, node: Node) -> None:
        if not isinstance(node, Node):
            raise TypeError(
                f"[Dataset] expected a plan, got {node!r}; use Dataset.from_tensor_slices or another of its "
                "constructors."
            )
        self._node = node
        self._optimized: Node | None = None
        self._workers = Workers()
        # Passes begun, which give shuffles their orders.
        self._passes = 0
        self._latest: Iterator | None = None
        self._resume: dict[str, int] | None = None

    def _after(self, node: Node) -> Any:
        """Data set of a longer plan."""
        return Plan.kind(node)

    @property
    def element_spec(self) -> Any:
        """Structure of the specs of an element."""
        return self._node.spec

    @property
    def _type_spec(self) -> DatasetSpec:
        return DatasetSpec(self.element_spec)

    def cardinality(self, name: str | None = None) -> Tensor:
        """Number of elements as int64 scalar; -1 (`INFINITE_CARDINALITY`) or -2 (`UNKNOWN_CARDINALITY`).

        Source: `tf.data.Dataset.cardinality`.
        """
        del name
        return convert_to_tensor(np.int64(self._node.cardinality))

    def __len__(self) -> int:
        count = self._node.cardinality
        if count == INFINITE:
            raise TypeError("[Dataset] expected a data set that ends, got one that repeats for ever.")
        if count == UNKNOWN:
            raise TypeError("[Dataset] the number of elements is not known before they were read.")
        return count

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator:
        if self._optimized is None or outdated(self._optimized):
            options = options_of(self._node)
            self._optimized = planned(self._node, options)
            self._workers = workers_of(options)
        if self._resume is not None:
            place, self._resume = self._resume, None
            self._passes = place["epoch"] + 1
            self._latest = Iterator(self._optimized, place["epoch"], place["given"], self._workers)
        else:
            self._latest = Iterator(self._optimized, self._passes, workers=self._workers)
            self._passes += 1
        return self._latest

    def as_numpy_iterator(self) -> NumpyIterator:
        """Iterator of the elements as NumPy arrays, numbers for scalars.

        Source: `tf.data.Dataset.as_numpy_iterator`.
        """
        return NumpyIterator(self)

    def get_single_element(self, name: str | None = None) -> Any:
        """The only element.

        Raises:
            InvalidArgumentError: There is none, or more than one.

        Source: `tf.data.Dataset.get_single_element`.
        """
        del name
        found = list(zip(self, (0, 1), strict=False))
        if len(found) != 1:
            raise InvalidArgumentError(
                f"[Dataset.get_single_element] expected one element, got {'more' if found else 'none'}."
            )
        return found[0][0]

    def options(self) -> Options:
        """Options of the pipeline: those of all its parts, the latest ones where they differ.

        Source: `tf.data.Dataset.options`.
        """
        return options_of(self._node)

    def with_options(self, options: Options, name: str | None = None) -> Any:
        """The same elements with options for the whole pipeline.

        Args:
            options: `tf.data.Options`; what is None in it stays as it was.
            name: Not used but for messages.

        Raises:
            TypeError: They are no `Options`.

        Source: `tf.data.Dataset.with_options`.
        """
        if not isinstance(options, Options):
            where = name or "Dataset.with_options"
            raise TypeError(f"[{where}] expected tf.data.Options, got {type(options).__name__}.")
        return self._after(WithOptions(self._node, options))

    def state_dict(self) -> dict[str, int]:
        """Place of the latest pass; `load_state_dict` makes the next one begin there."""
        if self._latest is None:
            return {"epoch": self._passes, "given": 0}
        return self._latest.state_dict()

    def load_state_dict(self, state: Any) -> None:
        """Lets the next pass begin at a place that `state_dict` told."""
        self._resume = {"epoch": int(state["epoch"]), "given": int(state["given"])}

    def explain(self) -> str:
        """The plan as it was written and as it runs, a step a line, the last one first.

        Example:
            >>> import thalweg as tf
            >>> print(tf.data.Dataset.range(8).shuffle(8).batch(4).explain().splitlines()[0])
            as written:
        """
        return explained(self._node)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} element_spec={self.element_spec}>"


def node_of(value: Any, where: str) -> Node:
    """Plan of a data set that a function returned.

    Raises:
        TypeError: It returned something else.
    """
    if not isinstance(value, Plan):
        raise TypeError(
            f"[{where}] expected a function that returns a Dataset, got {type(value).__name__}."
        )
    return value._node


def positive(value: Any, where: str, name: str) -> int:
    """A number of at least 1.

    Raises:
        InvalidArgumentError: It is smaller.
    """
    number = int(value)
    if number < 1:
        raise InvalidArgumentError(f"[{where}] expected {name} of at least 1, got {number}.")
    return number
