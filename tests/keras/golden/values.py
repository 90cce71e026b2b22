"""Compares what thalweg gives for a row with what was recorded from Keras."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import thalweg as tf
from tests.golden import support
from tests.keras.golden.tables import TABLES, Row

RECORDED = json.loads(pathlib.Path(__file__).with_name("values.json").read_text(encoding="utf-8"))


def each(table: str, chosen: Callable[[Row], bool] = lambda row: True) -> Any:
    """Parametrises a test over the rows of a table."""
    rows = [row for row in TABLES[table][0] if chosen(row)]
    return pytest.mark.parametrize("row", rows, ids=[row.id for row in rows])


def differences(table: str, row: Row, got: Any, rtol: float, atol: float) -> Iterator[str]:
    """One line for each place where `got` is not what was recorded."""
    case = support.Case(row.id, lambda *_: None, rtol, atol)
    for path, message in support.compare(RECORDED[table][row.id], got, tf, case):
        yield f"{path or '(result)'}: {message}"


def check(table: str, row: Row, rtol: float = 1e-5, atol: float = 1e-6) -> None:
    """Runs a row and asserts that it gives what was recorded."""
    got = TABLES[table][1](tf, row)
    found = list(differences(table, row, got, rtol, atol))
    assert not found, "not what Keras gave:\n" + "\n".join(found)


def orphans(table: str) -> set[str]:
    """Recorded rows that the table no longer has, and rows that are not recorded."""
    return set(RECORDED[table]) ^ {row.id for row in TABLES[table][0]}
