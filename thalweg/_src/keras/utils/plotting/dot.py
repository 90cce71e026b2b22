"""Diagrams in the DOT language, and the drawings that Graphviz makes of it where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from xml.sax.saxutils import escape

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.base.log import get_logger
from thalweg._src.keras.utils.plotting.diagram import Box, Diagram, Group
from thalweg._src.keras.utils.plotting.drawing import (
    CELL_SIZE,
    GROUP_COLOR,
    LINE_COLOR,
    TITLE_COLOR,
    TITLE_SIZE,
    scene_of,
)
from thalweg._src.keras.utils.plotting.raster import picture_of
from thalweg._src.keras.utils.plotting.scene import Span
from thalweg._src.keras.utils.plotting.svg import svg_of

_TEXT_FORMATS = ("dot", "gv", "raw")
# Graphviz may take very long for large graphs.
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Dot:
    """A model's diagram: as text in the DOT language, or drawn.

    Attributes:
        diagram: Boxes and arrows.
        rankdir: Which way arrows lead.
        splines: How they run.
        dpi: Pixels per inch of pictures made of pixels.
        subgraph: The text is a subgraph, to be put into another graph.
    """

    diagram: Diagram
    rankdir: str
    splines: str | bool
    dpi: float
    subgraph: bool = False

    def to_string(self) -> str:
        """The diagram in the DOT language."""
        root = self.diagram.root
        names = {id(box): f"n{index}" for index, box in enumerate(root.boxes())}
        if self.subgraph:
            lines = ["subgraph cluster_0 {", *_group_attributes(root)]
        else:
            lines = [
                "digraph model {",
                f"graph [rankdir={self.rankdir}, splines={str(self.splines).lower()}, dpi={self.dpi:g}, "
                "nodesep=0.3, ranksep=0.35];",
                f'node [shape=plaintext, margin=0, fontname="DejaVu Sans", fontsize={CELL_SIZE:g}];',
                f'edge [color="{LINE_COLOR}", penwidth=1.25, arrowsize=0.8];',
            ]
        lines += _group_lines(root, names, [0])
        for edge in self.diagram.edges:
            further = " [dir=both]" * edge.both + " [style=invis]" * edge.hidden
            lines.append(f"{names[id(edge.tail)]} -> {names[id(edge.head)]}{further};")
        return "\n".join([*lines, "}"]) + "\n"

    def create(self, format: str = "svg", prog: str = "dot") -> bytes:
        """The contents of a file of some format.

        Args:
            format: ``"svg"``, ``"png"``, ``"pdf"``, ``"dot"``, or another format that Graphviz or matplotlib
                writes.
            prog: Graphviz' program that draws. Where it is not installed we draw ourselves.

        Raises:
            ImportError: Nothing that draws this format is installed.
            ValueError: The format is unknown, or the diagram is part of another graph.
        """
        if format in _TEXT_FORMATS:
            return self.to_string().encode()
        if self.subgraph:
            raise InvalidArgumentError(
                "[model_to_dot] expected a whole graph to draw, got one made with subgraph=True; leave that "
                "out, or use to_string()."
            )
        program = shutil.which(prog)
        drawn = None if program is None else _run(program, self.to_string(), format)
        if drawn is not None:
            return drawn
        scene = scene_of(self.diagram, self.rankdir, self.splines)
        if format == "svg":
            return svg_of(scene).encode()
        return picture_of(scene, format, self.dpi)

    def write(
        self, path: str | PathLike[str], format: str | None = None, prog: str = "dot"
    ) -> bool:
        """Writes a file.

        Args:
            path: Where to.
            format: See `create`; None takes the ending of the path, and PNG where there is none.
            prog: See `create`.

        Returns:
            True.
        """
        chosen = format or Path(path).suffix[1:].lower() or "png"
        contents = self.create(chosen, prog)
        Path(path).write_bytes(contents)
        return True

    def _repr_svg_(self) -> str:
        """What a notebook shows of it."""
        return self.create("svg").decode()


def _run(program: str, text: str, format: str) -> bytes | None:
    """What Graphviz draws; None where it fails, as it does on some graphs with ``splines="ortho"``."""
    try:
        done = subprocess.run(
            [program, f"-T{format}"],
            input=text.encode(),
            capture_output=True,
            check=True,
            timeout=_PATIENCE_SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", None) or b""
        get_logger().info(
            "[plot_model] %s failed to draw %s, which is drawn without it: %s; %s",
            program,
            format,
            error,
            said.decode(errors="replace").strip(),
        )
        return None
    return done.stdout


def _group_attributes(group: Group) -> list[str]:
    return [
        f'graph [label=<<b>{escape(group.name)}</b>>, labeljust=l, style="dashed,filled", '
        f'fillcolor="{GROUP_COLOR}", color="#7b8794", fontname="DejaVu Sans", fontsize={CELL_SIZE:g}];'
    ]


def _group_lines(group: Group, names: dict[int, str], counter: list[int]) -> list[str]:
    lines = []
    for child in group.children:
        if isinstance(child, Box):
            lines.append(f"{names[id(child)]} [label=<{_table(child)}>];")
            continue
        counter[0] += 1
        lines.append(f"subgraph cluster_{counter[0]} {{")
        lines += _group_attributes(child)
        lines += _group_lines(child, names, counter)
        lines.append("}")
    return lines


def _table(box: Box) -> str:
    """A box as a table of Graphviz' HTML."""
    columns = max([len(row) for row in box.rows], default=1)
    title = _html(box.title)
    rows = [
        f'<tr><td colspan="{columns}" bgcolor="{TITLE_COLOR}">'
        f'<font point-size="{TITLE_SIZE:g}" color="white">{title}</font></td></tr>'
    ]
    for row in box.rows:
        cells = []
        for index, cell in enumerate(row):
            span = columns - len(row) + 1 if index == len(row) - 1 else 1
            text = _html(cell.spans)
            if cell.color:
                text = f'<font color="white">{text}</font>'
            cells.append(f'<td colspan="{span}" bgcolor="{cell.color or "white"}">{text}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return (
        f'<table border="0" cellborder="1" cellspacing="0" cellpadding="7" color="{LINE_COLOR}">'
        f"{''.join(rows)}</table>"
    )


def _html(spans: tuple[Span, ...]) -> str:
    return "".join(
        f"<b>{escape(span.text)}</b>" if span.bold else escape(span.text) for span in spans
    )
