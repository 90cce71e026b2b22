"""Bytes in strings as something else: base64, numbers, uncompressed bytes."""

from __future__ import annotations

import base64
import re
import zlib
from typing import Any

import numpy as np

from thalweg._src.base.errors import DataLossError, DTypeError, InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.dtypes import DType
from thalweg._src.core.opdef import op
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.strings.blocks import STRING, array_of, choice, need_texts, texts_of

# --- base64 -------------------------------------------------------------------------------------------

# Whole groups of four, then one of two or three characters, with or without padding.
_BASE64 = re.compile(rb"(?:[\w-]{4})*(?:[\w-]{2}(?:==)?|[\w-]{3}=?)?", re.ASCII)


@op(
    "encode_base64",
    inputs=("input",),
    input_dtypes={"input": STRING},
    matched=(),
    on_host=True,
    pointwise=True,
)
def encode_base64(input: Any, pad: bool = False) -> Any:
    """Texts in base64, in the alphabet that is safe in addresses and names of files.

    Args:
        input: Strings of any shape.
        pad: Fill each text up with ``=`` to a multiple of four characters.

    Returns:
        Strings of the same shape.

    Source: `tf.io.encode_base64`; RFC 4648, section 5.
    """
    need_texts("encode_base64", input)
    encoded = (base64.urlsafe_b64encode(t) for t in texts_of(input))
    return array_of([t if pad else t.rstrip(b"=") for t in encoded], input.shape)


@op(
    "decode_base64",
    inputs=("input",),
    input_dtypes={"input": STRING},
    matched=(),
    on_host=True,
    pointwise=True,
)
def decode_base64(input: Any) -> Any:
    """Texts that were encoded by `encode_base64`, with or without padding.

    Args:
        input: Strings of any shape.

    Returns:
        Strings of the same shape.

    Raises:
        InvalidArgumentError: A text is not in this alphabet, or of a wrong length.

    Source: `tf.io.decode_base64`; RFC 4648, section 5.
    """
    need_texts("decode_base64", input)
    return array_of([_decoded(t) for t in texts_of(input)], input.shape)


def _decoded(text: bytes) -> bytes:
    if not _BASE64.fullmatch(text):
        raise InvalidArgumentError(
            f"[decode_base64] expected texts of A-Z, a-z, 0-9, - and _ in whole bytes, got {text[:40]!r}; "
            "the alphabet with + and / is another one."
        )
    return base64.urlsafe_b64decode(text.rstrip(b"=") + b"=" * (-len(text.rstrip(b"=")) % 4))


# --- Numbers ------------------------------------------------------------------------------------------

_RAW = (
    "float16", "float32", "float64", "bfloat16", "int8", "int16", "int32", "int64", "uint8", "uint16", "bool",
    "complex64", "complex128",
)  # fmt: skip


def _raw_dtype(out_type: Any) -> DType:
    dtype = dtypes.as_dtype(out_type)
    if dtype.name not in _RAW:
        raise DTypeError(f"[decode_raw] expected out_type among {list(_RAW)}, got {dtype.name}.")
    return dtype


def _numbers_in(texts: list[bytes], dtype: DType, little_endian: bool, shape: Any) -> Any:
    """Array of the numbers whose bytes are in texts of one length."""
    order: Any = "<" if little_endian else ">"
    kind = dtype.numpy_dtype
    if kind.kind == "V":
        # bfloat16 has no byte order of its own: turned as an integer of its size.
        numbers = np.frombuffer(b"".join(texts), f"{order}u{kind.itemsize}")
        numbers = numbers.astype(f"u{kind.itemsize}").view(kind)
    else:
        numbers = np.frombuffer(b"".join(texts), kind.newbyteorder(order)).astype(kind)
    count = len(texts[0]) // kind.itemsize if texts else 0
    return numbers.reshape((*shape, count))


