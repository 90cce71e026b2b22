"""Objects and the Variables in them: the walk, the stored form of its graph, and matching the two.

A checkpoint stores which object holds which under what name. Reading it back follows the same names
from the same root through objects that exist now, so that a Variable is found by any of the ways that
lead to it; the names of arrays are only labels, the shortest way through public attributes.
"""

from __future__ import annotations

import heapq
import itertools
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.checkpoint.tensors_file import damaged
from thalweg._src.core.tensor import Tensor
from thalweg._src.variables.module import Module
from thalweg._src.variables.variable import Variable

# In the stored form: children by name, or the name of an array.
Node = dict[str, int] | str

_PLAIN_DATA = (str, bytes, int, float, complex, type(None), np.ndarray, np.generic, Tensor)
_CODE = (
    type, types.ModuleType, types.FunctionType, types.MethodType, types.BuiltinFunctionType,
)  # fmt: skip
_NO_HOLDERS = (*_PLAIN_DATA, *_CODE)
_HOUSE = "thalweg._src."
# Parts that hold Variables of others.
_BORROWERS = ("thalweg._src.function.", "thalweg._src.autodiff.", "thalweg._src.core.")
_LIBRARIES = ("builtins", "collections", "functools", "jax", "jaxlib", "numpy", "threading")


def children_of(value: Any) -> dict[str, Any]:
    """What a holder holds, by name; names are escaped so that slashes can join them.

    Args:
        value: A list, tuple or mapping; an object with a method ``_checkpoint_children()`` that returns a
            mapping; or an object whose attributes are looked at, public ones first.
    """
    found: dict[str, Any] = {}
    for name, child in named_children(value):
        if not _may_hold(child):
            continue
        component = str(name).replace("%", "%25").replace("/", "%2F")
        if component in found:
            raise InvalidArgumentError(
                f"[checkpoint] expected keys that differ as text, got {name!r} twice in a "
                f"{type(value).__name__}; rename one."
            )
        found[component] = child
    return found


def named_children(value: Any) -> Iterator[tuple[Any, Any]]:
    """All that a holder has, by name, state or not."""
    if hasattr(type(value), "_checkpoint_children"):
        yield from value._checkpoint_children().items()
    elif isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, (list, tuple)):
        yield from enumerate(value)
    else:
        attributes = vars(value)
        for name in sorted(attributes, key=lambda n: (n.startswith("_"), n)):
            yield _stored_name(type(value), name, attributes), attributes[name]


def _stored_name(kind: type, name: str, attributes: Mapping[str, Any]) -> str:
    """Name of an attribute in files. Those of this package are private where a property guards them; files
    have the property's name, or the one that the class's table `_stored_names` gives."""
    if not kind.__module__.startswith(_HOUSE):
        return name
    public = str(getattr(kind, "_stored_names", {}).get(name, name)).lstrip("_")
    return name if public in attributes and public != name else public


def _may_hold(value: Any) -> bool:
    """True for Variables and for what is worth walking into."""
    if isinstance(value, _NO_HOLDERS):
        return False
    if isinstance(value, Variable):
        return True
    return _is_container(value) or _is_holder(value) or _holds_directly(value)


def _is_container(value: Any) -> bool:
    return isinstance(value, (list, tuple, dict)) or (
        hasattr(value, "keys") and isinstance(value, Mapping)
    )


def _is_holder(value: Any) -> bool:
    """True for modules, layers, optimizers, metrics, random generators and what says so itself."""
    kind = type(value)
    if kind.__module__.startswith(_BORROWERS):
        return False
    return (
        isinstance(value, Module)
        or hasattr(kind, "_checkpoint_children")
        or (hasattr(kind, "variables") and hasattr(value, "__dict__"))
        or _has_state(value)
    )


def _has_state(value: Any) -> bool:
    """True for random generators, whose attribute `state` is a Variable."""
    attributes = getattr(value, "__dict__", {})
    return any(isinstance(attributes.get(name), Variable) for name in ("state", "_state"))


def _holds_directly(value: Any) -> bool:
    """True for a user's plain object with Variables or holders among its attributes."""
    home = type(value).__module__
    if home.startswith(_HOUSE) or home.split(".")[0] in _LIBRARIES:
        return False
    return any(map(_leads_on, getattr(value, "__dict__", {}).values()))


def _leads_on(value: Any) -> bool:
    if isinstance(value, _NO_HOLDERS):
        return False
    if isinstance(value, (list, tuple)):
        return any(map(_leads_on, value))
    if _is_container(value):
        return any(map(_leads_on, value.values()))
    return isinstance(value, Variable) or _is_holder(value)


def check_trackable(where: str, name: str, value: Any) -> None:
    """Refuses what no state can be found in.

    Raises:
        ValueError: A number, string, tensor, function, ...
    """
    if not _may_hold(value):
        raise InvalidArgumentError(
            f"[{where}] expected {name} to hold Variables, got {value!r} of type {type(value).__name__}; "
            "pass a Variable, module, layer, optimizer, list or dict."
        )


