"""What a layer's `call` takes, worked out once for each function."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class CallSignature:
    """Parameters of a `call` or `build` method, without ``self``.

    Attributes:
        names: Names in order.
        open_ended: Whether any further keyword is taken.
        masks: For each parameter that can have a mask, its position, name and the mask's parameter.
        training: Default of ``training``; None when there is no such parameter.
        takes_training: Whether there is one.
    """

    names: tuple[str, ...]
    open_ended: bool
    masks: tuple[tuple[int, str, str], ...]
    training: Any
    takes_training: bool


@functools.lru_cache(maxsize=1024)
def signature_of(function: Callable[..., Any]) -> CallSignature:
    """The parameters of an unbound method."""
    parameters = list(inspect.signature(function).parameters.values())[1:]
    named = [p for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
    names = tuple(p.name for p in named)
    masks = []
    for position, name in enumerate(names):
        if name == "mask" or name.endswith("_mask"):
            continue
        if f"{name}_mask" in names:
            masks.append((position, name, f"{name}_mask"))
        elif position == 0 and "mask" in names:
            masks.append((position, name, "mask"))
    training = next((p for p in named if p.name == "training"), None)
    default = None if training is None or training.default is training.empty else training.default
    return CallSignature(
        names,
        any(p.kind is p.VAR_KEYWORD for p in parameters),
        tuple(masks),
        default,
        training is not None,
    )
