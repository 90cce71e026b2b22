"""State of optimizers in files of older versions: which array is whose.

Keras 2 names its slots, Keras 3 numbers all arrays; what is there and in which order has changed.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from thalweg._src.keras.archive.h5_gate import Entry
from thalweg._src.keras.archive.legacy_h5 import StoredLayer
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.keras.optimizers.loss_scale import LossScaleOptimizer
from thalweg._src.keras.optimizers.nadam import Nadam
from thalweg._src.keras.optimizers.sgd import SGD

# Slots of each class by their names, `theirs:ours`; since Keras 2.11 a name is ``Adam/m/dense/kernel:0``.
_SLOTS = {
    "SGD": "m:momentums",
    "Adam": "m:_momentums v:_velocities vhat:_velocity_hats",
    "AdamW": "m:_momentums v:_velocities vhat:_velocity_hats",
    "Nadam": "m:_momentums v:_velocities",
    "Adamax": "m:_m u:_u",
    "RMSprop": "velocity:_velocities momentum:_momentums average_gradient:_average_gradients",
    "Adagrad": "accumulator:_accumulators",
    "Adadelta": "accumulated_grad:_accumulated_grads accumulated_delta_var:_accumulated_delta_vars",
    "Ftrl": "accumulator:_accumulators linear:_linears",
    "Adafactor": "r:_r c:_c v:_v",
    "Lion": "m:_momentums",
}
# Before, and in `keras.optimizers.legacy`, it is ``Adam/dense/kernel/m:0``.
_OLDER_SLOTS = _SLOTS | {
    "SGD": "momentum:momentums",
    "Adamax": "m:_m v:_u",
    "RMSprop": "rms:_velocities momentum:_momentums mg:_average_gradients",
    "Adadelta": "accum_grad:_accumulated_grads accum_var:_accumulated_delta_vars",
}
# How names of Keras 2 end: they are those of TensorFlow's tensors.
_TENSOR = ":0"
_AVERAGE = "average"
_COUNTS = ("iteration", "iterations", "iter")
_RATE = "learning_rate"
_PRODUCT = "momentum_cache"


def restore_optimizer(optimizer: Optimizer, stored: StoredLayer, weights: Sequence[Any]) -> None:
    """Gives an optimizer the state in an HDF5 file, or warns that it begins afresh.

    Args:
        optimizer: Built for its weights.
        stored: Its arrays in the file.
        weights: Weights in the order of the file.
    """
    if any(name.endswith(_TENSOR) for name in stored.names):
        pairs = _named(_inner(optimizer), stored, weights)
    else:
        pairs = _numbered(optimizer, stored)
    if pairs is None:
        warnings.warn(
            f"[load_model] the file's optimizer has {len(stored.entries)} arrays that do not fit the "
            f"{len(optimizer.variables)} of {optimizer.name!r}; it begins afresh.",
            stacklevel=4,
        )
        return
    assign_state(optimizer, [(variable, entry.value()) for variable, entry in pairs])


def assign_state(optimizer: Optimizer, pairs: Iterable[tuple[Any, Any]]) -> None:
    """Gives an optimizer's Variables their values, and those that follow from them.

    Args:
        optimizer: The optimizer.
        pairs: Variables and arrays.
    """
    assigned = set()
    for variable, array in pairs:
        if variable is None:
            continue
        variable.assign(np.asarray(array, variable._dtype.numpy_dtype))
        assigned.add(id(variable))
    inner = _inner(optimizer)
    if isinstance(inner, Nadam) and id(inner._u_product) not in assigned:
        # Keras 2 keeps the steps only.
        steps = np.arange(1, int(inner._iterations.numpy()) + 1)
        product = np.prod(inner.beta_1 * (1.0 - 0.5 * 0.96**steps))
        inner._u_product.assign(np.asarray(product, inner._u_product._dtype.numpy_dtype))


def _inner(optimizer: Any) -> Any:
    return optimizer.inner_optimizer if isinstance(optimizer, LossScaleOptimizer) else optimizer


Pairs = list[tuple[Any, Entry]]


def _numbered(optimizer: Optimizer, stored: StoredLayer) -> Pairs | None:
    """Variables with arrays in the order of Keras 3."""
    layout = layout_of(optimizer, [entry.shape for entry in stored.entries])
    return None if layout is None else list(zip(layout, stored.entries, strict=True))


def layout_of(optimizer: Any, shapes: Sequence[tuple[int, ...]]) -> list[Any] | None:
    """The optimizer's Variables that arrays of these shapes are for, None for those that it does not have.

    Args:
        optimizer: Built for its weights.
        shapes: Shapes of arrays in the order in which a version of Keras numbers them.

    Returns:
        The Variables; None where the shapes are those of no version.
    """
    inner = _inner(optimizer)
    own = list(optimizer.variables)
    products = [inner._u_product] if isinstance(inner, Nadam) else []
    rate = getattr(inner, "_learning_rate", None)
    left_out = {id(v) for v in [rate, *products]} | {id(v) for v in own if _is_unused(v)}
    counts, slots = own[:2], [v for v in own[2:] if all(v is not p for p in products)]
    # Keras 2 has neither the learning rate among the state, nor what Nadam multiplies, nor unused slots.
    older = [v for v in inner.variables if id(v) not in left_out]
    layouts = [own, older]
    if products:
        # Keras 3.3 has what Nadam multiplies first.
        layouts.append([*counts, *products, *slots])
    if isinstance(inner, SGD) and not inner.momentum:
        # Keras 2 has slots for a momentum of 0, too.
        layouts.append([*older, *([None] * len(inner._trained))])
    return next((found for found in layouts if _fits(found, inner, shapes)), None)


def _is_unused(variable: Any) -> bool:
    """True for the slots that Adafactor has for what vectors have not."""
    return bool(variable._dtype.name == "int32")


def _fits(layout: list[Any], optimizer: Any, shapes: Sequence[tuple[int, ...]]) -> bool:
    trained = iter(optimizer._trained)
    wanted = [tuple((next(trained) if v is None else v).shape) for v in layout]
    return wanted == list(shapes)


def _named(optimizer: Any, stored: StoredLayer, weights: Sequence[Any]) -> Pairs | None:
    """Variables with arrays by the names of Keras 2; None where there are others."""
    parts = [name.removesuffix(_TENSOR).split("/") for name in stored.names]
    older = any(part[-1] == "iter" for part in parts)
    table = (_OLDER_SLOTS if older else _SLOTS).get(type(optimizer).__name__, "")
    ours = dict(word.split(":") for word in table.split()) | {_AVERAGE: "_averages"}
    slots: dict[str, list[Entry]] = {}
    pairs: Pairs = []
    for part, entry in zip(parts, stored.entries, strict=True):
        known = {_RATE: "_learning_rate", _PRODUCT: "_u_product"} | dict.fromkeys(_COUNTS, "_iterations")
        if part[-1] in known and entry.shape == ():
            pairs.append((getattr(optimizer, known[part[-1]]), entry))
            continue
        slot = part[-1] if older else next((p for p in part[:2] if p in ours), None)
        if slot not in ours:
            return None
        slots.setdefault(slot, []).append(entry)
    trained = [v for v in weights if id(v) in optimizer._index]
    for slot, entries in slots.items():
        held = getattr(optimizer, ours[slot])
        if not held and isinstance(optimizer, SGD):
            continue
        own = [optimizer.slot(held, v) for v in trained]
        if len(entries) < len(own):
            own = [v for v in own if not _is_unused(v)]
        if [tuple(v.shape) for v in own] != [entry.shape for entry in entries]:
            return None
        pairs += zip(own, entries, strict=True)
    return pairs
