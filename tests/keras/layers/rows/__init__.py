"""The table of all layers, by family."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any


class _Table(list[Any]):
    """All rows, and the rows of each family."""

    families: dict[str, list[Any]]


def _table() -> _Table:
    found = _Table()
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name != "spec")
    found.families = {name: importlib.import_module(f"{__name__}.{name}").ROWS for name in names}
    for rows in found.families.values():
        found.extend(rows)
    ids = [row.id for row in found]
    assert len(set(ids)) == len(ids), "row ids must differ"
    return found


ALL = _table()
