"""Small models that older versions of Keras write; the same code makes them with those and with ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.keras.archive import zoo
from tests.keras.archive.zoo import settle, wave

# By name the function of (keras, tensorflow) that makes a model and its inputs.
MODELS: dict[str, Callable[[Any, Any], tuple[Any, Any]]] = {}
# Models whose ops are functions of TensorFlow, which Keras 3 does not draw.
ONLY_KERAS_2 = {"tensor_ops", "operators", "graph_ops", "cudnn"}
# Models whose ops are functions of Keras 3.
ONLY_KERAS_3 = {"functions"}
# Models that are drawn in a graph of TensorFlow 1.
IN_GRAPHS = {"graph_ops"}
# Models that are not written whole into HDF5 files, or that these do not hold.
ONLY_WEIGHTS = {"subclassed"}
ONLY_ARCHIVES = {"words"}
# Models with Python code in their files, which is not run without being asked for.
WITH_CODE = {"coded"}
# What training needs: one step before the files are written, one after.
TRAINED = {"line", "graph", "recurrent", "subclassed", "scheduled", "scaled"}


def _model(build: Callable[[Any, Any], tuple[Any, Any]]) -> Callable[[Any, Any], tuple[Any, Any]]:
    MODELS[build.__name__] = build
    return build


def custom_objects(keras: Any) -> dict[str, Any]:
    """Classes that the models use."""

    class Block(keras.layers.Layer):
        def __init__(self, units: int = 3, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.units = units
            self.norm = keras.layers.BatchNormalization()
            self.inner = keras.layers.Dense(units, use_bias=False)

        def build(self, input_shape: Any) -> None:
            self.scale = self.add_weight(shape=(self.units,), initializer="ones", name="scale")
            self.shift = self.add_weight(
                shape=(self.units,), initializer="zeros", name="shift", trainable=False
            )
            self.inner.build(input_shape)
            self.norm.build((*input_shape[:-1], self.units))
            self.built = True

        def call(self, inputs: Any, training: Any = None) -> Any:
            return self.norm(self.inner(inputs), training=training) * self.scale + self.shift

        def get_config(self) -> Any:
            return {**super().get_config(), "units": self.units}

    class Net(keras.Model):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.block = Block(4)
            self.blocks = [Block(3), keras.layers.Dense(2)]
            self.out = keras.layers.Dense(1)

        def call(self, inputs: Any, training: Any = None) -> Any:
            x = self.blocks[0](self.block(inputs, training=training), training=training)
            return self.out(self.blocks[1](x))

        def get_config(self) -> Any:
            return {"name": self.name}

    return {"Block": Block, "Net": Net}


@_model
def line(keras: Any, tf: Any) -> tuple[Any, Any]:
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(4, use_bias=False, kernel_regularizer=keras.regularizers.L2(0.01)),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.Dense(
                2, kernel_constraint=keras.constraints.MaxNorm(3.0), kernel_initializer="he_normal"
            ),
        ],
        name="line",
    )
    settle(model)
    model.compile(keras.optimizers.Adam(0.01, beta_1=0.8, amsgrad=True), "mse", metrics=["mae"])
    return model, wave((5, 3))


@_model
def without_input(keras: Any, tf: Any) -> tuple[Any, Any]:
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Dense(4, activation="tanh"), layers.Dropout(0.5), layers.ActivityRegularization(0.1),
            layers.Dense(2),
        ]
    )  # fmt: skip
    model(wave((5, 3)))
    settle(model)
    return model, wave((5, 3))


@_model
def graph(keras: Any, tf: Any) -> tuple[Any, Any]:
    layers = keras.layers
    i = keras.Input((3,))
    inner = keras.Model(i, layers.BatchNormalization()(layers.Dense(3, "relu")(i)), name="inner")
    chain = keras.Sequential([keras.Input((3,)), layers.Dense(3), layers.LeakyReLU(0.1)], name="chain")
    shared = layers.Dense(3, name="shared")
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    x = layers.Concatenate()([inner(shared(a)), chain(inner(shared(b)))])
    x = layers.Add()([x, layers.Dense(6)(x)])
    one = layers.Dense(1, name="one")(layers.Average()([x, layers.ReLU(max_value=6.0)(x)]))
    two = layers.Dense(2, name="two", activation="softmax")(layers.Subtract()([shared(a), inner(b)]))
    model = keras.Model([a, b], [one, two])
    settle(model)
    model.compile(
        keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
        loss=["mse", keras.losses.CategoricalCrossentropy(label_smoothing=0.1)],
        loss_weights=[1.0, 0.5],
        metrics=[["mae"], ["accuracy"]],
    )
    return model, [wave((5, 3)), wave((5, 3), 1.0)]


@_model
def named(keras: Any, tf: Any) -> tuple[Any, Any]:
    layers = keras.layers
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    inner_inputs = {"p": keras.Input((3,), name="p"), "q": keras.Input((3,), name="q")}
    z = layers.Multiply()([inner_inputs["p"], inner_inputs["q"]])
    inner = keras.Model(inner_inputs, {"r": layers.Dense(2)(z), "s": z}, name="inner")
    found = inner({"p": a, "q": layers.Dense(3)(b)})
    model = keras.Model({"a": a, "b": b}, {"y": layers.Dense(1)(found["r"]), "s": found["s"]})
    settle(model)
    return model, {"a": wave((5, 3)), "b": wave((5, 3), 1.0)}


@_model
def images(keras: Any, tf: Any) -> tuple[Any, Any]:
    layers = keras.layers
    i = keras.Input((8, 8, 2))
    x = layers.ZeroPadding2D(1)(layers.Rescaling(0.5, offset=0.1)(i))
    x = layers.Conv2D(4, 3, strides=2, activation="relu", name="conv")(x)
    x = layers.BatchNormalization(axis=-1, scale=False)(x)
    x = layers.DepthwiseConv2D(2, depth_multiplier=2, padding="same")(x)
    x = layers.SeparableConv2D(4, 2, padding="same", dilation_rate=2)(x)
    x = layers.Conv2DTranspose(3, 2, strides=2)(layers.PReLU(shared_axes=[1, 2])(x))
    x = layers.UpSampling2D(2, interpolation="bilinear")(layers.SpatialDropout2D(0.2)(x))
    x = layers.MaxPooling2D(2)(layers.Cropping2D(((1, 2), (0, 1)))(x))
    x = layers.AveragePooling2D(2, padding="same")(layers.ELU(0.5)(x))
    x = layers.GaussianNoise(0.1)(layers.LayerNormalization()(x))
    y = layers.Conv2D(4, 2, groups=1, kernel_regularizer=keras.regularizers.L1L2(0.01, 0.02))(x)
    y = layers.GlobalAveragePooling2D()(layers.Activation("swish")(y))
    z = layers.Permute((3, 1, 2))(layers.GroupNormalization(3)(x))
    z = layers.Dense(2)(layers.Flatten()(layers.Softmax()(z)))
    model = keras.Model(i, [y, z, layers.GlobalMaxPooling2D(keepdims=True)(x)])
    settle(model)
    return model, wave((2, 8, 8, 2))


@_model
def series(keras: Any, tf: Any) -> tuple[Any, Any]:
    layers = keras.layers
    i = keras.Input((12, 3))
    x = layers.Conv1D(4, 3, padding="causal", dilation_rate=2)(i)
    x = layers.SeparableConv1D(4, 3, depth_multiplier=2)(x)
    x = layers.DepthwiseConv1D(2)(layers.MaxPooling1D(2)(x))
    x = layers.Conv1DTranspose(3, 2, strides=2)(layers.UnitNormalization()(x))
    y = layers.GlobalMaxPooling1D()(layers.ZeroPadding1D(1)(layers.UpSampling1D(2)(x)))
    z = layers.Dot(axes=1, normalize=True)([y, layers.Maximum()([y, layers.Minimum()([y, y])])])
    r = layers.Reshape((1, 1, 3, 1))(layers.RepeatVector(1)(y))
    r = layers.Conv3D(2, (1, 1, 2))(r)
    r = layers.Flatten()(layers.Conv3DTranspose(1, (1, 1, 2))(r))
    model = keras.Model(i, [y, z, r, layers.AveragePooling1D(2)(x)])
    settle(model)
    return model, wave((2, 12, 3))


@_model
def recurrent(keras: Any, tf: Any) -> tuple[Any, Any]:
    layers = keras.layers
    i = keras.Input((4,))
    x = layers.Embedding(7, 3, mask_zero=True)(i)
    x = layers.Bidirectional(layers.LSTM(2, return_sequences=True), merge_mode="concat")(x)
    x = layers.TimeDistributed(layers.Dense(3, "tanh"))(x)
    x = layers.Bidirectional(
        layers.GRU(2, return_sequences=True),
        backward_layer=layers.GRU(2, return_sequences=True, go_backwards=True),
        merge_mode="sum",
    )(x)
    x = layers.RNN([layers.GRUCell(2, reset_after=False), layers.LSTMCell(3)], return_sequences=True)(x)
    x = layers.SimpleRNN(2, return_sequences=True, unroll=True)(layers.Masking(0.1)(x))
    x, h, c = layers.LSTM(2, return_state=True, recurrent_activation="sigmoid")(x)
    y = layers.GRU(2, reset_after=False)(layers.RepeatVector(3)(x), initial_state=h)
    model = keras.Model(i, layers.Dense(1)(layers.Concatenate()([x, y, c])))
    settle(model)
    model.compile(keras.optimizers.RMSprop(0.01, momentum=0.5, centered=True), "mse")
    return model, (np.arange(20).reshape(5, 4) % 7).astype("float32")


@_model
def convolving_memory(keras: Any, tf: Any) -> tuple[Any, Any]:
    layers = keras.layers
    i = keras.Input((3, 5, 2))
    x = layers.ConvLSTM1D(2, 2, return_sequences=True, padding="same")(i)
    y = layers.TimeDistributed(layers.BatchNormalization())(x)
    y = layers.ConvLSTM1D(2, 3, go_backwards=True)(y)
    model = keras.Model(i, y)
    settle(model)
    return model, wave((2, 3, 5, 2))


@_model
def attention(keras: Any, tf: Any) -> tuple[Any, Any]:
    layers = keras.layers
    i, j = keras.Input((4, 6)), keras.Input((3, 6))
    x = layers.MultiHeadAttention(2, 3, value_dim=2)(i, j)
    y, scores = layers.MultiHeadAttention(2, 3, output_shape=(5,))(
        i, value=j, key=j, return_attention_scores=True
    )
    z = layers.Attention(use_scale=True)([i, j])
    w = layers.AdditiveAttention()([i, j])
    v = layers.EinsumDense("abc,cd->abd", output_shape=(None, 3), bias_axes="d")(i)
    v = layers.SpectralNormalization(layers.Dense(2))(v)
    model = keras.Model([i, j], [x, y, scores, z, w, v])
    settle(model)
    return model, [wave((2, 4, 6)), wave((2, 3, 6), 1.0)]


@_model
def scheduled(keras: Any, tf: Any) -> tuple[Any, Any]:
    layers = keras.layers
    i = keras.Input((3,), name="x")
    x = layers.Dense(3, activation="elu", dtype="float32")(layers.GaussianDropout(0.0)(i))
    model = keras.Model(i, layers.Dense(1, trainable=False)(x))
    settle(model)
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9, staircase=False)
    model.compile(
        keras.optimizers.Adam(rate, use_ema=True, ema_momentum=0.9, clipnorm=1.0),
        keras.losses.Huber(name="h"),
        metrics=[keras.metrics.RootMeanSquaredError(name="root"), "mse"],
        weighted_metrics=[keras.metrics.MeanAbsoluteError()],
    )
    return model, wave((5, 3))


@_model
def halves(keras: Any, tf: Any) -> tuple[Any, Any]:
    layers = keras.layers
    policy = "mixed_bfloat16"
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(3, dtype=policy), layers.Dense(2, dtype="float32")]
    )
    settle(model)
    return model, wave((5, 3))


@_model
def scaled(keras: Any, tf: Any) -> tuple[Any, Any]:
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(4, "tanh", dtype="mixed_float16"), layers.Dense(1, dtype="float32")]
    )
    settle(model)
    optimizer = keras.optimizers.SGD(0.1, momentum=0.5)
    old = hasattr(keras.mixed_precision, "LossScaleOptimizer")
    scaling = keras.mixed_precision if old else keras.optimizers
    model.compile(scaling.LossScaleOptimizer(optimizer), "mse")
    return model, wave((5, 3))


@_model
def cudnn(keras: Any, tf: Any) -> tuple[Any, Any]:
    """Made with `LSTM` and `GRU`; the files are of the same model with cuDNN's layers."""
    return with_memory(keras.layers.LSTM, keras.layers.GRU, keras), wave((2, 4, 3))


