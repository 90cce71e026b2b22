"""Layers that look things up and encode categories: strings, integers, texts, categories."""

from __future__ import annotations

import itertools
import re
import string
from typing import Any

from ..support import Cases, attempt

cases = Cases()

WORDS = ["b", "a", "c", "a", "b", "a", "d", "é", "", "e"]
TEXTS = [
    "Hello, World! hello",
    "a b the  x",
    "",
    "  tabs\tand\nlines\x0b\x0cand\rmore  ",
    "Ünïcode wörds: ÄÖ don't (won't) e-mail",
    "the the the averyveryverylongwordindeedthatislong averyveryverylongwordindeedthatislonger",
]
QUERIES = [*TEXTS, "hello zz averyveryverylongwordindeedthatislong the x", "x", "nul\x00inside nul"]


def _plain(tokens: Any) -> list[Any]:
    return [str(t) if isinstance(t, str) else int(t) for t in tokens]


@cases
def string_lookup(tf: Any, np: Any) -> Any:
    layer_class = tf.keras.layers.StringLookup
    learned = layer_class()
    learned.adapt(np.array(WORDS))
    limited = layer_class(max_tokens=3)
    limited.adapt(np.array(WORDS))
    of_data = layer_class(mask_token="[M]")
    of_data.adapt(tf.data.Dataset.from_tensor_slices(WORDS).batch(3))
    masked = layer_class(vocabulary=["a", "b"], mask_token="", num_oov_indices=3)
    strict = layer_class(vocabulary=["a", "b"], num_oov_indices=0)
    found = {
        "learned": (_plain(learned.get_vocabulary()), learned(["a", "zz", "", "é"]), learned.vocabulary_size()),
        "limited": (_plain(limited.get_vocabulary()), limited([["a", "b", "c"]])),
        "of data": (_plain(of_data.get_vocabulary()), of_data(["a", "[M]", "q"])),
        "without special": _plain(of_data.get_vocabulary(include_special_tokens=False)),
        "masked": (_plain(masked.get_vocabulary()), masked(["a", "", "zz", "yy", "q", "é", "[UNK]"])),
        "strict": strict(["b", "a"]),
        "strict unknown": attempt(lambda: strict(["q"])),
        "inverted": layer_class(vocabulary=["a", "b"], invert=True)([[0, 1, 2, 3, 70]]),
        "inverted masked": layer_class(vocabulary=["a"], invert=True, mask_token="-")([[0, 1, 2]]),
        "with its own special": _plain(layer_class(vocabulary=["[UNK]", "a"]).get_vocabulary()),
        "repeated": attempt(lambda: layer_class(vocabulary=["a", "a"])),
        "one token": attempt(lambda: layer_class(max_tokens=1)),
        "too many": attempt(lambda: layer_class(max_tokens=2, vocabulary=["a", "b", "c"])),
        "scalar": learned("a"),
    }
    for mode, shape in itertools.product(("one_hot", "multi_hot", "count"), ((3,), (2, 3), (2, 1))):
        layer = layer_class(vocabulary=["a", "b"], output_mode=mode)
        found[f"{mode} {shape}"] = layer(np.resize(np.array(["a", "z", "a", "b"]), shape))
    padded = layer_class(vocabulary=["a", "b"], output_mode="multi_hot", max_tokens=6, pad_to_max_tokens=True)
    weighted = layer_class(vocabulary=["a", "b"], output_mode="tf_idf", idf_weights=[0.5, 0.25])
    counted = layer_class(output_mode="tf_idf")
    counted.adapt(np.array([["a", "b"], ["a", "c"], ["a", "a"]]))
    return found | {
        "padded": padded([["a", "q"]]),
        "older name": layer_class(vocabulary=["a", "b"], output_mode="binary")([["a", "q"]]),
        "weighted": weighted([["a", "z", "a"]]),
        "frequencies": (_plain(counted.get_vocabulary()), counted([["a", "b", "q"]])),
    }


