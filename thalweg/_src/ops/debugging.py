"""Assertions about tensors: their values, eagerly and in compiled programs, and their shapes and dtypes.

What is known while a program is traced (shapes, dtypes, constants) is checked then. A check of values
becomes part of the program; when it fails, the call of the program raises the error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import (
    DTypeError,
    InvalidArgumentError,
    ShapeError,
    UnimplementedError,
)
from thalweg._src.core import checks, dtypes, xla
from thalweg._src.core.composite import dispatched
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor, is_traced

_SHOWN = 3


# --- Values -------------------------------------------------------------------------------------------


def _pair(where: str, x: Any, y: Any) -> tuple[Tensor, Tensor]:
    """Both as tensors of one dtype; a constant takes the other's."""
    if isinstance(x, KerasTensor) or isinstance(y, KerasTensor):
        raise UnimplementedError(
            f"[{where}] expected tensors with values, got a symbolic tensor; put the check into a Lambda "
            "layer or a layer's call."
        )
    known = next((t for t in (as_tensor(x), as_tensor(y)) if t is not None), None)
    dtype = None if known is None else known.dtype
    one, other = (
        v if t is not None else convert_to_tensor(v, dtype)
        for v, t in ((x, as_tensor(x)), (y, as_tensor(y)))
    )
    one, other = convert_to_tensor(one), convert_to_tensor(other)
    if one.dtype is not other.dtype:
        raise DTypeError(
            f"[{where}] expected x and y of one dtype, got {one.dtype.name} and {other.dtype.name}; cast "
            "one of them with tf.cast."
        )
    return one, other


def _count(summarize: Any) -> int | None:
    count = _SHOWN if summarize is None else int(summarize)
    return None if count < 0 else count


def _first(array: Any, summarize: Any) -> str:
    flat = np.asarray(array).reshape(-1)
    count = _count(summarize)
    shown = np.array2string(flat[:count], separator=", ", threshold=10**6)
    return shown if count is None or flat.size <= count else f"{shown[:-1]}, ...]"


def _lead(where: str, message: Any) -> str:
    return f"[{where}] {message}. " if message else f"[{where}] "


def _broken(
    where: str, relation: str, holds: Callable[..., Any], message: Any, summarize: Any
) -> Callable[[Any, Any], InvalidArgumentError]:
    """Function of the values that makes the error of a comparison that does not hold."""

    def error(x: Any, y: Any) -> InvalidArgumentError:
        one, other = np.broadcast_arrays(np.asarray(x), np.asarray(y))
        bad = np.argwhere(~np.atleast_1d(holds(one, other)))[: _count(summarize)]
        at = tuple(np.moveaxis(bad, -1, 0)) if one.ndim else ()
        return InvalidArgumentError(
            f"{_lead(where, message)}Condition x {relation} y did not hold. Indices of first "
            f"{len(bad)} different values: {bad[:, : max(one.ndim, 1)].tolist()}. Corresponding x values: "
            f"{_first(one[at], summarize)}. Corresponding y values: {_first(other[at], summarize)}. "
            f"x of shape {np.shape(x)} begins {_first(x, summarize)}, y of shape {np.shape(y)} begins "
            f"{_first(y, summarize)}."
        )

    return error


def _verify(
    tensors: tuple[Tensor, ...],
    holds: Callable[..., Any],
    program_holds: Callable[..., Any],
    error: Callable[..., InvalidArgumentError],
) -> None:
    """Checks now where the values are known, else as part of the program."""
    arrays = [t.array for t in tensors]
    if any(is_traced(t) for t in tensors):
        checks.check(jnp.all(program_holds(*arrays)), error, *arrays)
        return
    values = [np.asarray(a) for a in arrays]
    if not np.all(holds(*values)):
        raise error(*values)


def _compare(
    where: str, relation: str, name: str, x: Any, y: Any, message: Any, summarize: Any
) -> None:
    one, other = _pair(where, x, y)
    try:
        np.broadcast_shapes(one.array.shape, other.array.shape)
    except ValueError:
        raise ShapeError(
            f"{_lead(where, message)}Incompatible shapes: {tuple(one.shape)} vs. {tuple(other.shape)}."
        ) from None
    holds = getattr(np, name)
    error = _broken(where, relation, holds, message, summarize)
    _verify((one, other), holds, getattr(jnp, name), error)


