"""Arguments of Keras 2: those that can still mean something work, the others say what to write."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from thalweg import keras
from thalweg._src.keras.training.trainer import Trainer

X, Y = np.ones((4, 2), np.float32), np.ones((4, 1), np.float32)


class Batches(keras.utils.PyDataset):
    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> Any:
        return X, Y


@pytest.fixture
def model() -> keras.Model:
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


def test_workers_are_those_of_the_data(model: keras.Model) -> None:
    training, validation = Batches(), Batches()
    model.fit(training, validation_data=validation, workers=2, max_queue_size=3, verbose=0)
    assert (training.workers, training.max_queue_size) == (2, 3)
    assert (validation.workers, validation.max_queue_size) == (2, 3)
    model.evaluate(x=training, workers=1, use_multiprocessing=False, verbose=0)
    assert (training.workers, training.use_multiprocessing) == (1, False)


def test_arrays_need_no_workers(model: keras.Model) -> None:
    assert model.predict(X, workers=4, verbose=0).shape == (4, 1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda model, _: model.fit(X, Y, nb_epoch=1),
            r"^fit\(\) got .* 'nb_epoch'\. For .* write epochs\.$",
        ),
        (
            lambda model, _: model.fit(X, Y, other=1),
            r"^fit\(\) got an unexpected keyword argument 'other'\.$",
        ),
        (lambda model, _: model.compile(target_tensors=[]), "write y in fit"),
        (lambda _, path: keras.callbacks.ModelCheckpoint(path, period=2), "write save_freq"),
        (
            lambda _, path: keras.callbacks.TensorBoard(path, write_grads=True),
            "tf.summary.histogram",
        ),
    ],
)
def test_other_arguments_say_what_to_write(
    call: Callable[[Any, str], Any], message: str, model: keras.Model, tmp_path: Path
) -> None:
    with pytest.raises(TypeError, match=message):
        call(model, str(tmp_path / "x.keras"))


def test_layers_say_what_to_write() -> None:
    with pytest.raises(
        ValueError, match=r"\['border_mode'\]; .* For 'border_mode' write padding\.$"
    ):
        keras.layers.Conv2D(3, 3, border_mode="same")
    with pytest.raises(ValueError, match=r"For 'fused' write nothing"):
        keras.layers.BatchNormalization(fused=True)


def test_signatures_stay_as_they_are() -> None:
    assert "workers" not in inspect.signature(Trainer.fit).parameters
    assert list(inspect.signature(Trainer.predict).parameters)[:2] == ["self", "x"]


def test_the_rate_has_its_older_name(model: keras.Model) -> None:
    assert float(keras.optimizers.Adam(lr=0.25).learning_rate) == 0.25
    assert float(keras.optimizers.SGD(lr=0.5, momentum=0.9).lr) == 0.5
    model.optimizer.lr = 0.5
    keras.backend.set_value(model.optimizer.lr, keras.backend.get_value(model.optimizer.lr) / 2)
    assert float(model.optimizer.learning_rate) == 0.25
