"""`ConvLSTM`: long short-term memories of images and their like, whose products are convolutions."""

from __future__ import annotations

from typing import Any, ClassVar

from thalweg._src.keras import regularizers
from thalweg._src.keras.layers.base.input_spec import InputSpec
from thalweg._src.keras.layers.recurrent.cell_arguments import CellArguments
from thalweg._src.keras.layers.recurrent.conv_lstm_cell import ConvLSTMCell
from thalweg._src.keras.layers.recurrent.rnn import RNN


class ConvLSTM(CellArguments, RNN):
    """Base of `ConvLSTM1D`, `ConvLSTM2D` and `ConvLSTM3D`; see `ConvLSTM2D` for the arguments."""

    rank: ClassVar[int]

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: Any = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        **kwargs: Any,
    ) -> None:
        cell = ConvLSTMCell(
            self.rank,
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            activation,
            recurrent_activation,
            use_bias,
            kernel_initializer,
            recurrent_initializer,
            bias_initializer,
            unit_forget_bias,
            kernel_regularizer,
            recurrent_regularizer,
            bias_regularizer,
            kernel_constraint,
            recurrent_constraint,
            bias_constraint,
            dropout,
            recurrent_dropout,
            seed,
            dtype=kwargs.get("dtype"),
            trainable=kwargs.get("trainable", True),
            name="conv_lstm_cell",
        )
        super().__init__(
            cell,
            return_sequences,
            return_state,
            go_backwards,
            stateful,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )
        self.input_spec = InputSpec(ndim=self.rank + 3)

    def build(self, sequences_shape: Any, initial_state_shape: Any = None) -> None:
        """Builds the cell, and makes the Variables of a stateful layer."""
        super().build(sequences_shape, initial_state_shape)
        sizes = dict(enumerate(sequences_shape[2:], 2))
        self.input_spec = InputSpec(ndim=self.rank + 3, axes=sizes)

    # The convolutions of the inputs do not depend on states: they are taken for all steps before the loop.
    def _prepared(self, sequences: Any, training: bool) -> Any:
        return self.cell.project(sequences, training)

    def _stepper(self, training: bool) -> Any:
        return lambda projected, states: self.cell.step(projected, states, training)
