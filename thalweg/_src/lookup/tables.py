"""What all tables share, and `StaticHashTable`, which never changes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError, FailedPreconditionError, InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor, to_host
from thalweg._src.core.dtypes import DType
from thalweg._src.core.opdef import op
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.ragged.rows import is_ragged
from thalweg._src.ops.sparse.tensor import SparseTensor

# --- Ops ----------------------------------------------------------------------------------------------


def _find_host(keys: Any, known: Any, values: Any, default: Any) -> Any:
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[place] == keys, values[place], default)


@op(
    "table_find",
    inputs=("keys", "known", "values", "default"),
    matched=(0, 1),
    host=_find_host,
    differentiable=False,
)
def find(keys: Any, known: Any, values: Any, default: Any) -> Any:
    """Values of keys by a search among sorted ones, which programs can do.

    Args:
        keys: Integers of any shape.
        known: Keys ``(n,)``, ascending.
        values: Numbers ``(n,)``.
        default: Value of keys that are not known.
    """
    place = jnp.minimum(jnp.searchsorted(known, keys), known.shape[0] - 1).astype(np.int32)
    found = jnp.take(known, place) == keys
    return jnp.where(found, jnp.take(values, place), default)


def _found_form(keys: Any, table: Any) -> Any:
    return table._blank(keys)


@op("table_find_on_host", inputs=("keys",), matched=(), on_host=True, pointwise=True, form=_found_form)
def find_on_host(keys: Any, table: Any) -> Any:
    """Values of keys in a table with texts, which lives on the host."""
    return table._found(keys)


# --- Tables -------------------------------------------------------------------------------------------


class Table:
    """Base of tables: from keys to values.

    Args:
        key_dtype: Dtype of keys: string or integers.
        value_dtype: Dtype of values.
        default_value: Value of keys that are not there.
        name: Name, or None.
    """

    def __init__(
        self, key_dtype: Any, value_dtype: Any, default_value: Any, name: str | None
    ) -> None:
        self._key_dtype = checked_key_dtype(type(self).__name__, key_dtype)
        self._value_dtype = dtypes.as_dtype(value_dtype)
        self._default = default_array(type(self).__name__, default_value, self._value_dtype)
        self._name = name

    @property
    def key_dtype(self) -> DType:
        """Dtype of keys."""
        return self._key_dtype

    @property
    def value_dtype(self) -> DType:
        """Dtype of values."""
        return self._value_dtype

    @property
    def default_value(self) -> Tensor:
        """Value of keys that are not there."""
        return Tensor(self._default)

    @property
    def name(self) -> str | None:
        """Name, or None."""
        return self._name

    @property
    def resource_handle(self) -> Any:
        """The table itself: there are no resources apart from objects."""
        return self

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """Values of keys.

        Args:
            keys: Tensor of any shape, or a ragged or sparse tensor.
            name: Unused.

        Returns:
            Values in the place of the keys; the default value for keys that are not there.

        Raises:
            TypeError: The keys have another dtype.
        """
        return of_parts(keys, self._lookup)

    def _lookup(self, keys: Any) -> Any:
        raise NotImplementedError

    def __getitem__(self, keys: Any) -> Any:
        """Values of keys; see `lookup`."""
        return self.lookup(keys)

    def _keys(self, keys: Any) -> Any:
        """Keys as a tensor of the table's dtype."""
        tensor = convert_to_tensor(keys, dtype_hint=self._key_dtype)
        if dtypes.as_dtype(tensor.dtype) is not self._key_dtype:
            raise DTypeError(
                f"[{type(self).__name__}] expected keys of dtype {self._key_dtype.name}, got "
                f"{dtypes.as_dtype(tensor.dtype).name}; cast them with tf.cast."
            )
        return tensor

    def _blank(self, keys: Any) -> Any:
        """Array of the shape and dtype of the values of keys."""
        shape = (*keys.shape, *self._default.shape)
        return np.broadcast_to(self._default, shape)


def checked_key_dtype(where: str, dtype: Any) -> DType:
    """Dtype of keys.

    Raises:
        DTypeError: Values of it are no good keys.
    """
    found = dtypes.as_dtype(dtype)
    if not (found.is_integer or found is dtypes.string):
        raise DTypeError(
            f"[{where}] expected keys of dtype string or an integer dtype, got {found.name}; numbers that "
            "are rounded are no keys."
        )
    return found