def with_memory(lstm: Any, gru: Any, keras: Any) -> Any:
    """A model with two kinds of layers."""
    layers = keras.layers
    i = keras.Input((4, 3))
    x = layers.Bidirectional(lstm(2, return_sequences=True, name="one"), name="both")(i)
    x = gru(3, name="two")(lstm(2, return_sequences=True, name="more")(x))
    model = keras.Model(i, layers.Dense(2)(x))
    settle(model)
    return model


@_model
def words(keras: Any, tf: Any) -> tuple[Any, Any]:
    layers = keras.layers
    texts, names = keras.Input((1,), dtype="string", name="t"), keras.Input((1,), dtype="string", name="s")
    numbers, floats = keras.Input((1,), dtype="int64", name="n"), keras.Input((1,), name="f")
    learned = ["the cat", "a dog sat", "the dog"]
    order = layers.TextVectorization(output_mode="int", output_sequence_length=5)
    count = layers.TextVectorization(output_mode="tf_idf", ngrams=2)
    scale = layers.Normalization()
    for layer in (order, count):
        layer.adapt(np.array(learned))
    scale.adapt(np.array([[1.0], [2.0], [3.0]]))
    outputs = [
        order(texts), count(texts), layers.Hashing(5)(names), scale(floats),
        layers.StringLookup(vocabulary=["cat", "dog"], output_mode="one_hot")(names),
        layers.IntegerLookup(vocabulary=[3, 42])(numbers),
        layers.Discretization([0.0, 1.0, 2.0])(floats), layers.CategoryEncoding(50, "multi_hot")(numbers),
    ]  # fmt: skip
    inputs = [[["the cat sat"], ["a dog ran far"]], [["cat"], ["x"]], [[3], [42]], [[0.1], [2.2]]]
    return keras.Model([texts, names, numbers, floats], outputs), [tf.constant(x) for x in inputs]


