"""`Trainer`: `compile`, `fit`, `evaluate` and `predict` of a model."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.config import switches
from thalweg._src.base.errors import NotCompiledError, ShapeError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.differentiate import value_and_gradients
from thalweg._src.function.function import Function
from thalweg._src.keras import optimizers
from thalweg._src.keras.base.seeds import shuffle_generator
from thalweg._src.keras.callbacks.callback_list import CallbackList
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.metrics.base import Metric
from thalweg._src.keras.metrics.reductions import Mean
from thalweg._src.keras.training.arrays import ArrayData, unpack_x_y_sample_weight
from thalweg._src.keras.training.checks import check_classes, check_labels
from thalweg._src.keras.training.compiling import CompileLoss, CompileMetrics
from thalweg._src.keras.training.loop import EpochRunner, concatenate
from thalweg._src.keras.training.program import StepProgram
from thalweg._src.ops.elementwise import add


class Trainer(Layer):
    """Training of a model: what `compile` is told, and the loops that use it."""

    _programs: dict[Any, Any]
    _compiled: bool
    _compile_loss: CompileLoss | None
    _compile_metrics: CompileMetrics
    _loss_tracker: Mean
    history: Any

    def _initialise_training(self) -> None:
        object.__setattr__(self, "_programs", {})
        object.__setattr__(self, "_compiled", False)
        self.run_eagerly = False
        self.stop_training = False
        self.optimizer: Any = None

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: Any = "auto",
        auto_scale_loss: bool = True,
    ) -> None:
        """Sets how the model is trained.

        Args:
            optimizer: Name or `Optimizer`.
            loss: Name, function or `Loss`; a list or dict of them for several outputs.
            loss_weights: Number for each loss.
            metrics: List of names, functions or `Metric`s.
            weighted_metrics: The same, for metrics that take the sample weights.
            run_eagerly: Run steps op by op in Python, for debugging.
            steps_per_execution: Steps between two calls of the callbacks' batch hooks.
            jit_compile: Must not be False, unless `run_eagerly`: steps are compiled by XLA.
            auto_scale_loss: Scale the loss for float16 training; bfloat16 and float32 need no scaling.

        Raises:
            ValueError: An unknown name; the message suggests the nearest.

        Source: `keras.Model.compile`.
        """
        self.optimizer = optimizers.get(optimizer)
        compiled_loss = None if loss is None else CompileLoss(loss, loss_weights)
        object.__setattr__(self, "_compile_loss", compiled_loss)
        object.__setattr__(self, "_compile_metrics", CompileMetrics(metrics, weighted_metrics))
        object.__setattr__(self, "_loss_tracker", Mean(name="loss"))
        object.__setattr__(self, "_programs", {})
        self.loss = loss
        self.run_eagerly = bool(run_eagerly)
        self.steps_per_execution = int(steps_per_execution)
        self.jit_compile = jit_compile
        self.auto_scale_loss = auto_scale_loss
        object.__setattr__(self, "_compiled", True)

    @property
    def compiled(self) -> bool:
        """Whether `compile` has run."""
        return self._compiled

    def _need_compiled(self, where: str) -> None:
        if not self.compiled:
            raise NotCompiledError(
                f"[{where}] expected a compiled model, got one without optimizer and loss. You must call "
                "`compile()` before using the model."
            )

    @property
    def metrics(self) -> list[Metric]:
        """Metrics of training: the loss, those of `compile`, and those of layers."""
        found = [self._loss_tracker, *self._compile_metrics.metrics] if self.compiled else []
        own = super().metrics
        return list({id(m): m for m in [*found, *own]}.values())

    @property
    def metrics_names(self) -> list[str]:
        """Names of `metrics`."""
        return [m.name for m in self.metrics]

    def reset_metrics(self) -> None:
        """Resets the state of all metrics."""
        for metric in self.metrics:
            metric.reset_state()

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """Loss of a batch: that of `compile` plus losses that layers added.

        Args:
            x: Inputs, for subclasses that need them.
            y: Targets.
            y_pred: Outputs of the model.
            sample_weight: Weights of shape ``(batch, ...)``, or None.
            training: For subclasses that tell training from evaluation.

        Returns:
            Scalar tensor.

        Raises:
            ValueError: There is neither a loss nor a layer that adds one, or the loss is no scalar.
        """
        del x, training
        parts = []
        if self._compile_loss is not None:
            parts.append(self._compile_loss(y, y_pred, sample_weight))
        parts += self.losses
        if not parts:
            raise ValueError(
                f"[{self.name}] expected a loss to train with, got none: pass loss= to compile(), or add "
                "one with add_loss() in a layer."
            )
        total = parts[0]
        for part in parts[1:]:
            total = add(total, part)
        if total.shape.rank:
            raise ShapeError(
                f"[{self.name}] expected a loss of one number, got shape {tuple(total.shape)}; use another "
                "reduction than 'none'."
            )
        return total

    def compute_metrics(
        self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None
    ) -> dict[str, Any]:
        """Updates the metrics of `compile` and returns all results.

        Args:
            x: Inputs, for subclasses that need them.
            y: Targets.
            y_pred: Outputs of the model.
            sample_weight: Weights, or None.
        """
        del x
        self._compile_metrics.update_state(y, y_pred, sample_weight)
        return self.get_metrics_result()

    def get_metrics_result(self) -> dict[str, Any]:
        """Values of all metrics by name, in alphabetical order."""
        values: dict[str, Any] = {}
        compiled = {id(m) for m in self._compile_metrics.metrics}
        for metric in self.metrics:
            if id(metric) in compiled:
                continue
            result = metric.result()
            values.update(result if isinstance(result, dict) else {metric.name: result})
        values.update(self._compile_metrics.result())
        return {name: values[name] for name in sorted(values)}

    def train_step(self, data: Any) -> dict[str, Any]:
        """One step of training; override it for a step of your own.

        Args:
            data: ``(x, y, sample_weight)`` as far as given.

        Returns:
            Values to log, by name.
        """
        x, y, sample_weight = unpack_x_y_sample_weight(data)

        def forward() -> tuple[Any, Any]:
            y_pred = self(x, training=True)
            return self.compute_loss(x, y, y_pred, sample_weight, training=True), y_pred

        loss, y_pred, gradients = value_and_gradients(
            forward,
            lambda: self.trainable_variables,
            f"{self.name}_loss",
        )
        self._loss_tracker.update_state(loss, sample_weight=_batch_size(x))
        self.optimizer.apply(gradients, self.trainable_variables)
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def test_step(self, data: Any) -> dict[str, Any]:
        """One step of evaluation.

        Args:
            data: ``(x, y, sample_weight)`` as far as given.

        Returns:
            Values to log, by name.
        """
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        y_pred = self(x, training=False)
        loss = self.compute_loss(x, y, y_pred, sample_weight, training=False)
        self._loss_tracker.update_state(loss, sample_weight=_batch_size(x))
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def predict_step(self, data: Any) -> Any:
        """One step of prediction.

        Args:
            data: ``(x,)``.

        Returns:
            Outputs of the model.
        """
        x, _, _ = unpack_x_y_sample_weight(data)
        return self(x, training=False)

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Any = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int | Sequence[int] = 1,
    ) -> Any:
        """Trains the model.

        Args:
            x: Inputs: array or tensor of shape ``(samples, ...)``, or a structure of them.
            y: Targets, likewise.
            batch_size: Samples in a step; 32 when None.
            epochs: Number of the last epoch.
            verbose: 0 for silence, 1 or ``"auto"`` for a progress bar, 2 for one line an epoch.
            callbacks: `Callback`, or a list of them.
            validation_split: Part of the samples, the last ones, to validate on.
            validation_data: ``(x, y)`` or ``(x, y, sample_weight)`` to validate on.
            shuffle: Visit the samples in a new order each epoch.
            class_weight: Weight of each class.
            sample_weight: Weight of each sample.
            initial_epoch: Number of epochs done before.
            steps_per_epoch: Steps in an epoch; all batches when None.
            validation_steps: Steps of a validation; all batches when None.
            validation_batch_size: As `batch_size`, for validation.
            validation_freq: Validate each so many epochs, or after the epochs of a list (from 1).

        Returns:
            The `History` of the run.

        Raises:
            RuntimeError: The model is not compiled.
            ValueError: The arrays do not fit together.

        Source: `keras.Model.fit`. Many steps run in one dispatch; a callback that overrides a batch hook
        makes it one.
        """
        self._need_compiled("fit")
        data = ArrayData(x, y, sample_weight, "fit")
        held_out = None
        if validation_data is not None:
            held_out = ArrayData(*unpack_x_y_sample_weight(validation_data), "fit validation_data")
        elif validation_split:
            data, held_out = data.split(validation_split)
        if class_weight is not None:
            data = data.with_class_weight(class_weight)
        runner = self._runner(data, batch_size, "train")
        validation = None
        if held_out is not None:
            validation = self._runner(held_out, validation_batch_size or batch_size, "test")
        steps = runner.steps if steps_per_epoch is None else steps_per_epoch
        shown = 1 if verbose == "auto" else int(verbose)
        if not isinstance(callbacks, CallbackList):
            callbacks = CallbackList(
                callbacks,
                add_history=True,
                add_progbar=shown != 0,
                model=self,
                verbose=shown,
                epochs=epochs,
                steps=steps,
            )
        self.stop_training = False
        callbacks.call("on_train_begin")
        logs: dict[str, float] = {}
        for epoch in range(initial_epoch, epochs):
            self.reset_metrics()
            callbacks.call("on_epoch_begin", epoch)
            order = shuffle_generator().permutation(data.length) if shuffle else None
            logs = self._epoch(runner, callbacks, "train", order, steps)
            if validation is not None and _due(epoch, validation_freq):
                val_logs = self._evaluate(validation, callbacks, validation_steps)
                logs |= {f"val_{name}": value for name, value in val_logs.items()}
            callbacks.call("on_epoch_end", epoch, logs)
            if self.stop_training:
                break
        callbacks.call("on_train_end", logs)
        return self.history

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: Any = "auto",
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """Loss and metrics on data.

        Args:
            x: Inputs, as for `fit`.
            y: Targets.
            batch_size: Samples in a step; 32 when None.
            verbose: As for `fit`.
            sample_weight: Weight of each sample.
            steps: Number of steps; all batches when None.
            callbacks: `Callback`, or a list of them.
            return_dict: Return values by name instead of a list.

        Returns:
            ``[loss, metric, ...]``; the loss alone when there are no metrics; or a dict.

        Source: `keras.Model.evaluate`.
        """
        self._need_compiled("evaluate")
        runner = self._runner(ArrayData(x, y, sample_weight, "evaluate"), batch_size, "test")
        shown = 1 if verbose == "auto" else int(verbose)
        if not isinstance(callbacks, CallbackList):
            callbacks = CallbackList(
                callbacks,
                add_progbar=shown != 0,
                model=self,
                verbose=shown,
                epochs=1,
                steps=runner.steps if steps is None else steps,
            )
        logs = self._evaluate(runner, callbacks, steps)
        if return_dict:
            return logs
        ordered = ["loss", *(n for n in self._compile_metrics.names if n in logs)]
        values = [logs[n] for n in [*ordered, *(k for k in logs if k not in ordered)] if n in logs]
        return values[0] if len(values) == 1 else values

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: Any = "auto",
        steps: int | None = None,
        callbacks: Any = None,
    ) -> Any:
        """Outputs of the model for data.

        Args:
            x: Inputs, as for `fit`.
            batch_size: Samples in a step; 32 when None.
            verbose: As for `fit`.
            steps: Number of steps; all batches when None.
            callbacks: `Callback`, or a list of them.

        Returns:
            NumPy array of shape ``(samples, ...)``, or a structure of them.

        Source: `keras.Model.predict`.
        """
        data = ArrayData(x, None, None, "predict")
        shown = 1 if verbose == "auto" else int(verbose)
        if not shown and callbacks is None and steps is None and data.length <= (batch_size or 32):
            return self._predict_one_batch(data)
        runner = self._runner(data, batch_size, "predict")
        total = runner.steps if steps is None else steps
        if not isinstance(callbacks, CallbackList):
            callbacks = CallbackList(
                callbacks, add_progbar=shown != 0, model=self, verbose=shown, epochs=1, steps=total
            )
        callbacks.call("on_predict_begin")
        results: list[Any] = []
        for start, _, outputs in self._steps(runner, "predict", None, 1, steps):
            callbacks.call("on_predict_batch_begin", start)
            results.append(nest.map_structure(_host, outputs))
            callbacks.call("on_predict_batch_end", start, {"outputs": results[-1]})
        callbacks.call("on_predict_end")
        return nest.map_structure(lambda *parts: concatenate(parts), *results)

    def _predict_one_batch(self, data: ArrayData) -> Any:
        """Outputs for data that is one batch, without the machinery of epochs."""
        program = self._programs.get("predict")
        if program is None:
            program = Function(
                lambda inputs: self.predict_step((inputs,)), f"{self.name}_predict", autograph=False
            )
            self._programs["predict"] = program
        outputs = program(nest.map_structure(convert_to_tensor, data.structure[0]))
        return nest.map_structure(_host, outputs)

    def _evaluate(
        self, runner: EpochRunner, callbacks: CallbackList, steps: int | None
    ) -> dict[str, float]:
        self.reset_metrics()
        callbacks.call("on_test_begin")
        logs = self._epoch(runner, callbacks, "test", None, steps)
        callbacks.call("on_test_end", logs)
        return logs

    def _runner(self, data: ArrayData, batch_size: int | None, kind: str) -> EpochRunner:
        """Prepares one kind of run over arrays."""
        size = 32 if batch_size is None else int(batch_size)
        if size < 1:
            raise ValueError(f"[{data.where}] expected batch_size of 1 or more, got {batch_size}.")
        if kind != "predict":
            check_labels(data, self._compile_loss)
        step = {"train": self.train_step, "test": self.test_step, "predict": self.predict_step}[
            kind
        ]

        def run(batch: list[Tensor]) -> Any:
            parts = data.unpack(batch)
            present = (
                parts if parts[2] is not None else parts[:2] if parts[1] is not None else parts[:1]
            )
            return step(present)

        def check() -> None:
            if kind != "predict" and self._compile_loss is not None:
                check_classes(data, self._compile_loss.classes)

        return EpochRunner(
            data,
            size,
            self._programs,
            self._what_is_trained,
            run,
            check,
            f"{self.name}_{kind}",
            donate=kind == "train",
        )

    def _what_is_trained(self) -> tuple[int, ...]:
        """Identities of the trained weights: a program serves only the set it was traced for."""
        return tuple(id(v) for v in self.trainable_weights)

    def _steps(
        self, runner: EpochRunner, kind: str, order: Any, cadence: int | None, limit: int | None
    ) -> Any:
        eagerly = self.run_eagerly or switches.run_functions_eagerly or switches.check_numerics
        if kind == "predict" or not eagerly:
            return runner.epoch(order, cadence, limit)
        return runner.eager_epoch(order, limit)

    def _epoch(
        self, runner: EpochRunner, callbacks: CallbackList, kind: str, order: Any, limit: int | None
    ) -> dict[str, float]:
        """Runs one pass over the data and returns the last logs as Python numbers."""
        cadence = callbacks.batch_cadence(kind)
        if cadence is not None and self.steps_per_execution > 1:
            cadence = max(cadence, self.steps_per_execution)
        logs: Any = {}
        done = 0
        for start, count, results in self._steps(runner, kind, order, cadence, limit):
            callbacks.call(f"on_{kind}_batch_begin", start)
            logs = results
            done = start + count
            callbacks.call(f"on_{kind}_batch_end", done - 1, _numbers(logs))
        if limit is not None and done < limit:
            warnings.warn(
                f"[{runner.data.where}] expected data for {limit} steps, got {done}; give more samples or "
                "fewer steps.",
                stacklevel=3,
            )
        return _numbers(logs)


def _numbers(logs: Any) -> dict[str, Any]:
    """Logs as Python numbers; a metric of several values stays an array."""
    arrays = {name: np.asarray(value) for name, value in (logs or {}).items()}
    return {name: float(a) if a.ndim == 0 else a for name, a in arrays.items()}


def _host(value: Any) -> Any:
    return np.asarray(value.array if isinstance(value, Tensor) else value)


def _batch_size(x: Any) -> int:
    return next(leaf.shape[0] for leaf in nest.flatten(x) if leaf is not None)


def _due(epoch: int, frequency: int | Sequence[int]) -> bool:
    if isinstance(frequency, int):
        return (epoch + 1) % frequency == 0
    return epoch + 1 in frequency
