"""Records what real Keras gives for every row: outputs and gradients, with the same weights and inputs.

Run with a Python that has Keras 3.15 on TensorFlow, from the checkout's root:
    python -m tests.keras.layers.record FAMILY...
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

HERE = Path(__file__).parent


def _plain(value: Any) -> Any:
    array = np.asarray(value)
    if array.dtype == bool:
        return array.tolist()
    return np.round(array.astype("float64"), 7).tolist()


def record(family: str) -> dict[str, Any]:
    """Values of all rows of a family."""
    import keras
    import tensorflow as tf

    from tests.keras.layers.rows.spec import fill, wave

    table = importlib.import_module(f"tests.keras.layers.rows.{family}")
    found: dict[str, Any] = {}
    for row in table.ROWS:
        if not row.golden:
            continue
        layer = row.layer.make(keras)
        inputs, arguments = row.inputs(), row.arguments()
        if row.training is not None:
            arguments["training"] = row.training
        if row.mask:
            arguments["mask"] = tf.constant(row.step_mask())
        tensors = tf.nest.map_structure(tf.constant, inputs)
        layer(tensors, **arguments)
        fill(layer)
        with tf.GradientTape() as tape:
            watched = [t for t in tf.nest.flatten(tensors) if t.dtype.is_floating]
            tape.watch(watched)
            outputs = layer(tensors, **arguments)
            flat = list(tf.nest.flatten(outputs))
            total = tf.add_n(
                [
                    tf.reduce_sum(tf.cast(o, "float32") * wave(tuple(o.shape), 3 + i, None, "float32"))
                    for i, o in enumerate(flat)
                ]
            )
        weights = layer.trainable_weights
        gradients = tape.gradient(total, [*watched, *(w.value for w in weights)]) if row.smooth else []
        found[row.id] = {
            "outputs": [_plain(o) for o in flat],
            "dtypes": [o.dtype.name for o in flat],
            "gradients": [None if g is None else _plain(tf.convert_to_tensor(g)) for g in gradients],
            "weights": [_plain(w) for w in layer.weights],
            "names": [w.name for w in layer.weights],
        }
    return {"source": f"keras {keras.__version__}, tensorflow {tf.__version__}", "rows": found}


if __name__ == "__main__":
    for name in sys.argv[1:]:
        target = HERE / "golden" / f"{name}.json"
        target.write_text(json.dumps(record(name), separators=(",", ":")) + "\n")
        print(target.name, target.stat().st_size, "bytes")
