"""Which objects of a model have arrays in a file, and under which paths.

A path is made of the attributes that lead to an object. In lists, tuples and dicts the objects are named
after their classes in snake case, numbered: ``layers/dense_1``. An object that several paths lead to has
the first of them. Random generators and metrics have no place in files, as in Keras 3.15.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from thalweg._src.base.naming import snake_case
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.optimizers.base import Optimizer

_HOUSE = "thalweg._src."
# Lists in which models of this package keep their layers; files know them as `layers`.
_LISTED_AS_LAYERS = frozenset({"_chain", "_drawn", "_graph_layers"})


@dataclass(frozen=True)
class Part:
    """An object that has arrays of its own.

    Attributes:
        path: Where it is, seen from the model: ``"layers/dense"``; empty for the model itself.
        item: A layer or an optimizer.
    """

    path: str
    item: Any

    @property
    def name(self) -> str:
        """The object's own name."""
        return str(self.item.name)

    @property
    def variables(self) -> list[Any]:
        """Its own Variables, in the order in which files hold them."""
        if isinstance(self.item, Optimizer):
            return list(self.item.variables)
        return list(self.item._stored_variables())


def parts_of(root: Layer) -> list[Part]:
    """All layers and optimizers below a model, itself first, each once.

    Args:
        root: Model or layer.
    """
    found: list[Part] = []
    # By identity; the objects are kept, so that no other gets the identity of one that is gone.
    seen: dict[int, Any] = {}

    def visit(path: str, item: Any) -> None:
        if id(item) in seen:
            return
        seen[id(item)] = item
        found.append(Part(path, item))
        for name, child in _children(item):
            here = f"{path}/{name}" if path else name
            if isinstance(child, (Layer, Optimizer)):
                visit(here, child)
            elif isinstance(child, (list, tuple, Mapping)):
                visit_all(here, child)

    def visit_all(path: str, container: Any) -> None:
        if id(container) in seen:
            return
        seen[id(container)] = container
        used: dict[str, int] = {}
        for item in container.values() if isinstance(container, Mapping) else container:
            if isinstance(item, (Layer, Optimizer)):
                visit(f"{path}/{_numbered(snake_case(type(item).__name__), used)}", item)
            elif isinstance(item, (list, tuple, Mapping)):
                visit_all(f"{path}/{_numbered('container', used)}", item)

    visit("", root)
    return found


def _numbered(name: str, used: dict[str, int]) -> str:
    count = used.get(name, 0)
    used[name] = count + 1
    return f"{name}_{count}" if count else name


def _children(item: Any) -> Iterator[tuple[str, Any]]:
    """Attributes that may lead to arrays, in the order in which Keras follows them."""
    pairs = attributes_of(item)
    if has_known_structure(item):
        # Models of a known structure: their layers come first.
        yield "layers", pairs.pop("layers")
    yield from sorted(pairs.items(), key=lambda pair: (pair[0].startswith("_"), pair[0]))


def has_known_structure(item: Any) -> bool:
    """True for models of this package that are graphs or chains."""
    return not _LISTED_AS_LAYERS.isdisjoint(_attributes(item))


def attributes_of(item: Any) -> dict[str, Any]:
    """Attributes that may lead to arrays, by the names that files have for them."""
    names = _attributes(item)
    if not names.isdisjoint(_LISTED_AS_LAYERS) or hasattr(item, "get_layer"):
        names = (names | {"layers"}) - _LISTED_AS_LAYERS
    # Layers of this package whose attributes have other names than in Keras say so.
    renamed = getattr(type(item), "_stored_names", {})
    found = {}
    for name in sorted(names):
        # A user's property may fail on a model that is not ready for it.
        with contextlib.suppress(Exception):
            found[renamed.get(name, name)] = getattr(item, name)
    return found


def _attributes(item: Any) -> set[str]:
    """Names of attributes that may hold layers or optimizers, and of properties of users' classes."""
    if isinstance(item, Optimizer):
        found = {n for n in ("inner_optimizer", "optimizers") if hasattr(item, n)}
    else:
        found = {n for n, v in vars(item).items() if isinstance(v, Optimizer)} | set(item._tracked)
    for kind in type(item).__mro__:
        if not kind.__module__.startswith(_HOUSE) and kind is not object:
            found |= {n for n, v in vars(kind).items() if isinstance(v, (property, list, tuple, dict))}
    return {n for n in found if not n.startswith("__")}
