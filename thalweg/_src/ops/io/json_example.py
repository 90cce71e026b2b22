"""Examples in JSON: decode_json_example."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.opdef import op
from thalweg._src.ops.io.example import Example
from thalweg._src.ops.io.message import BYTE_STRING, FLOAT, Field, Message
from thalweg._src.ops.strings.blocks import STRING, array_of, need_texts, texts_of


class _WrongJson(ValueError):
    """JSON that describes no example."""


def _camel(name: str) -> str:
    """Name of a field in JSON: ``int64List`` for ``int64_list``."""
    return re.sub("_(.)", lambda found: found[1].upper(), name)


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _WrongJson(f"an object for {what}, got {value!r}")
    return value


def _value(field: Field, value: Any) -> Any:
    """Element of a list, from its form in JSON."""
    if field.kind == BYTE_STRING:
        if not isinstance(value, str):
            raise _WrongJson(f"texts in base64, got {value!r}")
        text = value.rstrip("=").replace("-", "+").replace("_", "/")
        try:
            return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except binascii.Error:
            raise _WrongJson(f"texts in base64, got {value!r}") from None
    try:
        if isinstance(value, bool):
            raise TypeError
        number = float(value) if field.kind == FLOAT else int(value)
    except (TypeError, ValueError):
        raise _WrongJson(f"numbers, got {value!r}") from None
    if number != value and not isinstance(value, str):
        raise _WrongJson(f"integers, got {value!r}")
    return number


def message_of_json(kind: type[Message], value: Any) -> Any:
    """Message from its form in JSON.

    Raises:
        ValueError: The JSON describes no such message; the text says what was expected.

    Source: "Protocol Buffers: ProtoJSON Format".
    """
    made = kind()
    fields = {name: f for f in kind.FIELDS for name in (f.name, _camel(f.name))}
    for name, part in _object(value, kind.__name__).items():
        field = fields.get(name)
        if field is None:
            raise _WrongJson(f"one of {sorted(fields)} in {kind.__name__}, got {name!r}")
        held = getattr(made, field.name)
        if part is None:
            continue
        if field.many == "one":
            held.CopyFrom(message_of_json(field.kind, part))
            held.SetInParent()
        elif field.many == "map":
            for key, inner in _object(part, name).items():
                held[key].CopyFrom(message_of_json(field.kind, inner))
        elif not isinstance(part, list):
            raise _WrongJson(f"a list for {name}, got {part!r}")
        elif isinstance(field.kind, str):
            held.extend([_value(field, v) for v in part])
        else:
            held.extend([message_of_json(field.kind, v) for v in part])
    return made


@op(
    "decode_json_example",
    inputs=("json_examples",),
    input_dtypes={"json_examples": STRING},
    matched=(),
    on_host=True,
    pointwise=True,
    form=lambda json_examples: json_examples,
)
def decode_json_example(json_examples: Any) -> Any:
    """Serialized examples from examples in JSON.

    Args:
        json_examples: Strings of any shape: ``Example`` messages in JSON, with bytes in base64.

    Returns:
        Strings of the same shape, which `parse_example` reads.

    Raises:
        InvalidArgumentError: A text is no JSON, or describes no example.

    Example:
        >>> import thalweg as tf
        >>> text = '{"features": {"feature": {"a": {"int64List": {"value": [1, 2]}}}}}'
        >>> found = tf.io.parse_example(
        ...     tf.io.decode_json_example([text]), {"a": tf.io.FixedLenFeature([2], tf.int64)}
        ... )
        >>> found["a"].numpy().tolist()
        [[1, 2]]

    Source: `tf.io.decode_json_example`.
    """
    need_texts("decode_json_example", json_examples)
    found = []
    for place, text in enumerate(texts_of(json_examples)):
        try:
            found.append(message_of_json(Example, json.loads(text)).SerializeToString())
        except (ValueError, RecursionError) as error:
            raise InvalidArgumentError(
                f"[decode_json_example] expected an Example in JSON, got {text[:60]!r} at flat index "
                f"{place}: {error}."
            ) from None
    return array_of(found, json_examples.shape)
