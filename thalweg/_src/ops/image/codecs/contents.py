"""What all codecs share: the bytes of a file, its format, limits, and pixels in the wanted channels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError, ThalwegError

# Values that one image may have: what a small file of large sizes makes us allocate at most.
MAX_VALUES = 1 << 29

_SIGNATURES = {
    "JPEG": (b"\xff\xd8\xff",),
    "PNG": (b"\x89PNG\r\n\x1a\n",),
    "GIF": (b"GIF87a", b"GIF89a"),
    "BMP": (b"BM",),
    "JPEG XL": (b"\xff\x0a", b"\x00\x00\x00\x0cJXL \r\n\x87\n"),
}


def bytes_of(where: str, contents: Any) -> bytes:
    """The bytes of a file.

    Args:
        where: Name of the op, for messages.
        contents: What the op got: an array of one `bytes` object.

    Raises:
        ShapeError: There are several.
        InvalidArgumentError: There are no bytes in it.
    """
    if contents.shape != ():
        raise ShapeError(
            f"[{where}] expected contents as a scalar string, the bytes of one file, got shape "
            f"{tuple(contents.shape)}; decode files one by one."
        )
    found = contents.item()
    if not isinstance(found, bytes):
        raise InvalidArgumentError(
            f"[{where}] expected contents of dtype string, the bytes of a file, got dtype "
            f"{contents.dtype}; read them with tf.io.read_file."
        )
    if not found:
        raise InvalidArgumentError(f"[{where}] expected the bytes of a file, got none: it is empty.")
    return found


def format_of(where: str, contents: bytes) -> str:
    """Name of a file's format, by how it begins.

    Raises:
        InvalidArgumentError: It is none that we know.
    """
    for name, signatures in _SIGNATURES.items():
        if contents.startswith(signatures):
            return name
    if contents[:4] == b"RIFF" and contents[8:12] == b"WEBP":
        return "WebP"
    raise InvalidArgumentError(
        f"[{where}] expected a JPEG, PNG, GIF, BMP, WebP or JPEG XL file, got {len(contents)} bytes that "
        f"begin with {contents[:8]!r}; that is an unknown image format."
    )


def need_size(where: str, height: int, width: int, channels: int, frames: int = 1) -> None:
    """Refuses images without pixels, and those that would fill the memory.

    Raises:
        InvalidArgumentError: A size is not positive, or the product too large.
    """
    if min(height, width) < 1:
        raise InvalidArgumentError(
            f"[{where}] expected an image of 1 pixel or more each way, got height {height} and width "
            f"{width}."
        )
    if height * width * channels * frames > MAX_VALUES:
        raise InvalidArgumentError(
            f"[{where}] expected an image of at most {MAX_VALUES} values, got height {height}, width "
            f"{width}, {channels} channels and {frames} frames; it is too large, or damaged."
        )


def need_channels(where: str, kind: str, channels: int, known: tuple[int, ...]) -> None:
    """Refuses a number of channels that a format does not have.

    Raises:
        InvalidArgumentError: It is not among those known.
    """
    if channels not in known:
        raise InvalidArgumentError(
            f"[{where}] expected channels to be one of {known} for a {kind} file, got {channels}."
        )


def guarded(where: str, kind: str, read: Callable[[], Any]) -> Any:
    """Result of a reader of files, which raises what it likes when one is damaged.

    Raises:
        DamagedFileError: It raised.
    """
    try:
        return read()
    except (ThalwegError, MemoryError, ImportError):
        raise
    except Exception as error:
        raise damaged(where, kind, error) from None


class DamagedFileError(InvalidArgumentError):
    """A file that cannot be read, or not to its end."""


def damaged(where: str, kind: str, why: Any) -> DamagedFileError:
    """The error for a file that cannot be read."""
    reason = str(why).strip().split("\n", 1)[0].rstrip(". ")
    return DamagedFileError(f"[{where}] expected a whole {kind} file, got a damaged one: {reason}.")


class Picture(NamedTuple):
    """Pixels of one image.

    Attributes:
        color: uint8 or uint16 array ``(height, width, 1 or 3)``.
        alpha: Opacity ``(height, width, 1)``, or None where all is opaque.
        shown: Whether opacity is among the channels that the file counts.
    """

    color: Any
    alpha: Any = None
    shown: bool = True

    @classmethod
    def of(cls, pixels: Any) -> Picture:
        """The picture of an array ``(height, width)`` or ``(height, width, 1 to 4)``."""
        x = pixels[..., None] if pixels.ndim == 2 else pixels
        if x.shape[-1] in (2, 4):
            return cls(x[..., :-1], x[..., -1:])
        return cls(x)

    def in_channels(self, count: int) -> Any:
        """Array of 1, 3 or 4 channels: grey, colour, colour and opacity; those of the file for 0."""
        color, alpha = self.color, self.alpha
        if not count:
            return np.concatenate([color, alpha], -1) if alpha is not None and self.shown else color
        if count == 1:
            return _grey(color)
        color = np.repeat(color, 3, -1) if color.shape[-1] == 1 else color
        if count == 3:
            return color
        if alpha is None:
            alpha = np.full((*color.shape[:-1], 1), np.iinfo(color.dtype).max, color.dtype)
        return np.concatenate([color, alpha], -1)


# Brightness of red, green and blue in parts of 2 ** 15, ITU-R BT.601.
_LUMA = (9797, 19234, 3737)


def _grey(color: Any) -> Any:
    """Brightness, rounded as libpng does: down for bytes, to the nearest else."""
    if color.shape[-1] == 1:
        return color
    half = 0 if color.dtype == np.uint8 else 1 << 14
    parts = (color[..., i : i + 1].astype(np.uint32) * np.uint32(w) for i, w in enumerate(_LUMA))
    return ((sum(parts, start=np.uint32(half))) >> np.uint32(15)).astype(color.dtype)
