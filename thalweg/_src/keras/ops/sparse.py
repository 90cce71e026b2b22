"""What functions of `keras.ops` do with sparse tensors, where the ops that they are made of cannot say.

`tf.*` functions refuse sparse tensors that they would have to make dense. Those of `keras.ops` take them:
what keeps zeros stays sparse, all else is dense. Where the number of elements that a sparse result would keep
depends on values, it is dense inside compiled programs.

Source: `keras.ops` on TensorFlow.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.core.composite import first_composite
from thalweg._src.core.tensor import is_traced
from thalweg._src.keras.ops.arguments import promoted
from thalweg._src.ops import contraction
from thalweg._src.ops.creation import ones_like
from thalweg._src.ops.sparse import arithmetic, shaping
from thalweg._src.ops.sparse.conversion import from_dense, to_dense
from thalweg._src.ops.sparse.tensor import SparseTensor

Function = Callable[..., Any]


def taking_sparse(rule: Function) -> Callable[[Function], Function]:
    """Decorator that hands calls with a sparse tensor to a rule.

    Args:
        rule: ``rule(function, *args, **kwargs)`` with the function that takes dense tensors.
    """

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            found = first_composite((*args, *kwargs.values()) if kwargs else args)
            if isinstance(found, SparseTensor):
                return rule(function, *args, **kwargs)
            return function(*args, **kwargs)

        return called

    return decorate


def dense(value: Any) -> Any:
    """A sparse tensor, or those in a list, made dense; all else as it is."""
    if isinstance(value, (list, tuple)):
        return type(value)(map(dense, value))
    return to_dense(value) if isinstance(value, SparseTensor) else value


def sparse(tensor: Any) -> Any:
    """A dense tensor made sparse, where its values are known."""
    return tensor if is_traced(tensor) else from_dense(tensor)


def densely(function: Function, *args: Any, **kwargs: Any) -> Any:
    """The function of the dense tensors."""
    return function(*map(dense, args), **{name: dense(value) for name, value in kwargs.items()})


def _unite(x1: Any, x2: Any) -> bool:
    """Whether both are sparse tensors whose places can be united, so that the result is sparse as well."""
    given = isinstance(x1, SparseTensor) and isinstance(x2, SparseTensor) and x1.shape == x2.shape
    return given and not (is_traced(x1._values) or is_traced(x2._values))


def sums(function: Function, x1: Any, x2: Any) -> Any:
    """Sum: sparse of two sparse tensors."""
    return arithmetic.add(*promoted(x1, x2)) if _unite(x1, x2) else densely(function, x1, x2)


def differences(function: Function, x1: Any, x2: Any) -> Any:
    """Difference: sparse of two sparse tensors."""
    if not _unite(x1, x2):
        return densely(function, x1, x2)
    one, two = promoted(x1, x2)
    return arithmetic.add(one, two.with_values(-two.values))


def products(function: Function, x1: Any, x2: Any) -> Any:
    """Product: sparse where a factor is."""
    return function(x1, dense(x2)) if isinstance(x1, SparseTensor) else function(x1, x2)


def quotients(function: Function, x1: Any, x2: Any) -> Any:
    """Quotient: sparse of a sparse tensor by a dense one."""
    if isinstance(x2, SparseTensor):
        return densely(function, x1, x2)
    return function(x1, x2)


def largest(function: Function, x1: Any, x2: Any) -> Any:
    """Maximum: sparse of two sparse tensors."""
    return arithmetic.maximum(*promoted(x1, x2)) if _unite(x1, x2) else densely(function, x1, x2)


def smallest(function: Function, x1: Any, x2: Any) -> Any:
    """Minimum: sparse of two sparse tensors."""
    return arithmetic.minimum(*promoted(x1, x2)) if _unite(x1, x2) else densely(function, x1, x2)


def matrix_products(function: Function, x1: Any, x2: Any) -> Any:
    """Product of matrices: dense, but sparse of two sparse matrices."""
    if isinstance(x1, SparseTensor) and isinstance(x2, SparseTensor):
        return sparse(densely(function, x1, x2))
    if len(x1.shape) == len(x2.shape) == 2:
        return contraction.matmul(*promoted(x1, x2))
    return densely(function, x1, x2)


def dots(function: Function, x1: Any, x2: Any) -> Any:
    """Product with a number, sparse; of all else dense."""
    if any(len(getattr(x, "shape", ())) == 0 for x in (x1, x2)):
        return arithmetic.multiply(*promoted(x1, x2))
    return densely(function, x1, x2)


def reshaped(function: Function, x: Any, newshape: Any) -> Any:
    """Sparse tensor of another shape."""
    del function
    sizes = newshape if isinstance(newshape, (list, tuple)) else [newshape]
    return shaping.reshape(x, [-1 if size is None else size for size in sizes])


def transposed(function: Function, x: Any, axes: Any = None) -> Any:
    """Sparse tensor with its dimensions in another order."""
    del function
    return shaping.transpose(x, axes)


def expanded(function: Function, x: Any, axis: Any) -> Any:
    """Sparse tensor with new dimensions of size 1."""
    del function
    return shaping.reshape(x, list(np.expand_dims(_form(x), axis).shape))


def squeezed(function: Function, x: Any, axis: Any = None) -> Any:
    """Sparse tensor without dimensions of size 1."""
    del function
    return shaping.reshape(x, list(np.squeeze(_form(x), axis).shape))


def _form(x: SparseTensor) -> Any:
    """NumPy array of the tensor's shape that takes no memory."""
    sizes: Any = tuple(x.shape)
    return np.broadcast_to(np.int8(0), sizes)


def joined(function: Function, xs: Any, axis: Any = 0) -> Any:
    """Tensors one after the other: sparse where all are."""
    if all(isinstance(x, SparseTensor) for x in xs):
        return shaping.concat(axis, promoted(*xs))
    return function(dense(xs), axis)


def summed(function: Function, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Sum along axes, sparse."""
    if is_traced(x._values):
        return densely(function, x, axis, keepdims)
    return arithmetic.reduce_sum(x, axis, keepdims, output_is_sparse=True)


def counted(
    function: Function, x: Any, weights: Any = None, minlength: Any = 0, sparse: bool = True
) -> Any:
    """How often values occur among the elements that a sparse tensor keeps, sparse."""
    if isinstance(x, SparseTensor) and weights is None:
        weights = x.with_values(ones_like(x.values))
    return function(dense(x), dense(weights), minlength, True)
