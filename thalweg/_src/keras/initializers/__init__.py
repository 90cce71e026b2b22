"""Initializers: functions of (shape, dtype) that make first values of weights, found by name."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.base.registry import resolve, table_of
from thalweg._src.keras.base.serialization import plain
from thalweg._src.keras.initializers.base import Initializer as Initializer
from thalweg._src.keras.initializers.fixed import Constant as Constant
from thalweg._src.keras.initializers.fixed import Identity as Identity
from thalweg._src.keras.initializers.fixed import Ones as Ones
from thalweg._src.keras.initializers.fixed import Zeros as Zeros
from thalweg._src.keras.initializers.random import Orthogonal as Orthogonal
from thalweg._src.keras.initializers.random import RandomNormal as RandomNormal
from thalweg._src.keras.initializers.random import RandomUniform as RandomUniform
from thalweg._src.keras.initializers.random import TruncatedNormal as TruncatedNormal
from thalweg._src.keras.initializers.scaled import GlorotNormal as GlorotNormal
from thalweg._src.keras.initializers.scaled import GlorotUniform as GlorotUniform
from thalweg._src.keras.initializers.scaled import HeNormal as HeNormal
from thalweg._src.keras.initializers.scaled import HeUniform as HeUniform
from thalweg._src.keras.initializers.scaled import LecunNormal as LecunNormal
from thalweg._src.keras.initializers.scaled import LecunUniform as LecunUniform
from thalweg._src.keras.initializers.scaled import VarianceScaling as VarianceScaling
from thalweg._src.keras.initializers.spectral import STFT as STFT

_CLASSES = (
    Zeros, Ones, Constant, RandomNormal, RandomUniform, TruncatedNormal, VarianceScaling, GlorotUniform,
    GlorotNormal, HeUniform, HeNormal, LecunUniform, LecunNormal, Identity, Orthogonal, STFT,
)  # fmt: skip
_TABLE = table_of(
    *_CLASSES,
    normal=RandomNormal,
    uniform=RandomUniform,
    random_normal=RandomNormal,
    random_uniform=RandomUniform,
    IdentityInitializer=Identity,
    OrthogonalInitializer=Orthogonal,
    STFTInitializer=STFT,
)


def get(identifier: Any) -> Any:
    """Initializer that a name, config, function or number stands for; None stays None.

    Args:
        identifier: Such as ``"glorot_uniform"``.

    Raises:
        ValueError: An unknown name; the message suggests the nearest.

    Source: `keras.initializers.get`.
    """
    if identifier is None:
        return None
    if isinstance(identifier, (int, float, np.ndarray, Tensor)):
        return Constant(np.asarray(identifier))
    return resolve("initializer", identifier, _TABLE)


def serialize(initializer: Initializer) -> Any:
    """Config from which `get` makes an equal initializer."""
    return plain(initializer)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Initializer of a config made by `serialize`; `custom_objects` adds names."""
    return resolve("initializer", config, _TABLE | (custom_objects or {}))
