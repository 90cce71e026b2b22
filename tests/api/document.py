"""`python -m tests.api.document`: writes the section about names of `docs/compat.md` from their table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from thalweg._src.base.api_names import Absent, api_names

PAGE = Path(__file__).parents[2] / "docs" / "compat.md"
BEGIN = "<!-- names: written by python -m tests.api.document -->"
END = "<!-- end of names -->"


def section() -> str:
    """The section, in Markdown."""
    table = api_names()
    parts = [
        "### Come later",
        _rows(("come with", "names"), (_absent(row) for row in table.absent if row.planned)),
        "### Have no meaning here",
        _rows(("because", "names"), (_absent(row) for row in table.absent if not row.planned)),
        "### Were called otherwise in older versions",
        _rows(
            ("name", "write"), ((_code([name]), write) for name, write in table.spellings.items())
        ),
        "### Arguments of older versions",
        _rows(
            ("argument", "write"),
            (
                (_code([f"{of}({name}=)"]), write)
                for of, names in table.arguments.items()
                for name, write in names.items()
            ),
        ),
        "### Are second names",
        _rows(("name", "is"), _aliases(table.aliases)),
        "### Parameters that are not taken",
        _rows(
            ("because", "parameters"),
            (
                (reason, _code(f"{path}({', '.join(names)})" for path, names in of.items()))
                for reason, of in table.parameters.items()
            ),
        ),
    ]
    return "\n\n".join(parts)


def _absent(row: Absent) -> tuple[str, str]:
    return row.reason, _code(sorted(row.names))


def _aliases(aliases: dict[str, str]) -> Iterable[tuple[str, str]]:
    for target in dict.fromkeys(aliases.values()):
        yield _code(name for name, of in aliases.items() if of == target), _code([target])


def _rows(head: tuple[str, str], rows: Iterable[tuple[str, str]]) -> str:
    lines = [head, ("---", "---"), *rows]
    return "\n".join(f"| {left} | {right} |" for left, right in lines)


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def written(page: str) -> str:
    """The page with the section as it is to be."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    assert pattern.search(page), f"expected {BEGIN} in {PAGE}"
    return pattern.sub(lambda _: f"{BEGIN}\n\n{section()}\n\n{END}", page)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
