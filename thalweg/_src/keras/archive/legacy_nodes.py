"""Calls in graphs of Keras 2 as those of Keras 3: ``[["dense", 0, 0, {}]]`` as arguments with places.

A call is a structure of places ``[layer, number of its call, number of the output, keywords]``, which is the
first argument; other tensors stand among the keywords as ``[layer, call, output]``. Calls of functions of
TensorFlow are layers of the classes ``TFOpLambda`` and ``SlicingOpLambda``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from thalweg._src.base.errors import SavingError
from thalweg._src.keras.archive.legacy_h5 import without_slash
from thalweg._src.keras.archive.legacy_node_defs import called_op
from thalweg._src.keras.base import tensorflow_functions

_CONSTANT = "_CONSTANT_VALUE"
_FUNCTIONS = ("TFOpLambda", "SlicingOpLambda")
_NODE_DEF = "TensorFlowOpLayer"
# Layers of Keras 2 that call methods of TensorFlow's objects by name.
_METHODS = ("ClassMethod", "InstanceMethod", "InstanceProperty")

Place = tuple[str, int, int]


def with_calls(config: Mapping[str, Any]) -> dict[str, Any]:
    """The config of a graph with calls as Keras 3 writes them; those that are so already stay.

    Args:
        config: Config of a `Functional` model.

    Raises:
        SavingError: A call of a function of TensorFlow that does not exist here.
    """
    layers = [dict(entry) for entry in config["layers"]]
    if all(isinstance(node, Mapping) and "args" in node for entry in layers for node in _nodes(entry)):
        return _with_single_places(config, layers)
    return _Calls(config, layers).upgraded()


class _Calls:
    """Calls of one graph."""

    def __init__(self, config: Mapping[str, Any], layers: list[dict[str, Any]]) -> None:
        self._config = config
        self._layers = layers
        self._names = {_name(entry) for entry in layers}
        self._graphs = {_name(entry) for entry in layers if "input_layers" in entry["config"]}
        # Calls of a model in a model are counted from 1, as drawing it was the first.
        self._first: dict[str, int] = {}
        for value in (config["input_layers"], config["output_layers"], *map(_nodes, layers)):
            for name, call, _ in self._places(value):
                self._first[name] = min(call, self._first.get(name, call))

    def upgraded(self) -> dict[str, Any]:
        layers = []
        for entry in self._layers:
            entry, arguments = _as_function(entry)
            nodes = [self._call(node, arguments) for node in _nodes(entry)]
            layers.append(entry | {"name": without_slash(_name(entry)), "inbound_nodes": nodes})
        ends = {
            key: _single(self._mapped(self._config[key], self._end))
            for key in ("input_layers", "output_layers")
        }
        return {**self._config, "layers": layers, **ends}

    def _end(self, place: Place) -> list[Any]:
        """A place among the inputs or outputs, where calls of models that are graphs count from 1."""
        name, call, output = place
        return [name, call + (name in self._graphs), output]

    def _call(self, node: Any, arguments: Callable[..., Any]) -> dict[str, Any]:
        if isinstance(node, Mapping) and "args" in node:
            return dict(node)
        keywords = next(self._keywords(node), {})
        first = self._first_argument(node)
        args, kwargs = arguments(first, self._mapped(keywords, _tensor))
        call: dict[str, Any] = {"args": args, "kwargs": kwargs}
        return call | ({"given": ["training"]} if "training" in kwargs else {})

    def _first_argument(self, node: Any) -> Any:
        found = self._mapped(node, _tensor)
        return found[0] if isinstance(found, list) and len(found) == 1 else found

    def _keywords(self, node: Any) -> Iterator[Mapping[str, Any]]:
        if self._is_place(node) or _is_constant(node):
            yield node[3] if len(node) > 3 else {}
        elif isinstance(node, (list, Mapping)):
            for part in node.values() if isinstance(node, Mapping) else node:
                yield from self._keywords(part)

    def _is_place(self, value: Any) -> bool:
        return (
            isinstance(value, list)
            and len(value) in (3, 4)
            and isinstance(value[0], str)
            and value[0] in self._names
            and type(value[1]) is int
            and type(value[2]) is int
        )

    def _places(self, value: Any) -> Iterator[Place]:
        if self._is_place(value):
            yield value[0], value[1], value[2]
            value = value[3:]
        if isinstance(value, (list, Mapping)):
            for part in value.values() if isinstance(value, Mapping) else value:
                yield from self._places(part)

    def _mapped(self, value: Any, written: Callable[[Place], Any]) -> Any:
        """The value with its places as `written` says, counted from the first call in this graph."""
        if self._is_place(value):
            name, call, output = value[:3]
            return written((without_slash(name), call - self._first[name], output))
        if _is_constant(value):
            return self._mapped(value[2], written)
        if isinstance(value, list):
            return [self._mapped(part, written) for part in value]
        if isinstance(value, Mapping):
            return {key: self._mapped(part, written) for key, part in value.items()}
        return value


def _is_constant(value: Any) -> bool:
    return isinstance(value, list) and len(value) in (3, 4) and value[0] == _CONSTANT


def _name(entry: Mapping[str, Any]) -> str:
    return str(entry.get("name") or entry["config"]["name"])


def _nodes(entry: Mapping[str, Any]) -> list[Any]:
    return list(entry.get("inbound_nodes") or [])


def _tensor(place: Place) -> dict[str, Any]:
    return {"class_name": "__keras_tensor__", "config": {"keras_history": list(place)}}


def _single(value: Any) -> Any:
    """A list of one place is that place, as in Keras 2 itself."""
    alone = isinstance(value, list) and len(value) == 1
    return value[0] if alone and not isinstance(value[0], str) else value


def _with_single_places(config: Mapping[str, Any], layers: list[dict[str, Any]]) -> dict[str, Any]:
    ends = {key: _single(config[key]) for key in ("input_layers", "output_layers")}
    return {**config, "layers": layers, **ends}


def _as_function(entry: dict[str, Any]) -> tuple[dict[str, Any], Callable[..., Any]]:
    """An entry for a call of TensorFlow as one for a function, and what makes its arguments."""
    kind, config = entry["class_name"], entry["config"]
    if kind in _METHODS:
        raise SavingError(
            f"[{config.get('name')}] expected layers and calls of functions, got a call of the method "
            f"{config.get('method_name') or config.get('attr_name')!r} of a tensor of TensorFlow; draw the "
            "model anew and take the weights."
        )
    if kind == _NODE_DEF:
        name, arguments = called_op(config)
    elif kind in _FUNCTIONS:
        name = str(config["function"])
        arguments = _item if kind == "SlicingOpLambda" else _without_name
    else:
        return entry, lambda first, keywords: ([first], keywords)
    if tensorflow_functions.tensorflow_function(name) is None:
        raise SavingError(
            f"[{config.get('name')}] expected functions that exist here, got a call of TensorFlow's "
            f"{name!r}; draw the model anew with another function and take the weights."
        )
    own = without_slash(_name(entry))
    return {
        "module": tensorflow_functions.MODULE,
        "class_name": name,
        "config": {"name": own},
        "name": own,
        "inbound_nodes": entry["inbound_nodes"],
    }, arguments


def _without_name(first: Any, keywords: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    return [first], {key: value for key, value in keywords.items() if key != "name"}


def _item(first: Any, keywords: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    return [first], {"slice_spec": _key(keywords["slice_spec"])}


def _key(value: Any) -> Any:
    if isinstance(value, list):
        return [_key(part) for part in value]
    if isinstance(value, Mapping) and value.keys() == {"start", "stop", "step"}:
        return {"class_name": "__slice__", "config": dict(value)}
    if isinstance(value, Mapping) and value.get("class_name") == "__ellipsis__":
        return {"class_name": "__ellipsis__", "config": {}}
    return value