@cases
def integer_lookup(tf: Any, np: Any) -> Any:
    layer_class = tf.keras.layers.IntegerLookup
    learned = layer_class()
    learned.adapt(np.array([3, 3, 1, 1, 2, 7]))
    return {
        "learned": (_plain(learned.get_vocabulary()), learned([[3, 1], [9, 7]])),
        "many unknown": layer_class(vocabulary=[10, 20], num_oov_indices=3)([10, 20, 5, 6, 7, -3, -4]),
        "masked": layer_class(vocabulary=[10, 20], mask_token=0)([10, 0, 20, 5]),
        "inverted": layer_class(vocabulary=[10, 20], invert=True)([0, 1, 2, 9]),
        "multi hot": layer_class(vocabulary=[10, 20], output_mode="multi_hot")([[10, 10, 5], [20, 10, 10]]),
        "int32": layer_class(vocabulary=[10, 20])(np.array([20, 1], np.int32)),
    }


def _without_html(tf: Any) -> Any:
    def standardize(text: Any) -> Any:
        text = tf.strings.regex_replace(tf.strings.lower(text), "<br />", " ")
        return tf.strings.regex_replace(text, f"[{re.escape(string.punctuation)}]", "")

    return standardize


@cases
def text_vectorization(tf: Any, np: Any) -> Any:
    layer_class = tf.keras.layers.TextVectorization

    def of(*queries: str, **settings: Any) -> Any:
        layer = layer_class(**settings)
        layer.adapt(TEXTS)
        result = layer(list(queries or QUERIES))
        return _plain(layer.get_vocabulary()), result.to_list() if hasattr(result, "to_list") else result

    fixed = layer_class(vocabulary=["hello", "x"], output_sequence_length=3)
    return {
        "plain": of(),
        "limited": of(max_tokens=5),
        "cut": of(output_sequence_length=2),
        "filled": of("x", output_sequence_length=4),
        "lower": of(standardize="lower"),
        "strip": of(standardize="strip_punctuation"),
        "as they are": of(standardize=None),
        "characters": of(split="character"),
        "whole": of(split=None, standardize="lower"),
        "pairs": of(ngrams=2),
        "pairs and more": of(ngrams=(2, 3)),
        "multi hot": of(output_mode="multi_hot"),
        "multi hot padded": of(output_mode="multi_hot", max_tokens=40, pad_to_max_tokens=True),
        "count": of(output_mode="count", max_tokens=6),
        "frequencies": of(output_mode="tf_idf", max_tokens=6),
        "pairs, frequencies": of(output_mode="tf_idf", ngrams=2),
        "ragged": of(ragged=True),
        "functions": of("one<br />Two, three", standardize=_without_html(tf), split=tf.strings.split),
        "a split": of(split=lambda text: tf.strings.split(text, sep="e")),
        "scalar": fixed(tf.constant("hello x y z")),
        "column": fixed(tf.constant([["hello x y z"], ["x"]])),
        "empty batch": fixed(tf.constant([], tf.string)),
        "wrong mode": attempt(lambda: layer_class(output_mode="nonsense")),
        "matrix": attempt(lambda: fixed(tf.constant([["a", "b"]]))),
    }


@cases
def category_encoding(tf: Any, np: Any) -> Any:
    layer_class = tf.keras.layers.CategoryEncoding
    found = {}
    for mode, shape in itertools.product(("one_hot", "multi_hot", "count"), ((3,), (2, 3), (3, 1), (2, 2, 3))):
        found[f"{mode} {shape}"] = layer_class(4, mode)(np.resize(np.array([0, 3, 3, 1]), shape))
    weights = np.array([[0.5, 0.25, 2.0], [1.0, 2.0, 4.0]], np.float32)
    return found | {
        "weights": layer_class(4, "count")(np.array([[0, 1, 1], [3, 3, 3]]), count_weights=weights),
        "none": attempt(lambda: layer_class()),
        "wrong mode": attempt(lambda: layer_class(3, "int")),
    }


@cases
def hashing(tf: Any, np: Any) -> Any:
    layer_class = tf.keras.layers.Hashing
    texts = np.array([["A"], ["B"], ["C"], [""], ["é"], ["a rather long text that is hashed"]])
    numbers = np.array([1, 2, 3, -4, 10**12])
    found = {
        "texts": layer_class(7)(texts),
        "numbers": layer_class(7)(numbers),
        "masked": layer_class(7, mask_value="")(texts),
        "masked numbers": layer_class(7, mask_value=2)(numbers),
        "salt": layer_class(7, salt=133)(texts),
        "two salts": (layer_class(7, salt=[133, 137])(texts), layer_class(7, salt=(133, 137))(numbers)),
        "one bin": layer_class(1)(texts),
        "no bins": attempt(lambda: layer_class(0)),
        "wrong mode": attempt(lambda: layer_class(3, output_mode="tf_idf")),
    }
    for mode in ("one_hot", "multi_hot", "count"):
        found[mode] = layer_class(4, output_mode=mode)(np.array([["a", "b", "a"], ["c", "d", "e"]]))
    return found


