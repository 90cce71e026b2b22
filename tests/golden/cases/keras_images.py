"""`keras.utils` and `keras.preprocessing.image`: pictures of files, as arrays, in other sizes."""

from __future__ import annotations

import io
from typing import Any

from ..support import Cases, attempt

cases = Cases()

MODES = ["rgb", "rgba", "grayscale"]


def _numbers(np: Any, *shape: int) -> Any:
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def _file(array: Any, mode: str | None = None, format: str = "PNG") -> io.BytesIO:
    from PIL import Image

    image = Image.fromarray(array)
    file = io.BytesIO()
    (image.convert(mode) if mode else image).save(file, format)
    return io.BytesIO(file.getvalue())


def _seen(np: Any, image: Any) -> Any:
    return {"mode": image.mode, "values": np.asarray(image)}


@cases
def loading(tf: Any, np: Any) -> Any:
    load = tf.keras.utils.load_img
    rgb = _numbers(np, 4, 6, 3)
    files = {
        "rgb": lambda: _file(rgb),
        "rgba": lambda: _file(_numbers(np, 4, 6, 4)),
        "gray": lambda: _file(rgb[..., 0]),
        "gray 16": lambda: _file(rgb[..., 0].astype(np.uint16) * 257),
        "gray 32": lambda: _file(rgb[..., 0].astype(np.int32), format="TIFF"),
        "palette": lambda: _file(rgb, "P"),
        "one bit": lambda: _file(rgb[..., 0] > 128),
        "gray and alpha": lambda: _file(rgb, "LA"),
    }
    result = {
        f"{name} as {mode}": _seen(np, load(file(), color_mode=mode))
        for name, file in files.items()
        for mode in MODES
    }
    return result | {
        "mode": attempt(lambda: load(_file(rgb), color_mode="bgr")),
        "no mode": attempt(lambda: load(_file(rgb), color_mode=None)),
        "number": attempt(lambda: load(3)),
        "no file": attempt(lambda: load("there is no such file.png")),
        "text": attempt(lambda: load(io.BytesIO(b"hello"))),
    }


@cases
def sizes(tf: Any, np: Any) -> Any:
    rgb = _numbers(np, 4, 6, 3)

    def load(size: Any, **options: Any) -> Any:
        return np.asarray(tf.keras.utils.load_img(_file(rgb), target_size=size, **options))

    methods = ["nearest", "bilinear", "bicubic", "hamming", "box", "lanczos"]
    result = {name: load((3, 4), interpolation=name) for name in methods}
    for size in [(3, 3), (2, 8), (8, 12), (7, 2), (1, 1)]:
        for method in ("nearest", "bilinear"):
            result[f"{size} {method}"] = load(size, interpolation=method, keep_aspect_ratio=True)
    return result | {
        "default": load((2, 9)),
        "same": load((4, 6), interpolation="unknown"),
        "unknown": attempt(lambda: load((3, 3), interpolation="area")),
        "capitals": attempt(lambda: load((3, 3), interpolation="NEAREST")),
    }


@cases
def arrays_of_images(tf: Any, np: Any) -> Any:
    from PIL import Image

    array = tf.keras.utils.img_to_array
    rgb = _numbers(np, 2, 3, 3)
    image, gray = Image.fromarray(rgb), Image.fromarray(rgb[..., 0])
    return {
        "plain": array(image),
        "channels first": array(image, data_format="channels_first"),
        "dtype": array(image, dtype="uint8"),
        "gray": array(gray),
        "gray channels first": array(gray, "channels_first"),
        "gray 16": array(Image.fromarray(rgb[..., 0].astype(np.uint16) * 257)),
        "gray and alpha": array(image.convert("LA")),
        "one bit": array(gray.convert("1", dither=0)),
        "array": array(rgb, "channels_first"),
        "flat array": array(rgb[..., 0].astype(np.float64)),
        "list": array([[1, 2], [3, 4]]),
        "layout": attempt(lambda: array(image, data_format="first")),
        "batch": attempt(lambda: array(rgb[None])),
        "line": attempt(lambda: array(rgb[0, 0])),
    }


