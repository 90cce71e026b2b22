"""`Config`: settings of an experiment, as attributes and as a dict."""

from __future__ import annotations

import json
from collections.abc import ItemsView, Iterator, KeysView, ValuesView
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError


class Config:
    """Settings that read and write as attributes and as a dict, and can be frozen.

    Args:
        **kwargs: Names and values.

    Example:
        >>> import thalweg as tf
        >>> config = tf.keras.utils.Config(rate=0.1, units=32)
        >>> config.rate, config["units"]
        (0.1, 32)
        >>> config.freeze()
        >>> config.frozen
        True

    Source: `keras.utils.Config`.
    """

    def __init__(self, **kwargs: Any) -> None:
        self.__dict__["_config"] = dict(kwargs)
        self.__dict__["_frozen"] = False

    def __getattr__(self, name: str) -> Any:
        config: dict[str, Any] = self.__dict__.get("_config", {})
        if name in config:
            return config[name]
        raise AttributeError(f"[Config] no setting is called {name!r}; there are {list(config)}.")

    def __setattr__(self, name: str, value: Any) -> None:
        self._check_open(name)
        self._config[name] = value

    def __delattr__(self, name: str) -> None:
        if name not in self._config:
            raise AttributeError(
                f"[Config] no setting is called {name!r}; there are {list(self._config)}."
            )
        del self[name]

    def __getitem__(self, key: str) -> Any:
        return self._config[key]

    def __setitem__(self, key: str, value: Any) -> None:
        setattr(self, key, value)

    def __delitem__(self, key: str) -> None:
        self._check_open(key)
        del self._config[key]

    def __contains__(self, key: object) -> bool:
        return key in self._config

    def __iter__(self) -> Iterator[str]:
        return iter(self._config)

    def __len__(self) -> int:
        return len(self._config)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Config) and self._config == other._config

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Config {self._config}>"

    def _check_open(self, what: str) -> None:
        if self._frozen:
            raise InvalidArgumentError(
                f"[Config] expected an unfrozen config to change {what!r}; call unfreeze() first."
            )

    @property
    def frozen(self) -> bool:
        """Whether settings cannot be changed now."""
        return bool(self._frozen)

    def freeze(self) -> None:
        """From now on changes are errors."""
        self.__dict__["_frozen"] = True

    def unfreeze(self) -> None:
        """From now on settings may be changed again."""
        self.__dict__["_frozen"] = False

    def get(self, keyname: str, value: Any = None) -> Any:
        """Value of a setting, or `value` where there is none.

        Args:
            keyname: Name.
            value: What to return for an unknown name.
        """
        return self._config.get(keyname, value)

    def pop(self, *args: Any) -> Any:
        """Value of a setting, which is removed; a second argument is returned for an unknown name.

        Args:
            *args: Name, and optionally the value for an unknown name.
        """
        self._check_open(str(args[0]) if args else "")
        return self._config.pop(*args)

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Sets several settings.

        Args:
            *args: A dict, or another `Config`.
            **kwargs: Names and values.
        """
        new = dict(*(a.as_dict() if isinstance(a, Config) else a for a in args), **kwargs)
        for key, value in new.items():
            self[key] = value

    def keys(self) -> KeysView[str]:
        """Names of the settings."""
        return self._config.keys()

    def values(self) -> ValuesView[Any]:
        """Values of the settings."""
        return self._config.values()

    def items(self) -> ItemsView[str, Any]:
        """Names and values of the settings."""
        return self._config.items()

    def as_dict(self) -> dict[str, Any]:
        """The settings as a dict of its own."""
        return dict(self._config)

    def to_json(self) -> str:
        """The settings as JSON.

        Raises:
            TypeError: A value has no form in JSON.
        """
        return json.dumps(self._config)
