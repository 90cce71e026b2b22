"""`StackedRNNCells`: cells on top of one another that step together."""

from __future__ import annotations

from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.core.copying import layer_from
from thalweg._src.keras.layers.recurrent.states import zero_states


class StackedRNNCells(Layer):
    """Cell made of cells: the output of each is the input of the next.

    Args:
        cells: The cells, the first one at the inputs.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Inputs of one step.
        states: List with the states of each cell.
        training: Handed on to the cells.

    Returns:
        Output of the last cell, and the list with the new states of each.

    Raises:
        ValueError: Something among `cells` is no cell.

    Example:
        >>> import thalweg as tf
        >>> layers = tf.keras.layers
        >>> cells = [layers.LSTMCell(4), layers.GRUCell(5)]
        >>> layers.RNN(layers.StackedRNNCells(cells))(tf.ones((2, 3, 6))).shape
        TensorShape([2, 5])

    Source: `keras.layers.StackedRNNCells`.
    """

    def __init__(self, cells: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for cell in cells:
            check_cell(type(self).__name__, cell)
        self.cells = list(cells)

    @property
    def state_size(self) -> list[Any]:
        """Sizes of the states of each cell."""
        return [cell.state_size for cell in self.cells]

    @property
    def output_size(self) -> Any:
        """Size of the last cell's output."""
        return _output_size(self.cells[-1])

    def get_initial_state(self, batch_size: Any = None) -> list[Any]:
        """List with the first states of each cell.

        Args:
            batch_size: Number of sequences.
        """
        return [zero_states(cell, batch_size, self.compute_dtype) for cell in self.cells]

    def build(self, input_shape: Any) -> None:
        """Builds the cells, one for the output of the one before."""
        shape = input_shape
        for cell in self.cells:
            if not cell.built:
                cell.build(shape)
                cell.built = True
            shape = (input_shape[0], _output_size(cell))

    def call(self, inputs: Any, states: Any, training: bool = False, **kwargs: Any) -> Any:
        """Output of the last cell, and all new states."""
        new = []
        for cell, state in zip(self.cells, states, strict=True):
            inputs, state = cell(inputs, state, training=training, **kwargs)
            new.append(state)
        return inputs, new

    def _has_fast_loop(self) -> bool:
        return (
            type(self).call is StackedRNNCells.call
            and self.activity_regularizer is None
            and all(has_fast_loop(cell) for cell in self.cells)
            and all(cell.dtype_policy == self.dtype_policy for cell in self.cells)
        )

    def run_sequence(
        self, inputs: Any, states: Any, mask: Any, training: bool, sequence: bool, unroll: bool
    ) -> tuple[Any, Any]:
        """All steps of the first cell, then of the second, ...; see `UnitsCell.run_sequence`."""
        final, last = [], len(self.cells) - 1
        for place, (cell, state) in enumerate(zip(self.cells, states, strict=True)):
            wanted = sequence or place < last
            inputs, new = cell.run_sequence(
                inputs, nest.flatten(state), mask, training, wanted, unroll
            )
            final.append(new)
        return inputs, final

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """Cell made from `get_config()`'s result, with fresh weights.

        Args:
            config: The config.
            custom_objects: Classes of cells by name.
        """
        cells = [layer_from(cell, custom_objects) for cell in config["cells"]]
        return cls(**(config | {"cells": cells}))


def check_cell(where: str, cell: Any) -> None:
    """Refuses what is no cell.

    Args:
        where: Name of the layer, for messages.
        cell: What was given.

    Raises:
        InvalidArgumentError: It is no layer, or does not say how large its state is.
    """
    if not isinstance(cell, Layer):
        raise InvalidArgumentError(
            f"[{where}] expected a cell, a layer with call(inputs, states), got {cell!r}; derive its class "
            "from keras.layers.Layer."
        )
    if not hasattr(cell, "state_size"):
        raise InvalidArgumentError(
            f"[{where}] expected a cell with a `state_size` (an int, or a list with one for each state), got "
            f"{cell!r}; set it in the cell's constructor."
        )


def has_fast_loop(cell: Any) -> bool:
    """True for a cell with an op that runs whole sequences; see `UnitsCell.run_sequence`."""
    asked = getattr(cell, "_has_fast_loop", None)
    return asked is not None and asked()


def _output_size(cell: Any) -> Any:
    """Number of outputs of a cell: its `output_size`, else the size of its first state."""
    size = getattr(cell, "output_size", None)
    return size if size is not None else nest.flatten(cell.state_size)[0]
