"""The demo draws what it is given, and its line classifier learns; the whole is a slow test."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from thalweg._src.cli import demo, main


def read_frames(path: Path) -> list[np.ndarray]:
    with Image.open(path) as film:
        frames = []
        for number in range(film.n_frames):
            film.seek(number)
            frames.append(np.asarray(film.convert("RGB")))
        return frames


def test_curves_are_drawn(tmp_path: Path) -> None:
    history = {"loss": [1.0, 0.5], "val_loss": [1.1, 0.7]}
    history |= {"accuracy": [0.5, 0.8], "val_accuracy": [0.4, 0.7]}
    demo.draw_curves(history, tmp_path / "curve.png")
    with Image.open(tmp_path / "curve.png") as picture:
        assert min(picture.size) > 300


@pytest.mark.parametrize("mistakes", [0, 3, 20])
def test_predictions_are_drawn(tmp_path: Path, mistakes: int) -> None:
    labels = np.arange(40) % 10
    read = np.eye(10)[np.where(np.arange(40) < mistakes, (labels + 1) % 10, labels)]
    images = np.random.default_rng(0).random((40, 28, 28, 1))
    demo.draw_predictions(images, labels, read, tmp_path / "predictions.png")
    with Image.open(tmp_path / "predictions.png") as picture:
        reds = (np.asarray(picture.convert("RGB")) == [0xD1, 0x37, 0x3F]).all(axis=-1)
    assert reds.any() == (mistakes > 0)


@pytest.mark.parametrize("weights", [(1.0, 0.0), (0.0, -2.0), (0.3, 0.4)])
def test_line_ends_lie_on_the_line_and_the_border(weights: tuple[float, float]) -> None:
    limits = (np.array([-4.0, -4.0]), np.array([6.0, 6.0]))
    x, y = demo._line_through(np.array(weights), 0.25, limits)
    np.testing.assert_allclose(weights[0] * x + weights[1] * y, 0.25)
    along = x if abs(weights[1]) >= abs(weights[0]) else y
    np.testing.assert_array_equal(along, [-4.0, 6.0])


def test_film_moves_and_rests_on_its_last_frame(tmp_path: Path) -> None:
    points, targets = demo.two_clouds()
    film = demo.LineFilm(points, targets[:, 0])
    film.add(0, np.array([1.0, 1.0]), 0.0, 0.5)
    film.add(1, np.array([0.2, -0.1]), 0.4, 0.97)
    film.save(tmp_path / "line.gif")
    first, second = read_frames(tmp_path / "line.gif")
    assert (first != second).any()
    with Image.open(tmp_path / "line.gif") as saved:
        assert saved.info["loop"] == 0
        saved.seek(1)
        assert saved.info["duration"] == demo.LAST_FRAME_MILLISECONDS


def test_line_classifier_parts_the_clouds(tmp_path: Path) -> None:
    assert demo.animate_line(tmp_path / "line.gif") > 0.95
    assert len(read_frames(tmp_path / "line.gif")) > demo.LINE_STEPS // 2


def test_missing_matplotlib_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "thalweg._src.cli.demo")
    monkeypatch.setattr("thalweg._src.cli.demo", None, raising=False)
    monkeypatch.delattr("thalweg._src.cli.demo")
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main.main(["demo"]) == 1
    assert 'pip install "thalweg[plot]"' in capsys.readouterr().err


@pytest.mark.slow
def test_whole_demo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["demo", "--output", str(tmp_path / "out")]) == 0
    pictures = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert pictures == ["learning-curve.png", "line.gif", "predictions.png"]
    text = capsys.readouterr().out
    assert "of the test digits are right" in text
    assert all(name in text for name in pictures)


def test_demo_fails_when_accuracy_is_low(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Guesser:
        def fit(self, *args: object, **kwargs: object) -> object:
            names = ("loss", "accuracy", "val_loss", "val_accuracy")
            return type("History", (), {"history": {name: [0.5] for name in names}})

        def evaluate(self, *args: object, **kwargs: object) -> list[float]:
            return [2.3, 0.1]

        def predict(self, x: np.ndarray, **kwargs: object) -> np.ndarray:
            return np.eye(10)[np.zeros(len(x), int)]

    monkeypatch.setattr(demo, "build_classifier", Guesser)
    monkeypatch.setattr(demo, "animate_line", lambda path: 1.0)
    assert demo.run(tmp_path) == 1
    assert "something is wrong" in capsys.readouterr().out
