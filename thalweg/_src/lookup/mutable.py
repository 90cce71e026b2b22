"""Tables that grow: `MutableHashTable` and `DenseHashTable`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.dtypes import DType
from thalweg._src.core.opdef import op
from thalweg._src.core.shapes import TensorShape
from thalweg._src.core.tensor import Tensor
from thalweg._src.lookup.tables import Table, default_array, of_parts
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.strings.blocks import array_of, joined
from thalweg._src.variables.variable import Variable

# --- Ops ----------------------------------------------------------------------------------------------


def _found_form(keys: Any, table: Any) -> Any:
    return table._blank(keys)


@op(
    "mutable_table_find",
    inputs=("keys",),
    matched=(),
    on_host=True,
    stateful=True,
    form=_found_form,
)
def _find(keys: Any, table: Any) -> Any:
    return table._found(keys)


@op(
    "mutable_table_find_or",
    inputs=("keys", "defaults"),
    matched=(),
    on_host=True,
    stateful=True,
    form=lambda keys, defaults, table: table._blank(keys),
)
def _find_or(keys: Any, defaults: Any, table: Any) -> Any:
    return table._found(keys, defaults)


def _done_form(*_: Any, **__: Any) -> Any:
    return np.asarray(True)


@op(
    "mutable_table_insert",
    inputs=("keys", "values"),
    matched=(),
    on_host=True,
    stateful=True,
    form=_done_form,
)
def _insert(keys: Any, values: Any, table: Any) -> Any:
    table._inserted(keys, values)
    return np.asarray(True)


@op(
    "mutable_table_remove",
    inputs=("keys",),
    matched=(),
    on_host=True,
    stateful=True,
    form=_done_form,
)
def _remove(keys: Any, table: Any) -> Any:
    table._removed(keys)
    return np.asarray(True)


@op(
    "mutable_table_size",
    inputs=(),
    matched=(),
    on_host=True,
    stateful=True,
    form=lambda table: np.asarray(0, np.int64),
)
def _size(table: Any) -> Any:
    return np.asarray(len(table._current()), np.int64)


# --- Stored form --------------------------------------------------------------------------------------


class _Stored:
    """Array whose contents Variables hold, so that checkpoints find it; texts as bytes and lengths.

    Args:
        name: Name in checkpoints.
        dtype: Dtype of the array.
        shape: Shape of one row.
    """

    def __init__(self, name: str, dtype: DType, shape: tuple[int, ...]) -> None:
        self._dtype = dtype
        self._shape = shape
        self._variables: dict[str, Variable] = {}
        kinds = {name: (dtype.numpy_dtype, shape)}
        if dtype is dtypes.string:
            kinds = {name: (np.dtype(np.uint8), ()), f"{name}_lengths": (np.dtype(np.int64), ())}
        for part, (kind, rest) in kinds.items():
            self._variables[part] = Variable(
                np.zeros((0, *rest), kind),
                trainable=False,
                name=part,
                shape=TensorShape([None, *rest]),
            )

    @property
    def variables(self) -> Mapping[str, Variable]:
        """The Variables by name."""
        return self._variables

    def write(self, array: Any) -> None:
        """Puts an array into the Variables."""
        parts = [array]
        if self._dtype is dtypes.string:
            data, splits = joined(array.reshape(-1).tolist())
            parts = [np.frombuffer(data, np.uint8), np.diff(splits)]
        for variable, part in zip(self._variables.values(), parts):
            variable.assign(part)

    def read(self) -> Any:
        """The array that the Variables hold."""
        parts = [variable.numpy() for variable in self._variables.values()]
        if self._dtype is not dtypes.string:
            return parts[0]
        data, ends = parts[0].tobytes(), np.cumsum(parts[1]).tolist()
        texts = [data[a:b] for a, b in zip([0, *ends], ends)]
        return array_of(texts).reshape((-1, *self._shape))


# --- Tables -------------------------------------------------------------------------------------------


class _GrowingTable(Table):
    """Table on the host that can be written to.

    Args:
        key_dtype: Dtype of keys.
        key_shape: Shape of one key.
        value_dtype: Dtype of values.
        default_value: Value of keys that are not there; its shape is that of all values.
        name: Name, or None.
        checkpoint: Whether checkpoints save it.
    """

    def __init__(
        self,
        key_dtype: Any,
        key_shape: tuple[int, ...],
        value_dtype: Any,
        default_value: Any,
        name: str | None,
        checkpoint: bool,
    ) -> None:
        super().__init__(key_dtype, value_dtype, default_value, name)
        self._key_shape = key_shape
        self._entries: dict[Any, Any] = {}
        self._seen: tuple[Any, ...] = ()
        self._stored: tuple[_Stored, ...] = ()
        if checkpoint:
            self._stored = (
                _Stored("keys", self._key_dtype, key_shape),
                _Stored("values", self._value_dtype, self._default.shape),
            )
            self._seen = self._contents()

    # --- Checkpoints: entries live in a dict, and go to Variables when those are looked at

    def _contents(self) -> tuple[Any, ...]:
        return tuple(v.value().array for part in self._stored for v in part.variables.values())

    def _checkpoint_children(self) -> dict[str, Variable]:
        if self._stored:
            for part, array in zip(self._stored, self._arrays()):
                part.write(array)
            self._seen = self._contents()
        return {name: v for part in self._stored for name, v in part.variables.items()}

    def _current(self) -> dict[Any, Any]:
        """Values by key; read anew where a checkpoint has been restored."""
        contents = self._contents()
        if any(a is not b for a, b in zip(contents, self._seen)):
            keys, values = (part.read() for part in self._stored)
            self._entries = dict(zip(self._rows(keys), self._listed(values)))
            self._seen = contents
        return self._entries

    # --- Keys and values as Python's

    def _rows(self, keys: Any) -> list[Any]:
        if not self._key_shape:
            return keys.reshape(-1).tolist()  # type: ignore[no-any-return]
        return list(map(tuple, keys.reshape(-1, *self._key_shape).tolist()))

    def _listed(self, values: Any) -> list[Any]:
        if not self._default.shape:
            return values.reshape(-1).tolist()  # type: ignore[no-any-return]
        return list(values.reshape(-1, *self._default.shape))

    def _packed(self, values: list[Any]) -> Any:
        """Array ``(n, *value_shape)`` of values."""
        found = np.empty((len(values), *self._default.shape), self._value_dtype.numpy_dtype)
        if values:
            found[:] = values
        return found

    def _arrays(self) -> tuple[Any, Any]:
        entries = self._current()
        keys = np.empty((len(entries), *self._key_shape), self._key_dtype.numpy_dtype)
        if entries:
            keys[:] = list(entries)
        return keys, self._packed(list(entries.values()))

    def _places(self, keys: Any) -> tuple[int, ...]:
        """Shape of an array of keys, without that of one key.

        Raises:
            ShapeError: They end in another shape.
        """
        shape = tuple(keys.shape)
        rank = len(shape) - len(self._key_shape)
        if rank < 0 or shape[rank:] != self._key_shape:
            raise ShapeError(
                f"[{type(self).__name__}] expected keys that end in shape {self._key_shape}, that of one "
                f"key, got {shape}."
            )
        return shape[:rank]

    def _check(self, rows: list[Any]) -> None:
        """Refuses keys that the table cannot hold."""

    # --- Work of the ops

    def _blank(self, keys: Any) -> Any:
        shape = (*self._places(keys), *self._default.shape)
        return np.broadcast_to(self._default, shape)

    def _found(self, keys: Any, defaults: Any = None) -> Any:
        shape = (*self._places(keys), *self._default.shape)
        rows, entries = self._rows(keys), self._current()
        self._check(rows)
        if defaults is None:
            found = [entries.get(row, self._plain_default) for row in rows]
        else:
            others = self._listed(np.broadcast_to(defaults, shape))
            found = [entries.get(row, other) for row, other in zip(rows, others)]
        return self._packed(found).reshape(shape)

    @property
    def _plain_default(self) -> Any:
        return self._default if self._default.shape else self._default.item()

    def _inserted(self, keys: Any, values: Any) -> None:
        shape = (*self._places(keys), *self._default.shape)
        if tuple(values.shape) != shape:
            raise ShapeError(
                f"[{type(self).__name__}] expected values of shape {shape} for keys of shape {keys.shape}, "
                f"got {tuple(values.shape)}."
            )
        rows = self._rows(keys)
        self._check(rows)
        self._current().update(zip(rows, self._listed(np.array(values))))

    def _removed(self, keys: Any) -> None:
        self._places(keys)
        rows, entries = self._rows(keys), self._current()
        self._check(rows)
        for row in rows:
            entries.pop(row, None)

    # --- What users call

    def size(self, name: str | None = None) -> Tensor:
        """Number of keys, int64."""
        return _size(table=self)  # type: ignore[no-any-return]

    def _lookup(self, keys: Any) -> Any:
        return _find(self._keys(keys), table=self)

    def insert(self, keys: Any, values: Any, name: str | None = None) -> None:
        """Gives keys values; what they had is replaced.

        Args:
            keys: Keys of any shape.
            values: Values of that shape, followed by the shape of the default value.
            name: Unused.

        Raises:
            TypeError: A dtype differs from the table's.
            ShapeError: The shapes do not fit.
        """
        given = convert_to_tensor(values, dtype_hint=self._value_dtype)
        if dtypes.as_dtype(given.dtype) is not self._value_dtype:
            raise DTypeError(
                f"[{type(self).__name__}] expected values of dtype {self._value_dtype.name}, got "
                f"{dtypes.as_dtype(given.dtype).name}; cast them with tf.cast."
            )
        _insert(self._keys(keys), given, table=self)

    def remove(self, keys: Any, name: str | None = None) -> None:
        """Takes keys out; those that are not there are passed over.

        Args:
            keys: Keys of any shape.
            name: Unused.
        """
        _remove(self._keys(keys), table=self)

    def export(self, name: str | None = None) -> tuple[Tensor, Tensor]:
        """All keys and their values, in no order."""
        keys, values = self._arrays()
        return Tensor(keys), Tensor(values)


class MutableHashTable(_GrowingTable):
    """Table that can be written to.

    Args:
        key_dtype: Dtype of keys: string or integers.
        value_dtype: Dtype of values.
        default_value: Value of keys that are not there; all values have its shape.
        name: Name, or None.
        checkpoint: Whether checkpoints of an object that holds the table save it.
        experimental_is_anonymous: Accepted: tables are never shared by name.

    Example:
        >>> import thalweg as tf
        >>> table = tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, default_value=-1)
        >>> table.insert(["a", "b"], [1, 2])
        >>> table.lookup(["b", "c"])
        <tf.Tensor: shape=(2,), dtype=int64, numpy=array([ 2, -1])>

    Source: `tf.lookup.experimental.MutableHashTable`. It works on the host: in compiled functions it can be
    used before or after what is compiled, not in loops, branches and gradients.
    """

    def __init__(
        self,
        key_dtype: Any,
        value_dtype: Any,
        default_value: Any,
        name: str | None = "MutableHashTable",
        checkpoint: bool = True,
        experimental_is_anonymous: bool = False,
    ) -> None:
        super().__init__(key_dtype, (), value_dtype, default_value, name, checkpoint)

    # In the order of arguments that TensorFlow has.
    def lookup(  # type: ignore[override]
        self, keys: Any, dynamic_default_values: Any = None, name: str | None = None
    ) -> Any:
        """Values of keys.

        Args:
            keys: Tensor of any shape, or a ragged or sparse tensor.
            dynamic_default_values: Values of keys that are not there, one for each key or one for all; the
                table's default value when None.
            name: Unused.

        Returns:
            Values in the place of the keys.

        Raises:
            TypeError: The keys have another dtype.
        """
        if dynamic_default_values is None:
            return of_parts(keys, self._lookup)
        defaults = convert_to_tensor(dynamic_default_values, dtype_hint=self._value_dtype)
        return of_parts(keys, lambda part: _find_or(self._keys(part), defaults, table=self))


class DenseHashTable(_GrowingTable):
    """Table that can be written to, with two keys that it never holds.

    Args:
        key_dtype: Dtype of keys: string or integers.
        value_dtype: Dtype of values.
        default_value: Value of keys that are not there; all values have its shape.
        empty_key: Key that is never used; all keys have its shape.
        deleted_key: Another one.
        initial_num_buckets: A power of 2, 4 or more; checked and of no effect, as the table grows by itself.
        name: Name, or None.
        checkpoint: Whether checkpoints of an object that holds the table save it.
        experimental_is_anonymous: Accepted: tables are never shared by name.

    Raises:
        InvalidArgumentError: Both keys are the same.

    Source: `tf.lookup.experimental.DenseHashTable`. It is a dict, as `MutableHashTable`; the two keys are
    refused as in TensorFlow, where they mark free places. `export` gives the entries only.
    """

    def __init__(
        self,
        key_dtype: Any,
        value_dtype: Any,
        default_value: Any,
        empty_key: Any,
        deleted_key: Any,
        initial_num_buckets: Any = None,
        name: str | None = "MutableDenseHashTable",
        checkpoint: bool = True,
        experimental_is_anonymous: bool = False,
    ) -> None:
        where = "DenseHashTable"
        dtype = dtypes.as_dtype(key_dtype)
        marks = [default_array(where, key, dtype) for key in (empty_key, deleted_key)]
        if marks[0].shape != marks[1].shape or (marks[0] == marks[1]).all():
            raise InvalidArgumentError(
                f"[{where}] expected empty_key and deleted_key of one shape that differ, got {empty_key!r} "
                f"and {deleted_key!r}."
            )
        if initial_num_buckets is not None:
            count = int_of(where, "initial_num_buckets", initial_num_buckets)
            if count < 4 or count & (count - 1):
                raise InvalidArgumentError(
                    f"[{where}] expected initial_num_buckets as a power of 2, 4 or more, got {count}."
                )
        super().__init__(dtype, marks[0].shape, value_dtype, default_value, name, checkpoint)
        self._marks = dict(zip((self._rows(m)[0] for m in marks), ("empty_key", "deleted_key")))

    def _check(self, rows: list[Any]) -> None:
        for mark, what in self._marks.items():
            if mark in rows:
                raise InvalidArgumentError(
                    f"[DenseHashTable] expected keys other than {mark!r}, which is the {what}; choose "
                    "another one when making the table."
                )

    def insert_or_assign(self, keys: Any, values: Any, name: str | None = None) -> None:
        """Gives keys values; the same as `insert`.

        Args:
            keys: Keys of any shape.
            values: Values of that shape, followed by the shape of the default value.
            name: Unused.
        """
        self.insert(keys, values)

    def erase(self, keys: Any, name: str | None = None) -> None:
        """Takes keys out; the same as `remove`.

        Args:
            keys: Keys of any shape.
            name: Unused.
        """
        self.remove(keys)
