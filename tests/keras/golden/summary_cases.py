"""Models whose summaries are compared with those of real Keras; each case is a function of `keras`.

A case returns a model and the arguments of `summary`.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def sequential(keras: Any, **options: Any) -> Any:
    """A Sequential of three layers."""
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1), name="image"),
            layers.Conv2D(4, 3, name="conv"),
            layers.BatchNormalization(name="norm"),
            layers.Flatten(name="flat"),
            layers.Dense(300, name="dense"),
        ],
        name="sequential",
    )
    return model, options


def unbuilt(keras: Any, **options: Any) -> Any:
    """A Sequential that has seen no input."""
    layers = keras.layers
    model = keras.Sequential([layers.Dense(4, name="one"), layers.Dropout(0.5, name="two")], name="unbuilt")
    return model, options


def built_late(keras: Any, **options: Any) -> Any:
    """A Sequential without input that was called."""
    model, _ = unbuilt(keras)
    model(np.ones((2, 3), "float32"))
    return model, options


def chain(keras: Any, **options: Any) -> Any:
    """A functional model in which every layer is called once, on the one before."""
    inputs = keras.Input((4,), name="inputs")
    hidden = keras.layers.Dense(3, activation="relu", name="hidden")(inputs)
    outputs = keras.layers.Dense(2, name="outputs")(hidden)
    return keras.Model(inputs, outputs, name="chain"), options


def connected(keras: Any, **options: Any) -> Any:
    """Two inputs and outputs, a shared and frozen layer, an inner model, an op."""
    layers = keras.layers
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    shared = layers.Dense(4, activation="relu", name="shared")
    joined = layers.Concatenate(name="joined")([shared(a), shared(b)])
    inner = keras.Sequential(
        [keras.Input((8,)), layers.Dense(5, name="inner_one"), layers.Dense(2, name="inner_two")],
        name="inner",
    )
    middle = inner(joined)
    outputs = layers.Dense(1, name="outputs")(layers.Add(name="sum")([middle, layers.Dense(2, name="by")(b)]))
    shared.trainable = False
    return keras.Model([a, b], [outputs, middle], name="connected"), options


def deep(keras: Any, **options: Any) -> Any:
    """Functional models inside a functional model, two deep."""
    layers = keras.layers

    def box(name: str, content: Any) -> Any:
        inputs = keras.Input((4,), name=f"{name}_in")
        return keras.Model(inputs, content(inputs), name=name)

    low = box("low", layers.Dense(4, name="bottom"))
    high = box("high", lambda x: layers.Dense(4, name="after")(low(x)))
    inputs = keras.Input((4,), name="inputs")
    one = high(inputs)
    two = layers.Add(name="sum")([one, inputs])
    low.trainable = False
    return keras.Model(inputs, two, name="deep"), options


def long_names(keras: Any, **options: Any) -> Any:
    """Names and connections that do not fit their columns."""
    layers = keras.layers
    inputs = keras.Input((16,), name="the_features_of_all_the_customers")
    parts = [
        layers.Dense(3, name=f"a_rather_long_name_of_a_projection_{i}")(inputs) for i in range(3)
    ]
    return keras.Model(inputs, layers.Concatenate(name="joined")(parts), name="long_names"), options


def large(keras: Any, **options: Any) -> Any:
    """Millions of weights of two bytes."""
    layers = keras.layers
    inputs = keras.Input((4096,), name="inputs", dtype="float16")
    x = layers.Dense(4096, name="wide", dtype="float16")(inputs)
    return keras.Model(inputs, layers.Dense(10, name="outputs", dtype="float16")(x), name="large"), options


def several_outputs(keras: Any, **options: Any) -> Any:
    """A layer with three outputs."""
    layers = keras.layers
    inputs = keras.Input((5, 2), name="inputs")
    sequence, state, cell = layers.LSTM(3, return_sequences=True, return_state=True, name="lstm")(inputs)
    return keras.Model(inputs, [sequence, state, cell], name="several_outputs"), options


def several_shapes(keras: Any, **options: Any) -> Any:
    """A layer that is called with tensors of different shapes; an op with several results."""
    layers = keras.layers
    a, b = keras.Input((4,), name="a"), keras.Input((6,), name="b")
    shared = layers.Activation("relu", name="shared")
    halves = keras.ops.split(shared(a), 2, axis=1)
    return keras.Model([a, b], [*halves, shared(b)], name="several_shapes"), options


def late_input(keras: Any, **options: Any) -> Any:
    """A second input that joins later."""
    layers = keras.layers
    a, b = keras.Input((2,), name="a"), keras.Input((3,), name="b")
    joined = layers.Concatenate(name="joined")([layers.Dense(2, name="hidden")(a), b])
    return keras.Model([b, a], layers.Dense(1, name="outputs")(joined), name="late_input"), options


def states(keras: Any, **options: Any) -> Any:
    """A layer that takes only one of several results, and one that takes several tensors."""
    layers = keras.layers
    inputs = keras.Input((5, 2), name="inputs")
    sequence, state = layers.GRU(3, return_sequences=True, return_state=True, name="gru")(inputs)
    if options.pop("both"):
        outputs = layers.GRU(3, name="next")(sequence, initial_state=state)
    else:
        outputs = layers.Dense(1, name="next")(state)
    return keras.Model(inputs, outputs, name="states"), options


def named(keras: Any, **options: Any) -> Any:
    """Inputs and outputs by name, and an inner model with names too long for its column."""
    layers = keras.layers
    a, b = keras.Input((2,), name="a"), keras.Input((3,), name="b")
    inner = keras.Sequential(
        [keras.Input((3,)), layers.Dense(2, name="a_layer_with_an_exceedingly_long_name")],
        name="an_inner_model_with_a_long_name",
    )
    joined = layers.Concatenate(name="joined")([a, inner(b)])
    outputs = {"one": layers.Dense(1, name="one")(joined), "two": layers.Dense(2, name="two")(joined)}
    return keras.Model({"a": a, "b": b}, outputs, name="named"), options


def subclass(keras: Any) -> Any:
    """Class of models with a `call` of their own."""

    class Written(keras.Model):  # type: ignore[misc, name-defined]
        """Two layers and an inner model."""

        def __init__(self) -> None:
            super().__init__(name="written")
            self.one = keras.layers.Dense(3, name="one")
            self.inner = keras.Sequential([keras.layers.Dense(2, name="deep")], name="inner")
            self.two = keras.layers.Dense(1, name="two")

        def call(self, inputs: Any) -> Any:
            return self.two(self.inner(self.one(inputs)))

    return Written()


def written(keras: Any, **options: Any) -> Any:
    """A model with a `call` of its own that was not called."""
    return subclass(keras), options


def written_built(keras: Any, **options: Any) -> Any:
    """A model with a `call` of its own that was called."""
    model = subclass(keras)
    model(np.ones((2, 4), "float32"))
    return model, options


def fitted(keras: Any, optimizer: str = "adam", **options: Any) -> Any:
    """A model after a step of training."""
    model, _ = chain(keras)
    model.compile(optimizer, "mse")
    model.fit(np.ones((2, 4), "float32"), np.ones((2, 2), "float32"), verbose=0)
    return model, options


# Name: case and its arguments.
CASES: dict[str, tuple[Any, dict[str, Any]]] = {
    "sequential": (sequential, {}),
    "sequential-60": (sequential, {"line_length": 60}),
    "sequential-trainable": (sequential, {"show_trainable": True, "line_length": 80}),
    "unbuilt": (unbuilt, {}),
    "built-late": (built_late, {}),
    "chain": (chain, {"line_length": 70}),
    "chain-range": (chain, {"layer_range": ["hidden", "outputs"], "line_length": 70}),
    "chain-range-pattern": (chain, {"layer_range": ["in.*", "h.*"], "line_length": 70}),
    "chain-positions": (chain, {"positions": [0.3, 0.6, 1.0], "line_length": 70}),
    "chain-positions-narrow": (chain, {"positions": [0.2, 0.5, 0.8], "line_length": 80}),
    "connected": (connected, {"line_length": 80}),
    "connected-70": (connected, {"line_length": 70}),
    "connected-expanded": (connected, {"expand_nested": True, "line_length": 80}),
    "connected-everything": (
        connected,
        {"expand_nested": True, "show_trainable": True, "line_length": 80},
    ),
    "connected-range-inside": (
        connected,
        {"expand_nested": True, "layer_range": ["joined", "inner"], "line_length": 80},
    ),
    "connected-positions": (
        connected,
        {"positions": [0.25, 0.5, 0.7, 1.0], "line_length": 80},
    ),
    "deep": (deep, {"expand_nested": True, "line_length": 80}),
    "deep-trainable": (deep, {"expand_nested": True, "show_trainable": True, "line_length": 80}),
    "long-names": (long_names, {"line_length": 80}),
    "long-names-trainable": (long_names, {"show_trainable": True, "line_length": 80}),
    "large": (large, {"line_length": 70}),
    "several-outputs": (several_outputs, {"line_length": 80}),
    "several-shapes": (several_shapes, {"line_length": 80}),
    "states": (states, {"both": False, "line_length": 80}),
    "states-both": (states, {"both": True, "line_length": 80}),
    "named": (named, {"expand_nested": True, "line_length": 80}),
    "named-wide": (named, {"expand_nested": True, "show_trainable": True}),
    "chain-wide": (chain, {"show_trainable": True, "line_length": 78}),
    "late-input": (late_input, {"line_length": 80}),
    "written": (written, {"line_length": 70}),
    "written-expanded": (written, {"line_length": 70, "expand_nested": True}),
    "written-built": (written_built, {"line_length": 70}),
    "written-built-expanded": (
        written_built,
        {"line_length": 70, "expand_nested": True, "show_trainable": True},
    ),
    "fitted": (fitted, {"line_length": 70}),
    "fitted-momentum": (fitted, {"optimizer": "rmsprop", "line_length": 70}),
}


def text_of(keras: Any, name: str) -> str:
    """What `summary` prints in a case."""
    case, arguments = CASES[name]
    model, options = case(keras, **arguments)
    printed: list[str] = []
    model.summary(print_fn=lambda text, **_: printed.append(text), **options)
    return "\n".join(printed)
