"""Reuters: 11,228 newswires of 46 topics."""

from __future__ import annotations

import numpy as np

from thalweg._src.keras.datasets.fetch import KERAS_ORIGIN, cached_file
from thalweg._src.keras.datasets.npz import read_sequences
from thalweg._src.keras.datasets.splits import Split, check_test_split, permutation
from thalweg._src.keras.datasets.word_sequences import (
    drop_long,
    most_frequent,
    read_word_index,
    shift_words,
)

_DIGEST = "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916"
_INDEX_DIGEST = "4d44cc38712099c9e383dc6e5f11a921"  # MD5, the one that is published
_WHERE = "keras.datasets.reuters.load_data"
_TOPICS = (
    "cocoa grain veg-oil earn acq wheat copper housing money-supply coffee sugar trade reserves "
    "ship cotton carcass crude nat-gas cpi money-fx interest gnp meal-feed alum oilseed gold tin "
    "strategic-metal livestock retail ipi iron-steel rubber heat jobs lei bop zinc orange "
    "pet-chem dlr gas silver wpi hog lead"
)


def load_data(
    path: str = "reuters.npz",
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    test_split: float = 0.2,
    seed: int = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int | None = 3,
) -> Split:
    """Newswires as lists of word numbers (a frequent word has a low one), and topics, 0 to 45.

    Args:
        path: Name of the cached file in `~/.keras/datasets`, or an absolute path.
        num_words: Words numbered this or higher become `oov_char`; None keeps all but the rarest.
        skip_top: Words numbered lower than this become `oov_char`.
        maxlen: Newswires of this many words or more are left out; None keeps all.
        test_split: Share of the newswires to test on, in [0, 1).
        seed: Of the shuffle.
        start_char: Opens each newswire; None for nothing. 0 is left for padding.
        oov_char: Stands for a word that is not kept; None leaves such words out.
        index_from: Added to the word numbers of `get_word_index`; None adds nothing.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: lists in object arrays, `(8982,)` and `(2246,)` with
        the defaults; labels of the same shapes.

    Raises:
        InvalidArgumentError: `test_split` is out of range, or no newswire is shorter than `maxlen`.
        DataUnavailableError: Neither cached nor reachable.
        DataLossError: The file is damaged, or holds more than lists of numbers.

    Source: Lewis, Reuters-21578, in Keras' packing. We run no code from its pickle.
    """
    check_test_split(test_split, _WHERE)
    file = cached_file(path, KERAS_ORIGIN + "reuters.npz", _DIGEST)
    (texts,), (labels,) = read_sequences(file, ("x",), ("y",), _DIGEST)
    order = permutation(len(texts), np.random.RandomState(seed))
    rows = shift_words([texts[i] for i in order], start_char, index_from)
    rows, labels = drop_long(rows, labels[order], maxlen, _WHERE)
    (x,) = most_frequent((rows,), num_words, skip_top, oov_char)
    count = int(len(x) * (1 - test_split))
    return (x[:count], labels[:count]), (x[count:], labels[count:])


def get_word_index(path: str = "reuters_word_index.json") -> dict[str, int]:
    """Numbers of the words, 1 for the most frequent; the newswires hold them plus `index_from`.

    Args:
        path: Name of the cached file in `~/.keras/datasets`, or an absolute path.

    Returns:
        Dictionary from word to number.

    Raises:
        DataUnavailableError: Neither cached nor reachable.
        DataLossError: The file is damaged.
    """
    origin = KERAS_ORIGIN + "reuters_word_index.json"
    return read_word_index(cached_file(path, origin, _INDEX_DIGEST))


def get_label_names() -> tuple[str, ...]:
    """Names of the 46 topics, in the order of the labels.

    Returns:
        Tuple of names.

    Example:
        >>> get_label_names()[3]
        'earn'
    """
    return tuple(_TOPICS.split())
