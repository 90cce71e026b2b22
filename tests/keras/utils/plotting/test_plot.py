"""`plot_model`: files, sizes, what notebooks show, messages."""

from __future__ import annotations

import io
import sys
import types
import xml.etree.ElementTree

import pytest
from PIL import Image

import thalweg as tf
from tests.keras.utils.plotting import models

keras, layers = tf.keras, tf.keras.layers
plot_model = keras.utils.plot_model


@pytest.fixture(autouse=True)
def without_graphviz(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def without_matplotlib(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)


def test_the_suffix_decides(tmp_path):
    model = models.chain()
    marks = {"a.png": b"\x89PNG", "b.svg": b"<?xml", "c.pdf": b"%PDF", "d.dot": b"digraph", "e": b"\x89PNG"}
    for name, mark in marks.items():
        assert plot_model(model, tmp_path / name) is None
        assert (tmp_path / name).read_bytes().startswith(mark)


def test_dpi_sets_the_size_and_ink_is_there(tmp_path):
    sizes = []
    for dpi in (72, 144):
        plot_model(models.chain(), str(tmp_path / "m.png"), dpi=dpi)
        image = Image.open(tmp_path / "m.png").convert("L")
        sizes.append(image.size)
        assert image.getextrema() == (pytest.approx(30, abs=30), 255)
    assert sizes[1] == pytest.approx((2 * sizes[0][0], 2 * sizes[0][1]), abs=2)


def test_very_long_models_are_drawn_smaller(tmp_path):
    model = keras.Sequential([keras.Input((2,)), *(layers.Activation("relu") for _ in range(150))])
    plot_model(model, tmp_path / "m.png", dpi=600)
    with Image.open(tmp_path / "m.png") as image:
        assert image.size[1] == pytest.approx(32_000, abs=2)


def test_svg_is_proper_and_holds_the_names(tmp_path):
    plot_model(models.nested(), tmp_path / "m.svg", show_layer_names=True, expand_nested=True)
    root = xml.etree.ElementTree.parse(tmp_path / "m.svg").getroot()
    texts = {"".join(e.itertext()) for e in root.iter() if e.tag.endswith("text")}
    assert {"x (InputLayer)", "one", "one_tail", "two_g (Dense)"} <= texts


@pytest.mark.usefixtures("without_matplotlib")
def test_pillow_alone_draws_pixels(tmp_path):
    for splines in ("ortho", "curved"):
        plot_model(models.circles(), tmp_path / "m.png", splines=splines, expand_nested=True, dpi=72)
        with Image.open(tmp_path / "m.png") as image:
            assert image.convert("L").getextrema()[0] < 60
    with pytest.raises(ValueError, match="expected a file of format png, jpg, jpeg, pdf"):
        plot_model(models.chain(), tmp_path / "m.tiff")


@pytest.mark.usefixtures("without_matplotlib")
def test_without_anything_that_draws_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(ImportError, match=r'pip install "thalweg\[plot\]", or write an .svg'):
        plot_model(models.chain(), tmp_path / "m.png")
    plot_model(models.chain(), tmp_path / "m.svg")


def test_notebooks_get_the_picture(tmp_path, monkeypatch):
    display = types.SimpleNamespace(
        Image=lambda data: ("image", data[:4]), SVG=lambda data: ("svg", data[:5])
    )
    monkeypatch.setitem(sys.modules, "IPython", types.ModuleType("IPython"))
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    model = models.chain()
    assert plot_model(model, tmp_path / "m.png", dpi=50) == ("image", b"\x89PNG")
    assert plot_model(model, tmp_path / "m.svg") == ("svg", b"<?xml")
    assert plot_model(model, None) == ("svg", b"<?xml")
    assert plot_model(model, tmp_path / "m.pdf") is None


def test_messages():
    model = models.chain()
    with pytest.raises(ValueError, match=r"expected a model that is built, got 'empty'"):
        plot_model(keras.Sequential([layers.Dense(1)], name="empty"))
    with pytest.raises(ValueError, match=r"expected rankdir to be one of TB, BT, LR, RL, got 'XX'"):
        plot_model(model, rankdir="XX")
    with pytest.raises(ValueError, match=r"expected splines to be one of ortho, .*, got 'wavy'"):
        plot_model(model, splines="wavy")
    with pytest.raises(ValueError, match=r"unknown arguments \['layer_range'\]"):
        plot_model(model, layer_range=["a", "b"])


def test_pictures_are_the_same_each_time(tmp_path):
    pictures = []
    for _ in range(2):
        held = io.BytesIO()
        plot_model(models.siamese(), tmp_path / "m.png", dpi=50)
        held.write((tmp_path / "m.png").read_bytes())
        pictures.append(held.getvalue())
    assert pictures[0] == pictures[1]
