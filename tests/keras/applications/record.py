"""Records how real Keras draws every network and what it computes, with weights by the same formula.

Run with a Python that has Keras 3.15 on TensorFlow, from the checkout's root, for all rows or some:
    python -m tests.keras.applications.record ROW...
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np

from tests.keras.applications.rows import ROWS, VARIANTS, Row, fill, image, outline

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

GOLDEN = Path(__file__).parent / "golden.json"


def record(row: Row) -> dict[str, Any]:
    """Outlines of all variants, and outputs of the first."""
    import keras

    def drawn(variant: str) -> Any:
        keras.utils.clear_session()
        return row.make(keras.applications, variant)

    outlines = {variant: outline(drawn(variant)) for variant in VARIANTS}
    keras.config.set_image_data_format("channels_first")
    with contextlib.suppress(ValueError):  # some networks of Keras refuse this layout
        outlines["channels_first"] = outline(drawn("maps"))
    keras.config.set_image_data_format("channels_last")
    model = drawn("top")
    digest = fill(model)
    outputs = np.asarray(model(image(row.size)))[0]
    return {
        "outlines": outlines,
        "weights": digest,
        "outputs": [round(float(value), 6) for value in outputs],
    }


def main(names: list[str]) -> None:
    """Renews the golden values of the rows with these ids, or of all."""
    import keras

    found = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {"rows": {}}
    found["source"] = f"keras {keras.__version__} on {keras.config.backend()}"
    for row in ROWS:
        if not names or row.id in names:
            found["rows"][row.id] = record(row)
            print(row.id, found["rows"][row.id]["outputs"])
    found["rows"] = {row.id: found["rows"][row.id] for row in ROWS if row.id in found["rows"]}
    GOLDEN.write_text(json.dumps(found, indent=1, sort_keys=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
