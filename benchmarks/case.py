"""What a benchmark is: a case (one program to time), its targets, a program (a file's cases)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

Thunk = Callable[[], Any]
"""One call to time. It returns what must be ready when the clock stops (see ``Mode``)."""

Setup = Callable[[Any, Any], Thunk]
"""Builds data, variables and models from ``(tf, keras)``, untimed, and returns the call to time."""

SideName = Literal["ours", "theirs"]


class Mode(Enum):
    """How the clock is held to a case."""

    STEADY = "steady"
    """Warmed up, then many blocks of many calls; seconds per call."""
    OWN_CLOCK = "own clock"
    """The thunk measures itself and returns seconds per step; many samples."""
    FRESH = "fresh"
    """The first call in a fresh process, once with an empty and once with a warm compile cache."""


@dataclass(frozen=True)
class Target:
    """A promise: ``ours`` (seconds, bytes) or ``ratio`` (ours/theirs) is at most ``limit``."""

    on: Literal["ours", "ratio"]
    limit: float
    text: str


EAGER = Target("ratio", 1 / 3, "≥ 3x faster")
COMPILED = Target("ratio", 1 / 5, "≥ 5x faster")


@dataclass(frozen=True)
class Case:
    """One program stated in TensorFlow's API.

    Args:
      name: unique; the row of the table.
      setup: see ``Setup``.
      mode: see ``Mode``.
      targets: promises that the table checks.
      sides: who runs it; ``("ours",)`` for the floor that only our engine has.
    """

    name: str
    setup: Setup
    mode: Mode = Mode.STEADY
    targets: tuple[Target, ...] = ()
    sides: tuple[SideName, ...] = ("ours", "theirs")


@dataclass(frozen=True)
class Program:
    """Cases that share a process (``STEADY``, ``OWN_CLOCK``) or get one each (``FRESH``)."""

    name: str
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Difference:
    """A row computed as ``whole - part`` in each process: an overhead."""

    name: str
    whole: str
    part: str


@dataclass(frozen=True)
class Budget:
    """A limit on our side alone: ``numerator`` (over ``denominator``) is at most ``limit``."""

    name: str
    numerator: str
    limit: float
    denominator: str | None = None
