"""Contracts that every row of the op table keeps, as small functions; tests call them row by row."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

import thalweg as tf
from thalweg._src.core import xla
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.testing.rows import Row

_WIDE = ("int64", "uint64", "float64", "complex128")


def function_of(row: Row) -> Callable[..., Any]:
    """The public function that the row names, called as the row wants it."""
    found: Any = tf
    for part in row.name.split("."):
        found = getattr(found, part)
    return found if row.via is None else functools.partial(row.via, found)


def tensors(args: tuple[Any, ...]) -> list[Any]:
    """The arguments with arrays (also inside lists) as tensors."""
    return [_tensor(a) for a in args]


def _tensor(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return tf.constant(value)
    if isinstance(value, list) and any(isinstance(v, np.ndarray) for v in value):
        return [_tensor(v) for v in value]
    return value


def flat(result: Any) -> list[Any]:
    """Tensors of a result, in order."""
    return tf.nest.flatten(result)


def run(row: Row, n: int = 3, dtype: str = "float32") -> list[Any]:
    """Results of the row, eagerly."""
    return flat(function_of(row)(*tensors(row.make(n, dtype)), **row.kwargs))


def check_reference(row: Row, dtype: str = "float32") -> None:
    """The values are those of the NumPy twin."""
    assert row.reference is not None
    got = run(row, dtype=dtype)
    want = row.reference(*row.make(dtype=dtype), **row.kwargs)
    wanted = list(want) if isinstance(want, (tuple, list)) else [want]
    assert len(got) == len(wanted)
    for one, other in zip(got, wanted, strict=True):
        close(one.numpy(), other, _tolerance(row, dtype))


def check_traced(row: Row, dtype: str = "float32") -> None:
    """A compiled program gives the eager values, shapes and dtypes."""
    args = row.make(dtype=dtype)
    positions = [i for i, a in enumerate(args) if isinstance(a, np.ndarray)]

    def program(*arrays: Any) -> list[Any]:
        full = list(tensors(args))
        for position, array in zip(positions, arrays, strict=True):
            full[position] = Tensor(array)
        return [t.array for t in flat(function_of(row)(*full, **row.kwargs))]

    traced = xla.jit_whole(program)(*(args[i] for i in positions))
    for one, other in zip(traced, run(row, dtype=dtype), strict=True):
        assert one.dtype == other.array.dtype
        assert one.shape == other.array.shape
        close(np.asarray(one), other.numpy(), _tolerance(row, dtype))


def check_symbolic(row: Row, dtype: str = "float32", sizes: tuple[int, ...] = (2, 5)) -> None:
    """The symbolic shape and dtype fit the eager ones at several batch sizes."""
    one, other = row.make(3, dtype), row.make(7, dtype)
    symbols = [_symbol(a, b) for a, b in zip(one, other, strict=True)]
    results = flat(function_of(row)(*symbols, **row.kwargs))
    for size in sizes:
        eager = run(row, size, dtype)
        assert len(eager) == len(results)
        for symbol, value in zip(results, eager, strict=True):
            if not isinstance(symbol, KerasTensor):
                continue
            assert symbol.dtype == value.dtype.name
            assert len(symbol.shape) == len(value.shape), (symbol.shape, value.shape)
            for guessed, real in zip(symbol.shape, value.shape, strict=True):
                assert guessed in (None, real), (symbol.shape, value.shape)


def _symbol(one: Any, other: Any) -> Any:
    if isinstance(one, list):
        return [_symbol(a, b) for a, b in zip(one, other, strict=True)]
    if not isinstance(one, np.ndarray):
        return one
    shape = [a if a == b else None for a, b in zip(one.shape, other.shape, strict=True)]
    return KerasTensor(shape, one.dtype)


def check_narrow(row: Row) -> None:
    """32-bit arguments give no 64-bit result, unless the row says that it is meant."""
    inputs = [a for a in row.make() if isinstance(a, np.ndarray)]
    if any(str(a.dtype) in _WIDE for a in inputs):
        return
    found = [t.dtype.name for t in run(row) if t.dtype.name in _WIDE]
    assert bool(found) == row.wide, f"{row.id} returned {found}"


def check_gradient(row: Row) -> None:
    """The tape's gradient is the directional derivative by central differences, in float64."""
    value, gradients, points, directions = _projected(row)
    got = sum(float(np.sum(np.real(g * np.conj(v)))) for g, v in zip(gradients, directions, strict=True))
    close(got, _difference(value, points, directions), 1e-5)


def check_forward(row: Row) -> None:
    """Forward mode gives the same directional derivative."""
    args, points, weights, directions = _setup(row)
    chosen = [tf.constant(p) for p in points]
    with tf.autodiff.ForwardAccumulator(chosen, [tf.constant(d) for d in directions]) as forward:
        loss = _loss(row, args, chosen, weights)
    tangent = forward.jvp(loss)

    def value(shifted: list[Any]) -> float:
        return float(_loss(row, args, [tf.constant(s) for s in shifted], weights).numpy())

    close(float(tangent.numpy()), _difference(value, points, directions), 1e-5)


