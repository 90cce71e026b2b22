"""Every network has the layers, weights and outputs of the one in Keras, so that its files fit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from thalweg import keras

from .rows import ROWS, VARIANTS, Row, fill, image, outline

GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text())["rows"]



def _params(rows: Iterable[Row]) -> list[Any]:
    return [
        pytest.param(row, id=row.id, marks=[pytest.mark.slow] if row.slow else []) for row in rows
    ]


PARAMS = _params(ROWS)
EITHER_LAYOUT = _params(r for r in ROWS if "channels_first" in GOLDEN[r.id]["outlines"])


@pytest.fixture
def channels_first() -> Iterator[None]:
    keras.config.set_image_data_format("channels_first")
    yield
    keras.config.set_image_data_format("channels_last")


@pytest.mark.parametrize("row", PARAMS)
def test_outline_is_that_of_keras(row: Row) -> None:
    for variant in VARIANTS:
        keras.utils.clear_session(free_memory=False)
        found = outline(row.make(keras.applications, variant))
        assert (variant, found) == (variant, GOLDEN[row.id]["outlines"][variant])


@pytest.mark.usefixtures("channels_first")
@pytest.mark.parametrize("row", EITHER_LAYOUT)
def test_outline_with_channels_first_is_that_of_keras(row: Row) -> None:
    keras.utils.clear_session(free_memory=False)
    found = outline(row.make(keras.applications, "maps"))
    assert found == GOLDEN[row.id]["outlines"]["channels_first"]


@pytest.mark.parametrize("row", PARAMS)
def test_outputs_are_those_of_keras(row: Row) -> None:
    model = row.make(keras.applications, "top")
    assert fill(model) == GOLDEN[row.id]["weights"]
    outputs = model.predict(image(row.size), verbose=0)[0]
    expected = np.asarray(GOLDEN[row.id]["outputs"])
    assert np.std(expected) > 0.01
    np.testing.assert_allclose(outputs, expected, rtol=0, atol=1e-4 * np.abs(expected).max())
