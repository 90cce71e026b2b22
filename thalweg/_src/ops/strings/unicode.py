"""Characters of texts: unicode_decode, unicode_encode, unicode_split, unicode_transcode, unicode_script."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.opdef import op
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.ragged.rows import is_ragged
from thalweg._src.ops.shaping import reshape
from thalweg._src.ops.strings.blocks import STRING, array_of, choice, need_texts, texts_of
from thalweg._src.ops.strings.decoding import OUTPUTS, Policy, codec_of, decoded, encoded
from thalweg._src.ops.strings.ragged_results import rows_of
from thalweg._src.ops.strings.scripts import script_numbers

_REPLACEMENT = 0xFFFD


def _need_points(where: str, array: Any) -> None:
    if array.dtype != np.int32:
        raise DTypeError(
            f"[{where}] expected code points of dtype int32, got {dtypes.BY_NUMPY[array.dtype].name}; cast "
            "them with tf.cast."
        )


# --- Decoding -----------------------------------------------------------------------------------------


@op("unicode_decode", inputs=("input",), input_dtypes={"input": STRING}, matched=(), on_host=True)
def _decode(
    input: Any, encoding: Any, errors: Any, replacement: Any, control: bool, where: str
) -> Any:
    """Flat code points, places of their bytes, row splits."""
    need_texts(where, input)
    policy = Policy(where, errors, int_of(where, "replacement_char", replacement), control)
    return decoded(texts_of(input), codec_of(where, encoding), policy)


def _decoded_rows(
    where: str, input: Any, encoding: Any, errors: str, replacement: Any, control: bool
) -> tuple[Any, Any]:
    """Ragged code points and places of their bytes."""

    def of_flat(texts: Any) -> Any:
        return _decode(texts, encoding, errors, replacement, control, where)

    found: tuple[Any, Any] = rows_of(where, of_flat, input, STRING)
    return found


def unicode_decode(
    input: Any,
    input_encoding: str,
    errors: str = "replace",
    replacement_char: int = _REPLACEMENT,
    replace_control_characters: bool = False,
    name: str | None = None,
) -> Any:
    """Code points of texts.

    Args:
        input: Strings of any shape, or a ragged tensor of strings.
        input_encoding: Name of their encoding, such as ``"UTF-8"``, ``"UTF-16-BE"``, ``"ISO-8859-1"``.
        errors: What to do about bytes that stand for nothing: ``"replace"``, ``"ignore"``, or ``"strict"``
            for an error.
        replacement_char: Code point that replaces them.
        replace_control_characters: Replace (or leave out) the characters 0 to 31, too.
        name: Unused.

    Returns:
        int32 ragged tensor with one more dimension; for a single text a tensor ``(characters,)``.

    Raises:
        InvalidArgumentError: The encoding is unknown, or wrong bytes come with ``errors="strict"``.

    Example:
        >>> import thalweg as tf
        >>> tf.strings.unicode_decode("né", "UTF-8")
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([110, 233], dtype=int32)>

    Source: `tf.strings.unicode_decode`. Encodings are those that Python knows.
    """
    where = "unicode_decode"
    control = replace_control_characters
    return _decoded_rows(where, input, input_encoding, errors, replacement_char, control)[0]


def unicode_decode_with_offsets(
    input: Any,
    input_encoding: str,
    errors: str = "replace",
    replacement_char: int = _REPLACEMENT,
    replace_control_characters: bool = False,
    name: str | None = None,
) -> tuple[Any, Any]:
    """Code points of texts, and where in the text the bytes of each begin.

    Args:
        input: See `unicode_decode`, as for all other arguments.
        input_encoding: Name of their encoding.
        errors: What to do about bytes that stand for nothing.
        replacement_char: Code point that replaces them.
        replace_control_characters: Replace (or leave out) the characters 0 to 31, too.
        name: Unused.

    Returns:
        Pair of ragged tensors, int32 and int64, of the same rows.

    Source: `tf.strings.unicode_decode_with_offsets`.
    """
    where = "unicode_decode_with_offsets"
    control = replace_control_characters
    return _decoded_rows(where, input, input_encoding, errors, replacement_char, control)


# --- Splitting ----------------------------------------------------------------------------------------


@op("unicode_split", inputs=("input",), input_dtypes={"input": STRING}, matched=(), on_host=True)
def _split(input: Any, encoding: Any, errors: Any, replacement: Any, where: str) -> Any:
    """Flat characters, places of their bytes, row splits."""
    need_texts(where, input)
    choice(where, "input_encoding", encoding, OUTPUTS)
    policy = Policy(where, errors, int_of(where, "replacement_char", replacement))
    points, places, splits = decoded(texts_of(input), codec_of(where, encoding), policy)
    # Each different character is written once.
    known, which = np.unique(points, return_inverse=True)
    letters = array_of(encoded(known, np.arange(known.size + 1), encoding, policy))
    return letters[which], places, splits


def _split_rows(
    where: str, input: Any, encoding: Any, errors: str, replacement: Any
) -> tuple[Any, Any]:
    """Ragged characters and places of their bytes."""

    def of_flat(texts: Any) -> Any:
        return _split(texts, encoding, errors, replacement, where)

    found: tuple[Any, Any] = rows_of(where, of_flat, input, STRING)
    return found


def unicode_split(
    input: Any,
    input_encoding: str,
    errors: str = "replace",
    replacement_char: int = _REPLACEMENT,
    name: str | None = None,
) -> Any:
    """Characters of texts, each as a text of its own.

    Args:
        input: Strings of any shape, or a ragged tensor of strings.
        input_encoding: ``"UTF-8"``, ``"UTF-16-BE"`` or ``"UTF-32-BE"``, also of the result.
        errors: What to do about bytes that stand for nothing: ``"replace"``, ``"ignore"``, or ``"strict"``
            for an error.
        replacement_char: Code point that replaces them.
        name: Unused.

    Returns:
        Ragged tensor of strings with one more dimension; for a single text a tensor ``(characters,)``.

    Source: `tf.strings.unicode_split`.
    """
    return _split_rows("unicode_split", input, input_encoding, errors, replacement_char)[0]


def unicode_split_with_offsets(
    input: Any,
    input_encoding: str,
    errors: str = "replace",
    replacement_char: int = _REPLACEMENT,
    name: str | None = None,
) -> tuple[Any, Any]:
    """Characters of texts, and where in the text the bytes of each begin.

    Args:
        input: See `unicode_split`, as for all other arguments.
        input_encoding: ``"UTF-8"``, ``"UTF-16-BE"`` or ``"UTF-32-BE"``.
        errors: What to do about bytes that stand for nothing.
        replacement_char: Code point that replaces them.
        name: Unused.

    Returns:
        Pair of ragged tensors, of strings and int64, of the same rows.

    Source: `tf.strings.unicode_split_with_offsets`.
    """
    where = "unicode_split_with_offsets"
    return _split_rows(where, input, input_encoding, errors, replacement_char)


# --- Encoding -----------------------------------------------------------------------------------------


@op("unicode_encode", inputs=("points", "row_splits"), matched=(), on_host=True)
def _encode(points: Any, row_splits: Any, encoding: Any, errors: Any, replacement: Any) -> Any:
    where = "unicode_encode"
    _need_points(where, points)
    policy = Policy(where, errors, int_of(where, "replacement_char", replacement))
    return array_of(encoded(points, row_splits, encoding, policy))


def unicode_encode(
    input: Any,
    output_encoding: str,
    errors: str = "replace",
    replacement_char: int = _REPLACEMENT,
    name: str | None = None,
) -> Any:
    """Texts of code points.

    Args:
        input: int32 code points ``(..., characters)``, or a ragged tensor of them.
        output_encoding: ``"UTF-8"``, ``"UTF-16-BE"`` or ``"UTF-32-BE"``.
        errors: What to do about numbers that are no code points: ``"replace"``, ``"ignore"``, or
            ``"strict"`` for an error.
        replacement_char: Code point that replaces them.
        name: Unused.

    Returns:
        Strings ``(...)``, ragged where `input` has more than one ragged dimension.

    Raises:
        InvalidArgumentError: A number is no code point and ``errors="strict"``.

    Example:
        >>> import thalweg as tf
        >>> tf.strings.unicode_encode([[72, 233], [104, 233]], "UTF-8").numpy().tolist()
        [b'H\\xc3\\xa9', b'h\\xc3\\xa9']

    Source: `tf.strings.unicode_encode`.
    """
    if is_ragged(input):
        if is_ragged(input.values):
            inner = unicode_encode(input.values, output_encoding, errors, replacement_char)
            return input.with_values(inner)
        return _encode(input.values, input.row_splits, output_encoding, errors, replacement_char)
    points = convert_to_tensor(input, dtype_hint=dtypes.int32)
    shape = tuple(points.shape)
    if not shape:
        raise ShapeError(
            "[unicode_encode] expected code points of rank 1 or more, got a single one; put it in a list."
        )
    rows = int(np.prod(shape[:-1]))
    splits = np.arange(rows + 1, dtype=np.int64) * shape[-1]
    flat = _encode(reshape(points, (-1,)), splits, output_encoding, errors, replacement_char)
    return reshape(flat, shape[:-1])


@op(
    "unicode_transcode",
    inputs=("input",),
    input_dtypes={"input": STRING},
    matched=(),
    on_host=True,
    pointwise=True,
)
def unicode_transcode(
    input: Any,
    input_encoding: Any,
    output_encoding: Any,
    errors: Any = "replace",
    replacement_char: Any = _REPLACEMENT,
    replace_control_characters: bool = False,
) -> Any:
    """Texts in another encoding.

    Args:
        input: Strings of any shape.
        input_encoding: Name of their encoding, such as ``"UTF-8"``, ``"UTF-16-BE"``, ``"ISO-8859-1"``.
        output_encoding: ``"UTF-8"``, ``"UTF-16-BE"`` or ``"UTF-32-BE"``.
        errors: What to do about bytes that stand for nothing: ``"replace"``, ``"ignore"``, or ``"strict"``
            for an error.
        replacement_char: Code point that replaces them.
        replace_control_characters: Replace (or leave out) the characters 0 to 31, too.

    Returns:
        Strings of the same shape.

    Raises:
        InvalidArgumentError: An encoding is unknown, or wrong bytes come with ``errors="strict"``.

    Source: `tf.strings.unicode_transcode`.
    """
    where = "unicode_transcode"
    need_texts(where, input)
    replacement = int_of(where, "replacement_char", replacement_char)
    policy = Policy(where, errors, replacement, replace_control_characters)
    points, _, splits = decoded(texts_of(input), codec_of(where, input_encoding), policy)
    return array_of(encoded(points, splits, output_encoding, policy), input.shape)


@op(
    "unicode_script",
    inputs=("input",),
    input_dtypes={"input": dtypes.int32},
    matched=(),
    on_host=True,
    pointwise=True,
)
def unicode_script(input: Any) -> Any:
    """Script of each character, as ICU's number: 0 for common ones, 25 Latin, 14 Greek, 17 Han.

    Args:
        input: int32 code points of any shape.

    Returns:
        int32 tensor of the same shape; 103 for a code point without a script, -1 for what is none.

    Example:
        >>> import thalweg as tf
        >>> tf.strings.unicode_script([ord("a"), ord("ω"), ord("1")])
        <tf.Tensor: shape=(3,), dtype=int32, numpy=array([25, 14,  0], dtype=int32)>

    Source: `tf.strings.unicode_script`; Unicode 13.
    """
    _need_points("unicode_script", input)
    return script_numbers(input)
