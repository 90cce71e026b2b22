"""`LayerScale`: what it computes, and that files which name it are read."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from thalweg import keras
from thalweg._src.keras.layers.core.layer_scale import LayerScale


def test_features_are_scaled_by_weights_that_begin_small() -> None:
    layer = LayerScale(0.5, 3)
    x = np.arange(12, dtype="float32").reshape(2, 2, 3)
    np.testing.assert_array_equal(layer(x), x / 2)
    layer.set_weights([np.array([1.0, 0.0, -2.0], "float32")])
    np.testing.assert_array_equal(layer(x), x * np.array([1.0, 0.0, -2.0]))
    assert [w.shape for w in layer.trainable_weights] == [(3,)]


def test_file_names_it_as_keras_does(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((3,)), LayerScale(0.5, 3, name="scale")])
    config = keras.saving.serialize_keras_object(model.layers[0])
    assert (config["module"], config["class_name"]) == (
        "keras.src.applications.convnext",
        "LayerScale",
    )
    assert {k: config["config"][k] for k in ("init_values", "projection_dim")} == {
        "init_values": 0.5,
        "projection_dim": 3,
    }
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(np.ones((1, 3))), [[0.5, 0.5, 0.5]])
