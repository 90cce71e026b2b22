"""`StaticVocabularyTable`: numbers of words, with buckets for those that are not known."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.tensor import Tensor
from thalweg._src.lookup.tables import StaticHashTable, Table, find_on_host
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.strings.hash_functions import by_length, farm_hash


class StaticVocabularyTable(Table):
    """Table of numbers of words; unknown ones get one of a few further numbers, by their hash.

    Args:
        initializer: What fills it, with int64 values; None for a table of buckets only.
        num_oov_buckets: Number of further numbers, 1 or more. They follow the number of known words.
        lookup_key_dtype: Dtype of keys to look up: that of the initializer, or another integer dtype; string
            when both are None.
        name: Name, or None.
        experimental_is_anonymous: Accepted: tables are never shared by name.

    Raises:
        TypeError: The dtypes do not fit.
        ValueError: There are no buckets.

    Example:
        >>> import thalweg as tf
        >>> ids = tf.constant([0, 1], tf.int64)
        >>> words = tf.lookup.KeyValueTensorInitializer(["to", "be"], ids)
        >>> table = tf.lookup.StaticVocabularyTable(words, num_oov_buckets=1)
        >>> table.lookup(tf.constant(["be", "or"]))
        <tf.Tensor: shape=(2,), dtype=int64, numpy=array([1, 2])>

    Source: `tf.lookup.StaticVocabularyTable`. It works on the host.
    """

    def __init__(
        self,
        initializer: Any,
        num_oov_buckets: Any,
        lookup_key_dtype: Any = None,
        name: str | None = None,
        experimental_is_anonymous: bool = False,
    ) -> None:
        where = "StaticVocabularyTable"
        self._buckets = int_of(where, "num_oov_buckets", num_oov_buckets)
        if self._buckets < 1:
            raise InvalidArgumentError(
                f"[{where}] expected num_oov_buckets of 1 or more, got {self._buckets}; without them use "
                "tf.lookup.StaticHashTable."
            )
        own = dtypes.string if initializer is None else initializer.key_dtype
        wanted = own if lookup_key_dtype is None else dtypes.as_dtype(lookup_key_dtype)
        if initializer is not None:
            _check_dtypes(where, initializer, wanted)
        super().__init__(wanted, dtypes.int64, -1, name)
        self._table = None if initializer is None else StaticHashTable(initializer, -1)
        self._count = 0 if self._table is None else int(self._table.size().numpy())

    def size(self, name: str | None = None) -> Tensor:
        """Number of known keys and buckets, int64."""
        return Tensor(np.asarray(self._count + self._buckets, np.int64))

    def _lookup(self, keys: Any) -> Any:
        return find_on_host(self._keys(keys), table=self)

    def _found(self, keys: Any) -> Any:
        found = np.full(keys.size, -1, np.int64)
        if self._table is not None:
            found = self._table._found(keys).reshape(-1).copy()
        unknown = np.flatnonzero(found == -1)
        words = keys.reshape(-1)[unknown].tolist()
        if self._key_dtype is not dtypes.string:
            words = [b"%d" % word for word in words]
        hashes = by_length(words, farm_hash) % np.uint64(self._buckets)
        found[unknown] = hashes.astype(np.int64) + self._count
        return found.reshape(keys.shape)


def _check_dtypes(where: str, initializer: Any, wanted: Any) -> None:
    if initializer.value_dtype is not dtypes.int64:
        raise DTypeError(
            f"[{where}] expected values of dtype int64, got {initializer.value_dtype.name}; state "
            "value_dtype=tf.int64."
        )
    own = initializer.key_dtype
    if own is not wanted and not (own.is_integer and wanted.is_integer):
        raise DTypeError(
            f"[{where}] expected lookup_key_dtype {own.name}, the dtype of keys, or for integers another "
            f"integer dtype, got {wanted.name}."
        )
