"""`Folds`: attention along some axes of tensors of any rank, as attention over one axis of a larger batch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras.layers.attention.attending import window_mask
from thalweg._src.ops.casting import cast
from thalweg._src.ops.shaping import broadcast_to, expand_dims, reshape, transpose


class Folds:
    """Brings projected tensors and masks into the form ``(batch, time, heads, features)``, and back.

    Args:
        axes: Axes along which attention looks; the others between batch and heads join the batch.
        query: Sizes of the projected query ``(batch, ..., heads, features)``.
        key: Sizes of the projected key, likewise.
    """

    def __init__(self, axes: tuple[int, ...], query: Sequence[int], key: Sequence[int]) -> None:
        self._axes = axes
        self._free = tuple(a for a in range(1, len(query) - 2) if a not in axes)
        self._query, self._key = query, key
        self._simple = axes == (1,) and not self._free

    def folded(self, tensor: Any) -> Any:
        """``(batch, ..., heads, features)`` as ``(larger batch, time, heads, features)``."""
        if self._simple:
            return tensor
        sizes = tuple(tensor.shape)
        rank = len(sizes)
        order = (0, *self._free, *self._axes, rank - 2, rank - 1)
        return reshape(transpose(tensor, order), (-1, self._time(sizes), *sizes[-2:]))

    def unfolded(self, outputs: Any) -> Any:
        """``(larger batch, time, heads, features)`` as ``(batch, ..., heads, features)``."""
        if self._simple:
            return outputs
        sizes = self._query
        order = (0, *self._free, *self._axes, len(sizes) - 2, len(sizes) - 1)
        apart = [*(sizes[a] for a in order[:-2]), *outputs.shape[-2:]]
        back = [order.index(a) for a in range(len(order))]
        return transpose(reshape(outputs, apart), back)

    def unfolded_scores(self, scores: Any) -> Any:
        """``(larger batch, heads, target, source)`` with batch and times in their dimensions."""
        if self._simple:
            return scores
        return reshape(scores, self._score_sizes(scores.shape[1]))

    def step_mask(self, mask: Any) -> Any:
        """Mask of the steps of keys or values, ``(larger batch, 1, 1, source)``.

        Args:
            mask: Tensor of their first dimensions, such as ``(batch, source)``; or None.
        """
        if mask is None:
            return None
        dims = self._key[:-2]
        if len(mask.shape) > len(dims):
            raise ShapeError(
                f"[attention] expected a mask of the first of {len(dims)} dimensions of keys and values, got "
                f"shape {tuple(mask.shape)}; give one of pairs as attention_mask."
            )
        mask = cast(mask, "bool")
        if not self._simple:
            for _ in range(len(dims) - len(mask.shape)):
                mask = expand_dims(mask, -1)
            mask = transpose(broadcast_to(mask, dims), (0, *self._free, *self._axes))
        return reshape(mask, (-1, 1, 1, self._time(self._key)))

    def pair_mask(self, mask: Any) -> Any:
        """Mask of pairs, which broadcasts to ``(larger batch, heads, target, source)``.

        Args:
            mask: Tensor of the dimensions of the scores, with or without the heads' and the first ones;
                or None.
        """
        if mask is None:
            return None
        pair = 2 * len(self._axes)
        rank = 2 + len(self._free) + pair
        if not pair <= len(mask.shape) <= rank:
            raise ShapeError(
                f"[attention] expected an attention_mask of rank {pair} to {rank}, such as (batch, target, "
                f"source), got shape {tuple(mask.shape)}."
            )
        mask = cast(mask, "bool")
        for _ in range(rank - len(mask.shape)):
            mask = expand_dims(mask, -pair - 1)
        if self._simple:
            return mask
        heads = mask.shape[-pair - 1]
        whole = broadcast_to(mask, self._score_sizes(heads))
        return reshape(whole, (-1, heads, self._time(self._query), self._time(self._key)))

    def window_mask(self, width: int | None) -> Any:
        """Mask ``(1, 1, target, source)`` of the sources fewer than `width` steps away; None for None."""
        if width is None:
            return None
        target, source = self._time(self._query), self._time(self._key)
        return reshape(window_mask(target, source, width), (1, 1, target, source))

    def _time(self, sizes: Sequence[int]) -> int:
        return math.prod(sizes[a] for a in self._axes)

    def _score_sizes(self, heads: int) -> list[int]:
        first = [self._query[a] for a in (0, *self._free)]
        return [
            *first,
            heads,
            *(sizes[a] for sizes in (self._query, self._key) for a in self._axes),
        ]
