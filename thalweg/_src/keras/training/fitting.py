"""`FitLoop`: the epochs of a `fit`, with a place from which an interrupted run can go on."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from thalweg._src.keras.callbacks.callback_list import CallbackList
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.keras.training.nans import NanGuard
from thalweg._src.keras.training.runners import Runner


class BatchHooks:
    """Calls of the batch hooks of callbacks: a pair around each execution of steps.

    Args:
        model: The model; its ``steps_per_execution`` is the number of steps in an execution.
        callbacks: The callbacks.
        kind: ``"train"``, ``"test"`` or ``"predict"``.

    Attributes:
        cadence: Largest number of steps between two calls of `end`; None when no callback needs any.
    """

    def __init__(self, model: Any, callbacks: CallbackList, kind: str) -> None:
        self.cadence = callbacks.batch_cadence(kind)
        self._size = 1
        if self.cadence not in (None, sys.maxsize) and model.steps_per_execution > 1:
            self.cadence = self._size = model.steps_per_execution
        self._callbacks = callbacks
        self._kind = kind
        self._began = False

    def begin(self, step: int) -> None:
        """Tells that a step is about to run."""
        if not self._began:
            self._began = True
            self._callbacks.call(f"on_{self._kind}_batch_begin", step)

    def end(self, done: int, logs: Any) -> bool:
        """Tells that so many steps of the epoch have run; whether an execution has ended with them."""
        if done % self._size:
            return False
        self.finish(done, logs)
        return True

    def finish(self, done: int, logs: Any) -> None:
        """Tells that the epoch is over after so many steps, maybe within an execution."""
        if self._began:
            self._began = False
            self._callbacks.call(f"on_{self._kind}_batch_end", done - 1, logs)


class FitLoop:
    """Runs epochs: training steps, validation, and the callbacks' hooks.

    Args:
        model: The model.
        runner: Runs training steps.
        validation: Runs steps of evaluation, or None.
        callbacks: The callbacks.
        epochs: Number of the last epoch.
        initial_epoch: Number of epochs done before.
        steps_per_epoch: Steps in an epoch; a whole pass over the data when None.
        validation_steps: Steps of a validation; a whole pass when None.
        validation_freq: Validate each so many epochs, or after the epochs of a list (from 1).
        nans: Looks at the steps' numbers, or None.

    Attributes:
        epoch: Number of the epoch that runs.
        step: Steps of it that have run.
        logs: Values of the last step, as Python numbers.
    """

    def __init__(
        self,
        model: Any,
        runner: Runner,
        validation: Runner | None,
        callbacks: CallbackList,
        epochs: int,
        initial_epoch: int,
        steps_per_epoch: int | None,
        validation_steps: int | None,
        validation_freq: int | Sequence[int],
        nans: NanGuard | None,
    ) -> None:
        self.model = model
        self.runner = runner
        self.callbacks = callbacks
        self.epoch = initial_epoch
        self.step = 0
        self.logs: dict[str, Any] = {}
        self._validation = validation
        self._epochs = epochs
        self._steps_per_epoch = steps_per_epoch
        self._validation_steps = validation_steps
        self._validation_freq = validation_freq
        self._nans = nans
        self._resumed = False

    def run(self) -> None:
        """Runs all epochs, or until a callback sets ``model.stop_training``."""
        callbacks, model = self.callbacks, self.model
        callbacks.call("on_train_begin")
        while self.epoch < self._epochs and not model.stop_training:
            if self._resumed:
                self._resumed = False
                callbacks.call("on_resume", self.epoch)
            else:
                self.step = 0
                model.reset_metrics()
                callbacks.call("on_epoch_begin", self.epoch)
            self._train()
            self.logs = self._validated(dict(self.logs))
            callbacks.call("on_epoch_end", self.epoch, self.logs)
            self.epoch += 1
        if isinstance(model.optimizer, Optimizer):
            model.optimizer.finalize_variable_values(model.trainable_variables)
        callbacks.call("on_train_end", self.logs)

    def _train(self) -> None:
        hooks = BatchHooks(self.model, self.callbacks, "train")
        guard = self._nans
        for start, count, results in self.runner.epoch(
            hooks.cadence, self._steps_per_epoch, hooks.begin
        ):
            self.logs = numbers(results)
            self.step = start + count
            if guard is not None:
                guard.look(self.logs, start, count)
            hooks.end(self.step, self.logs)
            if self.model.stop_training:
                break
        else:
            hooks.finish(self.step, self.logs)
            warn_if_short(self.runner.where, self.step, self._steps_per_epoch)

    def _validated(self, logs: dict[str, Any]) -> dict[str, Any]:
        if self._validation is not None and _due(self.epoch, self._validation_freq):
            found = evaluate(
                self.model, self._validation, self.callbacks, self._validation_steps
            )
            logs |= {f"val_{name}": value for name, value in found.items()}
        return dict(sorted(logs.items()))

    def state(self, epoch_ended: bool) -> dict[str, Any]:
        """Place of the run, as plain data.

        Args:
            epoch_ended: Whether the epoch is over, so that the next one comes; else steps of it may come.
        """
        return {
            "epoch": self.epoch + epoch_ended,
            "step": 0 if epoch_ended else self.step,
            "data": self.runner.state(),
            "stop_training": self.model.stop_training,
            "logs": dict(self.logs),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Goes to a place that `state` told; for callbacks, in `on_train_begin`."""
        self.epoch, self.step = int(state["epoch"]), int(state["step"])
        self._resumed = self.step > 0
        self.runner.restore(state["data"], self.step)
        self.model.stop_training = bool(state["stop_training"])
        self.logs = dict(state["logs"])


def evaluate(
    model: Any, runner: Runner, callbacks: CallbackList, steps: int | None
) -> dict[str, Any]:
    """Values of the loss and the metrics over some data."""
    model.reset_metrics()
    callbacks.call("on_test_begin")
    logs: dict[str, Any] = {}
    done = 0
    hooks = BatchHooks(model, callbacks, "test")
    for start, count, results in runner.epoch(hooks.cadence, steps, hooks.begin):
        logs, done = numbers(results), start + count
        hooks.end(done, logs)
    hooks.finish(done, logs)
    warn_if_short(runner.where, done, steps)
    callbacks.call("on_test_end", logs)
    return logs


def warn_if_short(where: str, done: int, wanted: int | None) -> None:
    """Warns when the data ended before the steps that were asked for."""
    if wanted is not None and done < wanted:
        warnings.warn(
            f"[{where}] expected data for {wanted} steps, got {done}; give more samples, fewer steps, or a "
            "source that repeats.",
            stacklevel=2,
        )


def numbers(logs: Any) -> dict[str, Any]:
    """Logs as Python numbers, by name in alphabetical order.

    An array stays one, and the values of a dict go by their own names.
    """
    if logs is None:
        return {}
    if not isinstance(logs, Mapping):
        raise TypeError(
            f"[train_step] expected a dict of values to log, got {type(logs).__name__} {logs!r}."
        )
    found: dict[str, Any] = {}
    for name, value in logs.items():
        if isinstance(value, Mapping):
            found |= numbers(value)
        else:
            array = np.asarray(value)
            found[name] = float(array) if array.ndim == 0 else array
    return dict(sorted(found.items()))


def _due(epoch: int, frequency: int | Sequence[int]) -> bool:
    if isinstance(frequency, int):
        return (epoch + 1) % frequency == 0
    return epoch + 1 in frequency
