"""`SimpleRNNCell`: a dense layer of the input and of its own last output."""

from __future__ import annotations

from typing import Any

from thalweg._src.base import nest
from thalweg._src.keras.layers.recurrent.units_cell import UnitsCell
from thalweg._src.ops.contraction import matmul
from thalweg._src.ops.nn.recurrent import simple_rnn


class SimpleRNNCell(UnitsCell):
    """One step of `SimpleRNN`: ``activation(x @ kernel + h @ recurrent_kernel + bias)``.

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
        kernel_constraint: Function applied to the kernel after each update.
        recurrent_constraint: Likewise for the recurrent kernel.
        bias_constraint: Likewise for the bias.
        dropout: Fraction of the inputs to drop in training, the same in all steps.
        recurrent_dropout: Fraction of the state to drop before its product.
        seed: Seed of dropout.
        **kwargs: See `Layer`.

    Call arguments:
        sequence: Inputs of one step, ``(batch, features)``.
        states: State ``(batch, units)``, or a list of it.
        training: Whether to drop.

    Returns:
        Output ``(batch, units)``, and the new state in the form of `states`.

    Example:
        >>> import thalweg as tf
        >>> cell = tf.keras.layers.SimpleRNNCell(4)
        >>> output, states = cell(tf.ones((2, 3)), cell.get_initial_state(2))
        >>> output.shape
        TensorShape([2, 4])

    Source: Elman 1990; `keras.layers.SimpleRNNCell`.
    """

    gates = 1

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
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            units,
            activation,
            use_bias,
            kernel_initializer,
            recurrent_initializer,
            bias_initializer,
            kernel_regularizer,
            recurrent_regularizer,
            bias_regularizer,
            kernel_constraint,
            recurrent_constraint,
            bias_constraint,
            dropout,
            recurrent_dropout,
            seed,
            **kwargs,
        )

    def call(self, sequence: Any, states: Any, training: bool = False) -> tuple[Any, Any]:
        """Output and new state."""
        (hidden,) = nest.flatten(states)
        total = matmul(self._dropped(sequence, training), self.kernel)
        total = total + self._recurrent(hidden, training)
        output = self.activation(total if self.bias is None else total + self.bias)
        return output, [output] if nest.is_nested(states) else output

    def _sequence_op(self, *tensors: Any, **settings: Any) -> Any:
        return simple_rnn(*tensors, activation=self.activation.__name__, **settings)
