"""JPEG files, through both readers."""

from __future__ import annotations

import contextlib
import importlib.util
import io

import numpy as np
import pytest
from PIL import Image

import thalweg as tf
from thalweg._src.ops.image.codecs import contents as limits
from thalweg._src.ops.image.codecs import jpeg

ACCURATE = "INTEGER_ACCURATE"
READERS = [
    pytest.param("simplejpeg", id="simplejpeg", marks=pytest.mark.skipif(
        importlib.util.find_spec("simplejpeg") is None, reason="simplejpeg is not installed"
    )),
    pytest.param("pillow", id="pillow"),
]  # fmt: skip


@pytest.fixture(params=READERS)
def reader(request, monkeypatch):
    """Each of the two libraries that read JPEG files."""
    if request.param == "pillow":
        monkeypatch.setattr(jpeg, "_turbo", lambda: None)
    return request.param


def _picture(height=40, width=56):
    y, x = np.mgrid[:height, :width]
    waves = (np.sin(x / 15 + y / 19), np.cos(x / 17 - y / 14), np.sin((x + y) / 16))
    return np.stack([128 + 100 * w for w in waves], -1).astype(np.uint8)


def _file(pixels=None, mode="RGB", **options):
    target = io.BytesIO()
    image = Image.fromarray(_picture() if pixels is None else pixels).convert(mode)
    image.save(target, "JPEG", quality=90, **options)
    return target.getvalue()


def _cut_off(contents, part):
    """The file up to some part of its pixels."""
    start = jpeg.header_of("test", contents).scan
    return contents[: start + int((len(contents) - start) * part)]


def _by_pillow(contents):
    return np.asarray(Image.open(io.BytesIO(contents)))


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": "4:4:4"}], ids=str)
def test_both_readers_give_the_same(reader, options):
    contents = _file(**options)
    got = tf.io.decode_jpeg(contents, dct_method=ACCURATE).numpy()
    np.testing.assert_array_equal(got, _by_pillow(contents))


def test_grey_and_colour(reader):
    contents = _file(mode="L")
    grey = tf.io.decode_jpeg(contents, dct_method=ACCURATE).numpy()
    assert grey.shape == (40, 56, 1)
    color = tf.io.decode_jpeg(contents, channels=3, dct_method=ACCURATE).numpy()
    np.testing.assert_array_equal(color, np.repeat(grey, 3, -1))
    luma = tf.io.decode_jpeg(_file(), channels=1, dct_method=ACCURATE).numpy()
    assert abs(luma[..., 0].astype(int) - np.asarray(Image.fromarray(_picture()).convert("L"))).max() < 12


def test_print_colours_become_light(reader):
    contents = _file(mode="CMYK")
    got = tf.io.decode_jpeg(contents, dct_method=ACCURATE).numpy()
    assert got.shape == (40, 56, 3)
    assert abs(got.astype(int) - _picture()).mean() < 4
    assert tf.io.extract_jpeg_shape(contents).numpy().tolist() == [40, 56, 4]
    with pytest.raises(tf.errors.InvalidArgumentError, match="ask for 3 channels"):
        tf.io.decode_jpeg(contents, channels=1)


