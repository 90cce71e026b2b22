"""`LSTMCell`: one step of a long short-term memory."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras import activations, initializers
from thalweg._src.keras.layers.recurrent.units_cell import UnitsCell
from thalweg._src.ops.contraction import matmul
from thalweg._src.ops.joining import concat, split
from thalweg._src.ops.nn.recurrent import lstm


class LSTMCell(UnitsCell):
    """One step of `LSTM`: gates decide what a memory forgets, takes in and shows.

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
        kernel_constraint: Function applied to the kernel after each update.
        recurrent_constraint: Likewise for the recurrent kernel.
        bias_constraint: Likewise for the bias.
        dropout: Fraction of the inputs to drop in training, the same in all steps.
        recurrent_dropout: Fraction of the state to drop before its product, for each gate anew.
        seed: Seed of dropout.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Inputs of one step, ``(batch, features)``.
        states: List of output and memory, both ``(batch, units)``.
        training: Whether to drop.

    Returns:
        Output ``(batch, units)``, and the list of new states.

    Example:
        >>> import thalweg as tf
        >>> cell = tf.keras.layers.LSTMCell(4)
        >>> output, (hidden, memory) = cell(tf.ones((2, 3)), cell.get_initial_state(2))
        >>> output.shape, memory.shape
        (TensorShape([2, 4]), TensorShape([2, 4]))

    Source: Hochreiter and Schmidhuber 1997; Jozefowicz et al. 2015 for `unit_forget_bias`;
    `keras.layers.LSTMCell`.
    """

    gates = 4
    state_masks = 4

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
        self.recurrent_activation = activations.get(recurrent_activation)
        self.unit_forget_bias = unit_forget_bias
        self.state_size = [units, units]

    def call(self, inputs: Any, states: Any, training: bool = False) -> tuple[Any, Any]:
        """Output and new states."""
        hidden, memory = states
        total = matmul(self._dropped(inputs, training), self.kernel)
        total = total + self._recurrent(hidden, training)
        total = total if self.bias is None else total + self.bias
        into, forget, candidate, out = split(total, 4, axis=-1)
        gate, activation = self.recurrent_activation, self.activation
        memory = gate(forget) * memory + gate(into) * activation(candidate)
        output = gate(out) * activation(memory)
        return output, [output, memory]

    def _first_bias(self) -> Any:
        return (
            forget_bias(self.bias_initializer) if self.unit_forget_bias else self.bias_initializer
        )

    def _activations(self) -> tuple[Any, ...]:
        return self.activation, self.recurrent_activation

    def _sequence_op(self, *tensors: Any, **settings: Any) -> Any:
        return lstm(
            *tensors,
            activation=self.activation.__name__,
            recurrent_activation=self.recurrent_activation.__name__,
            **settings,
        )


def forget_bias(initializer: Any) -> Any:
    """Initializer of the biases of four gates: 1 for the second, as `initializer` says for the others."""
    ones = initializers.get("ones")

    def first(shape: Any, dtype: Any = None) -> Any:
        units = shape[0] // 4
        parts = (initializer, units), (ones, units), (initializer, 2 * units)
        return concat([make((size,), dtype=dtype) for make, size in parts], 0)

    return first
