"""Rows of ops/nn/activations.py, softmax.py and isotonic.py."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import optimize, special

from thalweg._src.testing.rows import Row


def _softmax(x: Any, axis: int = -1) -> Any:
    return special.softmax(x, axis)


def _gelu_tanh(x: Any, approximate: bool) -> Any:
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def _isotonic(x: Any, decreasing: bool = True) -> Any:
    found, segments = np.zeros_like(x), np.zeros(x.shape, np.int32)
    for row, values in enumerate(x):
        result = optimize.isotonic_regression(values, increasing=not decreasing)
        found[row] = result.x
        segments[row] = np.repeat(np.arange(len(result.weights)), np.diff(result.blocks))
    return found, segments


_LINEAR = {"second_order": False, "note": "Piecewise linear."}

ROWS = [
    Row(
        "nn.relu",
        lambda m: (m.distinct(m.n, 4),),
        reference=lambda x: np.maximum(x, 0),
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "nn.relu",
        lambda m: (m.ints(m.n, 4),),
        reference=lambda x: np.maximum(x, 0),
        label="integers",
    ),
    Row(
        "nn.relu6",
        lambda m: (m.distinct(m.n, 4, low=-3, high=9),),
        reference=lambda x: np.clip(x, 0, 6),
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "nn.leaky_relu",
        lambda m: (m.distinct(m.n, 4), 0.3),
        reference=lambda x, a: np.where(x > 0, x, a * x),
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "nn.leaky_relu",
        lambda m: (m.ints(m.n, 4),),
        reference=lambda x: np.where(x > 0, x, np.float32(0.2) * x).astype(np.float32),
        label="integers",
    ),
    Row(
        "nn.elu",
        lambda m: (m.distinct(m.n, 4),),
        reference=lambda x: np.where(x > 0, x, np.expm1(x)),
        gradient=(0,),
    ),
    Row(
        "nn.selu",
        lambda m: (m.distinct(m.n, 4),),
        reference=lambda x: (
            1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x))
        ),
        gradient=(0,),
    ),
    Row(
        "nn.gelu",
        lambda m: (m(m.n, 4),),
        reference=lambda x: x * special.ndtr(x),
        gradient=(0,),
    ),
    Row(
        "nn.gelu",
        lambda m: (m(m.n, 4),),
        {"approximate": True},
        reference=_gelu_tanh,
        gradient=(0,),
        label="tanh",
    ),
    Row("nn.silu", lambda m: (m(m.n, 4),), reference=lambda x: x * special.expit(x), gradient=(0,)),
    Row(
        "nn.swish",
        lambda m: (m(m.n, 4), m(4)),
        reference=lambda x, b: x * special.expit(b * x),
        gradient=(0, 1),
        label="beta",
    ),
    Row(
        "nn.crelu",
        lambda m: (m.distinct(m.n, 4),),
        {"axis": 0},
        reference=lambda x, axis: np.maximum(np.concatenate([x, -x], axis), 0),
        gradient=(0,),
        **_LINEAR,
    ),
    Row("nn.softmax", lambda m: (m(m.n, 4, low=-30, high=30),), reference=_softmax),
    Row(
        "nn.softmax",
        lambda m: (m(m.n, 4),),
        {"axis": 0},
        reference=_softmax,
        gradient=(0,),
        label="axis",
    ),
    Row(
        "nn.log_softmax",
        lambda m: (m(m.n, 2, 4),),
        {"axis": 1},
        reference=lambda x, axis: special.log_softmax(x, axis),
        gradient=(0,),
    ),
    Row(
        "nn.isotonic_regression",
        lambda m: (m.distinct(m.n, 5),),
        reference=_isotonic,
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "nn.isotonic_regression",
        lambda m: (m.distinct(m.n, 5),),
        {"decreasing": False},
        reference=_isotonic,
        label="rising",
    ),
]
