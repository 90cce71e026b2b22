"""`tf.lookup`: tables of tensors and of files, buckets for unknown words, tables that grow."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from ..support import Cases, attempt
from .strings import plain, tried

cases = Cases()


def table(tf: Any, keys: Any, values: Any, default: Any, *dtypes: Any) -> Any:
    pairs = tf.lookup.KeyValueTensorInitializer(keys, values, *dtypes)
    return tf.lookup.StaticHashTable(pairs, default)


def exported(found: Any) -> Any:
    keys, values = (part.numpy().tolist() for part in found.export())
    return [[key, value] for key, value in sorted(zip(keys, values))]


@cases
def static(tf: Any, np: Any) -> Any:
    words = table(tf, ["a", "b", "c"], [1, 2, 3], -1)
    kinds = {
        "int64 string": (tf.int64, tf.string, [1, 2], ["x", "y"], "?"),
        "int32 float32": (tf.int32, tf.float32, [1, 2], [0.5, 1.5], 0.0),
        "string float32": (tf.string, tf.float32, ["a"], [0.5], -1.0),
        "int64 int64": (tf.int64, tf.int64, [2, -5, 9], [2, 3, 4], 0),
        "string string": (tf.string, tf.string, ["a"], ["b"], ""),
        "string bool": (tf.string, tf.bool, ["a"], [True], False),
        "int32 int32": (tf.int32, tf.int32, [1], [2], 0),
        "int64 float64": (tf.int64, tf.float64, [1], [1.0], 0.0),
        "float32 int64": (tf.float32, tf.int64, [1.0], [2], 0),
    }

    def of_kind(key: Any, value: Any, keys: Any, values: Any, default: Any) -> Any:
        made = table(tf, keys, values, default, key, value)
        unknown = tf.constant(["zz"] if key == tf.string else [77], key)
        return [made.lookup(tf.constant(keys, key)), made.lookup(unknown)]

    return {
        "vector": words.lookup(tf.constant(["a", "z", "c"])),
        "scalar": words.lookup(tf.constant("b")),
        "matrix": words.lookup(tf.constant([["a"], ["q"]])),
        "item": words[tf.constant(["a"])],
        "none": words.lookup(tf.zeros((0,), tf.string)),
        "ragged": plain(words.lookup(tf.ragged.constant([["a"], ["b", "z"]]))),
        "sparse": words.lookup(tf.SparseTensor([[0, 0], [1, 1]], ["a", "z"], [2, 2])).values,
        "size": words.size(),
        "export": exported(words),
        "dtypes": [words.key_dtype.name, words.value_dtype.name],
        "default": words.default_value,
        "wrong keys": attempt(lambda: words.lookup(tf.constant([1]))),
        "same twice": table(tf, ["a", "a"], [1, 1], -1).size(),
        "twice": attempt(lambda: table(tf, ["a", "a"], [1, 2], -1)),
        "lengths": attempt(lambda: table(tf, ["a", "b"], [1], -1)),
        "no keys": attempt(lambda: table(tf, tf.zeros((0,), tf.string), tf.zeros((0,)), -1.0)),
        "vectors": attempt(lambda: table(tf, ["a"], [[1, 2]], -1)),
        "default dtype": attempt(lambda: table(tf, ["a"], [1], "x")),
        "default float": attempt(lambda: table(tf, ["a"], [1], 1.5)),
        "default vector": attempt(lambda: table(tf, ["a"], [1], [1, 2])),
        "kinds": {name: attempt(lambda k=k: of_kind(*k)) for name, k in kinds.items()},
    }


@cases
def vocabulary(tf: Any, np: Any) -> Any:
    make, pairs = tf.lookup.StaticVocabularyTable, tf.lookup.KeyValueTensorInitializer
    ids = tf.constant([0, 1], tf.int64)
    words = make(pairs(["a", "b"], ids), 3)
    numbers = pairs(tf.constant([7, 8], tf.int64), ids)
    unknown = tf.constant([7, 9, 10, 11, -5, 2**40], tf.int64)
    return {
        "words": words.lookup(tf.constant(["a", "b", "z", "q", "emerson", "", "é"])),
        "size": words.size(),
        "ragged": plain(words.lookup(tf.ragged.constant([["a"], ["zz", "b"]]))),
        "item": words[tf.constant(["a", "z"])],
        "numbers": make(numbers, 2).lookup(unknown),
        "int32": make(numbers, 2, lookup_key_dtype=tf.int32).lookup(tf.constant([7, 9, 10])),
        "buckets only": make(None, 5).lookup(tf.constant(["a", "b"])),
        "other numbers": make(pairs(["a", "b"], tf.constant([5, 9], tf.int64)), 2).lookup(
            tf.constant(["a", "z"])
        ),
        "int32 values": attempt(lambda: make(pairs(["a"], [0]), 1)),
        "no buckets": attempt(lambda: make(pairs(["a"], ids[:1]), 0)),
        "no buckets at all": attempt(lambda: make(None, 0)),
        "other keys": attempt(lambda: make(pairs(["a"], ids[:1]), 1, lookup_key_dtype=tf.int64)),
        "wrong keys": attempt(lambda: words.lookup(tf.constant([1]))),
        "dtypes": [words.key_dtype.name, words.value_dtype.name],
    }


@cases
def files(tf: Any, np: Any) -> Any:
    lookup, index = tf.lookup, tf.lookup.TextFileIndex
    folder, paths = tempfile.mkdtemp(), []

    def written(text: str) -> None:
        # Each file has a name of its own: TensorFlow shares tables of the same name.
        paths.append(os.path.join(folder, f"words{len(paths)}.txt"))
        with open(paths[-1], "w", newline="") as file:
            file.write(text)

    def of(
        key: Any, key_index: int, value: Any, value_index: int, default: Any, **more: Any
    ) -> Any:
        path = paths[-1]
        reader = lookup.TextFileInitializer(path, key, key_index, value, value_index, **more)
        return lookup.StaticHashTable(reader, default)

    whole, line = index.WHOLE_LINE, index.LINE_NUMBER
    words, numbers = tf.constant(["lake", "lake 20", "x"]), tf.constant([0, 1, 5, 6], tf.int64)
    written("emerson 10\nlake 20\npalmer 30\n")
    found = {
        "columns": of(tf.string, 0, tf.int64, 1, -1, delimiter=" ").lookup(words),
        "lines": of(tf.string, whole, tf.int64, line, -1).lookup(words),
        "numbers of lines": of(tf.int64, line, tf.string, whole, "?").lookup(numbers),
        "offset": of(tf.string, 0, tf.int64, line, -1, delimiter=" ", value_index_offset=5).lookup(
            words
        ),
        "offset of keys": of(
            tf.int64, line, tf.string, 0, "?", delimiter=" ", value_index_offset=5
        ).lookup(numbers),
        "size": of(tf.string, 0, tf.int64, 1, -1, delimiter=" ", vocab_size=2).size(),
        "too few lines": attempt(
            lambda: of(tf.string, 0, tf.int64, 1, -1, delimiter=" ", vocab_size=5)
        ),
        "no lines": attempt(lambda: of(tf.string, 0, tf.int64, 1, -1, vocab_size=0)),
        "column outside": attempt(lambda: of(tf.string, 0, tf.int64, 5, -1, delimiter=" ")),
        "index": attempt(lambda: of(tf.string, -3, tf.int64, 1, -1)),
        "text as a number of a line": attempt(lambda: of(tf.string, line, tf.int64, 1, -1)),
        "no file": attempt(
            lambda: lookup.StaticHashTable(
                lookup.TextFileInitializer(paths[-1] + "?", tf.string, whole, tf.int64, line), -1
            )
        ),
        "vocabulary": lookup.StaticVocabularyTable(
            lookup.TextFileInitializer(paths[-1], tf.string, 0, tf.int64, line, delimiter=" "), 2
        ).lookup(tf.constant(["lake", "zz", "y"])),
        "constants": [whole, line],
    }

    def lines(text: str, keys: list[str]) -> Any:
        written(text)
        return attempt(lambda: of(tf.string, whole, tf.int64, line, -1).lookup(tf.constant(keys)))

    return {
        **found,
        "twice": lines("a\nb\na\n", ["a"]),
        "empty line": lines("a\n\nb\n", ["a"]),
        "returns": lines("a\r\nb", ["a", "a\r", "b"]),
    }


@cases
def growing(tf: Any, np: Any) -> Any:
    make = tf.lookup.experimental.MutableHashTable
    words = make(tf.string, tf.int64, -1)
    int64 = lambda *values: tf.constant(values, tf.int64)  # noqa: E731 one word for the cases below
    found = {"empty": words.lookup(tf.constant(["a"]))}
    words.insert(tf.constant(["a", "b"]), int64(1, 2))
    found["inserted"] = words.lookup(tf.constant(["a", "z"]))
    found["own defaults"] = words.lookup(
        tf.constant(["a", "z"]), dynamic_default_values=int64(7, 8)
    )
    found["one default"] = words.lookup(
        tf.constant(["a", "z"]), dynamic_default_values=tf.constant(9, tf.int64)
    )
    words.insert(tf.constant(["a", "q", "q"]), int64(5, 5, 6))
    found["replaced"] = words[tf.constant(["a", "q"])]
    found["size"] = words.size()
    found["export"] = exported(words)
    words.remove(tf.constant(["a", "zz"]))
    words.insert(tf.constant("s"), tf.constant(4, tf.int64))
    found["matrix"] = words.lookup(tf.constant([["s"], ["a"]]))
    found["after"] = words.size()
    rows = make(tf.int64, tf.float32, [0.0, 1.0])
    rows.insert(int64(1, 2), [[1.0, 2.0], [3.0, 4.0]])
    found["rows"] = rows.lookup(int64(2, 9))
    found["shape of rows"] = list(rows.lookup(tf.constant([[2], [9]], tf.int64)).shape)
    found["defaults of rows"] = rows.lookup(
        int64(9, 8), dynamic_default_values=[[5.0, 5.0], [6.0, 6.0]]
    )
    wrong = {
        "values": lambda: words.insert(tf.constant(["a"]), tf.constant([1])),
        "lengths": lambda: words.insert(tf.constant(["a"]), int64(1, 2)),
        "keys": lambda: words.lookup(tf.constant([1])),
        "keys to remove": lambda: words.remove(tf.constant([1])),
        "rows": lambda: rows.insert(int64(1), [[1.0, 2.0, 3.0]]),
        "float keys": lambda: make(tf.float32, tf.int64, 0),
    }
    return {**found, "wrong": {name: tried(body) for name, body in wrong.items()}}


@cases
def dense(tf: Any, np: Any) -> Any:
    make = tf.lookup.experimental.DenseHashTable
    int64 = lambda *values: tf.constant(values, tf.int64)  # noqa: E731 one word for the cases below
    numbers = make(tf.int64, tf.int64, -1, empty_key=0, deleted_key=-1)
    numbers.insert(int64(1, 2), int64(10, 20))
    found = {"inserted": numbers.lookup(int64(1, 5))}
    numbers.insert_or_assign(int64(1, 3), int64(11, 30))
    numbers.erase(int64(2, 7))
    found["changed"] = numbers.lookup(int64(1, 2, 3))
    numbers.remove(int64(3))
    found["size"] = numbers.size()
    words = make(tf.string, tf.bool, False, empty_key="", deleted_key="$", initial_num_buckets=4)
    words.insert(tf.constant(["a"]), tf.constant([True]))
    found["words"] = words[tf.constant(["a", "b"])]
    pairs = make(tf.int64, tf.int64, -1, empty_key=[0, 0], deleted_key=[-1, -1])
    pairs.insert(tf.constant([[1, 2]], tf.int64), int64(7))
    found["pairs"] = pairs[tf.constant([[1, 2], [3, 4]], tf.int64)]
    rows = make(tf.int64, tf.int64, [-1, -1], empty_key=0, deleted_key=-1)
    rows.insert(int64(1), tf.constant([[7, 8]], tf.int64))
    found["rows"] = rows[int64(1, 2)]
    wrong = {
        "insert empty": lambda: numbers.insert(int64(0), int64(1)),
        "insert deleted": lambda: numbers.insert(int64(-1), int64(1)),
        "look up empty": lambda: numbers.lookup(int64(0)),
        "remove empty": lambda: numbers.remove(int64(0)),
        "one key": lambda: make(tf.int64, tf.int64, -1, empty_key=0, deleted_key=0),
        "buckets": lambda: make(
            tf.int64, tf.int64, -1, empty_key=0, deleted_key=-1, initial_num_buckets=3
        ),
    }
    return {**found, "wrong": {name: tried(body) for name, body in wrong.items()}}
