"""Convolutions and pooling, forward and gradients, on small random integers.

Inputs come from `numpy.random.RandomState`, whose stream NumPy has frozen (NEP 19).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..support import Cases, attempt

cases = Cases()


def _ints(np: Any, seed: int, shape: tuple[int, ...]) -> Any:
    return np.random.RandomState(seed).randint(-3, 4, shape).astype(np.float32)


def _both_ways(tf: Any, np: Any, program: Callable[..., Any], *arrays: Any) -> Any:
    """The result and the gradients under an uneven cotangent."""
    xs = [tf.constant(a) for a in arrays]
    with tf.GradientTape() as tape:
        tape.watch(xs)
        y = program(tf, *xs)
    weights = tf.constant(_ints(np, 99, tuple(y.shape)))
    return {"value": y, "grads": tape.gradient(y, xs, output_gradients=weights)}


def _add(
    name: str,
    program: Callable[..., Any],
    *shapes: tuple[int, ...],
    composed: Callable[..., Any] | None = None,
) -> None:
    """Add a case. `composed` is the same function from parts that TensorFlow can differentiate.

    TensorFlow's CPU kernels have no gradient of a dilated or grouped convolution: its record then
    holds the gradient of `composed`, while an implementation that has the gradient shows its own.
    """

    def body(tf: Any, np: Any) -> Any:
        arrays = [_ints(np, 10 + i, s) for i, s in enumerate(shapes)]
        try:
            return _both_ways(tf, np, program, *arrays)
        except tf.errors.InvalidArgumentError:
            if composed is None:
                raise
            result = _both_ways(tf, np, composed, *arrays)
            result["value"] = program(tf, *[tf.constant(a) for a in arrays])
            return result

    cases.add(name, body, rtol=1e-5, atol=1e-4)


def _grouped(tf: Any, x: Any, k: Any, padding: str) -> Any:
    """A grouped convolution from one convolution per group."""
    groups = x.shape[-1] // k.shape[2]
    parts = zip(tf.split(x, groups, 3), tf.split(k, groups, 3), strict=True)
    return tf.concat([tf.nn.conv2d(a, b, 1, padding) for a, b in parts], 3)


def _dilated(tf: Any, x: Any, k: Any, padding: str, rate: int | tuple[int, int]) -> Any:
    """A dilated convolution by `tf.nn.convolution`, which differentiates it."""
    rank = len(x.shape) - 2
    return tf.nn.convolution(
        x, k, padding=padding, dilations=[rate] * rank if isinstance(rate, int) else list(rate)
    )


# --- 1-D

for _padding in ("SAME", "VALID"):
    for _size, _kernel, _stride, _rate in [
        (7, 3, 1, 1),
        (7, 2, 1, 1),
        (8, 3, 2, 1),
        (7, 3, 3, 1),
        (9, 4, 2, 1),
        (9, 3, 1, 2),
    ]:
        _add(
            f"conv1d_{_padding}_n{_size}_k{_kernel}_s{_stride}_d{_rate}",
            lambda tf, x, k, p=_padding, s=_stride, r=_rate: tf.nn.conv1d(x, k, s, p, dilations=r),
            (2, _size, 2),
            (_kernel, 2, 3),
            composed=lambda tf, x, k, p=_padding, r=_rate: _dilated(tf, x, k, p, r),
        )

# --- 2-D

CONV2D = [
    ((1, 5, 5, 1), (3, 3, 1, 1), 1, 1),
    ((1, 5, 5, 1), (2, 2, 1, 1), 1, 1),
    ((2, 6, 5, 2), (3, 3, 2, 3), 2, 1),
    ((1, 7, 7, 1), (4, 4, 1, 2), 2, 1),
    ((1, 7, 6, 1), (3, 2, 1, 2), (2, 3), 1),
    ((1, 7, 7, 2), (3, 3, 2, 1), 1, 2),
    ((1, 9, 8, 1), (2, 3, 1, 1), 1, (2, 3)),
    ((1, 4, 4, 2), (1, 1, 2, 3), 1, 1),
    ((1, 5, 5, 2), (1, 1, 2, 1), 2, 1),
    ((1, 3, 3, 1), (5, 5, 1, 1), 1, 1),
    ((1, 6, 6, 4), (3, 3, 2, 4), 1, 1),
]
for _padding in ("SAME", "VALID"):
    for _i, (_x, _k, _s, _d) in enumerate(CONV2D):
        if _padding == "VALID" and _k[0] > _x[1]:
            continue
        _add(
            f"conv2d_{_padding}_{_i}_x{'x'.join(map(str, _x))}_k{'x'.join(map(str, _k))}_s{_s}_d{_d}".replace(
                " ", ""
            ),
            lambda tf, x, k, p=_padding, s=_s, d=_d: tf.nn.conv2d(x, k, s, p, dilations=d),
            _x,
            _k,
            composed=(
                (lambda tf, x, k, p=_padding: _grouped(tf, x, k, p))
                if _x[3] != _k[2]
                else (lambda tf, x, k, p=_padding, d=_d: _dilated(tf, x, k, p, d))
            ),
        )
_add(
    "conv2d_explicit_padding",
    lambda tf, x, k: tf.nn.conv2d(x, k, 1, [[0, 0], [1, 0], [2, 1], [0, 0]]),
    (1, 4, 4, 1),
    (3, 3, 1, 1),
)
_add(
    "conv2d_bias_add",
    lambda tf, x, k, b: tf.nn.bias_add(tf.nn.conv2d(x, k, 1, "SAME"), b),
    (1, 3, 3, 1),
    (2, 2, 1, 2),
    (2,),
)
_add(
    "conv2d_full_strides",
    lambda tf, x, k: tf.nn.conv2d(x, k, [1, 2, 1, 1], "SAME"),
    (1, 4, 4, 1),
    (3, 3, 1, 1),
)
_add(
    "convolution_2d",
    lambda tf, x, k: tf.nn.convolution(x, k, padding="SAME", dilations=[2, 1]),
    (1, 5, 5, 1),
    (3, 3, 1, 1),
)
_add(
    "convolution_1d",
    lambda tf, x, k: tf.nn.convolution(x, k, strides=2, padding="VALID"),
    (1, 6, 2),
    (3, 2, 1),
)
_add(
    "atrous_conv2d",
    lambda tf, x, k: tf.nn.atrous_conv2d(x, k, 2, "SAME"),
    (1, 6, 6, 1),
    (3, 3, 1, 1),
)

# --- depthwise and separable

for _padding in ("SAME", "VALID"):
    for _i, (_x, _k, _s, _d) in enumerate(
        [
            ((1, 5, 5, 2), (3, 3, 2, 1), 1, 1),
            ((1, 5, 6, 2), (2, 2, 2, 2), 1, 1),
            ((1, 7, 7, 3), (3, 3, 3, 2), 2, 1),
            ((1, 7, 7, 2), (3, 3, 2, 1), 1, 2),
        ]
    ):
        _add(
            f"depthwise_{_padding}_{_i}_s{_s}_d{_d}",
            lambda tf, x, k, p=_padding, s=_s, d=_d: tf.nn.depthwise_conv2d(
                x, k, [1, s, s, 1], p, dilations=[d, d]
            ),
            _x,
            _k,
        )
    _add(
        f"separable_{_padding}",
        lambda tf, x, d, p, pad=_padding: tf.nn.separable_conv2d(x, d, p, [1, 1, 1, 1], pad),
        (1, 5, 5, 2),
        (3, 3, 2, 2),
        (1, 1, 4, 3),
    )

# --- transposed

for _padding, _size in [("SAME", 8), ("SAME", 7), ("VALID", 9), ("VALID", 10)]:
    _add(
        f"conv1d_transpose_{_padding}_{_size}",
        lambda tf, x, k, p=_padding, n=_size: tf.nn.conv1d_transpose(x, k, [1, n, 2], 2, p),
        (1, 4, 3),
        (3, 2, 3),
    )
for _padding, _k, _s, _shape in [
    ("SAME", 3, 2, (6, 8)),
    ("SAME", 3, 2, (5, 7)),
    ("SAME", 2, 2, (6, 8)),
    ("SAME", 4, 2, (6, 8)),
    ("SAME", 3, 1, (3, 4)),
    ("VALID", 3, 2, (7, 9)),
    ("VALID", 2, 3, (8, 11)),
]:
    _add(
        f"conv2d_transpose_{_padding}_k{_k}_s{_s}_{_shape[0]}x{_shape[1]}",
        lambda tf, x, k, p=_padding, s=_s, o=_shape: tf.nn.conv2d_transpose(x, k, [1, *o, 2], s, p),
        (1, 3, 4, 3),
        (_k, _k, 2, 3),
    )
for _padding, _n in [("SAME", 4), ("VALID", 5)]:
    _add(
        f"conv3d_transpose_{_padding}",
        lambda tf, x, k, p=_padding, n=_n: tf.nn.conv3d_transpose(
            x, k, [1, n, n, n, 1], [1, 2, 2, 2, 1], p
        ),
        (1, 2, 2, 2, 2),
        (3, 3, 3, 1, 2),
    )

# --- 3-D

for _padding in ("SAME", "VALID"):
    _add(
        f"conv3d_{_padding}_s1",
        lambda tf, x, k, p=_padding: tf.nn.conv3d(x, k, [1, 1, 1, 1, 1], p),
        (1, 3, 4, 3, 2),
        (2, 3, 2, 2, 1),
    )
    _add(
        f"conv3d_{_padding}_s2",
        lambda tf, x, k, p=_padding: tf.nn.conv3d(x, k, [1, 2, 2, 2, 1], p),
        (1, 4, 5, 4, 1),
        (3, 3, 3, 1, 1),
    )

# --- pooling

for _padding in ("SAME", "VALID"):
    for _n, _k, _s in [(5, 2, 2), (5, 3, 1), (6, 3, 2), (7, 2, 3), (5, 4, 2)]:
        _add(
            f"max_pool2d_{_padding}_n{_n}_k{_k}_s{_s}",
            lambda tf, x, p=_padding, k=_k, s=_s: tf.nn.max_pool2d(x, k, s, p),
            (1, _n, _n, 2),
        )
        _add(
            f"avg_pool2d_{_padding}_n{_n}_k{_k}_s{_s}",
            lambda tf, x, p=_padding, k=_k, s=_s: tf.nn.avg_pool2d(x, k, s, p),
            (1, _n, _n, 2),
        )
    _add(
        f"max_pool1d_{_padding}", lambda tf, x, p=_padding: tf.nn.max_pool1d(x, 3, 2, p), (2, 6, 2)
    )
    _add(
        f"avg_pool1d_{_padding}", lambda tf, x, p=_padding: tf.nn.avg_pool1d(x, 3, 2, p), (2, 6, 2)
    )
    _add(
        f"max_pool3d_{_padding}",
        lambda tf, x, p=_padding: tf.nn.max_pool3d(x, 2, 2, p),
        (1, 3, 4, 3, 1),
    )
    _add(
        f"avg_pool3d_{_padding}",
        lambda tf, x, p=_padding: tf.nn.avg_pool3d(x, 2, 2, p),
        (1, 3, 4, 3, 1),
    )
    _add(
        f"max_pool_rectangular_{_padding}",
        lambda tf, x, p=_padding: tf.nn.max_pool2d(x, [2, 3], [1, 2], p),
        (1, 5, 6, 1),
    )
    _add(
        f"dilation2d_{_padding}",
        lambda tf, x, k, p=_padding: tf.nn.dilation2d(x, k, [1, 1, 1, 1], p, "NHWC", [1, 1, 1, 1]),
        (1, 4, 4, 1),
        (2, 2, 1),
    )
    _add(
        f"erosion2d_{_padding}",
        lambda tf, x, k, p=_padding: tf.nn.erosion2d(x, k, [1, 1, 1, 1], p, "NHWC", [1, 1, 1, 1]),
        (1, 4, 4, 1),
        (2, 2, 1),
    )
    _add(
        f"pool_max_{_padding}",
        lambda tf, x, p=_padding: tf.nn.pool(x, [2, 2], "MAX", [2, 2], p),
        (1, 5, 5, 1),
    )
    _add(
        f"pool_avg_{_padding}",
        lambda tf, x, p=_padding: tf.nn.pool(x, [3], "AVG", [1], p),
        (1, 5, 2),
    )
_add("max_pool_of_ties", lambda tf, x: tf.nn.max_pool2d(x * 0.0, 2, 2, "SAME"), (1, 4, 4, 1))
_add(
    "max_pool_of_overlapping_ties",
    lambda tf, x: tf.nn.max_pool2d(tf.round(x / 4.0), 3, 1, "SAME"),
    (1, 4, 4, 1),
)
_add(
    "max_pool_all_negative_SAME",
    lambda tf, x: tf.nn.max_pool2d(x - 10.0, 3, 2, "SAME"),
    (1, 4, 4, 1),
)
_add(
    "max_pool_explicit",
    lambda tf, x: tf.nn.max_pool2d(x, 2, 2, [[0, 0], [1, 0], [0, 1], [0, 0]]),
    (1, 5, 5, 1),
)


@cases
def max_pool_with_argmax(tf: Any, np: Any) -> Any:
    x = tf.constant(_ints(np, 3, (2, 4, 4, 2)))
    y, i = tf.nn.max_pool_with_argmax(x, 2, 2, "SAME")
    z, j = tf.nn.max_pool_with_argmax(x, 2, 2, "VALID", include_batch_in_index=True)
    return [y, i, z, j]


@cases
def max_pool_of_nan(tf: Any, np: Any) -> Any:
    x = tf.constant([[1.0, float("nan")], [2.0, 3.0]])[None, :, :, None]
    return [tf.nn.max_pool2d(x, 1, 1, "SAME"), tf.nn.avg_pool2d(x, 2, 2, "SAME")]


@cases
def integer_pooling_and_dtypes(tf: Any, np: Any) -> Any:
    x = tf.reshape(tf.range(16), (1, 4, 4, 1))
    k = tf.ones((2, 2, 1, 1))
    return {
        "max int": attempt(lambda: tf.nn.max_pool2d(x, 2, 2, "VALID")),
        "avg int": attempt(lambda: tf.nn.avg_pool2d(x, 2, 2, "VALID")),
        "conv int": attempt(lambda: tf.nn.conv2d(x, tf.ones((2, 2, 1, 1), tf.int32), 1, "VALID")),
        "conv half": tf.nn.conv2d(tf.cast(x, tf.float16), tf.cast(k, tf.float16), 1, "VALID"),
        "conv bfloat16": tf.nn.conv2d(tf.cast(x, tf.bfloat16), tf.cast(k, tf.bfloat16), 1, "VALID"),
        "conv double": tf.nn.conv2d(tf.cast(x, tf.float64), tf.cast(k, tf.float64), 1, "VALID"),
        "conv mixed": attempt(lambda: tf.nn.conv2d(tf.cast(x, tf.float64), k, 1, "VALID")),
        "conv list": attempt(lambda: tf.nn.conv2d([[[[1.0]]]], [[[[2.0]]]], 1, "SAME")),
    }


@cases
def errors(tf: Any, np: Any) -> Any:
    x, k = tf.ones((1, 4, 4, 2)), tf.ones((3, 3, 2, 1))
    return {
        "channels": attempt(lambda: tf.nn.conv2d(x, tf.ones((3, 3, 3, 1)), 1, "SAME")),
        "padding name": attempt(lambda: tf.nn.conv2d(x, k, 1, "FULL")),
        "lower case padding": attempt(lambda: tf.nn.conv2d(x, k, 1, "same")),
        "kernel too large": attempt(lambda: tf.nn.conv2d(x, tf.ones((5, 5, 2, 1)), 1, "VALID")),
        "rank": attempt(lambda: tf.nn.conv2d(tf.ones((4, 4)), k, 1, "SAME")),
        "kernel rank": attempt(lambda: tf.nn.conv2d(x, tf.ones((3, 3, 2)), 1, "SAME")),
        "strides length": attempt(lambda: tf.nn.conv2d(x, k, [1, 1, 1], "SAME")),
        "zero stride": attempt(lambda: tf.nn.conv2d(x, k, 0, "SAME")),
        "batch stride": attempt(lambda: tf.nn.conv2d(x, k, [2, 1, 1, 1], "SAME")),
        "pool rank": attempt(lambda: tf.nn.max_pool2d(tf.ones((4, 4)), 2, 2, "SAME")),
        "pool too large": attempt(lambda: tf.nn.max_pool2d(x, 5, 1, "VALID")),
        "transpose shape": attempt(
            lambda: tf.nn.conv2d_transpose(x, tf.ones((3, 3, 1, 2)), [1, 20, 20, 1], 2, "SAME")
        ),
        "data_format": attempt(lambda: tf.nn.conv2d(x, k, 1, "SAME", data_format="HWCN")),
        "empty batch": attempt(lambda: tf.nn.conv2d(tf.ones((0, 4, 4, 2)), k, 1, "SAME")),
    }


@cases
def keras_layers_forward(tf: Any, np: Any) -> Any:
    """Keras' layers with ones as kernels: output shapes and values with their padding rules."""
    layers = tf.keras.layers
    x1, x2 = tf.constant(_ints(np, 5, (1, 7, 2))), tf.constant(_ints(np, 6, (1, 6, 7, 2)))
    o = {"kernel_initializer": "ones"}
    d = {"depthwise_initializer": "ones"}
    programs = {
        "conv1d causal": lambda: layers.Conv1D(1, 3, padding="causal", **o)(x1),
        "conv1d causal dilated": lambda: layers.Conv1D(
            1, 2, padding="causal", dilation_rate=2, **o
        )(x1),
        "conv2d same strides": lambda: layers.Conv2D(1, 3, strides=2, padding="same", **o)(x2),
        "conv2d valid": lambda: layers.Conv2D(1, (2, 3), **o)(x2),
        "conv2d groups": lambda: layers.Conv2D(2, 2, groups=2, **o)(x2),
        "transpose same": lambda: layers.Conv2DTranspose(1, 3, strides=2, padding="same", **o)(x2),
        "transpose valid": lambda: layers.Conv2DTranspose(1, 3, strides=2, **o)(x2),
        "transpose output_padding": lambda: layers.Conv2DTranspose(
            1, 3, strides=2, padding="same", output_padding=1, **o
        )(x2),
        "transpose1d": lambda: layers.Conv1DTranspose(1, 2, strides=3, **o)(x1),
        "depthwise": lambda: layers.DepthwiseConv2D(2, strides=2, padding="same", **d)(x2),
        "separable": lambda: layers.SeparableConv2D(1, 2, pointwise_initializer="ones", **d)(x2),
        "max": lambda: layers.MaxPooling2D(2)(x2),
        "max same": lambda: layers.MaxPooling2D(3, strides=2, padding="same")(x2),
        "average same": lambda: layers.AveragePooling2D(3, strides=2, padding="same")(x2),
        "max1d": lambda: layers.MaxPooling1D(2)(x1),
        "average1d": lambda: layers.AveragePooling1D(3, strides=1, padding="same")(x1),
        "global average": lambda: layers.GlobalAveragePooling2D()(x2),
        "global max keepdims": lambda: layers.GlobalMaxPooling1D(keepdims=True)(x1),
        "upsampling": lambda: layers.UpSampling2D(2)(x2[:, :2, :2]),
        "upsampling bilinear": lambda: layers.UpSampling2D(2, interpolation="bilinear")(
            x2[:, :2, :2]
        ),
        "zero padding": lambda: layers.ZeroPadding2D(((1, 0), (0, 2)))(x2[:, :2, :2]),
        "cropping": lambda: layers.Cropping2D(((1, 0), (2, 1)))(x2),
    }
    return {name: attempt(program) for name, program in programs.items()}
