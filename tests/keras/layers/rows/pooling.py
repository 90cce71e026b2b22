"""Layers of the pooling family."""

from __future__ import annotations

from tests.keras.layers.rows.spec import L, Row

ROWS = [
    Row("max-pooling1d", L("MaxPooling1D"), ((2, 5, 2),)),
    Row("max-pooling1d-first", L("MaxPooling1D", 3, 1, "same", "channels_first"), ((2, 2, 4),)),
    Row("max-pooling2d", L("MaxPooling2D", (2, 3), strides=1), ((2, 3, 4, 2),)),
    Row("max-pooling2d-same", L("MaxPooling2D", 2, padding="same"), ((2, 3, 5, 1),)),
    # Keras says float32 in models and gives int32; ours keep integers in both.
    Row("max-pooling2d-int", L("MaxPooling2D"), ((2, 4, 4, 1),), integers=9, mixed=False),
    Row("max-pooling3d", L("MaxPooling3D", (1, 2, 2)), ((2, 2, 3, 4, 1),)),
    Row("average-pooling1d", L("AveragePooling1D", 2), ((2, 5, 2),)),
    Row(
        "average-pooling1d-first",
        L("AveragePooling1D", 3, 2, padding="same", data_format="channels_first"),
        ((2, 2, 5),),
    ),
    Row("average-pooling2d", L("AveragePooling2D", (2, 1), strides=(1, 2)), ((2, 3, 4, 2),)),
    Row("average-pooling2d-same", L("AveragePooling2D", 2, padding="same"), ((2, 3, 5, 1),)),
    Row("average-pooling3d", L("AveragePooling3D", 2, strides=1), ((2, 2, 3, 3, 1),)),
    Row("global-max-pooling1d", L("GlobalMaxPooling1D"), ((2, 4, 2),)),
    Row("global-max-pooling2d", L("GlobalMaxPooling2D", keepdims=True), ((2, 3, 4, 2),)),
    Row("global-max-pooling3d", L("GlobalMaxPooling3D", "channels_first"), ((2, 2, 2, 3, 2),)),
    Row("global-average-pooling1d", L("GlobalAveragePooling1D"), ((2, 4, 2),)),
    Row("global-average-pooling1d-mask", L("GlobalAveragePooling1D"), ((2, 4, 2),), mask=True),
    Row(
        "global-average-pooling1d-keep",
        L("GlobalAveragePooling1D", keepdims=True),
        ((3, 5, 2),),
        mask=True,
    ),
    Row("global-average-pooling2d", L("GlobalAveragePooling2D"), ((2, 3, 4, 2),)),
    Row(
        "global-average-pooling2d-first",
        L("GlobalAveragePooling2D", "channels_first", keepdims=True),
        ((2, 3, 4, 2),),
    ),
    Row("global-average-pooling3d", L("GlobalAveragePooling3D"), ((2, 2, 2, 3, 2),)),
    Row("adaptive-max-pooling1d", L("AdaptiveMaxPooling1D", 3), ((2, 7, 2),)),
    Row("adaptive-max-pooling2d", L("AdaptiveMaxPooling2D", (2, 3)), ((2, 3, 4, 1),)),
    Row("adaptive-max-pooling3d", L("AdaptiveMaxPooling3D", 2), ((1, 2, 3, 4, 1),)),
    Row("adaptive-average-pooling1d", L("AdaptiveAveragePooling1D", 5), ((2, 3, 2),)),
    Row(
        "adaptive-average-pooling2d",
        L("AdaptiveAveragePooling2D", 2, data_format="channels_first"),
        ((2, 1, 5, 4),),
    ),
    Row("adaptive-average-pooling3d", L("AdaptiveAveragePooling3D", (1, 2, 3)), ((1, 2, 3, 4, 1),)),
]
