"""Layers that change images: deterministic ones, and random ones with fixed transformations."""

from __future__ import annotations

from typing import Any

from ..support import Cases, attempt

cases = Cases()


def ramp(np: Any, shape: Any = (2, 4, 6, 1), dtype: str = "float32") -> Any:
    return np.arange(np.prod(shape)).reshape(shape).astype(dtype)


def scene(np: Any) -> dict[str, Any]:
    """Images with what belongs to them."""
    images = ramp(np)
    return {
        "images": images,
        "labels": np.array([[0, 1], [1, 0]], "float32"),
        "segmentation_masks": (images > 10).astype("uint8"),
        "bounding_boxes": {
            "boxes": np.array([[[1, 0, 3, 2], [4, 2, 6, 4]], [[0, 0, 2, 2], [2, 1, 4, 3]]], "float32"),
            "labels": np.array([[1, 2], [3, 4]], "float32"),
        },
    }


def boxed(layer: Any, np: Any) -> Any:
    """All that a layer makes of a scene."""
    return layer(scene(np), training=True)


@cases
def resizing(tf: Any, np: Any) -> Any:
    kind = tf.keras.layers.Resizing
    found = {
        "scene": boxed(kind(2, 3, bounding_box_format="xyxy"), np),
        "bytes": kind(2, 3)(ramp(np, dtype="uint8")),
        "one": kind(3, 5, interpolation="nearest")(ramp(np)[0]),
        "channels first": kind(3, 5, data_format="channels_first")(ramp(np, (1, 2, 4, 6))),
        "antialias": kind(2, 2, antialias=True)(ramp(np)),
        "inference": kind(2, 2)(ramp(np), training=False),
        "boxes yxyx": kind(8, 3, bounding_box_format="yxyx")(scene(np))["bounding_boxes"]["boxes"],
    }
    for size in ((2, 2), (5, 4), (3, 9)):
        found[f"crop {size}"] = kind(*size, crop_to_aspect_ratio=True)(ramp(np))
        found[f"pad {size}"] = kind(*size, pad_to_aspect_ratio=True, fill_value=9.0)(ramp(np))
    return found


@cases
def center_crop(tf: Any, np: Any) -> Any:
    kind = tf.keras.layers.CenterCrop
    found: dict[str, Any] = {
        str(size): kind(*size)(ramp(np, shape))
        for shape, size in (((2, 4, 6, 1), (3, 4)), ((2, 4, 6, 1), (2, 5)), ((5, 7, 2), (2, 4)), ((4, 6, 1), (5, 3)))
    }
    parts = boxed(kind(2, 3, bounding_box_format="xyxy"), np)
    return found | {
        "boxes": parts["bounding_boxes"],
        "masks": np.asarray(parts["segmentation_masks"]).astype("uint8"),
        "bytes": kind(2, 2)(ramp(np, dtype="uint8")),
        "first": kind(2, 2, data_format="channels_first")(ramp(np, (1, 2, 4, 6))),
    }


@cases
def random_flip(tf: Any, np: Any) -> Any:
    flips = {"flips": np.array([True, False]).reshape(2, 1, 1, 1), "input_shape": (2, 4, 6, 1)}
    found: dict[str, Any] = {}
    for mode in ("horizontal", "vertical", "horizontal_and_vertical"):
        layer = tf.keras.layers.RandomFlip(mode, bounding_box_format="xyxy")
        given = scene(np)
        found[mode] = {
            "images": layer.transform_images(given["images"], flips),
            "masks": layer.transform_segmentation_masks(given["segmentation_masks"], flips),
            "boxes": layer.transform_bounding_boxes(given["bounding_boxes"], flips),
            "labels": layer.transform_labels(given["labels"], flips),
        }
    layer = tf.keras.layers.RandomFlip()
    return found | {
        "inference": layer(ramp(np, dtype="uint8"), training=False),
        "no format": attempt(lambda: layer(scene(np))),
        "vector": attempt(lambda: layer(ramp(np)[0, 0])),
        "no images": attempt(lambda: tf.keras.layers.RandomFlip(bounding_box_format="wrong")(scene(np))),
    }


