"""thalweg gives what TensorFlow gives: golden values of `cases/image.py`."""

from __future__ import annotations

import importlib.util

import pytest

import thalweg as tf

from . import support
from .cases.image import cases

RECORD = support.load("image")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "conversion/float16 to *int*": "float16 overflows in TensorFlow; here it is widened or cut off",
    "conversion/float32 to int32": "1.0 becomes the largest integer; in TensorFlow the smallest",
    "jpeg/part": "TensorFlow interpolates colours at the edge of the part as if the image ended there",
}


@pytest.mark.parametrize("case", list(cases), ids=lambda case: case.name)
def test_image(case: support.Case) -> None:
    """The case gives the recorded result."""
    if case.name == "jpeg_fast" and not importlib.util.find_spec("simplejpeg"):
        pytest.skip("needs simplejpeg")
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
