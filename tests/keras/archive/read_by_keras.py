"""Opens with real Keras the files in a folder, and compares what their models compute with what is wanted.

    python read_by_keras.py FOLDER

For each ``name.keras`` or ``name.h5`` there is a ``name.npz`` with inputs ``x0``, ``x1``, ... and outputs
``y0``, ..., and maybe weights ``w0``, ... after one more step of training.
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

from tests.keras.archive import legacy_zoo, zoo


def difference(path: Path) -> float:
    """Largest difference of the outputs, relative to their size."""
    known = zoo.custom_objects(keras)
    safe = not path.stem.startswith("lambda")
    model = keras.models.load_model(path, custom_objects=known, safe_mode=safe)
    with np.load(path.with_suffix(".npz")) as kept:
        several, outputs, weights = (
            [kept[f"{kind}{i}"] for i in range(sum(k[0] == kind for k in kept.files))] for kind in "xyw"
        )
    inputs = several[0] if len(several) == 1 else several
    found = keras.tree.flatten(model(inputs))
    if weights:
        model.train_on_batch(inputs, zoo.targets(model))
        found += legacy_zoo.weights(model)
    worst = 0.0
    for one, two in zip(found, outputs + weights, strict=True):
        array = np.asarray(keras.ops.convert_to_numpy(keras.ops.cast(one, "float32")))
        assert array.shape == two.shape, (array.shape, two.shape)
        worst = max(worst, float(np.max(np.abs(array - two) / (1 + np.abs(two)), initial=0.0)))
    return worst


def main(folder: Path) -> dict[str, Any]:
    """What became of each file."""
    results: dict[str, Any] = {}
    for path in sorted([*folder.glob("*.keras"), *folder.glob("*.h5")]):
        try:
            results[path.stem] = difference(path)
        except Exception as error:
            results[path.stem] = f"{type(error).__name__}: {str(error)[-400:]}"
    return results


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
