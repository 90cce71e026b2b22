"""Training data given as arrays: checked, split, weighted and put on the device once; parts of batches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.composite import Composite
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.training.composites import matrix_of, rows_between
from thalweg._src.ops.casting import cast


class ArrayData:
    """Inputs, targets and sample weights as arrays of one length.

    Args:
        x: Array, tensor or structure of them, each of shape ``(samples, ...)``.
        y: Targets, likewise, or None.
        sample_weight: Weights of shape ``(samples, ...)``, or None.
        where: Name of the method for messages.

    Attributes:
        structure: ``(x, y, sample_weight)`` with NumPy arrays, and ragged and sparse tensors.
        length: Number of samples.
    """

    def __init__(self, x: Any, y: Any, sample_weight: Any, where: str) -> None:
        self.where = where
        self.structure = tuple(
            None if part is None else nest.map_structure(lambda v: batch_array(v, where), part)
            for part in (x, y, sample_weight)
        )
        self.arrays = [leaf for leaf in nest.flatten(self.structure) if leaf is not None]
        self.length = self._check_lengths()

    @property
    def has_composites(self) -> bool:
        """Whether some are ragged or sparse tensors."""
        return any(isinstance(array, Composite) for array in self.arrays)

    @property
    def stays_on_host(self) -> bool:
        """Whether batches are made on the host: of strings, and of ragged and sparse tensors."""
        return self.has_composites or any(array.dtype == object for array in self.arrays)

    def _check_lengths(self) -> int:
        names = ("x", "y", "sample_weight")
        lengths: dict[str, int] = {}
        for name, part in zip(names, self.structure, strict=True):
            for index, leaf in enumerate(nest.flatten(part)):
                if leaf is None:
                    continue
                if not len(leaf.shape):
                    raise InvalidArgumentError(
                        f"[{self.where}] expected arrays of shape (samples, ...), got a scalar for {name}."
                    )
                lengths[f"{name}[{index}]" if nest.is_nested(part) else name] = int(leaf.shape[0])
        if len(set(lengths.values())) > 1:
            shown = ", ".join(f"{name}: {size}" for name, size in lengths.items())
            raise InvalidArgumentError(
                f"[{self.where}] expected the same number of samples everywhere, got {shown}; check how "
                "the arrays were cut."
            )
        if not lengths:
            raise InvalidArgumentError(f"[{self.where}] expected data in x, got None.")
        length = next(iter(lengths.values()))
        if length == 0:
            raise InvalidArgumentError(
                f"[{self.where}] expected at least one sample, got empty arrays; check the filter or the "
                "split that made them."
            )
        return length

    def split(self, fraction: float) -> tuple[ArrayData, ArrayData]:
        """The first samples for training and the last for validation.

        Args:
            fraction: Part of the samples for validation, in (0, 1).
        """
        cut = int(self.length * (1.0 - fraction))
        if not 0 < cut < self.length:
            raise InvalidArgumentError(
                f"[{self.where}] expected validation_split to leave samples on both sides, got "
                f"{fraction} of {self.length} samples; give more data or another fraction."
            )
        return self._part(slice(None, cut)), self._part(slice(cut, None))

    def _part(self, rows: slice) -> ArrayData:
        taken = [
            None if part is None else nest.map_structure(lambda a: rows_between(a, rows), part)
            for part in self.structure
        ]
        return ArrayData(taken[0], taken[1], taken[2], self.where)

    def with_class_weight(self, class_weight: Mapping[int, float]) -> ArrayData:
        """The same data, each sample weighted by its class.

        Args:
            class_weight: Weight of each class; 1 for classes that it leaves out.
        """
        x, y, weight = self.structure
        return ArrayData(x, y, class_weights(y, class_weight, weight, self.where), self.where)

    def on_device(self) -> list[Any]:
        """The arrays on the device, for the whole run."""
        return [xla.jnp.asarray(a) for a in self.arrays]

    def unpack(self, batch: list[Tensor]) -> tuple[Any, Any, Any]:
        """``(x, y, sample_weight)`` of a batch whose arrays are in the order of `arrays`."""
        fresh = iter(batch)
        parts = [
            None if part is None else nest.map_structure(lambda _: next(fresh), part)
            for part in self.structure
        ]
        return parts[0], parts[1], parts[2]


def class_weights(
    y: Any, class_weight: Mapping[int, float], sample_weight: Any, where: str
) -> np.ndarray[Any, Any]:
    """Weight of each sample from the weight of its class.

    Args:
        y: Labels of shape ``(samples,)`` or ``(samples, 1)``, or one-hot ones.
        class_weight: Weight of each class; 1 for classes that it leaves out.
        sample_weight: Must be None.
        where: Name of the method for messages.

    Raises:
        ValueError: There are sample weights, too, or several targets.
    """
    if sample_weight is not None or nest.is_nested(y) or y is None:
        raise ValueError(
            f"[{where}] expected class_weight with one target and without sample_weight; "
            "multiply the weights yourself and pass sample_weight."
        )
    if isinstance(y, Composite):
        raise InvalidArgumentError(
            f"[{where}] expected class_weight with dense targets, got a {type(y).__name__} of shape "
            f"{y.shape}; pass sample_weight."  # type: ignore[attr-defined]
        )
    labels = y.argmax(-1) if y.ndim > 1 and y.shape[-1] > 1 else y.reshape(len(y), -1)[:, 0]
    classes, positions = np.unique(labels.astype(np.int64), return_inverse=True)
    table = np.array([float(class_weight.get(int(c), 1.0)) for c in classes], floatx())
    return table[positions.reshape(-1)]


def batch_array(value: Any, where: str) -> Any:
    """NumPy array of a value, or the ragged or sparse tensor that it is.

    64-bit floats become the default float, as in Keras; sparse matrices of SciPy become sparse tensors.
    """
    if value is None:
        return None
    if hasattr(value, "tocoo"):
        value = matrix_of(value)
    if isinstance(value, Composite):
        wide = value.dtype is dtypes.float64  # type: ignore[attr-defined]
        return cast(value, floatx()) if wide else value
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    elif hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    array = np.asarray(value)
    if array.dtype == object or array.dtype.kind in "SU":
        return _strings(array, where)
    return array.astype(floatx()) if array.dtype == np.float64 else array


def _strings(array: Any, where: str) -> np.ndarray[Any, Any]:
    """Array of `bytes` of an array of texts."""
    if array.dtype.kind in "SU" or all(isinstance(v, (str, bytes)) for v in array.reshape(-1)):
        return convert_to_tensor(array, dtypes.string).array  # type: ignore[no-any-return]
    raise InvalidArgumentError(
        f"[{where}] expected arrays of numbers or strings, got dtype {array.dtype} of shape {array.shape}; "
        "lists of unequal length must be padded or one-hot encoded first."
    )


def unpack_x_y_sample_weight(data: Any) -> tuple[Any, Any, Any]:
    """``(x, y, sample_weight)`` of what a training step is given; missing parts are None.

    Args:
        data: ``x``, ``(x,)``, ``(x, y)`` or ``(x, y, sample_weight)``.

    Source: `keras.utils.unpack_x_y_sample_weight`.
    """
    if isinstance(data, list):
        data = tuple(data)
    if not isinstance(data, tuple):
        return data, None, None
    if len(data) > 3:
        raise ValueError(
            f"[unpack_x_y_sample_weight] expected x, (x, y) or (x, y, sample_weight), got {len(data)} parts."
        )
    padded = (*data, None, None)
    return padded[0], padded[1], padded[2]


def pack_x_y_sample_weight(x: Any, y: Any = None, sample_weight: Any = None) -> Any:
    """Shortest of ``x``, ``(x, y)`` and ``(x, y, sample_weight)`` that holds what is given.

    Source: `keras.utils.pack_x_y_sample_weight`.
    """
    if y is None:
        return x if not isinstance(x, (list, tuple)) else (x,)
    return (x, y) if sample_weight is None else (x, y, sample_weight)
