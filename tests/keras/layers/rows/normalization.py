"""Layers of the normalization family."""

from __future__ import annotations

from tests.keras.layers.rows.spec import L, Row

ROWS = [
    Row("batch-normalization", L("BatchNormalization"), ((4, 3),)),
    Row("batch-normalization-train", L("BatchNormalization", momentum=0.7), ((4, 3, 2),), training=True),
    Row(
        "batch-normalization-bare",
        L("BatchNormalization", scale=False, center=False),
        ((4, 3),),
        training=True,
    ),
    Row("batch-normalization-first", L("BatchNormalization", axis=1), ((2, 3, 2, 2),)),
    Row("batch-normalization-first-train", L("BatchNormalization", axis=1), ((2, 3, 2, 2),), training=True),
    Row("batch-normalization-masked", L("BatchNormalization"), ((3, 3, 2),), training=True, mask=True),
    Row(
        "batch-renormalization",
        L("BatchNormalization", renorm=True, renorm_clipping={"rmax": 1.2, "rmin": 0.8, "dmax": 0.5}),
        ((4, 3),),
        training=True,
    ),
    Row(
        "batch-renormalization-free",
        L("BatchNormalization", renorm=True, renorm_momentum=0.8, epsilon=0.01),
        ((4, 3),),
        training=True,
        tolerance=1e-4,
    ),
    # Real Keras takes one axis only.
    Row("batch-normalization-axes", L("BatchNormalization", axis=[1, 2]), ((3, 2, 4),), golden=False),
    Row("layer-normalization", L("LayerNormalization"), ((2, 3, 4),)),
    Row("layer-normalization-axes", L("LayerNormalization", axis=[1, 2], epsilon=0.1), ((2, 3, 4),)),
    Row("layer-normalization-middle", L("LayerNormalization", axis=1, center=False), ((2, 3, 4),)),
    Row("layer-normalization-bare", L("LayerNormalization", scale=False, center=False), ((2, 4),)),
    Row("layer-normalization-rms", L("LayerNormalization", rms_scaling=True), ((2, 3, 4),)),
    Row("group-normalization", L("GroupNormalization", 2), ((2, 3, 4),)),
    Row("group-normalization-first", L("GroupNormalization", 2, axis=1, epsilon=0.1), ((2, 4, 3),)),
    Row("group-normalization-instance", L("GroupNormalization", -1, scale=False), ((2, 3, 4),)),
    Row("rms-normalization", L("RMSNormalization"), ((2, 3, 4),)),
    Row("rms-normalization-axes", L("RMSNormalization", axis=[1, 2], epsilon=0.1), ((2, 3, 4),)),
    Row("unit-normalization", L("UnitNormalization"), ((2, 3, 4),)),
    Row("unit-normalization-axes", L("UnitNormalization", axis=[1, 2]), ((2, 3, 4),)),
    Row("spectral-normalization", L("SpectralNormalization", L("Dense", 3)), ((2, 4),)),
    Row(
        "spectral-normalization-train",
        L("SpectralNormalization", L("Dense", 3), power_iterations=2),
        ((2, 4),),
        training=True,
    ),
    Row(
        "spectral-normalization-embedding",
        L("SpectralNormalization", L("Embedding", 5, 3)),
        ((2, 4),),
        integers=5,
        training=True,
        # Real Keras casts the vectors to the integers' dtype.
        golden=False,
    ),
]
