"""Paths of arrays in files of older versions of Keras, which went through models in other orders.

All of them follow attributes as `walk` does, and see no further than the first list or dict in another one.

| Version | Attributes | Layers of a graph or a chain | Numbers in lists |
|---|---|---|---|
| 2.12, 2.13 | from A to Z | `_layer_checkpoint_dependencies`, those with weights twice | count each |
| 2.14 | from A to Z | `_layer_checkpoint_dependencies` | count what is new |
| 2.15 | from Z to A | `layers` | count what is new |

Source: files that these versions wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from thalweg._src.base.naming import snake_case
from thalweg._src.keras.archive.walk import Part, attributes_of, has_known_structure
from thalweg._src.keras.layers.attention.base_head_attention import BaseHeadAttention
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.optimizers.base import Optimizer

_LAYERS = "layers"
_DEPENDENCIES = "_layer_checkpoint_dependencies"
# Attributes that had other names then, which now are properties.
_ATTENTION = {f"{part}_dense": f"_{part}_dense" for part in ("query", "key", "value", "output")}
_RENAMED = {BaseHeadAttention: _ATTENTION}


@dataclass(frozen=True)
class _Order:
    """How a version goes through a model.

    Attributes:
        backwards: Whether attributes come in the opposite order of the alphabet.
        listed_as: What it calls the layers of a graph or a chain.
        counts_again: Whether numbers count what was met before; layers with weights stand there twice.
    """

    backwards: bool
    listed_as: str
    counts_again: bool


_ORDERS = (
    _Order(True, _LAYERS, False),
    _Order(False, _DEPENDENCIES, False),
    _Order(False, _DEPENDENCIES, True),
)


def older_parts_of(root: Layer) -> Iterator[list[Part]]:
    """All layers and optimizers below a model with their paths, for each older way, the newest first.

    Args:
        root: Model or layer.
    """
    for order in _ORDERS:
        yield _Walk(order).parts(root)


class _Walk:
    """One way through a model."""

    def __init__(self, order: _Order) -> None:
        self._order = order
        # By identity; the objects are kept, so that no other gets the identity of one that is gone.
        self._seen: dict[int, Any] = {}
        self._found: list[Part] = []

    def parts(self, root: Layer) -> list[Part]:
        self._visit("", root)
        return self._found

    def _visit(self, path: str, item: Any) -> None:
        if id(item) in self._seen:
            return
        self._seen[id(item)] = item
        self._found.append(Part(path, item))
        for name, child in self._children(item):
            here = f"{path}/{name}" if path else name
            if isinstance(child, (Layer, Optimizer)):
                self._visit(here, child)
            elif isinstance(child, (list, tuple, Mapping)):
                self._visit_all(here, child)

    def _children(self, item: Any) -> list[tuple[str, Any]]:
        pairs = attributes_of(item)
        for kind, names in _RENAMED.items():
            if isinstance(item, kind):
                pairs = {names.get(name, name): value for name, value in pairs.items()}
        if has_known_structure(item):
            listed = list(item.layers)
            if self._order.counts_again:
                listed = [layer for layer in listed for _ in range(2 if layer.weights else 1)]
            pairs = {name: value for name, value in pairs.items() if name != _LAYERS}
            pairs[self._order.listed_as] = listed
        return sorted(pairs.items(), key=lambda pair: pair[0], reverse=self._order.backwards)

    def _visit_all(self, path: str, container: Any) -> None:
        used: dict[str, int] = {}
        for item in container.values() if isinstance(container, Mapping) else container:
            known = id(item) in self._seen
            if not isinstance(item, (Layer, Optimizer)) or (known and not self._order.counts_again):
                continue
            base = snake_case(type(item).__name__)
            count = used[base] = used.get(base, -1) + 1
            self._visit(f"{path}/{base}_{count}" if count else f"{path}/{base}", item)
