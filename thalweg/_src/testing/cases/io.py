"""Rows for ops of data in bytes, which live on the host: no programs, no gradients."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import numpy as np

import thalweg as tf
from thalweg._src.testing.rows import Make, Row


def _records(m: Make) -> Any:
    """Serialized examples with one integer each."""
    features = [
        tf.train.Features(feature={"a": {"int64_list": {"value": [i]}}}) for i in range(m.n)
    ]
    return np.array([tf.train.Example(features=f).SerializeToString() for f in features], object)


def _sequences(m: Make) -> Any:
    step = tf.train.Feature(int64_list=tf.train.Int64List(value=[7]))
    lists = tf.train.FeatureLists(feature_list={"s": tf.train.FeatureList(feature=[step])})
    record = tf.train.SequenceExample(feature_lists=lists).SerializeToString()
    return np.array([record] * m.n, object)


def _json(m: Make) -> Any:
    texts = [{"features": {"feature": {"a": {"int64List": {"value": [i]}}}}} for i in range(m.n)]
    return np.array([json.dumps(t).encode() for t in texts], object)


def _texts(m: Make) -> Any:
    return np.array([b"%03d" % i for i in range(m.n)], object)


def _row(name: str, args: Any, reference: Any = None, **more: Any) -> Row:
    return Row(f"io.{name}", lambda m: (args(m),), reference=reference, traced=False, **more)


ROWS = [
    _row("serialize_tensor", lambda m: m(m.n), note="golden values"),
    _row(
        "parse_tensor",
        lambda m: np.arange(3, dtype=np.float32),
        lambda x: x,
        via=lambda f, x: f(tf.io.serialize_tensor(x), tf.float32),
        symbolic=False,
        note="the shape is in the bytes",
    ),
    _row(
        "parse_example",
        _records,
        lambda r: np.arange(len(r), dtype=np.int64),
        via=lambda f, r: f(r, {"a": tf.io.FixedLenFeature([], tf.int64)})["a"],
        wide=True,
        symbolic=False,
        note="a function of features, not an op",
    ),
    _row(
        "parse_sequence_example",
        _sequences,
        lambda r: np.full((len(r), 1), 7, np.int64),
        via=lambda f, r: f(r, None, {"s": tf.io.FixedLenSequenceFeature([], tf.int64)})[1]["s"],
        wide=True,
        symbolic=False,
        note="a function of features, not an op",
    ),
    _row("encode_base64", _texts, lambda t: np.array([base64.b64encode(x) for x in t], object)),
    _row(
        "decode_base64",
        lambda m: np.array([base64.b64encode(b"%03d" % i) for i in range(m.n)], object),
        lambda t: np.array([base64.b64decode(x) for x in t], object),
    ),
    _row(
        "decode_raw",
        _texts,
        lambda t: np.array([list(x) for x in t], np.uint8),
        via=lambda f, t: f(t, tf.uint8),
        symbolic=False,
        note="the length is in the bytes",
    ),
    _row(
        "decode_raw",
        _texts,
        lambda t: np.array([list(x) for x in t], np.uint8),
        via=lambda f, t: f(t, tf.uint8, fixed_length=3),
        label="of one length",
    ),
    _row(
        "decode_compressed",
        lambda m: np.array([zlib.compress(b"x" * i) for i in range(m.n)], object),
        lambda t: np.array([zlib.decompress(x) for x in t], object),
        via=lambda f, t: f(t, "ZLIB"),
    ),
    _row(
        "decode_csv",
        lambda m: np.array([b"%d,x" % i for i in range(m.n)], object),
        lambda t: (np.arange(len(t), dtype=np.int32), np.full(len(t), b"x", object)),
        via=lambda f, t: f(t, [[0], [""]]),
    ),
    _row("decode_json_example", _json, lambda t: _records(Make("", len(t)))),
    _row(
        "matching_files",
        lambda m: np.array([b"no such file*"] * m.n, object),
        lambda t: np.zeros(0, object),
        symbolic=False,
        note="files are looked up",
    ),
]
