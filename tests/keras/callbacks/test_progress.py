"""The progress bar on terminals, in notebooks and in files, with streams and a clock of our own."""

from __future__ import annotations

import io
import logging

import pytest

import thalweg as tf
from thalweg._src.keras.callbacks import progress
from thalweg._src.keras.callbacks.progress import ProgressBar, say
from thalweg._src.keras.callbacks.progress_text import clock, duration, number, wrapped

keras = tf.keras


class Clock:
    """Time that passes when it is told to."""

    def __init__(self):
        self.seconds = 100.0

    def __call__(self):
        return self.seconds


class Screen(io.StringIO):
    """A terminal: carriage returns go back, long lines break, earlier lines cannot be reached."""

    def __init__(self, columns=80):
        super().__init__()
        self.columns = columns
        self.lines = [""]
        self.cursor = 0
        self.writes = 0

    def isatty(self):
        return True

    def write(self, text):
        self.writes += 1
        for character in text:
            if character == "\n":
                self.lines.append("")
                self.cursor = 0
            elif character == "\r":
                self.cursor = 0
            else:
                assert character.isprintable()
                if self.cursor == self.columns:
                    self.lines.append("")
                    self.cursor = 0
                line = self.lines[-1].ljust(self.cursor)
                self.lines[-1] = line[: self.cursor] + character + line[self.cursor + 1 :]
                self.cursor += 1
        return super().write(text)

    def shown(self):
        return [line.rstrip() for line in self.lines]


def notebook():
    """A stream like that of a notebook's kernel."""
    kind = type("OutStream", (Screen,), {"__module__": "ipykernel.iostream", "isatty": lambda s: False})
    return kind(10_000)


@pytest.fixture
def now():
    return Clock()


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")


def run(bar, now, steps, seconds, values=lambda i: {}):
    for step in range(1, steps + 1):
        now.seconds += seconds
        bar.update(step, values(step))
    bar.update(steps, values(steps), final=True)


def test_a_terminal_shows_one_line_that_is_drawn_over(now):
    screen = Screen()
    bar = ProgressBar(100, 1, screen, now=now)
    now.seconds += 5.0  # the first step compiles
    bar.update(1, {"loss": 123456.0})
    assert screen.shown() == ["  1/100 ──────────────────── 8:15 5s/step - loss: 123456.0000"]
    now.seconds += 1.0
    bar.update(51, {"loss": 1.5})
    assert screen.shown() == [" 51/100 ━━━━━━━━━━────────── 1s 20ms/step - loss: 1.5000"]
    now.seconds += 0.05
    bar.update(52, {"loss": 9.9})  # too soon to draw again
    assert "51/100" in screen.shown()[0]
    bar.update(100, {"loss": 1.25, "val_loss": 2.0}, final=True)
    assert screen.shown() == [
        "100/100 ━━━━━━━━━━━━━━━━━━━━ 6s 11ms/step - loss: 1.2500 - val_loss: 2.0000",
        "",
    ]


def test_a_terminal_is_redrawn_ten_times_a_second(now):
    screen = Screen()
    run(ProgressBar(1000, 1, screen, now=now), now, 1000, 0.002)
    assert 15 <= screen.writes <= 22


def many(count):
    return lambda step: {f"metric_{i}": 0.5 + i for i in range(count)}


@pytest.mark.parametrize("columns", [30, 50, 80, 120])
def test_live_lines_fit_the_terminal(now, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    screen = Screen(columns)
    bar = ProgressBar(100, 1, screen, now=now)
    for step in range(1, 100, 3):
        now.seconds += 0.5
        bar.update(step, many(9)(step))
    assert len(screen.lines) == 1
    assert len(screen.shown()[0]) < columns
    assert screen.shown()[0].endswith("…")


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        (62, " 5/10 ━━━──── 1s 200ms/step - loss: 1.0000 - accuracy: 0.5000"),
        (50, " 5/10 ━━━━━───── 1s 200ms/step - loss: 1.0000 - …"),
        (21, " 5/10  1s 200ms/step"),
    ],
)
def test_the_bar_shrinks_before_metrics_are_left_out(now, monkeypatch, columns, line):
    monkeypatch.setenv("COLUMNS", str(columns))
    screen = Screen(columns)
    bar = ProgressBar(10, 1, screen, now=now)
    now.seconds += 1
    bar.update(5, {"loss": 1.0, "accuracy": 0.5})
    assert screen.shown() == [line]


def test_the_last_line_is_wrapped_between_metrics(now):
    screen = Screen()
    run(ProgressBar(3, 1, screen, now=now), now, 3, 0.5, many(6))
    assert screen.shown() == [
        "3/3 ━━━━━━━━━━━━━━━━━━━━ 2s 500ms/step - metric_0: 0.5000 - metric_1: 1.5000",
        "    metric_2: 2.5000 - metric_3: 3.5000 - metric_4: 4.5000 - metric_5: 5.5000",
        "",
    ]


