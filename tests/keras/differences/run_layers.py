"""Runs one layer case: config, values, gradients, masks, specs, and a short fit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tests.keras.differences.draws import Case
from tests.keras.differences.findings import Findings
from tests.keras.layers.rows.spec import L, fill, wave

_RANDOM = ("dropout", "recurrent_dropout")
_LOUD = ("registered_name", "build_config")


def run(library: Any, case: Case, parameters: list[str]) -> Findings:
    """Everything about one layer, with weights that depend on their shapes only."""
    keras, tf = library.keras, library.tf
    found = Findings()
    row = case.base
    given = dict(zip(parameters, row.layer.args, strict=False)) | row.layer.kwargs
    spec = L(row.layer.name, **(given | case.options))

    def make() -> Any:
        keras.backend.clear_session()
        return spec.make(keras)

    layer = found.attempt("make", lambda: _Held(make()))
    found.values.pop("make", None) if layer is not None else None
    if layer is None:
        return found
    layer = layer.value
    found.attempt("config", lambda: tidy(layer.get_config()))
    random = row.random or any(given.get(n) or case.options.get(n) for n in _RANDOM)
    dtype = "float64" if case.options.get("dtype") == "float64" else "float32"
    calls = row.arguments()
    if row.mask:
        calls["mask"] = row.step_mask()
    tensors = tf.nest.map_structure(tf.constant, row.inputs(None, dtype))
    calls = {k: tf.constant(v) if isinstance(v, np.ndarray) else v for k, v in calls.items()}
    arguments = calls | ({} if row.training is None else {"training": row.training})

    def eager() -> Any:
        layer(tensors, **arguments)
        fill(layer)
        with tf.GradientTape() as tape:
            watched = [t for t in tf.nest.flatten(tensors) if t.dtype.is_floating]
            tape.watch(watched)
            outputs = layer(tensors, **arguments)
            flat = list(tf.nest.flatten(outputs))
            total = sum(
                tf.reduce_sum(tf.cast(o, "float32") * wave(tuple(o.shape), 3 + i, None, "float32"))
                for i, o in enumerate(flat)
            ) + sum(tf.cast(x, "float32") for x in layer.losses)
        found.keep("eager.outputs", flat)
        found.keep("eager.masks", [library.mask_of(o) for o in flat])
        if row.smooth and not random:
            weights = layer.trainable_weights
            gradients = tape.gradient(total, [*watched, *(w.value for w in weights)])
            found.keep(
                "eager.gradients",
                [None if g is None else tf.convert_to_tensor(g) for g in gradients],
            )
        found.keep("eager.losses", list(layer.losses))
        found.keep(
            "eager.weights",
            [w.path.split("/")[-1] + str(tuple(w.shape)) + str(w.trainable) for w in layer.weights],
        )
        found.keep("eager.dtypes", [_dtype(w) for w in layer.weights])

    if found.attempt("eager", lambda: eager() or "ran") is None:
        return found
    if not random and row.training is None:
        found.attempt("training", lambda: layer(tensors, **calls, training=True))
        found.keep("state", [w.value for w in layer.non_trainable_weights])
    found.attempt("spec", lambda: _spec(library, layer, row, case))
    if case.number % 3 == 0 and not random:
        found.attempt("fit", lambda: fit(library, make(), row, case))
    return found


class _Held:
    """Keeps a layer from being taken for an array."""

    def __init__(self, value: Any) -> None:
        self.value = value
        self.dtype = None

    def __array__(self, *_: Any, **__: Any) -> Any:
        return np.zeros(())


def _dtype(variable: Any) -> str:
    return str(getattr(variable.dtype, "name", variable.dtype))


def tidy(config: Any) -> Any:
    """A config as text that does not depend on the library: modules are left out."""
    if isinstance(config, dict):
        if "class_name" in config and "config" in config:
            return {"class": config["class_name"], "config": tidy(config["config"])}
        return {str(k): tidy(v) for k, v in sorted(config.items(), key=str) if k not in _LOUD}
    if isinstance(config, (list, tuple)):
        return str([tidy(v) for v in config])
    if callable(config):
        return getattr(config, "__name__", "callable")
    return str(config)


def _inputs(library: Any, row: Any, case: Case, batch: int | None) -> tuple[Any, dict[str, Any]]:
    """Symbolic inputs of a row: of the first argument, and of further arguments by name."""
    keras = library.keras
    dtype = "int32" if row.integers else "float32"
    first = [keras.Input(batch_shape=(batch, *s[1:]), dtype=dtype) for s in row.shapes]
    further = {}
    for name, value in row.arguments().items():
        if isinstance(value, np.ndarray):
            further[name] = keras.Input(
                batch_shape=(batch, *value.shape[1:]), dtype=value.dtype.name
            )
    if row.mask:
        further["mask"] = keras.Input(batch_shape=(batch, row.shapes[0][1]), dtype="bool")
    return first, further


def _spec(library: Any, layer: Any, row: Any, case: Case) -> Any:
    first, further = _inputs(library, row, case, row.shapes[0][0])
    plain = {k: v for k, v in row.arguments().items() if not isinstance(v, np.ndarray)}
    outputs = layer(first[0] if len(first) == 1 else first, **plain, **further)
    specs = [f"{tuple(o.shape)} {o.dtype}" for o in library.tf.nest.flatten(outputs)]
    shapes = [tuple(s) for s in row.shapes]
    if not row.calls and not row.mask:
        found = layer.compute_output_shape(shapes[0] if len(shapes) == 1 else shapes)
        specs.append(str(found))
    return specs


def fit(library: Any, layer: Any, row: Any, case: Case) -> Any:
    """Weights, losses and predictions of three steps of a model around the layer; the last batch is odd."""
    keras, tf = library.keras, library.tf
    stateful = bool(case.options.get("stateful"))
    count = 4 if stateful else 5
    first, further = _inputs(library, row, case, 2 if stateful else None)
    plain = {k: v for k, v in row.arguments().items() if not isinstance(v, np.ndarray)}
    outputs = layer(first[0] if len(first) == 1 else first, **plain, **further)
    floats = [o for o in tf.nest.flatten(outputs) if "float" in str(o.dtype)]
    model = keras.Model([*first, *further.values()], floats)
    model.compile(keras.optimizers.SGD(0.1), ["mse"] * len(floats), **library.compile_options)
    fill(layer)
    inputs = row.inputs(count)
    inputs = inputs if isinstance(inputs, list) else [inputs]
    arguments = row.arguments(count)
    inputs += [arguments[n] if n != "mask" else row.step_mask(count) for n in further]
    targets = [wave((count, *(d or 1 for d in o.shape[1:])), 11, None, "float32") for o in floats]
    history = model.fit(inputs, targets, batch_size=2, epochs=1, shuffle=False, verbose=0)
    predicted = model.predict(inputs, batch_size=2, verbose=0)
    predicted = predicted if isinstance(predicted, (list, tuple)) else [predicted]
    return {
        "loss": np.float32(history.history["loss"]),
        "weights": [w.numpy() for w in layer.weights],
        "predicted": list(predicted),
        "evaluated": np.float32(math.nan)
        if stateful
        else np.float32(
            model.evaluate(inputs, targets, batch_size=2, verbose=0, return_dict=True)["loss"]
        ),
    }
