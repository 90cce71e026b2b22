"""Cases about things that are still to come: expected to fail until they are there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def parameters(cases: Iterable[Any], later: dict[str, str]) -> list[Any]:
    """Named cases for `pytest.mark.parametrize`; those in `later` (name -> reason) must fail as yet.

    A case that begins to pass fails its test, so that its row is taken out of `later`.
    """
    unknown = set(later) - {case.name for case in cases}
    if unknown:
        raise ValueError(f"no such cases: {sorted(unknown)}")
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
