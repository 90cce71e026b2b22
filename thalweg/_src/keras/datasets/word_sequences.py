"""What IMDB and Reuters do to their texts of word numbers, and the dictionaries of their words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from thalweg._src.base.errors import DataLossError, InvalidArgumentError

Rows = list[list[int]]


def shift_words(rows: Rows, start_char: int | None, index_from: int | None) -> Rows:
    """Rows whose word numbers are moved up by `index_from`, with `start_char` put in front.

    Args:
        rows: Texts of word numbers.
        start_char: Number that opens each text, or None for none.
        index_from: Added to each word number, so that lower ones stay free for marks; None adds nothing.
    """
    shift = index_from or 0
    opening = [] if start_char is None else [start_char]
    return [opening + [word + shift for word in row] for row in rows]


def drop_long(
    rows: Rows, labels: npt.NDArray[Any], maxlen: int | None, where: str
) -> tuple[Rows, npt.NDArray[Any]]:
    """The rows shorter than `maxlen` and their labels; all of them when `maxlen` is None or 0.

    Raises:
        InvalidArgumentError: No row is short enough.
    """
    if not maxlen:
        return rows, labels
    kept = [number for number, row in enumerate(rows) if len(row) < maxlen]
    if not kept:
        shortest = min(map(len, rows), default=0)
        raise InvalidArgumentError(
            f"[{where}] expected texts shorter than maxlen={maxlen}, got none: the shortest has "
            f"{shortest} words; raise maxlen."
        )
    return [rows[number] for number in kept], labels[kept]


def most_frequent(
    parts: Sequence[Rows], num_words: int | None, skip_top: int, oov_char: int | None
) -> list[npt.NDArray[np.object_]]:
    """Each part with the words outside [skip_top, num_words) replaced by `oov_char`, or left out.

    Args:
        parts: Texts of word numbers.
        num_words: Words of this number and above are rare. None or 0 takes the highest number
            of all parts, which counts the rarest word as rare: so does Keras.
        skip_top: Words below this number are too frequent.
        oov_char: What stands for an unused word; None leaves it out.

    Returns:
        Arrays of lists, each of shape `(samples,)`.
    """
    limit = num_words or max((max(row, default=0) for rows in parts for row in rows), default=0)
    return [
        _array_of_lists([_keep(row, range(skip_top, limit), oov_char) for row in rows])
        for rows in parts
    ]


def _keep(row: list[int], words: range, oov_char: int | None) -> list[int]:
    low, high = words.start, words.stop
    if oov_char is None:
        return [word for word in row if low <= word < high]
    return [word if low <= word < high else oov_char for word in row]


def _array_of_lists(rows: Rows) -> npt.NDArray[np.object_]:
    """One-dimensional, also where all rows have one length (`np.array` would make a matrix)."""
    array = np.empty(len(rows), dtype=object)
    array[:] = rows
    return array


def read_word_index(path: Path) -> dict[str, int]:
    """The dictionary from words to their numbers in a JSON file.

    Raises:
        DataLossError: The file is not such a dictionary.
    """
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise DataLossError(
            f"[{path}] expected JSON, got {error}; delete the file and load the index again."
        ) from error
    if not isinstance(index, dict) or any(type(number) is not int for number in index.values()):
        raise DataLossError(
            f"[{path}] expected a dictionary of words and numbers, got {type(index).__name__}; "
            "delete the file and load the index again."
        )
    return index
