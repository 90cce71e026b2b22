"""Graphs as configs: the layers and calls of a drawn model as plain data, and back."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from thalweg._src.base.errors import SavingError
from thalweg._src.core.dtypes import as_dtype
from thalweg._src.core.opdef import OpDef
from thalweg._src.core.opdef import registry as ops
from thalweg._src.core.symbolic import KerasTensor, Node, results_of, substitute, symbols_in
from thalweg._src.keras.base import operation_names, tensorflow_functions
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
# Modules with ops that do more than compute.
_REACHING = ("thalweg._src.ops.files",)
# Arguments of a call that the user gave.
_MEANT = "given"


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
        nodes = graph.calls(owner)
        if isinstance(owner, Layer):
            entry = plain(owner) | {"name": owner.name}
            calls = [(node.args, node.kwargs) for node in nodes]
        else:
            entry, args, kwargs = _op_config(owner, graph.names[id(owner)])
            calls = [(args, kwargs)]
        entry["inbound_nodes"] = [
            {"args": plain(substitute(args, written)), "kwargs": plain(substitute(kwargs, written))}
            | ({_MEANT: ["training"]} if "training" in kwargs else {})
            for args, kwargs in calls
        ]
        layers.append(entry)

    drawn = {layer.name for layer in graph.layers if _is_drawn(layer)}

    def placed(symbol: KerasTensor) -> Any:
        name, index, position = places[id(symbol)]
        return [name, index + (name in drawn), position]

    return {
        "layers": layers,
        "input_layers": substitute(inputs, placed),
        "output_layers": substitute(outputs, placed),
    }


def _is_drawn(owner: Any) -> bool:
    """True for models that are graphs: among a model's outputs Keras counts their calls from 1."""
    return hasattr(owner, "graph")


def _op_config(node: Node, name: str) -> tuple[dict[str, Any], Any, Any]:
    """Entry for the call of an op, and the arguments of the call that are not in it."""
    operation, args, kwargs = node.operation, node.args, node.kwargs
    opdef = getattr(operation, "opdef", None)
    if opdef is not None:
        _check_op(opdef, "get_config")
    if inspect.isroutine(operation) and operation.__module__.startswith("thalweg._src."):
        found = _equivalent_call(opdef, node)
        if found is not None:
            operation, args, kwargs = found
        elif opdef is not None:
            return _named_entry(_OPS, opdef.name, {}, name), args, kwargs
    known = own_name(operation)
    if known is None:
        entry = plain(operation)
        if not isinstance(entry, dict):
            raise SavingError(
                f"[get_config] expected calls of layers and ops, got a call of {operation!r}, which has no "
                "lasting name; wrap it in a layer."
            )
        return entry | {"name": name}, args, kwargs
    row = operation_names.of_function(known[1])
    if row is not None:
        config, call = row.divided(operation, args, kwargs)
        if next(symbols_in(config), None) is None:
            entry = _named_entry(row.module, row.class_name, plain(config), name)
            return entry | {"registered_name": row.class_name}, call, {}
    return _named_entry(known[0], known[1], {}, name), args, kwargs


def _named_entry(module: str, class_name: str, config: Any, name: str) -> dict[str, Any]:
    return {"module": module, "class_name": class_name, "config": {"name": name} | config, "name": name}


def _check_op(opdef: OpDef, where: str) -> None:
    """Refuses ops that reach beyond the program: no file may make another program use them."""
    if opdef.body.__module__ in _REACHING:
        raise SavingError(
            f"[{where}] expected ops that compute, got {opdef.name!r}, which reads or writes files; call it "
            "outside of the model, or in a layer of a registered class."
        )


def _equivalent_call(opdef: OpDef | None, node: Node) -> tuple[Any, Any, Any] | None:
    """The call of a `keras.ops` function that gives the same, where there is one: Keras can read it."""
    if opdef is None:
        # A function that draws itself as a whole.
        function = node.operation
        if own_name(function) is not None:
            return None
        bound = inspect.signature(function).bind(*node.args, **node.kwargs)
        return _drawn_alike(function.__name__, bound.arguments, node)
    if opdef.name == "getitem":
        key = tuple(slice(*k[1:]) if isinstance(k, tuple) else k for k in node.kwargs["key"])
        return own_object("keras.ops", "get_item"), (node.args[0], key), {}
    names, args = opdef.input_names, node.args
    if opdef.variadic:
        args = (*args[: len(names) - 1], list(args[len(names) - 1 :]))
    return _drawn_alike(opdef.name, dict(zip(names, args, strict=False)) | node.kwargs, node)


