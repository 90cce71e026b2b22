"""Tables that grow: dicts, checkpoints, programs that read and write them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf

experimental = tf.lookup.experimental
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "remove", "lookup"]), st.lists(st.integers(1, 6), max_size=4)
    ),
    max_size=8,
)


def growing(kind="mutable"):
    if kind == "mutable":
        return experimental.MutableHashTable(tf.int64, tf.int64, -1)
    return experimental.DenseHashTable(tf.int64, tf.int64, -1, empty_key=0, deleted_key=-1)


@pytest.mark.parametrize("kind", ["mutable", "dense"])
@settings(max_examples=30, deadline=None)
@given(steps=STEPS)
def test_a_table_is_a_dict(kind, steps):
    made, known = growing(kind), {}
    for number, (action, keys) in enumerate(steps):
        array = np.array(keys, np.int64)
        if action == "insert":
            made.insert(array, array * 10 + number)
            known.update({k: k * 10 + number for k in keys})
        elif action == "remove":
            made.remove(array)
            for key in keys:
                known.pop(key, None)
        else:
            assert made.lookup(array).numpy().tolist() == [known.get(k, -1) for k in keys]
    keys, values = (part.numpy().tolist() for part in made.export())
    assert dict(zip(keys, values, strict=True)) == known
    assert made.size().numpy() == len(known)


def test_programs_see_the_table_as_it_is_when_they_run():
    words = experimental.MutableHashTable(tf.string, tf.int64, -1)

    @tf.function
    def look(keys):
        return words.lookup(keys) * 2, words.lookup(tf.constant(["fixed"])), words.size()

    @tf.function
    def learn(keys, values):
        words.insert(keys, values)

    keys = tf.constant(["a"])
    assert [part.numpy().tolist() for part in look(keys)] == [[-2], [-1], 0]
    learn(keys, tf.constant([5], tf.int64))
    learn(tf.constant(["fixed"]), tf.constant([6], tf.int64))
    assert [part.numpy().tolist() for part in look(keys)] == [[10], [6], 2]
    words.remove(["a"])
    assert [part.numpy().tolist() for part in look(keys)] == [[-2], [6], 1]


def test_loops_in_programs_refuse_tables_that_change():
    made = growing()

    @tf.function
    def total(keys):
        found = tf.constant(0, tf.int64)
        for i in tf.range(2):
            found += tf.reduce_sum(made.lookup(keys + tf.cast(i, tf.int64)))
        return found

    with pytest.raises(NotImplementedError, match=r"\[mutable_table_find\] runs on the host"):
        total(tf.constant([1], tf.int64))


class Holder(tf.Module):
    def __init__(self):
        super().__init__()
        self.words = experimental.MutableHashTable(tf.string, tf.string, "?")
        self.rows = experimental.DenseHashTable(
            tf.int64, tf.float32, [0.0, 0.0], empty_key=[0, 0], deleted_key=[0, 1]
        )
        self.passing = experimental.MutableHashTable(tf.int64, tf.int64, 0, checkpoint=False)


def test_checkpoints_hold_tables(tmp_path):
    one, other = Holder(), Holder()
    one.words.insert(["a", "é", ""], ["x", "", "z\0"])
    one.rows.insert(np.array([[1, 2]]), [[0.5, 1.5]])
    one.passing.insert(np.array([1]), np.array([2]))
    path = tf.train.Checkpoint(model=one).save(str(tmp_path / "ckpt"))
    one.words.insert(["later"], ["y"])
    other.words.insert(["gone"], ["w"])
    tf.train.Checkpoint(model=other).restore(path).assert_consumed()
    asked = ["a", "é", "", "gone", "later"]
    assert other.words.lookup(asked).numpy().tolist() == [b"x", b"", b"z\0", b"?", b"?"]
    assert other.rows.lookup(np.array([[1, 2], [3, 4]])).numpy().tolist() == [[0.5, 1.5], [0, 0]]
    assert (other.words.size().numpy(), other.passing.size().numpy()) == (3, 0)
    tf.train.Checkpoint(model=one).restore(path)
    assert one.words.size().numpy() == 3


@pytest.mark.parametrize(
    ("action", "error", "reason"),
    [
        (lambda t: t.insert(np.array([1]), tf.constant([1.0])), TypeError, "values of dtype int64"),
        (
            lambda t: t.insert(np.array([1]), np.array([1, 2])),
            ValueError,
            r"values of shape \(1,\)",
        ),
        (lambda t: t.lookup(tf.constant(["a"])), TypeError, "keys of dtype int64, got string"),
        (
            lambda t: t.insert(np.array([0]), np.array([1])),
            ValueError,
            "other than 0, which is the empty_key",
        ),
        (lambda t: t.lookup(np.array([-1])), ValueError, "other than -1, which is the deleted_key"),
    ],
    ids=range(5),
)
def test_wrong_use_is_explained(action, error, reason):
    with pytest.raises(error, match=reason):
        action(growing("dense"))


def test_wrong_settings_are_explained():
    make = experimental.DenseHashTable
    with pytest.raises(ValueError, match="of one shape that differ"):
        make(tf.int64, tf.int64, -1, empty_key=0, deleted_key=0)
    with pytest.raises(ValueError, match="a power of 2"):
        make(tf.int64, tf.int64, -1, empty_key=0, deleted_key=1, initial_num_buckets=6)
    rows = make(tf.int64, tf.int64, -1, empty_key=[0, 0], deleted_key=[1, 1])
    with pytest.raises(ValueError, match=r"keys that end in shape \(2,\)"):
        rows.lookup(np.array([1, 2, 3]))
