"""What repeated fields and maps of messages hold: lists and dicts that check what is put into them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, MutableMapping, MutableSequence
from typing import Any, NoReturn

import numpy as np

_INT64 = (-(1 << 63), (1 << 63) - 1)


def _integers(values: list[Any]) -> list[int]:
    for value in values:
        if isinstance(value, (bool, np.bool_)):
            raise TypeError(
                f"[Int64List] expected integers, got the bool {value!r}; write int(...)."
            )
    numbers = list(map(operator.index, values))
    if numbers and not _INT64[0] <= min(numbers) <= max(numbers) <= _INT64[1]:
        raise ValueError(
            f"[Int64List] expected integers of 64 bits, got some from {min(numbers)} to {max(numbers)}."
        )
    return numbers


def _floats(values: list[Any]) -> list[float]:
    for value in values:
        if isinstance(value, (str, bytes)):
            raise TypeError(f"[FloatList] expected numbers, got {value!r}; write float(...).")
    numbers = np.array(list(map(float, values)), np.float64)
    with np.errstate(over="ignore"):
        # Stored, and so read again, in single precision.
        return numbers.astype(np.float32).tolist()


def _byte_strings(values: list[Any]) -> list[bytes]:
    for value in values:
        if not isinstance(value, bytes):
            raise TypeError(
                f"[BytesList] expected bytes, got {type(value).__name__} {value!r}; write .encode() for "
                "texts and .numpy() for tensors."
            )
    return list(map(bytes, values))


_CHECKS: dict[str, Callable[[list[Any]], list[Any]]] = {
    "int64": _integers,
    "float": _floats,
    "bytes": _byte_strings,
}


class _List(MutableSequence[Any]):
    """List of which its message is told when something is put into it.

    Args:
        touched: Tells the message.
    """

    __slots__ = ("_items", "_touched")

    def __init__(self, touched: Callable[[], None]) -> None:
        self._items: list[Any] = []
        self._touched = touched

    def _checked(self, values: list[Any]) -> list[Any]:
        """The values as they are kept."""
        raise NotImplementedError

    def __getitem__(self, index: Any) -> Any:
        return self._items[index]

    def __delitem__(self, index: Any) -> None:
        del self._items[index]

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def insert(self, index: int, value: Any) -> None:
        """Puts a value before the one at `index`."""
        self._items.insert(index, self._checked([value])[0])
        self._touched()

    def extend(self, values: Iterable[Any]) -> None:
        """Puts values at the end."""
        try:
            listed = list(values)
        except TypeError:
            raise TypeError(
                f"[message] expected a list of values, got {values!r}; put it into a list."
            ) from None
        self._items += self._checked(listed)
        self._touched()

    def MergeFrom(self, other: Iterable[Any]) -> None:
        """Puts the values of another such list at the end."""
        self.extend(other)

    def sort(self, *, key: Any = None, reverse: bool = False) -> None:
        """Sorts in place."""
        self._items.sort(key=key, reverse=reverse)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, _List):
            return self._items == other._items
        return isinstance(other, list) and self._items == other

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self._items)


class ValueList(_List):
    """List of integers, floats or bytes.

    Args:
        kind: ``"int64"``, ``"float"`` or ``"bytes"``.
        touched: Tells the message that something was put into it.
    """

    __slots__ = ("_check",)

    def __init__(self, kind: str, touched: Callable[[], None]) -> None:
        super().__init__(touched)
        self._check = _CHECKS[kind]

    def _checked(self, values: list[Any]) -> list[Any]:
        return self._check(values)

    def _take(self, values: list[Any]) -> None:
        """Puts values at the end that were read and so are right."""
        self._items += values
        self._touched()

    def __setitem__(self, index: Any, value: Any) -> None:
        if isinstance(index, slice):
            self._items[index] = self._check(list(value))
        else:
            self._items[index] = self._check([value])[0]
        self._touched()


class MessageList(_List):
    """List of messages.

    Args:
        kind: Their class.
        touched: Tells the message that something was put into it.
    """

    __slots__ = ("_kind",)

    def __init__(self, kind: Any, touched: Callable[[], None]) -> None:
        super().__init__(touched)
        self._kind = kind

    def _checked(self, values: list[Any]) -> list[Any]:
        made = [self._kind() for _ in values]
        for message, value in zip(made, values):
            message.CopyFrom(value)
        return made

    def add(self, **kwargs: Any) -> Any:
        """A new message at the end.

        Args:
            kwargs: Values of its fields.
        """
        made = self._kind(**kwargs)
        self._items.append(made)
        self._touched()
        return made

    def __setitem__(self, index: Any, value: Any) -> NoReturn:
        raise TypeError(
            "[message] messages of a list cannot be assigned to; use CopyFrom on one of them."
        )


class MessageMap(MutableMapping[str, Any]):
    """Messages by name; one that is looked up comes into being.

    Args:
        kind: Their class.
        touched: Tells the message that something was put into it.
    """

    __slots__ = ("_items", "_kind", "_touched")

    def __init__(self, kind: Any, touched: Callable[[], None]) -> None:
        self._items: dict[str, Any] = {}
        self._kind = kind
        self._touched = touched

    def __getitem__(self, name: Any) -> Any:
        name = _name(name)
        held = self._items.get(name)
        if held is None:
            held = self._items[name] = self._kind()
            self._touched()
        return held

    def get_or_create(self, name: Any) -> Any:
        """The message of that name, a new one if there is none."""
        return self[name]

    def get(self, name: Any, default: Any = None) -> Any:
        """The message of that name; `default` where there is none."""
        return self._items.get(_name(name), default)

    def __contains__(self, name: object) -> bool:
        return _name(name) in self._items

    def __setitem__(self, name: Any, value: Any) -> NoReturn:
        raise ValueError(
            "[message] messages of a map cannot be assigned to; write map[name].CopyFrom(message)."
        )

    def __delitem__(self, name: Any) -> None:
        del self._items[_name(name)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def MergeFrom(self, other: Any) -> None:
        """Takes the messages of another such map."""
        for name, value in other.items():
            self[name].CopyFrom(value)

    def pop(self, name: Any, *default: Any) -> Any:
        """Takes a message out."""
        return self._items.pop(_name(name), *default)

    def __repr__(self) -> str:
        return repr(self._items)


def _name(name: Any) -> str:
    if isinstance(name, bytes):
        return name.decode()
    if not isinstance(name, str):
        raise TypeError(f"[message] expected a text as the key of a map, got {name!r}.")
    return name
