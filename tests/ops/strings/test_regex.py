"""RE2's expressions by Python's engine and by Arrow's: one meaning."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf
from tests.golden.cases.string_regex import REPLACED
from thalweg._src.ops.strings import arrow, regex
from thalweg._src.ops.strings.arrow import ENOUGH
from thalweg._src.ops.strings.code_points import LAST, complement, expression, folded, union
from thalweg._src.ops.strings.regex_syntax import translate

POINTS = st.integers(0, LAST).filter(lambda p: not 0xD800 <= p <= 0xDFFF)


@settings(max_examples=60, deadline=None)
@given(ranges=st.lists(st.tuples(POINTS, POINTS).map(sorted), max_size=4), point=POINTS)
def test_sets_of_code_points_are_matched_in_bytes(ranges, point):
    wanted = union(map(tuple, ranges))
    edges = {p for span in wanted for p in (span[0] - 1, *span, span[1] + 1)}
    for chosen in (wanted, complement(wanted)):
        match = re.compile(expression(chosen)).fullmatch
        for p in {point, *edges} & set(range(LAST + 1)) - set(range(0xD800, 0xE000)):
            inside = any(a <= p <= b for a, b in chosen)
            assert (match(chr(p).encode()) is not None) == inside, hex(p)


def test_folding_adds_all_forms():
    assert folded(((ord("k"), ord("k")),)) == ((75, 75), (107, 107), (0x212A, 0x212A))
    assert folded(((ord("1"), ord("1")),)) == ((49, 49),)


def test_fewest_bytes_of_a_match():
    fewest = {"a|bc": 1, "a*": 0, "é{2,}": 4, r"\bx?$": 0, "(ab)+|[日-月]": 2, "": 0, "[é日]": 2}
    assert {p: translate(p.encode()).least for p in fewest} == fewest


def test_ascii_has_a_shorter_expression():
    assert translate(b"[^a]", True).pattern == rb"[\x00-\x60\x62-\x7f]"
    assert translate("é".encode(), True).pattern == b"(?!)"


@pytest.mark.parametrize(("text", "pattern"), REPLACED, ids=lambda v: ascii(v)[:40])
def test_arrow_gives_the_same(text, pattern, monkeypatch):
    pytest.importorskip("pyarrow")
    block = [text, "", "abc", b"\xff\xfe", "éÉ日"] * (ENOUGH // 5 + 1)
    calls = {
        "global": lambda: tf.strings.regex_replace(block, pattern, r"<\0>"),
        "match": lambda: tf.strings.regex_full_match(block, pattern),
    }
    with_arrow = {name: call().numpy().tolist() for name, call in calls.items()}
    monkeypatch.setattr(arrow, "_compute", lambda: None)
    assert {name: call().numpy().tolist() for name, call in calls.items()} == with_arrow


def test_blocks_go_over_arrow_where_it_is_installed(monkeypatch):
    seen = []
    monkeypatch.setattr(arrow, "_compute", lambda: object())
    monkeypatch.setattr(arrow, "replaced", lambda texts, *rest: seen.append(len(texts)) or texts)
    for count in (ENOUGH - 1, ENOUGH):
        tf.strings.regex_replace(["a"] * count, "a", "b")
    assert seen == [ENOUGH]


def test_wrong_patterns_are_shown():
    with pytest.raises(
        tf.errors.InvalidArgumentError,
        match=r"\[regex\] expected a pattern in the syntax of RE2, got 'a\(\?=b\)': invalid perl operator",
    ):
        tf.strings.regex_replace("ab", "a(?=b)", "")
    with pytest.raises(tf.errors.InvalidArgumentError, match="in UTF-8, got b'"):
        tf.strings.regex_full_match("a", b"\xff")
    with pytest.raises(tf.errors.InvalidArgumentError, match="nests too deeply"):
        tf.strings.regex_full_match("a", "(" * 100_000)


def test_wrong_rewrites_are_shown():
    for rewrite in (r"\1", r"\x", "\\"):
        with pytest.raises(
            tf.errors.InvalidArgumentError, match=r"expected a rewrite with .* to \\0"
        ):
            tf.strings.regex_replace("ab", "a", rewrite)


def test_patterns_are_read_once():
    before = regex.expression.cache_info().misses
    for _ in range(3):
        tf.strings.regex_replace("ab", "only here", "")
    assert regex.expression.cache_info().misses == before + 1
