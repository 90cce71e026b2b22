"""Keras activations, initializers, regularizers, constraints and small layer facts."""

from __future__ import annotations

from typing import Any

from ..support import Cases, attempt

cases = Cases()

ACTIVATIONS = (
    "celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu linear "
    "log_sigmoid log_softmax mish relu relu6 selu sigmoid silu softmax softplus softsign soft_shrink sparse_plus "
    "sparsemax squareplus swish tanh tanh_shrink threshold"
).split()


def _activation(tf: Any, name: str) -> Any:
    x = tf.constant([[-4.0, -3.0, -1.0, -0.5], [0.0, 0.25, 1.0, 6.5]])
    function = tf.keras.activations.get(name)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.convert_to_tensor(function(x))
        z = y * y
    return [y, tape.gradient(z, x)]


for _name in ACTIVATIONS:
    cases.add(
        f"activation_{_name}",
        lambda tf, np, n=_name: attempt(lambda: _activation(tf, n)),
        rtol=2e-5,
        atol=2e-6,
    )


@cases
def activation_options(tf: Any, np: Any) -> Any:
    a, x = tf.keras.activations, tf.constant([[-2.0, 0.5, 8.0]])
    return {
        "relu": a.relu(x, negative_slope=0.1, max_value=6.0, threshold=0.25),
        "leaky_relu": a.leaky_relu(x, negative_slope=0.3),
        "elu": a.elu(x, alpha=0.5),
        "gelu": a.gelu(x, approximate=True),
        "softmax axis": a.softmax(tf.constant([[1.0, 2.0], [3.0, 5.0]]), axis=0),
        "softmax 1d": attempt(lambda: a.softmax(tf.constant([1.0, 2.0]))),
        "linear": a.linear(x),
        "none": getattr(a.get(None), "__name__", None),
        "unknown": attempt(lambda: a.get("nothing")),
        "callable": a.get(tf.nn.relu) is tf.nn.relu,
        "serialize": attempt(lambda: a.serialize(a.relu)),
    }


INITIALIZERS = {
    "zeros": "Zeros",
    "ones": "Ones",
    "constant": "Constant",
    "identity": "Identity",
    "glorot_uniform": "GlorotUniform",
    "glorot_normal": "GlorotNormal",
    "he_uniform": "HeUniform",
    "he_normal": "HeNormal",
    "lecun_uniform": "LecunUniform",
    "lecun_normal": "LecunNormal",
    "random_normal": "RandomNormal",
    "random_uniform": "RandomUniform",
    "truncated_normal": "TruncatedNormal",
    "variance_scaling": "VarianceScaling",
    "orthogonal": "Orthogonal",
}


@cases
def initializer_lookup(tf: Any, np: Any) -> Any:
    get = tf.keras.initializers.get
    return {
        n: attempt(lambda n=n: type(get(n)).__name__)
        for n in [*INITIALIZERS, *INITIALIZERS.values()]
    } | {
        "unknown": attempt(lambda: get("nothing")),
        "none": get(None),
        "callable": attempt(lambda: callable(get(lambda s, d: s))),
    }


@cases
def initializer_configs(tf: Any, np: Any) -> Any:
    i = tf.keras.initializers
    return {
        "glorot_uniform": i.GlorotUniform().get_config(),
        "random_normal": i.RandomNormal().get_config(),
        "random_uniform": i.RandomUniform().get_config(),
        "truncated": i.TruncatedNormal().get_config(),
        "variance": i.VarianceScaling().get_config(),
        "constant": i.Constant(2.0).get_config(),
        "orthogonal": i.Orthogonal(gain=2.0).get_config(),
    }


def _limit(np: Any, values: Any, spread: float) -> Any:
    """Facts of a draw that do not depend on the generator: dtype, shape, bounds within reach."""
    return [
        values.dtype.name,
        list(values.shape),
        bool(np.abs(values).max() <= spread * (1 + 1e-6)),
        bool(np.abs(values).max() >= spread * 0.97),
    ]


