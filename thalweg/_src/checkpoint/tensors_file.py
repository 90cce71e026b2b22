"""The tensors file: named arrays and a small JSON state, in the layout of safetensors.

::

    8 bytes     length N of the header, little-endian
    N bytes     header, JSON: {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...}
    the rest    the arrays' bytes, little-endian, one after the other without gaps

So any reader of safetensors opens the arrays. What that layout cannot say stands as one JSON text in the
header's ``__metadata__``, under ``thalweg``: the version, the state, and the dtypes of arrays whose dtype
safetensors lacks. Those are stored as numbers it has: int4 and uint4 by value as I8 and U8, the rarer
float8 types by their bits as U8, complex numbers as pairs (one more dimension, of size 2).

Reading trusts nothing: sizes are checked against the file before anything is allocated.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from thalweg._src.base.errors import DataLossError, DTypeError, InvalidArgumentError
from thalweg._src.base.safe_json import parsed
from thalweg._src.core import dtypes

VERSION = 1
# Bounds on what a header may ask for; an array's description takes about 100 bytes.
MAX_HEADER_BYTES = 32 << 20
MAX_ARRAYS = 250_000
MAX_RANK = 64  # NumPy's
_CHUNK = 1 << 20

_METADATA = "__metadata__"
_NOTE = "thalweg"
# Names of safetensors' dtypes.
_CODES = {
    "bool": "BOOL", "uint8": "U8", "int8": "I8", "uint16": "U16", "int16": "I16", "uint32": "U32",
    "int32": "I32", "uint64": "U64", "int64": "I64", "float16": "F16", "bfloat16": "BF16",
    "float32": "F32", "float64": "F64", "float8_e4m3fn": "F8_E4M3", "float8_e5m2": "F8_E5M2",
}  # fmt: skip
_BY_CODE = {code: dtypes.as_dtype(name) for name, code in _CODES.items()}
# Dtypes that safetensors lacks, and those that stand for them in the file.
_BY_VALUE = {"int4": "int8", "uint4": "uint8"}
_BY_BITS = {
    "float8_e4m3fnuz": "uint8", "float8_e4m3b11fnuz": "uint8", "float8_e5m2fnuz": "uint8",
}  # fmt: skip
_AS_PAIRS = {"complex64": "float32", "complex128": "float64"}
_STAND_INS = {**_BY_VALUE, **_BY_BITS, **_AS_PAIRS}


def damaged(where: object, what: str) -> DataLossError:
    """Error about a file that is torn, changed or no file of ours."""
    return DataLossError(
        f"[checkpoint {str(where)!r}] expected a whole file, {what}; restore an older checkpoint, or copy "
        "the file again."
    )


def storable(name: str, value: Any) -> np.ndarray[Any, Any]:
    """The array as it can be written.

    Args:
        name: Name, for messages.
        value: Array.

    Returns:
        Contiguous little-endian array.

    Raises:
        TypeError: A dtype that has no place in a file: strings, objects, dates, records.
    """
    array = np.asarray(value)
    array = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)
    found = dtypes.BY_NUMPY.get(array.dtype)
    if found is None or found is dtypes.string:
        raise DTypeError(
            f"[checkpoint array {name!r}] expected numbers or bools, got dtype {array.dtype} of shape "
            f"{array.shape}; keep text in the JSON state."
        )
    return array


def _stored(array: np.ndarray[Any, Any]) -> tuple[str, tuple[int, ...], np.ndarray[Any, Any]]:
    """Code, shape and bytes in the file of a storable array."""
    name, shape = dtypes.BY_NUMPY[array.dtype].name, array.shape
    if name in _BY_VALUE:
        array = array.astype(_BY_VALUE[name])
    elif name in _AS_PAIRS:
        shape = (*shape, 2)
    code = _CODES[_STAND_INS.get(name, name)]
    return code, shape, array.reshape(-1).view(np.uint8)


def encode(
    arrays: Mapping[str, np.ndarray[Any, Any]], state: Mapping[str, Any]
) -> Iterator[bytes | memoryview]:
    """The file's bytes, in pieces.

    Args:
        arrays: Storable arrays by name.
        state: Anything JSON can hold; NumPy's numbers become Python's, tuples become lists.

    Raises:
        ValueError: A name that cannot stand in the header, a state JSON cannot hold, or too much of both.
    """
    header: dict[str, Any] = {}
    special: dict[str, str] = {}
    pieces = []
    end = 0
    # The widest first, so that every array lies at a multiple of its element's size.
    for name in sorted(arrays, key=lambda n: (-arrays[n].dtype.itemsize, n)):
        if not isinstance(name, str) or not name or name == _METADATA:
            raise InvalidArgumentError(
                f"[checkpoint] expected arrays named by strings other than '' and {_METADATA!r}, got "
                f"{name!r}; rename it."
            )
        code, shape, data = _stored(arrays[name])
        own = dtypes.BY_NUMPY[arrays[name].dtype].name
        if own in _STAND_INS:
            special[name] = own
        header[name] = {"dtype": code, "shape": shape, "data_offsets": [end, end + data.nbytes]}
        end += data.nbytes
        pieces.append(data)
    note = _json_text({"version": VERSION, "dtypes": special, "state": state})
    text = _json_text({_METADATA: {_NOTE: note}, **header}).encode()
    text += b" " * (-len(text) % 8)
    if len(text) > MAX_HEADER_BYTES or len(arrays) > MAX_ARRAYS:
        raise InvalidArgumentError(
            f"[checkpoint] expected at most {MAX_ARRAYS} arrays and {MAX_HEADER_BYTES} bytes of names and "
            f"state, got {len(arrays)} and {len(text)}; keep large values in arrays."
        )
    yield len(text).to_bytes(8, "little")
    yield text
    yield from (piece.data for piece in pieces)


def _json_text(value: Any) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_python_number)
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidArgumentError(
            f"[checkpoint] expected a state that JSON can hold, got one that it cannot: {error}; keep "
            "numbers, strings, lists and dicts in it, and arrays among the arrays."
        ) from None
    return text


def _python_number(value: Any) -> Any:
    if isinstance(value, np.generic) and value.dtype.kind in "biuf":
        return value.item()
    raise TypeError(f"{value!r} of type {type(value).__name__}")


@dataclass(frozen=True)
class Entry:
    """One array of a file.

    Attributes:
        dtype: Dtype of the array.
        shape: Shape of the array.
        begin: First byte, counted from the start of the file.
        end: Byte after the last.
    """

    dtype: dtypes.DType
    shape: tuple[int, ...]
    begin: int
    end: int


class TensorsFile:
    """An open tensors file whose header has been checked.

    Args:
        file: The file, open for reading bytes; closed by `close`.
        where: Its name, for messages.

    Attributes:
        entries: The arrays' descriptions by name.
        state: The JSON state.

    Raises:
        OSError: `DataLossError`: the header is damaged, or describes arrays that are not there.
    """

    def __init__(self, file: BinaryIO, where: object) -> None:
        self._file = file
        self._where = where
        self.size = file.seek(0, 2)
        header, start = self._header()
        metadata = header.pop(_METADATA, {})
        self._note = self._read_note(metadata)
        self.state: dict[str, Any] = self._note["state"]
        self.entries = self._read_entries(header, start)

    def _header(self) -> tuple[dict[str, Any], int]:
        self._file.seek(0)
        length = int.from_bytes(self._file.read(8), "little")
        if self.size < 8 or length > self.size - 8 or length > MAX_HEADER_BYTES:
            raise damaged(
                self._where, f"got a header of {length} bytes in a file of {self.size} bytes"
            )
        header = self._json(self._file.read(length), "header")
        if len(header) > MAX_ARRAYS + 1:
            raise damaged(self._where, f"got {len(header)} arrays, more than {MAX_ARRAYS}")
        return header, 8 + length

    def _json(self, text: bytes | str, what: str) -> dict[str, Any]:
        try:
            found = parsed(text)
        except ValueError as error:
            raise damaged(self._where, f"got a {what} that is no JSON ({error})") from None
        if not isinstance(found, dict):
            raise damaged(self._where, f"got a {what} that is no JSON object")
        return found

    def _read_note(self, metadata: Any) -> dict[str, Any]:
        """What safetensors cannot say; empty for files that other programs wrote."""
        if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
            raise damaged(self._where, "got metadata that is no mapping of texts")
        if _NOTE not in metadata:
            return {"dtypes": {}, "state": {}}
        note = self._json(metadata[_NOTE], "note")
        if note.get("version") != VERSION:
            raise damaged(self._where, f"got version {note.get('version')!r}, not {VERSION}")
        if not isinstance(note.get("dtypes"), dict) or not isinstance(note.get("state"), dict):
            raise damaged(self._where, "got a note without dtypes or state")
        return note

    def _read_entries(self, header: dict[str, Any], start: int) -> dict[str, Entry]:
        found = {name: self._entry(name, header[name], start) for name in header}
        if unknown := sorted(set(self._note["dtypes"]) - set(found)):
            raise damaged(self._where, f"got dtypes of arrays that are not there: {unknown[:5]}")
        end = start
        for name, entry in sorted(found.items(), key=lambda item: (item[1].begin, item[1].end)):
            if entry.begin != end:
                raise damaged(
                    self._where, f"got array {name!r} at byte {entry.begin} where {end} is next"
                )
            end = entry.end
        if end != self.size:
            raise damaged(self._where, f"got {self.size} bytes where the arrays end at {end}")
        return found

    def _entry(self, name: str, given: Any, start: int) -> Entry:
        if not isinstance(given, dict) or set(given) != {"dtype", "shape", "data_offsets"}:
            raise damaged(self._where, f"got no dtype, shape and offsets for array {name!r}")
        shape, offsets, code = given["shape"], given["data_offsets"], given["dtype"]
        if not isinstance(code, str) or code not in _BY_CODE:
            raise damaged(self._where, f"got the unknown dtype {code!r} for array {name!r}")
        if not _are_sizes(shape) or len(shape) > MAX_RANK + 1:
            raise damaged(self._where, f"got the shape {shape!r} for array {name!r}")
        if not _are_sizes(offsets) or len(offsets) != 2:
            raise damaged(self._where, f"got the offsets {offsets!r} for array {name!r}")
        begin, end = offsets
        stored = _BY_CODE[code]
        dtype = self._real_dtype(name, stored)
        pairs = dtype.name in _AS_PAIRS
        kept = shape[:-1] if pairs else shape
        # NumPy refuses shapes that would overflow if no size were 0.
        fits = len(kept) <= MAX_RANK and math.prod(s or 1 for s in shape) * stored.size < 1 << 63
        if not fits or (pairs and shape[-1:] != [2]):
            raise damaged(self._where, f"got the shape {shape!r} for array {name!r}")
        if end - begin != math.prod(shape) * stored.size or end > self.size - start:
            raise damaged(
                self._where,
                f"got offsets {offsets} for array {name!r} of shape {shape} and dtype {code}",
            )
        return Entry(dtype, tuple(kept), start + begin, start + end)

    def _real_dtype(self, name: str, stored: dtypes.DType) -> dtypes.DType:
        own = self._note["dtypes"].get(name)
        if own is None:
            return stored
        if not isinstance(own, str) or _STAND_INS.get(own) != stored.name:
            raise damaged(self._where, f"got dtype {own!r} stored as {stored.name} for {name!r}")
        return dtypes.as_dtype(own)

    def read(self, name: str) -> np.ndarray[Any, Any]:
        """The array of this name.

        Raises:
            OSError: `DataLossError`: the file has become shorter, or holds values that the dtype lacks.
        """
        entry = self.entries[name]
        stand_in = _STAND_INS.get(entry.dtype.name)
        stored = entry.dtype if stand_in is None else dtypes.as_dtype(stand_in)
        data = np.empty(entry.end - entry.begin, np.uint8)
        self._file.seek(entry.begin)
        if self._file.readinto(data.data) != data.nbytes:  # type: ignore[attr-defined]
            raise damaged(self._where, f"got too few bytes for array {name!r}")
        if entry.dtype is dtypes.bool and (data > 1).any():
            raise damaged(self._where, f"got bytes other than 0 and 1 in the bool array {name!r}")
        array = data.view(stored.numpy_dtype)
        if entry.dtype.name in _BY_VALUE:
            if ((array < entry.dtype.min) | (array > entry.dtype.max)).any():
                raise damaged(self._where, f"got values outside {entry.dtype.name} in {name!r}")
            return array.astype(entry.dtype.numpy_dtype).reshape(entry.shape)
        return array.view(entry.dtype.numpy_dtype).reshape(entry.shape)

    def sha256(self) -> str:
        """SHA-256 of all bytes of the file, in hexadecimal."""
        total = hashlib.sha256()
        self._file.seek(0)
        while piece := self._file.read(_CHUNK):
            total.update(piece)
        return total.hexdigest()

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def __enter__(self) -> TensorsFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _are_sizes(values: Any) -> bool:
    return isinstance(values, list) and all(type(v) is int and 0 <= v < 1 << 63 for v in values)
