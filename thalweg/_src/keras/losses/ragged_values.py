"""Ragged labels and predictions as tensors of their values, of which each is a sample of its own."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.base.notes import masks
from thalweg._src.keras.base.policy import floatx
from thalweg._src.ops.casting import cast
from thalweg._src.ops.comparison import logical_and
from thalweg._src.ops.elementwise import multiply
from thalweg._src.ops.gather import gather
from thalweg._src.ops.ragged.tensor import RaggedTensor


def any_ragged(*values: Any) -> bool:
    """True when one of the values is a ragged tensor."""
    return any(isinstance(value, RaggedTensor) for value in values)


def flat_values(
    where: str, values: Sequence[Any], sample_weight: Any
) -> tuple[list[Any], Any, Any]:
    """Values of ragged tensors that are divided alike, and what belongs to each value.

    Args:
        where: Name of the loss or metric, for messages.
        values: Labels and predictions, all ragged.
        sample_weight: Weights of rows, or ragged ones of values, or None.

    Returns:
        Tensors of shape ``(values, ...)``, weights of shape ``(values,)`` or None, and which of the values
        count: None for all.

    Raises:
        InvalidArgumentError: Only some are ragged, or their rows differ.
    """
    first = values[0]
    if not all(isinstance(v, RaggedTensor) and _alike(first, v) for v in values):
        raise InvalidArgumentError(
            f"[{where}] expected labels and predictions that are ragged with rows of the same lengths, got "
            f"{' and '.join(_shown(v) for v in values)}; take a step for each label, or make all dense."
        )
    part = first._partitions()[-1]
    count = None
    if part.room is not None and not part.room.is_full:
        count = Tensor(jnp.arange(part.size, dtype=part.dtype) < part.splits[-1])
    for value in values:
        mask = masks.get(value)
        if isinstance(mask, RaggedTensor):
            count = mask._flat if count is None else logical_and(count, mask._flat)
    if isinstance(sample_weight, RaggedTensor):
        sample_weight = sample_weight._flat
    elif sample_weight is not None:
        sample_weight = convert_to_tensor(sample_weight)
        for part in first._partitions():
            sample_weight = gather(sample_weight, Tensor(part.owners))
    return [value._flat for value in values], sample_weight, count


def _alike(one: RaggedTensor, other: RaggedTensor) -> bool:
    pairs = zip(one._partitions(), other._partitions(), strict=False)
    return one.ragged_rank == other.ragged_rank and all(a.same_as(b) for a, b in pairs)


def _shown(value: Any) -> str:
    kind = "ragged" if isinstance(value, RaggedTensor) else "dense"
    return f"{kind} {getattr(value, 'shape', value)}"


def taking_values(update_state: Callable[..., Any]) -> Callable[..., Any]:
    """`update_state` of a metric that gets the values of ragged tensors, weighted where not all count."""
    names = [name for name in inspect.signature(update_state).parameters if name != "self"]

    @functools.wraps(update_state)
    def updated(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self.takes_ragged or not any_ragged(*args, *kwargs.values()):
            return update_state(self, *args, **kwargs)
        given = dict(zip(names, args, strict=False)) | kwargs
        weight = given.pop("sample_weight", None)
        values, weight, count = flat_values(self.name, list(given.values()), weight)
        if count is not None:
            kept = cast(count, floatx())
            weight = kept if weight is None else multiply(kept, cast(weight, floatx()))
        further = {} if weight is None else {"sample_weight": weight}
        return update_state(self, **dict(zip(given, values, strict=True)), **further)

    return updated
