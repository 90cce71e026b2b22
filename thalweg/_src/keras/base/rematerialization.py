"""Rematerialisation: values inside a layer are computed again for the gradient instead of kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from thalweg._src.function.recompute import recompute_grad

_MODES = ("full", "activations", "larger_than", "list_of_layers", None)


@dataclass(frozen=True)
class RematMode:
    """What layers that are created now do.

    Attributes:
        mode: See `RematScope`.
        output_size_threshold: Number of elements of the outputs from which ``"larger_than"`` applies.
        layer_names: Names to which ``"list_of_layers"`` applies.
    """

    mode: str | None
    output_size_threshold: int
    layer_names: tuple[str, ...]


class _Scopes(threading.local):
    def __init__(self) -> None:
        self.stack: list[RematMode] = []


_scopes = _Scopes()


class RematScope:
    """Layers created within it keep less for their gradient, and compute more.

    Args:
        mode: ``"full"``: all layers; ``"activations"``: their activation functions only;
            ``"larger_than"``: layers with large outputs; ``"list_of_layers"``: layers by name; None: none.
        output_size_threshold: Elements of the outputs from which ``"larger_than"`` applies.
        layer_names: Names for ``"list_of_layers"``.

    Raises:
        ValueError: An unknown mode.

    Example:
        >>> import thalweg as tf
        >>> with tf.keras.RematScope("full"):
        ...     layer = tf.keras.layers.Dense(4, activation="relu")

    Source: `keras.RematScope`; Chen et al. 2016, "Training deep nets with sublinear memory cost".
    """

    def __init__(
        self,
        mode: str | None = "full",
        output_size_threshold: int = 1024,
        layer_names: Sequence[str] | None = None,
    ) -> None:
        if mode not in _MODES:
            raise ValueError(f"[RematScope] expected mode as one of {_MODES}, got {mode!r}.")
        self.mode = mode
        self.output_size_threshold = output_size_threshold
        self.layer_names = list(layer_names or ())

    def __enter__(self) -> RematScope:
        names = tuple(self.layer_names)
        _scopes.stack.append(RematMode(self.mode, self.output_size_threshold, names))
        return self

    def __exit__(self, *args: object, **kwargs: object) -> None:
        _scopes.stack.pop()


def current_remat_mode() -> RematMode | None:
    """What layers that are created now do; None for the ordinary thing."""
    found = _scopes.stack[-1] if _scopes.stack else None
    return None if found is None or found.mode is None else found


def remat(f: Callable[..., Any]) -> Callable[..., Any]:
    """Function like `f` whose inner values are computed again for the gradient instead of kept.

    Args:
        f: Function of tensors; it may read Variables.

    Source: `keras.remat`.
    """
    return recompute_grad(f)
