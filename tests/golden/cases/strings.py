"""`tf.strings`: letters, lengths, parts, pieces, joins, numbers."""

from __future__ import annotations

from typing import Any

from ..support import Cases, attempt

cases = Cases()


def plain(value: Any) -> Any:
    """Nested lists of bytes and numbers: of ragged tensors, and of texts that are no UTF-8."""
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if hasattr(value, "to_list"):
        return value.to_list()
    found = value.numpy()
    return found.tolist() if hasattr(found, "tolist") else found


def tried(body: Any) -> Any:
    return attempt(lambda: plain(body()))


@cases
def letters(tf: Any, np: Any) -> Any:
    s = tf.strings
    mixed = ["ABÄ", "ß", "ΑΣ ΑΣΑ", "ǅ İı", "", "aB\0C"]
    return {
        "lower": s.lower(mixed),
        "upper": s.upper(mixed),
        "lower utf-8": s.lower(mixed, encoding="utf-8"),
        "upper utf-8": s.upper(mixed, encoding="utf-8"),
        "lower no utf-8": plain(s.lower([b"A\xff", b"\xe2\x82A"])),
        "lower no utf-8 as utf-8": plain(s.lower([b"A\xff", b"\xe2\x82A"], encoding="utf-8")),
        "scalar": s.upper("x"),
        "matrix": s.upper([["x"], ["y"]]),
        "empty": s.upper(tf.zeros((0, 2), tf.string)),
        "encoding": attempt(lambda: s.lower("A", encoding="latin-1")),
        "capital name": attempt(lambda: s.lower("A", encoding="UTF-8")),
        "numbers": attempt(lambda: s.lower([1])),
        "number tensor": attempt(lambda: s.lower(tf.constant([1]))),
        "strip": s.strip([" \t\n\r\x0b\x0ca b ", "\xa0a\x1c", "", "  "]),
    }


@cases
def lengths(tf: Any, np: Any) -> Any:
    s = tf.strings
    texts = [["hé", ""], ["日本", "a\0b"]]
    return {
        "bytes": s.length(texts),
        "characters": s.length(texts, unit="UTF8_CHAR"),
        "no utf-8": s.length([b"\xff\x80", b"\x80", b"a\xc3"], unit="UTF8_CHAR"),
        "scalar": s.length("abc"),
        "unit": attempt(lambda: s.length("a", unit="x")),
    }


@cases
def parts(tf: Any, np: Any) -> Any:
    s = tf.strings
    pairs = [(0, 2), (1, 10), (-2, 1), (-5, 2), (5, 1), (2, 0), (-3, 2), (5, 0), (0, 2**31 - 1)]
    wrong = [(6, 1), (-6, 1)]
    return {
        "bytes": [s.substr("hello", *pair) for pair in pairs],
        "characters": [s.substr("héłłö", *pair, unit="UTF8_CHAR") for pair in pairs],
        "outside": [attempt(lambda p=pair: s.substr("hello", *p)) for pair in wrong],
        "outside characters": [
            attempt(lambda p=pair: s.substr("héłłö", *p, unit="UTF8_CHAR")) for pair in wrong
        ],
        "rest": [s.substr("hello", 1, -1), s.substr("hello", -3, -1)],
        "rest characters": attempt(lambda: s.substr("héłłö", 1, -1, unit="UTF8_CHAR")),
        "each": s.substr(["hello", "world"], [1, 2], [3, 2]),
        "one position": s.substr([["hello"], ["world"]], 1, 2),
        "many positions": s.substr("hello", [1, 2], [3, 2]),
        "broadcast": s.substr([["hello", "world"]], [[1], [2]], [[3], [2]]),
        "columns": s.substr([["hello", "ab"], ["abc", "xyz"]], [0, 1], [1, 1]),
        "int64": s.substr("hello", tf.constant(1, tf.int64), tf.constant(3, tf.int64)),
        "no utf-8": s.substr(b"\xff\x80a", 1, 1, unit="UTF8_CHAR"),
        "one bad": attempt(lambda: s.substr(["hello", "w"], [3, 3], [1, 1])),
        "shapes": attempt(lambda: s.substr("hello", [1, 2], [3])),
        "no broadcast": attempt(lambda: s.substr(["a", "b", "c"], [0, 0], [1, 1])),
        "floats": attempt(lambda: s.substr("a", 1.0, 2.0)),
        "unit": attempt(lambda: s.substr("a", 0, 1, unit="x")),
        "three dimensions": attempt(lambda: s.substr([[["hello"]]], [[[1], [2]]], [[[1], [2]]])),
    }


