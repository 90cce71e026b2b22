"""Sequences of different lengths, padded to one array."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError


def pad_sequences(
    sequences: Any,
    maxlen: int | None = None,
    dtype: Any = "int32",
    padding: str = "pre",
    truncating: str = "pre",
    value: Any = 0.0,
) -> np.ndarray[Any, Any]:
    """Sequences of different lengths as one array, the short ones padded and the long ones cut.

    Args:
        sequences: Sized collection of sequences; each holds numbers, strings, or arrays of one shape.
        maxlen: Length of the result; that of the longest sequence when None.
        dtype: Dtype of the result; ``object`` for strings of any length.
        padding: ``"pre"`` or ``"post"``: the side on which short sequences are filled.
        truncating: ``"pre"`` or ``"post"``: the side on which long sequences are cut.
        value: What fills; a number, a string, or an array of the shape of an element.

    Returns:
        NumPy array of shape ``(sequences, maxlen, ...)``.

    Raises:
        ValueError: An entry is no sequence, elements differ in shape, or `value` does not fit `dtype`.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.utils.pad_sequences([[1], [2, 3], [4, 5, 6]], maxlen=2)
        array([[0, 1],
               [2, 3],
               [5, 6]], dtype=int32)

    Source: `keras.utils.pad_sequences`. No sequences give an array of shape ``(0, maxlen)``.
    """
    for name, side in (("padding", padding), ("truncating", truncating)):
        if side not in ("pre", "post"):
            raise InvalidArgumentError(
                f"[pad_sequences] expected {name} 'pre' or 'post', got {side!r}."
            )
    lengths = _lengths(sequences)
    width = max(lengths, default=0) if maxlen is None else int(maxlen)
    element = _element_shape(sequences, lengths)
    padded = np.full((len(lengths), width, *element), _filling(value, dtype), dtype)
    for index, sequence in enumerate(sequences):
        kept = min(lengths[index], width)
        if not kept:
            continue
        part = np.asarray(sequence[-kept:] if truncating == "pre" else sequence[:kept], dtype)
        if part.shape[1:] != element:
            raise InvalidArgumentError(
                f"[pad_sequences] expected elements of shape {element}, as in the sequences before, got "
                f"{part.shape[1:]} in the sequence at {index}; give all elements one shape."
            )
        if padding == "pre":
            padded[index, width - kept :] = part
        else:
            padded[index, :kept] = part
    return padded


def _lengths(sequences: Any) -> list[int]:
    if not hasattr(sequences, "__len__"):
        raise InvalidArgumentError(
            f"[pad_sequences] expected a list of sequences, got {type(sequences).__name__}; write "
            "list(...)."
        )
    lengths = []
    for index, sequence in enumerate(sequences):
        try:
            lengths.append(len(sequence))
        except TypeError:
            raise InvalidArgumentError(
                f"[pad_sequences] expected a list of sequences, got {sequence!r} at {index}; put one "
                "sequence into a list of its own."
            ) from None
    return lengths


def _element_shape(sequences: Any, lengths: list[int]) -> tuple[int, ...]:
    """Shape of one element, by the first sequence that has any."""
    for sequence, length in zip(sequences, lengths):
        if length:
            return np.shape(sequence)[1:]
    return ()


def _filling(value: Any, dtype: Any) -> Any:
    kind = np.dtype(dtype).kind
    if isinstance(value, (str, bytes)) and kind not in "OSU":
        raise InvalidArgumentError(
            f"[pad_sequences] expected a value of dtype {np.dtype(dtype).name}, got {value!r}; write "
            "dtype=object for strings of any length."
        )
    return value
