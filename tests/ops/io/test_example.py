"""Messages of examples: what protobuf's classes do, and the bytes that TensorFlow reads."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf
from thalweg._src.base.wire import MalformedError

train = tf.train


def feature(value):
    if isinstance(value[0], bytes):
        return train.Feature(bytes_list=train.BytesList(value=value))
    if isinstance(value[0], float):
        return train.Feature(float_list=train.FloatList(value=value))
    return train.Feature(int64_list=train.Int64List(value=value))


def example(**values):
    return train.Example(
        features=train.Features(feature={name: feature(v) for name, v in values.items()})
    )


FILLED = example(a=[1, -2], b=[b'x\xff\n"', "é".encode()], c=[1.5, math.nan, 0.1])


@pytest.mark.parametrize(
    ("made", "written"),
    [
        (lambda: train.Feature(int64_list=train.Int64List()), b"\x1a\x00"),
        (lambda: train.Int64List(value=[]), b""),
        (lambda: train.Int64List(value=[0]), b"\n\x01\x00"),
        (lambda: train.FloatList(value=[1]), b"\n\x04\x00\x00\x80?"),
        (lambda: train.BytesList(value=[b"", b"a"]), b"\n\x00\n\x01a"),
        (
            lambda: train.Features(feature={"z": feature([1]), "a": feature([b"q"])}),
            b"\n\n\n\x01a\x12\x05\n\x03\n\x01q\n\n\n\x01z\x12\x05\x1a\x03\n\x01\x01",
        ),
    ],
    ids=["empty kind", "no integers", "zero", "float", "bytes", "map"],
)
def test_bytes_are_those_of_protobuf(made, written):
    assert made().SerializeToString() == written
    assert type(made()).FromString(written) == made()


@settings(max_examples=50, deadline=None)
@given(
    integers=st.lists(st.integers(-(2**63), 2**63 - 1), max_size=30),
    floats=st.lists(st.floats(width=32, allow_nan=False), max_size=30),
    texts=st.lists(st.binary(max_size=5), max_size=4),
    name=st.text(st.characters(codec="utf-8"), max_size=5),
)
def test_messages_come_back(integers, floats, texts, name):
    made = train.Example()
    made.features.feature[name].int64_list.value.extend(integers)
    made.features.feature["f" + name].float_list.value.extend(floats)
    made.features.feature["b" + name].bytes_list.value.extend(texts)
    back = train.Example.FromString(made.SerializeToString())
    assert back == made
    held = back.features.feature
    assert held[name].int64_list.value == integers
    assert held["f" + name].float_list.value == floats
    assert held["b" + name].bytes_list.value == texts


def test_setting_one_kind_empties_the_others():
    made = train.Feature()
    assert made.WhichOneof("kind") is None
    assert made.int64_list.value == []
    assert made.WhichOneof("kind") is None
    made.int64_list.value.append(3)
    assert (made.WhichOneof("kind"), made.HasField("int64_list")) == ("int64_list", True)
    made.float_list.value.extend([1])
    assert (made.WhichOneof("kind"), made.int64_list.value) == ("float_list", [])


def test_maps_make_what_is_looked_up():
    held = FILLED.features.feature
    assert "zz" not in held
    assert held.get("zz") is None
    made = copy.deepcopy(FILLED)
    assert made.features.feature["zz"].WhichOneof("kind") is None
    assert "zz" in made.features.feature
    made.features.feature.pop("zz")
    assert made == FILLED
    with pytest.raises(ValueError, match="cannot be assigned to; write map"):
        made.features.feature["a"] = train.Feature()


def test_single_precision_is_seen():
    assert train.FloatList(value=[0.1]).value[0] == np.float32(0.1)
    assert train.FloatList(value=[1e50]).value == [math.inf]
    values = train.Int64List(value=np.arange(3, dtype=np.int32)).value
    values[0] = 7
    values[1:] = [8]
    assert values == [7, 8]
    assert train.Int64List(value=tf.constant([1, 2])).value == [1, 2]


def test_text_is_that_of_protobuf():
    assert str(FILLED) == (
        'features {\n  feature {\n    key: "a"\n    value {\n      int64_list {\n        value: 1\n'
        "        value: -2\n      }\n    }\n  }\n"
        '  feature {\n    key: "b"\n    value {\n      bytes_list {\n        value: "x\\377\\n\\""\n'
        '        value: "\\303\\251"\n      }\n    }\n  }\n'
        '  feature {\n    key: "c"\n    value {\n      float_list {\n        value: 1.5\n'
        "        value: nan\n        value: 0.1\n      }\n    }\n  }\n}\n"
    )


def test_sequences_and_copies():
    made = train.SequenceExample(
        context=train.Features(feature={"a": train.Feature()}),
        feature_lists=train.FeatureLists(
            feature_list={"l": train.FeatureList(feature=[feature([1]), train.Feature()])}
        ),
    )
    steps = made.feature_lists.feature_list["l"].feature
    steps.add(int64_list=train.Int64List(value=[4]))
    assert [s.int64_list.value[:] for s in steps] == [[1], [], [4]]
    for other in (pickle.loads(pickle.dumps(made)), copy.copy(made)):
        assert other == made
        assert other is not made
    other = train.SequenceExample()
    other.CopyFrom(made)
    other.MergeFrom(made)
    assert len(other.feature_lists.feature_list["l"].feature) == 3
    assert train.Features(feature={"a": {"int64_list": {"value": [1]}}}).feature["a"] == feature(
        [1]
    )


def test_unknown_fields_are_kept():
    data = b"\x1a\x01a\x28\x07\x35\x00\x00\x80?"
    assert train.Example.FromString(data).SerializeToString() == data


@pytest.mark.parametrize(
    ("made", "error", "reason"),
    [
        (lambda: train.Int64List(value=[1.5]), TypeError, "float"),
        (lambda: train.Int64List(value=[True]), TypeError, r"got the bool True; write int"),
        (lambda: train.Int64List(value=[2**63]), ValueError, "64 bits"),
        (lambda: train.BytesList(value=["a"]), TypeError, r"got str 'a'; write \.encode\(\)"),
        (lambda: train.BytesList(value=b"ab"), TypeError, "got int 97"),
        (lambda: train.FloatList(value=["1"]), TypeError, "expected numbers, got '1'"),
        (lambda: train.Int64List(value=5), TypeError, "put it into a list"),
        (lambda: train.Int64List(values=[5]), ValueError, "one of the fields value, got 'values'"),
        (lambda: train.Example().HasField("x"), ValueError, "fields features"),
        (lambda: train.Int64List().HasField("value"), ValueError, "no presence"),
        (lambda: train.Feature().WhichOneof("x"), ValueError, "no group"),
        (lambda: train.Feature().foo, AttributeError, "got 'foo'"),
        (lambda: setattr(train.Feature(), "int64_list", 5), AttributeError, "fill it in place"),
        (lambda: train.Feature().CopyFrom(train.Example()), TypeError, "a Feature, got Example"),
        (lambda: train.Features(feature={1: train.Feature()}), TypeError, "a text as the key"),
        (lambda: train.Example.FromString(b"\xff"), MalformedError, "an integer that ends"),
        (lambda: train.FloatList.FromString(b"\x0a\x03abc"), MalformedError, "floats of 4 bytes"),
        (lambda: train.Features.FromString(b"\x0a\x03\x0a\x01\xff"), MalformedError, "UTF-8"),
        (lambda: hash(train.Example()), TypeError, "unhashable"),
    ],
    ids=range(19),
)
def test_wrong_use_is_explained(made, error, reason):
    with pytest.raises(error, match=reason):
        made()


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=30))
def test_any_bytes_are_read_or_refused(data):
    try:
        found = train.Example.FromString(data)
    except MalformedError:
        return
    assert train.Example.FromString(found.SerializeToString()) == found
