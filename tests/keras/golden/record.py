"""Record what real Keras gives for every row of `tables.py`: ``python tests/keras/golden/record.py``.

Needs tensorflow-cpu 2.21 and keras 3.15; the tests need neither.
"""

from __future__ import annotations

import datetime
import json
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3]))

import keras
import numpy
import tensorflow

from tests.golden import support
from tests.keras.golden.tables import TABLES

HERE = pathlib.Path(__file__).resolve().parent


class TensorFlow:
    """TensorFlow whose `keras` is the whole of Keras: `tf.keras` leaves some names out."""

    def __init__(self) -> None:
        self.keras = keras

    def __getattr__(self, name: str) -> object:
        return getattr(tensorflow, name)


def main() -> None:
    """Write ``values.json``."""
    tf = TensorFlow()
    results = {
        table: {row.id: support.encode(run(tf, row)) for row in rows}
        for table, (rows, run) in TABLES.items()
    }
    provenance = {
        "script": "tests/keras/golden/record.py",
        "date": datetime.date.today().isoformat(),
        "tensorflow": tensorflow.__version__,
        "keras": keras.__version__,
        "numpy": numpy.__version__,
        "device": "CPU, oneDNN off",
    }
    lines = []
    for table, rows in results.items():
        body = ",\n".join(
            f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'))}"
            for name, value in rows.items()
        )
        lines.append(f"{json.dumps(table)}:{{\n{body}\n}}")
    text = '{"provenance":' + json.dumps(provenance) + ",\n" + ",\n".join(lines) + "\n}\n"
    path = HERE / "values.json"
    path.write_text(text, encoding="utf-8")
    counts = {table: len(rows) for table, rows in results.items()}
    print(f"{counts}, {support.count_nonfinite(results)} non-finite, {len(text) / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
