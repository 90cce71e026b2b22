"""`LSTM`: long short-term memory."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.recurrent.lstm_cell import LSTMCell
from thalweg._src.keras.layers.recurrent.units_rnn import UnitsRNN, check_cudnn


class LSTM(UnitsRNN):
    """Long short-term memory: gates decide what a memory forgets, takes in and shows in each step.

    The four gates lie side by side in all weights: input, forget, candidate, output.

    Args:
        units: Number of outputs.
        activation: Activation of candidate and memory, a name or function; none when None.
        recurrent_activation: Activation of the gates.
        use_bias: Whether there is a bias.
        kernel_initializer: Initializer of the kernel, of shape ``(features, 4 * units)``.
        recurrent_initializer: Initializer of the recurrent kernel, of shape ``(units, 4 * units)``.
        bias_initializer: Initializer of the bias, of shape ``(4 * units,)``.
        unit_forget_bias: Whether the bias of the forget gate begins as 1, so that the memory lasts.
        kernel_regularizer: Function of the kernel whose result is added to the loss.
        recurrent_regularizer: Likewise for the recurrent kernel.
        bias_regularizer: Likewise for the bias.
        activity_regularizer: Likewise for the outputs.
        kernel_constraint: Function applied to the kernel after each update.
        recurrent_constraint: Likewise for the recurrent kernel.
        bias_constraint: Likewise for the bias.
        dropout: Fraction of the inputs to drop in training, in [0, 1]; the same in all steps.
        recurrent_dropout: Fraction of the state to drop before its product with the recurrent kernel; the
            same in all steps, for each gate anew.
        seed: Seed of dropout; None for one from the global generator.
        return_sequences: Whether to return the outputs of all steps instead of the last one's.
        return_state: Whether to return the final states, too.
        go_backwards: Whether to begin with the last step; outputs then come in that order.
        stateful: Whether a call begins with the final states of the call before. The number of sequences
            must be fixed then.
        unroll: Whether a compiled program writes out all steps instead of a loop. It compiles for
            longer.
        use_cudnn: ``"auto"``, True or False. Has no effect: there is one way of computing, compiled for the
            device at hand.
        **kwargs: ``zero_output_for_mask``, whether outputs of masked steps are 0 instead of the last output
            before; and see `Layer`.

    Call arguments:
        sequences: Tensor ``(batch, time, features)``. A list is taken for ``[sequences, *initial_state]``.
        initial_state: First output and memory, a list of two tensors ``(batch, units)``; zeros when None.
        mask: Boolean tensor ``(batch, time)``: where False, the states stay as they are.
        training: Whether to drop.

    Returns:
        Output ``(batch, units)``, or ``(batch, time, units)`` with `return_sequences`; with `return_state`
        the tuple ``(output, hidden, memory)``.

    Raises:
        ValueError: No step, or a state or mask that does not fit.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.LSTM(4, return_sequences=True, return_state=True)
        >>> outputs, hidden, memory = layer(tf.ones((2, 5, 3)))
        >>> outputs.shape, memory.shape
        (TensorShape([2, 5, 4]), TensorShape([2, 4]))

    Source: Hochreiter and Schmidhuber 1997; `keras.layers.LSTM`.
    """

    def __init__(
        self,
        units: int,
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
        unroll: bool = False,
        use_cudnn: Any = "auto",
        **kwargs: Any,
    ) -> None:
        cell = LSTMCell(
            units,
            activation=activation,
            recurrent_activation=recurrent_activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            unit_forget_bias=unit_forget_bias,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
            seed=seed,
            dtype=kwargs.get("dtype"),
            trainable=kwargs.get("trainable", True),
            name="lstm_cell",
        )
        super().__init__(
            cell,
            activity_regularizer,
            return_sequences,
            return_state,
            go_backwards,
            stateful,
            unroll,
            **kwargs,
        )
        self.use_cudnn = check_cudnn("LSTM", use_cudnn)