@cases
def random_rotation(tf: Any, np: Any) -> Any:
    kind = tf.keras.layers.RandomRotation
    found = {
        f"{turn} {mode} {way}": boxed(kind((turn, turn), mode, way, bounding_box_format="xyxy"), np)
        for turn, mode, way in (
            (0.1, "constant", "bilinear"),
            (-0.2, "reflect", "nearest"),
            (0.05, "wrap", "bilinear"),
            (0.3, "nearest", "bilinear"),
        )
    }
    return found | {
        "one": kind((0.1, 0.1))(ramp(np)[0]),
        "filled": kind((0.1, 0.1), fill_mode="constant", fill_value=7.0)(ramp(np)),
        "bytes": kind((0.1, 0.1))(ramp(np, dtype="uint8")),
        "words": attempt(lambda: kind("a")),
        "three": attempt(lambda: kind((0.1, 0.2, 0.3))),
        "far": attempt(lambda: kind(2)),
    }


@cases
def random_zoom(tf: Any, np: Any) -> Any:
    kind = tf.keras.layers.RandomZoom
    return {
        "out": boxed(kind((0.5, 0.5), bounding_box_format="xyxy"), np),
        "in": boxed(kind((-0.5, -0.5), (0.2, 0.2), fill_mode="constant", bounding_box_format="xyxy"), np),
        "one": kind((-0.25, -0.25))(ramp(np)[1]),
        "first": kind((-0.25, -0.25), data_format="channels_first")(ramp(np, (1, 2, 4, 6))),
        "far": attempt(lambda: kind(2)),
    }


@cases
def random_translation(tf: Any, np: Any) -> Any:
    kind = tf.keras.layers.RandomTranslation
    given = {"translations": np.array([[1.0, 2.0], [-0.5, 0.0]], "float32"), "input_shape": (2, 4, 6, 1)}
    layer = kind(0.1, 0.1, fill_mode="wrap", bounding_box_format="xyxy")
    return {
        "down": boxed(kind((0.25, 0.25), (0.3, 0.3), fill_mode="constant", bounding_box_format="xyxy"), np),
        "up": boxed(kind((-0.25, -0.25), (0.5, 0.5), "constant", fill_value=7, bounding_box_format="xyxy"), np),
        "given": layer.transform_images(ramp(np), given),
        "given boxes": layer.transform_bounding_boxes(scene(np)["bounding_boxes"], given),
        "far": attempt(lambda: kind(2, 0.1)),
    }


@cases
def random_crop(tf: Any, np: Any) -> Any:
    kind = tf.keras.layers.RandomCrop
    return {
        "given": kind(2, 3).transform_images(ramp(np), (1, 2)),
        "given one": kind(2, 3).transform_images(ramp(np)[0], (1, 2)),
        "whole": boxed(kind(4, 6, bounding_box_format="xyxy"), np)["bounding_boxes"],
        "shape": np.array(kind(2, 3).compute_output_shape((5, 4, 6, 1)), "int32"),
    }


@cases
def colors(tf: Any, np: Any) -> Any:
    layers = tf.keras.layers
    colored = np.array([[[[100, 7, 250], [50, 10, 20]]], [[[1, 2, 3], [250, 128, 0]]]], "float32")
    contrast = {"contrast_factor": np.array([1.5, 0.5], "float32").reshape(2, 1, 1, 1)}
    brightness = {"rgb_delta": np.array([-20.0, 30.0], "float32").reshape(2, 1, 1, 1)}
    return {
        "contrast": layers.RandomContrast(0.5).transform_images(colored, contrast),
        "contrast of small": layers.RandomContrast(0.5, (0, 1)).transform_images(colored / 255, contrast),
        "brightness": layers.RandomBrightness(0.5).transform_images(colored, brightness),
        "fixed": layers.RandomBrightness((0.1, 0.1), (0, 1))(colored / 255),
        "bytes": layers.RandomBrightness((0.1, 0.1))(np.array([[[100, 7, 20]]], "uint8")),
        "inference": layers.RandomBrightness(0.5)(colored, training=False),
        "negative contrast": attempt(lambda: layers.RandomContrast(-0.1)),
        "large contrast": attempt(lambda: layers.RandomContrast(1.5)),
        "large brightness": attempt(lambda: layers.RandomBrightness(2)),
    }


