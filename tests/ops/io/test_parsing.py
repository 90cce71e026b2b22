"""Examples as tensors: messages of errors, compiled functions, bytes that are no examples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf
from tests.golden.cases.io_examples import message

io = tf.io
AGES = {"age": io.FixedLenFeature([2], tf.int64)}


def test_functions_read_examples_on_the_host():
    @tf.function
    def double(records):
        return io.parse_example(records, AGES)["age"] * 2

    records = tf.constant([message(tf, age=[1, 2]), message(tf, age=[3, 4])])
    np.testing.assert_array_equal(double(records), [[2, 4], [6, 8]])
    with pytest.raises(tf.errors.InvalidArgumentError, match="got 1 in example 1"):
        double(tf.constant([message(tf, age=[1, 2]), message(tf, age=[3])]))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (
            {},
            r"\[parse_example\] expected feature 'age' in every example, got none in example 1 \('b'\)",
        ),
        (
            {"age": [1.5, 2.5]},
            "expected values of dtype int64 for feature 'age', got float32 in example 1",
        ),
        ({"age": [1]}, r"expected 2 values for feature 'age' of shape \[2\], got 1 in example 1"),
    ],
)
def test_wrong_examples_are_named(values, reason):
    records = [message(tf, age=[1, 2]), message(tf, **values)]
    with pytest.raises(tf.errors.InvalidArgumentError, match=reason):
        io.parse_example(records, AGES, example_names=["a", "b"])


def test_malformed_examples_are_named():
    with pytest.raises(
        tf.errors.InvalidArgumentError,
        match=r"\[parse_example\] expected example 1 as a serialized message, got .* none: \[wire\]",
    ):
        io.parse_example([message(tf, age=[1, 2]), b"\x0a\xff\xff\xff\xff\x0f"], AGES)


@pytest.mark.parametrize(
    ("features", "reason"),
    [
        ({"a": 5}, "a configuration such as tf.io.FixedLenFeature for feature 'a', got 5"),
        ({}, "features as a dict"),
        (
            {"a": io.FixedLenFeature([2], tf.int32)},
            "dtype float32, int64 or string for feature 'a'",
        ),
        ({"a": io.FixedLenFeature([None], tf.int64)}, "a shape of known sizes for feature 'a'"),
        ({"a": io.FixedLenFeature([2], tf.int64, [1])}, r"a default_value of shape \[2\]"),
        ({"a": io.FixedLenSequenceFeature([], tf.int64)}, "allow_missing=True"),
        ({"a": io.SparseFeature(["i", "j"], "v", tf.int64, 5)}, "a size for each index_key"),
        ({"a": io.RaggedFeature(tf.int64, partitions=["x"])}, "partitions such as"),
        ({"a": io.RaggedFeature(tf.int64, row_splits_dtype=tf.int8)}, "int32 or int64 for feature"),
    ],
    ids=range(9),
)
def test_wrong_configurations_are_named(features, reason):
    with pytest.raises(ValueError, match=reason):
        io.parse_example([message(tf, a=[1])], features)


@pytest.mark.parametrize(
    ("partition", "numbers"),
    [
        (io.RaggedFeature.RowSplits("p"), [0, 9]),
        (io.RaggedFeature.RowSplits("p"), [1, 3]),
        (io.RaggedFeature.RowLengths("p"), [4, -1]),
        (io.RaggedFeature.RowStarts("p"), [1]),
        (io.RaggedFeature.RowLimits("p"), [2]),
        (io.RaggedFeature.ValueRowIds("p"), [1, 0, 0]),
        (io.RaggedFeature.ValueRowIds("p"), [0]),
    ],
    ids=range(7),
)
def test_partitions_must_divide_the_values(partition, numbers):
    record = message(tf, v=[1, 2, 3], p=numbers)
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=f"{partition.__class__.__name__} 'p' to divide"
    ):
        io.parse_example([record], {"f": io.RaggedFeature(tf.int64, "v", [partition])})


def test_uniform_rows_must_divide_the_values():
    record = message(tf, v=[1, 2, 3])
    feature = io.RaggedFeature(tf.int64, "v", [io.RaggedFeature.UniformRowLength(2)])
    with pytest.raises(
        tf.errors.InvalidArgumentError, match="steps of 2 values for feature 'f', got 3"
    ):
        io.parse_example([record], {"f": feature})


FEATURES = {
    "a": io.VarLenFeature(tf.int64),
    "b": io.RaggedFeature(tf.string),
    "c": io.FixedLenFeature([], tf.float32, 0.0),
}
GOOD = message(tf, a=[1, 300], b=[b"text"], c=[0.5])


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255), end=st.integers(0, len(GOOD)))
def test_damaged_examples_are_read_or_refused(at, byte, end):
    data = bytearray(GOOD)
    data[at] = byte
    for record in (bytes(data), GOOD[:end]):
        try:
            found = io.parse_example([record], FEATURES)
        except tf.errors.InvalidArgumentError:
            continue
        assert found["c"].shape == (1,)
        assert found["a"].values.shape[0] <= len(record)


def test_whole_and_steps_may_share_a_name():
    made = tf.train.SequenceExample()
    made.context.feature["x"].int64_list.value.append(7)
    made.feature_lists.feature_list["x"].feature.add().float_list.value.append(0.5)
    whole, steps = io.parse_single_sequence_example(
        made.SerializeToString(),
        {"x": io.FixedLenFeature([], tf.int64)},
        {"x": io.FixedLenSequenceFeature([], tf.float32)},
    )
    assert (whole["x"].numpy(), steps["x"].numpy().tolist()) == (7, [0.5])
    partition = io.RaggedFeature(tf.int64, partitions=[io.RaggedFeature.UniformRowLength(1)])
    with pytest.raises(NotImplementedError, match="no partitions for the sequence 'x'"):
        io.parse_sequence_example([made.SerializeToString()], None, {"x": partition})
