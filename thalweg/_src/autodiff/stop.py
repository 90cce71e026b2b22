"""`stop_gradient`: a value through which no derivative flows."""

from __future__ import annotations

from typing import Any

from jax import lax

from thalweg._src.core.composite import dispatched
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.opdef import op
from thalweg._src.core.recorders import state


@op("stop_gradient", inputs=("input",), host=lambda input: input)
def _stop(input: Any) -> Any:
    return lax.stop_gradient(input)


@dispatched("stop_gradient")
def stop_gradient(input: Any, name: str | None = None) -> Any:
    """The same value, constant for differentiation.

    Args:
        input: Tensor.
        name: Name of the node in a model's graph.

    Returns:
        Tensor like `input`. Gradients and tangents with respect to it are None on a tape, and zero
        where a whole program is differentiated.

    Example:
        >>> import thalweg as tf
        >>> x = tf.Variable(3.0)
        >>> with tf.GradientTape() as tape:
        ...     y = x * tf.stop_gradient(x)
        >>> tape.gradient(y, x).numpy().item()
        3.0

    Source: `tf.stop_gradient`.
    """
    value = convert_to_tensor(input)
    recorders, state.recorders = state.recorders, []
    try:
        return _stop(value, name=name)
    finally:
        state.recorders = recorders


# The node of a model's graph calls this function again, with tensors.
_stop.opdef.function = stop_gradient  # type: ignore[attr-defined]
