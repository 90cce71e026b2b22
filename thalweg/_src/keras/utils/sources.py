"""`get_source_inputs`: from which inputs a symbolic tensor is computed."""

from __future__ import annotations

from typing import Any

from thalweg._src.base import nest
from thalweg._src.core.symbolic import KerasTensor


def get_source_inputs(tensor: Any) -> list[KerasTensor]:
    """Inputs of a model that a symbolic tensor is computed from, each once, in the order of first use.

    Args:
        tensor: Symbolic tensor, or a structure of them.

    Returns:
        Symbolic tensors that no call produced.

    Example:
        >>> import thalweg as tf
        >>> a, b = tf.keras.Input((2,)), tf.keras.Input((2,))
        >>> tf.keras.utils.get_source_inputs(a + b) == [a, b]
        True

    Source: `keras.utils.get_source_inputs`.
    """
    found: dict[int, KerasTensor] = {}
    seen: set[int] = set()
    pending = [part for part in reversed(nest.flatten(tensor)) if isinstance(part, KerasTensor)]
    while pending:
        symbol = pending.pop()
        if id(symbol) in seen:
            continue
        seen.add(id(symbol))
        parents = [] if symbol.node is None else symbol.node.parents
        if not parents:
            found[id(symbol)] = symbol
        pending.extend(reversed(parents))
    return list(found.values())
