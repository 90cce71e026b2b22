"""JPEG files written, and images with the faults of JPEG."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

import thalweg as tf

Y, X = np.mgrid[:24, :32]
PIXELS = np.stack([X * 7, Y * 9, X + Y], -1).astype(np.uint8)


def _by_pillow(contents):
    return np.asarray(Image.open(io.BytesIO(contents.numpy())))


def test_quality_decides_size_and_error():
    sizes, errors = [], []
    for quality in (0, 20, 60, 100):
        contents = tf.io.encode_jpeg(PIXELS, quality=quality)
        sizes.append(len(contents.numpy()))
        errors.append(abs(_by_pillow(contents).astype(int) - PIXELS).mean())
    assert sizes == sorted(sizes)
    assert errors == sorted(errors, reverse=True)


def test_settings_are_in_the_file():
    options = {"density_unit": "cm", "x_density": 30, "y_density": 40}
    contents = tf.io.encode_jpeg(PIXELS, progressive=True, xmp_metadata="<about/>", **options)
    image = Image.open(io.BytesIO(contents.numpy()))
    assert image.info["progressive"] == 1
    assert image.info["jfif_unit"] == 2
    assert image.info["jfif_density"] == (30, 40)
    assert image.info["xmp"] == b"<about/>"
    full = tf.io.encode_jpeg(PIXELS, chroma_downsampling=False)
    layers = (Image.open(io.BytesIO(c.numpy())).layer for c in (contents, full))
    assert [[part[1:3] for part in layer] for layer in layers] == [
        [(2, 2), (1, 1), (1, 1)],
        [(1, 1), (1, 1), (1, 1)],
    ]


def test_optimizing_changes_no_pixel():
    plain, small = (tf.io.encode_jpeg(PIXELS, optimize_size=o) for o in (False, True))
    assert len(small.numpy()) < len(plain.numpy())
    np.testing.assert_array_equal(_by_pillow(small), _by_pillow(plain))


def test_refusals():
    for options, text in (
        ({"quality": 101}, "quality"),
        ({"quality": -1}, "quality"),
        ({"format": "grayscale"}, "1 channels"),
        ({"format": "cmyk"}, "format"),
        ({"density_unit": "mm"}, "density_unit"),
        ({"x_density": 0}, "densities"),
        ({"xmp_metadata": "x" * 70000}, "xmp_metadata"),
    ):
        with pytest.raises(ValueError, match=rf"\[encode_jpeg\].*{text}"):
            tf.io.encode_jpeg(PIXELS, **options)
    for pixels in (PIXELS[..., :2], PIXELS[0], PIXELS[:0], PIXELS.astype(np.float32)):
        with pytest.raises(ValueError, match=r"\[encode_jpeg\]"):
            tf.io.encode_jpeg(pixels)


def test_quality_of_images_is_that_of_files():
    contents = tf.io.encode_jpeg(PIXELS, quality=30)
    want = tf.io.decode_jpeg(contents).numpy()
    np.testing.assert_array_equal(tf.image.adjust_jpeg_quality(PIXELS, 30).numpy(), want)
    floats = tf.image.adjust_jpeg_quality(tf.constant(PIXELS / np.float32(255)), 30)
    np.testing.assert_allclose(floats.numpy(), want / 255, atol=1e-6)


def test_quality_in_a_program():
    @tf.function
    def program(image, quality):
        return tf.image.adjust_jpeg_quality(image, quality) + tf.constant(0, tf.uint8)

    x = tf.constant(PIXELS)
    for quality in (20, 90):
        want = tf.image.adjust_jpeg_quality(PIXELS, quality).numpy()
        np.testing.assert_array_equal(program(x, tf.constant(quality)).numpy(), want)
    with pytest.raises(tf.errors.InvalidArgumentError, match="quality from 0 to 100, got 101"):
        program(x, tf.constant(101))


def test_quality_has_no_gradient():
    x = tf.constant(PIXELS / np.float32(255))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.image.adjust_jpeg_quality(x, 50)
    assert tape.gradient(y, x) is None


def test_refused_qualities():
    for quality, text in ((101, "0 to 100"), ([5, 6], "scalar")):
        with pytest.raises(ValueError, match=rf"\[adjust_jpeg_quality\].*{text}"):
            tf.image.adjust_jpeg_quality(PIXELS, quality)
    with pytest.raises(ValueError, match=r"\[adjust_jpeg_quality\].*channels"):
        tf.image.adjust_jpeg_quality(PIXELS[None], 50)
