"""Names of TensorFlow and Keras that thalweg publishes twice, calls otherwise, or lacks, and why.

They stand in one table, `api_names.toml`. It is read when a program asks for a name that is not there;
a program that asks for names that are there pays nothing.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar, cast

_Function = TypeVar("_Function", bound=Callable[..., Any])

TABLE = Path(__file__).with_name("api_names.toml")


@dataclass(frozen=True)
class Absent:
    """Names that thalweg lacks for one reason.

    Attributes:
        names: Such as ``tf.distribute``, which stands for all names below it too, or ``tf.linalg.Lin*``.
        reason: What they come with, such as ``training on several devices``; or why they do not come: a
            clause that follows "because".
        planned: They come later.
        counts: They are gaps; else they make up a field of their own that is left out as a whole.
    """

    names: tuple[str, ...]
    reason: str
    planned: bool
    counts: bool

    def covers(self, name: str) -> bool:
        """True for a name that stands here itself, or below one that does."""
        return any(fnmatchcase(part, pattern) for part in _prefixes(name) for pattern in self.names)


@dataclass(frozen=True)
class ApiNames:
    """The table.

    Attributes:
        aliases: For a second name, the one that thalweg's doors publish: ``keras.utils.np_utils`` is
            ``keras.utils``.
        spellings: For a name of older versions, what to write instead.
        arguments: For a callable, arguments of older versions and what to write instead.
        absent: Names that thalweg lacks.
        parameters: For a reason, the parameters that callables lack for it, by the callables' names.
    """

    aliases: dict[str, str]
    spellings: dict[str, str]
    arguments: dict[str, dict[str, str]]
    absent: tuple[Absent, ...]
    parameters: dict[str, dict[str, list[str]]]

    def reason(self, name: str) -> str | None:
        """Why there is no such name and what to do, as a sentence's end; None for an unknown one."""
        if name in self.spellings:
            return f"write {self.spellings[name]}"
        for row in self.absent:
            if row.covers(name):
                return (
                    "it comes later, with " if row.planned else "it is left out, because "
                ) + row.reason
        return None


@cache
def api_names() -> ApiNames:
    """The table, read once."""
    import tomllib  # here, since most programs never come here

    rows = tomllib.loads(TABLE.read_text("utf-8"))
    absent = [
        Absent(tuple(row["names"]), row[clause], planned, row.get("counts", True))
        for kind, clause, planned in (("later", "with", True), ("never", "because", False))
        for row in rows[kind]
    ]
    parameters = {row["because"]: row["of"] for row in rows["parameters"]}
    return ApiNames(rows["alias"], rows["instead"], rows["arguments"], tuple(absent), parameters)


def canonical(path: str) -> str:
    """The name in the table of what thalweg's door calls `path`: ``thalweg.nn`` is ``tf.nn``."""
    return (
        "keras" + path.removeprefix("thalweg.keras")
        if _is_keras(path)
        else "tf" + path[len("thalweg") :]
    )


def door_path(name: str) -> str:
    """The opposite of `canonical`."""
    root, dot, rest = name.partition(".")
    return {"tf": "thalweg", "keras": "thalweg.keras"}[root] + dot + rest


def missing_attribute(owner: str, name: str, of: Any = None) -> AttributeError:
    """The error for a name that a module or class lacks.

    Args:
        owner: What lacks it, such as ``thalweg.keras.layers``.
        name: The attribute.
        of: The object itself, for Python's "Did you mean".
    """
    reason = api_names().reason(f"{canonical(owner)}.{name}")
    text = f"module {owner!r} has no attribute {name!r}"
    return AttributeError(f"{text}: {reason}." if reason else text, name=name, obj=of)


def other_names(module: str) -> Callable[[str], Any]:
    """`__getattr__` of a door: second names of its things, and a reason for each name that it lacks.

    Args:
        module: The door's `__name__`.
    """

    def get_attribute(name: str) -> Any:
        if name.startswith("__"):  # asked for by Python and its tools, never by a program's author
            raise AttributeError(f"module {module!r} has no attribute {name!r}", name=name)
        target = api_names().aliases.get(f"{canonical(module)}.{name}")
        if target is None:
            raise missing_attribute(module, name, of=sys.modules[module])
        return published(door_path(target))

    return get_attribute


def know_other_names(module: str) -> None:
    """Gives a door the `__getattr__` of `other_names`.

    Type checkers do not see it: to them a name that is not there stays an error.

    Args:
        module: The door's `__name__`.
    """
    vars(sys.modules[module])["__getattr__"] = other_names(module)


def published(path: str) -> Any:
    """The module or other object that a door publishes under a dotted path."""
    parent, _, name = path.rpartition(".")
    return (
        getattr(importlib.import_module(parent), name) if parent else importlib.import_module(path)
    )


def older_arguments(names: Iterable[str], *owners: str) -> str:
    """What to write for unknown arguments, as sentences; empty for those that the table does not know.

    Args:
        names: The arguments.
        *owners: What was called, such as ``keras.layers.BatchNormalization``, and what it is a kind of.
    """
    table = api_names().arguments
    known = {name: told for owner in reversed(owners) for name, told in table.get(owner, {}).items()}
    return "".join(f" For {name!r} write {known[name]}." for name in sorted(names) if name in known)


def tells_older_arguments(owner: str) -> Callable[[_Function], _Function]:
    """Decorator: unknown arguments are refused with what to write instead.

    Args:
        owner: The function's name in the table, such as ``keras.Model.fit``.
    """

    def decorate(function: _Function) -> _Function:
        known = frozenset(inspect.signature(function).parameters)

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            if not known.issuperset(kwargs):
                unknown = sorted(kwargs.keys() - known)
                told = older_arguments(unknown, owner)
                raise TypeError(
                    f"{owner.rpartition('.')[2]}() got an unexpected keyword argument {unknown[0]!r}.{told}"
                )
            return function(*args, **kwargs)

        return cast(_Function, call)

    return decorate


class Replaced:
    """Attribute of older versions: asking for it raises an AttributeError that says what to write now.

    The table holds what to write, under the names of classes by which `canonical` calls them.

    Args:
        owner: The class's name in the table, such as ``keras.Model``.
    """

    def __init__(self, owner: str) -> None:
        self._owner = owner

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type) -> Any:
        instead = api_names().spellings[f"{self._owner}.{self._name}"]
        raise AttributeError(
            f"{owner.__name__!r} object has no attribute {self._name!r}: write {instead}.",
            name=self._name,
            obj=owner,
        )


def _is_keras(path: str) -> bool:
    return f"{path}.".startswith("thalweg.keras.")


def _prefixes(name: str) -> Iterator[str]:
    """`a.b.c`, `a.b`, `a`."""
    while name:
        yield name
        name = name.rpartition(".")[0]
