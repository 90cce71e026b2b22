"""Images written to files: the ops of `tf.io` and `tf.image`."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError, ThalwegError
from thalweg._src.core import checks, dtypes
from thalweg._src.core.opdef import op
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.arguments import host_value, is_eager
from thalweg._src.ops.image.codecs import jpeg, png
from thalweg._src.ops.image.conversion import convert_image_dtype
from thalweg._src.ops.indices import tensor_of

_HINT = "Encode the results of the compiled program outside of it."
_FORMATS = {"": (1, 3), "grayscale": (1,), "rgb": (3,)}
_UNITS = {"in": 1, "cm": 2}
_LONGEST_TEXT = 65000


def _need_pixels(where: str, image: Any, channels: tuple[int, ...], *ranks: int) -> None:
    shape = tuple(image.shape)
    if (ranks and len(shape) not in ranks) or len(shape) < 3 or shape[-1] not in channels:
        wanted = " or ".join(str(c) for c in channels)
        raise ShapeError(
            f"[{where}] expected an image of shape (height, width, channels) with {wanted} channels, got "
            f"shape {shape}."
        )
    if 0 in shape:
        raise ShapeError(f"[{where}] expected an image with pixels, got shape {shape}.")


def _need_dtype(where: str, image: Any, *known: Any) -> None:
    if image.dtype not in known:
        names = " or ".join(np.dtype(k).name for k in known)
        raise DTypeError(
            f"[{where}] expected an image of dtype {names}, got {image.dtype}; use "
            "tf.image.convert_image_dtype."
        )


def _need_quality(where: str, quality: int) -> None:
    if not 0 <= quality <= 100:
        raise InvalidArgumentError(
            f"[{where}] expected a quality from 0 to 100, got {quality}; 95 is a good one."
        )


@op("encode_jpeg", inputs=("image",), on_host=True, hint=_HINT)
def encode_jpeg(
    image: Any,
    format: str = "",
    quality: int = 95,
    progressive: bool = False,
    optimize_size: bool = False,
    chroma_downsampling: bool = True,
    density_unit: str = "in",
    x_density: int = 300,
    y_density: int = 300,
    xmp_metadata: Any = "",
) -> Any:
    """A JPEG file of an image.

    Args:
        image: uint8 tensor ``(height, width, channels)`` with 1 channel, grey, or 3, colour.
        format: ``"grayscale"`` or ``"rgb"`` to require that, or ``""``.
        quality: 0 to 100.
        progressive: Store the image in several passes, coarse ones first.
        optimize_size: Take more time for a smaller file of the same pixels.
        chroma_downsampling: Store one colour for 2 x 2 pixels.
        density_unit: ``"in"`` or ``"cm"``: of what the densities count pixels.
        x_density: Pixels a unit across.
        y_density: Pixels a unit down.
        xmp_metadata: Text about the image, in XML, that is stored with it.

    Returns:
        Scalar string, the bytes of the file.

    Raises:
        ValueError: The image or an argument does not fit.

    Example:
        >>> import thalweg as tf
        >>> contents = tf.io.encode_jpeg(tf.zeros((8, 8, 3), tf.uint8))
        >>> tf.io.decode_jpeg(contents).shape
        TensorShape([8, 8, 3])

    Source: `tf.io.encode_jpeg`; the bytes are the same.
    """
    where = "encode_jpeg"
    if format not in _FORMATS or density_unit not in _UNITS:
        raise InvalidArgumentError(
            f"[{where}] expected format to be one of {tuple(_FORMATS)} and density_unit one of "
            f"{tuple(_UNITS)}, got {format!r} and {density_unit!r}."
        )
    _need_dtype(where, image, np.uint8)
    _need_pixels(where, image, _FORMATS[format], 3)
    _need_quality(where, quality)
    text = xmp_metadata.encode() if isinstance(xmp_metadata, str) else bytes(xmp_metadata)
    if len(text) > _LONGEST_TEXT or not all(0 < d < 1 << 16 for d in (x_density, y_density)):
        raise InvalidArgumentError(
            f"[{where}] expected xmp_metadata of at most {_LONGEST_TEXT} bytes and densities from 1 to "
            f"65535, got {len(text)} bytes and {(x_density, y_density)}."
        )
    found = jpeg.encode(
        image,
        quality=quality,
        progressive=progressive,
        optimize_size=optimize_size,
        chroma_downsampling=chroma_downsampling,
        density=(_UNITS[density_unit], x_density, y_density),
        xmp_metadata=text,
    )
    return np.array(found, object)


@op("encode_png", inputs=("image",), on_host=True, hint=_HINT)
def encode_png(image: Any, compression: int = -1) -> Any:
    """PNG files of images.

    Args:
        image: uint8 or uint16 tensor ``(..., height, width, channels)`` with 1 channel, grey; 2, grey and
            opacity; 3, colour; or 4, colour and opacity.
        compression: 0 for none to 9 for the smallest file, -1 for a fair one.

    Returns:
        String tensor ``(...)``: the bytes of each file.

    Raises:
        ValueError: The image or an argument does not fit.

    Example:
        >>> import thalweg as tf
        >>> contents = tf.io.encode_png(tf.constant([[[7], [9]]], tf.uint8))
        >>> tf.io.decode_png(contents).numpy().ravel().tolist()
        [7, 9]

    Source: `tf.io.encode_png`; the bytes differ, the pixels do not.
    """
    where = "encode_png"
    _need_dtype(where, image, np.uint8, np.uint16)
    _need_pixels(where, image, (1, 2, 3, 4))
    if not -1 <= compression <= 9:
        raise InvalidArgumentError(
            f"[{where}] expected compression from -1 to 9, got {compression}."
        )
    found = np.empty(image.shape[:-3], object)
    for place in np.ndindex(found.shape):
        found[place] = png.encode(image[place], compression)
    return found


def _checked(image: Any, quality: Any) -> None:
    where = "adjust_jpeg_quality"
    _need_pixels(where, image, (1, 3), 3)
    if quality.shape != ():
        raise ShapeError(
            f"[{where}] expected jpeg_quality as a scalar, got shape {tuple(quality.shape)}."
        )


def _through_jpeg(image: Any, quality: Any, dct_method: str) -> Any:
    """Pixels after they were stored as JPEG."""
    _checked(image, quality)
    where, chosen = "adjust_jpeg_quality", int(quality)
    _need_quality(where, chosen)
    contents = jpeg.encode(image, quality=chosen)
    return jpeg.decode(where, contents, jpeg.Settings(image.shape[-1], dct_method=dct_method))


def _called_back(image: Any, quality: Any, *, dct_method: str) -> Any:
    """The same for a program, which keeps no error by itself."""
    try:
        return _through_jpeg(np.asarray(image), quality, dct_method)
    except ThalwegError as error:
        checks.keep(error)
        raise


@op(
    "adjust_jpeg_quality",
    inputs=("image", "quality"),
    matched=(),
    host=_through_jpeg,
    input_dtypes={"quality": dtypes.int32},
    differentiable=False,
)
def _adjust(image: Any, quality: Any, dct_method: str) -> Any:
    """Bytes stored as JPEG and read again, by a call back to the host."""
    _checked(image, quality)
    result = jax.ShapeDtypeStruct(image.shape, np.uint8)
    call = partial(_called_back, dct_method=dct_method)
    return jax.pure_callback(call, result, image, quality, vmap_method="sequential")


def adjust_jpeg_quality(
    image: Any, jpeg_quality: Any, dct_method: str = "", name: str | None = None
) -> Any:
    """An image with the faults that storing it as JPEG makes.

    Args:
        image: Real tensor ``(height, width, channels)`` with 1 or 3 channels. Integers go from 0 to the
            largest one of their dtype, floats from 0 to 1.
        jpeg_quality: 0, bad, to 100, good. It may be computed in a program.
        dct_method: ``"INTEGER_FAST"``, ``"INTEGER_ACCURATE"`` or ``""``, see `tf.io.decode_jpeg`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor like `image`. It has no gradient.

    Raises:
        ValueError: The image does not fit, or the quality is out of range.

    Source: `tf.image.adjust_jpeg_quality`. Compiled programs call back to the host for it.
    """
    x = tensor_of(image)
    kept = dtypes.as_dtype(x.dtype)
    whole = convert_image_dtype(x, dtypes.uint8, saturate=True)
    known = host_value(jpeg_quality)
    if is_eager(whole) and known is not None:
        # There is no program that would have to call back.
        whole, jpeg_quality = Tensor(np.asarray(whole.array)), Tensor(known)
    found = _adjust(whole, jpeg_quality, dct_method=dct_method, name=name)
    return convert_image_dtype(found, kept, saturate=True)
