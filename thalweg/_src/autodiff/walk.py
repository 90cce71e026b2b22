"""The walk backwards through recorded ops, which tapes and Jacobians share."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Any

from thalweg._src.core import xla
from thalweg._src.core.door import call, is_inexact
from thalweg._src.core.recorders import OpCall, state
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.creation import ones_like, zeros_like
from thalweg._src.ops.elementwise import add


class UnconnectedGradients(enum.Enum):
    """What `GradientTape.gradient` gives for a source on which the target does not depend.

    Source: `tf.UnconnectedGradients`.
    """

    NONE = "none"
    ZERO = "zero"


def backward(
    calls: Sequence[OpCall], seeds: Sequence[tuple[Tensor, Tensor | None]]
) -> dict[int, Tensor]:
    """Cotangents of all tensors on which the seeded ones depend, by ``id``.

    Args:
        calls: Recorded ops in the order in which they ran.
        seeds: Pairs of a tensor and its cotangent.
    """
    cotangents: dict[int, Tensor] = {}
    for tensor, seed in seeds:
        if seed is not None:
            _accumulate(cotangents, tensor, seed)
    for recorded in reversed(calls):
        outputs = [o for o in recorded.outputs if is_inexact(o.array)]
        given = [cotangents.get(id(o)) for o in outputs]
        if not any(g is not None for g in given):
            continue
        filled = [zeros_like(o) if g is None else g for o, g in zip(outputs, given, strict=True)]
        masked = [t for t, w in zip(recorded.inputs, recorded.mask, strict=True) if w]
        for tensor, cotangent in zip(masked, pull(recorded, filled), strict=True):
            if cotangent is not None:
                _accumulate(cotangents, tensor, cotangent)
    return cotangents


_ONES: dict[Any, Tensor] = {}
_MAX_CACHED = 256
_MAX_CACHED_SIZE = 1024


def ones_for(target: Tensor) -> Tensor:
    """Cotangent of ones for a target; small concrete ones are made once."""
    array = target.array
    if type(array) is not xla.ArrayImpl or array.size > _MAX_CACHED_SIZE or xla.tracing():
        return ones_like(target)
    key = (array.shape, array.dtype, array.sharding)
    found = _ONES.get(key)
    if found is None:
        if len(_ONES) >= _MAX_CACHED:
            _ONES.clear()
        found = _ONES[key] = ones_like(target)
    return found


def _accumulate(cotangents: dict[int, Tensor], tensor: Tensor, part: Tensor) -> None:
    known = cotangents.get(id(tensor))
    cotangents[id(tensor)] = part if known is None else add(known, part)


def pull(recorded: OpCall, cotangents: list[Tensor]) -> Sequence[Tensor | None]:
    """Cotangents of the masked inputs of one recorded op."""
    if recorded.op is None:
        return recorded.pullback(*cotangents)
    if state.recorders:
        derivative = recorded.op.derivative(recorded.mask)
        inputs = [*recorded.inputs, *cotangents]
        return call(derivative, inputs, (len(recorded.inputs), *recorded.attrs))
    arrays = recorded.pullback(tuple(c.array for c in cotangents))
    return [Tensor(a) for a in arrays]


