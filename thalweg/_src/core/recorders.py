"""Who listens at the door: per-thread stacks of recorders (tapes) and of state scopes (traces).

A *recorder* is told of every op that ran on a tensor it follows. A *scope* answers reads and writes of
Variables while a program is traced. The door and Variables talk to the tops of these stacks and know
nothing else about tapes and traces.
"""

from __future__ import annotations

import threading
from typing import Any, Protocol


class Recorder(Protocol):
    """Follows tensors through ops: a gradient tape or a forward accumulator.

    Attributes:
        differentiates: The recorder will ask for pullbacks, so ops must keep what these need.
    """

    differentiates: bool

    def follows(self, tensor: Any) -> bool:
        """True when results computed from `tensor` matter to this recorder."""

    def followed_tensors(self) -> Any:
        """Iterable of the followed tensors."""

    def record(self, call: Any) -> None:
        """An op ran; `call` is an `OpCall` whose inputs include a followed tensor."""


class Scope(Protocol):
    """Holds the values that Variables have inside a program under construction."""

    def read(self, variable: Any) -> Any:
        """Tensor that stands for the variable's value."""

    def write(self, variable: Any, tensor: Any) -> None:
        """The variable has this value from now on."""


class _State(threading.local):
    def __init__(self) -> None:
        self.recorders: list[Any] = []
        self.scopes: list[Any] = []
        self.devices: list[Any] = []


state = _State()


class OpCall:
    """One op that ran: what a recorder needs to know.

    Attributes:
        op: The `OpDef`.
        attrs: Its static arguments, in the order of ``op.attr_names``.
        inputs: Tensors, or bare arrays for constants, in the order of the op's inputs.
        outputs: Tensors that the op returned, always as a tuple.
        mask: For each input, whether some recorder follows it.
        pullback: Function from output cotangents to cotangents of the followed inputs.
    """

    __slots__ = ("attrs", "inputs", "mask", "op", "outputs", "pullback")

    def __init__(
        self, op: Any, attrs: tuple[Any, ...], inputs: Any, outputs: Any, mask: Any, pullback: Any
    ) -> None:
        self.op = op
        self.attrs = attrs
        self.inputs = inputs
        self.outputs = outputs
        self.mask = mask
        self.pullback = pullback
