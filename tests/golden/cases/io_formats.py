"""`tf.io`: csv, base64, raw bytes, compression, JSON, tensors as messages, names of files."""

from __future__ import annotations

import gzip
import os
import tempfile
import zlib
from typing import Any

from ..support import Cases, attempt
from .strings import plain, tried

cases = Cases()

LINES = ["1,2.5,x", "-3,,y z", '  4 ,1e3,"a,b"', '5,6,"say ""hi"""', "7,8,"]


@cases
def csv(tf: Any, np: Any) -> Any:
    read = tf.io.decode_csv
    kinds = [[0], [0.0], [""]]

    def one(line: Any, defaults: Any, **more: Any) -> Any:
        return tried(lambda: read(line, defaults, **more))

    return {
        "kinds": read(LINES, kinds),
        "scalar": read("1,2", [[0], [0]]),
        "matrix": read([["1,2"], ["3,4"]], [[0], [0]]),
        "dtypes": read(
            "1,2,3,4,x",
            [
                tf.constant([], tf.int32),
                tf.constant([], tf.int64),
                tf.constant([], tf.float32),
                tf.constant([], tf.float64),
                tf.constant([], tf.string),
            ],
        ),
        "default scalars": read(",", [7, 8.5]),
        "named dtypes": tried(lambda: read("1,x", [tf.int32, tf.string])),
        "required": one("1,,x", [[0], tf.constant([], tf.float32), [""]]),
        "required text": one("1,", [[0], tf.constant([], tf.string)]),
        "too few": one("1,2", kinds),
        "too many": one("1,2,x,y", kinds),
        "wrong integer": one("1.5,2,x", kinds),
        "wrong float": one("1,b,x", kinds),
        "large": one("3000000000,1,x", kinds),
        "delimiter": read("1;2.5;x", kinds, field_delim=";"),
        "tab": read("1\t2.5\tx", kinds, field_delim="\t"),
        "long delimiter": one("1;;2;;x", kinds, field_delim=";;"),
        "no quotes": read('1,2,"x', kinds, use_quote_delim=False),
        "open quote": one('1,2,"x', kinds),
        "text behind a quote": one('1,2,"x"y', kinds),
        "quote inside": one('1,2,x"y', kinds),
        "lines in quotes": read('1,2,"x\ny"', kinds),
        "lines": one("1,2,x\ny", kinds),
        "carriage return": one("1,2,x\r", kinds),
        "newline at the end": one("1,2,x\n", kinds),
        "missing value": read(["NA,2,NA", "1,NA,x"], kinds, na_value="NA"),
        "columns": read("1,2.5,x,4", [[""], [0]], select_cols=[2, 3]),
        "columns unsorted": one("1,2.5,x", [[""], [0]], select_cols=[2, 0]),
        "columns twice": one("1,2.5,x", [[0], [0]], select_cols=[0, 0]),
        "columns outside": one("1,2.5,x", [[0], [0]], select_cols=[0, 5]),
        "columns count": one("1,2.5,x", [[0]], select_cols=[0, 1]),
        "empty line": one("", [["d"]]),
        "blank": read(" ", [["d"]]),
        "quoted empty": read('"",2', [["d"], [0]]),
        "quoted number": read('"1","2.5",x', kinds),
        "quoted missing": one('"NA",2,x', kinds, na_value="NA"),
        "utf-8": read("é,1", [[""], [0]]),
        "none": read(tf.zeros((0,), tf.string), kinds),
        "numbers": attempt(lambda: read([1], kinds)),
        "default too long": one("1", [[0, 1]]),
        "bool default": one("1", [[True]]),
        "hex": one("0x10", [[0]]),
        "inf": read("inf,-nan", [[0.0], [0.0]]),
    }


@cases
def base64(tf: Any, np: Any) -> Any:
    encode, decode = tf.io.encode_base64, tf.io.decode_base64
    data = [b"", b"a", b"ab", b"abc", b"\xff\xfe\xfd", bytes(range(64))]
    return {
        "encode": encode(data),
        "padded": encode(data, pad=True),
        "decode": plain(decode(encode(data))),
        "decode padded": plain(decode(encode(data, pad=True))),
        "matrix": encode([["a"], ["b"]]),
        "wrong": [
            tried(lambda t=t: decode(t))
            for t in (
                "a",
                "ab+/",
                "abcde",
                "a=",
                "====",
                "ab c",
                "YQ=",
                "YQ===",
                "YR",
                "é",
                "YQ==YQ==",
            )
        ],
        "numbers": attempt(lambda: decode([1])),
    }


