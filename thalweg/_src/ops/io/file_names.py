"""Names of files as tensors: matching_files."""

from __future__ import annotations

import os
from typing import Any

from thalweg._src.base.file_patterns import matching
from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.ops.strings.blocks import array_of, need_texts, texts_of


@op(
    "matching_files",
    inputs=("pattern",),
    input_dtypes={"pattern": dtypes.string},
    matched=(),
    on_host=True,
    dynamic=True,
)
def matching_files(pattern: Any) -> Any:
    """Paths of the files that match patterns, sorted.

    Args:
        pattern: Pattern, or patterns of any shape. ``*`` stands for any characters but separators (also at
            the beginning of a hidden name), ``?`` for one, ``[abc]`` and ``[^abc]`` for one of these and one
            of all others.

    Returns:
        Strings ``(files,)``; none where nothing matches.

    Source: `tf.io.matching_files`.
    """
    need_texts("matching_files", pattern)
    found = [path for text in texts_of(pattern) for path in matching(os.fsdecode(text))]
    return array_of([os.fsencode(path) for path in sorted(found)])
