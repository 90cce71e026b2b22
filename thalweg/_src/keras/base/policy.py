"""Dtype policies: in which dtype a layer computes, and in which it keeps its weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.base.naming import nearest
from thalweg._src.core import dtypes
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.keras.base.serialization import (
    Serializable,
    deserialize_keras_object,
    enroll,
    serialize_keras_object,
)
from thalweg._src.ops.casting import cast


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
            half precision, keep weights in float32. None takes that of ``keras.config.dtype_policy()``.

    Raises:
        ValueError: Another name.

    Example:
        >>> DTypePolicy("mixed_bfloat16").compute_dtype
        'bfloat16'

    Source: `keras.DTypePolicy`.
    """

    def __init__(self, name: Any = None) -> None:
        if name is None:
            name = dtype_policy().name if _Defaults.policy is not None else floatx()
        self._name = name if isinstance(name, str) else dtypes.as_dtype(name).name
        self._compute_dtype, self._variable_dtype = _dtypes_of(self._name)

    @property
    def name(self) -> str:
        """Name: a dtype, ``"mixed_float16"`` or ``"mixed_bfloat16"``."""
        return self._name

    @property
    def compute_dtype(self) -> str:
        """Name of the dtype that layers compute in."""
        return self._compute_dtype

    @property
    def variable_dtype(self) -> str:
        """Name of the dtype of weights."""
        return self._variable_dtype

    @property
    def quantization_mode(self) -> str | None:
        """None: weights are not quantized."""
        return None

    def convert_input(self, x: Any, autocast: bool, dtype: Any) -> Any:
        """An input of a layer in the dtype that it computes in.

        Args:
            x: Input; only floating tensors and arrays are cast, all else is returned as it is.
            autocast: Whether tensors are cast; False returns `x`.
            dtype: Dtype to cast to.
        """
        wanted = dtypes.as_dtype(dtype)
        if isinstance(x, KerasTensor):
            tensor: Any = x
        elif isinstance(x, np.ndarray) and x.dtype.kind in "fV":
            tensor = convert_to_tensor(x)
        else:
            tensor = as_tensor(x)
        if not autocast or tensor is None:
            return x
        found = dtypes.as_dtype(tensor.dtype)
        return cast(tensor, wanted) if found.is_floating and found is not wanted else x

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal policy."""
        return {"name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> DTypePolicy:
        """Policy with the arguments in `config`."""
        return cls(**config)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DTypePolicy) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f'<{type(self).__name__} "{self.name}">'


def _dtypes_of(name: str) -> tuple[str, str]:
    """Names of the dtypes for computing and for weights."""
    if name in ("mixed_float16", "mixed_bfloat16"):
        return name.removeprefix("mixed_"), "float32"
    if name.partition("_from_")[1]:
        raise InvalidArgumentError(
            f"[DTypePolicy] expected a dtype or a mixed policy, got {name!r}; quantized policies are not "
            "available."
        )
    try:
        found = dtypes.as_dtype(name).name
    except ValueError:
        found = None
    if found is None:
        raise InvalidArgumentError(
            f"[DTypePolicy] expected a dtype such as 'float32', 'mixed_float16' or 'mixed_bfloat16', got "
            f"{name!r}. {nearest(name, ('float32', 'float16', 'mixed_float16', 'mixed_bfloat16'))}"
        )
    return found, found


class FloatDTypePolicy(DTypePolicy):
    """The name that `DTypePolicy` had before it stood for integers too.

    Source: `keras.dtype_policies.FloatDTypePolicy`.
    """


# Configs of Keras 2 say Policy.
enroll("keras.mixed_precision", DTypePolicy, name="Policy")


def policy_of(identifier: Any) -> DTypePolicy:
    """Policy for a layer's `dtype` argument, and for identifiers in general.

    Args:
        identifier: A policy, a dtype or its name, the config of a policy, or None for the global one.

    Raises:
        ValueError: Something else.

    Example:
        >>> policy_of({"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float16"}})
        <DTypePolicy "float16">

    Source: `keras.dtype_policies.get`.
    """
    if isinstance(identifier, DTypePolicy):
        return identifier
    if identifier is None:
        return _Defaults.policy or DTypePolicy(floatx())
    if isinstance(identifier, Mapping):
        return deserialize(dict(identifier))
    if not isinstance(identifier, (str, type, dtypes.DType, np.dtype)):
        raise InvalidArgumentError(
            f"[dtype_policies.get] expected a policy, a dtype or its name, got {identifier!r} of type "
            f"{type(identifier).__name__}."
        )
    return DTypePolicy(identifier)


def serialize(dtype_policy: DTypePolicy) -> dict[str, Any]:
    """Config of a policy, from which `deserialize` makes an equal one.

    Args:
        dtype_policy: A policy.

    Source: `keras.dtype_policies.serialize`.
    """
    config: dict[str, Any] = serialize_keras_object(dtype_policy)
    return config


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> DTypePolicy:
    """Policy that a config describes.

    Args:
        config: What `serialize` returned, or the name of a policy.
        custom_objects: Classes by name.

    Raises:
        ValueError: The config describes no policy.

    Source: `keras.dtype_policies.deserialize`.
    """
    if not isinstance(config, Mapping):
        return policy_of(config)
    found = deserialize_keras_object(config, custom_objects)
    if not isinstance(found, DTypePolicy):
        raise InvalidArgumentError(
            f"[dtype_policies.deserialize] expected the config of a policy, got {config!r}; write "
            "{'class_name': 'DTypePolicy', 'config': {'name': 'float32'}}."
        )
    return found


def set_dtype_policy(policy: Any) -> None:
    """Sets the policy of layers that are created without a dtype.

    Args:
        policy: A `DTypePolicy`, its name, such as ``"mixed_bfloat16"``, or its config.

    Raises:
        ValueError: Something else.

    Source: `keras.config.set_dtype_policy`.
    """
    if policy is None:
        raise InvalidArgumentError(
            "[set_dtype_policy] expected a policy or its name, got None; write 'float32'."
        )
    _Defaults.policy = policy_of(policy)


def dtype_policy() -> DTypePolicy:
    """Policy of layers that are created without a dtype.

    Source: `keras.config.dtype_policy`.
    """
    return policy_of(None)
