"""Arguments that all optimizers share: how subclasses pass them on, and their checks."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.base.naming import nearest

_COMMON = (
    "learning_rate",
    "weight_decay",
    "clipnorm",
    "clipvalue",
    "global_clipnorm",
    "use_ema",
    "ema_momentum",
    "ema_overwrite_frequency",
    "loss_scale_factor",
    "gradient_accumulation_steps",
    "name",
)


def common(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments for the constructor of `Optimizer`.

    Args:
        arguments: All arguments of a subclass's constructor: its `locals()`. Among further ones ``lr`` is the
            learning rate, as Keras 2 called it.
    """
    taken = {name: arguments[name] for name in _COMMON} | arguments["kwargs"]
    if "lr" in taken:
        taken["learning_rate"] = taken.pop("lr")
    return taken


def refuse_unknown(where: str, given: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raises for arguments that no constructor takes; warns of `decay`, which Keras 3 ignores."""
    for name in given:
        if name == "decay":
            warnings.warn(
                f"[{where}] decay={given[name]} has no effect, as in Keras 3; pass "
                "learning_rate=keras.optimizers.schedules.InverseTimeDecay(...) instead.",
                stacklevel=4,
            )
            continue
        hint = "Did you mean 'learning_rate'?" if name == "lr" else nearest(name, known)
        raise InvalidArgumentError(f"[{where}] unknown argument {name!r}. {hint}")


def check_clipping(
    where: str, clipnorm: float | None, clipvalue: float | None, global_clipnorm: float | None
) -> None:
    """Raises for more than one kind of clipping."""
    if sum(x is not None for x in (clipnorm, clipvalue, global_clipnorm)) > 1:
        raise InvalidArgumentError(
            f"[{where}] expected at most one of clipnorm, clipvalue and global_clipnorm, got "
            f"clipnorm={clipnorm}, clipvalue={clipvalue}, global_clipnorm={global_clipnorm}."
        )


def check_averaging(where: str, momentum: float, frequency: Any) -> None:
    """Raises for a momentum of averages outside [0, 1], or a frequency that is no count."""
    if not 0 <= momentum <= 1:
        raise InvalidArgumentError(f"[{where}] expected ema_momentum in [0, 1], got {momentum}.")
    if frequency is not None and (not isinstance(frequency, int) or frequency < 1):
        raise InvalidArgumentError(
            f"[{where}] expected ema_overwrite_frequency as a number of steps from 1, or None, got "
            f"{frequency!r}."
        )


def check_accumulation(where: str, steps: Any) -> None:
    """Raises for numbers of accumulated steps that mean nothing."""
    if steps is not None and (not isinstance(steps, int) or steps < 2):
        raise InvalidArgumentError(
            f"[{where}] expected gradient_accumulation_steps as a number from 2, or None, got {steps!r}."
        )
