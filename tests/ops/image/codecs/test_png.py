"""PNG files: those that Pillow reads, and those of 16 bits that are read here."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

import thalweg as tf
from thalweg._src.ops.image.codecs import contents as limits
from thalweg._src.ops.image.codecs import png

RNG = np.random.default_rng(5)
PIXELS = RNG.integers(0, 256, (9, 11, 4), np.uint8)
WIDE = RNG.integers(0, 1 << 16, (9, 11, 4), np.uint16)


def _file(image, **options):
    target = io.BytesIO()
    image.save(target, "PNG", **options)
    return target.getvalue()


def _chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _assembled(pixels, lines, *, interlaced=0, extra=b"", sizes=None):
    """A file of 16 bits whose lines, filter bytes included, are given."""
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[pixels.shape[-1]]
    height, width = sizes or pixels.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, interlaced)
    parts = _chunk(b"IHDR", header) + extra + _chunk(b"IDAT", zlib.compress(lines))
    return b"\x89PNG\r\n\x1a\n" + parts + _chunk(b"IEND", b"")


def _filtered(pixels, kinds):
    """Lines under filters written as their definitions, byte by byte."""
    size = 2 * pixels.shape[-1]
    rows = [list(r.astype(">u2").tobytes()) for r in pixels]
    above, out = [0] * len(rows[0]), b""
    for row, kind in zip(rows, kinds):
        line = [kind]
        for i, value in enumerate(row):
            a, c = (row[i - size], above[i - size]) if i >= size else (0, 0)
            b = above[i]
            nearest = min((a, b, c), key=lambda n: abs(a + b - c - n))
            line.append((value - (0, a, b, (a + b) // 2, nearest)[kind]) % 256)
        out += bytes(line)
        above = row
    return out


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_every_filter_of_16_bits(count):
    pixels = np.ascontiguousarray(WIDE[..., :count])
    lines = _filtered(pixels, [0, 1, 2, 3, 4, 3, 1, 4, 2])
    got = tf.io.decode_png(_assembled(pixels, lines), dtype=tf.uint16)
    np.testing.assert_array_equal(got.numpy(), pixels)
    low = tf.io.decode_png(_assembled(pixels, lines))
    np.testing.assert_array_equal(low.numpy(), pixels >> 8)


@pytest.mark.parametrize("shape", [(9, 11), (1, 1), (2, 5), (5, 1)])
def test_interlaced_16_bits(shape):
    pixels = np.ascontiguousarray(WIDE[: shape[0], : shape[1], :3])
    lines = b""
    for x, y, across, down in png._PASSES:
        part = np.ascontiguousarray(pixels[y::down, x::across])
        if part.size:
            lines += _filtered(part, [4] * len(part))
    got = tf.io.decode_png(_assembled(pixels, lines, interlaced=1), dtype=tf.uint16)
    np.testing.assert_array_equal(got.numpy(), pixels)


@pytest.mark.parametrize("count", [1, 3])
def test_one_transparent_colour_of_16_bits(count):
    pixels = np.ascontiguousarray(WIDE[..., :count])
    clear = _chunk(b"tRNS", pixels[2, 3].astype(">u2").tobytes())
    contents = _assembled(pixels, _filtered(pixels, [0] * 9), extra=clear)
    assert tf.io.decode_png(contents, dtype=tf.uint16).shape == pixels.shape
    alpha = tf.io.decode_png(contents, 4, tf.uint16).numpy()[..., 3]
    assert alpha[2, 3] == 0
    assert (np.delete(alpha.ravel(), 2 * 11 + 3) == 65535).all()


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_8_bits(mode):
    image = Image.fromarray(PIXELS, "RGBA").convert(mode)
    want = np.asarray(image)
    want = want[..., None] if want.ndim == 2 else want
    np.testing.assert_array_equal(tf.io.decode_png(_file(image)).numpy(), want)
    double = tf.io.decode_png(_file(image), dtype=tf.uint16).numpy()
    np.testing.assert_array_equal(double, want.astype(np.uint16) * 257)


def test_palettes_and_bits():
    colors = Image.fromarray(PIXELS[..., :3]).quantize(4)
    rgb = np.asarray(colors.convert("RGB"))
    np.testing.assert_array_equal(tf.io.decode_png(_file(colors, bits=2)).numpy(), rgb)
    opaque = tf.io.decode_png(_file(colors, bits=2), channels=4).numpy()
    np.testing.assert_array_equal(opaque[..., :3], rgb)
    assert (opaque[..., 3] == 255).all()
    clear = tf.io.decode_png(_file(colors, transparency=bytes([0, 50, 100, 255]))).numpy()
    assert clear.shape == (9, 11, 4)
    assert set(np.unique(clear[..., 3])) <= {0, 50, 100, 255}
    bits = Image.fromarray(PIXELS[..., 0]).convert("1")
    np.testing.assert_array_equal(
        tf.io.decode_png(_file(bits)).numpy()[..., 0], np.asarray(bits) * np.uint8(255)
    )


def test_one_transparent_colour():
    image = Image.fromarray(PIXELS[..., :3])
    contents = _file(image, transparency=tuple(int(v) for v in PIXELS[1, 2, :3]))
    assert tf.io.decode_png(contents).shape == (9, 11, 3)
    alpha = tf.io.decode_png(contents, channels=4).numpy()[..., 3]
    assert alpha[1, 2] == 0
    assert (alpha != 255).sum() == 1


def test_grey_is_the_brightness():
    image = Image.fromarray(PIXELS[..., :3])
    got = tf.io.decode_png(_file(image), channels=1).numpy()[..., 0]
    luma = PIXELS[..., :3] @ np.array([0.299, 0.587, 0.114])
    assert abs(got - luma).max() < 1


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda c: c[:-12], "cut off"),
        (lambda c: c[: len(c) // 2], "cut off"),
        (lambda c: c[:60] + bytes([c[60] ^ 1]) + c[61:], "checksum"),
        (lambda c: c[:8] + c[33:], "no header"),
        (lambda c: c[:33] + _chunk(b"IEND", b""), "damaged"),
    ],
    ids=["end", "half", "bit", "header", "empty"],
)
def test_damaged_files_are_refused(damage, reason):
    contents = _file(Image.fromarray(PIXELS))
    with pytest.raises(tf.errors.InvalidArgumentError, match=rf"\[decode_png\].*{reason}"):
        tf.io.decode_png(damage(contents))


def test_damaged_16_bits_are_refused():
    pixels = WIDE[..., :3]
    lines = _filtered(pixels, [0] * 9)
    for broken, reason in ((lines[:-5], "cut off"), (b"\x07" + lines[1:], "unknown filter")):
        with pytest.raises(tf.errors.InvalidArgumentError, match=reason):
            tf.io.decode_png(_assembled(pixels, broken), dtype=tf.uint16)


def test_huge_sizes_are_refused():
    contents = _assembled(WIDE, b"\x00", sizes=(1 << 20, 1 << 20))
    with pytest.raises(tf.errors.InvalidArgumentError, match=f"at most {limits.MAX_VALUES}"):
        tf.io.decode_png(contents)


def test_more_pixels_than_the_header_says_fill_no_memory():
    lines = _filtered(WIDE, [0] * 9) + bytes(1 << 22)
    got = tf.io.decode_png(_assembled(WIDE, lines), dtype=tf.uint16)
    np.testing.assert_array_equal(got.numpy(), WIDE)


@pytest.mark.parametrize("compression", [-1, 0, 1, 9])
@pytest.mark.parametrize("pixels", [PIXELS, WIDE], ids=["bytes", "wide"])
def test_written_files_hold_the_pixels(compression, pixels):
    for count in (1, 2, 3, 4):
        contents = tf.io.encode_png(pixels[..., :count], compression)
        got = tf.io.decode_png(contents, dtype=pixels.dtype).numpy()
        np.testing.assert_array_equal(got, pixels[..., :count])
    assert Image.open(io.BytesIO(contents.numpy())).size == (11, 9)


def test_filters_make_files_of_smooth_images_small():
    y, x = np.mgrid[:64, :64]
    smooth = (x + 3 * y)[..., None].astype(np.uint8)
    best, none = (len(tf.io.encode_png(smooth, c).numpy()) for c in (9, 0))
    assert best < none / 20


def test_batches_of_files():
    found = tf.io.encode_png(np.stack([PIXELS, PIXELS[::-1]])[None])
    assert found.shape == (1, 2)
    assert found.dtype == tf.string
    np.testing.assert_array_equal(tf.io.decode_png(found[0, 1]).numpy(), PIXELS[::-1])


def test_refusals_of_the_writer():
    for pixels, options, error in (
        (PIXELS, {"compression": 10}, tf.errors.InvalidArgumentError),
        (PIXELS[0], {}, ValueError),
        (np.zeros((2, 2, 5), np.uint8), {}, ValueError),
        (PIXELS[:0], {}, ValueError),
        (PIXELS.astype(np.float32), {}, TypeError),
    ):
        with pytest.raises(error, match=r"\[encode_png\]"):
            tf.io.encode_png(pixels, **options)
