"""Choices and loops as functions: `cond`, `case`, `switch_case`, `while_loop`.

With values that are known now they run as Python does, one op after the other. With traced values every
branch or loop body is traced once and becomes part of one op, see `staging`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from thalweg._src.autodiff.stop import stop_gradient
from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError, ShapeError, UnimplementedError
from thalweg._src.core import xla
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.host_parts import compiled_array
from thalweg._src.core.shapes import TensorShape
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.conversion import as_converted
from thalweg._src.function.looping import LoopState, run_while
from thalweg._src.function.staging import Part, known_value, run_branches
from thalweg._src.function.symbolic_calls import node_when_symbolic
from thalweg._src.function.tensor_array import arrays_in, finding_shapes, growing_in


def cond(
    pred: Any,
    true_fn: Callable[[], Any] | None = None,
    false_fn: Callable[[], Any] | None = None,
    name: str | None = None,
) -> Any:
    """Result of `true_fn` where `pred` is true, else of `false_fn`.

    Args:
        pred: Boolean scalar (a number counts as true unless it is 0).
        true_fn: Function of no arguments.
        false_fn: Function of no arguments.
        name: Name for messages.

    Returns:
        What the function returned. With a traced `pred` both functions are traced, one runs, and both
        must return the same structure of tensors with the same dtypes and shapes.

    Raises:
        TypeError: A branch is not callable, or dtypes differ.
        ValueError: Structures or shapes differ.

    Example:
        >>> import thalweg as tf
        >>> x = tf.constant(3.0)
        >>> tf.cond(x > 2.0, lambda: x * x, lambda: -x).numpy().item()
        9.0

    Source: `tf.cond`. Under a traced `pred` the shapes must agree, because XLA's programs have fixed
    sizes.
    """
    where = name or "cond"
    for label, branch in (("true_fn", true_fn), ("false_fn", false_fn)):
        if not callable(branch):
            raise TypeError(f"[{where}] expected a callable as {label}, got {branch!r}.")
    if isinstance(pred, (bool, np.bool_)) and xla.tracing():
        raise TypeError(
            f"[{where}] expected a tensor as pred inside a compiled function, got the Python bool "
            f"{pred}; write a Python if, or tf.constant({pred})."
        )
    true_fn, false_fn = as_converted(true_fn), as_converted(false_fn)  # type: ignore[arg-type]
    known = known_value(pred)
    if known is None:
        return run_branches(
            truth(pred, where),
            [true_fn, false_fn],  # type: ignore[list-item]
            where,
            ["true_fn", "false_fn"],
        )
    if np.size(known) != 1:
        raise InvalidArgumentError(
            f"[{where}] expected a scalar pred, got shape {np.shape(known)}; use tf.reduce_any or "
            "tf.reduce_all."
        )
    return _settle((true_fn if known else false_fn)())  # type: ignore[misc]


def truth(pred: Any, where: str) -> Tensor:
    """Boolean scalar of a traced scalar.

    Raises:
        InvalidArgumentError: It is no scalar.
    """
    tensor = convert_to_tensor(pred)
    if tensor.shape.num_elements() != 1:
        raise InvalidArgumentError(
            f"[{where}] expected a scalar condition, got shape {tensor.shape}; use tf.reduce_any or "
            "tf.reduce_all."
        )
    array = compiled_array(tensor).reshape(())
    return Tensor(array if array.dtype == np.bool_ else array != 0)


def _settle(result: Any) -> Any:
    """A branch's result: inside programs its Python numbers become tensors."""
    if not xla.tracing():
        return result
    return nest.map_structure(
        lambda leaf: (
            convert_to_tensor(leaf)
            if isinstance(leaf, (bool, int, float, complex, np.ndarray, np.generic))
            else leaf
        ),
        result,
    )


def switch_case(
    branch_index: Any,
    branch_fns: Any,
    default: Callable[[], Any] | None = None,
    name: str = "switch_case",
) -> Any:
    """Result of the function that an integer chooses.

    Args:
        branch_index: Integer scalar.
        branch_fns: List of functions of no arguments, or dict or pairs of the numbers 0 to n - 1 with
            functions.
        default: Function for all other numbers; the last of `branch_fns` when None.
        name: Name for messages.

    Returns:
        What the function returned.

    Raises:
        ValueError: The numbers are not 0 to n - 1.

    Example:
        >>> import thalweg as tf
        >>> tf.switch_case(tf.constant(1), [lambda: tf.constant("a"), lambda: tf.constant("b")]).numpy()
        b'b'

    Source: `tf.switch_case`.
    """
    functions = _numbered(branch_fns, name)
    functions.append(functions[-1] if default is None else as_converted(default))
    last = len(functions) - 1
    known = known_value(branch_index)
    if known is not None:
        chosen = int(known) if 0 <= int(known) < last else last
        return _settle(functions[chosen]())
    array = compiled_array(convert_to_tensor(branch_index)).reshape(())
    index = xla.jnp.where((array < 0) | (array > last), last, array).astype(np.int32)
    if default is None:
        functions.pop()
        index = xla.jnp.minimum(index, last - 1)
    labels = [f"branch {i}" for i in range(len(functions))]
    return run_branches(Tensor(index), functions, name, labels)


