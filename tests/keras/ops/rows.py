"""Rows of the tables: one call of a `keras.ops` function, with the dtypes to try it in."""

from __future__ import annotations

import importlib
import itertools
import pathlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.keras.ops import tables
from thalweg._src.testing.rows import Make, Row

GOLDEN = pathlib.Path(__file__).with_name("golden")

#: For `Call.dtypes`: one array in each dtype.
EACH = tuple(
    (name,)
    for name in ("bool", "uint8", "int8", "int32", "int64", "float16", "bfloat16", "float32", "float64")
)
#: One array, complex too.
EACH_AND_COMPLEX = (*EACH, ("complex64",))
#: Two arrays in each pair of dtypes.
PAIRS = tuple(
    itertools.combinations_with_replacement(
        ("bool", "uint8", "int32", "int64", "float16", "bfloat16", "float32"), 2
    )
)
#: Two arrays, or one and a Python number.
PAIRS_AND_NUMBERS = (
    *PAIRS,
    *itertools.product(("bool", "uint8", "int32", "float16", "float32"), ("int", "float")),
)
_NUMBERS = {"int": 2, "float": 2.0}


@dataclass(frozen=True)
class Call(Row):
    """A row whose name is below `keras.ops`.

    Attributes:
        dtypes: Dtypes that the array arguments are cast to, in order; ``"int"`` and ``"float"`` put a
            Python number in their place. Only the dtype of the result is compared.
        differs: Why the recorded values are not ours on purpose; such a row must differ.
        differs_in: Combinations of `dtypes` whose result is not ours on purpose, and why.
    """

    dtypes: tuple[tuple[str, ...], ...] = ()
    differs: str = ""
    differs_in: tuple[tuple[str, str], ...] = ()


def call(name: str, args: Callable[[Make], tuple[Any, ...]], **options: Any) -> Call:
    """Row of `keras.ops.<name>`; options are the fields of `Call`."""
    return Call(f"keras.ops.{name}", args, **options)


def arguments(
    row: Call, combination: tuple[str, ...], cast: Callable[[Any, str], Any]
) -> tuple[Any, ...]:
    """The row's arguments with the arrays cast to a combination of dtypes."""
    wanted = iter(combination)

    def one(value: Any) -> Any:
        if isinstance(value, list) and any(isinstance(v, np.ndarray) for v in value):
            return [one(v) for v in value]
        if not isinstance(value, np.ndarray):
            return value
        dtype = next(wanted, "")
        return _NUMBERS[dtype] if dtype in _NUMBERS else cast(value, dtype) if dtype else value

    return tuple(one(value) for value in row.make())


def load() -> dict[str, Any]:
    """All table modules by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(tables.__path__))
    return {name: importlib.import_module(f"{tables.__name__}.{name}") for name in names}
