"""`Model.summary`: the texts of real Keras, and what differs on purpose."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import thalweg as tf
from tests.keras.golden.summary_cases import CASES, chain, connected, text_of

keras, layers = tf.keras, tf.keras.layers
GOLDEN = json.loads((Path(__file__).parent / "golden" / "summaries.json").read_text("utf-8"))["texts"]
# The batch size is open in the shapes of a Sequential that was built by a call.
OPEN_BATCH = ("built-late", "written-built", "written-built-expanded")
# A layer called with several shapes shows all of them.
OTHER_ROWS = ("several-shapes",)


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")


def test_every_case_is_recorded():
    assert list(GOLDEN) == list(CASES)


@pytest.mark.parametrize("name", [n for n in CASES if n not in OTHER_ROWS])
def test_texts_are_those_of_keras(name):
    text, wanted = text_of(keras, name), "\n".join(GOLDEN[name]).rstrip("\n")
    if name in OPEN_BATCH:
        text, wanted = (_squeezed(part.replace("(None, ", "(2, ")) for part in (text, wanted))
    assert text == wanted


def _squeezed(text):
    return [" ".join(line.split()) for line in text.split("\n")]


def test_a_layer_of_several_shapes_shows_them():
    assert "(None, 4), (None," in text_of(keras, "several-shapes")


def test_lines_longer_than_the_screen_are_whole():
    model, _ = connected(keras)
    printed = []
    model.summary(line_length=130, print_fn=printed.append)
    table = [line for line in printed[0].split("\n") if line[0] not in " M"]
    assert {len(line) for line in table} == {130}


def test_positions_may_be_characters():
    model, _ = connected(keras)
    printed = []
    model.summary(line_length=80, positions=[25, 45, 60, 80], print_fn=printed.append)
    top = printed[0].split("\n")[1]
    assert [len(part) for part in top.strip("┏┓").split("┳")] == [24, 19, 13, 19]


def test_it_prints_once_and_without_a_function_to_the_output(capsys):
    model, _ = chain(keras)
    printed = []
    model.summary(print_fn=printed.append)
    model.summary()
    assert [text + "\n" for text in printed] == [capsys.readouterr().out]


def test_a_range_may_be_given_from_below():
    model, _ = chain(keras)
    printed = []
    model.summary(layer_range=("outputs", "hidden"), print_fn=printed.append)
    model.summary(layer_range=("hidden", "outputs"), print_fn=printed.append)
    assert printed[0] == printed[1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layer_range": ["zzz", "outputs"]}, r"expected layer_range to match two layers, got \['zzz', "),
        ({"layer_range": ["hidden"]}, "expected layer_range to be a pair of names"),
        ({"positions": [0.3, 0.6]}, "expected 3 positions, where the columns"),
    ],
    ids=["unknown", "one", "positions"],
)
def test_messages(options, message):
    model, _ = chain(keras)
    with pytest.raises(ValueError, match=message):
        model.summary(**options)