@cases
def initializer_limits(tf: Any, np: Any) -> Any:
    """Uniform kinds reach their limit sqrt(scale * 3 / fan); normal kinds are cut at two sigma."""
    i, shape, conv = tf.keras.initializers, (200, 100), (3, 3, 40, 80)
    trunc = 2.0 / 0.87962566103423978

    def draw(initializer: Any, shape: tuple[int, ...] = shape) -> Any:
        return np.array(initializer(shape))

    return {
        "glorot_uniform": _limit(np, draw(i.GlorotUniform(seed=1)), (6.0 / 300.0) ** 0.5),
        "glorot_uniform conv": _limit(
            np, draw(i.GlorotUniform(seed=1), conv), (6.0 / (9 * 120.0)) ** 0.5
        ),
        "he_uniform": _limit(np, draw(i.HeUniform(seed=1)), (6.0 / 200.0) ** 0.5),
        "lecun_uniform": _limit(np, draw(i.LecunUniform(seed=1)), (3.0 / 200.0) ** 0.5),
        "glorot_normal": _limit(np, draw(i.GlorotNormal(seed=1)), trunc * (2.0 / 300.0) ** 0.5),
        "he_normal": _limit(np, draw(i.HeNormal(seed=1)), trunc * (2.0 / 200.0) ** 0.5),
        "lecun_normal": _limit(np, draw(i.LecunNormal(seed=1)), trunc * (1.0 / 200.0) ** 0.5),
        "random_uniform": _limit(np, draw(i.RandomUniform(seed=1)), 0.05),
        "truncated_normal": _limit(np, draw(i.TruncatedNormal(seed=1)), 0.1),
        "variance fan_out": _limit(
            np, draw(i.VarianceScaling(2.0, "fan_out", "uniform", seed=1)), (6.0 / 100.0) ** 0.5
        ),
        "random_normal std": bool(abs(draw(i.RandomNormal(stddev=2.0, seed=1)).std() - 2.0) < 0.05),
        "he_normal std": bool(
            abs(draw(i.HeNormal(seed=1)).std() / (2.0 / 200.0) ** 0.5 - 1.0) < 0.03
        ),
        "untruncated": bool(
            abs(
                draw(i.VarianceScaling(1.0, "fan_in", "untruncated_normal", seed=1)).std()
                * 200**0.5
                - 1
            )
            < 0.03
        ),
        "vector": _limit(np, draw(i.GlorotUniform(seed=1), (5000,)), (6.0 / 10000.0) ** 0.5),
    }


@cases
def initializer_exact(tf: Any, np: Any) -> Any:
    i = tf.keras.initializers
    q = np.array(i.Orthogonal(seed=1)((6, 4)))
    return {
        "zeros": i.Zeros()((2, 3)),
        "ones int": i.Ones()((2,), dtype="int32"),
        "constant": i.Constant(3.5)((2, 2)),
        "identity": i.Identity(gain=2.0)((2, 3)),
        "orthogonal": bool(np.abs(q.T @ q - np.eye(4)).max() < 1e-5),
        "same object twice": bool(
            np.array_equal(
                *(lambda g: (np.array(g((3,))), np.array(g((3,)))))(i.RandomNormal(seed=5))
            )
        ),
        "same seed": bool(
            np.array_equal(
                np.array(i.RandomNormal(seed=5)((3,))), np.array(i.RandomNormal(seed=5)((3,)))
            )
        ),
        "no seed": bool(
            np.array_equal(np.array(i.RandomNormal()((3,))), np.array(i.RandomNormal()((3,))))
        ),
        "no seed same object": bool(
            np.array_equal(*(lambda g: (np.array(g((3,))), np.array(g((3,)))))(i.RandomNormal()))
        ),
        "bad scale": attempt(lambda: i.VarianceScaling(scale=-1.0)),
        "bad mode": attempt(lambda: i.VarianceScaling(mode="fan")),
        "bad distribution": attempt(lambda: i.VarianceScaling(distribution="cauchy")),
        "identity rank": attempt(lambda: i.Identity()((2, 2, 2))),
    }


