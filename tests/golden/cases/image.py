"""Cases about tf.image: sizes, colours, intensities, likeness, boxes and files."""

from __future__ import annotations

import hashlib
from typing import Any

from ..support import Cases, attempt

cases = Cases()

METHODS = (
    "bilinear",
    "nearest",
    "bicubic",
    "area",
    "lanczos3",
    "lanczos5",
    "gaussian",
    "mitchellcubic",
)
DTYPES = ("uint8", "int16", "float32", "float64")


def _image(np: Any, height: int = 5, width: int = 6, channels: int = 3) -> Any:
    """Whole numbers from 0 to 255 without order."""
    numbers = np.arange(height * width * channels)
    return ((numbers * 73 + 19 * (numbers // 7)) % 256).reshape(height, width, channels)


def _floats(tf: Any, np: Any, *shape: int) -> Any:
    return tf.constant(_image(np, *shape) / 256.0, tf.float32)


def _bytes(tf: Any, np: Any, *shape: int) -> Any:
    return tf.constant(_image(np, *shape), tf.uint8)


def _batch(tf: Any, np: Any, *shape: int) -> Any:
    x = _floats(tf, np, *shape)
    return tf.stack([x, x[::-1] * 0.5 + 0.25])


for _method in METHODS:

    def _resized(tf: Any, np: Any, method: str = _method) -> Any:
        x, whole = _floats(tf, np), _bytes(tf, np)
        resize = tf.image.resize
        return {
            "up": resize(x, (7, 9), method),
            "down": resize(x, (2, 3), method),
            "antialias": resize(x, (2, 3), method, antialias=True),
            "antialias up": resize(x, (7, 9), method, antialias=True),
            "batch": resize(_batch(tf, np), (4, 4), method),
            "same": resize(x, (5, 6), method),
            "one": resize(x, (1, 1), method),
            "bytes": resize(whole, (4, 7), method),
            "double": resize(tf.cast(x, tf.float64), (3, 3), method),
            "half": resize(tf.cast(x, tf.float16), (3, 3), method),
            "aspect": [
                resize(x, size, method, preserve_aspect_ratio=True) for size in ((4, 20), (20, 4))
            ],
            "pad": tf.image.resize_with_pad(x, 7, 4, method),
            "pad bytes": tf.image.resize_with_pad(whole, 3, 8, method),
        }

    cases.add(f"resize_{_method}", _resized)


@cases
def resize_errors(tf: Any, np: Any) -> Any:
    x = _floats(tf, np)
    return [
        attempt(lambda size=size, method=method: tf.image.resize(x, size, method))
        for size, method in (
            ((0, 3), "bilinear"),
            ((3,), "bilinear"),
            ((3, 3), "linear"),
            ((2.5, 3), "bilinear"),
        )
    ] + [attempt(lambda: tf.image.resize(x[0], (3, 3)))]


@cases
def resize_method(tf: Any, np: Any) -> Any:
    names = sorted(n for n in vars(tf.image.ResizeMethod) if n.isupper())
    return {n: getattr(tf.image.ResizeMethod, n) for n in names}


@cases
def cropping(tf: Any, np: Any) -> Any:
    x, i = _batch(tf, np), tf.image
    one = x[0]
    return {
        "crop": [i.crop_to_bounding_box(v, 1, 2, 3, 2) for v in (x, one)],
        "pad": [i.pad_to_bounding_box(v, 1, 2, 7, 9) for v in (x, one)],
        "central": [i.central_crop(one, f) for f in (1.0, 0.7, 0.5, 0.1)],
        "central batch": i.central_crop(x, 0.5),
        "crop or pad": [i.resize_with_crop_or_pad(one, *s) for s in ((3, 4), (8, 9), (3, 9), (6, 5))],
        "tensors": i.crop_to_bounding_box(one, tf.constant(1), tf.constant(0), 2, tf.constant(3)),
        "patches": i.extract_patches(x, [1, 3, 2, 1], [1, 2, 1, 1], [1, 1, 2, 1], "SAME"),
    }


@cases
def volumes(tf: Any, np: Any) -> Any:
    x = tf.reshape(_floats(tf, np, 12, 4, 2), (1, 3, 4, 4, 2))
    return [
        tf.extract_volume_patches(x, [1, 2, 2, 3, 1], [1, 1, 2, 2, 1], padding)
        for padding in ("VALID", "SAME")
    ] + [attempt(lambda: tf.extract_volume_patches(x, [1, 2, 2, 3, 2], [1] * 5, "VALID"))]


@cases
def cropping_errors(tf: Any, np: Any) -> Any:
    x, i = _floats(tf, np), tf.image
    return [
        attempt(lambda: i.crop_to_bounding_box(x, -1, 0, 2, 2)),
        attempt(lambda: i.crop_to_bounding_box(x, 3, 0, 3, 2)),
        attempt(lambda: i.crop_to_bounding_box(x, 0, 0, 0, 2)),
        attempt(lambda: i.crop_to_bounding_box(x[0], 0, 0, 1, 1)),
        attempt(lambda: i.pad_to_bounding_box(x, 1, 0, 5, 6)),
        attempt(lambda: i.pad_to_bounding_box(x, 0, -1, 8, 8)),
        attempt(lambda: i.central_crop(x, 0.0)),
        attempt(lambda: i.central_crop(x, 1.5)),
        attempt(lambda: i.resize_with_crop_or_pad(x, 0, 3)),
        attempt(lambda: i.resize_with_pad(x, 3, -1)),
        attempt(lambda: i.extract_patches(x[None], [1, 9, 9, 1], [1, 1, 1, 1], [1, 1, 1, 1], "VALID")),
    ]


@cases
def flipping(tf: Any, np: Any) -> Any:
    x, i = _batch(tf, np, 3, 4, 2), tf.image
    return {
        "left_right": [i.flip_left_right(x), i.flip_left_right(x[0])],
        "up_down": [i.flip_up_down(x), i.flip_up_down(x[0])],
        "transpose": [i.transpose(x), i.transpose(x[0])],
        "rot90": [i.rot90(x[0], k) for k in (0, 1, 2, 3, 5, -1)] + [i.rot90(x)],
        "bytes": i.rot90(_bytes(tf, np, 2, 3, 1)),
        "errors": [
            attempt(lambda f=f: f(x[0, 0])) for f in (i.flip_left_right, i.flip_up_down, i.transpose, i.rot90)
        ],
    }


@cases
def conversion(tf: Any, np: Any) -> Any:
    names = ("uint8", "int8", "uint16", "int16", "int32", "float16", "float32", "float64")
    found: dict[str, Any] = {}
    for source in names:
        values = [0.0, 0.25, 0.5, 0.999, 1.0] if source.startswith("float") else [0, 1, 64, 127]
        x = tf.constant(values, source)
        for wanted in names:
            found[f"{source} to {wanted}"] = tf.image.convert_image_dtype(x, wanted)
    found["saturate"] = tf.image.convert_image_dtype([-0.5, 1.5], tf.uint8, saturate=True)
    found["negative"] = tf.image.convert_image_dtype(
        tf.constant([-5, 5], tf.int16), tf.uint8, saturate=True
    )
    return found


for _dtype in DTYPES:

    def _adjusted(tf: Any, np: Any, dtype: str = _dtype) -> Any:
        x = tf.cast(_image(np), dtype)
        x = x / tf.cast(256, dtype) if dtype.startswith("float") else x
        i = tf.image
        return {
            "brightness": [i.adjust_brightness(x, d) for d in (0.2, -0.2)],
            "contrast": [i.adjust_contrast(x, f) for f in (0.5, 2.0)],
            "gamma": [i.adjust_gamma(x, 2.2), i.adjust_gamma(x, 0.4, 2.0)],
            "hue": [i.adjust_hue(x, d) for d in (0.1, -0.4, 1.0)],
            "saturation": [i.adjust_saturation(x, f) for f in (0.0, 0.5, 3.0)],
            "standardization": i.per_image_standardization(x),
            "grayscale": i.rgb_to_grayscale(x),
            "rgb": i.grayscale_to_rgb(x[..., :1]),
        }

    # Narrow floats and integers meet in the middle of two of them.
    cases.add(f"adjusting_{_dtype}", _adjusted, rtol=2e-5, atol=2e-6)


@cases
def adjusting_batches(tf: Any, np: Any) -> Any:
    x, i = _batch(tf, np), tf.image
    return {
        "brightness": i.adjust_brightness(x, tf.constant(0.25)),
        "contrast": i.adjust_contrast(x, tf.constant(2.0)),
        "gamma": i.adjust_gamma(x, tf.constant(2.0), tf.constant(0.5)),
        "hue": i.adjust_hue(x - 0.5, 0.25),
        "saturation": i.adjust_saturation(x, tf.constant(0.5)),
        "standardization": i.per_image_standardization(x),
        "one color": i.per_image_standardization(tf.ones((2, 3, 1))),
        "errors": [
            attempt(lambda: i.adjust_gamma(x, -1.0)),
            attempt(lambda: i.adjust_hue(x, 1.5)),
            attempt(lambda: i.adjust_hue(x[..., :1], 0.5)),
            attempt(lambda: i.adjust_saturation(x[..., :2], 0.5)),
            attempt(lambda: i.adjust_contrast(x[0, 0], 0.5)),
            attempt(lambda: i.per_image_standardization(x[0, 0])),
            attempt(lambda: i.grayscale_to_rgb(x)),
            attempt(lambda: i.rgb_to_grayscale(x[..., :1])),
        ],
    }


@cases(rtol=2e-5, atol=2e-6)
def color_spaces(tf: Any, np: Any) -> Any:
    x, i = _floats(tf, np, 3, 4, 3), tf.image
    edges = tf.constant(
        [[0.0, 0, 0], [1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.5, 0.5, 0.2], [-1, 0.5, 0.25]]
    )
    return {
        "hsv": [i.rgb_to_hsv(x), i.rgb_to_hsv(edges), i.hsv_to_rgb(x), i.hsv_to_rgb(edges)],
        "yiq": [i.rgb_to_yiq(x), i.yiq_to_rgb(x)],
        "yuv": [i.rgb_to_yuv(x), i.yuv_to_rgb(x)],
        "grayscale": i.rgb_to_grayscale(edges),
        "errors": [
            attempt(lambda: i.rgb_to_hsv(tf.constant([[1, 2, 3]]))),
            attempt(lambda: i.rgb_to_yuv(tf.constant([[1, 2, 3]]))),
        ],
    }


@cases(rtol=1e-4, atol=1e-5)
def likeness(tf: Any, np: Any) -> Any:
    i = tf.image
    x = _batch(tf, np, 14, 16, 2)
    y = tf.clip_by_value(x * 0.9 + 0.02, 0.0, 1.0)
    one, two = (tf.cast(v * 255, tf.uint8) for v in (x, y))
    return {
        "psnr": [i.psnr(x, y, 1.0), i.psnr(x[0], y[0], 1.0), i.psnr(one, two, 255), i.psnr(x, y[:1], 1.0)],
        "equal": i.psnr(x, x, 1.0),
        "ssim": [i.ssim(x, y, 1.0), i.ssim(x[0], y[0], 1.0), i.ssim(one, two, 255)],
        "window": i.ssim(x, y, 1.0, filter_size=4, filter_sigma=0.8, k1=0.02, k2=0.05),
        "map": i.ssim(x, y, 1.0, return_index_map=True),
        "five dimensions": i.ssim(x[None], y[None], 1.0),
        "scales": i.ssim_multiscale(x, y, 1.0, power_factors=(0.5, 0.3), filter_size=5),
        "odd scales": i.ssim_multiscale(
            x[:, :13, :15], y[:, :13, :15], 1.0, power_factors=(0.5, 0.3, 0.2), filter_size=3
        ),
        "opposite": i.ssim_multiscale(x, 1 - x, 1.0, power_factors=(0.5, 0.3), filter_size=5),
        "total_variation": [
            *(i.total_variation(v) for v in (x, x[0], tf.constant(_image(np), tf.int32)))
        ],
        "gradients": list(i.image_gradients(x[:, :4, :4])),
        "sobel": i.sobel_edges(x[:, :4, :4]),
        "errors": [
            attempt(lambda: i.ssim(x[:, :5], y[:, :5], 1.0)),
            attempt(lambda: i.ssim_multiscale(x, y, 1.0)),
            attempt(lambda: i.psnr(x, y[:, :3], 1.0)),
            attempt(lambda: i.total_variation(x[0, 0])),
            attempt(lambda: i.image_gradients(x[0])),
            attempt(lambda: i.sobel_edges(x[0])),
        ],
    }


BOXES = (
    (0.1, 0.1, 0.6, 0.7),
    (0.0, 0.0, 1.0, 1.0),
    (-0.5, -0.2, 0.5, 0.5),
    (0.2, 0.2, 0.2, 0.2),
    (0.6, 0.1, 0.2, 0.7),
    (0.49, 0.3, 0.51, 1.4),
    (-0.05, 0.2, 0.4, 0.9),
)


@cases
def drawing(tf: Any, np: Any) -> Any:
    x, draw = tf.zeros((1, 6, 8, 3)), tf.image.draw_bounding_boxes
    return {
        "boxes": [draw(x, [[box]], [[1.0, 0.5, 0.25]]) for box in BOXES],
        "many": draw(x, [BOXES], [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
        "own colors": draw(tf.zeros((1, 12, 4, 3)), [[[i / 11, 0.0, i / 11, 1.0] for i in range(12)]], None),
        "gray": [draw(x[..., :1], [BOXES[:2]], c) for c in (None, [[0.5, 0.2, 0.1]])],
        "opacity": draw(tf.zeros((1, 4, 4, 4)), [BOXES[:1]], [[0.1, 0.2, 0.3, 0.4]]),
        "none": draw(x, tf.zeros((1, 0, 4)), [[1.0, 0.0, 0.0]]),
        "errors": [
            attempt(lambda: draw(x[0], [BOXES], [[1.0, 0.0, 0.0]])),
            attempt(lambda: draw(x, [BOXES, BOXES], [[1.0, 0.0, 0.0]])),
            attempt(lambda: draw(x, [BOXES], [[1.0, 0.0]])),
        ],
    }


@cases
def cutting(tf: Any, np: Any) -> Any:
    x, cut = _batch(tf, np, 5, 6, 1), tf.image.crop_and_resize
    boxes = [[0.0, 0, 1, 1], [0.1, 0.2, 0.7, 0.9], [0.9, 0.8, 0.1, 0.2], [-0.2, 0, 1.2, 1], [0.5] * 4]
    found: dict[str, Any] = {
        f"{method} {size}": cut(x, boxes, [0, 1, 0, 1, 1], size, method, extrapolation_value=-1.0)
        for method in ("bilinear", "nearest")
        for size in ((3, 4), (1, 1), (5, 6))
    }
    found["bytes"] = cut(_bytes(tf, np)[None], boxes[1:2], [0], (2, 2))
    found["none"] = cut(x, tf.zeros((0, 4)), tf.zeros((0,), tf.int32), (2, 2))
    # No pixel of these comes from exactly one other: there the slope is undefined.
    points = tf.constant([[0.03, 0.01, 0.93, 0.97], [0.13, 0.22, 0.71, 0.93], [0.91, 0.83, 0.12, 0.23]])
    with tf.GradientTape() as tape:
        tape.watch([x, points])
        total = tf.reduce_sum(cut(x, points, [0, 1, 1], (3, 4)) ** 2)
    found["gradient"] = tape.gradient(total, [x, points])
    found["errors"] = [
        attempt(lambda: cut(x, boxes[:1], [2], (2, 2))),
        attempt(lambda: cut(x, boxes[:1], [-1], (2, 2))),
        attempt(lambda: cut(x, boxes[:1], [0, 1], (2, 2))),
        attempt(lambda: cut(x, boxes[:1], [0], (0, 2))),
        attempt(lambda: cut(x, boxes[:1], [0], (2, 2), "bicubic")),
    ]
    return found


@cases
def glimpses(tf: Any, np: Any) -> Any:
    x = _batch(tf, np, 5, 6, 1)[:1]
    found = {
        f"{centered} {normalized}": [
            tf.image.extract_glimpse(
                x, (3, 4), [place], centered=centered, normalized=normalized, noise="zero"
            )
            for place in ([0.0, 0.0], [1.0, 1.0], [-1.0, -1.0], [0.5, 0.25], [3.0, 4.0])
        ]
        for centered in (True, False)
        for normalized in (True, False)
    }
    found["large"] = tf.image.extract_glimpse(x, (8, 9), [[0.0, 0.0]], noise="zero")
    found["errors"] = [
        attempt(lambda: tf.image.extract_glimpse(x, (3, 4), [[0.0, 0.0]], noise="loud")),
        attempt(lambda: tf.image.extract_glimpse(x, (3, 4), [[0.0, 0.0]] * 2)),
    ]
    return found


CORNERS = [
    [0.0, 0.0, 1.0, 1.0],
    [0.0, 0.1, 1.0, 1.1],
    [0.0, -0.1, 1.0, 0.9],
    [0.0, 10.0, 1.0, 11.0],
    [0.0, 10.1, 1.0, 11.1],
    [0.0, 100.0, 1.0, 101.0],
]
SCORES = [0.9, 0.75, 0.6, 0.95, 0.5, 0.3]


@cases
def suppression(tf: Any, np: Any) -> Any:
    i, one = tf.image, tf.image.non_max_suppression
    turned = [[1.0, 1.0, 0.0, 0.0], *CORNERS[1:3], [0.0, 11.0, 1.0, 10.0], *CORNERS[4:]]
    table = np.array([[1.0, 0.9, 0.2], [0.9, 1.0, 0.4], [0.2, 0.4, 1.0]], "float32")
    inf = float("inf")
    return {
        "sizes": [one(CORNERS, SCORES, n) for n in (0, 2, 3, 30)],
        "thresholds": [one(CORNERS, SCORES, 6, iou_threshold=t) for t in (0.0, 0.3, 1.0)],
        "scores": [one(CORNERS, SCORES, 6, score_threshold=t) for t in (0.5, 0.7, 2.0)],
        "turned": one(turned, SCORES, 6),
        "no area": one([[0.0] * 4] * 2 + [[0.0, 0.0, 1.0, 1.0]], [0.9, 0.8, 0.7], 3),
        "equal scores": one([*CORNERS[:1] * 2, *CORNERS[3:]], [0.5] * 5, 5, 0.9),
        "special scores": one(CORNERS, [0.9, -inf, 0.6, inf, float("nan"), 0.3], 6, 1.0),
        "none": one(tf.zeros((0, 4)), tf.zeros((0,)), 3),
        "half": one(tf.cast(CORNERS, tf.float16), tf.cast(SCORES, tf.float16), 6),
        "with scores": [
            list(i.non_max_suppression_with_scores(CORNERS, SCORES, 6, *a))
            for a in ((), (0.5, -inf, 0.5), (0.5, 0.3, 0.5), (0.3, -inf, 0.5), (1.0, -inf, 0.1))
        ],
        "overlaps": [
            i.non_max_suppression_overlaps(table, [0.5, 0.6, 0.7], 3, *a)
            for a in ((), (0.3,), (0.95,), (0.5, 0.55))
        ],
        "errors": [
            attempt(lambda: one(CORNERS, SCORES, -1)),
            attempt(lambda: one(CORNERS, SCORES, 3, iou_threshold=1.5)),
            attempt(lambda: one(CORNERS, SCORES[:3], 3)),
            attempt(lambda: i.non_max_suppression_with_scores(CORNERS, SCORES, 6, soft_nms_sigma=-1.0)),
        ],
    }


@cases
def suppression_padded(tf: Any, np: Any) -> Any:
    run = tf.image.non_max_suppression_padded
    boxes, scores = tf.constant(CORNERS), tf.constant(SCORES)
    many, values = tf.stack([boxes, boxes[::-1]]), tf.stack([scores, scores])
    order = tf.argsort(scores, direction="DESCENDING")
    return {
        "padded": [list(run(boxes, scores, n, pad_to_max_output_size=True)) for n in (2, 3, 8)],
        "not padded": [list(run(boxes, scores, 8)), list(run(boxes, scores, 8, score_threshold=0.55))],
        "batch": list(run(many, values, 5, pad_to_max_output_size=True)),
        "five dimensions": list(run(many[None], values[None], 5, pad_to_max_output_size=True)),
        "threshold": list(run(many, values, 5, 0.9, 0.4, pad_to_max_output_size=True)),
        "sorted": list(
            run(
                tf.gather(boxes, order),
                tf.gather(scores, order),
                5,
                pad_to_max_output_size=True,
                sorted_input=True,
                canonicalized_coordinates=True,
            )
        ),
        "tiles": list(run(boxes, scores, 5, pad_to_max_output_size=True, tile_size=2)),
        "error": attempt(lambda: run(many, values, 5)),
    }


@cases
def suppression_combined(tf: Any, np: Any) -> Any:
    run = tf.image.combined_non_max_suppression
    boxes = np.array(CORNERS, "float32")[None, :, None] / np.array([1, 101, 1, 101], "float32")
    scores = np.stack([SCORES, SCORES[::-1], [0.1, 0.2, 0.3, 0.4, 0.45, 0.6]], -1)[None]
    scores = scores.astype("float32")
    both = np.concatenate([boxes, boxes * 0.5]), np.concatenate([scores, scores[:, ::-1]])
    return {
        "default": list(run(boxes, scores, 3, 5)),
        "per class": [list(run(boxes, scores, 2, n, pad_per_class=True)) for n in (4, 100)],
        "score": list(run(boxes, scores, 3, 9, score_threshold=0.55)),
        "overlap": list(run(boxes, scores, 3, 9, iou_threshold=0.9)),
        "not clipped": list(run(boxes * 2, scores, 3, 5, clip_boxes=False)),
        "clipped": list(run(boxes * 2, scores, 3, 5)),
        "own boxes": list(run(np.tile(boxes, (1, 1, 3, 1)), scores, 2, 4)),
        "batch": list(run(*both, 2, 4)),
        "names": list(run(boxes, scores, 3, 5)._fields),
        "error": attempt(lambda: run(np.tile(boxes, (1, 1, 2, 1)), scores, 2, 4)),
    }


def _digest(contents: Any) -> str:
    """What tells files apart."""
    return hashlib.sha256(contents.numpy()).hexdigest()


@cases
def jpeg(tf: Any, np: Any) -> Any:
    x, io = _bytes(tf, np, 21, 26, 3), tf.io
    grey = x[..., :1]
    smooth = tf.constant(np.add.outer(np.arange(21) * 5, np.arange(26) * 4)[..., None] % 256, tf.uint8)
    color = tf.concat([smooth, 255 - smooth, smooth // 2], -1)
    contents = io.encode_jpeg(color)
    whole = contents.numpy()
    accurate = {"dct_method": "INTEGER_ACCURATE"}
    return {
        "bytes": [_digest(io.encode_jpeg(color, quality=q)) for q in (0, 30, 95, 100)],
        "grey bytes": _digest(io.encode_jpeg(smooth)),
        "progressive": _digest(io.encode_jpeg(color, progressive=True)),
        "optimized": _digest(io.encode_jpeg(color, optimize_size=True)),
        "full color": _digest(io.encode_jpeg(x, chroma_downsampling=False)),
        "density": _digest(io.encode_jpeg(grey, density_unit="cm", x_density=7, y_density=9)),
        "text": _digest(io.encode_jpeg(grey, xmp_metadata="<x/>")),
        "pixels": io.decode_jpeg(contents, **accurate),
        "channels": [io.decode_jpeg(contents, channels=c, **accurate) for c in (0, 1, 3)],
        "grey": [io.decode_jpeg(io.encode_jpeg(smooth), channels=c, **accurate) for c in (0, 1, 3)],
        "smaller": [io.decode_jpeg(contents, ratio=r, **accurate) for r in (2, 4, 8)],
        "part": io.decode_and_crop_jpeg(contents, [3, 5, 9, 7], **accurate),
        "image": io.decode_image(contents, dtype=tf.uint8).shape.as_list(),
        "shape": [io.extract_jpeg_shape(contents), io.extract_jpeg_shape(contents, tf.int64)],
        "is": [io.is_jpeg(contents), io.is_jpeg(b"hello")],
        "quality": tf.image.adjust_jpeg_quality(color, 40, **accurate),
        "quality of floats": tf.image.adjust_jpeg_quality(
            tf.cast(color, tf.float32) / 255.0, 80, **accurate
        ),
        "errors": [
            attempt(lambda: io.decode_jpeg(b"")),
            attempt(lambda: io.decode_jpeg(b"hello")),
            attempt(lambda: io.decode_jpeg(whole[:200])),
            attempt(lambda: io.decode_jpeg(whole[:-40])),
            attempt(lambda: io.decode_jpeg(contents, channels=4)),
            attempt(lambda: io.decode_jpeg(contents, ratio=3)),
            attempt(lambda: io.decode_jpeg(contents, dct_method="SLOW")),
            attempt(lambda: io.decode_and_crop_jpeg(contents, [0, 0, 22, 3])),
            attempt(lambda: io.extract_jpeg_shape(b"hello")),
            attempt(lambda: io.encode_jpeg(x, quality=101)),
            attempt(lambda: io.encode_jpeg(x, format="grayscale")),
            attempt(lambda: io.encode_jpeg(x[..., :2])),
            attempt(lambda: io.encode_jpeg(x[0])),
        ],
    }


@cases
def jpeg_fast(tf: Any, np: Any) -> Any:
    x = _bytes(tf, np, 21, 26, 3)
    contents = tf.io.encode_jpeg(x)
    return {
        "default": tf.io.decode_jpeg(contents),
        "fast": tf.io.decode_jpeg(contents, dct_method="INTEGER_FAST"),
        "plain": tf.io.decode_jpeg(contents, fancy_upscaling=False),
        "smaller": tf.io.decode_jpeg(contents, ratio=2),
        "quality": tf.image.adjust_jpeg_quality(x, 40),
    }


@cases
def png(tf: Any, np: Any) -> Any:
    x, io = _bytes(tf, np, 3, 5, 4), tf.io
    wide = tf.cast(x, tf.uint16) * 257 - tf.cast(x, tf.uint16) // 3
    found: dict[str, Any] = {}
    for name, pixels in (("bytes", x), ("wide", wide)):
        for count in (1, 2, 3, 4):
            contents = io.encode_png(pixels[..., :count])
            for wanted in (0, 1, 3, 4):
                found[f"{name} {count} as {wanted}"] = [
                    io.decode_png(contents, wanted, dtype) for dtype in (tf.uint8, tf.uint16)
                ]
    contents = io.encode_png(x[..., :3])
    found["image"] = [io.decode_image(contents, dtype=d) for d in (tf.uint8, tf.uint16, tf.float32)]
    found["wide image"] = io.decode_image(io.encode_png(wide[..., :3]), dtype=tf.float32)
    found["as animation"] = io.decode_gif(contents)
    found["batch"] = io.encode_png(tf.stack([x, x])).shape.as_list()
    found["errors"] = [
        attempt(lambda: io.decode_png(contents.numpy()[:-20])),
        attempt(lambda: io.decode_png(contents, channels=2)),
        attempt(lambda: io.decode_bmp(contents)),
        attempt(lambda: io.encode_png(x, compression=10)),
        attempt(lambda: io.encode_png(x[0])),
        attempt(lambda: io.decode_image(b"II*\x00" + b"\x00" * 40)),
    ]
    return found


def _bmp(np: Any, pixels: Any, down: bool = False) -> bytes:
    """A BMP file, written by hand."""
    height, width, count = pixels.shape
    order = [2, 1, 0, 3][:count] if count > 1 else [0]
    rows = pixels[..., order] if down else pixels[::-1][..., order]
    lines = b"".join(r.tobytes() + b"\x00" * (-r.size % 4) for r in rows)
    table = np.repeat(np.arange(256, dtype="uint8")[:, None], 4, 1).tobytes() if count == 1 else b""
    start = 54 + len(table)
    head = [b"BM", start + len(lines), 0, start, 40, width, -height if down else height]
    out = head[0] + b"".join(n.to_bytes(4, "little", signed=True) for n in head[1:])
    out += (1).to_bytes(2, "little") + (8 * count).to_bytes(2, "little") + b"\x00" * 24
    return out + table + lines


@cases
def bmp(tf: Any, np: Any) -> Any:
    x, io = _image(np, 5, 7, 4).astype("uint8"), tf.io
    found: dict[str, Any] = {
        f"{count} as {wanted}": io.decode_bmp(_bmp(np, x[..., :count]), wanted)
        for count in (1, 3, 4)
        for wanted in (0, 3, 4)
    }
    found["from the top"] = io.decode_bmp(_bmp(np, x[..., :3], down=True))
    found["image"] = [
        io.decode_image(_bmp(np, x[..., :3]), dtype=d) for d in (tf.uint8, tf.uint16, tf.float32)
    ]
    found["errors"] = [
        attempt(lambda: io.decode_bmp(_bmp(np, x[..., :3])[:-9])),
        attempt(lambda: io.decode_bmp(b"BM" + b"\x00" * 20)),
        attempt(lambda: io.decode_bmp(_bmp(np, x[..., :3]), channels=1)),
        attempt(lambda: io.decode_png(_bmp(np, x[..., :3]))),
    ]
    return found


@cases
def files(tf: Any, np: Any) -> Any:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        tf.io.write_file(f"{folder}/a/b.bin", b"x\x00y")
        tf.io.write_file(tf.constant(f"{folder}/c.bin"), tf.constant(b"z"))
        return {
            "read": [tf.io.read_file(f"{folder}/{n}") for n in ("a/b.bin", "c.bin")],
            "errors": [
                attempt(lambda n=n: tf.io.read_file(f"{folder}/{n}")) for n in ("none", "a")
            ],
        }
