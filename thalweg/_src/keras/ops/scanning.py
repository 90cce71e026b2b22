"""Functions over the elements of tensors: `map`, `vectorized_map`, `scan`, `associative_scan`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import xla
from thalweg._src.core.tensor import Tensor
from thalweg._src.function import vectorized
from thalweg._src.function.control_flow import leaf_names
from thalweg._src.function.looping import LoopState, run_for
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.ops.indexing import getitem
from thalweg._src.ops.joining import concat, stack
from thalweg._src.ops.shaping import reshape
from thalweg._src.ops.support import axis_of


@operation
def map(f: Callable[[Any], Any], xs: Any) -> Any:
    """Results of `f` for each element of the first dimension, one after the other, stacked.

    Args:
        f: Function of one element (a structure like `xs`).
        xs: Tensor ``(n, ...)``, or a structure of such tensors.

    Returns:
        Structure of what `f` returns, with tensors ``(n, ...)``.

    Raises:
        InvalidArgumentError: First sizes differ, or there is no element whose result could be seen.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.map(lambda x: x * x, tf.constant([1, 2, 3])).numpy().tolist()
        [1, 4, 9]

    Source: `keras.ops.map`. `vectorized_map` does the same faster.
    """
    columns, length = _columns("map", xs, None)
    _, results = _walk("map", lambda _, x: ((), f(x)), (), xs, columns, length, False, False)
    return results


@operation
def vectorized_map(function: Callable[[Any], Any], elements: Any) -> Any:
    """Results of a function for each element of the first dimension, computed for all at once.

    Args:
        function: Function of one element (a structure like `elements`).
        elements: Tensor ``(n, ...)``, or a structure of such tensors.

    Returns:
        Structure of what the function returns, with tensors ``(n, ...)``.

    Example:
        >>> import thalweg as tf
        >>> x = tf.constant([[1.0, 2.0]])
        >>> tf.keras.ops.vectorized_map(lambda row: row * tf.reduce_sum(row), x).numpy().tolist()
        [[3.0, 6.0]]

    Source: `keras.ops.vectorized_map`.
    """
    return vectorized.vectorized_map(function, nest.map_structure(tensor_of, elements))


@operation
def scan(
    f: Callable[[Any, Any], Any],
    init: Any,
    xs: Any = None,
    length: int | None = None,
    reverse: bool = False,
    unroll: Any = 1,
) -> Any:
    """Final carry and stacked results of ``carry, result = f(carry, x)`` over the elements.

    Args:
        f: Function of (carry, element) that returns the next carry and a result, or None for none.
        init: First carry: tensor or structure of tensors. It keeps its dtypes and shapes.
        xs: Tensor ``(n, ...)``, or a structure of such tensors; None to pass None `length` times.
        length: Number of elements; needed only without `xs`.
        reverse: Begin with the last element; results keep the order of `xs`.
        unroll: True, or a number not below the number of elements, writes the steps of a compiled
            program out one after the other instead of making a loop; smaller numbers make a loop.

    Returns:
        ``(carry, results)``.

    Raises:
        InvalidArgumentError: Neither `xs` nor `length` is given, or sizes differ.

    Example:
        >>> import thalweg as tf
        >>> total, sums = tf.keras.ops.scan(lambda c, x: (c + x, c + x), 0, tf.constant([1, 2, 3]))
        >>> total.numpy().item(), sums.numpy().tolist()
        (6, [1, 3, 6])

    Source: `keras.ops.scan`; `jax.lax.scan`.
    """
    if not isinstance(unroll, int) or unroll < 0:
        raise InvalidArgumentError(
            f"[scan] expected unroll as a bool or an int of 0 or more, got {unroll!r}."
        )
    columns, count = _columns("scan", xs, length)
    whole = unroll is True or (unroll is not False and unroll >= max(count, 2))
    carry = nest.map_structure(tensor_of, init)
    return _walk("scan", f, carry, xs, columns, count, reverse, whole)


def _columns(where: str, xs: Any, length: int | None) -> tuple[list[Tensor], int]:
    """Tensors of `xs`, and the number of their elements."""
    columns = [] if xs is None else [tensor_of(leaf) for leaf in nest.flatten(xs)]
    sizes = {tuple(c.shape)[:1] for c in columns}
    if length is not None:
        sizes.add((int(length),))
    if len(sizes) != 1 or () in sizes:
        shapes = ", ".join(str(tuple(c.shape)) for c in columns) or "no tensor"
        raise InvalidArgumentError(
            f"[{where}] expected xs with one common first dimension, or a length, got {shapes} and "
            f"length {length}; stack or slice them to the same length."
        )
    return columns, sizes.pop()[0]


def _walk(
    where: str,
    f: Callable[[Any, Any], Any],
    carry: Any,
    xs: Any,
    columns: list[Tensor],
    length: int,
    reverse: bool,
    unroll: bool,
) -> tuple[Any, Any]:
    """Final carry and stacked results."""

    def step(state: Any, row: Any) -> tuple[Any, Any]:
        element = None if xs is None else nest.pack_sequence_as(xs, row)
        returned = f(state, element)
        if not isinstance(returned, (list, tuple)) or len(returned) != 2:
            raise InvalidArgumentError(
                f"[{where}] expected f to return (carry, result), got {returned!r}; return both."
            )
        return _like(where, state, returned[0]), [] if returned[1] is None else returned[1]

    if length and (unroll or not xla.tracing()):
        rows = []
        for index in range(length)[:: -1 if reverse else 1]:
            carry, result = step(carry, [getitem(c, index) for c in columns])
            rows.append(result)
        rows = rows[:: -1 if reverse else 1]
        results = nest.map_structure(lambda *parts: stack(list(parts)), *rows)
        return carry, None if results == [] else results
    taken = len(columns)

    def traced(*tensors: Tensor) -> tuple[list[Any], Any]:
        state, result = step(nest.pack_sequence_as(carry, tensors[taken:]), tensors[:taken])
        return nest.flatten(state), result

    names = list(leaf_names(carry, "carry"))
    first = LoopState(nest.flatten(carry), lambda i: names[i])
    final, results = run_for(traced, columns, first, where, length, reverse)
    return nest.pack_sequence_as(carry, final), None if results == [] else results


def _like(where: str, carry: Any, returned: Any) -> Any:
    """Tensors of the new carry, which must have the structure and dtypes of the old one."""
    try:
        nest.assert_same_structure(carry, returned)
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(
            f"[{where}] expected f to return a carry of the structure of init: {error}"
        ) from None
    found = nest.map_structure(tensor_of, returned)
    for old, new in zip(nest.flatten(carry), nest.flatten(found), strict=True):
        if old.dtype is not new.dtype or tuple(old.shape) != tuple(new.shape):
            raise InvalidArgumentError(
                f"[{where}] expected a carry that keeps its dtype {old.dtype.name} and shape "
                f"{tuple(old.shape)}, got {new.dtype.name} and {tuple(new.shape)} after a step; cast init."
            )
    return found


@operation
def associative_scan(
    f: Callable[[Any, Any], Any], elems: Any, reverse: bool = False, axis: int = 0
) -> Any:
    """All partial results of an associative function along an axis, in about ``2 log2(n)`` steps.

    Args:
        f: Associative function of two structures like `elems`, applied to many elements at once: it must
            work element by element along `axis`.
        elems: Tensor, or a structure of tensors of one size along `axis`.
        reverse: Combine from the end.
        axis: Axis to walk along.

    Returns:
        Structure like `elems`: at each place the combination of all elements up to it.

    Raises:
        InvalidArgumentError: Sizes along the axis differ.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.associative_scan(lambda a, b: a + b, tf.constant([1, 2, 3])).numpy().tolist()
        [1, 3, 6]

    Source: Blelloch, "Prefix sums and their applications" (1990); `keras.ops.associative_scan`.
    """
    leaves = [tensor_of(leaf) for leaf in nest.flatten(elems)]
    axes = [axis_of("associative_scan", axis, len(x.shape)) for x in leaves]
    sizes = {int(x.shape[a]) for x, a in zip(leaves, axes, strict=True)}
    if len(sizes) != 1:
        raise InvalidArgumentError(
            f"[associative_scan] expected tensors of one size along axis {axis}, got shapes "
            f"{', '.join(str(tuple(x.shape)) for x in leaves) or 'of no tensor'}."
        )

    def cut(parts: list[Any], start: int | None, stop: int | None, step: int | None) -> list[Any]:
        keys = [(*(slice(None),) * a, slice(start, stop, step)) for a in axes]
        return [getitem(x, key) for x, key in zip(parts, keys, strict=True)]

    def combined(one: list[Any], two: list[Any]) -> list[Any]:
        packed = [nest.pack_sequence_as(elems, parts) for parts in (one, two)]
        return [tensor_of(leaf) for leaf in nest.flatten(f(*packed))]

    def joined(one: list[Any], two: list[Any]) -> list[Any]:
        return [concat([x, y], a) for x, y, a in zip(one, two, axes, strict=True)]

    def woven(even: list[Any], odd: list[Any]) -> list[Any]:
        """Elements of both in turns; `even` may have one more."""
        found = []
        for x, y, a in zip(even, odd, axes, strict=True):
            count, sizes = int(y.shape[a]), list(y.shape)
            pairs = stack([getitem(x, (*(slice(None),) * a, slice(0, count))), y], a + 1)
            found.append(reshape(pairs, [*sizes[:a], 2 * count, *sizes[a + 1 :]]))
        is_even = even[0].shape[axes[0]] == odd[0].shape[axes[0]]
        return found if is_even else joined(found, cut(even, -1, None, None))

    def walk(parts: list[Any], size: int) -> list[Any]:
        if size < 2:
            return parts
        odd = walk(combined(cut(parts, 0, -1, 2), cut(parts, 1, None, 2)), size // 2)
        rest = cut(parts, 2, None, 2)
        if size == 2:
            return woven(cut(parts, 0, 1, None), odd)
        before = odd if size % 2 else cut(odd, 0, -1, None)
        return woven(joined(cut(parts, 0, 1, None), combined(before, rest)), odd)

    turned = cut(leaves, None, None, -1) if reverse else leaves
    found = walk(turned, sizes.pop())
    return nest.pack_sequence_as(elems, cut(found, None, None, -1) if reverse else found)