TEXTS = ["  a  b c  ", "", "a<>b<><>c", "aXa", " \x0b \x0c x\x1cy", "a b"]


@cases
def pieces(tf: Any, np: Any) -> Any:
    s = tf.strings
    found = {
        f"{sep!r} {most}": plain(s.split(TEXTS, sep, most))
        for sep in (None, "", " ", "<>", "a")
        for most in (-1, 0, 2, 3)
    }
    return {
        **found,
        "cut once": {sep: plain(s.split(TEXTS, sep, 1)) for sep in (" ", "<>", "a")},
        "cut once at blanks": plain(s.split(["  a  b c  ", "a b"], None, 1)),
        "ends at a cut": plain(s.split(["aXa"], None, 1)),
        "scalar": s.split("a b"),
        "matrix": plain(s.split([["a b", "c"], ["", "d e f"]])),
        "cube": plain(s.split([[["a b"], ["c"]]])),
        "sep tensor": s.split("a-b", tf.constant("-")),
        "sep vector": attempt(lambda: s.split("a b", tf.constant([" "]))),
        "none": plain(s.split(tf.zeros((0,), tf.string))),
        "numbers": attempt(lambda: s.split([1])),
        "bytes": plain(s.bytes_split(["hé", "", b"\xff\0"])),
        "bytes of one": s.bytes_split("abc"),
        "bytes of a matrix": plain(s.bytes_split([["ab", "c"], ["", "d"]])),
        "rows": s.split(["a b", "c"]).row_splits,
    }


GRAMS: list[dict[str, Any]] = [
    {"ngram_width": 2},
    {"ngram_width": (1, 2)},
    {"ngram_width": [2, 1]},
    {"ngram_width": 3},
    {"ngram_width": 2, "separator": "-"},
    {"ngram_width": 2, "pad_values": "P"},
    {"ngram_width": 3, "pad_values": ("L", "R")},
    {"ngram_width": 3, "pad_values": ("L", "R"), "padding_width": 1},
    {"ngram_width": (1, 3), "pad_values": ("L", "R"), "padding_width": 5},
    {"ngram_width": 3, "preserve_short_sequences": True},
    {"ngram_width": (2, 3), "preserve_short_sequences": True},
    {
        "ngram_width": (1, 3),
        "pad_values": "P",
        "preserve_short_sequences": True,
        "padding_width": 1,
    },
    {"ngram_width": 4, "pad_values": "P", "preserve_short_sequences": True, "padding_width": 1},
]
WRONG_GRAMS: list[dict[str, Any]] = [
    {"ngram_width": 0},
    {"ngram_width": 2, "padding_width": 1},
    {"ngram_width": 2, "pad_values": 5},
    {"ngram_width": 2, "pad_values": "P", "padding_width": 0},
    {"ngram_width": "a"},
]


@cases
def grams(tf: Any, np: Any) -> Any:
    ngrams = tf.strings.ngrams
    rows = tf.strings.split(["a b c", "d", "", "e f"])
    return {
        "ragged": [plain(ngrams(rows, **settings)) for settings in GRAMS],
        "dense": [ngrams([["a", "b", "c"], ["d", "e", "f"]], **settings) for settings in GRAMS],
        "errors": [attempt(lambda k=k: ngrams(["a"], **k)) for k in WRONG_GRAMS],
        "vector": ngrams(["a", "b", "c"], 2),
        "scalar": attempt(lambda: ngrams("a", 2)),
        "cube": ngrams([[["a", "b", "c"]]], 2),
        "deep": plain(ngrams(tf.strings.split([["a b", "c"], ["d e f", ""]]), 2)),
        "short": ngrams(["a"], 2),
        "short kept": ngrams([["a"]], 2, preserve_short_sequences=True),
        "no items": ngrams(tf.zeros((2, 0), tf.string), 2),
        "numbers": attempt(lambda: ngrams([1, 2], 2)),
    }


