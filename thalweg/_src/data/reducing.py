"""One element for each key: group_by_reducer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.data.blocks import Form, leaf_tensor, specs_of, structured
from thalweg._src.data.mapping import ElementFunction, run_number
from thalweg._src.data.node import UNKNOWN, Cursor, Node, Run, first_row
from thalweg._src.data.scanning import StateFunction
from thalweg._src.data.sources import RowCursor
from thalweg._src.data.traced import call_with
from thalweg._src.function.function import Function


class Reducer:
    """How the elements of one key become one.

    Args:
        init_func: Function of a key that returns the first state.
        reduce_func: ``(state, element) -> state``.
        finalize_func: Function of the last state that returns the result; the parts of a tuple are arguments
            of their own.

    Source: `tf.data.experimental.Reducer`.
    """

    def __init__(
        self,
        init_func: Callable[..., Any],
        reduce_func: Callable[..., Any],
        finalize_func: Callable[..., Any],
    ) -> None:
        self._init_func = init_func
        self._reduce_func = reduce_func
        self._finalize_func = finalize_func

    @property
    def init_func(self) -> Callable[..., Any]:
        """Function of a key that returns the first state."""
        return self._init_func

    @property
    def reduce_func(self) -> Callable[..., Any]:
        """``(state, element) -> state``."""
        return self._reduce_func

    @property
    def finalize_func(self) -> Callable[..., Any]:
        """Function of the last state that returns the result."""
        return self._finalize_func


class GroupByReducer(Node):
    """What a reducer makes of the elements of each key, in the order of the keys.

    Args:
        input: The elements.
        key: Function of an element that returns an int64 scalar.
        reducer: The reducer.
        seed: Words of random draws of `key`.
    """

    name = "group_by_reducer"

    def __init__(
        self, input: Node, key: Callable[..., Any], reducer: Reducer, seed: tuple[int, ...]
    ) -> None:
        super().__init__(input)
        where = "group_by_reducer"
        self._key = ElementFunction(key, input, where, seed)
        self._init = Function(reducer.init_func, f"{where} init_func", reduce_retracing=True)
        self._reduce = StateFunction(reducer.reduce_func, where)
        finalize = reducer.finalize_func
        self._finalize = Function(finalize, f"{where} finalize_func", reduce_retracing=True)
        self._made_of = reducer
        self._spec: Any = None

    def _identity(self) -> list[Any]:
        return [self.inputs, self._key, self._made_of]

    @property
    def spec(self) -> Any:
        """What `finalize_func` returns for the state after the first element."""
        if self._spec is None:
            row = first_row(self.inputs[0], "group_by_reducer")
            state = self._first_state(self._key_of(row, 0, 0))
            self._spec = specs_of(self._result(self._next_state(state, row, 0)))
        return self._spec

    @property
    def cardinality(self) -> int:
        """Unknown before all elements were read."""
        return UNKNOWN

    def _key_of(self, row: list[Any], epoch: int, index: int) -> int:
        (found,) = self._key.of_one(row, epoch, index)
        if np.shape(found) != () or np.asarray(found).dtype.kind not in "iu":
            raise InvalidArgumentError(
                "[group_by_reducer] expected key_func to return an integer, got "
                f"{np.asarray(found).dtype} of shape {np.shape(found)}."
            )
        return int(found)

    def _first_state(self, key: int) -> Any:
        return structured(self._init(leaf_tensor(np.asarray(key, np.int64))))

    def _next_state(self, state: Any, row: list[Any], index: int) -> Any:
        tensors = Form(state).tensors(nest.flatten(state))
        found = self._reduce(tensors, self.inputs[0].form.tensors(row), index)
        nest.assert_same_structure(state, found)
        return found

    def _result(self, state: Any) -> Any:
        tensors = Form(state).tensors(nest.flatten(state))
        return structured(call_with(self._finalize, tensors))

    def open(self, run: Run) -> Cursor:
        """Cursor that reads all elements when the first result is asked for."""
        return RowCursor(self._rows(run))

    def _rows(self, run: Run) -> Iterator[list[Any]]:
        states: dict[int, Any] = {}
        epoch = run_number(run)
        input = self.inputs[0].open(run)
        try:
            index = 0
            while (row := input.row()) is not None:
                key = self._key_of(row, epoch, index)
                if key not in states:
                    states[key] = self._first_state(key)
                states[key] = self._next_state(states[key], row, index)
                index += 1
        finally:
            input.close()
        for key in sorted(states):
            yield nest.flatten(self._result(states[key]))
