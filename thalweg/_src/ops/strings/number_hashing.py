"""Hashes of integers: those of their decimal texts, and crosses of such with texts, without any text.

Texts have no place on a device, but their hashes are only arithmetic, so that layers that hash integers
run inside of compiled programs.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.core.opdef import op
from thalweg._src.ops.strings.blocks import STRING, texts_of
from thalweg._src.ops.strings.hash_functions import (
    CROSS_KEY,
    by_length,
    farm_hash,
    sip_hash,
    together,
)


def _function(key: tuple[int, int] | None) -> Any:
    return farm_hash if key is None else partial(sip_hash, key=key)


def _buckets_on_host(values: Any, *, num_buckets: int, key: tuple[int, int] | None) -> Any:
    hashes = by_length([b"%d" % n for n in values.reshape(-1).tolist()], _function(key))
    return (hashes % np.uint64(num_buckets)).astype(np.int64).reshape(values.shape)


@op("number_to_hash_bucket", host=_buckets_on_host, differentiable=False)
def number_to_hash_bucket(values: Any, *, num_buckets: int, key: tuple[int, int] | None) -> Any:
    """Bucket int64 of each integer, the same as that of its decimal text.

    Args:
        values: Integers of any shape.
        num_buckets: Number of buckets.
        key: Two integers for SipHash; None for FarmHash.
    """
    flat = values.reshape(-1)
    negative = flat < 0
    wide = flat.astype(np.uint64)
    size = jnp.where(negative, np.uint64(0) - wide, wide)
    most = len(str(np.iinfo(values.dtype).max))
    powers = [np.uint64(10**n) for n in range(most)]
    digits = [(size // power % np.uint64(10)).astype(np.uint8) + np.uint8(48) for power in powers]
    longer = [(size >= power).astype(np.int32) for power in powers[1:]]
    lengths = sum(longer, 1 + negative.astype(np.int32))
    found = jnp.zeros(flat.shape, np.uint64)
    for length in range(1, most + 2):
        # The first place of the longest texts has no digit, only a sign.
        places = [digits[min(n, most - 1)] for n in range(length - 1, -1, -1)]
        places[0] = jnp.where(negative, np.uint8(ord("-")), places[0])
        hashes = _function(key)(jnp.stack(places, 1))
        found = jnp.where(lengths == length, hashes, found)
    return (found % np.uint64(num_buckets)).astype(np.int64).reshape(values.shape)


@op(
    "text_fingerprint",
    inputs=("texts",),
    input_dtypes={"texts": STRING},
    matched=(),
    on_host=True,
    pointwise=True,
)
def text_fingerprint(texts: Any) -> Any:
    """FarmHash uint64 of each text."""
    return by_length(texts_of(texts), farm_hash).reshape(texts.shape)


@op("crossed_bins", matched=(), differentiable=False)
def crossed_bins(*features: Any, num_bins: int) -> Any:
    """Bin int64 of each combination of elements at one place.

    Args:
        *features: Integers of one shape; texts by their `text_fingerprint`.
        num_bins: Number of bins.
    """
    found = jnp.full(features[0].shape, CROSS_KEY, np.uint64)
    for feature in features:
        found = together(found, feature.astype(np.int64).astype(np.uint64))
    return (found % np.uint64(num_bins)).astype(np.int64)
