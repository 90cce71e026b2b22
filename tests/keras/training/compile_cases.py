"""Models with all sorts of outputs and what they are compiled with, for real Keras and for ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

X = np.ones((4, 2), "float32")
WEIGHTS = np.array([1.0, 2.0, 3.0, 4.0], "float32")
# The outputs are zeros, so every loss and metric of these targets is another number.
A, B, C = (np.array([[k], [k], [k], [k + 1]], "float32") for k in (1.0, 3.0, 6.0))


def drawn(keras: Any, outputs: Callable[..., Any]) -> Any:
    """Functional model of three layers `first`, `second` and `third`."""
    inputs = keras.Input((2,))
    names = ("first", "second", "third")
    made = [keras.layers.Dense(1, name=n, kernel_initializer="zeros")(inputs) for n in names]
    return keras.Model(inputs, outputs(*made))


def written(keras: Any, outputs: Callable[..., Any]) -> Any:
    """Model with a `call`, whose outputs have no names of their own."""

    class Written(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.parts = [keras.layers.Dense(1, kernel_initializer="zeros") for _ in range(3)]

        def call(self, inputs: Any) -> Any:
            return outputs(*(part(inputs) for part in self.parts))

    return Written()


# Name: kind of model, its outputs, targets, arguments of `compile`.
CASES: dict[str, tuple[Any, Any, Any, dict[str, Any]]] = {
    "one": (drawn, lambda a, b, c: a, A, {"loss": "mse", "metrics": ["msle", "mae"]}),
    "one by name": (
        drawn, lambda a, b, c: a, A, {"loss": {"first": "mse"}, "metrics": {"first": ["mae"]}},
    ),
    "one in a list": (
        drawn, lambda a, b, c: [a], [A], {"loss": ["mse"], "metrics": [["msle", "mae"]]},
    ),
    "one in a dict": (drawn, lambda a, b, c: {"p": a}, {"p": A}, {"loss": "mse", "metrics": ["mae"]}),
    "weighted": (
        drawn, lambda a, b, c: a, A,
        {"loss": "mse", "metrics": ["mae"], "weighted_metrics": ["msle", "mse"]},
    ),
    "list": (drawn, lambda a, b, c: [b, a], [B, A], {"loss": "mse"}),
    "list, metrics": (
        drawn, lambda a, b, c: [b, a], [B, A],
        {
            "loss": ["mse", "mae"],
            "metrics": [["msle", "mae"], ["mse"]],
            "weighted_metrics": [["mse"], ["mse", "mae"]],
        },
    ),
    "list, by name": (
        drawn, lambda a, b, c: [a, b], [A, B],
        {
            "loss": {"second": "mae", "first": "mse"},
            "loss_weights": {"first": 0.5, "second": 2.0},
            "metrics": {"second": ["mse"], "first": "mae"},
        },
    ),
    "list, one loss": (
        drawn, lambda a, b, c: [a, b], [A, B], {"loss": ["mse", None], "metrics": [["mae"], None]},
    ),
    "tuple": (
        drawn, lambda a, b, c: (a, b), (A, B), {"loss": ("mse", "mae"), "metrics": (["mae"], ["mse"])},
    ),
    "dict": (drawn, lambda a, b, c: {"q": a, "p": b}, {"q": A, "p": B}, {"loss": "mse"}),
    "dict, metrics": (
        drawn, lambda a, b, c: {"q": a, "p": b}, {"q": A, "p": B},
        {
            "loss": {"q": "mse", "p": "mae"},
            "metrics": {"p": ["mse", "msle"], "q": ["mae"]},
            "weighted_metrics": {"q": ["mae"]},
        },
    ),
    "dict, losses in another order": (
        drawn, lambda a, b, c: {"q": a, "p": b}, {"q": A, "p": B}, {"loss": {"p": "mae", "q": "mse"}},
    ),
    "dict, one loss": (
        drawn, lambda a, b, c: {"q": a, "p": b}, {"q": A, "p": B},
        {"loss": {"p": "mae"}, "metrics": {"p": "mse"}},
    ),
    "list in a list": (
        drawn, lambda a, b, c: [a, [b, c]], [A, [B, C]], {"loss": ["mse", ["mae", "mse"]]},
    ),
    "list in a list, one loss for all": (
        drawn, lambda a, b, c: [a, [b, c]], [A, [B, C]], {"loss": "mse"},
    ),
    "dict in a dict": (
        drawn, lambda a, b, c: {"q": a, "n": {"y": b, "x": c}}, {"q": A, "n": {"y": B, "x": C}},
        {"loss": {"q": "mse", "n": {"x": "mae", "y": "mse"}}},
    ),
    "list in a dict": (
        drawn, lambda a, b, c: {"q": a, "n": [b, c]}, {"q": A, "n": [B, C]},
        {"loss": {"q": "mse", "n": ["mae", "mse"]}},
    ),
    "written, list of one": (
        written, lambda a, b, c: [a], [A], {"loss": "mse", "metrics": ["mae"]},
    ),
    "written, dict": (
        written, lambda a, b, c: {"q": a, "p": b}, {"q": A, "p": B},
        {"loss": {"p": "mae", "q": "mse"}, "metrics": {"q": ["mae"], "p": ["mse"]}},
    ),
    "written, dict in a dict": (
        written, lambda a, b, c: {"q": a, "n": {"p": b}}, {"q": A, "n": {"p": B}},
        {"loss": {"q": "mse", "n": {"p": "mae"}}},
    ),
    "written, tuple": (
        written, lambda a, b, c: (a, b), (A, B),
        {"loss": ["mse", "mae"], "metrics": [["msle", "mae"], ["mse"]], "weighted_metrics": [["mae"], []]},
    ),
}  # fmt: skip


def evaluated(keras: Any, name: str) -> tuple[list[float], dict[str, float]]:
    """What `evaluate` gives as a list and as a dict."""
    kind, outputs, targets, arguments = CASES[name]
    model = kind(keras, outputs)
    model.compile("sgd", **arguments)
    values = model.evaluate(X, targets, sample_weight=WEIGHTS, verbose=0)
    named = model.evaluate(X, targets, sample_weight=WEIGHTS, verbose=0, return_dict=True)
    listed = values if isinstance(values, list) else [values]
    return [float(v) for v in listed], {key: float(v) for key, v in named.items()}
