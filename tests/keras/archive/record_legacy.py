"""Writes `zoo_<version>.tar.xz`: files of older versions of Keras, and what their models compute.

Run with a Python that has Keras 2.15 or 3.3 on TensorFlow, from the checkout's root:
    python -m tests.keras.archive.record_legacy
"""

from __future__ import annotations

import datetime
import io
import json
import os
import platform
import tarfile
import tempfile
import traceback
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import h5py
import keras
import numpy as np
import tensorflow as tf

from tests.keras.archive import legacy_zoo
from tests.keras.archive.zoo import settle
from tests.keras.layers.rows import ALL

HERE = Path(__file__).parent
OLD = keras.__version__.startswith("2.")
# Rows that this version computes in another way than later ones.
OTHERS = set() if OLD else {"conv2d-transpose"}
# Rows of Keras 2 with weights of another shape.
OTHERS |= {"batch-normalization-axes"} if OLD else set()


def flat(values: Any) -> list[Any]:
    """Arrays in order; floats as float32."""
    arrays = [np.asarray(tf.cast(v, "float32")) for v in tf.nest.flatten(values)]
    return arrays


def packed(**groups: list[Any]) -> bytes:
    buffer = io.BytesIO()
    arrays = {f"{name}{i}": v for name, values in groups.items() for i, v in enumerate(values)}
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def fresh() -> None:
    keras.backend.clear_session()
    keras.utils.set_random_seed(0)


def written(model: Any, folder: Path, name: str) -> dict[str, bytes]:
    """The model in all formats that this version has for it."""
    # Some versions of Keras forget the optimizer of a model that they have written as HDF5.
    formats = {".keras": model.save}
    if name not in legacy_zoo.ONLY_WEIGHTS | legacy_zoo.ONLY_ARCHIVES:
        formats[".h5"] = model.save
    formats[".weights.h5"] = model.save_weights
    if OLD and name not in legacy_zoo.ONLY_ARCHIVES:
        formats["_weights.h5"] = model.save_weights
    found = {}
    for ending, save in formats.items():
        path = folder / f"{name}{ending}"
        try:
            save(path)
        except Exception as error:
            print("left out", path.name, type(error).__name__, str(error).splitlines()[0][:90])
        else:
            found[path.name] = path.read_bytes()
    return found


def model_files(name: str, folder: Path) -> dict[str, bytes]:
    """The model's files, its outputs, loss, and its weights after one more step of training."""
    fresh()
    model, inputs = legacy_zoo.MODELS[name](keras, tf)
    trained = name in legacy_zoo.TRAINED
    y = legacy_zoo.targets(model(inputs)) if trained else None
    if trained:
        model.train_on_batch(inputs, y)
    found = written(model, folder, name)
    kept = {"y": flat(model(inputs))}
    if trained:
        kept["e"] = [np.ravel(model.evaluate(inputs, y, verbose=0))[0]]
        model.train_on_batch(inputs, y)
        kept["w"] = flat(legacy_zoo.weights(model))
    return found | {f"{name}.npz": packed(**kept)}


def cudnn_files(name: str, folder: Path) -> dict[str, bytes]:
    """Files of a model with cuDNN's layers, and what Keras computes after loading them into others."""
    fresh()
    kinds = tf.compat.v1.keras.layers
    found = written(legacy_zoo.with_memory(kinds.CuDNNLSTM, kinds.CuDNNGRU, keras), folder, name)
    model, inputs = legacy_zoo.MODELS[name](keras, tf)
    model.load_weights(folder / f"{name}_weights.h5")
    found = {k: v for k, v in found.items() if k in (f"{name}.h5", f"{name}_weights.h5")}
    return found | {f"{name}.npz": packed(y=flat(model(inputs)))}


def graph_files(name: str, folder: Path) -> dict[str, bytes]:
    """File of a model drawn in a graph, and its outputs."""
    fresh()
    with tf.Graph().as_default():
        model, inputs = legacy_zoo.MODELS[name](keras, tf)
        outputs = model.predict(inputs)
        found = written(model, folder, name)
    found = {k: v for k, v in found.items() if k == f"{name}.h5"}
    return found | {f"{name}.npz": packed(y=[np.asarray(o, "float32") for o in outputs])}


