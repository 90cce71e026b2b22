"""Rows of ops/nn/recurrent.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.ops.nn.recurrent import gru, lstm, simple_rnn
from thalweg._src.testing.rows import Make, Row

_TIME, _FEATURES, _UNITS = 4, 2, 3
_FUNCTIONS = {
    "hard_sigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
}


def _args(
    gates: int, states: int, *, bias: int = 1, mask: bool = False, masks: bool = False
) -> Callable[[Make], tuple[Any, ...]]:
    """Arguments of an op: `bias` says how many biases there are."""

    def make(m: Make) -> tuple[Any, ...]:
        wide = gates * _UNITS
        biases = None
        if bias:
            biases = m(wide) if bias == 1 else m(bias, wide)
        return (
            m(m.n, _TIME, _FEATURES),
            *(m(m.n, _UNITS) for _ in range(states)),
            m(_FEATURES, wide),
            m(_UNITS, wide),
            biases,
            m.bools(m.n, _TIME) if mask else None,
            2 * m.bools(gates, m.n, _UNITS).astype(m.dtype) if masks else None,
        )

    return make


Step = Callable[[Any, Any, Any, tuple[Any, ...]], tuple[Any, ...]]


def _walk(step: Step, arrays: tuple[Any, ...], states: int, sequence: bool) -> tuple[Any, ...]:
    """Results of a recurrent net, one step after the other.

    Args:
        step: ``(projected inputs, product of a state, bias of that product, states) -> states``.
        arrays: Arguments of the op.
        states: Number of states.
        sequence: Whether all outputs are wanted.
    """
    inputs, state = arrays[0], arrays[1 : 1 + states]
    kernel, recurrent, bias, mask, masks = arrays[1 + states :]
    units = recurrent.shape[0]
    of_inputs, of_state = (bias, 0) if bias is None or bias.ndim == 1 else (bias[0], bias[1])
    kernels = np.split(recurrent, recurrent.shape[1] // units, 1)

    def product(h: Any, gate: int) -> Any:
        return (h if masks is None else h * masks[gate]) @ kernels[gate]

    outputs = []
    for t in range(inputs.shape[1]):
        projected = inputs[:, t] @ kernel + (0 if of_inputs is None else of_inputs)
        new = step(projected, product, of_state, state)
        if mask is not None:
            live = mask[:, t, None]
            new = tuple(np.where(live, n, o) for n, o in zip(new, state, strict=True))
        state = new
        outputs.append(state[0])
    return (np.stack(outputs, 1) if sequence else state[0], *state)


def _simple(
    *arrays: Any, activation: str = "tanh", sequence: bool = False, unroll: bool = False
) -> Any:
    del unroll
    act = _FUNCTIONS[activation]
    return _walk(lambda x, p, _, s: (act(x + p(s[0], 0)),), arrays, 1, sequence)


def _lstm(
    *arrays: Any,
    activation: str = "tanh",
    recurrent_activation: str = "sigmoid",
    sequence: bool = False,
    unroll: bool = False,
) -> Any:
    del unroll
    act, gate = _FUNCTIONS[activation], _FUNCTIONS[recurrent_activation]

    def step(x: Any, product: Any, _: Any, state: Any) -> tuple[Any, ...]:
        parts = [part + product(state[0], g) for g, part in enumerate(np.split(x, 4, 1))]
        memory = gate(parts[1]) * state[1] + gate(parts[0]) * act(parts[2])
        return gate(parts[3]) * act(memory), memory

    return _walk(step, arrays, 2, sequence)


def _gru(
    *arrays: Any,
    activation: str = "tanh",
    recurrent_activation: str = "sigmoid",
    reset_after: bool = True,
    sequence: bool = False,
    unroll: bool = False,
) -> Any:
    del unroll
    act, gate = _FUNCTIONS[activation], _FUNCTIONS[recurrent_activation]

    def step(x: Any, product: Any, bias: Any, state: Any) -> tuple[Any, ...]:
        (h,) = state
        update, reset, inner = np.split(x, 3, 1)
        biases = np.split(np.broadcast_to(bias, (3 * _UNITS,)), 3)
        update = gate(update + product(h, 0) + biases[0])
        reset = gate(reset + product(h, 1) + biases[1])
        if reset_after:
            candidate = act(inner + reset * (product(h, 2) + biases[2]))
        else:
            candidate = act(inner + product(reset * h, 2))
        return (update * h + (1 - update) * candidate,)

    return _walk(step, arrays, 1, sequence)


def _row(op: Any, label: str, gates: int, smooth: tuple[int, ...], **further: Any) -> Row:
    """Row of an op that stands behind a layer."""
    name, states, reference = {
        simple_rnn: ("SimpleRNN", 1, _simple),
        lstm: ("LSTM", 2, _lstm),
        gru: ("GRU", 1, _gru),
    }[op]
    arguments = {k: further.pop(k) for k in ("bias", "mask", "masks") if k in further}
    return Row(
        f"keras.layers.{name}",
        _args(gates, states, **arguments),
        further,
        reference=reference,
        gradient=smooth,
        via=lambda _, *args, **kwargs: op(*args, **kwargs),
        label=label,
    )


ROWS = [
    _row(simple_rnn, "op", 1, (0, 1, 2, 3, 4)),
    _row(simple_rnn, "op-relu", 1, (0, 2, 3), bias=0, activation="relu", unroll=True),
    _row(simple_rnn, "op-masks", 1, (0, 1, 3, 6), mask=True, masks=True, sequence=True),
    _row(lstm, "op", 4, (0, 1, 2, 3, 4, 5)),
    _row(lstm, "op-mask", 4, (0, 1, 2, 3, 4, 5), mask=True, sequence=True),
    _row(lstm, "op-masks", 4, (0, 1, 2, 4, 7), masks=True, sequence=True, unroll=True),
    _row(
        lstm,
        "op-hard",
        4,
        (0, 1, 3, 4),
        bias=0,
        activation="relu",
        recurrent_activation="hard_sigmoid",
    ),
    _row(gru, "op", 3, (0, 1, 2, 3, 4), bias=2),
    _row(gru, "op-mask", 3, (0, 1, 2, 3, 4), bias=2, mask=True, masks=True, sequence=True),
    _row(gru, "op-before", 3, (0, 1, 2, 3, 4), reset_after=False),
    _row(
        gru,
        "op-before-mask",
        3,
        (0, 1, 3, 6),
        reset_after=False,
        mask=True,
        masks=True,
        sequence=True,
    ),
    _row(gru, "op-linear", 3, (0, 1, 2, 3, 4), activation="linear"),
]
