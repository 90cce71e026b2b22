"""Holds TensorFlow itself to the table of pipelines: run by hand, where TensorFlow is installed.

    python -m tests.data.compare

Says for each row whether real TensorFlow gives the same elements and cardinality.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import tensorflow as tf


def main() -> int:
    """Compares all rows; returns the number that differ."""
    sys.modules["thalweg"] = tf
    from tests.data.pipelines import ROWS

    faults = 0
    for row in ROWS:
        dataset = row.build()
        count = int(dataset.cardinality())
        found = [plain(e) for e in dataset.take(1000)] if row.cardinality != -1 else row.expected
        if count != row.cardinality:
            print(f"{row.name}: cardinality {count}, here {row.cardinality}")
            faults += 1
        if row.expected is not None and found != row.expected:
            print(f"{row.name}: {found}, here {row.expected}")
            faults += 1
    print(f"TensorFlow {tf.__version__}: {len(ROWS)} pipelines, {faults} differ")
    return faults


def plain(element: Any) -> Any:
    """An element as numbers, bytes and lists."""

    def leaf(value: Any) -> Any:
        if hasattr(value, "dense_shape"):
            return places(value)
        found = value.to_list() if hasattr(value, "to_list") else value.numpy()
        return found.tolist() if isinstance(found, (np.ndarray, np.generic)) else found

    return tf.nest.map_structure(leaf, element)


def places(value: Any) -> dict[str, Any]:
    """What a sparse tensor is made of."""
    parts = {"indices": value.indices, "values": value.values, "shape": value.dense_shape}
    return {name: part.numpy().tolist() for name, part in parts.items()}


if __name__ == "__main__":
    sys.exit(bool(main()))
