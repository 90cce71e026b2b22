"""Functions over the elements of tensors, one after the other: `map_fn`, `scan`, `foldl`, `foldr`.

Eagerly they call the function for each element; inside programs the function is traced once and becomes
one loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from thalweg._src.autodiff.stop import stop_gradient
from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.control_flow import leaf_names
from thalweg._src.function.conversion import as_converted
from thalweg._src.function.looping import LoopState, run_for
from thalweg._src.function.symbolic_calls import node_when_symbolic
from thalweg._src.ops.creation import zeros
from thalweg._src.ops.joining import concat, stack
from thalweg._src.ops.ragged.joining import stacked
from thalweg._src.ops.ragged.spec import RaggedTensorSpec
from thalweg._src.ops.ragged.tensor import RaggedTensor


@node_when_symbolic
def map_fn(
    fn: Callable[[Any], Any],
    elems: Any,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    name: str | None = None,
    fn_output_signature: Any = None,
) -> Any:
    """Results of `fn` for each element of the first dimension, stacked.

    Args:
        fn: Function of one element (a structure like `elems`).
        elems: Tensor or ragged tensor of shape ``(n, ...)``, or a structure of such tensors.
        dtype: Older name of `fn_output_signature`.
        parallel_iterations: Has no effect: XLA orders the work.
        back_prop: False stops gradients.
        swap_memory: Has no effect.
        infer_shape: Has no effect: shapes are always known.
        name: Name for messages.
        fn_output_signature: Dtype, `TensorSpec` or `RaggedTensorSpec`, or structure of them, of what `fn`
            returns; like `elems` when None. With a `RaggedTensorSpec` results may differ in size.

    Returns:
        Structure of what `fn` returns, with tensors, or ragged tensors, of shape ``(n, ...)``.

    Raises:
        InvalidArgumentError: `fn` returns other dtypes than announced.

    Example:
        >>> import thalweg as tf
        >>> tf.map_fn(lambda x: x * x, tf.constant([1, 2, 3])).numpy().tolist()
        [1, 4, 9]

    Source: `tf.map_fn`. `vectorized_map` does the same faster.
    """
    where = name or "map_fn"
    wanted = dtype if fn_output_signature is None else fn_output_signature
    fn = as_converted(fn)
    columns, length = _columns(elems, where)
    form = elems if wanted is None else wanted

    def checked(element: Any) -> Any:
        return _as_announced(fn(element), form, wanted, where)

    ragged = any(_rank_of_rows(leaf) is not None for leaf in nest.flatten([elems, form]))
    if ragged:
        rows = [checked(_element(elems, columns, i)) for i in range(length)]
        results = _stacked_rows(rows, form)
    elif xla.tracing() or not length:
        _, results = run_for(
            lambda *row: ([], checked(nest.pack_sequence_as(elems, row))),
            columns,
            LoopState([], str),
            where,
            length,
        )
    else:
        rows = [checked(_element(elems, columns, i)) for i in range(length)]
        results = _stacked(rows)
    return results if back_prop else nest.map_structure(stop_gradient, results)


def _rank_of_rows(like: Any) -> int | None:
    """Ragged rank of the rows of a ragged tensor, or of those that a spec announces; None for others."""
    if isinstance(like, RaggedTensorSpec):
        return like.ragged_rank
    return like.ragged_rank - 1 if isinstance(like, RaggedTensor) else None


def _stacked_rows(rows: Sequence[Any], form: Any) -> Any:
    """Results stacked; those that are announced as ragged to ragged tensors."""
    flat = [nest.flatten(row) for row in rows]
    found = []
    for position, like in enumerate(nest.flatten(form)):
        depth = _rank_of_rows(like)
        column = [row[position] for row in flat]
        if depth is None:
            dense = stack(column) if column else zeros((0,), _dtype_of(like))
            found.append(dense)
        elif column:
            found.append(stacked(column, depth))
        else:
            none = [np.zeros(0, np.int64)] * (depth + 1)
            found.append(RaggedTensor.from_nested_row_lengths(zeros((0,), like.dtype), none))
    return nest.pack_sequence_as(form if not rows else rows[0], found)


def _columns(elems: Any, where: str) -> tuple[list[Any], int]:
    """Tensors of `elems`, and their common first size."""
    columns = [
        leaf if isinstance(leaf, RaggedTensor) else convert_to_tensor(leaf)
        for leaf in nest.flatten(elems)
    ]
    sizes = {tuple(c.shape)[:1] for c in columns}
    if len(sizes) != 1 or () in sizes:
        shapes = [str(c.shape) for c in columns]
        raise InvalidArgumentError(
            f"[{where}] expected elems with one common first dimension, got shapes "
            f"{', '.join(shapes) or 'of no tensor'}; stack or slice them to the same length."
        )
    return columns, int(columns[0].shape[0])


def _element(elems: Any, columns: Sequence[Tensor], index: int) -> Any:
    return nest.pack_sequence_as(elems, [c[index] for c in columns])  # type: ignore[index]


def _stacked(rows: Sequence[Any]) -> Any:
    return nest.map_structure(lambda *parts: stack(list(parts)), *rows)


def _as_announced(result: Any, form: Any, wanted: Any, where: str) -> Any:
    """Tensors of `result`, which must have the announced structure and dtypes."""
    try:
        nest.assert_same_structure(form, result)
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(
            f"[{where}] expected fn to return the structure of "
            f"{'elems' if wanted is None else 'fn_output_signature'}: {error} Pass "
            "fn_output_signature= with the structure that fn returns."
        ) from None
    converted = []
    for value, like in zip(nest.flatten(result), nest.flatten(form), strict=True):
        expected = _dtype_of(like)
        ragged = isinstance(value, RaggedTensor)
        tensor = value if ragged else convert_to_tensor(value, dtype_hint=expected)
        if expected is not None and tensor.dtype is not expected:
            raise InvalidArgumentError(
                f"[{where}] expected fn to return dtype {expected.name}, got {tensor.dtype.name}; pass "
                f"fn_output_signature=tf.{tensor.dtype.name}."
            )
        converted.append(tensor)
    return nest.pack_sequence_as(result, converted)


def _dtype_of(like: Any) -> Any:
    if like is None:
        return None
    if isinstance(like, (dtypes.DType, str, type)):
        return dtypes.as_dtype(like)
    dtype = getattr(like, "dtype", None)
    return convert_to_tensor(like).dtype if dtype is None else dtypes.as_dtype(dtype)


@node_when_symbolic
def scan(
    fn: Callable[[Any, Any], Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    reverse: bool = False,
    name: str | None = None,
) -> Any:
    """All values of an accumulator that `fn` combines with one element after the other.

    Args:
        fn: Function of (accumulator, element) that returns the next accumulator.
        elems: Tensor of shape ``(n, ...)``, or a structure of such tensors.
        initializer: First accumulator; the first element when None.
        parallel_iterations: Has no effect: XLA orders the work.
        back_prop: False stops gradients.
        swap_memory: Has no effect.
        infer_shape: Has no effect: shapes are always known.
        reverse: Begin with the last element; results keep the order of `elems`.
        name: Name for messages.

    Returns:
        Structure of the accumulator, with tensors of shape ``(n, ...)``.

    Example:
        >>> import thalweg as tf
        >>> tf.scan(lambda a, x: a + x, tf.constant([1, 2, 3])).numpy().tolist()
        [1, 3, 6]

    Source: `tf.scan`.
    """
    _, results = _fold(fn, elems, initializer, reverse, name or "scan", keep=True)
    return results if back_prop else nest.map_structure(stop_gradient, results)


@node_when_symbolic
def foldl(
    fn: Callable[[Any, Any], Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
) -> Any:
    """Last value of an accumulator that `fn` combines with the elements from first to last.

    Arguments as for `scan`.

    Returns:
        Structure of the accumulator.

    Example:
        >>> import thalweg as tf
        >>> tf.foldl(lambda a, x: a * 10 + x, tf.constant([1, 2, 3])).numpy().item()
        123

    Source: `tf.foldl`.
    """
    final, _ = _fold(fn, elems, initializer, False, name or "foldl", keep=False)
    return final if back_prop else nest.map_structure(stop_gradient, final)


@node_when_symbolic
def foldr(
    fn: Callable[[Any, Any], Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
) -> Any:
    """Last value of an accumulator that `fn` combines with the elements from last to first.

    Arguments as for `scan`.

    Returns:
        Structure of the accumulator.

    Example:
        >>> import thalweg as tf
        >>> tf.foldr(lambda a, x: a * 10 + x, tf.constant([1, 2, 3])).numpy().item()
        321

    Source: `tf.foldr`.
    """
    final, _ = _fold(fn, elems, initializer, True, name or "foldr", keep=False)
    return final if back_prop else nest.map_structure(stop_gradient, final)


def _fold(
    fn: Callable[[Any, Any], Any],
    elems: Any,
    initializer: Any,
    reverse: bool,
    where: str,
    keep: bool,
) -> tuple[Any, Any]:
    """Final accumulator and, when `keep`, the stacked accumulators."""
    if not callable(fn):
        raise TypeError(f"[{where}] expected a callable as fn, got {fn!r}.")
    fn = as_converted(fn)
    columns, length = _columns(elems, where)
    first = None
    if initializer is None:
        if not length:
            raise InvalidArgumentError(
                f"[{where}] expected at least one element, or an initializer, got no element."
            )
        first = -1 if reverse else 0
        accumulator = _element(elems, columns, first)
        columns = [c[:-1] if reverse else c[1:] for c in columns]  # type: ignore[index]
        length -= 1
    else:
        accumulator = nest.map_structure(convert_to_tensor, initializer)
    run = _traced_fold if xla.tracing() or not length else _eager_fold
    final, results = run(fn, elems, columns, accumulator, length, reverse, where, keep)
    if keep and first is not None:
        joined = [accumulator] if results is None else results
        results = _with_first(accumulator, joined, reverse)
    return final, results


def _eager_fold(
    fn: Callable[[Any, Any], Any],
    elems: Any,
    columns: Sequence[Tensor],
    accumulator: Any,
    length: int,
    reverse: bool,
    where: str,
    keep: bool,
) -> tuple[Any, Any]:
    rows = []
    for index in range(length)[:: -1 if reverse else 1]:
        result = fn(accumulator, _element(elems, columns, index))
        accumulator = _like(accumulator, result, where)
        rows.append(accumulator)
    return accumulator, _stacked(rows[:: -1 if reverse else 1]) if keep else None


def _like(accumulator: Any, result: Any, where: str) -> Any:
    """Tensors of `result`, which must have the accumulator's structure."""
    try:
        nest.assert_same_structure(accumulator, result)
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(
            f"[{where}] expected fn to return the structure of the accumulator: {error}"
        ) from None
    return nest.map_structure(
        lambda old, new: convert_to_tensor(new, dtype_hint=old.dtype), accumulator, result
    )


def _traced_fold(
    fn: Callable[[Any, Any], Any],
    elems: Any,
    columns: Sequence[Tensor],
    accumulator: Any,
    length: int,
    reverse: bool,
    where: str,
    keep: bool,
) -> tuple[Any, Any]:
    taken = len(columns)

    def step(*tensors: Tensor) -> tuple[list[Any], Any]:
        element = nest.pack_sequence_as(elems, tensors[:taken])
        result = _like(
            accumulator, fn(nest.pack_sequence_as(accumulator, tensors[taken:]), element), where
        )
        return nest.flatten(result), result if keep else []

    names = list(leaf_names(accumulator, "accumulator"))
    state = LoopState(nest.flatten(accumulator), lambda i: names[i])
    final, results = run_for(step, columns, state, where, length, reverse)
    return nest.pack_sequence_as(accumulator, final), results


def _with_first(accumulator: Any, results: Any, reverse: bool) -> Any:
    """The stacked accumulators with the first one (an element itself) at its end."""

    def join(one: Tensor, many: Tensor) -> Tensor:
        row = one[None]  # type: ignore[index]
        return concat([many, row] if reverse else [row, many], 0)

    return nest.map_structure(join, accumulator, results)
