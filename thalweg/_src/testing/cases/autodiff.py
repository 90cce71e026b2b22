"""Rows of the ops that steer differentiation."""

from __future__ import annotations

from thalweg._src.testing.rows import Row

ROWS = [
    Row(
        "stop_gradient",
        lambda make: (make(make.n, 2),),
        reference=lambda x: x,
        note="its gradient is None by definition, see tests/autodiff/test_tape.py",
    ),
    Row(
        "_src.autodiff.stop._stop",
        lambda make: (make(make.n, 2),),
        reference=lambda x: x,
        note="the op below the function, which hides it from recorders",
    ),
]
