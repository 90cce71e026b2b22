"""Names of files that a program looks up once and keeps."""

from __future__ import annotations

from typing import Any

from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.ops.io.file_names import matching_files
from thalweg._src.variables.variable import Variable


def match_filenames_once(pattern: Any, name: str | None = None) -> Variable:
    """Variable of the paths that match patterns now, sorted; later changes of the folders do not show.

    Args:
        pattern: Pattern or patterns, as for `tf.io.matching_files`.
        name: Name of the Variable.

    Returns:
        Variable of dtype string and shape ``(files,)``, which is not trained.

    Source: `tf.io.match_filenames_once`.
    """
    found = matching_files(convert_to_tensor(pattern, dtypes.string))
    return Variable(found, trainable=False, name=name)
