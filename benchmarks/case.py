"""What a benchmark is: a case (one program to time), its targets, a program (a file's cases)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

Thunk = Callable[[], Any]
"""One call to time. It returns what must be ready when the clock stops (see ``Mode``)."""

Setup = Callable[..., Thunk]
"""Builds data, variables and models from ``(tf, keras)``, untimed, and returns the call to time.

Where a case has sizes, one of them is the third argument. Sides without TensorFlow's API get None
for ``tf``; a program by hand gets its own library and None.
"""

SideName = Literal["ours", "tensorflow", "keras-jax", "keras-torch", "torch", "jax"]
KERAS: tuple[SideName, ...] = ("ours", "tensorflow", "keras-jax", "keras-torch")
"""The sides that run a program written against the Keras API alone."""

SizeName = Literal["cpu", "gpu", "tiny"]
Unit = Literal["s", "B"]


class Mode(Enum):
    """How the clock is held to a case."""

    STEADY = "steady"
    """Warmed up, then many blocks of many calls; seconds per call."""
    OWN_CLOCK = "own clock"
    """The thunk measures itself and returns seconds per step; many samples."""
    FRESH = "fresh"
    """The first call in a fresh process, once with an empty and once with a warm compile cache."""
    START = "start"
    """As ``FRESH``, counted from the start of the process: imports and data included."""
    MEASURES = "measures"
    """Once in a fresh process with an empty compile cache; the thunk returns a number a measure."""


ALONE = (Mode.FRESH, Mode.START, Mode.MEASURES)
"""Modes of cases that get a process each."""


@dataclass(frozen=True)
class Target:
    """A promise: ``ours`` (seconds, bytes) or ``ratio`` (ours/TensorFlow) is at most ``limit``."""

    on: Literal["ours", "ratio"]
    limit: float
    text: str


EAGER = Target("ratio", 1 / 3, "≥ 3x faster")
COMPILED = Target("ratio", 1 / 5, "≥ 5x faster")


@dataclass(frozen=True)
class Case:
    """One program stated in TensorFlow's or Keras' API.

    Args:
      name: unique; the row of the table.
      setup: see ``Setup``.
      mode: see ``Mode``.
      targets: promises that the table checks, on the first row of the case.
      sides: who runs it; ``("ours",)`` for the floor that only our engine has.
      by_hand: the same work written in the library of a side that has no Keras.
      measures: names and units of what ``Mode.MEASURES`` finds; a row each.
      sizes: how large on a CPU, on a GPU and in the tests; a size that is not there is not run.
        Empty: one size, which the setup does not ask for, on a CPU and in the tests.
    """

    name: str
    setup: Setup
    mode: Mode = Mode.STEADY
    targets: tuple[Target, ...] = ()
    sides: tuple[SideName, ...] = ("ours", "tensorflow")
    by_hand: Mapping[SideName, Setup] = field(default_factory=dict)
    measures: Mapping[str, Unit] = field(default_factory=dict)
    sizes: Mapping[SizeName, Any] = field(default_factory=dict)

    def runs(self, size: SizeName) -> bool:
        """Says whether the case has a size."""
        return size in self.sizes or (not self.sizes and size != "gpu")

    def thunk(self, side: SideName, size: SizeName, tf: Any, keras: Any) -> Thunk:
        """Returns the call to time on a side."""
        setup = self.by_hand.get(side, self.setup)
        return setup(tf, keras, self.sizes[size]) if self.sizes else setup(tf, keras)


@dataclass(frozen=True)
class Program:
    """Cases that share a process, or get one each where their mode is in ``ALONE``."""

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


@dataclass(frozen=True)
class Growth:
    """Seconds of a case's measures against the number in their names.

    Args:
      case: whose measures are ``f"{number}{ending}"``.
      numbers: those that grow.
      ending: of the measures' names.
      work: what theory says, up to a factor.
    """

    case: str
    numbers: tuple[int, ...]
    ending: str
    work: Callable[[int], float]

    @property
    def name(self) -> str:
        """The row's name."""
        return self.case + self.ending

    def row(self, number: int) -> str:
        """Returns the name of the row with the seconds at a number."""
        return f"{self.case}, {number}{self.ending}"
