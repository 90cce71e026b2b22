"""Results of `keras.backend` are those of Keras."""

from __future__ import annotations

import json
import pathlib

import pytest

import thalweg as tf
from tests.golden import support
from tests.keras.backend.table import ROWS

RECORDED = json.loads(pathlib.Path(__file__).with_name("golden.json").read_text(encoding="utf-8"))


def test_the_record_is_that_of_the_table():
    assert set(RECORDED["values"]) == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_results_are_those_of_keras(name):
    case = support.Case(name, lambda *_: None, 1e-5, 1e-6)
    got = ROWS[name](tf.keras.backend)
    found = [f"{p}: {m}" for p, m in support.compare(RECORDED["values"][name], got, tf, case)]
    assert not found, "\n".join(found)
