"""Draws cases: a base row of an existing table, with one to three parameters set to other values."""

from __future__ import annotations

import random
import zlib
from typing import Any, NamedTuple

from tests.keras.differences.domains import domain


class Case(NamedTuple):
    """One object with one set of arguments.

    Attributes:
        id: Unique in its family.
        name: Class or function.
        base: Row that it was drawn from.
        options: Arguments that replace those of the row.
        number: Position among the cases of its class: decides what else is varied.
    """

    id: str
    name: str
    base: Any
    options: dict[str, Any]
    number: int


def draw(family: str, rows: list[Any], parameters: dict[str, list[str]], extra: int) -> list[Case]:
    """Cases of a family.

    Every value of every parameter's domain occurs in at least one case of each class; about half of
    the cases set more parameters, and `extra` cases a row set two or three at random.

    Args:
        family: Key of the tables of domains.
        rows: Objects with ``name`` and ``id``.
        parameters: Names of the parameters of each class or function.
        extra: Number of cases beyond coverage, for each row.
    """
    found: list[Case] = []
    for name in dict.fromkeys(row.name for row in rows):
        own = [row for row in rows if row.name == name]
        # The same in every process: a text's own hash differs from run to run.
        rng = random.Random(zlib.crc32(f"{family} {name}".encode()))
        values = [(p, v) for p in parameters.get(name, []) for v in domain(family, p)]
        sets: list[tuple[Any, dict[str, Any]]] = [(row, {}) for row in own]
        for number, (parameter, value) in enumerate(values):
            more = dict(rng.sample(values, k=min(len(values), rng.choice((0, 0, 1, 2)))))
            sets.append((own[(number + number // len(own)) % len(own)], more | {parameter: value}))
        sets += [
            (row, dict(rng.sample(values, k=min(len(values), rng.choice((2, 3))))))
            for row in own
            for _ in range(extra if values else 0)
        ]
        for number, (row, options) in enumerate(sets):
            text = ",".join(f"{k}={v!r}" for k, v in sorted(options.items()))
            found.append(Case(f"{row.id}#{number} {text}", name, row, options, number))
    return found
