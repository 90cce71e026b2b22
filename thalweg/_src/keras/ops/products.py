"""Products of matrices, vectors and tensors, with Keras' promotion of dtypes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops import arithmetic
from thalweg._src.keras.ops import sparse as sparse_rules
from thalweg._src.keras.ops.arguments import floating_or_wide, promoted, tensor_of
from thalweg._src.keras.ops.ruled import matched
from thalweg._src.keras.ops.shaping import moved
from thalweg._src.keras.ops.sparse import taking_sparse
from thalweg._src.ops import complex_numbers, contraction, shaping
from thalweg._src.ops import einsum as einsums
from thalweg._src.ops.casting import cast
from thalweg._src.ops.support import NUMERIC, axis_of, needs

# Dtypes whose products `tf.*` refuses, as they overflow at once: multiplied in int32, and cut afterwards.
_NARROW = ("bool", "int8", "int16")


def _wide(function: Callable[..., Any], *tensors: Any) -> Any:
    """`function` of tensors of one dtype, in that dtype; of bools, whether any pair is True."""
    dtype = tensors[0].dtype
    if dtype.name not in _NARROW:
        return function(*tensors)
    return cast(function(*(cast(t, dtypes.int32) for t in tensors)), dtype)


def _all_int8(common: Any, *given: Any) -> bool:
    """True for tensors that were int8 all along, whose products are int32."""
    return common.dtype is dtypes.int8 and all(tensor_of(x).dtype is dtypes.int8 for x in given)


def _along(x1: Any, x2: Any, axes: Any) -> Any:
    return _wide(lambda a, b: contraction.tensordot(a, b, axes), x1, x2)


def _matmul_labels(x1: Any, x2: Any) -> list[tuple[Any, ...]] | None:
    one, two = (len(getattr(x, "shape", ())) for x in (x1, x2))
    if not one or not two:
        return None
    return [
        (*range(2 - one, 0), "row", "inner")[-one:],
        (*range(2 - two, 0), "inner", "column")[-two:] if two > 1 else ("inner",),
    ]


@matched(_matmul_labels)
@taking_sparse(sparse_rules.matrix_products)
def matmul(x1: Any, x2: Any) -> Any:
    """Product of matrices ``x1 @ x2``, for each pair of matrices of a batch.

    Args:
        x1: Tensor ``(..., rows, inner)``, or vector ``(inner,)``.
        x2: Tensor ``(..., inner, columns)``, or vector ``(inner,)``; batch dimensions broadcast.

    Returns:
        Tensor ``(..., rows, columns)``, without the dimension that a vector lacks. Of two int8 tensors
        int32.

    Raises:
        ShapeError: A factor is a scalar, or the sizes do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.matmul([[1, 2], [3, 4]], [1, 1]).numpy().tolist()
        [3, 7]

    Source: `keras.ops.matmul`.
    """
    a, b = promoted(x1, x2)
    if _all_int8(a, x1, x2):
        if a.ndim > 1 and b.ndim > 1:
            return contraction.matmul(a, b, output_type=dtypes.int32)
        a, b = cast(a, dtypes.int32), cast(b, dtypes.int32)
    if not a.ndim or not b.ndim:
        raise ShapeError(
            f"[matmul] expected factors of rank 1 or more, got shapes {tuple(a.shape)} and "
            f"{tuple(b.shape)}; use multiply for a scalar."
        )
    if b.ndim == 1:
        return _wide(contraction.matvec if a.ndim > 1 else _inner, a, b)
    if a.ndim == 1:
        return _wide(lambda m, v: contraction.matvec(m, v, transpose_a=True), b, a)
    return _wide(contraction.matmul, a, b)


def _inner(a: Any, b: Any) -> Any:
    return contraction.tensordot(a, b, 1)


@operation
@taking_sparse(sparse_rules.dots)
def dot(x1: Any, x2: Any) -> Any:
    """Sum of products over the last dimension of `x1` and the last but one of `x2`.

    Args:
        x1: Tensor ``(..., inner)``, or scalar.
        x2: Tensor ``(..., inner, columns)`` or vector ``(inner,)``, or scalar.

    Returns:
        Tensor with the remaining dimensions of `x1`, then those of `x2`; with a scalar the plain product.

    Raises:
        ShapeError: The sizes do not fit.

    Source: `keras.ops.dot`.
    """
    a, b = promoted(x1, x2)
    if not a.ndim or not b.ndim:
        return arithmetic.multiply(a, b)
    return _along(a, b, ((a.ndim - 1,), (max(b.ndim - 2, 0),)))


@operation
def inner(x1: Any, x2: Any) -> Any:
    """Sum of products over the last dimensions of both.

    Args:
        x1: Tensor ``(..., inner)``, or scalar.
        x2: Tensor ``(..., inner)``, or scalar.

    Returns:
        Tensor with the remaining dimensions of `x1`, then those of `x2`; with a scalar the plain product.

    Raises:
        ShapeError: The sizes differ.

    Source: `keras.ops.inner`.
    """
    a, b = promoted(x1, x2)
    if not a.ndim or not b.ndim:
        return arithmetic.multiply(a, b)
    return _along(a, b, ((a.ndim - 1,), (b.ndim - 1,)))


@operation
def vdot(x1: Any, x2: Any) -> Any:
    """Sum of products of all elements, those of `x1` conjugated.

    Args:
        x1: Tensor.
        x2: Tensor of as many elements.

    Returns:
        Scalar.

    Raises:
        ShapeError: The numbers of elements differ.

    Source: `keras.ops.vdot`.
    """
    a, b = (shaping.reshape(t, [-1]) for t in promoted(x1, x2))
    return _along(complex_numbers.conj(a) if a.dtype.is_complex else a, b, 1)


@operation
def tensordot(x1: Any, x2: Any, axes: Any = 2) -> Any:
    """Sum of products over pairs of axes.

    Args:
        x1: Tensor.
        x2: Tensor.
        axes: Number n, for the last n axes of `x1` with the first n of `x2` (0: the outer product); or
            ``[axes of x1, axes of x2]``, each a number or a list.

    Returns:
        Tensor with the remaining axes of `x1`, then those of `x2`.

    Raises:
        ShapeError: The sizes of a pair differ.
        InvalidArgumentError: An axis is out of range or repeated.

    Source: `keras.ops.tensordot`.
    """
    a, b = promoted(x1, x2)
    return _along(a, b, freeze(axes))


def _einsum_labels(subscripts: Any, *operands: Any) -> list[tuple[Any, ...]] | None:
    if not isinstance(subscripts, str) or "." in subscripts:
        return None
    terms = subscripts.split("->")[0].replace(" ", "").split(",")
    return [(), *map(tuple, terms)] if len(terms) == len(operands) else None


@matched(_einsum_labels)
def einsum(subscripts: Any, *operands: Any, **kwargs: Any) -> Any:
    """Sum of products of tensors, over the letters that are not in the result.

    Args:
        subscripts: A term of letters for each operand, one letter a dimension, and after an arrow that of
            the result: ``"bij,bjk->bik"``. ``...`` stands for any number of dimensions, which broadcast.
        *operands: Tensors.
        **kwargs: ``optimize``: how to look for the order of three or more factors, which is always greedy
            here.

    Returns:
        Tensor of the common dtype; of int8 tensors int32.

    Raises:
        ShapeError: Ranks or sizes do not fit the subscripts.
        TypeError: Another keyword argument is given.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.einsum("ij,kj->ik", [[1, 2]], [[3, 4], [5, 6]]).numpy().tolist()
        [[11, 17]]

    Source: `keras.ops.einsum`. Takes bools too, which Keras on TensorFlow refuses.
    """
    if not operands:
        raise InvalidArgumentError("[einsum] expected at least one operand, got none.")
    tensors = promoted(*operands)
    if _all_int8(tensors[0], *operands):
        tensors = [cast(t, dtypes.int32) for t in tensors]
    return _wide(lambda *factors: einsums.einsum(subscripts, *factors, **kwargs), *tensors)


@operation
def outer(x1: Any, x2: Any) -> Any:
    """Products of each element of `x1` with each of `x2`.

    Args:
        x1: Tensor, which is flattened.
        x2: Tensor, which is flattened.

    Returns:
        Matrix: a row for each element of `x1`.

    Source: `keras.ops.outer`.
    """
    a, b = promoted(x1, x2)
    return arithmetic.multiply(shaping.reshape(a, [-1, 1]), shaping.reshape(b, [1, -1]))


@operation
def kron(x1: Any, x2: Any) -> Any:
    """Kronecker product: `x2` times each element of `x1`, laid side by side.

    Args:
        x1: Tensor.
        x2: Tensor; the one of lower rank gets dimensions of size 1 in front.

    Returns:
        Tensor of shape ``x1.shape * x2.shape``.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.kron([1, 10], [1, 2]).numpy().tolist()
        [1, 2, 10, 20]

    Source: `keras.ops.kron`.
    """
    a, b = promoted(x1, x2)
    rank = max(a.ndim, b.ndim)
    sizes = [[1] * (rank - t.ndim) + t.shape.as_list() for t in (a, b)]
    apart = [
        shaping.reshape(t, [d for n in shape for d in ((n, 1) if first else (1, n))])
        for t, shape, first in ((a, sizes[0], True), (b, sizes[1], False))
    ]
    return shaping.reshape(arithmetic.multiply(*apart), [m * n for m, n in zip(*sizes)])


@op("cross_product")
def _cross(a: Any, b: Any) -> Any:
    """Cross products of vectors of two or three numbers; of two of two numbers the third one alone."""
    needs("cross", NUMERIC, a, b)
    if a.shape[-1] == b.shape[-1] == 2:
        return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    a, b = (
        v if v.shape[-1] == 3 else jnp.append(v, jnp.zeros_like(v[..., :1]), -1) for v in (a, b)
    )
    turns = ((1, 2), (2, 0), (0, 1))
    return jnp.stack([a[..., i] * b[..., j] - a[..., j] * b[..., i] for i, j in turns], axis=-1)


@operation
def cross(
    x1: Any, x2: Any, axisa: Any = -1, axisb: Any = -1, axisc: Any = -1, axis: Any = None
) -> Any:
    """Cross product of vectors of three numbers, or of two, whose third is 0.

    Args:
        x1: Tensor with the vectors along `axisa`.
        x2: Tensor with the vectors along `axisb`; the other dimensions broadcast.
        axisa: Axis of the vectors of `x1`.
        axisb: Axis of the vectors of `x2`.
        axisc: Axis of the vectors of the result.
        axis: One axis for all three; None for the three above.

    Returns:
        Tensor of vectors at right angles to both; of vectors of two numbers only their third number.

    Raises:
        ShapeError: The vectors have another size.
        DTypeError: Both are bools.

    Source: `keras.ops.cross`.
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = promoted(x1, x2)
    vectors = [moved("cross", t, place, -1) for t, place in ((a, axisa), (b, axisb))]
    if any(v.shape[-1] not in (2, 3) for v in vectors):
        raise ShapeError(
            f"[cross] expected vectors of 2 or 3 numbers, got shapes {tuple(a.shape)} and {tuple(b.shape)} "
            f"with axes {axisa} and {axisb}; name the axis."
        )
    found = _cross(*vectors)
    if vectors[0].shape[-1] == vectors[1].shape[-1] == 2:
        return found
    return moved("cross", found, -1, axis_of("cross", freeze(axisc), found.ndim))


