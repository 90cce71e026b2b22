"""JPEG files.

They are read by libjpeg-turbo: through `simplejpeg` where it is installed, which offers the fast transform
that TensorFlow uses, else through Pillow. They are written by Pillow, byte for byte as TensorFlow does.
"""

from __future__ import annotations

import importlib
import io
import struct
import sys
from typing import Any, NamedTuple

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, UnimplementedError
from thalweg._src.base.lazy import LazyModule
from thalweg._src.ops.image.codecs.contents import damaged, guarded, need_channels, need_size

_images = LazyModule("PIL.Image")
_plugin = LazyModule("PIL.JpegImagePlugin")

_FAST, _ACCURATE = "INTEGER_FAST", "INTEGER_ACCURATE"
METHODS = ("", _FAST, _ACCURATE)
RATIOS = (1, 2, 4, 8)
_END = b"\xff\xd9"
# Starts of frames; C4, C8 and CC between them are other segments.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN, _ADOBE = 0xDA, 0xEE
# Segments without contents.
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
_MODES = {1: ("GRAY", "L"), 3: ("RGB", "RGB"), 4: ("CMYK", "CMYK")}


class Header(NamedTuple):
    """What a JPEG file says of itself.

    Attributes:
        height: Rows.
        width: Columns.
        components: 1 for grey, 3 for colour, 4 for print.
        inverted: Whether print colours are stored inverted, as Adobe's programs do.
        scan: Where the pixels begin.
    """

    height: int
    width: int
    components: int
    inverted: bool
    scan: int


def header_of(where: str, contents: bytes) -> Header:
    """The header of a JPEG file.

    Raises:
        InvalidArgumentError: It is damaged or cut off.
    """
    sizes: Any = None
    inverted = False
    at = 2
    try:
        while True:
            while contents[at] != 0xFF or contents[at + 1] in (0x00, 0xFF):
                at += 1
            kind = contents[at + 1]
            at += 2
            if kind in _BARE:
                continue
            (length,) = struct.unpack_from(">H", contents, at)
            if kind in _FRAMES:
                sizes = struct.unpack_from(">HHB", contents, at + 3)
            inverted |= kind == _ADOBE and contents[at + 2 : at + 7] == b"Adobe"
            at += length
            if kind == _SCAN and at <= len(contents):
                height, width, components = sizes
                return Header(height, width, components, inverted, at)
    except (IndexError, struct.error, TypeError):
        raise damaged(where, "JPEG", "its header is cut off") from None


def _turbo() -> Any:
    """The module `simplejpeg`, or None where it is not installed."""
    known = sys.modules.get("simplejpeg")
    # Another thread may be at loading it.
    if hasattr(known, "decode_jpeg"):
        return known
    try:
        return importlib.import_module("simplejpeg")
    except ImportError:
        return None


class Settings(NamedTuple):
    """How to decode.

    Attributes:
        channels: 0 for those of the file (3 for print), 1 or 3.
        ratio: 1, 2, 4 or 8: by how much the image becomes smaller.
        fancy_upscaling: Interpolate the colours, of which files hold fewer than pixels.
        try_recover_truncated: Take a file that is cut off; what is missing is made up.
        acceptable_fraction: Take a file that is cut off after so many of its rows; the others are 0.
        dct_method: ``"INTEGER_FAST"``, ``"INTEGER_ACCURATE"`` or ``""``.
    """

    channels: int = 0
    ratio: int = 1
    fancy_upscaling: bool = True
    try_recover_truncated: bool = False
    acceptable_fraction: float = 1.0
    dct_method: str = ""

    def check(self, where: str) -> None:
        """Refuses settings that no file can be decoded with.

        Raises:
            InvalidArgumentError: One is not known.
        """
        if self.ratio not in RATIOS:
            raise InvalidArgumentError(
                f"[{where}] expected ratio to be one of {RATIOS}, got {self.ratio!r}."
            )
        if self.dct_method not in METHODS:
            raise InvalidArgumentError(
                f"[{where}] expected dct_method to be one of {METHODS}, got {self.dct_method!r}."
            )


def decode(where: str, contents: bytes, settings: Settings) -> Any:
    """Pixels of a JPEG file.

    Args:
        where: Name of the op, for messages.
        contents: The file.
        settings: How to decode.

    Returns:
        uint8 array ``(height, width, channels)``, the sizes divided by `ratio`, rounded up.

    Raises:
        InvalidArgumentError: The file is damaged, cut off or too large, or an argument does not fit.
        UnimplementedError: The settings need `simplejpeg`, which is not installed.
    """
    settings.check(where)
    header = header_of(where, contents)
    need_channels(where, "JPEG", settings.channels, (0, 1, 3))
    need_size(where, header.height, header.width, header.components)
    if header.components not in _MODES or (header.components == 4 and settings.channels == 1):
        raise InvalidArgumentError(
            f"[{where}] expected a JPEG file that has {settings.channels or '1, 3 or 4'} channels, got one "
            f"of {header.components} components; ask for 3 channels."
        )
    # Pixels hold no such bytes; they are sought from the end, where they mostly are.
    if contents.rfind(_END, header.scan) >= 0:
        return _decoded(where, contents, header, settings)
    if settings.try_recover_truncated:
        return _decoded(where, contents + _END, header, settings)
    if settings.acceptable_fraction >= 1:
        raise damaged(where, "JPEG", "it is cut off; try_recover_truncated=True takes it")
    return _upper_rows(where, contents, header, settings)


