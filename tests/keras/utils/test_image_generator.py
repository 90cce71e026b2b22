"""Batches of pictures changed at random, of arrays, folders and tables."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.keras.utils.test_image_transforms import GOLDEN, PICTURES
from thalweg import keras
from thalweg.keras.preprocessing.image import ImageDataGenerator, Iterator


@pytest.mark.parametrize(
    ("arguments", "seed", "expected"), GOLDEN["draws"], ids=lambda x: str(x)[:30]
)
def test_changes_are_drawn_as_keras_did(
    arguments: Any, seed: int, expected: dict[str, Any]
) -> None:
    found = ImageDataGenerator(**arguments).get_random_transform(PICTURES.shape[1:], seed=seed)
    assert found.keys() == expected.keys()
    # Where Keras takes rows for columns.
    expected = expected | {"tx": expected["ty"], "ty": expected["tx"]}
    for name, value in expected.items():
        assert found[name] == (value if value is None else pytest.approx(value)), name


@pytest.mark.parametrize(("arguments", "expected"), GOLDEN["scales"], ids=lambda x: str(x)[:30])
def test_pictures_are_put_to_scale(arguments: Any, expected: Any) -> None:
    generator = ImageDataGenerator(**arguments)
    generator.fit(PICTURES)
    found = generator.standardize(PICTURES[0].copy())
    np.testing.assert_allclose(found, expected, rtol=2e-3, atol=2e-3)


def test_a_function_of_the_user_comes_first() -> None:
    generator = ImageDataGenerator(preprocessing_function=lambda x: x + 1, rescale=2.0)
    assert generator.standardize(np.zeros((1, 1, 1)))[0, 0, 0] == 2.0


def test_learning_before_changes_have_an_effect_is_asked_for() -> None:
    with pytest.warns(UserWarning, match=r"featurewise_center has no effect before fit"):
        ImageDataGenerator(featurewise_center=True).standardize(PICTURES[0])


def test_heights_move_rows() -> None:
    generator = ImageDataGenerator(height_shift_range=[1], fill_mode="constant")
    found = generator.random_transform(PICTURES[0], seed=0)
    np.testing.assert_allclose(found[1:], PICTURES[0][:-1], rtol=1e-5)


def test_flips_and_shifts_of_values() -> None:
    generator = ImageDataGenerator()
    mirrored = generator.apply_transform(
        PICTURES[0], {"flip_horizontal": True, "flip_vertical": True}
    )
    np.testing.assert_array_equal(mirrored, PICTURES[0][::-1, ::-1])
    brighter = generator.apply_transform(np.full((2, 2, 3), 100.0, np.float32), {"brightness": 1.5})
    assert np.unique(brighter).tolist() == [150]
    first = ImageDataGenerator(data_format="channels_first")
    x = np.moveaxis(PICTURES[0], 2, 0)
    np.testing.assert_array_equal(first.apply_transform(x, {"flip_horizontal": 1}), x[:, :, ::-1])


def test_batches_of_an_array_come_in_order_and_without_end() -> None:
    y, weights = np.arange(5), np.arange(5) / 4
    x = np.zeros((5, 2, 2, 1)) + y[:, None, None, None]
    batches = ImageDataGenerator().flow(x, y, batch_size=2, shuffle=False, sample_weight=weights)
    assert (len(batches), batches.n) == (3, 5)
    seen = [next(batches) for _ in range(4)]
    assert [batch[1].tolist() for batch in seen] == [[0, 1], [2, 3], [4], [0, 1]]
    pictures, labels, weight = seen[1]
    assert (pictures[:, 0, 0, 0].tolist(), labels.tolist(), weight.tolist()) == (
        [2, 3],
        [2, 3],
        [0.5, 0.75],
    )
    assert batches.total_batches_seen == 4
    batches.reset()
    assert next(batches)[1].tolist() == [0, 1]


def test_further_inputs_come_along() -> None:
    batches = ImageDataGenerator().flow((PICTURES, np.array([[1], [2]])), [1, 2], shuffle=False)
    pictures, further = batches[0][0]
    assert (pictures.shape, further.tolist()) == (PICTURES.shape, [[1], [2]])
    assert ImageDataGenerator().flow(PICTURES, shuffle=False)[0].shape == PICTURES.shape


def test_a_seed_decides_orders_and_changes() -> None:
    generator = ImageDataGenerator(rotation_range=30)
    first, second = (next(generator.flow(PICTURES, [0, 1], seed=7)) for _ in range(2))
    np.testing.assert_array_equal(first[0], second[0])
    assert not np.array_equal(first[0], next(generator.flow(PICTURES, [0, 1], seed=8))[0])


def test_parts_do_not_overlap() -> None:
    generator = ImageDataGenerator(validation_split=0.25)
    x, y = np.zeros((8, 2, 2, 1)), np.array([0, 1] * 4)
    sizes = [generator.flow(x, y, subset=part).n for part in ("training", "validation", None)]
    assert sizes == [6, 2, 8]
    with pytest.raises(ValueError, match="same classes in both parts"):
        generator.flow(x, np.arange(8), subset="training")
    assert generator.flow(x, np.arange(8), subset="training", ignore_class_split=True).n == 6
    with pytest.raises(ValueError, match="subset"):
        generator.flow(x, y, subset="test")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, count in (("cats", 3), ("dogs", 2)):
        (tmp_path / name).mkdir()
        for number in range(count):
            value = 100.0 * (name == "dogs") + number
            keras.utils.save_img(
                tmp_path / name / f"{number}.png", np.full((4, 5, 3), value), scale=False
            )
    (tmp_path / "cats" / "notes.txt").write_text("no picture")
    return tmp_path


def test_batches_of_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    batches = ImageDataGenerator().flow_from_directory(folder, (4, 5), batch_size=4, shuffle=False)
    assert capsys.readouterr().out == "Found 5 images belonging to 2 classes.\n"
    assert batches.class_indices == {"cats": 0, "dogs": 1}
    assert (batches.classes.tolist(), batches.samples, batches.image_shape) == (
        [0, 0, 0, 1, 1],
        5,
        (4, 5, 3),
    )
    pictures, labels = batches[0]
    assert pictures[:, 0, 0, 0].tolist() == [0, 1, 2, 100]
    assert labels.tolist() == [[1, 0], [1, 0], [1, 0], [0, 1]]
    assert [Path(path).name for path in batches.filepaths] == [
        "0.png",
        "1.png",
        "2.png",
        "0.png",
        "1.png",
    ]


@pytest.mark.parametrize(
    ("class_mode", "expected"),
    [("binary", [0, 0, 0, 1, 1]), ("sparse", [0, 0, 0, 1, 1]), (None, None)],
)
def test_targets_of_a_folder(folder: Path, class_mode: str | None, expected: Any) -> None:
    flow = ImageDataGenerator(rescale=1 / 255).flow_from_directory
    batch = flow(folder, (2, 2), "grayscale", class_mode=class_mode, shuffle=False)[0]
    if class_mode is None:
        assert batch.shape == (5, 2, 2, 1)
    else:
        assert (batch[0].shape, batch[1].tolist()) == ((5, 2, 2, 1), expected)


def test_pictures_may_be_their_own_targets_and_be_kept(folder: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    flow = ImageDataGenerator(validation_split=0.5).flow_from_directory
    batches = flow(
        folder,
        (4, 5),
        classes=["dogs"],
        class_mode="input",
        subset="validation",
        save_to_dir=copies,
    )
    pictures, targets = batches[0]
    np.testing.assert_array_equal(pictures, targets)
    assert (len(pictures), len(list(copies.glob("_0_*.png")))) == (1, 1)


def test_batches_of_a_table(folder: Path) -> None:
    table = {
        "filename": ["cats/0.png", "dogs/1.png", "dogs/9.png", "cats/1.png"],
        "class": ["cat", "dog", "dog", "cat"],
        "weight": [1.0, 2.0, 3.0, 4.0],
        "size": [1, 2, 3, 4],
    }
    flow = ImageDataGenerator().flow_from_dataframe
    with pytest.warns(UserWarning, match="1 files of column 'filename' are no pictures"):
        batches = flow(table, folder, target_size=(2, 2), weight_col="weight", shuffle=False)
    pictures, labels, weights = batches[0]
    assert (pictures[:, 0, 0, 0].tolist(), labels.argmax(axis=1).tolist()) == (
        [0, 101, 1],
        [0, 1, 0],
    )
    assert weights.tolist() == [1, 2, 4]
    table["filename"][2] = "dogs/0.png"
    raw = flow(table, folder, y_col="size", class_mode="raw", target_size=(2, 2), shuffle=False)
    assert raw[0][1].tolist() == [1, 2, 3, 4]
    both = flow(
        table, folder, y_col=["size", "weight"], class_mode="multi_output", target_size=(2, 2)
    )
    assert [each.shape for each in both[0][1]] == [(4,), (4,)]
    table["class"] = [["cat"], ["dog", "cat"], ["dog"], ["bird"]]
    several = flow(table, folder, classes=["cat", "dog"], target_size=(2, 2), shuffle=False)
    assert several[0][1].tolist() == [[1, 0], [1, 1], [0, 1]]


def test_a_model_trains_on_changed_pictures() -> None:
    x = np.concatenate([np.zeros((16, 4, 4, 1)), np.ones((16, 4, 4, 1))])
    y = np.repeat([0, 1], 16)
    generator = ImageDataGenerator(horizontal_flip=True, rotation_range=5)
    model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(2)])
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    losses = model.fit(generator.flow(x, y, batch_size=8, seed=1), epochs=4, verbose=0).history[
        "loss"
    ]
    assert losses[-1] < losses[0]


def test_iterators_can_be_sent_to_workers() -> None:
    batches = pickle.loads(pickle.dumps(ImageDataGenerator().flow(PICTURES, shuffle=False)))
    np.testing.assert_array_equal(batches[0], PICTURES)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"zoom_range": [1, 2, 3]}, "zoom_range"),
        ({"brightness_range": 3}, "brightness_range"),
        ({"validation_split": 2}, "validation_split"),
        ({"data_format": "x"}, "data_format"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ImageDataGenerator(**arguments)


def test_data_that_does_not_fit_is_refused() -> None:
    generator = ImageDataGenerator()
    with pytest.raises(ValueError, match="rank 4"):
        generator.flow(PICTURES[0])
    with pytest.raises(ValueError, match="2 entries of y"):
        generator.flow(PICTURES, [1])
    with pytest.raises(ValueError, match="below 1"):
        generator.flow(PICTURES)[1]
    with pytest.raises(NotImplementedError):
        Iterator(2, 1, shuffle=False, seed=None)[0]