@dispatched("assert_equal")
def assert_equal(
    x: Any, y: Any, message: Any = None, summarize: Any = None, name: str | None = None
) -> None:
    """Raises unless ``x == y`` for all elements.

    Args:
        x: Tensor.
        y: Tensor of the same dtype; shapes broadcast.
        message: Beginning of the error's message.
        summarize: Number of elements to show; 3 when None, all when negative.
        name: Unused.

    Raises:
        InvalidArgumentError: The relation does not hold; in a compiled program its call raises it.

    Example:
        >>> import thalweg as tf
        >>> tf.debugging.assert_equal([1, 2], [1, 2])

    Source: `tf.debugging.assert_equal`.
    """
    _compare("assert_equal", "==", "equal", x, y, message, summarize)


@dispatched("assert_none_equal")
def assert_none_equal(
    x: Any, y: Any, summarize: Any = None, message: Any = None, name: str | None = None
) -> None:
    """Raises unless ``x != y`` for all elements; see `assert_equal`.

    Args:
        x: Tensor.
        y: Tensor of the same dtype; shapes broadcast.
        summarize: Number of elements to show.
        message: Beginning of the error's message.
        name: Unused.

    Raises:
        InvalidArgumentError: The relation does not hold.

    Source: `tf.debugging.assert_none_equal`.
    """
    _compare("assert_none_equal", "!=", "not_equal", x, y, message, summarize)


@dispatched("assert_less")
def assert_less(
    x: Any, y: Any, message: Any = None, summarize: Any = None, name: str | None = None
) -> None:
    """Raises unless ``x < y`` for all elements; see `assert_equal`.

    Args:
        x: Tensor.
        y: Tensor of the same dtype; shapes broadcast.
        message: Beginning of the error's message.
        summarize: Number of elements to show.
        name: Unused.

    Raises:
        InvalidArgumentError: The relation does not hold.

    Source: `tf.debugging.assert_less`.
    """
    _compare("assert_less", "<", "less", x, y, message, summarize)


@dispatched("assert_less_equal")
def assert_less_equal(
    x: Any, y: Any, message: Any = None, summarize: Any = None, name: str | None = None
) -> None:
    """Raises unless ``x <= y`` for all elements; see `assert_equal`.

    Args:
        x: Tensor.
        y: Tensor of the same dtype; shapes broadcast.
        message: Beginning of the error's message.
        summarize: Number of elements to show.
        name: Unused.

    Raises:
        InvalidArgumentError: The relation does not hold.

    Source: `tf.debugging.assert_less_equal`.
    """
    _compare("assert_less_equal", "<=", "less_equal", x, y, message, summarize)


@dispatched("assert_greater")
def assert_greater(
    x: Any, y: Any, message: Any = None, summarize: Any = None, name: str | None = None
) -> None:
    """Raises unless ``x > y`` for all elements; see `assert_equal`.

    Args:
        x: Tensor.
        y: Tensor of the same dtype; shapes broadcast.
        message: Beginning of the error's message.
        summarize: Number of elements to show.
        name: Unused.

    Raises:
        InvalidArgumentError: The relation does not hold.

    Source: `tf.debugging.assert_greater`.
    """
    _compare("assert_greater", ">", "greater", x, y, message, summarize)


@dispatched("assert_greater_equal")
def assert_greater_equal(
    x: Any, y: Any, message: Any = None, summarize: Any = None, name: str | None = None
) -> None:
    """Raises unless ``x >= y`` for all elements; see `assert_equal`.

    Args:
        x: Tensor.
        y: Tensor of the same dtype; shapes broadcast.
        message: Beginning of the error's message.
        summarize: Number of elements to show.
        name: Unused.

    Raises:
        InvalidArgumentError: The relation does not hold.

    Source: `tf.debugging.assert_greater_equal`.
    """
    _compare("assert_greater_equal", ">=", "greater_equal", x, y, message, summarize)


def _against_zero(
    where: str, relation: str, name: str, x: Any, message: Any, summarize: Any
) -> None:
    tensor = x if isinstance(x, KerasTensor) else convert_to_tensor(x)
    one, zero = _pair(where, tensor, 0)
    holds = getattr(np, name)

    def error(values: Any, _: Any) -> InvalidArgumentError:
        values = np.asarray(values)
        return InvalidArgumentError(
            f"{_lead(where, message)}Condition x {relation} 0 did not hold element-wise: x (shape="
            f"{values.shape} dtype={values.dtype}) = {_first(values, summarize)}."
        )

    _verify((one, zero), holds, getattr(jnp, name), error)


