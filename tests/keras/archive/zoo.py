"""Small models that cover what files hold; the same code makes them with real Keras and with ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

MODELS: dict[str, Callable[[Any], tuple[Any, Any]]] = {}


def _model(build: Callable[[Any], tuple[Any, Any]]) -> Callable[[Any], tuple[Any, Any]]:
    MODELS[build.__name__] = build
    return build


def wave(shape: tuple[int, ...], phase: float = 0.0) -> Any:
    """Values that need no random generator."""
    return np.cos(np.arange(int(np.prod(shape))) * 0.37 + phase).astype("float32").reshape(shape)


def settle(model: Any) -> None:
    """Gives every weight a value that depends on its place only."""
    for index, weight in enumerate(model.weights):
        steps = np.arange(int(np.prod(weight.shape)))
        value = 0.5 * np.sin(steps * 0.7 + index).reshape(tuple(weight.shape))
        positive = "variance" in weight.name
        weight.assign((np.abs(value) + 0.5 if positive else value).astype("float32"))


def custom_objects(keras: Any) -> dict[str, Any]:
    """Classes and functions that the models use."""

    class Block(keras.layers.Layer):
        def __init__(self, units: int, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.units = units
            self._norm = keras.layers.LayerNormalization()
            self.branches = [keras.layers.Dense(units), keras.layers.Dense(units, activation="tanh")]
            self.named = {"b": keras.layers.Dense(units), "a": [keras.layers.Dense(units)]}
            self.noise = keras.layers.Dropout(0.3)
            self.zeta = keras.layers.Dense(units)
            self.alias = self.zeta

        def build(self, input_shape: Any) -> None:
            self.scale = self.add_weight(shape=(self.units,), initializer="ones", name="scale")
            self.count = self.add_weight(shape=(), initializer="zeros", trainable=False, name="count")
            width = (input_shape[0], self.units)
            for layer, shape in [
                (self._norm, width), (self.branches[0], input_shape), (self.branches[1], input_shape),
                (self.named["b"], width), (self.named["a"][0], width), (self.zeta, width),
            ]:  # fmt: skip
                layer.build(shape)

        def call(self, inputs: Any, training: Any = None) -> Any:
            x = self.branches[0](inputs) + self.branches[1](inputs)
            x = self._norm(self.named["b"](x) + self.named["a"][0](x))
            return self.zeta(self.noise(x, training=training)) * self.scale

        def get_config(self) -> Any:
            return {**super().get_config(), "units": self.units}

    class Net(keras.Model):
        def __init__(self, units: int = 4, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.units = units
            self.first = Block(units)
            self.stack = [Block(units), keras.layers.Dense(units)]
            self._head = keras.layers.Dense(1)

        def build(self, input_shape: Any) -> None:
            width = (input_shape[0], self.units)
            self.first.build(input_shape)
            self.stack[0].build(width)
            self.stack[1].build(width)
            self._head.build(width)

        def call(self, inputs: Any, training: Any = None) -> Any:
            x = self.first(inputs, training=training)
            return self._head(self.stack[1](self.stack[0](x, training=training)))

        def get_config(self) -> Any:
            return {"name": self.name, "units": self.units}

    def bowl(x: Any) -> Any:
        return keras.ops.square(x) - 1.0

    def gap(y_true: Any, y_pred: Any) -> Any:
        return keras.ops.mean(keras.ops.abs(y_true - y_pred), axis=-1)

    return {"Block": Block, "Net": Net, "bowl": bowl, "gap": gap}


@_model
def sequential(keras: Any) -> tuple[Any, Any]:
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(4, activation="relu", kernel_regularizer=keras.regularizers.L2(0.01)),
            layers.Dropout(0.5),
            layers.BatchNormalization(),
            layers.Dense(2, use_bias=False, kernel_constraint=keras.constraints.MaxNorm(3.0)),
        ],
        name="chain",
    )
    settle(model)
    model.compile(keras.optimizers.Adam(0.01, beta_1=0.8), "mse", metrics=["mae"])
    return model, wave((5, 3))


@_model
def trained(keras: Any) -> tuple[Any, Any]:
    layers = keras.layers
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4, "tanh"), layers.Dense(1)], name="line")
    settle(model)
    model.compile(keras.optimizers.Adam(0.05, amsgrad=True, use_ema=True, clipnorm=1.0), "mse")
    return model, wave((5, 3))


@_model
def graph_of_ops(keras: Any) -> tuple[Any, Any]:
    ops = keras.ops
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    x = ops.concatenate([(a + b) * 2.0, a], axis=-1)
    x = ops.mean(ops.reshape(x, (-1, 2, 4)), axis=1, keepdims=True)
    x = ops.squeeze(x, 1)
    y = x[:, 1:3] ** 2
    z = 3.0 - ops.matmul(x, wave((4, 3)))
    z = ops.clip(ops.softmax(ops.relu(z / 2), axis=-1), 0.1, 0.9)
    halves = ops.split(x, 2, axis=-1)
    q = ops.expand_dims(ops.maximum(halves[0], halves[1]), 1)
    q = ops.einsum("abc,acd->abd", ops.transpose(q, (0, 2, 1)), q)
    model = keras.Model({"a": a, "b": b}, {"y": y, "z": z, "q": q})
    return model, {"a": wave((5, 4)), "b": wave((5, 4), 1.0)}


@_model
def nested_and_shared(keras: Any) -> tuple[Any, Any]:
    layers = keras.layers
    i = keras.Input((3,))
    shared = layers.Dense(3, name="shared")
    inner = keras.Model(i, layers.Dense(3)(layers.ReLU()(i)), name="inner")
    chain = keras.Sequential([keras.Input((3,)), layers.Dense(3)], name="chain")
    j = keras.Input((3,))
    y = chain(inner(inner(j)))
    steps = layers.TimeDistributed(shared)(keras.ops.stack([y, shared(j)], axis=1))
    model = keras.Model(j, [inner(y), steps])
    settle(model)
    return model, wave((5, 3))


@_model
def recurrent(keras: Any) -> tuple[Any, Any]:
    layers = keras.layers
    i = keras.Input((4, 3))
    x = layers.Bidirectional(layers.LSTM(2, return_sequences=True, dropout=0.1))(i)
    x = layers.RNN([layers.GRUCell(2), layers.LSTMCell(3)], return_sequences=True)(x)
    x = layers.SimpleRNN(2, return_sequences=True)(x)
    model = keras.Model(i, layers.GRU(2, reset_after=False)(x))
    settle(model)
    return model, wave((5, 4, 3))


@_model
def attention(keras: Any) -> tuple[Any, Any]:
    layers = keras.layers
    i = keras.Input((4,), dtype="int32")
    x = layers.Embedding(7, 4, mask_zero=True)(i)
    x = layers.Add()([x, layers.MultiHeadAttention(2, 3)(x, x, use_causal_mask=True)])
    x = layers.LayerNormalization()(x)
    x = layers.Dense(4, activation="gelu")(layers.GlobalAveragePooling1D()(x))
    model = keras.Model(i, layers.Softmax()(x))
    settle(model)
    return model, (np.arange(20).reshape(5, 4) % 7).astype("int32")


@_model
def convolutional(keras: Any) -> tuple[Any, Any]:
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((6, 6, 2)),
            layers.Conv2D(3, 3, padding="same", strides=2, activation="relu"),
            layers.SeparableConv2D(4, (2, 2)),
            layers.DepthwiseConv2D(2),
            layers.Conv2DTranspose(2, 2),
            layers.LeakyReLU(0.1),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )
    settle(model)
    return model, wave((2, 6, 6, 2))


@_model
def subclassed(keras: Any) -> tuple[Any, Any]:
    known = custom_objects(keras)
    model = known["Net"](name="net")
    model.build((None, 3))
    settle(model)
    model.compile(
        keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True), known["gap"], metrics=[known["gap"]]
    )
    return model, wave((5, 3))


@_model
def two_outputs(keras: Any) -> tuple[Any, Any]:
    layers = keras.layers
    known = custom_objects(keras)
    i = keras.Input((3,))
    x = layers.Dense(3, activation=known["bowl"])(i)
    one, two = layers.Dense(1, name="one")(x), layers.Dense(2, name="two")(x)
    model = keras.Model(i, {"one": one, "two": two})
    settle(model)
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
    model.compile(
        keras.optimizers.RMSprop(rate, centered=True),
        loss={"one": "mse", "two": keras.losses.Huber()},
        loss_weights={"one": 1.0, "two": 0.5},
        metrics={"one": ["mae"]},
    )
    return model, wave((5, 3))


@_model
def halves(keras: Any) -> tuple[Any, Any]:
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(3, dtype="bfloat16"), layers.Dense(2, dtype="float16")]
    )
    settle(model)
    return model, wave((5, 3))


def targets(model: Any) -> Any:
    """Targets for one step of training; None for models that are not compiled."""
    if not getattr(model, "compiled", False):
        return None
    names = getattr(model, "output_names", None)
    if names == ["one", "two"]:
        return {"one": wave((5, 1)), "two": wave((5, 2))}
    return wave((5, 2) if model.name == "chain" else (5, 1))
