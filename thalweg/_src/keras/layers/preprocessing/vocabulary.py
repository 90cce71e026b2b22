"""Vocabularies: which token has which index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.layers.preprocessing.text_engine import END
from thalweg._src.keras.layers.preprocessing.word_table import WordTable
from thalweg._src.ops.strings.blocks import array_of
from thalweg._src.ops.strings.hash_functions import by_length, farm_hash, sip_hash

Token = bytes | int

# Index of the mark behind each row of tokens.
END_INDEX = -2


class Vocabulary:
    """Tokens in the order of their indices, special ones first: the mask, then those for unknown tokens.

    Args:
        tokens: All tokens but the special ones, each once.
        mask: Token of index 0 that stands for nothing; None for none.
        unknown: Token that stands for unknown ones.
        unknown_count: Indices for unknown tokens, among which their hashes choose.
        key: Two integers for another hash than that known to all.
    """

    def __init__(
        self,
        tokens: Sequence[Token],
        mask: Token | None,
        unknown: Token,
        unknown_count: int,
        key: tuple[int, int] | None = None,
    ) -> None:
        special = ([] if mask is None else [mask]) + [unknown] * unknown_count
        self.special = special
        self.tokens: list[Token] = [*special, *tokens]
        self.unknown = unknown
        self._first_unknown = len(special) - unknown_count
        self._unknown_count = unknown_count
        self._hash = farm_hash if key is None else partial(sip_hash, key=key)
        self._index = _Indices({t: i + len(special) for i, t in enumerate(tokens)})
        if mask is not None:
            self._index[mask] = 0
        self._index[END] = END_INDEX
        # A single index serves all unknown tokens, without a look at them.
        self._index.unknown = self._first_unknown if unknown_count == 1 else -1
        self._words: WordTable | None = None

    def __len__(self) -> int:
        return len(self.tokens)

    def indices(self, tokens: Sequence[Token]) -> np.ndarray[Any, Any]:
        """Index of each token as int64, `END_INDEX` of the mark behind rows.

        Raises:
            InvalidArgumentError: A token is unknown, and there is no index for such.
        """
        found = np.fromiter(map(self._index.__getitem__, tokens), np.int64, len(tokens))
        if self._unknown_count != 1 and (missing := np.flatnonzero(found == -1)).size:
            found[missing] = self._of_unknown([tokens[i] for i in missing.tolist()])
        return found

    def indices_of_words(self, text: bytes) -> np.ndarray[Any, Any]:
        """Index of each of the words of a text, which white space parts."""
        if self._unknown_count != 1:
            return self.indices(text.split())
        if self._words is None:
            self._words = WordTable(self._index, self._first_unknown)
        return self._words.indices(text)

    def _of_unknown(self, tokens: list[Any]) -> np.ndarray[Any, Any]:
        if not self._unknown_count:
            shown = tokens[0].decode(errors="replace") if isinstance(tokens[0], bytes) else tokens[0]
            raise InvalidArgumentError(
                f"[lookup] expected tokens of the vocabulary, as num_oov_indices=0, got {shown!r}."
            )
        if isinstance(tokens[0], bytes):
            hashes = by_length(tokens, self._hash) % np.uint64(self._unknown_count)
        else:
            hashes = np.asarray(tokens, np.int64) % self._unknown_count
        return hashes.astype(np.int64) + self._first_unknown

    def of_indices(self, indices: np.ndarray[Any, Any]) -> Any:
        """Token of each index, the one for unknown tokens where there is no such index; an array."""
        flat = indices.reshape(-1).tolist()
        size, unknown, tokens = len(self.tokens), self.unknown, self.tokens
        found: list[Any] = [tokens[i] if 0 <= i < size else unknown for i in flat]
        if isinstance(unknown, bytes):
            return array_of(found, indices.shape)
        return np.array(found, np.int64).reshape(indices.shape)


class _Indices(dict[Token, int]):
    """Index of a token; that for unknown ones where it is not there."""

    unknown: int

    def __missing__(self, token: Token) -> int:
        return self.unknown


def most_frequent(counts: Counter[Any], most: int | None) -> list[Any]:
    """Tokens by how often they came, the most frequent first; of equally frequent ones the last in order.

    Args:
        counts: How often each came.
        most: How many to keep; all when None.
    """
    ordered = sorted(counts.items(), key=lambda pair: (pair[1], pair[0]), reverse=True)
    return [token for token, _ in ordered[:most]]


def split_off_special(
    where: str, given: Iterable[Token], mask: Token | None, unknown: Token, unknown_count: int
) -> list[Token]:
    """Tokens of a vocabulary without the special ones, with which it may begin.

    Raises:
        ValueError: Special tokens are in other places than those where they belong, or tokens repeat.
    """
    tokens = list(given)
    special = ([] if mask is None else [mask]) + [unknown] * unknown_count
    if special and tokens[: len(special)] == special:
        tokens = tokens[len(special) :]
    elif unknown_count and tokens[:1] == [unknown] and mask is None:
        tokens = tokens[1:]
    elif mask is not None and tokens[:1] == [mask]:
        raise ValueError(
            f"[{where}] expected a vocabulary that begins with {_shown(special)} or with none of them, got "
            f"{_shown(tokens[: len(special)])}."
        )
    repeated = [token for token, count in Counter(tokens).items() if count > 1]
    if repeated:
        raise ValueError(f"[{where}] expected tokens that differ, got {_shown(repeated[:5])} more than once.")
    for token in {mask, unknown} & set(tokens):
        raise ValueError(
            f"[{where}] expected the special tokens {_shown(special)} at the beginning of the vocabulary "
            f"only, got {token!r} among the others."
        )
    return tokens


def _shown(tokens: Iterable[Token]) -> list[Any]:
    return [t.decode(errors="replace") if isinstance(t, bytes) else t for t in tokens]
