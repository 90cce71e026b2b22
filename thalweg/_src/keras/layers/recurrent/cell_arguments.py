"""`CellArguments`: arguments of a recurrent layer that its cell keeps."""

from __future__ import annotations

import inspect
from typing import Any

from thalweg._src.keras.layers.base.layer import Layer

_OWN = frozenset(
    {
        "activity_regularizer",
        "cell",
        "return_sequences",
        "return_state",
        "go_backwards",
        "stateful",
        "unroll",
        "use_cudnn",
    }
)


class CellArguments(Layer):
    """Base of layers that hand most of their arguments on to a cell; they are read from there."""

    cell: Any

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.__module__.startswith(__name__.rpartition(".")[0]) or "__init__" not in vars(
            cls
        ):
            return
        parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
        for parameter in parameters:
            if parameter.kind is parameter.POSITIONAL_OR_KEYWORD and parameter.name not in _OWN:
                setattr(cls, parameter.name, _of_cell(parameter.name))

    def _arguments_kept_by(self, own: type) -> dict[str, Any]:
        found = super()._arguments_kept_by(own)
        found.pop("cell", None)
        return found


def _of_cell(name: str) -> property:
    def read(self: Any) -> Any:
        return getattr(self.cell, name)

    return property(read, doc=f"The cell's `{name}`.")
