"""Reading HDF5 files that nobody vouches for: everything is refused that is not known to be harmless.

HDF5 can do more than hold arrays: links to other files, data kept in other files, virtual datasets, filters
loaded from plugins, strings and references of any length. Its library does all that when it is asked for a
shape or an array, and a damaged file can keep it busy for minutes. So the structures that Keras' files
consist of are read here, in `hdf5`, and nothing else is. Shapes are compared with the bytes that are stored
before memory is taken, and the time is bounded by the size of the file. Names are checked; groups may not
contain each other.
"""

from __future__ import annotations

import re
from typing import Any, BinaryIO

import numpy as np

from thalweg._src.keras.archive.failures import damaged, only_saving_errors
from thalweg._src.keras.archive.hdf5 import arrays, groups, headers
from thalweg._src.keras.archive.hdf5.arrays import BFLOAT16 as BFLOAT16
from thalweg._src.keras.archive.hdf5.arrays import Entry as Entry
from thalweg._src.keras.archive.hdf5.blocks import Blocks
from thalweg._src.keras.archive.hdf5.headers import Message
from thalweg._src.keras.archive.hdf5.texts import Texts

Array = np.ndarray[Any, Any]

GOOD_NAME = re.compile(r"[^/\\\x00-\x1f\x7f]{1,255}")
_MAX_DEPTH = 64
_MAX_OBJECTS = 1_000_000


class H5Reader:
    """Arrays of an HDF5 file by group and name; all of the file is checked when it is opened.

    Args:
        file: The file, open for reading bytes; it stays open as long as arrays are read.
        where: Its name, for messages.
        packed: Bytes of the file in which this one lies, where that may have packed it.

    Attributes:
        groups: For each group with arrays its path, such as ``"layers/dense/vars"``, and its entries.
        nbytes: Bytes that all arrays take in memory.

    Raises:
        SavingError: The file is damaged, or holds anything that is refused.
    """

    def __init__(self, file: BinaryIO, where: object, packed: int | None = None) -> None:
        self.where = where
        self.groups: dict[str, dict[str, Entry]] = {}
        self.nbytes = 0
        self._messages: dict[str, list[Message]] = {}
        self._found_texts: dict[str, dict[str, list[str]]] = {}
        with only_saving_errors(where, "opening it as HDF5"):
            self._blocks = Blocks(file, where, packed)
            self._walk(headers.root_of(self._blocks))
            self._texts = Texts(self._blocks)

    def _walk(self, root: int) -> None:
        seen = {root}
        stack = [("", 0, headers.messages_of(self._blocks, root))]
        while stack:
            path, depth, messages = stack.pop()
            if depth > _MAX_DEPTH:
                raise damaged(self.where, f"got more than {_MAX_DEPTH} groups in each other")
            self._messages[path] = messages
            for name, address in groups.members(self._blocks, messages):
                here = f"{path}/{name}" if path else name
                self._check(name, here, address, seen)
                seen.add(address)
                member = headers.messages_of(self._blocks, address)
                if groups.is_group(member):
                    stack.append((here, depth + 1, member))
                else:
                    self._add(path, name, member)

    def _check(self, name: str, path: str, address: int, seen: set[int]) -> None:
        """Each object may have one place in the file only."""
        if not GOOD_NAME.fullmatch(name) or name in (".", ".."):
            raise damaged(self.where, f"got the name {name!r} in {path!r}")
        if address in seen or len(seen) >= _MAX_OBJECTS:
            raise damaged(
                self.where, f"got {path!r} in two places, or more than {_MAX_OBJECTS} objects"
            )

    def _add(self, path: str, name: str, messages: list[Message]) -> None:
        here = f"{path}/{name}" if path else name
        if not {headers.SPACE, headers.KIND, headers.LAYOUT} <= {m.kind for m in messages}:
            raise damaged(self.where, f"got {here!r}, which is neither group nor array")
        entries = self.groups.setdefault(path, {})
        if name in entries:
            raise damaged(self.where, f"got {here!r} twice")
        with only_saving_errors(self.where, f"looking at {here!r}"):
            entries[name] = arrays.array_of(self._blocks, messages)
        self.nbytes += entries[name].nbytes
        if self.nbytes > self._blocks.allowed:
            raise damaged(self.where, f"got arrays of more than {self._blocks.allowed} bytes")

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
        if path not in self._found_texts:
            with only_saving_errors(self.where, f"reading the attributes of {path!r}"):
                self._found_texts[path] = self._texts.of(self._messages.get(path, []))
        return self._found_texts[path]

    def close(self) -> None:
        """Does nothing: the file is its opener's."""

    def __enter__(self) -> H5Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
