"""Einstein summation: the equation, the order of the products, the op."""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.convert import as_tensor
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.ops import products
from thalweg._src.ops.products import Factors, product

_TERM = re.compile(r"[A-Za-z]*(\.\.\.)?[A-Za-z]*")
_ORDERS = (
    "auto", "auto-hq", "branch-1", "branch-2", "branch-all", "dp", "dynamic-programming", "eager",
    "greedy", "opportunistic", "optimal", "random-greedy", "random-greedy-128",
)  # fmt: skip
# Size to plan with where a symbolic tensor's is not known.
_UNKNOWN = 32


@functools.lru_cache(maxsize=1024)
def parse(equation: str, count: int) -> tuple[tuple[str, ...], str]:
    """Terms of the inputs and of the result, with the result spelled out.

    Args:
        equation: Such as ``"bij,bjk->bik"``. Without an arrow the result has the letters that occur
            once, sorted, after the ellipsis if there is one.
        count: Number of inputs.

    Raises:
        InvalidArgumentError: The equation is malformed or has another number of terms.
    """
    text = equation.replace(" ", "")
    left, arrow, out = text.partition("->")
    terms = tuple(left.split(","))
    wrong = next((t for t in (*terms, out) if not _TERM.fullmatch(t)), None)
    if wrong is not None:
        raise InvalidArgumentError(
            f"[einsum] expected terms of letters and at most one '...', got {wrong!r} in "
            f"{equation!r}; write an equation such as 'ij,jk->ik'."
        )
    if len(terms) != count:
        raise InvalidArgumentError(
            f"[einsum] expected {len(terms)} inputs for {equation!r}, got {count}; give one for each "
            "term."
        )
    letters = Counter("".join(terms).replace(".", ""))
    if not arrow:
        dots = "..." if "..." in left else ""
        out = dots + "".join(sorted(n for n, times in letters.items() if times == 1))
    for name in out.replace(".", ""):
        if name not in letters or out.count(name) > 1:
            raise InvalidArgumentError(
                f"[einsum] expected each letter of the result once and in an input, got {name!r} in "
                f"{equation!r}; remove it from the right side."
            )
    return terms, out


def _labels(term: str, rank: int, equation: str) -> list[str]:
    """A label for each dimension; those under the ellipsis are aligned at the last one."""
    letters = term.replace("...", "")
    extra = rank - len(letters)
    if extra < 0 or (extra and "..." not in term):
        raise ShapeError(
            f"[einsum] expected an input of rank {len(letters)} for the term {term!r} of "
            f"{equation!r}, got rank {rank}; name every dimension or write '...'."
        )
    before = term.split("...")[0]
    dots = [f".{i}" for i in range(extra, 0, -1)] if "..." in term else []
    return [*before, *dots, *letters[len(before) :]]


def _prepared(
    x: Any, labels: list[str], keep: set[str], equation: str
) -> tuple[Any, tuple[str, ...]]:
    """The input with repeated labels on the diagonal and labels of its own summed over."""
    labels = list(labels)
    while repeated := [n for n, times in Counter(labels).items() if times > 1]:
        one, two = (i for i, n in enumerate(labels) if n == repeated[0])
        if x.shape[one] != x.shape[two]:
            raise ShapeError(
                f"[einsum] expected equal sizes for the repeated letter {repeated[0]!r} of "
                f"{equation!r}, got an input of shape {tuple(x.shape)}; a diagonal needs a square."
            )
        x = jnp.diagonal(x, axis1=one, axis2=two)
        labels = [n for n in labels if n != repeated[0]] + [repeated[0]]
    private = tuple(i for i, n in enumerate(labels) if n not in keep)
    if private:
        x = jnp.sum(x, axis=private, dtype=x.dtype)
    return x, tuple(n for n in labels if n in keep)


def _result_labels(out: str, inputs: Sequence[Sequence[str]], equation: str) -> list[str]:
    dots = max(([n for n in names if n[0] == "."] for names in inputs), key=len)
    if dots and "..." not in out:
        raise ShapeError(
            f"[einsum] expected '...' in the result of {equation!r}, got inputs with {len(dots)} "
            "dimensions under it; add it to the right side."
        )
    before, _, after = out.partition("...")
    return [*before, *(dots if "..." in out else []), *after]


def _arrange(a: Any, b: Any, equation: str) -> Factors:
    terms, out = parse(equation, 2)
    a_labels, b_labels = (_labels(t, x.ndim, equation) for t, x in zip(terms, (a, b), strict=True))
    out_labels = _result_labels(out, (a_labels, b_labels), equation)
    a, a_kept = _prepared(a, a_labels, {*out_labels, *b_labels}, equation)
    b, b_kept = _prepared(b, b_labels, {*out_labels, *a_labels}, equation)
    products.check_sizes("einsum", a, a_kept, b, b_kept, "a letter stands for one size.")
    return Factors(a, a_kept, b, b_kept, tuple(out_labels), products.result_dtype("einsum", a))


