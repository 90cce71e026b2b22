"""TensorShape and TensorSpec behave as TensorFlow's."""

from __future__ import annotations

import pickle

import pytest

import thalweg as tf


def test_a_shape_is_a_sequence_of_ints():
    shape = tf.TensorShape([None, 32, 3])
    assert shape[1] == 32
    assert shape[0] is None
    assert shape[1:] == (32, 3)
    assert list(shape) == [None, 32, 3]
    assert shape.rank == len(shape) == 3
    assert repr(shape) == "TensorShape([None, 32, 3])"
    assert str(shape) == "(None, 32, 3)"


def test_shapes_compare_with_tuples_and_lists():
    assert tf.TensorShape([2, 3]) == (2, 3)
    assert tf.TensorShape([2, 3]) == [2, 3]
    assert tf.TensorShape([2, 3]) != (3, 2)
    assert hash(tf.TensorShape([2])) == hash(tf.TensorShape((2,)))


def test_unknown_rank():
    unknown = tf.TensorShape(None)
    assert unknown.rank is None
    assert not unknown
    assert unknown.is_compatible_with([1, 2])
    with pytest.raises(ValueError, match="expected a known rank"):
        len(unknown)


def test_merge_keeps_what_either_side_knows():
    assert tf.TensorShape([None, 3]).merge_with([2, None]) == (2, 3)
    with pytest.raises(ValueError, match=r"expected compatible shapes, got \(2,\) and \(3,\)"):
        tf.TensorShape([2]).merge_with([3])


def test_concatenation_from_both_sides():
    assert (None,) + tf.TensorShape([3]) == tf.TensorShape([None, 3])
    assert tf.TensorShape([1]).concatenate([2]).num_elements() == 2


@pytest.mark.parametrize("bad", [[-2], ["a"], [1.5], [True]])
def test_bad_dimensions_are_refused(bad):
    with pytest.raises((TypeError, ValueError), match="TensorShape"):
        tf.TensorShape(bad)


def test_a_spec_says_which_tensors_fit():
    spec = tf.TensorSpec([None, 2], tf.float32)
    assert spec.is_compatible_with(tf.zeros((3, 2)))
    assert not spec.is_compatible_with(tf.zeros((3, 3)))
    assert not spec.is_compatible_with(tf.zeros((3, 2), tf.float64))
    assert repr(spec) == "TensorSpec(shape=(None, 2), dtype=tf.float32, name=None)"
    assert pickle.loads(pickle.dumps(spec)) == spec


def test_specs_find_what_covers_them():
    two, three = tf.TensorSpec([2], tf.int32, "x"), tf.TensorSpec([3], tf.int32, "x")
    both = tf.TensorSpec([None], tf.int32, "x")
    assert isinstance(two, tf.TypeSpec)
    assert two.value_type is tf.Tensor
    assert two.most_specific_common_supertype([three]) == both
    assert two.most_specific_compatible_type(three) == both
    assert two.is_subtype_of(both)
    assert two.most_specific_common_supertype([tf.TensorSpec([2], tf.float32, "x")]) is None
    with pytest.raises(ValueError, match="no spec covers both"):
        two.most_specific_compatible_type(tf.TensorSpec([2], tf.int32, "y"))


def test_a_kind_of_spec_of_ones_own():
    class Anything(tf.TypeSpec):
        def is_compatible_with(self, spec_or_value):
            return True

    spec = Anything()
    assert spec.is_compatible_with(1)
    assert spec.most_specific_common_supertype([spec]) is spec
    with pytest.raises(NotImplementedError, match="define the property"):
        _ = spec.value_type
