"""Activation functions, and softmax along axes.

The formulas are those of `keras.activations`; here integers become floats first, and a call on symbolic
tensors is one node.
"""

from __future__ import annotations

from typing import Any

from thalweg._src.keras import activations
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import promoted, tensor_of


def _floating(x: Any) -> Any:
    """The tensor, integers as floats."""
    return promoted(x, least=float)[0]


@operation
def relu(x: Any) -> Any:
    """The input where it is positive, else 0.

    Args:
        x: Tensor; integers stay what they are.

    Returns:
        Tensor like `x`. The gradient at 0 is 0.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.relu([-1.0, 2.0]).numpy().tolist()
        [0.0, 2.0]

    Source: Nair and Hinton 2010; `keras.ops.relu`.
    """
    return activations.relu(tensor_of(x))


@operation
def relu6(x: Any) -> Any:
    """The input clipped to [0, 6].

    Args:
        x: Tensor; integers stay what they are.

    Returns:
        Tensor like `x`.

    Source: Krizhevsky 2010; `keras.ops.relu6`.
    """
    return activations.relu6(tensor_of(x))


@operation
def leaky_relu(x: Any, negative_slope: float = 0.2) -> Any:
    """The input where it is positive, else `negative_slope` times it.

    Args:
        x: Tensor; integers become floats.
        negative_slope: Slope for negative inputs.

    Returns:
        Tensor of the same shape.

    Source: Maas et al. 2013; `keras.ops.leaky_relu`.
    """
    return activations.leaky_relu(_floating(x), negative_slope)


@operation
def sigmoid(x: Any) -> Any:
    """``1 / (1 + exp(-x))``, in (0, 1).

    Args:
        x: Tensor; integers become floats.

    Returns:
        Tensor of the same shape.

    Source: `keras.ops.sigmoid`.
    """
    return activations.sigmoid(_floating(x))


@operation
def sparse_sigmoid(x: Any) -> Any:
    """0 below -1, 1 above 1, and ``(x + 1) / 2`` between.

    Args:
        x: Tensor; integers become floats.

    Returns:
        Tensor of the same shape.

    Source: `keras.ops.sparse_sigmoid`.
    """
    return activations.sparse_sigmoid(_floating(x))


@operation
def hard_sigmoid(x: Any) -> Any:
    """``relu6(x + 3) / 6``, a `sigmoid` of straight lines.

    Args:
        x: Tensor; integers become floats.

    Returns:
        Tensor of the same shape.

    Source: Courbariaux et al. 2015; `keras.ops.hard_sigmoid`.
    """
    return activations.hard_sigmoid(_floating(x))


@operation
def log_sigmoid(x: Any) -> Any:
    """Logarithm of `sigmoid`, computed without rounding small probabilities to 0.

    Args:
        x: Tensor; integers become floats.

    Returns:
        Tensor of the same shape.

    Source: `keras.ops.log_sigmoid`.
    """
    return activations.log_sigmoid(_floating(x))


@operation
def softplus(x: Any) -> Any:
    """``log(1 + exp(x))``, a smooth `relu`.

    Args:
        x: Tensor; integers become floats.

    Returns:
        Tensor of the same shape.

    Source: `keras.ops.softplus`.
    """
    return activations.softplus(_floating(x))


@operation
def sparse_plus(x: Any) -> Any:
    """0 below -1, the input above 1, and ``(x + 1)² / 4`` between.

    Args:
        x: Tensor; integers become floats.

    Returns:
        Tensor of the same shape.

    Source: `keras.ops.sparse_plus`.
    """
    return activations.sparse_plus(_floating(x))


@operation
def squareplus(x: Any, b: float = 4) -> Any:
    """``(x + sqrt(x² + b)) / 2``, a smooth `relu` without exponentials.

    Args:
        x: Tensor; integers become floats.
        b: Smoothness; 0 gives `relu`.

    Returns:
        Tensor of the same shape.

    Source: Barron 2021; `keras.ops.squareplus`.
    """
    return activations.squareplus(_floating(x), b)


@operation
def softsign(x: Any) -> Any:
    """``x / (1 + |x|)``, in (-1, 1).

    Args:
        x: Tensor; integers become floats.

    Returns:
        Tensor of the same shape.

    Source: `keras.ops.softsign`.
    """
    return activations.softsign(_floating(x))


@operation
def soft_shrink(x: Any, threshold: float = 0.5) -> Any:
    """The input moved towards 0 by `threshold`, and 0 where that would cross it.

    Args:
        x: Tensor; integers become floats.
        threshold: How far the input is moved, 0 or more.

    Returns:
        Tensor of the same shape.

    Source: `keras.ops.soft_shrink`.
    """
    return activations.soft_shrink(_floating(x), threshold)


@operation
def hard_shrink(x: Any, threshold: float = 0.5) -> Any:
    """The input where its magnitude is above `threshold`, else 0.

    Args:
        x: Tensor; integers become floats.
        threshold: Largest magnitude that becomes 0.

    Returns:
        Tensor of the same shape.

    Source: `keras.ops.hard_shrink`.
    """
    return activations.hard_shrink(_floating(x), threshold)


