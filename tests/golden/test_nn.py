"""thalweg gives what TensorFlow gives: golden values of `cases/nn.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.nn import cases
from .later import parameters

RECORD = support.load("nn")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "image_basics/ssim": "of images of one color, where rounding decides; 0.99447 is exact, we are nearer",
    "batch_normalization/fused": "there is no tf.compat.v1",
    "weighted_cross_entropy": "The gradient at a logit of 0 is exact; TensorFlow gives twice it or 0.",
}

#: Cases about what is still to come -> what that is.
LATER: dict[str, str] = {
}

#: Entries of cases about what is still to come -> what that is.
LATER_PARTS: dict[str, str] = {
}


@pytest.mark.parametrize("case", parameters(cases, LATER))
def test_nn(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE | LATER_PARTS, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
