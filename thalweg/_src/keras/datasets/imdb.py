"""IMDB: 50,000 film reviews, liked or not."""

from __future__ import annotations

import numpy as np

from thalweg._src.keras.datasets.fetch import KERAS_ORIGIN, cached_file
from thalweg._src.keras.datasets.npz import read_sequences
from thalweg._src.keras.datasets.splits import Split, permutation
from thalweg._src.keras.datasets.word_sequences import (
    drop_long,
    most_frequent,
    read_word_index,
    shift_words,
)

_DIGEST = "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"
_INDEX_DIGEST = "bfafd718b763782e994055a2d397834f"  # MD5, the one that is published
_WHERE = "keras.datasets.imdb.load_data"


def load_data(
    path: str = "imdb.npz",
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    seed: int = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int | None = 3,
) -> Split:
    """Reviews as lists of word numbers (a frequent word has a low one), and 1 for liked, 0 for not.

    Args:
        path: Name of the cached file in `~/.keras/datasets`, or an absolute path.
        num_words: Words numbered this or higher become `oov_char`; None keeps all but the rarest.
        skip_top: Words numbered lower than this become `oov_char`.
        maxlen: Reviews of this many words or more are left out; None keeps all.
        seed: Of the shuffle.
        start_char: Opens each review; None for nothing. 0 is left for padding.
        oov_char: Stands for a word that is not kept; None leaves such words out.
        index_from: Added to the word numbers of `get_word_index`; None adds nothing.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: object arrays of lists and labels, each `(25000,)`.

    Raises:
        InvalidArgumentError: No review is shorter than `maxlen`.
        DataUnavailableError: Neither cached nor reachable.
        DataLossError: The file is damaged, or holds more than lists of numbers.

    Source: Maas et al., "Learning Word Vectors for Sentiment Analysis" (2011), in Keras' packing.
    The file holds pickles; unlike Keras we run no code from them.
    """
    file = cached_file(path, KERAS_ORIGIN + "imdb.npz", _DIGEST)
    texts, labels = read_sequences(file, ("x_train", "x_test"), ("y_train", "y_test"), _DIGEST)
    random = np.random.RandomState(seed)
    parts, kept_labels = [], []
    for rows, values in zip(texts, labels, strict=True):
        order = permutation(len(rows), random)
        rows = shift_words([rows[i] for i in order], start_char, index_from)
        rows, values = drop_long(rows, values[order], maxlen, _WHERE)
        parts.append(rows)
        kept_labels.append(values)
    x_train, x_test = most_frequent(parts, num_words, skip_top, oov_char)
    return (x_train, kept_labels[0]), (x_test, kept_labels[1])


def get_word_index(path: str = "imdb_word_index.json") -> dict[str, int]:
    """Numbers of the words, 1 for the most frequent; the reviews hold them plus `index_from`.

    Args:
        path: Name of the cached file in `~/.keras/datasets`, or an absolute path.

    Returns:
        Dictionary from word to number.

    Raises:
        DataUnavailableError: Neither cached nor reachable.
        DataLossError: The file is damaged.
    """
    origin = KERAS_ORIGIN + "imdb_word_index.json"
    return read_word_index(cached_file(path, origin, _INDEX_DIGEST))
