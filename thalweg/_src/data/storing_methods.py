"""Methods of data sets about files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, UnimplementedError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.data.caching import FileCache, MemoryCache
from thalweg._src.data.file_lists import matching_files
from thalweg._src.data.fingerprints import fingerprint
from thalweg._src.data.node import Node, Run
from thalweg._src.data.options import options_of, workers_of
from thalweg._src.data.ordering import Shuffle
from thalweg._src.data.plan import Plan, node_of
from thalweg._src.data.planning import planned
from thalweg._src.data.record_files import paths_of, strings_node
from thalweg._src.data.saving import (
    Shards,
    ShardsWriter,
    Snapshot,
    Stored,
    save,
    shard_function,
    stored_compression,
    wait_for,
)
from thalweg._src.random.global_generator import streams


class Storing(Plan):
    """Files."""

    @staticmethod
    def list_files(
        file_pattern: Any, shuffle: bool | None = None, seed: int | None = None, name: str | None = None
    ) -> Any:
        """Paths of the files that match patterns, as scalar strings.

        Args:
            file_pattern: Pattern, or list or tensor of patterns: ``*`` stands for any characters but
                separators, ``?`` for one, ``[abc]`` for one of these, ``[!abc]`` for one of all others.
            shuffle: False for sorted paths; else each pass has an order of its own.
            seed: Names the order; else the global seed does, or chance.
            name: Not used but for messages.

        Raises:
            InvalidArgumentError: No file matches.

        Source: `tf.data.Dataset.list_files`. The files are listed once, now.
        """
        where = name or "Dataset.list_files"
        found = matching_files(paths_of(file_pattern, where).tolist(), where)
        node = strings_node(np.array(found, object))
        if shuffle is False:
            return Plan.kind(node)
        return Plan.kind(Shuffle(node, len(found), streams.pipeline_seed(seed), True))

    def cache(self, filename: Any = "", name: str | None = None) -> Any:
        """The same elements, kept by the first complete pass for all later ones.

        Args:
            filename: File to keep them in, so that other programs and later runs use them, too; it is made
                when a pass is complete, and used as it is when it is there. In memory when empty.
            name: Not used but for messages.

        Raises:
            InvalidArgumentError: When it is iterated: the file holds elements of another spec.
            DataLossError: When it is iterated: the file is damaged.

        Source: `tf.data.Dataset.cache`. What is random before the cache is drawn once. The file's format is
        ours (`rows_file`), and it is one file. Kept elements are shuffled by number, so that a large buffer
        of `shuffle` costs no memory.
        """
        del name
        if path := path_of(filename, "Dataset.cache"):
            return self._after(FileCache(self._node, path))
        return self._after(MemoryCache(self._node))

    def save(
        self,
        path: Any,
        compression: str | None = None,
        shard_func: Callable[..., Any] | None = None,
        checkpoint_args: Any = None,
    ) -> None:
        """Writes the elements to a folder, now.

        Args:
            path: The folder; elements that are there are replaced when all are written.
            compression: None or ``"GZIP"``.
            shard_func: Function of an element that returns the number of its shard, an integer; one shard
                when None.
            checkpoint_args: None. Saving begins anew after it was interrupted.

        Raises:
            TypeError: Elements that cannot be stored, such as data sets.
            UnimplementedError: `checkpoint_args` is given.

        Example:
            >>> import tempfile, thalweg as tf
            >>> path = tempfile.mkdtemp() + "/squares"
            >>> tf.data.Dataset.range(4).map(lambda v: v * v).save(path)
            >>> [int(v) for v in tf.data.Dataset.load(path)]
            [0, 1, 4, 9]

        Source: `tf.data.Dataset.save`; the files' format is ours (`rows_file`).
        """
        where = "Dataset.save"
        if checkpoint_args is not None:
            raise UnimplementedError(
                f"[{where}] expected checkpoint_args=None, got {checkpoint_args!r}; save what shard, or "
                "skip and take, give in folders of their own."
            )
        shard_of = shard_function(shard_func, self._node, where)
        kind = stored_compression(compression, where)
        writer = ShardsWriter(_folder(path, where), self.element_spec, kind, shard_of, where)
        options = options_of(self._node)
        run = Run((self._passes,), workers=workers_of(options))
        self._passes += 1
        save(planned(self._node, options).open(run), writer)

    @staticmethod
    def load(
        path: Any,
        element_spec: Any = None,
        compression: str | None = None,
        reader_func: Callable[..., Any] | None = None,
        wait: bool = False,
    ) -> Any:
        """The elements that `save` wrote.

        Args:
            path: The folder.
            element_spec: Spec that the elements must fit; their own when None.
            compression: How they are compressed; the files know it, when None.
            reader_func: Function of a data set of data sets, one for each shard, that returns the data set
                of the elements; the shards give elements in turns when None.
            wait: Wait until there are saved elements.

        Raises:
            NotFoundError: There are none.
            InvalidArgumentError: They are of another spec, or compressed in another way.
            DataLossError: A file is damaged; some only show when it is iterated.

        Source: `tf.data.Dataset.load`. Elements are looked up by number: shuffling them all costs no memory.
        """
        where = "Dataset.load"
        folder = _folder(path, where)
        if wait:
            wait_for(folder)
        stored = Stored(folder, where)
        spec = stored.spec if element_spec is None else element_spec
        kind = None if compression is None else stored_compression(compression, where)
        stored.check(spec, kind, where)
        read = Stored.plan if reader_func is None else _reading(reader_func)
        return Plan.kind(read(stored, spec))

    def snapshot(
        self,
        path: Any,
        compression: str | None = "AUTO",
        reader_func: Callable[..., Any] | None = None,
        shard_func: Callable[..., Any] | None = None,
        name: str | None = None,
    ) -> Any:
        """The same elements, kept in a folder by the first complete pass, and read from there later.

        Args:
            path: Folder below which each pipeline has one of its own, named by its `fingerprint`: a pipeline
                that was changed begins anew.
            compression: ``"AUTO"`` or None for none, or ``"GZIP"``.
            reader_func: Function of a data set of data sets, one for each shard, that returns the data set
                of the elements; the shards give elements in turns when None.
            shard_func: Function of an element that returns the number of its shard; one shard when None.
            name: Not used but for messages.

        Source: `tf.data.Dataset.snapshot`.
        """
        where = name or "Dataset.snapshot"
        folder = _folder(path, where) / f"{fingerprint(self._node):016x}"
        kind = stored_compression(compression, where)
        read = Stored.plan if reader_func is None else _reading(reader_func)
        return self._after(Snapshot(self._node, folder, kind, shard_func, read))

    def fingerprint(self) -> Tensor:
        """64 bits that stand for the pipeline, as uint64 scalar: the same for one that is written alike.

        Source: `tf.data.Dataset.fingerprint`; the numbers are others than TensorFlow's.
        """
        return convert_to_tensor(np.uint64(fingerprint(self._node)))


def _reading(function: Callable[..., Any]) -> Callable[[Stored, Any], Node]:
    """Makes the plan of what a function does with a data set of shards."""

    def read(stored: Stored, spec: Any) -> Node:
        shards = Plan.kind(Shards(stored.files, spec, Plan.kind))
        return node_of(function(shards), "Dataset.load reader_func")

    return read


def _folder(path: Any, where: str) -> Path:
    found = path_of(path, where)
    if found is None:
        raise InvalidArgumentError(f"[{where}] expected a folder, got an empty path.")
    return found


def path_of(value: Any, where: str) -> Path | None:
    """A path; None for an empty one."""
    (found,) = paths_of(value, where)
    return Path(os.fsdecode(found)).absolute() if found else None
