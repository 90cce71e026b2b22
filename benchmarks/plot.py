"""The pictures: ratios of every training row with their intervals, and growth beside theory."""

from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from benchmarks.case import SideName
from benchmarks.programs import GROWTHS
from benchmarks.rounds import Session
from benchmarks.summary import Line, growth_points, theory

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
    drawn = [item for item in lines if item.row.name.endswith(SHOWN) and item.peers]
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
    points = {
        growth.name: {side: growth_points(growth, lines, side.name) for side in session.sides}
        for growth in GROWTHS
    }
    drawn = [growth for growth in GROWTHS if any(points[growth.name].values())]
    if not drawn:
        return
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(3.2 * len(drawn), 3), layout="constrained")
        for axes, growth in zip(np.ravel(figure.subplots(1, len(drawn))), drawn, strict=True):
            for side, found in points[growth.name].items():
                style = {"color": COLOURS[side.name], "label": side.label}
                axes.plot(found.keys(), found.values(), "o-", markersize=3, **style)
            numbers = np.array(growth.numbers)
            work = np.array([growth.work(number) for number in growth.numbers])
            top = max((max(f.values()) for f in points[growth.name].values() if f), default=1.0)
            label = f"theory, exponent {theory(growth):.2f}"
            axes.plot(numbers, top * work / work[-1], "--", color="#888888", label=label)
            axes.set(xscale="log", yscale="log", title=growth.name, ylabel="seconds")
            axes.legend(fontsize=7, frameon=False)
        save(figure, path)
