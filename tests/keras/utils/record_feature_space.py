"""Records a file of a `FeatureSpace` of real Keras; `python -m tests.keras.utils.record_feature_space`.

Run with a Python that has Keras 3.15 on TensorFlow, from the checkout's root. What the space computes is in
`tests/golden/data/keras_feature_space.json`.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

TARGET = Path(__file__).parent / "feature_space.keras"


def main() -> None:
    """Writes the file, packed, without the date."""
    import numpy as np
    import tensorflow as tf

    from tests.golden.cases.keras_feature_space import made

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "space.keras")
        made(tf, np).save(path)
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(TARGET, "w", zipfile.ZIP_DEFLATED) as target:
            for name in sorted(source.namelist()):
                target.writestr(zipfile.ZipInfo(name), source.read(name), zipfile.ZIP_DEFLATED)
    print(TARGET.name, TARGET.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
