"""NumPy twins of the ops of images give what the kernels give, and keep host images on the host."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.tensor import Tensor, is_static
from thalweg._src.ops.image.resizing import METHODS
from thalweg._src.testing import contracts
from thalweg._src.testing.cases import tf_image, tf_image_boxes

# What data pipelines do with images of ever-changing sizes.
TWINNED = {
    "adjust_brightness", "adjust_contrast", "adjust_gamma", "adjust_hue", "adjust_saturation",
    "central_crop", "convert_image_dtype", "crop_and_resize", "crop_to_bounding_box",
    "draw_bounding_boxes", "extract_glimpse", "flip_left_right", "flip_up_down",
    "grayscale_to_rgb", "hsv_to_rgb", "pad_to_bounding_box", "per_image_standardization",
    "resize", "resize_with_crop_or_pad", "resize_with_pad", "rgb_to_grayscale", "rgb_to_hsv",
    "rgb_to_yiq", "rgb_to_yuv", "rot90", "transpose", "yiq_to_rgb", "yuv_to_rgb",
}  # fmt: skip
ROWS = [
    r for r in (*tf_image.ROWS, *tf_image_boxes.ROWS) if r.name.removeprefix("image.") in TWINNED
]


def test_every_twin_has_a_row():
    assert {r.name.removeprefix("image.") for r in ROWS} == TWINNED


@pytest.mark.parametrize("row", [pytest.param(r, id=r.id) for r in ROWS])
def test_twin_gives_what_the_kernel_gives(row):
    args = [Tensor(a) if isinstance(a, np.ndarray) else a for a in row.make()]
    found = contracts.flat(contracts.function_of(row)(*args, **row.kwargs))
    for one, other in zip(found, contracts.run(row), strict=True):
        assert is_static(one)
        assert one.dtype == other.dtype
        contracts.close(one.numpy(), other.numpy(), max(row.rtol, 1e-5))


@pytest.mark.parametrize("antialias", [False, True])
@pytest.mark.parametrize("method", METHODS)
def test_every_way_to_resize(method, antialias):
    x = np.random.default_rng(0).uniform(size=(2, 7, 6, 3)).astype(np.float32)
    for size in ((4, 9), (12, 3)):
        host, device = (
            tf.image.resize(v, size, method, antialias=antialias) for v in (Tensor(x), tf.constant(x))
        )
        assert is_static(host)
        np.testing.assert_allclose(host.numpy(), device.numpy(), rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("dtype", ["uint8", "int16", "float16", "bfloat16", "float64"])
def test_other_dtypes(dtype):
    x = np.random.default_rng(0).integers(0, 100, (5, 6, 3)).astype(tf.as_dtype(dtype).as_numpy_dtype)
    if tf.as_dtype(dtype).is_floating:
        x = (x / x.dtype.type(100)).astype(x.dtype)
    for function, args in (
        (tf.image.resize, ((3, 4),)),
        (tf.image.adjust_contrast, (1.5,)),
        (tf.image.adjust_hue, (0.2,)),
        (tf.image.rgb_to_grayscale, ()),
        (tf.image.per_image_standardization, ()),
    ):
        host, device = function(Tensor(x), *args), function(tf.constant(x), *args)
        assert host.dtype == device.dtype
        one, other = (v.numpy().astype(float) for v in (host, device))
        np.testing.assert_allclose(one, other, rtol=1e-2, atol=1.01 if "int" in dtype else 1e-2)
