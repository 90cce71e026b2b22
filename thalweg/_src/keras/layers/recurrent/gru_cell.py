"""`GRUCell`: one step of gated recurrent units."""

from __future__ import annotations

from typing import Any

from thalweg._src.base import nest
from thalweg._src.keras import activations
from thalweg._src.keras.layers.recurrent.units_cell import UnitsCell
from thalweg._src.ops.contraction import matmul
from thalweg._src.ops.joining import split, unstack
from thalweg._src.ops.nn.recurrent import gru


class GRUCell(UnitsCell):
    """One step of `GRU`: the state is a mean of the old one and a candidate, weighted by a gate.

    The three gates lie side by side in all weights: update, reset, candidate.

    Args:
        units: Number of outputs.
        activation: Activation of the candidate, a name or function; none when None.
        recurrent_activation: Activation of update and reset.
        use_bias: Whether there is a bias.
        kernel_initializer: Initializer of the kernel, of shape ``(features, 3 * units)``.
        recurrent_initializer: Initializer of the recurrent kernel, of shape ``(units, 3 * units)``.
        bias_initializer: Initializer of the bias, of shape ``(2, 3 * units)`` for inputs and state with
            `reset_after`, else ``(3 * units,)``.
        kernel_regularizer: Function of the kernel whose result is added to the loss.
        recurrent_regularizer: Likewise for the recurrent kernel.
        bias_regularizer: Likewise for the bias.
        kernel_constraint: Function applied to the kernel after each update.
        recurrent_constraint: Likewise for the recurrent kernel.
        bias_constraint: Likewise for the bias.
        dropout: Fraction of the inputs to drop in training, the same in all steps.
        recurrent_dropout: Fraction of the state to drop before its product, for each gate anew.
        reset_after: Whether the reset gate is applied to the state after its product or before it.
        seed: Seed of dropout.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Inputs of one step, ``(batch, features)``.
        states: State ``(batch, units)``, or a list of it.
        training: Whether to drop.

    Returns:
        Output ``(batch, units)``, and the new state in the form of `states`.

    Example:
        >>> import thalweg as tf
        >>> cell = tf.keras.layers.GRUCell(4)
        >>> output, states = cell(tf.ones((2, 3)), cell.get_initial_state(2))
        >>> output.shape
        TensorShape([2, 4])

    Source: Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder for statistical
    machine translation"; `keras.layers.GRUCell`.
    """

    gates = 3
    state_masks = 3

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
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
        reset_after: bool = True,
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
        self.reset_after = reset_after

    def call(self, inputs: Any, states: Any, training: bool = False) -> tuple[Any, Any]:
        """Output and new state."""
        (hidden,) = nest.flatten(states)
        projected = matmul(self._dropped(inputs, training), self.kernel)
        bias, state_bias = self._biases()
        projected = projected if bias is None else projected + bias
        parts = split(projected, 3, axis=-1)
        if self.reset_after:
            update, candidate = self._reset_after(parts, hidden, state_bias, training)
        else:
            update, candidate = self._reset_before(parts, hidden, training)
        output = update * hidden + (1 - update) * candidate
        return output, [output] if nest.is_nested(states) else output

    def _biases(self) -> tuple[Any, Any]:
        """Bias of the inputs' product and of the state's, None where there is none."""
        if self.bias is None or not self.reset_after:
            return self.bias, None
        return tuple(unstack(self.bias))

    def _reset_after(self, parts: Any, hidden: Any, bias: Any, training: bool) -> tuple[Any, Any]:
        """Update gate and candidate; the reset gate is applied to the product."""
        recurrent = self._recurrent(hidden, training)
        recurrent = recurrent if bias is None else recurrent + bias
        on_update, on_reset, on_candidate = split(recurrent, 3, axis=-1)
        gate = self.recurrent_activation
        candidate = self.activation(parts[2] + gate(parts[1] + on_reset) * on_candidate)
        return gate(parts[0] + on_update), candidate

    def _reset_before(self, parts: Any, hidden: Any, training: bool) -> tuple[Any, Any]:
        """Update gate and candidate; the reset gate is applied to the state."""
        kernels = split(self.recurrent_kernel, 3, axis=1)
        masks = self._state_masks_for(hidden, training)

        def product(state: Any, gate: int) -> Any:
            return matmul(state if masks is None else state * masks[gate], kernels[gate])

        gate = self.recurrent_activation
        update = gate(parts[0] + product(hidden, 0))
        reset = gate(parts[1] + product(hidden, 1))
        return update, self.activation(parts[2] + product(reset * hidden, 2))

    def _bias_shape(self) -> tuple[int, ...]:
        wide = self.units * self.gates
        return (2, wide) if self.reset_after else (wide,)

    def _activations(self) -> tuple[Any, ...]:
        return self.activation, self.recurrent_activation

    def _sequence_op(self, *tensors: Any, **settings: Any) -> Any:
        return gru(
            *tensors,
            activation=self.activation.__name__,
            recurrent_activation=self.recurrent_activation.__name__,
            reset_after=self.reset_after,
            **settings,
        )
