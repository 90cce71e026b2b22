"""Methods of data sets about files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from thalweg._src.data.caching import FileCache, MemoryCache
from thalweg._src.data.file_lists import matching_files
from thalweg._src.data.ordering import Shuffle
from thalweg._src.data.plan import Plan
from thalweg._src.data.record_files import paths_of, strings_node
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


def path_of(value: Any, where: str) -> Path | None:
    """A path; None for an empty one."""
    (found,) = paths_of(value, where)
    return Path(os.fsdecode(found)).absolute() if found else None
