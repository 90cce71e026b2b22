"""Rows of ops/debugging.py."""

from __future__ import annotations

from thalweg._src.testing.rows import Row

ROWS = [
    Row(
        "_src.ops.debugging._check_numerics",
        lambda m: (m(m.n, 2),),
        {"message": "loss"},
        reference=lambda x, message: x,
        gradient=(0,),
    ),
]
