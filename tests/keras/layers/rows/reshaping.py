"""Layers of the reshaping family."""

from __future__ import annotations

from tests.keras.layers.rows.spec import L, Row

ROWS = [
    Row("flatten-first", L("Flatten", data_format="channels_first"), ((2, 3, 2, 2),)),
    Row("flatten-vector", L("Flatten"), ((3,),)),
    Row("reshape", L("Reshape", (3, 4)), ((2, 2, 6),)),
    Row("reshape-open", L("Reshape", [-1, 2]), ((2, 4, 3),)),
    # Keras says int32 in models, too.
    Row("reshape-int", L("Reshape", (6,)), ((2, 2, 3),), integers=5, mixed=False),
    Row("permute", L("Permute", (3, 1, 2)), ((2, 3, 4, 2),)),
    Row("repeat-vector", L("RepeatVector", 3), ((2, 4),)),
    Row("cropping1d", L("Cropping1D", (1, 2)), ((2, 5, 2),)),
    Row("cropping2d", L("Cropping2D", ((1, 0), (0, 2))), ((2, 3, 4, 2),)),
    Row("cropping2d-first", L("Cropping2D", (0, 1), data_format="channels_first"), ((2, 1, 3, 4),)),
    Row("cropping3d", L("Cropping3D", (1, 0, 1)), ((1, 3, 2, 4, 1),)),
    Row("zero-padding1d", L("ZeroPadding1D", (1, 2)), ((2, 3, 2),)),
    Row("zero-padding1d-first", L("ZeroPadding1D", data_format="channels_first"), ((2, 3, 2),)),
    Row("zero-padding2d", L("ZeroPadding2D", ((1, 0), (0, 2))), ((2, 2, 3, 1),)),
    Row("zero-padding3d", L("ZeroPadding3D", (1, 0, 2)), ((1, 1, 2, 1, 2),)),
    Row("up-sampling1d", L("UpSampling1D", 3), ((2, 3, 2),)),
    Row("up-sampling2d", L("UpSampling2D", (1, 2)), ((2, 2, 3, 1),)),
    Row("up-sampling2d-first", L("UpSampling2D", data_format="channels_first"), ((2, 1, 2, 3),)),
    *(
        Row(
            f"up-sampling2d-{name}",
            L("UpSampling2D", (2, 3), interpolation=name),
            ((1, 3, 2, 1),),
            smooth=name != "area",  # TensorFlow has no gradient of it
            # TensorFlow looks the weights of "bicubic" up in a table of 1,024 places.
            tolerance=1e-3 if name == "bicubic" else 1e-5,
        )
        for name in ("bilinear", "bicubic", "lanczos3", "lanczos5", "area")
    ),
    Row("up-sampling3d", L("UpSampling3D", (1, 2, 3)), ((1, 2, 1, 2, 2),)),
]
