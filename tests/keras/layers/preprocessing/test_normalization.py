"""`Normalization`: what it measures, on which data, and what it keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg._src.base.errors import InvalidArgumentError, ShapeError

SAMPLES = (np.arange(15, dtype="float32").reshape(5, 3) - 4.0) ** 2


class Batches(keras.utils.PyDataset):
    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> Any:
        return SAMPLES[2 * index : 2 * index + 2]


def adapted(data: Any, **arguments: Any) -> Any:
    layer = keras.layers.Normalization(**arguments)
    layer.adapt(data)
    return layer


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(lambda: SAMPLES, id="array"),
        pytest.param(lambda: tf.constant(SAMPLES), id="tensor"),
        pytest.param(lambda: [SAMPLES[:1], SAMPLES[1:]], id="list-of-batches"),
        pytest.param(lambda: (SAMPLES[i : i + 2] for i in range(0, 5, 2)), id="generator"),
        pytest.param(lambda: [SAMPLES[:0], SAMPLES], id="empty-batch"),
        pytest.param(
            lambda: tf.data.Dataset.from_tensor_slices(SAMPLES).batch(2), id="batched-dataset"
        ),
        pytest.param(lambda: tf.data.Dataset.from_tensor_slices(SAMPLES), id="dataset-of-samples"),
        pytest.param(Batches, id="py-dataset"),
    ],
)
def test_statistics_of_all_samples_whatever_holds_them(data: Any) -> None:
    layer = adapted(data())
    np.testing.assert_allclose(layer.mean, SAMPLES.mean(0, keepdims=True), rtol=1e-6)
    np.testing.assert_allclose(layer.variance, SAMPLES.var(0, keepdims=True), rtol=1e-6)
    outputs = layer(SAMPLES).numpy()
    np.testing.assert_allclose(outputs.mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(outputs.std(0), 1, atol=1e-6)


@pytest.mark.parametrize(
    ("axis", "over"), [(-1, (0, 1)), (1, (0, 2)), ((1, 2), (0,)), (None, (0, 1, 2)), (0, (1, 2))]
)
def test_statistics_along_axes(axis: Any, over: tuple[int, ...]) -> None:
    data = np.cos(np.arange(24.0)).reshape(2, 3, 4)
    layer = adapted(data, axis=axis)
    np.testing.assert_allclose(layer.mean, data.mean(over, keepdims=True), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(layer.variance, data.var(over, keepdims=True), rtol=1e-5)


def test_large_offsets_lose_no_digits() -> None:
    data = 1e6 + np.arange(1000.0).reshape(10, 100, 1) % 2
    layer = adapted(list(data))
    np.testing.assert_allclose(layer.mean, [[1e6 + 0.5]])
    np.testing.assert_allclose(layer.variance, [[0.25]])


def test_adapting_again_begins_anew_and_changes_models_that_hold_the_layer() -> None:
    layer = adapted(SAMPLES)
    image = keras.Input((3,))
    model = keras.Model(image, layer(image))
    model.predict(SAMPLES, verbose=0)
    layer.adapt(SAMPLES[:2])
    expected = (SAMPLES - SAMPLES[:2].mean(0)) / SAMPLES[:2].std(0)
    np.testing.assert_allclose(model.predict(SAMPLES, verbose=0), expected, rtol=1e-5)


def test_before_adapt_nothing_changes() -> None:
    layer = keras.layers.Normalization()
    assert layer.mean is None
    assert layer.variance is None
    np.testing.assert_array_equal(layer(SAMPLES), SAMPLES)


def test_weights_are_those_of_keras() -> None:
    layer = adapted(SAMPLES)
    found = [(w.name, tuple(w.shape), w.dtype, w.trainable) for w in layer.weights]
    assert found == [
        ("mean", (3,), "float32", False),
        ("variance", (3,), "float32", False),
        ("count", (), "int64", False),
    ]
    given = keras.layers.Normalization(mean=1.0, variance=2.0)
    given.build((None, 3))
    assert given.weights == []


def test_statistics_travel_with_weights_and_files(tmp_path: Path) -> None:
    layer = adapted(SAMPLES)
    model = keras.Sequential([keras.Input((3,)), layer])
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(SAMPLES), layer(SAMPLES))
    copy = keras.layers.Normalization()
    copy.build((None, 3))
    copy.set_weights(layer.get_weights())
    np.testing.assert_array_equal(copy(SAMPLES), layer(SAMPLES))


def test_invert_undoes_it() -> None:
    layer = adapted(SAMPLES)
    inverse = adapted(SAMPLES, invert=True)
    np.testing.assert_allclose(inverse(layer(SAMPLES)), SAMPLES, atol=1e-5)


def test_equal_samples_become_zero() -> None:
    np.testing.assert_array_equal(adapted(np.full((4, 2), 3.0))(tf.fill((1, 2), 3.0)), [[0.0, 0.0]])


def test_half_precision_normalizes_what_half_precision_cannot_square() -> None:
    layer = adapted(np.array([[1000.0], [3000.0]]), dtype="mixed_float16")
    np.testing.assert_array_equal(layer(tf.constant([[3000.0]])), np.array([[1.0]], "float16"))


def test_in_a_pipeline() -> None:
    layer = adapted(SAMPLES)
    batches = tf.data.Dataset.from_tensor_slices(SAMPLES).batch(5).map(layer)
    np.testing.assert_allclose(next(iter(batches)), layer(SAMPLES), atol=1e-6)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: keras.layers.Normalization(mean=1.0),
            InvalidArgumentError,
            "both mean and variance",
        ),
        (lambda: keras.layers.Normalization(axis=1.5), InvalidArgumentError, "expected axis"),
        (lambda: adapted(SAMPLES, axis=2), ShapeError, "expected axes"),
        (lambda: adapted(SAMPLES, mean=1.0, variance=1.0), InvalidArgumentError, "leave them out"),
        (lambda: adapted(SAMPLES[:0]), InvalidArgumentError, "got none"),
        (lambda: adapted(SAMPLES.tolist()), InvalidArgumentError, "got list"),
        (lambda: adapted(5), InvalidArgumentError, "got int"),
        (lambda: adapted([(SAMPLES, SAMPLES)]), InvalidArgumentError, "without targets"),
        (lambda: adapted([SAMPLES, SAMPLES[:, :2]]), ShapeError, r"expected sizes \(3,\)"),
        (lambda: keras.layers.Normalization().build((None, None)), ShapeError, "known sizes"),
        (
            lambda: keras.layers.Normalization(mean=[1.0, 2.0], variance=1.0)(SAMPLES),
            ShapeError,
            r"mean that broadcasts to the sizes \(3,\)",
        ),
    ],
)
def test_what_does_not_fit_is_told(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()


def test_lists_are_taken_like_by_other_layers_of_data() -> None:
    for layer in (
        keras.layers.Rescaling(2.0, offset=[0.0, 1.0]),
        keras.layers.Normalization(mean=1.0, variance=4.0),
    ):
        rows = [[1.0, 2.0], [3.0, 4.0]]
        wanted = layer(np.array(rows, "float32")).numpy()
        assert (layer(inputs=rows).numpy() == wanted).all()
        assert layer(keras.Input((2,))).shape == (None, 2)
        assert layer.convert_weight([1.0, 2.0]).shape == (2,)