def _drawn_alike(
    name: str, arguments: Mapping[str, Any], node: Node
) -> tuple[Any, Any, Any] | None:
    found = operation_names.equivalent(name, arguments)
    if found is None:
        return None
    function = own_object("keras.ops", found[0])
    bound = inspect.signature(function).bind(*found[1], **found[2])
    try:
        made = results_of(function(*bound.args, **bound.kwargs))
    except (TypeError, ValueError):
        return None  # it does not take what the op takes
    same = [(s.shape, s.dtype) for s in made] == [(s.shape, s.dtype) for s in node.outputs]
    return (function, bound.args, bound.kwargs) if same else None


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
            for position, symbol in enumerate(_called(name, owners[name], call, tensors)):
                tensors[name, index, position] = symbol
        done = {(name, index) for name, index, _ in ready}
        waiting = [call for call in waiting if call[:2] not in done]
    drawn = {name for name, owner in owners.items() if _is_drawn(owner)}
    listed = {(n, i + (n in drawn), p): symbol for (n, i, p), symbol in tensors.items()}
    return _located(config["input_layers"], listed), _located(config["output_layers"], listed)


def _called(name: str, owner: Any, call: Mapping[str, Any], tensors: Mapping[Any, Any]) -> list[Any]:
    """Symbolic results of a call that a config describes."""
    if not _needs(call):
        # Without a symbolic argument the call would run now, on whatever sizes the config asks for.
        raise SavingError(f"[from_config] expected a call of {name!r} on tensors, got {call}.")
    args, kwargs = _read(call["args"], tensors), _read(call["kwargs"], tensors)
    if kwargs.get("training") is False and _MEANT not in call and not hasattr(owner, "get_layer"):
        # Keras writes a layer's default, too, and overrules either when the model is called.
        del kwargs["training"]
    results = results_of(owner(*args, **kwargs))
    if not isinstance(owner, Layer):
        for symbol in symbols_in(results):
            symbol.node.name = name  # type: ignore[union-attr]
    return results


def _owner_of(entry: Mapping[str, Any], custom_objects: Any) -> Any:
    module, class_name = str(entry.get("module")), entry["class_name"]
    if module == _OPS:
        found = ops.get(class_name)
        if found is None:
            raise SavingError(f"[from_config] no op is called {class_name!r}.")
        _check_op(found, "from_config")
        return functools.partial(_with_dtypes, found.function)
    if module == tensorflow_functions.MODULE:
        called = tensorflow_functions.tensorflow_function(class_name)
        if called is None:
            raise SavingError(f"[from_config] no function of TensorFlow is called {class_name!r} here.")
        return called
    function = own_object(module, class_name)
    if inspect.isroutine(function):
        return function
    row = operation_names.of_class(module, class_name)
    if row is not None:
        return _op_of(row, entry["config"])
    return deserialize_keras_object(
        {key: value for key, value in entry.items() if key not in ("inbound_nodes", "name")},
        custom_objects,
    )


def _with_dtypes(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """A call of an op, the dtypes among whose arguments are given by their names."""
    named = {n: as_dtype(v) for n, v in kwargs.items() if isinstance(v, str) and "type" in n}
    return function(*args, **kwargs | named)


def _op_of(row: operation_names.OperationName, config: Mapping[str, Any]) -> Callable[..., Any]:
    """Call of a `keras.ops` function with the settings of a config."""
    function = own_object("keras.ops", row.function)
    if function is None:
        raise SavingError(f"[from_config] the function keras.ops.{row.function} does not exist here.")
    settings = {name: deserialize_keras_object(config[name]) for name in row.settings if name in config}

    def call(*args: Any, **kwargs: Any) -> Any:
        if row.function == "get_item" and isinstance(args[1], list):
            args = (args[0], tuple(args[1]))  # JSON has no tuples
        return row.joined(function, settings, args, kwargs)

    return call


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
