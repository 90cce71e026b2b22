"""`IntegerLookup`: indices of integers in a vocabulary."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.keras.layers.preprocessing.index_lookup import IndexLookup
from thalweg._src.ops.casting import cast
from thalweg._src.ops.comparison import equal
from thalweg._src.ops.elementwise import add, floormod
from thalweg._src.ops.gather import gather
from thalweg._src.ops.selection import where
from thalweg._src.ops.sorting import searchsorted
from thalweg._src.ops.strings.number_hashing import number_to_hash_bucket


class IntegerLookup(IndexLookup):
    """Index of each integer in a vocabulary, or what `output_mode` makes of the indices.

    Args:
        max_tokens: Size of the vocabulary at most, special tokens included; None for any.
        num_oov_indices: Indices for integers that are not in the vocabulary; `oov_method` chooses one.
        mask_token: Integer of index 0 that stands for nothing, with ``output_mode="int"``; None for none.
        oov_token: What stands for unknown integers where indices become integers.
        vocabulary: List of integers, or path of a file with one a line; learned by `adapt` when None.
        vocabulary_dtype: ``"int64"`` or ``"int32"``.
        idf_weights: Inverse document frequency of each integer, for ``output_mode="tf_idf"``.
        invert: Whether to give integers for indices.
        output_mode: ``"int"``; ``"one_hot"`` of each index; ``"multi_hot"``, ``"count"`` or ``"tf_idf"`` of
            the last axis.
        sparse: Whether encodings are sparse tensors.
        pad_to_max_tokens: Whether encodings have `max_tokens` places, however large the vocabulary is.
        oov_method: ``"floormod"``: unknown integers take turns; ``"farmhash"``: their hash decides.
        salt: Integer, or two of them, that makes the hash another one, which nobody can foresee without it;
            None for a faster hash that is known to all.
        name: Name.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Integers ``(...)``, ragged ones, too.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.IntegerLookup(vocabulary=[10, 20])
        >>> layer([20, 30]).numpy().tolist()
        [2, 0]

    Source: `keras.layers.IntegerLookup`. It is a search in sorted numbers, on the device and in compiled
    programs, too.
    """

    token_dtype = dtypes.int64
    _of_other_versions = frozenset({"vocabulary_size", "encoding"})

    def __init__(
        self,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        mask_token: int | None = None,
        oov_token: int = -1,
        vocabulary: Any = None,
        vocabulary_dtype: str = "int64",
        idf_weights: Any = None,
        invert: bool = False,
        output_mode: str = "int",
        sparse: bool = False,
        pad_to_max_tokens: bool = False,
        oov_method: str = "floormod",
        salt: Any = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        if vocabulary_dtype not in ("int32", "int64"):
            raise ValueError(
                "[IntegerLookup] expected vocabulary_dtype to be 'int32' or 'int64', got "
                f"{vocabulary_dtype!r}."
            )
        super().__init__(
            max_tokens,
            num_oov_indices,
            mask_token,
            oov_token,
            vocabulary,
            idf_weights,
            invert,
            output_mode,
            pad_to_max_tokens,
            sparse,
            salt=salt,
            name=name,
            **kwargs,
        )
        if oov_method not in ("floormod", "farmhash") or (salt is not None and oov_method == "floormod"):
            raise InvalidArgumentError(
                f"[{self._where}] expected oov_method 'floormod' without a salt, or 'farmhash', got "
                f"{oov_method!r} and salt={salt!r}."
            )
        self.oov_method = oov_method
        self.vocabulary_dtype = vocabulary_dtype

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer; a vocabulary that was learned lies in a file beside."""
        return {key: value for key, value in super().get_config().items() if key != "encoding"}

    def _turn(self, values: Any) -> Any:
        """Which of the indices for unknown integers each of them gets."""
        if self.oov_method == "farmhash":
            return number_to_hash_bucket(values, num_buckets=self.num_oov_indices, key=self._key)
        return floormod(values, np.int64(self.num_oov_indices))

    def _token(self, value: Any) -> int:
        return int(value)

    def _plain(self, token: Any) -> int:
        return int(token)

    def indices_of(self, inputs: Any) -> Any:
        """Index of each integer."""
        values = cast(inputs, dtypes.int64)
        table = self.table
        if not self.num_oov_indices:
            return super().indices_of(values)
        first = len(table.special) - self.num_oov_indices
        unknown = add(self._turn(values), np.int64(first))
        keys = np.array(table.tokens, np.int64)
        chosen = np.r_[np.arange(first), np.arange(len(table.special), len(keys))]
        if not len(chosen):
            return unknown
        ordered = chosen[np.argsort(keys[chosen], kind="stable")]
        place = searchsorted(keys[ordered], values)
        place = where(place < len(ordered), place, np.int64(len(ordered) - 1))
        known = equal(gather(keys[ordered], place), values)
        return where(known, gather(ordered.astype(np.int64), place), unknown)
