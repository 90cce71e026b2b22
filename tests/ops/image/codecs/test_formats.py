"""GIF, WebP, BMP and JPEG XL files, and finding out which format a file has."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image

import thalweg as tf
from thalweg._src.core.tensor import is_static
from thalweg._src.ops.image.codecs import contents as limits
from thalweg._src.ops.image.codecs import frames

PIXELS = np.random.default_rng(2).integers(0, 256, (9, 11, 4), np.uint8)
RED, GREEN = (255, 0, 0), (0, 255, 0)


def _file(format, images, **options):
    target = io.BytesIO()
    first, *others = images if isinstance(images, list) else [images]
    more = {"save_all": True, "append_images": others} if others else {}
    first.save(target, format, **more, **options)
    return target.getvalue()


def _film():
    """A red square that moves over a green ground."""
    found = []
    for step in range(3):
        image = Image.new("RGB", (12, 10), GREEN)
        image.paste(RED, (2 * step, step, 2 * step + 4, step + 3))
        found.append(image)
    return found


def test_gif_frames():
    contents = _file("GIF", _film())
    got = tf.io.decode_gif(contents).numpy()
    np.testing.assert_array_equal(got, [np.asarray(f) for f in _film()])
    np.testing.assert_array_equal(tf.io.decode_image(contents).numpy(), got)
    first = tf.io.decode_image(contents, expand_animations=False).numpy()
    np.testing.assert_array_equal(first, got[0])
    with pytest.raises(tf.errors.InvalidArgumentError, match="GIF file of 3 frames"):
        tf.io.decode_png(contents)
    np.testing.assert_array_equal(tf.io.decode_png(_file("GIF", _film()[0])).numpy(), got[0])


def test_gif_frames_that_are_removed_before_the_next_one():
    images = [Image.new("RGBA", (12, 10), (*GREEN, 255))]
    for corner in (1, 5):
        images.append(Image.new("RGBA", (12, 10), (0, 0, 0, 0)))
        images[-1].paste((*RED, 255), (corner, corner, corner + 3, corner + 3))
    kept, removed = (
        tf.io.decode_gif(_file("GIF", images, disposal=d)).numpy()[2] for d in (1, 2)
    )
    assert tuple(kept[6, 6]) == tuple(removed[6, 6]) == RED
    assert tuple(kept[2, 2]) == RED
    assert tuple(removed[2, 2]) != RED


def test_gif_files_that_are_cut_off_give_their_whole_frames():
    contents = _file("GIF", [Image.fromarray(np.roll(PIXELS, i, 1)[..., :3]) for i in range(3)])
    whole = tf.io.decode_gif(contents).numpy()
    got = tf.io.decode_gif(contents[: len(contents) * 6 // 10]).numpy()
    assert 1 <= len(got) < 3
    np.testing.assert_array_equal(got, whole[: len(got)])
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"\[decode_gif\].*GIF file"):
        tf.io.decode_gif(contents[:60])


def test_many_frames_fill_no_memory(monkeypatch):
    monkeypatch.setattr(limits, "MAX_VALUES", 12 * 10 * 3 * 2)
    assert tf.io.decode_gif(_file("GIF", _film()[:2])).shape[0] == 2
    with pytest.raises(tf.errors.InvalidArgumentError, match="3 frames"):
        tf.io.decode_gif(_file("GIF", _film()))


@pytest.mark.parametrize("count", [3, 4])
def test_webp(count):
    contents = _file("WEBP", Image.fromarray(PIXELS[..., :count]), lossless=True, exact=True)
    got = tf.image.decode_webp(contents).numpy()
    np.testing.assert_array_equal(got, PIXELS[None, ..., :count])
    other = tf.image.decode_webp(contents, channels=7 - count).numpy()
    assert other.shape == (1, 9, 11, 7 - count)
    np.testing.assert_array_equal(other[..., :3], got[..., :3])
    assert tf.io.decode_png(contents).shape == (9, 11, count)
    assert tf.io.decode_image(contents, expand_animations=False).shape == (9, 11, count)


def test_webp_frames():
    contents = _file("WEBP", _film(), lossless=True)
    got = tf.image.decode_webp(contents, channels=3).numpy()
    np.testing.assert_array_equal(got, [np.asarray(f) for f in _film()])


@pytest.mark.parametrize("options", [{}, {"lossless": True}], ids=["lossy", "lossless"])
def test_webp_sizes_are_known_before_memory_is_taken(options, monkeypatch):
    contents = _file("WEBP", Image.fromarray(PIXELS[..., :3]), **options)
    assert tf.image.decode_webp(contents).shape == (1, 9, 11, 3)
    monkeypatch.setattr(limits, "MAX_VALUES", 100)
    with pytest.raises(tf.errors.InvalidArgumentError, match="height 9, width 11"):
        tf.image.decode_webp(contents)


def test_damaged_webp():
    contents = _file("WEBP", Image.fromarray(PIXELS[..., :3]), lossless=True)
    for size in (16, len(contents) // 2):
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"\[decode_webp\]"):
            tf.image.decode_webp(contents[:size])
    with pytest.raises(TypeError, match="uint8"):
        tf.image.decode_webp(contents, dtype=tf.uint16)


def test_bmp():
    image = Image.fromarray(PIXELS[..., :3])
    contents = _file("BMP", image)
    np.testing.assert_array_equal(tf.io.decode_bmp(contents).numpy(), PIXELS[..., :3])
    turned = bytearray(contents)
    struct.pack_into("<i", turned, 22, -9)
    np.testing.assert_array_equal(tf.io.decode_bmp(bytes(turned)).numpy(), PIXELS[::-1, :, :3])
    four = tf.io.decode_bmp(_file("BMP", Image.fromarray(PIXELS))).numpy()
    np.testing.assert_array_equal(four, PIXELS)
    grey = tf.io.decode_bmp(_file("BMP", Image.fromarray(PIXELS[..., 0]))).numpy()
    np.testing.assert_array_equal(grey, PIXELS[..., :1])
    assert tf.io.decode_image(contents, dtype="float32").numpy().max() <= 1


def test_bmp_colours_are_looked_up():
    image = Image.fromarray(PIXELS[..., :3]).quantize(8)
    want = np.asarray(image.convert("RGB"))
    np.testing.assert_array_equal(tf.io.decode_bmp(_file("BMP", image)).numpy(), want)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda c: c[:-9], "cut off"),
        (lambda c: c[:40], "header is cut off"),
        (lambda c: c[:18] + struct.pack("<ii", 1 << 30, 1 << 30) + c[26:], "at most"),
        (lambda c: c[:18] + struct.pack("<i", -7) + c[22:], "1 pixel or more"),
        (lambda c: c[:28] + struct.pack("<H", 4) + c[30:], "4 bits"),
        (lambda c: c[:30] + struct.pack("<I", 1) + c[34:], "compression 1"),
    ],
    ids=["end", "header", "huge", "negative", "bits", "packed"],
)
def test_damaged_bmp(change, reason):
    contents = _file("BMP", Image.fromarray(PIXELS[..., :3]))
    with pytest.raises(tf.errors.InvalidArgumentError, match=rf"\[decode_bmp\].*{reason}"):
        tf.io.decode_bmp(change(contents))


def _size_header(*fields):
    """Fields ``(value, bits)`` behind the signature of JPEG XL, and room for more."""
    bits = used = 0
    for value, count in fields:
        bits |= value << used
        used += count
    return b"\xff\x0a" + bits.to_bytes(12, "little")


@pytest.mark.parametrize(
    ("contents", "size"),
    [
        (_size_header((1, 1), (4, 5), (1, 3)), (40, 40)),
        (_size_header((1, 1), (5, 5), (3, 3)), (48, 64)),
        (_size_header((0, 1), (0, 2), (36, 9), (0, 3), (0, 2), (52, 9)), (37, 53)),
        (_size_header((0, 1), (3, 2), (99999, 30), (0, 3), (1, 2), (999, 13)), (100000, 1000)),
    ],
    ids=["square", "ratio", "small", "large"],
)
def test_jpeg_xl_sizes(contents, size):
    assert frames._jpeg_xl_size("test", contents) == size
    box = b"\x00\x00\x00\x0cJXL \r\n\x87\n"
    box += struct.pack(">I4s", 12, b"ftyp") + b"jxl "
    whole = box + struct.pack(">I4s", 8 + len(contents), b"jxlc") + contents
    assert frames._jpeg_xl_size("test", whole) == size
    part = box + struct.pack(">I4sI", 12 + len(contents), b"jxlp", 0) + contents
    assert frames._jpeg_xl_size("test", part) == size


def test_jpeg_xl_without_its_library(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(frames.importlib, "import_module", missing)
    with pytest.raises(tf.errors.UnimplementedError, match=r"thalweg\[jxl\]"):
        tf.image.decode_jxl(_size_header((1, 1), (4, 5), (1, 3)))


def test_dtypes_of_any_format():
    contents = _file("PNG", Image.fromarray(PIXELS[..., :3]))
    for dtype, top in (("uint8", 255), ("uint16", 65535), ("int32", 2**31), ("float64", 1.0)):
        got = tf.io.decode_image(contents, dtype=dtype)
        assert got.dtype == dtype
        part = got.numpy().astype(float) / top - PIXELS[..., :3] / 255
        assert abs(part).max() < 1e-4


@pytest.mark.parametrize(
    "decode",
    [
        tf.io.decode_jpeg,
        tf.io.decode_png,
        tf.io.decode_bmp,
        tf.io.decode_gif,
        tf.io.decode_image,
        tf.image.decode_webp,
        tf.image.decode_jxl,
    ],
    ids=lambda f: f.__name__,
)
def test_bad_contents_are_refused_by_all(decode):
    where = rf"\[{decode.__name__}\]"
    for contents, reason in (
        (b"", "empty"),
        (b"hello", "unknown image format"),
        (b"\xff\xd8\xff", "."),
        (b"\x89PNG\r\n\x1a\n", "."),
        (b"GIF89a", "."),
        (b"BM", "."),
        (b"RIFF\x00\x00\x00\x00WEBP", "."),
    ):
        with pytest.raises(tf.errors.InvalidArgumentError, match=f"{where}.*{reason}"):
            decode(contents)
    with pytest.raises(ValueError, match=f"{where}.*one by one"):
        decode(tf.constant([b"a", b"b"]))
    with pytest.raises(tf.errors.InvalidArgumentError, match=f"{where}.*tf.io.read_file"):
        decode(tf.constant(3))
    with pytest.raises(tf.errors.UnimplementedError, match=where):
        decode(tf.keras.Input((), dtype="string"))


def test_images_stay_on_the_host_until_an_op_needs_a_device():
    contents = tf.constant(_file("PNG", Image.fromarray(PIXELS[..., :3])))
    image = tf.io.decode_image(contents, dtype=tf.float32)
    assert is_static(image)
    assert is_static(tf.image.resize(image, (5, 5)))
    assert is_static(tf.image.random_flip_left_right(tf.image.random_crop(image, (4, 4, 3))))
