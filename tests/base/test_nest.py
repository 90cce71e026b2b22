"""Structures: walked in one order, rebuilt exactly, compared strictly."""

from __future__ import annotations

from collections import OrderedDict, namedtuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thalweg._src.base import nest

Point = namedtuple("Point", "x y")
structures = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=2), inner, max_size=3)
        | st.builds(Point, inner, inner)
    ),
    max_leaves=12,
)


@given(structures)
def test_pack_is_the_inverse_of_flatten(structure):
    assert nest.pack_sequence_as(structure, nest.flatten(structure)) == structure


@given(structures)
def test_mapping_the_identity_changes_nothing(structure):
    assert nest.map_structure(lambda leaf: leaf, structure) == structure


def test_dicts_are_walked_in_key_order_and_keep_their_own():
    structure = OrderedDict([("b", 1), ("a", [2, 3])])
    assert nest.flatten(structure) == [2, 3, 1]
    assert list(nest.map_structure(lambda x: x, structure)) == ["b", "a"]


def test_none_is_a_leaf():
    assert nest.flatten([None, 1]) == [None, 1]


@pytest.mark.parametrize(
    ("one", "other"), [([1], [1, 2]), ({"a": 1}, {"b": 1}), ([1], 1), ([[1]], [1])]
)
def test_different_structures_are_refused(one, other):
    with pytest.raises(ValueError, match=r"nest.assert_same_structure\] expected"):
        nest.assert_same_structure(one, other)


def test_different_containers_are_refused_unless_allowed():
    with pytest.raises(TypeError, match="containers of one type"):
        nest.assert_same_structure([1], (1,))
    nest.assert_same_structure([1], (1,), check_types=False)


@pytest.mark.parametrize("flat", [[1], [1, 2, 3]])
def test_a_wrong_number_of_leaves_is_refused(flat):
    with pytest.raises(ValueError, match="leaves"):
        nest.pack_sequence_as({"a": 0, "b": 0}, flat)
