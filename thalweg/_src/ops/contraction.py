"""Products of matrices and tensors: matmul, matvec, tensordot, cross."""

from __future__ import annotations

from typing import Any

from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops import products
from thalweg._src.ops.products import Factors, product
from thalweg._src.ops.support import NUMERIC, axis_of, needs

_MATMUL_HINT = "the columns of a must equal the rows of b, and batch sizes must be equal or 1."


def _batch_labels(rank: int) -> tuple[str, ...]:
    """Labels of batch dimensions, aligned at the last one."""
    return tuple(f".{i}" for i in range(rank, 0, -1))


def _turn(where: str, x: Any, rank: int, transpose: bool, adjoint: bool, label: str) -> Any:
    """The operand, conjugated for its adjoint, after checks."""
    if transpose and adjoint:
        raise InvalidArgumentError(
            f"[{where}] expected one of transpose_{label} and adjoint_{label}, got both True; the "
            "adjoint is the transpose of the conjugate, so choose it alone."
        )
    if x.ndim < rank:
        advice = (
            "use tf.linalg.matvec(a, b) for a vector b, tf.tensordot(a, b, 1), or x[tf.newaxis, :]."
            if rank == 2
            else "give it at least one dimension."
        )
        raise ShapeError(
            f"[{where}] expected {label} of rank {rank} or more, got {x.dtype.name} of shape "
            f"{tuple(x.shape)}; {advice}"
        )
    return jnp.conj(x) if adjoint and jnp.iscomplexobj(x) else x


def _arrange_matmul(
    a: Any,
    b: Any,
    transpose_a: bool,
    transpose_b: bool,
    adjoint_a: bool,
    adjoint_b: bool,
    output_type: Any,
    **_: bool,
) -> Factors:
    a = _turn("matmul", a, 2, transpose_a, adjoint_a, "a")
    b = _turn("matmul", b, 2, transpose_b, adjoint_b, "b")
    of_a, of_b = _batch_labels(a.ndim - 2), _batch_labels(b.ndim - 2)
    a_labels = of_a + (("inner", "row") if transpose_a or adjoint_a else ("row", "inner"))
    b_labels = of_b + (("column", "inner") if transpose_b or adjoint_b else ("inner", "column"))
    products.check_sizes("matmul", a, a_labels, b, b_labels, _MATMUL_HINT)
    out_labels = (*max(of_a, of_b, key=len), "row", "column")
    dtype = products.result_dtype("matmul", a, output_type)
    return Factors(a, a_labels, b, b_labels, out_labels, dtype)


@op("matmul", inputs=("a", "b"), gradient=products.gradient_of(_arrange_matmul))
def matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    output_type: Any = None,
    grad_a: bool = False,
    grad_b: bool = False,
) -> Any:
    """Product of matrices ``a @ b``, for each pair of matrices of a batch.

    Args:
        a: Tensor ``(..., rows, inner)``.
        b: Tensor ``(..., inner, columns)`` of the same dtype; batch dimensions broadcast.
        transpose_a: Swap the last two dimensions of `a` first.
        transpose_b: Swap the last two dimensions of `b` first.
        adjoint_a: Swap the last two dimensions of `a` and conjugate it first.
        adjoint_b: Swap the last two dimensions of `b` and conjugate it first.
        a_is_sparse: Hint that `a` holds many zeros. Has no effect.
        b_is_sparse: Hint that `b` holds many zeros. Has no effect.
        output_type: Dtype of the result, such as int32 for int8 factors; that of `a` when None.
        grad_a: Hint that `a` is a gradient. Has no effect.
        grad_b: Hint that `b` is a gradient. Has no effect.

    Returns:
        Tensor ``(..., rows, columns)``.

    Raises:
        ValueError: A factor has rank 1, the sizes do not fit, or a factor is to be both transposed and
            its adjoint.
        TypeError: The dtypes differ, or are bool, int8 or int16 without `output_type`.

    Example:
        >>> import thalweg as tf
        >>> tf.matmul([[1.0, 2.0]], [[3.0], [4.0]])
        <tf.Tensor: shape=(1, 1), dtype=float32, numpy=array([[11.]], dtype=float32)>

    Source: `tf.linalg.matmul`. Factors of 16 bits are added up in float32. TensorFlow multiplies
    bfloat16 by float32 too; here one of them must be cast.
    """
    del a_is_sparse, b_is_sparse, grad_a, grad_b
    return product(
        _arrange_matmul(a, b, transpose_a, transpose_b, adjoint_a, adjoint_b, output_type)
    )


def _arrange_matvec(a: Any, b: Any, transpose_a: bool, adjoint_a: bool, **_: bool) -> Factors:
    a = _turn("matvec", a, 2, transpose_a, adjoint_a, "a")
    b = _turn("matvec", b, 1, False, False, "b")
    of_a, b_labels = _batch_labels(a.ndim - 2), (*_batch_labels(b.ndim - 1), "inner")
    a_labels = of_a + (("inner", "row") if transpose_a or adjoint_a else ("row", "inner"))
    hint = "the columns of a must equal the size of b, and batch sizes must be equal or 1."
    products.check_sizes("matvec", a, a_labels, b, b_labels, hint)
    out_labels = (*max(of_a, b_labels[:-1], key=len), "row")
    return Factors(a, a_labels, b, b_labels, out_labels, products.result_dtype("matvec", a))


