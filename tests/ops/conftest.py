"""Fixtures of the op tests."""

from __future__ import annotations

import pytest

from thalweg._src.core import door
from thalweg._src.testing import contracts


@pytest.fixture
def ops_run_by_rows(monkeypatch):
    """Names of all ops that the rows of the table reach."""
    from tests.ops.test_contracts import ROWS

    seen: set[str] = set()
    original = door.call_general

    def spying(op, inputs, attrs):
        seen.add(op.name)
        return original(op, inputs, attrs)

    monkeypatch.setattr(door, "call_general", spying)

    class Everything:
        """A recorder: makes the door leave its short cut."""

        differentiates = False

        def follows(self, tensor):
            return False

        def record(self, call):
            seen.add(call.op.name)

        def variable_read(self, variable, tensor):
            return None

    from thalweg._src.core.recorders import state

    state.recorders.append(Everything())
    try:
        for row in ROWS:
            contracts.run(row)
    finally:
        state.recorders.clear()
    return seen
