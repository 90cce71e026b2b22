"""The families of the sweep: where their rows come from, and how a case is run."""

from __future__ import annotations

import contextlib
import importlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.keras.differences.draws import Case, draw
from tests.keras.differences.findings import Findings

_LAYER_EXTRAS = ["name", "trainable", "dtype"]


@dataclass(frozen=True)
class Family:
    """Rows of one kind.

    Attributes:
        table: Key of the tables of domains.
        rows: Base rows, with ``name`` and ``id``.
        prefix: Where the names stand below Keras.
        run: Runs a case: ``run(library, case, parameters)``.
        extras: Parameters that all take beside those of their signatures.
    """

    table: str
    rows: list[Any]
    prefix: str
    run: Callable[[Any, Case, list[str]], Findings]
    extras: tuple[str, ...] = ()

    def parameters(self, library: Any, name: str) -> list[str]:
        """Parameters of a class or function, from the real signature."""
        from tests.keras.differential import parameters_of

        own = parameters_of(library.find(f"{self.prefix}{name}"))
        return [*own, *(e for e in self.extras if e not in own)]


@dataclass(frozen=True)
class _Named:
    id: str
    name: str
    row: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


def load(name: str) -> Family:
    """Family by name."""
    if name.startswith("layers."):
        table = importlib.import_module(f"tests.keras.layers.rows.{name[7:]}")
        rows = [_Named(row.id, row.layer.name, row) for row in table.ROWS]
        run = importlib.import_module("tests.keras.differences.run_layers").run
        return Family(
            "layers", rows, "layers.", run, ("name", "trainable", "dtype", "activity_regularizer")
        )
    module = (
        "run_ops"
        if name.startswith("ops.")
        else "run_training"
        if name == "training"
        else "run_parts"
    )
    return importlib.import_module(f"tests.keras.differences.{module}").family(name)


def run_all(
    library: Any, family: Family, parameters: dict[str, list[str]], chosen: Any
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Ids and results of the cases that the command line chooses, one after the other."""
    for case in draw(family.table, family.rows, parameters, chosen.extra)[:: chosen.every]:
        if chosen.only in case.id:
            with contextlib.redirect_stdout(io.StringIO()):
                found = family.run(library, case, parameters[case.name]).values
            yield case.id, found
