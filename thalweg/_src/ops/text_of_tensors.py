"""Text of tensors as `tf.print` and `tf.strings.format` write it: ``[1 2 3 ... 8 9 10]``."""

from __future__ import annotations

from typing import Any

import numpy as np

_DIGITS = {np.dtype(np.float64): (15, 17)}
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def tensor_text(array: Any, summarize: int | None = 3) -> str:
    """Text of an array.

    Args:
        array: NumPy array of any dtype; strings are bytes in an object array.
        summarize: Number of first and last elements to show in each dimension; all when None or
            negative.

    Returns:
        The text: numbers in the shortest of two widths that gives them back, strings in quotes, bools as
        0 and 1.

    Source: the text format of TensorFlow's ``StringFormat`` op.
    """
    array = np.asarray(array)
    shown = -1 if summarize is None else int(summarize)
    return _nested(array, shown, array.ndim)


def _nested(array: Any, shown: int, rank: int) -> str:
    if not array.ndim:
        return _element(array[()])
    parts = [_nested(row, shown, rank) for row in _ends(array, shown)]
    if shown >= 0 and array.shape[0] > 2 * shown:
        parts.insert(shown, "...")
    depth = rank - array.ndim + 1
    gap = "\n" * (array.ndim - 1) + " " * depth if array.ndim > 1 else " "
    return "[" + gap.join(parts) + "]"


def _ends(array: Any, shown: int) -> list[Any]:
    """The first and last rows that are shown."""
    count = array.shape[0]
    if shown < 0 or count <= 2 * shown:
        return [array[i, ...] for i in range(count)]
    return [array[i, ...] for i in (*range(shown), *range(count - shown, count))]


def _element(value: Any) -> str:
    if isinstance(value, (bytes, str)):
        text = value.decode(errors="replace") if isinstance(value, bytes) else value
        return f'"{text.translate(_ESCAPES)}"'
    kind = np.asarray(value).dtype
    if kind == np.bool_:
        return str(int(value))
    if kind.kind in "iu":
        return str(int(value))
    if kind.kind == "c":
        return f"({_number(value.real)},{_number(value.imag)})"
    return _number(value)


def _number(value: Any) -> str:
    """A floating number in few digits, or in more where those would not give it back."""
    dtype = np.asarray(value).dtype
    few, many = _DIGITS.get(dtype, (6, 9))
    number = float(value)
    text = f"{number:.{few}g}"
    wide = np.float64 if dtype == np.float64 else np.float32
    return text if number != number or wide(text) == wide(number) else f"{number:.{many}g}"
