"""Every row of the op table keeps every contract."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from thalweg._src.core.opdef import registry
from thalweg._src.testing import cases, contracts
from thalweg._src.testing.rows import Row


def _rows() -> list[Row]:
    found: list[Row] = []
    for module in sorted(m.name for m in pkgutil.iter_modules(cases.__path__)):
        found += importlib.import_module(f"{cases.__name__}.{module}").ROWS
    return found


ROWS = _rows()


def rows(chosen=lambda row: True):
    return pytest.mark.parametrize("row", [pytest.param(r, id=r.id) for r in ROWS if chosen(r)])


def test_ids_are_unique():
    ids = [row.id for row in ROWS]
    assert sorted(ids) == sorted(set(ids))


@rows(lambda row: row.reference is not None)
def test_values_are_those_of_numpy(row):
    contracts.check_reference(row)


@rows(lambda row: row.traced)
def test_traced_equals_eager(row):
    contracts.check_traced(row)


@rows(lambda row: row.symbolic)
def test_symbolic_fits_eager(row):
    contracts.check_symbolic(row)


@rows()
def test_no_silent_64_bit_result(row):
    contracts.check_narrow(row)


@rows(lambda row: row.gradient)
def test_gradient_is_the_central_difference(row):
    contracts.check_gradient(row)


@rows(lambda row: row.gradient and row.second_order)
def test_second_order_gradient(row):
    contracts.check_second_order(row)


@rows(lambda row: row.gradient)
def test_forward_mode(row):
    contracts.check_forward(row)


@pytest.mark.slow
@rows(lambda row: row.reference is not None)
def test_values_in_float64(row):
    contracts.check_reference(row, "float64")


@pytest.mark.slow
@rows(lambda row: row.traced)
def test_traced_in_float64(row):
    contracts.check_traced(row, "float64")


@pytest.mark.slow
@rows(lambda row: row.symbolic)
def test_symbolic_at_more_sizes(row):
    contracts.check_symbolic(row, "float64", (1, 3, 4, 8))


def test_every_op_has_a_row(ops_run_by_rows):
    # Tests make ops of their own.
    made = {name for name in registry if not name.startswith("test_")}
    missing = sorted(made - ops_run_by_rows)
    assert not missing, f"ops without a row in thalweg/_src/testing/cases: {missing}"