def assert_positive(
    x: Any, message: Any = None, summarize: Any = None, name: str | None = None
) -> None:
    """Raises unless ``x > 0`` for all elements.

    Args:
        x: Tensor of real numbers.
        message: Beginning of the error's message.
        summarize: Number of elements to show; 3 when None, all when negative.
        name: Unused.

    Raises:
        InvalidArgumentError: An element is 0 or less; in a compiled program its call raises it.

    Example:
        >>> import thalweg as tf
        >>> tf.debugging.assert_positive([1.0, 2.0])

    Source: `tf.debugging.assert_positive`.
    """
    _against_zero("assert_positive", ">", "greater", x, message, summarize)


def assert_negative(
    x: Any, message: Any = None, summarize: Any = None, name: str | None = None
) -> None:
    """Raises unless ``x < 0`` for all elements; see `assert_positive`.

    Args:
        x: Tensor of real numbers.
        message: Beginning of the error's message.
        summarize: Number of elements to show.
        name: Unused.

    Raises:
        InvalidArgumentError: An element is 0 or more.

    Source: `tf.debugging.assert_negative`.
    """
    _against_zero("assert_negative", "<", "less", x, message, summarize)


def assert_non_negative(
    x: Any, message: Any = None, summarize: Any = None, name: str | None = None
) -> None:
    """Raises unless ``x >= 0`` for all elements; see `assert_positive`.

    Args:
        x: Tensor of real numbers.
        message: Beginning of the error's message.
        summarize: Number of elements to show.
        name: Unused.

    Raises:
        InvalidArgumentError: An element is negative.

    Source: `tf.debugging.assert_non_negative`.
    """
    _against_zero("assert_non_negative", ">=", "greater_equal", x, message, summarize)


def assert_non_positive(
    x: Any, message: Any = None, summarize: Any = None, name: str | None = None
) -> None:
    """Raises unless ``x <= 0`` for all elements; see `assert_positive`.

    Args:
        x: Tensor of real numbers.
        message: Beginning of the error's message.
        summarize: Number of elements to show.
        name: Unused.

    Raises:
        InvalidArgumentError: An element is positive.

    Source: `tf.debugging.assert_non_positive`.
    """
    _against_zero("assert_non_positive", "<=", "less_equal", x, message, summarize)


@dispatched("assert_near")
def assert_near(
    x: Any,
    y: Any,
    rtol: Any = None,
    atol: Any = None,
    message: Any = None,
    summarize: Any = None,
    name: str | None = None,
) -> None:
    """Raises unless ``|x - y| <= atol + rtol * |y|`` for all elements.

    Args:
        x: Tensor of floats or complex numbers.
        y: Tensor of the same dtype; shapes broadcast.
        rtol: Relative tolerance; ten times the dtype's rounding unit when None.
        atol: Absolute tolerance; the same default.
        message: Beginning of the error's message.
        summarize: Number of elements to show.
        name: Unused.

    Raises:
        InvalidArgumentError: Some elements are further apart, or NaN.

    Source: `tf.debugging.assert_near`.
    """
    one, other = _pair("assert_near", x, y)
    if not one.dtype.is_differentiable:
        raise DTypeError(
            f"[assert_near] expected floats or complex numbers, got {one.dtype.name}; use assert_equal."
        )
    default = 10 * float(jnp.finfo(one.dtype.numpy_dtype).eps)
    rel = default if rtol is None else float(rtol)
    absolute = default if atol is None else float(atol)

    def near(xp: Any) -> Callable[[Any, Any], Any]:
        return lambda a, b: xp.abs(a - b) <= absolute + rel * xp.abs(b)

    def error(a: Any, b: Any) -> InvalidArgumentError:
        return InvalidArgumentError(
            f"{_lead('assert_near', message)}x and y not equal to tolerance rtol = {rel:g}, atol = "
            f"{absolute:g}: x (shape={np.shape(a)} dtype={one.dtype.name}) = {_first(a, summarize)}, y "
            f"(shape={np.shape(b)} dtype={one.dtype.name}) = {_first(b, summarize)}."
        )

    _verify((one, other), near(np), near(jnp), error)


