"""Writes `zoo.zip`: files of real Keras, what their models compute, and how each layer is stored.

Run with a Python that has Keras 3.15 on TensorFlow, from the checkout's root:
    python -m tests.keras.archive.record
"""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import os
import tempfile
import zipfile
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

from tests.keras.archive import zoo
from tests.keras.layers.rows import ALL

HERE = Path(__file__).parent


def flat(outputs: Any) -> list[Any]:
    """Outputs in order, as float32."""
    return [np.asarray(tf.cast(o, "float32")) for o in tf.nest.flatten(outputs)]


def numbered(name: str, values: list[Any]) -> dict[str, Any]:
    return {f"{name}{i}": value for i, value in enumerate(values)}


def model_files(name: str, folder: Path) -> dict[str, bytes]:
    """The model's file after one step of training, its outputs, and its weights after one more step."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(0)
    model, inputs = zoo.MODELS[name](keras)
    y = zoo.targets(model)
    drops = any("drop" in layer.name or "block" in layer.name for layer in model.layers)
    if y is not None:
        model.train_on_batch(inputs, y)
    path = folder / f"{name}.keras"
    model.save(path)
    found = {f"{name}.keras": path.read_bytes()}
    if name == "subclassed":
        model.save_weights(folder / "s.weights.h5")
        model.save_weights(folder / "s.weights.json", max_shard_size=3e-7)
        for part in sorted(folder.glob("s*.weights.*")):
            found[part.name] = part.read_bytes()
    kept = numbered("y", flat(model(inputs)))
    if y is not None and not drops:
        model.train_on_batch(inputs, y)
        kept |= numbered("w", [np.asarray(w, "float32") for w in model.get_weights()])
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **kept)
    return found | {f"{name}.npz": buffer.getvalue()}


def stored(row: Any, folder: Path) -> dict[str, Any]:
    """Config of a row's layer, and the paths, shapes and dtypes of its arrays."""
    keras.backend.clear_session()

    class Holder(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="holder")
            self.held = row.layer.make(keras)

        def call(self, inputs: Any) -> Any:
            return self.held(inputs, **row.arguments())

    model = Holder()
    arguments = row.arguments()
    if row.mask:
        arguments["mask"] = tf.constant(row.step_mask())
    # Some calls are not for CPUs; by then the layer is built.
    with contextlib.suppress(tf.errors.InvalidArgumentError):
        model.held(tf.nest.map_structure(tf.constant, row.inputs()), **arguments)
    model.built = True
    path = folder / "layer.weights.h5"
    model.save_weights(path)
    arrays: list[Any] = []

    def note(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            arrays.append([name, list(item.shape), str(item.dtype)])

    with h5py.File(path) as file:
        file.visititems(note)
    config = keras.saving.serialize_keras_object(model.held)
    return {"config": json.loads(json.dumps(config)), "arrays": sorted(arrays)}


def main() -> None:
    """Write ``zoo.zip``."""
    members: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for model in zoo.MODELS:
            members |= model_files(model, folder)
        layers: dict[str, Any] = {}
        for row in ALL:
            if row.golden:
                try:
                    layers[row.id] = stored(row, folder)
                except (TypeError, ValueError, AttributeError) as error:
                    print("left out", row.id, str(error).splitlines()[0])
    members["layers.json"] = json.dumps(layers, separators=(",", ":")).encode()
    members["provenance.json"] = json.dumps(
        {
            "script": "tests/keras/archive/record.py",
            "date": datetime.date.today().isoformat(),
            "keras": keras.__version__,
            "tensorflow": tf.__version__,
            "h5py": h5py.__version__,
            "device": "CPU, oneDNN off",
        }
    ).encode()
    path = HERE / "zoo.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)
    print(len(members), "files,", len(layers), "layers,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
