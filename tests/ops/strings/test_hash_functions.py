"""Hashes of blocks of texts."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.ops.strings.hash_functions import by_length, farm_hash, sip_hash


def test_siphash_of_its_paper():
    key = (0x0706050403020100, 0x0F0E0D0C0B0A0908)
    text = bytes(range(15))
    found = by_length([text], lambda rows: sip_hash(rows, key))
    assert found.tolist() == [0xA129CA6149BE45E5]


def test_blocks_of_mixed_lengths_are_hashed_as_single_texts():
    texts = [bytes([n % 7] * n) for n in (3, 0, 200, 3, 17, 64, 65)]
    block = by_length(texts, farm_hash)
    assert block.tolist() == [by_length([t], farm_hash)[0] for t in texts]
    assert by_length([], farm_hash).dtype == np.uint64


def test_keys_and_buckets_are_checked():
    with pytest.raises(ValueError, match="num_buckets from 1 to"):
        tf.strings.to_hash_bucket_fast("a", 0)
    with pytest.raises(ValueError, match="a key of two integers, got"):
        tf.strings.to_hash_bucket_strong("a", 2, [1])
