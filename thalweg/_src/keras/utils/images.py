"""Pictures from files and to files, and as arrays."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from thalweg._src.base.errors import DataLossError, InvalidArgumentError, ShapeError
from thalweg._src.base.lazy import LazyModule
from thalweg._src.base.naming import nearest
from thalweg._src.core import dtypes
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.base.settings import data_format_of
from thalweg._src.keras.ops.image_resizing import resize
from thalweg._src.ops.casting import cast

_pillow = LazyModule("PIL.Image")

# Names of the modes of Pillow.
_COLOR_MODES = {"grayscale": "L", "rgb": "RGB", "rgba": "RGBA"}
_INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "hamming", "box", "lanczos")
_CHANNELS = {1: "L", 3: "RGB", 4: "RGBA"}


def load_img(
    path: str | bytes | PathLike[str] | io.BytesIO,
    color_mode: str = "rgb",
    target_size: tuple[int, int] | None = None,
    interpolation: str = "nearest",
    keep_aspect_ratio: bool = False,
) -> Any:
    """Picture of a file, as an image of Pillow.

    Args:
        path: Path, or the contents as `io.BytesIO`. What the file holds decides how it is read, not its
            name.
        color_mode: ``"rgb"``, ``"rgba"`` or ``"grayscale"``. Gray pictures of more than 8 bits keep them
            with the latter.
        target_size: Height and width to resize to; None leaves the size.
        interpolation: How to resize: ``"nearest"``, ``"bilinear"``, ``"bicubic"``, ``"box"``,
            ``"hamming"`` or ``"lanczos"``.
        keep_aspect_ratio: Take the largest middle part with the proportions of `target_size` first.

    Returns:
        `PIL.Image.Image`.

    Raises:
        ValueError: An unknown mode or interpolation.
        TypeError: `path` is neither a path nor contents.
        FileNotFoundError: There is no such file.
        DataLossError: The file is no picture, or damaged. It is an OSError.

    Example:
        ```
        image = tf.keras.utils.load_img("cat.jpg", target_size=(224, 224))
        batch = tf.keras.utils.img_to_array(image)[None]
        ```

    Source: `keras.utils.load_img`.
    """
    where = "load_img"
    if color_mode not in _COLOR_MODES:
        raise InvalidArgumentError(
            f"[{where}] expected color_mode 'rgb', 'rgba' or 'grayscale', got {color_mode!r}; leave it out "
            "for 'rgb'."
        )
    name, contents = _contents(path)
    with _only_our_errors(where, name):
        image = _pillow.open(contents)
        image.load()
        is_wide_gray = image.mode.startswith("I")  # whose numbers mode L would cut off
        if not (is_wide_gray and color_mode == "grayscale"):
            image = image.convert(_COLOR_MODES[color_mode])
    if target_size is None or image.size == (target_size[1], target_size[0]):
        return image
    if interpolation not in _INTERPOLATIONS:
        raise InvalidArgumentError(
            f"[{where}] expected an interpolation, got {interpolation!r}. "
            f"{nearest(interpolation, _INTERPOLATIONS)}"
        )
    size = target_size[1], target_size[0]
    method = getattr(_pillow.Resampling, interpolation.upper())
    return image.resize(size, method, _middle(image.size, size) if keep_aspect_ratio else None)


def _contents(path: Any) -> tuple[str, io.BytesIO]:
    """Name for messages and contents of a file."""
    if isinstance(path, io.BytesIO):
        return "BytesIO", path
    if not isinstance(path, str | bytes | PathLike):
        raise TypeError(
            f"[load_img] expected a path or io.BytesIO, got {type(path).__name__} {path!r}; wrap contents: "
            "io.BytesIO(contents)."
        )
    with open(path, "rb") as file:
        return os.fsdecode(path), io.BytesIO(file.read())


@contextmanager
def _only_our_errors(where: str, name: str) -> Iterator[None]:
    """Names the file where Pillow does not, which raises errors of many kinds for damaged ones."""
    try:
        yield
    except (
        OSError,
        ArithmeticError,
        LookupError,
        SyntaxError,
        TypeError,
        ValueError,
        _pillow.DecompressionBombError,
    ) as error:
        # Pillow names the object that it read from, which tells nothing.
        what = "something else" if isinstance(error, _pillow.UnidentifiedImageError) else error
        raise DataLossError(
            f"[{where}] expected a whole picture that Pillow reads in the file {name!r}, got {what}; open it "
            "with another program, and copy or save it anew."
        ) from error


def _middle(size: tuple[int, int], other: tuple[int, int]) -> tuple[int, int, int, int]:
    """The largest middle part of a picture with the proportions of another: left, top, right, bottom."""
    (width, height), (to_width, to_height) = size, other
    kept_width = min(width, height * to_width // to_height)
    kept_height = min(height, width * to_height // to_width)
    left, top = (width - kept_width) // 2, (height - kept_height) // 2
    return left, top, left + kept_width, top + kept_height


def img_to_array(
    img: Any, data_format: str | None = None, dtype: Any = None
) -> npt.NDArray[Any]:
    """Array of an image, ``(height, width, channels)``.

    Args:
        img: Image of Pillow, or array ``(height, width, channels)`` or ``(height, width)``.
        data_format: ``"channels_first"`` gives ``(channels, height, width)``; None takes the default layout.
        dtype: Dtype of the result; None for ``floatx()``.

    Returns:
        NumPy array of rank 3, with values as in the image: 0 to 255 where it has 8 bits.

    Raises:
        ValueError: An array of another rank, or an unknown layout.

    Example:
        >>> import numpy as np
        >>> import thalweg as tf
        >>> image = tf.keras.utils.array_to_img(np.ones((2, 3, 3)), scale=False)
        >>> tf.keras.utils.img_to_array(image).shape
        (2, 3, 3)

    Source: `keras.utils.img_to_array`.
    """
    layout = data_format_of(data_format, "img_to_array")
    x = np.asarray(img, dtype=_numpy_dtype(dtype))
    if x.ndim == 2:
        x = x[..., np.newaxis]
    if x.ndim != 3:
        raise ShapeError(
            f"[img_to_array] expected an image of shape (height, width) or (height, width, channels), got "
            f"{x.shape}; give one image at a time."
        )
    return x.transpose(2, 0, 1) if layout == "channels_first" else x


def array_to_img(
    x: Any, data_format: str | None = None, scale: bool = True, dtype: Any = None
) -> Any:
    """Image of Pillow of an array.

    Args:
        x: Array ``(height, width, channels)`` with 1, 3 or 4 channels.
        data_format: ``"channels_first"`` for ``(channels, height, width)``; None for the default layout.
        scale: Stretch the values so that the least becomes 0 and the largest 255. Else they are taken as
            they are, fractions dropped, and cut off at 0 and 255.
        dtype: Dtype to compute in; None for ``floatx()``.

    Returns:
        `PIL.Image.Image` of mode L, RGB or RGBA; of mode I where a single channel goes beyond 255.

    Raises:
        ValueError: An array of another shape, or with NaN.

    Source: `keras.utils.array_to_img`, where values beyond 255 start again at 0.
    """
    where = "array_to_img"
    layout = data_format_of(data_format, where)
    x = np.asarray(x, dtype=_numpy_dtype(dtype))
    if x.ndim != 3:
        raise ShapeError(
            f"[{where}] expected one image of rank 3, got shape {x.shape}; give one image of a batch, with "
            "its channels in a dimension of their own."
        )
    if layout == "channels_first":
        x = x.transpose(1, 2, 0)
    channels = x.shape[2]
    if channels not in _CHANNELS:
        raise ShapeError(
            f"[{where}] expected 1, 3 or 4 channels, got {channels} in shape {x.shape} with {layout}; choose "
            "some, or give the other data_format."
        )
    if np.isnan(x).any():
        raise InvalidArgumentError(f"[{where}] expected numbers, got NaN; find out where it came from.")
    if scale and x.size:
        x = x.astype(np.result_type(x, np.float32)) - x.min()
        x = x / (x.max() or 1) * 255
    if channels > 1:
        return _pillow.fromarray(np.clip(x, 0, 255).astype(np.uint8))
    gray = x[..., 0]
    if x.size and x.max() > 255:
        return _pillow.fromarray(gray.astype(np.int32))
    return _pillow.fromarray(np.clip(gray, 0, 255).astype(np.uint8))


def _numpy_dtype(dtype: Any) -> Any:
    return dtypes.as_dtype(dtype or floatx()).numpy_dtype


def save_img(
    path: str | PathLike[str] | IO[bytes],
    x: Any,
    data_format: str | None = None,
    file_format: str | None = None,
    scale: bool = True,
    **kwargs: Any,
) -> None:
    """Writes an array as a picture.

    Args:
        path: Path, or file open for writing.
        x: Array ``(height, width, channels)`` with 1, 3 or 4 channels.
        data_format: As of `array_to_img`.
        file_format: Format such as ``"png"``; None for what the suffix of the path says.
        scale: As of `array_to_img`.
        **kwargs: Arguments of `PIL.Image.Image.save`, such as ``quality=95``.

    Raises:
        ValueError: An array of another shape, or a format that Pillow does not write such pictures in.
        OSError: The file cannot be written.

    Source: `keras.utils.save_img`. JPEG has no transparency; a fourth channel is dropped with a warning.
    """
    image = array_to_img(x, data_format, scale)
    if file_format is None and isinstance(path, str | PathLike):
        file_format = os.path.splitext(os.fspath(path))[1].removeprefix(".")
    known = _pillow.registered_extensions()
    format = known.get(f".{(file_format or '').lower()}", (file_format or "").upper())
    if format not in _pillow.SAVE:
        names = [suffix.removeprefix(".") for suffix, name in known.items() if name in _pillow.SAVE]
        raise InvalidArgumentError(
            f"[save_img] expected a format that Pillow writes for {path!r}, got {file_format!r}; pass "
            f"file_format='png'. {nearest(file_format or '', names)}"
        )
    if image.mode == "RGBA" and format == "JPEG":
        warnings.warn(
            f"[save_img] {path!r} becomes a JPEG, which has no transparency; the fourth channel is dropped.",
            stacklevel=2,
        )
        image = image.convert("RGB")
    if image.mode == "I" and image.getextrema()[1] < 1 << 16:
        image = image.convert("I;16")  # which more formats hold
    try:
        image.save(path, format=format, **kwargs)
    except OSError as error:
        if error.errno is not None:
            raise
        raise InvalidArgumentError(
            f"[save_img] expected a format for pictures of mode {image.mode} for {path!r}, got {format}: "
            f"{error}; write another format, or values up to 255."
        ) from error


def smart_resize(
    x: Any,
    size: tuple[int, int],
    interpolation: str = "bilinear",
    data_format: str | None = "channels_last",
    **kwargs: Any,
) -> Any:
    """Images of another size that are not distorted: what does not fit its proportions is cut off.

    Args:
        x: Array or tensor ``(height, width, channels)`` or ``(batch, height, width, channels)``.
        size: Height and width of the results.
        interpolation: As of `keras.ops.image.resize`: ``"bilinear"``, ``"nearest"``, ``"bicubic"``,
            ``"area"``, ``"lanczos3"`` or ``"lanczos5"``.
        data_format: ``"channels_first"`` where channels come before height; None for the default layout.
        **kwargs: ``backend_module``, which Keras knows, has no effect; no other is known.

    Returns:
        Floats of the shape with the new size: a NumPy array where `x` is one, else a tensor.

    Raises:
        ValueError: A size, shape, interpolation or layout other than these.
        TypeError: An unknown argument.

    Example:
        >>> import numpy as np
        >>> import thalweg as tf
        >>> tf.keras.preprocessing.image.smart_resize(np.zeros((340, 500, 3)), (20, 20)).shape
        (20, 20, 3)

    Source: `keras.preprocessing.image.smart_resize`.
    """
    unknown = set(kwargs) - {"backend_module"}
    if unknown:
        raise TypeError(f"[smart_resize] got unknown arguments {sorted(unknown)}; leave them out.")
    resized = resize(
        cast(x, floatx()), size, interpolation, crop_to_aspect_ratio=True, data_format=data_format
    )
    return resized.numpy() if isinstance(x, np.ndarray) else resized
