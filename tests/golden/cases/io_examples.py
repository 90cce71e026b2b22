"""`tf.io.parse_example` and its relatives: what features say, what is missing, what is wrong."""

from __future__ import annotations

from typing import Any

from ..support import Cases, attempt

cases = Cases()


def message(tf: Any, **values: Any) -> bytes:
    """A serialized example; None makes a feature without a list."""
    train, features = tf.train, {}
    for name, value in values.items():
        if value is None:
            features[name] = train.Feature()
        elif value and isinstance(value[0], bytes):
            features[name] = train.Feature(bytes_list=train.BytesList(value=value))
        elif value and isinstance(value[0], float):
            features[name] = train.Feature(float_list=train.FloatList(value=value))
        else:
            features[name] = train.Feature(int64_list=train.Int64List(value=value))
    return train.Example(features=train.Features(feature=features)).SerializeToString()


def shown(value: Any) -> Any:
    """Tensors of any kind as arrays and lists."""
    if isinstance(value, dict):
        return {name: shown(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [shown(part) for part in value]
    if hasattr(value, "dense_shape"):
        return [value.indices, value.values, value.dense_shape]
    if hasattr(value, "row_splits"):
        return [shown(value.flat_values), [s for s in value.nested_row_splits], list(value.shape)]
    return value


def parsed(tf: Any, serialized: Any, features: Any, **more: Any) -> Any:
    return attempt(lambda: shown(tf.io.parse_example(serialized, features, **more)))


def single(tf: Any, serialized: Any, features: Any) -> Any:
    return attempt(lambda: shown(tf.io.parse_single_example(serialized, features)))


@cases
def fixed(tf: Any, np: Any) -> Any:
    f = tf.io.FixedLenFeature
    two = [message(tf, a=[1, 2], b=[1.5], c=[b"x"]), message(tf, a=[3, 4], b=[2.5], c=[b"\xff"])]
    gap = [message(tf, a=[1]), message(tf, b=[1.0]), message(tf, a=None)]
    return {
        "kinds": parsed(tf, two, {"a": f([2], tf.int64), "b": f([1], tf.float32)}),
        "texts": tf.strings.length(tf.io.parse_example(two, {"c": f([], tf.string)})["c"]),
        "scalar": parsed(tf, two, {"b": f([], tf.float32)}),
        "matrix": parsed(tf, two, {"a": f([2, 1], tf.int64)}),
        "default": parsed(tf, gap, {"a": f([1], tf.int64, default_value=7)}),
        "defaults": parsed(tf, gap, {"q": f([2], tf.int64, default_value=[7, 8])}),
        "default text": parsed(tf, gap, {"q": f([], tf.string, default_value="d")}),
        "default float": parsed(tf, gap, {"b": f([], tf.float32, default_value=1)}),
        "missing": parsed(tf, gap, {"a": f([1], tf.int64)}),
        "no list": parsed(tf, [message(tf, a=None)], {"a": f([1], tf.int64)}),
        "wrong kind": parsed(tf, two, {"a": f([2], tf.float32)}),
        "wrong size": parsed(tf, two, {"a": f([3], tf.int64)}),
        "empty list": parsed(tf, [message(tf, a=[])], {"a": f([0], tf.int64)}),
        "wrong default": parsed(tf, gap, {"a": f([2], tf.int64, default_value=[1, 2, 3])}),
        "wrong dtype": parsed(tf, two, {"a": f([2], tf.int32)}),
        "unknown shape": parsed(tf, two, {"a": f([None], tf.int64)}),
        "no examples": parsed(tf, tf.zeros((0,), tf.string), {"a": f([2], tf.int64)}),
        "one example": parsed(tf, two[0], {"a": f([2], tf.int64)}),
        "single": single(tf, two[0], {"a": f([2], tf.int64), "b": f([], tf.float32)}),
        "single vector": single(tf, two, {"a": f([2], tf.int64)}),
        "single missing": single(tf, gap[1], {"a": f([1], tf.int64)}),
        "single default": single(tf, gap[1], {"a": f([1], tf.int64, default_value=5)}),
        "no features": parsed(tf, two, {}),
        "no specs": parsed(tf, two, None),
        "not a spec": parsed(tf, two, {"a": 5}),
        "names": parsed(tf, gap, {"a": f([1], tf.int64)}, example_names=["x", "y", "z"]),
        "rest is ignored": parsed(tf, two, {"b": f([1], tf.float32)}),
    }


@cases
def malformed(tf: Any, np: Any) -> Any:
    f = {"a": tf.io.FixedLenFeature([1], tf.int64, default_value=0)}
    good = message(tf, a=[1])
    return [
        parsed(tf, [data], f)
        for data in (good[:-1], b"garbage", b"", good + good)
    ]


@cases
def unpacked(tf: Any, np: Any) -> Any:
    """Lists as writers without packing give them, and twice the same name."""

    def example(feature: bytes) -> bytes:
        entry = b"\x0a\x01a\x12" + bytes([len(feature)]) + feature
        features = b"\x0a" + bytes([len(entry)]) + entry
        return b"\x0a" + bytes([len(features)]) + features

    whole = b"\x1a\x04\x08\x01\x08\x02"
    single_ = b"\x12\x05\x0d\x00\x00\x80\x3f"
    var = tf.io.VarLenFeature
    return {
        "integers": parsed(tf, [example(whole)], {"a": var(tf.int64)}),
        "floats": parsed(tf, [example(single_)], {"a": var(tf.float32)}),
        "twice": parsed(tf, [message(tf, a=[1]) + message(tf, a=[2, 3])], {"a": var(tf.int64)}),
    }


@cases
def variable(tf: Any, np: Any) -> Any:
    var, sequence = tf.io.VarLenFeature, tf.io.FixedLenSequenceFeature
    rows = [message(tf, a=[1, 2, 3, 4]), message(tf, b=[1.0]), message(tf, a=[5, 6]), message(tf, a=[])]
    return {
        "sparse": parsed(tf, rows, {"a": var(tf.int64)}),
        "sparse texts": parsed(tf, [message(tf, c=[b"x", b"y"])], {"c": var(tf.string)}),
        "sparse nowhere": parsed(tf, rows, {"q": var(tf.float32)}),
        "sparse wrong": parsed(tf, rows, {"a": var(tf.float32)}),
        "sparse dtype": parsed(tf, rows, {"a": var(tf.int32)}),
        "sparse single": single(tf, rows[0], {"a": var(tf.int64)}),
        "sparse single nothing": single(tf, rows[1], {"a": var(tf.int64)}),
        "sequence": parsed(tf, rows, {"a": sequence([], tf.int64, allow_missing=True)}),
        "sequence pairs": parsed(tf, rows, {"a": sequence([2], tf.int64, allow_missing=True)}),
        "sequence odd": parsed(tf, [message(tf, a=[1])], {"a": sequence([2], tf.int64, True)}),
        "sequence default": parsed(
            tf, rows, {"a": sequence([2], tf.int64, allow_missing=True, default_value=9)}
        ),
        "sequence required": parsed(tf, rows, {"a": sequence([], tf.int64)}),
        "sequence nowhere": parsed(tf, rows, {"q": sequence([2], tf.float32, allow_missing=True)}),
        "sequence single": single(tf, rows[0], {"a": sequence([2], tf.int64, allow_missing=True)}),
        "sequence single missing": single(tf, rows[1], {"a": sequence([], tf.int64, allow_missing=True)}),
    }


@cases
def sparse(tf: Any, np: Any) -> Any:
    s = tf.io.SparseFeature
    rows = [
        message(tf, i=[2, 0], v=[1.0, 2.0], j=[1, 1]),
        message(tf),
        message(tf, i=[4], v=[3.0], j=[0]),
    ]
    return {
        "one index": parsed(tf, rows, {"s": s("i", "v", tf.float32, 5)}),
        "sorted": parsed(tf, rows, {"s": s("i", "v", tf.float32, 5, already_sorted=True)}),
        "two": parsed(tf, rows, {"s": s(["i", "j"], "v", tf.float32, [5, 2])}),
        "single": single(tf, rows[0], {"s": s("i", "v", tf.float32, 5)}),
        "lengths": parsed(tf, [message(tf, i=[1], v=[1.0, 2.0])], {"s": s("i", "v", tf.float32, 5)}),
        "outside": parsed(tf, [message(tf, i=[9], v=[1.0])], {"s": s("i", "v", tf.float32, 5)}),
        "sizes": attempt(
            lambda: shown(tf.io.parse_example(rows, {"s": s(["i", "j"], "v", tf.float32, 5)}))
        ),
    }


@cases
def ragged(tf: Any, np: Any) -> Any:
    r = tf.io.RaggedFeature
    rows = [
        message(tf, v=[3, 1, 4, 1, 5, 9], s=[0, 2, 3, 3, 6], l=[2, 1, 0, 3], i=[0, 0, 2, 2, 2, 3], t=[0, 2, 3]),
        message(tf, v=[7], s=[0, 1], l=[1], i=[0], t=[0]),
        message(tf, v=[8, 8], s=[0, 1, 2], l=[1, 1], i=[0, 1], t=[0, 1]),
    ]
    splits, lengths = r.RowSplits("s"), r.RowLengths("l")
    parts: dict[str, list[Any]] = {
        "plain": [],
        "splits": [splits],
        "lengths": [lengths],
        "ids": [r.ValueRowIds("i")],
        "starts": [r.RowStarts("t")],
        "uniform": [r.UniformRowLength(1)],
        "two": [r.RowLengths("m"), lengths],
        "uniform outside": [r.UniformRowLength(1), lengths],
    }
    deep = [
        message(tf, v=[3, 1, 4, 1, 5, 9], l=[2, 1, 0, 3], m=[1, 3]),
        message(tf, v=[7], l=[1], m=[0, 1]),
    ]
    found = {
        name: parsed(tf, deep if name == "two" else rows, {"f": r(tf.int64, "v", partitions)})
        for name, partitions in parts.items()
    }
    one = {
        name: single(tf, (deep if name == "two" else rows)[0], {"f": r(tf.int64, "v", partitions)})
        for name, partitions in parts.items()
    }
    limits = [message(tf, v=[1, 2, 3], e=[1, 1, 3]), message(tf, v=[], e=[])]
    return {
        "batch": found,
        "single": one,
        "limits": parsed(tf, limits, {"f": r(tf.int64, "v", [r.RowLimits("e")])}),
        "by name": parsed(tf, rows, {"v": r(tf.int64)}),
        "int64 splits": parsed(tf, rows, {"v": r(tf.int64, row_splits_dtype=tf.int64)}),
        "missing": parsed(tf, rows, {"q": r(tf.float32)}),
        "missing single": single(tf, rows[0], {"q": r(tf.float32)}),
        "wrong kind": parsed(tf, rows, {"v": r(tf.float32)}),
        "texts": parsed(tf, [message(tf, c=[b"x", b"y"])], {"c": r(tf.string)}),
        "one example": parsed(tf, rows[0], {"v": r(tf.int64)}),
        "validated": parsed(
            tf,
            [message(tf, v=[1, 2, 3], s=[0, 5])],
            {"f": r(tf.int64, "v", [splits], validate=True)},
        ),
        "dtype": attempt(lambda: shown(tf.io.parse_example(rows, {"v": r(tf.int32)}))),
    }


def sequence_message(tf: Any, context: dict[str, Any], lists: dict[str, list[Any]]) -> bytes:
    train = tf.train
    made = train.SequenceExample()
    for name, value in context.items():
        made.context.feature[name].CopyFrom(_feature(tf, value))
    for name, steps in lists.items():
        made.feature_lists.feature_list[name].CopyFrom(
            train.FeatureList(feature=[_feature(tf, step) for step in steps])
        )
    return made.SerializeToString()


def _feature(tf: Any, value: Any) -> Any:
    example = tf.train.Example.FromString(message(tf, x=value))
    return example.features.feature["x"]


@cases
def sequences(tf: Any, np: Any) -> Any:
    io = tf.io
    rows = [
        sequence_message(tf, {"c": [1]}, {"a": [[1, 2], [3, 4]], "v": [[1], [], [2, 3]], "t": [[b"x"]]}),
        sequence_message(tf, {"c": [2]}, {"a": [[5, 6]], "v": [[7]], "t": []}),
        sequence_message(tf, {}, {"a": []}),
    ]

    def whole(context: Any, lists: Any, serialized: Any = rows, **more: Any) -> Any:
        return attempt(
            lambda: shown(io.parse_sequence_example(serialized, context, lists, **more))
        )

    def one(context: Any, lists: Any, row: int = 0) -> Any:
        return attempt(lambda: shown(io.parse_single_sequence_example(rows[row], context, lists)))

    context = {"c": io.FixedLenFeature([], tf.int64, default_value=-1)}
    pairs = {"a": io.FixedLenSequenceFeature([2], tf.int64)}
    return {
        "batch": whole(context, pairs),
        "sparse": whole(None, {"v": io.VarLenFeature(tf.int64)}),
        "ragged": whole(None, {"v": io.RaggedFeature(tf.int64)}),
        "context only": whole(context, None),
        "missing": whole(None, {"q": io.FixedLenSequenceFeature([], tf.int64)}),
        "allowed": whole(None, {"q": io.FixedLenSequenceFeature([], tf.int64, allow_missing=True)}),
        "nothing asked": whole(None, None),
        "single": one(context, pairs),
        "single sparse": one(None, {"v": io.VarLenFeature(tf.int64)}),
        "single ragged": one(None, {"v": io.RaggedFeature(tf.int64)}),
        "single empty": one(context, pairs, 2),
        "single texts": one(None, {"t": io.FixedLenSequenceFeature([], tf.string)}),
        "single missing": one(None, {"q": io.FixedLenSequenceFeature([], tf.int64)}),
        "single allowed": one(None, {"q": io.FixedLenSequenceFeature([2], tf.int64, True)}),
        "wrong size": one(None, {"a": io.FixedLenSequenceFeature([3], tf.int64)}),
        "wrong kind": one(None, {"a": io.FixedLenSequenceFeature([2], tf.float32)}),
        "malformed": whole(context, pairs, [b"\xff"]),
        "fixed list": whole(None, {"a": io.FixedLenFeature([2], tf.int64)}),
    }
