"""The training loops from scratch of chapter 7: a step with optimizer and metrics, and own ``fit``."""

from collections.abc import Callable, Mapping
from functools import partial
from time import perf_counter
from types import SimpleNamespace
from typing import Any

from benchmarks.case import COMPILED, EAGER, Case, Mode, Program, SizeName, Target, Thunk
from benchmarks.workloads import mlp
from benchmarks.workloads.training import keras_fit, step_seconds
from benchmarks.workloads.workload import Size, Workload

BATCH = 32
Step = Callable[[Any, Any], dict[str, Any]]


def network(keras: Any, size: Size, kind: Any = None) -> Any:
    """The book's digit model of the chapter: a wide layer, dropout, a classifier."""
    inputs = keras.Input(shape=(28 * 28,))
    features = keras.layers.Dense(size.units, activation="relu")(inputs)
    features = keras.layers.Dropout(0.5)(features)
    outputs = keras.layers.Dense(10, activation="softmax")(features)
    return (kind or keras.Model)(inputs, outputs)


def make_steps(tf: Any, keras: Any, size: Size) -> tuple[Step, Step, Callable[[], None]]:
    """Returns the book's ``train_step``, ``test_step`` and ``reset_metrics``."""
    model = network(keras, size)
    loss_fn = keras.losses.SparseCategoricalCrossentropy()
    optimizer = keras.optimizers.RMSprop()
    metrics = [keras.metrics.SparseCategoricalAccuracy()]
    loss_tracking_metric = keras.metrics.Mean()

    def track(targets: Any, predictions: Any, loss: Any) -> dict[str, Any]:
        logs = {}
        for metric in metrics:
            metric.update_state(targets, predictions)
            logs[metric.name] = metric.result()
        loss_tracking_metric.update_state(loss)
        return logs | {"loss": loss_tracking_metric.result()}

    def train_step(inputs: Any, targets: Any) -> dict[str, Any]:
        with tf.GradientTape() as tape:
            predictions = model(inputs, training=True)
            loss = loss_fn(targets, predictions)
        gradients = tape.gradient(loss, model.trainable_weights)
        optimizer.apply_gradients(zip(gradients, model.trainable_weights, strict=True))
        return track(targets, predictions, loss)

    def test_step(inputs: Any, targets: Any) -> dict[str, Any]:
        predictions = model(inputs, training=False)
        return track(targets, predictions, loss_fn(targets, predictions))

    def reset_metrics() -> None:
        for metric in [*metrics, loss_tracking_metric]:
            metric.reset_state()

    return train_step, test_step, reset_metrics


def loop(which: int, compiled: bool, tf: Any, keras: Any, size: Size) -> Thunk:
    """Returns a call that loops over a data set; it returns the seconds of a step.

    Args:
      which: 0 trains, 1 evaluates.
      compiled: whether the step is a ``tf.function``.
    """
    *steps, reset_metrics = make_steps(tf, keras, size)
    step = tf.function(steps[which]) if compiled else steps[which]
    batches = tf.data.Dataset.from_tensor_slices(mlp.data(BATCH * size.steps, size)).batch(BATCH)

    def sample() -> float:
        start = perf_counter()
        reset_metrics()
        for inputs, targets in batches:
            logs = step(inputs, targets)
        [float(value) for value in logs.values()]
        return (perf_counter() - start) / int(size.steps)

    return sample


def own_model(tf: Any, keras: Any, size: Size) -> Any:
    """The book's model that overrides ``train_step``."""
    loss_fn = keras.losses.SparseCategoricalCrossentropy()
    loss_tracker = keras.metrics.Mean(name="loss")

    class CustomModel(keras.Model):  # type: ignore[misc]
        def train_step(self, data: Any) -> dict[str, Any]:
            inputs, targets = data
            with tf.GradientTape() as tape:
                predictions = self(inputs, training=True)
                loss = loss_fn(targets, predictions)
            gradients = tape.gradient(loss, self.trainable_weights)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
            loss_tracker.update_state(loss)
            return {"loss": loss_tracker.result()}

        @property
        def metrics(self) -> list[Any]:
            return [loss_tracker]

    model = network(keras, size, CustomModel)
    model.compile(optimizer=keras.optimizers.RMSprop())
    return model


def fit_own_step(tf: Any, keras: Any, size: Size) -> Thunk:
    """Returns a call that fits the model with its own step; it returns the seconds of a step."""
    workload = Workload("own train_step", mlp.data, partial(own_model, tf), {})
    fit, (x, y) = keras_fit(workload, tf, keras, size), mlp.data(BATCH * size.steps, size)
    return lambda: step_seconds(fit, x, y, size, bar=False)


SIZES: Mapping[SizeName, Size] = {
    "cpu": SimpleNamespace(batch=BATCH, steps=100, units=512, seconds=0.5),
    "tiny": SimpleNamespace(batch=BATCH, steps=2, units=4, seconds=0.0),
}


def _case(name: str, setup: Callable[..., Thunk], *targets: Target) -> Case:
    """Returns a case that measures itself."""
    return Case(name, setup, Mode.OWN_CLOCK, targets, sizes=SIZES)


PROGRAM = Program(
    "custom loop",
    (
        _case("training loop, a step, eager", partial(loop, 0, False), EAGER),
        _case("training loop, a step, tf.function", partial(loop, 0, True), COMPILED),
        _case("evaluation loop, a step, eager", partial(loop, 1, False), EAGER),
        _case("evaluation loop, a step, tf.function", partial(loop, 1, True), COMPILED),
        _case("fit with own train_step, a step", fit_own_step),
    ),
)