@pytest.mark.parametrize("ratio", [2, 4, 8])
def test_smaller_images(reader, ratio):
    got = tf.io.decode_jpeg(_file(_picture(37, 53)), ratio=ratio, dct_method=ACCURATE).numpy()
    assert got.shape == (-(-37 // ratio), -(-53 // ratio), 3)
    mean = tf.image.resize(_picture(37, 53), got.shape[:2], antialias=True).numpy()
    assert abs(got - mean).mean() < 12


def test_what_needs_simplejpeg_says_so(monkeypatch):
    monkeypatch.setattr(jpeg, "_turbo", lambda: None)
    for options in ({"dct_method": "INTEGER_FAST"}, {"fancy_upscaling": False}):
        with pytest.raises(tf.errors.UnimplementedError, match=r"thalweg\[image\]"):
            tf.io.decode_jpeg(_file(), **options)
    with pytest.raises(tf.errors.UnimplementedError, match=r"ratio=8 .*thalweg\[image\]"):
        tf.io.decode_jpeg(_file(_picture(40, 3)), ratio=8)


def test_a_file_that_is_cut_off_is_refused(reader):
    contents = _file()
    for size in (3, 100, len(contents) // 2, len(contents) - 2):
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"\[decode_jpeg\].*cut off"):
            tf.io.decode_jpeg(contents[:size])


def test_a_file_that_is_cut_off_is_recovered_on_request(reader):
    contents = _file()
    whole = tf.io.decode_jpeg(contents, dct_method=ACCURATE).numpy()
    half = _cut_off(contents, 0.6)
    got = tf.io.decode_jpeg(half, try_recover_truncated=True, dct_method=ACCURATE).numpy()
    np.testing.assert_array_equal(got[:14], whole[:14])
    assert (got != whole).any()
    without_end = tf.io.decode_jpeg(contents[:-2], try_recover_truncated=True, dct_method=ACCURATE)
    np.testing.assert_array_equal(without_end.numpy(), whole)


def test_a_part_of_the_rows_is_accepted_on_request(reader):
    contents = _file()
    whole = tf.io.decode_jpeg(contents, dct_method=ACCURATE).numpy()
    half = _cut_off(contents, 0.6)
    got = tf.io.decode_jpeg(half, acceptable_fraction=0.3, dct_method=ACCURATE).numpy()
    kept = int((got == 0).all((1, 2)).argmax())
    assert 12 <= kept < 40
    np.testing.assert_array_equal(got[:kept], whole[:kept])
    assert not got[kept:].any()
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"only \d+ of 40 rows"):
        tf.io.decode_jpeg(half, acceptable_fraction=0.9)


def test_bytes_after_the_end_do_no_harm(reader):
    contents = _file()
    got = tf.io.decode_jpeg(contents + b"tail" * 9, dct_method=ACCURATE).numpy()
    np.testing.assert_array_equal(got, _by_pillow(contents))


def test_damaged_pixels_are_no_crash(reader):
    contents = bytearray(_file())
    contents[len(contents) // 2 : len(contents) // 2 + 40] = b"\xff\x01" * 20
    with contextlib.suppress(tf.errors.InvalidArgumentError):
        assert tf.io.decode_jpeg(bytes(contents)).shape == (40, 56, 3)


def test_a_header_of_huge_sizes_is_refused(reader):
    contents = bytearray(_file())
    at = contents.index(b"\xff\xc0")
    contents[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    with pytest.raises(tf.errors.InvalidArgumentError, match=rf"at most {limits.MAX_VALUES}.*65535"):
        tf.io.decode_jpeg(bytes(contents))
    contents[at + 5 : at + 9] = b"\x00\x00\x00\x10"
    with pytest.raises(tf.errors.InvalidArgumentError, match="1 pixel or more"):
        tf.io.decode_jpeg(bytes(contents))


def test_the_header_is_found_behind_other_segments():
    contents = _file()
    thumbnail = b"\xff\xe1" + (len(contents) + 2).to_bytes(2, "big") + contents
    big = contents[:2] + b"\xff\xff" + thumbnail[1:] + contents[2:]
    assert tf.io.extract_jpeg_shape(big).numpy().tolist() == [40, 56, 3]
    with pytest.raises(tf.errors.InvalidArgumentError, match="header is cut off"):
        tf.io.extract_jpeg_shape(contents[:300])


def test_parts():
    contents = _file()
    whole = tf.io.decode_jpeg(contents).numpy()
    part = tf.io.decode_and_crop_jpeg(contents, tf.constant([4, 6, 10, 12])).numpy()
    np.testing.assert_array_equal(part, whole[4:14, 6:18])
    for window in ([0, 0, 41, 3], [-1, 0, 3, 3], [0, 0, 0, 3], [1, 2, 3]):
        with pytest.raises(tf.errors.InvalidArgumentError, match="crop_window"):
            tf.io.decode_and_crop_jpeg(contents, window)
    with pytest.raises(tf.errors.InvalidArgumentError, match="expected a JPEG file, got a PNG"):
        tf.io.decode_and_crop_jpeg(tf.io.encode_png(whole), [0, 0, 1, 1])


def test_settings_are_checked():
    contents = _file()
    for options, text in (
        ({"channels": 4}, "channels"),
        ({"channels": 2}, "channels"),
        ({"ratio": 3}, "ratio"),
        ({"dct_method": "SLOW"}, "dct_method"),
    ):
        with pytest.raises(tf.errors.InvalidArgumentError, match=rf"\[decode_jpeg\].*{text}"):
            tf.io.decode_jpeg(contents, **options)
