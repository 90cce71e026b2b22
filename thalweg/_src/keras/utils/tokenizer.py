"""Words of texts as numbers, as Keras 2 counts them."""

from __future__ import annotations

import hashlib
import json
import math
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from thalweg._src.base.errors import FailedPreconditionError, InvalidArgumentError, SignatureError

PUNCTUATION = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
_MODES = ("binary", "count", "freq", "tfidf")
_COUNTS = ("word_counts", "word_docs", "index_docs", "index_word", "word_index")


def text_to_word_sequence(
    input_text: str, filters: str = PUNCTUATION, lower: bool = True, split: str = " "
) -> list[str]:
    """The words of a text.

    Args:
        input_text: The text.
        filters: Characters that separate words too.
        lower: Words come in lower case.
        split: What separates words.

    Returns:
        List of str.

    Example:
        >>> text_to_word_sequence("Hello, my-World!")
        ['hello', 'my', 'world']

    Source: `keras.preprocessing.text.text_to_word_sequence` of Keras 2.
    """
    text = input_text.lower() if lower else input_text
    text = text.translate({ord(character): split for character in filters})
    return [word for word in text.split(split) if word]


def one_hot(
    input_text: str,
    n: int,
    filters: str = PUNCTUATION,
    lower: bool = True,
    split: str = " ",
    analyzer: Callable[[str], list[str]] | None = None,
) -> list[int]:
    """Numbers of a text's words, from Python's `hash`, which differs from process to process.

    Args:
        input_text: The text.
        n: Numbers go from 1 to ``n - 1``.
        filters: Characters that separate words too.
        lower: Words are taken in lower case.
        split: What separates words.
        analyzer: Makes words of the text, instead of the three arguments above.

    Returns:
        One int for each word; different words may share one.

    Source: `keras.preprocessing.text.one_hot` of Keras 2.
    """
    return hashing_trick(input_text, n, hash, filters, lower, split, analyzer)


def hashing_trick(
    text: str,
    n: int,
    hash_function: Callable[[str], int] | str | None = None,
    filters: str = PUNCTUATION,
    lower: bool = True,
    split: str = " ",
    analyzer: Callable[[str], list[str]] | None = None,
) -> list[int]:
    """Numbers of a text's words, from a hash of each.

    Args:
        text: The text.
        n: Numbers go from 1 to ``n - 1``.
        hash_function: Makes an int of a word; ``"md5"`` is the same in every process, None is Python's
            `hash`.
        filters: Characters that separate words too.
        lower: Words are taken in lower case.
        split: What separates words.
        analyzer: Makes words of the text, instead of the three arguments above.

    Returns:
        One int for each word; different words may share one.

    Example:
        >>> hashing_trick("the cat sat", 10, hash_function="md5")
        [6, 3, 1]

    Source: `keras.preprocessing.text.hashing_trick` of Keras 2.
    """
    if hash_function == "md5":
        number: Callable[[str], int] = _md5
    elif hash_function is None:
        number = hash
    elif callable(hash_function):
        number = hash_function
    else:
        raise InvalidArgumentError(
            f"[hashing_trick] expected hash_function 'md5', a function or None, got {hash_function!r}."
        )
    words = analyzer(text) if analyzer else text_to_word_sequence(text, filters, lower, split)
    return [number(word) % (n - 1) + 1 for word in words]


def _md5(word: str) -> int:
    return int(hashlib.md5(word.encode(), usedforsecurity=False).hexdigest(), 16)


