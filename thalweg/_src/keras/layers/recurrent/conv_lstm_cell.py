"""`ConvLSTMCell`: one step of a long short-term memory whose products are convolutions."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras import activations, constraints, initializers, regularizers
from thalweg._src.keras.base.settings import data_format_of
from thalweg._src.keras.layers.recurrent.dropout_cell import DropoutCell
from thalweg._src.keras.layers.recurrent.lstm_cell import forget_bias
from thalweg._src.keras.ops.geometry import each, op_format, padding_of, window_counts
from thalweg._src.ops.creation import zeros
from thalweg._src.ops.joining import concat, split
from thalweg._src.ops.nn.convolution import bias_add, convolution
from thalweg._src.ops.shaping import expand_dims, reshape


class ConvLSTMCell(DropoutCell):
    """One step of `ConvLSTM2D` and its like; see there for the arguments.

    Args:
        rank: Number of spatial dimensions.
        filters: Number of outputs at each place.
        kernel_size: Size of a window; the state is convolved with windows of this size, too.
        strides: Steps between windows.
        padding: ``"valid"`` or ``"same"``.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        dilation_rate: Steps between the elements of a window.
        activation: Activation of candidate and memory.
        recurrent_activation: Activation of the gates.
        use_bias: Whether there is a bias.
        kernel_initializer: Initializer of the kernel, ``(*window, channels, 4 * filters)``.
        recurrent_initializer: Initializer of the recurrent kernel, ``(*window, filters, 4 * filters)``.
        bias_initializer: Initializer of the bias.
        unit_forget_bias: Whether the bias of the forget gate begins as 1.
        kernel_regularizer: Function of the kernel whose result is added to the loss.
        recurrent_regularizer: Likewise for the recurrent kernel.
        bias_regularizer: Likewise for the bias.
        kernel_constraint: Function applied to the kernel after each update.
        recurrent_constraint: Likewise for the recurrent kernel.
        bias_constraint: Likewise for the bias.
        dropout: Fraction of the inputs to drop, for each gate anew.
        recurrent_dropout: Fraction of the state to drop, for each gate anew.
        seed: Seed of dropout.
        **kwargs: See `Layer`.

    Source: Shi et al. 2015, "Convolutional LSTM network", without the connections from memory to gates.
    """

    input_masks = 4
    state_masks = 4

    def __init__(
        self,
        rank: int,
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
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(dropout, recurrent_dropout, seed, **kwargs)
        where = f"ConvLSTM{rank}D"
        if not isinstance(filters, int) or isinstance(filters, bool) or filters < 1:
            raise InvalidArgumentError(
                f"[{where}] expected filters as a positive int, got {filters!r}."
            )
        self.rank = rank
        self.filters = filters
        self.kernel_size = each(where, "kernel_size", kernel_size, rank)
        self.strides = each(where, "strides", strides, rank)
        self.padding = padding_of(where, padding)
        self.data_format = data_format_of(data_format, where)
        self.dilation_rate = each(where, "dilation_rate", dilation_rate, rank)
        self.activation = activations.get(activation)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.recurrent_initializer = initializers.get(recurrent_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.unit_forget_bias = unit_forget_bias
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.recurrent_regularizer = regularizers.get(recurrent_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.recurrent_constraint = constraints.get(recurrent_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.state_size = [filters, filters]
        self._layout = op_format(where, self.data_format, rank)
        self._channels = 1 if self._layout.startswith("NC") else rank + 1

    def build(self, input_shape: Any) -> None:
        """Creates kernel, recurrent kernel and bias, and learns the size of the state."""
        where = f"ConvLSTM{self.rank}D"
        sizes = list(input_shape[1:])
        channels = sizes.pop(self._channels - 1)
        if channels is None or None in sizes:
            raise ShapeError(
                f"[{where}] expected inputs whose sizes are known but for batch and time, got "
                f"{tuple(input_shape)} for a step; give them in Input(shape=...)."
            )
        places: list[Any] = list(
            window_counts(
                where,
                tuple(sizes),
                self.kernel_size,
                self.strides,
                self.padding,
                self.dilation_rate,
            )
        )
        places.insert(self._channels - 1, self.filters)
        self._state_shape = tuple(places)
        wide = 4 * self.filters
        self.kernel = self.add_weight(
            (*self.kernel_size, channels, wide),
            self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self.recurrent_kernel = self.add_weight(
            (*self.kernel_size, self.filters, wide),
            self.recurrent_initializer,
            regularizer=self.recurrent_regularizer,
            constraint=self.recurrent_constraint,
            name="recurrent_kernel",
        )
        self.bias = None
        if self.use_bias:
            first = self.bias_initializer
            self.bias = self.add_weight(
                (wide,),
                forget_bias(first) if self.unit_forget_bias else first,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )

    def get_initial_state(self, batch_size: Any = None) -> list[Any]:
        """Zeros for a batch; the cell must be built.

        Args:
            batch_size: Number of sequences.

        Returns:
            List of two tensors ``(batch_size, *places, filters)``.
        """
        return [zeros((batch_size, *self._state_shape), dtype=self.compute_dtype) for _ in range(2)]

    def call(self, inputs: Any, states: Any, training: bool = False) -> tuple[Any, Any]:
        """Output and new states."""
        return self.step(self.project(expand_dims(inputs, 1), training)[:, 0], states, training)

    def project(self, sequences: Any, training: bool) -> Any:
        """The inputs' part of the gates for all steps.

        Args:
            sequences: Tensor ``(batch, time, *sizes, channels)``.
            training: Whether to drop.

        Returns:
            Tensor ``(batch, time, *places, 4 * filters)``.
        """
        sequences = self._floating(sequences)
        kernel = self.kernel
        if not training or not self.dropout:
            found = self._input_product(sequences, kernel)
        else:
            masks = self.get_dropout_mask(sequences[:, 0])
            parts = zip(masks, split(kernel, 4, axis=-1), strict=True)
            products = [self._input_product(sequences * expand_dims(m, 1), k) for m, k in parts]
            found = concat(products, self._channels)
        found = found if self.bias is None else bias_add(found, self.bias, self._layout)
        return reshape(found, (-1, sequences.shape[1], *found.shape[1:]))

    def _input_product(self, sequences: Any, kernel: Any) -> Any:
        """Convolution of all steps as one batch."""
        return convolution(
            reshape(sequences, (-1, *sequences.shape[2:])),
            kernel,
            self.strides,
            self.padding.upper(),
            self._layout,
            self.dilation_rate,
        )

    def step(self, projected: Any, states: Any, training: bool) -> tuple[Any, Any]:
        """Output and new states, from the inputs' part of the gates.

        Args:
            projected: One step of `project`'s result.
            states: Output and memory.
            training: Whether to drop.
        """
        hidden, memory = states
        total = projected + self._recurrent(hidden, training)
        into, forget, candidate, out = split(total, 4, axis=self._channels)
        gate, activation = self.recurrent_activation, self.activation
        memory = gate(forget) * memory + gate(into) * activation(candidate)
        output = gate(out) * activation(memory)
        return output, [output, memory]

    def _recurrent(self, state: Any, training: bool) -> Any:
        """Convolution of the state, for all gates."""

        def product(state: Any, kernel: Any) -> Any:
            return convolution(state, kernel, None, "SAME", self._layout)

        if not training or not self.recurrent_dropout:
            return product(state, self.recurrent_kernel)
        masks = self.get_recurrent_dropout_mask(state)
        kernels = split(self.recurrent_kernel, 4, axis=-1)
        parts = [product(state * m, k) for m, k in zip(masks, kernels, strict=True)]
        return concat(parts, self._channels)