@cases
def regularizers(tf: Any, np: Any) -> Any:
    r, x = tf.keras.regularizers, tf.constant([[1.0, -2.0], [3.0, 4.0]])
    return {
        "l1": r.L1(0.1)(x),
        "l2": r.L2(0.1)(x),
        "l1l2": r.L1L2(l1=0.1, l2=0.2)(x),
        "default l2": r.L2()(x),
        "string": r.get("l2")(x),
        "orthogonal": r.OrthogonalRegularizer(0.1)(x),
        "unknown": attempt(lambda: r.get("nothing")),
        "config": r.L1L2(l1=0.5, l2=0.25).get_config(),
        "lower": [r.l2(0.5)(x), r.l1(0.5)(x), r.l1_l2(l1=0.5, l2=0.5)(x)],
    }


@cases
def constraints(tf: Any, np: Any) -> Any:
    c, x = tf.keras.constraints, tf.constant([[1.0, -2.0], [3.0, 4.0]])
    return {
        "max_norm": c.MaxNorm(1.0)(x),
        "min_max": c.MinMaxNorm(0.5, 2.0, rate=0.5)(x),
        "non_neg": c.NonNeg()(x),
        "unit": c.UnitNorm(axis=0)(x),
        "string": c.get("non_neg")(x),
        "unknown": attempt(lambda: c.get("nothing")),
    }


@cases
def normalization_layers(tf: Any, np: Any) -> Any:
    L = tf.keras.layers
    x = tf.constant([[1.0, 2.0, 6.0], [3.0, -2.0, 0.0]])
    batch = L.BatchNormalization()
    trained = batch(x, training=True)
    return {
        "batch train": trained,
        "batch moving": [np.array(w) for w in batch.get_weights()],
        "batch infer": batch(x),
        "layer": L.LayerNormalization()(x),
        "layer axis": L.LayerNormalization(axis=[0])(tf.transpose(x)),
        "group": L.GroupNormalization(1)(x),
        "unit": L.UnitNormalization()(x),
        "rms": attempt(lambda: L.RMSNormalization()(x)),
    }


@cases(rtol=1e-4)
def recurrent_layers(tf: Any, np: Any) -> Any:
    """Gate order, biases and activations: constant kernels make each visible."""
    L = tf.keras.layers
    x = tf.constant(np.random.RandomState(0).randint(-2, 3, (2, 3, 2)).astype(np.float32))

    def filled(layer: Any, **kwargs: Any) -> Any:
        layer.build((None, 3, 2))
        weights = [
            np.linspace(-0.5, 0.75, w.size, dtype=np.float32).reshape(w.shape)
            for w in layer.get_weights()
        ]
        layer.set_weights(weights)
        return layer(x, **kwargs)

    return {
        "lstm": filled(L.LSTM(2)),
        "lstm sequences": filled(L.LSTM(2, return_sequences=True)),
        "lstm state": list(filled(L.LSTM(2, return_state=True))),
        "gru": filled(L.GRU(2)),
        "gru reset before": filled(L.GRU(2, reset_after=False)),
        "rnn": filled(L.SimpleRNN(2)),
        "backwards": filled(L.LSTM(2, go_backwards=True, return_sequences=True)),
        "masked": filled(
            L.LSTM(2, return_sequences=True),
            mask=tf.constant([[True, True, False], [True, False, True]]),
        ),
        "lstm shapes": [
            list(w.shape)
            for w in (lambda layer: (layer.build((None, 3, 2)), layer)[1])(L.LSTM(2)).get_weights()
        ],
        "lstm bias": (lambda layer: (layer.build((None, 3, 2)), layer)[1])(L.LSTM(2)).get_weights()[
            2
        ],
    }


@cases(rtol=1e-4)
def attention_and_embedding(tf: Any, np: Any) -> Any:
    L = tf.keras.layers
    q = tf.constant(np.random.RandomState(1).randint(-2, 3, (1, 2, 4)).astype(np.float32))
    v = tf.constant(np.random.RandomState(2).randint(-2, 3, (1, 3, 4)).astype(np.float32))
    mha = L.MultiHeadAttention(2, 2)
    mha.build(q.shape, v.shape)
    mha.set_weights(
        [
            np.linspace(-0.5, 0.5, w.size, dtype=np.float32).reshape(w.shape)
            for w in mha.get_weights()
        ]
    )
    out, scores = mha(q, v, return_attention_scores=True)
    embedding = L.Embedding(3, 2, embeddings_initializer="ones", mask_zero=True)
    return {
        "mha": out,
        "scores": scores,
        "mha causal": mha(v, v, use_causal_mask=True),
        "mha weights": [list(w.shape) for w in mha.get_weights()],
        "attention": L.Attention()([q, v]),
        "additive": L.AdditiveAttention(use_scale=False)([q, v]),
        "embedding": embedding(tf.constant([[0, 2]])),
        "mask": embedding.compute_mask(tf.constant([[0, 2]])),
    }


