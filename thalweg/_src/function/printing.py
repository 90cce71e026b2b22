"""`tf.print`: prints when the program runs, also from inside compiled functions, in order."""

from __future__ import annotations

import itertools
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import jax
import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, UnimplementedError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.composite import Composite
from thalweg._src.core.convert import as_tensor
from thalweg._src.core.host_parts import HostPart
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor, is_traced
from thalweg._src.ops.text_of_tensors import tensor_text

_log = logging.getLogger("thalweg")


def print_(*inputs: Any, **kwargs: Any) -> None:
    """Prints tensors and anything else, when the program runs.

    Args:
        *inputs: What to print: tensors, strings, numbers, and structures of them.
        **kwargs: `output_stream` (a file object such as ``sys.stdout``, ``"file://"`` and a path to append
            to, or a function of the text; standard error when left out), `summarize` (first and last
            elements shown in each dimension: 3; all when -1), `sep` (``" "``), `end` (a new line) and
            `name`.

    Raises:
        ValueError: An unknown keyword or stream.

    Example:
        >>> import sys
        >>> import thalweg as tf
        >>> tf.print("x:", tf.constant([1.0, 2.0]), output_stream=sys.stdout)
        x: [1 2]

    Source: `tf.print`.
    """
    options: dict[str, Any] = {
        "output_stream": None,
        "summarize": 3,
        "sep": " ",
        "end": "\n",
        "name": None,
    }
    unknown = sorted(set(kwargs) - set(options))
    if unknown:
        raise InvalidArgumentError(
            f"[print] expected the keywords {sorted(options)}, got {unknown}; remove them."
        )
    options.update(kwargs)
    write = _writer(options["output_stream"])
    pieces = _Pieces(options["summarize"])
    for position, value in enumerate(inputs):
        if position:
            pieces.add(str(options["sep"]))
        pieces.top(value, alone=len(inputs) == 1)
    pieces.add(str(options["end"]))
    traced = [t.array for t in pieces.tensors]
    parts = [a for a in traced if type(a) is HostPart]

    def show(*arrays: Any) -> None:
        write(pieces.text([np.asarray(a) for a in arrays]))

    if parts:
        parts[0].scope.run_on_host("print", show, traced)
    elif any(is_traced(t) for t in pieces.tensors) or (xla.tracing() and not pieces.tensors):
        jax.debug.callback(show, *traced, ordered=True)
    elif xla.tracing():
        # Static values: the text is known, the moment of printing is that of the program.
        text = pieces.text([np.asarray(a) for a in traced])
        jax.debug.callback(lambda: write(text), ordered=True)
    else:
        show(*traced)


def _writer(stream: Any) -> Callable[[str], Any]:
    if stream is None or stream is sys.stderr or stream is sys.stdout:
        # Looked up when the text comes: notebooks and tests put other streams in their place.
        name = "stdout" if stream is sys.stdout else "stderr"
        return lambda text: _write(getattr(sys, name), text)
    if isinstance(stream, str) and stream.startswith("file://"):
        path = Path(stream.removeprefix("file://"))
        return lambda text: _append(path, text)
    if hasattr(stream, "write"):
        return lambda text: _write(stream, text)
    if callable(stream):
        return lambda text: stream(text.rstrip("\n"))
    raise InvalidArgumentError(
        f"[print] expected output_stream to be a file object, 'file://' with a path or a function, got "
        f"{stream!r}; use sys.stdout or sys.stderr."
    )


def _write(stream: Any, text: str) -> None:
    stream.write(text)
    stream.flush()


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


class _Pieces:
    """The text to print, with places for tensors.

    Args:
        summarize: See `print_`.
    """

    def __init__(self, summarize: int) -> None:
        self._summarize = summarize
        self._parts: list[Any] = []
        self.tensors: list[Tensor] = []

    def add(self, text: str) -> None:
        """Appends text."""
        self._parts.append(text)

    def text(self, arrays: Sequence[Any]) -> str:
        """All of it, with these arrays in the tensors' places."""
        fresh = iter(arrays)
        return "".join(
            part if isinstance(part, str) else part[0](*itertools.islice(fresh, part[1]))
            for part in self._parts
        )

    def top(self, value: Any, alone: bool) -> None:
        """Appends one of the inputs: strings as they are."""
        tensor = as_tensor(value)
        if isinstance(value, str):
            self.add(value)
        elif alone and tensor is not None and not tensor.ndim and tensor.dtype is dtypes.string:
            self._place(tensor, lambda array: array[()].decode(errors="replace"))
        else:
            self.nested(value)

    def _place(self, tensor: Tensor, show: Callable[[Any], str]) -> None:
        """Appends a tensor, whose text is known when it has a value."""
        self._place_all([tensor], show)

    def _place_all(self, tensors: Sequence[Tensor], show: Callable[..., str]) -> None:
        """Appends what several tensors show together."""
        self._parts.append((show, len(tensors)))
        self.tensors.extend(tensors)

    def nested(self, value: Any) -> None:
        """Appends a value as it shows inside a structure."""
        if isinstance(value, KerasTensor):
            raise UnimplementedError(
                "[print] expected tensors with values, got a symbolic tensor; put tf.print into a Lambda "
                "layer or a layer's call."
            )
        tensor = as_tensor(value)
        if tensor is not None:
            self._place(tensor, lambda array: tensor_text(array, self._summarize))
        elif isinstance(value, Composite):
            parts = value._flatten_composite()
            self._place_all(parts, lambda *arrays: value._text(arrays, self._summarize))
        elif isinstance(value, Mapping):
            self._sequence("{", "}", [(f"{key!r}: ", value[key]) for key in sorted(value, key=str)])
        elif isinstance(value, tuple) and hasattr(value, "_fields"):
            fields = zip(value._fields, value, strict=True)
            self._sequence(f"{type(value).__name__}(", ")", [(f"{k}=", v) for k, v in fields])
        elif isinstance(value, tuple):
            self._sequence("(", ",)" if len(value) == 1 else ")", [("", v) for v in value])
        elif isinstance(value, list):
            self._sequence("[", "]", [("", v) for v in value])
        else:
            self.add(str(value) if hasattr(value, "_flatten_composite") else repr(value))

    def _sequence(self, opening: str, closing: str, items: Sequence[tuple[str, Any]]) -> None:
        self.add(opening)
        for position, (label, value) in enumerate(items):
            self.add(("" if not position else ", ") + label)
            self.nested(value)
        self.add(closing)
