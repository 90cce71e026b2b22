"""Choices and loops: `cond`, `switch`, `while_loop`, `fori_loop`.

Values that are known now run as Python does; inside programs branches and bodies are traced once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.symbolic import symbols_in
from thalweg._src.function import control_flow
from thalweg._src.function.staging import known_value
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.ops.clipping import clip_by_value


@operation
def cond(pred: Any, true_fn: Callable[[], Any], false_fn: Callable[[], Any]) -> Any:
    """Result of `true_fn` where `pred` is true, else of `false_fn`.

    Args:
        pred: Boolean scalar.
        true_fn: Function of no arguments.
        false_fn: Function of no arguments.

    Returns:
        What the function returned. Where `pred` is computed in a program both functions are traced, and
        must return the same structure with the same dtypes and shapes.

    Raises:
        ValueError: Structures or shapes differ.

    Example:
        >>> import thalweg as tf
        >>> x = tf.constant(3.0)
        >>> tf.keras.ops.cond(x > 2.0, lambda: x * x, lambda: -x).numpy().item()
        9.0

    Source: `keras.ops.cond`. With a symbolic `pred` the functions must not use other symbolic tensors;
    write `where`, or a layer.
    """
    if isinstance(pred, (bool, np.bool_)):
        return true_fn() if pred else false_fn()
    return control_flow.cond(
        tensor_of(pred), _without_symbols(true_fn), _without_symbols(false_fn), name="cond"
    )


def _without_symbols(function: Callable[..., Any]) -> Callable[..., Any]:
    """A branch that refuses results that are symbolic, which a node could not compute."""

    def run(*args: Any) -> Any:
        result = function(*args)
        symbol = next(symbols_in(result), None)
        if symbol is not None:
            raise InvalidArgumentError(
                f"[cond] expected branches that return tensors, got {symbol!r}: a branch cannot use "
                "symbolic tensors from outside when pred is a tensor; use keras.ops.where, or a layer."
            )
        return result

    return run


@operation
def switch(index: Any, branches: Sequence[Callable[..., Any]], *operands: Any) -> Any:
    """Result of the function that an integer chooses.

    Args:
        index: Integer scalar; numbers out of range choose the first or the last function.
        branches: Functions of the operands.
        *operands: Tensors, or structures of them.

    Returns:
        What the function returned.

    Raises:
        InvalidArgumentError: There is no function.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.switch(1, [lambda x: x + 1.0, lambda x: x * 5.0], 3.0)
        15.0

    Source: `keras.ops.switch`.
    """
    if not branches:
        raise InvalidArgumentError("[switch] expected at least one branch, got none.")
    last = len(branches) - 1
    known = known_value(index)
    if known is not None:
        return branches[min(max(int(known), 0), last)](*operands)
    chosen = clip_by_value(tensor_of(index, "int32"), 0, last)
    calls = [lambda branch=branch: branch(*operands) for branch in branches]
    return control_flow.switch_case(chosen, calls, name="switch")


@operation
def while_loop(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    loop_vars: Any,
    maximum_iterations: Any = None,
) -> Any:
    """Final values of variables that `body` changes as long as `cond` is true.

    Args:
        cond: Function of the loop variables that returns a boolean scalar.
        body: Function of the loop variables that returns their new values.
        loop_vars: List or tuple of tensors or structures of them, or a single tensor.
        maximum_iterations: Most iterations; None for no limit. A limit makes gradients cheaper.

    Returns:
        Tuple of the variables; a single one where `loop_vars` was no list or tuple.

    Raises:
        ValueError: A variable changes its shape or dtype, or the structure changes.

    Example:
        >>> import thalweg as tf
        >>> i, s = tf.keras.ops.while_loop(lambda i, s: i < 4, lambda i, s: (i + 1, s + i), (0, 0))
        >>> s.numpy().item()
        6

    Source: `keras.ops.while_loop`.
    """
    single = not isinstance(loop_vars, (list, tuple))
    values = [nest.map_structure(tensor_of, v) for v in ([loop_vars] if single else loop_vars)]
    found = control_flow.while_loop(
        cond, body, values, maximum_iterations=maximum_iterations, name="while_loop"
    )
    return found[0] if single else tuple(found)


@operation
def fori_loop(
    lower: Any, upper: Any, body_fun: Callable[[Any, Any], Any], init_val: Any
) -> Any:
    """Final value of ``value = body_fun(i, value)`` for i from `lower` to `upper`, itself left out.

    Args:
        lower: First number, an integer scalar.
        upper: Number after the last, likewise.
        body_fun: Function of (number, value) that returns the next value.
        init_val: First value: tensor, or structure of tensors.

    Returns:
        Like `init_val`.

    Raises:
        ValueError: The value changes its shape, dtype or structure.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.fori_loop(0, 4, lambda i, total: total + i, 0).numpy().item()
        6

    Source: `keras.ops.fori_loop`.
    """
    lower, upper = tensor_of(lower), tensor_of(upper)
    first, last = known_value(lower), known_value(upper)
    limit = None if first is None or last is None else max(int(last) - int(first), 0)
    _, value = control_flow.while_loop(
        lambda i, _: i < upper,
        lambda i, value: (i + 1, body_fun(i, value)),
        (lower, nest.map_structure(tensor_of, init_val)),
        maximum_iterations=limit,
        name="fori_loop",
    )
    return value
