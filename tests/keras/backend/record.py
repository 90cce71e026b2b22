"""Record what real Keras gives for the table: ``python tests/keras/backend/record.py``.

Needs tensorflow-cpu 2.21 and keras 3.15; the tests need neither. Writes ``golden.json``.
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
import tensorflow

from tests.golden import support
from tests.keras.backend.table import ROWS


def main() -> None:
    """Write ``golden.json``."""
    backend = tensorflow.keras.backend
    values = {
        name: support.encode(support.attempt(lambda row=row: row(backend)))
        for name, row in ROWS.items()
    }
    provenance = {
        "script": "tests/keras/backend/record.py",
        "date": datetime.date.today().isoformat(),
        "tensorflow": tensorflow.__version__,
        "keras": keras.__version__,
        "device": "CPU, oneDNN off",
    }
    rows = ",\n".join(
        f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'))}"
        for name, value in values.items()
    )
    text = '{"provenance":' + json.dumps(provenance) + ',\n"values":{\n' + rows + "\n}}\n"
    pathlib.Path(__file__).with_name("golden.json").write_text(text, encoding="utf-8")
    print(f"{len(values)} rows, {len(text) / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
