"""Structures as Keras walks them: nested lists, tuples, named tuples, deques and dicts of leaves.

The rules differ from those of `tf.nest`: an `OrderedDict` is walked in its own order, subclasses of list
and dict are leaves, and a structure fits another only if its containers are of the same kind.
"""

from __future__ import annotations

import warnings
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError

_MAPPINGS = (dict, OrderedDict, defaultdict)
_SEQUENCES = (list, tuple, deque)
_CONTAINERS = frozenset((*_MAPPINGS, *_SEQUENCES))

Path = tuple[Any, ...]


class MAP_TO_NONE:
    """What a function given to `traverse` returns to put None in a place; None itself changes nothing.

    Source: `keras.tree.MAP_TO_NONE`.
    """


def is_nested(structure: Any) -> bool:
    """True for a list, tuple, named tuple, deque or dict, also an empty one; False for a leaf.

    Args:
        structure: Any Python object.

    Example:
        >>> is_nested([1, 2]), is_nested({}), is_nested("ab"), is_nested(None)
        (True, True, False, False)

    Source: `keras.tree.is_nested`.
    """
    return type(structure) in _CONTAINERS or _is_named_tuple(structure)


def _is_named_tuple(structure: Any) -> bool:
    return isinstance(structure, tuple) and hasattr(structure, "_fields")


def _keys(structure: Any) -> Iterable[Any]:
    """Keys or indices of a container's parts, in the order in which they are walked."""
    kind = type(structure)
    if kind is OrderedDict:
        return list(structure)
    if kind in _MAPPINGS:
        try:
            return sorted(structure)
        except TypeError:
            return sorted(structure, key=lambda key: (type(key).__qualname__, str(key)))
    return range(len(structure))


def _rebuilt(structure: Any, parts: list[Any]) -> Any:
    """Container like `structure` with other parts, given in the order of `_keys`."""
    if isinstance(structure, dict):
        by_key = dict(zip(_keys(structure), parts))
        items = {key: by_key[key] for key in structure}
        if isinstance(structure, defaultdict):
            return defaultdict(structure.default_factory, items)
        return type(structure)(items)
    if isinstance(structure, deque):
        return deque(parts, maxlen=structure.maxlen)
    if _is_named_tuple(structure):
        return type(structure)(*parts)
    return type(structure)(parts)


def _groups(
    where: str,
    structures: Sequence[Any],
    none_is_leaf: bool = True,
    up_to: bool = False,
    path: Path = (),
) -> Iterator[tuple[Path, tuple[Any, ...]]]:
    """Path and leaves for each leaf of the first structure; the others must fit it.

    Args:
        where: Name of the function, for messages.
        structures: The structures.
        none_is_leaf: False leaves None out, as a container without parts.
        up_to: The others may be nested where the first has a leaf.
        path: Path of the structures.
    """
    first, others = structures[0], structures[1:]
    for other in others:
        _fits(where, path, first, other, none_is_leaf, up_to)
    if is_nested(first):
        for key in _keys(first):
            parts = [structure[key] for structure in structures]
            yield from _groups(where, parts, none_is_leaf, up_to, (*path, key))
    elif first is not None or none_is_leaf:
        yield path, tuple(structures)


def _fits(where: str, path: Path, first: Any, other: Any, none_is_leaf: bool, up_to: bool) -> None:
    """Refuses a structure that has another form than the first one at this place."""
    place = f" at {path}" if path else ""
    if not is_nested(first):
        absent = not none_is_leaf and (first is None) != (other is None)
        if absent or (is_nested(other) and not up_to):
            wanted = "None" if first is None and absent else "a leaf"
            raise InvalidArgumentError(
                f"[{where}] expected {wanted}{place}, as in the first structure, got {other!r}; give "
                "all structures one form."
            )
        return
    if isinstance(first, dict) and isinstance(other, dict) and is_nested(other):
        if set(first) != set(other):
            raise InvalidArgumentError(
                f"[{where}] expected a dict with the keys {list(first)}{place}, got {list(other)}; give "
                "all structures the same keys."
            )
        return
    if type(first) is not type(other):
        raise InvalidArgumentError(
            f"[{where}] expected a {type(first).__name__}{place}, got {other!r} of type "
            f"{type(other).__name__}; give all structures containers of one kind."
        )
    if len(first) != len(other):
        raise InvalidArgumentError(
            f"[{where}] expected a {type(first).__name__} of length {len(first)}{place}, got length "
            f"{len(other)}; give all structures one form."
        )