@cases
def joins(tf: Any, np: Any) -> Any:
    s = tf.strings
    square = [["a", "b"], ["c", "d"]]
    axes = [None, 0, 1, -1, [0, 1], [1, 0], []]
    cube = tf.reshape([*"abcdefgh"], (2, 2, 2))
    return {
        "join": s.join(["a", ["b", "c"], "d"], "-"),
        "one": s.join([["a", "b"]]),
        "none": s.join([]),
        "tensor": s.join(tf.constant(["a", "b"])),
        "tensors": s.join([tf.constant(["a"]), tf.constant(["b"])], separator="é"),
        "shapes": attempt(lambda: s.join([["a"], ["b", "c"]])),
        "ranks": attempt(lambda: s.join([[["a"]], ["b"]])),
        "numbers": attempt(lambda: s.join(["a", 1])),
        "reduce": [s.reduce_join(square, axis, separator=".") for axis in axes],
        "reduce kept": [s.reduce_join(square, axis, True, ".") for axis in axes],
        "reduce cube": [s.reduce_join(cube, axis) for axis in ([0, 2], [2, 0], 1, [1], [2, 1, 0])],
        "reduce no items": s.reduce_join(tf.zeros((2, 0), tf.string), 1),
        "reduce no rows": s.reduce_join(tf.zeros((0, 2), tf.string), 1),
        "reduce scalar": s.reduce_join("a"),
        "reduce twice": attempt(lambda: s.reduce_join(square, [0, -2])),
        "reduce outside": attempt(lambda: s.reduce_join(square, 2)),
        "segments": s.unsorted_segment_join(["a", "b", "c"], [0, 2, 0], 4, "-"),
        "segments of rows": s.unsorted_segment_join(square, [1, 1], 2, "-"),
        "segments of elements": s.unsorted_segment_join(square, [[1, 0], [1, 1]], 2, "-"),
        "segment outside": attempt(lambda: s.unsorted_segment_join(["a"], [5], 2)),
        "segment negative": attempt(lambda: s.unsorted_segment_join(["a"], [-1], 2)),
        "segments shape": attempt(lambda: s.unsorted_segment_join(["a"], [0, 1], 2)),
        "segments count": attempt(lambda: s.unsorted_segment_join(["a"], [0], -1)),
        "segments scalar": attempt(lambda: s.unsorted_segment_join("a", 0, 1)),
    }


FLOATS = [
    "1", "-1.5", " 2 ", "1e3", "1e400", "-1e400", "inf", "-Infinity", "nan", "NaN", "0x1f", "1_0", "",
    "1 2", "1f", "+3", ".5", "5.", "1e", "0b1", "\t7\n", "1e-50", "3.4028236e38", "１", "infinit",
    "0x1p3", "-0", "1,5", "- 1", "0x", "-0x1.8", "1\0", "16777217", "16777217.0000000000000000001",
    "16777216.9999999999999999999", "-16777217.0000000000000000001", "7.006492321624085e-46",
    "7.0064923216240862e-46",
]  # fmt: skip
INTEGERS = [
    "1", "-1", " 2 ", "2147483647", "2147483648", "-2147483648", "-2147483649", "9223372036854775807",
    "9223372036854775808", "1.0", "", "0x1f", "+3", "1_0", "007", "- 1", "4294967295", "4294967296",
    "18446744073709551615", "18446744073709551616", "\x0b1",
]  # fmt: skip


