"""thalweg gives what Keras gives: golden values of `cases/keras_image_layers.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.keras_image_layers import cases

RECORD = support.load("keras_image_layers")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "random_flip/*.masks": "masks keep their dtype, as other layers of Keras keep it",
    "mixing/mix masks": "masks are mixed like their images; Keras gives twice as many channels",
    "mixing/mix boxes.labels": "the labels of boxes stay in their image; Keras' end up in further images",
    "warps/shear * boxes.boxes": "boxes move with the images; Keras' move by another share where height and "
    "width differ",
}


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases])
def test_keras_image_layers(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