@cases
def discretization(tf: Any, np: Any) -> Any:
    layer_class = tf.keras.layers.Discretization
    values = np.array([[-1.0, 0.0, 0.5, 1.0], [1.5, 2.0, 3.0, np.inf]], np.float32)

    def learned(count: int, bins: int) -> Any:
        layer = layer_class(num_bins=bins)
        layer.adapt(np.arange(count, dtype=np.float32))
        return layer(np.arange(count, dtype=np.float32))

    ties = layer_class(num_bins=3)
    ties.adapt(np.array([1, 1, 1, 1, 2, 3, 9.0], np.float32))
    found = {
        "given": layer_class(bin_boundaries=[0.0, 1.0, 2.0])(values),
        "integers": layer_class(bin_boundaries=[0.0, 1.0, 2.0])(np.array([0, 1, 2, 5])),
        "learned": {f"{n}, {b}": learned(n, b) for n, b in ((10, 4), (5, 2), (7, 3), (90, 4))},
        "ties": (np.array(ties.bin_boundaries, np.float32), ties(np.array([1.0, 2.0, 9.0]))),
        "both": attempt(lambda: layer_class(num_bins=3, bin_boundaries=[1.0])),
        "neither": attempt(lambda: layer_class()),
    }
    for mode in ("one_hot", "multi_hot", "count"):
        found[mode] = layer_class(bin_boundaries=[0.0, 1.0, 2.0], output_mode=mode)(values)
    return found


@cases
def hashed_crossing(tf: Any, np: Any) -> Any:
    layer_class = tf.keras.layers.HashedCrossing
    texts, numbers = np.array(["A", "B", "A", "B", "é"]), np.array([101, 101, 101, 102, -7])
    return {
        "pairs": layer_class(5)((texts, numbers)),
        "triples": layer_class(1000)((texts, numbers, texts)),
        "columns": layer_class(9)((texts[:, None], numbers[:, None])),
        "scalars": layer_class(9)((tf.constant("A"), tf.constant(3))),
        "one hot": layer_class(5, output_mode="one_hot")((texts[:, None], numbers[:, None])),
        "one hot of vectors": layer_class(5, output_mode="one_hot")((texts, numbers)),
        "numbers alone": attempt(lambda: layer_class(5)((numbers, np.array([0.5] * 5)))),
        "one feature": attempt(lambda: layer_class(5)((numbers,))),
        "matrix": attempt(lambda: layer_class(5)((numbers.reshape(1, 5), numbers.reshape(1, 5)))),
    }


@cases
def salts(tf: Any, np: Any) -> Any:
    layers = tf.keras.layers
    numbers = np.array([1, 2, 3, -4, 5, 100, 7000000000])
    texts = np.array(["a", "b", "c", "zz", ""])
    found: dict[str, Any] = {}
    for salt in (None, 3, [3, 4]):
        own: dict[str, Any] = {"salt": salt, "num_oov_indices": 4}
        made = [
            layers.IntegerLookup(vocabulary=[1, 2], oov_method="farmhash", **own),
            layers.StringLookup(vocabulary=["a", "b"], **own),
        ]
        found[str(salt)] = [made[0](numbers), made[1](texts), [layer.get_config()["salt"] for layer in made]]
    return found | {
        "turns": layers.IntegerLookup(vocabulary=[1, 2], num_oov_indices=4)(numbers),
        "salt without a hash": attempt(lambda: layers.IntegerLookup(vocabulary=[1], salt=3)),
        "unknown hash": attempt(lambda: layers.IntegerLookup(vocabulary=[1], oov_method="other")),
        "salt of text": attempt(lambda: layers.StringLookup(vocabulary=["a"], salt="b")),
    }
