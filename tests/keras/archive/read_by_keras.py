"""Opens with real Keras the files in a folder, and compares what their models compute with what is wanted.

    python read_by_keras.py FOLDER

For each ``name.keras`` there is a ``name.npz`` with inputs ``x0``, ``x1``, ... and outputs ``y0``, ...
Files called ``lambda...`` hold code, which is allowed to run.
Prints a JSON object: for each name the largest difference, or the error.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import keras
import numpy as np

from tests.keras.archive import zoo


def difference(path: Path) -> float:
    """Largest difference of the outputs, relative to their size."""
    known = zoo.custom_objects(keras)
    safe = not path.stem.startswith("lambda")
    model = keras.models.load_model(path, custom_objects=known, safe_mode=safe)
    with np.load(path.with_suffix(".npz")) as kept:
        inputs = [kept[f"x{i}"] for i in range(len([k for k in kept.files if k[0] == "x"]))]
        wanted = [kept[f"y{i}"] for i in range(len([k for k in kept.files if k[0] == "y"]))]
    found = keras.tree.flatten(model(inputs[0] if len(inputs) == 1 else inputs))
    worst = 0.0
    for one, two in zip(found, wanted, strict=True):
        array = np.asarray(keras.ops.convert_to_numpy(keras.ops.cast(one, "float32")))
        assert array.shape == two.shape, (array.shape, two.shape)
        worst = max(worst, float(np.max(np.abs(array - two) / (1 + np.abs(two)), initial=0.0)))
    return worst


def main(folder: Path) -> dict[str, Any]:
    """What became of each file."""
    results: dict[str, Any] = {}
    for path in sorted(folder.glob("*.keras")):
        try:
            results[path.stem] = difference(path)
        except Exception as error:
            results[path.stem] = f"{type(error).__name__}: {str(error)[-400:]}"
    return results


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
