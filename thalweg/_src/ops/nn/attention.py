"""Attention: means of values, weighted by how well their keys fit a query.

Each pass over all pairs of target and source costs about as much as a product. Where queries and outputs are
smaller than the pairs, they are scaled and divided in their place, and the gradient is written by hand: 1.2
to 1.3 times as fast on CPU for 512 to 4096 places of 64 features. Where all pairs would take too much
memory, targets are taken in blocks, whose weights are computed again for the gradient (Rabe and Staats,
"Self-attention does not need O(n^2) memory", 2021).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.nn.softmax import shifted, total
from thalweg._src.ops.support import FLOAT, needs

# Masked logits: so low that their weight is 0 beside any other, yet finite, so that a row in which all
# are masked gives equal weights instead of NaN.
_LOWEST = 0.7


def _check(query: Any, key: Any, value: Any) -> None:
    shapes = f"{tuple(query.shape)}, {tuple(key.shape)} and {tuple(value.shape)}"
    if query.ndim != 4 or key.ndim != 4 or value.ndim != 4:
        raise ShapeError(
            "[dot_product_attention] expected query, key and value of shape (batch, length, heads, "
            f"features), got {shapes}; add the missing dimensions."
        )
    same = key.shape[:3] == value.shape[:3] and query.shape[0] == key.shape[0]
    if not same or query.shape[3] != key.shape[3] or query.shape[2] % max(key.shape[2], 1):
        raise ShapeError(
            "[dot_product_attention] expected query (batch, target, heads, features), key (batch, source, "
            "heads, features) and value (batch, source, heads, outputs), where the query may have a "
            f"multiple of the other two's heads, got {shapes}."
        )


def _broadcastable(what: str, x: Any, shape: tuple[int, ...]) -> Any:
    """The array, if it broadcasts with the logits."""
    try:
        if np.broadcast_shapes(x.shape, shape) == shape:
            return x
    except ValueError:
        pass
    raise ShapeError(
        f"[dot_product_attention] expected a {what} that broadcasts to (batch, heads, target, source) = "
        f"{shape}, got shape {tuple(x.shape)}."
    )


# Bytes of all pairs from which targets are taken in blocks, and of those of a block.
_LARGE, _BLOCK = 1 << 28, 1 << 24


class _Settings(NamedTuple):
    """How logits become weights.

    Attributes:
        factor: Factor of the products, in the wide dtype; None where the query has it already.
        causal: Whether each target sees only sources up to its own number.
        soft_cap: Bound of the logits, or None.
    """

    factor: Any
    causal: bool
    soft_cap: float | None


class _Rows(NamedTuple):
    """Some targets and what belongs to them.

    Attributes:
        first: Number of the first target.
        query: ``(batch, rows, heads, features)``.
        bias: Broadcasts to ``(batch, heads, rows, source)``, or None.
        mask: Likewise.
    """

    first: Any
    query: Any
    bias: Any
    mask: Any


class _Kept(NamedTuple):
    """What the gradient needs of some targets.

    Attributes:
        outputs: ``(batch, rows, heads, outputs)``, in the wide dtype.
        largest: Largest logit, ``(batch, rows, heads, 1)``.
        sums: Sum of the powers, likewise.
        powers: ``exp(logits - largest)``, ``(batch, heads, rows, source)``; None to compute them again.
    """

    outputs: Any
    largest: Any
    sums: Any
    powers: Any


def _logits(rows: _Rows, key: Any, settings: _Settings) -> Any:
    """Logits ``(batch, heads, rows, source)`` before the mask."""
    work = wide(key)
    logits = jnp.einsum("btnh,bsnh->bnts", rows.query, key, preferred_element_type=work)
    if settings.factor is not None:
        logits = logits * settings.factor
    if rows.bias is not None:
        logits = logits + rows.bias.astype(work)
    if settings.soft_cap is not None:
        cap = jnp.asarray(settings.soft_cap, work)
        logits = cap * jnp.tanh(logits / cap)
    return logits


def _seen(rows: _Rows, sources: int, settings: _Settings) -> Any:
    """Where targets look, in a shape that broadcasts to that of the logits; None for everywhere."""
    if not settings.causal:
        return rows.mask
    shape = rows.query.shape[1], sources
    targets = rows.first + lax.broadcasted_iota(jnp.int32, shape, 0)
    earlier = targets >= lax.broadcasted_iota(jnp.int32, shape, 1)
    return earlier if rows.mask is None else rows.mask & earlier


def _hidden(logits: Any, seen: Any) -> Any:
    """The logits, so low where nothing is seen that their weight is 0."""
    lowest = jnp.asarray(-_LOWEST * float(jnp.finfo(logits.dtype).max), logits.dtype)
    return logits if seen is None else jnp.where(seen, logits, lowest)


def _powers(rows: _Rows, key: Any, settings: _Settings) -> tuple[Any, Any, Any]:
    """``exp(logits - largest)``, their sums, and the largest logits."""
    logits = _hidden(_logits(rows, key, settings), _seen(rows, key.shape[1], settings))
    largest = lax.stop_gradient(jnp.max(logits, -1, keepdims=True))
    powers = jnp.exp(logits - largest)
    return powers, total(powers, -1), largest


def _mixed(weights: Any, value: Any) -> Any:
    """Sums of the values by weights, ``(batch, rows, heads, outputs)``, in the wide dtype."""
    return jnp.einsum("bnts,bsnh->btnh", weights, value, preferred_element_type=wide(value))


def _plain(rows: _Rows, key: Any, value: Any, settings: _Settings) -> Any:
    """Outputs by weights that add up to 1."""
    powers, sums, _ = _powers(rows, key, settings)
    return _mixed((powers / sums).astype(value.dtype), value)


def _turned(x: Any) -> Any:
    """``(batch, heads, rows, 1)`` as ``(batch, rows, heads, 1)``, and back."""
    return jnp.swapaxes(x, 1, 2)


def _attend(rows: _Rows, key: Any, value: Any, settings: _Settings) -> _Kept:
    """Outputs for some targets, and what else the gradient needs of them."""
    powers, sums, largest = _powers(rows, key, settings)
    powers, sums = powers.astype(value.dtype), _turned(sums)
    return _Kept(_mixed(powers, value) / sums, _turned(largest), sums, powers)


def _pull(
    rows: _Rows, key: Any, value: Any, settings: _Settings, kept: _Kept, cotangent: Any
) -> tuple[Any, Any, Any, Any]:
    """Cotangents of the scaled query, the key, the value and the bias, all in the wide dtype."""
    seen, capped, powers = _seen(rows, key.shape[1], settings), None, kept.powers
    if powers is None or settings.soft_cap is not None:
        capped = _logits(rows, key, settings)
        powers = jnp.exp(_hidden(capped, seen) - _turned(kept.largest)).astype(value.dtype)
    work = kept.sums.dtype
    shared = cotangent / kept.sums
    mean = jnp.sum(shared * kept.outputs, -1, keepdims=True)
    low = shared.astype(value.dtype)
    of_value = jnp.einsum("bnts,btnh->bsnh", powers, low, preferred_element_type=work)
    of_powers = jnp.einsum("btnh,bsnh->bnts", low, value, preferred_element_type=work)
    of_logits = powers * (of_powers - _turned(mean))
    if seen is not None:
        of_logits = jnp.where(seen, of_logits, 0)
    if capped is not None and settings.soft_cap is not None:
        of_logits = of_logits * (1 - jnp.square(capped / settings.soft_cap))
    of_bias = None if rows.bias is None else _summed(of_logits, rows.bias.shape)
    of_logits = of_logits.astype(key.dtype)
    of_query = jnp.einsum("bnts,bsnh->btnh", of_logits, key, preferred_element_type=work)
    of_key = jnp.einsum("bnts,btnh->bsnh", of_logits, rows.query, preferred_element_type=work)
    return of_query, of_key, of_value, of_bias


def _summed(x: Any, shape: tuple[int, ...]) -> Any:
    """The sum over the axes along which an array of this shape was repeated."""
    whole = (1,) * (x.ndim - len(shape)) + tuple(shape)
    axes = tuple(a for a, n in enumerate(whole) if n != x.shape[a])
    return jnp.sum(x, axes, keepdims=True).reshape(shape)


def _few(features: int, outputs: int, sources: int) -> bool:
    """Whether pairs are fewer than the numbers in queries and outputs."""
    return features + outputs >= sources


class _Call:
    """Arrays of one call, checked and arranged; the arguments are those of `dot_product_attention`.

    Attributes:
        rows: All targets.
        key: ``(batch, source, heads, features)``, with as many heads as the query.
        value: ``(batch, source, heads, outputs)``, likewise.
        settings: How logits become weights.
        size: Targets in a block.
        pairs_are_few: Whether there are fewer of them than numbers in queries and outputs.
    """

    def __init__(
        self, query: Any, key: Any, value: Any, bias: Any, mask: Any, scale: Any, causal: bool, soft_cap: Any
    ) -> None:
        needs("dot_product_attention", FLOAT, query)
        _check(query, key, value)
        batch, targets, heads, features = query.shape
        self._repeats, sources, work = heads // key.shape[2], key.shape[1], wide(query)
        self.key, self.value = self.repeated(key, value)
        self.factor = jnp.asarray(1 / np.sqrt(features) if scale is None else scale, work)
        shape = (batch, heads, targets, sources)
        bias, mask = (
            None if x is None else _broadcastable(what, x, shape)
            for what, x in (("bias", bias), ("mask", mask))
        )
        self.pairs_are_few = _few(features, value.shape[3], sources)
        self.settings = _Settings(self.factor if self.pairs_are_few else None, causal, soft_cap)
        if not self.pairs_are_few:
            query = (query.astype(work) * self.factor).astype(query.dtype)
        self.rows = _Rows(0, query, bias, mask)
        row = batch * heads * sources * np.dtype(work).itemsize
        self.size = targets if row * targets <= _LARGE else max(1, _BLOCK // row)

    def repeated(self, *arrays: Any) -> Any:
        """Keys and values once for each of the query's heads."""
        return (jnp.repeat(x, self._repeats, 2) if self._repeats > 1 else x for x in arrays)

    @property
    def in_blocks(self) -> bool:
        """Whether all pairs would take too much memory at once."""
        return self.size < self.rows.query.shape[1]

    def blocks(self, x: Any, axis: int) -> Any:
        """An array cut into blocks of targets, ``(blocks, ...)``; None where it is the same for all.

        The last block is filled up with zeros.
        """
        targets = self.rows.query.shape[1]
        axis -= 4
        if x is None or x.ndim < -axis or x.shape[axis] != targets:
            return None
        count = -(-targets // self.size)
        filling = [(0, 0)] * x.ndim
        filling[axis] = (0, count * self.size - targets)
        x = jnp.pad(x, filling)
        axis += x.ndim
        x = x.reshape(*x.shape[:axis], count, self.size, *x.shape[axis + 1 :])
        return jnp.moveaxis(x, axis, 0)

    def row_blocks(self) -> _Rows:
        """Targets, cut into blocks."""
        query = self.blocks(self.rows.query, 1)
        first = self.size * jnp.arange(query.shape[0], dtype=jnp.int32)
        return _Rows(first, query, self.blocks(self.rows.bias, 2), self.blocks(self.rows.mask, 2))

    def filled(self, block: _Rows) -> _Rows:
        """A block with what is the same for all."""
        bias = self.rows.bias if block.bias is None else block.bias
        return block._replace(bias=bias, mask=self.rows.mask if block.mask is None else block.mask)

    def joined(self, blocks: Any, axis: int) -> Any:
        """Blocks put together again."""
        x = jnp.moveaxis(blocks, 0, axis)
        x = x.reshape(*x.shape[:axis], -1, *x.shape[axis + 2 :])
        return lax.slice_in_dim(x, 0, self.rows.query.shape[1], axis=axis)


def _forward(
    query: Any,
    key: Any,
    value: Any,
    bias: Any = None,
    mask: Any = None,
    *,
    scale: float | None = None,
    causal: bool = False,
    soft_cap: float | None = None,
) -> tuple[Any, Any]:
    call = _Call(query, key, value, bias, mask, scale, causal, soft_cap)
    if call.pairs_are_few:

        def plain(query: Any, key: Any, value: Any, bias: Any) -> Any:
            rows = _Rows(0, query, bias, call.rows.mask)
            key, value = call.repeated(key, value)
            return _plain(rows, key, value, call.settings).astype(query.dtype)

        return jax.vjp(plain, query, key, value, bias)
    if call.in_blocks:

        def attend(block: _Rows) -> _Kept:
            found = _attend(call.filled(block), call.key, call.value, call.settings)
            return found._replace(powers=None)

        kept = _Kept(*(b if b is None else call.joined(b, 1) for b in lax.map(attend, call.row_blocks())))
    else:
        kept = _attend(call.rows, call.key, call.value, call.settings)
    return kept.outputs.astype(query.dtype), (query, key, value, bias, mask, kept)


def _backward(
    residuals: Any, cotangent: Any, *, scale: float | None, causal: bool, soft_cap: float | None
) -> tuple[Any, ...]:
    if callable(residuals):
        return (*residuals(cotangent), None)
    query, key, value, bias, mask, kept = residuals
    call = _Call(query, key, value, bias, mask, scale, causal, soft_cap)
    cotangent = cotangent.astype(kept.sums.dtype)
    if call.in_blocks:
        of_query, of_key, of_value, of_bias = _pull_in_blocks(call, kept, cotangent)
    else:
        of_query, of_key, of_value, of_bias = _pull(
            call.rows, call.key, call.value, call.settings, kept, cotangent
        )
    of_query = of_query * call.factor
    of_key, of_value = (
        f.reshape(*a.shape[:3], -1, a.shape[3]).sum(3) for f, a in ((of_key, key), (of_value, value))
    )
    found = (of_query, of_key, of_value, of_bias, None)
    return tuple(
        None if f is None else f.astype(a.dtype) for f, a in zip(found, residuals[:5], strict=True)
    )


def _pull_in_blocks(call: _Call, kept: _Kept, cotangent: Any) -> tuple[Any, Any, Any, Any]:
    """What `_pull` gives, one block of targets after the other."""
    parts = _Kept(*(call.blocks(x, 1) for x in kept))
    # Sums are 1 or more; those that fill up the last block are 0, and cotangents are divided by them.
    parts = parts._replace(sums=jnp.maximum(parts.sums, 1))
    rows = call.row_blocks()

    def pull(carry: Any, block: Any) -> tuple[Any, Any]:
        part, some, upstream = block
        found = _pull(call.filled(part), call.key, call.value, call.settings, some, upstream)
        of_query, of_key, of_value, of_bias = found
        summed = (of_key, of_value, of_bias if rows.bias is None else None)
        carry = tuple(c if f is None else c + f for c, f in zip(carry, summed, strict=True))
        return carry, (of_query, None if rows.bias is None else of_bias)

    work = kept.sums.dtype
    same = None if call.rows.bias is None or rows.bias is not None else call.rows.bias.shape
    start = (
        jnp.zeros(call.key.shape, work),
        jnp.zeros(call.value.shape, work),
        None if same is None else jnp.zeros(same, work),
    )
    (of_key, of_value, of_bias), (of_query, of_rows) = lax.scan(
        pull, start, (rows, parts, call.blocks(cotangent, 1))
    )
    if of_rows is not None:
        of_bias = call.joined(of_rows, call.rows.bias.ndim - 2)
    return call.joined(of_query, 1), of_key, of_value, of_bias


@op(
    "dot_product_attention",
    inputs=("query", "key", "value", "bias", "mask"),
    matched=(0, 1, 2, 3),
    gradient=(_forward, _backward),
)
def dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    bias: Any = None,
    mask: Any = None,
    *,
    scale: float | None = None,
    causal: bool = False,
    soft_cap: float | None = None,
) -> Any:
    """Means of the values, weighted by ``softmax(query . key * scale + bias)``.

    Args:
        query: Floating tensor ``(batch, target, heads, features)``.
        key: Tensor ``(batch, source, heads, features)`` of the same dtype. It and `value` may have fewer
            heads, each of which then serves several of the query's.
        value: Tensor ``(batch, source, heads, outputs)`` of the same dtype.
        bias: Tensor that broadcasts to ``(batch, heads, target, source)``, added to the logits.
        mask: Boolean tensor, likewise; False where a target must not look.
        scale: Factor of the products; ``1 / sqrt(features)`` when None.
        causal: Whether each target sees only sources up to its own number.
        soft_cap: Bound of the logits: ``soft_cap * tanh(logits / soft_cap)``; None for none.

    Returns:
        Tensor ``(batch, target, heads, outputs)`` of the same dtype; the softmax is computed in float32 or
        wider. A target that sees nothing gets the mean of all values.

    Raises:
        ShapeError: Shapes do not fit.

    Source: Vaswani et al., "Attention is all you need" (2017); shared heads: Ainslie et al., "GQA" (2023).
    """
    return _forward(query, key, value, bias, mask, scale=scale, causal=causal, soft_cap=soft_cap)[0]
