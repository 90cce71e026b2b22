"""Iterators over data sets, with a place that can be saved and found again."""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np

from thalweg._src.base.errors import OutOfRangeError
from thalweg._src.data.node import Cursor, Node, Run
from thalweg._src.variables.variable import Variable


class Iterator:
    """One pass over a data set.

    Its place is two numbers, the pass and the elements given, held by a Variable: `tf.train.Checkpoint`
    saves it, and restoring moves the iterator, in the middle of a pass, too.

    Args:
        node: The plan as it runs.
        epoch: Number of the pass.
        given: Elements to pass over.

    Source: `tf.data.Iterator`.
    """

    def __init__(self, node: Node, epoch: int, given: int = 0) -> None:
        self._node = node
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
        cursor = self._node.open(Run((epoch,)))
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
