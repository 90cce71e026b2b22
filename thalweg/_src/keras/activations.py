"""Activations: functions applied to the outputs of layers, and how they are found by name."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.composite import Composite
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.dtypes import as_dtype
from thalweg._src.keras.base.notes import remember_logits
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.base.registry import resolve, table_of
from thalweg._src.keras.base.serialization import enroll, plain
from thalweg._src.ops import (
    clipping,
    creation,
    cumulative,
    joining,
    reduction,
    selection,
    sorting,
    trigonometric,
)
from thalweg._src.ops import exponential as smooth
from thalweg._src.ops.casting import cast
from thalweg._src.ops.nn import activations as nn
from thalweg._src.ops.nn import softmax as softmax_ops


def relu(
    x: Any, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Any:
    """The input where it is at least `threshold`, else 0 or a line of slope `negative_slope`.

    Args:
        x: Tensor.
        negative_slope: Slope below the threshold: ``negative_slope * (x - threshold)``.
        max_value: Largest result, or None.
        threshold: Where the result begins to follow the input.

    Returns:
        Tensor like `x`; floats for integers if there are options. The gradient at the threshold is 0.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.activations.relu(tf.constant([-2.0, 0.5, 9.0]), max_value=6.0).numpy().tolist()
        [0.0, 0.5, 6.0]

    Source: Nair and Hinton 2010; `keras.activations.relu`.
    """
    x = _tensor(x)
    if max_value is None and not threshold:
        return nn.leaky_relu(_floating(x), negative_slope) if negative_slope else nn.relu(x)
    x = _floating(x)
    # No product with 0, which would make infinity NaN.
    result = selection.where(x > threshold, x, 0.0) if threshold else nn.relu(x)
    if max_value is not None:
        result = clipping.clip_by_value(result, 0, max_value)
    if negative_slope:
        result = result - negative_slope * nn.relu(threshold - x)
    return result


def relu6(x: Any) -> Any:
    """The input clipped to [0, 6].

    Args:
        x: Tensor.

    Source: Krizhevsky 2010, "Convolutional deep belief networks on CIFAR-10".
    """
    return nn.relu6(_tensor(x))


def leaky_relu(x: Any, negative_slope: float = 0.2) -> Any:
    """The input where it is positive, else `negative_slope` times it.

    Args:
        x: Tensor.
        negative_slope: Slope for negative inputs.

    Source: Maas et al. 2013; `keras.activations.leaky_relu`.
    """
    return relu(x, negative_slope=negative_slope)


def softmax(x: Any, axis: Any = -1) -> Any:
    """Probabilities: positive values that sum to 1 over `axis`.

    Args:
        x: Logits, such as ``(batch, classes)``.
        axis: Axis of the classes, or several axes taken together.

    Returns:
        Tensor like `x`. A cross-entropy of it is computed from the logits, without rounding.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.activations.softmax(tf.constant([[0.0, 0.0]])).numpy().tolist()
        [[0.5, 0.5]]

    Source: `keras.activations.softmax`.
    """
    x = _floating(x)
    if not len(x.shape):
        raise InvalidArgumentError("[softmax] expected a tensor of rank 1 or more, got a scalar.")
    wide = _wide(x)
    if isinstance(axis, int):
        return remember_logits(cast(softmax_ops.softmax(wide, axis), x.dtype), wide, axis)
    return cast(smooth.exp(log_softmax(wide, axis)), x.dtype)


def log_softmax(x: Any, axis: Any = -1) -> Any:
    """Logarithm of `softmax`, computed without rounding small probabilities to 0.

    Args:
        x: Logits.
        axis: Axis of the classes, or several axes taken together.

    Source: `keras.activations.log_softmax`.
    """
    x = _floating(x)
    wide = _wide(x)
    if isinstance(axis, int):
        return cast(softmax_ops.log_softmax(wide, axis), x.dtype)
    return cast(wide - reduction.reduce_logsumexp(wide, axis=axis, keepdims=True), x.dtype)


def _tensor(x: Any) -> Any:
    return x if isinstance(x, Composite) else convert_to_tensor(x)


def _floating(x: Any) -> Any:
    """Tensor of the input, integers in the default floating dtype."""
    tensor = _tensor(x)
    dtype = as_dtype(tensor.dtype)
    return cast(tensor, floatx()) if dtype.is_integer or dtype.is_bool else tensor


def _wide(x: Any) -> Any:
    """The tensor in float32 where it is narrower: sums over classes lose digits in 16 bits."""
    dtype = as_dtype(x.dtype)
    return cast(x, "float32") if dtype.is_floating and dtype.size < 4 else x


def sparsemax(x: Any, axis: int = -1) -> Any:
    """Probabilities over `axis` of which many are exactly 0: the nearest point of the simplex.

    Args:
        x: Logits.
        axis: Axis of the classes.

    Source: Martins and Astudillo 2016, "From softmax to sparsemax".
    """
    x = _floating(x)
    ranked = sorting.sort(x, axis=axis, direction="DESCENDING")
    ones = creation.ones_like(x)
    rank = cumulative.cumsum(ones, axis=axis)
    sums = cumulative.cumsum(ranked, axis=axis)
    kept = cast(1 + rank * ranked > sums, x.dtype)
    count = reduction.reduce_sum(kept, axis=axis, keepdims=True)
    excess = (reduction.reduce_sum(ranked * kept, axis=axis, keepdims=True) - 1) / count
    return nn.relu(x - excess)


def elu(x: Any, alpha: float = 1.0) -> Any:
    """The input where it is positive, else ``alpha * (exp(x) - 1)``.

    Args:
        x: Tensor.
        alpha: Minus the limit for very negative inputs.

    Source: Clevert et al. 2016, "Fast and accurate deep network learning by ELUs".
    """
    x = _floating(x)
    return nn.elu(x) if alpha == 1 else selection.where(x > 0, x, alpha * nn.elu(x))


def selu(x: Any) -> Any:
    """Scaled `elu` that keeps mean 0 and variance 1 from layer to layer.

    Args:
        x: Tensor.

    Source: Klambauer et al. 2017, "Self-normalizing neural networks".
    """
    return nn.selu(_floating(x))


def celu(x: Any, alpha: float = 1.0) -> Any:
    """`elu` of ``x / alpha`` times alpha: continuously differentiable for any `alpha`.

    Args:
        x: Tensor.
        alpha: Minus the limit for very negative inputs.

    Source: Barron 2017, "Continuously differentiable exponential linear units".
    """
    x = _floating(x)
    below = alpha * smooth.expm1(clipping.minimum(x, 0) / alpha)
    return clipping.maximum(x, 0) + below


def softplus(x: Any) -> Any:
    """``log(1 + exp(x))``, a smooth `relu`.

    Args:
        x: Tensor.

    Source: `keras.activations.softplus`.
    """
    return smooth.softplus(_floating(x))


def softsign(x: Any) -> Any:
    """``x / (1 + |x|)``, in (-1, 1).

    Args:
        x: Tensor.

    Source: `keras.activations.softsign`.
    """
    return smooth.softsign(_floating(x))


def squareplus(x: Any, b: float = 4) -> Any:
    """``(x + sqrt(x² + b)) / 2``, a smooth `relu` without exponentials.

    Args:
        x: Tensor.
        b: Smoothness; 0 gives `relu`.

    Source: Barron 2021, "Squareplus: a softplus-like algebraic rectifier".
    """
    x = _floating(x)
    return (x + smooth.sqrt(x * x + b)) / 2


def sparse_plus(x: Any) -> Any:
    """0 below -1, the input above 1, and ``(x + 1)² / 4`` between.

    Args:
        x: Tensor.

    Source: `keras.activations.sparse_plus`.
    """
    x = _floating(x)
    bent = (x + 1) * (x + 1) / 4
    return selection.where(x <= -1, creation.zeros_like(x), selection.where(x < 1, bent, x))


def sigmoid(x: Any) -> Any:
    """``1 / (1 + exp(-x))``, in (0, 1).

    Args:
        x: Logits.

    Returns:
        Tensor like `x`. A cross-entropy of it is computed from the logits, without rounding.

    Source: `keras.activations.sigmoid`.
    """
    x = _floating(x)
    return remember_logits(smooth.sigmoid(x), x)


def log_sigmoid(x: Any) -> Any:
    """Logarithm of `sigmoid`, computed without rounding small probabilities to 0.

    Args:
        x: Tensor.

    Source: `keras.activations.log_sigmoid`.
    """
    return smooth.log_sigmoid(_floating(x))


def hard_sigmoid(x: Any) -> Any:
    """``relu6(x + 3) / 6``, a `sigmoid` of straight lines.

    Args:
        x: Tensor.

    Source: Courbariaux et al. 2015; `keras.activations.hard_sigmoid`.
    """
    return relu6(_floating(x) + 3) / 6


def sparse_sigmoid(x: Any) -> Any:
    """0 below -1, 1 above 1, and ``(x + 1) / 2`` between.

    Args:
        x: Tensor.

    Source: `keras.activations.sparse_sigmoid`.
    """
    x = _floating(x)
    inside = selection.where(x >= 1, creation.ones_like(x), (x + 1) / 2)
    return selection.where(x <= -1, creation.zeros_like(x), inside)


def silu(x: Any) -> Any:
    """``x * sigmoid(x)``, also called swish.

    Args:
        x: Tensor.

    Source: Elfwing et al. 2017; Ramachandran et al. 2017.
    """
    return nn.silu(_floating(x))


def hard_silu(x: Any) -> Any:
    """``x * hard_sigmoid(x)``.

    Args:
        x: Tensor.

    Source: Howard et al. 2019, "Searching for MobileNetV3".
    """
    x = _floating(x)
    return x * hard_sigmoid(x)


def gelu(x: Any, approximate: bool = False) -> Any:
    """The input times the probability that a standard normal variable is smaller.

    Args:
        x: Tensor.
        approximate: Use ``tanh`` instead of the error function.

    Source: Hendrycks and Gimpel 2016, "Gaussian error linear units".
    """
    return nn.gelu(_floating(x), approximate)


def glu(x: Any, axis: int = -1) -> Any:
    """First half of the input along `axis`, times `sigmoid` of the second.

    Args:
        x: Tensor with an even size along `axis`.
        axis: Axis to halve.

    Source: Dauphin et al. 2017, "Language modeling with gated convolutional networks".
    """
    x = _floating(x)
    size = x.shape[axis]
    if size is not None and size % 2:
        raise InvalidArgumentError(
            f"[glu] expected an even size along axis {axis}, got shape {tuple(x.shape)}; double the "
            "units of the layer before."
        )
    kept, gate = joining.split(x, 2, axis=axis)
    return kept * smooth.sigmoid(gate)


def tanh(x: Any) -> Any:
    """Hyperbolic tangent, in (-1, 1).

    Args:
        x: Tensor.

    Source: `keras.activations.tanh`.
    """
    return trigonometric.tanh(_floating(x))


def hard_tanh(x: Any) -> Any:
    """The input clipped to [-1, 1].

    Args:
        x: Tensor.

    Source: `keras.activations.hard_tanh`.
    """
    return clipping.clip_by_value(_floating(x), -1, 1)


def tanh_shrink(x: Any) -> Any:
    """``x - tanh(x)``.

    Args:
        x: Tensor.

    Source: `keras.activations.tanh_shrink`.
    """
    x = _floating(x)
    return x - trigonometric.tanh(x)


def hard_shrink(x: Any, threshold: float = 0.5) -> Any:
    """The input where its magnitude is above `threshold`, else 0.

    Args:
        x: Tensor.
        threshold: Largest magnitude that is set to 0.

    Source: `keras.activations.hard_shrink`.
    """
    x = _floating(x)
    return selection.where(abs(x) > threshold, x, creation.zeros_like(x))


def soft_shrink(x: Any, threshold: float = 0.5) -> Any:
    """The input moved towards 0 by `threshold`, and 0 where that would cross it.

    Args:
        x: Tensor.
        threshold: How far to move.

    Source: `keras.activations.soft_shrink`.
    """
    x = _floating(x)
    inside = selection.where(x < -threshold, x + threshold, creation.zeros_like(x))
    return selection.where(x > threshold, x - threshold, inside)


def threshold(x: Any, threshold: float, default_value: float) -> Any:
    """The input where it is above `threshold`, else `default_value`.

    Args:
        x: Tensor.
        threshold: Largest value that is replaced.
        default_value: What replaces it.

    Source: `keras.activations.threshold`.
    """
    x = _floating(x)
    return selection.where(x > threshold, x, cast(default_value, x.dtype))


def mish(x: Any) -> Any:
    """``x * tanh(softplus(x))``.

    Args:
        x: Tensor.

    Source: Misra 2019, "Mish: a self regularized non-monotonic activation function".
    """
    x = _floating(x)
    return x * trigonometric.tanh(smooth.softplus(x))


def exponential(x: Any) -> Any:
    """``exp(x)``.

    Args:
        x: Tensor.

    Source: `keras.activations.exponential`.
    """
    return smooth.exp(_floating(x))


def linear(x: Any) -> Any:
    """The input itself.

    Args:
        x: Anything.

    Source: `keras.activations.linear`.
    """
    return x


_FUNCTIONS = (
    celu, elu, exponential, gelu, glu, hard_shrink, hard_sigmoid, hard_silu, hard_tanh, leaky_relu,
    linear, log_sigmoid, log_softmax, mish, relu, relu6, selu, sigmoid, silu, soft_shrink, softmax,
    softplus, softsign, sparse_plus, sparse_sigmoid, sparsemax, squareplus, tanh, tanh_shrink,
    threshold,
)  # fmt: skip
enroll("keras.activations", *_FUNCTIONS)
_TABLE = table_of(*_FUNCTIONS, swish=silu, hard_swish=hard_silu)


def get(identifier: Any) -> Any:
    """Activation that a name, config or function stands for; `linear` for None.

    Args:
        identifier: Such as ``"relu"``.

    Raises:
        ValueError: An unknown name; the message suggests the nearest.

    Source: `keras.activations.get`.
    """
    return linear if identifier is None else resolve("activation", identifier, _TABLE)


def serialize(activation: Any) -> Any:
    """Name of an activation, from which `get` finds it again.

    Args:
        activation: Function of this module, or one of the user's.

    Source: `keras.activations.serialize`.
    """
    return plain(activation)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Activation of what `serialize` gave.

    Args:
        config: Name.
        custom_objects: Further functions by name.

    Source: `keras.activations.deserialize`.
    """
    return resolve("activation", config, _TABLE | (custom_objects or {}))
