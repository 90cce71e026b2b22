"""`Input`: where data enters a model that is being drawn."""

from __future__ import annotations

from typing import Any

from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.layers.base.layer import Layer


class InputLayer(Layer):
    """Layer without computation that stands for a model's input.

    Args:
        shape: Shape without the batch, None where unknown.
        batch_size: Batch size, or None for any.
        dtype: Dtype; the default float when None.
        batch_shape: Shape with the batch, instead of `shape` and `batch_size`.
        name: Name.

    Source: `keras.layers.InputLayer`.
    """

    def __init__(
        self,
        shape: Any = None,
        batch_size: int | None = None,
        dtype: Any = None,
        batch_shape: Any = None,
        name: str | None = None,
    ) -> None:
        super().__init__(name=name, dtype=None)
        if (shape is None) == (batch_shape is None):
            raise ValueError(
                f"[Input] expected shape or batch_shape, got shape={shape!r}, batch_shape={batch_shape!r}."
            )
        if isinstance(shape, int):
            raise TypeError(f"[Input] expected a tuple as shape, got {shape}; write ({shape},).")
        self.batch_shape = (batch_size, *shape) if batch_shape is None else tuple(batch_shape)
        self._input_dtype = str(dtype or floatx())
        self.output = KerasTensor(self.batch_shape, self._input_dtype, name=self.name)
        self.built = True

    @classmethod
    def of(cls, symbol: KerasTensor) -> InputLayer:
        """Input layer whose output is the given symbolic tensor."""
        layer = cls(batch_shape=symbol.shape, dtype=symbol.dtype, name=symbol.name)
        layer.output = symbol
        return layer

    def call(self, inputs: Any) -> Any:
        """The inputs."""
        return inputs

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer."""
        return {"batch_shape": self.batch_shape, "dtype": self._input_dtype, "name": self.name}


def Input(
    shape: Any = None,
    batch_size: int | None = None,
    dtype: Any = None,
    batch_shape: Any = None,
    name: str | None = None,
) -> KerasTensor:
    """Symbolic tensor where data enters a model.

    Args:
        shape: Shape without the batch, None where unknown.
        batch_size: Batch size, or None for any.
        dtype: Dtype; the default float when None.
        batch_shape: Shape with the batch, instead of `shape` and `batch_size`.
        name: Name.

    Returns:
        `KerasTensor`.

    Example:
        >>> Input((28, 28)).shape
        (None, 28, 28)

    Source: `keras.Input`.
    """
    return InputLayer(shape, batch_size, dtype, batch_shape, name).output
