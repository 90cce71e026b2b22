"""`UnitsRNN`: what `SimpleRNN`, `LSTM` and `GRU` share."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras import regularizers
from thalweg._src.keras.layers.base.input_spec import InputSpec
from thalweg._src.keras.layers.recurrent.cell_arguments import CellArguments
from thalweg._src.keras.layers.recurrent.rnn import RNN
from thalweg._src.keras.layers.recurrent.units_cell import UnitsCell


class UnitsRNN(CellArguments, RNN):
    """Base of recurrent layers that make their own cell."""

    def __init__(
        self,
        cell: UnitsCell,
        activity_regularizer: Any,
        return_sequences: bool,
        return_state: bool,
        go_backwards: bool,
        stateful: bool,
        unroll: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            cell,
            return_sequences,
            return_state,
            go_backwards,
            stateful,
            unroll,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )
        self.input_spec = InputSpec(ndim=3)

    def build(self, sequences_shape: Any, initial_state_shape: Any = None) -> None:
        """Builds the cell, and makes the Variables of a stateful layer."""
        super().build(sequences_shape, initial_state_shape)
        self.input_spec = InputSpec(ndim=3, axes={-1: sequences_shape[-1]})


def check_cudnn(where: str, use_cudnn: Any) -> Any:
    """The value of ``use_cudnn``.

    Args:
        where: Name of the layer, for messages.
        use_cudnn: ``"auto"`` or a bool.

    Raises:
        InvalidArgumentError: Another value.
    """
    if use_cudnn != "auto" and not isinstance(use_cudnn, bool):
        raise InvalidArgumentError(
            f"[{where}] expected use_cudnn 'auto', True or False, got {use_cudnn!r}."
        )
    return use_cudnn
