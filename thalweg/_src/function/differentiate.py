"""Value and gradients of a whole Python function with respect to Variables.

Training steps use this instead of a tape: inside a program JAX differentiates the whole step at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from thalweg._src.autodiff.tape import GradientTape
from thalweg._src.core import xla
from thalweg._src.core.recorders import state
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.trace import apply_body, trace_body


def value_and_gradients(
    loss_function: Callable[[], tuple[Tensor, Any]],
    variables: Callable[[], Sequence[Any]],
    name: str = "loss",
) -> tuple[Tensor, Any, list[Tensor | None]]:
    """Loss, further results, and the loss's gradients.

    Args:
        loss_function: Returns ``(loss, further)``: a scalar tensor and any structure of tensors. It runs
            once; what it assigns is assigned afterwards.
        variables: Called after `loss_function` has run (it may build layers): the Variables.
        name: Name for messages.

    Returns:
        ``(loss, further, gradients)``; a gradient is None where the Variable is not read.
    """
    if not xla.tracing():
        return _op_by_op(loss_function, variables)
    body = trace_body(loss_function, [], name, may_create=True, differentiated=True)
    wanted = list(variables())
    position = {id(v): i for i, v in enumerate(body.reads)}
    chosen = [position[id(v)] for v in wanted if id(v) in position]
    found: list[Any] = []

    def call(inputs: list[Tensor]) -> list[Tensor]:
        arrays = [t.array for t in inputs]
        values, constants = arrays[: len(body.reads)], arrays[len(body.reads) :]

        def of_chosen(*parts: Any) -> tuple[Any, list[Any]]:
            full = list(values)
            for index, part in zip(chosen, parts, strict=True):
                full[index] = part
            outputs = body.run(constants, *full)
            return outputs[0], outputs

        loss, pullback, outputs = xla.jax.vjp(of_chosen, *(values[i] for i in chosen), has_aux=True)
        found.extend(pullback(xla.jnp.ones((), loss.dtype)))
        return [Tensor(x) for x in outputs]

    recorders, state.recorders = state.recorders, []
    try:
        loss, further = apply_body(body, [], call)
    finally:
        state.recorders = recorders
    by_id = {id(body.reads[i]): Tensor(g) for i, g in zip(chosen, found, strict=True)}
    return loss, further, [by_id.get(id(v)) for v in wanted]


def _op_by_op(
    loss_function: Callable[[], tuple[Tensor, Any]], variables: Callable[[], Sequence[Any]]
) -> tuple[Tensor, Any, list[Tensor | None]]:
    """The same outside of programs, for debugging: every op runs, and can be looked at, on its own."""
    with GradientTape() as tape:
        loss, further = loss_function()
    return loss, further, tape.gradient(loss, list(variables()))
