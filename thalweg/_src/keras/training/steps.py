"""`Steps`: what `compile` is told, and the steps of training, evaluation and prediction."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.api_names import tells_older_arguments
from thalweg._src.base.errors import NotCompiledError, ShapeError
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.function.differentiate import value_and_gradients
from thalweg._src.keras import optimizers
from thalweg._src.keras.base.serialization import deserialize_keras_object, plain
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.base.masking import mask_of, note
from thalweg._src.keras.layers.base.signature import signature_of
from thalweg._src.keras.metrics.base import Metric
from thalweg._src.keras.metrics.reductions import Mean
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.keras.training.compiling import CompileLoss, CompileMetrics
from thalweg._src.keras.training.data import unpack_x_y_sample_weight
from thalweg._src.ops.elementwise import add
from thalweg._src.variables.variable import Variable

_log = logging.getLogger("thalweg")


class Steps(Layer):
    """Loss, metrics and optimizer of a model, and one step with them."""

    _programs: dict[Any, Any]
    _compiled: bool
    #: What `compile` was given as loss.
    loss: Any = None
    _compile_loss: CompileLoss | None
    _compile_metrics: CompileMetrics
    _loss_tracker: Mean
    _compile_arguments: dict[str, Any]
    _compiled_flags: dict[int, bool]
    _told_of_flags: bool
    history: Any

    def _initialise_training(self) -> None:
        object.__setattr__(self, "_programs", {})
        object.__setattr__(self, "_compiled", False)
        object.__setattr__(self, "_compile_arguments", {})
        object.__setattr__(self, "_fitting", None)
        object.__setattr__(self, "_compiled_flags", {})
        object.__setattr__(self, "_told_of_flags", False)
        self.run_eagerly = False
        self.stop_training = False
        self.optimizer: Any = None

    @tells_older_arguments("keras.Model.compile")
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
            loss: Name, function or `Loss`; a list of them in the order of the outputs, or a dict by the
                outputs' names.
            loss_weights: Number for each loss, in the same structure.
            metrics: List of names, functions or `Metric`s; for several outputs a list of lists or a dict.
            weighted_metrics: The same, for metrics that take the sample weights.
            run_eagerly: Run steps op by op in Python, for debugging.
            steps_per_execution: Steps between two calls of the callbacks' batch hooks.
            jit_compile: True, False or ``"auto"``. Steps are compiled by XLA whatever is given, unless
                `run_eagerly`: there is no other compiler to choose.
            auto_scale_loss: Scale the loss where the model's policy is ``"mixed_float16"``, whose small
                gradients would vanish otherwise.

        Raises:
            ValueError: An unknown name; the message suggests the nearest.

        Source: `keras.Model.compile`.
        """
        if not isinstance(steps_per_execution, (int, np.integer)) or steps_per_execution < 1:
            raise ValueError(
                f"[compile] expected steps_per_execution of 1 or more, got {steps_per_execution!r}."
            )
        if jit_compile not in (True, False, None, "auto"):
            raise ValueError(
                f"[compile] expected jit_compile of True, False or 'auto', got {jit_compile!r}."
            )
        arguments = {
            "optimizer": optimizer, "loss": loss, "loss_weights": loss_weights, "metrics": metrics,
            "weighted_metrics": weighted_metrics, "run_eagerly": run_eagerly,
            "steps_per_execution": int(steps_per_execution), "jit_compile": jit_compile,
            "auto_scale_loss": auto_scale_loss,
        }
        chosen = optimizers.get(optimizer)
        if auto_scale_loss and self._dtype_policy.name == "mixed_float16":
            chosen = optimizers.with_loss_scale(chosen)
        compiled_loss = None if loss is None else CompileLoss(loss, loss_weights, self._names_of_outputs)
        compiled_metrics = CompileMetrics(metrics, weighted_metrics, self._names_of_outputs)
        self.optimizer = chosen
        object.__setattr__(self, "_compile_arguments", arguments)
        object.__setattr__(self, "_compile_loss", compiled_loss)
        object.__setattr__(self, "_compile_metrics", compiled_metrics)
        object.__setattr__(self, "_loss_tracker", Mean(name="loss"))
        object.__setattr__(self, "_programs", {})
        flags = {id(layer): layer.trainable for layer in self._flatten_layers()}
        object.__setattr__(self, "_compiled_flags", flags)
        self.loss = loss
        self.run_eagerly = bool(run_eagerly)
        self.steps_per_execution = int(steps_per_execution)
        self.jit_compile = jit_compile
        self.auto_scale_loss = auto_scale_loss
        object.__setattr__(self, "_compiled", True)

    @contextmanager
    def _as_compiled(self) -> Iterator[None]:
        """Within it, layers are frozen or not as they were when `compile` ran.

        So two models that share layers, such as the two halves of a GAN, train what each was compiled for.
        """
        flags = self._compiled_flags
        changed = [
            (layer, layer._trainable)
            for layer in self._flatten_layers()
            if flags.get(id(layer), layer._trainable) != layer._trainable
        ]
        if changed and not self._told_of_flags:
            _log.warning(
                "[%s] `trainable` of %s was changed after compile(): this model trains as it was compiled; "
                "compile it again for the change to take effect.",
                self.name,
                [layer.name for layer, _ in changed],
            )
            object.__setattr__(self, "_told_of_flags", True)
        for layer, now in changed:
            object.__setattr__(layer, "_trainable", not now)
        try:
            yield
        finally:
            for layer, now in changed:
                object.__setattr__(layer, "_trainable", now)

    def _names_of_outputs(self) -> list[str] | None:
        return getattr(self, "output_names", None)

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

    def get_compile_config(self) -> dict[str, Any] | None:
        """Arguments of `compile` as plain data; None before it ran."""
        # The optimizer itself: with its present settings, and the loss scale around it.
        return plain(self._compile_arguments | {"optimizer": self.optimizer}) if self.compiled else None

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compiles the model with `get_compile_config()`'s result."""
        self.compile(**deserialize_keras_object(config))
        if self.built and not self.optimizer.built:
            self.optimizer.build(self.trainable_variables)

    @property
    def metrics(self) -> list[Metric]:
        """Metrics of training: the loss, those of `compile` as one metric of several values, and those of
        layers.

        Source: `keras.Model.metrics`.
        """
        found: list[Metric] = []
        if self.compiled:
            found = [self._loss_tracker]
            found += [] if self._compile_metrics.empty else [self._compile_metrics]
            found += [] if self._compile_loss is None else self._compile_loss.trackers
        own = super().metrics
        return list({id(m): m for m in [*found, *own]}.values())

    @property
    def metrics_names(self) -> list[str]:
        """Names of values in the order of `evaluate`'s list; those of the metrics of `compile` are known
        after the first batch.

        Source: `keras.Model.metrics_names`, which names the metrics of `compile` together.
        """
        names: list[str] = []
        last: list[str] = []
        for metric in self.metrics:
            if not isinstance(metric, CompileMetrics):
                names.append(metric.name)
            elif metric.labelled:
                last = sorted(metric.names)
            else:
                names += metric.names
        return [*names, *last]

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
        parts = [part for part in parts if part is not None]
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

    def _loss_of(self, x: Any, y: Any, y_pred: Any, sample_weight: Any, training: bool) -> Any:
        """`compute_loss`, which a subclass may have written without `training`."""
        extra = {}
        signature = signature_of(type(self).compute_loss)
        if "training" in signature.names or signature.open_ended:
            extra["training"] = training
        return self.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=sample_weight, **extra)

    def compiled_loss(
        self, y: Any, y_pred: Any, sample_weight: Any = None, regularization_losses: Any = None
    ) -> Any:
        """Loss of `compile`, also counted in the logs' ``loss``, as programs for Keras 2 call it.

        Args:
            y: Targets.
            y_pred: Outputs of the model.
            sample_weight: Weights, or None.
            regularization_losses: Losses to add, such as `losses`.
        """
        if self._compile_loss is None:
            raise ValueError(f"[{self.name}] expected a loss, got none; pass loss= to compile().")
        total = self._compile_loss(y, y_pred, sample_weight)
        for part in regularization_losses or ():
            total = add(total, part)
        self._loss_tracker.update_state(total, sample_weight=_batch_size(y_pred))
        return total

    @property
    def compiled_metrics(self) -> CompileMetrics:
        """Metrics of `compile`, with `update_state(y, y_pred)`, as programs for Keras 2 use them."""
        return self._compile_metrics

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
        for metric in self.metrics:
            result = metric.result()
            values.update(result if isinstance(result, dict) else {metric.name: result})
        return {name: values[name] for name in sorted(values)}

    def train_step(self, data: Any) -> dict[str, Any]:
        """One step of training; override it for a step of your own.

        Args:
            data: ``(x, y, sample_weight)`` as far as given; ``x`` itself where there is nothing else.

        Returns:
            Values to log, by name.
        """
        x, y, sample_weight = unpack_x_y_sample_weight(data)

        def forward() -> tuple[Any, Any]:
            y_pred = self(x, training=True)
            loss = self._loss_of(x, y, y_pred, sample_weight, training=True)
            return self.optimizer.scale_loss(loss), (loss, y_pred, mask_of(y_pred))

        _, (loss, y_pred, mask), gradients = value_and_gradients(
            forward,
            lambda: self.trainable_variables,
            f"{self.name}_loss",
        )
        # What leaves the differentiated part are other tensors, without the masks that metrics look for.
        note(mask, y_pred)
        self._loss_tracker.update_state(loss, sample_weight=_batch_size(x))
        if self.trainable_variables:
            self.optimizer.apply(gradients, self.trainable_variables)
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def test_step(self, data: Any) -> dict[str, Any]:
        """One step of evaluation.

        Args:
            data: ``(x, y, sample_weight)`` as far as given; ``x`` itself where there is nothing else.

        Returns:
            Values to log, by name.
        """
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        y_pred = self(x, training=False)
        loss = self._loss_of(x, y, y_pred, sample_weight, training=False)
        self._loss_tracker.update_state(loss, sample_weight=_batch_size(x))
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def predict_step(self, data: Any) -> Any:
        """One step of prediction.

        Args:
            data: ``x``, or ``(x,)`` where it is a list or tuple.

        Returns:
            Outputs of the model.
        """
        x, _, _ = unpack_x_y_sample_weight(data)
        return self(x, training=False)

    def stateless_compute_loss(
        self,
        trainable_variables: Any,
        non_trainable_variables: Any,
        metrics_variables: Any,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """`compute_loss` as a pure function of the model's Variables.

        Args:
            trainable_variables: Values for `trainable_variables`.
            non_trainable_variables: Values for `non_trainable_variables`.
            metrics_variables: Values for `metrics_variables`.
            x: Inputs.
            y: Targets.
            y_pred: Outputs of the model.
            sample_weight: Weights, or None.
            training: Whether this is training.

        Returns:
            ``(loss, (trainable, non_trainable, metrics))`` with the values after the call.

        Source: `keras.Model.stateless_compute_loss`.
        """
        groups = [self.trainable_variables, self.non_trainable_variables, self.metrics_variables]
        given = [trainable_variables, non_trainable_variables, metrics_variables]
        loss, updated = self._statelessly(
            lambda: self._loss_of(x, y, y_pred, sample_weight, training), groups, given
        )
        return loss, tuple(updated)

    #: Always None: models are distributed by `jax.sharding`, not by a strategy of their own.
    distribute_strategy: Any = None
    #: How predictions of replicas are brought together.
    distribute_reduction_method = "auto"
    #: What `compile` was given.
    jit_compile: Any = "auto"
    #: Whether steps run op by op.
    run_eagerly: bool = False
    #: Steps between two calls of the callbacks' batch hooks.
    steps_per_execution: int = 1

    def get_state_tree(self, value_format: str = "backend_tensor") -> dict[str, Any]:
        """Values of all Variables as nested dicts by path.

        Args:
            value_format: ``"backend_tensor"`` or ``"numpy_array"``.

        Returns:
            dict with ``trainable_variables``, ``non_trainable_variables``, ``optimizer_variables`` and
            ``metrics_variables``.

        Raises:
            ValueError: Another format.

        Source: `keras.Model.get_state_tree`.
        """
        if value_format not in ("backend_tensor", "numpy_array"):
            raise ValueError(
                "[get_state_tree] expected value_format 'backend_tensor' or 'numpy_array', got "
                f"{value_format!r}."
            )
        return {
            group: _tree_of(variables, value_format == "numpy_array")
            for group, variables in self._state_groups().items()
        }

    def set_state_tree(self, state_tree: dict[str, Any]) -> None:
        """Assigns the values that `get_state_tree` gave; all fit or none is assigned.

        Args:
            state_tree: Nested dicts; groups and Variables that it leaves out stay as they are.

        Raises:
            ValueError: An unknown group or path, or another shape.

        Source: `keras.Model.set_state_tree`.
        """
        groups = self._state_groups()
        pairs: list[tuple[Variable, Any]] = []
        for group, tree in state_tree.items():
            by_path = {_path_of(v): v for v in groups.get(group, [])}
            for path, value in _leaves_of(tree):
                variable = by_path.get(path)
                if variable is None or tuple(np.shape(value)) != tuple(variable.shape):
                    raise ValueError(
                        f"[set_state_tree] expected Variables of {group} with their shapes, got {path!r} of "
                        f"shape {np.shape(value)}; known are {sorted(by_path)}."
                    )
                pairs.append((variable, value))
        for variable, value in pairs:
            variable.assign(value)

    def _state_groups(self) -> dict[str, list[Variable]]:
        return {
            "trainable_variables": self.trainable_variables,
            "non_trainable_variables": self.non_trainable_variables,
            "optimizer_variables": [] if self.optimizer is None else self.optimizer.variables,
            "metrics_variables": self.metrics_variables,
        }

    def _training_state(self) -> list[Variable]:
        """Every Variable that training changes: of layers, metrics and optimizers."""
        found = [*self.variables, *self.metrics_variables]
        for value in vars(self).values():
            if isinstance(value, Optimizer):
                found += value.variables
        return list({id(v): v for v in found}.values())


def _batch_size(x: Any) -> int:
    """Samples of a batch; 1 where that is not known."""
    for leaf in nest.flatten(x):
        if leaf is not None and not isinstance(leaf, KerasTensor) and len(leaf.shape):
            return int(leaf.shape[0])
    return 1


def _path_of(variable: Any) -> str:
    return str(getattr(variable, "path", variable.name))


def _tree_of(variables: list[Variable], as_arrays: bool) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for variable in variables:
        *folders, name = _path_of(variable).split("/")
        place = tree
        for folder in folders:
            place = place.setdefault(folder, {})
        place[name] = variable.numpy() if as_arrays else variable.read_value()
    return tree


def _leaves_of(tree: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _leaves_of(value, f"{prefix}/{key}" if prefix else key)
    else:
        yield prefix, tree
