"""`RNN`: a cell, stepped along sequences."""

from __future__ import annotations

from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError, ShapeError, UnimplementedError
from thalweg._src.core import dtypes, xla
from thalweg._src.keras.base.variable import KerasVariable, path_scope
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.core.copying import layer_from
from thalweg._src.keras.layers.recurrent.dropout_cell import DropoutCell
from thalweg._src.keras.layers.recurrent.ragged_rows import call_on_rows
from thalweg._src.keras.layers.recurrent.stacked_rnn_cells import (
    StackedRNNCells,
    check_cell,
    has_fast_loop,
)
from thalweg._src.keras.layers.recurrent.states import given_states, in_dtype, zero_states
from thalweg._src.keras.layers.recurrent.stepping import Loop, run_steps
from thalweg._src.ops.casting import cast
from thalweg._src.ops.creation import zeros_like
from thalweg._src.ops.cumulative import cumsum
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.reduction import reduce_any
from thalweg._src.ops.reordering import reverse
from thalweg._src.ops.selection import where as select
from thalweg._src.ops.shaping import expand_dims, squeeze

# Arguments of older Kerases, and what to do instead.
_OBSOLETE = {
    "implementation": "leave it out: there is one way of computing",
    "time_major": "give sequences as (batch, time, ...) and transpose before",
    "input_length": "leave it out: any length will do",
    "constants": "give the cell what it needs as its attribute",
}


