"""Tables, JSON and pictures of a run whose records are made up."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from benchmarks.cli import arguments, main, peers_of
from benchmarks.process import Outcome, Side
from benchmarks.programs import GROWTHS, PROGRAMS
from benchmarks.records import Record
from benchmarks.report import all_lines, amount, markdown, write
from benchmarks.rounds import Session, row_names, take
from benchmarks.summary import exponent, theory

CONVNET = "convnet 28x28, batch 64"


def side(name: str, label: str) -> Side:
    return Side(name, label, Path("python"), label, (label,), installed=True)  # type: ignore[arg-type]


@pytest.fixture
def session() -> Session:
    """Six rounds of a training row, a growth that is quadratic, one error."""
    found = Session(
        side("ours", "thalweg"),
        (side("tensorflow", "TensorFlow"), side("keras-jax", "Keras on JAX")),
        "cpu",
        rounds=6,
        repeats=1,
        only=("convnet", "attention"),
    )
    for round in range(6):
        for name, seconds in (("ours", 1e-3), ("tensorflow", 2e-3), ("keras-jax", 4e-3)):
            found.records.append(Record(f"{CONVNET}, step", name, round, seconds, foreign=0.0))  # type: ignore[arg-type]
    growth = GROWTHS[-1]
    for number in growth.numbers:
        found.records.append(Record(growth.row(number), "ours", 0, 1e-9 * number**2))
    found.records.append(Record(f"{CONVNET}, first step", "ours", 0, None, error="it broke"))
    return found


def test_table_has_each_peer_s_ratio_and_interval(session: Session) -> None:
    text = markdown(session, all_lines(session))
    row = next(line for line in text.splitlines() if f"{CONVNET}, step " in line)
    assert "| 1 ms" in row
    assert "| 2 ms: 0.50 (0.50–0.50)" in row
    assert "| 4 ms: 0.25 (0.25–0.25)" in row
    assert f"- {CONVNET}, first step: ours: it broke" in text
    assert re.search(r"attention by sequence *\| 2.00 *\| — *\| — *\| 1.\d\d", text)


def test_files_hold_the_table_the_records_and_pictures(session: Session, tmp_path: Path) -> None:
    write(tmp_path, "2000-01-01", session, all_lines(session))
    content = json.loads((tmp_path / "2000-01-01.json").read_text(encoding="utf-8"))
    assert len(content["records"]) == len(session.records)
    assert content["growth"]["attention by sequence"]["ours"] == pytest.approx(2.0)
    assert content["provenance"]["pairs"] == 6
    picture = (tmp_path / "2000-01-01.svg").read_text(encoding="utf-8")
    assert CONVNET in picture
    assert "Keras on JAX" in picture
    assert "theory" in (tmp_path / "2000-01-01-growth.svg").read_text(encoding="utf-8")


def test_errors_of_a_process_reach_every_row(session: Session) -> None:
    case = next(c for p in PROGRAMS for c in p.cases if c.name == CONVNET)
    session.records.clear()
    take(session, session.ours, 0, [case], Outcome({}, "killed", None))
    assert [record.row for record in session.records] == row_names(case)
    assert {record.error for record in session.records} == {"killed"}


@pytest.mark.parametrize(
    ("number", "text"), [(3e-6, "3 µs"), (1.5, "1.5 s"), (2e-10, "0.2 ns"), (None, "—")]
)
def test_amounts(number: float | None, text: str) -> None:
    assert amount(number) == text


def test_exponents() -> None:
    assert exponent({2: 8.0, 4: 64.0}) == pytest.approx(3.0)
    assert exponent({2: 8.0}) is None
    assert 1 < theory(GROWTHS[-1]) < 2


@pytest.mark.parametrize(
    ("line", "peers"),
    [
        ([], ["tensorflow", "keras-jax", "keras-torch", "torch", "jax"]),
        (["--only", "import"], ["tensorflow"]),
        (["--only", "ResNet50 inference"], ["tensorflow", "keras-jax", "keras-torch"]),
        (["--only", "LSTM", "--peers", "torch"], ["torch"]),
        (["--gpu"], ["keras-jax"]),
    ],
)
def test_peers_that_a_run_needs(line: list[str], peers: list[str]) -> None:
    assert peers_of(arguments(line)) == peers


def test_list_names_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list", "--gpu"]) == 0
    names = capsys.readouterr().out.split("\n")
    assert "train: ResNet50 training bf16, batch 128" in names
    assert "import" not in names
