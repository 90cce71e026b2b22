"""The pictures: ratios of every training row with their intervals, and growth beside theory."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from benchmarks.case import Growth, SideName
from benchmarks.process import Side
from benchmarks.programs import GROWTHS
from benchmarks.rounds import Session
from benchmarks.summary import Line, exponent, growth_points, theory

SHOWN = (
    ", step",
    ", first step",
    ", batch",
    ", first batch",
    ", peak memory",
    "predict one sample",
)
"""Endings of the rows that are drawn: what a user of ``fit`` and ``predict`` meets."""

COLOURS: dict[SideName, str] = {
    "ours": "#1b1b1b",
    "tensorflow": "#d9772b",
    "keras-jax": "#3b6fb6",
    "keras-torch": "#a33b3b",
    "torch": "#d98f8f",
    "jax": "#7fb2e0",
}
STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "thalweg", "font.size": 9.0}


def save(figure: Figure, path: Path) -> None:
    """Writes a figure as SVG: text as text, and the same bytes for the same numbers."""
    FigureCanvasAgg(figure)
    figure.savefig(path, format="svg", bbox_inches="tight", metadata={"Date": None})


def draw_ratios(path: Path, session: Session, lines: list[Line], caption: str) -> None:
    """Draws ours over each peer's, a row each, with intervals; nothing where no row is shown."""
    shown = [x for ending in SHOWN for x in lines if x.row.name.endswith(ending)]
    drawn = [item for item in shown if item.peers]
    if not drawn:
        return
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8, 0.6 + 0.32 * len(drawn)))
        axes = figure.subplots()
        for index, side in enumerate(session.peers):
            shift = 0.5 * ((index + 0.5) / len(session.peers) - 0.5)
            _intervals(axes, drawn, side.name, side.label, shift)
        axes.axvline(1, color="#888888", linewidth=1)
        axes.set(xscale="log", xlabel=f"{session.ours.label} / peer: left of 1 is less. {caption}")
        axes.set_yticks(range(len(drawn)), [item.row.name for item in drawn])
        axes.invert_yaxis()
        axes.grid(axis="x", alpha=0.3)
        axes.legend(loc="lower center", bbox_to_anchor=(0.4, 1), ncols=3, frameon=False)
        save(figure, path)


def _intervals(axes: Any, lines: list[Line], side: SideName, label: str, shift: float) -> None:
    """Draws a peer's ratios with their intervals, a little beside the others'."""
    rows = [(index, item.beside(side)) for index, item in enumerate(lines)]
    there = [(i, p) for i, p in rows if p and p.ratio and p.low is not None and p.high is not None]
    middle = np.array([peer.ratio for _, peer in there], "float64")
    low = np.array([peer.low for _, peer in there], "float64")
    high = np.array([peer.high for _, peer in there], "float64")
    axes.errorbar(
        middle,
        [index + shift for index, _ in there],
        xerr=[middle - low, high - middle],
        fmt="o",
        markersize=4,
        color=COLOURS[side],
        label=label,
    )


def draw_growth(path: Path, session: Session, lines: list[Line]) -> None:
    """Draws seconds against what grows, with theory's slope dashed; nothing where nothing grew."""
    grown = [
        (growth, {side: growth_points(growth, lines, side.name) for side in session.sides})
        for growth in GROWTHS
    ]
    drawn = [(growth, points) for growth, points in grown if any(points.values())]
    if not drawn:
        return
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(3.2 * len(drawn), 3), layout="constrained")
        for axes, (growth, points) in zip(
            np.ravel(figure.subplots(1, len(drawn))), drawn, strict=True
        ):
            _growth(axes, growth, {side: found for side, found in points.items() if found})
        save(figure, path)


def _growth(axes: Any, growth: Growth, points: Mapping[Side, dict[int, float]]) -> None:
    """Draws one growth; the legend tells the exponents."""
    for side, found in points.items():
        fitted = exponent(found)
        label = side.label if fitted is None else f"{side.label} {fitted:.2f}"
        axes.plot(
            found.keys(), found.values(), "o-", markersize=3, color=COLOURS[side.name], label=label
        )
    work = np.array([growth.work(number) for number in growth.numbers])
    top = max(max(found.values()) for found in points.values())
    label = f"theory {theory(growth):.2f}"
    axes.plot(growth.numbers, top * work / work[-1], "--", color="#888888", label=label)
    axes.set(xscale="log", yscale="log", title=growth.name, ylabel="seconds")
    axes.set_xticks(growth.numbers, [str(number) for number in growth.numbers], rotation=45)
    axes.set_xticks([], minor=True)
    axes.legend(fontsize=7, frameon=False)
