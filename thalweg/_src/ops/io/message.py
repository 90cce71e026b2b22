"""Messages of protocol buffers as Python objects: declared by a table, read and written by hand.

They behave as the classes that protobuf generates: repeated fields and maps are filled in place, a message
inside another one comes into being when it is looked at and counts once something is put into it.

Source: "Protocol Buffers: Python Generated Code Guide".
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, NamedTuple, NoReturn

import numpy as np

from thalweg._src.base.wire import (
    BYTES,
    FIXED32,
    VARINT,
    MalformedError,
    fields,
    key,
    message_field,
    packed_varints,
    unpacked_varints,
    varint,
)
from thalweg._src.ops.io.containers import MessageList, MessageMap, ValueList
from thalweg._src.ops.text_of_tensors import tensor_text

INT64, FLOAT, BYTE_STRING = "int64", "float", "bytes"
_ESCAPES = {9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 39: "\\'", 92: "\\\\"}


class Field(NamedTuple):
    """Row of a message's table.

    Attributes:
        name: Name of the attribute.
        number: Number on the wire.
        kind: ``"int64"``, ``"float"``, ``"bytes"``, or a class of messages.
        many: ``"one"``, ``"list"``, or ``"map"`` of texts to messages.
        group: Name of the group of which one field at most is set, or "".
    """

    name: str
    number: int
    kind: Any
    many: str = "list"
    group: str = ""


class Message:
    """Base of messages; a subclass states its fields.

    Args:
        kwargs: Values of fields by name; None is passed over.
    """

    FIELDS: ClassVar[tuple[Field, ...]] = ()
    __slots__ = ("_owner", "_present", "_unknown", "_values")

    def __init__(self, **kwargs: Any) -> None:
        set_ = object.__setattr__
        set_(self, "_values", {})
        set_(self, "_present", False)
        set_(self, "_owner", None)
        set_(self, "_unknown", b"")
        for name, value in kwargs.items():
            field = self._field(name, ValueError)
            if value is not None:
                self._fill(field, value)

    @classmethod
    def _field(cls, name: str, error: type[Exception]) -> Field:
        for field in cls.FIELDS:
            if field.name == name:
                return field
        known = ", ".join(f.name for f in cls.FIELDS)
        raise error(
            f"[{cls.__name__}] expected one of the fields {known}, got {name!r}; see its docstring."
        )

    def _fill(self, field: Field, value: Any) -> None:
        held = getattr(self, field.name)
        if isinstance(held, Message):
            self._merge_one(held, field.kind, value)
        elif field.many == "map":
            for name, part in value.items():
                self._merge_one(held[name], field.kind, part)
        else:
            held.extend(value)

    @staticmethod
    def _merge_one(held: Message, kind: type[Message], value: Any) -> None:
        if isinstance(value, Mapping):
            value = kind(**value)
        held.CopyFrom(value)

    # --- Attributes -----------------------------------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        field = self._field(name, AttributeError)
        held = self._values.get(name)
        if held is None:
            held = self._made(field)
            self._values[name] = held
        return held

    def _made(self, field: Field) -> Any:
        def touched() -> None:
            self._touch(field)

        if field.many == "one":
            held = field.kind()
            object.__setattr__(held, "_owner", touched)
            return held
        if field.many == "map":
            return MessageMap(field.kind, touched)
        if isinstance(field.kind, str):
            return ValueList(field.kind, touched)
        return MessageList(field.kind, touched)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        self._field(name, AttributeError)
        raise AttributeError(
            f"[{type(self).__name__}] field {name!r} cannot be assigned to; fill it in place, with extend, "
            "CopyFrom or by name in the constructor."
        )

    def _touch(self, field: Field | None = None) -> None:
        """Something was put into a field (into the message, when None): it counts from now on."""
        if field is not None and field.group:
            for other in self.FIELDS:
                if other.group == field.group and other.name != field.name:
                    self._values.pop(other.name, None)
        if not self._present:
            object.__setattr__(self, "_present", True)
        if self._owner is not None:
            self._owner()

    def _set_fields(self) -> Iterator[tuple[Field, Any]]:
        for field in self.FIELDS:
            held = self._values.get(field.name)
            if held is None:
                continue
            if held._present if field.many == "one" else len(held):
                yield field, held

    # --- What protobuf offers -------------------------------------------------------------------------

    def HasField(self, name: str) -> bool:
        """Whether a field that holds one message is set."""
        field = self._field(name, ValueError)
        if field.many != "one":
            raise ValueError(f"[{type(self).__name__}] field {name!r} has no presence; use len().")
        return any(f.name == name for f, _ in self._set_fields())

    def WhichOneof(self, group: str) -> str | None:
        """Name of the field of a group that is set, or None."""
        if all(field.group != group for field in self.FIELDS):
            raise ValueError(f"[{type(self).__name__}] has no group of fields {group!r}.")
        return next((f.name for f, _ in self._set_fields() if f.group == group), None)

    def ListFields(self) -> list[tuple[Field, Any]]:
        """Fields that are set, with their values."""
        return list(self._set_fields())

    def ClearField(self, name: str) -> None:
        """Empties a field."""
        self._values.pop(self._field(name, ValueError).name, None)

    def Clear(self) -> None:
        """Empties all fields."""
        self._values.clear()
        object.__setattr__(self, "_unknown", b"")

    def SetInParent(self) -> None:
        """Makes the message count in the one that holds it, also when it is empty."""
        self._touch()

    def CopyFrom(self, other: Any) -> None:
        """Takes the contents of another message of the same class in place of its own."""
        self._need_kin(other)
        if other is not self:
            data = other.SerializeToString()
            self.Clear()
            self.MergeFromString(data)

    def MergeFrom(self, other: Any) -> None:
        """Adds the contents of another message of the same class to its own."""
        self._need_kin(other)
        self.MergeFromString(other.SerializeToString())

    def _need_kin(self, other: Any) -> None:
        if type(other) is not type(self):
            name = type(self).__name__
            raise TypeError(f"[{name}] expected a {name}, got {type(other).__name__}.")

    def IsInitialized(self) -> bool:
        """True: no field is required."""
        return True

    def ByteSize(self) -> int:
        """Number of bytes that the message takes when it is written."""
        return len(self.SerializeToString())

    # --- Bytes ----------------------------------------------------------------------------------------

    def SerializeToString(self, deterministic: bool | None = None) -> bytes:
        """The message as bytes.

        Args:
            deterministic: Accepted; maps are always written in the order of their keys.
        """
        parts = [_written(field, held) for field, held in self._set_fields()]
        return b"".join([*parts, self._unknown])

    def SerializePartialToString(self, deterministic: bool | None = None) -> bytes:
        """The message as bytes; see `SerializeToString`."""
        return self.SerializeToString()

    def MergeFromString(self, serialized: Any) -> int:
        """Adds the contents of a written message.

        Returns:
            Number of bytes read.

        Raises:
            MalformedError: The bytes are no such message.
        """
        numbers = {field.number: field for field in self.FIELDS}
        for number, kind, value in fields(serialized):
            field = numbers.get(number)
            if field is None or not _fits(field, kind):
                object.__setattr__(self, "_unknown", self._unknown + _raw(number, kind, value))
            elif field.many == "one":
                getattr(self, field.name).MergeFromString(value)
            elif field.many == "map":
                name, part = _entry(value)
                held = getattr(self, field.name)[name]
                held.Clear()
                held.MergeFromString(part)
            elif isinstance(field.kind, str):
                getattr(self, field.name)._take(_READ[field.kind](kind, value))
            else:
                getattr(self, field.name).add().MergeFromString(value)
        self._touch()
        return len(serialized)

    def ParseFromString(self, serialized: Any) -> int:
        """Takes the contents of a written message in place of its own; see `MergeFromString`."""
        self.Clear()
        return self.MergeFromString(serialized)

    @classmethod
    def FromString(cls, serialized: Any) -> Any:
        """The message that was written.

        Raises:
            MalformedError: The bytes are no such message.
        """
        made = cls()
        made.MergeFromString(serialized)
        return made

    # --- Python ---------------------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        # As bytes, so that NaN equals itself.
        return isinstance(other, type(self)) and (
            self.SerializeToString() == other.SerializeToString()
        )

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).FromString, (self.SerializeToString(),)

    def __copy__(self) -> Any:
        return copy.deepcopy(self)

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in self._lines())

    __repr__ = __str__

    def _lines(self) -> Iterator[str]:
        """Text format, line by line."""
        for field, held in self._set_fields():
            if field.many == "map":
                for name in sorted(held):
                    value = ["value {", *_indented(held[name]._lines()), "}"]
                    key_ = f"key: {_quoted(name.encode())}"
                    yield from (f"{field.name} {{", *_indented([key_, *value]), "}")
                continue
            for part in [held] if field.many == "one" else held:
                if isinstance(part, Message):
                    yield from (f"{field.name} {{", *_indented(part._lines()), "}")
                else:
                    yield f"{field.name}: {_TEXTS[field.kind](part)}"


def _indented(lines: Any) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _quoted(data: bytes) -> str:
    letters = [_ESCAPES.get(b) or (chr(b) if 32 <= b < 127 else f"\\{b:03o}") for b in data]
    return f'"{"".join(letters)}"'


_TEXTS: dict[str, Callable[[Any], str]] = {
    INT64: str,
    FLOAT: lambda value: tensor_text(np.float32(value)),
    BYTE_STRING: _quoted,
}


def _written(field: Field, held: Any) -> bytes:
    if field.many == "one":
        return message_field(field.number, held.SerializeToString())
    if field.many == "map":
        entries = (
            message_field(1, name.encode()) + message_field(2, held[name].SerializeToString())
            for name in sorted(held)
        )
        return b"".join(message_field(field.number, entry) for entry in entries)
    if field.kind == INT64:
        return message_field(field.number, packed_varints(np.array(list(held), np.int64)))
    if field.kind == FLOAT:
        return message_field(field.number, np.array(list(held), "<f4").tobytes())
    parts = held if field.kind == BYTE_STRING else (part.SerializeToString() for part in held)
    return b"".join(message_field(field.number, part) for part in parts)


def _fits(field: Field, kind: int) -> bool:
    if field.kind == INT64:
        return kind in (BYTES, VARINT)
    return kind == BYTES or field.kind == FLOAT and kind == FIXED32


def _raw(number: int, kind: int, value: Any) -> bytes:
    if kind == BYTES:
        return message_field(number, bytes(value))
    return key(number, kind) + (varint(value) if kind == VARINT else bytes(value))


def _entry(data: Any) -> tuple[str, Any]:
    """Key and value of an entry of a map."""
    name, part = b"", memoryview(b"")
    for number, kind, value in fields(data):
        if number == 1 and kind == BYTES:
            name = bytes(value)
        elif number == 2 and kind == BYTES:
            part = value
    try:
        return name.decode(), part
    except UnicodeDecodeError:
        raise MalformedError(f"[message] expected keys in UTF-8, got {name[:40]!r}.") from None


def read_integers(kind: int, value: Any) -> Any:
    """Integers of a field, packed or one."""
    if kind == VARINT:
        return np.array([value], np.uint64).view(np.int64)
    return unpacked_varints(value)


def read_floats(kind: int, value: Any) -> Any:
    """float32 values of a field, packed or one."""
    if len(value) % 4:
        raise MalformedError(f"[message] expected floats of 4 bytes, got {len(value)} bytes.")
    return np.frombuffer(value, "<f4")


_READ: dict[str, Callable[[int, Any], list[Any]]] = {
    INT64: lambda kind, value: read_integers(kind, value).tolist(),
    FLOAT: lambda kind, value: read_floats(kind, value).tolist(),
    BYTE_STRING: lambda kind, value: [bytes(value)],
}
