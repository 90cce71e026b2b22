"""Rows of tf.image: sizes, intensities, colours, likeness."""

from __future__ import annotations

import colorsys

import numpy as np

from thalweg._src.testing.cases.image import area, bilinear, images, nearest
from thalweg._src.testing.rows import Row

LINEAR = "it is linear"
PIECEWISE = "the second derivative is zero"
NARROW = "float64 becomes float32; keras.ops checks the gradient"
# The square of it is what float32 reaches.
SINGLE = 1e-3


def _row(name, args, reference, *, gradient=(0,), second_order=False, note=LINEAR, **rest):
    return Row(
        f"image.{name}",
        args,
        reference=reference,
        gradient=gradient,
        second_order=second_order,
        note=note,
        **rest,
    )


def _one(m):
    return m(4, m.n + 2, 3, low=0.05, high=1.0)


def _bytes(m):
    return m.ints(m.n, 4, 5, 3, low=0, high=256, dtype="uint8")


def _contrast(x, factor):
    mean = x.mean((-3, -2), keepdims=True)
    return (x - mean) * x.dtype.type(factor) + mean


def _standard(x):
    x = x.astype("float32")
    centred = x - x.mean((-3, -2, -1), keepdims=True)
    return centred / np.sqrt((centred**2).mean((-3, -2, -1), keepdims=True))


def _colors(function):
    return lambda x, *a: np.apply_along_axis(lambda c: function(*c, *a), -1, x).astype(x.dtype)


def _saturated(r, g, b, factor):
    h, s, v = colorsys.rgb_to_hsv(r, g, b)
    return colorsys.hsv_to_rgb(h, min(s * factor, 1.0), v)


def _turned(r, g, b, delta):
    h, s, v = colorsys.rgb_to_hsv(r, g, b)
    return colorsys.hsv_to_rgb((h + delta) % 1, s, v)


def _cut_or_padded(x, height, width):
    out = np.zeros((x.shape[0], height, width, x.shape[-1]), x.dtype)
    out[:, :, 1:6] = x[:, 1:3]
    return out


def _psnr(x, y, max_val):
    error = ((x - y).astype("float64") ** 2).mean((-3, -2, -1))
    return (10 * np.log10(max_val**2 / error)).astype("float32")


def _ssim(x, y, max_val, filter_size):
    x, y = x.astype("float64"), y.astype("float64")
    place = np.arange(filter_size) - (filter_size - 1) / 2
    bell = np.exp(-0.5 * (place / 1.5) ** 2)
    window = np.outer(bell, bell) / bell.sum() ** 2

    def mean(v):
        view = np.lib.stride_tricks.sliding_window_view(v, (filter_size,) * 2, (1, 2))
        return (view * window).sum((-2, -1))

    mx, my = mean(x), mean(y)
    vx, vy, covariance = mean(x * x) - mx**2, mean(y * y) - my**2, mean(x * y) - mx * my
    c1, c2 = (0.01 * max_val) ** 2, (0.03 * max_val) ** 2
    contrast = (2 * covariance + c2) / (vx + vy + c2)
    return (2 * mx * my + c1) / (mx**2 + my**2 + c1) * contrast, contrast


def _ssim_mean(x, y, max_val, filter_size):
    return _ssim(x, y, max_val, filter_size)[0].mean((1, 2, 3)).astype("float32")


def _ssim_scales(x, y, max_val, power_factors, filter_size):
    coarse = [v.reshape(v.shape[0], 4, 2, 4, 2, -1).mean((2, 4)) for v in (x, y)]
    fine = _ssim(x, y, max_val, filter_size)[1].mean((1, 2))
    rough = _ssim(*coarse, max_val, filter_size)[0].mean((1, 2))
    both = fine ** power_factors[0] * rough ** power_factors[1]
    return both.mean(-1).astype("float32")


def _gradients(x):
    down, right = np.zeros_like(x), np.zeros_like(x)
    down[:, :-1], right[:, :, :-1] = x[:, 1:] - x[:, :-1], x[:, :, 1:] - x[:, :, :-1]
    return down, right


