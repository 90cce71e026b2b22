"""Images: patches."""

from __future__ import annotations

from typing import Any

from tests.keras.ops.rows import Call, call

FLOATS = (("float16",), ("bfloat16",), ("float32",), ("float64",))


def image(name: str, label: str = "", shape: tuple[int, ...] = (4, 5, 3), **options: Any) -> Call:
    """Row of a function of a batch of images."""
    return call(f"image.{name}", lambda m: (m(m.n, *shape, low=0.0, high=1.0),), label=label, **options)


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

ROWS = PATCHES
