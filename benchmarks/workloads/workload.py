"""What a workload is: its data, its model written once against the Keras API, and the same by hand."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.case import SizeName, Target

STEADY_SECONDS = 3.0

Size = SimpleNamespace
"""A workload's numbers, such as ``batch``, ``steps`` of an epoch and what its model asks for."""

Array = np.ndarray[Any, Any]
Fit = Callable[[Array, Array, Callable[[], bool], bool], None]
"""Trains on inputs and targets, bar shown or not, until what is called after each epoch says so."""


@dataclass(frozen=True)
class Workload:
    """A model to train.

    Args:
      name: of its rows.
      data: inputs and targets of a count of samples, from ``(count, size)``.
      model: the compiled Keras model, from ``(keras, size)``.
      sizes: how large on a CPU, on a GPU and in the tests.
      torch: the module, its loss and its metric, from ``(torch, size)``.
      jax: the parameters and their ``(loss, metric)`` of a batch, from ``(jax, size)``.
      targets: promises on the seconds of a step.
    """

    name: str
    data: Callable[[int, Size], tuple[Array, Array]]
    model: Callable[[Any, Size], Any]
    sizes: Mapping[SizeName, Size]
    torch: Callable[[Any, Size], Any] | None = None
    jax: Callable[[Any, Size], Any] | None = None
    targets: tuple[Target, ...] = ()


def sizes(
    cpu: Mapping[str, Any] | None, gpu: Mapping[str, Any] | None, **tiny: Any
) -> dict[SizeName, Size]:
    """Returns the sizes of a workload; ``tiny`` names what is smaller in the tests."""
    full: Mapping[str, Any] = {"seconds": STEADY_SECONDS, **(cpu or gpu or {})}
    found: dict[SizeName, Size] = {"tiny": Size(**{**full, "seconds": 0.0, **tiny})}
    if cpu is not None:
        found["cpu"] = Size(**full)
    if gpu is not None:
        found["gpu"] = Size(**{**full, **gpu})
    return found


@contextmanager
def mixed_bfloat16(keras: Any) -> Iterator[None]:
    """Layers made inside compute in bfloat16 and keep float32 weights."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