@cases
def warps(tf: Any, np: Any) -> Any:
    layers = tf.keras.layers
    corners = np.array([[0, 0], [5, 0], [0, 3], [5, 3]], "float32")
    moved = corners + np.array([[0.5, 0.2], [-0.4, 0.1], [0.3, 0.5], [-0.6, -0.1]], "float32")
    perspective = {
        "apply_perspective": np.array([True, False]),
        "start_points": np.stack([corners] * 2),
        "end_points": np.stack([moved] * 2),
        "input_shape": (2, 4, 6, 1),
    }
    found: dict[str, Any] = {}
    for name, factors in (("x", [[0.2, 0], [-0.3, 0]]), ("y", [[0, 0.4], [0, -0.1]])):
        given = {"shear_factor": np.array(factors, "float32"), "input_shape": (2, 4, 6, 1)}
        layer = layers.RandomShear(0.5, 0.5, fill_mode="constant", bounding_box_format="xyxy")
        found[f"shear {name}"] = layer.transform_images(ramp(np), given)
        found[f"shear {name} boxes"] = layer.transform_bounding_boxes(scene(np)["bounding_boxes"], given)
    layer = layers.RandomPerspective(bounding_box_format="xyxy")
    return found | {
        "perspective": layer.transform_images(ramp(np), perspective),
        "perspective boxes": layer.transform_bounding_boxes(scene(np)["bounding_boxes"], perspective),
        "large scale": attempt(lambda: layers.RandomPerspective(scale=2)),
    }


# Hues go through float32 with 255 as the unit.
@cases(atol=2e-4)
def more_colors(tf: Any, np: Any) -> Any:
    layers = tf.keras.layers
    colored = np.array(
        [[[[100, 7, 250], [50, 10, 20]], [[1, 2, 3], [250, 128, 0]], [[0, 255, 128], [60, 60, 60]]]], "float32"
    )
    # Dull ones: Keras lets strong colours leave the range.
    dull = colored * 0.2 + 90

    def number(value: float, shape: Any = (1,)) -> Any:
        return np.full(shape, value, "float32")

    column = (1, 1, 1, 1)
    yes, no = np.array([True]), np.array([False])
    return {
        "hue": [
            layers.RandomHue(0.5).transform_images(colored, {"factor": number(f)}) for f in (0.2, 0.5, -0.1)
        ],
        "saturation": [
            layers.RandomSaturation(0.5).transform_images(dull, {"factor": number(f)}) for f in (0, 0.25, 1, 1.5)
        ],
        "degeneration": [
            layers.RandomColorDegeneration(0.5).transform_images(colored, {"factor": number(f, column)})
            for f in (0, 0.25, 1)
        ],
        "grey": [
            layers.RandomGrayscale(0.5).transform_images(colored, v.reshape(column)) for v in (yes, no)
        ],
        "grey bytes": layers.RandomGrayscale(1.0)(colored.astype("uint8")),
        "negative": layers.RandomInvert().transform_images(colored, {"apply_inversion": yes}),
        "negative of small": layers.RandomInvert(value_range=(0, 1)).transform_images(
            colored / 255, {"apply_inversion": yes}
        ),
        "posters": [
            layers.RandomPosterization(4).transform_images(colored, {"shift_factor": np.array([n], "uint8")})
            for n in (1, 4, 7)
        ],
        "posters of small": layers.RandomPosterization((3, 3), value_range=(0, 1))(colored / 255),
        "sharp": [
            layers.RandomSharpness(0.5).transform_images(colored, {"factor": number(f)}) for f in (0, 0.25, 0.5, 1)
        ],
        "blur": layers.RandomGaussianBlur(1.0, 3, 1.0).transform_images(
            ramp(np, (1, 5, 6, 2)),
            {"should_apply_blur": yes, "blur_factor": np.array([1.0, 2.0], "float32")},
        ),
        "stretched": [layers.AutoContrast()(images) for images in (colored, colored.astype("uint8"), colored * 0 + 7)],
        "stretched small": layers.AutoContrast((0, 1))(colored / 512),
        "equal": [layers.Equalization()(images) for images in (colored, colored.astype("uint8"), colored * 0 + 7)],
        "equal small": layers.Equalization((0, 1))(colored / 255),
        "equal 16": layers.Equalization(bins=16)(colored),
        "solar": [
            layers.Solarization().transform_images(
                colored, {"additions": number(a, column), "thresholds": number(t, column)}
            )
            for a, t in ((0, 0), (20, 0), (30, 128))
        ],
        "solar default": layers.Solarization()(colored),
        "erased": layers.RandomErasing().transform_images(
            colored,
            {
                "apply_erasing": yes,
                "batch_masks": colored[..., :1] > 55,
                "fill_value": number(9.0, colored.shape),
            },
        ),
        "hue out of range": attempt(lambda: layers.RandomHue(1.5)),
        "nine bits": attempt(lambda: layers.RandomPosterization(9)),
    }


