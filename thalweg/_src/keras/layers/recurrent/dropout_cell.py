"""`DropoutCell`: a cell whose dropout masks stay the same along a sequence."""

from __future__ import annotations

from typing import Any, ClassVar

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.random.noise import dropout as draw
from thalweg._src.keras.random.seed_generator import SeedGenerator
from thalweg._src.ops.creation import ones_like


class DropoutCell(Layer):
    """Base of cells with dropout of their inputs and of their state.

    A mask is drawn when a step first asks for it and kept until it is reset: `RNN` does so after each
    call, so that every step of a sequence drops the same.

    Args:
        dropout: Fraction of the inputs to drop, in [0, 1].
        recurrent_dropout: Fraction of the state to drop, in [0, 1].
        seed: Seed of the masks; None for one from the global generator.
        **kwargs: See `Layer`.

    Source: Gal and Ghahramani 2016, "A theoretically grounded application of dropout in recurrent neural
    networks".
    """

    #: Number of masks for the inputs, and for the state: one for each gate, or one for all.
    input_masks: ClassVar[int] = 1
    state_masks: ClassVar[int] = 1
    _masks: dict[str, Any]

    def __init__(self, dropout: float, recurrent_dropout: float, seed: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        where = type(self).__name__
        self.dropout = _rate(where, "dropout", dropout)
        self.recurrent_dropout = _rate(where, "recurrent_dropout", recurrent_dropout)
        self.seed = seed
        self.seed_generator = SeedGenerator(seed)
        self._forget_masks()

    def get_dropout_mask(self, step_input: Any) -> Any:
        """Mask by which the inputs of every step are multiplied in training.

        Args:
            step_input: Inputs of one step; the mask has their shape.

        Returns:
            Tensor of 0 and ``1 / (1 - dropout)``; a list where each gate has its own; None without dropout.
        """
        return self._mask("inputs", step_input, self.dropout, self.input_masks)

    def get_recurrent_dropout_mask(self, step_input: Any) -> Any:
        """Mask by which the state is multiplied in training before its product with the weights.

        Args:
            step_input: A state; the mask has its shape.

        Returns:
            As for `get_dropout_mask`.
        """
        return self._mask("state", step_input, self.recurrent_dropout, self.state_masks)

    def reset_dropout_mask(self) -> None:
        """Forgets the mask of the inputs; the next one is drawn anew."""
        self._masks.pop("inputs", None)

    def reset_recurrent_dropout_mask(self) -> None:
        """Forgets the mask of the state; the next one is drawn anew."""
        self._masks.pop("state", None)

    def _forget_masks(self) -> None:
        # Not an attribute like others: what is tracked must not hold tensors of a program.
        object.__setattr__(self, "_masks", {})

    def _mask(self, kind: str, like: Any, rate: float, count: int) -> Any:
        if not rate:
            return None
        if kind not in self._masks:
            drawn = [draw(ones_like(like), rate, seed=self.seed_generator) for _ in range(count)]
            self._masks[kind] = drawn[0] if count == 1 else drawn
        return self._masks[kind]


def _rate(where: str, name: str, value: Any) -> float:
    if not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise InvalidArgumentError(
            f"[{where}] expected {name} as a number in [0, 1], got {value!r}."
        )
    return value
