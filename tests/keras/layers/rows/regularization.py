"""Layers of the regularization family: identities but for training, where they are random."""

from __future__ import annotations

from tests.keras.layers.rows.spec import L, Row

ROWS = [
    Row("dropout", L("Dropout", 0.4, seed=1), ((2, 4),), random=True),
    Row("dropout-all", L("Dropout", 1.0), ((2, 4),), training=True),
    Row("dropout-none", L("Dropout", 0.0), ((2, 4),), training=True),
    Row("dropout-noise-shape", L("Dropout", 0.4, noise_shape=[None, 1, 4]), ((2, 3, 4),), random=True),
    Row("spatial-dropout1d", L("SpatialDropout1D", 0.4), ((2, 3, 4),), random=True),
    Row("spatial-dropout2d", L("SpatialDropout2D", 0.4), ((2, 3, 2, 4),), random=True),
    Row(
        "spatial-dropout2d-first",
        L("SpatialDropout2D", 0.4, data_format="channels_first"),
        ((2, 4, 3, 2),),
        random=True,
    ),
    Row("spatial-dropout3d", L("SpatialDropout3D", 0.4), ((2, 2, 3, 2, 4),), random=True),
    Row("alpha-dropout", L("AlphaDropout", 0.4), ((2, 4),), random=True),
    Row("gaussian-dropout", L("GaussianDropout", 0.4), ((2, 4),), random=True),
    Row("gaussian-noise", L("GaussianNoise", 0.4, seed=2), ((2, 4),), random=True),
    Row("gaussian-noise-none", L("GaussianNoise", 0.0), ((2, 4),), training=True),
    Row("activity-regularization", L("ActivityRegularization", 0.1, 0.2), ((2, 4),)),
]
