"""Records what Keras gives for models of ragged and sparse inputs, into `composites.json`.

Run once with each of two Pythons: Keras 2 (recurrent layers, which Keras 3 does not run on ragged inputs)
and Keras 3 (the rest), both on TensorFlow.

    python tests/keras/training/record_composites.py
"""

from __future__ import annotations

import json
from pathlib import Path

import composites
import keras
import tensorflow as tf

FILE = Path(__file__).with_name("composites.json")


def main() -> None:
    module = keras if hasattr(keras, "__version__") else tf.keras
    version = module.__version__
    known = json.loads(FILE.read_text()) if FILE.exists() else {}
    known[version[0]] = {
        "provenance": f"Keras {version}, TensorFlow {tf.__version__}",
        "facts": composites.all_facts(tf, module, version[0]),
    }
    FILE.write_text(json.dumps(known, indent=1) + "\n")


if __name__ == "__main__":
    main()
