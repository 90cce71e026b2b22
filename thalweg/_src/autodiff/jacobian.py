"""Jacobians: the tape walked backwards once with many cotangents side by side.

Every cotangent carries one more dimension in front, the rows of the Jacobian. A step of the walk is the
op's pullback mapped over the rows; when another recorder listens, it is an op of (inputs, rows of
cotangents), so that Jacobians are differentiable like everything else.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from thalweg._src.autodiff.walk import UnconnectedGradients
from thalweg._src.base import nest
from thalweg._src.base.errors import IndexRangeError, InvalidArgumentError
from thalweg._src.core import xla
from thalweg._src.core.door import call, is_inexact
from thalweg._src.core.opdef import OpDef
from thalweg._src.core.recorders import OpCall, state
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.creation import zeros
from thalweg._src.ops.elementwise import add


def jacobian(
    tape: Any,
    calls: Sequence[OpCall],
    target: Any,
    sources: Any,
    unconnected: UnconnectedGradients,
    rows: int | None,
) -> Any:
    """Structure of `sources` with Jacobians of shape ``target.shape + source.shape``.

    Args:
        tape: The `GradientTape`.
        calls: Ops that it recorded.
        target: Tensor.
        sources: Tensors or Variables the tape has watched.
        unconnected: What sources get on which `target` does not depend.
        rows: Rows computed together; None for all.
    """
    whole = tape._target(target)
    shape = tuple(whole.shape)
    seeds = _unit_seeds(math.prod(shape), shape, whole.array.dtype, rows)
    parts = _rows(tape, calls, whole, nest.flatten(sources), seeds)
    return nest.pack_sequence_as(
        sources,
        [
            _result(p, shape, tuple(s.shape), None, unconnected, s)
            for p, s in zip(parts, nest.flatten(sources), strict=True)
        ],
    )


def batch_jacobian(
    tape: Any,
    calls: Sequence[OpCall],
    target: Any,
    source: Any,
    unconnected: UnconnectedGradients,
    rows: int | None,
) -> Any:
    """Tensor of shape ``(batch, T..., S...)``; arguments as for `jacobian`.

    Raises:
        InvalidArgumentError: The batch sizes differ.
    """
    whole = tape._target(target)
    shape, source_shape = tuple(whole.shape), tuple(source.shape)
    if not shape or not source_shape or shape[0] != source_shape[0]:
        scalar = not shape or not source_shape
        raise (IndexRangeError if scalar else InvalidArgumentError)(
            "[GradientTape.batch_jacobian] expected target and source of one batch size, got shapes "
            f"{shape} and {source_shape}; use jacobian for tensors without a batch dimension."
        )
    inner = shape[1:]
    seeds = [
        np.broadcast_to(s[:, None], (s.shape[0], *shape))
        for s in _unit_seeds(math.prod(inner), inner, whole.array.dtype, rows)
    ]
    (part,) = _rows(tape, calls, whole, [source], seeds)
    axes = (
        len(inner),
        *range(len(inner)),
        *range(len(inner) + 1, len(shape) + len(source_shape) - 1),
    )
    return _result(part, inner, source_shape, axes, unconnected, source)


def _unit_seeds(
    count: int, shape: tuple[int, ...], dtype: Any, rows: int | None
) -> list[np.ndarray[Any, Any]]:
    """Unit cotangents in chunks of ``(rows,) + shape``."""
    step = max(1, rows or count)
    return [
        np.eye(min(step, count - first), count, first, dtype).reshape(-1, *shape)
        for first in range(0, count, step)
    ]


def _rows(
    tape: Any,
    calls: Sequence[OpCall],
    target: Tensor,
    sources: Sequence[Any],
    seeds: Sequence[np.ndarray[Any, Any]],
) -> list[list[Tensor] | None]:
    """For each source its chunks of rows ``(rows,) + source.shape``; None when unconnected."""
    if not is_inexact(target.array) or not seeds:
        return [None] * len(sources)
    chunks: list[list[Tensor | None]] = []
    for seed in seeds:
        cotangents = _backward_rows(calls, target, Tensor(xla.jnp.asarray(seed)))
        chunks.append([tape._of_source(s, cotangents, UnconnectedGradients.NONE) for s in sources])
    return [None if parts[0] is None else list(parts) for parts in zip(*chunks, strict=True)]  # type: ignore[arg-type]


def _backward_rows(calls: Sequence[OpCall], target: Tensor, seed: Tensor) -> dict[int, Tensor]:
    """Rows of cotangents of all tensors on which `target` depends, by ``id``."""
    cotangents: dict[int, Tensor] = {id(target): seed}
    count = seed.shape[0]
    for recorded in reversed(calls):
        outputs = [o for o in recorded.outputs if is_inexact(o.array)]
        given = [cotangents.get(id(o)) for o in outputs]
        if not any(g is not None for g in given):
            continue
        filled = [
            zeros((count, *o.shape), o.dtype) if g is None else g
            for o, g in zip(outputs, given, strict=True)
        ]
        masked = [t for t, w in zip(recorded.inputs, recorded.mask, strict=True) if w]
        for tensor, part in zip(masked, _pull_rows(recorded, filled), strict=True):
            if part is not None:
                known = cotangents.get(id(tensor))
                cotangents[id(tensor)] = part if known is None else add(known, part)
    return cotangents


def _pull_rows(recorded: OpCall, cotangents: list[Tensor]) -> Sequence[Tensor | None]:
    """Rows of cotangents of the masked inputs of one recorded op."""
    if recorded.op is None:
        return _pull_each(recorded, cotangents)
    if state.recorders:
        derivative = _derivative_of_rows(recorded.op, recorded.mask)
        inputs = [*recorded.inputs, *cotangents]
        return call(derivative, inputs, (len(recorded.inputs), *recorded.attrs))
    mapped = xla.jax.vmap(lambda *rows: recorded.pullback(rows))
    return [Tensor(a) for a in mapped(*(c.array for c in cotangents))]


def _pull_each(recorded: OpCall, cotangents: list[Tensor]) -> list[Tensor | None]:
    """Row after row, for pullbacks that are Python functions of tensors."""
    results = [
        recorded.pullback(*(c[row] for c in cotangents))  # type: ignore[index]
        for row in range(cotangents[0].shape[0])
    ]
    return [
        None if parts[0] is None else _arrange(*(p[None] for p in parts), shape=None, axes=None)
        for parts in zip(*results, strict=True)
    ]


def _derivative_of_rows(of: OpDef, mask: tuple[bool, ...]) -> OpDef:
    """The gradient for many cotangents as an op: ``(inputs..., rows of cotangents...) -> rows``."""
    key = ("rows", mask)
    found = of._derived.get(key)
    if found is None:
        derivative = of.derivative(mask)
        body = functools.partial(_rows_body, derivative)
        body.many = True  # type: ignore[attr-defined]
        found = OpDef(
            f"{derivative.name}_rows",
            body,
            derivative.input_names,
            derivative.attr_names,
            variadic=True,
            matched=(),
            whole=derivative._whole,
        )
        of._derived[key] = found
    return found


def _rows_body(derivative: OpDef, *arrays: Any, **attrs: Any) -> Any:
    count = attrs[derivative.attr_names[0]]
    inputs = arrays[:count]
    return xla.jax.vmap(lambda *rows: derivative.body(*inputs, *rows, **attrs))(*arrays[count:])


def _arrange_body(*chunks: Any, shape: Any, axes: Any) -> Any:
    whole = chunks[0] if len(chunks) == 1 else xla.jnp.concatenate(chunks)
    if shape is not None:
        whole = whole.reshape(shape)
    return whole if axes is None else whole.transpose(axes)


_ARRANGE = OpDef("arrange_rows", _arrange_body, ("chunks",), ("shape", "axes"), variadic=True)


def _arrange(*chunks: Tensor, shape: Any, axes: Any) -> Tensor:
    """Chunks of rows joined, reshaped and transposed."""
    return call(_ARRANGE, chunks, (shape, axes))


def _result(
    chunks: list[Tensor] | None,
    target_shape: tuple[int, ...],
    source_shape: tuple[int, ...],
    axes: tuple[int, ...] | None,
    unconnected: UnconnectedGradients,
    source: Any,
) -> Tensor | None:
    shape = (*target_shape, *source_shape)
    if chunks is not None:
        return _arrange(*chunks, shape=shape, axes=axes)
    if unconnected is UnconnectedGradients.NONE:
        return None
    return zeros(shape if axes is None else tuple(shape[a] for a in axes), source.dtype)