@cases
def raw(tf: Any, np: Any) -> Any:
    read = tf.io.decode_raw
    data = [b"\x01\x02\x03\x04\x05\x06\x07\x08", b"\xff\xfe\xfd\xfc\x00\x00\x80\x3f"]
    dtypes = [
        tf.uint8, tf.int8, tf.int16, tf.uint16, tf.int32, tf.int64, tf.float16, tf.float32, tf.float64, tf.bool,
        tf.complex64, tf.bfloat16,
    ]  # fmt: skip
    return {
        **{
            dtype.name: attempt(lambda d=dtype: read(data if d != tf.float64 else data[:1], d))
            for dtype in dtypes
        },
        "big endian": read(data, tf.int16, little_endian=False),
        "scalar": read(data[0], tf.int32),
        "matrix": read([data], tf.int32),
        "fixed": read(["ab", "abcde", ""], tf.uint8, fixed_length=4),
        "fixed int16": read(["ab", "abcdef"], tf.int16, fixed_length=4),
        "fixed odd": attempt(lambda: read(["ab"], tf.int16, fixed_length=3)),
        "fixed none": attempt(lambda: read(["ab"], tf.uint8, fixed_length=0)),
        "lengths differ": attempt(lambda: read(["ab", "abc"], tf.uint8)),
        "rest": attempt(lambda: read(["abc"], tf.int16)),
        "empty": read([""], tf.uint8),
        "none": read(tf.zeros((0,), tf.string), tf.uint8),
        "string": attempt(lambda: read(["abc"], tf.string)),
    }


@cases
def compressed(tf: Any, np: Any) -> Any:
    read = tf.io.decode_compressed
    texts = [b"one", b"x" * 1000, b""]
    zipped = [gzip.compress(t, mtime=0) for t in texts]
    return {
        "none": read(texts),
        "gzip": read(zipped, "GZIP"),
        "zlib": read([[zlib.compress(t)] for t in texts], "ZLIB"),
        "damaged": attempt(lambda: read([b"no zip data"], "ZLIB")),
        "torn": attempt(lambda: read([zlib.compress(b"x" * 1000)[:-8]], "ZLIB")),
        "kind": attempt(lambda: read(["x"], "BZIP")),
    }


@cases
def json(tf: Any, np: Any) -> Any:
    read = tf.io.decode_json_example
    whole = (
        '{"features": {"feature": {"a": {"int64List": {"value": [1, "-2"]}}, '
        '"b": {"bytesList": {"value": ["eA==", ""]}}, "c": {"floatList": {"value": [1.5, "NaN", 2]}}}}}'
    )
    spec = {
        "a": tf.io.FixedLenFeature([2], tf.int64),
        "b": tf.io.FixedLenFeature([2], tf.string),
        "c": tf.io.FixedLenFeature([3], tf.float32),
    }
    return {
        "kinds": tf.io.parse_example(read([whole]), spec),
        "other names": tf.io.parse_example(
            read(['{"features": {"feature": {"a": {"int64_list": {"value": [1]}}}}}']),
            {"a": tf.io.FixedLenFeature([1], tf.int64)},
        ),
        "empty": plain(read([["{}"]])),
        "wrong": [
            attempt(lambda t=t: read(t))
            for t in (
                "",
                "[",
                '{"feature": 1}',
                '{"features": {"feature": {"a": {"int64List": {"value": ["x"]}}}}}',
            )
        ],
    }


@cases
def messages(tf: Any, np: Any) -> Any:
    write, read = tf.io.serialize_tensor, tf.io.parse_tensor
    values = {
        "float32": tf.constant([[1.5, 2.5]]),
        "int64": tf.constant(7, tf.int64),
        "bool": tf.constant([True, False]),
        "string": tf.constant(["a", "é", ""]),
        "float16": tf.constant([1.0], tf.float16),
        "bfloat16": tf.constant([1.0], tf.bfloat16),
        "complex64": tf.constant([1 + 2j], tf.complex64),
        "empty": tf.zeros((0, 3)),
        "uint64": tf.constant([2**63], tf.uint64),
    }
    return {
        **{name: plain(write(value)) for name, value in values.items()},
        "back": [read(write(value), value.dtype) for value in values.values()],
        "other dtype": attempt(lambda: read(write(values["float32"]), tf.int32)),
        "damaged": attempt(lambda: read(b"\xff", tf.int32)),
        "vector": attempt(lambda: read([write(1)], tf.int32)),
    }


