"""Reads a package with `ast`, without importing it: its modules, and who imports whom."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Import:
    """One imported module: its dotted name, the line, and whether it is imported when loading."""

    module: str
    line: int
    at_load: bool


@dataclass(frozen=True)
class Module:
    """One source file."""

    name: str
    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))


class SourceTree:
    """All modules of the package `package` in the folder `root`."""

    def __init__(self, root: Path, package: str = "thalweg") -> None:
        self.root = root
        self.package = package
        self.modules = {
            module.name: module
            for path in sorted((root / package).rglob("*.py"))
            for module in [Module(_dotted(path.relative_to(root)), path, path.read_text("utf-8"))]
        }

    def behind_the_door(self) -> Iterator[Module]:
        """Modules under `_src`."""
        prefix = f"{self.package}._src"
        return (m for m in self.modules.values() if (m.name + ".").startswith(prefix + "."))

    def doors(self) -> Iterator[Module]:
        """Modules outside of `_src`, but for the one that starts the command."""
        inside, command = f"{self.package}._src.", f"{self.package}.__main__"
        return (
            m
            for m in self.modules.values()
            if not (m.name + ".").startswith(inside) and m.name != command
        )

    def imports(self, module: Module) -> list[Import]:
        """What `module` imports from its own package, each resolved to a module of the tree."""
        found = []
        for node, at_load in _import_nodes(module.tree, at_load=True):
            for name in self._targets(node):
                found.append(Import(name, node.lineno, at_load))
        return found

    def _targets(self, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            base = node.module or ""
            names = [f"{base}.{alias.name}" for alias in node.names]
            names = [name if name in self.modules else base for name in names]
        own = (self.package, self.package + ".")
        return (name for name in dict.fromkeys(names) if name == own[0] or name.startswith(own[1]))


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _import_nodes(
    node: ast.AST, at_load: bool
) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """Import statements below `node`; `at_load` is False inside functions and for type checkers."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, at_load
        elif isinstance(child, ast.If) and _is_type_checking(child.test):
            yield from _import_nodes(ast.Module(child.body, []), False)
            yield from _import_nodes(ast.Module(child.orelse, []), at_load)
        else:
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _import_nodes(child, at_load and not inside)


def _is_type_checking(test: ast.expr) -> bool:
    name = getattr(test, "id", getattr(test, "attr", ""))
    return name == "TYPE_CHECKING"


def room(name: str, above: str) -> str | None:
    """First part of the dotted `name` after the package `above`; None for others and for itself."""
    prefix = above + "."
    return name.removeprefix(prefix).split(".")[0] if name.startswith(prefix) else None
