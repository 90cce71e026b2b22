"""`UnitsCell`: what the cells of dense recurrent nets share: arguments, weights, dropout, the fast loop."""

from __future__ import annotations

from typing import Any, ClassVar

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras import activations, constraints, initializers, regularizers
from thalweg._src.keras.layers.recurrent.dropout_cell import DropoutCell
from thalweg._src.ops.contraction import matmul
from thalweg._src.ops.creation import zeros
from thalweg._src.ops.joining import concat, split, stack
from thalweg._src.ops.nn.recurrent import KNOWN_ACTIVATIONS
from thalweg._src.ops.shaping import expand_dims

_HOME = __name__.rpartition(".")[0]


class UnitsCell(DropoutCell):
    """Base of `SimpleRNNCell`, `LSTMCell` and `GRUCell`; see there for the arguments."""

    #: Number of gates, each with a kernel of its own.
    gates: ClassVar[int]
    state_size: Any
    output_size: int
    kernel: Any
    recurrent_kernel: Any
    bias: Any

    def __init__(
        self,
        units: int,
        activation: Any,
        use_bias: bool,
        kernel_initializer: Any,
        recurrent_initializer: Any,
        bias_initializer: Any,
        kernel_regularizer: Any,
        recurrent_regularizer: Any,
        bias_regularizer: Any,
        kernel_constraint: Any,
        recurrent_constraint: Any,
        bias_constraint: Any,
        dropout: float,
        recurrent_dropout: float,
        seed: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(dropout, recurrent_dropout, seed, **kwargs)
        if not isinstance(units, int) or isinstance(units, bool) or units < 1:
            raise InvalidArgumentError(
                f"[{type(self).__name__}] expected units as a positive int, got {units!r}."
            )
        self.units = units
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.recurrent_initializer = initializers.get(recurrent_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.recurrent_regularizer = regularizers.get(recurrent_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.recurrent_constraint = constraints.get(recurrent_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.state_size = units
        self.output_size = units

    def build(self, input_shape: Any) -> None:
        """Creates kernel, recurrent kernel and bias."""
        if not input_shape or not isinstance(input_shape[-1], int):
            raise ShapeError(
                f"[{type(self).__name__} {self.name!r}] expected inputs with a known last size, got shape "
                f"{input_shape}; give it in Input(shape=...)."
            )
        wide = self.units * self.gates
        self.kernel = self.add_weight(
            (input_shape[-1], wide),
            self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self.recurrent_kernel = self.add_weight(
            (self.units, wide),
            self.recurrent_initializer,
            regularizer=self.recurrent_regularizer,
            constraint=self.recurrent_constraint,
            name="recurrent_kernel",
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                self._bias_shape(),
                self._first_bias(),
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )

    def _bias_shape(self) -> tuple[int, ...]:
        return (self.units * self.gates,)

    def _first_bias(self) -> Any:
        return self.bias_initializer

    def get_initial_state(self, batch_size: Any = None) -> list[Any]:
        """Zeros for a batch.

        Args:
            batch_size: Number of sequences.

        Returns:
            List of tensors ``(batch_size, units)``.
        """
        sizes = nest.flatten(self.state_size)
        return [zeros((batch_size, size), dtype=self.compute_dtype) for size in sizes]

    def _dropped(self, inputs: Any, training: bool) -> Any:
        """Inputs of one step, some of them dropped in training."""
        inputs = self._floating(inputs)
        if not training or not self.dropout:
            return inputs
        return inputs * self.get_dropout_mask(inputs)

    def _state_masks_for(self, state: Any, training: bool) -> list[Any] | None:
        """A mask of the state for each gate; None where nothing is dropped."""
        if not training or not self.recurrent_dropout:
            return None
        masks = self.get_recurrent_dropout_mask(state)
        return masks if isinstance(masks, list) else [masks]

    def _recurrent(self, state: Any, training: bool) -> Any:
        """Product of the state with the recurrent kernel, for all gates."""
        masks = self._state_masks_for(state, training)
        if masks is None:
            return matmul(state, self.recurrent_kernel)
        kernels = split(self.recurrent_kernel, self.gates, axis=1)
        return concat([matmul(state * m, k) for m, k in zip(masks, kernels, strict=True)], -1)

    def _has_fast_loop(self) -> bool:
        """Whether the op for whole sequences computes what `call` does."""
        return (
            type(self).call.__module__.startswith(_HOME)
            and self.activity_regularizer is None
            and all(_name(function) in KNOWN_ACTIVATIONS for function in self._activations())
        )

    def _activations(self) -> tuple[Any, ...]:
        return (self.activation,)

    def _sequence_op(self, *tensors: Any, **settings: Any) -> Any:
        """The op for whole sequences."""
        raise NotImplementedError

    def run_sequence(
        self, inputs: Any, states: Any, mask: Any, training: bool, sequence: bool, unroll: bool
    ) -> tuple[Any, Any]:
        """All steps of a sequence in one op; masked steps keep the state and repeat it as output.

        Args:
            inputs: Tensor ``(batch, time, features)``.
            states: List of first states.
            mask: Boolean ``(batch, time)``, or None.
            training: Whether to drop.
            sequence: Whether the outputs of all steps are wanted or only the last one.
            unroll: Whether to write out all steps.

        Returns:
            Outputs, and the list of final states.
        """
        inputs = self._floating(inputs)
        if training and self.dropout:
            inputs = inputs * expand_dims(self.get_dropout_mask(inputs[:, 0]), 1)
        masks = self._state_masks_for(states[0], training)
        outputs, *final = self._sequence_op(
            inputs,
            *states,
            self.kernel,
            self.recurrent_kernel,
            bias=self.bias,
            mask=mask,
            masks=None if masks is None else stack(masks),
            sequence=sequence,
            unroll=unroll,
        )
        return outputs, list(final)


def _name(function: Any) -> Any:
    """Name of an activation of Keras' own; None for others."""
    name = getattr(function, "__name__", None)
    return name if name is not None and getattr(activations, name, None) is function else None