@op("matvec", inputs=("a", "b"), gradient=products.gradient_of(_arrange_matvec))
def matvec(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    adjoint_a: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
) -> Any:
    """Product of a matrix and a vector, for each pair of a batch.

    Args:
        a: Tensor ``(..., rows, inner)``.
        b: Tensor ``(..., inner)`` of the same dtype; batch dimensions broadcast.
        transpose_a: Swap the last two dimensions of `a` first.
        adjoint_a: Swap the last two dimensions of `a` and conjugate it first.
        a_is_sparse: Hint that `a` holds many zeros. Has no effect.
        b_is_sparse: Hint that `b` holds many zeros. Has no effect.

    Returns:
        Tensor ``(..., rows)``.

    Raises:
        ValueError: The sizes do not fit, or `a` has rank 1.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.matvec([[1, 2], [3, 4]], [1, 1])
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([3, 7], dtype=int32)>

    Source: `tf.linalg.matvec`.
    """
    del a_is_sparse, b_is_sparse
    return product(_arrange_matvec(a, b, transpose_a, adjoint_a))


def _pairs_of_axes(a: Any, b: Any, axes: Any) -> tuple[list[int], list[int]]:
    """Axes of `a` and of `b` to sum over, in pairs."""
    if isinstance(axes, int):
        if not 0 <= axes <= min(a.ndim, b.ndim):
            raise InvalidArgumentError(
                f"[tensordot] expected axes from 0 to {min(a.ndim, b.ndim)} for tensors of shapes "
                f"{tuple(a.shape)} and {tuple(b.shape)}, got {axes}; it counts the dimensions that "
                "are summed over."
            )
        return list(range(a.ndim - axes, a.ndim)), list(range(axes))
    if not isinstance(axes, tuple) or len(axes) != 2:
        raise InvalidArgumentError(
            f"[tensordot] expected axes as a number or a pair of lists, got {axes!r}; write "
            "axes=[[axes of a], [axes of b]]."
        )
    pairs = [(side,) if isinstance(side, int) else tuple(side) for side in axes]
    if len(pairs[0]) != len(pairs[1]):
        raise InvalidArgumentError(
            f"[tensordot] expected as many axes of a as of b, got {len(pairs[0])} and "
            f"{len(pairs[1])} in {axes!r}; each axis of a is summed with one of b."
        )
    of_a = [axis_of("tensordot", i, a.ndim) for i in pairs[0]]
    of_b = [axis_of("tensordot", i, b.ndim) for i in pairs[1]]
    if len(set(of_a)) != len(of_a) or len(set(of_b)) != len(of_b):
        raise InvalidArgumentError(
            f"[tensordot] expected every axis once, got {axes!r}; remove the repeated one."
        )
    return of_a, of_b


def _arrange_tensordot(a: Any, b: Any, axes: Any) -> Factors:
    of_a, of_b = _pairs_of_axes(a, b, axes)
    a_labels = tuple(f"a{i}" for i in range(a.ndim))
    paired = {i: a_labels[j] for i, j in zip(of_b, of_a, strict=True)}
    b_labels = tuple(paired.get(i, f"b{i}") for i in range(b.ndim))
    products.check_sizes("tensordot", a, a_labels, b, b_labels, "summed axes must be of one size.")
    out_labels = tuple(n for n in a_labels if n not in b_labels) + tuple(
        n for n in b_labels if n not in a_labels
    )
    return Factors(a, a_labels, b, b_labels, out_labels, products.result_dtype("tensordot", a))


@op("tensordot", inputs=("a", "b"), gradient=products.gradient_of(_arrange_tensordot))
def tensordot(a: Any, b: Any, axes: Any) -> Any:
    """Sum of products over pairs of axes.

    Args:
        a: Tensor.
        b: Tensor of the same dtype.
        axes: Number n, for the last n axes of `a` with the first n of `b` (0: the outer product); or
            ``[axes of a, axes of b]``, each a number or a list.

    Returns:
        Tensor with the remaining axes of `a`, then those of `b`.

    Raises:
        ValueError: An axis is out of range or repeated, or the sizes of a pair differ.

    Example:
        >>> import thalweg as tf
        >>> tf.tensordot([1, 2], [3, 4, 5], axes=0).numpy().tolist()
        [[3, 4, 5], [6, 8, 10]]

    Source: `tf.tensordot`.
    """
    return product(_arrange_tensordot(a, b, axes))


@op("cross")
def cross(a: Any, b: Any) -> Any:
    """Cross product of vectors of three numbers.

    Args:
        a: Tensor ``(..., 3)``.
        b: Tensor of the same shape and dtype.

    Returns:
        Tensor ``(..., 3)``, at right angles to both.

    Raises:
        ValueError: The shapes differ, or the last size is not 3.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.cross([1, 0, 0], [0, 1, 0])
        <tf.Tensor: shape=(3,), dtype=int32, numpy=array([0, 0, 1], dtype=int32)>

    Source: `tf.linalg.cross`.
    """
    needs("cross", NUMERIC, a, b)
    if a.shape != b.shape or a.shape[-1:] != (3,):
        raise ShapeError(
            f"[cross] expected a and b of one shape (..., 3), got {tuple(a.shape)} and "
            f"{tuple(b.shape)}; broadcast one with tf.broadcast_to."
        )
    turns = ((1, 2), (2, 0), (0, 1))
    return jnp.stack([a[..., i] * b[..., j] - a[..., j] * b[..., i] for i, j in turns], axis=-1)
