"""Layers of the preprocessing family."""

from __future__ import annotations

from typing import Any

from tests.keras.layers.rows.spec import L, Row


def images(id: str, *args: Any, random: bool = True, **kwargs: Any) -> Row:
    """Row of a layer of images, outside of training where it is random; golden values: `tests/golden`."""
    return Row(
        id,
        L(*args, **kwargs),
        ((2, 6, 8, 3),),
        calls={"training": False} if random else {},
        random=random,
        smooth=False,
        golden=False,
    )


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
ROWS += [
    images("resizing", "Resizing", 3, 4, antialias=True, random=False),
    images("center-crop", "CenterCrop", 4, 4, random=False),
    images("random-flip", "RandomFlip", "horizontal", seed=3),
    images("random-rotation", "RandomRotation", (-0.1, 0.2), "constant"),
    images("random-zoom", "RandomZoom", 0.2, (0.1, 0.3)),
    images("random-translation", "RandomTranslation", 0.2, (0.1, 0.3), data_format="channels_last"),
    images("random-crop", "RandomCrop", 4, 5, bounding_box_format="xyxy"),
    images("random-contrast", "RandomContrast", (0.1, 0.2), value_range=(-1, 1)),
    images("random-brightness", "RandomBrightness", 0.3, (-1, 1)),
    images("random-shear", "RandomShear", (0.1, 0.2), 0.3),
    images("random-perspective", "RandomPerspective", 0.7, 0.3),
    images("random-hue", "RandomHue", 0.7),
    images("random-saturation", "RandomSaturation", (0.2, 0.7)),
    images("random-color-jitter", "RandomColorJitter", hue_factor=0.2, contrast_factor=0.1),
    images("random-color-degeneration", "RandomColorDegeneration", 0.4),
    images("random-grayscale", "RandomGrayscale", 0.4),
    images("random-invert", "RandomInvert", 0.4),
    images("random-posterization", "RandomPosterization", 4),
    images("random-sharpness", "RandomSharpness", (0.1, 0.4)),
    images("random-gaussian-blur", "RandomGaussianBlur", 0.4, 5, (0.5, 1.0)),
    images("random-erasing", "RandomErasing", 0.4, fill_value=2.0),
    images("random-elastic-transform", "RandomElasticTransform", 0.4, 0.1),
    images("solarization", "Solarization", 0.4, (0.1, 0.2)),
    images("auto-contrast", "AutoContrast", (-1, 1), random=False),
    images("equalization", "Equalization", (-1, 1), bins=32, random=False),
    images(
        "clahe",
        "ContrastLimitedAdaptiveHistogramEqualization",
        (-1, 1),
        2.0,
        (2, 3),
        random=False,
    ),
    images("aug-mix", "AugMix", (-1, 1), 2, 1),
    images("mix-up", "MixUp", 0.3),
    images("cut-mix", "CutMix", (0.2, 0.4)),
    images("rand-augment", "RandAugment", (-1, 1), 1, 0.3),
    images("max-num-bounding-boxes", "MaxNumBoundingBoxes", 3, random=False),
    Row("stft-spectrogram", L("STFTSpectrogram", frame_length=8), ((2, 30, 2),)),
    Row(
        "stft-spectrogram-magnitude",
        L("STFTSpectrogram", "magnitude", 8, 3, 16, "hamming", padding="same", expand_dims=True),
        ((2, 20, 2),),
    ),
    Row(
        "stft-spectrogram-psd",
        L("STFTSpectrogram", "psd", 7, 2, 7, [1.0, 2, 3, 4, 3, 2, 1], data_format="channels_first"),
        ((2, 2, 20),),
    ),
    Row(
        "stft-spectrogram-angle",
        L("STFTSpectrogram", "angle", 8, scaling="spectrum", window=None),
        ((1, 20, 1),),
        smooth=False,  # it jumps from pi to -pi
    ),
    Row(
        "stft-spectrogram-real",
        L("STFTSpectrogram", "real", 8, periodic=True, scaling="spectrum"),
        ((2, 20, 1),),
    ),
    Row(
        "stft-spectrogram-imag",
        L("STFTSpectrogram", "imag", 6, data_format="channels_first", expand_dims=True, scaling=None),
        ((2, 2, 20),),
    ),
    Row(
        "stft-spectrogram-complex",
        L("STFTSpectrogram", "stft", 8, padding="same", trainable=False),
        ((2, 20, 2),),
    ),
    Row(
        "mel-spectrogram",
        L("MelSpectrogram", 64, 32, num_mel_bins=6),
        ((2, 200),),
        smooth=False,
        golden=False,  # `tests/golden/cases/keras_image_layers.py`
    ),
]
