"""Files in place of their paths, read by threads for whole blocks of elements."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.data.blocks import Block, stacked
from thalweg._src.data.file_streams import opened
from thalweg._src.data.node import AUTOTUNE, AheadCursor, Cursor, Node, Run

# Files for each thread in a block, at least: at its end some threads wait for the last ones.
_FILES_A_THREAD = 4


class Load(Node):
    """The same elements, with what a file holds in place of its path, which is the first leaf.

    Args:
        input: The elements.
        decode: Function of the bytes of a file.
        spec: Spec of what it returns, a NumPy array.
        parallel: Files read at once in threads; `AUTOTUNE` for as many as there are processors.
    """

    name = "load"
    waits = True

    def __init__(
        self, input: Node, decode: Callable[[bytes], Any], spec: TensorSpec, parallel: int = AUTOTUNE
    ) -> None:
        super().__init__(input)
        self._decode = decode
        self._loaded = spec
        self._parallel = parallel

    @property
    def spec(self) -> Any:
        """The input's, but for the first leaf."""
        _, *others = nest.flatten(self.inputs[0].spec)
        return nest.pack_sequence_as(self.inputs[0].spec, [self._loaded, *others])

    def open(self, run: Run) -> Cursor:
        """Cursor that reads files."""
        threads = run.workers.count(self._parallel) if run.threads else 1
        return _LoadCursor(self, self.inputs[0].open(run), threads)

    def settings(self) -> dict[str, Any]:
        """How files are read."""
        return {"decode": self._decode, "threads": self._parallel}

    def column(self, size: int) -> Any:
        """Where the contents of so many files are put: an array, or a list where their shapes differ."""
        shape = self._loaded.shape
        if not shape.is_fully_defined():
            return [None] * size
        return np.empty((size, *shape), self._loaded.dtype.numpy_dtype)

    def read(self, path: bytes) -> Any:
        """What a file holds.

        Raises:
            NotFoundError: There is no such file.
            DataLossError: It was changed meanwhile.
        """
        name = os.fsdecode(path)
        with opened(name) as file:
            contents = file.read()
        try:
            return self._decode(contents)
        except Exception as error:
            error.add_note(f"[Dataset] while the file {name!r} was decoded")
            raise


class _LoadCursor(AheadCursor):
    def __init__(self, node: Load, input: Cursor, threads: int) -> None:
        super().__init__(input, threads if threads > 1 else 0, "thalweg-load")
        self._node = node
        self._least = _FILES_A_THREAD * threads if threads > 1 else 1

    def _made(self, missing: int, asked: int) -> Iterator[Block | Exception] | None:
        block = self.input.next(asked * -(-self._least // asked))
        return None if block is None else self._loaded(block)

    def _loaded(self, block: Block) -> Iterator[Block | Exception]:
        paths, *others = block.columns
        column = self._node.column(block.size)
        errors: dict[int, Exception] = {}

        def read(number: int) -> None:
            try:
                column[number] = self._node.read(paths[number])
            except Exception as error:
                errors[number] = error

        over_all = map if self._pool is None else self._pool.map
        for _ in over_all(read, range(block.size)):
            pass
        whole = Block([column, *others], block.size)
        start = 0
        for number in [*sorted(errors), block.size]:
            if start < number:
                rows = whole.part(start, number)
                first, *others = rows.columns
                yield Block([stacked(first), *others], rows.size) if type(first) is list else rows
            if number in errors:
                yield errors[number]
            start = number + 1