@cases
def files(tf: Any, np: Any) -> Any:
    folder = tempfile.mkdtemp()
    for name in ("a.txt", "b.txt", "c.csv", ".hidden", "[x].txt"):
        with open(os.path.join(folder, name), "w") as file:
            file.write(name)
    os.makedirs(os.path.join(folder, "sub", "deep"))
    with open(os.path.join(folder, "sub", "d.txt"), "w") as file:
        file.write("d")

    def matching(pattern: Any) -> Any:
        patterns = (
            [os.path.join(folder, p) for p in pattern] if isinstance(pattern, list) else pattern
        )
        if isinstance(pattern, str):
            patterns = os.path.join(folder, pattern)
        found = tf.io.matching_files(patterns).numpy().tolist()
        return [os.path.relpath(f.decode(), folder) for f in found]

    return {
        pattern: attempt(lambda p=pattern: matching(p))
        for pattern in (
            "*.txt", "*", "?.txt", "[ab].txt", "[^a].txt", "{a,c}.*", "nothing*", "sub/*", "*/d.txt", "a.txt",
            "**/d.txt", "\\[x\\].txt", "sub", "sub/deep/*", ".*",
        )
    } | {"list": matching(["c.*", "*.txt"]), "none": matching(["x*"])}  # fmt: skip


@cases
def sparse_messages(tf: Any, np: Any) -> Any:
    io = tf.io
    one = tf.SparseTensor([[0, 1], [2, 0]], [1.5, 2.5], [3, 2])
    texts = tf.SparseTensor([[0, 0], [0, 2], [2, 1]], ["a", "é", ""], [4, 3])

    def parts(value: Any) -> Any:
        return [value.indices, value.values, value.dense_shape]

    many = io.serialize_many_sparse(texts)
    stacked = tf.stack(
        [io.serialize_sparse(one), io.serialize_sparse(tf.SparseTensor([[1, 4]], [7.0], [2, 5]))]
    )
    return {
        "one": plain(io.serialize_sparse(one)),
        "many": plain(io.serialize_many_sparse(one)),
        "back": parts(io.deserialize_many_sparse(many, tf.string)),
        "together": parts(io.deserialize_many_sparse(stacked, tf.float32)),
        "rank": parts(io.deserialize_many_sparse(stacked, tf.float32, rank=3)),
        "wrong dtype": attempt(lambda: parts(io.deserialize_many_sparse(stacked, tf.int32))),
        "wrong rank": attempt(
            lambda: list(io.deserialize_many_sparse(stacked, tf.float32, rank=2).shape)
        ),
        "wrong shape": attempt(lambda: parts(io.deserialize_many_sparse(stacked[0], tf.float32))),
        "dense": attempt(lambda: io.serialize_sparse(tf.constant([1.0]))),
        "none": parts(
            io.deserialize_many_sparse(
                io.serialize_many_sparse(
                    tf.SparseTensor(tf.zeros((0, 2), tf.int64), tf.zeros((0,)), [2, 3])
                ),
                tf.float32,
            )
        ),
    }


@cases
def fingerprints(tf: Any, np: Any) -> Any:
    return {
        "texts": tf.fingerprint(["abc", "", "é" * 50]),
        "numbers": tf.fingerprint([[1, 2], [3, 4]]),
        "cube": tf.fingerprint(tf.reshape(tf.range(8.0), (2, 2, 2))),
        "scalar": attempt(lambda: tf.fingerprint(1)),
        "scalar text": attempt(lambda: tf.fingerprint("a")),
        "method": attempt(lambda: tf.fingerprint(["a"], method="md5")),
        "matrix of texts": tf.fingerprint([["a", "b"], ["c", "d"]]),
        "vector": tf.fingerprint(tf.constant([1, 2], tf.int64)),
        "none": tf.fingerprint(tf.zeros((0, 3))),
    }