def Assert(condition: Any, data: Any, summarize: Any = None, name: str | None = None) -> None:
    """Raises unless `condition` is true.

    Args:
        condition: Boolean, or a tensor of which all elements must be True.
        data: List of tensors and strings to show.
        summarize: Number of elements of each to show; 3 when None, all when negative.
        name: Unused.

    Raises:
        InvalidArgumentError: It is false; in a compiled program its call raises it.

    Example:
        >>> import thalweg as tf
        >>> tf.debugging.Assert(True, ["fine"])

    Source: `tf.debugging.Assert`.
    """
    checked, _ = _pair("Assert", convert_to_tensor(condition), False)
    shown = [convert_to_tensor(part) for part in data]
    texts = {i: t.array for i, t in enumerate(shown) if t.dtype is dtypes.string}
    numbers = tuple(t for i, t in enumerate(shown) if i not in texts)

    def error(*values: Any) -> InvalidArgumentError:
        rest = iter(values[1:])
        parts = [texts[i] if i in texts else next(rest) for i in range(len(shown))]
        listed = "; ".join(_text(p, summarize) for p in parts)
        return InvalidArgumentError(
            f"[Assert] Expected 'condition' to be true. Summarized data: {listed}"
        )

    def holds(ok: Any, *_: Any) -> Any:
        return ok

    _verify((checked, *numbers), holds, holds, error)


def _text(value: Any, summarize: Any) -> str:
    value = np.asarray(value)
    if value.dtype.hasobject:
        return ", ".join(v.decode(errors="replace") for v in value.reshape(-1).tolist())
    return _first(value, summarize)


# --- NaN and infinity ---------------------------------------------------------------------------------


def _numerics(where: str, message: Any, values: Any) -> InvalidArgumentError:
    values = np.asarray(values)
    found = [n for n, f in (("Inf", np.isinf), ("NaN", np.isnan)) if f(values).any()]
    bad = np.argwhere(~np.atleast_1d(np.isfinite(values)))[:_SHOWN].tolist()
    return InvalidArgumentError(
        f"[{where}] {message} : Tensor had {' and '.join(found)} values, first at {bad} of shape "
        f"{values.shape}."
    )


@op("check_numerics", inputs=("tensor",))
def _check_numerics(tensor: Any, message: Any) -> Any:
    def error(values: Any) -> InvalidArgumentError:
        return _numerics("check_numerics", message, values)

    checks.check(jnp.all(jnp.isfinite(tensor)), error, tensor)
    return tensor


@dispatched("check_numerics")
def check_numerics(tensor: Any, message: Any, name: str | None = None) -> Any:
    """The tensor, all of whose elements must be finite.

    Args:
        tensor: Tensor of floats.
        message: Beginning of the error's message.
        name: Name of the node in a model's graph.

    Returns:
        `tensor`.

    Raises:
        InvalidArgumentError: An element is infinite or NaN; in a compiled program its call raises it.

    Example:
        >>> import thalweg as tf
        >>> tf.debugging.check_numerics([1.0], "loss").numpy().tolist()
        [1.0]

    Source: `tf.debugging.check_numerics`.
    """
    if isinstance(tensor, KerasTensor):
        return _check_numerics(tensor, message=str(message), name=name)
    found = convert_to_tensor(tensor)
    if not found.dtype.is_floating:
        raise DTypeError(
            f"[check_numerics] expected a tensor of floats, got {found.dtype.name} of shape "
            f"{found.shape}; integers are always finite."
        )
    if is_traced(found):
        return _check_numerics(found, message=str(message), name=name)
    if not np.isfinite(np.asarray(found.array)).all():
        raise _numerics("check_numerics", message, found.array)
    return found


def assert_all_finite(x: Any, message: Any, name: str | None = None) -> Any:
    """The tensor, all of whose elements must be finite; the same as `check_numerics`.

    Args:
        x: Tensor of floats.
        message: Beginning of the error's message.
        name: Name of the node in a model's graph.

    Returns:
        `x`.

    Raises:
        InvalidArgumentError: An element is infinite or NaN.

    Source: `tf.debugging.assert_all_finite`.
    """
    return check_numerics(x, message, name)
