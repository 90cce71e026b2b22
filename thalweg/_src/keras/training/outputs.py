"""`Outputs`: names of a model's outputs, and what was given for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.base.naming import nearest


class Outputs:
    """Names of a model's outputs, and structures of things given for them in that order.

    Args:
        y_pred: What the model returned: a tensor, list, tuple or dict.
        names: Names of the outputs where the model knows them, or None.

    Attributes:
        flat: The outputs in the order of `nest.flatten`.
        labels: What each is called in logs; None for one of a list whose names are unknown.
        names: By what each may be chosen in a dict.
    """

    def __init__(self, y_pred: Any, names: list[str] | None) -> None:
        self.flat = nest.flatten(y_pred)
        self._structure = y_pred
        self._paths = list(_paths(y_pred, sorted))
        count = len(self.flat)
        known: list[Any] = [None] * count
        if names is not None and len(names) == count:
            known = list(names)
        self.labels = [_label(path, name) for path, name in zip(self._paths, known, strict=True)]
        self.names = [label or f"output_{i + 1}" for i, label in enumerate(self.labels)]

    def order(self, given: Any) -> list[int]:
        """Positions of the outputs as logs list them: by the dict that was given, else by the outputs'."""
        by_key = isinstance(given, Mapping) and isinstance(self._structure, Mapping)
        paths = _paths(given if by_key else self._structure, list)
        place = {path: i for i, path in enumerate(paths)}
        return sorted(range(len(self.flat)), key=lambda i: place.get(self._paths[i], len(place)))

    def parts(self, given: Any, what: str, missing: Any = None) -> list[Any]:
        """What was given for each output.

        Args:
            given: A dict by names, a list in order, or the structure of the outputs.
            what: What it is, for messages.
            missing: Stands for names that a dict leaves out.

        Raises:
            ValueError: Another number of parts, or unknown names.
        """
        if isinstance(given, Mapping):
            if all(key in self.names for key in given):
                return [given.get(name, missing) for name in self.names]
            keys = list(self._structure) if isinstance(self._structure, Mapping) else []
            unknown = [key for key in given if key not in [*keys, *self.names]]
            if unknown:
                raise InvalidArgumentError(
                    f"[compile] expected {what} for outputs {self.names}, got one for {unknown[0]!r}. "
                    f"{nearest(str(unknown[0]), self.names)}"
                )
            parts = _along(self._structure, given, missing)
        else:
            parts = list(given) if isinstance(given, (list, tuple)) else [given]
            if len(parts) != len(self.flat) and any(len(path) > 1 for path in self._paths):
                parts = _along(self._structure, parts, missing)
        if len(parts) != len(self.flat):
            raise InvalidArgumentError(
                f"[compile] expected {what} for each of the outputs {self.names}, got {len(parts)}: "
                f"{given!r}."
            )
        return parts

    def tensors(self, given: Any, what: str) -> list[Any]:
        """Targets or sample weights of each output.

        Args:
            given: Structure of tensors; a single tensor does for a single output.
            what: What it is, for messages.
        """
        if isinstance(given, Mapping) and set(given) <= set(self.names):
            return [given.get(name) for name in self.names]
        flat = nest.flatten(given)
        keyed = isinstance(self._structure, Mapping) and not isinstance(given, Mapping)
        if len(flat) != len(self.flat) or (keyed and len(flat) > 1):
            form = "a dict by" if keyed else "a list in that order, or a dict by"
            raise InvalidArgumentError(
                f"[fit] expected {what} for each of the outputs {self.names}, got "
                f"{type(given).__name__ if keyed else ''} of {len(flat)}; pass {form} these names."
            )
        return flat


def _paths(structure: Any, keys_of: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Keys and positions that lead to each leaf; the keys of a dict as `keys_of` gives them."""
    if not nest.is_nested(structure):
        yield path
    elif isinstance(structure, Mapping):
        for key in keys_of(structure):
            yield from _paths(structure[key], keys_of, (*path, key))
    else:
        for i, part in enumerate(structure):
            yield from _paths(part, keys_of, (*path, i))


def _label(path: tuple[Any, ...], name: str | None) -> str | None:
    """Path with slashes; its end is the output's name instead of a position in a list."""
    if path and isinstance(path[-1], str):
        return "/".join(map(str, path))
    if name is None and len(path) < 2:
        return None
    return "/".join(map(str, (*path[:-1], path[-1] if name is None else name)))


def _along(structure: Any, given: Any, missing: Any) -> list[Any]:
    """What was given for the leaves of a structure; too few where its form is another."""
    if not nest.is_nested(structure):
        return [given]
    if given is missing:
        return [missing] * len(nest.flatten(structure))
    pairs: list[tuple[Any, Any]] = []
    if isinstance(structure, Mapping):
        if isinstance(given, Mapping):
            pairs = [(structure[key], given.get(key, missing)) for key in sorted(structure)]
    elif isinstance(given, (list, tuple)) and len(given) == len(structure):
        pairs = list(zip(structure, given, strict=True))
    return [leaf for part, chosen in pairs for leaf in _along(part, chosen, missing)]
