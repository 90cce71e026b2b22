"""Examples with sequences as tensors: parse_sequence_example, parse_single_sequence_example."""

from __future__ import annotations

import functools
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError, UnimplementedError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.ops.io import features as kinds
from thalweg._src.ops.io.columns import Batch, filling_of, shape_of
from thalweg._src.ops.io.example_values import labels_of, read_all, read_sequence_example
from thalweg._src.ops.io.parsing import packed, plans_of, ragged_plan
from thalweg._src.ops.io.sequence_columns import (
    FixedStepsPlan,
    RaggedStepsPlan,
    SequenceBatch,
    SparseStepsPlan,
)


def _steps_plan(where: str, name: str, feature: Any) -> Any:
    """How to read a sequence.

    Raises:
        InvalidArgumentError: The configuration is wrong.
    """
    if isinstance(feature, kinds.FixedLenSequenceFeature):
        dtype = kinds.checked_dtype(where, name, feature.dtype)
        filling = filling_of(where, name, feature.default_value, dtype)
        shape = shape_of(where, name, feature.shape)
        return FixedStepsPlan(name, dtype, shape, bool(feature.allow_missing), filling)
    if isinstance(feature, kinds.VarLenFeature):
        return SparseStepsPlan(name, kinds.checked_dtype(where, name, feature.dtype))
    if isinstance(feature, kinds.RaggedFeature):
        plan = ragged_plan(where, name, feature)
        if plan.partitions:
            raise UnimplementedError(
                f"[{where}] expected no partitions for the sequence {name!r}, whose steps are its rows, got "
                f"{list(plan.partitions)}; divide the result with tf.RaggedTensor."
            )
        return RaggedStepsPlan(name, plan.dtype, plan.values, plan.splits_dtype)
    raise InvalidArgumentError(
        f"[{where}] expected FixedLenSequenceFeature, VarLenFeature or RaggedFeature for sequence {name!r}, "
        f"got {feature!r}."
    )


def _arrays(
    serialized: Any, context: Any, lists: Any, names: Any, where: str, lenient: bool = False
) -> tuple[Any, ...]:
    texts = serialized.reshape(-1).tolist()
    labels = labels_of(where, len(texts), names)
    wanted = {key.encode() for plan in context for key in plan.keys}
    wanted_lists = {getattr(plan, "values", plan.name).encode() for plan in lists}
    found = read_all(
        where, texts, labels, lambda data: read_sequence_example(data, wanted, wanted_lists)
    )
    single = not serialized.ndim
    whole = Batch(where, [row for row, _ in found], labels, single, lenient)
    steps = SequenceBatch(where, [row for _, row in found], labels, single, lenient)
    arrays = [array for plan in context for array in plan.arrays(whole)]
    return (*arrays, *(array for plan in lists for array in plan.arrays(steps)))


@op(
    "parse_sequence_example",
    inputs=("serialized",),
    input_dtypes={"serialized": dtypes.string},
    matched=(),
    on_host=True,
    form=functools.partial(_arrays, lenient=True),
)
def _parse(serialized: Any, context: Any, lists: Any, names: Any, where: str) -> tuple[Any, ...]:
    return _arrays(serialized, context, lists, names, where)


_parse.opdef.body.many = True  # type: ignore[attr-defined]


def parse_sequence_example(
    serialized: Any,
    context_features: Any = None,
    sequence_features: Any = None,
    example_names: Any = None,
    name: str | None = None,
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Tensors of the features of examples with sequences.

    Args:
        serialized: Serialized ``SequenceExample`` messages ``(batch,)``.
        context_features: Features of the whole: dict of names to configurations, see `parse_example`.
        sequence_features: Features of the steps: dict of names to `FixedLenSequenceFeature`,
            `VarLenFeature` or `RaggedFeature`.
        example_names: Names of the examples for messages, or None.
        name: Unused.

    Returns:
        Three dicts by name: features of the whole ``(batch, ...)``; features of the steps ``(batch, steps,
        ...)``; and numbers of steps ``(batch,)`` of those sequences that are filled up.

    Raises:
        InvalidArgumentError: A message is malformed, or a feature is missing or has other values.

    Source: `tf.io.parse_sequence_example`. Partitions of ragged sequences are not supported.
    """
    where = "parse_sequence_example"
    return _parsed(where, serialized, context_features, sequence_features, example_names, 1)


def parse_single_sequence_example(
    serialized: Any,
    context_features: Any = None,
    sequence_features: Any = None,
    example_name: Any = None,
    name: str | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Tensors of the features of one example with sequences.

    Args:
        serialized: Serialized ``SequenceExample`` message, a single string.
        context_features: See `parse_sequence_example`.
        sequence_features: See `parse_sequence_example`.
        example_name: Name of the example for messages, or None.
        name: Unused.

    Returns:
        Two dicts by name: features of the whole, and features of the steps ``(steps, ...)``.

    Raises:
        InvalidArgumentError: The message is malformed, or a feature is missing or has other values.

    Source: `tf.io.parse_single_sequence_example`.
    """
    where = "parse_single_sequence_example"
    names = None if example_name is None else [example_name]
    return _parsed(where, serialized, context_features, sequence_features, names, 0)[:2]


def _parsed(
    where: str,
    serialized: Any,
    context_features: Any,
    sequence_features: Any,
    names: Any,
    rank: int,
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    if not context_features and not sequence_features:
        raise InvalidArgumentError(
            f"[{where}] expected context_features or sequence_features, got neither; name what to read."
        )
    context = plans_of(where, context_features) if context_features else ()
    asked = sequence_features or {}
    lists = tuple(_steps_plan(where, str(n), asked[n]) for n in sorted(asked))
    messages = convert_to_tensor(serialized, dtypes.string)
    if len(messages.shape) != rank:
        wanted = "a vector" if rank else "a single string"
        raise ShapeError(f"[{where}] expected serialized as {wanted}, got shape {messages.shape}.")
    parts = _parse(messages, context, lists, freeze(names), where)
    found = packed((*context, *lists), parts, not rank)
    whole = {plan.name: part for plan, part in zip(context, found)}
    steps = {plan.name: part for plan, part in zip(lists, found[len(context) :])}
    lengths = {name: length for name, (_, length) in steps.items() if length is not None}
    return whole, {name: part for name, (part, _) in steps.items()}, lengths
