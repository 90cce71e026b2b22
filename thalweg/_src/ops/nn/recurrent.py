"""Recurrent nets over whole sequences: `simple_rnn`, `lstm`, `gru`, each one op."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.nn import recurrent_kernels as kernels
from thalweg._src.ops.nn.recurrent_cells import GRUCell, LSTMCell, ResetFirstGRUCell, SimpleCell
from thalweg._src.ops.nn.recurrent_kernels import ACTIVATIONS, Cell, Weights
from thalweg._src.ops.support import FLOAT, needs

#: Names of the activations that these ops know.
KNOWN_ACTIVATIONS = frozenset(ACTIVATIONS)


class _Arguments(NamedTuple):
    """Tensors that a recurrent net takes, beside its states."""

    inputs: Any
    first: tuple[Any, ...]
    kernel: Any
    recurrent_kernel: Any
    bias: Any
    recurrent_bias: Any
    mask: Any
    masks: Any


def _arranged(where: str, cell: Cell, arrays: tuple[Any, ...]) -> _Arguments:
    """Arguments of an op, checked, with states and masks as the loops take them."""
    inputs, states, (kernel, recurrent, bias, mask, masks) = (
        arrays[0],
        arrays[1 : 1 + cell.states],
        arrays[1 + cell.states :],
    )
    needs(where, FLOAT, inputs, *states, kernel, recurrent)
    if inputs.ndim != 3:
        raise ShapeError(
            f"[{where}] expected inputs (batch, time, features), got {tuple(inputs.shape)}."
        )
    batch, time, features = inputs.shape
    units = recurrent.shape[0]
    wide = units * cell.gates
    separate = cell.separate_bias and bias is not None and bias.ndim == 2
    for name, array, shape in (
        *(("an initial state", state, (batch, units)) for state in states),
        ("a kernel", kernel, (features, wide)),
        ("a recurrent kernel", recurrent, (units, wide)),
        ("a bias", bias, (2, wide) if separate else (wide,)),
        ("a mask", mask, (batch, time)),
        ("dropout masks", masks, (cell.gates, batch, units)),
    ):
        if array is not None and tuple(array.shape) != shape:
            raise ShapeError(
                f"[{where}] expected {name} of shape {shape} for inputs of shape "
                f"{tuple(inputs.shape)} and {units} units, got {tuple(array.shape)}."
            )
    first = tuple(s.T.astype(kernels.work_dtype(inputs.dtype)) for s in states)
    turned = None if mask is None else jnp.swapaxes(mask, 0, 1)[:, None]
    of_inputs, of_states = (bias[0], bias[1]) if separate else (bias, None)
    return _Arguments(inputs, first, kernel, recurrent, of_inputs, of_states, turned, masks)


def _run(
    where: str, cell: Cell, arrays: tuple[Any, ...], keep: str, sequence: bool, unroll: bool
) -> tuple[tuple[Any, ...], Any]:
    """Results of an op, and what was kept of every step."""
    given = _arranged(where, cell, arrays)
    weights = Weights.of(given.recurrent_kernel, given.recurrent_bias, given.masks)
    projected = kernels.project(given.inputs, given.kernel, given.bias, cell.gates)
    final, kept = kernels.run(cell, weights, projected, given.first, given.mask, keep, unroll)
    dtype = given.inputs.dtype
    states = tuple(s.T.astype(dtype) for s in final)
    if not sequence:
        return (states[0], *states), kept
    outputs = kept if keep == "outputs" else kept[0][0]
    return (jnp.transpose(outputs, (2, 0, 1)).astype(dtype), *states), kept


def _gradient_of(
    where: str, cell_of: Callable[..., Cell]
) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Own gradient of an op, ``(forward, backward)``."""

    def forward(*arrays: Any, sequence: bool, unroll: bool, **settings: Any) -> Any:
        results, kept = _run(where, cell_of(**settings), arrays, "all", sequence, unroll)
        return results, (arrays, kept)

    def backward(
        residuals: Any, cotangents: Any, *, sequence: bool, unroll: bool, **settings: Any
    ) -> Any:
        arrays, kept = residuals
        cell = cell_of(**settings)
        given = _arranged(where, cell, arrays)
        weights = Weights.of(given.recurrent_kernel, given.recurrent_bias, given.masks)
        wide = kernels.work_dtype(given.inputs.dtype)
        outputs, *states = (c.astype(wide) for c in cotangents)
        upstream, final = None, [s.T for s in states]
        if sequence:
            upstream = jnp.transpose(outputs, (1, 2, 0))
        else:
            final[0] = final[0] + outputs.T
        pulled = kernels.run_back(
            cell, weights, given.first, kept, given.mask, (upstream, tuple(final)), unroll
        )
        found = _of_arguments(given, *pulled)
        return tuple(
            None if f is None or a is None else f.astype(a.dtype)
            for f, a in zip(found, arrays, strict=True)
        )

    return forward, backward


