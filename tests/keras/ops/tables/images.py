"""Images: sizes, colours, warps, filters, patches, margins."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.keras.ops.rows import Call, call

FLOATS = (("float16",), ("bfloat16",), ("float32",), ("float64",))
_BYTES = (*FLOATS, ("uint8",), ("int32",))


def image(name: str, label: str = "", shape: tuple[int, ...] = (4, 5, 3), **options: Any) -> Call:
    """Row of a function of a batch of images."""
    return call(f"image.{name}", lambda m: (m(m.n, *shape, low=0.0, high=1.0),), label=label, **options)


def ints(name: str, label: str, shape: tuple[int, ...] = (4, 5, 3), **options: Any) -> Call:
    """Row of a function of a batch of images of bytes."""

    def args(m: Any) -> tuple[Any, ...]:
        return (m.ints(m.n, *shape, low=0, high=255, dtype="uint8"),)

    return call(f"image.{name}", args, label=label, **options)


def _resized(label: str, size: tuple[int, int] = (5, 3), **options: Any) -> Call:
    kwargs = {"size": size, **options.pop("kwargs", {})}
    return image("resize", label, (4, 6, 2), kwargs=kwargs, **options)


METHODS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area")

RESIZING = [
    *(_resized(m, kwargs={"interpolation": m}, rtol=1e-3 if m == "bicubic" else 2e-5, dtypes=_BYTES,
               gradient=(0,)) for m in METHODS),
    *(_resized(f"{m}-smaller", (2, 3), kwargs={"interpolation": m, "antialias": True}, rtol=1e-4)
      for m in METHODS),
    _resized("smaller", (2, 3)),
    _resized("same", (4, 6)),
    _resized("crop", (2, 4), kwargs={"crop_to_aspect_ratio": True}),
    _resized("crop-high", (4, 2), kwargs={"crop_to_aspect_ratio": True}),
    _resized("pad", (3, 3), kwargs={"pad_to_aspect_ratio": True, "fill_value": 7.0}),
    _resized("pad-wide", (2, 6), kwargs={"pad_to_aspect_ratio": True}),
    image("resize", "first", (2, 4, 6), kwargs={"size": (2, 2), "data_format": "channels_first"}),
    call("image.resize", lambda m: (m(4, 5, 2), (3, 3)), label="single"),
    *(ints("resize", f"bytes-{m}", kwargs={"size": (3, 4), "interpolation": m})
      for m in ("nearest", "bilinear", "lanczos3")),
    call("image.resize", lambda m: (np.array([[[[0], [3], [7], [2]]]] * m.n, np.uint8), (1, 3), "area"),
         label="bytes-area"),
    ints("resize", "bytes-pad", kwargs={"size": (2, 4), "pad_to_aspect_ratio": True, "fill_value": 7}),
    *(call("image.scale_and_translate",
           lambda m, method=method: (m(m.n, 4, 5, 1), (m.n, 3, 6, 1), np.array([0.7, 1.2], m.dtype),
                                     np.array([0.1, -0.3], m.dtype), (1, 2), method),
           label=method, rtol=1e-4, gradient=(0,), symbolic=False,
           note="the result's shape is an argument, the batch included")
      for method in ("linear", "cubic", "lanczos3", "lanczos5")),
    call("image.scale_and_translate",
         lambda m: (m(2, 4, 5, 1), (2, 3, 6, 1), np.array([0.7, 1.2], m.dtype),
                    np.array([0.1, -0.3], m.dtype), (-3, 2), "bilinear"), label="plain", rtol=1e-4,
         kwargs={"antialias": False}, gradient=(0, 2, 3)),
]  # fmt: skip

COLORS = [
    image("rgb_to_grayscale", gradient=(0,), dtypes=_BYTES),
    ints("rgb_to_grayscale", "bytes"),
    image("rgb_to_grayscale", "first", (3, 4, 5), kwargs={"data_format": "channels_first"}),
    image("rgb_to_grayscale", "grey", (4, 5, 1)),
    call("image.rgb_to_grayscale", lambda m: (m(4, 5, 3),), label="single"),
    image("rgb_to_hsv", gradient=(0,), dtypes=FLOATS),
    call("image.rgb_to_hsv", lambda m: (np.array(
        [[[0.5, 0.5, 0.5], [0, 0, 0], [1, 0, 1], [0, 1, 1], [1, 1, 0], [-1, -0.5, -2]]], m.dtype),),
        label="edges"),
    image("rgb_to_hsv", "first", (3, 4, 5), kwargs={"data_format": "channels_first"}),
    image("hsv_to_rgb", gradient=(0,), dtypes=FLOATS),
    call("image.hsv_to_rgb", lambda m: (m(4, 5, 3, low=-1.0, high=2.0),), label="outside"),
]  # fmt: skip

_TURN = (1.0, 0.1, 1.3, -0.1, 0.9, -1.2, 0.0, 0.0)
_PROJECTION = (1.0, 0.1, 0.3, -0.1, 0.9, 0.2, 0.01, -0.02)


def _affine(label: str = "", numbers: tuple[float, ...] = _TURN, **options: Any) -> Call:
    def args(m: Any) -> tuple[Any, ...]:
        return m(m.n, 4, 5, 2), np.tile(np.array(numbers, m.dtype), (m.n, 1))

    return call("image.affine_transform", args, label=label, rtol=1e-4, **options)


def _corners(m: Any, count: int) -> tuple[Any, Any]:
    start = np.array([[0, 0], [0, 4], [3, 0], [3, 4]], m.dtype)
    end = np.array([[0, 1], [0, 4], [3, 0], [2, 3]], m.dtype)
    return np.tile(start, (count, 1, 1)), np.tile(end, (count, 1, 1))


_AT = ((-1.5, 0.4, 1.2, 2.7), (0.3, 2.4, -0.7, 4.6))


_DIFFERENT = {
    "mirror": "TensorFlow reads past the end",
    "reflect": "before the first element Keras is off by one; SciPy is not",
}


def _mapped(label: str, order: int, **options: Any) -> Call:
    return call("image.map_coordinates", lambda m: (m.distinct(3, 4), np.array(_AT, m.dtype), order),
                label=label, **options)  # fmt: skip


WARPING = [
    *(_affine(f"{i}-{mode}", kwargs={"interpolation": i, "fill_mode": mode, "fill_value": -1})
      for i in ("nearest", "bilinear") for mode in ("constant", "nearest", "wrap", "reflect")),
    _affine("projective", _PROJECTION, gradient=(0,),
            dtypes=(("float32", "float32"), ("float16", "float32"))),
    call("image.affine_transform", lambda m: (m(m.n, 4, 5, 2), np.array(_PROJECTION, m.dtype)), label="one",
         rtol=1e-4),
    call("image.affine_transform", lambda m: (m(4, 5, 2), np.array(_PROJECTION, m.dtype)), label="single",
         rtol=1e-4),
    call("image.affine_transform", lambda m: (m.ints(2, 4, 5, 2, low=0, high=255, dtype="uint8"),
                                              np.array(_PROJECTION, m.dtype)), label="bytes"),
    call("image.affine_transform", lambda m: (m(m.n, 2, 4, 5), np.array(_PROJECTION, m.dtype)), label="first",
         rtol=1e-4, kwargs={"data_format": "channels_first"}),
    call("image.perspective_transform", lambda m: (m(m.n, 4, 5, 2), *_corners(m, m.n)), rtol=1e-3,
         gradient=(0,)),
    call("image.perspective_transform", lambda m: (m(4, 5, 2), *(c[0] for c in _corners(m, 1))),
         label="single", rtol=1e-3, kwargs={"interpolation": "nearest", "fill_value": -2}),
    *(_mapped(f"{order}-{mode}", order, kwargs={"fill_mode": mode, "fill_value": -1},
              gradient=(0, 1) if order else (), differs=_DIFFERENT.get(mode, ""))
      for order in (0, 1) for mode in ("constant", "nearest", "wrap", "mirror", "reflect")),
    call("image.map_coordinates", lambda m: (m.ints(3, 4), np.array(_AT, m.dtype), 1), label="int"),
    call("image.map_coordinates", lambda m: (m(3, 4), np.array([[0.5, 1.5], [2.5, 0.0]], m.dtype), 0),
         label="halves"),
    call("image.map_coordinates", lambda m: (m(3, 4), m(2, m.n, 2, low=0.0), 1), label="shape"),
]  # fmt: skip

_OBLONG = "Keras mixes up the weights of windows that are not square"

FILTERS = [
    image("gaussian_blur", dtypes=FLOATS, gradient=(0,), rtol=1e-4),
    image("gaussian_blur", "widths", kwargs={"kernel_size": (5, 5), "sigma": (1.0, 2.0)}, rtol=1e-4),
    image("gaussian_blur", "sizes", kwargs={"kernel_size": (3, 5)}, rtol=1e-4, differs=_OBLONG),
    image("gaussian_blur", "even", kwargs={"kernel_size": (4, 4)}, rtol=1e-4),
    image("gaussian_blur", "first", (3, 4, 5), kwargs={"data_format": "channels_first"}, rtol=1e-4),
    call("image.gaussian_blur", lambda m: (m(4, 5, 2),), label="single", rtol=1e-4),
    call("image.gaussian_blur", lambda m: (m(m.n, 4, 5, 2), (3, 3), m(2, low=0.5)), label="tensor", rtol=1e-4,
         gradient=(0, 2)),
    image("sobel_edges", dtypes=FLOATS, gradient=(0,), rtol=1e-4),
    image("sobel_edges", "first", (3, 4, 5), kwargs={"data_format": "channels_first"}, rtol=1e-4),
    call("image.ssim", lambda m: (m(m.n, 12, 13, 2, low=0.0), m(m.n, 12, 13, 2, low=0.0)), rtol=1e-3,
         gradient=(0, 1), dtypes=(("float32",) * 2, ("float16",) * 2)),
    call("image.ssim", lambda m: (m(9, 9, 1, low=0.0), m(9, 9, 1, low=0.0)), label="settings", rtol=1e-3,
         kwargs={"max_val": 2.0, "filter_size": 7, "filter_sigma": 1.0, "k1": 0.02, "k2": 0.05}),
    call("image.ssim", lambda m: (m(m.n, 1, 9, 9, low=0.0), m(m.n, 1, 9, 9, low=0.0)), label="first",
         rtol=1e-3, kwargs={"filter_size": 5, "data_format": "channels_first"}),
]  # fmt: skip

PATCHES = [
    image("extract_patches", kwargs={"size": 2}, gradient=(0,), dtypes=(*FLOATS, ("int32",))),
    image("extract_patches", "same", kwargs={"size": (2, 3), "strides": (1, 2), "padding": "same"}),
    image("extract_patches", "dilated", kwargs={"size": 2, "strides": 1, "dilation_rate": 2}),
    image("extract_patches", "first", (3, 4, 5), kwargs={"size": 2, "data_format": "channels_first"}),
    image("extract_patches", "volume", (4, 3, 2, 2), kwargs={"size": (2, 2, 1)}),
    call("image.extract_patches", lambda m: (m(m.n, 5, 3),), label="single", kwargs={"size": (2, 1)}),
    image("extract_patches_3d", shape=(4, 3, 2, 2), kwargs={"size": (2, 1, 2)}, gradient=(0,)),
    image("extract_patches_3d", "first", (2, 3, 2, 2),
          kwargs={"size": 2, "data_format": "channels_first", "strides": 1, "padding": "same"}),
]  # fmt: skip

MARGINS = [
    image("pad_images", kwargs={"top_padding": 1, "left_padding": 0, "bottom_padding": 2, "right_padding": 1},
          gradient=(0,), dtypes=_BYTES),
    image("pad_images", "target",
          kwargs={"bottom_padding": 1, "left_padding": 2, "target_height": 7, "target_width": 9}),
    image("pad_images", "first", (3, 4, 5), kwargs={
        "top_padding": 1, "left_padding": 0, "bottom_padding": 2, "right_padding": 1,
        "data_format": "channels_first"}),
    image("crop_images", gradient=(0,), dtypes=_BYTES, kwargs={
        "top_cropping": 1, "left_cropping": 0, "bottom_cropping": 2, "right_cropping": 1}),
    image("crop_images", "target",
          kwargs={"bottom_cropping": 1, "left_cropping": 2, "target_height": 2, "target_width": 2}),
    image("crop_images", "first", (3, 4, 5), kwargs={
        "top_cropping": 1, "left_cropping": 0, "bottom_cropping": 2, "right_cropping": 1,
        "data_format": "channels_first"}),
]  # fmt: skip

ROWS = [*RESIZING, *COLORS, *WARPING, *FILTERS, *PATCHES, *MARGINS]
# Its random numbers are not those of Keras; tried in `test_image.py`.
ELSEWHERE = ("image.elastic_transform",)
