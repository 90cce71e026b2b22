"""`Bidirectional`: two recurrent layers, one of which begins at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.base.serialization import plain
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.core.copying import copy_of, layer_from
from thalweg._src.keras.layers.recurrent.states import in_dtype
from thalweg._src.ops.joining import concat
from thalweg._src.ops.reordering import reverse

_MERGES: dict[Any, Callable[[Any, Any], Any]] = {
    "sum": lambda one, two: one + two,
    "mul": lambda one, two: one * two,
    "ave": lambda one, two: (one + two) / 2,
    "concat": lambda one, two: concat([one, two], -1),
    None: lambda one, two: (one, two),
}
# What both directions must have in common.
_SHARED = ("return_sequences", "return_state", "stateful")


class Bidirectional(Layer):
    """A recurrent layer and its mirror image, which goes along the sequences backwards.

    Args:
        layer: Layer such as `LSTM` or `RNN`; copies of it, with fresh weights, do the work.
        merge_mode: What becomes of both outputs: ``"concat"``, ``"sum"``, ``"mul"``, ``"ave"``, or None for
            a pair of them.
        weights: First values of all weights, those of the forward layer first; as the layers' initializers
            say when None.
        backward_layer: Layer that goes backwards, used as it is; a copy of `layer` when None.
        **kwargs: See `Layer`.

    Call arguments:
        sequences: Tensor ``(batch, time, ...)``. A list is taken for ``[sequences, *initial_state]``.
        initial_state: First states of the forward layer followed by those of the backward one.
        mask: Boolean tensor ``(batch, time)``, see `RNN`.
        training: Handed on to the layers.

    Returns:
        The merged outputs, where outputs of all steps are in the order of the inputs and 0 in masked steps;
        with `return_state` the tuple of them, the forward layer's states and the backward one's.

    Raises:
        ValueError: `layer` is no recurrent layer, or `backward_layer` does not fit it.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.Bidirectional(tf.keras.layers.LSTM(4))
        >>> layer(tf.ones((2, 5, 3))).shape
        TensorShape([2, 8])

    Source: Schuster and Paliwal 1997; `keras.layers.Bidirectional`, which ignores `weights`.
    """

    _first_weights: Any

    def __init__(
        self,
        layer: Any,
        merge_mode: str | None = "concat",
        weights: Any = None,
        backward_layer: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if merge_mode not in _MERGES:
            raise InvalidArgumentError(
                f"[{self._where}] expected merge_mode among {list(_MERGES)}, got {merge_mode!r}."
            )
        self._check_recurrent("layer", layer)
        self.merge_mode = merge_mode
        name = layer.name.removeprefix("forward_")
        self.forward_layer = copy_of(layer, name=f"forward_{name}")
        if backward_layer is None:
            self.backward_layer = copy_of(
                layer, name=f"backward_{name}", go_backwards=not layer.go_backwards
            )
        else:
            self._check_recurrent("backward_layer", backward_layer)
            self._check_pair(layer, backward_layer)
            self.backward_layer = backward_layer
        # What one direction repeats in a masked step says nothing about the other's steps there.
        for part in (self.forward_layer, self.backward_layer):
            if hasattr(part, "zero_output_for_mask"):
                part.zero_output_for_mask = layer.return_sequences
        self.return_sequences = layer.return_sequences
        self.return_state = layer.return_state
        self.stateful = layer.stateful
        self.supports_masking = True
        self.input_spec = layer.input_spec
        object.__setattr__(self, "_first_weights", weights)

    @property
    def _where(self) -> str:
        return f"{type(self).__name__} {self.name!r}"

    def _check_recurrent(self, what: str, layer: Any) -> None:
        fits = isinstance(layer, Layer)
        if not fits or not all(hasattr(layer, n) for n in ("go_backwards", *_SHARED)):
            raise InvalidArgumentError(
                f"[{self._where}] expected {what} to be a recurrent layer such as LSTM, GRU or RNN, with "
                f"go_backwards, return_sequences, return_state and stateful, got {layer!r}."
            )

    def _check_pair(self, layer: Any, backward: Any) -> None:
        if layer.go_backwards == backward.go_backwards:
            raise InvalidArgumentError(
                f"[{self._where}] expected layers with different go_backwards, got "
                f"{layer.go_backwards} for both; pass a backward_layer with go_backwards="
                f"{not layer.go_backwards}."
            )
        for name in _SHARED:
            one, two = getattr(layer, name), getattr(backward, name)
            if one != two:
                raise InvalidArgumentError(
                    f"[{self._where}] expected layers with the same {name}, got {one} and, for "
                    f"backward_layer, {two}."
                )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and type(args[0]) is list and kwargs.get("initial_state") is None:
            first, *states = args[0]
            args = (first,)
            if states:
                kwargs["initial_state"] = states
        return super().__call__(*args, **kwargs)

    def build(self, sequences_shape: Any, initial_state_shape: Any = None) -> None:
        """Builds both layers."""
        del initial_state_shape
        for layer in (self.forward_layer, self.backward_layer):
            if not layer.built:
                layer.build(sequences_shape)
        if self._first_weights is not None:
            self.set_weights(self._first_weights)

    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: Any = None
    ) -> Any:
        """The merged outputs, and states where asked for."""
        halves = self._halves(initial_state)
        layers = (self.forward_layer, self.backward_layer)
        results = [
            layer(sequences, initial_state=half, mask=mask, training=training)
            for layer, half in zip(layers, halves, strict=True)
        ]
        results = in_dtype(results, self.compute_dtype)
        states: list[Any] = []
        if self.return_state:
            states = [*results[0][1:], *results[1][1:]]
            results = [result[0] for result in results]
        forward, backward = results
        if self.return_sequences:
            backward = reverse(backward, [1])
        merged = _MERGES[self.merge_mode](forward, backward)
        if not states:
            return merged
        return (*merged, *states) if self.merge_mode is None else (merged, *states)

    def _halves(self, initial_state: Any) -> tuple[Any, Any]:
        """First states of both layers."""
        if initial_state is None:
            return None, None
        if not isinstance(initial_state, (list, tuple)) or len(initial_state) % 2:
            raise InvalidArgumentError(
                f"[{self._where}] expected an initial_state with the states of the forward layer followed by "
                f"those of the backward one, got {len(nest.flatten(initial_state))} tensor(s)."
            )
        middle = len(initial_state) // 2
        return list(initial_state[:middle]), list(initial_state[middle:])

    def compute_mask(self, _: Any, mask: Any) -> Any:
        """The mask for outputs of all steps; None for last outputs, and for states."""
        found = next((m for m in nest.flatten(mask) if m is not None), None)
        found = found if self.return_sequences else None
        outputs = (found, found) if self.merge_mode is None else found
        if not self.return_state:
            return outputs
        layers = (self.forward_layer, self.backward_layer)
        count = sum(len(nest.flatten(layer.state_size)) for layer in layers)
        return [*nest.flatten(outputs), *[None] * count]

    @property
    def states(self) -> Any:
        """Variables that keep the states of stateful layers, forward ones first; None without them."""
        if self.forward_layer.states is None or self.backward_layer.states is None:
            return None
        return (*self.forward_layer.states, *self.backward_layer.states)

    def reset_state(self) -> None:
        """Sets the states of stateful layers to zero."""
        self.forward_layer.reset_state()
        self.backward_layer.reset_state()

    def reset_states(self) -> None:
        """Older name of `reset_state`."""
        self.reset_state()

    def _arguments_kept_by(self, own: type) -> dict[str, Any]:
        del own
        return {
            "merge_mode": self.merge_mode,
            "layer": plain(self.forward_layer),
            "backward_layer": plain(self.backward_layer),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """Layer made from `get_config()`'s result, with fresh weights.

        Args:
            config: The config.
            custom_objects: Classes of layers and cells by name.
        """
        inner = {
            name: layer_from(config[name], custom_objects)
            for name in ("layer", "backward_layer")
            if config.get(name) is not None
        }
        return cls(**(config | inner))
