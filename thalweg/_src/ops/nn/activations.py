"""Activation functions, element by element.

`sigmoid`, `tanh`, `softplus` and `softsign` are in ``ops/exponential.py`` and ``ops/trigonometric.py``.
"""

from __future__ import annotations

import math
from typing import Any

from jax import lax
from jax import numpy as jnp

from thalweg._src.core.opdef import op
from thalweg._src.ops.support import FLOAT, REAL, axis_of, kind_of, needs

_CAST = "Cast integers with tf.cast(x, tf.float32) first."
# Fixed point of mean 0 and variance 1 (Klambauer et al., 2017, equation 14).
_SELU_SCALE = 1.0507009873554804934193349852946
_SELU_ALPHA = 1.6732632423543772848170429916717


def _above_zero(x: Any) -> Any:
    """``max(x, 0)`` that keeps NaN and has slope 0, not a half, at 0."""
    return jnp.where(x <= 0, jnp.zeros((), x.dtype), x)


def _expm1_below_zero(x: Any) -> Any:
    """``exp(x) - 1`` below 0 and 0 above, where the exponential would overflow and spoil the slope."""
    return jnp.expm1(jnp.where(x < 0, x, jnp.zeros((), x.dtype)))


@op("relu")
def relu(features: Any) -> Any:
    """``max(features, 0)``, element by element.

    Args:
        features: Tensor of a real dtype.

    Returns:
        Tensor of the same shape and dtype. The slope at 0 is 0; NaN stays NaN.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.relu([-1.0, 2.0])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([0., 2.], dtype=float32)>

    Source: Nair and Hinton, "Rectified linear units improve restricted Boltzmann machines" (2010);
    `tf.nn.relu`.
    """
    needs("relu", REAL, features)
    return _above_zero(features)


@op("relu6")
def relu6(features: Any) -> Any:
    """``min(max(features, 0), 6)``, element by element.

    Args:
        features: Tensor of a real dtype.

    Returns:
        Tensor of the same shape and dtype. The slope at 0 and 6 is 0; NaN stays NaN.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.relu6([-1.0, 2.0, 7.0]).numpy().tolist()
        [0.0, 2.0, 6.0]

    Source: Krizhevsky, "Convolutional deep belief networks on CIFAR-10" (2010); `tf.nn.relu6`.
    """
    needs("relu6", REAL, features)
    return jnp.where(features >= 6, jnp.asarray(6, features.dtype), _above_zero(features))


@op("leaky_relu")
def leaky_relu(features: Any, alpha: float = 0.2) -> Any:
    """``features`` where positive, ``alpha * features`` elsewhere.

    Args:
        features: Tensor of a real dtype; integers become float32.
        alpha: Slope at 0 and below.

    Returns:
        Tensor of the same shape.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.leaky_relu([-1.0, 2.0], alpha=0.5).numpy().tolist()
        [-0.5, 2.0]

    Source: Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network acoustic models" (2013);
    `tf.nn.leaky_relu`.
    """
    needs("leaky_relu", REAL, features)
    if kind_of(features) != "float":
        features = lax.convert_element_type(features, jnp.float32)
    return jnp.where(features > 0, features, features * jnp.asarray(alpha, features.dtype))


@op("elu", hint=_CAST)
def elu(features: Any) -> Any:
    """``features`` where positive, ``exp(features) - 1`` below.

    Args:
        features: Floating tensor.

    Returns:
        Tensor of the same shape and dtype, above -1.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.elu([-1000.0, 2.0]).numpy().tolist()
        [-1.0, 2.0]

    Source: Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by exponential
    linear units" (2015); `tf.nn.elu`.
    """
    needs("elu", FLOAT, features)
    return jnp.where(features < 0, _expm1_below_zero(features), features)


@op("selu", hint=_CAST)
def selu(features: Any) -> Any:
    """Scaled `elu`, under which activations of mean 0 and variance 1 keep both.

    Args:
        features: Floating tensor.

    Returns:
        ``1.0507 * features`` where positive, ``1.7581 * (exp(features) - 1)`` below; same shape and dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.selu([0.0, 1.0]).numpy().round(4).tolist()
        [0.0, 1.0506999492645264]

    Source: Klambauer et al., "Self-normalizing neural networks" (2017); `tf.nn.selu`.
    """
    needs("selu", FLOAT, features)
    scale = jnp.asarray(_SELU_SCALE, features.dtype)
    low = jnp.asarray(_SELU_SCALE * _SELU_ALPHA, features.dtype)
    return jnp.where(features < 0, low * _expm1_below_zero(features), scale * features)


@op("gelu", hint=_CAST)
def gelu(features: Any, approximate: bool = False) -> Any:
    """Gaussian error linear unit: ``features * P(N <= features)`` for a standard normal N.

    Args:
        features: Floating tensor.
        approximate: Use the form with tanh instead of the error function.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.gelu([0.0, 1.0]).numpy().round(4).tolist()
        [0.0, 0.8413000106811523]

    Source: Hendrycks and Gimpel, "Gaussian error linear units" (2016); `tf.nn.gelu`.
    """
    needs("gelu", FLOAT, features)
    half = jnp.asarray(0.5, features.dtype)
    if approximate:
        inner = jnp.asarray(0.044715, features.dtype) * features * features * features
        root = jnp.asarray(math.sqrt(2 / math.pi), features.dtype)
        return half * features * (1 + jnp.tanh(root * (features + inner)))
    return half * features * (1 + lax.erf(features * jnp.asarray(math.sqrt(0.5), features.dtype)))


@op("silu", inputs=("features", "beta"), hint=_CAST)
def swish(features: Any, beta: Any = 1.0) -> Any:
    """``features * sigmoid(beta * features)``: SiLU, or Swish with its `beta`.

    Args:
        features: Floating tensor.
        beta: Number or tensor that broadcasts; gradients flow to it as well.

    Returns:
        Tensor of the same dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.silu([0.0, 1.0]).numpy().round(4).tolist()
        [0.0, 0.7311000227928162]

    Source: Hendrycks and Gimpel (2016); Ramachandran, Zoph and Le, "Searching for activation functions"
    (2017); `tf.nn.silu`.
    """
    needs("silu", FLOAT, features)
    return features * lax.logistic(beta * features)


silu = swish


@op("crelu")
def crelu(features: Any, axis: int = -1) -> Any:
    """Positive and negative parts, one after the other: ``relu(concat([x, -x], axis))``.

    Args:
        features: Tensor of a real dtype.
        axis: Axis that doubles.

    Returns:
        Tensor of the same dtype, twice as long along `axis`.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.crelu([[1.0, -2.0]]).numpy().tolist()
        [[1.0, 0.0, 0.0, 2.0]]

    Source: Shang et al., "Understanding and improving convolutional neural networks via concatenated
    rectified linear units" (2016); `tf.nn.crelu`.
    """
    needs("crelu", REAL, features)
    axis = axis_of("crelu", axis, features.ndim)
    return _above_zero(jnp.concatenate([features, -features], axis))
