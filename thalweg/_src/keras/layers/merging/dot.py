"""`Dot`: products of the samples of two tensors."""

from __future__ import annotations

import string
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.layers.merging.base_merge import BaseMerge, Shape
from thalweg._src.keras.ops.arguments import promoted
from thalweg._src.ops.einsum import einsum
from thalweg._src.ops.linalg import l2_normalize
from thalweg._src.ops.shaping import expand_dims


class Dot(BaseMerge):
    """Sums the products of two tensors over one axis of each, for each sample of the batch.

    Args:
        axes: Axis to sum over, in both tensors, or one for each; not that of the batch.
        normalize: Whether to divide both tensors by their norm along the axis first: the result is the
            cosine of the angle between them.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: List of two tensors with a batch.

    Returns:
        Tensor of the batch, the other axes of the first and those of the second; of shape ``(batch, 1)``
        where there are none.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.Dot(axes=1)
        >>> layer([tf.constant([[1.0, 2.0]]), tf.constant([[3.0, 4.0]])]).numpy().tolist()
        [[11.0]]

    Source: `keras.layers.Dot`.
    """

    _count = 2

    def __init__(self, axes: Any, normalize: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        pair = axes if isinstance(axes, (list, tuple)) else (axes, axes)
        if len(pair) != 2 or any(type(a) is not int for a in pair):
            raise InvalidArgumentError(
                f"[Dot {self.name!r}] expected axes as an int or a pair of ints, got {axes!r}."
            )
        self.axes = axes
        self.normalize = normalize
        self._pair = tuple(pair)

    def call(self, inputs: Any) -> Any:
        """Products of the two tensors."""
        self._check_count(inputs)
        x, y = promoted(*inputs)
        first, second = self._places(tuple(x.shape), tuple(y.shape))
        if self.normalize:
            x, y = l2_normalize(x, first), l2_normalize(y, second)
        letters = iter(string.ascii_lowercase)
        batch, summed = next(letters), next(letters)
        terms = [
            batch + "".join(summed if a == axis else next(letters) for a in range(1, len(t.shape)))
            for t, axis in ((x, first), (y, second))
        ]
        left = batch + "".join(terms)[1:].replace(batch, "").replace(summed, "")
        result = einsum(f"{terms[0]},{terms[1]}->{left}", x, y)
        return expand_dims(result, 1) if len(left) == 1 else result

    def _places(self, x: Shape, y: Shape) -> tuple[int, int]:
        """The two axes, counted from the first."""
        found = []
        for axis, shape in zip(self._pair, (x, y), strict=True):
            rank = len(shape)
            if not -rank <= axis < rank or axis % rank == 0:
                raise self._misfit(f"axes {self.axes} behind the batch of both tensors", [x, y])
            found.append(axis % rank)
        sizes = {n for n in (x[found[0]], y[found[1]]) if n is not None}
        if len(sizes) > 1:
            raise self._misfit(f"equal sizes along axes {self.axes}", [x, y])
        return found[0], found[1]

    def compute_output_shape(self, input_shape: Any) -> Shape:
        """Shape of the outputs for a list of two shapes of inputs."""
        x, y = self._checked_shapes(input_shape)
        first, second = self._places(x, y)
        rest = x[1:first] + x[first + 1 :] + y[1:second] + y[second + 1 :]
        return (y[0] if x[0] is None else x[0], *(rest or (1,)))

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        """None: the result has no steps."""
        del inputs, mask


def dot(inputs: Any, axes: Any = -1, **kwargs: Any) -> Any:
    """Products of the samples of two tensors, by a layer `Dot`.

    Args:
        inputs: List of two tensors.
        axes: Axis to sum over, in both tensors, or one for each.
        **kwargs: ``normalize``, see `Dot`; those of `Layer`, such as ``name``.

    Returns:
        Tensor.

    Source: `keras.layers.dot`.
    """
    return Dot(axes=axes, **kwargs)(inputs)
