"""thalweg gives what TensorFlow gives: golden values of `cases/ragged.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.ragged import cases
from .later import parameters

RECORD = support.load("ragged")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "slice_*_two_dots": "one ... at most, as for tensors",
    "slice_*_newaxis_row": "works; TensorFlow fails on rows that are tensors",
    "op_wide_where_scalar": "a scalar combines with dense inner dimensions too",
    "binary_nextafter": "broadcasts like the other binary functions",
    "reduce_keepdims_all_reduce_*_wide": "the rank stays; TensorFlow adds one dimension too many",
    "reduce_keepdims_01_*": "a tensor, as no ragged dimension is left",
    "reduce_other_axes_repeated": "every axis once, as for tensors",
    "reduce_other_axis_tensor": "axes may be tensors, as for tensors",
    "stack_*/splits": "row splits are int64 unless asked otherwise",
    "segment_partitions*/splits": "row splits are int64 unless asked otherwise",
    "shaping_tile_count": "multiples are counted, as for tensors",
    "shaping_split_rest": "one size may be -1, as for tensors",
    "gather_nd_beyond": "an index beyond its row is refused, not taken from the next",
    "mask_tf": "tf.boolean_mask takes ragged tensors too",
}

#: Cases about what is still to come -> what that is.
LATER: dict[str, str] = {}


@pytest.mark.parametrize("case", parameters(cases, LATER))
def test_ragged(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
