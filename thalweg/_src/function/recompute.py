"""Functions differentiated in special ways: `grad_pass_through`, `recompute_grad`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax

from thalweg._src.autodiff.tape import GradientTape
from thalweg._src.base import nest
from thalweg._src.core import xla
from thalweg._src.core.door import call
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.conversion import as_converted
from thalweg._src.function.custom_gradient import custom_gradient, flat_inputs, no_tapes
from thalweg._src.function.looping import results_of
from thalweg._src.function.staging import Part, Shared, make_op
from thalweg._src.function.symbolic_calls import node_when_symbolic


def grad_pass_through(f: Callable[..., Any]) -> Callable[..., Any]:
    """Function like `f` through which cotangents pass unchanged.

    Args:
        f: Function whose result has the shape of its argument.

    Returns:
        The function. Variables that `f` reads get no gradient.

    Example:
        >>> import thalweg as tf
        >>> x = tf.Variable(1.4)
        >>> with tf.GradientTape() as tape:
        ...     y = tf.grad_pass_through(tf.round)(x)
        >>> tape.gradient(y, x).numpy().item()
        1.0

    Source: `tf.grad_pass_through`.
    """

    @custom_gradient
    @functools.wraps(f)
    def passed(*args: Any, **kwargs: Any) -> Any:
        def grad(*upstream: Any, variables: Any = None) -> Any:
            return upstream if variables is None else (upstream, [None] * len(variables))

        return f(*args, **kwargs), grad

    return passed


def recompute_grad(f: Callable[..., Any]) -> Callable[..., Any]:
    """Function like `f` whose inner values are computed again for the gradient instead of kept.

    Args:
        f: Function of tensors; it may read Variables.

    Returns:
        The function.

    Example:
        >>> import thalweg as tf
        >>> x = tf.Variable(2.0)
        >>> with tf.GradientTape() as tape:
        ...     y = tf.recompute_grad(lambda x: x * x * x)(x)
        >>> tape.gradient(y, x).numpy().item()
        12.0

    Source: `tf.recompute_grad`; Chen et al. 2016, "Training deep nets with sublinear memory cost".
    """

    @node_when_symbolic
    @functools.wraps(f)
    def recomputed(*args: Any, **kwargs: Any) -> Any:
        if xla.tracing():
            return _checkpointed(as_converted(f), args, kwargs)
        return eager(*args, **kwargs)

    @custom_gradient
    @functools.wraps(f)
    def eager(*args: Any, **kwargs: Any) -> Any:
        with no_tapes():
            result = f(*args, **kwargs)

        def grad(*upstream: Any, variables: Any = None) -> Any:
            chosen = list(variables or ())
            with GradientTape() as tape:
                tape.watch([a for a in nest.flatten(args) if isinstance(a, Tensor)])
                again = f(*args, **kwargs)
            flat = nest.flatten(args)
            found = tape.gradient(
                nest.flatten(again), [*flat, *chosen], output_gradients=list(upstream)
            )
            of_args = found[: len(flat)]
            return (of_args, found[len(flat) :]) if variables is not None else of_args

        return result, grad

    return recomputed


def _checkpointed(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    flat, positions = flat_inputs(args)
    tensors = [flat[i] for i in positions]

    def run_part(*inputs: Tensor) -> Any:
        full = list(flat)
        for position, tensor in zip(positions, inputs, strict=True):
            full[position] = tensor
        return f(*nest.pack_sequence_as(args, full, expand_composites=True), **kwargs)

    name = getattr(f, "__name__", "recompute_grad")
    part = Part(run_part, [t.array for t in tensors], name)
    shared = Shared([part])
    taken, written = len(tensors), len(shared.written)

    @jax.checkpoint
    def run(*arrays: Any) -> tuple[Any, ...]:
        given, values = arrays[:taken], arrays[taken : taken + written]
        variables, constants = shared.split(values, arrays[taken + written :])
        outputs, variables = part.run(given, variables, constants)
        return (*results_of(part, outputs, 0), *shared.after(variables))

    outputs = call(make_op(name, run), [*tensors, *shared.tensors()], ())
    count = len(outputs) - written
    shared.assign(outputs[count:])
    return nest.pack_sequence_as(part.structure, outputs[:count], expand_composites=True)
