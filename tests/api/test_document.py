"""What `docs/compat.md` says about names is what programs are told."""

from __future__ import annotations

from tests.api import document


def test_the_page_is_as_the_table_of_names_says() -> None:
    page = document.PAGE.read_text("utf-8")
    assert document.written(page) == page


def test_a_page_that_says_otherwise_is_found() -> None:
    page = f"x\n{document.BEGIN}\nold\n{document.END}\ny"
    assert (
        document.written(page)
        == f"x\n{document.BEGIN}\n\n{document.section()}\n\n{document.END}\ny"
    )
