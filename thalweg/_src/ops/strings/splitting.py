"""Texts cut into pieces: split, bytes_split; and pieces put together in sequence: ngrams."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core.opdef import op
from thalweg._src.ops.arguments import int_of, ints_of
from thalweg._src.ops.strings.blocks import (
    STRING,
    array_of,
    joined,
    need_texts,
    one_text,
    splits_of,
    texts_of,
)
from thalweg._src.ops.strings.ragged_results import of_rows, rows_of


@op("string_split", inputs=("input",), input_dtypes={"input": STRING}, matched=(), on_host=True)
def _split(input: Any, sep: Any, maxsplit: Any) -> Any:
    """Flat pieces and row splits."""
    need_texts("string_split", input)
    separator = one_text("string_split", "sep", "" if sep is None else sep)
    most = int_of("string_split", "maxsplit", maxsplit)
    texts = texts_of(input)
    if most == 0:
        rows = [[t] for t in texts]
    else:
        rows = [t.split(separator or None, most) for t in texts]
    return array_of([piece for row in rows for piece in row]), splits_of(map(len, rows))


def split(input: Any, sep: Any = None, maxsplit: Any = -1, name: str | None = None) -> Any:
    """Texts cut at a separator.

    Args:
        input: Strings of any shape, or a ragged tensor of strings.
        sep: Text to cut at. None or an empty text cuts at blanks of ASCII, of which any number stand for
            one; blanks at either end then yield no empty pieces.
        maxsplit: Largest number of cuts; what is left is one piece. Any number when negative.
        name: Unused.

    Returns:
        Ragged tensor with one more dimension; for a single text a tensor ``(pieces,)``.

    Example:
        >>> import thalweg as tf
        >>> tf.strings.split("to be or")
        <tf.Tensor: shape=(3,), dtype=string, numpy=array([b'to', b'be', b'or'], dtype=object)>

    Source: `tf.strings.split`, which follows Python's `str.split`. Where `maxsplit` pieces end the text,
    TensorFlow adds an empty one; as in Python, there is none here.
    """
    return rows_of("string_split", lambda texts: _split(texts, sep, maxsplit), input, STRING)


@op("bytes_split", inputs=("input",), input_dtypes={"input": STRING}, matched=(), on_host=True)
def _bytes_split(input: Any) -> Any:
    """Flat bytes and row splits."""
    need_texts("bytes_split", input)
    data, splits = joined(texts_of(input))
    return array_of([data[i : i + 1] for i in range(len(data))]), splits


def bytes_split(input: Any, name: str | None = None) -> Any:
    """Texts cut into single bytes.

    Args:
        input: Strings of any shape, or a ragged tensor of strings.
        name: Unused.

    Returns:
        Ragged tensor with one more dimension; for a single text a tensor ``(bytes,)``.

    Source: `tf.strings.bytes_split`. For characters see `unicode_split`.
    """
    return rows_of("bytes_split", _bytes_split, input, STRING)


def _pads(pad_values: Any) -> tuple[bytes, bytes] | None:
    if pad_values is None:
        return None
    pair = (pad_values, pad_values) if isinstance(pad_values, (str, bytes)) else pad_values
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        raise DTypeError(
            f"[ngrams] expected pad_values as a text, two texts (left, right) or None, got {pad_values!r}."
        )
    left, right = (one_text("ngrams", "pad_values", p) for p in pair)
    return left, right


def _check_widths(widths: tuple[int, ...], pad_values: Any, padding_width: Any) -> None:
    if any(width < 1 for width in widths):
        raise InvalidArgumentError(
            f"[ngrams] expected ngram_width of 1 or more, got {list(widths)}."
        )
    if padding_width is None:
        return
    if pad_values is None:
        raise InvalidArgumentError(
            f"[ngrams] expected pad_values beside padding_width={padding_width}, got None; name the text "
            "to pad with."
        )
    if int_of("ngrams", "padding_width", padding_width) < 1:
        raise InvalidArgumentError(
            f"[ngrams] expected padding_width of 1 or more, got {padding_width}; leave it and pad_values "
            "out for no padding."
        )


@op("ngrams", inputs=("values", "row_splits"), matched=(), on_host=True)
def _ngrams(
    values: Any,
    row_splits: Any,
    widths: Any,
    separator: Any,
    pads: Any,
    padding: Any,
    preserve: bool,
) -> Any:
    """Flat n-grams and row splits."""
    need_texts("ngrams", values)
    texts, bounds = values.tolist(), row_splits.tolist()
    glue = one_text("ngrams", "separator", separator)
    rows = []
    for start, end in zip(bounds, bounds[1:]):
        row = texts[start:end]
        found = [gram for width in widths for gram in _grams(row, width, glue, pads, padding)]
        if preserve and row and not found:
            found = list(_grams(row, len(row) + 2 * (padding or 0), glue, pads, padding))
        rows.append(found)
    return array_of([gram for row in rows for gram in row]), splits_of(map(len, rows))


def _grams(
    row: list[bytes], width: int, glue: bytes, pads: Any, padding: int | None
) -> Iterator[bytes]:
    if pads is not None:
        count = _pad_count(width, padding)
        row = [pads[0]] * count + row + [pads[1]] * count
    return (glue.join(row[i : i + width]) for i in range(len(row) - width + 1))


def _pad_count(width: int, padding: int | None) -> int:
    """Number of pads at each end of a row for n-grams of so many items."""
    return width - 1 if padding is None else min(padding, width - 1)


def ngrams(
    data: Any,
    ngram_width: Any,
    separator: Any = " ",
    pad_values: Any = None,
    padding_width: Any = None,
    preserve_short_sequences: bool = False,
    name: str | None = None,
) -> Any:
    """N-grams: every run of `ngram_width` neighbours of a row, joined.

    Args:
        data: Strings ``(..., items)``, or a ragged tensor of strings.
        ngram_width: Items of an n-gram, or a list of such numbers, whose n-grams follow each other.
        separator: Text between the items of an n-gram.
        pad_values: Text that pads rows at both ends, or a pair for left and right. None: no padding.
        padding_width: Largest number of pads at each end; never more than ``ngram_width - 1``, which is
            what None gives.
        preserve_short_sequences: Give a row that is too short for any n-gram as one n-gram.
        name: Unused.

    Returns:
        Strings of the kind of `data`: ``(..., ngrams)``, or a ragged tensor.

    Raises:
        ValueError: A width is less than 1, or `padding_width` comes without `pad_values`.

    Example:
        >>> import thalweg as tf
        >>> tf.strings.ngrams(["a", "b", "c"], 2)
        <tf.Tensor: shape=(2,), dtype=string, numpy=array([b'a b', b'b c'], dtype=object)>

    Source: `tf.strings.ngrams`.
    """
    widths = ints_of("ngrams", "ngram_width", ngram_width)
    pads = _pads(pad_values)
    _check_widths(widths, pad_values, padding_width)

    def of_flat(values: Any, row_splits: Any) -> Any:
        return _ngrams(
            values, row_splits, widths, separator, pads, padding_width, preserve_short_sequences
        )

    def count(items: int) -> int:
        padded = [0 if pads is None else _pad_count(w, padding_width) for w in widths]
        found = sum(max(0, items + 2 * p - w + 1) for w, p in zip(widths, padded))
        return found or int(preserve_short_sequences and items > 0)

    return of_rows("ngrams", of_flat, count, data, STRING)
