"""The checkers find what they are for: each is shown small packages with and without a fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import checks, rules
from tests.architecture.source_tree import SourceTree

Build = Callable[[dict[str, str]], SourceTree]
STOREYS = {"low": (0, ()), "beside": (1, ()), "friend": (1, ("beside",)), "high": (2, ())}


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Writes files under `thalweg/` and reads them back."""

    def write(files: dict[str, str]) -> SourceTree:
        for name, text in files.items():
            path = tmp_path / "thalweg" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return SourceTree(tmp_path)

    return write


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("_src/low/a.py", "from thalweg._src.high import b"),
        ("_src/low/a.py", "import thalweg._src.high.b"),
        ("_src/low/a.py", "def f():\n    from thalweg._src.high import b"),
        ("_src/low/a.py", "import typing\nif typing.TYPE_CHECKING:\n  import thalweg._src.high.b"),
        ("_src/beside/a.py", "from thalweg._src.friend import c"),
        ("_src/unknown/a.py", "x = 1"),
    ],
)
def test_upward_sideways_and_unknown_rooms_are_found(build: Build, path: str, text: str) -> None:
    tree = build({path: text, "_src/high/b.py": "", "_src/friend/c.py": ""})
    assert len(checks.storey_faults(tree, "thalweg._src", STOREYS)) == 1


def test_downward_and_named_rooms_pass(build: Build) -> None:
    downward = "from thalweg._src.low import a\nfrom thalweg._src.high import c\nimport numpy"
    named = "from thalweg._src.beside import b"
    files = {"_src/high/b.py": downward, "_src/friend/b.py": named, "_src/beside/b.py": ""}
    assert checks.storey_faults(build(files), "thalweg._src", STOREYS) == []


@pytest.mark.parametrize(
    "text", ["import thalweg", "from thalweg import keras", "import thalweg.nn"]
)
def test_import_of_the_door_is_found(build: Build, text: str) -> None:
    files = {"__init__.py": "", "nn.py": "", "keras/__init__.py": "", "_src/base/a.py": text}
    assert len(checks.door_import_faults(build(files))) == 1


@pytest.mark.parametrize("name", [*rules.DOOR_USERS, rules.TEST_ROOM])
def test_programs_and_tests_may_import_the_door(build: Build, name: str) -> None:
    files = {"__init__.py": "", f"_src/{name}/a.py": "import thalweg"}
    assert checks.door_import_faults(build(files)) == []


def test_cycle_of_three_is_found(build: Build) -> None:
    tree = build(
        {
            "_src/a.py": "from thalweg._src import b",
            "_src/b.py": "from thalweg._src.c import x",
            "_src/c.py": "import thalweg._src.a",
        }
    )
    assert checks.cycles(tree) == ["thalweg._src.a <-> thalweg._src.b <-> thalweg._src.c"]


def test_imports_for_type_checkers_make_no_cycle(build: Build) -> None:
    late = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from thalweg._src import a"
    tree = build({"_src/a.py": "from thalweg._src import b", "_src/b.py": late})
    assert checks.cycles(tree) == []


def test_module_nobody_reaches_is_found(build: Build) -> None:
    tree = build(
        {
            "__init__.py": "from thalweg._src.room.used import x as x",
            "_src/__init__.py": "",
            "_src/room/__init__.py": "",
            "_src/room/used.py": "def x():\n    import thalweg._src.room.late",
            "_src/room/late.py": "",
            "_src/room/dead.py": "from thalweg._src.room import used",
        }
    )
    assert [Path(fault).name for fault in checks.unreachable(tree)] == ["dead.py"]


def test_import_of_the_test_room_is_found(build: Build) -> None:
    files = {"_src/testing/cases.py": "", "_src/base/a.py": "import thalweg._src.testing.cases"}
    assert len(checks.test_room_faults(build(files))) == 1


@pytest.mark.parametrize("text", ["from thalweg._src.a import *", "from . import a"])
def test_star_and_relative_imports_are_found(build: Build, text: str) -> None:
    assert len(checks.star_imports(build({"_src/a.py": "", "_src/b.py": text}))) == 1


@pytest.mark.parametrize(
    "body",
    [
        "from thalweg._src.a import f",
        "def f(): ...",
        "import thalweg._src.a",
        "from numpy import sin as sin",
        "from thalweg._src.b import g as g\nfrom thalweg._src.a import f as f",
        "__all__ = ['g', 'f']",
        "x = 3",
    ],
)
def test_logic_and_disorder_in_a_door_are_found(build: Build, body: str) -> None:
    tree = build({"nn.py": f'"""Doc."""\n{body}\n'})
    assert len(checks.door_form_faults(tree.modules["thalweg.nn"])) == 1


def test_door_without_docstring_is_found(build: Build) -> None:
    tree = build({"nn.py": "from thalweg._src.a import f as f\n"})
    assert len(checks.door_form_faults(tree.modules["thalweg.nn"])) == 1


def test_proper_door_passes(build: Build) -> None:
    imports = "from thalweg._src.a import f as f\nfrom thalweg._src.b import g as h"
    tree = build({"nn.py": f'"""Doc."""\n{imports}\n__all__ = ["f", "h"]\n'})
    assert checks.door_form_faults(tree.modules["thalweg.nn"]) == []


LAZY_DOOR = """\"\"\"Doc.\"\"\"
import typing as _typing
from thalweg._src.base.lazy import lazy_submodules as _lazy_submodules
if _typing.TYPE_CHECKING:
    from thalweg import keras as keras
__getattr__, __dir__ = _lazy_submodules(__name__, {names})
"""


@pytest.mark.parametrize(("names", "faults"), [('"keras"', 0), ('"keras", "nn"', 2), ("*[]", 2)])
def test_lazy_modules_are_told_to_type_checkers_too(build: Build, names: str, faults: int) -> None:
    tree = build({"nn.py": LAZY_DOOR.format(names=names)})
    assert len(checks.door_form_faults(tree.modules["thalweg.nn"])) == faults


@pytest.mark.parametrize(("line", "faults"), [("_know_other_names(__name__)", 0), ("print()", 1)])
def test_what_a_door_says_of_names_that_it_lacks(build: Build, line: str, faults: int) -> None:
    tree = build({"nn.py": f'"""Doc."""\n{line}\n'})
    assert len(checks.door_form_faults(tree.modules["thalweg.nn"])) == faults


def test_long_file_and_long_function_are_found(build: Build) -> None:
    lines = "    x = 1\n" * (rules.MAX_FUNCTION_LINES + 1)
    long_function = f"def f():\n{lines}"
    tree = build({"_src/a.py": "#\n" * (rules.MAX_FILE_LINES + 1), "_src/b.py": long_function})
    assert len(checks.size_faults(tree)) == 2


def test_docstring_does_not_count_as_function_length(build: Build) -> None:
    doc = "    line\n" * (rules.MAX_FUNCTION_LINES + 1)
    tree = build({"_src/a.py": f'def f():\n    """Doc.\n\n{doc}    """\n    return 1\n'})
    assert checks.size_faults(tree) == []
