"""Every network has the layers, weights and outputs of the one in Keras, so that its files fit."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from thalweg import keras
from thalweg._src.keras.applications import published

from .rows import MODULES, ROWS, VARIANTS, Row, fill, outline, pixels, public_names

_FOUND = json.loads((Path(__file__).parent / "golden.json").read_text())
GOLDEN, GOLDEN_MODULES = _FOUND["rows"], _FOUND["modules"]


def _params(rows: Iterable[Row]) -> list[Any]:
    return [
        pytest.param(row, id=row.id, marks=[pytest.mark.slow] if row.slow else []) for row in rows
    ]


PARAMS = _params(ROWS)
EITHER_LAYOUT = _params(r for r in ROWS if "channels_first" in GOLDEN[r.id]["outlines"])


@pytest.fixture(autouse=True)
def memory_back(request: pytest.FixtureRequest) -> Iterator[None]:
    """Frees the networks of slow tests at once: some have gigabytes, and all refer to themselves."""
    yield
    if request.node.get_closest_marker("slow"):
        gc.collect()


@pytest.fixture
def channels_first() -> Iterator[None]:
    keras.config.set_image_data_format("channels_first")
    yield
    keras.config.set_image_data_format("channels_last")


@pytest.mark.parametrize("row", PARAMS)
def test_outline_is_that_of_keras(row: Row) -> None:
    for variant in VARIANTS:
        keras.utils.clear_session(free_memory=row.slow)
        found = outline(row.make(keras.applications, variant))
        assert (variant, found) == (variant, GOLDEN[row.id]["outlines"][variant])


@pytest.mark.usefixtures("channels_first")
@pytest.mark.parametrize("row", EITHER_LAYOUT)
def test_outline_with_channels_first_is_that_of_keras(row: Row) -> None:
    keras.utils.clear_session(free_memory=row.slow)
    found = outline(row.make(keras.applications, "maps"))
    assert found == GOLDEN[row.id]["outlines"]["channels_first"]


@pytest.mark.parametrize("row", PARAMS)
def test_outputs_are_those_of_keras(row: Row) -> None:
    model = row.make(keras.applications, "top")
    assert fill(model, row.variance) == GOLDEN[row.id]["weights"]
    outputs = model.predict(row.image(), verbose=0)[0]
    expected = np.asarray(GOLDEN[row.id]["outputs"])
    assert np.std(expected) > 0.01
    np.testing.assert_allclose(outputs, expected, rtol=0, atol=1e-4 * np.abs(expected).max())


@pytest.mark.parametrize("row", [row for row in ROWS if not row.tag], ids=lambda row: row.id)
def test_docstring_says_the_numbers_of_parameters(row: Row) -> None:
    whole, body = GOLDEN[row.id]["parameters"]
    said = getattr(keras.applications, row.name).__doc__.partition("\n")[0]
    assert said.endswith(f": {whole:,} parameters, {body:,} without the classifier.")


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_published_size_is_that_of_keras(row: Row) -> None:
    model = getattr(keras.applications, row.name)(weights=None, **row.arguments)
    found = [list(model.input_shape), model.count_params()]
    assert found == [GOLDEN[row.id]["input_shape"], GOLDEN[row.id]["parameters"][0]]


class _Asked(Exception):
    """Instead of a download."""


def _published(row: Row, include_top: bool, monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    asked: list[str | None] = []

    def get_file(name: str | None, origin: str, file_hash: str | None, cache_subdir: str) -> str:
        assert cache_subdir == "models"
        asked.extend((name or origin.rpartition("/")[2], origin, file_hash))
        raise _Asked

    monkeypatch.setattr(published, "get_file", get_file)
    with pytest.raises(_Asked):
        getattr(keras.applications, row.name)(include_top=include_top, **row.arguments)
    return asked


@pytest.mark.parametrize("row", PARAMS)
def test_published_body_is_that_of_keras(row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _published(row, False, monkeypatch) == GOLDEN[row.id]["files"][1]


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_published_classifier_is_that_of_keras(row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _published(row, True, monkeypatch) == GOLDEN[row.id]["files"][0]


@pytest.mark.parametrize("name", MODULES)
def test_module_offers_and_prepares_as_in_keras(name: str) -> None:
    module = getattr(keras.applications, name)
    golden = GOLDEN_MODULES[name]
    assert public_names(module) == golden["names"]
    prepared = module.preprocess_input(pixels())
    np.testing.assert_allclose(prepared, golden["prepared"], rtol=1e-6, atol=1e-4)
