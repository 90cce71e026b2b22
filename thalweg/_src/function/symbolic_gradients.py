"""`gradients` and `hessians`: derivatives inside a traced program, without a tape.

The program itself is the record: the part of it that leads from the sources to the targets is cut out
and differentiated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
from jax import numpy as jnp

from thalweg._src.autodiff.walk import UnconnectedGradients
from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.door import call, is_inexact
from thalweg._src.core.recorders import state
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.staging import make_op
from thalweg._src.function.trace import tensors_holding
from thalweg._src.ops.creation import zeros_like


class AggregationMethod:
    """Names of ways to sum gradients, which `gradients` accepts and XLA does not need.

    Source: `tf.AggregationMethod`.
    """

    ADD_N = 0
    DEFAULT = 0
    EXPERIMENTAL_TREE = 1
    EXPERIMENTAL_ACCUMULATE_N = 2


def gradients(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    name: str = "gradients",
    gate_gradients: bool = False,
    aggregation_method: Any = None,
    stop_gradients: Any = None,
    unconnected_gradients: Any = UnconnectedGradients.NONE,
) -> list[Tensor | None]:
    """Gradients of the sum of `ys` with respect to each of `xs`, inside a compiled function.

    Args:
        ys: Tensor or list of tensors.
        xs: Tensor or Variable, or list of them.
        grad_ys: Cotangents of `ys`; ones when None.
        name: Name for messages.
        gate_gradients: Has no effect.
        aggregation_method: Has no effect: XLA orders the sums.
        stop_gradients: Tensors that count as constants.
        unconnected_gradients: ``"none"`` or ``"zero"``.

    Returns:
        List of tensors like `xs`; None (or zeros) where `ys` do not depend on one.

    Raises:
        RuntimeError: No function is being traced; use `GradientTape`.

    Example:
        >>> import thalweg as tf
        >>> @tf.function
        ... def slope(x):
        ...     return tf.gradients(x**2, [x])[0]
        >>> slope(tf.constant(3.0)).numpy().item()
        6.0

    Source: `tf.gradients`.
    """
    _needs_program("gradients")
    targets = [_tensor(y, "ys") for y in nest.flatten(ys)]
    sources = [_tensor(x, "xs") for x in nest.flatten(xs)]
    fixed = [
        _tensor(s, "stop_gradients")
        for s in nest.flatten([] if stop_gradients is None else stop_gradients)
    ]
    seeds = _seeds(targets, grad_ys)
    chosen = [i for i, t in enumerate(targets) if is_inexact(t.array)]
    found = _pulled_back(
        name, [targets[i] for i in chosen], sources, fixed, [seeds[i] for i in chosen]
    )
    if UnconnectedGradients(unconnected_gradients) is UnconnectedGradients.ZERO:
        return [zeros_like(x) if g is None else g for g, x in zip(found, sources, strict=True)]
    return found


def hessians(
    ys: Any,
    xs: Any,
    gate_gradients: bool = False,
    aggregation_method: Any = None,
    name: str = "hessians",
) -> list[Tensor]:
    """Hessian of the sum of `ys` with respect to each of `xs`, inside a compiled function.

    Args:
        ys: Tensor or list of tensors.
        xs: Tensor or Variable of shape ``S``, or list of them.
        gate_gradients: Has no effect.
        aggregation_method: Has no effect.
        name: Name for messages.

    Returns:
        List of tensors of shape ``S + S``.

    Raises:
        RuntimeError: No function is being traced; use nested `GradientTape`.

    Source: `tf.hessians`.
    """
    _needs_program("hessians")
    targets = [_tensor(y, "ys") for y in nest.flatten(ys)]
    results = []
    for x in nest.flatten(xs):
        source = _tensor(x, "xs")
        program, further, _ = state.scopes[-1].trace.between(
            [source.array], [t.array for t in targets]
        )

        def run(array: Any, *further: Any, program: Any = program) -> tuple[Any]:
            def total(added: Any) -> Any:
                return sum(jnp.sum(y) for y in program(further, [added]))

            return (jax.jacrev(jax.grad(total))(jnp.zeros_like(array)),)

        inputs = [source, *tensors_holding(further)]
        results += call(make_op(name, run), inputs, ())
    return results


def _needs_program(name: str) -> None:
    if not state.scopes:
        raise RuntimeError(
            f"[{name}] expected to be called inside tf.function, where the program is the record; use "
            "tf.GradientTape when ops run eagerly."
        )


def _tensor(value: Any, where: str) -> Tensor:
    tensor = as_tensor(value)
    if tensor is None:
        raise InvalidArgumentError(
            f"[gradients] expected tensors or Variables in {where}, got {value!r} of type "
            f"{type(value).__name__}."
        )
    return tensor


def _seeds(targets: Sequence[Tensor], grad_ys: Any) -> list[Tensor]:
    given = [None] * len(targets) if grad_ys is None else nest.flatten(grad_ys)
    if len(given) != len(targets):
        raise InvalidArgumentError(
            f"[gradients] expected {len(targets)} grad_ys, got {len(given)}; give one for each of ys, "
            "None for ones."
        )
    return [
        Tensor(jnp.ones(t.array.shape, t.array.dtype))
        if seed is None
        else convert_to_tensor(seed, dtypes.BY_NUMPY[t.array.dtype])
        for seed, t in zip(given, targets, strict=True)
    ]


def _pulled_back(
    name: str,
    targets: Sequence[Tensor],
    sources: Sequence[Tensor],
    fixed: Sequence[Tensor],
    seeds: Sequence[Tensor],
) -> list[Tensor | None]:
    smooth = {id(x.array): x for x in sources if is_inexact(x.array)}
    inputs = list(smooth.values())
    program, further, connected = state.scopes[-1].trace.between(
        [x.array for x in inputs], [y.array for y in targets], [x.array for x in fixed]
    )
    count, rest = len(inputs), len(inputs) + len(further)

    def run(*arrays: Any) -> tuple[Any, ...]:
        nothing = [jnp.zeros_like(a) for a in arrays[:count]]
        _, pull = jax.vjp(lambda *added: program(arrays[count:rest], added), *nothing)
        return pull([_conjugate(c) for c in arrays[rest:]])

    outputs = call(make_op(name, run), [*inputs, *tensors_holding(further), *seeds], ())
    by_array = {
        key: Tensor(_conjugate(g.array)) if jnp.iscomplexobj(g.array) else g
        for (key, g, known) in zip(smooth, outputs, connected, strict=True)
        if known
    }
    return [by_array.get(id(x.array)) for x in sources]


def _conjugate(array: Any) -> Any:
    """Between TensorFlow's cotangents of complex numbers and JAX's."""
    return jnp.conj(array) if jnp.iscomplexobj(array) else array