@cases
def mixing(tf: Any, np: Any) -> Any:
    layers = tf.keras.layers
    labels = np.array([[0, 1], [1, 0]], "float32")
    order = np.array([1, 0], "int32")
    mix = {"mix_weight": np.array([0.25, 0.75], "float32"), "permutation_order": order}
    cut = {
        "permutation_order": order,
        "batch_masks": ramp(np) % 3 < 1,
        "mix_weight": np.array([0.25, 0.75], "float32").reshape(2, 1, 1, 1),
    }
    given = scene(np)
    boxes = given["bounding_boxes"]
    return {
        "mix": layers.MixUp().transform_images(ramp(np), mix),
        "mix labels": layers.MixUp().transform_labels(labels, mix),
        "mix boxes": layers.MixUp().transform_bounding_boxes(boxes, mix),
        "mix strongly": layers.MixUp(3).get_config()["alpha"],
        "mix one": layers.MixUp()({"images": ramp(np)[0], "labels": labels[0]})["labels"],
        "mix masks": layers.MixUp().transform_segmentation_masks(ramp(np), mix),
        "cut": layers.CutMix().transform_images(ramp(np), cut),
        "cut labels": layers.CutMix().transform_labels(labels, cut),
        "cut masks": layers.CutMix().transform_segmentation_masks(ramp(np), cut),
        "one": layers.CutMix()(ramp(np)[0]),
        "cut one": layers.CutMix()({"images": ramp(np)[0], "labels": labels[0]})["labels"],
        "fewer": layers.MaxNumBoundingBoxes(1).transform_bounding_boxes(boxes, None),
        "more": layers.MaxNumBoundingBoxes(3).transform_bounding_boxes(boxes, None),
        "pipeline": layers.Pipeline([layers.Rescaling(0.5), layers.Resizing(2, 3)])(ramp(np)),
    }


@cases(atol=1e-3)
def local_equalization(tf: Any, np: Any) -> Any:
    kind = tf.keras.layers.ContrastLimitedAdaptiveHistogramEqualization
    images = (ramp(np, (2, 9, 10, 2)) * 37 % 256).astype("float32")
    return {
        "default": kind()(images),
        "tiles": kind(clip_limit=3.0, tile_grid_size=(2, 4))(images),
        "one": kind(tile_grid_size=(3, 2))(images[0]),
        "whole": kind(clip_limit=1.5, tile_grid_size=(1, 1))(images),
        "no limit": kind(clip_limit=0, tile_grid_size=(2, 2))(images + 0.6),
        "small": kind((0, 1), tile_grid_size=(2, 2))(images / 255),
        "bytes": kind(tile_grid_size=(2, 2))(images.astype("uint8")),
        "first": kind(tile_grid_size=(2, 2), data_format="channels_first")(images.transpose(0, 3, 1, 2)),
        "equal": [kind(clip_limit=c)(images * 0 + v) for c in (0, 4) for v in (0, 7, 255, 300)],
        "inference": kind()(images, training=False),
    }