@op("decode_raw", inputs=("input_bytes",), matched=(), on_host=True, dynamic=True)
def _decode_raw(input_bytes: Any, out_type: Any, little_endian: bool) -> Any:
    need_texts("decode_raw", input_bytes)
    dtype, texts = _raw_dtype(out_type), texts_of(input_bytes)
    sizes = {len(t) for t in texts}
    if len(sizes) > 1 or any(size % dtype.size for size in sizes):
        raise InvalidArgumentError(
            f"[decode_raw] expected texts of one length, a multiple of the {dtype.size} bytes of "
            f"{dtype.name}, got lengths {sorted(sizes)[:8]}; state fixed_length to fill them up."
        )
    return _numbers_in(texts, dtype, little_endian, input_bytes.shape)


@op("decode_padded_raw", inputs=("input_bytes",), matched=(), on_host=True, pointwise=True)
def _decode_padded_raw(
    input_bytes: Any, out_type: Any, little_endian: bool, fixed_length: Any
) -> Any:
    need_texts("decode_raw", input_bytes)
    dtype, size = _raw_dtype(out_type), int_of("decode_raw", "fixed_length", fixed_length)
    if size < 1 or size % dtype.size:
        raise InvalidArgumentError(
            f"[decode_raw] expected fixed_length as a positive multiple of the {dtype.size} bytes of "
            f"{dtype.name}, got {size}."
        )
    texts = [t[:size].ljust(size, b"\0") for t in texts_of(input_bytes)]
    found = _numbers_in(texts, dtype, little_endian, input_bytes.shape)
    return found.reshape((*input_bytes.shape, size // dtype.size))


def decode_raw(
    input_bytes: Any,
    out_type: Any,
    little_endian: bool = True,
    fixed_length: Any = None,
    name: str | None = None,
) -> Any:
    """Numbers whose bytes are in texts.

    Args:
        input_bytes: Strings of any shape; without `fixed_length` all of one length.
        out_type: Dtype of the numbers.
        little_endian: The lowest byte of each number comes first.
        fixed_length: Bytes to read of each text: shorter ones are filled up with 0, the rest of longer ones
            is left out.
        name: Unused.

    Returns:
        Tensor ``(..., numbers)`` of dtype `out_type`.

    Raises:
        InvalidArgumentError: The lengths differ, or are no multiple of the dtype's size.

    Example:
        >>> import thalweg as tf
        >>> tf.io.decode_raw(["\\x01\\x00\\x02\\x00"], tf.int16)
        <tf.Tensor: shape=(1, 2), dtype=int16, numpy=array([[1, 2]], dtype=int16)>

    Source: `tf.io.decode_raw`.
    """
    if fixed_length is None:
        return _decode_raw(input_bytes, out_type, little_endian)
    return _decode_padded_raw(input_bytes, out_type, little_endian, fixed_length)


# --- Compression --------------------------------------------------------------------------------------

_COMPRESSIONS = {"": 0, "GZIP": 16 + zlib.MAX_WBITS, "ZLIB": zlib.MAX_WBITS}


@op(
    "decode_compressed",
    inputs=("bytes",),
    input_dtypes={"bytes": STRING},
    matched=(),
    on_host=True,
    pointwise=True,
)
def decode_compressed(bytes: Any, compression_type: Any = "") -> Any:
    """Texts that were compressed, as they were before.

    Args:
        bytes: Strings of any shape.
        compression_type: ``"GZIP"``, ``"ZLIB"`` or ``""`` for none.

    Returns:
        Strings of the same shape.

    Raises:
        DataLossError: A text is not compressed so, or breaks off.

    Source: `tf.io.decode_compressed`, which passes over texts that break off.
    """
    where = "decode_compressed"
    need_texts(where, bytes)
    window = _COMPRESSIONS[choice(where, "compression_type", compression_type, list(_COMPRESSIONS))]
    if not window:
        return bytes
    return array_of([_inflated(t, window, compression_type) for t in texts_of(bytes)], bytes.shape)


def _inflated(text: bytes, window: int, kind: str) -> bytes:
    parts = []
    try:
        # Several files one after the other are one file.
        while text:
            state = zlib.decompressobj(window)
            parts.append(state.decompress(text))
            if not state.eof:
                raise zlib.error("the data break off")
            text = state.unused_data
    except zlib.error as error:
        raise DataLossError(
            f"[decode_compressed] expected data compressed by {kind}, got {text[:20]!r}...: {error}."
        ) from None
    return b"".join(parts)