def default_array(where: str, value: Any, dtype: DType) -> Any:
    """Default value as an array.

    Raises:
        DTypeError: It has another dtype.
    """
    tensor = convert_to_tensor(value, dtype_hint=dtype)
    if tensor.dtype is not dtype:
        raise DTypeError(
            f"[{where}] expected a default_value of dtype {dtype.name}, got {value!r} of dtype "
            f"{tensor.dtype.name}."
        )
    return np.asarray(tensor.numpy(), dtype.numpy_dtype)


def of_parts(keys: Any, function: Callable[[Any], Any]) -> Any:
    """`function` of keys; of the values of a ragged or sparse tensor, which keeps its places."""
    if is_ragged(keys):
        return keys.with_flat_values(function(keys.flat_values))
    if isinstance(keys, SparseTensor):
        return SparseTensor(keys.indices, function(keys.values), keys.dense_shape)
    return function(keys)


def rows_of(keys: Any) -> list[Any]:
    """Keys as Python values, which dicts take."""
    found: list[Any] = keys.reshape(-1).tolist()
    return found


class StaticHashTable(Table):
    """Table that is filled once.

    Args:
        initializer: What fills it: `KeyValueTensorInitializer` or `TextFileInitializer`.
        default_value: Value of keys that are not there, of the dtype of values.
        name: Name, or None.
        experimental_is_anonymous: Accepted: tables are never shared by name.

    Raises:
        FailedPreconditionError: A key comes twice with different values.

    Example:
        >>> import thalweg as tf
        >>> words = tf.lookup.KeyValueTensorInitializer(["one", "two"], [1, 2])
        >>> table = tf.lookup.StaticHashTable(words, default_value=-1)
        >>> table.lookup(tf.constant(["two", "ten"]))
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([ 2, -1], dtype=int32)>

    Source: `tf.lookup.StaticHashTable`. From integers to numbers it works inside compiled programs; with
    texts it works on the host. Keys may also be lists.
    """

    def __init__(
        self,
        initializer: Any,
        default_value: Any,
        name: str | None = None,
        experimental_is_anonymous: bool = False,
    ) -> None:
        super().__init__(initializer.key_dtype, initializer.value_dtype, default_value, name)
        if self._default.shape:
            raise InvalidArgumentError(
                f"[StaticHashTable] expected a single default_value, got shape {self._default.shape}."
            )
        keys, values = initializer._pairs()
        self._places, kept = _numbered(keys, values)
        self._known, self._values = keys[kept], values[kept]
        if self._on_device:
            order = np.argsort(self._known, kind="stable")
            self._known, self._values = self._known[order], self._values[order]
        self._parts = Tensor(self._known), Tensor(self._values), Tensor(self._default)

    @property
    def _on_device(self) -> bool:
        return dtypes.string not in (self._key_dtype, self._value_dtype)

    def size(self, name: str | None = None) -> Tensor:
        """Number of keys, int64."""
        return Tensor(np.asarray(len(self._known), np.int64))

    def export(self, name: str | None = None) -> tuple[Tensor, Tensor]:
        """All keys and their values, in no order."""
        return Tensor(self._known.copy()), Tensor(self._values.copy())

    def _lookup(self, keys: Any) -> Any:
        if self._on_device:
            return find(self._keys(keys), *self._parts)
        return find_on_host(self._keys(keys), table=self)

    def _found(self, keys: Any) -> Any:
        places = np.fromiter(
            map(self._places.get, rows_of(keys), itertools.repeat(-1)), np.int64, keys.size
        )
        found = np.where(places < 0, self._default, self._values[places])
        return found.reshape(keys.shape)


def _numbered(keys: Any, values: Any) -> tuple[dict[Any, int], list[int]]:
    """Place of each key among those that are kept, and their numbers.

    Raises:
        FailedPreconditionError: A key comes twice with different values.
    """
    places: dict[Any, int] = {}
    kept: list[int] = []
    listed = rows_of(values)
    for number, key in enumerate(rows_of(keys)):
        place = places.setdefault(key, len(kept))
        if place == len(kept):
            kept.append(number)
        elif listed[kept[place]] != listed[number]:
            raise FailedPreconditionError(
                f"[StaticHashTable] expected one value for each key, got {listed[kept[place]]!r} and "
                f"{listed[number]!r} for {key!r}; remove one."
            )
    return places, kept


def vector_of(where: str, what: str, value: Any, dtype: Any) -> Any:
    """Keys or values as a vector on the host."""
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    tensor = convert_to_tensor(value, wanted)
    array = np.asarray(tensor.numpy(), tensor.dtype.numpy_dtype)
    if array.ndim != 1:
        raise InvalidArgumentError(
            f"[{where}] expected {what} as a vector, got shape {array.shape}."
        )
    return array.copy() if array is value else to_host(array, tensor.dtype, where)
