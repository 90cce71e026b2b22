"""Reading HDF5 files that nobody vouches for: everything is refused that is not known to be harmless.

What HDF5 can do beyond holding arrays (links to other files, data kept in other files, virtual datasets,
filters loaded from plugins, strings and references of any length) is looked at in the file's structure and
refused before anything is followed or read. Shapes are compared with the bytes that are stored before
memory is taken. Names are checked; groups may not contain each other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import ml_dtypes
import numpy as np

from thalweg._src.base.errors import SavingError
from thalweg._src.base.lazy import LazyModule
from thalweg._src.keras.archive.failures import damaged, only_saving_errors
from thalweg._src.keras.archive.h5_texts import TextReader

h5py = LazyModule("h5py")
h5d, h5g, h5l, h5o, h5s, h5t, h5z = (
    LazyModule(f"h5py.{name}") for name in ("h5d", "h5g", "h5l", "h5o", "h5s", "h5t", "h5z")
)

Array = np.ndarray[Any, Any]

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_GOOD_NAME = re.compile(r"[^/\\\x00-\x1f\x7f]{1,255}")
_MAX_DEPTH = 64
_MAX_OBJECTS = 1_000_000
# Arrays may take this many times the bytes of the file, as filters compress.
MAX_RATIO = 100
_PLAIN_KINDS = {"b", "i", "u", "f", "c"}
_PLAIN_SIZES = {1, 2, 4, 8, 16}
# Stored as opaque bytes, with the name in an attribute: that is a string of any length and not read, as
# there is one such dtype of two bytes.
BFLOAT16 = np.dtype(ml_dtypes.bfloat16)


@dataclass(frozen=True)
class Entry:
    """One array of a file.

    Attributes:
        shape: Its shape.
        dtype: Its dtype.
        stored: Dtype of the bytes in the file.
        dataset: HDF5's handle.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    stored: np.dtype[Any]
    dataset: Any

    @property
    def nbytes(self) -> int:
        """Bytes that the array takes in memory."""
        return math.prod(self.shape) * self.stored.itemsize

    def value(self) -> Array:
        """The array itself."""
        array = np.empty(self.shape, self.stored)
        if array.size:
            self.dataset.read(h5s.ALL, h5s.ALL, array, h5t.py_create(self.stored))
        return array.view(self.dtype)


