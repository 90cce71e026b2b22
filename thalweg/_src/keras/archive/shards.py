"""Weights in several files of a bounded size, and the index that says which layer is in which."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from thalweg._src.base.errors import SavingError
from thalweg._src.base.lazy import LazyModule
from thalweg._src.base.safe_json import parsed
from thalweg._src.checkpoint import files
from thalweg._src.keras.archive.failures import MissingFileError, damaged
from thalweg._src.keras.archive.h5_gate import Entry, H5Reader
from thalweg._src.keras.archive.walk import Part, parts_of
from thalweg._src.keras.archive.weights_h5 import arrays_of, group_of, new_group, put

h5py = LazyModule("h5py")

INDEX_ENDING = ".weights.json"
_GIGABYTE = 1024**3
_MAX_INDEX_BYTES = 1 << 26
_MAX_SHARDS = 100_000


def write_shards(index: Path, root: Any, max_shard_size: float) -> None:
    """Writes the arrays of a model to several files, and their index last.

    Shards that exist are not overwritten: until the new index takes its place the old files stay whole.

    Args:
        index: Path of the index, which ends in ``.weights.json``.
        root: Model or layer.
        max_shard_size: Size of a file in GiB; one array may be larger.
    """
    stem = index.name.removesuffix(INDEX_ENDING)
    old = _named_in(index) if index.exists() else set()
    prefix = _free_prefix(index.parent, stem)
    places: dict[str, list[str]] = {}
    total = 0
    for number, shard in enumerate(_divided(root, max_shard_size * _GIGABYTE)):
        name = f"{prefix}_{number:05d}.weights.h5"
        with files.writing(index.parent / name) as file, h5py.File(file, "w") as made:
            for part, array_name, array in shard:
                path = group_of(part.path)
                if array is None:
                    new_group(made, part)
                    continue
                put(made.require_group(path), array_name, array)
                total += array.nbytes
                if name not in places.setdefault(f"/{path}", []):
                    places[f"/{path}"].append(name)
    text = json.dumps({"metadata": {"total_size": total}, "weight_map": places}, indent=4)
    files.replace(index, [text.encode()])
    for name in old:
        (index.parent / name).unlink(missing_ok=True)


_Piece = tuple[Part, str, "np.ndarray[Any, Any] | None"]


def _divided(root: Any, limit: float) -> Iterator[list[_Piece]]:
    """Pieces of each shard: first a part without arrays, then the part's arrays one by one."""
    shard: list[_Piece] = []
    size = 0
    for part in parts_of(root):
        shard.append((part, "", None))
        for name, array in arrays_of(part).items():
            if size and size + array.nbytes > limit:
                yield shard
                shard, size = [], 0
            shard.append((part, name, array))
            size += array.nbytes
    yield shard


def _free_prefix(folder: Path, stem: str) -> str:
    prefix, generation = stem, 0
    while (folder / f"{prefix}_00000.weights.h5").exists():
        generation += 1
        prefix = f"{stem}.{generation}"
    return prefix


def _named_in(index: Path) -> set[str]:
    """Names of the shards of an index; none where it is damaged."""
    with contextlib.suppress(SavingError):
        return {name for names in _read_index(index).values() for name in names}
    return set()


def _read_index(index: Path) -> dict[str, list[str]]:
    """Shards by group; their names must be those of files beside the index."""
    stem = re.escape(index.name.removesuffix(INDEX_ENDING))
    good_name = re.compile(rf"{stem}(\.\d+)?_\d{{5}}\.weights\.h5")
    try:
        with index.open("rb") as file:
            text = file.read(_MAX_INDEX_BYTES + 1)
    except FileNotFoundError:
        raise MissingFileError(
            f"[{str(index)!r}] expected an index of weights, found no such file."
        ) from None
    try:
        found: Any = parsed(text) if len(text) <= _MAX_INDEX_BYTES else None
        places = found["weight_map"]
        pairs = [(str(group).lstrip("/"), list(names)) for group, names in places.items()]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise damaged(index, "got one that is no index of weights") from None
    for group, names in pairs:
        for name in names:
            if not isinstance(name, str) or not good_name.fullmatch(name):
                raise damaged(index, f"got the file name {name!r} for {group!r}")
    return dict(pairs)


class ShardReader:
    """Arrays of several files by group; see `H5Reader`.

    Args:
        index: Path of the index.

    Attributes:
        groups: For each group its entries.

    Raises:
        SavingError: A file is missing or damaged, or says something else than the index.
    """

    def __init__(self, index: Path) -> None:
        self.where: object = index
        self.groups: dict[str, dict[str, Entry]] = {}
        self.nbytes = 0
        self._open = contextlib.ExitStack()
        self._readers: dict[str, H5Reader] = {}
        places = _read_index(index)
        names = sorted({name for names in places.values() for name in names})
        if len(names) > _MAX_SHARDS:
            raise damaged(index, f"got {len(names)} files")
        try:
            for name in names:
                self._add(index.parent / name)
            if set(self.groups) != set(places):
                raise damaged(index, "got other layers in its files than in the index")
        except BaseException:
            self.close()
            raise

    def _add(self, path: Path) -> None:
        try:
            file = self._open.enter_context(path.open("rb"))
        except FileNotFoundError:
            raise MissingFileError(
                f"[{str(self.where)!r}] expected the file {path.name!r} beside it, found none."
            ) from None
        reader = self._open.enter_context(H5Reader(file, path))
        self._readers[path.name] = reader
        self.nbytes += reader.nbytes
        for group, entries in reader.groups.items():
            known: Mapping[str, Entry] = self.groups.setdefault(group, {})
            if not known.keys().isdisjoint(entries):
                raise damaged(path, f"got an array of {group!r} that another file holds too")
            self.groups[group] = {**known, **entries}

    def read(self, path: str) -> dict[str, np.ndarray[Any, Any]]:
        """Arrays of a group by name; none where there is no such group."""
        found: dict[str, np.ndarray[Any, Any]] = {}
        for reader in self._readers.values():
            found |= reader.read(path)
        return found

    def close(self) -> None:
        """Closes all files."""
        self._open.close()

    def __enter__(self) -> ShardReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
