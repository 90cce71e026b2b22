"""`Hashing`: bins of texts and integers by their hash."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.keras.layers.preprocessing.data_layer import DataLayer
from thalweg._src.keras.layers.preprocessing.encoding import current_mode, encoded, encoded_shape
from thalweg._src.ops.casting import cast
from thalweg._src.ops.comparison import equal
from thalweg._src.ops.elementwise import add
from thalweg._src.ops.selection import where
from thalweg._src.ops.strings.hashing import to_hash_bucket_fast, to_hash_bucket_strong
from thalweg._src.ops.strings.number_hashing import number_to_hash_bucket
from thalweg._src.ops.strings.numbers import as_string

_MODES = ("int", "one_hot", "multi_hot", "count")


class Hashing(DataLayer):
    """Bin of each text or integer, by a hash that is the same everywhere.

    Args:
        num_bins: Number of bins, the one of `mask_value` included.
        mask_value: What has bin 0 for itself; None for nothing.
        salt: Integer, or two of them, that makes the hash another one, which nobody can foresee without it;
            None for a faster hash that is known to all.
        output_mode: ``"int"``; ``"one_hot"`` of each bin; ``"multi_hot"`` or ``"count"`` of the last axis.
        sparse: Whether encodings are sparse tensors.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Strings or integers ``(...)``.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Hashing(num_bins=3)([["A"], ["B"]]).numpy().tolist()
        [[1], [0]]

    Source: `keras.layers.Hashing`: FarmHash64, SipHash-2-4 with a salt; integers as decimal texts.
    """

    def __init__(
        self,
        num_bins: int,
        mask_value: Any = None,
        salt: Any = None,
        output_mode: str = "int",
        sparse: bool = False,
        **kwargs: Any,
    ) -> None:
        if kwargs.get("dtype") is None:
            kwargs["dtype"] = "int64" if output_mode == "int" else None
        super().__init__(**kwargs)
        where_ = f"Hashing {self.name!r}"
        if num_bins is None or num_bins <= 0:
            raise ValueError(f"[{where_}] expected num_bins of 1 or more, got {num_bins}.")
        if current_mode(output_mode) not in _MODES:
            raise ValueError(
                f"[{where_}] expected output_mode to be one of {list(_MODES)}, got {output_mode!r}."
            )
        if sparse and output_mode == "int":
            raise ValueError(f"[{where_}] expected an encoding as output_mode with sparse=True, got 'int'.")
        self.num_bins = num_bins
        self.mask_value = mask_value
        self.salt = salt_of(where_, salt)
        self.output_mode = current_mode(output_mode)
        self.sparse = sparse

    def call(self, inputs: Any) -> Any:
        """Bins, or encodings of them."""
        bins = self.num_bins - (self.mask_value is not None and self.num_bins > 1)
        found = self._hashed(inputs, bins)
        if self.mask_value is not None:
            found = where(equal(inputs, self.mask_value), cast(0, dtypes.int64), add(found, 1))
        if self.output_mode == "int":
            return cast(found, self.output_dtype())
        return encoded(found, self.num_bins, self.output_mode, None, self.compute_dtype, self.sparse)

    def _hashed(self, inputs: Any, bins: int) -> Any:
        dtype = dtypes.as_dtype(inputs.dtype)
        if dtype.is_integer:
            key = None if self.salt is None else tuple(self.salt)
            return number_to_hash_bucket(inputs, num_buckets=bins, key=key)
        texts = inputs if dtype is dtypes.string else as_string(inputs)
        if self.salt is None:
            return to_hash_bucket_fast(texts, bins)
        return to_hash_bucket_strong(texts, bins, self.salt)

    def output_dtype(self) -> Any:
        """int64 for bins unless another dtype was asked for, else the compute dtype."""
        return self.compute_dtype

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Shape of the outputs."""
        return encoded_shape(tuple(input_shape), self.num_bins, self.output_mode)


def salt_of(where: str, salt: Any) -> list[int] | None:
    """Salt of a hash as two integers, or None.

    Args:
        where: Layer, for messages.
        salt: Integer, two of them, or None.

    Raises:
        InvalidArgumentError: Something else.
    """
    if salt is None:
        return None
    pair = [salt, salt] if isinstance(salt, int) else salt
    if not isinstance(pair, (list, tuple)) or len(pair) != 2 or not all(isinstance(n, int) for n in pair):
        raise InvalidArgumentError(f"[{where}] expected salt to be an integer or two, got {salt!r}.")
    return list(pair)
