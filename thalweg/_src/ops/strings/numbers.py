"""Numbers read from texts and written as texts: to_number, as_string, format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.dtypes import DType
from thalweg._src.core.opdef import op
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.strings.blocks import STRING, array_of, need_texts, one_text, texts_of
from thalweg._src.ops.text_of_tensors import tensor_text

_NUMBERS = ("float32", "float64", "int32", "int64", "uint32", "uint64")
_HEXADECIMAL = re.compile(rb"\s*[+-]?0[xX]")
_FILLS = ("", " ", "+", "-", "0", "#")

# --- to_number ----------------------------------------------------------------------------------------


def _float(text: bytes) -> float:
    if b"_" in text:
        raise ValueError
    if _HEXADECIMAL.match(text):
        return float.fromhex(text.decode("ascii"))
    return float(text)


def _int(text: bytes) -> int:
    if b"_" in text:
        raise ValueError
    return int(text)


def read_numbers(where: str, texts: list[bytes], dtype: DType) -> Any:
    """Numbers that texts spell, as an array ``(texts,)``.

    Raises:
        InvalidArgumentError: A text spells no number, or one beyond an integer dtype.
    """
    read: Callable[[bytes], Any] = _int if dtype.is_integer else _float
    limits = (dtype.min, dtype.max) if dtype.is_integer else (-np.inf, np.inf)
    values = []
    for place, text in enumerate(texts):
        try:
            value = read(text)
        except (ValueError, OverflowError):
            value = None
        if value is None or value < limits[0] or value > limits[1]:
            raise InvalidArgumentError(
                f"[{where}] expected texts of numbers of dtype {dtype.name}, got {text!r} at flat index "
                f"{place}; replace it first, for example with tf.strings.regex_replace."
            )
        values.append(value)
    if dtype is dtypes.float32:
        return _singles(np.array(values, np.float64), texts)
    return np.array(values, dtype.numpy_dtype)


def _singles(doubles: Any, texts: list[bytes]) -> Any:
    """float32 nearest to each text.

    The double between two of them must not decide: the text may lie to one side of it.
    """
    with np.errstate(all="ignore"):
        singles = doubles.astype(np.float32)
        error = doubles - singles
        others = np.nextafter(singles, np.sign(error).astype(np.float32) * np.float32(np.inf))
        halfway = (error != 0) & (others.astype(np.float64) - doubles == error)
    for place in np.flatnonzero(halfway & np.isfinite(doubles)).tolist():
        text = texts[place]
        if not _HEXADECIMAL.match(text):
            exact, double = Fraction(text.decode("ascii").strip()), Fraction(float(doubles[place]))
            if exact != double:
                near = singles[place], others[place]
                singles[place] = max(near) if exact > double else min(near)
    return singles


def _number_dtype(out_type: Any) -> DType:
    dtype = dtypes.as_dtype(out_type)
    if dtype.name not in _NUMBERS:
        raise InvalidArgumentError(
            f"[string_to_number] expected out_type among {list(_NUMBERS)}, got {dtype.name}; cast the "
            "result with tf.cast."
        )
    return dtype


def _number_form(input: Any, out_type: Any) -> Any:
    need_texts("string_to_number", input)
    return np.zeros(input.shape, _number_dtype(out_type).numpy_dtype)


@op(
    "string_to_number",
    inputs=("input",),
    input_dtypes={"input": STRING},
    matched=(),
    on_host=True,
    pointwise=True,
    form=_number_form,
)
def to_number(input: Any, out_type: Any = dtypes.float32) -> Any:
    """Numbers that the texts spell.

    Args:
        input: Strings of any shape: decimal numbers, with blanks at the ends allowed; for floating dtypes
            also ``inf``, ``nan`` and hexadecimal numbers such as ``0x1.8p3``.
        out_type: float32, float64, int32, int64, uint32 or uint64.

    Returns:
        Tensor of the same shape and dtype `out_type`; the nearest floating number, infinite when too large.

    Raises:
        InvalidArgumentError: A text spells no number, or one beyond an integer dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.strings.to_number(["3.5", " -1e2"])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([   3.5, -100. ], dtype=float32)>

    Source: `tf.strings.to_number`.
    """
    need_texts("string_to_number", input)
    texts = texts_of(input)
    return read_numbers("string_to_number", texts, _number_dtype(out_type)).reshape(input.shape)


# --- as_string ----------------------------------------------------------------------------------------


def _notation(where: str, dtype: DType, precision: int, scientific: bool, shortest: bool) -> str:
    """Letter of C's ``printf`` for the numbers.

    Raises:
        InvalidArgumentError: The settings exclude each other or have no meaning for the dtype.
    """
    if scientific and shortest:
        raise InvalidArgumentError(
            f"[{where}] expected scientific or shortest, got both; choose one of them."
        )
    if dtype.is_integer or dtype.is_bool:
        if precision >= 0 or scientific or shortest:
            raise InvalidArgumentError(
                f"[{where}] expected no precision, scientific or shortest for dtype {dtype.name}; cast to a "
                "floating dtype with tf.cast."
            )
        return "d"
    if dtype is dtypes.string:
        return "s"
    return "e" if scientific else "g" if shortest else "f"


def _floats(array: Any, flags: str, width: str, tail: str) -> Iterator[bytes]:
    """Texts of floating numbers as C writes them: no zeros before inf and nan, which has a sign."""
    usual = f"%{flags}{width}{tail}"
    plus = flags if flags in ("+", " ") else ""
    special = f"%{'-' if flags == '-' else ''}{width}s"
    values = array.reshape(-1)
    finite = np.isfinite(values).tolist()
    negative = np.signbit(values).tolist()
    for value, plain, minus in zip(values.astype(np.float64).tolist(), finite, negative):
        if plain:
            yield (usual % value).encode()
        else:
            name = "nan" if value != value else "inf"
            yield (special % (("-" if minus else plus) + name)).encode()


def _number_texts(array: Any, dtype: DType, flags: str, width: str, tail: str) -> list[bytes]:
    if dtype.is_bool:
        return [b"true" if v else b"false" for v in array.reshape(-1).tolist()]
    if dtype is dtypes.string:
        style = f"%{flags if flags == '-' else ''}{width}{tail if width else 's'}".encode()
        return [style % v for v in texts_of(array)]
    if dtype.is_integer:
        signs = "" if dtype.is_unsigned and flags in ("+", " ") else flags
        style = f"%{signs}{width}{tail}".encode()
        return [style % int(v) for v in array.reshape(-1)]
    if dtype.is_complex:
        parts = (_floats(a, flags, width, tail) for a in (array.real, array.imag))
        return [b"(%s,%s)" % pair for pair in zip(*parts)]
    return list(_floats(array, flags, width, tail))


@op("as_string", inputs=("input",), matched=(), on_host=True, pointwise=True)
def as_string(
    input: Any,
    precision: Any = -1,
    scientific: bool = False,
    shortest: bool = False,
    width: Any = -1,
    fill: Any = "",
) -> Any:
    """Texts of numbers, as C's ``printf`` writes them.

    Args:
        input: Tensor of any dtype and shape.
        precision: Digits behind the point of floating numbers; 6 when negative.
        scientific: Write floating numbers with an exponent: ``1.500000e+00``.
        shortest: Write floating numbers in the shorter of both forms: ``1.5``; `precision` then counts all
            digits.
        width: Smallest number of characters.
        fill: How to reach it: ``""`` blanks in front, ``"0"`` zeros, ``"-"`` blanks behind. ``"+"`` and
            ``" "`` put that in front of numbers that are not negative, ``"#"`` always writes the point.

    Returns:
        Strings of the same shape; bools are ``true`` and ``false``.

    Example:
        >>> import thalweg as tf
        >>> tf.strings.as_string([1.5, 12.25], precision=1, width=5)
        <tf.Tensor: shape=(2,), dtype=string, numpy=array([b'  1.5', b' 12.2'], dtype=object)>

    Source: `tf.strings.as_string`.
    """
    where = "as_string"
    dtype = dtypes.BY_NUMPY[input.dtype]
    digits, size = int_of(where, "precision", precision), int_of(where, "width", width)
    flags = one_text(where, "fill", fill).decode("utf-8", "replace")
    if flags not in _FILLS:
        raise InvalidArgumentError(f"[{where}] expected fill among {list(_FILLS)}, got {fill!r}.")
    letter = _notation(where, dtype, digits, scientific, shortest)
    tail = (f".{digits}" if digits >= 0 else "") + letter
    texts = _number_texts(input, dtype, flags, str(size) if size > 0 else "", tail)
    return array_of(texts, input.shape)


# --- format -------------------------------------------------------------------------------------------


@op("string_format", matched=(), on_host=True)
def _format(*inputs: Any, template: Any, placeholder: Any, summarize: Any) -> Any:
    pieces = template.split(placeholder)
    texts = [tensor_text(array, summarize) for array in inputs]
    whole = "".join(part for pair in zip(pieces, [*texts, ""]) for part in pair)
    return array_of([whole.encode()], ())


def format(
    template: str,
    inputs: Any,
    placeholder: str = "{}",
    summarize: Any = 3,
    name: str | None = None,
) -> Any:
    """Text with the values of tensors in place of placeholders.

    Args:
        template: Text with a placeholder for each tensor.
        inputs: List of tensors, or one.
        placeholder: What is replaced.
        summarize: Number of first and last elements to show in each dimension; all when negative.
        name: Unused.

    Returns:
        Single string.

    Raises:
        ValueError: The template has not one placeholder for each tensor.

    Example:
        >>> import thalweg as tf
        >>> tf.strings.format("sum of {}: {}", (tf.constant([1, 2]), tf.constant(3)))
        <tf.Tensor: shape=(), dtype=string, numpy=b'sum of [1 2]: 3'>

    Source: `tf.strings.format`. Single Python values need no list.
    """
    text = one_text("string_format", "template", template).decode("utf-8", "replace")
    mark = one_text("string_format", "placeholder", placeholder).decode("utf-8", "replace")
    values = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    count = text.count(mark) if mark else -1
    if count != len(values):
        raise InvalidArgumentError(
            f"[string_format] expected one placeholder {mark!r} for each of {len(values)} inputs, got "
            f"{max(count, 0)} of them in {text!r}."
        )
    if not values:
        return Tensor(array_of([text.encode()], ()))
    return _format(*values, template=text, placeholder=mark, summarize=summarize)
