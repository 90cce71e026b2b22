"""Methods of data sets that compute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.base import nest
from thalweg._src.data.blocks import Form, structured
from thalweg._src.data.mapping import Filter, Map
from thalweg._src.data.nesting import Interleave
from thalweg._src.data.node import AUTOTUNE
from thalweg._src.data.plan import Plan, node_of, positive
from thalweg._src.data.scanning import IgnoreErrors, Scan, StateFunction, TakeWhile, Unique
from thalweg._src.random.global_generator import streams

# Data sets that an interleave has open where the program leaves it to us.
_USUAL_CYCLE = 4


class Computing(Plan):
    """Computing."""

    def map(
        self,
        map_func: Callable[..., Any],
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        synchronous: bool | None = None,
        use_unbounded_threadpool: bool = False,
        name: str | None = None,
    ) -> Any:
        """Results of a function of each element.

        Args:
            map_func: Function of an element; the parts of a tuple are arguments of their own. It is traced
                and runs as one program for many elements; what it does with strings, files and images of all
                sizes runs on the host, before and after. Where that cannot be, it runs in Python for each
                element. `explain` says what runs where, and why.
            num_parallel_calls: Elements computed at once in threads, as far as that is done on the host or in
                Python; `AUTOTUNE` for as many as there are processors.
            deterministic: The order is always that of the elements, as with True.
            synchronous: True to compute no element before it is asked for: no threads.
            use_unbounded_threadpool: True for a thread for each of 64 elements, for functions that wait.
            name: Not used but for messages.

        Raises:
            Exception: What `map_func` raises, with a note that says for which element.

        Source: `tf.data.Dataset.map`. Assigning a Variable or calling into Python makes a function run
        element by element.
        """
        del deterministic, name
        if synchronous and num_parallel_calls is not None:
            raise ValueError(
                "[Dataset.map] expected synchronous=True without num_parallel_calls, got "
                f"{num_parallel_calls}."
            )
        parallel = 64 if use_unbounded_threadpool else num_parallel_calls
        return self._after(Map(self._node, map_func, streams.pipeline_seed(None), parallel))

    def filter(self, predicate: Callable[..., Any], name: str | None = None) -> Any:
        """The elements for which a predicate is True.

        Args:
            predicate: Function of an element that returns a scalar bool.
            name: Not used but for messages.

        Source: `tf.data.Dataset.filter`.
        """
        del name
        return self._after(Filter(self._node, predicate, streams.pipeline_seed(None)))

    def flat_map(self, map_func: Callable[..., Any], name: str | None = None) -> Any:
        """Elements of the data sets that a function makes of elements, one data set after the other.

        Args:
            map_func: Function of an element that returns a data set.
            name: Not used but for messages.

        Example:
            >>> import thalweg as tf
            >>> rows = tf.data.Dataset.from_tensor_slices([[1, 2], [3, 4]])
            >>> [int(v) for v in rows.flat_map(tf.data.Dataset.from_tensor_slices)]
            [1, 2, 3, 4]

        Source: `tf.data.Dataset.flat_map`.
        """
        where = name or "Dataset.flat_map"
        return self._after(Interleave(self._node, map_func, node_of, 1, 1, False, where))

    def interleave(
        self,
        map_func: Callable[..., Any],
        cycle_length: int | None = None,
        block_length: int | None = None,
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> Any:
        """Elements of the data sets that a function makes of elements, some data sets at a time.

        Args:
            map_func: Function of an element that returns a data set.
            cycle_length: Data sets that are open at a time; 4 when None or `AUTOTUNE`.
            block_length: Elements taken from each in turn; 1 when None.
            num_parallel_calls: If given, the open data sets work ahead in threads of their own.
            deterministic: The order is the same with any parallelism.
            name: Not used but for messages.

        Source: `tf.data.Dataset.interleave`, where the number of processors decides how many data sets are
        open when `cycle_length` is not given.
        """
        del deterministic
        where = name or "Dataset.interleave"
        cycle = _USUAL_CYCLE if cycle_length in (None, AUTOTUNE) else cycle_length
        cycle = positive(cycle, where, "cycle_length")
        block = positive(1 if block_length is None else block_length, where, "block_length")
        parallel = num_parallel_calls is not None
        return self._after(Interleave(self._node, map_func, node_of, cycle, block, parallel, where))

    def reduce(self, initial_state: Any, reduce_func: Callable[..., Any], name: str | None = None) -> Any:
        """State after a function has taken every element.

        Args:
            initial_state: Structure of tensors.
            reduce_func: ``(state, element) -> state``; it is compiled.
            name: Not used but for messages.

        Returns:
            Structure of tensors.

        Raises:
            TypeError: The function returns another structure.

        Example:
            >>> import thalweg as tf
            >>> tf.data.Dataset.range(5).reduce(tf.constant(0, tf.int64), lambda total, v: total + v).numpy()
            10

        Source: `tf.data.Dataset.reduce`.
        """
        state = structured(initial_state)
        step = StateFunction(reduce_func, name or "Dataset.reduce")
        form, index = Form(state), 0
        for index, element in enumerate(self):
            found = step(form.tensors(nest.flatten(state)), element, index)
            nest.assert_same_structure(state, found)
            state = found
        return form.tensors(nest.flatten(state))

    def scan(self, initial_state: Any, scan_func: Callable[..., Any], name: str | None = None) -> Any:
        """Results of a function that carries a state from element to element.

        Args:
            initial_state: Structure of tensors.
            scan_func: ``(state, element) -> (new state, result)``; it is compiled.
            name: Not used but for messages.

        Returns:
            `Dataset` of the results.

        Source: `tf.data.Dataset.scan`.
        """
        del name
        return self._after(Scan(self._node, initial_state, scan_func))

    def take_while(self, predicate: Callable[..., Any], name: str | None = None) -> Any:
        """The elements before the first for which a predicate is False.

        Args:
            predicate: Function of an element that returns a scalar bool.
            name: Not used but for messages.

        Source: `tf.data.Dataset.take_while`.
        """
        del name
        return self._after(TakeWhile(self._node, predicate, streams.pipeline_seed(None)))

    def unique(self, name: str | None = None) -> Any:
        """The elements that were not there before.

        Source: `tf.data.Dataset.unique`; elements of any structure of numbers and strings.
        """
        del name
        return self._after(Unique(self._node))

    def ignore_errors(self, log_warning: bool = False, name: str | None = None) -> Any:
        """The elements that can be made; the others are left out.

        Args:
            log_warning: Log each error.
            name: Not used but for messages.

        Source: `tf.data.Dataset.ignore_errors`; `explain` says how many were left out.
        """
        del name
        return self._after(IgnoreErrors(self._node, log_warning))
