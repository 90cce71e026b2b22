"""The core of matmul, einsum and tensordot: one product of two arrays with labelled dimensions.

A label in both operands and in the result is a batch dimension; in both operands only, it is summed
over; in one operand and the result, it is free. The gradient of such a product is a product again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError, ShapeError
from thalweg._src.core import dtypes

Labels = tuple[Hashable, ...]

# Products that a split of the summed dimensions may write out, relative to what it reads.
_SPLIT_LIMIT = 4


class Factors(NamedTuple):
    """Two prepared arrays and the labels of a product.

    Attributes:
        a: First array.
        a_labels: A label for each of its dimensions, each once.
        b: Second array.
        b_labels: Labels of its dimensions.
        out_labels: Labels of the result's dimensions.
        dtype: NumPy dtype of the result.
    """

    a: Any
    a_labels: Labels
    b: Any
    b_labels: Labels
    out_labels: Labels
    dtype: Any


Arrange = Callable[..., Factors]


def product(factors: Factors) -> Any:
    """Sum of products over the labels that are not in the result.

    A size of 1 in one operand is broadcast to the other's.
    """
    a, a_labels = _squeezed(factors.a, factors.a_labels, factors.b, factors.b_labels)
    b, b_labels = _squeezed(factors.b, factors.b_labels, factors.a, factors.a_labels)
    if _natural(b_labels, a_labels, factors.out_labels) == factors.out_labels:
        a, a_labels, b, b_labels = b, b_labels, a, a_labels
    extra = _summed_later(a, a_labels, b, b_labels, factors.out_labels)
    batch = [*extra, *(n for n in factors.out_labels if n in a_labels and n in b_labels)]
    summed = [n for n in a_labels if n in b_labels and n not in batch]
    numbers = tuple(
        (tuple(map(a_labels.index, names)), tuple(map(b_labels.index, names)))
        for names in (summed, batch)
    )
    out = _dot(a, b, numbers, factors.dtype)
    if extra:
        out = jnp.sum(out, axis=tuple(range(len(extra))), dtype=out.dtype)
    natural = _natural(a_labels, b_labels, factors.out_labels)
    return lax.transpose(out, tuple(map(natural.index, factors.out_labels))).astype(factors.dtype)


def gradient_of(arrange: Arrange) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Own gradient, ``(forward, backward)`` for `op`, of ``product(arrange(a, b, **attrs))``.

    JAX's rule multiplies a float32 cotangent by a 16-bit operand, which XLA:CPU does at half the speed
    of two 16-bit ones (measured 12 against 5 ms).
    """

    def forward(a: Any, b: Any, **attrs: Any) -> tuple[Any, Any]:
        return product(arrange(a, b, **attrs)), (a, b)

    def backward(residuals: Any, cotangent: Any, **attrs: Any) -> tuple[Any, Any]:
        if cotangent.dtype == jax.dtypes.float0:
            return None, None
        static: list[Factors] = []

        def prepare(a: Any, b: Any) -> tuple[Any, Any]:
            static.append(arrange(a, b, **attrs))
            return static[-1].a, static[-1].b

        (a, b), pullback = jax.vjp(prepare, *residuals)
        _, a_labels, _, b_labels, out_labels, _ = static[-1]
        cotangent = cotangent.astype(a.dtype)
        of_a = Factors(cotangent, out_labels, b, b_labels, a_labels, a.dtype)
        of_b = Factors(a, a_labels, cotangent, out_labels, b_labels, b.dtype)
        return pullback((_unbroadcast(of_a, a.shape), _unbroadcast(of_b, b.shape)))

    return forward, backward


def result_dtype(where: str, a: Any, output_type: Any = None) -> Any:
    """NumPy dtype of a product.

    Raises:
        DTypeError: Products of this dtype have no meaning, or overflow without a word.
    """
    dtype = dtypes.BY_NUMPY[a.dtype]
    if output_type is not None:
        return dtypes.as_dtype(output_type).numpy_dtype
    if dtype.is_bool or dtype.name in ("int8", "int16"):
        raise DTypeError(
            f"[{where}] expected tensors of a floating, complex, 32- or 64-bit integer dtype, got "
            f"{dtype.name}; cast them with tf.cast, or multiply int8 by tf.matmul with "
            "output_type=tf.int32."
        )
    return dtype.numpy_dtype


