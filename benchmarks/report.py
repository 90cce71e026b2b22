"""Lines as a Markdown table (also what the terminal shows) and as JSON."""

import json
import os
import platform
import subprocess
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.process import ROOT
from benchmarks.programs import BUDGETS, DIFFERENCES
from benchmarks.records import Row
from benchmarks.rounds import Session, rows
from benchmarks.summary import Line, budget_amount, difference_records, line, verdicts

NOISY = 0.10
"""Above this share of foreign CPU time a row is marked as contended."""

HEAD = ("program", "thalweg", "TensorFlow", "ratio", "spread", "faster", "target", "met", "others")


def amount(number: float | None, unit: str = "s") -> str:
    """Formats seconds or bytes with three significant digits."""
    if number is None:
        return "—"
    scales = {"s": ((1, "s"), (1e-3, "ms"), (1e-6, "µs"), (0, "ns")), "B": ((1e9, "GB"), (0, "MB"))}
    least = {"ns": 1e-9, "MB": 1e6}
    scale, name = next((s, n) for s, n in scales[unit] if abs(number) >= s)
    return f"{number / (scale or least[name]):.3g} {name}"


def plain(number: float | None, form: str = ".2f") -> str:
    """Formats a number, or a dash."""
    return "—" if number is None else format(number, form)


def met(line: Line) -> str:
    """Formats the verdicts of a row; ``~`` marks a spread that crosses the target."""
    words = {True: "yes", False: "NO", None: "—"}
    found = [words[v.met] + ("~" if v.crosses else "") for v in verdicts(line)]
    return ", ".join(found) or "—"


def cells(line: Line) -> tuple[str, ...]:
    """Returns a row's cells in the order of ``HEAD``."""
    spread = "—" if line.low is None else f"{plain(line.low)}–{plain(line.high)}"
    faster = "—" if not line.ratio or line.ratio < 0 else f"{1 / line.ratio:.1f}x"
    others = "—" if line.foreign is None else f"{line.foreign:.0%}"
    noisy = " !" if line.foreign is not None and line.foreign > NOISY else ""
    differs = " (results differ)" if line.same is False else ""
    return (
        line.row.name + differs,
        "failed" if line.ours is None and line.error else amount(line.ours, line.row.unit),
        amount(line.theirs, line.row.unit),
        plain(line.ratio),
        spread,
        faster,
        ", ".join(target.text for target in line.row.targets) or "—",
        met(line),
        others + noisy,
    )


def table(head: tuple[str, ...], body: list[tuple[str, ...]]) -> str:
    """Lays out a Markdown table with aligned columns."""
    widths = [max(len(cell) for cell in column) for column in zip(head, *body, strict=True)]
    rule = tuple("-" * width for width in widths)
    return "\n".join(
        "| " + " | ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)) + " |"
        for r in (head, rule, *body)
    )


def all_lines(session: Session) -> list[Line]:
    """Summarises every row of a session, differences last."""
    lines = [line(row, session.records) for row in rows(session)]
    for difference in DIFFERENCES:
        records = difference_records(difference, session.records)
        if records:
            lines.append(line(Row(difference.name, "overhead"), records))
    return [item for item in lines if (item.ours, item.theirs, item.error) != (None, None, None)]


def budget_table(lines: list[Line]) -> str:
    """Returns the table of limits on our side alone; empty if none was measured."""
    body = []
    for budget in BUDGETS:
        found = budget_amount(budget, lines)
        if found is not None:
            quotient = budget.denominator is not None
            shown = [f"{n:.2f}x" if quotient else amount(n) for n in (found, budget.limit)]
            body.append((budget.name, *shown, "yes" if found <= budget.limit else "NO"))
    return table(("budget of our own", "measured", "limit", "met"), body) if body else ""


def git(*arguments: str) -> str:
    """Returns what a reading git command prints, or nothing."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def processor() -> str:
    """Returns the CPU's model."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    models = [row.split(":", 1)[1].strip() for row in text.splitlines() if "model name" in row]
    return models[0] if models else platform.processor()


def provenance(session: Session) -> dict[str, Any]:
    """Returns what a reader needs to judge or repeat the run."""
    return {
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
        "commit": git("rev-parse", "HEAD") or "none",
        "uncommitted changes": bool(git("status", "--porcelain")),
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "rounds": session.rounds,
        "blocks a process": session.repeats,
        "sides": {
            side.name: {"package": side.package}
            | {"framework": session.versions.get(side.name)}
            | {"size of parts": session.versions.get(f"{side.name} parts")}
            for side in (session.ours, session.theirs)
        },
    }


def markdown(session: Session, lines: list[Line]) -> str:
    """Returns the report: provenance, table, budgets, failures."""
    facts = provenance(session)
    versions = {n: (s["framework"] or {}).get("version", "?") for n, s in facts["sides"].items()}
    parts = [
        f"# Benchmarks, {facts['date']}",
        f"{session.ours.package} {versions['ours']} (commit {facts['commit'][:12]}"
        f"{', uncommitted changes' if facts['uncommitted changes'] else ''}) beside "
        f"{session.theirs.package} {versions['theirs']}; {facts['processor']}, "
        f"{facts['cores']} cores; {session.rounds} rounds. How to read it: benchmarks/README.md.",
        table(HEAD, [cells(line) for line in lines]),
        budget_table(lines),
    ]
    if any(item.foreign is not None and item.foreign > NOISY for item in lines):
        parts.append(f"`!`: others took more than {NOISY:.0%} of the CPU; repeat when quiet.")
    failures = [f"- {item.row.name}: {item.error}" for item in lines if item.error]
    if failures:
        parts.append("Failures:\n\n" + "\n".join(failures))
    return "\n\n".join(part for part in parts if part) + "\n"


def as_json(session: Session, lines: list[Line]) -> str:
    """Returns everything: provenance, lines with verdicts, all records."""
    content = {
        "provenance": provenance(session),
        "lines": [
            asdict(item) | {"verdicts": [asdict(verdict) for verdict in verdicts(item)]}
            for item in lines
        ],
        "records": [asdict(record) for record in session.records],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def write(folder: Path, name: str, session: Session, lines: list[Line]) -> None:
    """Writes ``name.json`` and ``name.md``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(as_json(session, lines), encoding="utf-8")
    (folder / f"{name}.md").write_text(markdown(session, lines), encoding="utf-8")
