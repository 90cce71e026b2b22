"""`DTypePolicyMap`: dtype policies of the layers of a model, by their paths."""

from __future__ import annotations

import re
from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.base.policy import DTypePolicy, policy_of, serialize
from thalweg._src.keras.base.serialization import CustomObjectScope


class DTypePolicyMap(DTypePolicy):
    """Dtype policies by the paths of layers, with a default for all others.

    Keys are paths such as ``"encoder/dense"`` or regular expressions that match whole paths.

    Args:
        default_policy: Policy of paths that no key matches; None for ``keras.config.dtype_policy()`` at
            the time of asking.
        policy_map: Mapping from keys to policies.

    Raises:
        TypeError: `policy_map` is no mapping.

    Example:
        >>> policies = DTypePolicyMap("float32", {"encoder/.*": "mixed_bfloat16"})
        >>> policies["encoder/dense"], policies["decoder/dense"]
        (<DTypePolicy "mixed_bfloat16">, <DTypePolicy "float32">)

    Source: `keras.dtype_policies.DTypePolicyMap`. The config keeps the names of the policies also when
    there is no default. It has what mappings have without being one: it is a leaf of structures.
    """

    keras_module = "keras.dtype_policies"

    def __init__(
        self, default_policy: Any = None, policy_map: Mapping[str, Any] | None = None
    ) -> None:
        if policy_map is not None and not isinstance(policy_map, Mapping):
            raise TypeError(
                f"[DTypePolicyMap] expected policy_map as a dict, got {policy_map!r} of type "
                f"{type(policy_map).__name__}."
            )
        self._default = None if default_policy is None else policy_of(default_policy)
        self._policies: dict[str, DTypePolicy] = {}
        for key, policy in (policy_map or {}).items():
            self[key] = policy

    @property
    def default_policy(self) -> DTypePolicy:
        """Policy of paths that no key matches."""
        return policy_of(None) if self._default is None else self._default

    @property
    def name(self) -> str:
        """``"map_"`` and the name of the default policy."""
        return f"map_{self.default_policy.name}"

    @property
    def compute_dtype(self) -> str:
        """Name of the dtype that layers compute in by default."""
        return self.default_policy.compute_dtype

    @property
    def variable_dtype(self) -> str:
        """Name of the default dtype of weights."""
        return self.default_policy.variable_dtype

    @property
    def quantization_mode(self) -> str | None:
        """That of the default policy."""
        return self.default_policy.quantization_mode

    def __getitem__(self, key: str) -> DTypePolicy:
        found = self._policies.get(key)
        if found is not None:
            return found
        matching = [pattern for pattern in self._policies if re.fullmatch(pattern, key)]
        if len(matching) > 1:
            raise InvalidArgumentError(
                f"[DTypePolicyMap] expected one key at most to match the path {key!r}, got {matching}; "
                "make the keys more specific."
            )
        return self._policies[matching[0]] if matching else self.default_policy

    def __contains__(self, key: object) -> bool:
        return key in self._policies

    def __setitem__(self, key: str, policy: Any) -> None:
        if key in self._policies:
            raise InvalidArgumentError(
                f"[DTypePolicyMap] expected a new key, got {key!r}, which stands for "
                f"{self._policies[key]!r}; delete it first."
            )
        try:
            re.compile(key)
        except re.error as error:
            raise InvalidArgumentError(
                f"[DTypePolicyMap] expected a path or regular expression, got {key!r}: {error}."
            ) from None
        self._policies[key] = policy_of(policy)

    def __delitem__(self, key: str) -> None:
        del self._policies[key]

    def __len__(self) -> int:
        return len(self._policies)

    def __iter__(self) -> Iterator[str]:
        return iter(self._policies)

    def keys(self) -> KeysView[str]:
        """The keys."""
        return self._policies.keys()

    def values(self) -> ValuesView[DTypePolicy]:
        """The policies that stand under keys."""
        return self._policies.values()

    def items(self) -> ItemsView[str, DTypePolicy]:
        """Keys and their policies."""
        return self._policies.items()

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal map."""
        return {
            "default_policy": None if self._default is None else _config_of(self._default),
            "policy_map": {key: serialize(policy) for key, policy in self._policies.items()},
        }

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None
    ) -> DTypePolicyMap:
        """Map with the arguments in `config`.

        Args:
            config: What `get_config` returned.
            custom_objects: Classes by name.
        """
        with CustomObjectScope(custom_objects):
            return cls(**config)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DTypePolicyMap) and self.get_config() == other.get_config()

    def __hash__(self) -> int:
        return hash((self._default, tuple(self._policies.items())))

    def __repr__(self) -> str:
        names = {key: policy.name for key, policy in self._policies.items()}
        return f"<DTypePolicyMap default_policy={self.default_policy.name}, policy_map={names}>"


def _config_of(policy: DTypePolicy) -> Any:
    """Name of a plain policy; the config of any other."""
    return policy.name if type(policy) is DTypePolicy else serialize(policy)
