"""Images read from files: the ops of `tf.io` and `tf.image`.

Every op detects the format by itself, so that those named after one read others too. They run on the host,
and their results stay there until a kernel takes them: the sizes of files differ, and NumPy resizes or
crops without a compile for each.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.dtypes import DType
from thalweg._src.core.opdef import op
from thalweg._src.ops.image.codecs import bmp, frames, jpeg, png
from thalweg._src.ops.image.codecs.contents import Picture, bytes_of, format_of, need_channels
from thalweg._src.ops.image.conversion import convert_image_dtype

_CHANNELS = (0, 1, 3, 4)
_BY_FORMAT = {"GIF": (0, 3), "BMP": (0, 3, 4), "WebP": (0, 3, 4)}
_READERS = {
    "GIF": frames.decode_gif,
    "WebP": frames.decode_webp,
    "JPEG XL": frames.decode_jpeg_xl,
}
_HINT = "Decode files before the compiled program, or in Dataset.map."


def _frames(
    where: str, contents: Any, settings: jpeg.Settings, dtype: DType, only: str | None = ""
) -> tuple[str, list[Any]]:
    """Format of a file, and its frames as arrays of the wanted channels and dtype.

    Args:
        where: Name of the op, for messages.
        contents: What the op got.
        settings: How to decode JPEG files; the channels hold for all.
        dtype: uint8, uint16 or float32.
        only: The format that it must have; any but BMP when empty, any when None.
    """
    data = bytes_of(where, contents)
    kind = format_of(where, data)
    if only is not None and (kind == "BMP") != (only == "BMP"):
        right = "decode_bmp" if kind == "BMP" else f"decode_{kind.lower().replace(' ', '')}"
        raise InvalidArgumentError(
            f"[{where}] expected {only or 'another format than BMP'}, got a {kind} "
            f"file; use tf.io.{right} or tf.io.decode_image."
        )
    need_channels(where, kind, settings.channels, _BY_FORMAT.get(kind, _CHANNELS))
    if kind == "JPEG":
        return kind, [_converted(jpeg.decode(where, data, settings), dtype, 256)]
    if kind == "PNG":
        return kind, [_shown(png.decode(where, data), settings.channels, dtype, 257)]
    if kind == "BMP":
        return kind, [_shown(bmp.decode(where, data), settings.channels, dtype, 256)]
    pictures = _READERS[kind](where, data)
    return kind, [_shown(p, settings.channels, dtype, 256) for p in pictures]


def pixels_of(where: str, contents: bytes, channels: int) -> Any:
    """Pixels of the first image of a file in any of the formats.

    Args:
        where: Name of the function, for messages.
        contents: The bytes of the file.
        channels: 0 for those of the file, 1, 3 or 4.

    Returns:
        uint8 array ``(height, width, channels)``.

    Raises:
        InvalidArgumentError: The file is damaged, cut off or too large, or the format is unknown.
    """
    held = np.array(contents, object)
    return _frames(where, held, jpeg.Settings(channels), dtypes.uint8, None)[1][0]


def _shown(picture: Picture, channels: int, dtype: DType, step: int) -> Any:
    return _converted(picture.in_channels(channels), dtype, step)


def _converted(pixels: Any, dtype: DType, step: int) -> Any:
    """Pixels in another dtype; `step` is what one step of uint8 counts in uint16."""
    wanted = dtype.numpy_dtype
    if pixels.dtype == wanted:
        return np.ascontiguousarray(pixels)
    if dtype is dtypes.float32:
        return pixels.astype(wanted) / wanted.type(np.iinfo(pixels.dtype).max)
    if dtype is dtypes.uint16:
        return pixels.astype(wanted) * wanted.type(step)
    return (pixels >> 8).astype(wanted)


def _still(where: str, kind: str, pictures: list[Any]) -> Any:
    """The only frame."""
    if len(pictures) != 1:
        raise InvalidArgumentError(
            f"[{where}] expected a file of one image, got a {kind} file of {len(pictures)} frames; "
            "animations are read by tf.io.decode_gif and tf.io.decode_image."
        )
    return pictures[0]


@op("decode_jpeg", inputs=("contents",), on_host=True, dynamic=True, hint=_HINT)
def decode_jpeg(
    contents: Any,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    try_recover_truncated: bool = False,
    acceptable_fraction: float = 1,
    dct_method: str = "",
) -> Any:
    """Pixels of a JPEG file.

    Args:
        contents: The bytes of the file, a scalar string.
        channels: 0 for those of the file (of 4, for print, 3 are made), 1 for grey, 3 for colour.
        ratio: 1, 2, 4 or 8: by how much the image becomes smaller, which makes decoding faster.
        fancy_upscaling: Interpolate the colours, of which files hold fewer than pixels. Without it
            decoding is faster and blocks show.
        try_recover_truncated: Take a file that is cut off; what is missing is made up.
        acceptable_fraction: Take a file that is cut off after this part of its rows or more; those that
            depend on what is missing are 0.
        dct_method: ``"INTEGER_FAST"``, ``"INTEGER_ACCURATE"``, or ``""`` for the fast one where the library
            simplejpeg is installed.

    Returns:
        uint8 tensor ``(height, width, channels)``.

    Raises:
        InvalidArgumentError: The file is damaged, cut off or too large, or an argument does not fit.
        UnimplementedError: ``dct_method="INTEGER_FAST"`` and ``fancy_upscaling=False`` need simplejpeg
            (``thalweg[image]``), which is not installed.

    Source: `tf.io.decode_jpeg`; with simplejpeg the pixels are the same, without it values differ by 1 on
    average. PNG files and those of one GIF or WebP image are read, too.
    """
    where = "decode_jpeg"
    settings = jpeg.Settings(
        channels,
        ratio,
        fancy_upscaling,
        try_recover_truncated,
        acceptable_fraction,
        dct_method,
    )
    return _still(where, *_frames(where, contents, settings, dtypes.uint8))


@op("decode_and_crop_jpeg", inputs=("contents",), on_host=True, dynamic=True, hint=_HINT)
def decode_and_crop_jpeg(
    contents: Any,
    crop_window: Any,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    try_recover_truncated: bool = False,
    acceptable_fraction: float = 1,
    dct_method: str = "",
) -> Any:
    """A rectangle of the pixels of a JPEG file.

    Args:
        contents: The bytes of the file, a scalar string.
        crop_window: First row and column of the rectangle, its height and width.
        channels: See `decode_jpeg`, as all that follow.
        ratio: By how much the image becomes smaller, before it is cropped.
        fancy_upscaling: Interpolate the colours.
        try_recover_truncated: Take a file that is cut off.
        acceptable_fraction: Take a file that is cut off after this part of its rows.
        dct_method: ``"INTEGER_FAST"``, ``"INTEGER_ACCURATE"`` or ``""``.

    Returns:
        uint8 tensor ``(height, width, channels)``.

    Raises:
        InvalidArgumentError: The rectangle does not lie inside the image, or as for `decode_jpeg`.

    Source: `tf.io.decode_and_crop_jpeg`.
    """
    where = "decode_and_crop_jpeg"
    settings = jpeg.Settings(
        channels,
        ratio,
        fancy_upscaling,
        try_recover_truncated,
        acceptable_fraction,
        dct_method,
    )
    data = bytes_of(where, contents)
    if format_of(where, data) != "JPEG":
        raise InvalidArgumentError(
            f"[{where}] expected a JPEG file, got a {format_of(where, data)} file; use tf.io.decode_image."
        )
    whole = jpeg.decode(where, data, settings)
    if not isinstance(crop_window, tuple) or len(crop_window) != 4:
        raise InvalidArgumentError(
            f"[{where}] expected crop_window as [row, column, height, width], got {crop_window!r}."
        )
    top, left, height, width = crop_window
    if min(top, left) < 0 or min(height, width) < 1 or (
        top + height > whole.shape[0] or left + width > whole.shape[1]
    ):
        raise InvalidArgumentError(
            f"[{where}] expected crop_window within an image of shape {whole.shape}, got {crop_window}."
        )
    return whole[top : top + height, left : left + width].copy()


def _need_dtype(where: str, dtype: DType, *known: DType) -> None:
    if dtype not in known:
        names = " or ".join(k.name for k in known)
        raise DTypeError(
            f"[{where}] expected dtype {names}, got {dtype.name}; use tf.image.convert_image_dtype on the "
            "result."
        )


@op("decode_png", inputs=("contents",), on_host=True, dynamic=True, hint=_HINT)
def _decode_png(contents: Any, channels: int, dtype: DType) -> Any:
    where = "decode_png"
    _need_dtype(where, dtype, dtypes.uint8, dtypes.uint16)
    return _still(where, *_frames(where, contents, jpeg.Settings(channels), dtype))


def decode_png(
    contents: Any, channels: int = 0, dtype: Any = dtypes.uint8, name: str | None = None
) -> Any:
    """Pixels of a PNG file.

    Args:
        contents: The bytes of the file, a scalar string.
        channels: 0 for those of the file, 1 for grey, 3 for colour, 4 for colour and opacity.
        dtype: uint8 or uint16.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(height, width, channels)``; a file of grey and opacity has 2 channels.

    Raises:
        InvalidArgumentError: The file is damaged, cut off or too large.

    Source: `tf.io.decode_png`, where the opacity of files with a palette is wrong. JPEG files and those of
    one GIF or WebP image are read, too.
    """
    return _decode_png(contents, channels=channels, dtype=dtypes.as_dtype(dtype), name=name)


@op("decode_bmp", inputs=("contents",), on_host=True, dynamic=True, hint=_HINT)
def decode_bmp(contents: Any, channels: int = 0) -> Any:
    """Pixels of a BMP file of 8, 24 or 32 bits a pixel.

    Args:
        contents: The bytes of the file, a scalar string.
        channels: 0 for those of the file, 3 for colour, 4 for colour and opacity.

    Returns:
        uint8 tensor ``(height, width, channels)``.

    Raises:
        InvalidArgumentError: The file is damaged, cut off or too large, compressed or has another number of
            bits.

    Source: `tf.io.decode_bmp`, which gives the numbers of colours for 8 bits; here they are looked up in the
    file's table.
    """
    where = "decode_bmp"
    settings = jpeg.Settings(channels)
    return _still(where, *_frames(where, contents, settings, dtypes.uint8, "BMP"))


@op("decode_gif", inputs=("contents",), on_host=True, dynamic=True, hint=_HINT)
def decode_gif(contents: Any) -> Any:
    """Frames of a GIF file.

    Args:
        contents: The bytes of the file, a scalar string.

    Returns:
        uint8 tensor ``(frames, height, width, 3)``; of a file that is cut off, the whole frames.

    Raises:
        InvalidArgumentError: The file is damaged or too large, or cut off in its first frame.

    Source: `tf.io.decode_gif`, which never removes a frame that the file wants removed before the next one,
    and gives all frames the size of the first one. PNG and JPEG files are read, too, as one frame.
    """
    where = "decode_gif"
    return np.stack(_frames(where, contents, jpeg.Settings(3), dtypes.uint8)[1])


@op("decode_webp", inputs=("contents",), on_host=True, dynamic=True, hint=_HINT)
def _decode_webp(contents: Any, channels: int, dtype: DType) -> Any:
    where = "decode_webp"
    _need_dtype(where, dtype, dtypes.uint8)
    kind, pictures = _frames(where, contents, jpeg.Settings(channels), dtype)
    return np.stack(pictures) if kind == "WebP" else _still(where, kind, pictures)


def decode_webp(
    contents: Any, channels: int = 0, dtype: Any = dtypes.uint8, name: str | None = None
) -> Any:
    """Frames of a WebP file.

    Args:
        contents: The bytes of the file, a scalar string.
        channels: 0 for those of the file, 3 for colour, 4 for colour and opacity.
        dtype: uint8.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(frames, height, width, channels)``, also for one image.

    Raises:
        InvalidArgumentError: The file is damaged, cut off or too large.

    Source: `tf.image.decode_webp`, which takes only the file's own number of channels.
    """
    return _decode_webp(contents, channels=channels, dtype=dtypes.as_dtype(dtype), name=name)


@op("decode_jxl", inputs=("contents",), on_host=True, dynamic=True, hint=_HINT)
def _decode_jxl(contents: Any, channels: int, dtype: DType) -> Any:
    where = "decode_jxl"
    _need_dtype(where, dtype, dtypes.uint8)
    return _still(where, *_frames(where, contents, jpeg.Settings(channels), dtype))


def decode_jxl(
    contents: Any, channels: int = 0, dtype: Any = dtypes.uint8, name: str | None = None
) -> Any:
    """Pixels of a JPEG XL file.

    Args:
        contents: The bytes of the file, a scalar string.
        channels: 0 for those of the file, 1 for grey, 3 for colour, 4 for colour and opacity.
        dtype: uint8.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(height, width, channels)``.

    Raises:
        InvalidArgumentError: The file is damaged, cut off or too large.
        UnimplementedError: The library pillow-jxl-plugin (``thalweg[jxl]``) is not installed.

    Source: `tf.image.decode_jxl`, which takes only the file's own number of channels.
    """
    return _decode_jxl(contents, channels=channels, dtype=dtypes.as_dtype(dtype), name=name)


@op("decode_image", inputs=("contents",), on_host=True, dynamic=True, hint=_HINT)
def _decode_image(contents: Any, channels: int, dtype: DType, expand_animations: bool) -> Any:
    where = "decode_image"
    kind, pictures = _frames(where, contents, jpeg.Settings(channels), dtype, None)
    animated = kind in ("GIF", "WebP") and expand_animations
    return np.stack(pictures) if animated else pictures[0]


def decode_image(
    contents: Any,
    channels: int | None = None,
    dtype: Any = dtypes.uint8,
    name: str | None = None,
    expand_animations: bool = True,
) -> Any:
    """Pixels of a file in any of the formats JPEG, PNG, GIF, BMP, WebP and JPEG XL.

    Args:
        contents: The bytes of the file, a scalar string.
        channels: 0 or None for those of the file, 1 for grey, 3 for colour, 4 for colour and opacity.
        dtype: uint8, or another dtype that `tf.image.convert_image_dtype` takes: floats from 0 to 1,
            integers from 0 to the largest one.
        name: Name of the node in a model's graph.
        expand_animations: Give formats that may hold several images, GIF and WebP, a dimension for these;
            else their first image is returned.

    Returns:
        Tensor ``(height, width, channels)``, or ``(frames, height, width, channels)``.

    Raises:
        InvalidArgumentError: The file is damaged, cut off or too large, or the format is unknown.

    Source: `tf.io.decode_image`.
    """
    wanted = dtypes.as_dtype(dtype)
    direct = wanted in (dtypes.uint8, dtypes.uint16, dtypes.float32)
    found = _decode_image(
        contents,
        channels=channels or 0,
        dtype=wanted if direct else dtypes.uint16,
        expand_animations=expand_animations,
        name=name,
    )
    return convert_image_dtype(found, wanted)


@op("extract_jpeg_shape", inputs=("contents",), on_host=True, dynamic=True, hint=_HINT)
def _extract_jpeg_shape(contents: Any, output_type: DType) -> Any:
    where = "extract_jpeg_shape"
    data = bytes_of(where, contents)
    if format_of(where, data) != "JPEG":
        raise InvalidArgumentError(
            f"[{where}] expected a JPEG file, got a {format_of(where, data)} file; decode it."
        )
    return np.array(jpeg.header_of(where, data)[:3], output_type.numpy_dtype)


def extract_jpeg_shape(
    contents: Any, output_type: Any = dtypes.int32, name: str | None = None
) -> Any:
    """Sizes of a JPEG file, by its header alone.

    Args:
        contents: The bytes of the file, a scalar string.
        output_type: int32 or int64.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(3,)``: height, width, components (4 for print).

    Raises:
        InvalidArgumentError: It is no JPEG file, or its header is damaged.

    Source: `tf.io.extract_jpeg_shape`.
    """
    kind = dtypes.as_dtype(output_type)
    _need_dtype("extract_jpeg_shape", kind, dtypes.int32, dtypes.int64)
    return _extract_jpeg_shape(contents, output_type=kind, name=name)


@op("is_jpeg", inputs=("contents",), on_host=True)
def is_jpeg(contents: Any) -> Any:
    """True for the bytes of a file that begins as JPEG files do.

    Args:
        contents: The bytes of a file, a scalar string.

    Returns:
        bool scalar.

    Source: `tf.io.is_jpeg`.
    """
    data = contents.item() if contents.shape == () else bytes_of("is_jpeg", contents)
    return np.asarray(data.startswith(b"\xff\xd8\xff"))
