"""Scenes: flat lists of rectangles, texts, lines and arrowheads, in points, which writers draw."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

Point = tuple[float, float]
# Advance widths of DejaVu Sans, thousandths of the font size, for the characters from space to tilde.
_REGULAR = (
    "318 401 460 838 636 950 780 275 390 390 500 838 318 361 318 337 636 636 636 636 636 636 636 636 "
    "636 636 337 337 838 838 838 531 1000 684 686 698 770 632 575 775 752 295 295 656 557 863 748 787 "
    "603 787 695 635 611 732 684 989 685 611 685 390 337 390 838 500 500 613 635 550 635 615 352 635 "
    "634 278 278 579 278 974 634 612 635 635 411 521 392 634 592 818 592 592 525 636 337 636 838"
)
_BOLD = (
    "348 456 521 838 696 1002 872 306 457 457 523 838 380 415 380 365 696 696 696 696 696 696 696 696 "
    "696 696 400 400 838 838 838 580 1000 774 762 734 830 683 683 821 837 372 372 775 637 995 837 850 "
    "733 850 770 720 682 812 774 1103 771 724 725 457 365 457 838 500 500 675 716 593 716 678 435 716 "
    "712 343 343 665 343 1042 712 687 716 716 493 595 478 712 652 924 645 652 582 712 365 712 838"
)
_WIDTHS = {
    bold: tuple(int(width) for width in table.split())
    for bold, table in ((False, _REGULAR), (True, _BOLD))
}
_OTHER_WIDTH = 700
_WIDE_WIDTH = 1050


@dataclass(frozen=True)
class Span:
    """A piece of a line of text.

    Attributes:
        text: The characters.
        bold: Whether they are bold.
    """

    text: str
    bold: bool = False

    def width(self, size: float) -> float:
        """Width in points in DejaVu Sans; fonts that stand in for it are no wider.

        Args:
            size: Size of the font in points.
        """
        widths = _WIDTHS[self.bold]
        total = 0
        for character in self.text:
            place = ord(character) - 32
            if 0 <= place < len(widths):
                total += widths[place]
            else:
                wide = unicodedata.east_asian_width(character) in "WF"
                total += _WIDE_WIDTH if wide else _OTHER_WIDTH
        return total * size / 1000


def width_of(spans: tuple[Span, ...], size: float) -> float:
    """Width of a line of text in points."""
    return sum(span.width(size) for span in spans)


@dataclass(frozen=True)
class Rectangle:
    """A rectangle; `x` and `y` are its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    fill: str | None = None
    stroke: str | None = None
    dashed: bool = False


@dataclass(frozen=True)
class Text:
    """A line of text, its middle at `x` and `y`."""

    x: float
    y: float
    spans: tuple[Span, ...]
    size: float
    color: str


@dataclass(frozen=True)
class Line:
    """An open path of straight lines and curves.

    Attributes:
        start: Where it starts.
        steps: One point: a straight line there; three: a cubic curve with two control points.
        color: Its colour.
    """

    start: Point
    steps: tuple[tuple[Point, ...], ...]
    color: str


@dataclass(frozen=True)
class Polygon:
    """A filled polygon."""

    points: tuple[Point, ...]
    fill: str


Shape = Rectangle | Text | Line | Polygon
LINE_WIDTH = 1.25


@dataclass
class Scene:
    """What is to be drawn, first things undermost.

    Attributes:
        width: In points, 72 to the inch.
        height: In points.
        shapes: The things; the point (0, 0) is the upper left corner.
    """

    width: float
    height: float
    shapes: list[Shape] = field(default_factory=list)
