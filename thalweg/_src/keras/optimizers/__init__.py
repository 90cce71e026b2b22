"""Optimizers, found by name."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.registry import resolve, table_of
from thalweg._src.keras.base.serialization import plain
from thalweg._src.keras.optimizers.adadelta import Adadelta
from thalweg._src.keras.optimizers.adafactor import Adafactor
from thalweg._src.keras.optimizers.adagrad import Adagrad
from thalweg._src.keras.optimizers.adam import Adam, AdamW
from thalweg._src.keras.optimizers.adamax import Adamax
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.keras.optimizers.ftrl import Ftrl
from thalweg._src.keras.optimizers.lamb import Lamb
from thalweg._src.keras.optimizers.lion import Lion
from thalweg._src.keras.optimizers.loss_scale import LossScaleOptimizer
from thalweg._src.keras.optimizers.multi import MultiOptimizer
from thalweg._src.keras.optimizers.muon import Muon
from thalweg._src.keras.optimizers.nadam import Nadam
from thalweg._src.keras.optimizers.rmsprop import RMSprop
from thalweg._src.keras.optimizers.schedule_free import ScheduleFreeAdamW
from thalweg._src.keras.optimizers.sgd import SGD

_TABLE = table_of(
    Adadelta,
    Adafactor,
    Adagrad,
    Adam,
    AdamW,
    Adamax,
    Ftrl,
    Lamb,
    Lion,
    LossScaleOptimizer,
    MultiOptimizer,
    Muon,
    Nadam,
    RMSprop,
    SGD,
    ScheduleFreeAdamW,
)


def with_loss_scale(optimizer: Optimizer) -> Optimizer:
    """The optimizer, or one around it that scales losses for float16."""
    return optimizer if isinstance(optimizer, LossScaleOptimizer) else LossScaleOptimizer(optimizer)


def get(identifier: Any) -> Any:
    """Optimizer that a name, config or object stands for.

    Args:
        identifier: Such as ``"adam"``, or an `Optimizer`.

    Returns:
        `Optimizer`.

    Raises:
        ValueError: An unknown name; the message suggests the nearest.

    Example:
        >>> import thalweg as tf
        >>> type(tf.keras.optimizers.get("adam")).__name__
        'Adam'

    Source: `keras.optimizers.get`.
    """
    return resolve("optimizer", identifier, _TABLE)


def serialize(optimizer: Optimizer) -> Any:
    """Config from which `get` makes an equal optimizer, without its state.

    Args:
        optimizer: The optimizer.

    Source: `keras.optimizers.serialize`.
    """
    return plain(optimizer)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Optimizer of a config made by `serialize`.

    Args:
        config: The config.
        custom_objects: Further classes by name.

    Source: `keras.optimizers.deserialize`.
    """
    return resolve("optimizer", config, _TABLE | (custom_objects or {}))
