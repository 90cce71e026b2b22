"""`split_dataset` beyond the golden values: dicts, datasets of batches, messages."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

split = tf.keras.utils.split_dataset
X = np.arange(6, dtype=np.float32)


class Batches(tf.keras.utils.PyDataset):
    """Three batches, the last one shorter."""

    def __len__(self):
        return 3

    def __getitem__(self, index):
        rows = X[index * 2 : index * 2 + 2 - index // 2]
        return {"a": rows}, rows * 10


def test_dicts_keep_their_keys():
    left, right = split({"a": X, "b": (X * 2,)}, left_size=2)
    assert [(float(e["a"]), float(e["b"][0])) for e in left] == [(0.0, 0.0), (1.0, 2.0)]
    assert (len(left), len(right)) == (2, 4)


def test_batches_count_as_elements():
    left, right = split(Batches(workers=2), right_size=1)
    assert [x["a"].numpy().tolist() for x, _ in left] == [[0, 1], [2, 3]]
    assert [y.numpy().tolist() for _, y in right] == [[40]]


def test_tensors_and_parts_are_split_again():
    left, _ = split(tf.constant(X), left_size=0.5)
    inner, _ = split(left, left_size=1)
    assert [float(v) for v in inner] == [0.0]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: split(X), ValueError, "left_size or right_size, got neither"),
        (lambda: split(X, left_size=7), ValueError, "from 1 to 5, got 7"),
        (lambda: split(X, left_size=True), TypeError, "left_size as a fraction or a number"),
        (lambda: split(X, 0.5, preferred_backend="torch"), ValueError, "preferred_backend"),
        (lambda: split(iter(X), 0.5), TypeError, r"write np.array\(list"),
        (lambda: split((X, 3), 0.5), ValueError, "got 3 of type int"),
        (lambda: split([], 0.5), ValueError, "got the empty"),
    ],
    ids=["neither", "large", "bool", "backend", "iterator", "number", "empty"],
)
def test_messages(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_parts_are_data_sets():
    left, _ = split((X, X * 2), left_size=4)
    assert left.element_spec == (tf.TensorSpec((), tf.float32), tf.TensorSpec((), tf.float32))
    batches = left.map(lambda a, b: a + b).batch(3)
    assert [batch.numpy().tolist() for batch in batches] == [[0, 3, 6], [9]]


def test_elements_of_other_shapes_and_kinds_are_kept():
    ragged = tf.ragged.constant([[1], [2, 3], [4]])
    dataset = tf.data.Dataset.from_tensor_slices({"r": ragged, "s": ["a", "b", "c"]}).batch(2)
    left, right = split(dataset, left_size=1)
    assert left.element_spec["s"] == tf.TensorSpec([None], tf.string)
    assert [e["r"].to_list() for e in (*left, *right)] == [[[1], [2, 3]], [[4]]]
    assert [e["s"].numpy().tolist() for e in right] == [[b"c"]]
