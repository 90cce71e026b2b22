"""Loops, choices and gradients of functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.function import mapping, symbolic_gradients
from thalweg._src.function.control_flow import cond
from thalweg._src.keras.layers.recurrent.stepping import Loop, run_steps
from thalweg._src.keras.ops.logic import where
from thalweg._src.keras.ops.reordering import flip
from thalweg._src.ops.casting import cast
from thalweg._src.ops.shaping import expand_dims, reshape, squeeze, transpose


def map_fn(fn: Callable[[Any], Any], elems: Any, name: str | None = None, dtype: Any = None) -> Any:
    """Results of a function for each element of the first axis, stacked.

    Args:
        fn: Function of one element.
        elems: Tensor, or a structure of them.
        name: Name, for messages.
        dtype: Dtype of the results; that of the elements when None.

    Source: `tf.keras.backend.map_fn`.
    """
    return mapping.map_fn(fn, elems, dtype=dtype, name=name)


def switch(condition: Any, then_expression: Any, else_expression: Any) -> Any:
    """One of two values, or of two functions' results.

    Args:
        condition: Boolean scalar; or a boolean tensor that chooses for each element, or for each of the
            first axes.
        then_expression: Tensor, or a function of no arguments for a scalar condition.
        else_expression: Likewise.

    Raises:
        ValueError: A condition of more axes than the values.

    Source: `tf.keras.backend.switch`.
    """
    chosen = cast(convert_to_tensor(condition), "bool")
    if not len(chosen.shape):

        def value(part: Any) -> Callable[[], Any]:
            return part if callable(part) else lambda: convert_to_tensor(part)

        return cond(chosen, value(then_expression), value(else_expression))
    parts = [part() if callable(part) else part for part in (then_expression, else_expression)]
    rank = max(len(convert_to_tensor(part).shape) for part in parts)
    if len(chosen.shape) > rank:
        raise ShapeError(
            f"[switch] expected a condition of at most {rank} axes, as the values have, got shape "
            f"{tuple(chosen.shape)}."
        )
    sizes = (*chosen.shape, *[1] * (rank - len(chosen.shape)))
    return where(reshape(chosen, sizes), parts[0], parts[1])


def gradients(loss: Any, variables: Any) -> list[Any]:
    """Gradients of a loss, inside a compiled function.

    Args:
        loss: Tensor.
        variables: Variables or tensors.

    Returns:
        List of tensors; None where the loss does not depend on one.

    Raises:
        RuntimeError: Outside of a compiled function; use `GradientTape` there.

    Source: `tf.keras.backend.gradients`.
    """
    return symbolic_gradients.gradients(loss, variables)


def rnn(
    step_function: Callable[[Any, Any], tuple[Any, Any]],
    inputs: Any,
    initial_states: Any,
    go_backwards: bool = False,
    mask: Any = None,
    constants: Any = None,
    unroll: bool = False,
    input_length: int | None = None,
    time_major: bool = False,
    zero_output_for_mask: bool = False,
    return_all_outputs: bool = True,
) -> tuple[Any, Any, Any]:
    """Steps a function along sequences.

    Args:
        step_function: ``(inputs of a step, states) -> (output, states)``; `constants` follow the states.
        inputs: Tensor ``(batch, time, ...)``.
        initial_states: List of first states, each ``(batch, ...)``.
        go_backwards: Whether to begin with the last step; outputs then come in that order.
        mask: Boolean ``(batch, time)`` or ``(batch, time, 1)``: where False, states stay as they are and
            the output is the one before; or None.
        constants: List of further tensors for each step, or None.
        unroll: Whether a compiled program writes out all steps.
        input_length: Number of steps, which must be that of `inputs`; or None.
        time_major: Whether inputs, mask and outputs have time first, ``(time, batch, ...)``.
        zero_output_for_mask: Whether outputs of masked steps are 0 instead.
        return_all_outputs: Whether to return the outputs of all steps; else the last one alone.

    Returns:
        The last output, all outputs, and the final states.

    Raises:
        ValueError: Another number of steps than `input_length`.

    Source: `tf.keras.backend.rnn`.
    """
    inputs = convert_to_tensor(inputs)
    if time_major:
        inputs = _turned(inputs)
    if input_length is not None and input_length != inputs.shape[1]:
        raise ShapeError(
            f"[rnn] expected input_length to be the number of steps, {inputs.shape[1]}, got {input_length}."
        )
    if mask is not None:
        mask = cast(convert_to_tensor(mask), "bool")
        mask = _turned(mask) if time_major else mask
        mask = squeeze(mask, -1) if len(mask.shape) == 3 else mask
    if go_backwards:
        inputs, mask = flip(inputs, 1), None if mask is None else flip(mask, 1)
    fixed = list(constants or ())
    loop = Loop("rnn", zero_output_for_mask, return_all_outputs, unroll)
    last, outputs, states = run_steps(
        lambda x, states: step_function(x, [*states, *fixed]),
        inputs,
        [convert_to_tensor(state) for state in initial_states],
        mask,
        loop,
    )
    if outputs is None:
        outputs = expand_dims(last, 1)
    return last, _turned(outputs) if time_major else outputs, states


def _turned(x: Any) -> Any:
    """The tensor with its first two axes swapped."""
    return transpose(x, [1, 0, *range(2, len(x.shape))])
