"""``fit`` of the book's linear model: seconds per step, inside a fit and over a whole call."""

from time import perf_counter
from typing import Any

from benchmarks.case import COMPILED, Case, Mode, Program, Target, Thunk
from benchmarks.programs.linear import points

BATCH, EPOCHS = 16, 12
STEPS = 2000 // BATCH


def _model(keras: Any) -> Any:
    """Returns the compiled linear model of chapter 3."""
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(optimizer="rmsprop", loss="mean_squared_error", metrics=["accuracy"])
    return model


def _epoch_clock(keras: Any) -> Any:
    """Returns a callback whose ``ends`` holds the time each epoch ended (its logs are read)."""

    class EpochClock(keras.callbacks.Callback):  # type: ignore[misc]
        ends: list[float] = []

        def on_train_begin(self, logs: Any = None) -> None:
            self.ends = []

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            float(logs["loss"])
            self.ends.append(perf_counter())

    return EpochClock()


def steady_step(tf: Any, keras: Any) -> Thunk:
    """Seconds per step from the end of the first epoch to the end of the last."""
    (inputs, targets), model, clock = points(), _model(keras), _epoch_clock(keras)

    def sample() -> float:
        model.fit(inputs, targets, epochs=EPOCHS, batch_size=BATCH, verbose=0, callbacks=[clock])
        return float(clock.ends[-1] - clock.ends[0]) / ((EPOCHS - 1) * STEPS)

    return sample


def whole_call(tf: Any, keras: Any) -> Thunk:
    """Seconds per step of a whole call of ``fit``, its start and the last weights included."""
    (inputs, targets), model = points(), _model(keras)

    def sample() -> float:
        start = perf_counter()
        model.fit(inputs, targets, epochs=EPOCHS, batch_size=BATCH, verbose=0)
        model.get_weights()
        return (perf_counter() - start) / (EPOCHS * STEPS)

    return sample


PROGRAM = Program(
    "fit",
    (
        Case(
            "fit, per step (steady)",
            steady_step,
            Mode.OWN_CLOCK,
            (Target("ours", 10e-6, "≤ 10 µs"), COMPILED),
        ),
        Case(f"fit, per step ({EPOCHS} epochs, whole call)", whole_call, Mode.OWN_CLOCK),
    ),
)
