"""Cases whose parts of the package are still to be built."""

from __future__ import annotations

from typing import Any

import pytest

from .support import Cases


def parameters(cases: Cases, later: dict[str, str]) -> list[Any]:
    """The cases as test parameters; those named in `later` must fail, for the reason given there."""
    unknown = set(later) - {case.name for case in cases}
    assert not unknown, f"no such case, remove from LATER: {sorted(unknown)}"
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[pytest.mark.xfail(strict=True, reason=later[case.name])]
            if case.name in later
            else [],
        )
        for case in cases
    ]
