"""Real Keras opens what is written here. Needs KERAS_PYTHON, a Python with Keras 3.15 on TensorFlow."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.keras.archive import legacy_zoo, zoo
from tests.keras.archive.tensorflow_calls import CALLS, model_of
from tests.keras.layers.rows import ALL
from tests.keras.layers.test_contracts import filled, model_inputs, symbolic
from thalweg import keras
from thalweg._src.base import nest

PYTHON = os.environ.get("KERAS_PYTHON")
HERE = Path(__file__).parent
# What Keras itself does not do: dilation and channels first on CPUs; in graphs, queries and values of other
# widths.
BEYOND_KERAS = {
    "conv2d-transpose-dilated", "group-query-attention", "group-query-attention-masked",
    "multi-query-attention", "stft-spectrogram-imag", "stft-spectrogram-psd",
}  # fmt: skip
# Models of the zoo without dropout, whose next step of training is compared; not for HDF5 files, of which
# Keras 3.15 takes the number of steps only, so that it cannot train their models, its own neither.
TRAINED = {"trained", "two_outputs"}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PYTHON is None, reason="KERAS_PYTHON names no Python with Keras"),
]


def write(folder: Path, name: str, model: Any, inputs: list[Any], ending: str = ".keras") -> None:
    model.save(folder / f"{name}{ending}")
    outputs = nest.flatten(model(inputs[0] if len(inputs) == 1 else inputs))
    arrays = {f"x{i}": np.asarray(x) for i, x in enumerate(inputs)}
    arrays |= {f"y{i}": np.asarray(y.numpy(), "float32") for i, y in enumerate(outputs)}
    if name in TRAINED and ending == ".keras":
        model.train_on_batch(inputs[0], zoo.targets(model))
        arrays |= {f"w{i}": w for i, w in enumerate(legacy_zoo.weights(model))}
    np.savez(folder / f"{name}.npz", **arrays)


def read_by_keras(folder: Path) -> dict[str, Any]:
    done = subprocess.run(
        [str(PYTHON), str(HERE / "read_by_keras.py"), str(folder)],
        capture_output=True, text=True, timeout=1800, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("ending", [".keras", ".h5"])
@pytest.mark.filterwarnings("ignore:.*is written as HDF5")
def test_keras_opens_the_models_of_the_zoo(ending: str, tmp_path: Path) -> None:
    # Keras does not build models of other classes from HDF5 files, not from its own either.
    models = {n: build for n, build in zoo.MODELS.items() if ending == ".keras" or n != "subclassed"}
    for name, build in models.items():
        model, inputs = build(keras)
        y = zoo.targets(model)
        if y is not None:
            model.train_on_batch(inputs, y)
        several = isinstance(inputs, dict)
        values = [inputs[k] for k in sorted(inputs)] if several else [inputs]
        write(tmp_path, name, model, values, ending)
    results = read_by_keras(tmp_path)
    assert set(results) == set(models)
    limits = {name: 2e-2 if name == "halves" else 1e-5 for name in results}
    assert {n: r for n, r in results.items() if not isinstance(r, float) or r > limits[n]} == {}


@pytest.mark.parametrize("ending", [".keras", ".h5"])
@pytest.mark.filterwarnings("ignore:.*is written as HDF5")
def test_keras_opens_every_layer(ending: str, tmp_path: Path) -> None:
    rows = [r for r in ALL if r.golden and r.drawn and not r.random and r.id not in BEYOND_KERAS]
    for row in rows:
        model, _ = symbolic(row, filled(row))
        write(tmp_path, row.id, model, model_inputs(row), ending)
    results = read_by_keras(tmp_path)
    bad = [f"{n}: {r}" for n, r in results.items() if not isinstance(r, float) or r > 1e-3]
    assert not bad, "\n".join(bad)
    assert len(results) == len(rows)


def test_keras_opens_graphs_of_functions_of_tensorflow(tmp_path: Path) -> None:
    calls = {name: call for name, call in CALLS.items() if call.kind is not None}
    for name, call in calls.items():
        write(tmp_path, name, model_of(call), [call.inputs()])
    results = read_by_keras(tmp_path)
    bad = [f"{n}: {r}" for n, r in results.items() if not isinstance(r, float) or r > 1e-4]
    assert not bad, "\n".join(bad)
    assert len(results) == len(calls)


def test_keras_runs_lambdas_where_it_is_allowed(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Lambda(lambda x: x * 2.0 + 1.0)])
    with pytest.warns(UserWarning, match="holds lambdas"):
        write(tmp_path, "lambda", model, [np.ones((2, 3), "float32")])
    assert read_by_keras(tmp_path) == {"lambda": 0.0}
