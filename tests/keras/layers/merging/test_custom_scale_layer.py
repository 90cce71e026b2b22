"""`CustomScaleLayer`: what it computes, and that files which name it are read."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from thalweg import keras
from thalweg._src.keras.layers.merging.custom_scale_layer import CustomScaleLayer


def test_a_part_of_the_second_input_is_added(tmp_path: Path) -> None:
    inputs = [keras.Input((2,), name="maps"), keras.Input((2,), name="residual")]
    model = keras.Model(inputs, CustomScaleLayer(0.1)(inputs))
    x, y = np.array([[1.0, 2.0]], "float32"), np.array([[10.0, -10.0]], "float32")
    np.testing.assert_allclose(model([x, y]), [[2.0, 1.0]])
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded([x, y]), model([x, y]))
    config = keras.saving.serialize_keras_object(model.layers[-1])
    assert config["module"] == "keras.src.applications.inception_resnet_v2"
    assert config["class_name"] == "CustomScaleLayer"
