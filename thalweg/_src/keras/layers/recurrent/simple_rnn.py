"""`SimpleRNN`: dense layers of the input and of the last output, along sequences."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.recurrent.simple_rnn_cell import SimpleRNNCell
from thalweg._src.keras.layers.recurrent.units_rnn import UnitsRNN


class SimpleRNN(UnitsRNN):
    """Recurrent net whose state is its last output: ``activation(x @ kernel + h @ recurrent_kernel + bias)``.

    Args:
        units: Number of outputs.
        activation: Name or function; none when None.
        use_bias: Whether there is a bias.
        kernel_initializer: Initializer of the kernel, of shape ``(features, units)``.
        recurrent_initializer: Initializer of the recurrent kernel, of shape ``(units, units)``.
        bias_initializer: Initializer of the bias, of shape ``(units,)``.
        kernel_regularizer: Function of the kernel whose result is added to the loss.
        recurrent_regularizer: Likewise for the recurrent kernel.
        bias_regularizer: Likewise for the bias.
        activity_regularizer: Likewise for the outputs.
        kernel_constraint: Function applied to the kernel after each update.
        recurrent_constraint: Likewise for the recurrent kernel.
        bias_constraint: Likewise for the bias.
        dropout: Fraction of the inputs to drop in training, in [0, 1]; the same in all steps.
        recurrent_dropout: Fraction of the state to drop before its product with the recurrent kernel; the
            same in all steps.
        return_sequences: Whether to return the outputs of all steps instead of the last one's.
        return_state: Whether to return the final state, too.
        go_backwards: Whether to begin with the last step; outputs then come in that order.
        stateful: Whether a call begins with the final state of the call before. The number of sequences
            must be fixed then.
        unroll: Whether a compiled program writes out all steps instead of a loop. It compiles for
            longer.
        seed: Seed of dropout; None for one from the global generator.
        **kwargs: ``zero_output_for_mask``, whether outputs of masked steps are 0 instead of the last output
            before; and see `Layer`.

    Call arguments:
        sequences: Tensor ``(batch, time, features)``. A list is taken for ``[sequences, *initial_state]``.
        initial_state: First state ``(batch, units)``, or a list of it; zeros when None.
        mask: Boolean tensor ``(batch, time)``: where False, the state stays as it is.
        training: Whether to drop.

    Returns:
        Output ``(batch, units)``, or ``(batch, time, units)`` with `return_sequences`; with `return_state`
        the tuple ``(output, state)``.

    Raises:
        ValueError: No step, or a state or mask that does not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.SimpleRNN(4)(tf.ones((2, 5, 3))).shape
        TensorShape([2, 4])

    Source: Elman 1990, "Finding structure in time"; `keras.layers.SimpleRNN`.
    """

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        seed: Any = None,
        **kwargs: Any,
    ) -> None:
        cell = SimpleRNNCell(
            units,
            activation=activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
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
            name="simple_rnn_cell",
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
