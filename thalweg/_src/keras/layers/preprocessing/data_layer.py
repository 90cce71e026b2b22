"""What layers of data pipelines share: they take lists and numbers of Python, too."""

from __future__ import annotations

from typing import Any

from thalweg._src.core.convert import contains_tensor, convert_to_tensor
from thalweg._src.core.symbolic import KerasTensor, symbols_in
from thalweg._src.keras.layers.base.layer import Layer


class DataLayer(Layer):
    """Layer that prepares data: in a `Dataset`, before a model or inside one.

    Args:
        **kwargs: See `Layer`. Inputs are not cast to the compute dtype: categories are no numbers.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"autocast": False} | kwargs))

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Outputs for inputs, which may be a list, a number or a text."""
        return super().__call__(as_data(inputs), *args, **kwargs)

    def convert_weight(self, weight: Any) -> Any:
        """A weight as a tensor: all layers compute in one engine, and there is nothing else to convert."""
        return convert_to_tensor(weight)

    def output_dtype(self) -> Any:
        """Dtype of the outputs."""
        return self.compute_dtype

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Shape of the outputs.

        Args:
            input_shape: Shape of the inputs, or a structure of shapes.
        """
        return super().compute_output_shape(input_shape)

    def compute_output_spec(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Symbolic outputs for symbolic inputs, without adding to a graph."""
        if type(self).compute_output_shape is DataLayer.compute_output_shape:
            return self._inferred((inputs, *args), kwargs)
        return KerasTensor(self.compute_output_shape(inputs.shape), self.output_dtype())


def as_data(value: Any) -> Any:
    """Tensor of a list, number or text of Python; anything else as it is."""
    if not isinstance(value, (list, str, bytes, int, float)):
        return value
    if contains_tensor(value) or next(symbols_in(value), None) is not None:
        return value
    return convert_to_tensor(value)