def _patches(x, *_):
    view = np.lib.stride_tricks.sliding_window_view(x, (2, 3), (1, 2))[:, ::2]
    return view.transpose(0, 1, 2, 4, 5, 3).reshape(*view.shape[:3], -1)


def _two(m, height=8, width=8):
    return images(m, height, width, 2), images(m, height, width, 2)


SIZES = [
    _row(
        "resize",
        lambda m: (_one(m), (6, 3)),
        lambda x, s: bilinear(x[None], s)[0].astype("float32"),
        gradient=(),
        rtol=SINGLE,
        label="one",
        note=NARROW,
    ),
    _row(
        "resize",
        lambda m: (_bytes(m), (6, 3)),
        lambda x, s: bilinear(x.astype("float32"), s),
        gradient=(),
        rtol=SINGLE,
        label="bytes",
    ),
    _row(
        "resize",
        lambda m: (images(m), (8, 100)),
        lambda x, s, preserve_aspect_ratio: bilinear(x, (8, 10)).astype("float32"),
        gradient=(),
        kwargs={"preserve_aspect_ratio": True},
        label="fitting",
        rtol=SINGLE,
        note=NARROW,
    ),
    _row(
        "resize",
        lambda m: (images(m), (3, 2), "nearest"),
        nearest,
        label="nearest",
    ),
    _row(
        "resize",
        lambda m: (images(m), (3, 2), "area"),
        lambda x, s, _: area(x, s, None).astype("float32"),
        gradient=(),
        label="area",
        rtol=SINGLE,
        note=NARROW,
    ),
    _row(
        "resize_with_pad",
        lambda m: (images(m), 2, 7),
        lambda x, h, w: np.pad(
            bilinear(x, (2, 2)).astype("float32"), ((0, 0), (0, 0), (2, 3), (0, 0))
        ),
        gradient=(),
        rtol=SINGLE,
        note=NARROW,
    ),
    _row(
        "crop_to_bounding_box",
        lambda m: (images(m), 1, 2, 3, 2),
        lambda x, *_: x[:, 1:4, 2:4],
    ),
    _row(
        "pad_to_bounding_box",
        lambda m: (images(m), 1, 2, 6, 9),
        lambda x, *_: np.pad(x, ((0, 0), (1, 1), (2, 2), (0, 0))),
    ),
    _row("central_crop", lambda m: (images(m), 0.5), lambda x, _: x[:, 1:3, 1:4]),
    _row("resize_with_crop_or_pad", lambda m: (images(m), 2, 7), _cut_or_padded),
    _row("flip_left_right", lambda m: (images(m),), lambda x: x[:, :, ::-1]),
    _row("flip_up_down", lambda m: (_one(m),), lambda x: x[::-1]),
    _row("transpose", lambda m: (images(m),), lambda x: x.transpose(0, 2, 1, 3)),
    _row("rot90", lambda m: (images(m), 3), lambda x, k: np.rot90(x, k, (1, 2))),
    Row(
        "_src.ops.image.flipping._turn_by",
        lambda m: (images(m, 4, 4, 3), np.asarray(3, "int32")),
        reference=lambda x, k: np.rot90(x, int(k), (1, 2)),
        gradient=(0,),
        second_order=False,
        note=LINEAR,
    ),
    Row(
        "_src.ops.image.cropping._pad_at",
        lambda m: (images(m), np.asarray(1, "int32"), np.asarray(2, "int32")),
        {"height": 6, "width": 9},
        lambda x, *_, **__: np.pad(x, ((0, 0), (1, 1), (2, 2), (0, 0))),
        (0,),
        second_order=False,
        note=LINEAR,
    ),
    _row(
        "extract_patches",
        lambda m: (images(m), [1, 2, 3, 1], [1, 2, 1, 1], [1, 1, 1, 1], "VALID"),
        _patches,
    ),
]

