"""Layers of the activations family."""

from __future__ import annotations

from tests.keras.layers.rows.spec import L, Row

ROWS = [
    Row("relu", L("ReLU"), ((2, 4),)),
    Row("relu-bounded", L("ReLU", max_value=0.8, negative_slope=0.1, threshold=0.3), ((2, 4),)),
    Row("leaky-relu", L("LeakyReLU", 0.2), ((2, 4),)),
    Row("prelu", L("PReLU", "ones"), ((2, 3, 4),)),
    Row("prelu-shared", L("PReLU", "ones", shared_axes=[1]), ((2, 3, 4),)),
    Row("elu", L("ELU", 0.5), ((2, 4),)),
    Row("softmax", L("Softmax"), ((2, 4),)),
    Row("softmax-axis", L("Softmax", axis=1), ((2, 3, 4),)),
    Row("softmax-axes", L("Softmax", axis=[1, 2]), ((2, 3, 4),)),
    Row("softmax-masked", L("Softmax"), ((2, 4),), mask=True),
]