@dataclass
class Captured:
    """Objects reachable from a root.

    Attributes:
        nodes: The graph in its stored form; the root is node 0.
        variables: Variables by the names of their arrays.
    """

    nodes: list[Node]
    variables: dict[str, Variable]


def capture(root: Any) -> Captured:
    """All Variables below a root, and how they are reached.

    Args:
        root: A holder: an object, or a dict of the topmost objects by name.
    """
    objects, edges = _walk(root)
    useful = leading_to(edges, [i for i, o in enumerate(objects) if isinstance(o, Variable)])
    number = {old: new for new, old in enumerate(sorted(useful | {0}))}
    paths = _names(edges)
    nodes: list[Node] = []
    variables: dict[str, Variable] = {}
    for old in number:
        held = objects[old]
        if isinstance(held, Variable):
            variables[paths[old]] = held
            nodes.append(paths[old])
        else:
            nodes.append({name: number[c] for name, c in edges[old].items() if c in number})
    return Captured(nodes, variables)


def _walk(root: Any) -> tuple[list[Any], list[dict[str, int]]]:
    """All objects, each once, and the numbers of their children; the root is number 0."""
    # The list also keeps short-lived objects alive, without which their ids would be used again.
    objects: list[Any] = [root]
    edges: list[dict[str, int]] = []
    known = {id(root): 0}
    for value in objects:
        edges.append({})
        for name, child in {} if isinstance(value, Variable) else children_of(value).items():
            held = child._handle if isinstance(child, Variable) else child
            if id(held) not in known:
                known[id(held)] = len(objects)
                objects.append(held)
            edges[-1][name] = known[id(held)]
    return objects, edges


def leading_to(edges: Sequence[Mapping[str, int]], targets: Iterable[int]) -> set[int]:
    """Numbers of the nodes from which a target can be reached, targets included."""
    parents: list[list[int]] = [[] for _ in edges]
    for number, children in enumerate(edges):
        for child in children.values():
            parents[child].append(number)
    waiting = list(targets)
    found = set(waiting)
    while waiting:
        fresh = [p for p in parents[waiting.pop()] if p not in found]
        found.update(fresh)
        waiting.extend(fresh)
    return found


def _names(edges: Sequence[Mapping[str, int]]) -> dict[int, str]:
    """Path to each node without children.

    The shortest of those with the fewest private parts, of these the first in the alphabet; but one that
    ends with a name goes before one that ends with a position: `net/layers/0/kernel` says more than
    `adam/_trained/0`, and is there before the optimizer has seen its weights.
    """
    candidates: dict[int, list[tuple[bool, bool, int, int, str]]] = {}
    seen: set[int] = set()
    order = itertools.count()
    waiting: list[tuple[int, int, int, int, str]] = [(0, 0, next(order), 0, "")]
    while waiting:
        private, depth, _, number, path = heapq.heappop(waiting)
        if number in seen:
            continue
        seen.add(number)
        for name, child in edges[number].items():
            longer = f"{path}/{name}" if path else name
            cost = private + name.startswith("_")
            if edges[child]:
                heapq.heappush(waiting, (cost, depth + 1, next(order), child, longer))
            else:
                rank = (cost > 0, name.isdecimal(), cost, depth)
                candidates.setdefault(child, []).append((*rank, longer))
    return {number: min(found)[-1] for number, found in candidates.items()}


def checked_nodes(given: Any, arrays: Mapping[str, Any], where: object) -> list[Node]:
    """The stored graph of a checkpoint.

    Args:
        given: What the state holds as graph; None when it holds none, as files of other programs do:
            then the graph is the tree that the slashes in the names make.
        arrays: The arrays by name.
        where: Name of the checkpoint.

    Raises:
        OSError: `DataLossError`: it is no graph, or names arrays that are not there.
    """
    if given is None:
        return _tree_of_names(arrays)
    good = isinstance(given, list) and len(given) > 0 and isinstance(given[0], dict)
    for node in given if good else ():
        if isinstance(node, dict):
            good = good and all(type(n) is int and 0 <= n < len(given) for n in node.values())
        else:
            good = good and isinstance(node, str) and node in arrays
    if not good:
        raise damaged(where, "got a graph of objects that does not fit the arrays")
    return given


def _tree_of_names(names: Iterable[str]) -> list[Node]:
    nodes: list[Node] = [{}]
    for name in sorted(names):
        number = 0
        for component in name.split("/"):
            children = nodes[number]
            if isinstance(children, str):
                break  # Beside an array "a" nothing can find one called "a/b".
            number = children.setdefault(component, len(nodes))
            if number == len(nodes):
                nodes.append({})
        else:
            nodes[number] = name
    return nodes