@cases
def aug_mix(tf: Any, np: Any) -> Any:
    layer = tf.keras.layers.AugMix()
    given = scene(np)
    found = layer(ramp(np), training=False)
    return {
        "inference": found,
        "labels": layer.transform_labels(given["labels"], None),
        "boxes": layer.transform_bounding_boxes(given["bounding_boxes"], None),
        "far": attempt(lambda: tf.keras.layers.AugMix(factor=2)),
    }


@cases(rtol=1e-3, atol=1e-2)
def mel_spectrogram(tf: Any, np: Any) -> Any:
    kind = tf.keras.layers.MelSpectrogram
    steps = np.arange(1500)
    signal = (np.sin(steps * 0.05) + 0.3 * np.cos(steps * 0.9)).astype("float32")
    small: dict[str, Any] = {"fft_length": 256, "sequence_stride": 128, "num_mel_bins": 12}
    layer = kind(**small)
    return {
        "decibels": layer(signal),
        "stereo": layer(np.stack([signal, signal * 0.01]).reshape(1, 2, -1)),
        "batch": layer(np.stack([signal, signal * 0.01])),
        "power": kind(**small, power_to_db=False)(signal),
        "magnitude": kind(
            **small, sequence_length=200, sampling_rate=8000, max_freq=3000.0, mag_exp=1.0, power_to_db=False
        )(signal),
        "hamming": kind(**small, window="hamming", top_db=30.0, ref_power=2.0)(signal),
        "weights": layer.linear_to_mel_weight_matrix(5, 9, 800, 10.0, 300.0),
        "config": {k: v for k, v in layer.get_config().items() if k not in ("dtype", "name", "max_freq")},
    }


@cases
def configs(tf: Any, np: Any) -> Any:
    layers = tf.keras.layers
    made = [
        layers.Resizing(2, 3, "nearest", crop_to_aspect_ratio=True, antialias=True),
        layers.CenterCrop(2, 3, data_format="channels_first"),
        layers.RandomFlip("vertical", seed=1, bounding_box_format="xyxy"),
        layers.RandomRotation(-0.2, "wrap", seed=3),
        layers.RandomZoom((0.1, 0.2), -0.3, interpolation="nearest"),
        layers.RandomTranslation(0.1, (0.2, 0.3), fill_value=2.0),
        layers.RandomCrop(2, 3, seed=5),
        layers.RandomContrast((0.2, 0.5), (0, 1)),
        layers.RandomBrightness(0.2, (0, 1), seed=7),
        layers.RandomHue((0.1, 0.2), (0, 1), seed=7),
        layers.RandomSaturation((0.1, 0.2)),
        layers.RandomColorDegeneration((0.1, 0.2)),
        layers.RandomColorJitter(hue_factor=0.2, contrast_factor=0.3, seed=3),
        layers.RandomInvert(0.5),
        layers.RandomPosterization(5),
        layers.RandomSharpness(0.5),
        layers.RandomGaussianBlur(0.5, 5, (0.5, 1.0)),
        layers.RandomErasing(0.5, fill_value=3.0),
        layers.RandomElasticTransform(0.5, 0.25),
        layers.RandomPerspective(0.5, 0.25),
        layers.RandomShear((0.1, 0.2), (0.2, 0.3)),
        layers.AutoContrast((0, 1)),
        layers.Equalization((0, 1), bins=16),
        layers.Solarization(0.1, (0.2, 0.3)),
        layers.MixUp(0.3),
        layers.CutMix((0.2, 0.3), seed=1),
        layers.RandAugment((0, 1), 3, (0.2, 0.3)),
        layers.AugMix((0, 1), 2, 4, 0.2, 0.5, False, "nearest", 3),
        layers.ContrastLimitedAdaptiveHistogramEqualization((0, 1), 2.0, (3, 4)),
    ]
    return {
        type(layer).__name__: {
            key: list(value) if isinstance(value, (list, tuple)) else value
            for key, value in layer.get_config().items()
            if key not in ("dtype", "name")
        }
        for layer in made
    }
