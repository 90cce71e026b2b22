"""Iterators over data sets, with a place that can be saved and found again."""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import OutOfRangeError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.shapes import TypeSpec
from thalweg._src.core.tensor import Tensor
from thalweg._src.data.debugging import debug_mode
from thalweg._src.data.node import Cursor, Node, Run, Workers
from thalweg._src.data.optional import Optional
from thalweg._src.data.specs import compatible
from thalweg._src.ops.sparse.tensor import SparseTensor
from thalweg._src.variables.variable import Variable


class Iterator:
    """One pass over a data set.

    Its place is two numbers, the pass and the elements given, held by a Variable: `tf.train.Checkpoint`
    saves it, and restoring moves the iterator, in the middle of a pass, too.

    Args:
        node: The plan as it runs.
        epoch: Number of the pass.
        given: Elements to pass over.
        workers: Threads of the pipeline.

    Source: `tf.data.Iterator`.
    """

    def __init__(self, node: Node, epoch: int, given: int = 0, workers: Workers | None = None) -> None:
        self._node = node
        self._workers = workers or Workers()
        self._form = node.form
        self._epoch = epoch
        self._given = given
        self._variable: Variable | None = None
        self._known: Any = None
        self._cursor: Cursor | None = None
        self._finalizer: Any = None
        self._seek(epoch, given)

    def _seek(self, epoch: int, given: int) -> None:
        self._close()
        cursor = self._node.open(Run((epoch,), not debug_mode.on, self._workers))
        self._cursor = cursor
        # Threads must not outlive the iterator.
        self._finalizer = weakref.finalize(self, cursor.close)
        self._epoch, self._given = epoch, given
        if given:
            cursor.skip(given)

    def _close(self) -> None:
        if self._finalizer is not None:
            self._finalizer()

    def __iter__(self) -> Iterator:
        return self

    def __next__(self) -> Any:
        if self._variable is not None:
            self._follow()
        assert self._cursor is not None
        row = self._cursor.row()
        if row is None:
            self._close()
            raise StopIteration
        self._given += 1
        return self._form.tensors(row)

    def get_next(self) -> Any:
        """The next element.

        Raises:
            OutOfRangeError: There is none.
        """
        try:
            return next(self)
        except StopIteration:
            raise OutOfRangeError("[Iterator.get_next] expected another element, got the end.") from None

    def get_next_as_optional(self) -> Optional:
        """The next element, or none.

        Source: `tf.data.Iterator.get_next_as_optional`.
        """
        for element in self:
            return Optional.from_value(element)
        return Optional.empty(self.element_spec)

    @property
    def _type_spec(self) -> IteratorSpec:
        return IteratorSpec(self.element_spec)

    @property
    def element_spec(self) -> Any:
        """Structure of specs of an element."""
        return self._node.spec

    def state_dict(self) -> dict[str, int]:
        """Its place: the number of the pass, and of elements given in it."""
        if self._variable is not None:
            self._follow()
        return {"epoch": self._epoch, "given": self._given}

    def load_state_dict(self, state: Any) -> None:
        """Goes to a place that `state_dict` told."""
        self._seek(int(state["epoch"]), int(state["given"]))

    def _follow(self) -> None:
        """Goes to the Variable's place where something else has assigned it."""
        assert self._variable is not None
        if self._variable._tensor is not self._known:
            epoch, given = self._variable.numpy().tolist()
            self._seek(epoch, given)
            self._known = self._variable._tensor

    def _checkpoint_children(self) -> dict[str, Any]:
        place = np.array([self._epoch, self._given], np.int64)
        if self._variable is None:
            self._variable = Variable(place, trainable=False, name="iterator")
        else:
            self._follow()
            place[:] = self._epoch, self._given
            self._variable.assign(place)
        self._known = self._variable._tensor
        return {"place": self._variable}


class IteratorSpec(TypeSpec):
    """Spec of an iterator.

    Args:
        element_spec: Structure of specs of its elements.

    Source: `tf.data.IteratorSpec`.
    """

    def __init__(self, element_spec: Any) -> None:
        self.element_spec = element_spec

    @classmethod
    def from_value(cls, value: Any) -> IteratorSpec:
        """Spec of an iterator."""
        return cls(value.element_spec)

    @property
    def value_type(self) -> Any:
        """`Iterator`."""
        return Iterator

    def is_compatible_with(self, spec_or_value: Any) -> bool:
        """True for iterators over such elements."""
        other = spec_or_value._type_spec if isinstance(spec_or_value, Iterator) else spec_or_value
        return isinstance(other, IteratorSpec) and compatible(self.element_spec, other.element_spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, IteratorSpec) and self.element_spec == other.element_spec

    def __hash__(self) -> int:
        return hash(repr(self.element_spec))

    def __repr__(self) -> str:
        return f"IteratorSpec({self.element_spec})"


class NumpyIterator:
    """One pass over a data set, whose elements are NumPy arrays; numbers and bytes for scalars.

    Args:
        dataset: The data set.

    Source: `tf.data.NumpyIterator`.
    """

    def __init__(self, dataset: Any) -> None:
        self._iterator: Iterator = iter(dataset)

    def __iter__(self) -> NumpyIterator:
        return self

    def __next__(self) -> Any:
        return nest.map_structure(_as_numpy, next(self._iterator))

    def next(self) -> Any:
        """The next element.

        Raises:
            StopIteration: There is none.
        """
        return next(self)

    def save(self) -> Tensor:
        """Its place, for `restore`: int64 of shape ``(2,)``, the pass and the elements given in it."""
        place = self._iterator.state_dict()
        return convert_to_tensor(np.array([place["epoch"], place["given"]], np.int64))

    def restore(self, state: Any) -> None:
        """Goes to a place that `save` told."""
        epoch, given = convert_to_tensor(state).numpy().tolist()
        self._iterator.load_state_dict({"epoch": epoch, "given": given})


def _as_numpy(leaf: Any) -> Any:
    if isinstance(leaf, SparseTensor):
        dense = np.zeros(leaf.dense_shape.numpy(), leaf.dtype.numpy_dtype)
        dense[tuple(leaf.indices.numpy().T)] = leaf.values.numpy()
        return dense
    return leaf.numpy() if hasattr(leaf, "numpy") else leaf
