"""Python inside programs: `py_function` and `numpy_function`.

Eagerly they call the function. In a program they call back to the host, if the shape of the result is
given; a program needs it. Else the function around them runs uncompiled.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np
from jax import numpy as jnp
from jax.experimental import io_callback

from thalweg._src.autodiff.tape import GradientTape
from thalweg._src.base.errors import (
    DataDependentShapeError,
    DTypeError,
    GradientError,
    InvalidArgumentError,
)
from thalweg._src.core import checks, dtypes, xla
from thalweg._src.core.convert import convert_to_tensor, from_host
from thalweg._src.core.door import call
from thalweg._src.core.host_parts import HostPart, compiled_array
from thalweg._src.core.shapes import TensorShape
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.staging import make_op
from thalweg._src.function.trace import outside_programs

_numbers = itertools.count()
# Tapes of calls whose gradient may still be asked for, by number.
_tapes: OrderedDict[int, Any] = OrderedDict()
_MOST_TAPES = 1024


def py_function(
    func: Callable[..., Any] | None = None,
    inp: Any = None,
    Tout: Any = None,
    name: str | None = None,
) -> Any:
    """Result of a Python function of eager tensors, also inside compiled functions.

    Args:
        func: Function of the tensors in `inp`; it sees their values and may do anything.
        inp: List of tensors.
        Tout: Dtype, or `TensorSpec`, of the result; a list of them for a list of results; an empty list
            for none.
        name: Name for messages.

    Returns:
        Tensor, or list of tensors.

    Raises:
        InvalidArgumentError: `func` returns another number of results, or one of another dtype.

    Example:
        >>> import thalweg as tf
        >>> x = tf.constant([1.0, 2.0])
        >>> tf.py_function(lambda t: t.numpy() * 2.0, [x], tf.float32).numpy().tolist()
        [2.0, 4.0]

    Source: `tf.py_function`. Inside a compiled function the shape must be given by a `TensorSpec` as
    `Tout`; without it the whole function runs uncompiled. Gradients flow to `inp`, eagerly also to what
    `func` closes over.
    """
    return _call_python(func, inp, Tout, name or "py_function", _on_tensors, True)


def numpy_function(
    func: Callable[..., Any] | None = None,
    inp: Any = None,
    Tout: Any = None,
    stateful: bool = True,
    name: str | None = None,
) -> Any:
    """Result of a Python function of NumPy arrays, also inside compiled functions.

    Args:
        func: Function of the arrays.
        inp: List of tensors.
        Tout: Dtype, or `TensorSpec`, of the result; a list of them for a list of results.
        stateful: Whether the function must run each time and in order. Otherwise a program may leave a
            call out whose result nobody needs.
        name: Name for messages.

    Returns:
        Tensor, or list of tensors. They have no gradient.

    Example:
        >>> import numpy as np
        >>> import thalweg as tf
        >>> tf.numpy_function(np.sinh, [tf.constant(0.0)], tf.float32).numpy().item()
        0.0

    Source: `tf.numpy_function`. Shapes as for `py_function`.
    """
    return _call_python(func, inp, Tout, name or "numpy_function", _on_arrays, stateful)


def _call_python(
    func: Any, inp: Any, tout: Any, name: str, run: Callable[..., list[Any]], stateful: bool
) -> Any:
    if not callable(func):
        raise TypeError(f"[{name}] expected a callable as func, got {func!r}.")
    given = list(inp) if isinstance(inp, (list, tuple)) else ([] if inp is None else [inp])
    many = isinstance(tout, (list, tuple))
    outs = list(tout) if many else [tout]
    specs = [_spec(s) for s in outs if s is not None]
    tensors = [convert_to_tensor(x) for x in given]
    if not xla.tracing():
        results = run(func, tensors, specs, name)
    else:
        results = _in_program(func, tensors, specs, name, run, stateful)
    return results if many or not specs else results[0]


def _spec(tout: Any) -> tuple[Any, TensorShape | None]:
    """Dtype and, if it is known, shape of a result."""
    if hasattr(tout, "shape") and hasattr(tout, "dtype"):
        return dtypes.as_dtype(tout.dtype), TensorShape(tout.shape)
    return dtypes.as_dtype(tout), None


def _listed(result: Any, specs: Sequence[Any], name: str) -> list[Any]:
    found = (
        [] if result is None else list(result) if isinstance(result, (list, tuple)) else [result]
    )
    if len(found) != len(specs):
        raise InvalidArgumentError(
            f"[{name}] expected func to return {len(specs)} values as Tout says, got {len(found)}."
        )
    return found


def _on_tensors(
    func: Callable[..., Any], tensors: Sequence[Tensor], specs: Sequence[Any], name: str
) -> list[Any]:
    found = _listed(func(*tensors), specs, name)
    results = []
    for position, (value, (dtype, _)) in enumerate(zip(found, specs, strict=True)):
        try:
            results.append(convert_to_tensor(value, dtype))
        except DTypeError as error:
            raise InvalidArgumentError(
                f"[{name}] expected result {position} of dtype {dtype.name} as Tout says: {error}"
            ) from None
    return results


def _on_arrays(
    func: Callable[..., Any], tensors: Sequence[Tensor], specs: Sequence[Any], name: str
) -> list[Any]:
    found = _listed(func(*(t.numpy() for t in tensors)), specs, name)
    return [
        from_host(np.asarray(value))
        if isinstance(value, (np.ndarray, np.generic)) and np.asarray(value).dtype.kind not in "SUO"
        else convert_to_tensor(value, dtype)
        for value, (dtype, _) in zip(found, specs, strict=True)
    ]


def _in_program(
    func: Callable[..., Any],
    tensors: Sequence[Tensor],
    specs: Sequence[Any],
    name: str,
    run: Callable[..., list[Any]],
    stateful: bool,
) -> list[Any]:
    if any(type(t.array) is HostPart and t.dtype is dtypes.string for t in tensors):
        raise DataDependentShapeError(
            f"[{name}] expected numbers inside a compiled function, got strings."
        )
    for dtype, shape in specs:
        if shape is None or not shape.is_fully_defined() or dtype is dtypes.string:
            raise DataDependentShapeError(
                f"[{name}] expected the shape of the result, which a compiled program needs, got "
                f"Tout={dtype.name}; pass Tout=tf.TensorSpec(shape, dtype)."
            )
    forms = [xla.ShapeDtypeStruct(tuple(s), d.numpy_dtype) for d, s in specs]
    tensors = [Tensor(compiled_array(t)) if type(t.array) is HostPart else t for t in tensors]

    def on_host(*arrays: Any) -> list[Any]:
        with _Host():
            return _fitting(run(func, _tensors(tensors, arrays), specs, name), forms, name)

    numeric = [t for t in tensors if t.array.dtype != object]

    def body(*arrays: Any) -> tuple[Any, ...]:
        if not stateful:
            return tuple(jax.pure_callback(on_host, forms, *arrays))
        return tuple(io_callback(on_host, forms, *arrays, ordered=True))

    rule = _tape_rule(func, tensors, specs, forms, name) if run is _on_tensors else _no_rule(body)
    return list(call(make_op(name, body, rule), numeric, ()))


def _tensors(tensors: Sequence[Tensor], arrays: Sequence[Any]) -> list[Tensor]:
    """Eager tensors of the callback's arrays, with the strings among the arguments in their places."""
    fresh = iter(arrays)
    return [
        t if t.array.dtype == object else Tensor(jnp.asarray(np.asarray(next(fresh))))
        for t in tensors
    ]


