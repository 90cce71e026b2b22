"""`Trainer`: `fit`, `evaluate`, `predict`, and their forms for a single batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.config import switches
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.composite import Composite
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.function import Function
from thalweg._src.keras.base.settings import settings
from thalweg._src.keras.callbacks.callback_list import CallbackList
from thalweg._src.keras.training.checks import check_classes, check_labels
from thalweg._src.keras.training.data import (
    ArrayData,
    batch_array,
    class_weights,
    pack_x_y_sample_weight,
    unpack_x_y_sample_weight,
)
from thalweg._src.keras.training.fitting import (
    BatchHooks,
    FitLoop,
    evaluate,
    numbers,
    warn_if_short,
)
from thalweg._src.keras.training.interrupts import interrupts_between_steps
from thalweg._src.keras.training.nans import NanGuard
from thalweg._src.keras.training.older_arguments import takes_workers
from thalweg._src.keras.training.runners import (
    ArrayRunner,
    Runner,
    StepCompiler,
    StreamRunner,
    concatenate,
)
from thalweg._src.keras.training.steps import Steps
from thalweg._src.keras.training.streams import Stream, batches_of, is_stream

# Dtypes of inputs that need no look before they go into a program.
_PLAIN = frozenset(map(np.dtype, ("float32", "float16", "int32", "int64", "uint8", "bool")))


class Trainer(Steps):
    """Training of a model: the loops over data."""

    @takes_workers
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
        shuffle: Any = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int | Sequence[int] = 1,
        debug_nans: bool = False,
    ) -> Any:
        """Trains the model.

        Args:
            x: Inputs: array or tensor of shape ``(samples, ...)``, or a structure of them; or batches
                ``(x, y)`` or ``(x, y, sample_weight)`` from a generator, `PyDataset`, loader or dataset.
                Ragged and sparse tensors do as well, also as parts of batches: sizes that differ from batch
                to batch are rounded up, so that a few programs serve all.
            y: Targets, likewise; None for batches.
            batch_size: Samples in a step; 32 when None. Not for batches.
            epochs: Number of the last epoch.
            verbose: 0 for silence, 1 or ``"auto"`` for a progress bar, 2 for one line an epoch.
            callbacks: `Callback`, or a list of them.
            validation_split: Part of the samples, the last ones, to validate on.
            validation_data: ``(x, y)`` or ``(x, y, sample_weight)`` of arrays, or batches, to validate on.
            shuffle: Visit the samples (the batches of a `PyDataset`) in a new order each pass;
                ``"batch"``: only the batches of arrays.
            class_weight: Weight of each class.
            sample_weight: Weight of each sample.
            initial_epoch: Number of epochs done before.
            steps_per_epoch: Steps in an epoch, which goes on where the last one stopped; a whole pass over
                the data when None.
            validation_steps: Steps of a validation; all batches when None.
            validation_batch_size: As `batch_size`, for validation.
            validation_freq: Validate each so many epochs, or after the epochs of a list (from 1).
            debug_nans: When a number stops being finite, take the steps of that dispatch back and run them
                again op by op: the error names layer, op and step. The model is left as before them.

        Returns:
            The `History` of the run.

        Raises:
            RuntimeError: The model is not compiled.
            ValueError: The arrays do not fit together.

        Source: `keras.Model.fit`. Many steps run in one dispatch; a callback that overrides a batch hook
        makes it one. Ctrl-C leaves the model as after the last whole step.
        """
        self._need_compiled("fit")
        if validation_split and (is_stream(x) or validation_data is not None):
            raise InvalidArgumentError(
                "[fit] expected validation_split with arrays and without validation_data, got "
                f"validation_split={validation_split} with "
                f"{'batches' if is_stream(x) else 'validation_data'}; split the data yourself."
            )
        held_out: Any = None
        if validation_split:
            whole = ArrayData(x, y, sample_weight, "fit")
            data, held_out = whole.split(validation_split)
            x, y, sample_weight = data.structure
        elif is_stream(validation_data):
            held_out = validation_data
        elif validation_data is not None:
            held_out = ArrayData(*unpack_x_y_sample_weight(validation_data), "fit validation_data")
        runner = self._runner("train", x, y, sample_weight, batch_size, shuffle, class_weight)
        validation = None
        if held_out is not None:
            size = validation_batch_size or batch_size
            validation = self._runner_of("test", held_out, size, "fit validation_data")
        if settings.max_epochs is not None:
            epochs = min(epochs, initial_epoch + settings.max_epochs)
        steps_per_epoch = _limited(steps_per_epoch, runner)
        if validation is not None:
            validation_steps = _limited(validation_steps, validation)
        runner.prepare()
        if validation is not None:
            validation.prepare()
        hooks = self._callbacks(
            callbacks, verbose, epochs, steps_per_epoch or runner.steps, history=True
        )
        nans = None
        if debug_nans:
            nans = NanGuard(
                self._training_state, lambda count: runner.replay(count, self._compiler("train"))
            )
        self.stop_training = False
        loop = FitLoop(
            self, runner, validation, hooks, epochs, initial_epoch, steps_per_epoch,
            validation_steps, validation_freq, nans,
        )  # fmt: skip
        object.__setattr__(self, "_fitting", loop)
        try:
            with interrupts_between_steps():
                loop.run()
        finally:
            object.__setattr__(self, "_fitting", None)
            for part in (runner, validation):
                if part is not None:
                    part.close()
            hooks.call("close")
        return self.history

    @takes_workers
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
        runner = self._runner("test", x, y, sample_weight, batch_size, False, None)
        steps = _limited(steps, runner)
        runner.prepare()
        hooks = self._callbacks(callbacks, verbose, 1, runner.steps if steps is None else steps)
        try:
            with interrupts_between_steps():
                logs = evaluate(self, runner, hooks, steps)
        finally:
            runner.close()
            if hooks is not callbacks:
                hooks.call("close")
        return logs if return_dict else self._listed(logs)

    def _listed(self, logs: dict[str, Any]) -> Any:
        """Values in the order of `metrics_names`, then others; one alone as it is."""
        ordered = [n for n in dict.fromkeys(self.metrics_names) if n in logs]
        values = [logs[n] for n in [*ordered, *(k for k in logs if k not in ordered)]]
        return values[0] if len(values) == 1 else values

    @takes_workers
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
        shown = 1 if verbose == "auto" else int(verbose)
        if not shown and callbacks is None and steps is None:
            if type(x) is np.ndarray and x.ndim and x.dtype in _PLAIN and 0 < len(x) <= (batch_size or 32):
                return self._predict_one_batch(x)  # the shortest way, for one sample in a loop
            if not is_stream(x):
                data = ArrayData(x, None, None, "predict")
                if data.length <= (batch_size or 32) and not data.has_composites:
                    return self._predict_one_batch(data.structure[0])
        runner = self._runner("predict", x, None, None, batch_size, False, None)
        steps = _limited(steps, runner)
        total = runner.steps if steps is None else steps
        hooks = self._callbacks(callbacks, verbose, 1, total)
        batches = BatchHooks(self, hooks, "predict")
        results: list[Any] = []
        told = 0
        try:
            with interrupts_between_steps():
                hooks.call("on_predict_begin")
                # Each batch's outputs are wanted, so that one step runs at a time.
                for _, _, outputs in runner.epoch(1, steps, batches.begin):
                    results.append(nest.map_structure(_host, outputs))
                    if batches.end(len(results), {"outputs": _joined(results[told:])}):
                        told = len(results)
                if results[told:]:
                    batches.finish(len(results), {"outputs": _joined(results[told:])})
                warn_if_short(runner.where, len(results), steps)
                hooks.call("on_predict_end")
        finally:
            runner.close()
            if hooks is not callbacks:
                hooks.call("close")
        return _joined(results)

    def _predict_one_batch(self, x: Any) -> Any:
        """Outputs for data that is one batch, without the machinery of epochs."""
        program = self._programs.get("predict")
        if program is None:
            program = Function(
                lambda inputs: self.predict_step(pack_x_y_sample_weight(inputs)),
                f"{self.name}_predict",
                autograph=False,
            )
            self._programs["predict"] = program
        plain = type(x) is np.ndarray
        outputs = program(convert_to_tensor(x) if plain else nest.map_structure(convert_to_tensor, x))
        if type(outputs) is Tensor:
            return _host(outputs)
        return nest.map_structure(_host, outputs)

    def train_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        class_weight: Mapping[int, float] | None = None,
        return_dict: bool = False,
    ) -> Any:
        """One step of training on one batch; metrics are of this batch alone.

        Args:
            x: Inputs.
            y: Targets.
            sample_weight: Weight of each sample.
            class_weight: Weight of each class.
            return_dict: Return values by name instead of a list.

        Returns:
            As `evaluate`.

        Source: `keras.Model.train_on_batch`.
        """
        self._need_compiled("train_on_batch")
        batch = self._batch(x, y, sample_weight, class_weight, "train_on_batch")
        self.reset_metrics()
        logs = numbers(self._compiler("train").run(batch))
        return logs if return_dict else self._listed(logs)

    def test_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False
    ) -> Any:
        """Loss and metrics on one batch alone.

        Args:
            x: Inputs.
            y: Targets.
            sample_weight: Weight of each sample.
            return_dict: Return values by name instead of a list.

        Returns:
            As `evaluate`.

        Source: `keras.Model.test_on_batch`.
        """
        self._need_compiled("test_on_batch")
        batch = self._batch(x, y, sample_weight, None, "test_on_batch")
        self.reset_metrics()
        logs = numbers(self._compiler("test").run(batch))
        return logs if return_dict else self._listed(logs)

    def predict_on_batch(self, x: Any) -> Any:
        """Outputs of the model for one batch.

        Args:
            x: Inputs.

        Returns:
            NumPy array, or a structure of them.

        Source: `keras.Model.predict_on_batch`.
        """
        data = ArrayData(x, None, None, "predict_on_batch")
        if data.has_composites:
            outputs = self._compiler("predict").run((data.structure[0], None, None), bare=True)
            return nest.map_structure(_host, outputs)
        return self._predict_one_batch(data.structure[0])

    def _batch(
        self, x: Any, y: Any, sample_weight: Any, class_weight: Any, where: str
    ) -> tuple[Any, Any, Any]:
        x, y, weight = ArrayData(x, y, sample_weight, where).structure
        if class_weight is not None:
            weight = class_weights(y, class_weight, weight, where)
        check_labels(y, self._compile_loss, where)
        return x, y, weight

    def make_train_function(self, force: bool = False) -> Any:
        """Function of an iterator that runs one step of training on its next batch.

        Args:
            force: Forget compiled programs first.
        """
        return self._function_over("train", force)

    def make_test_function(self, force: bool = False) -> Any:
        """Function of an iterator that runs one step of evaluation on its next batch.

        Args:
            force: Forget compiled programs first.
        """
        return self._function_over("test", force)

    def make_predict_function(self, force: bool = False) -> Any:
        """Function of an iterator that gives the outputs for its next batch.

        Args:
            force: Forget compiled programs first.
        """
        return self._function_over("predict", force)

    def _function_over(self, kind: str, force: bool) -> Any:
        if force:
            self._programs.clear()

        def run(iterator: Any) -> Any:
            x, y, weight = (
                None if part is None else nest.map_structure(lambda v: batch_array(v, kind), part)
                for part in unpack_x_y_sample_weight(next(iterator))
            )
            return self._compiler(kind).run((x, y, weight))

        return run

    def _callbacks(
        self, given: Any, verbose: Any, epochs: int, steps: int | None, history: bool = False
    ) -> CallbackList:
        if isinstance(given, CallbackList):
            return given
        shown = 1 if verbose == "auto" else int(verbose)
        return CallbackList(
            given,
            add_history=history,
            add_progbar=shown != 0,
            model=self,
            verbose=shown,
            epochs=epochs,
            steps=steps,
        )

    def _runner(
        self,
        kind: str,
        x: Any,
        y: Any,
        sample_weight: Any,
        batch_size: int | None,
        shuffle: Any,
        class_weight: Any,
    ) -> Runner:
        """Runner over what a method was given."""
        where = {"train": "fit", "test": "evaluate", "predict": "predict"}[kind]
        if not is_stream(x):
            data = ArrayData(x, y, sample_weight, where)
            if class_weight is not None:
                data = data.with_class_weight(class_weight)
            return self._runner_of(kind, data, batch_size, where, shuffle)
        for name, value in (("y", y), ("sample_weight", sample_weight), ("batch_size", batch_size)):
            if value is not None:
                raise InvalidArgumentError(
                    f"[{where}] expected no {name} beside batches from a {type(x).__name__}, which come with "
                    f"their targets and in their size; got {name}."
                )
        return self._runner_of(kind, Stream(x, bool(shuffle), class_weight, where), None, where)

    def _runner_of(
        self, kind: str, data: Any, batch_size: int | None, where: str, shuffle: Any = False
    ) -> Runner:
        def check(structure: Any) -> None:
            # How many classes there are is known once the step is traced.
            if kind != "predict" and self._compile_loss is not None:
                check_classes(structure[1], self._compile_loss.classes, where)

        compiler = self._compiler(kind)
        if isinstance(data, ArrayData) and data.stays_on_host:
            data = Stream(batches_of(data, batch_size or 32, shuffle), False, None, where)
        if not isinstance(data, ArrayData):
            stream = data if isinstance(data, Stream) else Stream(data, False, None, where)
            if kind != "predict":
                check_labels(stream.peek()[1], self._compile_loss, where)
            return StreamRunner(stream, compiler, check)
        size = 32 if batch_size is None else int(batch_size)
        if size < 1:
            raise InvalidArgumentError(
                f"[{where}] expected batch_size of 1 or more, got {batch_size}."
            )
        if kind != "predict":
            check_labels(data.structure[1], self._compile_loss, where)
        return ArrayRunner(data, size, shuffle, compiler, check)

    def _compiler(self, kind: str) -> StepCompiler:
        step = {"train": self._train_step, "test": self.test_step, "predict": self.predict_step}
        eagerly = self.run_eagerly or switches.run_functions_eagerly or switches.check_numerics
        return StepCompiler(
            self._programs,
            step[kind],
            self._what_is_trained,
            f"{self.name}_{kind}",
            donate=kind == "train",
            eager=eagerly and kind != "predict",
        )

    def _train_step(self, data: Any) -> Any:
        with self._as_compiled():
            return self.train_step(data)

    def _what_is_trained(self) -> tuple[int, ...]:
        """Identities of the trained weights: a program serves only the set it was traced for."""
        with self._as_compiled():
            return tuple(id(v) for v in self.trainable_weights)


def _limited(steps: int | None, runner: Runner) -> int | None:
    """Steps of an epoch under `keras.config.max_steps_per_epoch`; None for a whole pass."""
    most = settings.max_steps_per_epoch
    return steps if most is None else min(steps or runner.steps or most, most)


def _host(value: Any) -> Any:
    """NumPy array of an output; a ragged or sparse one as it is."""
    if isinstance(value, Composite):
        return value
    return np.asarray(value.array if isinstance(value, Tensor) else value)


def _joined(results: list[Any]) -> Any:
    """Outputs of batches as those of one."""
    return nest.map_structure(lambda *parts: concatenate(parts), *results)
