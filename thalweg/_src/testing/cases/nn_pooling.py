"""Rows of ops/nn/max_pooling.py, average_pooling.py and pooling.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.testing import windows
from thalweg._src.testing.rows import Row


def _max(x: Any, size: Any, strides: Any, padding: Any, data_format: Any = None) -> Any:
    return windows.pooled(x, size, strides, padding, np.max)


def _mean(x: Any, size: Any, strides: Any, padding: Any, data_format: Any = None) -> Any:
    if data_format is not None and data_format.startswith("NC"):
        return np.moveaxis(
            windows.pooled(np.moveaxis(x, 1, -1), size, strides, padding, np.mean), -1, 1
        )
    return windows.pooled(x, size, strides, padding, np.mean)


def _pool(x: Any, size: Any, kind: str, strides: Any, padding: Any, dilations: Any = None) -> Any:
    reduce = {"MAX": np.max, "AVG": np.mean}[kind]
    return windows.pooled(x, size, strides, padding, reduce, dilations)


_LINEAR = {"second_order": False, "note": "Piecewise linear."}

ROWS = [
    Row("nn.max_pool", lambda m: (m.distinct(m.n, 5, 2), 2, 2, "SAME"), reference=_max),
    Row(
        "nn.max_pool1d",
        lambda m: (m.distinct(m.n, 6, 2), 3, 2, "SAME"),
        reference=_max,
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "nn.max_pool2d",
        lambda m: (m.distinct(m.n, 4, 6, 2), 2, 2, "VALID"),
        reference=_max,
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "nn.max_pool2d",
        lambda m: (m.distinct(m.n, 5, 7, 1), [3, 2], [2, 3], "SAME"),
        reference=_max,
        gradient=(0,),
        label="overlapping",
        **_LINEAR,
    ),
    Row(
        "nn.max_pool2d",
        lambda m: (m.distinct(m.n, 8, 7, 1), [7, 6], [1, 2], "SAME"),
        reference=_max,
        gradient=(0,),
        label="large_window",
        **_LINEAR,
    ),
    Row(
        "nn.max_pool2d",
        lambda m: (m.ints(m.n, 4, 4, 1), 2, 2, "VALID"),
        reference=_max,
        label="integers",
    ),
    Row(
        "nn.max_pool3d",
        lambda m: (m.distinct(m.n, 3, 4, 2, 1), 2, 2, "SAME"),
        reference=_max,
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "nn.max_pool_with_argmax",
        lambda m: (m.distinct(m.n, 4, 5, 2), 2, 2, "SAME"),
        reference=windows.argmax_pooled,
        gradient=(0,),
        wide=True,
        **_LINEAR,
    ),
    Row("nn.avg_pool", lambda m: (m(m.n, 5, 2), 2, 2, "SAME"), reference=_mean),
    Row(
        "nn.avg_pool1d",
        lambda m: (m(m.n, 2, 6), 3, 2, "SAME", "NCW"),
        reference=_mean,
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "nn.avg_pool2d",
        lambda m: (m(m.n, 5, 4, 2), [3, 2], 2, "SAME"),
        reference=_mean,
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "nn.avg_pool3d",
        lambda m: (m(m.n, 3, 4, 2, 1), 2, 2, "VALID"),
        reference=_mean,
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "nn.pool",
        lambda m: (m.distinct(m.n, 6, 6, 1), [2, 2], "MAX", 1, "SAME"),
        {"dilations": [2, 1]},
        reference=_pool,
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "nn.pool", lambda m: (m(m.n, 6, 1), [3], "AVG", [2], "VALID"), reference=_pool, label="mean"
    ),
]