@operation
def tanh_shrink(x: Any) -> Any:
    """``x - tanh(x)``.

    Args:
        x: Tensor; integers become floats.

    Returns:
        Tensor of the same shape.

    Source: `keras.ops.tanh_shrink`.
    """
    return activations.tanh_shrink(_floating(x))


@operation
def hard_tanh(x: Any) -> Any:
    """The input clipped to [-1, 1].

    Args:
        x: Tensor; integers become floats.

    Returns:
        Tensor of the same shape.

    Source: `keras.ops.hard_tanh`.
    """
    return activations.hard_tanh(_floating(x))


@operation
def silu(x: Any) -> Any:
    """``x * sigmoid(x)``, also called swish.

    Args:
        x: Tensor; integers become floats.

    Returns:
        Tensor of the same shape.

    Source: Elfwing et al. 2017; Ramachandran et al. 2017; `keras.ops.silu`.
    """
    return activations.silu(_floating(x))


@operation
def hard_silu(x: Any) -> Any:
    """``x * hard_sigmoid(x)``, also called hard swish.

    Args:
        x: Tensor; integers become floats.

    Returns:
        Tensor of the same shape.

    Source: Howard et al. 2019; `keras.ops.hard_silu`.
    """
    return activations.hard_silu(_floating(x))


@operation
def elu(x: Any, alpha: float = 1.0) -> Any:
    """The input where it is positive, else ``alpha * (exp(x) - 1)``.

    Args:
        x: Tensor; integers become floats.
        alpha: Minus the limit for very negative inputs.

    Returns:
        Tensor of the same shape.

    Source: Clevert et al. 2016; `keras.ops.elu`.
    """
    return activations.elu(_floating(x), alpha)


@operation
def selu(x: Any) -> Any:
    """Scaled `elu` that keeps mean 0 and variance 1 from layer to layer.

    Args:
        x: Tensor; integers become floats.

    Returns:
        Tensor of the same shape.

    Source: Klambauer et al. 2017; `keras.ops.selu`.
    """
    return activations.selu(_floating(x))


@operation
def celu(x: Any, alpha: float = 1.0) -> Any:
    """`elu` of ``x / alpha`` times alpha: continuously differentiable for any `alpha`.

    Args:
        x: Tensor; integers become floats.
        alpha: Minus the limit for very negative inputs.

    Returns:
        Tensor of the same shape.

    Source: Barron 2017; `keras.ops.celu`.
    """
    return activations.celu(_floating(x), alpha)


@operation
def gelu(x: Any, approximate: bool = True) -> Any:
    """The input times the probability that a standard normal variable is smaller.

    Args:
        x: Tensor; integers become floats.
        approximate: Use ``tanh`` instead of the error function.

    Returns:
        Tensor of the same shape.

    Source: Hendrycks and Gimpel 2016; `keras.ops.gelu`, which approximates unless told otherwise.
    """
    return activations.gelu(_floating(x), approximate)


@operation
def glu(x: Any, axis: int = -1) -> Any:
    """First half of the input along `axis`, times `sigmoid` of the second.

    Args:
        x: Tensor with an even size along `axis`; integers become floats.
        axis: Axis to halve.

    Returns:
        Tensor of half the size along `axis`.

    Raises:
        InvalidArgumentError: The size is odd.

    Source: Dauphin et al. 2017; `keras.ops.glu`.
    """
    return activations.glu(_floating(x), axis)


@operation
def threshold(x: Any, threshold: float, default_value: float) -> Any:
    """The input where it is above `threshold`, else `default_value`.

    Args:
        x: Tensor; integers stay what they are.
        threshold: Largest input that is replaced.
        default_value: What replaces it.

    Returns:
        Tensor like `x`.

    Source: `keras.ops.threshold`.
    """
    return activations.threshold(tensor_of(x), threshold, default_value)


@operation
def sparsemax(x: Any, axis: int = -1) -> Any:
    """Probabilities over `axis` of which many are exactly 0: the nearest point of the simplex.

    Args:
        x: Logits.
        axis: Axis of the classes.

    Returns:
        Tensor of the same shape.

    Source: Martins and Astudillo 2016; `keras.ops.sparsemax`.
    """
    return activations.sparsemax(_floating(x), axis)


@operation
def softmax(x: Any, axis: Any = -1) -> Any:
    """Probabilities: positive values that sum to 1 over `axis`.

    Args:
        x: Logits, such as ``(batch, classes)``.
        axis: Axis of the classes, or several axes taken together; None for all.

    Returns:
        Tensor of the same shape. A cross-entropy of it is computed from the logits, without rounding.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.softmax([[0.0, 0.0]]).numpy().tolist()
        [[0.5, 0.5]]

    Source: `keras.ops.softmax`.
    """
    x = _floating(x)
    return activations.softmax(x, tuple(range(len(x.shape))) if axis is None else axis)


@operation
def log_softmax(x: Any, axis: Any = -1) -> Any:
    """Logarithm of `softmax`, computed without rounding small probabilities to 0.

    Args:
        x: Logits, such as ``(batch, classes)``.
        axis: Axis of the classes, or several axes taken together; None for all.

    Returns:
        Tensor of the same shape.

    Source: `keras.ops.log_softmax`.
    """
    x = _floating(x)
    return activations.log_softmax(x, tuple(range(len(x.shape))) if axis is None else axis)