def _numbered(branch_fns: Any, name: str) -> list[Callable[[], Any]]:
    if isinstance(branch_fns, Mapping):
        pairs = list(branch_fns.items())
    elif all(isinstance(b, tuple) for b in branch_fns):
        pairs = list(branch_fns)
    else:
        pairs = list(enumerate(branch_fns))
    for _, function in pairs:
        if not callable(function):
            raise TypeError(f"[{name}] expected functions in branch_fns, got {function!r}.")
    numbers = sorted(int(number) for number, _ in pairs)
    if not pairs or numbers != list(range(len(pairs))):
        raise InvalidArgumentError(
            f"[{name}] expected branch_fns for the numbers 0 to n - 1, got {numbers}; fill the gaps with "
            "the default's function."
        )
    by_number = {int(number): as_converted(function) for number, function in pairs}
    return [by_number[i] for i in range(len(pairs))]


def case(
    pred_fn_pairs: Any,
    default: Callable[[], Any] | None = None,
    exclusive: bool = False,
    strict: bool = False,
    name: str = "case",
) -> Any:
    """Result of the first function whose condition is true.

    Args:
        pred_fn_pairs: Pairs of a boolean scalar and a function of no arguments.
        default: Function used when no condition is true.
        exclusive: Refuse more than one true condition.
        strict: Keep a list or tuple of one result as it is, instead of unpacking it.
        name: Name for messages.

    Returns:
        What the function returned.

    Raises:
        InvalidArgumentError: No condition is true and there is no default; or several are, although
            `exclusive`.

    Example:
        >>> import thalweg as tf
        >>> x = tf.constant(0.3)
        >>> pairs = [(x < 0.0, lambda: tf.constant(-1)), (x < 1.0, lambda: tf.constant(0))]
        >>> tf.case(pairs, default=lambda: tf.constant(1)).numpy().item()
        0

    Source: `tf.case`. Among traced conditions `exclusive` is not verified, and without a default the
    last function runs when none is true.
    """
    pairs = [tuple(pair) for pair in pred_fn_pairs]
    for pair in pairs:
        if len(pair) != 2 or not callable(pair[1]):
            raise TypeError(f"[{name}] expected pairs (condition, function), got {pair!r}.")
    known = [known_value(pred) for pred, _ in pairs]
    if exclusive and all(k is not None for k in known) and sum(map(bool, known)) > 1:
        raise InvalidArgumentError(
            f"[{name}] expected at most one true condition, got {[bool(k) for k in known]}; pass "
            "exclusive=False to take the first."
        )

    def choose(position: int) -> Any:
        if position == len(pairs):
            if default is None:
                raise InvalidArgumentError(
                    f"[{name}] expected a true condition, got none among {len(pairs)}; pass default=."
                )
            return as_converted(default)()
        pred, function = pairs[position][0], as_converted(pairs[position][1])
        if known[position] is not None:
            return function() if known[position] else choose(position + 1)
        if position == len(pairs) - 1 and default is None:
            return function()
        return cond(pred, function, lambda: choose(position + 1), name=name)

    result = _settle(choose(0))
    if not strict and isinstance(result, (list, tuple)) and len(result) == 1:
        return result[0]
    return result


@node_when_symbolic
def while_loop(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    loop_vars: Any,
    shape_invariants: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    maximum_iterations: Any = None,
    name: str | None = None,
) -> Any:
    """Final values of variables that `body` changes as long as `cond` is true.

    Args:
        cond: Function of the loop variables that returns a boolean scalar.
        body: Function of the loop variables that returns their new values.
        loop_vars: List or tuple of tensors, or of structures of tensors or `TensorArray`.
        shape_invariants: Shapes that the variables keep, with None for sizes that may change.
        parallel_iterations: Has no effect: XLA orders the work.
        back_prop: False stops gradients.
        swap_memory: Has no effect: states are recomputed where keeping them would take too much memory.
        maximum_iterations: Most iterations; None for no limit. A limit makes gradients cheaper.
        name: Name for messages.

    Returns:
        Structure of `loop_vars`.

    Raises:
        TypeError: A variable changes its dtype.
        ValueError: A variable changes its shape, or the structure changes.

    Example:
        >>> import thalweg as tf
        >>> i, s = tf.while_loop(lambda i, s: i < 4, lambda i, s: (i + 1, s + i), (0, 0))
        >>> s.numpy().item()
        6

    Source: `tf.while_loop`. Inside programs sizes cannot change; a loop whose condition is known while
    tracing is unrolled when `shape_invariants` leaves a size open.
    """
    where = name or "while_loop"
    if not callable(cond) or not callable(body):
        raise TypeError(
            f"[{where}] expected callables as cond and body, got {cond!r} and {body!r}."
        )
    if not loop_vars:
        raise InvalidArgumentError(f"[{where}] expected at least one loop variable, got none.")
    cond, body = as_converted(cond), as_converted(body)
    values = _pieces(loop_vars)
    loose = _check_invariants(values, shape_invariants, where)
    if not xla.tracing():
        result = _python_loop(cond, body, values, maximum_iterations, where)
    else:
        try:
            result = _staged_loop(cond, body, values, maximum_iterations, where)
        except ShapeError:
            if not loose or known_value(cond(*values)) is None:
                raise
            result = _python_loop(cond, body, values, maximum_iterations, where)
    return result if back_prop else nest.map_structure(stop_gradient, result)