@cases
def numbers_read(tf: Any, np: Any) -> Any:
    read = tf.strings.to_number
    found = {
        dtype.name: [attempt(lambda t=text, d=dtype: read(t, d)) for text in texts]
        for texts, dtypes in (
            (FLOATS, (tf.float32, tf.float64)),
            (INTEGERS, (tf.int32, tf.int64, tf.uint32, tf.uint64)),
        )
        for dtype in dtypes
    }
    return {
        **found,
        "default": read([["1", "2"]]),
        "none": read(tf.zeros((0,), tf.string)),
        "dtypes": [attempt(lambda d=d: read("1", d)) for d in (tf.int16, tf.float16, tf.string)],
    }


STYLES: list[dict[str, Any]] = [
    {},
    {"precision": 2},
    {"precision": 0},
    {"precision": -2},
    {"scientific": True},
    {"shortest": True},
    {"precision": 3, "scientific": True},
    {"precision": 3, "shortest": True},
    {"scientific": True, "shortest": True},
    {"width": 10},
    {"width": -5},
    *({"width": 10, "fill": fill} for fill in ("0", "-", "+", " ", "#")),
    *({"fill": fill} for fill in ("0", "-", "+", " ", "#", "x", "00")),
    {"width": 12, "fill": "0", "precision": 3},
    {"precision": 2, "width": 5},
]


@cases
def numbers_written(tf: Any, np: Any) -> Any:
    write = tf.strings.as_string
    inf, nan = float("inf"), float("nan")
    single = tf.constant([1.5, -0.0, 1e10, 1e-10, 123456789.0, inf, -inf, nan, 1 / 3, 1e5, 1e6])
    values = {
        "float32": single,
        "float64": tf.constant([1 / 3, -2.5], tf.float64),
        "int32": tf.constant([12, -3]),
        "uint8": tf.constant([12], tf.uint8),
        "bool": tf.constant([True, False]),
        "complex64": tf.constant([1.5 - 2j], tf.complex64),
        "string": tf.constant(["abc"]),
    }
    narrow = (tf.int8, tf.int16, tf.int64, tf.uint16, tf.uint32, tf.uint64, tf.float16, tf.bfloat16)
    return {
        **{
            name: [attempt(lambda v=value, k=k: write(v, **k)) for k in STYLES]
            for name, value in values.items()
        },
        "dtypes": [write(tf.cast([3], dtype), width=5, fill="0") for dtype in narrow],
        "negative nan": write(tf.constant([-np.nan], tf.float32)),
        "large": write(tf.constant([2**64 - 1], tf.uint64)),
        "exact": write(tf.constant([0.1], tf.float64), precision=40),
        "shape": write([[1], [2]]),
        "none": write(tf.zeros((0,))),
    }


@cases
def templates(tf: Any, np: Any) -> Any:
    fill = tf.strings.format
    return {
        "two": fill("a {} b {}", (tf.constant([1.5, 2.0]), tf.constant("x"))),
        "one": fill("{}", tf.range(10)),
        "all": fill("%t of {}", tf.range(10), placeholder="%t", summarize=-1),
        "few": fill("{}", tf.reshape(tf.range(100.0), (10, 10)), summarize=2),
        "none": fill("x", ()),
        "braces": fill("{} {{}}", [1, 2]),
        "texts": fill("{}", tf.constant([["a", "b\n"]])),
        "lists": fill("{}", [[1, 2]]),
        "too few": attempt(lambda: fill("{} {}", tf.range(10))),
        "too many": attempt(lambda: fill("{}", (tf.constant(1), tf.constant(2)))),
    }


@cases
def operators(tf: Any, np: Any) -> Any:
    a, pair = tf.constant("a"), tf.constant(["a", "b"])
    return {
        "add": a + "é",
        "radd": "é" + a,
        "broadcast": pair + [["c"]],
        "tf.add": tf.add(["a"], ["b"]),
        "eq": pair == ["a", "c"],
        "not_equal": tf.not_equal("a", "b"),
        "where": tf.where([True, False], pair, "c"),
        "reverse_sequence": tf.reverse_sequence([["a", "b", "c"]], [2], 1),
        "refused": [
            attempt(body)
            for body in (
                lambda: a * 2,
                lambda: a - "b",
                lambda: tf.less("a", "b"),
                lambda: tf.sort(pair),
                lambda: tf.argsort(pair),
                lambda: tf.reduce_max(pair),
                lambda: tf.minimum("a", "b"),
                lambda: a + 1,
                lambda: a == tf.constant(1),
                lambda: tf.add_n([pair, pair]),
                lambda: tf.math.top_k(pair),
                lambda: tf.ones((1,), tf.string),
            )
        ],
        "cast": [
            attempt(lambda: tf.cast("1", tf.int32)),
            attempt(lambda: tf.cast(1, tf.string)),
            tf.cast("1", tf.string),
        ],
        "unstack": tf.unstack(pair),
    }


