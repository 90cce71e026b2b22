"""Lines as a Markdown table (also what the terminal shows) and as JSON."""

import json
import os
import platform
import subprocess
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.case import SideName
from benchmarks.plot import draw_growth, draw_ratios
from benchmarks.process import ROOT
from benchmarks.programs import BUDGETS, DIFFERENCES, GROWTHS
from benchmarks.records import Row
from benchmarks.rounds import Session, rows
from benchmarks.summary import (
    Line,
    budget_amount,
    difference_records,
    exponent,
    growth_points,
    line,
    theory,
    verdicts,
)

NOISY = 0.10
"""Above this share of foreign CPU time a row is marked as contended."""


def amount(number: float | None, unit: str = "s") -> str:
    """Formats seconds or bytes with three significant digits."""
    if number is None:
        return "—"
    scales = {"s": ((1, "s"), (1e-3, "ms"), (1e-6, "µs"), (0, "ns")), "B": ((1e9, "GB"), (0, "MB"))}
    least = {"ns": 1e-9, "MB": 1e6}
    scale, name = next((s, n) for s, n in scales[unit] if abs(number) >= s)
    return f"{number / (scale or least[name]):.3g} {name}"


def ratio(number: float | None) -> str:
    """Formats a ratio: two digits that count, or a dash."""
    if number is None:
        return "—"
    return f"{number:.2f}" if 0.1 <= abs(number) < 10 else f"{number:.2g}"


def met(line: Line) -> str:
    """Formats the verdicts of a row; ``~`` marks an interval that crosses the target."""
    words = {True: "yes", False: "NO", None: "—"}
    found = [words[v.met] + ("~" if v.crosses else "") for v in verdicts(line)]
    return ", ".join(found) or "—"


def beside(line: Line, side: SideName) -> str:
    """Formats a peer's amount, and ours over it with its interval."""
    peer = line.beside(side)
    if peer is None or peer.amount is None:
        return "—"
    shown = amount(peer.amount, line.row.unit)
    if peer.ratio is not None:
        shown += f": {ratio(peer.ratio)} ({ratio(peer.low)}–{ratio(peer.high)})"
    return shown + (" differs" if peer.same is False else "")


def cells(line: Line, sides: list[SideName], targets: bool) -> tuple[str, ...]:
    """Returns a row's cells: name, ours, each peer, contention; targets and verdict where asked for."""
    others = "—" if line.foreign is None else f"{line.foreign:.0%}"
    noisy = " !" if line.foreign is not None and line.foreign > NOISY else ""
    texts = ", ".join(target.text for target in line.row.targets) or "—"
    return (
        line.row.name,
        "failed" if line.ours is None and line.error else amount(line.ours, line.row.unit),
        *(beside(line, side) for side in sides),
        *((texts, met(line)) if targets else ()),
        others + noisy,
    )


def group_table(session: Session, group: str, lines: list[Line]) -> str:
    """Returns the heading and the table of a group, with a column for each peer that ran it."""
    ran = {peer.side for line in lines for peer in line.peers}
    labels = {side.name: side.label for side in session.peers if side.name in ran}
    targets = any(line.row.targets for line in lines)
    checks = ("target", "met") if targets else ()
    head = (group, session.ours.label, *labels.values(), *checks, "others")
    body = [cells(line, list(labels), targets) for line in lines]
    return f"## {group}\n\n{table(head, body)}"


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
    return [item for item in lines if item.ours is not None or item.peers or item.error]


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


def growth_table(session: Session, lines: list[Line]) -> str:
    """Returns the table of fitted exponents beside theory's; empty if nothing grew."""
    sides, body = session.sides, []
    for growth in GROWTHS:
        fitted = [exponent(growth_points(growth, lines, side.name)) for side in sides]
        if any(fitted):
            body.append((growth.name, *(ratio(x) for x in fitted), f"{theory(growth):.2f}"))
    head = ("exponent of growth", *(side.label for side in sides), "theory")
    return table(head, body) if body else ""


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


def graphics() -> str:
    """Returns the models of the GPUs, or nothing."""
    try:
        asked = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
        return ", ".join(subprocess.run(asked, capture_output=True, text=True).stdout.splitlines())
    except OSError:
        return ""


def provenance(session: Session) -> dict[str, Any]:
    """Returns what a reader needs to judge or repeat the run."""
    return {
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
        "commit": git("rev-parse", "HEAD") or "none",
        "uncommitted changes": bool(git("status", "--porcelain")),
        "processor": processor(),
        "gpu": graphics() if session.size == "gpu" else "",
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "pairs": session.rounds,
        "blocks a process": session.repeats,
        "size": session.size,
        "sides": {
            side.name: {"label": side.label, "package": side.package}
            | {"framework": session.versions.get(side.name)}
            | {"size of parts": session.versions.get(f"{side.name} parts")}
            for side in session.sides
        },
    }


def sides_line(facts: dict[str, Any]) -> str:
    """Returns who was measured, in which versions."""
    names = [
        f"{side['label']} {(side['framework'] or {}).get('version', '')}".strip()
        for side in facts["sides"].values()
    ]
    changes = ", uncommitted changes" if facts["uncommitted changes"] else ""
    return f"{names[0]} (commit {facts['commit'][:12]}{changes}) beside {', '.join(names[1:])}"


def markdown(session: Session, lines: list[Line]) -> str:
    """Returns the report: provenance, tables, growth, budgets, failures."""
    facts = provenance(session)
    groups = {
        group: [x for x in lines if x.row.group == group]
        for group in dict.fromkeys(x.row.group for x in lines)
    }
    parts = [
        f"# Benchmarks, {facts['date']}",
        f"{sides_line(facts)}; {facts['processor']}, {facts['cores']} cores"
        f"{', ' + facts['gpu'] if facts['gpu'] else ''}; {session.rounds} pairs. "
        "How to read it: benchmarks/README.md.",
        *(group_table(session, group, found) for group, found in groups.items()),
        growth_table(session, lines),
        budget_table(lines),
    ]
    if any(item.foreign is not None and item.foreign > NOISY for item in lines):
        parts.append(f"`!`: others took more than {NOISY:.0%} of the CPU; repeat when quiet.")
    rows_of: dict[str, list[str]] = {item.error: [] for item in lines if item.error}
    for item in lines:
        if item.error:
            rows_of[item.error].append(item.row.name)
    failures = [f"- {'; '.join(names)}: {error}" for error, names in rows_of.items()]
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
        "growth": {
            growth.name: {
                "theory": theory(growth),
                **{
                    side.name: exponent(growth_points(growth, lines, side.name))
                    for side in session.sides
                },
            }
            for growth in GROWTHS
        },
        "records": [asdict(record) for record in session.records],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def write(folder: Path, name: str, session: Session, lines: list[Line]) -> None:
    """Writes ``name.json``, ``name.md`` and the pictures ``name.svg`` and ``name-growth.svg``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(as_json(session, lines), encoding="utf-8")
    (folder / f"{name}.md").write_text(markdown(session, lines), encoding="utf-8")
    caption = f"{processor()}, {os.cpu_count()} cores, {name[:10]}"
    draw_ratios(folder / f"{name}.svg", session, lines, caption)
    draw_growth(folder / f"{name}-growth.svg", session, lines)
