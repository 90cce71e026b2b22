"""Optimizers' trajectories on a fixed quadratic, schedules, clipping and slot variables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..support import Cases, attempt

cases = Cases()

OPTIMIZERS: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("SGD", {"learning_rate": 0.1}),
    "sgd_default": ("SGD", {}),
    "sgd_momentum": ("SGD", {"learning_rate": 0.1, "momentum": 0.9}),
    "sgd_nesterov": ("SGD", {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}),
    "sgd_weight_decay": ("SGD", {"learning_rate": 0.1, "weight_decay": 0.01}),
    "rmsprop": ("RMSprop", {"learning_rate": 0.1}),
    "rmsprop_default": ("RMSprop", {}),
    "rmsprop_rho": ("RMSprop", {"learning_rate": 0.1, "rho": 0.5}),
    "rmsprop_momentum": ("RMSprop", {"learning_rate": 0.1, "momentum": 0.9}),
    "rmsprop_centered": ("RMSprop", {"learning_rate": 0.1, "centered": True}),
    "rmsprop_centered_momentum": (
        "RMSprop",
        {"learning_rate": 0.1, "centered": True, "momentum": 0.5},
    ),
    "rmsprop_epsilon": ("RMSprop", {"learning_rate": 0.1, "epsilon": 0.1}),
    "adam": ("Adam", {"learning_rate": 0.1}),
    "adam_default": ("Adam", {}),
    "adam_amsgrad": ("Adam", {"learning_rate": 0.1, "amsgrad": True}),
    "adam_betas": ("Adam", {"learning_rate": 0.1, "beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}),
    "adamw": ("AdamW", {"learning_rate": 0.1}),
    "adagrad": ("Adagrad", {"learning_rate": 0.1}),
    "adagrad_default": ("Adagrad", {}),
    "adagrad_accumulator": ("Adagrad", {"learning_rate": 0.1, "initial_accumulator_value": 0.5}),
    "adadelta": ("Adadelta", {"learning_rate": 1.0}),
    "adamax": ("Adamax", {"learning_rate": 0.1}),
    "nadam": ("Nadam", {"learning_rate": 0.1}),
    "ftrl": ("Ftrl", {"learning_rate": 0.1}),
    "lion": ("Lion", {"learning_rate": 0.01}),
    "adafactor": ("Adafactor", {"learning_rate": 0.1}),
    "lamb": ("Lamb", {"learning_rate": 0.1}),
    "clipnorm": ("SGD", {"learning_rate": 0.1, "clipnorm": 0.5}),
    "clipvalue": ("SGD", {"learning_rate": 0.1, "clipvalue": 0.5}),
    "global_clipnorm": ("SGD", {"learning_rate": 0.1, "global_clipnorm": 0.5}),
    "ema": (
        "SGD",
        {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 3},
    ),
    "accumulation": ("SGD", {"learning_rate": 0.1, "gradient_accumulation_steps": 2}),
    "loss_scale": ("SGD", {"learning_rate": 0.1, "loss_scale_factor": 4.0}),
}


def _loss(tf: Any, w: Any, b: Any) -> Any:
    a = tf.constant([[2.0, 0.5], [0.5, 1.0]])
    d = tf.convert_to_tensor(w) - tf.constant([[1.0], [-2.0]])
    return 0.5 * tf.reduce_sum(d * tf.matmul(a, d)) + tf.reduce_sum(
        tf.square(tf.convert_to_tensor(b) - 3.0)
    )


def _trajectory(tf: Any, optimizer: Any, steps: int = 5) -> Any:
    w, b = tf.keras.Variable([[3.0], [1.0]], name="w"), tf.keras.Variable([0.0], name="b")
    path = []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = _loss(tf, w, b)
        grads = tape.gradient(loss, [w.value, b.value])
        optimizer.apply_gradients(zip(grads, [w, b], strict=True))
        path.append([tf.convert_to_tensor(w), tf.convert_to_tensor(b)])
    return {
        "path": path,
        "iterations": int(tf.convert_to_tensor(optimizer.iterations)),
        "variables": len(optimizer.variables),
    }


for _key, (_cls, _options) in OPTIMIZERS.items():
    cases.add(
        f"trajectory_{_key}",
        lambda tf, np, c=_cls, o=_options: _trajectory(tf, getattr(tf.keras.optimizers, c)(**o)),
        rtol=2e-5,
        atol=2e-6,
    )


@cases
def through_a_model(tf: Any, np: Any) -> Any:
    """Five full-batch steps of `fit` with a fixed start, for the optimizers of the chapters."""
    x = np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 0.5], [-1.0, 1.0]], np.float32)
    y = np.array([[1.0], [0.0], [0.5], [2.0]], np.float32)
    result = {}
    for name in ("sgd", "rmsprop", "adam", "adagrad"):
        model = tf.keras.Sequential(
            [tf.keras.Input((2,)), tf.keras.layers.Dense(1, kernel_initializer="ones")]
        )
        model.compile(optimizer=name, loss="mse")
        history = model.fit(x, y, epochs=5, batch_size=4, verbose=0).history["loss"]
        result[name] = [np.array(history, np.float32), *[np.array(w) for w in model.get_weights()]]
    return result


@cases
def tf_variables(tf: Any, np: Any) -> Any:
    v = tf.Variable([1.0, 2.0])
    optimizer = tf.keras.optimizers.SGD(0.5)
    optimizer.apply_gradients([(tf.constant([1.0, -1.0]), v)])
    return v


@cases
def none_gradients(tf: Any, np: Any) -> Any:
    v, w = tf.keras.Variable([1.0]), tf.keras.Variable([2.0])
    optimizer = tf.keras.optimizers.SGD(0.5)
    optimizer.apply_gradients([(tf.constant([1.0]), v), (None, w)])
    return [
        tf.convert_to_tensor(v),
        tf.convert_to_tensor(w),
        attempt(lambda: tf.keras.optimizers.SGD(0.5).apply_gradients([(None, w)])),
        attempt(lambda: tf.keras.optimizers.SGD(0.5).apply_gradients([])),
        attempt(
            lambda: optimizer.apply_gradients([(tf.constant([1.0]), tf.keras.Variable([5.0]))])
        ),
    ]


@cases
def learning_rate_access(tf: Any, np: Any) -> Any:
    optimizer = tf.keras.optimizers.RMSprop(learning_rate=0.25, name="rms")
    first = float(tf.convert_to_tensor(optimizer.learning_rate))
    optimizer.learning_rate = 0.5
    second = float(tf.convert_to_tensor(optimizer.learning_rate))
    optimizer.learning_rate.assign(0.125)
    return [
        first,
        second,
        float(tf.convert_to_tensor(optimizer.learning_rate)),
        type(optimizer).__name__,
        optimizer.name,
    ]


@cases
def lookup(tf: Any, np: Any) -> Any:
    names = [
        "sgd",
        "SGD",
        "rmsprop",
        "RMSprop",
        "adam",
        "Adam",
        "adagrad",
        "adamw",
        "nadam",
        "lion",
        "ftrl",
        "adadelta",
        "adamax",
    ]
    return {n: attempt(lambda n=n: type(tf.keras.optimizers.get(n)).__name__) for n in names} | {
        "unknown": attempt(lambda: tf.keras.optimizers.get("nothing")),
        "config": {
            k: v
            for k, v in tf.keras.optimizers.Adam(0.5, name="a").get_config().items()
            if isinstance(v, (int, float, str, bool)) or v is None
        },
        "rmsprop config": {
            k: v
            for k, v in tf.keras.optimizers.RMSprop(name="rms").get_config().items()
            if isinstance(v, (int, str, bool)) or v is None
        },
    }


SCHEDULES: dict[str, Callable[[Any], Any]] = {
    "ExponentialDecay": lambda s: s.ExponentialDecay(0.1, 10, 0.5),
    "ExponentialDecay_staircase": lambda s: s.ExponentialDecay(0.1, 10, 0.5, staircase=True),
    "PiecewiseConstantDecay": lambda s: s.PiecewiseConstantDecay([5, 10], [1.0, 0.5, 0.1]),
    "PolynomialDecay": lambda s: s.PolynomialDecay(0.1, 10, 0.01, power=2.0),
    "PolynomialDecay_cycle": lambda s: s.PolynomialDecay(0.1, 10, 0.01, cycle=True),
    "InverseTimeDecay": lambda s: s.InverseTimeDecay(0.1, 10, 0.5),
    "CosineDecay": lambda s: s.CosineDecay(0.1, 20, alpha=0.1),
    "CosineDecay_warmup": lambda s: s.CosineDecay(0.0, 20, warmup_target=0.1, warmup_steps=5),
    "CosineDecayRestarts": lambda s: s.CosineDecayRestarts(0.1, 5),
}
for _key, _schedule in SCHEDULES.items():
    cases.add(
        f"schedule_{_key}",
        lambda tf, np, make=_schedule: [
            float(tf.convert_to_tensor(make(tf.keras.optimizers.schedules)(step)))
            for step in (0, 1, 5, 6, 10, 11, 15, 25, 50)
        ],
    )


@cases
def schedule_in_optimizer(tf: Any, np: Any) -> Any:
    schedule = tf.keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)
    return _trajectory(tf, tf.keras.optimizers.SGD(schedule))
