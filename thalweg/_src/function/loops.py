"""Loops of unknown length that can be differentiated backwards, on arrays.

XLA programs have fixed sizes, so the states that a backward pass needs cannot all be kept when the
number of iterations is unknown. A fixed number of them is kept: every state at first, and each time the
room is full every second one is dropped. Backwards, each state is recomputed from the last one kept
before it. Up to `slots` iterations this costs one more forward step for each step; at n iterations it
costs about ``n / slots`` steps for each.

Source: checkpointing for reverse accumulation of unknown length (Griewank 1992; the thinning of every
second checkpoint is that of Heuveline and Walther 2006).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

State = tuple[Any, ...]
_KEPT_BYTES = 1 << 28
_MOST_SLOTS = 256
_FEWEST_SLOTS = 8
_LONGEST_SCAN = 256


def while_alive(
    step: Callable[[State, State], State],
    state: State,
    operands: State,
    limit: int | None = None,
    quiet: Callable[[State, State], State] | None = None,
) -> State:
    """Final state of ``while state[0]: state = step(operands, state)``.

    Differentiable backwards, to any order, in the inexact arrays of `state` and `operands`.

    Args:
        step: Pure function that closes over no tracer.
        state: Arrays; the first is the boolean that keeps the loop going.
        operands: Arrays that stay the same.
        limit: Most iterations that can happen, when known.
        quiet: `step` without side effects, for recomputing; `step` when None.
    """
    again = quiet or step
    size = _bytes(state)

    @jax.custom_vjp
    def run(state: State, operands: State) -> State:
        return lax.while_loop(lambda s: s[0], lambda s: step(operands, s), state)

    def forward(state: State, operands: State) -> tuple[State, Any]:
        if limit is not None and limit <= _LONGEST_SCAN and limit * size <= _KEPT_BYTES:
            return jax.vjp(lambda s, o: _run_all(step, s, o, limit), state, operands)
        final, kept = keep(state, operands)
        return final, (state, operands, kept)

    def backward(residuals: Any, cotangents: State) -> tuple[State, State]:
        if callable(residuals):
            return residuals(cotangents)
        state, operands, kept = residuals
        return _pull_back(again, state, operands, kept, cotangents)

    @jax.custom_vjp
    def keep(state: State, operands: State) -> tuple[State, Any]:
        return _run_and_keep(step, state, operands, _slot_count(size, limit))

    def keep_forward(state: State, operands: State) -> Any:
        final, kept = keep(state, operands)
        return (final, kept), (state, operands, kept)

    run.defvjp(forward, backward)
    keep.defvjp(keep_forward, lambda residuals, ct: backward(residuals, ct[0]))
    return run(tuple(state), tuple(operands))


def _bytes(state: State) -> int:
    return sum(math.prod(np.shape(x)) * jnp.result_type(x).itemsize for x in state) or 1


def _run_all(
    step: Callable[[State, State], State], state: State, operands: State, limit: int
) -> State:
    """The same loop as a scan, which JAX differentiates itself: all `limit` states are kept."""

    def once(current: State, _: None) -> tuple[State, None]:
        return lax.cond(current[0], lambda s: tuple(step(operands, s)), lambda s: s, current), None

    return lax.scan(once, state, None, length=limit)[0]


def _slot_count(size: int, limit: int | None) -> int:
    """Number of states to keep, a power of two: as many as fit, and no more than can occur."""
    wanted = min(max(_KEPT_BYTES // size, _FEWEST_SLOTS), _MOST_SLOTS)
    if limit is not None:
        wanted = min(wanted, 1 << max(1, (max(limit, 2) - 1).bit_length()))
    return 1 << (wanted.bit_length() - 1)


def _run_and_keep(
    step: Callable[[State, State], State], state: State, operands: State, slots: int
) -> tuple[State, tuple[Any, Any, State]]:
    """Final state, and (number of iterations, stride, kept states): slot q holds state q * stride."""
    buffers = tuple(jnp.zeros((slots, *np.shape(x)), jnp.result_type(x)) for x in state)
    zero, one = jnp.int32(0), jnp.int32(1)

    def advance(carry: Any) -> Any:
        count, within, current = carry
        return count + 1, within + 1, tuple(step(operands, current))

    def fill(stride: Any, carry: Any) -> Any:
        count, slot, current, kept = carry
        kept = tuple(
            lax.dynamic_update_index_in_dim(b, x, slot, 0)
            for b, x in zip(kept, current, strict=True)
        )
        count, _, current = lax.while_loop(
            lambda c: (c[1] < stride) & c[2][0], advance, (count, zero, current)
        )
        return count, slot + 1, current, kept

    def round_(carry: Any) -> Any:
        count, stride, current, kept = carry
        first = stride == 0
        kept = lax.cond(first, lambda k: k, _thin, kept)
        stride = jnp.where(first, one, 2 * stride)
        count, _, current, kept = lax.while_loop(
            lambda c: (c[1] < slots) & c[2][0],
            lambda c: fill(stride, c),
            (count, jnp.where(first, zero, jnp.int32(slots // 2)), current, kept),
        )
        return count, stride, current, kept

    count, stride, final, kept = lax.while_loop(
        lambda c: c[2][0], round_, (zero, zero, tuple(map(jnp.asarray, state)), buffers)
    )
    return final, (count, stride, kept)


def _thin(kept: State) -> State:
    """Every second kept state, in the first half of the slots."""
    half = [lax.slice_in_dim(b, 0, b.shape[0], 2) for b in kept]
    return tuple(jnp.concatenate([h, h]) for h in half)


def _pull_back(
    step: Callable[[State, State], State],
    state: State,
    operands: State,
    kept: tuple[Any, Any, State],
    cotangents: State,
) -> tuple[State, State]:
    """Cotangents of the first state and of the operands.

    The kept states are for speed only. The derivative of this walk (for second order) does not go
    through them: it takes the form that recomputes every state from the first one.
    """
    wrt = [i for i, x in enumerate(state) if _smooth(x)]
    of = [i for i, x in enumerate(operands) if _smooth(x)]

    def from_first(count: Any, state: State, operands: State, upstream: State) -> Any:
        def recompute(index: Any, fixed: Any) -> State:
            state, operands = fixed
            return _repeat(step, index, state, operands)

        fixed = (state, operands)
        return _walk_back(step, recompute, lambda f: f[1], (wrt, of), count, fixed, upstream)

    @jax.custom_vjp
    def walk(state: State, operands: State, upstream: State, kept: Any) -> Any:
        count, stride, buffers = kept

        def recompute(index: Any, fixed: Any) -> State:
            stride, buffers, operands = fixed
            slot = index // stride
            start = tuple(lax.dynamic_index_in_dim(b, slot, 0, keepdims=False) for b in buffers)
            return _repeat(step, index - slot * stride, start, operands)

        # The stride of a loop that never ran is 0, and then nothing is recomputed.
        fixed = (jnp.maximum(stride, 1), buffers, operands)
        return _walk_back(step, recompute, lambda f: f[2], (wrt, of), count, fixed, upstream)

    def forward(state: State, operands: State, upstream: State, kept: Any) -> Any:
        return walk(state, operands, upstream, kept), (state, operands, upstream, kept)

    def backward(residuals: Any, cotangents: Any) -> Any:
        state, operands, upstream, kept = residuals
        _, pull = jax.vjp(lambda s, o, u: from_first(kept[0], s, o, u), state, operands, upstream)
        nothing = jax.tree_util.tree_map(_no_cotangent, kept)
        return (*pull(cotangents), nothing)

    walk.defvjp(forward, backward)
    upstream = tuple(cotangents[i] for i in wrt)
    of_state, of_operands = walk(state, operands, upstream, kept)
    return _full(state, wrt, of_state), _full(operands, of, of_operands)


def _walk_back(
    step: Callable[[State, State], State],
    recompute: Callable[[Any, Any], State],
    operands_in: Callable[[Any], State],
    positions: tuple[list[int], list[int]],
    count: Any,
    fixed: Any,
    upstream: State,
) -> tuple[State, State]:
    """Cotangents of the smooth arrays of the first state and of the operands.

    Args:
        step: The loop's step.
        recompute: ``(index, fixed) -> state before iteration index``.
        operands_in: ``fixed -> operands``.
        positions: Which arrays of the state and of the operands are smooth.
        count: Number of iterations that ran.
        fixed: What `recompute` and `step` need, as a structure of arrays.
        upstream: Cotangents of the smooth arrays of the final state.
    """
    wrt, of = positions

    def back(fixed: Any, carry: Any) -> Any:
        _, index, upstream, total = carry
        operands, before = operands_in(fixed), recompute(index, fixed)

        def smooth_part(chosen: State, free: State) -> State:
            after = step(_with(operands, of, free), _with(before, wrt, chosen))
            return tuple(after[i] for i in wrt)

        _, pull = jax.vjp(
            smooth_part, tuple(before[i] for i in wrt), tuple(operands[i] for i in of)
        )
        upstream, more = pull(upstream)
        total = tuple(a + b for a, b in zip(total, more, strict=True))
        return index > 0, index - 1, upstream, total

    total = tuple(jnp.zeros_like(operands_in(fixed)[i]) for i in of)
    done = _nested(back, (count > 0, count - 1, upstream, total), fixed)
    return done[2], done[3]


def _repeat(
    step: Callable[[State, State], State], times: Any, state: State, operands: State
) -> State:
    """State after `times` steps."""

    def once(operands: State, carry: Any) -> Any:
        _, left, current = carry
        return left > 1, left - 1, tuple(step(operands, current))

    return _nested(once, (times > 0, times, state), operands)[2]


def _nested(step: Callable[[Any, Any], Any], carry: Any, operands: Any) -> Any:
    """`while_alive` for a state and operands with structure."""
    leaves, structure = jax.tree_util.tree_flatten(carry)
    fixed, fixed_structure = jax.tree_util.tree_flatten(operands)

    def flat(fixed: State, leaves: State) -> State:
        given = jax.tree_util.tree_unflatten(structure, leaves)
        result = step(jax.tree_util.tree_unflatten(fixed_structure, fixed), given)
        return tuple(jax.tree_util.tree_leaves(result))

    final = while_alive(flat, tuple(leaves), tuple(fixed))
    return jax.tree_util.tree_unflatten(structure, final)


def _smooth(array: Any) -> bool:
    return jnp.issubdtype(jnp.result_type(array), jnp.inexact)


def _with(values: State, positions: list[int], parts: State) -> State:
    """`values` with those at `positions` replaced by `parts`."""
    full = list(values)
    for position, part in zip(positions, parts, strict=True):
        full[position] = part
    return tuple(full)


def _no_cotangent(array: Any) -> Any:
    if _smooth(array):
        return jnp.zeros_like(array)
    return np.zeros(np.shape(array), jax.dtypes.float0)


def _full(like: State, positions: list[int], parts: State) -> State:
    """Cotangents for all of `like`: `parts` at `positions`, none for the others."""
    none = [np.zeros(np.shape(x), jax.dtypes.float0) for x in like]
    return _with(tuple(none), positions, parts)
