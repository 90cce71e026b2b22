"""What every pipeline keeps: its elements, its number of them, its place, with and without its plan."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf
from tests.data.pipelines import ROWS, Row
from thalweg._src.base import nest
from thalweg._src.data.iterator import Iterator

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


def plain(element: Any) -> Any:
    """An element as numbers, bytes and lists."""

    def leaf(value):
        if isinstance(value, tf.SparseTensor):
            parts = {"indices": value.indices, "values": value.values, "shape": value.dense_shape}
            return {name: part.numpy().tolist() for name, part in parts.items()}
        found = value.to_list() if hasattr(value, "to_list") else value.numpy()
        return found.tolist() if hasattr(found, "tolist") else found

    return nest.map_structure(leaf, element)


def elements(dataset: Any) -> list[Any]:
    return [plain(element) for element in dataset]


def sorted_leaves(found: list[Any]) -> list[Any]:
    return sorted(found, key=repr)


@each_row
def test_elements_are_those_expected(row: Row) -> None:
    # Under other seeds an order of few may be the one that they had.
    tf.random.set_seed(0)
    found = elements(row.build())
    if row.expected is not None:
        assert found == row.expected
    if row.members is not None:
        assert found != row.members
        assert sorted_leaves(found) == sorted_leaves(row.members)


@each_row
def test_cardinality_is_told_and_kept(row: Row) -> None:
    dataset = row.build()
    assert int(dataset.cardinality()) == row.cardinality
    if row.cardinality >= 0:
        assert len(elements(dataset)) == row.cardinality == len(dataset)


@each_row
def test_elements_fit_the_spec(row: Row) -> None:
    dataset = row.build()
    for element in dataset:
        nest.assert_same_structure(dataset.element_spec, element)
        for spec, leaf in zip(
            nest.flatten(dataset.element_spec), nest.flatten(element), strict=True
        ):
            assert spec.is_compatible_with(leaf)


@each_row
def test_the_plan_as_written_gives_the_same(row: Row) -> None:
    dataset = row.build()
    as_it_runs = elements(dataset)
    as_written = [plain(element) for element in Iterator(dataset._node, 0)]
    assert as_it_runs == as_written
    assert dataset.explain().startswith("as written:")


@each_row
def test_a_pass_goes_on_from_any_place(row: Row) -> None:
    dataset = row.build()
    whole = elements(dataset)
    for given in sorted(
        {0, min(1, len(whole)), len(whole) // 2, max(0, len(whole) - 1), len(whole)}
    ):
        iterator = iter(row_again(dataset))
        for _ in range(given):
            next(iterator)
        resumed = iter(row_again(dataset))
        resumed.load_state_dict(iterator.state_dict())
        assert [plain(e) for e in resumed] == whole[given:]


def row_again(dataset: Any) -> Any:
    """The data set with its next pass the first one again."""
    dataset.load_state_dict({"epoch": 0, "given": 0})
    return dataset


def test_an_iterator_is_saved_in_checkpoints(tmp_path):
    dataset = tf.data.Dataset.range(20).shuffle(20, seed=3)
    iterator = iter(dataset)
    for _ in range(6):
        next(iterator)
    path = tf.train.Checkpoint(iterator=iterator).save(str(tmp_path / "data"))
    rest = [int(v) for v in iterator]
    fresh = iter(tf.data.Dataset.range(20).shuffle(20, seed=3))
    tf.train.Checkpoint(iterator=fresh).restore(path)
    assert [int(v) for v in fresh] == rest


def test_passes_have_their_own_orders_unless_told_otherwise():
    dataset = tf.data.Dataset.range(50).shuffle(50, seed=1)
    assert elements(dataset) != elements(dataset)
    dataset = tf.data.Dataset.range(50).shuffle(50, seed=1, reshuffle_each_iteration=False)
    assert elements(dataset) == elements(dataset)
    first, second = np.split(np.array(elements(tf.data.Dataset.range(50).shuffle(50).repeat(2))), 2)
    assert first.tolist() != second.tolist()


def test_the_global_seed_fixes_orders_and_draws():
    def drawn():
        tf.random.set_seed(11)
        dataset = tf.data.Dataset.range(30).shuffle(30).map(lambda v: tf.random.uniform(()))
        return elements(dataset), elements(tf.data.Dataset.range(30).shuffle(30))

    assert drawn() == drawn()


def test_a_window_of_a_shuffle_bounds_how_far_elements_come_early():
    found = elements(tf.data.Dataset.range(1000).shuffle(10, seed=0))
    assert max(place - value for place, value in enumerate(found)) > 0
    assert all(value < place + 10 for place, value in enumerate(found))


def test_shapes_that_keep_changing_are_not_compiled_for_ever():
    lengths = tf.data.Dataset.from_tensor_slices([str(n).encode() * n for n in range(1, 30)])
    dataset = lengths.map(
        lambda text: tf.reduce_sum(tf.io.decode_raw(text, tf.uint8, fixed_length=None) * 0 + 1)
    )
    assert len(elements(dataset)) == 29
    assert "host part (decode_raw, multiply, add, reduce_sum)'" in dataset.explain()
