"""`tf.strings.unicode_*`: encodings, wrong bytes, offsets, scripts."""

from __future__ import annotations

from typing import Any

from ..support import Cases, attempt
from .strings import plain, tried

cases = Cases()

WRONG = [
    b"h\xc3\xa9", b"\xff", b"a\xc3", b"\xe2\x82", b"\xe2\x82a", b"\xf0\x9f\x98", b"\xf0\x9f\x98\x80",
    b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbfa", b"\x80\x80", b"",
    b"\xf8\x88\x80\x80\x80", b"\x00a\x1f\x7f\xc2\x85", b"\xe0\x9f\xbf", b"\xf0\x80\x80\x80", b"\xc3\xc3\xa9",
]  # fmt: skip


def noise(np: Any) -> list[bytes]:
    """Short strings of bytes that often begin and break characters."""
    rng = np.random.RandomState(0)
    alphabet = [0x41, 0x80, 0xBF, 0xC2, 0xC3, 0xE0, 0xA0, 0xE2, 0xED, 0xF0, 0x90, 0xF4, 0x8F, 0xFF]
    return [bytes(rng.choice(alphabet, rng.randint(0, 8)).tolist()) for _ in range(200)]


@cases
def decode(tf: Any, np: Any) -> Any:
    s = tf.strings
    return {
        "replace": [plain(part) for part in s.unicode_decode_with_offsets(WRONG, "UTF-8")],
        "ignore": [
            plain(part) for part in s.unicode_decode_with_offsets(WRONG, "UTF-8", errors="ignore")
        ],
        "strict": [tried(lambda t=t: s.unicode_decode(t, "UTF-8", errors="strict")) for t in WRONG],
        "noise": [plain(part) for part in s.unicode_decode_with_offsets(noise(np), "UTF-8")],
        "control": {
            errors: plain(
                s.unicode_decode(
                    [b"\x00a\x1f\x7f\n\t\xc2\x85\xff" if errors != "strict" else b"a\n"],
                    "UTF-8",
                    errors=errors,
                    replace_control_characters=True,
                )
            )
            for errors in ("replace", "ignore", "strict")
        },
        "replacement": [
            tried(lambda r=r: s.unicode_decode(b"a\xff", "UTF-8", replacement_char=r))
            for r in (65, 0, 0x1F600, 0xD800, -1, 0x110000)
        ],
        "errors": attempt(lambda: s.unicode_decode("a", "UTF-8", errors="x")),
        "scalar": s.unicode_decode("né", "UTF-8"),
        "vector": plain(s.unicode_decode(["ab", "", "日本"], "UTF-8")),
        "matrix": plain(s.unicode_decode([["ab", ""], ["c", "é"]], "UTF-8")),
        "none": plain(s.unicode_decode(tf.zeros((0,), tf.string), "UTF-8")),
        "dtypes": [part.dtype.name for part in s.unicode_decode_with_offsets(["a"], "UTF-8")],
        "numbers": attempt(lambda: s.unicode_decode([1], "UTF-8")),
    }


ENCODINGS = [
    "UTF-8", "utf-8", "UTF8", "UTF-16", "UTF-16-BE", "UTF-16BE", "UTF-16LE", "UTF-32-BE", "UTF-32",
    "latin1", "ISO-8859-1", "ISO-8859-15", "shift_jis", "windows-1252", "windows-1251", "US-ASCII", "ascii",
    "GB18030", "KOI8-R", "cp437",
]  # fmt: skip
BYTES = [b"\x00A\x00B\x00C\x00D", b"A\x82\xa0\xe9"]


@cases
def encodings(tf: Any, np: Any) -> Any:
    decode = tf.strings.unicode_decode_with_offsets
    return {
        **{name: [plain(part) for part in decode(BYTES, name)] for name in ENCODINGS},
        "unknown": [attempt(lambda n=n: decode("a", n)) for n in ("nope", "", "hex", "rot13")],
        "pairs": plain(decode(b"\xd8\x3d\xde\x00\xd8\x00\x00A\x00", "UTF-16-BE")),
        "wide": plain(decode(b"\x00\x11\x00\x00\x00\x00\xd8\x00\x00\x00\x00A\x00", "UTF-32-BE")),
        "mark": plain(decode(b"\xfe\xff\x00A\x00B", "UTF-16")),
        "other mark": plain(decode(b"\xff\xfeA\x00B\x00", "UTF-16")),
        "mark as a character": plain(decode(b"\xfe\xff\x00A", "UTF-16-BE")),
    }


