"""`Identity`: what a layer is called, and in which dtypes it works."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.policy import DTypePolicy, policy_of
from thalweg._src.keras.layers.base.input_spec import InputSpec
from thalweg._src.keras.layers.base.operation import Operation


class Identity(Operation):
    """Name, dtypes and flags of a layer; filled in by `Layer`'s constructor."""

    _dtype_policy: DTypePolicy
    _autocast: bool
    _given_arguments: tuple[tuple[Any, ...], dict[str, Any]]
    _outer_path: tuple[str, ...]
    activity_regularizer: Any
    built: bool
    #: Whether the layer passes masks on.
    supports_masking: bool = False
    #: What the first argument of `call` must be like.
    input_spec: InputSpec | list[InputSpec] | None = None

    @property
    def path(self) -> str:
        """Names of the enclosing layers, as they were when it was built, and its own, joined by slashes."""
        return "/".join([*self._outer_path, self._name])

    @property
    def dtype_policy(self) -> DTypePolicy:
        """Dtypes for computing and for weights."""
        return self._dtype_policy

    @dtype_policy.setter
    def dtype_policy(self, value: Any) -> None:
        self._dtype_policy = policy_of(value)

    @property
    def dtype(self) -> str:
        """Dtype of the weights."""
        return self._dtype_policy.variable_dtype

    @property
    def variable_dtype(self) -> str:
        """Dtype of the weights."""
        return self._dtype_policy.variable_dtype

    @property
    def compute_dtype(self) -> str:
        """Dtype in which `call` computes."""
        return self._dtype_policy.compute_dtype

    @property
    def input_dtype(self) -> str:
        """Dtype to which floating inputs are cast."""
        return self._dtype_policy.compute_dtype

    @property
    def autocast(self) -> bool:
        """Whether floating inputs are cast to the compute dtype."""
        return self._autocast