def _filled(structure: Any, leaves: Iterator[Any], none_is_leaf: bool = True) -> Any:
    if is_nested(structure):
        parts = [_filled(structure[key], leaves, none_is_leaf) for key in _keys(structure)]
        return _rebuilt(structure, parts)
    return next(leaves) if structure is not None or none_is_leaf else None


def flatten(structure: Any) -> list[Any]:
    """List of the leaves; dicts in the order of their sorted keys, None among them.

    Args:
        structure: Nested containers; anything else is a leaf.

    Example:
        >>> flatten({"b": 2, "a": [1, (None,)]})
        [1, None, 2]

    Source: `keras.tree.flatten`.
    """
    return [leaf for _, (leaf,) in _groups("tree.flatten", (structure,))]


def flatten_with_path(structure: Any) -> list[tuple[Path, Any]]:
    """List of ``(path, leaf)``; a path is the tuple of keys and indices that lead to the leaf.

    Args:
        structure: Nested containers; anything else is a leaf.

    Example:
        >>> flatten_with_path({"b": [10, 20], "a": 30})
        [(('a',), 30), (('b', 0), 10), (('b', 1), 20)]

    Source: `keras.tree.flatten_with_path`.
    """
    return [(path, leaf) for path, (leaf,) in _groups("tree.flatten_with_path", (structure,))]


def map_structure(func: Callable[..., Any], *structures: Any, none_is_leaf: bool = True) -> Any:
    """Structure like the first one, whose leaves are `func` of the leaves at the same place.

    Args:
        func: Called with one leaf of each structure.
        *structures: One or more structures of the same form.
        none_is_leaf: Whether `func` is called with None too; if not, None stays None.

    Raises:
        ValueError: No structure, or their forms differ.
        TypeError: `func` is not callable.

    Example:
        >>> map_structure(lambda x, y: x + y, {"a": 1, "b": [2]}, {"a": 10, "b": [20]})
        {'a': 11, 'b': [22]}

    Source: `keras.tree.map_structure`.
    """
    where = "tree.map_structure"
    _check_call(where, func, structures)
    leaves = [group for _, group in _groups(where, structures, none_is_leaf)]
    return _filled(structures[0], iter([func(*group) for group in leaves]), none_is_leaf)


def map_structure_up_to(shallow_structure: Any, func: Callable[..., Any], *structures: Any) -> Any:
    """Structure like `shallow_structure`, whose leaves are `func` of what the structures hold there.

    Args:
        shallow_structure: The form; its leaves do not matter.
        func: Called with what each structure holds at one place, which may be nested itself.
        *structures: One or more structures that have the form, or are nested more deeply.

    Example:
        >>> map_structure_up_to([0, 0], lambda x: x, [1, [2, 3]])
        [1, [2, 3]]

    Source: `keras.tree.map_structure_up_to`. None in `shallow_structure` is a leaf like any other.
    """
    where = "tree.map_structure_up_to"
    _check_call(where, func, structures)
    leaves = [group for _, group in _groups(where, (shallow_structure, *structures), up_to=True)]
    return _filled(shallow_structure, iter([func(*group[1:]) for group in leaves]))


def _check_call(where: str, func: Any, structures: tuple[Any, ...]) -> None:
    if not callable(func):
        raise TypeError(f"[{where}] expected a function, got {func!r}.")
    if not structures:
        raise InvalidArgumentError(f"[{where}] expected one structure or more, got none.")


def pack_sequence_as(structure: Any, flat_sequence: Any) -> Any:
    """Structure of the same form whose leaves are taken from `flat_sequence` in order.

    Args:
        structure: The form.
        flat_sequence: As many leaves as `flatten(structure)` gives.

    Raises:
        ValueError: The number of leaves differs.

    Example:
        >>> pack_sequence_as({"a": 0, "b": (0, 0)}, [1, 2, 3])
        {'a': 1, 'b': (2, 3)}

    Source: `keras.tree.pack_sequence_as`.
    """
    leaves, places = list(flat_sequence), len(flatten(structure))
    if len(leaves) != places:
        raise InvalidArgumentError(
            f"[tree.pack_sequence_as] expected {places} leaves for the structure, got {len(leaves)}; "
            "pass as many as tree.flatten gives."
        )
    return _filled(structure, iter(leaves))


