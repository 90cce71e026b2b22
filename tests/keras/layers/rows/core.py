"""Layers of the core family."""

from __future__ import annotations

from tests.keras.layers.rows.spec import L, Row

ROWS = [
    Row("dense", L("Dense", 3, activation="tanh"), ((2, 4),)),
    Row("dense-3d", L("Dense", 2, use_bias=False), ((2, 3, 4),)),
    Row("activation", L("Activation", "tanh"), ((2, 4),)),
    Row("flatten", L("Flatten"), ((2, 3, 4),)),
    Row("rescaling", L("Rescaling", 0.5, offset=-1.0), ((2, 4),)),
]
