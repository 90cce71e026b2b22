"""Configs of Keras 2, and those without modules in HDF5 files, as configs of Keras 3: data to data.

Nothing is made here: `deserialize_keras_object` makes the result's objects and refuses what it refuses of
other files. What a layer of Keras 2 could do and ours cannot is refused by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thalweg._src.base.errors import SavingError
from thalweg._src.keras.archive.legacy_functions import HARD_SIGMOID
from thalweg._src.keras.archive.legacy_h5 import without_slash
from thalweg._src.keras.archive.legacy_nodes import with_calls
from thalweg._src.keras.base import operation_names
from thalweg._src.keras.base.python_code import LAMBDA
from thalweg._src.keras.base.serialization import own_object

_LAYERS = "keras.layers"
_CUSTOM = "Custom>"
# Modules of objects that stand under these keys, or keys with these endings.
_PLACES = {
    "_initializer": "keras.initializers",
    "_regularizer": "keras.regularizers",
    "_constraint": "keras.constraints",
    "layers": _LAYERS,
    "layer": _LAYERS,
    "backward_layer": _LAYERS,
    "cell": _LAYERS,
    "cells": _LAYERS,
    "optimizer": "keras.optimizers",
    "inner_optimizer": "keras.optimizers",
    "learning_rate": "keras.optimizers.schedules",
    "loss": "keras.losses",
    "metrics": "keras.metrics",
    "weighted_metrics": "keras.metrics",
}
_RECURRENT = ("SimpleRNN", "LSTM", "GRU", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
_CELLS = ("SimpleRNNCell", "LSTMCell", "GRUCell")
_TRANSPOSED = ("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose")
_DEPTHWISE = ("DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D")
_SPATIAL = ("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D")
_NORMALIZATIONS = ("BatchNormalization", "LayerNormalization")

_NEW_NAMES = {
    "Model": "Functional",
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "SyncBatchNormalization": "BatchNormalization",
    "ThresholdedReLU": "ReLU",
    "CuDNNLSTM": "LSTM",
    "CuDNNGRU": "GRU",
    "PolicyV1": "Policy",
}
_RENAMED = {
    "InputLayer": {"batch_input_shape": "batch_shape", "input_shape": "shape"},
    "LeakyReLU": {"alpha": "negative_slope"},
    "ThresholdedReLU": {"theta": "threshold"},
}
# Settings that are gone, and the values with which the layer is the same without them.
_ANY = object()
_GONE: dict[str, dict[str, tuple[Any, ...]]] = {
    **dict.fromkeys(_RECURRENT, {"time_major": (False,), "implementation": (_ANY,), "ragged": (False,)}),
    **dict.fromkeys(_CELLS, {"implementation": (_ANY,)}),
    **dict.fromkeys(_TRANSPOSED, {"groups": (1,)}),
    # Kernels of these have names of their own.
    **dict.fromkeys(
        _DEPTHWISE,
        {"groups": (1,), "filters": (_ANY,)}
        | dict.fromkeys(("kernel_initializer", "kernel_regularizer", "kernel_constraint"), (_ANY,)),
    ),
    **dict.fromkeys(_SPATIAL, {"noise_shape": (None,)}),
    "BatchNormalization": {"fused": (_ANY,), "virtual_batch_size": (None,), "adjustment": (None,)},
    "Discretization": {"trainable": (_ANY,)},
    "Embedding": {"input_length": (_ANY,)},
    "MultiHeadAttention": dict.fromkeys(("query_shape", "key_shape", "value_shape"), (_ANY,)),
    "Attention": {"causal": (False,)},
    "AdditiveAttention": {"causal": (False,)},
}
# Separable kernels have a depth in their place.
_GONE["SeparableConv1D"] = _GONE["SeparableConv2D"] = {
    key: values for key, values in _GONE["SeparableConv2D"].items() if key != "filters"
}
# What a setting is where an older version does not say it.
_UNSAID: dict[str, dict[str, Any]] = {
    "GRU": {"reset_after": False},
    "GRUCell": {"reset_after": False},
    "CuDNNGRU": {"reset_after": True},
    "CuDNNLSTM": {"recurrent_activation": "sigmoid"},
    "SyncBatchNormalization": {"synchronized": True},
}
_ACTIVATIONS = ("activation", "recurrent_activation")


def upgraded(config: Any, of_keras_2: bool, has_modules: bool = False) -> Any:
    """A config, at any depth, as Keras 3 writes it.

    Args:
        config: Config of a model, or a part of one.
        of_keras_2: Whether a version before 3 wrote it.
        has_modules: Whether all objects in it say their modules, as in `.keras` files of Keras 3.

    Raises:
        SavingError: A setting that nothing here does.
    """
    return _Upgrade(of_keras_2, has_modules).value(config, _LAYERS)


class _Upgrade:
    """One walk through a config."""

    def __init__(self, of_keras_2: bool, has_modules: bool) -> None:
        self._old = of_keras_2
        self._complete = has_modules

    def value(self, value: Any, place: str | None) -> Any:
        """A part of a config.

        Args:
            value: The part.
            place: Module of objects there, where they do not say it.
        """
        if isinstance(value, list):
            return [self.value(part, place) for part in value]
        if not isinstance(value, Mapping):
            return value
        if isinstance(value.get("class_name"), str) and "config" in value:
            return self._object(value, place)
        return {key: self.value(part, _place(key) or place) for key, part in value.items()}

    def _object(self, entry: Mapping[str, Any], place: str | None) -> dict[str, Any]:
        made = dict(entry)
        name = entry["class_name"]
        if self._old and name.startswith(_CUSTOM):
            # Some of Keras' own classes, too, are called so; the program's come first.
            made["registered_name"], name = name, name.removeprefix(_CUSTOM)
        made["class_name"] = name
        settings = entry["config"]
        if isinstance(settings, list) and name == "Sequential":
            settings = {"layers": settings}
        if self._old and isinstance(settings, Mapping):
            # Before what is inside: a setting that is gone needs no new form.
            made["class_name"], settings = _renewed(name, settings)
        if isinstance(settings, Mapping):
            settings = {key: self.value(part, _place(key)) for key, part in settings.items()}
            if "layers" in settings and "input_layers" in settings:
                settings = with_calls(settings)
        made["config"] = settings
        module = made.get("module") if self._complete else _module_of(made, place)
        if module is not None:
            made["module"] = module
        if self._old and own_object(str(module), made["class_name"]) is not None:
            # Layers of Keras 2 may be told other shapes; all are built when they are called.
            made.pop("build_config", None)
        return made


def _place(key: str) -> str | None:
    return next((module for end, module in _PLACES.items() if key == end or key.endswith(end)), None)


def _module_of(entry: Mapping[str, Any], place: str | None) -> str | None:
    """Module of a class: what the entry says, where that is one of ours or a user's, else by its place."""
    name, said = entry["class_name"], entry.get("module")
    settings = entry["config"]
    if said is None and place == _LAYERS and isinstance(settings, Mapping):
        # In HDF5 files calls of ops look like layers of the same name, but layers have a dtype.
        is_call = "inbound_nodes" in entry and not {"dtype", "trainable", "layers"} & settings.keys()
        row = operation_names.of_class("keras.src.ops.", name)
        if is_call and row is not None:
            return row.module
    if said is not None and (own_object(said, name) or operation_names.of_class(str(said), name)) is not None:
        return str(said)
    foreign = said is not None and not str(said).startswith(("keras", "tf_keras", "tensorflow"))
    if foreign or entry.get("registered_name") not in (None, name, _CUSTOM + name):
        return str(said) if said is not None else None
    if place is not None and own_object(place, name) is not None:
        return place
    return None if said is None or str(said).startswith(("tf_keras", "tensorflow.")) else str(said)


