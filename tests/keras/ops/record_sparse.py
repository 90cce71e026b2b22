"""Records what real Keras gives for every case of `sparse_cases`.

Run with a Python that has Keras 3.15 on TensorFlow, from the checkout's root:
    python -m tests.keras.ops.record_sparse
"""

from __future__ import annotations

import json
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"


def main() -> None:
    """Writes `golden/sparse.json` beside this file."""
    import keras
    import tensorflow as tf

    from tests.keras.ops.sparse_cases import cases, described

    found = {name: described(tf, call()) for name, call in cases(tf, keras.ops).items()}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in found.items())
    provenance = json.dumps(f"keras {keras.__version__}, tensorflow {tf.__version__}")
    text = f'{{"provenance": {provenance},\n"cases": {{\n{lines}\n}}}}\n'
    (Path(__file__).parent / "golden" / "sparse.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
