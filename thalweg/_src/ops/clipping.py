"""Larger and smaller of two, and clipping by value and by norm."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError, ShapeError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.support import (
    BROADCAST,
    INEXACT,
    REAL,
    axes_of,
    kind_of,
    needs,
    square_root,
    twin,
)


def _larger(x: Any, y: Any) -> Any:
    """`jnp.maximum` whose gradient goes to `x` alone where both are equal; NaN wins."""
    if kind_of(x) != "float":
        return jnp.maximum(x, y)
    return jnp.where((x >= y) | (x != x), x, y)


def _smaller(x: Any, y: Any) -> Any:
    """`jnp.minimum` whose gradient goes to `x` alone where both are equal; NaN wins."""
    if kind_of(x) != "float":
        return jnp.minimum(x, y)
    return jnp.where((x <= y) | (x != x), x, y)


@op("maximum", host=twin("maximum", np.maximum, REAL), hint=BROADCAST)
def maximum(x: Any, y: Any) -> Any:
    """The larger of `x` and `y`, element by element; NaN where one is NaN.

    Args:
        x: Tensor of a real dtype.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype. Where both are equal the gradient goes to
        `x`.

    Example:
        >>> import thalweg as tf
        >>> tf.maximum([1.0, 5.0], 3.0)
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([3., 5.], dtype=float32)>

    Source: `tf.math.maximum`.
    """
    needs("maximum", REAL, x, y)
    return _larger(x, y)


@op("minimum", host=twin("minimum", np.minimum, REAL), hint=BROADCAST)
def minimum(x: Any, y: Any) -> Any:
    """The smaller of `x` and `y`, element by element; NaN where one is NaN.

    Args:
        x: Tensor of a real dtype.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype. Where both are equal the gradient goes to
        `x`.

    Source: `tf.math.minimum`.
    """
    needs("minimum", REAL, x, y)
    return _smaller(x, y)


def _clip_host(t: Any, clip_value_min: Any, clip_value_max: Any) -> Any:
    out = np.maximum(np.minimum(t, clip_value_max), clip_value_min)
    _check_shape(t, out.shape)
    return out


def _check_shape(t: Any, shape: Any) -> None:
    if tuple(shape) != tuple(t.shape):
        raise ShapeError(
            f"[clip_by_value] expected bounds that broadcast to the shape {tuple(t.shape)} of `t`, got "
            f"a result of shape {tuple(shape)}; reshape the bounds or repeat `t`."
        )


@op("clip_by_value", host=twin("clip_by_value", _clip_host, REAL), hint=BROADCAST)
def clip_by_value(t: Any, clip_value_min: Any, clip_value_max: Any) -> Any:
    """`t` with values below the minimum and above the maximum set to these.

    Args:
        t: Tensor of a real dtype.
        clip_value_min: Least value: scalar, or tensor that broadcasts to the shape of `t`.
        clip_value_max: Greatest value, likewise. Where it is below the minimum the minimum wins.

    Returns:
        Tensor of the shape and dtype of `t`. The gradient is 1 where ``min <= t <= max``.

    Raises:
        ShapeError: The bounds do not broadcast to the shape of `t`.

    Example:
        >>> import thalweg as tf
        >>> tf.clip_by_value([1, 5, 9], 2, 7)
        <tf.Tensor: shape=(3,), dtype=int32, numpy=array([2, 5, 7], dtype=int32)>

    Source: `tf.clip_by_value`.
    """
    needs("clip_by_value", REAL, t, clip_value_min, clip_value_max)
    out = _larger(_smaller(t, clip_value_max), clip_value_min)
    _check_shape(t, out.shape)
    return out


@op("clip_by_norm", inputs=("t", "clip_norm"))
def clip_by_norm(t: Any, clip_norm: Any, axes: Any = None) -> Any:
    """`t` scaled down so that its Euclidean norm is at most `clip_norm`.

    Args:
        t: Floating or complex tensor.
        clip_norm: Greatest norm, above 0: scalar, or tensor that broadcasts to the norms.
        axes: Dimensions over which a norm is taken; None for all.

    Returns:
        Tensor of the shape and dtype of `t`.

    Raises:
        InvalidArgumentError: An axis is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.clip_by_norm([3.0, 4.0], 1.0)
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([0.6, 0.8], dtype=float32)>

    Source: `tf.clip_by_norm`.
    """
    needs("clip_by_norm", INEXACT, t)
    axis = axes_of("clip_by_norm", axes, t.ndim)
    total = jnp.sum(t * t, axis=axis, keepdims=True, dtype=t.dtype)
    positive = total != 0 if kind_of(t) == "complex" else total > 0
    # The root of 0 has an infinite gradient: 1 stands in for it where all of `t` is 0.
    root = jnp.sqrt(jnp.where(positive, total, jnp.ones_like(total)))
    norm = jnp.where(positive, root, total)
    if kind_of(t) == "complex":
        return t * clip_norm / jnp.maximum(lax.real(norm), lax.real(clip_norm)).astype(t.dtype)
    out = t * clip_norm / _larger(norm, clip_norm)
    if out.shape != t.shape:
        raise ShapeError(
            f"[clip_by_norm] expected a clip_norm that broadcasts to the shape {t.shape} of `t`, got "
            f"shape {clip_norm.shape}; give a scalar."
        )
    return out


@op("global_norm")
def _global_norm(*values: Any) -> Any:
    """Euclidean norm of all numbers in the tensors together."""
    needs("global_norm", INEXACT, *values)
    wide = np.result_type(*(_real_dtype(v) for v in values))
    total = sum(jnp.sum(jnp.square(jnp.abs(v)), dtype=_real_dtype(v)).astype(wide) for v in values)
    return square_root(total)


def _real_dtype(x: Any) -> Any:
    return x.real.dtype if kind_of(x) == "complex" else x.dtype


def global_norm(t_list: Any, name: str | None = None) -> Any:
    """Euclidean norm of all numbers in several tensors together.

    Args:
        t_list: List of floating tensors; None among them is skipped.
        name: Name of the node in a model's graph.

    Returns:
        Scalar; 0 for an empty list.

    Raises:
        TypeError: `t_list` is no list.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.global_norm([tf.constant([3.0]), tf.constant([4.0])])
        <tf.Tensor: shape=(), dtype=float32, numpy=5.0>

    Source: `tf.linalg.global_norm`.
    """
    tensors = [t for t in _listed("global_norm", t_list) if t is not None]
    if not tensors:
        return Tensor(jnp.zeros((), jnp.float32))
    return _global_norm(*tensors)


@op("clip_by_global_norm", matched=())
def _scale_all(*values: Any) -> Any:
    """Tensors scaled by ``clip_norm / max(norm, clip_norm)``; the last two are these scalars."""
    *tensors, clip_norm, norm = values
    clip_norm = clip_norm.astype(norm.dtype)
    scale = clip_norm * jnp.minimum(1 / norm, 1 / clip_norm)
    # An infinite norm would give 0: NaN shows that the gradients are lost, as in TensorFlow.
    scale = jnp.where(jnp.isfinite(norm), scale, jnp.asarray(np.nan, norm.dtype))
    return tuple(v * scale.astype(v.dtype) for v in tensors)


_scale_all.opdef.body.many = True  # type: ignore[attr-defined]


def clip_by_global_norm(
    t_list: Any, clip_norm: Any, use_norm: Any = None, name: str | None = None
) -> tuple[list[Any], Any]:
    """Several tensors scaled by one factor so that their common norm is at most `clip_norm`.

    Args:
        t_list: List of floating tensors; None among them is kept.
        clip_norm: Greatest norm, above 0.
        use_norm: Their norm, when it is known already.
        name: Name of the node in a model's graph.

    Returns:
        List of scaled tensors, and the norm before scaling. All are NaN when the norm is not finite.

    Raises:
        TypeError: `t_list` is no list.

    Example:
        >>> import thalweg as tf
        >>> clipped, norm = tf.clip_by_global_norm([tf.constant([3.0]), tf.constant([4.0])], 1.0)
        >>> norm
        <tf.Tensor: shape=(), dtype=float32, numpy=5.0>

    Source: `tf.clip_by_global_norm`; Pascanu et al., On the difficulty of training recurrent neural
    networks (2013).
    """
    given = _listed("clip_by_global_norm", t_list)
    norm = global_norm(given) if use_norm is None else convert_to_tensor(use_norm)
    tensors = [t for t in given if t is not None]
    if not tensors:
        return list(given), norm
    scaled = iter(_scale_all(*tensors, clip_norm, norm))
    return [None if t is None else next(scaled) for t in given], norm


def _listed(where: str, t_list: Any) -> list[Any]:
    if isinstance(t_list, (Tensor, KerasTensor, str)) or not hasattr(t_list, "__iter__"):
        raise DTypeError(
            f"[{where}] expected a list of tensors, got {type(t_list).__name__}; write [t] for one."
        )
    return list(t_list)
