"""A row of the table of pipelines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Row:
    """One pipeline.

    Attributes:
        name: Test id.
        build: Makes the data set.
        expected: Elements as nested lists; None where they are random.
        members: For random orders: the elements in any order.
        cardinality: What `cardinality()` says.
    """

    name: str
    build: Callable[[], Any]
    expected: list[Any] | None = None
    members: list[Any] | None = None
    cardinality: int = -2


def lists(values: Any) -> list[Any]:
    return np.asarray(values).tolist()
