"""Functions that give one value for each value, with broadcasting."""

from __future__ import annotations

from typing import Any

from tests.keras.ops.rows import EACH, PAIRS_AND_NUMBERS, call


def _pair(make: Any) -> tuple[Any, ...]:
    return make(make.n, 4), make(4)


ROWS = [
    call("add", _pair, dtypes=PAIRS_AND_NUMBERS, gradient=(0, 1)),
    call("sqrt", lambda m: (m(m.n, 4, low=0.1),), dtypes=EACH, gradient=(0,)),
]