def optimizer_files(name: str, folder: Path) -> dict[str, bytes]:
    """Files after two steps of training, and the weights after one more."""
    fresh()
    model, inputs = legacy_zoo.optimized(keras, name)
    y = legacy_zoo.targets(model(inputs))
    for _ in range(2):
        model.train_on_batch(inputs, y)
    found = written(model, folder, name)
    found = {k: v for k, v in found.items() if "weights" not in k}
    model.train_on_batch(inputs, y)
    return found | {f"{name}.npz": packed(w=flat(legacy_zoo.weights(model)))}


def drawn_row(row: Any) -> tuple[list[Any], list[Any], list[Any]]:
    """Symbolic inputs and outputs of a row's layer, and its inputs."""
    values = tf.nest.flatten(row.inputs(batch=2))
    symbols = [keras.Input(v.shape[1:], dtype=str(v.dtype)) for v in values]
    arguments, further = {}, []
    for name, value in row.arguments(batch=2).items():
        if isinstance(value, np.ndarray):
            further.append(keras.Input(value.shape[1:], dtype=str(value.dtype)))
            values.append(value)
            value = further[-1]
        arguments[name] = value
    layer = row.layer.make(keras)
    outputs = layer(symbols[0] if len(symbols) == 1 else symbols, **arguments)
    symbols += further
    alone = keras.Model(symbols, outputs)
    settle(alone)
    if hasattr(layer, "finalize_state"):
        layer.finalize_state()
    if not all(np.isfinite(part).all() for part in flat(alone(values))):
        raise ValueError("no finite outputs")
    again = type(alone).from_config(alone.get_config())
    if len(again.weights) != len(alone.weights):
        raise ValueError("its config does not make it again")
    return symbols, tf.nest.flatten(outputs), values


def layer_files(family: str, folder: Path) -> dict[str, bytes]:
    """A model with all layers of a family side by side, its inputs and outputs."""
    fresh()
    found: list[tuple[list[Any], list[Any], list[Any]]] = []
    for row in ALL.families[family]:
        if row.drawn and not row.mask and row.training is None and row.id not in OTHERS:
            try:
                found.append(drawn_row(row))
            except Exception as error:
                print("left out", row.id, type(error).__name__, str(error).splitlines()[0][:90])
    symbols, outputs, values = (sum(parts, []) for parts in zip(*found, strict=True))
    model = keras.Model(symbols, outputs)
    name = f"layers_{family}"
    # Files of weights hold nothing more.
    made = {k: v for k, v in written(model, folder, name).items() if "weights" not in k}
    return made | {f"{name}.npz": packed(x=values, y=flat(model(values)))}


def main() -> None:
    """Write the archive."""
    members: dict[str, bytes] = {}
    optimizers = legacy_zoo.OPTIMIZERS | (legacy_zoo.OLD_OPTIMIZERS if OLD else {})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for model in legacy_zoo.MODELS:
            if model not in (legacy_zoo.ONLY_KERAS_3 if OLD else legacy_zoo.ONLY_KERAS_2):
                special = graph_files if model in legacy_zoo.IN_GRAPHS else SPECIAL.get(model)
                members |= attempted(special or model_files, model, folder)
        for family in ALL.families:
            members |= attempted(layer_files, family, folder)
        for optimizer in optimizers:
            members |= attempted(optimizer_files, optimizer, folder)
    members["provenance.json"] = json.dumps(
        {
            "script": "tests/keras/archive/record_legacy.py",
            "date": datetime.date.today().isoformat(),
            "keras": keras.__version__,
            "tensorflow": tf.__version__,
            "h5py": h5py.__version__,
            "python": platform.python_version(),
            "device": "CPU, oneDNN off",
        }
    ).encode()
    short = "_".join(keras.__version__.split(".")[:2])
    path = HERE / f"zoo_{short}.tar.xz"
    # Files of one kind are much alike, and a zip file packs each alone.
    with tarfile.open(path, "w:xz", preset=9) as archive:
        for name in sorted(members, key=lambda name: (Path(name).suffix, name)):
            member = tarfile.TarInfo(name)
            member.size = len(members[name])
            archive.addfile(member, io.BytesIO(members[name]))
    print(len(members), "files,", path.stat().st_size, "bytes")


SPECIAL = {"cudnn": cudnn_files}


def attempted(record: Any, name: str, folder: Path) -> dict[str, bytes]:
    try:
        found: dict[str, bytes] = record(name, folder)
    except Exception:
        print("FAILED", name, traceback.format_exc(limit=-3))
        return {}
    return found


if __name__ == "__main__":
    main()
