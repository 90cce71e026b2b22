"""Functions with their own gradient, and derivatives in one direction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.autodiff.forward import ForwardAccumulator
from thalweg._src.autodiff.walk import UnconnectedGradients
from thalweg._src.base import nest
from thalweg._src.function.custom_gradient import custom_gradient as with_rule
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.ops.inspection import identity


def custom_gradient(f: Callable[..., Any]) -> Any:
    """Function like `f`, differentiated by the rule that `f` returns with its result.

    Args:
        f: Function of tensors that returns ``(result, grad_fn)``; ``grad_fn(*upstream)`` takes the
            cotangent of each tensor of the result and returns that of each tensor argument.

    Returns:
        The function.

    Example:
        >>> import thalweg as tf
        >>> @tf.keras.ops.custom_gradient
        ... def clipped(x):
        ...     return x * 2.0, lambda upstream: tf.clip_by_value(upstream * 2.0, -1.0, 1.0)
        >>> x = tf.Variable(3.0)
        >>> with tf.GradientTape() as tape:
        ...     y = clipped(x)
        >>> tape.gradient(y, x).numpy().item()
        1.0

    Source: `keras.ops.custom_gradient`; see `tf.custom_gradient`.
    """
    return with_rule(f)


@operation
def jvp(
    fun: Callable[..., Any], primals: Any, tangents: Any, has_aux: bool = False
) -> Any:
    """A function's value, and its derivative in one direction.

    Args:
        fun: Function of the primals; with `has_aux` it returns ``(result, anything)``.
        primals: List or tuple of tensors: where to differentiate.
        tangents: The direction: tensors of the same shapes.
        has_aux: Whether `fun` returns something beside its result.

    Returns:
        ``(result, derivative)``, with `has_aux` also what else `fun` returned.

    Raises:
        InvalidArgumentError: A tangent does not fit its primal.

    Example:
        >>> import thalweg as tf
        >>> value, slope = tf.keras.ops.jvp(lambda x: x * x, (3.0,), (1.0,))
        >>> value.numpy().item(), slope.numpy().item()
        (9.0, 6.0)

    Source: `keras.ops.jvp`.
    """
    points = [identity(tensor_of(p)) for p in primals]
    directions = [tensor_of(t) for t in tangents]
    with ForwardAccumulator(points, directions) as accumulator:
        result = fun(*points)
        result, *aux = result if has_aux else (result,)
        result = nest.map_structure(tensor_of, result)
    slopes = accumulator.jvp(result, unconnected_gradients=UnconnectedGradients.ZERO)
    return (result, slopes, *aux)
