"""What `record_legacy.py` has kept of older versions of Keras."""

from __future__ import annotations

import io
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from thalweg._src.base import nest

HERE = Path(__file__).parent
VERSIONS = ("2_15", "3_3")


@cache
def members(version: str) -> dict[str, bytes]:
    """Files by name."""
    with tarfile.open(HERE / f"zoo_{version}.tar.xz") as archive:
        return {m.name: archive.extractfile(m).read() for m in archive}  # type: ignore[union-attr]


def recorded(version: str, name: str, kind: str) -> list[Any]:
    """Arrays: inputs ``x``, outputs ``y``, the loss ``e``, or weights after one more step ``w``."""
    with np.load(io.BytesIO(members(version)[f"{name}.npz"])) as found:
        count = sum(key.startswith(kind) for key in found.files)
        return [found[f"{kind}{i}"] for i in range(count)]


def placed(version: str, name: str, folder: Path) -> Path:
    """Path of a file that is written into a folder."""
    path = folder / name
    path.write_bytes(members(version)[name])
    return path


def outputs(model: Any, inputs: Any) -> list[Any]:
    """What a model predicts, as arrays in order."""
    return [np.asarray(part, "float32") for part in nest.flatten(model.predict(inputs, verbose=0))]


def assert_close(one: list[Any], two: list[Any], tolerance: float = 1e-6) -> None:
    """Asserts that arrays are alike, absolutely or relatively."""
    assert len(one) == len(two)
    for a, b in zip(one, two, strict=True):
        np.testing.assert_allclose(a, b, atol=tolerance, rtol=tolerance)
