"""Notes on tensors: facts about how a tensor came about, kept for as long as it lives.

`logits` knows what a softmax or sigmoid output was made from. A cross-entropy of probabilities loses
what softmax rounded away: a confidently wrong sample has probability 0, a clipped loss and no gradient.
The activations note their logits here, and the cross-entropies compute from them.

`masks` knows which values of a tensor count.
"""

from __future__ import annotations

import weakref
from typing import Any

from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.ragged.tensor import RaggedTensor


class TensorNotes:
    """One kind of fact about tensors, by identity of the tensor."""

    def __init__(self) -> None:
        # By id: the tensor (weakly, so that its end removes the note) and the fact.
        self._notes: dict[int, tuple[weakref.ref[Any], Any]] = {}

    def __bool__(self) -> bool:
        return bool(self._notes)

    def set(self, tensor: Any, fact: Any) -> None:
        """Notes a fact."""
        if type(tensor) is Tensor or isinstance(tensor, (KerasTensor, RaggedTensor)):
            key = id(tensor)
            notes = self._notes
            notes[key] = (weakref.ref(tensor, lambda _: notes.pop(key, None)), fact)

    def get(self, tensor: Any) -> Any:
        """The fact noted for this very tensor, or None."""
        found = self._notes.get(id(tensor))
        return found[1] if found is not None and found[0]() is tensor else None


logits = TensorNotes()
masks = TensorNotes()


def remember_logits(output: Any, source: Any, axis: int | None = None) -> Any:
    """The output, with a note of the logits it was made from.

    Args:
        output: Probabilities.
        source: What softmax or sigmoid was applied to.
        axis: Axis over which softmax normalised; None for sigmoid.
    """
    logits.set(output, (source, axis))
    return output


def recall_logits(output: Any, axis: int | None = None) -> Any:
    """Logits that the probabilities `output` were made from, or None.

    Args:
        output: Probabilities.
        axis: Axis of the classes for softmax; None for sigmoid.

    Source: `tf.keras` does the same; Keras on JAX does not.
    """
    found = logits.get(output)
    if found is None:
        return None
    source, noted = found
    if axis is None or noted is None:
        return source if axis is noted else None
    rank = len(source.shape)
    return source if axis % rank == noted % rank else None