def _of_arguments(given: _Arguments, of_first: Any, finished: tuple[Any, ...]) -> tuple[Any, ...]:
    """Cotangents of an op's tensors, in order."""
    projected, recurrent, of_states, masks = finished
    inputs, kernel, bias = kernels.pull_projection(given.inputs, given.kernel, projected)
    if given.recurrent_bias is not None:
        bias = jnp.stack([bias, of_states.reshape(-1)])
    turned = None if masks is None else jnp.swapaxes(masks, 1, 2)
    return (inputs, *(s.T for s in of_first), kernel, recurrent, bias, None, turned)


def _check_activations(where: str, *names: str) -> None:
    for name in names:
        if name not in ACTIVATIONS:
            raise InvalidArgumentError(
                f"[{where}] expected an activation among {sorted(ACTIVATIONS)}, got {name!r}."
            )


def _simple_cell(activation: str) -> Cell:
    return SimpleCell(activation)


@op(
    "simple_rnn",
    inputs=("inputs", "h", "kernel", "recurrent_kernel", "bias", "mask", "masks"),
    matched=(0, 1, 2, 3, 4, 6),
    gradient=_gradient_of("simple_rnn", _simple_cell),
)
def simple_rnn(
    inputs: Any,
    h: Any,
    kernel: Any,
    recurrent_kernel: Any,
    bias: Any = None,
    mask: Any = None,
    masks: Any = None,
    activation: str = "tanh",
    sequence: bool = False,
    unroll: bool = False,
) -> Any:
    """States of ``h = activation(x @ kernel + h @ recurrent_kernel + bias)`` along a sequence.

    Args:
        inputs: Tensor ``(batch, time, features)``.
        h: First state ``(batch, units)``.
        kernel: Tensor ``(features, units)``.
        recurrent_kernel: Tensor ``(units, units)``.
        bias: Tensor ``(units,)``, or None.
        mask: Boolean ``(batch, time)``: where False the state stays as it is; or None.
        masks: Tensor ``(1, batch, units)`` by which the state is multiplied before the product with
            `recurrent_kernel`, in every step; or None.
        activation: One of `KNOWN_ACTIVATIONS`.
        sequence: Whether the first result holds all states or the last one.
        unroll: Whether the program writes out all steps instead of a loop.

    Returns:
        ``(outputs, h)``: the states ``(batch, time, units)`` or the last one ``(batch, units)``, and the
        last one.

    Raises:
        ShapeError: Sizes do not fit.
    """
    _check_activations("simple_rnn", activation)
    arrays = (inputs, h, kernel, recurrent_kernel, bias, mask, masks)
    keep = "outputs" if sequence else "nothing"
    return _run("simple_rnn", _simple_cell(activation), arrays, keep, sequence, unroll)[0]


def _lstm_cell(activation: str, recurrent_activation: str) -> Cell:
    return LSTMCell(activation, recurrent_activation)


