"""`slice` and `strided_slice`: ``x[a:b:c]`` in long form."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.convert import as_tensor
from thalweg._src.core.door import call, freeze
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor, is_traced
from thalweg._src.ops.arguments import ints_of, is_eager
from thalweg._src.ops.indexing import getitem, getitem_from
from thalweg._src.ops.indices import tensor_of

_FROM = getitem_from.opdef  # type: ignore[attr-defined]


def _block(shape: Any, begin: Any, size: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Checked begin and size of a block, with -1 written out."""
    first, sizes = ints_of("slice", "begin", begin), ints_of("slice", "size", size)
    if not len(first) == len(sizes) == len(shape):
        raise _wrong_count(shape, (len(first),), (len(sizes),))
    counts = []
    for axis, (start, count, whole) in enumerate(zip(first, sizes, shape, strict=True)):
        if not 0 <= start <= whole:
            raise InvalidArgumentError(
                f"[slice] expected begin[{axis}] from 0 to {whole} for shape {tuple(shape)}, got {start}."
            )
        if count != -1 and not 0 <= count <= whole - start:
            raise InvalidArgumentError(
                f"[slice] expected size[{axis}] from 0 to {whole - start}, or -1, for shape "
                f"{tuple(shape)} and begin {first}, got {count}."
            )
        counts.append(whole - start if count == -1 else count)
    return first, tuple(counts)


def _wrong_count(shape: Any, begin: Any, size: Any) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"[slice] expected begin and size of shape ({len(shape)},) for an input of shape "
        f"{tuple(shape)}, got shapes {tuple(begin)} and {tuple(size)}."
    )


def _slice_host(input_: Any, begin: Any, size: Any) -> Any:
    first, counts = _block(input_.shape, begin, size)
    return input_[(*(slice(a, a + n) for a, n in zip(first, counts, strict=True)), Ellipsis)]


@op("slice", inputs=("input_",), host=_slice_host)
def _slice(input_: Any, begin: Any, size: Any) -> Any:
    first, counts = _block(input_.shape, begin, size)
    return lax.slice(input_, first, [a + n for a, n in zip(first, counts, strict=True)])


@op(
    "slice_at",
    inputs=("input_", "begin"),
    matched=(),
    host=lambda input_, begin, size: _slice_host(input_, tuple(begin.tolist()), size),
)
def _slice_at(input_: Any, begin: Any, size: Any) -> Any:
    """Block whose begin is computed in the program."""
    sizes = ints_of("slice", "size", size)
    if begin.shape != (input_.ndim,) or len(sizes) != input_.ndim:
        raise _wrong_count(input_.shape, begin.shape, (len(sizes),))
    if any(not 0 <= n <= d for n, d in zip(sizes, input_.shape, strict=True)):
        raise InvalidArgumentError(
            f"[slice] expected sizes from 0 to {tuple(input_.shape)}, got {sizes}; a begin that is "
            "computed in the program cannot go with a size of -1."
        )
    starts = [begin[axis] for axis in range(input_.ndim)]
    return lax.dynamic_slice(input_, starts, sizes, allow_negative_indices=False)


def slice_(input_: Any, begin: Any, size: Any, name: str | None = None) -> Any:
    """Block of `size` elements that starts at `begin`.

    Args:
        input_: Tensor.
        begin: First index in each dimension, counted from 0. May be computed in a compiled program.
        size: Number of elements in each dimension, known when the program is compiled; -1 for all
            that follow (then `begin` must be known too).
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape `size`. A block that a compiled program computed to reach over the end is moved
        back until it fits.

    Raises:
        InvalidArgumentError: The block does not lie inside the tensor.

    Example:
        >>> import thalweg as tf
        >>> tf.slice([[1, 2, 3], [4, 5, 6]], [0, 1], [2, 1]).numpy().tolist()
        [[2], [5]]

    Source: `tf.slice`.
    """
    if _is_computed(begin):
        return _slice_at(input_, begin, size=size, name=name)
    if is_eager(input_):
        array = input_.array
        first, counts = _block(array.shape, freeze(begin), freeze(size))
        attrs = (counts, (1,) * array.ndim, counts)
        return call(_FROM, (input_, Tensor(np.asarray(first, np.int32))), attrs)
    return _slice(input_, begin=begin, size=size, name=name)


def _is_computed(value: Any) -> bool:
    """True for values of a program or a model that are known only when it runs."""
    if isinstance(value, (list, tuple)):
        return any(_is_computed(part) for part in value)
    if isinstance(value, KerasTensor):
        return value.static is None
    tensor = as_tensor(value)
    return tensor is not None and is_traced(tensor)


def strided_slice(
    input_: Any,
    begin: Any,
    end: Any,
    strides: Any = None,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
    var: Any = None,
    name: str | None = None,
) -> Any:
    """Part of a tensor from `begin` to `end` in steps; the long form of ``input_[a:b:c, ...]``.

    Args:
        input_: Tensor.
        begin: Where each part starts.
        end: Where each part stops, itself left out.
        strides: Step of each part; 1 when None. Negative steps go backwards.
        begin_mask: Bit i set: ``begin[i]`` is ignored, the part starts at the edge.
        end_mask: Bit i set: ``end[i]`` is ignored, the part goes to the edge.
        ellipsis_mask: Bit i set: entry i stands for all dimensions not named.
        new_axis_mask: Bit i set: entry i adds a dimension of size 1.
        shrink_axis_mask: Bit i set: ``begin[i]`` is one index and the dimension goes.
        var: Unused.
        name: Unused.

    Returns:
        Tensor.

    Raises:
        InvalidArgumentError: The lists differ in length, a stride is 0, or an index is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.strided_slice([1, 2, 3, 4, 5], [0], [5], [2]).numpy().tolist()
        [1, 3, 5]

    Source: `tf.strided_slice`.
    """
    first, last = _listed(begin), _listed(end)
    steps = [1] * len(first) if strides is None else _listed(strides)
    if not len(first) == len(last) == len(steps):
        raise InvalidArgumentError(
            "[strided_slice] expected begin, end and strides of one length, got "
            f"{len(first)}, {len(last)} and {len(steps)}."
        )
    key: list[Any] = []
    for position, step in enumerate(steps):
        bit = 1 << position
        if ellipsis_mask & bit:
            key.append(Ellipsis)
        elif new_axis_mask & bit:
            key.append(None)
        elif shrink_axis_mask & bit:
            if type(step) is int and step <= 0:
                raise InvalidArgumentError(
                    f"[strided_slice] expected stride 1 where shrink_axis_mask is set, got {step}."
                )
            key.append(first[position])
        else:
            start = None if begin_mask & bit else first[position]
            key.append(slice(start, None if end_mask & bit else last[position], step))
    return getitem(tensor_of(input_), tuple(key))


def _listed(value: Any) -> list[Any]:
    """Entries of a vector: numbers where known, scalar tensors elsewhere."""
    if isinstance(value, (list, tuple)):
        return [v if isinstance(v, KerasTensor) or _is_computed(v) else freeze(v) for v in value]
    if isinstance(value, KerasTensor) or _is_computed(value):
        return [value[i] for i in range(value.shape[0])]
    return list(ints_of("strided_slice", "begin, end and strides", freeze(value)))