class RNN(Layer):
    """Layer that calls a cell for one step of its sequences after the other.

    Sequences of the usual cells run as one op with a backward pass of its own; other cells are traced
    once and become a compiled loop.

    Args:
        cell: Cell, or a list of cells to be stacked: a layer with ``call(inputs, states)`` that returns
            ``(output, states)``, and with a ``state_size``, an int or a list of them. It may say more
            with ``output_size`` and ``get_initial_state(batch_size)``.
        return_sequences: Whether to return the outputs of all steps instead of the last one's.
        return_state: Whether to return the final states, too.
        go_backwards: Whether to begin with the last step; outputs then come in that order.
        stateful: Whether a call begins with the final states of the call before. The number of sequences
            must be fixed then.
        unroll: Whether a compiled program writes out all steps instead of a loop. It compiles for
            longer.
        zero_output_for_mask: Whether outputs of masked steps are 0 instead of the last output before.
        **kwargs: See `Layer`.

    Call arguments:
        sequences: Tensor ``(batch, time, ...)``, or a tuple or dict of them; or a ragged tensor
            ``(batch, None, ...)``, of which each row gives what it gives alone. A list is taken for
            ``[sequences, *initial_state]``.
        initial_state: First states, a tensor or a list of them; zeros, or what the cell says, when None.
        mask: Boolean tensor ``(batch, time)``: where False, states stay as they are.
        training: Handed on to the cell.

    Returns:
        Output ``(batch, ...)`` or ``(batch, time, ...)``, ragged like the sequences; with `return_state` the
        tuple of it and of the states.

    Raises:
        ValueError: No cell, no step, or a state or mask that does not fit.

    Example:
        >>> import thalweg as tf
        >>> class Sum(tf.keras.layers.Layer):
        ...     state_size = 3
        ...     def call(self, inputs, states):
        ...         total = states[0] + inputs
        ...         return total, [total]
        >>> tf.keras.layers.RNN(Sum())(tf.ones((1, 4, 3))).numpy().tolist()
        [[4.0, 4.0, 4.0]]

    Source: `keras.layers.RNN`.
    """

    _states: Any

    def __init__(
        self,
        cell: Any,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        **kwargs: Any,
    ) -> None:
        for name in _OBSOLETE.keys() & kwargs.keys():
            raise InvalidArgumentError(
                f"[{type(self).__name__}] got {name}={kwargs[name]!r}, an argument of older versions; "
                f"{_OBSOLETE[name]}."
            )
        super().__init__(**kwargs)
        if isinstance(cell, (list, tuple)):
            cell = StackedRNNCells(cell)
        check_cell(type(self).__name__, cell)
        self.cell = cell
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.go_backwards = go_backwards
        self.stateful = stateful
        self.unroll = unroll
        self.zero_output_for_mask = zero_output_for_mask
        self.supports_masking = True
        # Not tracked: states are no weights.
        object.__setattr__(self, "_states", None)

    @property
    def state_size(self) -> Any:
        """Sizes of the cell's states."""
        return self.cell.state_size

    @property
    def states(self) -> Any:
        """Variables that keep the states of a stateful layer; None before it is built."""
        return self._states

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and type(args[0]) is list and kwargs.get("initial_state") is None:
            first, *states = args[0]
            args = (first,)
            if states:
                kwargs["initial_state"] = states
        return super().__call__(*args, **kwargs)

    def build(self, sequences_shape: Any, initial_state_shape: Any = None) -> None:
        """Builds the cell, and makes the Variables of a stateful layer."""
        del initial_state_shape
        if not self.cell.built:
            self.cell.build(_step_shape(sequences_shape))
            self.cell.built = True
        if self.stateful:
            self._keep_states(_batch_of(sequences_shape))

    def _keep_states(self, batch: int | None) -> None:
        if batch is None:
            raise ShapeError(
                f"[{self._where}] expected a fixed number of sequences, as it is stateful, got an open one; "
                "use Input(batch_shape=(32, time, features)), or Input(shape, batch_size=32)."
            )
        with path_scope(*self._path_parts()):
            kept = nest.map_structure(
                lambda state: KerasVariable(
                    cast(state, self.variable_dtype), trainable=False, name="rnn_state"
                ),
                self.get_initial_state(batch),
            )
        object.__setattr__(self, "_states", kept)

    @property
    def _where(self) -> str:
        return f"{type(self).__name__} {self.name!r}"

    def get_initial_state(self, batch_size: Any) -> Any:
        """First states of a layer that is given none: zeros, or what the cell says.

        Args:
            batch_size: Number of sequences.

        Returns:
            List of tensors, one for each state.
        """
        return zero_states(self.cell, batch_size, self._cell_dtype)

    @property
    def _cell_dtype(self) -> str:
        """Dtype in which the cell computes, which may have a policy of its own."""
        return str(getattr(self.cell, "compute_dtype", self.compute_dtype))

    def compute_mask(self, _: Any, mask: Any) -> Any:
        """The mask for outputs of all steps; None for the last output, and for states."""
        found = _first_mask(mask) if self.return_sequences else None
        if not self.return_state:
            return found
        return [found, *(None for _ in nest.flatten(self.state_size))]

    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool = False
    ) -> Any:
        """Outputs, and states where asked for."""
        if isinstance(sequences, RaggedTensor):
            return call_on_rows(
                lambda dense, live: self.call(dense, initial_state, live, training),
                sequences,
                mask,
                self.return_sequences,
                self.return_state,
                self.go_backwards,
            )
        shapes = [tuple(leaf.shape) for leaf in nest.flatten(sequences)]
        if any(len(s) < 2 or s[:2] != shapes[0][:2] for s in shapes) or not shapes[0][1]:
            raise ShapeError(
                f"[{self._where}] expected sequences (batch, time, ...) of at least one step, got shapes "
                f"{shapes}."
            )
        mask = self._step_mask(mask, shapes[0][:2])
        states = in_dtype(self._first_states(initial_state, shapes[0][0]), self._cell_dtype)
        sequences = in_dtype(sequences, self._cell_dtype)
        if self.go_backwards:
            sequences = nest.map_structure(lambda leaf: reverse(leaf, [1]), sequences)
            mask = None if mask is None else reverse(mask, [1])
        last, outputs, final = self.inner_loop(sequences, states, mask, training)
        if self.stateful:
            for variable, state in zip(
                nest.flatten(self._states), nest.flatten(final), strict=True
            ):
                variable.assign(state)
        result, final = in_dtype(
            (outputs if self.return_sequences else last, final), self.compute_dtype
        )
        if not self.return_state:
            return result
        return (result, *final) if isinstance(final, (list, tuple)) else (result, final)

    def inner_loop(
        self, sequences: Any, initial_state: Any, mask: Any, training: bool = False
    ) -> tuple[Any, Any, Any]:
        """The steps themselves; a subclass may go along the sequences in its own way.

        Args:
            sequences: Tensor ``(batch, time, ...)``, in the order of the steps.
            initial_state: First states, in the form that the cell takes.
            mask: Boolean ``(batch, time)``, or None.
            training: Handed on to the cell.

        Returns:
            Last output, all outputs (needed with `return_sequences` only), final states.
        """
        try:
            if self._runs_fast():
                return self._run_fast(sequences, initial_state, mask, training)
            loop = Loop(self._where, self.zero_output_for_mask, self.return_sequences, self.unroll)
            step = self._without_losses(self._stepper(training))
            prepared = self._prepared(sequences, training)
            return run_steps(step, prepared, initial_state, mask, loop)
        finally:
            for part in self._flatten_layers():
                if isinstance(part, DropoutCell):
                    part.reset_dropout_mask()
                    part.reset_recurrent_dropout_mask()

    def _stepper(self, training: bool) -> Any:
        """Function of inputs and states of one step."""
        return lambda inputs, states: self.cell(inputs, states, training=training)

    def _without_losses(self, step: Any) -> Any:
        """The function of one step; in a compiled loop it refuses losses, which could not leave it."""
        if self.unroll or not xla.tracing():
            return step
        parts = self._flatten_layers()
        calls: list[int] = []

        def checked(inputs: Any, states: Any) -> Any:
            result = step(inputs, states)
            calls.append(sum(len(part._losses) for part in parts))
            # The first step is taken outside of the loop.
            if calls[-1] > calls[0]:
                raise UnimplementedError(
                    f"[{self._where}] expected a cell that adds no losses in its call (add_loss, "
                    "activity_regularizer): they cannot leave a compiled loop; use unroll=True, or penalise "
                    "the layer's outputs."
                )
            return result

        return checked

    def _prepared(self, sequences: Any, training: bool) -> Any:
        """What the function of one step takes of each step."""
        del training
        return sequences

    def _runs_fast(self) -> bool:
        """Whether there is an op for whole sequences that computes what the cell does."""
        cell = self.cell
        return has_fast_loop(cell) and cell.dtype_policy == self.dtype_policy

    def _run_fast(self, sequences: Any, states: Any, mask: Any, training: bool) -> Any:
        held, final = self.cell.run_sequence(
            sequences, states, mask, training, self.return_sequences, self.unroll
        )
        if mask is not None:
            # States stay as they are in masked steps; an output before the first live step is 0, though.
            if self.return_sequences:
                live = mask if self.zero_output_for_mask else cumsum(cast(mask, "int32"), 1) > 0
                live = expand_dims(live, -1)
            else:
                live = mask[:, -1:] if self.zero_output_for_mask else reduce_any(mask, 1, True)
            held = select(live, held, zeros_like(held))
        return (held[:, -1], held, final) if self.return_sequences else (held, None, final)

    def _first_states(self, initial_state: Any, batch: int) -> Any:
        if self.stateful:
            kept = nest.flatten(self._states)
            if kept and kept[0].shape[0] != batch:
                raise ShapeError(
                    f"[{self._where}] expected {kept[0].shape[0]} sequences, as it is stateful and was built "
                    f"for them, got {batch}; keep the batch size, or use stateful=False."
                )
        if initial_state is not None:
            return given_states(self._where, initial_state, self.get_initial_state(batch))
        if self.stateful:
            values = [variable.value for variable in nest.flatten(self._states)]
            return nest.pack_sequence_as(self._states, values)
        return self.get_initial_state(batch)

    def _step_mask(self, mask: Any, sizes: tuple[int, ...]) -> Any:
        mask = _first_mask(mask)
        if mask is None:
            return None
        shape = tuple(mask.shape)
        if len(shape) == 3 and shape[2] == 1:
            mask, shape = squeeze(mask, 2), shape[:2]
        if shape != sizes:
            raise ShapeError(
                f"[{self._where}] expected a mask (batch, time) of shape {sizes}, got {tuple(mask.shape)}: "
                "for each step of each sequence, whether it counts."
            )
        return mask if mask.dtype is dtypes.bool else cast(mask, "bool")

    def reset_state(self) -> None:
        """Sets the states of a stateful layer to zero."""
        for variable in nest.flatten(self._states or []):
            variable.assign(zeros_like(variable))

    def reset_states(self) -> None:
        """Older name of `reset_state`."""
        self.reset_state()

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """Layer made from `get_config()`'s result, with fresh weights.

        Args:
            config: The config; what older versions wrote into it beside is left out.
            custom_objects: Classes of cells by name.
        """
        config = {k: v for k, v in config.items() if k not in _OBSOLETE or v is True}
        if "cell" in config:
            config["cell"] = layer_from(config["cell"], custom_objects)
        return cls(**config)


def _first_mask(mask: Any) -> Any:
    """The mask among those of sequences and states."""
    return next((m for m in nest.flatten(mask) if m is not None), None)


def _step_shape(shape: Any) -> Any:
    """Shape of one step, or the structure of them for a structure of shapes."""
    if isinstance(shape, dict):
        return {key: _step_shape(part) for key, part in shape.items()}
    if any(isinstance(part, (list, tuple, dict)) for part in shape):
        return type(shape)([_step_shape(part) for part in shape])
    return (shape[0], *shape[2:])


def _batch_of(shape: Any) -> int | None:
    """Number of sequences of a shape, or of a structure of them."""
    found: int | None = nest.flatten(shape)[0]
    return found
