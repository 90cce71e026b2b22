"""A reader of the pickles inside data files that runs nothing from them.

The ragged sequences of IMDB and Reuters, and the batches of CIFAR, were written with `pickle`, and
unpickling in the ordinary way calls whatever the file names. Here the three NumPy names that these
files use stand for passive records, every other name is refused, and the records are turned into
arrays only after their shape, dtype and size have been checked.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from thalweg._src.base.errors import DataLossError

_ARRAY_MAKERS = ("numpy.core.multiarray", "numpy._core.multiarray")


class _Stand:
    """Stands for a global name of the pickle: may be called, has no state that a file could set."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make = make

    def __call__(self, *args: Any) -> Any:
        return self._make(*args)

    def __setstate__(self, state: object) -> None:
        raise pickle.UnpicklingError(f"state {type(state).__name__} set on a global name")


class ArrayRecord:
    """What a pickle says of an array: `state` is (version, shape, dtype, fortran_order, data)."""

    __slots__ = ("state",)

    def __init__(self, *args: Any) -> None:
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


class _DtypeRecord:
    """What a pickle says about one dtype: its code, such as `u1`, `i8` or `O8`, and `state`."""

    __slots__ = ("code", "state")

    def __init__(self, code: Any = "", *args: Any) -> None:
        self.code = _text(code)
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state

    def plain(self) -> bool:
        """True for a little-endian dtype without parts; `state` is (version, order, parts, ...)."""
        state = self.state
        return (
            type(self.code) is str
            and type(state) is tuple
            and len(state) >= 5
            and _text(state[1]) in ("<", "|")
            and state[2:5] == (None, None, None)
        )


def _text(value: Any) -> Any:
    """Strings of Python 2 may come as bytes."""
    return value.decode("latin1") if isinstance(value, bytes) else value


def _latin1(text: str, encoding: str) -> bytes:
    if encoding != "latin1":
        raise pickle.UnpicklingError(f"encoding {encoding!r}")
    return text.encode("latin1")


def _find(module: str, name: str) -> _Stand:
    if module in _ARRAY_MAKERS and name == "_reconstruct":
        return _Stand(ArrayRecord)
    if module == "numpy" and name == "ndarray":
        return _Stand(ArrayRecord)
    if module == "numpy" and name == "dtype":
        return _Stand(_DtypeRecord)
    if module == "_codecs" and name == "encode":  # how Python 3 writes bytes in old protocols
        return _Stand(_latin1)
    raise pickle.UnpicklingError(f"the name {module}.{name}")


class _FastUnpickler(pickle.Unpickler):
    """For files whose digest is known: the C reader, which trusts the sizes a file declares."""

    def find_class(self, module: str, name: str) -> Any:
        return _find(module, name)


class _BoundedUnpickler(pickle._Unpickler):
    """For all other files: the Python reader, whose memory cannot outgrow the bytes it reads."""

    def find_class(self, module: str, name: str) -> Any:
        return _find(module, name)


def load(data: bytes, where: str, known: bool = False, encoding: str = "ASCII") -> Any:
    """Object described by `data`: built-in containers and numbers, arrays as `ArrayRecord`.

    Args:
        data: The pickle.
        where: File and member, for the error.
        known: The digest of the file was checked, so the faster reader may be used.
        encoding: How strings of Python 2 are read; `"bytes"` leaves them bytes.

    Returns:
        The object, in which arrays are records: see `integer_array` and `integer_lists`.

    Raises:
        DataLossError: The pickle is damaged or names anything but NumPy's array and dtype.
    """
    reader = _FastUnpickler if known else _BoundedUnpickler
    try:
        return reader(io.BytesIO(data), encoding=encoding).load()
    except (
        pickle.UnpicklingError,
        ArithmeticError,
        AssertionError,
        AttributeError,
        EOFError,
        ImportError,
        LookupError,
        MemoryError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise DataLossError(
            f"[{where}] expected a pickle of plain arrays, got {error}; no code of it was run. "
            "Delete the file and load the data again."
        ) from error


def integer_array(record: Any, where: str) -> npt.NDArray[Any]:
    """Array of small integers described by an `ArrayRecord`; copies, so the result is writable.

    Raises:
        DataLossError: Not a record of an integer array, or its size and its bytes disagree.
    """
    shape, code, data = _parts(record, where)
    if code not in ("u1", "i4", "i8") or not isinstance(data, bytes):
        raise _not(where, f"an array of integers, got dtype {code!r} with {type(data).__name__}")
    dtype = np.dtype("<" + code)
    if int(np.prod(shape, dtype=object)) * dtype.itemsize != len(data):
        raise _not(where, f"as many bytes as shape {shape} of {dtype} holds, got {len(data)}")
    return np.frombuffer(data, dtype).reshape(shape).astype(dtype.newbyteorder("="))


def integer_lists(record: Any, where: str, size: int) -> list[list[int]]:
    """Lists of whole numbers described by an `ArrayRecord` of a one-dimensional object array.

    Args:
        record: What `load` returned.
        where: File and member, for the error.
        size: Bytes that the pickle had; more numbers than bytes cannot be honest.

    Raises:
        DataLossError: The record holds anything else.
    """
    shape, code, data = _parts(record, where)
    if code not in ("O", "O4", "O8") or type(data) is not list or shape != (len(data),):
        raise _not(where, f"a list of sequences, got dtype {code!r} and shape {shape}")
    if {type(row) for row in data} - {list}:
        raise _not(where, "lists of whole numbers, got rows of another type")
    if sum(map(len, data)) > size:
        raise _not(where, f"at most {size} numbers in {size} bytes, got more")
    for row in data:
        if set(map(type, row)) - {int} or (row and not 0 <= min(row) <= max(row) < 2**31):
            raise _not(where, "lists of whole numbers of 0 to 2**31, got something else")
    return data


def _parts(record: Any, where: str) -> tuple[tuple[int, ...], str, Any]:
    """Shape, dtype code and data of a record."""
    state = record.state if isinstance(record, ArrayRecord) else None
    if not isinstance(state, tuple) or len(state) != 5:
        raise _not(where, f"an array, got {type(record).__name__}")
    _, shape, dtype, fortran_order, data = state
    if not isinstance(dtype, _DtypeRecord) or not dtype.plain() or fortran_order:
        raise _not(where, "a row-major array of a plain little-endian dtype, got another kind")
    if type(shape) is not tuple or any(type(n) is not int or n < 0 for n in shape):
        raise _not(where, f"a shape, got {shape!r}")
    return shape, dtype.code, data


def _not(where: str, expected: str) -> DataLossError:
    return DataLossError(f"[{where}] expected {expected}; delete the file and load the data again.")
