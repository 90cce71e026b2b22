"""Images: random bends, layouts, open sizes, refusals."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

image, KerasTensor = tf.keras.ops.image, tf.keras.KerasTensor
OPEN = KerasTensor((None, None, None, 3))


def test_bends_are_as_strong_and_as_smooth_as_asked():
    rows, columns = np.meshgrid(np.arange(32.0), np.arange(32.0), indexing="ij")
    places = np.tile(np.stack([rows, columns], -1)[None].astype("float32"), (16, 1, 1, 1))
    bent = image.elastic_transform(places, alpha=10.0, sigma=2.0, seed=1).numpy()
    moves = (bent - places)[:, 8:24, 8:24]
    assert moves.std() == pytest.approx(0.5 / np.sqrt(np.pi) * 10.0, rel=0.15)
    steps = np.abs(np.diff(moves, axis=1)).mean()
    assert steps < 0.35 * moves.std()
    assert not np.allclose(moves[0], moves[1])


def test_bends_follow_their_seed():
    x = np.random.default_rng(0).normal(size=(2, 6, 5, 1)).astype("float32")
    one, two = (image.elastic_transform(x, seed=1).numpy() for _ in range(2))
    np.testing.assert_array_equal(one, two)
    seeds = tf.keras.random.SeedGenerator(1)
    one, two = (image.elastic_transform(x, seed=seeds).numpy() for _ in range(2))
    assert not np.array_equal(one, two)
    np.testing.assert_array_equal(image.elastic_transform(x, alpha=0.0).numpy(), x)


@pytest.mark.parametrize("mode", ["constant", "nearest", "wrap", "mirror", "reflect"])
def test_bends_of_every_form(mode):
    x = np.ones((6, 5, 1), "uint8")
    settings = {"fill_mode": mode, "fill_value": 1, "seed": 2}
    near = image.elastic_transform(x, interpolation="nearest", **settings)
    assert (near.dtype, near.numpy().min()) == (tf.uint8, 1)
    first = image.elastic_transform(x.transpose(2, 0, 1), data_format="channels_first", **settings)
    assert first.shape == (1, 6, 5)


def test_open_sizes_stay_open():
    assert image.resize(OPEN, (3, 4), crop_to_aspect_ratio=True).shape == (None, 3, 4, 3)
    assert image.resize(OPEN, (300, 4), "lanczos3").shape == (None, 300, 4, 3)
    assert image.rgb_to_grayscale(OPEN).shape == (None, None, None, 1)
    assert image.elastic_transform(OPEN, seed=1).shape == (None, None, None, 3)
    assert image.sobel_edges(OPEN).shape == (None, None, None, 3, 2)
    assert image.extract_patches(OPEN, 3).shape == (None, None, None, 27)
    assert image.ssim(OPEN, OPEN).shape == (None,)


def test_open_sizes_of_margins():
    margins = {"top_padding": 1, "left_padding": 0}
    assert image.pad_images(OPEN, **margins, target_height=9, target_width=8).shape == (None, 9, 8, 3)
    padded = image.pad_images(OPEN, **margins, bottom_padding=1, right_padding=2)
    assert padded.shape == (None, None, None, 3)
    half = KerasTensor((None, 3, 6, None))
    first = image.pad_images(half, **margins, target_height=9, right_padding=2, data_format="channels_first")
    assert first.shape == (None, 3, 9, None)
    crops = {"top_cropping": 1, "left_cropping": 0}
    assert image.crop_images(OPEN, **crops, target_height=9, target_width=8).shape == (None, 9, 8, 3)
    assert image.crop_images(OPEN[0], **crops, bottom_cropping=1, right_cropping=2).shape == (None, None, 3)


def test_transforms_refuse():
    x = tf.ones((2, 4, 5, 1))
    with pytest.raises(ValueError, match=r"transforms \(batch, 8\)"):
        image.affine_transform(x, tf.ones((3, 8)))
    with pytest.raises(ValueError, match="fill_mode"):
        image.affine_transform(x, tf.ones((8,)), fill_mode="mirror")
    with pytest.raises(ValueError, match="interpolation"):
        image.perspective_transform(x, tf.ones((4, 2)), tf.ones((4, 2)), interpolation="cubic")
    with pytest.raises(ValueError, match="four corners"):
        image.perspective_transform(x, tf.ones((3, 2)), tf.ones((4, 2)))
    with pytest.raises(ValueError, match="order"):
        image.map_coordinates(x[0, :, :, 0], tf.ones((2, 3)), 2)
    with pytest.raises(ValueError, match="one row for each dimension"):
        image.map_coordinates(x[0, :, :, 0], tf.ones((3, 3)), 1)


def test_sizes_and_colours_refuse():
    x = tf.ones((2, 4, 5, 3))
    with pytest.raises(ValueError, match="rank 3"):
        image.resize(x[0, :, :, 0], (2, 2))
    with pytest.raises(ValueError, match="pair"):
        image.resize(x, 2)
    with pytest.raises(ValueError, match="interpolation"):
        image.resize(x, (2, 2), "gaussian")
    with pytest.raises(ValueError, match="both"):
        image.resize(x, (2, 2), crop_to_aspect_ratio=True, pad_to_aspect_ratio=True)
    with pytest.raises(ValueError, match="fill_mode"):
        image.resize(x, (2, 2), pad_to_aspect_ratio=True, fill_mode="reflect")
    with pytest.raises(ValueError, match="sizes of 1"):
        image.resize(x, (0, 2))
    with pytest.raises(ValueError, match="method"):
        image.scale_and_translate(x, (2, 2, 2, 3), [1.0, 1.0], [0.0, 0.0], (1, 2), "nearest")
    with pytest.raises(ValueError, match="output_shape"):
        image.scale_and_translate(x, (1, 2, 2, 3), [1.0, 1.0], [0.0, 0.0], (1, 2), "linear")
    with pytest.raises(TypeError, match="255"):
        image.rgb_to_hsv(tf.cast(x, "uint8"))
    with pytest.raises(ValueError, match="3 channels"):
        image.rgb_to_grayscale(x[..., :2])


def test_filters_and_margins_refuse():
    x = tf.ones((2, 4, 5, 3))
    with pytest.raises(ValueError, match="kernel_size"):
        image.gaussian_blur(x, kernel_size=0)
    with pytest.raises(ValueError, match="2 pixels"):
        image.sobel_edges(x[:, :1])
    with pytest.raises(ValueError, match="smaller filter_size"):
        image.ssim(x, x)
    with pytest.raises(ValueError, match="exactly two"):
        image.pad_images(x, 1, 0, 1)
    with pytest.raises(ValueError, match="fit"):
        image.pad_images(x, 1, 0, target_height=4, target_width=9)
    with pytest.raises(ValueError, match="exactly two"):
        image.crop_images(x, -1, 0, 1, 1)
    with pytest.raises(ValueError, match="fit"):
        image.crop_images(x, 3, 0, 2, 0)
    with pytest.raises(ValueError, match="size of a window"):
        image.extract_patches(x, 6)
    with pytest.raises(ValueError, match="triple|three"):
        image.extract_patches(x, (1, 1, 1, 1))


def test_equal_images_are_alike():
    x = np.random.default_rng(0).random((2, 12, 12, 3)).astype("float32")
    np.testing.assert_allclose(image.ssim(x, x).numpy(), [1.0, 1.0], rtol=1e-6)
    bytes_ = (x * 255).astype("uint8")
    assert image.ssim(bytes_, bytes_, max_val=255).dtype == tf.float32


def test_colours_come_back():
    x = np.random.default_rng(0).random((2, 4, 5, 3)).astype("float32")
    np.testing.assert_allclose(image.hsv_to_rgb(image.rgb_to_hsv(x)).numpy(), x, rtol=1e-4, atol=1e-5)


def test_perspective_brings_points_where_they_shall_be():
    x = np.zeros((5, 6, 1), "float32")
    x[1, 2] = 1.0
    start = [[0, 0], [5, 0], [0, 4], [5, 4]]
    end = [[1, 2], [6, 2], [1, 6], [6, 6]]
    moved = image.perspective_transform(x, start, end).numpy()
    np.testing.assert_allclose(np.argwhere(moved[..., 0] > 0.99), [[3, 3]])


def test_widths_of_a_blur_may_be_computed():
    x = np.random.default_rng(0).random((2, 6, 7, 1)).astype("float32")
    blur = tf.function(lambda images, sigma: image.gaussian_blur(images, 3, sigma))
    got = blur(tf.constant(x), tf.constant([0.5, 2.0]))
    np.testing.assert_allclose(got.numpy(), image.gaussian_blur(x, 3, (0.5, 2.0)).numpy(), rtol=1e-5)
