"""`keras.tree` beyond the golden values: messages name the place, warnings, replaced by None."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

T = tf.keras.tree


def test_tensors_are_leaves():
    x = tf.ones((2,))
    assert T.flatten({"a": x, "b": np.ones(2)})[0] is x
    assert not T.is_nested(x)


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        ({"a": [1]}, {"a": (1,)}, r"expected a list at \('a',\), got"),
        ([1, [2]], [1, 2], r"expected a list at \(1,\), got 2 of type int"),
        ([1, 2], [1], "expected a list of length 2, got length 1"),
        ({"a": 1}, {"b": 1}, r"keys \['a'\], got \['b'\]"),
        ([1], [[1]], r"expected a leaf at \(0,\)"),
    ],
    ids=["kind", "leaf", "length", "keys", "deeper"],
)
def test_messages_name_the_place(one, other, message):
    with pytest.raises(ValueError, match=message):
        T.map_structure(lambda x, y: x, one, other)


def test_nothing_is_called_before_the_forms_are_checked():
    called = []
    with pytest.raises(ValueError, match="expected a leaf"):
        T.map_structure(lambda x, y: called.append(x), [1, 2], [1, [2]])
    assert called == []


def test_check_types_is_deprecated():
    with pytest.warns(DeprecationWarning, match="check_types has no effect"):
        T.assert_same_structure([1], [1], check_types=False)


def test_both_forms_of_map_to_none():
    for sign in (T.MAP_TO_NONE, T.MAP_TO_NONE()):
        assert T.traverse(lambda x, s=sign: s if x == 1 else None, [1, 2]) == [None, 2]


def test_differing_paths_are_listed():
    with pytest.raises(ValueError, match=r"\(1, 0\).* only in the first .*\(1,\)"):
        T.assert_same_paths([1, (2,)], [3, 4])
