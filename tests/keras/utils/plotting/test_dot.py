"""The DOT text, and what runs Graphviz."""

from __future__ import annotations

import logging
import stat
import textwrap

import pytest

import thalweg as tf
from tests.keras.utils.plotting import models

keras, layers = tf.keras, tf.keras.layers
model_to_dot = keras.utils.model_to_dot


def program(folder, body):
    """Puts a program called dot into a folder."""
    path = folder / "dot"
    path.write_text("#!/bin/sh\n" + textwrap.dedent(body))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def without_graphviz(monkeypatch, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))


@pytest.fixture
def with_program(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return lambda body: program(tmp_path, body)


def small():
    inputs = keras.Input((3,), name="a<b")
    return keras.Model(inputs, layers.Dense(2, name="scores")(inputs), name="small")


def test_text_of_a_model():
    text = model_to_dot(small(), show_shapes=True, dpi=72, rankdir="LR").to_string()
    assert text.startswith("digraph model {\ngraph [rankdir=LR, splines=ortho, dpi=72, ")
    assert "<b>a&lt;b</b> (InputLayer)" in text
    assert "Output shape: <b>(None, 2)</b>" in text
    assert text.endswith("n0 -> n1;\n}\n")


def test_text_of_groups_and_circles():
    text = model_to_dot(models.circles(), expand_nested=True).to_string()
    assert text.count("subgraph cluster_1 {") == 1
    assert "label=<<b>inner</b>>" in text
    assert "n1 -> n1;" in text
    assert "[dir=both];" in text


def test_a_subgraph_is_text_only():
    dot = model_to_dot(small(), subgraph=True)
    assert dot.to_string().startswith("subgraph cluster_0 {\ngraph [label=<<b>small</b>>")
    with pytest.raises(ValueError, match="expected a whole graph"):
        dot.create("svg")


def test_files_of_text(tmp_path):
    dot = model_to_dot(small())
    assert dot.write(tmp_path / "m.dot")
    assert (tmp_path / "m.dot").read_text() == dot.to_string()
    assert dot.create("dot").decode() == dot.to_string()


def test_graphviz_draws_where_it_is_installed(with_program):
    with_program('printf "%s:" "$1"; cat')
    dot = model_to_dot(small())
    assert dot.create("png").decode() == f"-Tpng:{dot.to_string()}"
    assert dot.create(prog="dot", format="svg").decode() == f"-Tsvg:{dot.to_string()}"


def test_where_graphviz_fails_it_is_drawn_without(with_program, caplog):
    with_program("echo no room >&2; exit 1")
    with caplog.at_level(logging.INFO, "thalweg"):
        assert model_to_dot(small()).create("svg").startswith(b"<?xml")
    assert "no room" in caplog.messages[0]


@pytest.mark.usefixtures("without_graphviz")
def test_without_graphviz_formats_have_their_marks():
    dot = model_to_dot(small())
    assert dot.create().startswith(b"<?xml")
    assert dot._repr_svg_() == dot.create().decode()
    assert dot.create("png").startswith(b"\x89PNG")
    assert dot.create("pdf").startswith(b"%PDF")
    with pytest.raises(ValueError, match=r"expected a file of format .*png.*, got 'xyz'"):
        dot.create("xyz")
