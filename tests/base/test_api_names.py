"""The table of names: what it says of names that are missing, and what it leads to."""

from __future__ import annotations

import pytest

import thalweg
from thalweg import keras
from thalweg._src.base import api_names
from thalweg._src.base.api_names import Absent, canonical, door_path


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("thalweg", "tf"),
        ("thalweg.nn", "tf.nn"),
        ("thalweg.keras", "keras"),
        ("thalweg.keras.layers", "keras.layers"),
        ("thalweg.keras_other", "tf.keras_other"),
    ],
)
def test_doors_and_names_stand_for_each_other(path: str, name: str) -> None:
    assert (canonical(path), door_path(name)) == (name, path)


def test_a_name_stands_for_all_below_it() -> None:
    row = Absent(("tf.queue", "tf.q*nt8"), "", planned=True, counts=True)
    assert [row.covers(n) for n in ("tf.queue.Queue.size", "tf.qint8", "tf.queues", "tf")] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("door", "name", "message"),
    [
        (thalweg, "distribute", "comes later, with training on several devices"),
        (thalweg.nn, "rnn_cell", r"write keras\.layers: SimpleRNNCell"),
        (keras, "quantizers", "comes later, with models in fewer bits"),
        (keras.backend, "placeholder", r"write keras\.Input"),
    ],
)
def test_a_door_says_why_it_lacks_a_name(door: object, name: str, message: str) -> None:
    with pytest.raises(AttributeError, match=message):
        getattr(door, name)
    assert not hasattr(door, name)


def test_an_unknown_name_is_python_s_own_error() -> None:
    with pytest.raises(
        AttributeError, match="^module 'thalweg.keras.layers' has no attribute 'Dens'$"
    ) as caught:
        keras.layers.Dens  # noqa: B018
    assert (caught.value.name, caught.value.obj) == ("Dens", keras.layers)


def test_second_names_are_the_same_module() -> None:
    assert thalweg.optimizers is keras.optimizers
    assert keras.utils.np_utils is keras.utils
    assert keras.layers.experimental.preprocessing is keras.layers


def test_names_of_python_s_tools_do_not_open_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise AssertionError("read")

    monkeypatch.setattr(api_names, "api_names", refuse)
    assert not hasattr(keras.layers, "__wrapped__")


def test_methods_of_older_versions_say_what_to_write() -> None:
    model = keras.Sequential([keras.layers.Dense(1)])
    with pytest.raises(
        AttributeError, match=r"'Sequential' object has no attribute 'fit_generator': write fit\("
    ):
        model.fit_generator  # noqa: B018
    assert not hasattr(model, "predict_classes")
    with pytest.raises(AttributeError, match=r"write layer\.output\.shape"):
        model.layers[0].output_shape  # noqa: B018


def test_layers_may_use_the_names_for_themselves() -> None:
    class Own(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.updates = [1]

        def reset_states(self) -> str:
            return "done"

    assert (list(Own().updates), Own().reset_states()) == ([1], "done")
