"""Calls of `keras.backend` whose results real Keras told, as functions of the backend `K`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

X = np.arange(6, dtype="float32").reshape(2, 3)
I = np.array([[1, 2], [3, 4]], "int32")  # noqa: E741
CUBE = np.sin(np.arange(24, dtype="float32")).reshape(2, 3, 4)
IMAGE = np.cos(np.arange(32, dtype="float32")).reshape(1, 4, 4, 2)
VOLUME = np.cos(np.arange(54, dtype="float32")).reshape(1, 3, 3, 3, 2)
LABELS = np.array([[1, 0, 0], [0, 0, 1]], "float32")
CHANCES = np.array([[0.7, 0.2, 0.1], [0.3, 0.3, 0.4]], "float32")
MASK = [[True, False, True], [True, True, False]]
FRAMES = np.array([[[0.6, 0.3, 0.1], [0.5, 0.1, 0.4], [0.1, 0.2, 0.7], [0.2, 0.7, 0.1]]], "float32")


def kernel(*sizes: int) -> Any:
    """Numbers of different signs."""
    return np.sin(np.arange(np.prod(sizes), dtype="float32") + 1).reshape(sizes)


def recurrence(K: Any, **settings: Any) -> Any:
    """Sums of the steps so far."""

    def step(x: Any, states: Any) -> Any:
        total = x + states[0] * 0.5
        return total * 2.0, [total]

    last, outputs, states = K.rnn(step, K.constant(CUBE), [K.constant(CUBE[:, 0])], **settings)
    return [last, outputs, *states]


ROWS: dict[str, Callable[[Any], Any]] = {
    "constant": lambda K: K.constant([1, 2]),
    "constant filled": lambda K: K.constant(3, shape=(2, 2), dtype="int32"),
    "arange": lambda K: K.arange(4),
    "arange float": lambda K: K.arange(1, 7, 2, dtype="float32"),
    "zeros_like": lambda K: K.zeros_like(K.constant(I, "int32")),
    "ones_like": lambda K: K.ones_like(K.constant(X), dtype="float16"),
    "variable": lambda K: K.get_value(K.variable([1.5, 2.0])),
    "zeros": lambda K: K.get_value(K.zeros((2, 2))),
    "ones": lambda K: K.get_value(K.ones((2,), dtype="int32")),
    "eye": lambda K: K.get_value(K.eye(2)),
    "int_shape": lambda K: K.int_shape(K.constant(X)),
    "shape": lambda K: K.shape(K.constant(X)),
    "ndim": lambda K: K.ndim(K.constant(X)),
    "dtype": lambda K: K.dtype(K.constant(X)),
    "count_params": lambda K: K.count_params(K.constant(X)),
    "eval": lambda K: K.eval(K.constant(X)),
    "cast": lambda K: K.cast(K.constant(X), "int32"),
    "cast_to_floatx": lambda K: K.cast_to_floatx(np.ones(2)),
    "cast_to_floatx of a tensor": lambda K: K.cast_to_floatx(K.constant(I, "int32")),
    "abs": lambda K: K.abs(K.constant(-X)),
    "square": lambda K: K.square(K.constant(I, "int32")),
    "sqrt": lambda K: K.sqrt(K.constant(X)),
    "exp": lambda K: K.exp(K.constant(X)),
    "log": lambda K: K.log(K.constant(X + 1)),
    "sign": lambda K: K.sign(K.constant(X - 2)),
    "round": lambda K: K.round(K.constant([0.5, 1.5, -2.5])),
    "pow": lambda K: K.pow(K.constant(X), 2.0),
    "clip": lambda K: K.clip(K.constant(X), 1.0, 3.0),
    "clip of ints": lambda K: K.clip(K.constant(I, "int32"), 2, 3),
    "maximum": lambda K: K.maximum(K.constant(X), 2.0),
    "minimum": lambda K: K.minimum(x=K.constant(X), y=2.0),
    "equal": lambda K: K.equal(K.constant(X), 2.0),
    "not_equal": lambda K: K.not_equal(x=K.constant(X), y=2.0),
    "greater": lambda K: K.greater(K.constant(X), 2.0),
    "less_equal": lambda K: K.less_equal(K.constant(X), 2.0),
    "sum": lambda K: K.sum(K.constant(I, "int32"), axis=-1, keepdims=True),
    "mean": lambda K: K.mean(K.constant(X), axis=0),
    "prod": lambda K: K.prod(K.constant(X), axis=1),
    "max": lambda K: K.max(K.constant(X), axis=-1),
    "min": lambda K: K.min(K.constant(X)),
    "std": lambda K: K.std(K.constant(X)),
    "var": lambda K: K.var(K.constant(X), axis=0, keepdims=True),
    "any": lambda K: K.any(K.constant(X) > 4.0, axis=1),
    "all": lambda K: K.all(K.constant(X) > -1.0),
    "argmax": lambda K: K.argmax(K.constant(X)),
    "argmin": lambda K: K.argmin(K.constant(X), axis=0),
    "cumsum": lambda K: K.cumsum(K.constant(X)),
    "cumprod": lambda K: K.cumprod(K.constant(X), axis=1),
    "dot": lambda K: K.dot(K.constant(X), K.constant(kernel(3, 2))),
    "dot of ranks": lambda K: K.dot(K.constant(CUBE), K.constant(kernel(2, 4, 3))),
    "batch_dot": lambda K: K.batch_dot(K.constant(CUBE), K.constant(kernel(2, 4, 2))),
    "batch_dot of vectors": lambda K: K.batch_dot(K.constant(X), K.constant(kernel(2, 3)), axes=1),
    "batch_dot of axes": lambda K: K.batch_dot(
        K.constant(CUBE), K.constant(kernel(2, 5, 3)), axes=(1, 2)
    ),
    "batch_dot with a vector": lambda K: K.batch_dot(K.constant(CUBE), K.constant(kernel(2, 4))),
    "flatten": lambda K: K.flatten(K.constant(X)),
    "batch_flatten": lambda K: K.batch_flatten(K.constant(CUBE)),
    "reshape": lambda K: K.reshape(K.constant(X), (3, -1)),
    "expand_dims": lambda K: K.expand_dims(K.constant(X)),
    "squeeze": lambda K: K.squeeze(K.constant(X[None]), 0),
    "permute_dimensions": lambda K: K.permute_dimensions(K.constant(CUBE), (0, 2, 1)),
    "transpose": lambda K: K.transpose(K.constant(X)),
    "repeat": lambda K: K.repeat(K.constant(X), 2),
    "repeat_elements": lambda K: K.repeat_elements(K.constant(X), 2, axis=1),
    "tile": lambda K: K.tile(K.constant(X), (1, 2)),
    "reverse": lambda K: K.reverse(K.constant(X), 1),
    "reverse of axes": lambda K: K.reverse(K.constant(X), (0, 1)),
    "concatenate": lambda K: K.concatenate([K.constant(X), K.constant(X)]),
    "stack": lambda K: K.stack([K.constant(X), K.constant(X)], axis=1),
    "gather": lambda K: K.gather(K.constant(X), [1, 0, 1]),
    "one_hot": lambda K: K.one_hot([0, 2], 3),
    "temporal_padding": lambda K: K.temporal_padding(K.constant(CUBE), (2, 1)),
    "spatial_2d_padding": lambda K: K.spatial_2d_padding(K.constant(IMAGE)),
    "spatial_2d_padding channels_first": lambda K: K.spatial_2d_padding(
        K.constant(IMAGE), ((0, 1), (2, 0)), "channels_first"
    ),
    "spatial_3d_padding": lambda K: K.spatial_3d_padding(
        K.constant(VOLUME), ((1, 0), (0, 1), (0, 0))
    ),
    "resize_images": lambda K: K.resize_images(K.constant(IMAGE), 2, 3, "channels_last"),
    "resize_images bilinear": lambda K: K.resize_images(
        K.constant(IMAGE), 2, 2, "channels_last", interpolation="bilinear"
    ),
    "resize_images channels_first": lambda K: K.resize_images(
        K.constant(IMAGE), 1, 2, "channels_first"
    ),
    "resize_volumes": lambda K: K.resize_volumes(K.constant(VOLUME), 2, 1, 2, "channels_last"),
    "relu": lambda K: K.relu(K.constant(X - 2)),
    "relu alpha": lambda K: K.relu(K.constant(X - 2), alpha=0.25),
    "relu max_value": lambda K: K.relu(K.constant(X - 2), max_value=2.0),
    "relu threshold": lambda K: K.relu(K.constant(X), threshold=2.5),
    "relu of all": lambda K: K.relu(K.constant(X - 3), alpha=0.5, threshold=1.0, max_value=1.5),
    "elu": lambda K: K.elu(K.constant(X - 2), 0.5),
    "sigmoid": lambda K: K.sigmoid(K.constant(X)),
    "hard_sigmoid": lambda K: K.hard_sigmoid(K.constant(X - 1)),
    "softmax": lambda K: K.softmax(K.constant(X), axis=0),
    "l2_normalize": lambda K: K.l2_normalize(K.constant(X), axis=1),
    "l2_normalize of all": lambda K: K.l2_normalize(K.constant(X)),
    "in_top_k": lambda K: K.in_top_k(K.constant(CHANCES), K.constant([0, 0], "int32"), 1),
    "binary_crossentropy": lambda K: K.binary_crossentropy(K.constant(LABELS), K.constant(CHANCES)),
    "categorical_crossentropy": lambda K: K.categorical_crossentropy(
        K.constant(LABELS), K.constant(CHANCES)
    ),
    "sparse_categorical_crossentropy": lambda K: K.sparse_categorical_crossentropy(
        K.constant([0, 2], "int32"), K.constant(CHANCES)
    ),
    "sparse_categorical_crossentropy ignoring": lambda K: K.sparse_categorical_crossentropy(
        K.constant([0, 2], "int32"), K.constant(CHANCES), ignore_class=2
    ),
    "binary_focal_crossentropy": lambda K: K.binary_focal_crossentropy(
        K.constant(LABELS), K.constant(CHANCES), apply_class_balancing=True
    ),
    "categorical_focal_crossentropy": lambda K: K.categorical_focal_crossentropy(
        K.constant(LABELS), K.constant(CHANCES), gamma=1.0
    ),
    "bias_add": lambda K: K.bias_add(K.constant(CUBE), K.constant(kernel(4))),
    "bias_add of places": lambda K: K.bias_add(K.constant(CUBE), K.constant(kernel(3, 4))),
    "bias_add channels_first": lambda K: K.bias_add(
        K.constant(CUBE), K.constant(kernel(3)), data_format="channels_first"
    ),
    "batch_normalization": lambda K: K.batch_normalization(
        K.constant(X), *(K.constant(v) for v in (X[0], X[1], X[1], X[0]))
    ),
    "conv1d": lambda K: K.conv1d(K.constant(CUBE), K.constant(kernel(2, 4, 2)), padding="same"),
    "conv1d causal": lambda K: K.conv1d(
        K.constant(CUBE), K.constant(kernel(2, 4, 2)), padding="causal", dilation_rate=2
    ),
    "conv2d": lambda K: K.conv2d(K.constant(IMAGE), K.constant(kernel(2, 2, 2, 3)), strides=(2, 1)),
    "conv2d_transpose": lambda K: K.conv2d_transpose(
        K.constant(IMAGE), K.constant(kernel(2, 2, 3, 2)), (1, 5, 5, 3)
    ),
    "conv2d_transpose same": lambda K: K.conv2d_transpose(
        K.constant(IMAGE), K.constant(kernel(2, 2, 3, 2)), (None, 8, 8, 3), (2, 2), "same"
    ),
    "conv3d": lambda K: K.conv3d(K.constant(VOLUME), K.constant(kernel(2, 2, 2, 2, 1))),
    "depthwise_conv2d": lambda K: K.depthwise_conv2d(
        K.constant(IMAGE), K.constant(kernel(3, 3, 2, 2)), padding="same"
    ),
    "separable_conv2d": lambda K: K.separable_conv2d(
        K.constant(IMAGE), K.constant(kernel(2, 2, 2, 1)), K.constant(kernel(1, 1, 2, 3))
    ),
    "pool2d": lambda K: K.pool2d(K.constant(IMAGE), (2, 2)),
    "pool2d avg": lambda K: K.pool2d(
        K.constant(IMAGE), (2, 2), strides=(2, 2), padding="same", pool_mode="avg"
    ),
    "pool3d": lambda K: K.pool3d(K.constant(VOLUME), (2, 2, 2), strides=(1, 2, 2)),
    "switch": lambda K: K.switch(K.constant(True, "bool"), K.constant(X), K.constant(-X)),
    "switch of functions": lambda K: K.switch(
        K.constant(False, "bool"), lambda: K.constant(X), lambda: K.constant(-X)
    ),
    "switch by element": lambda K: K.switch(
        K.constant(X) > 2.0, K.constant(X), K.constant(-X)
    ),
    "foldl": lambda K: K.foldl(lambda a, b: a * 2.0 - b, K.constant(X)),
    "foldr": lambda K: K.foldr(lambda a, b: a * 2.0 - b, K.constant(X)),
    "map_fn": lambda K: K.map_fn(lambda row: row * row, K.constant(X)),
    "map_fn to ints": lambda K: K.map_fn(
        lambda row: K.cast(row, "int32"), K.constant(X), dtype="int32"
    ),
    "rnn": recurrence,
    "rnn backwards": lambda K: recurrence(K, go_backwards=True),
    "rnn masked": lambda K: recurrence(
        K, mask=K.constant(MASK, "bool"), unroll=True
    ),
    "rnn masked with zeros": lambda K: recurrence(
        K, mask=K.constant(MASK, "bool"), zero_output_for_mask=True
    ),
    "rnn last": lambda K: recurrence(K, return_all_outputs=False),
    "ctc_batch_cost": lambda K: K.ctc_batch_cost(
        K.constant([[0, 1]], "int32"), K.constant(FRAMES), K.constant([[4]], "int32"),
        K.constant([[2]], "int32"),
    ),
    "ctc_decode": lambda K: K.ctc_decode(K.constant(FRAMES), K.constant([4], "int32")),
    "ctc_decode beams": lambda K: K.ctc_decode(
        K.constant(FRAMES), K.constant([4], "int32"), greedy=False, beam_width=10, top_paths=2
    ),
}  # fmt: skip