@_model
def coded(keras: Any, tf: Any) -> tuple[Any, Any]:
    layers = keras.layers
    double = layers.Lambda(lambda x, by=3.0: x * by, name="double")
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2), double])
    settle(model)
    return model, wave((5, 3))


@_model
def subclassed(keras: Any, tf: Any) -> tuple[Any, Any]:
    model = custom_objects(keras)["Net"](name="net")
    model(wave((5, 3)))
    settle(model)
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9), "mse")
    return model, wave((5, 3))


@_model
def operators(keras: Any, tf: Any) -> tuple[Any, Any]:
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    x = (a + b) * 2.0 - b / 3.0
    y = 1.0 - x**2
    z = -abs(y[:, 1:3]) @ wave((2, 3))
    w = tf.where(a > b, a, 0.5 * b)
    v = tf.stack([a, x], axis=1)[..., tf.newaxis, ::2]
    masks = keras.layers.Concatenate()([tf.cast(~((a >= 0.0) & (b < 0.5)), "float32"), w[:, -2:]])
    model = keras.Model([a, b], [z, w, v, masks, (a // 0.3) % 2.0, 2.0 ** keras.layers.ReLU()(a)])
    return model, [wave((5, 4)), wave((5, 4), 1.0)]


@_model
def functions(keras: Any, tf: Any) -> tuple[Any, Any]:
    return zoo.MODELS["graph_of_ops"](keras)


@_model
def tensor_ops(keras: Any, tf: Any) -> tuple[Any, Any]:
    a = keras.Input((2, 6), name="a")
    s = keras.Input((2, 6), name="s")
    positive = tf.exp(a) + tf.math.square(s) + 0.1
    outputs = [
        tf.reshape(a, (-1, 3, 4)), tf.reshape(a, (tf.shape(a)[0], 12)), tf.transpose(a, [0, 2, 1]),
        tf.concat([a, s], axis=-1), tf.stack([a, s], axis=2), tf.expand_dims(a, 1),
        tf.squeeze(tf.expand_dims(a, -1), -1), tf.tile(a, [1, 2, 1]), tf.split(a, 3, axis=-1)[1],
        tf.unstack(a, axis=1)[0], tf.gather(a, [0, 2], axis=2), tf.pad(a, [[0, 0], [1, 0], [0, 2]]),
        tf.reduce_mean(a, axis=1), tf.reduce_sum(a, axis=[1, 2], keepdims=True),
        tf.reduce_max(a, -1), tf.math.reduce_std(a, axis=-1), tf.reduce_logsumexp(a, axis=1),
        tf.reduce_min(a, 1), tf.reduce_prod(a, 2), tf.reduce_any(a > 0.5, axis=2),
        tf.math.log(positive), tf.sqrt(positive), tf.math.rsqrt(positive), tf.pow(positive, 1.5),
        tf.tanh(a), tf.sigmoid(a), tf.sin(a), tf.sign(a), tf.round(a * 3.0), tf.floor(a), tf.abs(a),
        tf.maximum(a, s), tf.minimum(a, 0.2), tf.clip_by_value(a, -0.5, 0.5), tf.math.divide(a, positive),
        tf.math.squared_difference(a, s), tf.negative(a), tf.multiply(x=a, y=s), tf.subtract(1.0, a),
        tf.nn.relu(a), tf.nn.relu6(a), tf.nn.leaky_relu(a, alpha=0.1), tf.nn.softmax(a, axis=1),
        tf.nn.elu(a), tf.nn.gelu(a), tf.nn.silu(a), tf.nn.log_softmax(a), tf.nn.softplus(a),
        tf.nn.l2_normalize(a, axis=-1), tf.matmul(a, s, transpose_b=True), tf.linalg.matmul(a, s, True),
        tf.tensordot(a, wave((6, 2)), axes=1), tf.argmax(a, axis=-1),
        tf.one_hot(tf.cast(a > 0.0, "int32"), 2), tf.zeros_like(a), tf.ones_like(a), tf.cumsum(a, axis=1),
        tf.norm(a, axis=-1), tf.where(tf.greater(a, s), a, s), tf.identity(a), tf.reverse(a, [1]),
        tf.stop_gradient(a), tf.math.reciprocal(positive), tf.broadcast_to(a[:, :1], tf.shape(a)),
        tf.math.top_k(a, 2)[0], tf.slice(a, [0, 0, 1], [-1, -1, 2]), tf.repeat(a, 2, axis=1),
        tf.linalg.norm(a, axis=1, keepdims=True), tf.roll(a, 1, axis=2), tf.sort(a, axis=-1),
        tf.cast(tf.math.logical_not(tf.equal(tf.sign(a), 1.0)), "float32"), tf.add_n([a, s, a]),
        keras.activations.gelu(a), keras.activations.relu(a, max_value=0.5),
    ]  # fmt: skip
    return keras.Model([a, s], outputs), [wave((3, 2, 6)), wave((3, 2, 6), 2.0)]


@_model
def graph_ops(keras: Any, tf: Any) -> tuple[Any, Any]:
    a, s = keras.Input((4,), name="a"), keras.Input((4,), name="s")
    x = 1.0 - (a * 2.0 + s) / 3.0
    cut = tf.transpose(tf.reshape(tf.concat([x, s], axis=-1), [-1, 2, 4]), [0, 2, 1])[:, 1:3]
    outputs = [
        tf.reduce_mean(x, axis=1, keepdims=True), tf.nn.relu(cut), tf.squeeze(tf.expand_dims(x, 1), 1),
        tf.matmul(x, wave((4, 2))), tf.stack([x, s], 1), tf.cast(a > s, "float32"),
        tf.clip_by_value(a, -0.5, 0.5), tf.reshape(a, (tf.shape(a)[0], 2, 2)), tf.split(a, 2, axis=1)[1],
        tf.nn.softmax(a), tf.pad(a, [[0, 0], [1, 1]]), tf.abs(a) ** 2.0, -a, tf.tile(a, [1, 2]),
        tf.where(tf.greater(a, 0.0), a, s), tf.gather(a, [0, 2], axis=1), tf.exp(tf.sqrt(a * a + 1.0)),
        tf.reduce_max(s, -1), tf.maximum(a, s), tf.nn.leaky_relu(a, 0.1), tf.argmax(a, -1),
        tf.cumsum(a, axis=1), tf.one_hot(tf.cast(a > 0.0, "int32"), 2), tf.unstack(a, axis=1)[2],
        keras.layers.Dense(2, name="last")(tf.tanh(tf.square(a)) + tf.sigmoid(s)),
    ]  # fmt: skip
    model = keras.Model([a, s], outputs)
    return model, [wave((3, 4)), wave((3, 4), 2.0)]


def weights(model: Any) -> list[Any]:
    """Weights in an order that has not changed."""
    return [np.asarray(w) for w in (*model.trainable_weights, *model.non_trainable_weights)]


def targets(outputs: Any) -> Any:
    """Targets for one step of training, for outputs of the model."""
    several = isinstance(outputs, (list, tuple))
    found = [wave(tuple(o.shape), 0.5) for o in (outputs if several else [outputs])]
    return found if several else found[0]


# Optimizers by name: the class's name and its settings. Rules of these have not changed.
OPTIMIZERS: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("SGD", {"learning_rate": 0.1}),
    "momentum": ("SGD", {"learning_rate": 0.1, "momentum": 0.8}),
    "adam": ("Adam", {"learning_rate": 0.05}),
    "amsgrad": ("Adam", {"learning_rate": 0.05, "amsgrad": True}),
    "averaged": ("Adam", {"learning_rate": 0.05, "use_ema": True, "global_clipnorm": 0.5}),
    "adamw": ("AdamW", {"learning_rate": 0.05, "weight_decay": 0.1}),
    "rmsprop": ("RMSprop", {"learning_rate": 0.05}),
    "centered": ("RMSprop", {"learning_rate": 0.05, "momentum": 0.3, "centered": True}),
    "adagrad": ("Adagrad", {"learning_rate": 0.05}),
    "adadelta": ("Adadelta", {"learning_rate": 0.5}),
    "adamax": ("Adamax", {"learning_rate": 0.05}),
    "nadam": ("Nadam", {"learning_rate": 0.05}),
    "ftrl": ("Ftrl", {"learning_rate": 0.05, "l1_regularization_strength": 0.01}),
    "adafactor": ("Adafactor", {"learning_rate": 0.05}),
    "lion": ("Lion", {"learning_rate": 0.01}),
}
# Optimizers of `keras.optimizers.legacy`, which Keras 2 alone has.
OLD_OPTIMIZERS: dict[str, tuple[str, dict[str, Any]]] = {
    "old_sgd": ("SGD", {"learning_rate": 0.1, "momentum": 0.8, "decay": 0.1}),
    "old_adam": ("Adam", {"learning_rate": 0.05, "clipnorm": 1.0}),
    "old_amsgrad": ("Adam", {"learning_rate": 0.05, "amsgrad": True}),
    "old_rmsprop": ("RMSprop", {"learning_rate": 0.05, "momentum": 0.3, "centered": True}),
    "old_adagrad": ("Adagrad", {"learning_rate": 0.05}),
    "old_adadelta": ("Adadelta", {"learning_rate": 0.5}),
    "old_adamax": ("Adamax", {"learning_rate": 0.05}),
    "old_nadam": ("Nadam", {"learning_rate": 0.05}),
    "old_ftrl": ("Ftrl", {"learning_rate": 0.05, "l1_regularization_strength": 0.01}),
}


def optimized(keras: Any, name: str) -> tuple[Any, Any]:
    """Model for an optimizer of the tables, and its inputs."""
    kind, settings = (OPTIMIZERS | OLD_OPTIMIZERS)[name]
    module = keras.optimizers.legacy if name in OLD_OPTIMIZERS else keras.optimizers
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(1)])
    settle(model)
    model.compile(getattr(module, kind)(**settings), "mse")
    return model, wave((5, 3))
