"""Functions of TensorFlow in graphs stand in files as what Keras has for them, or are named in a warning."""

from __future__ import annotations

import json
import re
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.keras.archive.tensorflow_calls import CALLS, model_of
from thalweg import keras
from thalweg._src.base import nest
from thalweg._src.keras.base import operation_names


@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_saved_as_its_equivalent(name: str, tmp_path: Path) -> None:
    call, path = CALLS[name], tmp_path / "m.keras"
    model = model_of(call)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.save(path)
    with zipfile.ZipFile(path) as archive:
        entries = json.loads(archive.read("config.json"))["config"]["layers"]
    ours = sorted(e["class_name"] for e in entries if e["module"] == "thalweg.ops")
    if call.kind is None:
        assert len(ours) == 1
        assert re.search(rf"has nothing for the ops \['{ours[0]}'\]", str(caught[0].message))
    else:
        assert not caught
        assert not ours
        assert call.kind in {e["class_name"] for e in entries}
    copy = keras.models.load_model(path)
    x = call.inputs()
    for one, two in zip(nest.flatten(model(x)), nest.flatten(copy(x)), strict=True):
        assert one.dtype == two.dtype
        np.testing.assert_allclose(one.numpy(), two.numpy(), rtol=1e-5, atol=1e-6)


def test_every_equivalent_is_tested() -> None:
    drawn = set()
    for call in CALLS.values():
        for node in model_of(call).graph.operations:
            opdef = getattr(getattr(node, "operation", None), "opdef", None)
            drawn.add(getattr(opdef, "name", None))
    # Python's operators draw keras.ops themselves.
    spared = {"realdiv", "take", "take_along_axis", "trunc",
              "argmin", "angle", "conj", "real", "imag", "eigh", "stop_gradient", "split_at"}  # fmt: skip
    assert set(operation_names._equivalents) - drawn - spared == set()
