"""`Optimizer`: state per weight, and the update of all weights by their gradients."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from thalweg._src.base.naming import UniqueNames, snake_case
from thalweg._src.core import xla
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.recorders import state
from thalweg._src.function.function import Function
from thalweg._src.keras import initializers
from thalweg._src.keras.base.serialization import Serializable, constructor_parameters
from thalweg._src.keras.base.stateless import StatelessScope
from thalweg._src.keras.optimizers import schedules
from thalweg._src.keras.optimizers.arguments import (
    check_accumulation,
    check_clipping,
    refuse_unknown,
)
from thalweg._src.keras.optimizers.averaging import MovingAverages
from thalweg._src.keras.optimizers.clipping import clip
from thalweg._src.keras.optimizers.conditional import assign_where, is_due
from thalweg._src.keras.optimizers.state import overwritten
from thalweg._src.ops import clipping, elementwise
from thalweg._src.ops.casting import cast
from thalweg._src.ops.creation import zeros_like
from thalweg._src.ops.selection import where
from thalweg._src.variables.variable import Variable

_log = logging.getLogger("thalweg")
names = UniqueNames()


class Optimizer(MovingAverages, Serializable):
    """Updates weights by their gradients.

    A subclass creates its state in `build(var_list)` with `add_optimizer_variables` and defines
    ``update_step(gradient, variable, learning_rate)``, which assigns.

    Args:
        learning_rate: Step size, a `LearningRateSchedule`, or a function of no arguments.
        weight_decay: Fraction of each weight, times the learning rate, that a step takes off; or None.
        clipnorm: Largest norm of one gradient, or None.
        clipvalue: Largest magnitude of a gradient's element, or None.
        global_clipnorm: Largest norm of all gradients together, or None.
        use_ema: Keep a moving average of each weight; `finalize_variable_values`, which `fit` calls at its
            end, puts the averages into the weights.
        ema_momentum: How much of an average is kept each step, in [0, 1].
        ema_overwrite_frequency: Put the averages into the weights each so many steps, too; or None.
        loss_scale_factor: Number that `scale_loss` multiplies the loss by and that gradients are divided
            by, so that small ones do not vanish in float16; or None.
        gradient_accumulation_steps: Update the weights each so many steps, by the mean of the gradients
            since the last update; or None. `iterations` counts updates then, while schedules see every
            step.
        name: Name; made from the class's when None.
        **kwargs: ``decay``, of which Keras 3 warns that it has no effect.

    Raises:
        ValueError: Settings that mean nothing, or an unknown argument.

    Source: `keras.optimizers.Optimizer`.
    """

    keras_module = "keras.optimizers"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "build" in cls.__dict__:
            cls.build = _once(cls.build)  # type: ignore[method-assign]

    def __init__(
        self,
        learning_rate: Any = 0.001,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        where = type(self).__name__
        super().__init__()
        refuse_unknown(where, kwargs, constructor_parameters(type(self)))
        check_clipping(where, clipnorm, clipvalue, global_clipnorm)
        check_accumulation(where, gradient_accumulation_steps)
        self._initialise_averages(use_ema, ema_momentum, ema_overwrite_frequency)
        self.name = name or names.make(snake_case(where))
        self.built = False
        self.weight_decay = weight_decay
        self.clipnorm, self.clipvalue, self.global_clipnorm = clipnorm, clipvalue, global_clipnorm
        self.loss_scale_factor = loss_scale_factor
        self.gradient_accumulation_steps = gradient_accumulation_steps
        self._gradient_sums: list[Any] = []
        self._undecayed: set[int] = set()
        self._undecayed_names: list[str] = []
        self._compiled: Function | None = None
        self._iterations = self.add_variable((), "zeros", "int64", name="iteration")
        self._schedule: Callable[..., Any] | None = None
        if isinstance(learning_rate, Mapping):
            learning_rate = schedules.deserialize(learning_rate)
        if callable(learning_rate) and not isinstance(learning_rate, Variable):
            self._schedule = learning_rate
        else:
            rate = initializers.Constant(_number(where, learning_rate))
            self._learning_rate = self.add_variable((), rate, "float32", name="learning_rate")

    @property
    def iterations(self) -> Any:
        """Number of updates so far: a Variable, or a tensor where gradients are accumulated."""
        steps = self.gradient_accumulation_steps
        return self._iterations if steps is None else elementwise.floordiv(self._iterations, steps)

    @property
    def learning_rate(self) -> Any:
        """Step size now: a Variable, or the schedule's value at the present step."""
        if self._schedule is None:
            return self._learning_rate
        if isinstance(self._schedule, schedules.LearningRateSchedule):
            return self._schedule(self._iterations)
        return self._schedule()

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        if callable(value) and not isinstance(value, Variable):
            if self._schedule is None:
                self._state = [v for v in self._state if v is not self._learning_rate]
            self._schedule = value
            self._compiled = None
            return
        if self._schedule is not None:
            raise TypeError(
                f"[{self.name}] expected a schedule for learning_rate, got {value!r}: this optimizer was "
                "created with one; make a new optimizer with a number."
            )
        self._learning_rate.assign(value)

    @property
    def lr(self) -> Any:
        """The same as `learning_rate`, as Keras 2 called it."""
        return self.learning_rate

    @lr.setter
    def lr(self, value: Any) -> None:
        self.learning_rate = value

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the slots for weights, once; subclasses call it first.

        Args:
            var_list: The weights.
        """
        self._trained = list(var_list)
        self._index = {id(v): i for i, v in enumerate(self._trained)}
        self._find_undecayed()
        self._build_averages()
        if self.gradient_accumulation_steps is not None:
            self._gradient_sums = [
                self.add_variable_from_reference(v, "gradient_accumulator") for v in self._trained
            ]
        self.built = True

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Updates one weight; for subclasses."""
        raise NotImplementedError(
            f"[{type(self).__name__}] expected a subclass to define update_step."
        )

    def exclude_from_weight_decay(
        self, var_list: Iterable[Variable] | None = None, var_names: Iterable[str] | None = None
    ) -> None:
        """Weights that `weight_decay` leaves alone; several calls add up.

        Args:
            var_list: Variables.
            var_names: Regular expressions, found anywhere in paths.
        """
        self._undecayed |= {id(v) for v in var_list or ()}
        self._undecayed_names += list(var_names or ())
        self._find_undecayed()

    def _find_undecayed(self) -> None:
        for variable in self._trained:
            path = getattr(variable, "path", variable.name)
            if any(re.search(pattern, path) for pattern in self._undecayed_names):
                self._undecayed.add(id(variable))

    def apply_gradients(self, grads_and_vars: Iterable[tuple[Any, Variable]]) -> Any:
        """Updates weights by their gradients.

        Args:
            grads_and_vars: Pairs of a gradient (or None) and the weight it belongs to.

        Returns:
            `iterations`.

        Raises:
            ValueError: There are no gradients, or weights that the optimizer was not built for.
        """
        pairs = list(grads_and_vars)
        if not pairs:
            raise ValueError(
                f"[{self.name}.apply_gradients] expected pairs of a gradient and a weight, got none."
            )
        self.apply([g for g, _ in pairs], [v for _, v in pairs])
        return self.iterations

    def apply(
        self, grads: Iterable[Any], trainable_variables: Sequence[Variable] | None = None
    ) -> None:
        """Updates weights by their gradients.

        Args:
            grads: Gradients; None leaves a weight alone.
            trainable_variables: The weights, in the same order; those of `build` when None.

        Raises:
            ValueError: As for `apply_gradients`.
        """
        grads = list(grads)
        variables = self._trained if trainable_variables is None else list(trainable_variables)
        if len(grads) != len(variables):
            hint = "" if self.built else "; build() the optimizer, or pass trainable_variables"
            raise ValueError(
                f"[{self.name}] expected a gradient for each weight, got {len(grads)} gradients and "
                f"{len(variables)} weights{hint}."
            )
        if not grads:
            return
        if not self.built:
            self.build(variables)
        grads, variables = self._present(grads, variables)
        if state.scopes or xla.tracing():
            self._update(grads, variables)
            return
        # One dispatch for all weights. The program is keyed by which weights take part.
        if self._compiled is None:
            self._compiled = Function(self._update, f"{self.name}_update", autograph=False)
        recorders, state.recorders = state.recorders, []
        try:
            self._compiled([convert_to_tensor(g) for g in grads], variables)
        finally:
            state.recorders = recorders

    def stateless_apply(
        self,
        optimizer_variables: Sequence[Any],
        grads: Iterable[Any],
        trainable_variables: Sequence[Any],
    ) -> tuple[list[Any], list[Any]]:
        """`apply` as a pure function of the optimizer's state, gradients and weights.

        Args:
            optimizer_variables: Values for `variables`.
            grads: Gradients of the weights that the optimizer was built for.
            trainable_variables: Values for these weights.

        Returns:
            ``(trainable_variables, optimizer_variables)`` after the update.

        Raises:
            ValueError: The optimizer is not built, or another number of values.

        Source: `keras.optimizers.Optimizer.stateless_apply`.
        """
        own, given = [*self._trained, *self.variables], [*trainable_variables, *optimizer_variables]
        if not self.built or len(own) != len(given):
            raise ValueError(
                f"[{self.name}.stateless_apply] expected values for the {len(self._trained)} weights and "
                f"{len(self.variables)} pieces of state that build() made, got {len(trainable_variables)} "
                f"and {len(optimizer_variables)}."
            )
        with StatelessScope(zip(own, given, strict=True)) as scope:
            self.apply(grads)
        found = [scope.get_current_value(v) for v in own]
        return found[: len(self._trained)], found[len(self._trained) :]

    def _present(
        self, grads: Sequence[Any], variables: Sequence[Variable]
    ) -> tuple[list[Any], list[Variable]]:
        unknown = [v.name for v in variables if id(v) not in self._index]
        if unknown:
            raise ValueError(
                f"[{self.name}] expected weights that the optimizer was built for, got {unknown}; create a "
                "new optimizer for another set of weights."
            )
        missing = [v.name for g, v in zip(grads, variables, strict=True) if g is None]
        if missing and len(missing) == len(variables):
            raise ValueError(
                f"[{self.name}] expected gradients, got None for every weight: {missing}; the loss does not "
                "depend on them."
            )
        if missing:
            _log.warning(
                "[%s] no gradient for %s: these weights stay as they are.", self.name, missing
            )
        kept = [(g, v) for g, v in zip(grads, variables, strict=True) if g is not None]
        return [g for g, _ in kept], [v for _, v in kept]

    def scale_loss(self, loss: Any) -> Any:
        """Loss to differentiate: scaled where small gradients would vanish."""
        factor = self.loss_scale_factor
        return loss if factor is None else elementwise.multiply(loss, factor)

    def _update(self, grads: Sequence[Any], variables: Sequence[Variable]) -> None:
        """One call of `apply`, with gradients for all of `variables`."""
        pairs = [(cast(g, v._dtype), v) for g, v in zip(grads, variables, strict=True)]
        for value, variable in pairs:
            if overwritten(variable):
                self._overwrite(variable, value)
        grads = [g for g, v in pairs if not overwritten(v)]
        variables = [v for _, v in pairs if not overwritten(v)]
        factor = self.loss_scale_factor
        if factor is not None:
            grads = [elementwise.truediv(g, factor) for g in grads]
        if self.gradient_accumulation_steps is None:
            self._step(grads, variables)
        else:
            self._accumulate(grads, variables)
        self._average()
        for variable in variables:
            if variable.constraint is not None:
                variable.assign(variable.constraint(variable))
        self._iterations.assign_add(1)

    def _step(self, grads: Sequence[Any], variables: Sequence[Variable]) -> None:
        """Updates weights by gradients that are ready: clipping, weight decay, `update_step`."""
        grads = clip(grads, self.clipnorm, self.clipvalue, self.global_clipnorm)
        rate = convert_to_tensor(self.learning_rate)
        for gradient, variable in zip(grads, variables, strict=True):
            step = cast(rate, variable._dtype)
            decay = self._decay_of(variable)
            if decay is not None and id(variable) not in self._undecayed:
                variable.assign_sub(
                    elementwise.multiply(elementwise.multiply(variable, decay), step)
                )
            self.update_step(gradient, variable, step)

    def _accumulate(self, grads: Sequence[Any], variables: Sequence[Variable]) -> None:
        """Adds gradients up, and updates weights by their mean when there are enough."""
        steps: Any = self.gradient_accumulation_steps
        due = is_due(self._iterations, steps)
        sums = [
            elementwise.add(self.slot(self._gradient_sums, v), g)
            for g, v in zip(grads, variables, strict=True)
        ]
        means = [elementwise.truediv(total, steps) for total in sums]
        assign_where(due, lambda: self._step(means, variables), [*variables, *self.variables])
        for total, variable in zip(sums, variables, strict=True):
            self.slot(self._gradient_sums, variable).assign(where(due, zeros_like(total), total))

    def _overwrite(self, variable: Variable, value: Any) -> None:
        """Takes a "gradient" as the weight's value; the largest of those that are accumulated."""
        steps = self.gradient_accumulation_steps
        if steps is None:
            variable.assign(value)
            return
        due = is_due(self._iterations, steps)
        accumulator = self.slot(self._gradient_sums, variable)
        largest = clipping.maximum(accumulator, value)
        variable.assign(where(due, largest, variable))
        accumulator.assign(where(due, zeros_like(largest), largest))

    def _decay_of(self, variable: Variable) -> float | None:
        """Weight decay of one weight; for subclasses that tell weights apart."""
        del variable
        return self.weight_decay

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer without its state."""
        rate: Any = self._schedule
        if rate is None:
            rate = float(self._learning_rate.numpy())
        elif isinstance(rate, schedules.LearningRateSchedule):
            rate = schedules.serialize(rate)
        return {
            "name": self.name,
            "learning_rate": rate,
            "weight_decay": self.weight_decay,
            "clipnorm": self.clipnorm,
            "global_clipnorm": self.global_clipnorm,
            "clipvalue": self.clipvalue,
            "use_ema": self.use_ema,
            "ema_momentum": self.ema_momentum,
            "ema_overwrite_frequency": self.ema_overwrite_frequency,
            "loss_scale_factor": self.loss_scale_factor,
            "gradient_accumulation_steps": self.gradient_accumulation_steps,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """Optimizer made from `get_config()`'s result.

        Args:
            config: The config.
            custom_objects: Further classes by name, for the learning rate's schedule.
        """
        settings = dict(config)
        if isinstance(settings.get("learning_rate"), Mapping):
            settings["learning_rate"] = schedules.deserialize(
                settings["learning_rate"], custom_objects
            )
        return cls(**settings)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


def _once(build: Callable[..., None]) -> Callable[..., None]:
    """`build` that leaves an optimizer alone that has its slots already."""

    @functools.wraps(build)
    def wrapped(self: Optimizer, *args: Any, **kwargs: Any) -> None:
        if not self.built:
            build(self, *args, **kwargs)

    return wrapped


def _number(where: str, rate: Any) -> float:
    try:
        return float(rate)
    except (TypeError, ValueError):
        raise ValueError(
            f"[{where}] expected learning_rate as a number, a LearningRateSchedule or a function, got "
            f"{rate!r}."
        ) from None
