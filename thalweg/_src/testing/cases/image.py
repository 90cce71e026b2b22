"""Rows of the ops of images."""

from __future__ import annotations

import colorsys

import numpy as np
import scipy.ndimage

from thalweg._src.testing.rows import Row


def area(x, size, interpolation=None):
    for axis, count in enumerate(size, 1):
        whole = np.repeat(x, count, axis)
        parts = np.split(whole, count, axis)
        x = np.stack([p.mean(axis) for p in parts], axis)
    return x


def bilinear(x, size):
    for axis, count in enumerate(size, 1):
        whole = x.shape[axis]
        place = np.clip((np.arange(count) + 0.5) * whole / count - 0.5, 0, whole - 1)
        low = np.floor(place).astype(int)
        part = (place - low).reshape([-1 if a == axis else 1 for a in range(x.ndim)])
        high = np.minimum(low + 1, whole - 1)
        x = (x.take(low, axis) * (1 - part) + x.take(high, axis) * part).astype(x.dtype)
    return x


def nearest(x, size, interpolation=None):
    rows, columns = (((np.arange(c) + 0.5) * n / c).astype(int) for c, n in zip(size, x.shape[1:3]))
    return x[:, rows][:, :, columns]


def _colors(function):
    return lambda x: np.apply_along_axis(lambda c: function(*c), -1, x).astype(x.dtype)


def _blur(x, kernel_size, sigma):
    for axis, (size, width) in enumerate(zip(kernel_size, sigma[::-1]), 1):
        weights = np.exp(-0.5 * ((np.arange(size) - (size - 1) / 2) / width) ** 2)
        x = scipy.ndimage.correlate1d(x, weights / weights.sum(), axis, mode="constant")
    return x


def _sobel(x):
    def along(v, weights, axis):
        return scipy.ndimage.correlate1d(v, weights, axis, mode="mirror")

    return np.stack([along(along(x, [-1, 0, 1], a), [1, 2, 1], 3 - a) for a in (1, 2)], -1)


def _ssim(x, y, filter_size, filter_sigma=1.5):
    place = np.arange(filter_size) - (filter_size - 1) / 2
    bell = np.exp(-0.5 * (place / filter_sigma) ** 2)
    window = np.outer(bell, bell) / bell.sum() ** 2

    def mean(v):
        view = np.lib.stride_tricks.sliding_window_view(v, (filter_size,) * 2, (1, 2))
        return (view * window).sum((-2, -1))

    mx, my = mean(x), mean(y)
    vx, vy, covariance = mean(x * x) - mx**2, mean(y * y) - my**2, mean(x * y) - mx * my
    c1, c2 = 0.01**2, 0.03**2
    both = (2 * mx * my + c1) * (2 * covariance + c2)
    return (both / (mx**2 + my**2 + c1) / (vx + vy + c2)).mean((1, 2, 3))


def _shifted(x, transform, fill_mode):
    """The images moved by whole pixels."""
    down, right = int(transform[0, 5]), int(transform[0, 2])
    mode = {"reflect": "symmetric", "constant": "constant"}[fill_mode]
    h, w = x.shape[1:3]
    around = np.pad(x, ((0, 0), (h, h), (w, w), (0, 0)), mode)
    return around[:, h + down : 2 * h + down, w + right : 2 * w + right]


def _turn(right, down):
    return lambda m: (
        m(m.n, 4, 5, 2),
        np.tile(np.array([1, 0, right, 0, 1, down, 0, 0], m.dtype), (m.n, 1)),
    )


def images(m, *shape):
    return m(m.n, *(shape or (4, 5, 3)), low=0.05, high=1.0)


def _corners(m):
    start = np.array([[0, 0], [0, 4], [3, 0], [3, 4]], m.dtype)
    return np.tile(start, (m.n, 1, 1)), start + m(m.n, 4, 2, low=-0.4, high=0.4)


LINEAR = "it is linear"

ROWS = [
    Row(
        "keras.ops.image.resize",
        lambda m: (images(m), (6, 3)),
        {},
        bilinear,
        (0,),
        second_order=False,
        note=LINEAR,
    ),
    Row(
        "keras.ops.image.resize",
        lambda m: (images(m), (6, 3)),
        {"interpolation": "area"},
        area,
        (0,),
        second_order=False,
        label="area",
        note=LINEAR,
    ),
    Row(
        "keras.ops.image.resize",
        lambda m: (images(m), (6, 3)),
        {"interpolation": "nearest"},
        nearest,
        (0,),
        second_order=False,
        label="nearest",
        note=LINEAR,
    ),
    Row(
        "keras.ops.image.scale_and_translate",
        lambda m: (
            m(2, 5, 4),
            (2, 5, 6),
            np.array([1.0, 1.5], m.dtype),
            np.zeros(2, m.dtype),
            (1, 2),
            "linear",
        ),
        {"antialias": False},
        lambda x, shape, *_, antialias: bilinear(x[..., None], shape[1:])[..., 0],
        (0,),
        second_order=False,
        note=LINEAR,
    ),
    Row(
        "keras.ops.image.rgb_to_grayscale",
        lambda m: (images(m),),
        {},
        lambda x: (x @ np.array([[0.2989], [0.587], [0.114]])).astype(x.dtype),
        (0,),
        second_order=False,
        note=LINEAR,
    ),
    Row(
        "keras.ops.image.rgb_to_hsv",
        lambda m: (images(m),),
        {},
        _colors(colorsys.rgb_to_hsv),
        (0,),
    ),
    Row(
        "keras.ops.image.hsv_to_rgb",
        lambda m: (m.distinct(m.n, 4, 5, 3, low=0.05, high=1.0),),
        {},
        _colors(colorsys.hsv_to_rgb),
        (0,),
    ),
    *(
        Row(
            "keras.ops.image.affine_transform",
            _turn(-2.0, 1.0),
            {"fill_mode": mode},
            _shifted,
            label=mode,
        )
        for mode in ("constant", "reflect")
    ),
    Row(
        "keras.ops.image.perspective_transform",
        lambda m: (m(m.n, 4, 5, 2), *_corners(m)),
        {},
        gradient=(0, 1, 2),
        rtol=1e-3,
        note="no independent twin; tables of keras.ops compare it with Keras",
    ),
    Row(
        "keras.ops.image.map_coordinates",
        lambda m: (m(4, 5), m(2, m.n, 3, low=0.1, high=2.9)),
        {"order": 1},
        lambda x, at, order: scipy.ndimage.map_coordinates(x, at, order=order),
        (0, 1),
    ),
    Row(
        "keras.ops.image.elastic_transform",
        lambda m: (m(m.n, 4, 5, 2),),
        {"seed": 3, "sigma": 0.7, "alpha": 2.0},
        gradient=(0,),
        rtol=1e-4,
        note="random; test_image.py looks at its distribution",
    ),
    Row(
        "keras.ops.image.gaussian_blur",
        lambda m: (images(m), (3, 5), m(2, low=0.5)),
        {},
        _blur,
        (0, 2),
        rtol=1e-4,
    ),
    Row(
        "keras.ops.image.sobel_edges",
        lambda m: (images(m),),
        {},
        _sobel,
        (0,),
        second_order=False,
        note=LINEAR,
    ),
    Row(
        "keras.ops.image.ssim",
        lambda m: (images(m, 7, 6, 2), images(m, 7, 6, 2)),
        {"filter_size": 5},
        _ssim,
        (0, 1),
        rtol=1e-3,
    ),
]
