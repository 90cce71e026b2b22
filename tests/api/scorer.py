"""Compares thalweg with lists of the public names of Keras and TensorFlow.

The lists hold one name per line, with its kind and signature:

    keras.layers.Dense  class  (units, activation=None, use_bias=True, ...)

They were recorded from the released packages keras 3.15.1 and tensorflow 2.21.0, whose public modules were
walked with `inspect`. `python -m tests.api` prints how much of them is there.
"""

from __future__ import annotations

import ast
import dis
import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from thalweg._src.base.api_names import api_names

LISTS = {"keras": "keras-3.15.txt", "tensorflow": "tensorflow-2.21.txt"}
MODULES = {"keras": "thalweg.keras", "tensorflow": "thalweg"}
MISSING = object()

# Python passes the arguments of these by position, so that their parameters' names show nowhere.
UNNAMED = re.compile(r"__(?!call__|init__)\w+__")


@dataclass(frozen=True)
class Name:
    """One line of a list.

    Attributes:
        path: Such as ``tensorflow.keras.layers.Dense``.
        kind: ``module``, ``class``, ``function``, ``method``, ``property``, ...
        parameters: Those of its signature; None where it has none.
    """

    path: str
    kind: str
    parameters: tuple[str, ...] | None

    @property
    def in_table(self) -> str:
        """The name under which `api_names.toml` holds it."""
        path = self.path.removeprefix("tensorflow.") if ".keras." in self.path else self.path
        return re.sub(r"^tensorflow\b", "tf", path)


@dataclass(frozen=True)
class Score:
    """What there is of one list.

    Attributes:
        names: Names outside of the fields that the table leaves out as a whole.
        missing: Names that thalweg lacks, in those fields too.
        outside: Names in those fields.
        parameters: How many parameters the callables that are there list.
        lacking: For a callable, the listed parameters that it does not take.
    """

    names: int
    missing: tuple[Name, ...]
    outside: frozenset[str]
    parameters: int
    lacking: dict[str, tuple[str, ...]]

    @property
    def names_share(self) -> float:
        """Names that are there, in percent of those outside of fields that are left out."""
        return 100 * (1 - sum(name.path not in self.outside for name in self.missing) / self.names)

    @property
    def parameters_share(self) -> float:
        """Parameters that are taken, in percent."""
        return 100 * (1 - sum(map(len, self.lacking.values())) / self.parameters)


def score(root: str) -> Score:
    """Looks for every name of a list.

    Args:
        root: ``keras`` or ``tensorflow``.
    """
    module = importlib.import_module(MODULES[root])
    names = list(listed(root))
    found = {name.path: resolve(module, name.path.partition(".")[2], name.kind) for name in names}
    missing = tuple(name for name in names if found[name.path] is MISSING)
    fields = [row for row in api_names().absent if not row.counts]
    outside = {name.path for name in missing if any(row.covers(name.in_table) for row in fields)}
    wanted, lacking = 0, {}
    for name in names:
        if name.parameters is None or found[name.path] is MISSING:
            continue
        if UNNAMED.fullmatch(name.path.rpartition(".")[2]):
            continue
        taken = parameters(found[name.path])
        if taken is None:
            continue
        wanted += len(name.parameters)
        absent = tuple(each for each in name.parameters if each not in taken)
        if absent:
            lacking[name.in_table] = absent
    return Score(len(names) - len(outside), missing, frozenset(outside), wanted, lacking)


def listed(root: str) -> Iterator[Name]:
    """The names of a list, but for its root."""
    for line in (Path(__file__).parent / LISTS[root]).read_text("utf-8").splitlines():
        path, kind, signature = (*line.split("  ", 2), "", "")[:3]
        if path.startswith(f"{root}."):
            yield Name(
                path, kind, _listed_parameters(signature) if kind not in ("property",) else None
            )


def _listed_parameters(signature: str) -> tuple[str, ...] | None:
    if not signature or signature == "(...)":
        return None
    try:
        function = ast.parse(f"def f{signature}: pass").body[0]
    except SyntaxError:  # a default that is no Python
        return tuple(re.findall(r"[(,]\s*(?![*/])([A-Za-z_]\w*)\s*(?==|,|\))", signature))
    assert isinstance(function, ast.FunctionDef)
    args = function.args
    return tuple(arg.arg for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs))


def resolve(module: ModuleType, path: str, kind: str) -> Any:
    """What a dotted path names, or `MISSING`."""
    value: Any = module
    for part in path.split("."):
        owner = value
        try:
            value = getattr(owner, part)
        except AttributeError:
            if isinstance(owner, type) and part in _instance_attributes(owner):
                return None
            return MISSING
    return value


def _instance_attributes(owner: type) -> set[str]:
    """Names that a class annotates, or that its `__init__` gives to `self`."""
    found: set[str] = set()
    for each in owner.__mro__:
        found |= set(vars(each).get("__annotations__", {}))
        start = vars(each).get("__init__")
        if isinstance(start, FunctionType):
            found |= {i.argval for i in dis.get_instructions(start) if i.opname == "STORE_ATTR"}
    return found


class _Everything:
    def __contains__(self, name: object) -> bool:
        return True


def parameters(value: Any) -> set[str] | _Everything | None:
    """Names of the parameters that a callable takes; None where Python cannot tell.

    A class that hands on further keywords takes those of the classes above it too. Something that hands on
    all that it gets takes everything.
    """
    if not callable(value):
        return None
    if not isinstance(value, type):
        return _taken(value)
    if issubclass(value, tuple) and hasattr(value, "_fields"):
        return set(value._fields)
    found: set[str] = set()
    for each in value.__mro__:
        start = vars(each).get("__init__") or vars(each).get("__new__")
        if start is None or each is object:
            continue
        taken = _taken(start)
        if taken is None or isinstance(taken, _Everything):
            return taken
        found |= taken
        kinds = [p.kind for p in inspect.signature(start).parameters.values()]
        if inspect.Parameter.VAR_KEYWORD not in kinds:
            break
    return found


def _taken(function: Any) -> set[str] | _Everything | None:
    try:
        own = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    kinds = {parameter.kind for parameter in own}
    if {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD} <= kinds:
        return _Everything()
    return {parameter.name for parameter in own}


def excused(path: str, parameter: str) -> bool:
    """True where the table says why a callable does not take a parameter."""
    return any(
        fnmatchcase(path, pattern) and parameter in names
        for callables in api_names().parameters.values()
        for pattern, names in callables.items()
    )


def unexplained(found: Score) -> list[str]:
    """Missing names for which the table gives no reason."""
    table = api_names()
    return [name.path for name in found.missing if table.reason(name.in_table) is None]
