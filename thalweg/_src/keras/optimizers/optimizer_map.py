"""`OptimizerMap`: which optimizer updates a weight, by patterns of its path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, SignatureError
from thalweg._src.keras.base.serialization import Serializable, deserialize_keras_object, plain
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.variables.variable import Variable


class OptimizerMap(Serializable, MutableMapping[str, Optimizer]):
    """Mapping from patterns of paths to optimizers, with one for all other weights.

    A key is a path, or a regular expression that matches a whole path. Called with a weight, the map
    returns its optimizer.

    Args:
        default_optimizer: Updates the weights that no key matches.
        optimizer_map: First items, or None.

    Raises:
        TypeError: Something that is no `Optimizer`.

    Example:
        >>> import thalweg as tf
        >>> optimizers = tf.keras.optimizers
        >>> by_path = optimizers.OptimizerMap(optimizers.SGD(), {"encoder/.*": optimizers.Adam()})
        >>> type(by_path["encoder/kernel"]).__name__, type(by_path["decoder/kernel"]).__name__
        ('Adam', 'SGD')

    Source: `keras.optimizers.OptimizerMap`.
    """

    keras_module = "keras.optimizers"

    def __init__(
        self,
        default_optimizer: Optimizer,
        optimizer_map: Mapping[str, Optimizer] | None = None,
    ) -> None:
        if not isinstance(default_optimizer, Optimizer):
            raise SignatureError(
                f"[OptimizerMap] expected an Optimizer as default_optimizer, got {default_optimizer!r}; "
                "keras.optimizers.get() makes one from a name."
            )
        if not isinstance(optimizer_map or {}, Mapping):
            raise SignatureError(
                f"[OptimizerMap] expected a dict as optimizer_map, got {optimizer_map!r}."
            )
        self._default = default_optimizer
        self._items: dict[str, Optimizer] = {}
        self.update(optimizer_map or {})

    @property
    def default_optimizer(self) -> Optimizer:
        """Updates the weights that no key matches."""
        return self._default

    def __getitem__(self, key: str) -> Optimizer:
        """Optimizer for a path: of the equal key, else of the only matching one, else the default.

        Raises:
            ValueError: Several keys match.
        """
        if key in self._items:
            return self._items[key]
        found = [pattern for pattern in self._items if re.fullmatch(pattern, key)]
        if len(found) > 1:
            raise InvalidArgumentError(
                f"[OptimizerMap] expected one optimizer for {key!r}, got those of {found}; make the "
                "patterns exclude each other, or add the path itself as a key."
            )
        return self._items[found[0]] if found else self._default

    def __setitem__(self, key: str, optimizer: Optimizer) -> None:
        if not isinstance(key, str):
            raise InvalidArgumentError(f"[OptimizerMap] expected a str as key, got {key!r}.")
        if key in self._items:
            raise InvalidArgumentError(
                f"[OptimizerMap] expected a new key, got {key!r} again; delete it first."
            )
        if not isinstance(optimizer, Optimizer):
            raise InvalidArgumentError(
                f"[OptimizerMap] expected an Optimizer for {key!r}, got {optimizer!r}."
            )
        self._items[key] = optimizer

    def __delitem__(self, key: str) -> None:
        del self._items[key]

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[str]:
        """The keys, in the order in which they were added."""
        return iter(self._items)

    def __len__(self) -> int:
        """Number of keys."""
        return len(self._items)

    def __call__(self, variable: Variable) -> Optimizer:
        """Optimizer that updates a weight.

        Args:
            variable: The weight.
        """
        return self[getattr(variable, "path", variable.name)]

    def serialize(self) -> dict[str, Any]:
        """Config of the class and its arguments: to `plain` a mapping is a structure, not an object."""
        module, name = self.keras_module, type(self).__name__
        config = self.get_config()
        return {"module": module, "class_name": name, "config": config, "registered_name": None}

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal map."""
        return {
            "default_optimizer": plain(self._default),
            "optimizer_map": {key: plain(value) for key, value in self._items.items()},
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> OptimizerMap:
        """Map made from `get_config()`'s result.

        Args:
            config: The config.
            custom_objects: Further classes by name.
        """
        return cls(**deserialize_keras_object(config, custom_objects))
