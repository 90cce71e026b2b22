"""Rows for ops of strings, which live on the host: no programs, no gradients."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from thalweg._src.testing.rows import Make, Row

_TEXTS = [b"Ab c", b"", b"b,b B", b"\xc3\xa9t\xc3\xa9", b" x\ty ", b"12", b"aXbXc"]


def _texts(m: Make) -> Any:
    return np.array([_TEXTS[i % len(_TEXTS)] for i in range(m.n)], object)


def _each(function: Any, dtype: Any = object) -> Any:
    def of_arrays(texts: Any, *rest: Any, **settings: Any) -> Any:
        return np.array([function(t) for t in texts], dtype)

    return of_arrays


def _flat(function: Any, *args: Any, **settings: Any) -> Any:
    """The values of a ragged result."""
    return function(*args, **settings).flat_values


def _row(name: str, reference: Any, *args: Any, **more: Any) -> Row:
    return Row(
        f"strings.{name}", lambda m: (_texts(m), *args), reference=reference, traced=False, **more
    )


def _ragged(name: str, reference: Any, *args: Any, **more: Any) -> Row:
    return _row(
        name, reference, *args, via=_flat, symbolic=False, note="rows of different lengths", **more
    )


def _pieces(texts: Any, *_: Any, **__: Any) -> Any:
    return np.array([p for t in texts for p in t.split()], object)


def _bytes(texts: Any) -> Any:
    return np.array([bytes([b]) for t in texts for b in t], object)


def _characters(texts: Any, encoding: str) -> Any:
    return np.array([c.encode() for t in texts for c in t.decode(encoding)], object)


def _points(texts: Any, encoding: str) -> Any:
    return np.array([ord(c) for t in texts for c in t.decode(encoding)], np.int32)


def _pairs(texts: Any, width: int) -> Any:
    return np.array([a + b" " + b for a, b in zip(texts, texts[1:])], object)


def _whole(text: bytes) -> Any:
    return np.array(text, object)


ROWS = [
    _row("lower", _each(bytes.lower)),
    _row("upper", _each(lambda t: t.decode().upper().encode()), "utf-8", label="utf-8"),
    _row("upper", _each(bytes.upper)),
    _row("strip", _each(bytes.strip)),
    _row("length", _each(len, np.int32)),
    _row("length", _each(lambda t: len(t.decode()), np.int32), "UTF8_CHAR", label="characters"),
    _row("substr", _each(lambda t: t[0:3]), 0, 3),
    _row("join", None, via=lambda f, t: f([t, "-", t]), label="with itself"),
    _row("reduce_join", lambda t: _whole(b"".join(t))),
    Row(
        "strings.unsorted_segment_join",
        lambda m: (_texts(m), np.zeros(m.n, np.int32), 1),
        reference=lambda t, i, n: np.array([b"".join(t)], object),
        traced=False,
    ),
    _row("regex_replace", _each(lambda t: re.sub(rb"[ab]", b"_", t)), "[ab]", "_"),
    _row("regex_full_match", _each(lambda t: b"\n" not in t, np.bool_), ".*"),
    _row("to_hash_bucket_fast", None, 1000, wide=True, note="golden values"),
    _row("to_hash_bucket_strong", None, 1000, (1, 2), wide=True, note="golden values"),
    _row("to_hash_bucket", None, 1000, wide=True, note="golden values"),
    Row(
        "strings.to_number",
        lambda m: (np.array([b"%d" % i for i in range(m.n)], object),),
        reference=lambda t: np.arange(len(t), dtype=np.float32),
        traced=False,
    ),
    Row(
        "strings.as_string",
        lambda m: (m(m.n),),
        reference=lambda x: np.array([b"%f" % v for v in x], object),
        traced=False,
    ),
    _row("format", None, via=lambda f, t: f("of {}", [t]), note="golden values"),
    _row(
        "unicode_transcode", _each(lambda t: t.decode().encode("utf-16-be")), "UTF-8", "UTF-16-BE"
    ),
    Row(
        "strings.unicode_script",
        lambda m: (np.full(m.n, ord("a"), np.int32),),
        reference=lambda p: np.full(p.shape, 25, np.int32),
        traced=False,
    ),
    _row("ngrams", _pairs, 2, symbolic=False, note="the length depends on that of the rows"),
    Row(
        "strings.unicode_encode",
        lambda m: (np.full((m.n, 2), ord("a"), np.int32), "UTF-8"),
        reference=lambda p, e: np.full(len(p), b"aa", object),
        traced=False,
        symbolic=False,
        note="row splits need the number of rows",
    ),
    _ragged("split", _pieces),
    _ragged("bytes_split", _bytes),
    _ragged("unicode_split", _characters, "UTF-8"),
    _ragged("unicode_decode", _points, "UTF-8"),
    Row(
        "add",
        lambda m: (_texts(m), _texts(m)),
        reference=lambda x, y: x + y,
        label="texts",
        traced=False,
    ),
    Row(
        "fingerprint",
        lambda m: (_texts(m),),
        note="golden values",
        traced=False,
    ),
]
