"""Rows of ops/elementwise.py."""

from __future__ import annotations

import numpy as np

from thalweg._src.testing.rows import Row

ROWS = [
    Row("add", lambda m: (m(m.n, 4), m(4)), reference=np.add, gradient=(0, 1)),
    Row("subtract", lambda m: (m(m.n, 4), m(m.n, 1)), reference=np.subtract, gradient=(0, 1)),
    Row("multiply", lambda m: (m(m.n, 4), m(m.n, 4)), reference=np.multiply, gradient=(0, 1)),
    Row("square", lambda m: (m(m.n, 4),), reference=np.square, gradient=(0,)),
]