def assert_same_structure(a: Any, b: Any, check_types: bool | None = None) -> None:
    """Raises unless both nest in the same way, in containers of the same kind.

    Args:
        a: A structure.
        b: A structure. Any dicts with the same keys fit each other.
        check_types: Deprecated, without effect; see `assert_same_paths` for the looser question.

    Raises:
        ValueError: The forms differ.

    Source: `keras.tree.assert_same_structure`.
    """
    if check_types is not None:
        warnings.warn(
            "[tree.assert_same_structure] check_types has no effect; leave it out, or use "
            "tree.assert_same_paths, for which lists and tuples are alike.",
            DeprecationWarning,
            stacklevel=2,
        )
    list(_groups("tree.assert_same_structure", (a, b)))


def assert_same_paths(a: Any, b: Any) -> None:
    """Raises unless the leaves of both have the same paths; lists, tuples and deques are alike.

    Args:
        a: A structure.
        b: A structure.

    Raises:
        ValueError: A path is missing in one of them.

    Source: `keras.tree.assert_same_paths`.
    """
    paths_a, paths_b = ({path for path, _ in flatten_with_path(s)} for s in (a, b))
    if paths_a != paths_b:
        only_a, only_b = (sorted(map(str, p)) for p in (paths_a - paths_b, paths_b - paths_a))
        raise InvalidArgumentError(
            f"[tree.assert_same_paths] expected the same paths, got {only_a} only in the first "
            f"structure and {only_b} only in the second."
        )


def traverse(func: Callable[[Any], Any], structure: Any, top_down: bool = True) -> Any:
    """Structure in which `func` may replace any part, containers included.

    Args:
        func: Called with each part, the whole structure and the leaves too. It returns what takes the
            part's place: None to leave it as it is, `MAP_TO_NONE` to put None there.
        structure: The structure; it is not changed itself.
        top_down: Whether containers come before their parts; parts of a replaced container are not
            visited then.

    Example:
        >>> traverse(lambda x: sum(x) if isinstance(x, tuple) else None, [1, (2, 3)])
        [1, 5]

    Source: `keras.tree.traverse`.
    """
    if not callable(func):
        raise TypeError(f"[tree.traverse] expected a function, got {func!r}.")

    def visit(part: Any) -> Any:
        replaced = func(part) if top_down else None
        if replaced is None:
            if is_nested(part):
                part = _rebuilt(part, [visit(part[key]) for key in _keys(part)])
            replaced = None if top_down else func(part)
        if replaced is None:
            return part
        return None if replaced is MAP_TO_NONE or isinstance(replaced, MAP_TO_NONE) else replaced

    return visit(structure)


def lists_to_tuples(structure: Any) -> Any:
    """The structure with tuples in place of all lists.

    Args:
        structure: A structure.

    Example:
        >>> lists_to_tuples([1, [2, {"a": [3]}]])
        (1, (2, {'a': (3,)}))

    Source: `keras.tree.lists_to_tuples`.
    """
    return traverse(
        lambda part: tuple(part) if isinstance(part, list) else None, structure, top_down=False
    )


def map_shape_structure(func: Callable[[Any], Any], structure: Any) -> Any:
    """Structure of shapes whose shapes are replaced by `func` of them.

    Args:
        func: Called with each shape: a tuple or list of integers and None, or another leaf.
        structure: Shapes in nested containers.

    Example:
        >>> map_shape_structure(len, {"a": (None, 3), "b": [(2,), (4, 5, 6)]})
        {'a': 2, 'b': [1, 3]}

    Source: `keras.tree.map_shape_structure`.
    """
    if not callable(func):
        raise TypeError(f"[tree.map_shape_structure] expected a function, got {func!r}.")

    def visit(part: Any) -> Any:
        if is_nested(part) and not _is_shape(part):
            return _rebuilt(part, [visit(part[key]) for key in _keys(part)])
        return func(part)

    return visit(structure)


def _is_shape(part: Any) -> bool:
    return isinstance(part, (list, tuple)) and all(d is None or isinstance(d, int) for d in part)
