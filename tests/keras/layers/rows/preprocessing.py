"""Layers of the preprocessing family."""

from __future__ import annotations

from tests.keras.layers.rows.spec import L, Row

ROWS = [
    Row("normalization", L("Normalization"), ((4, 3),)),
    Row("normalization-axes", L("Normalization", axis=[1, -1]), ((2, 3, 2, 4),)),
    Row("normalization-whole", L("Normalization", axis=None), ((4, 3),)),
    Row("normalization-invert", L("Normalization", invert=True), ((4, 3),)),
    Row(
        "normalization-given",
        L("Normalization", mean=[0.5, -1.0, 2.0], variance=[4.0, 0.25, 1.0]),
        ((2, 2, 3),),
    ),
    Row(
        "normalization-given-number",
        L("Normalization", axis=1, mean=0.5, variance=4.0, invert=True),
        ((2, 3, 2),),
    ),
    Row(
        "normalization-integers", L("Normalization", mean=3.0, variance=4.0), ((4, 3),), integers=7
    ),
]
