"""Runs cases of `keras.ops`: values, gradients and symbolic specs, in several dtypes and sizes."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.keras.differences.draws import Case
from tests.keras.differences.families import Family
from tests.keras.differences.findings import Findings

_CASTS = ("", "", "float16", "bfloat16", "float64", "int32", "", "uint8", "bool")


@dataclass(frozen=True)
class _OpRow:
    id: str
    name: str
    row: Any


def family(name: str) -> Family:
    """The rows of one table of `tests/keras/ops/tables`."""
    rows = importlib.import_module("tests.keras.ops.rows")
    table = importlib.import_module(f"tests.keras.ops.tables.{name[4:]}")
    own = [
        _OpRow(row.id, row.name.removeprefix("keras.ops."), row)
        for row in table.ROWS
        if row.via is None and isinstance(row, rows.Call)
    ]
    return Family("ops", own, "ops.", run)


def run(library: Any, case: Case, parameters: list[str]) -> Findings:
    """One call, its gradient, and its symbolic twin."""
    tf, keras, found = library.tf, library.keras, Findings()
    row = case.base.row
    function = library.find(f"ops.{case.name}")
    wanted = _CASTS[case.number % len(_CASTS)]
    make = importlib.import_module("thalweg._src.testing.rows").Make
    args = list(row.args(make(row.id, 0 if case.number % 11 == 10 else 3)))
    given = dict(zip(parameters, args, strict=False))
    if len(given) != len(args):
        return found
    options = given | row.kwargs | case.options

    def tensor(value: Any) -> Any:
        if isinstance(value, list) and any(isinstance(v, np.ndarray) for v in value):
            return [tensor(v) for v in value]
        if not isinstance(value, np.ndarray):
            return value
        if wanted and value.dtype.kind == "f" and wanted in ("int32", "uint8"):
            value = np.abs(value) * 3
        return tf.cast(value, wanted) if wanted and value.dtype.kind == "f" else tf.constant(value)

    tensors = {k: tensor(v) for k, v in options.items()}
    watched = [
        t
        for t in tf.nest.flatten(list(tensors.values()))
        if getattr(getattr(t, "dtype", None), "is_floating", False)
    ]

    def eager() -> Any:
        with tf.GradientTape() as tape:
            tape.watch(watched)
            result = function(**tensors)
            flat = [r for r in tf.nest.flatten(result) if r is not None]
            total = sum(
                tf.reduce_sum(tf.cast(o, "float32"))
                for o in flat
                if getattr(getattr(o, "dtype", None), "is_floating", False)
            )
        found.keep("value", flat)
        if row.gradient and watched and wanted in ("", "float64") and not isinstance(total, int):
            gradients = tape.gradient(total, watched)
            found.keep(
                "gradient", [None if g is None else tf.convert_to_tensor(g) for g in gradients]
            )
        return "ran"

    if found.attempt("value", eager) is None:
        return found
    found.values["value"] = "ran"
    if row.symbolic:

        def symbolic() -> Any:
            drawn = {
                k: tf.nest.map_structure(
                    lambda v: (
                        keras.KerasTensor(tuple(v.shape), _name(v.dtype))
                        if hasattr(v, "dtype")
                        else v
                    ),
                    t,
                )
                for k, t in tensors.items()
            }
            flat = tf.nest.flatten(function(**drawn))
            return [
                f"{tuple(getattr(o, 'shape', ()))} {_name(getattr(o, 'dtype', type(o).__name__))}"
                for o in flat
            ]

        found.attempt("symbolic", symbolic)
    return found


def _name(dtype: Any) -> str:
    return str(getattr(dtype, "name", dtype))