class H5Reader:
    """Arrays of an HDF5 file by group and name; all of the file is checked when it is opened.

    Args:
        file: The file, open for reading bytes; it stays open as long as arrays are read.
        where: Its name, for messages.

    Attributes:
        groups: For each group with arrays its path, such as ``"layers/dense/vars"``, and its entries.

    Raises:
        SavingError: The file is damaged, or holds anything that is refused.
    """

    def __init__(self, file: BinaryIO, where: object) -> None:
        self.where = where
        self.groups: dict[str, dict[str, Entry]] = {}
        self.nbytes = 0
        self._bytes = file
        self._texts: TextReader | None = None
        self._size = file.seek(0, 2)
        file.seek(0)
        # A block of other bytes in front, which HDF5 allows, would let a file be two things at once.
        if file.read(len(_SIGNATURE)) != _SIGNATURE:
            raise damaged(where, "got one that does not start as HDF5 files do")
        file.seek(0)
        with only_saving_errors(where, "opening it as HDF5"):
            self._file = h5py.File(file, "r")
        try:
            with only_saving_errors(where, "looking through it"):
                self._walk()
        except BaseException:
            self.close()
            raise

    def _walk(self) -> None:
        seen: set[int] = set()
        root = h5g.open(self._file.id, b"/")
        self._addresses = {"": h5o.get_info(root).addr}
        stack: list[tuple[str, int, Any]] = [("", 0, root)]
        while stack:
            path, depth, group = stack.pop()
            if depth > _MAX_DEPTH:
                raise damaged(self.where, f"got more than {_MAX_DEPTH} groups in each other")
            for name, child in self._members(group, path, seen):
                here = f"{path}/{name}" if path else name
                if isinstance(child, h5g.GroupID):
                    self._addresses[here] = group.links.get_info(name.encode()).u
                    stack.append((here, depth + 1, child))
                elif isinstance(child, h5d.DatasetID):
                    entry = self._entry(child, here)
                    self.groups.setdefault(path, {})[name] = entry
                    self.nbytes += entry.nbytes
                    if self.nbytes > MAX_RATIO * self._size:
                        raise damaged(
                            self.where, f"got arrays of more than {MAX_RATIO} times its {self._size} bytes"
                        )
                else:
                    raise damaged(self.where, f"got {here!r}, which is neither group nor array")

    def _members(self, group: Any, path: str, seen: set[int]) -> Iterator[tuple[str, Any]]:
        """Objects in a group by name, each of which may have one place in the file only."""
        for raw in group:
            name = raw.decode()
            if not _GOOD_NAME.fullmatch(name) or name in (".", ".."):
                raise damaged(self.where, f"got the name {name!r} in {path!r}")
            link = group.links.get_info(raw)
            if link.type != h5l.TYPE_HARD:
                raise damaged(
                    self.where, f"got a link to elsewhere at {path + '/' + name!r}, which is not followed"
                )
            if link.u in seen or len(seen) >= _MAX_OBJECTS:
                raise damaged(
                    self.where,
                    f"got {path + '/' + name!r} in two places, or more than {_MAX_OBJECTS} objects",
                )
            seen.add(link.u)
            yield name, h5o.open(group, raw)

    def _entry(self, dataset: Any, path: str) -> Entry:
        def refuse(what: str) -> SavingError:
            return damaged(self.where, f"got {what} at {path!r}")

        # First the place of the data: asking a virtual dataset for its shape opens other files.
        plan = dataset.get_create_plist()
        layout = plan.get_layout()
        if layout not in (h5d.COMPACT, h5d.CONTIGUOUS, h5d.CHUNKED):
            raise refuse("a virtual dataset")
        if plan.get_external_count():
            raise refuse("data that lies in another file")
        filters = [plan.get_filter(i)[0] for i in range(plan.get_nfilters())]
        served = (h5z.FILTER_DEFLATE, h5z.FILTER_SHUFFLE, h5z.FILTER_FLETCHER32)
        if unknown := [code for code in filters if code not in served]:
            raise refuse(f"filters {unknown}")
        stored, dtype = self._dtypes(dataset, refuse)
        space = dataset.get_space()
        if space.get_simple_extent_type() not in (h5s.SCALAR, h5s.SIMPLE):
            raise refuse("an array without a shape")
        shape = tuple(int(d) for d in space.get_simple_extent_dims())
        entry = Entry(shape, dtype, stored, dataset)
        available = dataset.get_storage_size()
        if layout == h5d.CHUNKED:
            chunk = math.prod(plan.get_chunk()) * stored.itemsize
            if chunk > MAX_RATIO * self._size:
                raise refuse(f"chunks of {chunk} bytes")
            fits = entry.nbytes <= MAX_RATIO * available if filters else entry.nbytes <= available
        else:
            fits = entry.nbytes == available
        if not fits or available > self._size:
            raise refuse(f"{available} bytes for an array of shape {shape} and dtype {dtype}")
        return entry

    def _dtypes(self, dataset: Any, refuse: Any) -> tuple[np.dtype[Any], np.dtype[Any]]:
        """Dtype of the stored bytes, and of the array."""
        kind = dataset.get_type()
        stored = kind.dtype
        if isinstance(kind, h5t.TypeOpaqueID):
            if stored.itemsize != BFLOAT16.itemsize:
                raise refuse(f"the dtype {stored}")
            return stored, BFLOAT16
        plain = stored.kind in _PLAIN_KINDS and stored.itemsize in _PLAIN_SIZES
        if not plain or h5t.check_ref_dtype(stored) or stored.hasobject or stored.names:
            raise refuse(f"the dtype {stored}")
        native = stored.newbyteorder("=")
        return native, native

    def read(self, path: str) -> dict[str, Array]:
        """Arrays of a group by name; none where there is no such group.

        Args:
            path: Path of the group: ``"layers/dense/vars"``.

        Raises:
            SavingError: They cannot be read.
        """
        with only_saving_errors(self.where, f"reading {path!r}"):
            return {name: entry.value() for name, entry in self.groups.get(path, {}).items()}

    def texts(self, path: str = "") -> dict[str, list[str]]:
        """Texts in the attributes of a group by name; none where there is no such group.

        Args:
            path: Path of the group; empty for the file itself.

        Raises:
            SavingError: They are damaged, or longer than what is stored.
        """
        with only_saving_errors(self.where, f"reading the attributes of {path!r}"):
            if path not in self._addresses:
                return {}
            self._texts = self._texts or TextReader(self._bytes, self.where)
            return self._texts.of(self._addresses[path])

    def close(self) -> None:
        """Lets go of the file, which stays open."""
        self._file.close()

    def __enter__(self) -> H5Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