def _upper_rows(where: str, contents: bytes, header: Header, settings: Settings) -> Any:
    """Rows that do not depend on what is missing, the others 0."""
    missing = _END, bytes(range(1, 240)) * 8 + _END
    one, other = (_decoded(where, contents + m, header, settings) for m in missing)
    differs = (one != other).any((1, 2))
    whole = int(differs.argmax()) if differs.any() else len(one)
    if whole < settings.acceptable_fraction * len(one):
        raise damaged(where, "JPEG", f"only {whole} of {len(one)} rows are there")
    one[whole:] = 0
    return one


def _decoded(where: str, contents: bytes, header: Header, settings: Settings) -> Any:
    turbo = _turbo()
    if turbo is None:
        return guarded(where, "JPEG", lambda: _by_pillow(where, contents, header, settings))
    return guarded(where, "JPEG", lambda: _by_turbo(turbo, contents, header, settings))


def _by_turbo(turbo: Any, contents: bytes, header: Header, settings: Settings) -> Any:
    count = 4 if header.components == 4 else settings.channels or header.components
    pixels = turbo.decode_jpeg(
        contents,
        _MODES[count][0],
        fastdct=settings.dct_method != _ACCURATE,
        fastupsample=not settings.fancy_upscaling,
        min_height=-(-header.height // settings.ratio),
        min_width=-(-header.width // settings.ratio),
        strict=False,
    )
    return _from_print(pixels, header.inverted) if count == 4 else pixels


def _from_print(pixels: Any, inverted: bool) -> Any:
    """Red, green and blue of cyan, magenta, yellow and black."""
    light = pixels if inverted else 255 - pixels
    product = light[..., :3].astype(np.uint16) * light[..., 3:]
    return (product // 255).astype(np.uint8)


def _by_pillow(where: str, contents: bytes, header: Header, settings: Settings) -> Any:
    if settings.dct_method == _FAST or not settings.fancy_upscaling:
        raise UnimplementedError(
            f"[{where}] dct_method='INTEGER_FAST' and fancy_upscaling=False need the library simplejpeg, "
            "which is not installed; install thalweg[image]."
        )
    count = 4 if header.components == 4 else settings.channels or header.components
    picture = _plugin.JpegImageFile(io.BytesIO(contents))
    size = tuple(-(-n // settings.ratio) for n in (header.width, header.height))
    smaller = tuple(max(n // settings.ratio, 1) for n in (header.width, header.height))
    picture.draft("L" if count == 1 else None, smaller)
    if picture.size != size:
        raise UnimplementedError(
            f"[{where}] ratio={settings.ratio} of an image of height {header.height} and width "
            f"{header.width} needs the library simplejpeg, which is not installed; install thalweg[image]."
        )
    mode = _MODES[count][1]
    pixels = np.asarray(picture if picture.mode == mode else picture.convert(mode))
    if count == 4:
        return _from_print(pixels, False)
    return pixels[..., None] if pixels.ndim == 2 else pixels.copy()


_NAMESPACE = b"http://ns.adobe.com/xap/1.0/\x00"


def encode(
    pixels: Any,
    *,
    quality: int,
    progressive: bool = False,
    optimize_size: bool = False,
    chroma_downsampling: bool = True,
    density: tuple[int, int, int] = (1, 300, 300),
    xmp_metadata: bytes = b"",
) -> bytes:
    """A JPEG file.

    Args:
        pixels: uint8 array ``(height, width, 1 or 3)``.
        quality: 0 to 100.
        progressive: Store the image in several passes, coarse ones first.
        optimize_size: Take more time for a smaller file.
        chroma_downsampling: Store one colour for 2 x 2 pixels.
        density: Unit (1 for inches, 2 for centimetres), and pixels a unit across and down.
        xmp_metadata: Text about the image, in XML.
    """
    grey = pixels.shape[-1] == 1
    picture = _images.fromarray(pixels[..., 0] if grey else pixels)
    chosen = {} if grey else {"subsampling": "4:2:0" if chroma_downsampling else "4:4:4"}
    target = io.BytesIO()
    picture.save(
        target,
        "JPEG",
        quality=max(quality, 1),
        progressive=progressive,
        optimize=optimize_size,
        dpi=(1, 1),
        **chosen,
    )
    found = bytearray(target.getvalue())
    struct.pack_into(">BHH", found, 13, *density)
    if xmp_metadata:
        text = _NAMESPACE + xmp_metadata
        # After the first segment, which says that this is a JPEG file.
        found[20:20] = b"\xff\xe1" + struct.pack(">H", len(text) + 2) + text
    return bytes(found)
