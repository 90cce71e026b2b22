"""`keras.tree`: structures of every kind, as text, and what is refused."""

from __future__ import annotations

import collections
from typing import Any

from ..support import Cases, attempt

cases = Cases()

Pair = collections.namedtuple("Pair", "a b")
Other = collections.namedtuple("Other", "a b")


class OwnList(list):
    """A list of the user's own."""


def _ordered() -> Any:
    return collections.OrderedDict([("b", 1), ("a", 2)])


STRUCTURES: dict[str, Any] = {
    "number": 3,
    "none": None,
    "text": "abc",
    "empty list": [],
    "empty dict": {},
    "nested": {"b": [1, (2, None)], "a": Pair(3, {"z": 4, "y": []})},
    "ordered": _ordered(),
    "default": collections.defaultdict(int, {"b": 1, "a": 2}),
    "deque": collections.deque([1, 2], maxlen=3),
    "own list": OwnList([1]),
    "range": range(3),
    "mixed keys": {1: 2, "a": 3},
    "tuple of none": (None, [None]),
}

PAIRS: dict[str, tuple[Any, Any]] = {
    "equal": ([1, (2,)], [3, (4,)]),
    "list and tuple": ([1, (2,)], [3, [4]]),
    "none and leaf": ([1, None], [3, 4]),
    "none and list": ([1, None], [3, [4]]),
    "lengths": ([1], [1, 2]),
    "keys": ({"a": 1}, {"b": 1}),
    "dict and ordered": ({"a": 1, "b": 2}, _ordered()),
    "ordered and dict": (_ordered(), {"a": 1, "b": 2}),
    "default and dict": (collections.defaultdict(int, a=1), {"a": 1}),
    "leaf and list": (1, [1]),
    "list and leaf": ([1, [2]], [3, 4]),
    "named and tuple": (Pair(1, 2), (1, 2)),
    "two named": (Pair(1, 2), Other(1, 2)),
    "deque and list": (collections.deque([1]), [1]),
    "deeper": ([1, 2], [1, [2, 3]]),
    "empties": ([[]], []),
}


def _each(table: dict[str, Any], function: Any) -> dict[str, Any]:
    return {name: attempt(lambda v=value: function(v)) for name, value in table.items()}


@cases
def walking(tf: Any, np: Any) -> Any:
    tree = tf.keras.tree
    return {
        "is_nested": _each(STRUCTURES, tree.is_nested),
        "flatten": _each(STRUCTURES, lambda s: repr(tree.flatten(s))),
        "flatten_with_path": _each(STRUCTURES, lambda s: repr(tree.flatten_with_path(s))),
        "lists_to_tuples": _each(STRUCTURES, lambda s: repr(tree.lists_to_tuples(s))),
        "pack": _each(STRUCTURES, lambda s: repr(tree.pack_sequence_as(s, tree.flatten(s)))),
        "pack too few": attempt(lambda: tree.pack_sequence_as([1, 2], [5])),
        "pack too many": attempt(lambda: tree.pack_sequence_as([1, 2], [5, 6, 7])),
        "pack no sequence": attempt(lambda: tree.pack_sequence_as([1, 2], 5)),
        "pack array": tree.pack_sequence_as((1, [2]), np.array([5, 6])),
    }


@cases
def mapping(tf: Any, np: Any) -> Any:
    tree = tf.keras.tree

    def mapped(structure: Any, **options: Any) -> str:
        return repr(tree.map_structure(lambda x: ("f", x), structure, **options))

    def both(pair: Any) -> str:
        return repr(tree.map_structure(lambda x, y: (x, y), *pair))

    def both_without_none(pair: Any) -> str:
        return repr(tree.map_structure(lambda x, y: (x, y), *pair, none_is_leaf=False))

    return {
        "one": _each(STRUCTURES, mapped),
        "one without none": _each(STRUCTURES, lambda s: mapped(s, none_is_leaf=False)),
        "two": _each(PAIRS, both),
        "two without none": _each(PAIRS, both_without_none),
        "both none": repr(
            tree.map_structure(lambda x, y: (x, y), [1, None], [2, None], none_is_leaf=False)
        ),
        "no structure": attempt(lambda: tree.map_structure(lambda: 1)),
        "no function": attempt(lambda: tree.map_structure(1, [1])),
        "unknown option": attempt(lambda: tree.map_structure(repr, [1], check_types=False)),
    }


@cases
def mapping_up_to(tf: Any, np: Any) -> Any:
    tree = tf.keras.tree

    def up_to(pair: Any) -> str:
        return repr(tree.map_structure_up_to(pair[0], lambda x: ("f", x), pair[1]))

    return {
        "pairs": _each(PAIRS, up_to),
        "two": repr(tree.map_structure_up_to([0, 0], lambda x, y: (x, y), [1, [2, 3]], [4, (5,)])),
        "no structure": attempt(lambda: tree.map_structure_up_to([0], repr)),
    }


@cases
def sameness(tf: Any, np: Any) -> Any:
    tree = tf.keras.tree
    return {
        "structure": _each(PAIRS, lambda pair: tree.assert_same_structure(*pair)),
        "paths": _each(PAIRS, lambda pair: tree.assert_same_paths(*pair)),
    }


@cases
def traversal(tf: Any, np: Any) -> Any:
    tree = tf.keras.tree
    visited: list[str] = []

    def seen(structure: Any, **options: Any) -> list[str]:
        visited.clear()
        tree.traverse(lambda x: visited.append(repr(x)), structure, **options)
        return list(visited)

    def summed(x: Any) -> Any:
        return sum(x) if isinstance(x, (list, tuple)) else None

    def to_none(x: Any) -> Any:
        return tree.MAP_TO_NONE if isinstance(x, tuple) else None

    return {
        "down": _each(STRUCTURES, seen),
        "up": _each(STRUCTURES, lambda s: seen(s, top_down=False)),
        "replaced down": repr(tree.traverse(summed, {"a": (2, 3), "b": 1})),
        "replaced up": repr(tree.traverse(summed, [1, (2, [3, 4])], top_down=False)),
        "none down": repr(tree.traverse(to_none, [1, (2, 3)])),
        "none up": repr(tree.traverse(to_none, [1, (2, 3)], top_down=False)),
        "false": repr(tree.traverse(lambda x: False if x == 1 else None, [1, 2])),
        "default": repr(
            tree.traverse(lambda x: x * 2 if isinstance(x, int) else None, STRUCTURES["default"])
        ),
        "no function": attempt(lambda: tree.traverse(3, [1])),
    }


@cases
def shapes(tf: Any, np: Any) -> Any:
    structures = {
        "shape": (1, None),
        "list": [1, 2],
        "empty": (),
        "shapes": [(None, 3), [4, 5]],
        "dict": {"a": (1,), "b": None, "c": [(2, 3), ()]},
        "mixed": [1, (2, 3)],
        "text": (1, "a"),
        "floats": [1.5, 2],
        "nothing": None,
    }
    mapped = tf.keras.tree.map_shape_structure
    return _each(structures, lambda s: repr(mapped(lambda shape: ("shape", shape), s)))