@op("correlate")
def _correlate(x1: Any, x2: Any, *, mode: str) -> Any:
    """Sums of products of one vector with another one at every shift."""
    return jnp.correlate(x1, x2, mode)


@operation
def correlate(x1: Any, x2: Any, mode: str = "valid") -> Any:
    """Cross-correlation: sums of products of `x1` with `x2` at every shift.

    Args:
        x1: Vector of m numbers.
        x2: Vector of n numbers.
        mode: ``"valid"``: where the shorter one lies within the longer; ``"same"``: as many as the longer
            has; ``"full"``: all ``m + n - 1``.

    Returns:
        Floating vector.

    Raises:
        ShapeError: An argument is no vector, or is empty.
        InvalidArgumentError: The mode is unknown.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.correlate([1.0, 2.0, 3.0], [1.0, 2.0]).numpy().tolist()
        [5.0, 8.0]

    Source: `keras.ops.correlate`. As in NumPy the two may be of any lengths, where Keras on TensorFlow takes
    an `x2` longer than `x1` in some modes only.
    """
    if mode not in ("valid", "same", "full"):
        raise InvalidArgumentError(
            f"[correlate] expected mode 'valid', 'same' or 'full', got {mode!r}; choose one."
        )
    a, b = floating_or_wide(x1, x2)
    if a.ndim != 1 or b.ndim != 1 or 0 in (a.shape[0], b.shape[0]):
        raise ShapeError(
            f"[correlate] expected two vectors of one number or more, got shapes {tuple(a.shape)} and "
            f"{tuple(b.shape)}; flatten them."
        )
    return _correlate(a, b, mode=mode)
