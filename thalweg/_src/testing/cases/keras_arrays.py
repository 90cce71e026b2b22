"""Rows of the ops that only the functions of `keras.ops` on whole arrays have."""

from __future__ import annotations

import numpy as np

from thalweg._src.testing.rows import Row

_LINEAR = "piecewise linear: its second derivative is 0"
_ON_VALUES = {"symbolic": False, "traced": False, "note": "the shape depends on values"}


def _one(name, *more, twin=None, **options):
    return Row(
        f"keras.ops.{name}",
        lambda m: (m.distinct(m.n, 4), *more),
        reference=twin or getattr(np, name),
        **options,
    )


def _linear(name, *more, **options):
    return _one(name, *more, gradient=(0,), second_order=False, note=_LINEAR, **options)


def _two(name, one, other, **options):
    return Row(
        f"keras.ops.{name}",
        lambda m: (m(*one), m(*other)),
        reference=getattr(np, name),
        gradient=(0, 1),
        **options,
    )


def _sizes_of_bins(x):
    return np.histogram(x, 5, (-2.0, 2.0))


ROWS = [
    Row(
        "keras.ops.linspace",
        lambda m: (m(m.n), 2.0, 5),
        reference=np.linspace,
        gradient=(0,),
        second_order=False,
        note=_LINEAR,
    ),
    Row(
        "keras.ops.linspace",
        lambda m: (0, 7, 4),
        kwargs={"dtype": "int32"},
        reference=np.linspace,
        label="int",
    ),
    Row("keras.ops.logspace", lambda m: (m(m.n), 1.0, 4), reference=np.logspace, gradient=(0,)),
    Row(
        "keras.ops.geomspace",
        lambda m: (m(m.n, low=0.5), 9.0, 4),
        reference=np.geomspace,
        gradient=(0,),
    ),
    _linear("tril"),
    Row("keras.ops.vander", lambda m: (m(m.n),), reference=np.vander, gradient=(0,)),
    Row(
        "keras.ops.pad",
        lambda m: (m(m.n, 4), ((1, 1), (2, 1)), "edge"),
        reference=np.pad,
        gradient=(0,),
        second_order=False,
        note=_LINEAR,
    ),
    _linear("split", 2, twin=lambda x, n: np.split(x, n, 1), via=lambda f, x, n: f(x, n, 1)),
    Row(
        "keras.ops.diagonal",
        lambda m: (m(m.n, 4, 3), 1, 1, 2),
        reference=np.diagonal,
        gradient=(0,),
        second_order=False,
        note=_LINEAR,
    ),
    Row(
        "keras.ops.diag",
        lambda m: (m(m.n), 1),
        reference=np.diag,
        gradient=(0,),
        second_order=False,
        note=_LINEAR,
    ),
    _linear("diff"),
    _linear("trapezoid"),
    Row(
        "keras.ops.trapezoid",
        lambda m: (m(m.n, 4), m(4)),
        reference=np.trapezoid,
        gradient=(0, 1),
        label="places",
    ),
    _linear(
        "quantile", 0.3, via=lambda f, x, q: f(x, q, 1), twin=lambda x, q: np.quantile(x, q, 1)
    ),
    _one(
        "nanargmax",
        via=lambda f, x: f(x, 1),
        twin=lambda x: np.nanargmax(x, 1).astype("int32"),
    ),
    Row("keras.ops.corrcoef", lambda m: (m(m.n, 5),), reference=np.corrcoef, gradient=(0,)),
    Row(
        "keras.ops.histogram",
        lambda m: (m(m.n, 4),),
        reference=_sizes_of_bins,
        via=lambda f, x: f(x, 5, (-2.0, 2.0)),
    ),
    Row("keras.ops.isin", lambda m: (m.ints(m.n, 4), m.ints(3)), reference=np.isin),
    Row(
        "keras.ops.unique",
        lambda m: (m.ints(m.n, 4, low=0, high=4),),
        reference=np.unique,
        **_ON_VALUES,
    ),
    Row(
        "keras.ops.unique",
        lambda m: (m.ints(m.n, 4, low=0, high=4),),
        kwargs={"size": 2},
        reference=lambda x, size: np.unique(x)[:size],
        label="size",
    ),
    Row(
        "keras.ops.nonzero",
        lambda m: (m.ints(m.n, 4, low=0, high=2),),
        reference=lambda x: [places.astype("int32") for places in np.nonzero(x)],
        **_ON_VALUES,
    ),
    _linear("take", 2, via=lambda f, x, i: f(x, i, 1), twin=lambda x, i: np.take(x, i, 1)),
    Row(
        "keras.ops.take_along_axis",
        lambda m: (m(m.n, 4), m.ints(m.n, 2, low=-4, high=4), 1),
        reference=np.take_along_axis,
        gradient=(0,),
        second_order=False,
        note=_LINEAR,
    ),
    Row(
        "keras.ops.unravel_index",
        lambda m: (m.ints(m.n, low=0, high=6), (2, 3)),
        reference=lambda i, shape: [p.astype("int32") for p in np.unravel_index(i, shape)],
    ),
    Row(
        "keras.ops.cross",
        lambda m: (m(m.n, 3), m(3)),
        reference=np.cross,
        gradient=(0, 1),
    ),
    _two("correlate", (6,), (3,)),
]