def check_second_order(row: Row) -> None:
    """The gradient of the gradient is the central difference of the gradient."""
    args, points, weights, directions = _setup(row)

    def slope(shifted: list[Any]) -> Any:
        chosen = [tf.constant(s) for s in shifted]
        with tf.GradientTape() as tape:
            tape.watch(chosen)
            loss = _loss(row, args, chosen, weights)
        return _dot(tape.gradient(loss, chosen, unconnected_gradients="zero"), directions)

    chosen = [tf.constant(p) for p in points]
    with tf.GradientTape() as outer:
        outer.watch(chosen)
        with tf.GradientTape() as inner:
            inner.watch(chosen)
            loss = _loss(row, args, chosen, weights)
        first = inner.gradient(loss, chosen, unconnected_gradients="zero")
        along = _dot(first, directions)
    second = outer.gradient(along, chosen, unconnected_gradients="zero")
    got = sum(
        float(np.sum(np.real(s.numpy() * np.conj(v))))
        for s, v in zip(second, directions, strict=True)
    )
    close(got, _difference(lambda p: float(slope(p).numpy()), points, directions), 1e-4)


def _dot(parts: Any, directions: list[Any]) -> Any:
    total = tf.constant(0.0, tf.float64)
    for part, direction in zip(parts, directions, strict=True):
        along = part * tf.constant(np.conj(direction))
        total = total + tf.reduce_sum(tf.math.real(along))
    return total


def _setup(row: Row) -> tuple[Any, list[Any], list[Any], list[Any]]:
    args = row.make(dtype="float64")
    points = [args[i] for i in row.gradient]
    rng = np.random.default_rng(7)
    directions = [np.asarray(rng.normal(size=p.shape), p.dtype) for p in points]
    weights = [rng.normal(size=t.shape) for t in run(row, dtype="float64")]
    return args, points, weights, directions


def _loss(row: Row, args: Any, chosen: list[Any], weights: list[Any]) -> Any:
    full = tensors(args)
    for position, tensor in zip(row.gradient, chosen, strict=True):
        full[position] = tensor
    total = tf.constant(0.0, tf.float64)
    for part, weight in zip(flat(function_of(row)(*full, **row.kwargs)), weights, strict=True):
        if part.dtype.is_complex:
            part = tf.math.real(part) + tf.math.imag(part) * 0.5
        if part.dtype.is_floating:
            total = total + tf.reduce_sum(part * tf.constant(weight, part.dtype))
    return total


def _projected(row: Row) -> tuple[Callable[[list[Any]], float], list[Any], list[Any], list[Any]]:
    args, points, weights, directions = _setup(row)
    chosen = [tf.constant(p) for p in points]
    with tf.GradientTape() as tape:
        tape.watch(chosen)
        loss = _loss(row, args, chosen, weights)
    gradients = tape.gradient(loss, chosen)
    assert all(g is not None for g in gradients), f"{row.id} has no gradient"
    for gradient, point in zip(gradients, points, strict=True):
        assert gradient.shape == point.shape
        assert gradient.dtype.numpy_dtype == point.dtype

    def value(shifted: list[Any]) -> float:
        return float(_loss(row, args, [tf.constant(s) for s in shifted], weights).numpy())

    return value, [g.numpy() for g in gradients], points, directions


def _difference(
    value: Callable[[list[Any]], float], points: list[Any], directions: list[Any]
) -> float:
    step = 1e-5
    ahead = value([p + step * d for p, d in zip(points, directions, strict=True)])
    behind = value([p - step * d for p, d in zip(points, directions, strict=True)])
    return (ahead - behind) / (2 * step)


def _tolerance(row: Row, dtype: str) -> float:
    return max(row.rtol**2, 1e-12) if dtype == "float64" else row.rtol


def close(got: Any, want: Any, rtol: float) -> None:
    """Equal within a relative tolerance of the largest value; exact for ints, bools and strings."""
    got, want = np.asarray(got), np.asarray(want)
    assert got.shape == want.shape, (got.shape, want.shape)
    if got.dtype.kind in "iubSO":
        np.testing.assert_array_equal(got, want)
        return
    wide = np.complex128 if "c" in (got.dtype.kind, want.dtype.kind) else np.float64
    got, want = got.astype(wide), want.astype(wide)
    finite = np.abs(want[np.isfinite(want)])
    scale = max(1e-3, float(finite.max())) if finite.size else 1.0
    np.testing.assert_allclose(got, want, rtol=rtol, atol=rtol * scale)
