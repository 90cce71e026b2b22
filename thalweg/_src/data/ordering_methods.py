"""Methods of data sets that choose and order elements."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.data.ordering import Repeat, Shard, Shuffle, Skip, Take
from thalweg._src.data.plan import Plan, positive
from thalweg._src.random.global_generator import streams


class Ordering(Plan):
    """Choosing and ordering."""

    def shuffle(
        self,
        buffer_size: Any,
        seed: int | None = None,
        reshuffle_each_iteration: bool | None = None,
        name: str | None = None,
    ) -> Any:
        """The elements in random order.

        Args:
            buffer_size: Each element is drawn from the next `buffer_size` that are left; a number as large
                as the data set gives every order the same chance. Of arrays only numbers are shuffled, so
                that a large buffer costs nothing.
            seed: Names the order; else the global seed does, or chance.
            reshuffle_each_iteration: False for the same order in each pass.
            name: Not used but for messages.

        Source: `tf.data.Dataset.shuffle`; the orders are others than TensorFlow's.
        """
        del name
        size = positive(buffer_size, "Dataset.shuffle", "buffer_size")
        reshuffles = reshuffle_each_iteration is not False
        return self._after(Shuffle(self._node, size, streams.pipeline_seed(seed), reshuffles))

    def repeat(self, count: Any = None, name: str | None = None) -> Any:
        """The elements again and again.

        Args:
            count: Number of passes; None or -1 for no end.
            name: Not used but for messages.

        Source: `tf.data.Dataset.repeat`.
        """
        del name
        return self._after(Repeat(self._node, -1 if count is None else int(count)))

    def take(self, count: Any, name: str | None = None) -> Any:
        """The first elements.

        Args:
            count: How many; -1 for all.
            name: Not used but for messages.

        Source: `tf.data.Dataset.take`.
        """
        del name
        return self._after(Take(self._node, int(count)))

    def skip(self, count: Any, name: str | None = None) -> Any:
        """All but the first elements.

        Args:
            count: How many to leave out; -1 for all.
            name: Not used but for messages.

        Source: `tf.data.Dataset.skip`.
        """
        del name
        return self._after(Skip(self._node, int(count)))

    def shard(self, num_shards: Any, index: Any, name: str | None = None) -> Any:
        """Every `num_shards`-th element.

        Args:
            num_shards: Number of parts.
            index: Number of this part, from 0.
            name: Not used but for messages.

        Raises:
            InvalidArgumentError: `index` not in ``[0, num_shards)``.

        Source: `tf.data.Dataset.shard`.
        """
        del name
        count, index = positive(num_shards, "Dataset.shard", "num_shards"), int(index)
        if not 0 <= index < count:
            raise InvalidArgumentError(
                f"[Dataset.shard] expected an index from 0 to {count - 1}, got {index}."
            )
        return self._after(Shard(self._node, count, index))
