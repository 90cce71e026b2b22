"""Examples as tensors: parse_example, parse_single_example."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Mapping
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor, to_host
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.ops.arguments import int_of, sizes_of
from thalweg._src.ops.io import features as kinds
from thalweg._src.ops.io.columns import (
    Batch,
    FixedPlan,
    IndexedPlan,
    RaggedPlan,
    SequencePlan,
    SparsePlan,
    filling_of,
    shape_of,
)
from thalweg._src.ops.io.example_values import labels_of, read_all, read_example

# --- Plans --------------------------------------------------------------------------------------------


def plan_of(where: str, name: str, feature: Any) -> Any:
    """How to read a feature.

    Raises:
        InvalidArgumentError: The configuration is wrong.
    """
    if isinstance(feature, kinds.FixedLenFeature):
        return _fixed_plan(where, name, feature)
    if isinstance(feature, kinds.FixedLenSequenceFeature):
        return _sequence_plan(where, name, feature)
    if isinstance(feature, kinds.VarLenFeature):
        return SparsePlan(name, kinds.checked_dtype(where, name, feature.dtype))
    if isinstance(feature, kinds.SparseFeature):
        return _indexed_plan(where, name, feature)
    if isinstance(feature, kinds.RaggedFeature):
        return ragged_plan(where, name, feature)
    raise InvalidArgumentError(
        f"[{where}] expected a configuration such as tf.io.FixedLenFeature for feature {name!r}, got "
        f"{feature!r}."
    )


def _fixed_plan(where: str, name: str, feature: Any) -> FixedPlan:
    dtype = kinds.checked_dtype(where, name, feature.dtype)
    shape = shape_of(where, name, feature.shape)
    default = None
    if feature.default_value is not None:
        values = to_host(feature.default_value, dtype, where).reshape(-1)
        size = math.prod(shape)
        if len(values) != size:
            raise InvalidArgumentError(
                f"[{where}] expected a default_value of shape {list(shape)} for feature {name!r}, got "
                f"{feature.default_value!r}."
            )
        default = tuple(values.tolist())
    return FixedPlan(name, dtype, shape, default)


def _sequence_plan(where: str, name: str, feature: Any) -> SequencePlan:
    if not feature.allow_missing:
        raise InvalidArgumentError(
            f"[{where}] expected allow_missing=True for the FixedLenSequenceFeature {name!r}: its lengths "
            "differ."
        )
    dtype = kinds.checked_dtype(where, name, feature.dtype)
    filling = filling_of(where, name, feature.default_value, dtype)
    return SequencePlan(name, dtype, shape_of(where, name, feature.shape), filling)


def _indexed_plan(where: str, name: str, feature: Any) -> IndexedPlan:
    dtype = kinds.checked_dtype(where, name, feature.dtype)
    key = feature.index_key
    places = (key,) if isinstance(key, str) else tuple(key)
    sizes = sizes_of(where, "size", freeze(feature.size))
    if len(places) != len(sizes):
        raise InvalidArgumentError(
            f"[{where}] expected a size for each index_key of the SparseFeature {name!r}, got "
            f"{list(places)} and {list(sizes)}."
        )
    return IndexedPlan(name, dtype, places, feature.value_key, sizes, bool(feature.already_sorted))


def ragged_plan(where: str, name: str, feature: Any) -> RaggedPlan:
    """How to read a ragged feature."""
    dtype = kinds.checked_dtype(where, name, feature.dtype)
    known = (
        kinds.RowSplits,
        kinds.RowLengths,
        kinds.RowStarts,
        kinds.RowLimits,
        kinds.ValueRowIds,
        kinds.UniformRowLength,
    )
    for partition in feature.partitions:
        if not isinstance(partition, known):
            raise InvalidArgumentError(
                f"[{where}] expected partitions such as tf.io.RaggedFeature.RowSplits for feature {name!r}, "
                f"got {partition!r}."
            )
        if isinstance(partition, kinds.UniformRowLength):
            int_of(where, "UniformRowLength", partition.length)
    splits = dtypes.as_dtype(feature.row_splits_dtype)
    if splits not in (dtypes.int32, dtypes.int64):
        raise InvalidArgumentError(
            f"[{where}] expected row_splits_dtype int32 or int64 for feature {name!r}, got {splits.name}."
        )
    key = name if feature.value_key is None else feature.value_key
    return RaggedPlan(name, dtype, key, tuple(feature.partitions), splits.numpy_dtype)


def plans_of(where: str, features: Any) -> tuple[Any, ...]:
    """How to read features.

    Raises:
        InvalidArgumentError: There are none, or a configuration is wrong.
    """
    if not isinstance(features, Mapping) or not features:
        raise InvalidArgumentError(
            f"[{where}] expected features as a dict of names to configurations, got {features!r}."
        )
    return tuple(plan_of(where, str(name), features[name]) for name in sorted(features))


# --- Reading ------------------------------------------------------------------------------------------


def _arrays(
    serialized: Any, plans: Any, names: Any, where: str, lenient: bool = False
) -> tuple[Any, ...]:
    texts = serialized.reshape(-1).tolist()
    labels = labels_of(where, len(texts), names)
    wanted = {key.encode() for plan in plans for key in plan.keys}
    rows = read_all(where, texts, labels, lambda data: read_example(data, wanted))
    batch = Batch(where, rows, labels, not serialized.ndim, lenient)
    return tuple(array for plan in plans for array in plan.arrays(batch))


def _pointwise(serialized: Any, *, plans: Any, names: Any, **_: Any) -> bool:
    return not serialized.shape and names is None and all(type(plan) is FixedPlan for plan in plans)


@op(
    "parse_example",
    inputs=("serialized",),
    input_dtypes={"serialized": dtypes.string},
    matched=(),
    on_host=True,
    pointwise=_pointwise,
    form=functools.partial(_arrays, lenient=True),
)
def _parse(serialized: Any, plans: Any, names: Any, where: str) -> tuple[Any, ...]:
    return _arrays(serialized, plans, names, where)


_parse.opdef.body.many = True  # type: ignore[attr-defined]


def packed(plans: Any, parts: Any, single: bool) -> list[Any]:
    """Result of each plan, made of tensors in their order."""
    rest = iter(parts)
    return [plan.pack(list(itertools.islice(rest, plan.count(single)))) for plan in plans]


def parse_example(
    serialized: Any, features: Any, example_names: Any = None, name: str | None = None
) -> dict[str, Any]:
    """Tensors of the features of examples.

    Args:
        serialized: Serialized ``Example`` messages ``(batch,)``, or a single one.
        features: Dict of names to `FixedLenFeature`, `FixedLenSequenceFeature`, `VarLenFeature`,
            `SparseFeature` or `RaggedFeature`. Features that are not named are passed over.
        example_names: Names of the examples for messages, or None.
        name: Unused.

    Returns:
        Dict of names to tensors ``(batch, ...)``, sparse or ragged ones where that was asked for; without
        the batch dimension for a single message.

    Raises:
        InvalidArgumentError: A message is malformed, or a feature is missing or has other values.

    Example:
        >>> import thalweg as tf
        >>> ages = tf.train.Feature(int64_list=tf.train.Int64List(value=[29]))
        >>> record = tf.train.Example(features=tf.train.Features(feature={"age": ages}))
        >>> found = tf.io.parse_example(
        ...     [record.SerializeToString()], {"age": tf.io.FixedLenFeature([], tf.int64)}
        ... )
        >>> found["age"].numpy().tolist()
        [29]

    Source: `tf.io.parse_example`. Lists of integers and floats may mix both ways of writing them.
    """
    return _parsed("parse_example", serialized, features, example_names, (0, 1))


def parse_single_example(
    serialized: Any, features: Any, example_names: Any = None, name: str | None = None
) -> dict[str, Any]:
    """Tensors of the features of one example.

    Args:
        serialized: Serialized ``Example`` message, a single string.
        features: See `parse_example`.
        example_names: Name of the example for messages, or None.
        name: Unused.

    Returns:
        Dict of names to tensors without a batch dimension.

    Raises:
        InvalidArgumentError: The message is malformed, or a feature is missing or has other values.

    Source: `tf.io.parse_single_example`.
    """
    names = None if example_names is None else [example_names]
    return _parsed("parse_single_example", serialized, features, names, (0,))


def _parsed(
    where: str, serialized: Any, features: Any, names: Any, ranks: tuple[int, ...]
) -> dict[str, Any]:
    plans = plans_of(where, features)
    messages = convert_to_tensor(serialized, dtypes.string)
    single = not len(messages.shape)
    if len(messages.shape) not in ranks:
        wanted = "a single string or a vector" if len(ranks) > 1 else "a single string"
        raise ShapeError(f"[{where}] expected serialized as {wanted}, got shape {messages.shape}.")
    found = packed(plans, _parse(messages, plans, freeze(names), where), single)
    return {plan.name: part for plan, part in zip(plans, found)}
