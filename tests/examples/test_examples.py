"""The example programs run in their smallest size; in full they learn."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples import gallery

PROGRAMS = [pytest.param(p, id=p.stem) for p in gallery.programs()]


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_run_in_their_smallest_size(program: Path, tmp_path: Path) -> None:
    gallery.result(gallery.run(program, tmp_path, "--smoke"))
    assert (tmp_path / f"{program.stem}.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_learn(program: Path, tmp_path: Path) -> None:
    found = gallery.result(gallery.run(program, tmp_path))
    value, baseline = float(found["value"]), float(found["baseline"])
    assert value > baseline if found["sign"] == ">" else value < baseline


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_are_short_and_say_what_they_show(program: Path) -> None:
    text = program.read_text("utf-8")
    assert len(text.splitlines()) < 150
    assert text.startswith('"""')


def test_the_gallery_shows_every_program() -> None:
    results = gallery.recorded()
    assert set(results) == {p.stem for p in gallery.programs()}
    assert (gallery.ROOT / "docs/gallery.md").read_text("utf-8") == gallery.page(results)
    assert {p.stem for p in gallery.PICTURES.glob("*.png")} == set(results)