@op(
    "lstm",
    inputs=("inputs", "h", "c", "kernel", "recurrent_kernel", "bias", "mask", "masks"),
    matched=(0, 1, 2, 3, 4, 5, 7),
    gradient=_gradient_of("lstm", _lstm_cell),
)
def lstm(
    inputs: Any,
    h: Any,
    c: Any,
    kernel: Any,
    recurrent_kernel: Any,
    bias: Any = None,
    mask: Any = None,
    masks: Any = None,
    activation: str = "tanh",
    recurrent_activation: str = "sigmoid",
    sequence: bool = False,
    unroll: bool = False,
) -> Any:
    """States of a long short-term memory along a sequence; gates are input, forget, candidate, output.

    Args:
        inputs: Tensor ``(batch, time, features)``.
        h: First output ``(batch, units)``.
        c: First memory ``(batch, units)``.
        kernel: Tensor ``(features, 4 * units)``.
        recurrent_kernel: Tensor ``(units, 4 * units)``.
        bias: Tensor ``(4 * units,)``, or None.
        mask: Boolean ``(batch, time)``: where False the states stay as they are; or None.
        masks: Tensor ``(4, batch, units)`` by which `h` is multiplied for each gate before the product
            with `recurrent_kernel`, in every step; or None.
        activation: One of `KNOWN_ACTIVATIONS`.
        recurrent_activation: The same for the gates.
        sequence: Whether the first result holds all outputs or the last one.
        unroll: Whether the program writes out all steps instead of a loop.

    Returns:
        ``(outputs, h, c)``: the outputs ``(batch, time, units)`` or the last one ``(batch, units)``, and
        the last states.

    Raises:
        ShapeError: Sizes do not fit.

    Source: Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000.
    """
    _check_activations("lstm", activation, recurrent_activation)
    arrays = (inputs, h, c, kernel, recurrent_kernel, bias, mask, masks)
    cell = _lstm_cell(activation, recurrent_activation)
    return _run("lstm", cell, arrays, "outputs" if sequence else "nothing", sequence, unroll)[0]


def _gru_cell(activation: str, recurrent_activation: str, reset_after: bool) -> Cell:
    kind = GRUCell if reset_after else ResetFirstGRUCell
    return kind(activation, recurrent_activation)


@op(
    "gru",
    inputs=("inputs", "h", "kernel", "recurrent_kernel", "bias", "mask", "masks"),
    matched=(0, 1, 2, 3, 4, 6),
    gradient=_gradient_of("gru", _gru_cell),
)
def gru(
    inputs: Any,
    h: Any,
    kernel: Any,
    recurrent_kernel: Any,
    bias: Any = None,
    mask: Any = None,
    masks: Any = None,
    activation: str = "tanh",
    recurrent_activation: str = "sigmoid",
    reset_after: bool = True,
    sequence: bool = False,
    unroll: bool = False,
) -> Any:
    """States of gated recurrent units along a sequence; gates are update, reset, candidate.

    Args:
        inputs: Tensor ``(batch, time, features)``.
        h: First state ``(batch, units)``.
        kernel: Tensor ``(features, 3 * units)``.
        recurrent_kernel: Tensor ``(units, 3 * units)``.
        bias: Tensor ``(3 * units,)``, or ``(2, 3 * units)`` for inputs and state with `reset_after`; or
            None.
        mask: Boolean ``(batch, time)``: where False the state stays as it is; or None.
        masks: Tensor ``(3, batch, units)`` by which the state is multiplied for each gate before the
            product with `recurrent_kernel`, in every step; or None.
        activation: One of `KNOWN_ACTIVATIONS`.
        recurrent_activation: The same for update and reset.
        reset_after: Whether the reset gate is applied after that product or before it.
        sequence: Whether the first result holds all states or the last one.
        unroll: Whether the program writes out all steps instead of a loop.

    Returns:
        ``(outputs, h)``: the states ``(batch, time, units)`` or the last one ``(batch, units)``, and the
        last one.

    Raises:
        ShapeError: Sizes do not fit.

    Source: Cho et al. 2014; with `reset_after` the variant of cuDNN.
    """
    _check_activations("gru", activation, recurrent_activation)
    arrays = (inputs, h, kernel, recurrent_kernel, bias, mask, masks)
    cell = _gru_cell(activation, recurrent_activation, reset_after)
    return _run("gru", cell, arrays, "outputs" if sequence else "nothing", sequence, unroll)[0]
