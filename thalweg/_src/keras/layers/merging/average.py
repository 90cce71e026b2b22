"""`Average`: mean of tensors."""

from __future__ import annotations

from typing import Any

from thalweg._src.core import dtypes
from thalweg._src.core.composite import Composite
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.keras.layers.merging.base_merge import BaseMerge
from thalweg._src.ops.elementwise import add, divide


class Average(BaseMerge):
    """Mean of several tensors, element by element; that of integers is in the compute dtype.

    Args:
        **kwargs: See `Layer`.

    Call arguments:
        inputs: List of tensors that broadcast behind the batch; one or more.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Average()([tf.constant([[3.0]]), tf.constant([[2.0]])]).numpy().tolist()
        [[2.5]]

    Source: `keras.layers.Average`.
    """

    def _merge(self, x: Any, y: Any) -> Any:
        return add(x, y)

    def _merged(self, tensors: list[Any]) -> Any:
        return divide(super()._merged([self._floating(t) for t in tensors]), len(tensors))

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Symbolic outputs for symbolic inputs, without adding to a graph."""
        found = super().compute_output_spec(*args, **kwargs)
        floating = dtypes.as_dtype(found.dtype).is_floating or isinstance(found, Composite)
        return found if floating else KerasTensor(found.shape, self.compute_dtype)


def average(inputs: Any, **kwargs: Any) -> Any:
    """Mean of several tensors by a layer `Average`.

    Args:
        inputs: List of tensors.
        **kwargs: Those of `Layer`, such as ``name``.

    Returns:
        Tensor.

    Source: `keras.layers.average`.
    """
    return Average(**kwargs)(inputs)