def _of_one(x: Any, equation: str) -> Any:
    (term,), out = parse(equation, 1)
    labels = _labels(term, x.ndim, equation)
    out_labels = _result_labels(out, (labels,), equation)
    products.result_dtype("einsum", x)
    x, kept = _prepared(x, labels, set(out_labels), equation)
    return lax.transpose(x, tuple(map(kept.index, out_labels)))


@op("einsum", gradient=products.gradient_of(_arrange))
def _einsum(a: Any, b: Any, *, equation: str) -> Any:
    return product(_arrange(a, b, equation))


@op("einsum_of_one")
def _einsum_of_one(x: Any, *, equation: str) -> Any:
    return _of_one(x, equation)


def einsum(equation: str, *inputs: Any, **kwargs: Any) -> Any:
    """Sum of products of tensors, over the letters that are not in the result.

    Args:
        equation: A term of letters for each input, one letter a dimension, and after an arrow that of
            the result: ``"bij,bjk->bik"``. A letter that repeats within a term takes the diagonal.
            ``...`` stands for any number of dimensions, which broadcast. Without an arrow the result
            has the letters that occur once, in alphabetical order.
        *inputs: Tensors of one dtype.
        **kwargs: ``name``, the name of the node in a model's graph; ``optimize``, how TensorFlow looks
            for the order of three or more factors, which is always greedy here.

    Returns:
        Tensor.

    Raises:
        ValueError: The equation is malformed, or ranks or sizes do not fit it.
        TypeError: Another keyword argument is given, or the dtypes differ.

    Example:
        >>> import thalweg as tf
        >>> tf.einsum("ij,kj->ik", [[1, 2]], [[3, 4], [5, 6]])
        <tf.Tensor: shape=(1, 2), dtype=int32, numpy=array([[11, 17]], dtype=int32)>

    Source: `tf.einsum`. Without an arrow, dimensions under an ellipsis come first, as in NumPy, where
    TensorFlow gives an error.
    """
    unknown = sorted(set(kwargs) - {"name", "optimize", "greedy"}) if kwargs else ()
    if unknown:
        raise TypeError(
            f"[einsum] expected no keyword arguments but name and optimize, got {unknown}; give the "
            "tensors by position."
        )
    order, name = kwargs.get("optimize", "greedy"), kwargs.get("name")
    if isinstance(order, str) and order not in _ORDERS:
        raise InvalidArgumentError(
            f"[einsum] expected optimize as one of {', '.join(_ORDERS)}, got {order!r}; leave it out."
        )
    terms, out = parse(equation, len(inputs))
    left = list(zip(terms, inputs, strict=True))
    while len(left) > 2:
        i, j = _next_pair(left, out, equation)
        (one, x), (two, y) = left[i], left[j]
        left = [pair for k, pair in enumerate(left) if k not in (i, j)]
        between = _between(one, two, [*(term for term, _ in left), out])
        left.append((between, _einsum(x, y, equation=f"{one},{two}->{between}")))
    final = ",".join(term for term, _ in left) + "->" + out
    if len(left) == 1:
        return _einsum_of_one(left[0][1], equation=final, name=name)
    return _einsum(left[0][1], left[1][1], equation=final, name=name)


def _between(one: str, two: str, others: Sequence[str]) -> str:
    """Term of a product of two inputs: the letters that the rest still needs."""
    needed = set("".join(others)) - {"."}
    letters = "".join(dict.fromkeys((one + two).replace(".", "")))
    return ("..." if "..." in one + two else "") + "".join(n for n in letters if n in needed)


def _shape(x: Any) -> tuple[int, ...]:
    if isinstance(x, KerasTensor):
        return tuple(_UNKNOWN if size is None else size for size in x.shape)
    tensor = as_tensor(x)
    return tuple(np.shape(x) if tensor is None else tensor.array.shape)


def _next_pair(left: list[tuple[str, Any]], out: str, equation: str) -> tuple[int, int]:
    """The two factors whose product grows least over what it replaces."""
    sizes: dict[str, int] = {}
    names = []
    for term, x in left:
        shape = _shape(x)
        names.append(_labels(term, len(shape), equation))
        for label, size in zip(names[-1], shape, strict=True):
            sizes[label] = max(size, sizes.get(label, 1))

    def growth(pair: tuple[int, int]) -> int:
        rest = [term for k, (term, _) in enumerate(left) if k not in pair]
        between = _between(left[pair[0]][0], left[pair[1]][0], [*rest, out])
        dots = {n for k in pair for n in names[k] if n[0] == "."}
        made = math.prod(sizes[n] for n in {*between.replace(".", ""), *dots})
        return made - sum(math.prod(sizes[n] for n in names[k]) for k in pair)

    return min(itertools.combinations(range(len(left)), 2), key=growth)
