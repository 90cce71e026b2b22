"""The state that Keras keeps between models: counters of automatic names."""

from __future__ import annotations

import gc
from typing import Any

from thalweg._src.base.naming import UniqueNames
from thalweg._src.core import dtypes, symbolic
from thalweg._src.keras.base import variable
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.metrics import base as metrics
from thalweg._src.keras.optimizers import base as optimizers

_numbers = UniqueNames()


def clear_session(free_memory: bool = True) -> None:
    """Lets automatic names start again, such as ``dense`` after ``dense_7``.

    Args:
        free_memory: Also collect what is unreachable, such as the weights of dropped models.

    Source: `keras.utils.clear_session`. There is no global graph here that could grow.
    """
    for names in (variable.names, metrics.names, optimizers.names, symbolic.names, _numbers):
        names.reset()
    if free_memory:
        gc.collect()


def get_uid(prefix: str = "") -> int:
    """Next number for automatic names with a prefix: 1, 2, 3, ...

    Args:
        prefix: What the names start with.

    Source: `keras.backend.get_uid`.
    """
    made = _numbers.make(prefix)
    return 1 if made == prefix else int(made.removeprefix(f"{prefix}_")) + 1


def is_keras_tensor(x: Any) -> bool:
    """Whether `x` is a symbolic tensor of a model that is being drawn.

    Args:
        x: Anything.

    Source: `keras.utils.is_keras_tensor`.
    """
    return isinstance(x, symbolic.KerasTensor)


def standardize_dtype(dtype: Any) -> str:
    """Name of a dtype given in any form; the default floating dtype for None.

    Args:
        dtype: Name, `DType`, NumPy dtype or Python type.

    Source: `keras.utils.standardize_dtype`.
    """
    if dtype is None or dtype is float:
        return floatx()
    if dtype is int:
        return "int32"
    return dtypes.as_dtype(dtype).name


def is_float_dtype(dtype: Any) -> bool:
    """Whether a dtype is a floating one.

    Args:
        dtype: As for `standardize_dtype`.

    Source: `keras.backend.is_float_dtype`.
    """
    return dtypes.as_dtype(standardize_dtype(dtype)).is_floating


def is_int_dtype(dtype: Any) -> bool:
    """Whether a dtype is an integer one.

    Args:
        dtype: As for `standardize_dtype`.

    Source: `keras.backend.is_int_dtype`.
    """
    return dtypes.as_dtype(standardize_dtype(dtype)).is_integer
