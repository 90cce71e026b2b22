"""`vectorize`: a function of numbers or rows becomes one of whole tensors."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Collection
from typing import Any, NamedTuple

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.function.vectorized import vectorized_map
from thalweg._src.keras.base.drawing import any_symbol, draw, infer
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.ops import shaping

_TERM = r"\(\s*(?:\w+\s*(?:,\s*\w+\s*)*)?\)"
_SIGNATURE = re.compile(rf"^\s*{_TERM}\s*(?:,\s*{_TERM}\s*)*->\s*{_TERM}\s*(?:,\s*{_TERM}\s*)*$")


class _Signature(NamedTuple):
    """Names of the core dimensions of arguments and results.

    Attributes:
        inputs: For each argument.
        outputs: For each result.
    """

    inputs: list[tuple[str, ...]]
    outputs: list[tuple[str, ...]]


def _parsed(signature: str) -> _Signature:
    if not _SIGNATURE.match(signature):
        raise InvalidArgumentError(
            f"[vectorize] expected a signature such as '(m,n),(n)->(m)', got {signature!r}."
        )
    sides = [
        [tuple(re.findall(r"\w+", term)) for term in re.findall(_TERM, side)]
        for side in signature.split("->")
    ]
    return _Signature(*sides)


def _loop_shape(tensor: Any, core: tuple[str, ...], sizes: dict[str, int]) -> tuple[int, ...]:
    """Leading dimensions of an argument; its core dimensions are compared with the others'."""
    shape = tensor.shape.as_list()
    if len(shape) < len(core):
        raise ShapeError(
            f"[vectorize] expected an argument of rank {len(core)} or more for ({','.join(core)}), got "
            f"shape {tuple(shape)}."
        )
    first = len(shape) - len(core)
    for name, size in zip(core, shape[first:], strict=True):
        if sizes.setdefault(name, size) != size:
            raise ShapeError(
                f"[vectorize] expected one size for the core dimension {name!r}, got {sizes[name]} and "
                f"{size}."
            )
    return tuple(shape[:first])


def _apply(
    function: Callable[..., Any], signature: _Signature | None, args: tuple[Any, ...]
) -> Any:
    tensors = [tensor_of(a) for a in args]
    cores = [()] * len(tensors) if signature is None else signature.inputs
    if len(cores) != len(tensors):
        raise InvalidArgumentError(
            f"[vectorize] expected {len(cores)} arguments, as in the signature, got {len(tensors)}."
        )
    sizes: dict[str, int] = {}
    loops = [_loop_shape(t, core, sizes) for t, core in zip(tensors, cores, strict=True)]
    try:
        loop = np.broadcast_shapes(*loops)
    except ValueError:
        raise ShapeError(
            f"[vectorize] expected leading dimensions that broadcast, got {loops}; they must be equal or 1."
        ) from None
    if not loop:
        return function(*tensors)
    rows = []
    for tensor, own in zip(tensors, loops, strict=True):
        core = tensor.shape.as_list()[len(own) :]
        wide = shaping.broadcast_to(tensor, (*loop, *core))
        rows.append(shaping.reshape(wide, (math.prod(loop), *core)))
    found = vectorized_map(lambda row: function(*row), tuple(rows))
    return nest.map_structure(lambda t: shaping.reshape(t, (*loop, *t.shape.as_list()[1:])), found)


def vectorize(
    pyfunc: Callable[..., Any],
    *,
    excluded: Collection[int | str] | None = None,
    signature: str | None = None,
) -> Callable[..., Any]:
    """Function that applies another one to all elements of tensors at once.

    Args:
        pyfunc: Function of scalars, or of tensors with the core dimensions of the signature. It is traced
            once, on tensors without the leading dimensions.
        excluded: Positions and names of arguments that are passed as they are.
        signature: Core dimensions of arguments and results, such as ``"(m,n),(n)->(m)"``; all arguments
            are scalars when None.

    Returns:
        Function of tensors, whose leading dimensions broadcast.

    Raises:
        InvalidArgumentError: The signature is malformed.

    Example:
        >>> import thalweg as tf
        >>> dot = tf.keras.ops.vectorize(lambda a, b: tf.keras.ops.sum(a * b), signature="(n),(n)->()")
        >>> dot(tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.constant([1.0, 1.0])).numpy().tolist()
        [3.0, 7.0]

    Source: `keras.ops.vectorize`. Works here for every function, where Keras on TensorFlow has it not.
    """
    parsed = None if signature is None else _parsed(signature)
    kept = frozenset(excluded or ())

    def run(*args: Any, **kwargs: Any) -> Any:
        names = [name for name in kwargs if name not in kept]
        places = [i for i in range(len(args)) if i not in kept]

        def called(*values: Any) -> Any:
            fresh = iter(values)
            given = [next(fresh) if i in places else a for i, a in enumerate(args)]
            named = {name: next(fresh) if name in names else v for name, v in kwargs.items()}
            found = pyfunc(*given, **named)
            _check_results(found, parsed)
            return found

        chosen = (*(args[i] for i in places), *(kwargs[name] for name in names))
        return _apply(called, parsed, chosen)

    @functools.wraps(pyfunc)
    def vectorized(*args: Any, **kwargs: Any) -> Any:
        if any_symbol(args, kwargs):
            specs = infer(run, args, kwargs, "vectorize")
            return draw(vectorized, args, kwargs, specs, "vectorize")
        return run(*args, **kwargs)

    return vectorized


def _check_results(found: Any, signature: _Signature | None) -> None:
    results = list(found) if isinstance(found, (tuple, list)) else [found]
    if signature is None:
        return
    ranks = [len(tensor_of(r).shape) for r in results]
    if ranks != [len(core) for core in signature.outputs]:
        raise ShapeError(
            f"[vectorize] expected results with the core dimensions {signature.outputs}, got ranks {ranks}."
        )
