"""Walking nested structures: lists, tuples, named tuples, dicts and attrs-like pytrees of leaves.

The rules are those of `tf.nest`: dicts are walked in sorted key order, `None` is a leaf, strings and
arrays are leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any


def is_nested(seq: Any) -> bool:
    """True for a list, tuple or mapping; False for a leaf.

    Args:
        seq: Any Python object.

    Returns:
        bool.

    Example:
        >>> is_nested([1, 2]), is_nested("ab")
        (True, False)

    Source: `tf.nest.is_nested`.
    """
    if isinstance(seq, (list, tuple, dict)):
        return True
    # The look at the attribute spares leaves the slow question to the abstract base class.
    return hasattr(seq, "keys") and isinstance(seq, Mapping)


def _children(structure: Any) -> list[Any]:
    if isinstance(structure, Mapping):
        return [structure[key] for key in sorted(structure)]
    return list(structure)


def _rebuild(structure: Any, children: list[Any]) -> Any:
    if isinstance(structure, Mapping):
        by_key = dict(zip(sorted(structure), children, strict=True))
        kind: Any = type(structure)
        items = {key: by_key[key] for key in structure}
        return items if kind is dict else kind(items)
    if isinstance(structure, tuple) and hasattr(structure, "_fields"):
        return type(structure)(*children)
    return type(structure)(children) if type(structure) in (list, tuple) else list(children)


def _walk(structure: Any) -> Iterator[Any]:
    if is_nested(structure):
        for child in _children(structure):
            yield from _walk(child)
    else:
        yield structure


def flatten(structure: Any, expand_composites: bool = False) -> list[Any]:
    """List of the leaves, in the order of `tf.nest`.

    Args:
        structure: Nested lists, tuples, dicts; anything else is a leaf.
        expand_composites: Also open objects that offer `_flatten_composite()` (ragged and sparse
            tensors).

    Returns:
        The leaves.

    Example:
        >>> flatten({"b": 2, "a": [1, (3,)]})
        [1, 3, 2]

    Source: `tf.nest.flatten`.
    """
    if type(structure) is list and not any(is_nested(x) for x in structure):
        leaves = list(structure)
    else:
        leaves = list(_walk(structure))
    if not expand_composites:
        return leaves
    opened: list[Any] = []
    for leaf in leaves:
        parts = getattr(leaf, "_flatten_composite", None)
        opened.extend(parts() if parts else [leaf])
    return opened


def pack_sequence_as(
    structure: Any, flat_sequence: Any, expand_composites: bool = False
) -> Any:
    """Structure of the same form whose leaves are taken from `flat_sequence` in order.

    Args:
        structure: The form.
        flat_sequence: As many leaves as `flatten(structure, expand_composites)` gives.
        expand_composites: Rebuild composite leaves too.

    Returns:
        The filled structure.

    Raises:
        ValueError: When the number of leaves differs.

    Example:
        >>> pack_sequence_as({"a": 0, "b": (0, 0)}, [1, 2, 3])
        {'a': 1, 'b': (2, 3)}

    Source: `tf.nest.pack_sequence_as`.
    """
    flat = list(flat_sequence)
    position = 0

    def build(part: Any) -> Any:
        nonlocal position
        if is_nested(part):
            return _rebuild(part, [build(child) for child in _children(part)])
        count = 1
        composite = expand_composites and hasattr(part, "_flatten_composite")
        if composite:
            count = len(part._flatten_composite())
        if position + count > len(flat):
            raise ValueError(
                f"[nest.pack_sequence_as] expected at least {position + count} leaves for the "
                f"structure, got {len(flat)}; pass as many leaves as nest.flatten gives."
            )
        taken = flat[position : position + count]
        position += count
        return part._pack_composite(taken) if composite else taken[0]

    result = build(structure)
    if position != len(flat):
        raise ValueError(
            f"[nest.pack_sequence_as] expected {position} leaves for the structure, got {len(flat)}; "
            "pass as many leaves as nest.flatten gives."
        )
    return result


def assert_same_structure(
    nest1: Any, nest2: Any, check_types: bool = True, expand_composites: bool = False
) -> None:
    """Raises unless both arguments nest in the same way.

    Args:
        nest1: A structure.
        nest2: A structure.
        check_types: Also compare the types of the containers.
        expand_composites: Also compare the parts of composite leaves.

    Raises:
        ValueError: The forms differ.
        TypeError: The container types differ.

    Source: `tf.nest.assert_same_structure`.
    """
    if is_nested(nest1) != is_nested(nest2):
        raise ValueError(
            f"[nest.assert_same_structure] expected the same nesting, got {nest1!r} and {nest2!r}; "
            "give both the same form."
        )
    if not is_nested(nest1):
        if expand_composites and (
            hasattr(nest1, "_flatten_composite") != hasattr(nest2, "_flatten_composite")
        ):
            raise ValueError(
                "[nest.assert_same_structure] expected the same kind of composite leaf, got "
                f"{type(nest1).__name__} and {type(nest2).__name__}."
            )
        kinds = [getattr(leaf, "_fixed", lambda: None)() for leaf in (nest1, nest2)]
        if expand_composites and kinds[0] != kinds[1]:
            raise ValueError(
                "[nest.assert_same_structure] expected composite leaves of one form, got "
                f"{type(nest1).__name__} with {kinds[0]} and {kinds[1]}; give both the same dense shape and "
                "uniform dimensions."
            )
        return
    if check_types and type(nest1) is not type(nest2) and not (
        isinstance(nest1, Mapping) and isinstance(nest2, Mapping)
    ):
        raise TypeError(
            "[nest.assert_same_structure] expected containers of one type, got "
            f"{type(nest1).__name__} and {type(nest2).__name__}; pass check_types=False to allow it."
        )
    keys_differ = isinstance(nest1, Mapping) and set(nest1) != set(nest2)
    if keys_differ or len(nest1) != len(nest2):
        raise ValueError(
            f"[nest.assert_same_structure] expected equal lengths and keys, got {nest1!r} and "
            f"{nest2!r}; give both the same form."
        )
    for one, two in zip(_children(nest1), _children(nest2), strict=True):
        assert_same_structure(one, two, check_types, expand_composites)


def map_structure(func: Callable[..., Any], *structure: Any, **kwargs: Any) -> Any:
    """Structure of the same form whose leaves are `func` of the leaves at the same place.

    Args:
        func: Called with one leaf of each structure.
        *structure: One or more structures of the same form.
        **kwargs: `check_types` (default True) and `expand_composites` (default False).

    Returns:
        The mapped structure.

    Example:
        >>> map_structure(lambda x: x + 1, {"a": 1, "b": [2]})
        {'a': 2, 'b': [3]}

    Source: `tf.nest.map_structure`.
    """
    check_types = kwargs.pop("check_types", True)
    expand = kwargs.pop("expand_composites", False)
    if kwargs:
        raise TypeError(f"[nest.map_structure] got unknown arguments {sorted(kwargs)}.")
    if not structure:
        raise ValueError("[nest.map_structure] expected at least one structure, got none.")
    for other in structure[1:]:
        assert_same_structure(structure[0], other, check_types, expand)
    leaves = [flatten(part, expand) for part in structure]
    mapped = [func(*group) for group in zip(*leaves, strict=True)]
    return pack_sequence_as(structure[0], mapped, expand)
