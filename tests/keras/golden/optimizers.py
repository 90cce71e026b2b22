"""The rows of optimizers with the options that all share, and of optimizers around optimizers.

Like those of `tables.py`, they run with TensorFlow to be recorded and with thalweg to be compared.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

#: each optimizer with its own options
OWN: dict[str, dict[str, Any]] = {
    "Adadelta": {"learning_rate": 1.0, "rho": 0.8},
    "Adafactor": {"learning_rate": 0.1},
    "Adagrad": {"learning_rate": 0.1},
    "Adam": {"learning_rate": 0.1, "amsgrad": True},
    "AdamW": {"learning_rate": 0.1, "weight_decay": 0.2},
    "Adamax": {"learning_rate": 0.1},
    "Ftrl": {"learning_rate": 0.1, "l2_regularization_strength": 0.2},
    "Lamb": {"learning_rate": 0.1},
    "Lion": {"learning_rate": 0.01},
    "Muon": {"learning_rate": 0.1},
    "Nadam": {"learning_rate": 0.1},
    "RMSprop": {"learning_rate": 0.1, "momentum": 0.5, "centered": True},
    "SGD": {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True},
    "ScheduleFreeAdamW": {"learning_rate": 0.1, "beta_1": 0.5, "warmup_steps": 3},
}
#: sets of shared options
SHARED: dict[str, dict[str, Any]] = {
    "plain": {},
    "averages": {"use_ema": True, "ema_momentum": 0.9, "weight_decay": 0.1},
    "overwriting": {"use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 3},
    "two": {"gradient_accumulation_steps": 2, "clipnorm": 0.7, "weight_decay": 0.1},
    "three": {
        "gradient_accumulation_steps": 3,
        "global_clipnorm": 1.0,
        "use_ema": True,
        "ema_momentum": 0.8,
        "ema_overwrite_frequency": 2,
    },
    "scaled": {"loss_scale_factor": 8.0, "clipvalue": 0.1},
    "scheduled": {"learning_rate": (0.1, 3, 0.5), "gradient_accumulation_steps": 2},
}
#: steps after which weights are recorded
SHOWN = (1, 3, 6, 10)


class OptimizerRow(NamedTuple):
    """An optimizer, and a key of `SHARED` or of `WRAPPED`."""

    name: str
    options: str

    @property
    def id(self) -> str:
        """Name and key, for files and test ids."""
        return f"{self.name}-{self.options}"


def gradients(step: int) -> list[Any]:
    """Gradients of a matrix and a vector for a step."""
    rng = np.random.default_rng(step)
    return [rng.normal(size=s).astype(np.float32) for s in ((2, 3), (3,))]


def weights(tf: Any) -> list[Any]:
    """A matrix and a vector with a constraint, as layers make them."""
    matrix = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, 0.0]], np.float32)
    w = tf.keras.Variable(matrix, name="w")
    b = tf.keras.layers.Layer(name="b").add_weight(
        (3,), name="b", constraint=tf.keras.constraints.MaxNorm(0.9)
    )
    b.assign(np.array([0.5, 0.0, -1.0], np.float32))
    return [w, b]


def optimizer_of(tf: Any, row: OptimizerRow) -> Any:
    """The optimizer of a row of `OPTIONS`."""
    options = OWN[row.name] | SHARED[row.options]
    rate = options["learning_rate"]
    if isinstance(rate, tuple):
        options["learning_rate"] = tf.keras.optimizers.schedules.ExponentialDecay(*rate)
    return getattr(tf.keras.optimizers, row.name)(**options)


def run_options(tf: Any, row: OptimizerRow) -> dict[str, Any]:
    """Weights on the way through ten steps and when finished, the count, and the state's names."""
    optimizer, trained = optimizer_of(tf, row), weights(tf)
    optimizer.build(trained)
    path = []
    for step in range(1, 11):
        optimizer.apply([tf.constant(g) for g in gradients(step)], trained)
        if step in SHOWN:
            path.append([tf.convert_to_tensor(v) for v in trained])
    optimizer.finalize_variable_values(trained)
    # Keras gives these names that say nothing.
    named = row.name not in ("Adafactor", "Nadam")
    return {
        "path": path,
        "final": [tf.convert_to_tensor(v) for v in trained],
        "iterations": int(optimizer.iterations),
        "names": " ".join(v.name for v in optimizer.variables) if named else "",
        "shapes": str([tuple(v.shape) for v in optimizer.variables]),
    }


def _scaling(tf: Any, inner: Any) -> Any:
    return tf.keras.optimizers.LossScaleOptimizer(inner, initial_scale=8.0, dynamic_growth_steps=2)


#: optimizers around optimizers: name to a function of the module
WRAPPED: dict[str, Any] = {
    "adam": lambda tf: _scaling(tf, tf.keras.optimizers.Adam(0.1)),
    "accumulating": lambda tf: _scaling(
        tf,
        tf.keras.optimizers.SGD(0.1, gradient_accumulation_steps=2, use_ema=True, ema_momentum=0.5),
    ),
    "map": lambda tf: tf.keras.optimizers.MultiOptimizer(
        tf.keras.optimizers.OptimizerMap(
            tf.keras.optimizers.SGD(0.1, clipnorm=0.5), {"w": tf.keras.optimizers.Adam(0.2)}
        ),
        loss_scale_factor=4.0,
    ),
    "function": lambda tf: tf.keras.optimizers.MultiOptimizer(
        lambda v: tf.keras.optimizers.Lion(0.1) if v.name == "b" else tf.keras.optimizers.Adam(0.1)
    ),
}
#: factor of the first gradient's first element in each step
FAULTS = (1.0, 1.0, np.inf, 1.0, np.nan, 1.0, 1.0, 1.0, 1.0)


def run_wrapped(tf: Any, row: OptimizerRow) -> dict[str, Any]:
    """Weights, state and scales through steps of which some have gradients that are not finite."""
    optimizer, trained = WRAPPED[row.options](tf), weights(tf)
    optimizer.build(trained)
    path, scales = [], []
    for step, fault in enumerate(FAULTS):
        scale = float(optimizer.scale_loss(tf.constant(1.0)))
        grads = [g * scale for g in gradients(step)]
        if row.name == "LossScaleOptimizer":
            grads[0][0, 0] *= fault
        optimizer.apply([tf.constant(g) for g in grads], trained)
        scales.append(scale)
        path.append([tf.convert_to_tensor(v) for v in trained])
    optimizer.finalize_variable_values(trained)
    return {
        "path": path,
        "scales": scales,
        "final": [tf.convert_to_tensor(v) for v in trained],
        "iterations": int(optimizer.iterations),
        "state": [tf.convert_to_tensor(v) for v in optimizer.variables],
    }


OPTIONS = tuple(OptimizerRow(name, options) for name in OWN for options in SHARED)
WRAPPERS = (
    OptimizerRow("LossScaleOptimizer", "adam"),
    OptimizerRow("LossScaleOptimizer", "accumulating"),
    OptimizerRow("MultiOptimizer", "map"),
    OptimizerRow("MultiOptimizer", "function"),
)
