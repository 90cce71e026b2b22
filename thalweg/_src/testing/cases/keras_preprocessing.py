"""Rows for the ops of Keras' layers for texts and categories, most of which run on the host."""

from __future__ import annotations

from typing import Any

import numpy as np

import thalweg as tf
from thalweg._src.ops.strings.hash_functions import by_length, farm_hash
from thalweg._src.testing.rows import Make, Row

_TEXTS = [b"Ab c", b"", b"c, C!", b"zz ab"]
_INDEX = {b"ab": 2, b"c": 3}


def _texts(m: Make) -> tuple[Any]:
    return (np.array([_TEXTS[i % len(_TEXTS)] for i in range(m.n)], object),)


def _words(m: Make) -> tuple[Any]:
    return (np.array([[b"ab", b"c", b"z"][i % 3] for i in range(m.n)], object),)


def _called(**settings: Any) -> Any:
    return lambda layer, *args: layer(**settings)(*args)


def _cleaned(text: bytes) -> list[bytes]:
    return text.lower().translate(None, b",!").split()


def _indices(texts: Any) -> Any:
    rows = [[_INDEX.get(w, 1) for w in _cleaned(t)] for t in texts]
    return np.array([(row + [0, 0, 0])[:3] for row in rows], np.int64)


def _counts(texts: Any) -> Any:
    """How often unknown words, ``ab``, ``c`` and the pair of both come, as runs of one or two words."""
    places = {b"ab": 1, b"c": 2, b"ab c": 3}
    out = np.zeros((len(texts), 4), np.int64)
    for row, text in zip(out, texts, strict=True):
        words = _cleaned(text)
        for run in [*words, *(b" ".join(pair) for pair in zip(words, words[1:], strict=False))]:
            row[places.get(run, 0)] += 1
    return out


def _buckets(numbers: Any) -> Any:
    hashes = by_length([b"%d" % n for n in numbers.tolist()], farm_hash)
    return (hashes % np.uint64(7)).astype(np.int64)


_ON_HOST: dict[str, Any] = {"traced": False, "wide": True, "note": "on the host; int64 as in Keras"}

ROWS = [
    Row(
        "keras.layers.TextVectorization",
        _texts,
        via=_called(vocabulary=["ab", "c"], output_sequence_length=3),
        reference=_indices,
        **_ON_HOST,
    ),
    Row(
        "keras.layers.TextVectorization",
        _texts,
        via=_called(
            vocabulary=["ab", "c", "ab c"], output_mode="count", ngrams=2, split=tf.strings.split
        ),
        reference=_counts,
        label="by parts",
        symbolic=False,
        **_ON_HOST,
    ),
    Row(
        "keras.layers.TextVectorization",
        _texts,
        via=lambda layer, texts: layer(vocabulary=["ab", "c"], ragged=True)(texts).to_tensor(
            shape=(None, 3)
        ),
        reference=_indices,
        label="ragged",
        symbolic=False,
        **_ON_HOST,
    ),
    Row(
        "keras.layers.StringLookup",
        _words,
        via=_called(vocabulary=["ab", "c"], mask_token=""),
        reference=lambda words: np.array([_INDEX.get(w, 1) for w in words], np.int64),
        **_ON_HOST,
    ),
    Row(
        "keras.layers.StringLookup",
        lambda m: (m.ints(m.n, low=0, high=4),),
        via=_called(vocabulary=["ab", "c"], invert=True),
        reference=lambda i: np.array([b"[UNK]", b"ab", b"c", b"[UNK]"], object)[i],
        label="inverted",
        traced=False,
        note="on the host",
    ),
    Row(
        "keras.layers.HashedCrossing",
        lambda m: (*_words(m), m.ints(m.n, low=0, high=9)),
        via=lambda layer, *args: layer(num_bins=1)(args),
        reference=lambda words, numbers: np.zeros(words.shape, np.int64),
        **_ON_HOST,
    ),
    Row(
        "keras.layers.Hashing",
        lambda m: (m.ints(m.n, low=-50, high=2000),),
        via=_called(num_bins=7),
        reference=_buckets,
        wide=True,
        note="int64 as in Keras",
    ),
]
