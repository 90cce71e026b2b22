"""`BaseMerge`: base of layers that make one tensor of several, element by element."""

from __future__ import annotations

import functools
from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.composite import first_composite
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.keras.layers.base.calling import is_shape
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.ops.arguments import promoted, result_type
from thalweg._src.ops.comparison import logical_or
from thalweg._src.ops.shaping import reshape
from thalweg._src.ops.sparse.conversion import to_dense
from thalweg._src.ops.sparse.tensor import SparseTensor

Shape = tuple[int | None, ...]


class BaseMerge(Layer):
    """Merges tensors that broadcast behind the batch; dtypes are brought to a common one.

    Where ranks differ, the smaller tensors get dimensions of size 1 behind the batch.

    Args:
        **kwargs: See `Layer`.
    """

    #: Number of inputs; None for one or more.
    _count: int | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Refuses inputs that do not fit together."""
        self.compute_output_shape(input_shape)

    def call(self, inputs: Any) -> Any:
        """The inputs, merged."""
        self._check_count(inputs)
        tensors = promoted(*inputs)
        if any(isinstance(t, SparseTensor) for t in tensors):
            tensors = self._of_sparse(tensors)
        rank = max(len(t.shape) for t in tensors)
        return self._merged([_widened(t, rank) for t in tensors])

    def _merged(self, tensors: list[Any]) -> Any:
        return functools.reduce(self._merge, tensors)

    def _of_sparse(self, tensors: list[Any]) -> list[Any]:
        """What is merged where some are sparse: dense ones, unless a subclass knows better."""
        return [to_dense(t) if isinstance(t, SparseTensor) else t for t in tensors]

    def _merge(self, x: Any, y: Any) -> Any:
        """One tensor of two; for subclasses."""
        raise NotImplementedError

    def compute_output_shape(self, input_shape: Any) -> Shape:
        """Shape of the outputs for a list of shapes of inputs."""
        shapes = self._checked_shapes(input_shape)
        batches = sorted({s[0] for s in shapes if s and s[0] is not None})
        if len(batches) > 1:
            raise self._misfit("tensors of one batch size", shapes)
        rank = max(len(s) for s in shapes)
        wide = [(*s[:1], *[1] * (rank - len(s)), *s[1:]) for s in shapes]
        merged = []
        for sizes in zip(*wide, strict=True):
            known = {n for n in sizes if n not in (None, 1)}
            if len(known) > 1:
                raise self._misfit("sizes behind the batch that are equal or 1", shapes)
            merged.append(known.pop() if known else None if None in sizes else 1)
        return tuple(merged)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Symbolic outputs for symbolic inputs, without adding to a graph."""
        (inputs,) = (*args, *kwargs.values())
        self._check_count(inputs)
        if first_composite(inputs) is not None:
            return self._inferred((inputs,), {})
        shape = self.compute_output_shape([tuple(x.shape) for x in inputs])
        return KerasTensor(shape, result_type(*inputs))

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Mask of what counts in any of the inputs; None if one of them has none."""
        masks = self._masks(inputs, mask)
        return functools.reduce(logical_or, masks) if None not in map(_none, masks) else None

    def _masks(self, inputs: Any, mask: Any) -> list[Any]:
        """A mask or None for each input."""
        if mask is None:
            return [None] * len(inputs)
        if not isinstance(mask, (list, tuple)) or len(mask) != len(inputs):
            raise ShapeError(
                f"[{type(self).__name__} {self.name!r}] expected mask as a list of {len(inputs)} masks or "
                f"None, one for each input, got {mask!r}."
            )
        return list(mask)

    def _check_count(self, inputs: Any) -> None:
        count = len(inputs) if isinstance(inputs, (list, tuple)) and not is_shape(inputs) else 0
        if count == 0 or self._count not in (None, count):
            wanted = "one or more tensors" if self._count is None else f"{self._count} tensors"
            came = (
                f"{count} of them" if count else f"one of shape {getattr(inputs, 'shape', inputs)}"
            )
            raise ShapeError(
                f"[{type(self).__name__} {self.name!r}] expected a list of {wanted}, got {came}."
            )

    def _checked_shapes(self, shapes: Any) -> list[Shape]:
        self._check_count(shapes)
        return [tuple(s) for s in shapes]

    def _misfit(self, expected: str, shapes: list[Shape]) -> ShapeError:
        return ShapeError(
            f"[{type(self).__name__} {self.name!r}] expected {expected}, got shapes {shapes}."
        )


def _widened(tensor: Any, rank: int) -> Any:
    """The tensor with dimensions of size 1 behind the batch, up to a rank."""
    missing = rank - len(tensor.shape)
    if not missing:
        return tensor
    return reshape(tensor, (*tensor.shape[:1], *[1] * missing, *tensor.shape[1:]))


def _none(mask: Any) -> Any:
    return None if mask is None else True
