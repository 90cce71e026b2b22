"""Every row of the `keras.ops` tables keeps every contract; every function has a row."""

from __future__ import annotations

import inspect
import types

import pytest

import thalweg as tf
from tests.keras.ops import contracts, rows
from thalweg._src.testing import contracts as common

TABLES = rows.load()
ROWS = [(table, row) for table, module in TABLES.items() for row in module.ROWS]
ROOMS = ("image", "linalg", "nn", "numpy")


def each(chosen=lambda row: True):
    return pytest.mark.parametrize(
        ("table", "row"), [pytest.param(t, r, id=r.id) for t, r in ROWS if chosen(r)]
    )


def public():
    """Functions of `keras.ops` and its rooms, by name below `keras.ops`."""
    found = {}
    for prefix, room in (("", tf.keras.ops), *((f"{n}.", getattr(tf.keras.ops, n, None)) for n in ROOMS)):
        for name, value in vars(room).items() if room else ():
            if not name.startswith("_") and not isinstance(value, types.ModuleType):
                found[prefix + name] = value
    return found


FUNCTIONS = public()


def test_ids_are_unique():
    ids = [row.id for _, row in ROWS]
    assert sorted(ids) == sorted(set(ids))


@each()
def test_values_are_those_of_keras(table, row):
    contracts.check_golden(table, row)


@each(lambda row: row.dtypes)
def test_dtypes_are_those_of_keras(table, row):
    contracts.check_dtypes(table, row)


@each(lambda row: row.reference is not None)
def test_values_are_those_of_numpy(table, row):
    common.check_reference(row)


@each(lambda row: row.traced)
def test_traced_equals_eager(table, row):
    common.check_traced(row)


@each(lambda row: row.symbolic)
def test_symbolic_fits_eager(table, row):
    common.check_symbolic(row)


@each(lambda row: row.symbolic)
def test_a_call_is_one_node(table, row):
    contracts.check_node(row)


@each()
def test_no_silent_64_bit_result(table, row):
    common.check_narrow(row)


@each(lambda row: row.gradient)
def test_gradient_is_the_central_difference(table, row):
    common.check_gradient(row)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_signature_is_that_of_keras(name):
    contracts.check_signature(name, FUNCTIONS[name])


def test_rooms_hold_the_same_functions():
    differing = [
        name
        for name, function in FUNCTIONS.items()
        if "." in name and FUNCTIONS.get(name.split(".")[1], function) is not function
    ]
    assert not differing


def test_every_function_has_a_row():
    elsewhere = {name for module in TABLES.values() for name in getattr(module, "ELSEWHERE", ())}
    tried = {row.name.removeprefix("keras.ops.") for _, row in ROWS} | elsewhere
    ids = {id(FUNCTIONS[name]) for name in tried if name in FUNCTIONS}
    missing = sorted(name for name, f in FUNCTIONS.items() if inspect.isfunction(f) and id(f) not in ids)
    assert not missing, f"functions of keras.ops without a row in tests/keras/ops/tables: {missing}"
