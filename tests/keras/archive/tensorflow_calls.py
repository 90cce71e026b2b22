"""Graphs drawn by functions of TensorFlow, and the class of Keras that stands for each in files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import thalweg as tf

_PLACES = [[0, 1], [1, 0]]


@dataclass(frozen=True)
class Call:
    """A call of a function on an input of some shape.

    Attributes:
        kind: Class of `keras.ops` for it; None where Keras has none.
        draw: The call.
        shape: Shape of the input without its batch.
        dtype: Dtype of the input.
        batch: Size of the batch, where it must be known.
    """

    kind: str | None
    draw: Callable[[Any], Any]
    shape: tuple[int, ...] = (4,)
    dtype: str = "float32"
    batch: int | None = None

    def inputs(self) -> Any:
        """Values between 0.1 and 0.9, or small numbers."""
        shape = (self.batch or 2, *self.shape)
        values = np.linspace(0.1, 0.9, int(np.prod(shape))).reshape(shape)
        if self.dtype != "float32":
            values = np.floor(values * 5)
        elif len(self.shape) == 2:
            values = values + np.eye(*self.shape)  # matrices that have an inverse
        return values.astype(self.dtype)


def _image(kind: str | None, draw: Callable[[Any], Any], channels: int = 4) -> Call:
    return Call(kind, draw, (4, 6, channels))


def _matrix(kind: str | None, draw: Callable[[Any], Any]) -> Call:
    return Call(kind, draw, (3, 3))


CALLS = {
    "abs": Call("Abs", tf.abs), "acos": Call("Arccos", tf.acos), "asin": Call("Arcsin", tf.asin),
    "acosh": Call("Arccosh", lambda x: tf.acosh(x + 1.0)), "asinh": Call("Arcsinh", tf.asinh),
    "atan": Call("Arctan", tf.atan), "atan2": Call("Arctan2", lambda x: tf.atan2(x, x + 1.0)),
    "atanh": Call("Arctanh", tf.atanh), "add": Call("Add", lambda x: tf.add(x, 2.0)),
    "argsort": Call("Argsort", tf.argsort), "argmax": Call(None, lambda x: tf.argmax(x, 1)),
    "argmax-int32": Call("Argmax", lambda x: tf.argmax(x, 1, output_type=tf.int32)),
    "avg-pool": _image("AveragePool", lambda x: tf.nn.avg_pool2d(x, 2, 2, "SAME")),
    "avg-pool-1d": Call("AveragePool", lambda x: tf.nn.avg_pool1d(x, 2, 1, "VALID"), (5, 2)),
    "max-pool": _image("MaxPool", lambda x: tf.nn.max_pool2d(x, 2, 1, "VALID")),
    "max-pool-any": _image("MaxPool", lambda x: tf.nn.max_pool(x, 2, 2, "SAME")),
    "bias-add": Call("Add", lambda x: tf.nn.bias_add(x, tf.range(4.0))),
    "bitwise-and": Call("BitwiseAnd", lambda x: tf.bitwise.bitwise_and(x, 3), dtype="int32"),
    "left-shift": Call("BitwiseLeftShift", lambda x: tf.bitwise.left_shift(x, 2), dtype="int32"),
    "broadcast-to": Call("BroadcastTo", lambda x: tf.broadcast_to(x, (3, 2, 4)), batch=2),
    "cast": Call("Cast", lambda x: tf.cast(x, tf.int32)), "ceil": Call("Ceil", tf.math.ceil),
    "saturate-cast": Call("SaturateCast", lambda x: tf.saturate_cast(x * 999, tf.uint8)),
    "cholesky": _matrix("Cholesky", lambda x: tf.linalg.cholesky(tf.matmul(x, x, transpose_b=True))),
    "clip": Call("Clip", lambda x: tf.clip_by_value(x, 0.3, 0.6)),
    "concat": Call("Concatenate", lambda x: tf.concat([x, x], 1)),
    "cos": Call("Cos", tf.cos), "cosh": Call("Cosh", tf.cosh), "sin": Call("Sin", tf.sin),
    "crop": _image("CropImages", lambda x: tf.image.crop_to_bounding_box(x, 1, 2, 2, 3)),
    "cumprod": Call("Cumprod", lambda x: tf.math.cumprod(x, 1)),
    "cumsum": Call("Cumsum", lambda x: tf.cumsum(x, 1)),
    "cumsum-reverse": Call(None, lambda x: tf.cumsum(x, 1, reverse=True)),
    "depth-to-space": _image("DepthToSpace", lambda x: tf.nn.depth_to_space(x, 2)),
    "space-to-depth": _image("SpaceToDepth", lambda x: tf.nn.space_to_depth(x, 2)),
    "det": _matrix("Det", tf.linalg.det), "inv": _matrix("Inv", tf.linalg.inv),
    "diag-part": _matrix("Diagonal", tf.linalg.diag_part), "trace": _matrix("Trace", tf.linalg.trace),
    "divide-no-nan": Call("DivideNoNan", lambda x: tf.math.divide_no_nan(x, x - x)),
    "einsum": _matrix("Einsum", lambda x: tf.einsum("bij,bkj->bik", x, x)),
    "einsum-of-one": _matrix("Einsum", lambda x: tf.einsum("bij->bji", x)),
    "elu": Call("Elu", lambda x: tf.nn.elu(x - 0.5)), "erf": Call("Erf", tf.math.erf),
    "erfc": Call("Erfc", tf.math.erfc), "erfinv": Call("Erfinv", tf.math.erfinv),
    "exp": Call("Exp", tf.exp), "expm1": Call("Expm1", tf.math.expm1), "log": Call("Log", tf.math.log),
    "expand-dims": Call("ExpandDims", lambda x: tf.expand_dims(x, 1)),
    "flip-left-right": _image("Flip", tf.image.flip_left_right),
    "flip-up-down": _image("Flip", tf.image.flip_up_down),
    "transpose-image": _image("Swapaxes", tf.image.transpose),
    "grayscale-to-rgb": _image("Repeat", tf.image.grayscale_to_rgb, 1),
    "rgb-to-hsv": _image("RGBToHSV", tf.image.rgb_to_hsv, 3),
    "hsv-to-rgb": _image("HSVToRGB", tf.image.hsv_to_rgb, 3),
    "resize": _image("Resize", lambda x: tf.image.resize(x, (2, 9))),
    "resize-nearest": _image("Resize", lambda x: tf.image.resize(x, (8, 3), "nearest")),
    "floor": Call("Floor", tf.floor), "floordiv": Call("FloorDivide", lambda x: tf.math.floordiv(x, 0.3)),
    "floormod": Call("Mod", lambda x: tf.math.floormod(x, 0.3)),
    "gather": Call("Take", lambda x: tf.gather(x, [2, 0], axis=1)),
    "gelu": Call("Gelu", lambda x: tf.nn.gelu(x - 0.5)),
    "getitem": Call("GetItem", lambda x: tf.identity(x)[:, 1:, None]),
    "greater": Call("Greater", lambda x: tf.greater(x, 0.5)), "less": Call("Less", lambda x: tf.less(x, 0.5)),
    "greater-equal": Call("GreaterEqual", lambda x: tf.greater_equal(x, 0.5)),
    "less-equal": Call("LessEqual", lambda x: tf.less_equal(x, 0.5)),
    "equal": Call("Equal", lambda x: tf.equal(x, 2), dtype="int32"),
    "not-equal": Call("NotEqual", lambda x: tf.not_equal(x, 2), dtype="int32"),
    "identity": Call("Copy", tf.identity), "is-nan": Call("Isnan", tf.math.is_nan),
    "is-inf": Call("Isinf", tf.math.is_inf), "is-finite": Call("Isfinite", tf.math.is_finite),
    "in-top-k": Call("InTopK", lambda x: tf.math.in_top_k([1, 3], x, 2), batch=2),
    "l2-normalize": Call("Normalize", lambda x: tf.math.l2_normalize(x * 1e-3, 1)),
    "leaky-relu": Call("LeakyRelu", lambda x: tf.nn.leaky_relu(x - 0.5)),
    "log1p": Call("Log1p", tf.math.log1p), "log-sigmoid": Call("LogSigmoid", tf.math.log_sigmoid),
    "log-softmax": Call("LogSoftmax", tf.nn.log_softmax), "logdet": _matrix(
        "Logdet", lambda x: tf.linalg.logdet(tf.matmul(x, x, transpose_b=True))
    ),
    "logical-and": Call("LogicalAnd", lambda x: tf.logical_and(x > 0.3, x < 0.7)),
    "logical-or": Call("LogicalOr", lambda x: tf.logical_or(x < 0.3, x > 0.7)),
    "logical-xor": Call("LogicalXor", lambda x: tf.math.logical_xor(x < 0.7, x > 0.3)),
    "logical-not": Call("LogicalNot", lambda x: tf.logical_not(x > 0.3)),
    "matmul": _matrix("Matmul", lambda x: tf.matmul(x, x)),
    "matmul-a": _matrix("Einsum", lambda x: tf.matmul(x, x, transpose_a=True)),
    "matmul-b": _matrix("Einsum", lambda x: tf.matmul(x, x, transpose_b=True)),
    "matmul-both": Call("Einsum", lambda x: tf.matmul(x, x, True, True), (2, 3, 3)),
    "matvec": _matrix("Einsum", lambda x: tf.linalg.matvec(x, x[:, 0])),
    "matrix-transpose": Call("Swapaxes", tf.linalg.matrix_transpose, (2, 3)),
    "maximum": Call("Maximum", lambda x: tf.maximum(x, 0.5)),
    "minimum": Call("Minimum", lambda x: tf.minimum(x, 0.5)),
    "moments": Call("Moments", lambda x: tf.nn.moments(x, [1])),
    "multiply": Call("Multiply", lambda x: tf.multiply(x, x)), "negative": Call("Negative", tf.negative),
    "norm": Call("Norm", lambda x: tf.norm(x, axis=-1)), "norm-all": _matrix(None, tf.norm),
    "norm-all-matrix": Call("Norm", tf.norm), "norm-one": Call(None, lambda x: tf.norm(x, 1, 1)),
    "euclidean": Call("Norm", lambda x: tf.math.reduce_euclidean_norm(x, 1)),
    "one-hot": Call("OneHot", lambda x: tf.one_hot(x, 5), dtype="int32"),
    "one-hot-with": Call(None, lambda x: tf.one_hot(x, 5, 2.0), dtype="int32"),
    "ones-like": Call("OnesLike", tf.ones_like), "zeros-like": Call("ZerosLike", tf.zeros_like),
    "pad": Call("Pad", lambda x: tf.pad(x, [[0, 0], [1, 2]])),
    "pad-reflect": Call("Pad", lambda x: tf.pad(x, [[0, 0], [1, 2]], "REFLECT")),
    "pad-with": Call(None, lambda x: tf.pad(x, [[0, 0], [1, 2]], constant_values=3.0)),
    "pow": Call("Power", lambda x: tf.pow(x, 3.0)), "reciprocal": Call("Reciprocal", tf.math.reciprocal),
    "qr": _matrix("Qr", lambda x: tf.matmul(*tf.linalg.qr(x))),
    "all": Call("All", lambda x: tf.reduce_all(x > 0.2, 1)),
    "any": Call("Any", lambda x: tf.reduce_any(x > 0.2, 1)),
    "logsumexp": Call("Logsumexp", lambda x: tf.reduce_logsumexp(x, 1)),
    "max": Call("Max", lambda x: tf.reduce_max(x, 1)), "mean": Call("Mean", lambda x: tf.reduce_mean(x, 1)),
    "min": Call("Min", lambda x: tf.reduce_min(x, 1, keepdims=True)), "sum": Call("Sum", tf.reduce_sum),
    "prod": Call("Prod", lambda x: tf.reduce_prod(x, 1)),
    "std": Call("Std", lambda x: tf.math.reduce_std(x, 1)),
    "variance": Call("Var", lambda x: tf.math.reduce_variance(x, 1)),
    "relu": Call("Relu", lambda x: tf.nn.relu(x - 0.5)), "relu6": Call("Relu6", lambda x: tf.nn.relu6(x * 9)),
    "repeat": Call("Repeat", lambda x: tf.repeat(x, 3, 1)),
    "reshape": Call("Reshape", lambda x: tf.reshape(x, (-1, 2, 2))),
    "reverse": Call("Flip", lambda x: tf.reverse(x, [1])),
    "rint": Call("Round", lambda x: tf.math.rint(x * 9)),
    "round": Call("Round", lambda x: tf.round(x * 9)), "rsqrt": Call("Rsqrt", tf.math.rsqrt),
    "scatter-nd": Call("Scatter", lambda x: tf.scatter_nd([[2], [0]], x, (3, 4)), batch=2),
    "scatter-update": Call(
        "ScatterUpdate", lambda x: tf.tensor_scatter_nd_update(x, _PLACES, [5.0, 6.0]), batch=2
    ),
    "selu": Call("Selu", lambda x: tf.nn.selu(x - 0.5)), "sigmoid": Call("Sigmoid", tf.sigmoid),
    "sign": Call("Sign", lambda x: tf.sign(x - 0.5)), "silu": Call("Silu", tf.nn.silu),
    "silu-beta": Call(None, lambda x: tf.nn.silu(x, 2.0)), "sinh": Call("Sinh", tf.sinh),
    "slogdet": _matrix("Slogdet", lambda x: list(tf.linalg.slogdet(x))),
    "softmax": Call("Softmax", tf.nn.softmax), "softplus": Call("Softplus", tf.math.softplus),
    "softsign": Call("Softsign", tf.nn.softsign), "sort": Call("Sort", tf.sort),
    "sort-down": Call(None, lambda x: tf.sort(x, direction="DESCENDING")),
    "solve": _matrix("Solve", lambda x: tf.linalg.solve(x, x + 1.0)),
    "split": Call("Split", lambda x: tf.split(x, 2, 1)),
    "split-sizes": Call("Split", lambda x: tf.split(x, [1, 3], 1)),
    "sqrt": Call("Sqrt", tf.sqrt), "square": Call("Square", tf.square), "tan": Call("Tan", tf.tan),
    "squeeze": Call("Squeeze", lambda x: tf.squeeze(x, 1), (1, 3)), "tanh": Call("Tanh", tf.tanh),
    "squared-difference": Call(None, lambda x: tf.math.squared_difference(x, 1.0)),
    "stack": Call("Stack", lambda x: tf.stack([x, x], 1)),
    "stop-gradient": Call("StopGradient", tf.stop_gradient),
    "subtract": Call("Subtract", lambda x: tf.subtract(1.0, x)),
    "tensordot": _matrix("Tensordot", lambda x: tf.tensordot(x, tf.ones((3, 2)), [[2], [0]])),
    "tile": Call("Tile", lambda x: tf.tile(x, (1, 2))),
    "top-k": Call("TopK", lambda x: list(tf.math.top_k(x, 2))),
    "transpose": Call("Transpose", lambda x: tf.transpose(x, (0, 2, 1)), (2, 3)),
    "truediv": Call("Divide", lambda x: tf.truediv(x, 3.0)),
    "unstack": Call("Unstack", lambda x: tf.unstack(x, axis=1)),
    "where": Call("Where", lambda x: tf.where(x > 0.5, x, 0.0)), "lgamma": Call(None, tf.math.lgamma),
}  # fmt: skip


def model_of(call: Call) -> Any:
    """Model that makes the call."""
    inputs = tf.keras.Input(call.shape, call.batch, dtype=call.dtype)
    return tf.keras.Model(inputs, call.draw(inputs))
