"""Buckets of texts by their hash."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.arguments import int_of, ints_of
from thalweg._src.ops.strings.blocks import STRING, choice, need_texts, texts_of
from thalweg._src.ops.strings.hash_functions import by_length, farm_hash, murmur_hash, sip_hash

_WORD = (1 << 64) - 1


def _buckets(where: str, array: Any, num_buckets: Any, function: Callable[[Any], Any]) -> Any:
    need_texts(where, array)
    count = int_of(where, "num_buckets", num_buckets)
    if not 1 <= count < 1 << 63:
        raise InvalidArgumentError(
            f"[{where}] expected num_buckets from 1 to {(1 << 63) - 1}, got {count}."
        )
    hashes = by_length(texts_of(array), function)
    return (hashes % np.uint64(count)).astype(np.int64).reshape(array.shape)


@op(
    "string_to_hash_bucket_fast",
    inputs=("input",),
    input_dtypes={"input": STRING},
    matched=(),
    on_host=True,
    pointwise=True,
)
def to_hash_bucket_fast(input: Any, num_buckets: Any) -> Any:
    """Bucket of each text: its FarmHash fingerprint modulo the number of buckets.

    The same on every machine and in every version. Texts can be chosen so that all fall into one bucket;
    where users could do that, take `to_hash_bucket_strong`.

    Args:
        input: Strings of any shape.
        num_buckets: Number of buckets, 1 or more.

    Returns:
        int64 tensor of the same shape, from 0 to ``num_buckets - 1``.

    Example:
        >>> import thalweg as tf
        >>> tf.strings.to_hash_bucket_fast(["a", "abc"], 1000)
        <tf.Tensor: shape=(2,), dtype=int64, numpy=array([939, 385])>

    Source: `tf.strings.to_hash_bucket_fast`.
    """
    return _buckets("string_to_hash_bucket_fast", input, num_buckets, farm_hash)


@op(
    "string_to_hash_bucket_strong",
    inputs=("input",),
    input_dtypes={"input": STRING},
    matched=(),
    on_host=True,
    pointwise=True,
)
def to_hash_bucket_strong(input: Any, num_buckets: Any, key: Any) -> Any:
    """Bucket of each text by a keyed hash, which nobody can foresee without the key.

    Args:
        input: Strings of any shape.
        num_buckets: Number of buckets, 1 or more.
        key: Two integers of 64 bits.

    Returns:
        int64 tensor of the same shape, from 0 to ``num_buckets - 1``.

    Source: `tf.strings.to_hash_bucket_strong`; SipHash-2-4.
    """
    where = "string_to_hash_bucket_strong"
    pair = ints_of(where, "key", key)
    if len(pair) != 2:
        raise InvalidArgumentError(f"[{where}] expected a key of two integers, got {list(pair)}.")
    words = (pair[0] & _WORD, pair[1] & _WORD)
    return _buckets(where, input, num_buckets, functools.partial(sip_hash, key=words))


@op(
    "string_to_hash_bucket",
    inputs=("input",),
    input_dtypes={"input": STRING},
    matched=(),
    on_host=True,
    pointwise=True,
)
def to_hash_bucket(input: Any, num_buckets: Any) -> Any:
    """Bucket of each text by TensorFlow's older hash; prefer `to_hash_bucket_fast`.

    Args:
        input: Strings of any shape.
        num_buckets: Number of buckets, 1 or more.

    Returns:
        int64 tensor of the same shape, from 0 to ``num_buckets - 1``.

    Source: `tf.strings.to_hash_bucket`; MurmurHash64A.
    """
    return _buckets("string_to_hash_bucket", input, num_buckets, murmur_hash)


@op("fingerprint", inputs=("data",), matched=(), on_host=True)
def fingerprint(data: Any, method: Any = "farmhash64") -> Any:
    """FarmHash fingerprint of the bytes of each row.

    Args:
        data: Tensor ``(rows, ...)`` of any dtype. Rows of several texts are fingerprinted by their texts'
            fingerprints.
        method: ``"farmhash64"``.

    Returns:
        uint8 tensor ``(rows, 8)``, the lowest byte first.

    Source: `tf.fingerprint`.
    """
    choice("fingerprint", "method", method, ["farmhash64"])
    if not data.ndim:
        raise ShapeError("[fingerprint] expected data of rank 1 or more, got a single value.")
    rows = len(data)
    if data.dtype == object:
        hashes = by_length(texts_of(data), farm_hash)
        if data.ndim == 1:
            return hashes.astype("<u8").view(np.uint8).reshape(rows, 8)
        data = hashes.reshape(data.shape)
    little = np.ascontiguousarray(data, data.dtype.newbyteorder("<"))
    texts = [row.tobytes() for row in little.reshape(rows, -1)] if data.size else []
    return by_length(texts, farm_hash).astype("<u8").view(np.uint8).reshape(rows, 8)
