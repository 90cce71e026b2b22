"""`Module`: an object that finds its Variables and submodules by looking at its attributes."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

from thalweg._src.base.naming import snake_case
from thalweg._src.variables import late
from thalweg._src.variables.scope import current_scope, name_scope
from thalweg._src.variables.variable import Variable


class Module:
    """Container of Variables and other modules.

    Args:
        name: A valid Python name; made from the class's when None.

    Example:
        >>> import thalweg as tf
        >>> class Line(tf.Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.w = tf.Variable(2.0)
        >>> [v.numpy().item() for v in Line().trainable_variables]
        [2.0]

    Source: `tf.Module`.
    """

    def __init__(self, name: str | None = None) -> None:
        chosen = name or snake_case(type(self).__name__)
        if not re.fullmatch(r"[A-Za-z_]\w*", chosen):
            raise ValueError(
                f"[Module] expected a name that is a valid Python identifier, got {chosen!r}."
            )
        self._name = chosen
        self._scope_name = f"{current_scope()}{chosen}/"

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if late.watchers:
            late.tell_watchers()

    @property
    def name(self) -> str:
        """Name of the module."""
        return self._name

    @property
    def name_scope(self) -> name_scope:
        """Scope that puts the module's name in front of the names of Variables made inside."""
        return name_scope(self._scope_name)

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Variables of this module and those below, sorted by attribute name."""
        return tuple(_find(self, lambda x: isinstance(x, Variable)))

    @property
    def trainable_variables(self) -> tuple[Variable, ...]:
        """Those of `variables` that are trainable."""
        return tuple(v for v in self.variables if v.trainable)

    @property
    def non_trainable_variables(self) -> tuple[Variable, ...]:
        """Those of `variables` that are not trainable."""
        return tuple(v for v in self.variables if not v.trainable)

    @property
    def submodules(self) -> tuple[Module, ...]:
        """Modules below this one."""
        return tuple(_find(self, lambda x: isinstance(x, Module)))

    @classmethod
    def with_name_scope(cls, method: Callable[..., Any]) -> Callable[..., Any]:
        """Method that runs inside the module's `name_scope`."""

        @functools.wraps(method)
        def scoped(self: Module, *args: Any, **kwargs: Any) -> Any:
            with self.name_scope:
                return method(self, *args, **kwargs)

        return scoped


def _find(module: Module, wanted: Callable[[Any], bool]) -> list[Any]:
    """Objects in attributes, breadth first: own ones before those of submodules, each once."""
    found: dict[int, Any] = {}
    seen: set[int] = {id(module)}
    level = [module]
    while level:
        below: list[Any] = []
        for holder in level:
            for attribute in sorted(vars(holder)):
                for leaf in _leaves(vars(holder)[attribute]):
                    if wanted(leaf):
                        found.setdefault(id(leaf), leaf)
                    if _is_holder(leaf) and id(leaf) not in seen:
                        seen.add(id(leaf))
                        below.append(leaf)
        level = below
    return list(found.values())


def _is_holder(value: Any) -> bool:
    return isinstance(value, Module) or hasattr(value, "trainable_variables")


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from _leaves(part)
    elif isinstance(value, dict):
        for key in sorted(value, key=str):
            yield from _leaves(value[key])
    else:
        yield value
