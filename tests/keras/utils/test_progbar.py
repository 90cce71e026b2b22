"""`Progbar`: its last line, averages, what is written where."""

from __future__ import annotations

import logging
import re

import pytest

import thalweg as tf

Progbar = tf.keras.utils.Progbar


def line(capsys):
    return re.sub(r"\d+(us|ms|s)\b", "T", capsys.readouterr().out)


def test_one_line_at_the_end(capsys):
    bar = Progbar(4, verbose=2, unit_name="job")
    bar.update(1, [("loss", 1.0)])
    bar.add(3, [("loss", 0.5), ("small", 1e-5)])
    assert line(capsys) == "4/4 - T - T/job - loss: 0.5000 - small: 1.0000e-05\n"


def test_a_bar_of_its_width(capsys):
    Progbar(3, width=5).update(3)
    assert line(capsys) == "3/3 ━━━━━ T T/step\n"


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({}, "a: 2.0000 - b: 2.0000"),
        ({"stateful_metrics": ["a"]}, "a: 2.0000 - b: 1.7500"),
        ({"stateless_metrics": ["a"]}, "a: 1.7500 - b: 2.0000"),
    ],
    ids=["neither", "stateful", "stateless"],
)
def test_averages_over_steps(capsys, options, shown):
    bar = Progbar(4, verbose=2, **options)
    bar.update(1, [("a", 1.0), ("b", 1.0)])
    bar.update(4, [("a", 2.0), ("b", 2.0)])
    assert line(capsys).endswith(f"{shown}\n")


def test_without_a_target_the_end_is_said(capsys):
    bar = Progbar(None, verbose=2)
    bar.update(2, [("a", 0.5)])
    assert line(capsys) == ""
    bar.update(3, finalize=True)
    assert line(capsys) == "3/? - T - T/step - a: 0.5000\n"


def test_silence(capsys):
    Progbar(1, verbose=0).update(1, [("a", 1.0)])
    assert line(capsys) == ""


def test_without_interactive_logging_the_logger_gets_the_line(capsys, caplog):
    tf.keras.utils.disable_interactive_logging()
    try:
        with caplog.at_level(logging.INFO, "thalweg"):
            Progbar(1).update(1, [("a", 1.0)])
    finally:
        tf.keras.utils.enable_interactive_logging()
    assert line(capsys) == ""
    assert caplog.messages[0].endswith("a: 1.0000")


def test_one_kind_of_metric_is_named():
    with pytest.raises(ValueError, match=r"\[Progbar\] expected stateful_metrics or stateless"):
        Progbar(1, stateful_metrics=["a"], stateless_metrics=["b"])
