"""The checkers: each takes a `SourceTree` and returns one line for each fault it finds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from tests.architecture import rules
from tests.architecture.source_tree import Module, SourceTree, room

Storeys = Mapping[str, tuple[int, tuple[str, ...]]]


def _at(module: Module, line: int) -> str:
    return f"{module.path}:{line}"


def storey_faults(tree: SourceTree, above: str, storeys: Storeys) -> list[str]:
    """Imports, also inside functions, that go up or sideways without being named."""
    faults = []
    for module in tree.behind_the_door():
        home = room(module.name, above)
        if home is None or home == rules.TEST_ROOM:
            continue
        if home not in storeys:
            faults.append(f"{module.path}: room {home!r} is not in the table of rooms")
            continue
        storey, named = storeys[home]
        for imported in tree.imports(module):
            target = room(imported.module, above)
            if target in (None, home):
                continue
            if target not in storeys or not (storeys[target][0] < storey or target in named):
                faults.append(f"{_at(module, imported.line)}: {home} may not import {target}")
    return faults


def door_import_faults(tree: SourceTree) -> list[str]:
    """Imports of a public door by a part behind it."""
    source = f"{tree.package}._src"
    faults = []
    for module in tree.behind_the_door():
        if room(module.name, source) in (*rules.DOOR_USERS, rules.TEST_ROOM):
            continue
        for imported in tree.imports(module):
            if not (imported.module + ".").startswith(source + "."):
                faults.append(f"{_at(module, imported.line)}: imports the door {imported.module}")
    return faults


def cycles(tree: SourceTree) -> list[str]:
    """Groups of modules that import each other while loading."""
    graph = {
        name: {i.module for i in tree.imports(module) if i.at_load and i.module in tree.modules}
        for name, module in tree.modules.items()
    }
    # A door that hands out its own submodules (`from thalweg.keras import layers`) is no cycle.
    for name, targets in graph.items():
        targets.discard(name)
    reach = {name: _reachable(graph, [name]) for name in graph}
    groups = {
        tuple(sorted(other for other in reach[name] if name in reach[other])) for name in graph
    }
    return [" <-> ".join(group) for group in sorted(groups) if len(group) > 1]


def unreachable(tree: SourceTree) -> list[str]:
    """Modules behind the door that no door, entry point or test room leads to."""
    graph: dict[str, set[str]] = {}
    for name, module in tree.modules.items():
        targets = {i.module for i in tree.imports(module)}
        parents = {target.rpartition(".")[0] for target in targets | {name}}
        while extra := {parent.rpartition(".")[0] for parent in parents} - parents - {""}:
            parents |= extra
        graph[name] = (targets | parents) & set(tree.modules)
    test_room = f"{tree.package}._src.{rules.TEST_ROOM}"
    tests = [n for n in tree.modules if (n + ".").startswith(test_room + ".")]
    starts = [m.name for m in tree.doors()] + list(rules.ENTRY_MODULES) + tests
    reached = _reachable(graph, [start for start in starts if start in graph])
    return [str(m.path) for m in tree.behind_the_door() if m.name not in reached]


def _reachable(graph: Mapping[str, set[str]], starts: list[str]) -> set[str]:
    """Every node on a path from `starts`, which are counted in."""
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(graph[name])
    return seen


def test_room_faults(tree: SourceTree) -> list[str]:
    """Imports of the test room by anything shipped for use."""
    source = f"{tree.package}._src"
    return [
        f"{_at(module, imported.line)}: imports {imported.module}"
        for module in tree.modules.values()
        if room(module.name, source) != rules.TEST_ROOM
        for imported in tree.imports(module)
        if room(imported.module, source) == rules.TEST_ROOM
    ]


def star_imports(tree: SourceTree) -> list[str]:
    """`from x import *`, and relative imports."""
    return [
        f"{_at(module, node.lineno)}: star or relative import"
        for module in tree.modules.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        and (node.level or any(alias.name == "*" for alias in node.names))
    ]


def door_form_faults(module: Module, package: str = "thalweg") -> list[str]:
    """Statements of a door other than docstring, `from package... import y as y`, `__all__`, what is said of
    names that it lacks, and the names of modules that are loaded when used."""
    faults = [] if ast.get_docstring(module.tree) else [f"{module.path}: has no docstring"]
    body = module.tree.body[1:] if ast.get_docstring(module.tree) else module.tree.body
    sources, odd = [], []
    for node in body:
        if isinstance(node, ast.ImportFrom) and (f"{node.module}.").startswith(package + "."):
            sources.append(str(node.module))
            bare = [a.name for a in node.names if a.asname is None]
            faults += [f"{_at(module, node.lineno)}: {n} is imported without 'as'" for n in bare]
        elif _is_all(node):
            names = ast.literal_eval(node.value)  # type: ignore[attr-defined]
            if list(names) != sorted(names):
                faults.append(f"{_at(module, node.lineno)}: __all__ is not sorted")
        elif ast.unparse(node) != "import typing as _typing":
            odd.append(node)
    if sources != sorted(sources):
        faults.append(f"{module.path}: imports are not sorted by module")
    if [ast.unparse(node) for node in odd] == ["_know_other_names(__name__)"]:
        odd = []
    if not (len(odd) == 2 and odd == body[-2:] and _names_modules_loaded_when_used(*odd)):
        faults += [f"{_at(module, node.lineno)}: {type(node).__name__} in a door" for node in odd]
    return faults


def _names_modules_loaded_when_used(for_types: ast.stmt, for_python: ast.stmt) -> bool:
    """True for two statements that tell the same names to type checkers and to Python."""
    block = r"if _typing.TYPE_CHECKING:\n((?:    from \S+ import (\w+) as \2\n?)+)"
    told = re.fullmatch(block, ast.unparse(for_types))
    names = re.findall(r" as (\w+)", told[1]) if told else []
    call = f"_lazy_submodules(__name__, {', '.join(map(repr, names))})"
    return names == sorted(names) and ast.unparse(for_python) in (
        f"__getattr__, __dir__ = {call}",
        f"(__getattr__, __dir__) = {call}",
    )


def _is_all(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Assign)
        and [getattr(target, "id", "") for target in node.targets] == ["__all__"]
        and isinstance(node.value, ast.List | ast.Tuple)
    )


def size_faults(tree: SourceTree) -> list[str]:
    """Files and function bodies (docstrings not counted) that are too long."""
    faults = []
    for module in tree.modules.values():
        if module.path.relative_to(tree.root).as_posix() in rules.TABLE_FILES:
            continue
        lines = module.text.count("\n")
        if lines > rules.MAX_FILE_LINES:
            faults.append(f"{module.path}: {lines} lines")
        for function in _functions(module.tree):
            lines = _body_lines(function)
            if lines > rules.MAX_FUNCTION_LINES:
                faults.append(f"{_at(module, function.lineno)}: {function.name} has {lines} lines")
    return faults


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function, clean=False) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