@cases
def images_of_arrays(tf: Any, np: Any) -> Any:
    x = np.linspace(-1, 3, 24).reshape(2, 4, 3)
    steps = np.arange(24.0)

    def image(x: Any, *args: Any, **options: Any) -> Any:
        return _seen(np, tf.keras.utils.array_to_img(x, *args, **options))

    return {
        "plain": image(x),
        "not scaled": image(steps.reshape(2, 4, 3) * 9.7, scale=False),
        "channels first": image(steps.reshape(3, 2, 4), data_format="channels_first"),
        "gray": image(steps.reshape(4, 6, 1)),
        "gray not scaled": image(steps.reshape(4, 6, 1), scale=False),
        "gray beyond 255": image(steps.reshape(4, 6, 1) * 100, scale=False),
        "gray integers": image(np.arange(8).reshape(2, 4, 1) * 100, scale=False, dtype="int32"),
        "four channels": image(steps.reshape(2, 3, 4)),
        "all alike": image(np.full((2, 4, 3), 7.0)),
        "zeros": image(np.zeros((2, 4, 3))),
        "float16": image(x, dtype="float16"),
        "bytes": image(_numbers(np, 2, 3, 3)),
        "list": image([[[1.0, 2.0, 3.0]]]),
        "two channels": attempt(lambda: image(steps.reshape(3, 4, 2))),
        "flat": attempt(lambda: image(steps.reshape(4, 6))),
        "batch": attempt(lambda: image(x[None])),
        "layout": attempt(lambda: image(x, data_format="first")),
    }


@cases
def saving(tf: Any, np: Any) -> Any:
    def kept(x: Any, format: str, **options: Any) -> Any:
        from PIL import Image

        file = io.BytesIO()
        tf.keras.utils.save_img(file, x, file_format=format, **options)
        image = Image.open(io.BytesIO(file.getvalue()))
        return _seen(np, image) | {"format": image.format}

    x = np.linspace(-1, 3, 24).reshape(2, 4, 3)
    return {
        "png": kept(x, "png"),
        "not scaled": kept(_numbers(np, 2, 3, 3), "png", scale=False),
        "channels first": kept(np.moveaxis(x, -1, 0), "png", data_format="channels_first"),
        "gray": kept(x[..., :1], "png"),
        "four channels": kept(np.arange(24.0).reshape(2, 3, 4), "png"),
        "bmp": kept(x, "bmp"),
        "jpg": kept(x, "jpg")["format"],
        "jpeg": kept(x, "jpeg", quality=95)["format"],
        "jpeg of four channels": kept(np.arange(24.0).reshape(2, 3, 4), "jpg")["mode"],
    }


@cases
def smart_sizes(tf: Any, np: Any) -> Any:
    resize = tf.keras.preprocessing.image.smart_resize
    whole = _numbers(np, 4, 6, 3)
    x = whole.astype(np.float32)
    batch = np.stack([x, x[::-1]])
    first = np.ascontiguousarray(np.moveaxis(batch, -1, 1))
    result = {str(size): resize(x, size) for size in [(2, 2), (8, 4), (3, 6), (4, 6), (5, 1)]}
    for name in ("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5"):
        result[name] = resize(x, (2, 3), interpolation=name)
    kinds = {"array": resize(x, (2, 2)), "tensor": resize(tf.constant(x), (2, 2)), "list": resize(x.tolist(), (2, 2))}
    return result | {
        "integers": resize(whole, (2, 2)),
        "float64": resize(x.astype(np.float64), [2, 2]),
        "batch": resize(batch, (2, 2)),
        "channels first": resize(first, (2, 3), data_format="channels_first"),
        "one, channels first": resize(first[0], (2, 3), data_format="channels_first"),
        "argument of old": resize(x, (2, 2), backend_module=None),
        "kinds": {name: isinstance(found, np.ndarray) for name, found in kinds.items()},
        "flat": attempt(lambda: resize(x[..., 0], (2, 2))),
        "three sizes": attempt(lambda: resize(x, (2, 2, 2))),
        "unknown argument": attempt(lambda: resize(x, (2, 2), foo=1)),
        "unknown method": attempt(lambda: resize(x, (2, 2), interpolation="foo")),
        "layout": attempt(lambda: resize(x, (2, 2), data_format="first")),
    }
