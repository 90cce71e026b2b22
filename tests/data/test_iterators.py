"""Iterators, optional values and specs."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.data.optional import OptionalSpec

Dataset = tf.data.Dataset
Optional = tf.data.experimental.Optional
SCALAR = tf.TensorSpec((), tf.int64)


def test_the_end_of_an_iterator_is_told_in_three_ways():
    iterator = iter(Dataset.range(1))
    assert int(iterator.get_next()) == 0
    with pytest.raises(tf.errors.OutOfRangeError):
        iterator.get_next()
    with pytest.raises(StopIteration):
        next(iterator)
    optional = iterator.get_next_as_optional()
    assert not optional.has_value()
    assert optional.element_spec == SCALAR


def test_optional_values():
    found = iter(Dataset.range(3, 5)).get_next_as_optional()
    assert found.has_value()
    assert int(found.get_value()) == 3
    some = Optional.from_value({"a": 1.5, "b": ("x",)})
    assert some.get_value()["b"][0].numpy() == b"x"
    assert some.element_spec["a"] == tf.TensorSpec((), tf.float32)
    assert OptionalSpec.from_value(some).is_compatible_with(some)
    assert not OptionalSpec(SCALAR).is_compatible_with(some)
    with pytest.raises(tf.errors.InvalidArgumentError, match="does not have a value"):
        Optional.empty(SCALAR).get_value()
    assert "without a value" in repr(Optional.empty(SCALAR))


def test_numpy_iterators_are_saved_and_restored():
    dataset = Dataset.range(20).shuffle(20, seed=1)
    iterator = dataset.as_numpy_iterator()
    assert isinstance(iterator, tf.data.NumpyIterator)
    first = [iterator.next(), next(iterator)]
    assert all(isinstance(value, np.int64) for value in first)
    place = iterator.save()
    rest = list(iterator)
    with pytest.raises(StopIteration):
        iterator.next()
    other = Dataset.range(20).shuffle(20, seed=1).as_numpy_iterator()
    other.restore(place)
    assert list(other) == rest


def test_numpy_iterators_give_arrays_of_all_kinds():
    sparse = tf.SparseTensor([[0, 1], [1, 0]], [1.5, 2.5], [2, 2])
    ragged = tf.ragged.constant([[1, 2], [3]])
    ((word, dense, rows),) = Dataset.from_tensors(("x", sparse, ragged)).as_numpy_iterator()
    assert word == b"x"
    assert dense.tolist() == [[0, 1.5], [2.5, 0]]
    assert [row.tolist() for row in rows] == [[1, 2], [3]]


def test_specs_of_data_sets_and_iterators():
    dataset = Dataset.range(3)
    spec = tf.data.DatasetSpec.from_value(dataset)
    assert spec == tf.data.DatasetSpec(SCALAR)
    assert spec.value_type is Dataset
    assert spec.is_compatible_with(dataset)
    assert not spec.is_compatible_with(Dataset.from_tensors(1.5))
    wide = tf.data.DatasetSpec(tf.TensorSpec([None], tf.int64))
    narrow = tf.data.DatasetSpec(tf.TensorSpec([3], tf.int64))
    assert narrow.is_subtype_of(wide)
    assert not wide.is_subtype_of(narrow)
    other = tf.data.DatasetSpec(tf.TensorSpec([4], tf.int64))
    assert narrow.most_specific_common_supertype([other]) == wide
    words = tf.data.DatasetSpec(tf.TensorSpec([3], tf.string))
    assert narrow.most_specific_common_supertype([words]) is None
    iterator = iter(dataset)
    assert tf.data.IteratorSpec.from_value(iterator) == tf.data.IteratorSpec(SCALAR)
    assert tf.data.IteratorSpec(SCALAR).is_compatible_with(iterator)
    assert tf.data.IteratorSpec(SCALAR).value_type is tf.data.Iterator
    assert tf.data.experimental.get_structure(iterator) == SCALAR
    with pytest.raises(TypeError, match="data set or an iterator, got int"):
        tf.data.experimental.get_structure(3)


def test_elements_by_number():
    at = tf.data.experimental.at
    doubled = Dataset.range(9).map(lambda v: v * 2)
    assert int(at(doubled, 3)) == 6
    assert at(doubled.batch(4), 2).numpy().tolist() == [16]
    for number in (9, -1):
        with pytest.raises(tf.errors.OutOfRangeError, match=f"before 9, got {number}"):
            at(doubled, number)