def test_a_notebook_is_redrawn_twice_a_second(now):
    stream = notebook()
    run(ProgressBar(1000, 1, stream, interval=0.05, now=now), now, 1000, 0.01)
    assert 15 <= stream.writes <= 22
    assert stream.shown()[0].startswith("1000/1000 ━")
    assert len(stream.lines) == 2


def test_a_file_gets_one_line_of_a_short_run(now):
    stream = io.StringIO()
    run(ProgressBar(59, 1, stream, now=now), now, 59, 1.0, lambda i: {"loss": float(i)})
    assert stream.getvalue() == "59/59 ━━━━━━━━━━━━━━━━━━━━ 59s 1s/step - loss: 59.0000\n"


def test_a_file_gets_a_line_each_half_minute_of_a_long_run(now):
    stream = io.StringIO()
    run(ProgressBar(1000, 1, stream, now=now), now, 150, 1.0, many(9))
    lines = stream.getvalue().splitlines()
    assert [line.split()[0] for line in lines] == [
        *(f"{n}/1000" for n in (60, 90, 120, 150)),
        "150/1000",
    ]
    assert lines[0].startswith("  60/1000 ━─────────────────── 15:40 1s/step - metric_0")
    assert lines[0].endswith("metric_8: 8.5000")
    assert stream.getvalue().replace("\n", "").isprintable()


def test_one_line_an_epoch_means_one(now):
    stream = io.StringIO()
    run(ProgressBar(300, 2, stream, now=now), now, 300, 1.0, lambda i: {"loss": 2.0})
    assert stream.getvalue() == "300/300 - 300s - 1s/step - loss: 2.0000\n"


def test_a_terminal_that_cannot_go_back_is_a_file(now, monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    screen = Screen()
    run(ProgressBar(30, 1, screen, now=now), now, 30, 1.0)
    assert screen.writes == 1


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_streams_without_our_characters_get_plain_ones(now, encoding):
    held = io.BytesIO()
    stream = io.TextIOWrapper(held, encoding=encoding, newline="\n")
    bar = ProgressBar(4, 1, stream, now=now)
    bar.update(2, {"größe": 1.0}, final=True)
    text = held.getvalue().decode(encoding)
    assert text.startswith("2/4 ==========.......... 0s 0us/step - gr")


def test_wide_letters_count_twice(now):
    screen = Screen()
    bar = ProgressBar(None, 1, screen, width=5, now=now)
    now.seconds += 1
    bar.update(1, {"損失": 0.5})
    bar.clear()
    assert screen.shown() == [""]
    assert " " * len("1/? ━━━━━ 1s 1s/step - 損失: 0.5000") + "  " in screen.getvalue()


def test_messages_take_the_open_line_away(now, monkeypatch):
    screen = Screen()
    monkeypatch.setattr("sys.stdout", screen)
    bar = ProgressBar(10, 1, now=now)
    now.seconds += 1
    bar.update(5, {"loss": 1.0})
    say("Epoch 1: early stopping")
    bar.update(10, {"loss": 0.5}, final=True)
    say("done")
    assert screen.shown() == [
        "Epoch 1: early stopping",
        "10/10 ━━━━━━━━━━━━━━━━━━━━ 1s 0us/step - loss: 0.5000",
        "done",
        "",
    ]


def test_without_interactive_logging_only_the_last_line_is_logged(now, caplog):
    screen = Screen()
    keras.config.disable_interactive_logging()
    try:
        with caplog.at_level(logging.INFO, "thalweg"):
            run(ProgressBar(200, 1, screen, now=now), now, 200, 1.0)
            say("a message")
    finally:
        keras.config.enable_interactive_logging()
    assert screen.writes == 0
    assert caplog.messages == ["200/200 ━━━━━━━━━━━━━━━━━━━━ 200s 1s/step", "a message"]


def test_texts():
    assert [clock(s) for s in (3.4, 59.6, 65, 3600, 7210)] == ["3s", "1:00", "1:05", "1:00:00", "2:00:10"]
    assert [duration(s) for s in (2.4, 0.0123, 4e-6)] == ["2s", "12ms", "4us"]
    assert [number(v) for v in (0.5, 1e-5, float("nan"), [1.0, 2.0])] == [
        "0.5000",
        "1.0000e-05",
        "nan",
        "[1.0000 2.0000]",
    ]
    assert wrapped("a - b - c", 5) == ["a - b", "    c"]
    assert wrapped("longer than that - b", 5) == ["longer than that", "    b"]


def test_fit_draws_on_a_terminal_and_leaves_a_line_an_epoch(monkeypatch):
    screen = Screen()
    monkeypatch.setattr("sys.stdout", screen)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = tf.ones((8, 2)), tf.ones((8, 1))
    model.fit(x, y, epochs=2, batch_size=4, validation_data=(x, y))
    shown = screen.shown()
    assert shown[0] == "Epoch 1/2"
    assert shown[1].startswith("2/2 ━━━━━━━━━━━━━━━━━━━━ ")
    assert "val_loss" in shown[1]
    assert [line.split()[0] for line in shown[2:4]] == ["Epoch", "2/2"]
    assert shown[4:] == [""]
    assert progress.ProgressBar._open is None
