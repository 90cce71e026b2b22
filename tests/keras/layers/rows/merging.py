"""Layers of the merging family."""

from __future__ import annotations

from tests.keras.layers.rows.spec import L, Row

SAME = ((2, 3, 4), (2, 3, 4))
WIDER = ((2, 3, 4), (2, 4), (2, 1, 4))

ROWS = [
    Row("add", L("Add"), WIDER),
    Row("subtract", L("Subtract"), ((2, 3, 4), (2, 1, 4))),
    Row("multiply", L("Multiply"), WIDER),
    Row("average", L("Average"), WIDER),
    Row("maximum", L("Maximum"), WIDER, smooth=False),
    Row("minimum", L("Minimum"), SAME, smooth=False),
    Row("concatenate", L("Concatenate"), ((2, 3, 4), (2, 3, 1), (2, 3, 2))),
    Row("concatenate-axis", L("Concatenate", axis=1), ((2, 3, 4), (2, 1, 4))),
    Row("dot", L("Dot", 1), SAME),
    Row("dot-vectors", L("Dot", -1, normalize=True), ((2, 4), (2, 4))),
    Row("dot-axes", L("Dot", [2, 1], normalize=True), ((2, 3, 4), (2, 4, 5))),
    Row("dot-vector", L("Dot", -1), ((2, 3, 4), (2, 4))),
    Row("dot-more", L("Dot", [3, 1]), ((2, 2, 3, 4), (2, 4, 2, 1))),
]