@cases
def layer_arithmetic(tf: Any, np: Any) -> Any:
    L = tf.keras.layers
    a, b = tf.constant([[1.0, 2.0]]), tf.constant([[3.0, 5.0]])
    programs = {
        "add": lambda: L.Add()([a, b]),
        "subtract": lambda: L.Subtract()([a, b]),
        "multiply": lambda: L.Multiply()([a, b]),
        "average": lambda: L.Average()([a, b]),
        "maximum": lambda: L.Maximum()([a, b]),
        "concatenate": lambda: L.Concatenate()([a, b]),
        "dot": lambda: L.Dot(1)([a, b]),
        "dot normalize": lambda: L.Dot(1, normalize=True)([a, b]),
        "rescaling": lambda: L.Rescaling(1.0 / 255, offset=-1.0)(tf.constant([0, 255], tf.uint8)),
        "dropout infer": lambda: L.Dropout(0.5)(a),
        "flatten": lambda: L.Flatten()(tf.ones((2, 3, 4))),
        "reshape": lambda: L.Reshape((-1, 2))(tf.ones((1, 4))),
        "permute": lambda: L.Permute((2, 1))(tf.reshape(tf.range(6.0), (1, 2, 3))),
        "repeat": lambda: L.RepeatVector(2)(a),
        "leaky": lambda: L.LeakyReLU(negative_slope=0.1)(tf.constant([-1.0])),
        "prelu": lambda: L.PReLU(alpha_initializer="ones")(-a),
        "softmax layer": lambda: L.Softmax()(a),
        "category": lambda: L.CategoryEncoding(4, "multi_hot")(tf.constant([[1, 3]])),
        "discretization": lambda: L.Discretization([0.0, 1.0])(tf.constant([-1.0, 0.0, 0.5, 3.0])),
        "normalization": lambda: L.Normalization(mean=3.0, variance=4.0)(tf.constant([[5.0]])),
        "hashing": lambda: L.Hashing(5)(tf.constant([["a"], ["b"]])),
    }
    return {name: attempt(program) for name, program in programs.items()}


@cases
def dense_shapes_and_errors(tf: Any, np: Any) -> Any:
    L = tf.keras.layers
    d = L.Dense(2, kernel_initializer="ones")
    y = d(tf.ones((3, 4)))
    return {
        "value": y,
        "weights": [list(w.shape) for w in d.get_weights()],
        "names": [w.name for w in d.weights],
        "wrong last dim": attempt(lambda: d(tf.ones((3, 5)))),
        "3d": L.Dense(2, kernel_initializer="ones")(tf.ones((1, 2, 3))),
        "scalar": attempt(lambda: L.Dense(2)(tf.ones(()))),
        "negative": attempt(lambda: L.Dense(-1)),
        "int input": attempt(
            lambda: L.Dense(2, kernel_initializer="ones")(tf.ones((1, 2), tf.int32))
        ),
        "float64 input": L.Dense(2, kernel_initializer="ones")(tf.ones((1, 2), tf.float64)),
        "numpy input": L.Dense(2, kernel_initializer="ones")(np.ones((1, 2))),
        "unknown kwarg": attempt(lambda: L.Dense(2, nothing=1)),
        "activation": L.Dense(
            1, activation="relu", kernel_initializer="ones", bias_initializer="ones"
        )(tf.constant([[-3.0]])),
        "list input": attempt(lambda: L.Dense(1)([[-3.0]])),
        "conv rank": attempt(lambda: L.Conv2D(1, 3)(tf.ones((4, 4, 1)))),
    }
