"""Ops of the host that are marked as pointwise do to stacked inputs what they do to each of them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.ops.test_contracts import ROWS
from thalweg._src.core.opdef import registry
from thalweg._src.testing import contracts

POINTWISE = sorted(name for name, op in registry.items() if op.pointwise)


def listed(found):
    return list(found) if isinstance(found, (tuple, list)) else [found]


@pytest.fixture(scope="module")
def calls():
    """Arrays and settings with which the rows of the op table call each of them."""
    found = {name: [] for name in POINTWISE}
    bodies = {name: registry[name].host for name in POINTWISE}

    def noting(name):
        def body(*arrays, **settings):
            found[name].append((arrays, settings))
            return bodies[name](*arrays, **settings)

        return body

    with pytest.MonkeyPatch.context() as patch:
        for name in POINTWISE:
            patch.setattr(registry[name], "host", noting(name))
        for row in ROWS:
            if not row.traced:
                contracts.run(row)
    return found


def pairs(op, arrays, settings):
    """Inputs twice: turned round the second time, or single elements of them."""
    whole = [list(np.broadcast_arrays(*(a if n == 0 else a[::-1] for a in arrays))) for n in (0, 1)]
    single = [[np.asarray(a[n], a.dtype) for a in arrays] for n in (0, 1)]
    for one, other in (whole, single):
        if not callable(op.pointwise) or op.pointwise(*one, **settings):
            yield one, other


@pytest.mark.parametrize("name", POINTWISE)
def test_results_of_stacked_inputs_are_stacked_results(name, calls):
    op = registry[name]
    checked = 0
    for arrays, settings in calls[name]:
        arrays = np.broadcast_arrays(*arrays)
        if not arrays[0].ndim or len(arrays[0]) < 2:
            continue
        for one, other in pairs(op, arrays, settings):
            stacked = [np.stack(pair) for pair in zip(one, other, strict=True)]
            parts = (listed(op.host(*inputs, **settings)) for inputs in (one, other, stacked))
            for a, b, both in zip(*parts, strict=True):
                assert both.tolist() == [a.tolist(), b.tolist()]
                assert both.dtype == a.dtype
            checked += 1
    assert checked, f"no row of the op table shows {name} with arrays"
