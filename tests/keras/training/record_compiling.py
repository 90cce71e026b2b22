"""Records what real Keras' `evaluate` gives for every case of `compile_cases`, or why it refuses.

Run with a Python that has Keras 3.15 on TensorFlow, from the checkout's root:
    python -m tests.keras.training.record_compiling
"""

from __future__ import annotations

import json
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"


def main() -> None:
    """Writes `compile_cases.json` beside this file."""
    import keras
    import tensorflow as tf

    from tests.keras.training.compile_cases import CASES, evaluated

    found = {}
    for name in CASES:
        listed, named = evaluated(keras, name)
        found[name] = {
            "list": [round(v, 6) for v in listed],
            "dict": {key: round(value, 6) for key, value in named.items()},
        }
    provenance = f"keras {keras.__version__}, tensorflow {tf.__version__}"
    text = json.dumps({"provenance": provenance, "cases": found}, indent=1)
    Path(__file__).with_name("compile_cases.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
