"""`Identity`: what a layer is called and in which dtypes it works."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.policy import DTypePolicy


class Identity:
    """Name, dtypes and flags of a layer; filled in by `Layer`'s constructor."""

    _name: str
    _dtype_policy: DTypePolicy
    _autocast: bool
    _given_arguments: tuple[tuple[Any, ...], dict[str, Any]]
    activity_regularizer: Any
    built: bool
    supports_masking: bool

    @property
    def name(self) -> str:
        """Name, unique among automatic ones."""
        return self._name

    @property
    def dtype_policy(self) -> DTypePolicy:
        """Dtypes for computing and for weights."""
        return self._dtype_policy

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
