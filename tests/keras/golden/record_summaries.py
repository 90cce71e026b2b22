"""Record what `summary` of real Keras prints: ``python tests/keras/golden/record_summaries.py``.

Needs tensorflow-cpu 2.21 and keras 3.15; the tests need neither.
"""

from __future__ import annotations

import datetime
import json
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["COLUMNS"] = "80"
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3]))

import keras

from tests.keras.golden.summary_cases import CASES, text_of

PATH = pathlib.Path(__file__).resolve().with_name("summaries.json")


def main() -> None:
    """Write ``summaries.json``."""
    texts = {name: text_of(keras, name).split("\n") for name in CASES}
    provenance = {
        "script": "tests/keras/golden/record_summaries.py",
        "date": datetime.date.today().isoformat(),
        "keras": keras.__version__,
        "columns": 80,
    }
    whole = {"provenance": provenance, "texts": texts}
    PATH.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(texts)} summaries, {PATH.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
