"""Dtype policies: in which dtype a layer computes, and in which it keeps its weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thalweg._src.core import dtypes
from thalweg._src.keras.base.serialization import Serializable


class _Defaults:
    floatx = "float32"
    policy: Any = None


def floatx() -> str:
    """Name of the default floating dtype, ``"float32"`` unless `set_floatx` changed it.

    Source: `keras.config.floatx`.
    """
    return _Defaults.floatx


def set_floatx(value: str) -> None:
    """Sets the default floating dtype.

    Args:
        value: ``"bfloat16"``, ``"float16"``, ``"float32"`` or ``"float64"``.

    Raises:
        ValueError: Another name.
    """
    allowed = ("bfloat16", "float16", "float32", "float64")
    if value not in allowed:
        raise ValueError(f"[set_floatx] expected one of {allowed}, got {value!r}.")
    _Defaults.floatx = value


class DTypePolicy(Serializable):
    """Pair of the dtype for computing and the dtype for weights.

    Args:
        name: A dtype (``"float32"``) or ``"mixed_float16"``/``"mixed_bfloat16"``: compute in the named
            half precision, keep weights in float32.

    Example:
        >>> DTypePolicy("mixed_bfloat16").compute_dtype
        'bfloat16'

    Source: `keras.DTypePolicy`.
    """

    def __init__(self, name: Any = None) -> None:
        self.name = name if isinstance(name, str) else dtypes.as_dtype(name or floatx()).name
        if self.name.startswith("mixed_"):
            self.compute_dtype = dtypes.as_dtype(self.name.removeprefix("mixed_")).name
            self.variable_dtype = "float32"
        else:
            self.compute_dtype = self.variable_dtype = dtypes.as_dtype(self.name).name

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal policy."""
        return {"name": self.name}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DTypePolicy) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f'<DTypePolicy "{self.name}">'


def policy_of(dtype: Any) -> DTypePolicy:
    """Policy for a layer's `dtype` argument: a policy, a dtype, or None for the global one."""
    if isinstance(dtype, DTypePolicy):
        return dtype
    if isinstance(dtype, Mapping):
        return DTypePolicy(dtype["config"]["name"])
    if dtype is None and _Defaults.policy is not None:
        return _Defaults.policy
    return DTypePolicy(dtype)


def set_dtype_policy(policy: Any) -> None:
    """Sets the policy of layers that are created without a dtype.

    Args:
        policy: A `DTypePolicy` or its name, such as ``"mixed_bfloat16"``.

    Source: `keras.config.set_dtype_policy`.
    """
    _Defaults.policy = policy if isinstance(policy, DTypePolicy) else DTypePolicy(policy)


def dtype_policy() -> DTypePolicy:
    """Policy of layers that are created without a dtype.

    Source: `keras.config.dtype_policy`.
    """
    return policy_of(None)
