"""Graphs as configs: the layers and calls of a drawn model as plain data, and back."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from thalweg._src.base.errors import SavingError
from thalweg._src.core.opdef import registry as ops
from thalweg._src.core.symbolic import KerasTensor, results_of, substitute
from thalweg._src.keras.base.serialization import (
    deserialize_keras_object,
    own_name,
    own_object,
    plain,
)
from thalweg._src.keras.graph import Graph
from thalweg._src.keras.layers.base.layer import Layer

# Module under which calls of ops stand in configs.
_OPS = "thalweg.ops"


def graph_config(graph: Graph, inputs: Any, outputs: Any) -> dict[str, Any]:
    """Layers with their calls, and where the inputs and outputs are.

    Args:
        graph: The graph.
        inputs: Structure of its symbolic inputs.
        outputs: Structure of its symbolic outputs.
    """
    places = graph.places()
    def written(symbol: KerasTensor) -> Any:
        return {
            "class_name": "__keras_tensor__",
            "config": {
                "shape": list(symbol.shape),
                "dtype": symbol.dtype,
                "keras_history": list(places[id(symbol)]),
            },
        }

    layers = []
    for owner in graph.operations:
        entry = _owner_config(owner, graph)
        entry["inbound_nodes"] = [
            {
                "args": plain(substitute(node.args, written)),
                "kwargs": plain(substitute(node.kwargs, written)),
            }
            for node in graph.calls(owner)
        ]
        layers.append(entry)

    def placed(symbol: KerasTensor) -> Any:
        return list(places[id(symbol)])

    return {
        "layers": layers,
        "input_layers": substitute(inputs, placed),
        "output_layers": substitute(outputs, placed),
    }


def _owner_config(owner: Any, graph: Graph) -> dict[str, Any]:
    if isinstance(owner, Layer):
        entry: dict[str, Any] = plain(owner)
        return entry | {"name": owner.name}
    name = graph.names[id(owner)]
    opdef = getattr(owner.operation, "opdef", None)
    if opdef is not None:
        return {"module": _OPS, "class_name": opdef.name, "config": {"name": name}, "name": name}
    known = own_name(owner.operation)
    if known is not None:
        return {"module": known[0], "class_name": known[1], "config": {"name": name}, "name": name}
    entry = plain(owner.operation)
    if not isinstance(entry, dict):
        raise SavingError(
            f"[get_config] expected calls of layers and ops, got a call of {owner.operation!r}, which has no "
            "lasting name; wrap it in a layer."
        )
    return entry | {"name": name}


def graph_from_config(config: Mapping[str, Any], custom_objects: Any = None) -> tuple[Any, Any]:
    """Structures of symbolic inputs and outputs that a config describes; layers have fresh weights.

    Args:
        config: What `graph_config` returned.
        custom_objects: Classes and functions by name.

    Raises:
        SavingError: The calls do not fit together.
    """
    owners: dict[str, Any] = {}
    waiting: list[tuple[str, int, Any]] = []
    tensors: dict[tuple[str, int, int], Any] = {}
    for entry in config["layers"]:
        name = entry.get("name") or entry["config"]["name"]
        owners[name] = _owner_of(entry, custom_objects)
        if not entry["inbound_nodes"]:
            tensors[name, 0, 0] = owners[name].output
        waiting += [(name, i, call) for i, call in enumerate(entry["inbound_nodes"])]
    while waiting:
        ready = [call for call in waiting if all(p in tensors for p in _needs(call[2]))]
        # Calls of one layer keep their order, which counts where tensors are found again.
        first: dict[str, int] = {}
        for name, index, _ in waiting:
            first[name] = min(index, first.get(name, index))
        ready = [call for call in ready if call[1] == first[call[0]]]
        if not ready:
            raise SavingError(
                f"[from_config] the calls of {sorted({name for name, _, _ in waiting})} need tensors that no "
                "call makes; the config is damaged."
            )
        for name, index, call in ready:
            args, kwargs = _read(call["args"], tensors), _read(call["kwargs"], tensors)
            result = owners[name](*args, **kwargs)
            for position, symbol in enumerate(results_of(result)):
                tensors[name, index, position] = symbol
        done = {(name, index) for name, index, _ in ready}
        waiting = [call for call in waiting if call[:2] not in done]
    return _located(config["input_layers"], tensors), _located(config["output_layers"], tensors)


def _owner_of(entry: Mapping[str, Any], custom_objects: Any) -> Any:
    if entry.get("module") == _OPS:
        found = ops.get(entry["class_name"])
        if found is None:
            raise SavingError(f"[from_config] no op is called {entry['class_name']!r}.")
        return found.function
    function = own_object(str(entry.get("module")), entry["class_name"])
    if inspect.isroutine(function):
        return function
    return deserialize_keras_object(
        {key: value for key, value in entry.items() if key not in ("inbound_nodes", "name")},
        custom_objects,
    )


def _is_tensor(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get("class_name") == "__keras_tensor__"


def _history(value: Mapping[str, Any]) -> tuple[str, int, int]:
    name, index, position = value["config"]["keras_history"]
    return name, index, position


def _needs(value: Any) -> list[tuple[str, int, int]]:
    """Places of the tensors in the arguments of a call."""
    if _is_tensor(value):
        return [_history(value)]
    if isinstance(value, Mapping):
        return [place for part in value.values() for place in _needs(part)]
    if isinstance(value, (list, tuple)):
        return [place for part in value for place in _needs(part)]
    return []


def _read(value: Any, tensors: Mapping[Any, Any]) -> Any:
    if _is_tensor(value):
        return tensors[_history(value)]
    if isinstance(value, Mapping):
        if "class_name" in value and "config" in value:
            return deserialize_keras_object(value)
        return {key: _read(part, tensors) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_read(part, tensors) for part in value)
    return value


def _located(value: Any, tensors: Mapping[Any, Any]) -> Any:
    if isinstance(value, Mapping):
        return {key: _located(part, tensors) for key, part in value.items()}
    if len(value) == 3 and isinstance(value[0], str):
        place = (value[0], value[1], value[2])
        if place not in tensors:
            raise SavingError(f"[from_config] no call makes the tensor {place}; the config is damaged.")
        return tensors[place]
    return [_located(part, tensors) for part in value]
