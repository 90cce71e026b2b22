"""Images as networks expect them, and names of classes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg._src.base.errors import DataLossError, DataUnavailableError
from thalweg._src.keras.applications import imagenet_utils
from thalweg._src.keras.applications.published import PublishedFile
from thalweg.keras.applications.imagenet_utils import decode_predictions, preprocess_input

from .rows import pixels

MODES = ("caffe", "tf", "torch")


@pytest.mark.parametrize("mode", MODES)
def test_arrays_tensors_and_symbols_give_the_same(mode: str) -> None:
    expected = preprocess_input(pixels(), mode=mode)
    np.testing.assert_allclose(
        preprocess_input(tf.constant(pixels()), mode=mode), expected, rtol=1e-6, atol=1e-5
    )
    symbol = keras.Input((1, 2, 3))
    model = keras.Model(symbol, preprocess_input(symbol, mode=mode))
    np.testing.assert_allclose(model.predict(pixels(), verbose=0), expected, rtol=1e-6, atol=1e-5)


@pytest.mark.parametrize("mode", MODES)
def test_either_layout_gives_the_same(mode: str) -> None:
    expected = preprocess_input(pixels(), "channels_last", mode)
    first = preprocess_input(np.moveaxis(pixels(), -1, -3), "channels_first", mode)
    np.testing.assert_allclose(np.moveaxis(first, -3, -1), expected, rtol=1e-6)
    one = preprocess_input(np.moveaxis(pixels()[1], -1, -3), "channels_first", mode)
    np.testing.assert_allclose(one, first[1], rtol=1e-6)


@pytest.mark.parametrize(
    ("given", "expected"), [("uint8", "float32"), ("float16", "float16"), ("float64", "float64")]
)
def test_dtypes(given: str, expected: str) -> None:
    for images in (pixels().astype(given), tf.constant(pixels().astype(given))):
        assert np.asarray(preprocess_input(images)).dtype == expected


def test_integers_do_not_overflow_and_arguments_stay() -> None:
    images = pixels().astype("uint8")
    expected = preprocess_input(pixels())
    np.testing.assert_allclose(preprocess_input(tf.constant(images)), expected, atol=1e-4)
    floating = pixels()
    preprocess_input(floating)
    np.testing.assert_array_equal(floating, pixels())


def test_unknown_mode_and_layout_are_told() -> None:
    with pytest.raises(ValueError, match="'caffe', 'tf' or 'torch'"):
        preprocess_input(pixels(), mode="jax")
    with pytest.raises(ValueError, match="channels_first"):
        preprocess_input(pixels(), "channels")


@pytest.fixture
def class_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of names in the cache; the published digest is not asked for."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    file = PublishedFile("https://localhost:9/imagenet_class_index.json", None)
    monkeypatch.setattr(imagenet_utils, "_CLASS_INDEX", file)
    path = tmp_path / "models" / "imagenet_class_index.json"
    path.parent.mkdir()
    path.write_text(json.dumps({str(k): [f"n{k:08}", f"kind_{k}"] for k in range(1000)}))
    return path


@pytest.mark.usefixtures("class_index")
@pytest.mark.parametrize("convert", [np.asarray, tf.constant], ids=["array", "tensor"])
def test_likeliest_classes_come_first(convert: Any) -> None:
    scores = np.zeros((2, 1000), "float32")
    scores[0, [7, 3]] = 0.75, 0.25
    scores[1, [999, 0, 5]] = 0.5, 0.375, 0.125
    first, second = decode_predictions(convert(scores), top=3)
    assert first[:2] == [("n00000007", "kind_7", 0.75), ("n00000003", "kind_3", 0.25)]
    assert [entry[1] for entry in second] == ["kind_999", "kind_0", "kind_5"]
    assert len(decode_predictions(scores)[0]) == 5


def test_scores_of_other_classes_are_told() -> None:
    for scores in (np.zeros((2, 10)), np.zeros(1000)):
        with pytest.raises(ValueError, match=r"shape \(batch, 1000\)"):
            decode_predictions(scores)


@pytest.mark.parametrize("text", ["no json", "{}", "[]", '{"0": 3}'])
def test_damaged_names_are_told(class_index: Path, text: str) -> None:
    class_index.write_text(text)
    with pytest.raises(DataLossError, match="delete the file"):
        decode_predictions(np.zeros((1, 1000)))


@pytest.mark.usefixtures("capsys")
def test_names_without_a_network(class_index: Path) -> None:
    class_index.unlink()
    with pytest.raises(DataUnavailableError) as caught:
        decode_predictions(np.zeros((1, 1000)))
    assert str(class_index) in str(caught.value)