def _pieces(loop_vars: Any) -> Any:
    """The loop variables with tensors in place of numbers and arrays."""
    flat = nest.flatten(loop_vars)
    return nest.pack_sequence_as(
        loop_vars, [v if hasattr(v, "_flatten_composite") else convert_to_tensor(v) for v in flat]
    )


def _check_invariants(loop_vars: Any, shape_invariants: Any, where: str) -> bool:
    """True when a size may change.

    Raises:
        InvalidArgumentError: A variable does not fit its invariant.
    """
    if shape_invariants is None:
        return False
    variables = nest.flatten(loop_vars)
    given = nest.flatten(shape_invariants)
    if len(variables) != len(given):
        raise InvalidArgumentError(
            f"[{where}] expected a shape invariant for each of {len(variables)} loop variables, got "
            f"{len(given)}; give them the structure of loop_vars."
        )
    loose = False
    for variable, invariant in zip(variables, given, strict=True):
        shape = TensorShape(getattr(invariant, "shape", invariant))
        loose = loose or not shape.is_fully_defined()
        tensor = as_tensor(variable)
        if tensor is not None and not shape.is_compatible_with(tensor.shape):
            raise InvalidArgumentError(
                f"[{where}] expected a loop variable of shape {shape} as its shape invariant says, got "
                f"{tensor.shape}; make the invariant wider."
            )
    return loose


def _python_loop(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    values: Any,
    maximum_iterations: Any,
    where: str,
) -> Any:
    most = None if maximum_iterations is None else int(known_value(maximum_iterations))
    count = 0
    while (most is None or count < most) and _goes_on(cond(*values), where):
        result = body(*values)
        listed = _listed(values, result, where)
        values = result if isinstance(result, (list, tuple)) else type(values)(listed)
        count += 1
    return _pieces(values)


def _listed(values: Any, result: Any, where: str) -> list[Any]:
    """What a loop's body returned, as a list like the loop variables."""
    if len(values) == 1 and not isinstance(result, (list, tuple)):
        result = [result]
    try:
        nest.assert_same_structure(
            list(values), list(result) if isinstance(result, (list, tuple)) else result
        )
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(
            f"[{where}] expected the body to return the structure of loop_vars: {error}"
        ) from None
    return list(result)


def _goes_on(pred: Any, where: str) -> bool:
    known = known_value(pred)
    if known is None:
        raise UnimplementedError(
            f"[{where}] expected a condition that is known while tracing, because a loop variable "
            "changes its shape; keep the shape fixed, or run the loop outside of compiled functions."
        )
    return bool(known)


def _staged_loop(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    values: Any,
    maximum_iterations: Any,
    where: str,
) -> Any:
    shapeless = [a for a in arrays_in(values) if not a._flatten_composite()]
    if shapeless:
        with finding_shapes(shapeless):
            Part(lambda: [body(*values)][:0], [], where)

    def packed(tensors: Sequence[Tensor]) -> Any:
        return nest.pack_sequence_as(values, tensors, expand_composites=True)

    def step(*tensors: Tensor) -> list[Any]:
        result = body(*packed(tensors))
        return nest.flatten(_listed(values, result, where), expand_composites=True)

    names = list(leaf_names(values, "loop_vars"))
    state = LoopState(
        nest.flatten(values, expand_composites=True),
        lambda i: f"loop variable {names[i]}",
        growing=growing_in(values),
    )
    final = run_while(
        lambda *tensors: cond(*packed(tensors)), step, state, where, maximum_iterations
    )
    return packed(final)


def leaf_names(structure: Any, root: str) -> Iterator[str]:
    """Python expression of each leaf, composites opened, below the name `root`."""
    if isinstance(structure, Mapping):
        for key in sorted(structure):
            yield from leaf_names(structure[key], f"{root}[{key!r}]")
    elif nest.is_nested(structure):
        for position, part in enumerate(structure):
            yield from leaf_names(part, f"{root}[{position}]")
    else:
        parts = getattr(structure, "_flatten_composite", None)
        yield from [root] * (len(parts()) if parts else 1)