@cases
def hashes(tf: Any, np: Any) -> Any:
    s = tf.strings
    wide = 2**63 - 1
    texts = [("aé日z" * 80)[:n] for n in range(0, 300, 7)] + [
        bytes([255, 0, n % 256] * n) for n in range(70)
    ]
    return {
        "fast": s.to_hash_bucket_fast(texts, wide),
        "strong": s.to_hash_bucket_strong(texts, wide, [1, 2]),
        "plain": s.to_hash_bucket(texts, wide),
        "few": s.to_hash_bucket_fast([["a"], ["b"]], 10),
        "one": s.to_hash_bucket_fast("a", 1),
        "key": s.to_hash_bucket_strong(["a", "b"], 1000, [-1, 2**63 - 1]),
        "none": s.to_hash_bucket_fast(tf.zeros((0, 2), tf.string), 10),
        "buckets": [attempt(lambda n=n: s.to_hash_bucket_fast("a", n)) for n in (0, -1)],
        "short key": attempt(lambda: s.to_hash_bucket_strong(["a"], 10, [1])),
        "long key": attempt(lambda: s.to_hash_bucket_strong(["a"], 10, [1, 2, 3])),
        "numbers": attempt(lambda: s.to_hash_bucket([1], 10)),
    }


@cases
def ragged(tf: Any, np: Any) -> Any:
    s = tf.strings
    rows = tf.ragged.constant([["Ab", "c"], [], ["d e"]])
    deep = tf.ragged.constant([[["a", "b"], ["c"]], [], [["d"]]])
    texts = {
        "lower": s.lower(rows),
        "length": s.length(rows),
        "strip": s.strip(rows),
        "fast": s.to_hash_bucket_fast(rows, 10),
        "replace": s.regex_replace(rows, "b", "X"),
        "match": s.regex_full_match(rows, "c"),
        "substr": s.substr(rows, 0, 1),
        "join": s.join([rows, "y", rows], "-"),
        "split": s.split(rows),
        "bytes": s.bytes_split(rows),
        "unicode_split": s.unicode_split(rows, "UTF-8"),
        "decode": s.unicode_decode(rows, "UTF-8"),
        "transcode": s.unicode_transcode(rows, "UTF-8", "UTF-16-BE"),
        "numbers": s.to_number(s.as_string(s.length(rows))),
        "script": s.unicode_script(s.unicode_decode(rows, "UTF-8")),
        "equal": rows == "c",
        "grams": s.ngrams(deep, 2),
        "encode": s.unicode_encode(s.unicode_decode(rows, "UTF-8"), "UTF-8"),
    }
    axes = [None, 0, 1, -1, [0, 1], [1, 0]]
    return {
        **{name: plain(value) for name, value in texts.items()},
        "offsets": [plain(part) for part in s.unicode_split_with_offsets(rows, "UTF-8")],
        "reduce": [plain(s.reduce_join(rows, axis, separator="-")) for axis in axes],
        "reduce deep": [
            plain(s.reduce_join(deep, axis, separator="-")) for axis in (None, 0, 1, 2, -1)
        ],
        "reduce kept": plain(s.reduce_join(rows, 1, keepdims=True)),
        "reduce outside": attempt(lambda: s.reduce_join(rows, 2)),
        "shapes": [
            list(value.shape)
            for value in (
                s.split([["a b", "c"], ["", "d"]]),
                s.unicode_decode(["a"], "UTF-8"),
                s.bytes_split(rows),
            )
        ],
    }