def _renewed(name: str, config: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Class and settings in Keras 3 for those in Keras 2."""
    new = _NEW_NAMES.get(name, name)
    settings = dict(config)
    for key, value in {**_UNSAID.get(new, {}), **_UNSAID.get(name, {})}.items():
        settings.setdefault(key, value)
    for old_key, new_key in _RENAMED.get(name, {}).items():
        if old_key in settings:
            settings[new_key] = settings.pop(old_key)
    for key, values in _GONE.get(new, {}).items():
        given = settings.pop(key, values[0])
        if _ANY not in values and given not in values:
            raise SavingError(
                f"[{name} {config.get('name')!r}] expected {key}={values[0]!r}, got {given!r}, which layers "
                "of Keras 3 do not have; change the model with Keras 2 and save it again."
            )
    if new in _NORMALIZATIONS and isinstance(settings.get("axis"), list) and len(settings["axis"]) == 1:
        settings["axis"] = settings["axis"][0]
    if new in _RECURRENT and isinstance(settings.get("cell"), list):
        settings["cell"] = {"class_name": "StackedRNNCells", "config": {"cells": settings["cell"]}}
    if new == "Lambda":
        settings = _lambda(settings)
    if isinstance(settings.get("name"), str):
        settings["name"] = without_slash(settings["name"])
    for key in _ACTIVATIONS:
        if settings.get(key) == "hard_sigmoid":
            settings[key] = HARD_SIGMOID
    if _is_initializer(settings):
        settings.pop("dtype", None)
        if settings.get("distribution") == "normal":
            settings["distribution"] = "truncated_normal"
    return new, settings


def _is_initializer(settings: Mapping[str, Any]) -> bool:
    """True for configs without a name: those of layers have one, and a dtype that counts."""
    return "name" not in settings


def _lambda(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of a `Lambda` layer, whose functions say beside them of which kind they are."""
    made = dict(settings)
    for key in ("function", "output_shape"):
        kind, module = made.pop(f"{key}_type", None), made.pop(f"{key}_module", made.pop("module", None))
        value = made.get(key)
        if kind == "lambda" and isinstance(value, list):
            code = dict(zip(("code", "defaults", "closure"), value, strict=False))
            made[key] = {"class_name": LAMBDA, "config": code}
        elif kind == "function" and isinstance(value, str):
            made[key] = {"module": module, "class_name": "function", "config": value}
    return made
