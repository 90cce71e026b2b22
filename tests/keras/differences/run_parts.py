"""Runs cases of what layers and training are given: losses, metrics, optimizers, initializers, ..."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.keras.differences.draws import Case
from tests.keras.differences.families import Family
from tests.keras.differences.findings import Findings
from tests.keras.differences.run_layers import tidy
from tests.keras.golden import tables

_FLOATS = ("float32", "float16", "bfloat16", "float64")
_LABELS = (None, "int32", "float64", "bool", "uint8", "float16")
_INITIALIZERS = tuple(
    tables.Row(name)
    for name in [
        "Constant",
        "Zeros",
        "Ones",
        "Identity",
        "RandomNormal",
        "RandomUniform",
        "TruncatedNormal",
        "VarianceScaling",
        "GlorotNormal",
        "GlorotUniform",
        "HeNormal",
        "HeUniform",
        "LecunNormal",
        "LecunUniform",
        "Orthogonal",
        "STFT",
    ]
)


def family(name: str) -> Family:
    """Family by name."""
    rows: dict[str, tuple[Any, str, Callable[..., Findings]]] = {
        "losses": (tables.LOSSES, "losses.", run_loss),
        "metrics": (tables.METRICS, "metrics.", run_metric),
        "optimizers": (
            (*tables.OPTIMIZERS, tables.Row("ScheduleFreeAdamW", options={"learning_rate": 0.1})),
            "optimizers.",
            run_optimizer,
        ),
        "schedules": (tables.SCHEDULES, "optimizers.schedules.", run_schedule),
        "initializers": (_INITIALIZERS, "initializers.", run_initializer),
        "regularizers": (tables.REGULARIZERS, "regularizers.", run_regularizer),
        "constraints": (tables.CONSTRAINTS, "constraints.", run_constraint),
        "activations": (tables.ACTIVATIONS, "activations.", run_activation),
    }
    own, prefix, run = rows[name]
    return Family(name, list(own), prefix, run)


def _made(found: Findings, library: Any, place: str, case: Case) -> Any:
    """The object of a case, or None where its constructor refuses."""
    held: list[Any] = []

    def make() -> Any:
        held.append(library.find(place + case.name)(**(case.base.options | case.options)))
        return tidy(held[0].get_config())

    found.attempt("make", make)
    return held[0] if held else None


def _cast(labels: Any, dtype: str | None) -> Any:
    """Labels of another dtype; without signs where it has none, as such casts are not defined."""
    if dtype is None:
        return labels
    return (np.abs(labels) if dtype == "uint8" else labels).astype(dtype)


def run_loss(library: Any, case: Case, _: list[str]) -> Findings:
    """Values and gradients with several dtypes, ranks, weights and masks."""
    tf, found = library.tf, Findings()
    loss = _made(found, library, "losses.", case)
    if loss is None:
        return found
    y_true, y_pred = tables.DATA[case.base.data]
    dtype = _FLOATS[case.number % 4 if case.number % 3 == 0 else 0]
    label = _LABELS[case.number % 6]
    truth = tf.constant(_cast(y_true, label))
    batch = len(y_true)
    weights = tables.WEIGHTS[:batch]
    ways: dict[str, Any] = {
        "none": None,
        "each": weights,
        "column": weights[:, None],
        "list": list(map(float, weights)),
        "number": 2.0,
        "int": np.arange(batch),
        "long": np.ones(batch + 1, np.float32),
        "wide": np.ones((batch, 3), np.float32) * 0.5,
    }
    for way, weight in ways.items():
        prediction = tf.cast(tf.constant(y_pred), dtype)

        def compute(prediction: Any = prediction, weight: Any = weight, way: str = way) -> Any:
            with tf.GradientTape() as tape:
                tape.watch(prediction)
                value = loss(truth, prediction, sample_weight=weight)
            gradient = tape.gradient(value, prediction) if way in ("none", "each") else None
            return [value, gradient]

        found.attempt(f"weights {way}", compute)

    def masked() -> Any:
        prediction = tf.cast(tf.constant(y_pred), dtype)
        library.set_mask(prediction, tf.constant([True, False, True, True][:batch]))
        return [loss(truth, prediction), loss(truth, prediction, sample_weight=weights)]

    found.attempt("masked", masked)
    found.attempt("numpy", lambda: loss(y_true, y_pred))
    found.attempt("lists", lambda: loss(y_true.tolist(), y_pred.tolist()))
    deep = tf.stack([tf.cast(tf.constant(y_pred), dtype)] * 2)
    deep_truth = tf.stack([truth] * 2)
    found.attempt("deep", lambda: loss(deep_truth, deep))
    found.attempt("column", lambda: loss(truth[:, None], tf.cast(tf.constant(y_pred), dtype)))
    found.attempt("structure", lambda: loss([truth, truth], [tf.constant(y_pred)] * 2))
    found.attempt(
        "compiled", lambda: tf.function(lambda a, b: loss(a, b))(truth, tf.constant(y_pred))
    )
    return found


def run_metric(library: Any, case: Case, _: list[str]) -> Findings:
    """Results after batches with weights and masks, in variables, without state, and after a reset."""
    tf, found = library.tf, Findings()
    library.keras.backend.clear_session()
    metric = _made(found, library, "metrics.", case)
    if metric is None:
        return found
    y_true, y_pred = tables.DATA[case.base.data]
    count = len(y_true)
    single = case.name in ("Mean", "Sum")
    label = _LABELS[case.number % 6]
    prediction = tf.constant(y_pred)
    truth = tf.constant(_cast(y_true, label))
    batch = (prediction,) if single else (truth, prediction)
    weights = tables.WEIGHTS[:count]
    if "IoU" in case.name:
        weights = np.ones(np.shape(y_true), np.int64) * 2
        weights = weights[:, 0] if case.name.startswith("OneHot") else weights

    def updated(*values: Any, **kwargs: Any) -> Any:
        metric.update_state(*values, **kwargs)
        return metric.result()

    found.attempt("first", lambda: updated(*batch))
    found.attempt("weighted", lambda: updated(*batch, sample_weight=weights))
    found.attempt("state", lambda: [v.value for v in metric.variables])
    found.attempt("names", lambda: [v.name for v in metric.variables])
    found.attempt("column", lambda: updated(*batch, sample_weight=np.float32(weights)[..., None]))
    found.attempt("number", lambda: updated(*batch, sample_weight=2.0))
    metric.reset_state()
    found.attempt("reset", metric.result)
    found.attempt("lists", lambda: updated(*(v.tolist() for v in (y_true, y_pred)[single:])))
    metric.reset_state()

    def masked() -> Any:
        other = tf.constant(y_pred)
        library.set_mask(other, tf.constant([True, False, True, True][:count]))
        return updated(*((other,) if single else (truth, other)))

    found.attempt("masked", masked)
    metric.reset_state()
    found.attempt("called", lambda: metric(*batch))
    metric.reset_state()
    found.attempt("half", lambda: updated(*(tf.cast(b, "float16") for b in batch)))
    metric.reset_state()
    found.attempt("compiled", lambda: tf.function(lambda: updated(*batch))())

    def stateless() -> Any:
        state = [v.value for v in metric.variables]
        return metric.stateless_result(metric.stateless_update_state(state, *batch))

    found.attempt("stateless", stateless)
    return found


def run_optimizer(library: Any, case: Case, _: list[str]) -> Findings:
    """Weights after five steps eagerly, compiled, in half precision, and after a fit."""
    keras, tf, found = library.keras, library.tf, Findings()
    if _made(found, library, "optimizers.", case) is None:
        return found

    def stepped(dtype: str = "float32", compiled: bool = False) -> Any:
        keras.backend.clear_session()
        optimizer = library.find(f"optimizers.{case.name}")(**(case.base.options | case.options))
        w = keras.Variable(tables.WEIGHT, name="w", dtype=dtype)
        b = keras.Variable(np.array([0.5, 0.0, -1.0], np.float32), name="b", dtype=dtype)
        optimizer.build([w, b])

        def step(one: Any, two: Any) -> None:
            optimizer.apply_gradients([(one, w), (two, b)])

        apply = tf.function(step) if compiled else step
        path = []
        for index in range(5):
            apply(*(tf.cast(tf.constant(g), dtype) for g in tables.gradients(index)))
            path.append([w.value, b.value])
        optimizer.finalize_variable_values([w, b])
        return {
            "path": path[:: 1 if dtype == "float32" else 4],
            "final": [w.value, b.value],
            "state": [v.value for v in optimizer.variables],
            "paths": [f"{v.path} {_name(v.dtype)}" for v in optimizer.variables],
            "rate": optimizer.learning_rate,
        }

    found.attempt("eager", stepped)
    if case.number % 2 == 0:
        found.attempt("compiled", lambda: stepped(compiled=True))
    if case.number % 3 == 0:
        found.attempt("half", lambda: stepped("float16" if case.number % 2 else "bfloat16"))

    def fitted() -> Any:
        keras.backend.clear_session()
        optimizer = library.find(f"optimizers.{case.name}")(**(case.base.options | case.options))
        inputs = keras.Input((3,))
        hidden = keras.layers.Dense(4, kernel_constraint="max_norm", name="w")(inputs)
        model = keras.Model(inputs, keras.layers.Dense(1, kernel_regularizer="l2")(hidden))
        for index, weight in enumerate(model.weights):
            weight.assign(np.cos(np.arange(np.prod(weight.shape)) + index).reshape(weight.shape))
        model.compile(optimizer, "mse", **library.compile_options)
        x = np.sin(np.arange(21, dtype="float32")).reshape(7, 3)
        history = model.fit(x, x[:, :1] * 2, batch_size=2, epochs=2, shuffle=False, verbose=0)
        return [np.float32(history.history["loss"]), [w.value for w in model.weights]]

    if case.number % 3 == 1:
        found.attempt("fit", fitted)
    return found


def _name(dtype: Any) -> str:
    return str(getattr(dtype, "name", dtype))


def run_schedule(library: Any, case: Case, _: list[str]) -> Findings:
    """Rates at integer, floating and tensor steps."""
    tf, found = library.tf, Findings()
    schedule = _made(found, library, "optimizers.schedules.", case)
    if schedule is None:
        return found
    found.attempt("numbers", lambda: [schedule(step) for step in tables.STEPS])
    found.attempt("floats", lambda: [schedule(step + 0.5) for step in (0, 3, 8)])
    for dtype in ("int32", "int64", "float32"):
        found.attempt(
            dtype, lambda dtype=dtype: [schedule(tf.constant(step, dtype)) for step in (1, 4, 9)]
        )

    def used() -> Any:
        optimizer = library.keras.optimizers.SGD(schedule)
        variable = library.keras.Variable(np.ones(2, "float32"))
        for _ in range(3):
            optimizer.apply([tf.constant([1.0, 2.0])], [variable])
        return [variable.value, optimizer.learning_rate]

    found.attempt("used", used)
    return found


def run_initializer(library: Any, case: Case, _: list[str]) -> Findings:
    """Values of deterministic initializers; shape, dtype, mean and spread of random ones."""
    found = Findings()
    made = _made(found, library, "initializers.", case)
    if made is None:
        return found
    fixed = case.name in ("Constant", "Zeros", "Ones", "Identity", "STFT")
    shapes: list[Any] = [(3, 3), (2, 3), (), (4,), (2, 2, 3, 5), [3, 2]]
    for shape in shapes:
        for dtype in (None, "float16", "bfloat16", "float64", "int32"):

            def value(shape: Any = shape, dtype: Any = dtype) -> Any:
                got = made(shape, dtype=dtype)
                array = library.keras.ops.convert_to_numpy(library.keras.ops.cast(got, "float32"))
                return [_name(got.dtype), array if fixed else array.shape]

            found.attempt(f"{shape} {dtype}", value)

    def spread() -> Any:
        array = library.keras.ops.convert_to_numpy(made((60, 80)))
        return [f"{array.mean():.1f} {array.std():.2f}", f"{array.min():.1f} {array.max():.1f}"]

    if case.name not in ("STFT",):
        found.attempt("spread", spread)
    return found


def _on_weights(library: Any, place: str, case: Case, shapes: list[tuple[int, ...]]) -> Findings:
    tf, found = library.tf, Findings()
    made = _made(found, library, place, case)
    if made is None:
        return found
    for shape in shapes:
        for dtype in ("float32", "float16", "bfloat16", "float64"):
            x = tf.cast(np.cos(np.arange(np.prod(shape)) * 1.7).reshape(shape) * 2, dtype)

            def compute(x: Any = x) -> Any:
                with tf.GradientTape() as tape:
                    tape.watch(x)
                    y = tf.convert_to_tensor(made(x))
                    total = tf.reduce_sum(y * y)
                # In 16 bits the gradients of norms are all rounding.
                wide = x.dtype in (tf.float32, tf.float64)
                return [y, tape.gradient(total, x)] if wide else [y]

            found.attempt(f"{shape} {dtype}", compute)
    found.attempt("zeros", lambda: made(tf.zeros((2, 3))))
    found.attempt("numpy", lambda: tf.convert_to_tensor(made(tables.WEIGHT)))
    return found


def run_regularizer(library: Any, case: Case, _: list[str]) -> Findings:
    """Penalties and their gradients."""
    return _on_weights(library, "regularizers.", case, [(2, 3), (4,), ()])


def run_constraint(library: Any, case: Case, _: list[str]) -> Findings:
    """Constrained values."""
    return _on_weights(library, "constraints.", case, [(2, 3), (4,), (2, 2, 3)])


def run_activation(library: Any, case: Case, _: list[str]) -> Findings:
    """Values and gradients for several dtypes and ranks, symbols, and special values."""
    keras, tf, found = library.keras, library.tf, Findings()
    function = library.find(f"activations.{case.name}")
    options = case.base.options | case.options
    x = tables.INPUT
    inputs = {
        "float32": x,
        "rank 1": x[0],
        "rank 3": np.stack([x, -x]),
        "special": np.array(
            [[np.inf, -np.inf, np.nan, 1e30], [-1e30, 1e-30, -0.0, 88.8]], "float32"
        ),
    }
    for label, value in inputs.items():

        def compute(value: Any = value, label: str = label) -> Any:
            given = tf.constant(value)
            with tf.GradientTape() as tape:
                tape.watch(given)
                y = tf.convert_to_tensor(function(given, **options))
                total = tf.reduce_sum(y * tf.cast(tf.range(tf.size(y)), y.dtype)[0] + y)
            return [y] if label == "special" else [y, tape.gradient(total, given)]

        found.attempt(label, compute)
    for dtype in ("float16", "bfloat16", "float64", "int32", "bool"):
        found.attempt(dtype, lambda dtype=dtype: function(tf.cast(x, dtype), **options))
    found.attempt("numpy", lambda: tf.convert_to_tensor(function(x, **options)))
    found.attempt("list", lambda: tf.convert_to_tensor(function(x.tolist(), **options)))

    def symbolic() -> Any:
        y = function(keras.Input((4,)), **options)
        return f"{tuple(y.shape)} {y.dtype}"

    found.attempt("symbolic", symbolic)
    with contextlib.suppress(Exception):
        found.attempt("serialized", lambda: str(keras.activations.serialize(function)))
    return found
