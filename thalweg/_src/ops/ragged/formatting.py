"""`tf.strings.format` with ragged tensors among its inputs."""

from __future__ import annotations

from typing import Any

from thalweg._src.core.composite import Composite
from thalweg._src.core.opdef import op
from thalweg._src.ops.ragged import text
from thalweg._src.ops.strings.blocks import array_of
from thalweg._src.ops.strings.joining import join
from thalweg._src.ops.strings.numbers import format


@op("ragged_text", matched=(), on_host=True)
def _text_of(*parts: Any, summarize: Any) -> Any:
    return array_of([text.printed(parts[0], parts[1:], summarize).encode()], ())


def string_format(*inputs: Any, template: Any, placeholder: Any, summarize: Any) -> Any:
    """Text with the values of tensors in place of placeholders."""
    pieces = template.split(placeholder)
    texts = [pieces[0]]
    for value, piece in zip(inputs, pieces[1:], strict=True):
        if isinstance(value, Composite):
            texts.append(_text_of(*value._flatten_composite(), summarize=summarize))
        else:
            texts.append(format("{}", [value], summarize=summarize))
        texts.append(piece)
    return join(texts)