def check_sizes(where: str, a: Any, a_labels: Labels, b: Any, b_labels: Labels, hint: str) -> None:
    """Refuses operands whose sizes differ under one label.

    Labels that are strings starting with a dot may be broadcast.
    """
    sizes = dict(zip(b_labels, b.shape, strict=True))
    for label, size in zip(a_labels, a.shape, strict=True):
        other = sizes.get(label, size)
        broadcast = str(label).startswith(".") and 1 in (size, other)
        if other != size and not broadcast:
            raise ShapeError(
                f"[{where}] expected sizes that fit, got {size} and {other} for dimension "
                f"{str(label)!r} of operands of shapes {tuple(a.shape)} and {tuple(b.shape)}; {hint}"
            )


def _squeezed(a: Any, a_labels: Labels, b: Any, b_labels: Labels) -> tuple[Any, Labels]:
    """The array without the dimensions of size 1 that stand for the other one's."""
    sizes = dict(zip(b_labels, b.shape, strict=True))
    drop = [i for i, (n, size) in enumerate(zip(a_labels, a.shape)) if size == 1 != sizes.get(n, 1)]
    kept = tuple(n for i, n in enumerate(a_labels) if i not in drop)
    return (lax.squeeze(a, drop) if drop else a), kept


def _unbroadcast(factors: Factors, shape: Sequence[int]) -> Any:
    """Cotangent of an operand of this shape: its broadcast dimensions are summed over."""
    sizes = dict(zip(factors.a_labels, factors.a.shape))
    for label, size in zip(factors.b_labels, factors.b.shape):
        sizes[label] = max(size, sizes.get(label, size))
    kept = tuple(n for n, size in zip(factors.out_labels, shape) if size == sizes[n])
    return product(factors._replace(out_labels=kept)).reshape(shape)


def _natural(a_labels: Labels, b_labels: Labels, out_labels: Labels) -> Labels:
    """Order in which a dot product leaves the result's dimensions: batch, free of a, free of b."""
    batch = tuple(n for n in out_labels if n in a_labels and n in b_labels)
    free = tuple(n for n in (*a_labels, *b_labels) if n in out_labels and n not in batch)
    return batch + free


def _summed_later(
    a: Any, a_labels: Labels, b: Any, b_labels: Labels, out_labels: Labels
) -> list[Hashable]:
    """Summed labels that XLA:CPU had better treat as batch dimensions and add up afterwards.

    It transposes both operands, slowly, when several summed dimensions do not lie side by side.
    """
    summed = [n for n in a_labels if n in b_labels and n not in out_labels]
    if len(summed) < 2 or jax.default_backend() != "cpu":
        return []
    places = [(a_labels.index(n), b_labels.index(n)) for n in summed]
    if all(q == (p[0] + 1, p[1] + 1) for p, q in zip(places, places[1:])):
        return []
    sizes = dict(zip((*a_labels, *b_labels), (*a.shape, *b.shape)))
    longest = max(summed, key=lambda n: sizes[n])
    extra = [n for n in summed if n != longest]
    written = math.prod(sizes[n] for n in (*extra, *out_labels))
    return extra if written <= _SPLIT_LIMIT * (a.size + b.size) else []


def _is_unserved(a: Any, b: Any, numbers: Any) -> bool:
    """True for products of 16-bit arrays that jaxlib 0.10 on CPU may lack with a float32 result.

    It has those of matrices, of arrays whose summed dimensions lie towards each other, and of stacks of
    matrices. (`UNIMPLEMENTED: Unsupported element type for DotThunk`, at run time.)
    """
    (of_a, of_b), (batch_a, batch_b) = numbers
    if batch_a:
        leading = tuple(range(len(batch_a)))
        matrices = max(a.ndim, b.ndim) == len(leading) + 2 and len(of_a) == 1
        return not (matrices and tuple(batch_a) == tuple(batch_b) == leading)
    inward = tuple(of_a) == tuple(range(a.ndim - len(of_a), a.ndim))
    outward = tuple(of_b) == tuple(range(len(of_b)))
    return max(a.ndim, b.ndim) > 2 and not (inward and outward)


def _dot(a: Any, b: Any, numbers: Any, dtype: Any) -> Any:
    """`lax.dot_general`, adding up in a dtype that is fast and wide enough."""
    wide: Any = None
    if np.dtype(dtype).itemsize > a.dtype.itemsize:
        wide = dtype
    elif a.dtype.name in ("bfloat16", "float16") and jax.default_backend() == "cpu":
        # A 16-bit result is slower than float32 on CPUs with matrix units; a cast afterwards is not.
        wide = jnp.float32
        if _is_unserved(a, b, numbers):
            a, b = a.astype(wide), b.astype(wide)
    return lax.dot_general(a, b, numbers, preferred_element_type=wide)
