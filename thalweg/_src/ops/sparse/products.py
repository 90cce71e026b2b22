"""Products of sparse and dense matrices."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.casting import cast
from thalweg._src.ops.complex_numbers import conj
from thalweg._src.ops.gather import gather
from thalweg._src.ops.reduction import reduce_sum
from thalweg._src.ops.segment import unsorted_segment_sum
from thalweg._src.ops.shaping import transpose
from thalweg._src.ops.sparse.places import check_places, shape_of, sparse_of
from thalweg._src.ops.sparse.tensor import SparseTensor
from thalweg._src.ops.support import known_value


def sparse_dense_matmul(
    sp_a: Any,
    b: Any,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
    name: str | None = None,
) -> Any:
    """Product of a sparse and a dense matrix, in either order.

    Args:
        sp_a: `SparseTensor` of shape ``(rows, inner)``, or a matrix where `b` is sparse.
        b: Matrix of shape ``(inner, columns)``, or a `SparseTensor`.
        adjoint_a: Take the conjugate transpose of the first.
        adjoint_b: Take the conjugate transpose of the second.
        name: Has no effect.

    Returns:
        Tensor of shape ``(rows, columns)``.

    Raises:
        InvalidArgumentError: The sizes do not fit, or dtypes differ.

    Example:
        >>> import thalweg as tf
        >>> st = tf.SparseTensor([[0, 1], [1, 0]], [2.0, 3.0], [2, 2])
        >>> tf.sparse.sparse_dense_matmul(st, [[1.0], [10.0]]).numpy().tolist()
        [[20.0], [3.0]]

    Source: `tf.sparse.sparse_dense_matmul`. Only elements that are kept are multiplied.
    """
    where = "sparse.sparse_dense_matmul"
    if isinstance(b, SparseTensor):
        # (a b)^T = b^T a^T; a transpose is half of an adjoint.
        left = convert_to_tensor(sp_a)
        left = conj(left) if adjoint_a else transpose(left)
        product = _product(where, _turned(b, not adjoint_b, adjoint_b), left)
        return transpose(product)
    dense = convert_to_tensor(b, dtype_hint=sparse_of(where, sp_a).dtype)
    if adjoint_b:
        dense = conj(transpose(dense))
    return _product(where, _turned(sp_a, adjoint_a, adjoint_a), dense)


def _turned(tensor: SparseTensor, transposed: bool, conjugated: bool) -> tuple[Any, ...]:
    """Rows, columns, values, and the two sizes of a sparse matrix."""
    where = "sparse.sparse_dense_matmul"
    shape = shape_of(where, tensor)
    if len(shape) != 2:
        raise ShapeError(f"[{where}] expected a sparse matrix, got dense shape {list(shape)}.")
    check_places(where, tensor._indices, shape, False)
    rows, columns = tensor._indices[:, 0], tensor._indices[:, 1]
    values = conj(tensor._values) if conjugated else tensor._values
    if transposed:
        return columns, rows, values, shape[::-1]
    return rows, columns, values, shape


def _product(where: str, sparse: tuple[Any, ...], dense: Any) -> Any:
    rows, columns, values, (count, inner) = sparse
    if len(dense.shape) != 2 or dense.shape[0] != inner:
        raise InvalidArgumentError(
            f"[{where}] expected a matrix of {inner} rows, as many as the sparse one has columns, got shape "
            f"{dense.shape}."
        )
    if dense.dtype is not values.dtype:
        raise DTypeError(
            f"[{where}] expected matrices of one dtype, got {values.dtype.name} and {dense.dtype.name}; cast "
            "one of them with tf.cast."
        )
    terms = values[:, None] * gather(dense, Tensor(columns))
    return unsorted_segment_sum(terms, Tensor(rows), count)


def matmul(a: Any, b: Any, **settings: Any) -> Any:
    """`tf.matmul` of a sparse and a dense matrix."""
    if isinstance(a, SparseTensor) and isinstance(b, SparseTensor):
        raise InvalidArgumentError(
            "[matmul] expected a sparse and a dense matrix, got two sparse ones; make one dense with "
            "tf.sparse.to_dense."
        )
    turned = [_oriented(x, settings, which) for x, which in ((a, "a"), (b, "b"))]
    return sparse_dense_matmul(*turned)


def _oriented(x: Any, settings: dict[str, Any], which: str) -> Any:
    """A factor transposed as asked."""
    adjoint = bool(settings.get(f"adjoint_{which}"))
    if not (adjoint or settings.get(f"transpose_{which}")):
        return x
    if not isinstance(x, SparseTensor):
        found = transpose(convert_to_tensor(x))
        return conj(found) if adjoint else found
    values = conj(x._values) if adjoint else x._values
    return SparseTensor(Tensor(x._indices[:, ::-1]), values, Tensor(x._shape[::-1]))


def sampled_addmm(
    indices: Any,
    values: Any,
    dense_shape: Any,
    mat1: Any,
    mat2: Any,
    beta: Any = 1.0,
    alpha: Any = 1.0,
    output_type: Any = dtypes.float32,
) -> tuple[Any, Any, Any]:
    """``alpha * (mat1 @ mat2) + beta * values`` at some places only.

    Args:
        indices: Integers of shape ``(..., n, 2)``: rows and columns.
        values: Tensor of shape ``(..., n)``.
        dense_shape: The two sizes of the product.
        mat1: Tensor of shape ``(..., rows, inner)``.
        mat2: Tensor of shape ``(..., inner, columns)``.
        beta: Factor of `values`.
        alpha: Factor of the product.
        output_type: Dtype of the result.

    Returns:
        `indices`, the new values and `dense_shape`.

    Raises:
        ValueError: `dense_shape` is not that of the product.

    Source: `tf.sparse.sampled_addmm`. Only the places that are asked for are computed.
    """
    where = "sparse.sampled_addmm"
    places = convert_to_tensor(indices)
    one, other = convert_to_tensor(mat1), convert_to_tensor(mat2)
    shape = convert_to_tensor(dense_shape)
    sizes = tuple(int(n) for n in known_value(where, "dense_shape", shape))
    if sizes != (one.shape[-2], other.shape[-1]):
        raise ShapeError(
            f"[{where}] expected a dense_shape of {[one.shape[-2], other.shape[-1]]}, the shape of mat1 @ "
            f"mat2, got {list(sizes)}."
        )
    batch = len(places.shape) - 2
    turned = transpose(other, [*range(batch), batch + 1, batch])
    rows = gather(one, places[..., 0], batch_dims=batch)
    columns = gather(turned, places[..., 1], batch_dims=batch)
    product = cast(reduce_sum(rows * columns, -1), output_type)
    given = cast(convert_to_tensor(values), output_type)
    return places, alpha * product + beta * given, shape
