"""`History`: curves and frames."""

from __future__ import annotations

import sys
import types

import pytest

import thalweg as tf

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

from matplotlib.figure import Figure  # noqa: E402

keras = tf.keras


@pytest.fixture(scope="module")
def model():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    return model


DATA = (tf.ones((4, 2)), tf.ones((4, 1)))


@pytest.fixture(scope="module")
def history(model):
    return model.fit(*DATA, epochs=4, validation_data=DATA, validation_freq=2, verbose=0)


def lines(axes):
    return {line.get_label(): list(line.get_xdata()) for line in axes.get_lines()}


def test_each_metric_has_axes_with_both_curves(history):
    axes = history.plot()
    assert [a.get_title() for a in axes] == ["loss", "mae"]
    assert lines(axes[0]) == {"training": [1, 2, 3, 4], "validation": [2, 4]}
    assert list(axes[1].get_lines()[1].get_ydata()) == history.history["val_mae"]
    matplotlib.pyplot.close("all")


def test_axes_may_be_given(history):
    one = Figure().add_subplot()
    assert history.plot(ax=one) is one
    assert list(lines(one)) == ["loss", "val_loss", "mae", "val_mae"]
    two = list(Figure().subplots(1, 2))
    assert history.plot(["mae", "loss"], ax=two) == two
    assert [a.get_title() for a in two] == ["mae", "loss"]
    single = Figure().add_subplot()
    history.plot("mae", ax=single)
    assert single.get_title() == "mae"


def test_messages(history):
    with pytest.raises(ValueError, match=r"expected names among \['loss', 'mae'\], got \['recall'\]"):
        history.plot("recall")
    with pytest.raises(ValueError, match="got 3"):
        history.plot(ax=list(Figure().subplots(1, 3)))
    with pytest.raises(ValueError, match=r"\[History.plot\] expected names among \[\], got none"):
        keras.callbacks.History().plot()


@pytest.mark.parametrize(
    ("module", "call", "package"),
    [
        ("pandas", lambda h: h.to_frame(), "pandas"),
        ("matplotlib.pyplot", lambda h: h.plot(), r'"thalweg\[plot\]"'),
    ],
    ids=["pandas", "matplotlib"],
)
def test_what_is_missing_is_named(history, monkeypatch, module, call, package):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=rf"found it missing; run pip install {package}"):
        call(history)


@pytest.fixture
def pandas(monkeypatch):
    """Stands for pandas: a frame as a dict of columns, a column as a dict by epoch."""

    class Frame(dict):
        index = types.SimpleNamespace(name=None)

    fake = types.ModuleType("pandas")
    fake.Series = lambda values, index: dict(zip(index, values, strict=True))
    fake.DataFrame = Frame
    monkeypatch.setitem(sys.modules, "pandas", fake)


@pytest.mark.usefixtures("pandas")
def test_frames_have_a_row_for_each_epoch(history):
    frame = history.to_frame()
    assert list(frame) == ["loss", "mae", "val_loss", "val_mae"]
    assert list(frame["loss"]) == [0, 1, 2, 3]
    assert list(frame["val_loss"]) == [1, 3]
    assert list(frame["loss"].values()) == history.history["loss"]
    assert frame.index.name == "epoch"


@pytest.mark.usefixtures("pandas")
def test_epochs_go_on_in_further_runs_and_after_a_restart(model):
    record = keras.callbacks.History()
    model.fit(*DATA, epochs=2, callbacks=[record], verbose=0)
    model.fit(*DATA, epochs=2, callbacks=[record], verbose=0)
    assert list(record.to_frame()["loss"]) == [0, 1, 2, 3]
    assert record.epoch == [0, 1]
    again = keras.callbacks.History()
    again.set_state(record.get_state())
    assert list(again.to_frame()["loss"]) == [0, 1, 2, 3]
    again.history["loss"] = [1.0, 2.0]  # put in by hand
    assert list(again.to_frame()["loss"]) == [0, 1]


@pytest.mark.usefixtures("pandas")
def test_a_first_epoch_that_is_not_0_keeps_its_number(model):
    history = model.fit(*DATA, epochs=4, initial_epoch=2, verbose=0)
    assert list(history.to_frame()["loss"]) == [2, 3]
