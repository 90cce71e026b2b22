"""Methods of data sets that make one of several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.base import nest
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.data.combining import Choose, Concatenate, Counter, Draws, Zip
from thalweg._src.data.plan import Plan, node_of
from thalweg._src.random.global_generator import streams


class Combining(Plan):
    """Several data sets."""

    @staticmethod
    def zip(*args: Any, datasets: Any = None, name: str | None = None) -> Any:
        """Elements of several data sets side by side, as long as each has one.

        Args:
            *args: Data sets, or a structure (tuple, dict) of them.
            datasets: The same by name.
            name: Not used but for messages.

        Returns:
            `Dataset` of structures like the one that was given.

        Example:
            >>> import thalweg as tf
            >>> numbers = tf.data.Dataset.range(3)
            >>> pairs = tf.data.Dataset.zip(numbers, numbers.skip(1))
            >>> [(int(a), int(b)) for a, b in pairs]
            [(0, 1), (1, 2)]

        Source: `tf.data.Dataset.zip`.
        """
        if bool(args) == (datasets is not None):
            raise TypeError("[Dataset.zip] expected data sets, or datasets=; got both or neither.")
        given = datasets if datasets is not None else args[0] if len(args) == 1 else args
        if isinstance(given, Plan):
            given = (given,)
        nodes = [node_of(d, name or "Dataset.zip") for d in nest.flatten(given)]
        structure = nest.pack_sequence_as(given, list(range(len(nodes))))
        return Plan.kind(Zip(structure, *nodes))

    def concatenate(self, dataset: Any, name: str | None = None) -> Any:
        """These elements, then those of another data set.

        Args:
            dataset: Data set of elements of the same structure and dtypes.
            name: Not used but for messages.

        Source: `tf.data.Dataset.concatenate`.
        """
        return self._after(Concatenate(self._node, node_of(dataset, name or "Dataset.concatenate")))

    def enumerate(self, start: Any = 0, name: str | None = None) -> Any:
        """Pairs of a number and an element.

        Args:
            start: The first number.
            name: Not used but for messages.

        Source: `tf.data.Dataset.enumerate`.
        """
        del name
        return self._after(Zip((0, 1), Counter(int(start), 1), self._node))

    @staticmethod
    def counter(start: Any = 0, step: Any = 1, dtype: Any = dtypes.int64, name: str | None = None) -> Any:
        """Numbers without end.

        Args:
            start: The first.
            step: Difference.
            dtype: Their dtype.
            name: Not used but for messages.

        Source: `tf.data.Dataset.counter`.
        """
        del name
        kind = dtypes.as_dtype(dtype)
        first, between = (convert_to_tensor(v, kind).numpy()[()] for v in (start, step))
        return Plan.kind(Counter(first, between, kind))

    @staticmethod
    def random(
        seed: int | None = None, rerandomize_each_iteration: bool | None = None, name: str | None = None
    ) -> Any:
        """Random whole numbers from 0 to before 2^32, without end.

        Args:
            seed: Names them; else the global seed does, or chance.
            rerandomize_each_iteration: True for others in each pass.
            name: Not used but for messages.

        Source: `tf.data.Dataset.random`; the numbers are others than TensorFlow's.
        """
        del name
        return Plan.kind(Draws(streams.pipeline_seed(seed), bool(rerandomize_each_iteration)))

    @staticmethod
    def choose_from_datasets(
        datasets: Sequence[Any], choice_dataset: Any, stop_on_empty_dataset: bool = True
    ) -> Any:
        """Elements of several data sets, in turns that another one gives.

        Args:
            datasets: Data sets of elements of the same structure and dtypes.
            choice_dataset: Data set of int64 scalars: the number of the data set to take from.
            stop_on_empty_dataset: Whether the first one that ends ends it all; else its turns are passed
                over.

        Source: `tf.data.Dataset.choose_from_datasets`.
        """
        where = "Dataset.choose_from_datasets"
        nodes = [node_of(d, where) for d in datasets]
        if not nodes:
            raise ValueError(f"[{where}] expected at least one data set, got none.")
        return Plan.kind(Choose(node_of(choice_dataset, where), nodes, stop_on_empty_dataset))

    @staticmethod
    def sample_from_datasets(
        datasets: Sequence[Any],
        weights: Any = None,
        seed: int | None = None,
        stop_on_empty_dataset: bool = False,
        rerandomize_each_iteration: bool | None = None,
    ) -> Any:
        """Elements of several data sets, drawn at random.

        Args:
            datasets: Data sets of elements of the same structure and dtypes.
            weights: Chance of each; equal when None.
            seed: Names the draws; else the global seed does, or chance.
            stop_on_empty_dataset: Whether the first one that ends ends it all; else its turns are passed
                over.
            rerandomize_each_iteration: True for other turns in each pass.

        Source: `tf.data.Dataset.sample_from_datasets`; the turns are others than TensorFlow's.
        """
        where = "Dataset.sample_from_datasets"
        nodes = [node_of(d, where) for d in datasets]
        chances = [1.0] * len(nodes) if weights is None else convert_to_tensor(weights).numpy().tolist()
        if not nodes or len(chances) != len(nodes) or min(chances) < 0 or not sum(chances):
            raise ValueError(
                f"[{where}] expected a weight of 0 or more for each of {len(nodes)} data sets, got {chances}."
            )
        turns = Draws(streams.pipeline_seed(seed), bool(rerandomize_each_iteration), chances)
        return Plan.kind(Choose(turns, nodes, stop_on_empty_dataset))
