"""Laws that every layer of images keeps. Values: `tests/golden/test_keras_image_layers.py`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf

keras = tf.keras
layers = keras.layers

#: Layer by name: arguments, and whether it is random.
TABLE: dict[str, tuple[tuple[Any, ...], bool]] = {
    "Resizing": ((6, 8), False),
    "CenterCrop": ((6, 8), False),
    "RandomFlip": ((), True),
    "RandomRotation": ((0.3,), True),
    "RandomZoom": ((0.5,), True),
    "RandomTranslation": ((0.5, 0.5), True),
    "RandomCrop": ((6, 8), True),
    "RandomContrast": ((0.9,), True),
    "RandomBrightness": ((0.9,), True),
    "RandomShear": ((0.5, 0.5), True),
    "RandomPerspective": (((1.0, 1.0),), True),
    "RandomHue": ((0.9,), True),
    "RandomSaturation": ((0.9,), True),
    "RandomColorJitter": (((0, 255), 0.1, 0.2, 0.3, 0.4), True),
    "RandomColorDegeneration": ((0.9,), True),
    "RandomGrayscale": ((0.4,), True),
    "RandomInvert": (((0.5, 0.5),), True),
    "RandomPosterization": ((8,), True),
    "RandomSharpness": ((0.9,), True),
    "RandomGaussianBlur": (((1.0, 1.0), 3, (0.5, 3.0)), True),
    "RandomErasing": (((1.0, 1.0),), True),
    "RandomElasticTransform": (((1.0, 1.0), 0.1), True),
    "Solarization": ((0.5, 0.5), True),
    "RandAugment": (((0, 255), 1, (0.3, 0.9)), True),
    "AugMix": (((0, 255), 2, 1, (0.3, 0.9)), True),
    "AutoContrast": ((), False),
    "Equalization": ((), False),
    "ContrastLimitedAdaptiveHistogramEqualization": (((0, 255), 2.0, (2, 3)), False),
}
#: Layers that make images of another size.
SIZED = ("Resizing", "CenterCrop", "RandomCrop")
ALL = list(TABLE)
RANDOM = [name for name, (_, random) in TABLE.items() if random]


def made(name: str, **kwargs: Any) -> Any:
    arguments, random = TABLE[name]
    return getattr(layers, name)(*arguments, **({"seed": 7} if random else {}), **kwargs)


def pictures(count: int = 6, dtype: str = "float32") -> Any:
    """The same picture again and again, so that transformations alone make a difference."""
    y, x, c = np.meshgrid(np.arange(8), np.arange(10), np.arange(3), indexing="ij")
    picture = (120 + 60 * np.sin(x * 0.7 + y) + 50 * np.cos(y * 0.9 + c * 2.0 + x * 0.2)).astype(
        dtype
    )
    return np.stack([picture] * count)


def kinds(images: Any) -> int:
    return len({np.asarray(i).tobytes() for i in images})


@pytest.mark.parametrize("name", ALL)
def test_batches_single_images_and_layouts_agree(name: str) -> None:
    images = pictures(1)
    batch = made(name)(images, training=True).numpy()
    single = made(name)(images[0], training=True).numpy()
    np.testing.assert_allclose(batch[0], single, atol=1e-3)
    first = made(name, data_format="channels_first")(images.transpose(0, 3, 1, 2), training=True)
    np.testing.assert_allclose(first.numpy().transpose(0, 2, 3, 1), batch, atol=1e-3)
    assert batch.shape[1:3] == ((6, 8) if name in SIZED else (8, 10))
    assert np.isfinite(batch).all()


@pytest.mark.parametrize("name", RANDOM)
def test_each_image_has_its_own_transformation_and_inference_has_none(name: str) -> None:
    images = pictures()
    layer = made(name)
    found = layer(images, training=True).numpy()
    assert kinds(found) > 1
    assert (found != layer(images, training=True).numpy()).any()
    np.testing.assert_allclose(made(name)(images, training=True).numpy(), found, atol=1e-3)
    if name not in SIZED:
        assert (layer(images, training=False).numpy() == images).all()


@pytest.mark.parametrize("name", ALL)
def test_bytes_become_what_the_spec_says(name: str) -> None:
    images = pictures(2, "uint8")
    layer = made(name)
    symbol = layer(keras.Input((8, 10, 3), dtype="uint8"))
    for training in (True, False):
        output = layer(images, training=training)
        assert output.dtype.name == symbol.dtype == ("uint8" if layer.keeps_dtype else "float32")
        assert tuple(output.shape[1:]) == tuple(symbol.shape[1:])
    assert tuple(layer(keras.Input((None, None, 3))).shape) == (
        (None, 6, 8, 3) if name in SIZED else (None, None, None, 3)
    )


@pytest.mark.parametrize("name", RANDOM)
def test_compiled_functions_draw_anew(name: str) -> None:
    layer = made(name)
    run = tf.function(lambda x: layer(x, training=True))
    one, two = (run(tf.constant(pictures())).numpy() for _ in range(2))
    assert (one != two).any()
    np.testing.assert_allclose(made(name)(pictures(), training=True).numpy(), one, atol=1e-3)


@pytest.mark.parametrize("name", RANDOM)
def test_each_element_of_a_dataset_has_its_own_transformation(name: str) -> None:
    tf.random.set_seed(2)
    layer = made(name)
    data = tf.data.Dataset.from_tensor_slices(pictures(24))
    single = [x.numpy() for x in data.map(lambda x: layer(x, training=True))]
    assert kinds(single) > 1
    batches = [x.numpy() for x in data.batch(12).map(lambda x: layer(x, training=True))]
    assert [b.shape[0] for b in batches] == [12, 12]
    assert all(kinds(b) > 1 for b in batches)
    assert (batches[0] != batches[1]).any()


def test_models_augment_in_fit_and_not_in_predict() -> None:
    inputs = keras.Input((8, 10, 3))
    x = inputs
    for name in RANDOM:
        x = x if name in SIZED else made(name)(x)
    model = keras.Model(inputs, keras.layers.Flatten()(x))
    images = pictures(4)
    np.testing.assert_array_equal(model.predict(images, verbose=0), images.reshape(4, -1))
    model = keras.Model(inputs, keras.layers.Dense(1)(model.output))
    model.compile("sgd", "mse")
    assert np.isfinite(model.fit(images / 255, np.zeros((4, 1)), verbose=0).history["loss"][0])


def test_dictionaries_keep_everything_together() -> None:
    images = pictures(4)
    data = {
        "images": images,
        "labels": np.arange(4, dtype="int32"),
        "segmentation_masks": (images[..., :1] > 120).astype("int32"),
        "bounding_boxes": {
            "boxes": np.tile(np.array([[[2, 2, 6, 5], [0, 0, 3, 3]]], "float32"), (4, 1, 1)),
            "labels": np.ones((4, 2), "float32"),
        },
        "more": np.zeros((4, 7), "float32"),
    }
    for name in RANDOM:
        found = made(name, bounding_box_format="xyxy")(data, training=True)
        assert set(found) == set(data)
        assert (found["labels"].numpy() == np.arange(4)).all()
        assert found["segmentation_masks"].dtype == "int32"
        assert tuple(found["segmentation_masks"].shape[1:3]) == tuple(found["images"].shape[1:3])
        assert tuple(found["bounding_boxes"]["boxes"].shape) == (4, 2, 4)
        assert tuple(found["more"].shape) == (4, 7)
        passed = made(name, bounding_box_format="xyxy")(data, training=False)
        assert (passed["labels"].numpy() == np.arange(4)).all()


@pytest.mark.parametrize("form", ["xyxy", "rel_yxyx", "center_xywh"])
def test_boxes_follow_what_they_are_around(form: str) -> None:
    """A bright block stays inside of its box, in any format."""
    images = np.zeros((5, 16, 16, 1), "float32")
    images[:, 4:8, 6:12] = 1.0
    corners = np.tile(np.array([[[6, 4, 12, 8]]], "float32"), (5, 1, 1))
    convert = keras.utils.bounding_boxes.convert_format
    boxes = convert(corners, "xyxy", form, height=16, width=16)
    data = {
        "images": images,
        "bounding_boxes": {"boxes": boxes, "labels": np.ones((5, 1), "float32")},
    }
    for layer in (
        layers.Resizing(8, 24, bounding_box_format=form),
        layers.Resizing(8, 24, pad_to_aspect_ratio=True, bounding_box_format=form),
        layers.Resizing(12, 8, crop_to_aspect_ratio=True, bounding_box_format=form),
        layers.CenterCrop(12, 14, bounding_box_format=form),
        layers.CenterCrop(32, 24, bounding_box_format=form),
        layers.RandomFlip(seed=1, bounding_box_format=form),
        layers.RandomCrop(10, 12, seed=1, bounding_box_format=form),
        layers.RandomCrop(20, 12, seed=1, bounding_box_format=form),
        layers.RandomTranslation(0.2, 0.2, "constant", "nearest", seed=1, bounding_box_format=form),
        layers.RandomRotation(0.2, "constant", "nearest", seed=1, bounding_box_format=form),
        layers.RandomZoom(0.3, 0.2, "constant", "nearest", seed=1, bounding_box_format=form),
        layers.RandomShear(0.2, 0.3, "nearest", "constant", seed=1, bounding_box_format=form),
        layers.RandomPerspective((1.0, 1.0), 0.3, "nearest", seed=1, bounding_box_format=form),
    ):
        found = layer(data, training=True)
        seen = found["images"].numpy()[..., 0] > 0.5
        height, width = seen.shape[1:]
        corners = convert(
            found["bounding_boxes"]["boxes"], form, "xyxy", height=height, width=width
        )
        for image, (box,) in zip(seen, corners.numpy(), strict=True):
            rows, columns = np.nonzero(image)
            around = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
            np.testing.assert_allclose(box, around, atol=1.3, err_msg=type(layer).__name__)


def test_random_crops_are_parts_of_the_images() -> None:
    image = np.arange(8 * 9, dtype="float32").reshape(1, 8, 9, 1)
    found = layers.RandomCrop(3, 4, seed=2)(np.repeat(image, 40, 0), training=True).numpy()
    starts = {(int(f[0, 0, 0]) // 9, int(f[0, 0, 0]) % 9) for f in found}
    assert len(starts) > 10
    for one in found:
        top, left = divmod(int(one[0, 0, 0]), 9)
        assert (one[..., 0] == image[0, top : top + 3, left : left + 4, 0]).all()
    inference = layers.RandomCrop(4, 4)(image, training=False)
    wanted = keras.ops.image.resize(image, (4, 4), crop_to_aspect_ratio=True)
    assert (inference.numpy() == wanted.numpy()).all()


def test_ranges_of_random_numbers() -> None:
    images = np.zeros((300, 10, 20, 1), "float32")

    def drawn(layer: Any, key: str) -> Any:
        return layer.get_random_transformation(images, training=True, seed=3)[key].numpy()

    def between(found: Any, low: float, high: float) -> None:
        assert low <= found.min() < low + 0.1 * (high - low)
        assert high - 0.1 * (high - low) < found.max() <= high

    between(drawn(layers.RandomRotation((0.1, 0.2)), "angle"), 36, 72)
    between(drawn(layers.RandomRotation(-0.5), "angle"), -180, 180)
    between(drawn(layers.RandomZoom((-0.3, 0.2)), "width_zoom"), 0.7, 1.2)
    between(drawn(layers.RandomZoom(0.3, 0.1), "width_zoom"), 0.9, 1.1)
    moves = drawn(layers.RandomTranslation((0.1, 0.2), 0.5), "translations")
    between(moves[:, 0], -10, 10)
    between(moves[:, 1], 1, 2)
    between(drawn(layers.RandomContrast(0.4), "contrast_factor"), 0.6, 1.4)
    between(drawn(layers.RandomContrast((0.1, 2)), "contrast_factor"), 0.9, 3.0)
    between(drawn(layers.RandomBrightness((-0.1, 0.2), (0, 1)), "rgb_delta"), -0.1, 0.2)
    between(abs(drawn(layers.RandomHue((0.2, 0.6)), "factor")), 0.1, 0.3)
    between(drawn(layers.RandomSaturation(0.5), "factor"), 0, 1)
    between(abs(drawn(layers.RandomShear(0.5, (0.1, 0.2)), "shear_factor")[:, 1]), 0.1, 0.2)
    between(drawn(layers.Solarization((0.2, 0.4), 0.1), "additions"), 51, 102)
    assert set(drawn(layers.RandomPosterization((2, 4)), "shift_factor")) == {4, 5, 6}
    inverted = drawn(layers.RandomInvert((0.6, 0.8)), "apply_inversion")
    assert 0.6 < inverted.mean() < 0.8
    flips = drawn(layers.RandomFlip(), "flips").reshape(-1, 2)
    assert {tuple(f) for f in flips} == {(a, b) for a in (True, False) for b in (True, False)}


def test_mixtures_keep_images_and_labels_together() -> None:
    images = np.stack([np.full((16, 16, 1), n, "float32") for n in range(6)])
    for layer in (layers.MixUp(1.0, seed=4), layers.CutMix(seed=4)):
        data = {"images": images, "labels": np.eye(6, dtype="float32")}
        for run in (
            layer,
            tf.function(layer),
            lambda d, mix=layer: next(iter(tf.data.Dataset.from_tensor_slices(d).batch(6).map(mix))),
        ):
            found = run(data)
            means = tf.reduce_mean(found["images"], [1, 2, 3]).numpy()
            labels = found["labels"].numpy()
            np.testing.assert_allclose(labels.sum(-1), 1, atol=1e-5)
            np.testing.assert_allclose(labels @ np.arange(6), means, atol=1e-4)
            assert (labels.max(-1) < 1).any()
        assert layer(data, training=False)["labels"].numpy().trace() == 6
        one = layer({"images": images[2], "labels": np.eye(6, dtype="float32")[2]})
        np.testing.assert_allclose(one["images"].numpy(), images[2], atol=1e-5)
        np.testing.assert_allclose(one["labels"].numpy(), np.eye(6)[2], atol=1e-5)
        with pytest.raises(ValueError, match="one-hot"):
            layer({"images": images, "labels": np.arange(6)})


def test_boxes_of_mixed_images_are_those_of_both() -> None:
    boxes = np.arange(3 * 2 * 4, dtype="float32").reshape(3, 2, 4)
    order = {"permutation_order": np.array([2, 0, 1])}
    found = layers.MixUp().transform_bounding_boxes(
        {"boxes": boxes, "labels": boxes[..., 0]}, order
    )
    assert (found["boxes"].numpy() == np.concatenate([boxes, boxes[[2, 0, 1]]], 1)).all()
    assert tuple(found["labels"].shape) == (3, 4)


def test_pipelines_hand_on_training_and_come_back_from_their_config() -> None:
    layer = layers.Pipeline(
        [layers.Resizing(6, 6), layers.RandomFlip(seed=1), layers.RandomRotation(0.2, seed=2)]
    )
    copy = layers.Pipeline.from_config(layer.get_config())
    images = pictures()
    assert (copy(images).numpy() == layer(images).numpy()).all()
    assert [type(part).__name__ for part in copy.layers] == [
        "Resizing",
        "RandomFlip",
        "RandomRotation",
    ]
    assert kinds(layer(images, training=False)) == 1
    data = tf.data.Dataset.from_tensor_slices(images).map(copy)
    assert kinds(x.numpy() for x in data) > 1


def test_cut_mix_is_even_with_large_factors_and_all_or_nothing_with_small_ones() -> None:
    images = np.zeros((300, 12, 12, 1), "float32")

    def kept(factor: Any) -> Any:
        drawn = layers.CutMix(factor, seed=3).get_random_transformation(images)
        return drawn["mix_weight"].numpy().ravel()

    assert 0.4 < (kept((0.001, 0.001)) == 1).mean() < 0.6
    assert (kept((1.0, 1.0)) == 1).mean() < 0.2


def test_aug_mix_mixes_masks_of_floats_like_images_and_no_others() -> None:
    images = pictures(3)
    layer = layers.AugMix((0, 255), 2, 1, (0.5, 0.9), all_ops=False, seed=5)
    drawn = layer.get_random_transformation(images)
    np.testing.assert_allclose(drawn["chain_mixing_weights"].numpy().sum(0), 1, atol=1e-5)
    mask = (images[..., :1] > 120).astype("float32")
    found = layer.transform_segmentation_masks(mask, drawn).numpy()
    assert found.min() >= 0
    assert found.max() <= 1 + 1e-5
    assert (found != mask).any()
    whole = layer.transform_segmentation_masks(mask.astype("int32"), drawn)
    assert (np.asarray(whole) == mask).all()


def test_aug_mix_without_depth_of_a_chain_keeps_the_image() -> None:
    images = pictures(2)
    layer = layers.AugMix(num_chains=2, chain_depth=1)
    drawn = layer.get_random_transformation(images) | {"layer_idxes": np.full((1, 4), -1)}
    np.testing.assert_allclose(layer.transform_images(images, drawn).numpy(), images, atol=1e-3)


def test_rand_augment_draws_each_step_anew() -> None:
    drawn = layers.RandAugment(num_ops=2, seed=1).get_random_transformation(pictures(4))
    one, two = (step[0]["shear_factor"].numpy() for step in drawn["transforms"])
    assert (one != two).any()


def test_local_equalization_tells_parts_of_images_apart() -> None:
    """Faint patterns come out in the dark half and in the bright one."""
    pattern = (np.arange(16 * 16).reshape(16, 16, 1) * 7 % 5).astype("float32")
    image = pattern + np.where(np.arange(16)[None, :, None] < 8, 20.0, 200.0).astype("float32")
    kind = layers.ContrastLimitedAdaptiveHistogramEqualization
    found = kind(clip_limit=40.0, tile_grid_size=(2, 2))(image).numpy()
    for half in (found[:, :4], found[:, 12:]):
        assert np.ptp(half) > 100 > np.ptp(pattern)
    gentle = kind(clip_limit=1.0, tile_grid_size=(2, 2))(image).numpy()
    assert np.ptp(gentle[:, :4]) < np.ptp(found[:, :4])


def test_brightness_of_bytes_stops_at_the_ends() -> None:
    image = np.array([[[3, 100, 250]]], "uint8")
    assert layers.RandomBrightness((0.1, 0.1))(image).numpy().ravel().tolist() == [28, 125, 255]
    assert layers.RandomBrightness((-0.1, -0.1))(image).numpy().ravel().tolist() == [0, 74, 224]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: layers.Resizing(0, 3), "height"),
        (lambda: layers.Resizing(3, 3, interpolation="cubic"), "interpolation"),
        (
            lambda: layers.Resizing(3, 3, crop_to_aspect_ratio=True, pad_to_aspect_ratio=True),
            "both",
        ),
        (lambda: layers.RandomFlip("sideways"), "mode"),
        (lambda: layers.RandomRotation(0.1, fill_mode="black"), "fill_mode"),
        (lambda: layers.RandomRotation(0.1, interpolation="cubic"), "interpolation"),
        (lambda: layers.RandomZoom(0.1, 3), "width_factor"),
        (lambda: layers.RandomContrast(0.1, (1, 0)), "value_range"),
        (lambda: layers.MixUp(0), "alpha"),
        (lambda: layers.AugMix(num_chains=0), "num_chains"),
        (lambda: layers.AugMix(chain_depth=1.5), "chain_depth"),
        (lambda: layers.AugMix(alpha=-1), "alpha"),
        (lambda: layers.AugMix(interpolation="cubic"), "interpolation"),
        (lambda: layers.RandAugment(interpolation="cubic"), "interpolation"),
        (
            lambda: layers.ContrastLimitedAdaptiveHistogramEqualization(clip_limit=-1),
            "clip_limit",
        ),
        (
            lambda: layers.ContrastLimitedAdaptiveHistogramEqualization(tile_grid_size=8),
            "tile_grid_size",
        ),
        (
            lambda: layers.ContrastLimitedAdaptiveHistogramEqualization(tile_grid_size=(0, 2)),
            "height",
        ),
        (lambda: layers.RandomFlip()({"labels": np.zeros(3)}), "'images'"),
        (lambda: layers.RandomFlip()(np.zeros((1, 1, 2, 2, 3))), "rank 3"),
        (
            lambda: layers.RandomFlip()(
                {"images": np.zeros((2, 2, 1)), "bounding_boxes": {"boxes": np.zeros((1, 4))}},
                training=True,
            ),
            "bounding_box_format",
        ),
    ],
)
def test_misuse(make: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


def test_shapes_of_outputs_for_shapes_of_inputs() -> None:
    assert layers.Resizing(3, 5).compute_output_shape(input_shape=(None, 8, 9, 3)) == (None, 3, 5, 3)
    assert layers.RandomFlip().compute_output_shape((2, 8, 9, 3)) == (2, 8, 9, 3)
    shapes = {"images": (2, 8, 9, 3), "labels": (2,)}
    found = layers.RandomCrop(4, 4).compute_output_shape(shapes)
    assert found == {"images": (2, 4, 4, 3), "labels": (2,)}
