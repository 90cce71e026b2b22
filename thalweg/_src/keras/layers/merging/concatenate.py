"""`Concatenate`: tensors one behind the other."""

from __future__ import annotations

import functools
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.layers.merging.base_merge import BaseMerge, Shape
from thalweg._src.ops.casting import cast
from thalweg._src.ops.comparison import logical_or
from thalweg._src.ops.creation import ones
from thalweg._src.ops.joining import concat
from thalweg._src.ops.shaping import broadcast_to, expand_dims
from thalweg._src.ops.sparse.shaping import concat as sparse_concat
from thalweg._src.ops.sparse.tensor import SparseTensor


class Concatenate(BaseMerge):
    """Joins several tensors along one axis.

    Args:
        axis: Axis along which they are joined; along the others their sizes are equal.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: List of one or more tensors of one rank; the result of sparse ones alone is sparse.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Concatenate()([tf.constant([[1]]), tf.constant([[2, 3]])]).numpy().tolist()
        [[1, 2, 3]]

    Source: `keras.layers.Concatenate`.
    """

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(axis, int):
            raise InvalidArgumentError(
                f"[Concatenate {self.name!r}] expected axis as an int, got {axis!r}."
            )
        self.axis = axis

    def _of_sparse(self, tensors: list[Any]) -> list[Any]:
        if all(isinstance(t, SparseTensor) for t in tensors):
            return tensors
        return super()._of_sparse(tensors)

    def _merged(self, tensors: list[Any]) -> Any:
        if isinstance(tensors[0], SparseTensor):
            return sparse_concat(self.axis, tensors)
        return concat(tensors, self.axis)

    def compute_output_shape(self, input_shape: Any) -> Shape:
        """Shape of the outputs for a list of shapes of inputs."""
        shapes = self._checked_shapes(input_shape)
        rank = len(shapes[0])
        if any(len(s) != rank for s in shapes) or not -rank <= self.axis < rank:
            raise self._misfit(f"tensors of one rank with an axis {self.axis}", shapes)
        merged: list[int | None] = []
        for axis, sizes in enumerate(zip(*shapes, strict=True)):
            known = {n for n in sizes if n is not None}
            if axis == self.axis % rank:
                merged.append(None if None in sizes else sum(n for n in sizes if n is not None))
                continue
            if len(known) > 1:
                raise self._misfit(f"equal sizes along all axes but {self.axis}", shapes)
            merged.append(known.pop() if known else None)
        return tuple(merged)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Masks of the inputs, joined; an input without one counts whole. None if none has one."""
        masks = self._masks(inputs, mask)
        given = [m for m in masks if m is not None]
        if not given:
            return None
        rank, depth = len(inputs[0].shape), max(len(m.shape) for m in given)
        axis = self.axis % rank
        whole = [_whole(m, x, depth) for m, x in zip(masks, inputs, strict=True)]
        if axis < depth:
            return concat(whole, axis)
        return functools.reduce(logical_or, whole)


def _whole(mask: Any, tensor: Any, depth: int) -> Any:
    """The mask over the first dimensions of a tensor; True where there is none."""
    shape = tuple(tensor.shape[:depth])
    if mask is None:
        return ones(shape, "bool")
    for _ in range(depth - len(mask.shape)):
        mask = expand_dims(mask, -1)
    return broadcast_to(cast(mask, "bool"), shape)


def concatenate(inputs: Any, axis: int = -1, **kwargs: Any) -> Any:
    """Several tensors joined along one axis, by a layer `Concatenate`.

    Args:
        inputs: List of tensors.
        axis: Axis along which they are joined.
        **kwargs: Those of `Layer`, such as ``name``.

    Returns:
        Tensor.

    Source: `keras.layers.concatenate`.
    """
    return Concatenate(axis=axis, **kwargs)(inputs)