@cases
def encode(tf: Any, np: Any) -> Any:
    s = tf.strings
    wrong = [0x41, 0xD800, 0x110000, -1, 0x42]
    rows = s.unicode_decode(["né", "", "日"], "UTF-8")
    return {
        "encodings": [
            tried(lambda e=e: s.unicode_encode([0x41, 0xE9, 0x1F600], e))
            for e in ("UTF-8", "UTF-16-BE", "UTF-32-BE", "utf-8", "UTF-16", "latin1")
        ],
        "errors": [
            tried(lambda e=e: s.unicode_encode(wrong, "UTF-8", errors=e))
            for e in ("replace", "ignore", "strict")
        ],
        "replacement": s.unicode_encode([0xD800], "UTF-8", replacement_char=66),
        "surrogate replacement": s.unicode_encode([0xD800], "UTF-8", replacement_char=0xD800),
        "matrix": s.unicode_encode([[65, 66], [67, 68]], "UTF-8"),
        "cube": s.unicode_encode([[[65, 66], [67, 68]]], "UTF-8"),
        "ragged": s.unicode_encode(rows, "UTF-8"),
        "deep": plain(
            s.unicode_encode(s.unicode_decode([["né", ""], ["日", "x"]], "UTF-8"), "UTF-8")
        ),
        "one": attempt(lambda: s.unicode_encode(65, "UTF-8")),
        "int64": attempt(lambda: s.unicode_encode(tf.constant([65], tf.int64), "UTF-8")),
        "no characters": s.unicode_encode([0xFFFE, 0xFFFF, 0], "UTF-8"),
    }


@cases
def split(tf: Any, np: Any) -> Any:
    s = tf.strings
    texts = ["hé", b"a\xffb", ""]
    return {
        "replace": plain(s.unicode_split(texts, "UTF-8")),
        "ignore": plain(s.unicode_split(texts, "UTF-8", errors="ignore")),
        "strict": attempt(lambda: s.unicode_split(texts, "UTF-8", errors="strict")),
        "replacement": plain(s.unicode_split(texts, "UTF-8", replacement_char=65)),
        "offsets": [plain(part) for part in s.unicode_split_with_offsets(texts, "UTF-8")],
        "scalar": [plain(part) for part in s.unicode_split_with_offsets("hé", "UTF-8")],
        "UTF-16": plain(s.unicode_split(["hé".encode("utf-16-be")], "UTF-16-BE")),
        "encoding": attempt(lambda: s.unicode_split(["a"], "latin1")),
        "matrix": plain(s.unicode_split([["ab"], ["日本"]], "UTF-8")),
    }


@cases
def transcode(tf: Any, np: Any) -> Any:
    change = tf.strings.unicode_transcode
    return {
        "to UTF-16": plain(change(["hé", b"\xff\x00a"], "UTF-8", "UTF-16-BE")),
        "from latin1": plain(change([b"\xe9"], "latin1", "UTF-8")),
        "errors": [
            tried(lambda e=e: change([b"a\xffb\xed\xa0\x80c"], "UTF-8", "UTF-8", errors=e))
            for e in ("replace", "ignore", "strict")
        ],
        "control": [
            plain(
                change(
                    [b"a\x01b\x00\xff"], "UTF-8", "UTF-8", errors=e, replace_control_characters=True
                )
            )
            for e in ("replace", "ignore")
        ],
        "replacement": change([b"a\xffb"], "UTF-8", "UTF-8", replacement_char=63),
        "matrix": plain(change([["a"]], "UTF-8", "UTF-32-BE")),
        "encoding": attempt(lambda: change("a", "nope", "UTF-8")),
        "output": attempt(lambda: change("a", "UTF-8", "latin1")),
        "wrong replacement": attempt(
            lambda: change("a", "UTF-8", "UTF-8", replacement_char=0x110000)
        ),
        "noise": plain(change(noise(np), "UTF-8", "UTF-16-BE")),
    }


@cases
def scripts(tf: Any, np: Any) -> Any:
    script = tf.strings.unicode_script
    edges = [-1, 0x110000, 0xD800, 0xE000, 0x378, 0x10FFFF]
    return {
        "edges": script(edges),
        "every 331st": script(tf.range(0, 0x110000, 331)),
        "matrix": script([[65]]),
        "int64": attempt(lambda: script(tf.constant([65], tf.int64))),
    }