class Tokenizer:
    """Numbers the words of texts, the most frequent one first.

    Args:
        num_words: Only words with numbers below this one are kept; all when None.
        filters: Characters that separate words too.
        lower: Words are taken in lower case.
        split: What separates words.
        char_level: Characters are taken for words.
        oov_token: Stands for words that are unknown or not kept, and has number 1; None drops them.
        analyzer: Makes words of a text, instead of `filters`, `lower` and `split`.
        document_count: Number of texts so far.

    Attributes:
        word_counts: How often each word came.
        word_docs: In how many texts each word came.
        word_index: The words' numbers, from 1; 0 is free for padding.
        index_word: The opposite.
        index_docs: As `word_docs`, by numbers.
        document_count: Number of texts.

    Example:
        >>> tokenizer = Tokenizer(num_words=3, oov_token="?")
        >>> tokenizer.fit_on_texts(["The cat sat.", "The dog"])
        >>> tokenizer.texts_to_sequences(["the dog sat", "The!"])
        [[2, 1, 1], [2]]

    Source: `keras.preprocessing.text.Tokenizer` of Keras 2; new programs write
    `keras.layers.TextVectorization`.
    """

    def __init__(
        self,
        num_words: int | None = None,
        filters: str = PUNCTUATION,
        lower: bool = True,
        split: str = " ",
        char_level: bool = False,
        oov_token: str | None = None,
        analyzer: Callable[[str], list[str]] | None = None,
        **kwargs: Any,
    ) -> None:
        if "nb_words" in kwargs:
            warnings.warn("[Tokenizer] nb_words is num_words now.", UserWarning, stacklevel=2)
            num_words = kwargs.pop("nb_words")
        self.document_count = kwargs.pop("document_count", 0)
        if kwargs:
            raise SignatureError(f"[Tokenizer] got unknown arguments {sorted(kwargs)}.")
        self.num_words = num_words
        self.filters = filters
        self.lower = lower
        self.split = split
        self.char_level = char_level
        self.oov_token = oov_token
        self.analyzer = analyzer
        self.word_counts: Counter[str] = Counter()
        self.word_docs: Counter[str] = Counter()
        self.index_docs: Counter[int] = Counter()
        self.word_index: dict[str, int] = {}
        self.index_word: dict[int, str] = {}

    def _words(self, text: Any) -> list[str]:
        if self.char_level or not isinstance(text, str):
            if not self.lower:
                return list(text)
            return list(text.lower()) if isinstance(text, str) else [word.lower() for word in text]
        if self.analyzer is not None:
            return self.analyzer(text)
        return text_to_word_sequence(text, self.filters, self.lower, self.split)

    def fit_on_texts(self, texts: Iterable[Any]) -> None:
        """Counts the words of texts, and numbers all words anew.

        Args:
            texts: Each a str, or a list of words.
        """
        for text in texts:
            words = self._words(text)
            self.document_count += 1
            self.word_counts.update(words)
            self.word_docs.update(dict.fromkeys(words, 1))
        # In the order of their first occurrence where counts are equal.
        ranked = sorted(self.word_counts, key=self.word_counts.__getitem__, reverse=True)
        known = ([] if self.oov_token is None else [self.oov_token]) + ranked
        self.word_index = {word: number for number, word in enumerate(dict.fromkeys(known), 1)}
        self.index_word = {number: word for word, number in self.word_index.items()}
        self.index_docs = Counter({self.word_index[word]: n for word, n in self.word_docs.items()})

    def fit_on_sequences(self, sequences: Iterable[Iterable[int]]) -> None:
        """Counts texts that are numbers already, for `sequences_to_matrix`.

        Args:
            sequences: For each text, its words' numbers.
        """
        for sequence in sequences:
            self.document_count += 1
            self.index_docs.update(dict.fromkeys(sequence, 1))

    def texts_to_sequences(self, texts: Iterable[Any]) -> list[list[int]]:
        """Texts as lists of numbers.

        Args:
            texts: Each a str, or a list of words.
        """
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(self, texts: Iterable[Any]) -> Iterator[list[int]]:
        """The same as `texts_to_sequences`, one by one.

        Args:
            texts: Each a str, or a list of words.
        """
        unknown = self.word_index.get(self.oov_token) if self.oov_token is not None else None
        for text in texts:
            numbers = (self._kept(self.word_index.get(word), unknown) for word in self._words(text))
            yield [number for number in numbers if number is not None]

    def _kept(self, number: int | None, unknown: int | None) -> int | None:
        if number is None or (self.num_words and number >= self.num_words):
            return unknown
        return number

    def sequences_to_texts(self, sequences: Iterable[Iterable[int]]) -> list[str]:
        """Numbers as texts, with spaces between words.

        Args:
            sequences: For each text, its words' numbers.
        """
        return list(self.sequences_to_texts_generator(sequences))

    def sequences_to_texts_generator(self, sequences: Iterable[Iterable[int]]) -> Iterator[str]:
        """The same as `sequences_to_texts`, one by one.

        Args:
            sequences: For each text, its words' numbers.
        """
        unknown = self.word_index.get(self.oov_token) if self.oov_token is not None else None
        for sequence in sequences:
            known = (n if n in self.index_word else None for n in sequence)
            kept = (self._kept(number, unknown) for number in known)
            yield " ".join(self.index_word[number] for number in kept if number is not None)

    def texts_to_matrix(self, texts: Iterable[Any], mode: str = "binary") -> np.ndarray[Any, Any]:
        """What words each text has, as `sequences_to_matrix` says.

        Args:
            texts: Each a str, or a list of words.
            mode: See `sequences_to_matrix`.
        """
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode)

    def sequences_to_matrix(
        self, sequences: Sequence[Sequence[int]], mode: str = "binary"
    ) -> np.ndarray[Any, Any]:
        """What words each text has.

        Args:
            sequences: For each text, its words' numbers.
            mode: ``"binary"`` (1 for a word that is there), ``"count"``, ``"freq"`` (share of the text's
                words) or ``"tfidf"``: ``(1 + log(count)) * log(1 + texts / (1 + texts with the word))``.

        Returns:
            float64 array of shape ``(texts, words)``.

        Raises:
            ValueError: The mode is unknown.
            RuntimeError: It is not known how many words there are.
        """
        if mode not in _MODES:
            raise InvalidArgumentError(f"[Tokenizer] expected mode in {_MODES}, got {mode!r}.")
        if not self.num_words and not self.word_index:
            raise InvalidArgumentError(
                "[Tokenizer] expected num_words, or fit_on_texts before, to know how many words there are."
            )
        if mode == "tfidf" and not self.document_count:
            raise FailedPreconditionError("[Tokenizer] expected fit_on_texts before mode 'tfidf'.")
        width = self.num_words or len(self.word_index) + 1
        matrix = np.zeros((len(sequences), width), np.float64)
        for row, sequence in zip(matrix, sequences):
            for number, count in Counter(n for n in sequence if n < width).items():
                row[number] = self._weight(number, count, len(sequence), mode)
        return matrix

    def _weight(self, number: int, count: int, length: int, mode: str) -> float:
        if mode == "binary":
            return 1.0
        if mode == "count":
            return float(count)
        if mode == "freq":
            return count / length
        rarity = math.log(1 + self.document_count / (1 + self.index_docs[number]))
        return (1 + math.log(count)) * rarity

    def get_config(self) -> dict[str, Any]:
        """Arguments and counts; the counts as JSON texts, as Keras writes them."""
        arguments = (
            "num_words",
            "filters",
            "lower",
            "split",
            "char_level",
            "oov_token",
            "document_count",
        )
        counts = {name: json.dumps(getattr(self, name)) for name in _COUNTS}
        return {name: getattr(self, name) for name in arguments} | counts

    def to_json(self, **kwargs: Any) -> str:
        """The config as JSON text, which `tokenizer_from_json` reads.

        Args:
            **kwargs: As for `json.dumps`.
        """
        return json.dumps({"class_name": "Tokenizer", "config": self.get_config()}, **kwargs)


def tokenizer_from_json(json_string: str) -> Tokenizer:
    """The tokenizer that `Tokenizer.to_json` of thalweg or Keras wrote.

    Args:
        json_string: What it wrote.

    Source: `keras.preprocessing.text.tokenizer_from_json` of Keras 2.
    """
    config = dict(json.loads(json_string)["config"])
    counts = {name: json.loads(config.pop(name)) for name in _COUNTS}
    tokenizer = Tokenizer(**config)
    tokenizer.word_counts = Counter(counts["word_counts"])
    tokenizer.word_docs = Counter(counts["word_docs"])
    tokenizer.word_index = counts["word_index"]
    tokenizer.index_docs = Counter({int(key): value for key, value in counts["index_docs"].items()})
    tokenizer.index_word = {int(key): value for key, value in counts["index_word"].items()}
    return tokenizer
