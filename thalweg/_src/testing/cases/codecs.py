"""Rows of files and of images in files."""

from __future__ import annotations

import io
import tempfile
import wave
from pathlib import Path

import numpy as np
from PIL import Image

from thalweg._src.ops.files import read_file
from thalweg._src.testing.rows import Row

_HOST = "it runs on the host"
_SIZES = "the shape depends on the file"
_PIXELS = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)
_GREYS = np.repeat(_PIXELS[..., :1], 3, -1)


def _file(format, pixels=_PIXELS, **options):
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, format, **options)
    return target.getvalue()


def _read(contents, *_, **__):
    return np.asarray(Image.open(io.BytesIO(contents)))


def _sound(samples):
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setparams((samples.shape[1], 2, 8000, 0, "NONE", ""))
        file.writeframes(samples.astype("<i2").tobytes())
    return target.getvalue()


def _heard(contents):
    with wave.open(io.BytesIO(contents)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return samples.reshape(-1, file.getnchannels()) / np.float32(32768), np.int32(file.getframerate())


def _decoder(name, contents, reference, *, label="", **kwargs):
    return Row(
        f"io.{name}",
        lambda m: (contents,),
        kwargs,
        reference,
        symbolic=False,
        label=label,
        note=_SIZES,
    )


def _written(write, contents):
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/new/contents"
        write(path, contents)
        return read_file(path)


ROWS = [
    _decoder("decode_jpeg", _file("JPEG"), _read, dct_method="INTEGER_ACCURATE"),
    _decoder(
        "decode_and_crop_jpeg",
        _file("JPEG"),
        lambda c, crop_window, dct_method: _read(c)[1:4, 2:6],
        crop_window=(1, 2, 3, 4),
        dct_method="INTEGER_ACCURATE",
    ),
    _decoder("decode_png", _file("PNG"), _read),
    _decoder("decode_bmp", _file("BMP"), _read),
    _decoder("decode_gif", _file("GIF", _GREYS), lambda c: _GREYS[None]),
    _decoder(
        "decode_image",
        _file("PNG"),
        lambda c, dtype: _read(c) / np.float32(255),
        dtype="float32",
    ),
    _decoder("extract_jpeg_shape", _file("JPEG"), lambda c: np.array([5, 7, 3], np.int32)),
    _decoder("is_jpeg", _file("JPEG"), lambda c: np.asarray(True)),
    Row(
        "image.decode_webp",
        lambda m: (_file("WEBP", lossless=True),),
        {},
        lambda c: _PIXELS[None],
        symbolic=False,
        note=_SIZES,
    ),
    Row(
        "image.decode_jxl",
        lambda m: (_file("PNG"),),
        {},
        _read,
        symbolic=False,
        note="reads other formats, too; JPEG XL needs a library that tests do without",
    ),
    Row(
        "audio.decode_wav",
        lambda m: (_sound(m.ints(6, 2, dtype="int16")),),
        {},
        _heard,
        symbolic=False,
        note=_SIZES,
    ),
    Row(
        "audio.encode_wav",
        lambda m: (m(6, 2, low=-1.5, high=1.5), 8000),
        {},
        lambda audio, rate: np.array(
            _sound(np.round(np.clip(audio * 32768, -32768, 32767)).astype("int16")), object
        ),
        traced=False,
        note=_HOST,
    ),
    Row(
        "io.encode_jpeg",
        lambda m: (m.ints(5, 7, 3, low=0, high=256, dtype="uint8"),),
        {},
        lambda x: np.array(_file("JPEG", x, quality=95, subsampling="4:2:0", dpi=(300, 300)), object),
        traced=False,
        note=_HOST,
    ),
    Row(
        "io.encode_png",
        lambda m: (m.ints(m.n, 5, 7, 3, low=0, high=256, dtype="uint8"),),
        traced=False,
        note="files of equal pixels may differ; tests/ops/image/codecs read them; " + _HOST,
    ),
    Row(
        "image.adjust_jpeg_quality",
        lambda m: (m.ints(5, 7, 3, low=0, high=256, dtype="uint8"), 60, "INTEGER_ACCURATE"),
        {},
        lambda x, quality, _: _read(_file("JPEG", x, quality=quality, subsampling="4:2:0")),
    ),
    Row(
        "io.read_file",
        lambda m: (__file__,),
        {},
        lambda path: np.array(Path(path).read_bytes(), object),
        symbolic=False,
        traced=False,
        note=_HOST,
    ),
    Row(
        "io.write_file",
        lambda m: (b"a\x00b",),
        {},
        lambda contents: np.array(contents, object),
        symbolic=False,
        traced=False,
        via=_written,
        note=_HOST,
    ),
]
