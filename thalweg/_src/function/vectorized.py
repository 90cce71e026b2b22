"""`vectorized_map`: a function over the elements of tensors, all at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError, UnimplementedError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.door import call
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.conversion import Hooks
from thalweg._src.function.looping import results_of
from thalweg._src.function.staging import Part, Shared, make_op
from thalweg._src.function.symbolic_calls import node_when_symbolic
from thalweg._src.random.distributions import uniform
from thalweg._src.random.global_generator import ElementScope, drawing_from


@node_when_symbolic
def vectorized_map(
    fn: Callable[[Any], Any], elems: Any, fallback_to_while_loop: bool = True, warn: bool = True
) -> Any:
    """Results of `fn` for each element of the first dimension, computed for all elements at once.

    Args:
        fn: Function of one element (a structure like `elems`); it is traced once.
        elems: Tensor of shape ``(n, ...)``, or a structure of such tensors; a first size of 1 serves
            all elements.
        fallback_to_while_loop: Has no effect: every op can be vectorised.
        warn: Has no effect.

    Returns:
        Structure of what `fn` returns, with tensors of shape ``(n, ...)``.

    Raises:
        UnimplementedError: `fn` assigns to a Variable: the elements would all assign at once.

    Example:
        >>> import thalweg as tf
        >>> tf.vectorized_map(lambda x: x * tf.reduce_sum(x), tf.constant([[1.0, 2.0]])).numpy().tolist()
        [[3.0, 6.0]]

    Source: `tf.vectorized_map`. Every element draws random numbers of its own.
    """
    where, fn = "vectorized_map", Hooks.convert(fn)
    columns = [convert_to_tensor(leaf) for leaf in nest.flatten(elems)]
    sizes = {int(c.shape[0]) for c in columns if c.ndim} - {1} or {1}
    if len(sizes) != 1 or not columns or not all(c.ndim for c in columns):
        raise InvalidArgumentError(
            f"[{where}] expected elems with one common first dimension, got shapes "
            f"{', '.join(str(c.shape) for c in columns) or 'of no tensor'}."
        )
    (length,) = sizes
    rows = [xla.ShapeDtypeStruct(c.array.shape[1:], c.array.dtype) for c in columns]
    rows.append(xla.ShapeDtypeStruct((2,), np.dtype(np.uint32)))
    scopes: list[ElementScope] = []

    def of_element(*row: Tensor) -> tuple[list[Any], Any]:
        scopes.append(ElementScope(row[-1]))
        with drawing_from(scopes[-1]):
            return [], fn(nest.pack_sequence_as(elems, row[:-1]))

    part = Part(of_element, rows, f"{where} function")
    if part.body.writes:
        raise UnimplementedError(
            f"[{where}] expected fn to assign no Variable, got an assignment to "
            f"{part.body.writes[0].name!r}: all elements would assign at once. Use tf.map_fn, or return "
            "the values and assign them outside."
        )
    shared = Shared([part])
    columns.append(_element_keys(length, drawn=scopes[-1].draws))
    taken = len(columns)
    axes = tuple(0 if c.shape[0] == length else None for c in columns)

    def run(*arrays: Any) -> tuple[Any, ...]:
        def one(*row: Any) -> list[Any]:
            variables, constants = shared.split([], arrays[taken:])
            outputs, _ = part.run(row, variables, constants)
            return results_of(part, outputs, 0)

        whole = [a if ax == 0 else a[0] for a, ax in zip(arrays[:taken], axes, strict=True)]
        mapped = jax.vmap(one, in_axes=axes, axis_size=length)
        return tuple(mapped(*whole))

    outputs = call(make_op(where, run), [*columns, *shared.tensors()], ())
    return nest.pack_sequence_as(part.structure[1], outputs, expand_composites=True)


def _element_keys(length: int, drawn: bool) -> Tensor:
    """A random key for each element, where the function draws."""
    if not drawn:
        return Tensor(np.zeros((length, 2), np.uint32))
    words = uniform((length, 2), -(2**31), 2**31 - 1, dtypes.int32)
    return Tensor(words.array.astype(np.uint32))