class _Host:
    """Context of a callback: outside of all programs and tapes; what it raises reaches the caller."""

    def __init__(self) -> None:
        self._outside = outside_programs()

    def __enter__(self) -> None:
        self._outside.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self._outside.__exit__(kind, error, trace)
        if isinstance(error, Exception):
            checks.keep(error)


def _fitting(results: Sequence[Tensor], forms: Sequence[Any], name: str) -> list[Any]:
    """The results as arrays of the announced shapes and dtypes."""
    found = []
    for position, (result, form) in enumerate(zip(results, forms, strict=True)):
        array = np.asarray(result.array)
        if array.shape != tuple(form.shape) or array.dtype != form.dtype:
            raise InvalidArgumentError(
                f"[{name}] expected result {position} of shape {tuple(form.shape)} and dtype {form.dtype} "
                f"as Tout says, got shape {array.shape} and dtype {array.dtype}."
            )
        found.append(array)
    return found


def _no_rule(body: Callable[..., Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """A NumPy function has no derivative."""

    def forward(*arrays: Any) -> tuple[Any, Any]:
        return body(*arrays), arrays

    def backward(arrays: Any, _: Any) -> tuple[Any, ...]:
        return tuple(map(_nothing, arrays))

    return forward, backward


def _nothing(array: Any) -> Any:
    if jnp.issubdtype(array.dtype, jnp.inexact):
        return jnp.zeros_like(array)
    return np.zeros(array.shape, jax.dtypes.float0)


def _tape_rule(
    func: Callable[..., Any],
    tensors: Sequence[Tensor],
    specs: Sequence[Any],
    forms: Sequence[Any],
    name: str,
) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The forward callback leaves its tape under a number, with which the backward one finds it."""
    number = xla.ShapeDtypeStruct((), np.dtype(np.int32))

    def record(*arrays: Any) -> list[Any]:
        with _Host():
            inputs = _tensors(tensors, arrays)
            with GradientTape(persistent=True) as tape:
                tape.watch([t for t in inputs if t.array.dtype != object])
                results = _on_tensors(func, inputs, specs, name)
            key = next(_numbers) % (1 << 31)
            _tapes[key] = (tape, inputs, results)
            while len(_tapes) > _MOST_TAPES:
                _tapes.popitem(last=False)
            return [np.asarray(key, np.int32), *_fitting(results, forms, name)]

    def forward(*arrays: Any) -> tuple[Any, Any]:
        key, *results = io_callback(record, [number, *forms], *arrays, ordered=True)
        return tuple(results), (key, arrays)

    def backward(residuals: Any, cotangents: Any) -> tuple[Any, ...]:
        key, arrays = residuals
        smooth = [i for i, a in enumerate(arrays) if jnp.issubdtype(a.dtype, jnp.inexact)]
        upstream = [c for c in cotangents if c.dtype != jax.dtypes.float0]

        def pull(key: Any, *upstream: Any) -> list[Any]:
            with _Host():
                return _pulled(int(key), upstream, smooth, name)

        wanted = [xla.ShapeDtypeStruct(arrays[i].shape, arrays[i].dtype) for i in smooth]
        found = iter(io_callback(pull, wanted, key, *upstream, ordered=True))
        return tuple(next(found) if i in smooth else _nothing(a) for i, a in enumerate(arrays))

    return forward, backward


def _pulled(
    key: int, upstream: Sequence[Any], smooth: Sequence[int], name: str
) -> list[np.ndarray[Any, Any]]:
    if key not in _tapes:
        raise GradientError(
            f"[{name}] expected the gradient to be computed within {_MOST_TAPES} calls, got a later one."
        )
    tape, inputs, results = _tapes[key]
    numeric = [t for t in inputs if t.array.dtype != object]
    targets = [r for r in results if r.dtype.is_differentiable]
    seeds = [Tensor(jnp.asarray(np.asarray(u))) for u in upstream]
    found = tape.gradient(targets, [numeric[i] for i in smooth], seeds, "zero")
    return [np.asarray(g.array) for g in found]