INTENSITIES = [
    _row(
        "convert_image_dtype",
        lambda m: (_bytes(m), "float32"),
        lambda x, _: x.astype("float32") / np.float32(255),
        gradient=(),
        rtol=SINGLE,
        label="from bytes",
    ),
    _row(
        "convert_image_dtype",
        lambda m: (images(m), "uint8"),
        lambda x, _: (x.astype("float64") * 255.5).astype("uint8"),
        gradient=(),
        label="to bytes",
    ),
    _row("adjust_brightness", lambda m: (images(m), 0.3), lambda x, d: x + x.dtype.type(d)),
    _row(
        "adjust_brightness",
        lambda m: (_bytes(m), 0.5),
        lambda x, d: np.minimum((x / 255 + d) * 255.5, 255).astype("uint8"),
        gradient=(),
        label="bytes",
    ),
    _row("adjust_contrast", lambda m: (images(m), 1.5), _contrast),
    _row(
        "adjust_gamma",
        lambda m: (images(m), 1.7, 0.5),
        lambda x, g, gain: x ** x.dtype.type(g) * x.dtype.type(gain),
        second_order=True,
        note="",
    ),
    _row(
        "adjust_hue",
        lambda m: (m.distinct(m.n, 4, 5, 3, low=0.05, high=1.0), 0.13),
        _colors(_turned),
        note=PIECEWISE,
    ),
    _row(
        "adjust_saturation",
        lambda m: (m.distinct(m.n, 4, 5, 3, low=0.05, high=1.0), 0.6),
        _colors(_saturated),
        note=PIECEWISE,
    ),
    _row(
        "per_image_standardization",
        lambda m: (images(m),),
        _standard,
        gradient=(),
        rtol=SINGLE,
        note=NARROW,
    ),
    _row(
        "rgb_to_grayscale",
        lambda m: (_bytes(m),),
        lambda x: np.floor(x @ np.array([[0.2989], [0.587], [0.114]]) * 255.5 / 255).astype("uint8"),
        gradient=(),
        label="bytes",
    ),
    _row("grayscale_to_rgb", lambda m: (images(m, 4, 5, 1),), lambda x: np.tile(x, 3)),
    _row("rgb_to_hsv", lambda m: (images(m),), _colors(colorsys.rgb_to_hsv), second_order=True, note=""),
    _row(
        "hsv_to_rgb",
        lambda m: (m.distinct(m.n, 4, 3, low=0.05, high=1.0),),
        _colors(colorsys.hsv_to_rgb),
        second_order=True,
        note="",
    ),
    *(
        _row(name, lambda m: (images(m),), lambda x, t=tuple(table): (x @ np.array(t)).astype(x.dtype))
        for name, table in {
            "rgb_to_yiq": ([0.299, 0.59590059, 0.2115], [0.587, -0.27455667, -0.52273617],
                           [0.114, -0.32134392, 0.31119955]),
            "rgb_to_yuv": ([0.299, -0.14714119, 0.61497538], [0.587, -0.28886916, -0.51496512],
                           [0.114, 0.43601035, -0.10001026]),
            "yiq_to_rgb": ([1, 1, 1], [0.95598634, -0.27201283, -1.10674021],
                           [0.6208248, -0.64720424, 1.70423049]),
            "yuv_to_rgb": ([1, 1, 1], [0, -0.394642334, 2.03206185], [1.13988303, -0.58062185, 0]),
        }.items()
    ),
]  # fmt: skip

LIKENESS = [
    _row("psnr", lambda m: (*_two(m), 1.0), _psnr, gradient=(), rtol=SINGLE, note=NARROW),
    _row(
        "ssim",
        lambda m: (*_two(m), 1.0),
        _ssim_mean,
        kwargs={"filter_size": 5},
        gradient=(),
        rtol=3 * SINGLE,
        note=NARROW,
    ),
    _row(
        "ssim_multiscale",
        lambda m: (lambda x, y: (x, (x + 0.2 * y).astype(x.dtype), 1.0))(*_two(m)),
        _ssim_scales,
        kwargs={"filter_size": 3, "power_factors": (0.6, 0.4)},
        gradient=(),
        rtol=SINGLE,
        note=NARROW,
    ),
    _row(
        "total_variation",
        lambda m: (m.distinct(m.n, 4, 5, 2),),
        lambda x: abs(np.diff(x, axis=1)).sum((1, 2, 3)) + abs(np.diff(x, axis=2)).sum((1, 2, 3)),
        note=PIECEWISE,
    ),
    _row("image_gradients", lambda m: (images(m),), _gradients),
]

ROWS = [*SIZES, *INTENSITIES, *LIKENESS]
