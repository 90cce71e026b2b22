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
        "once": lambda: tf.strings.regex_replace(block, pattern, r"<\0>\\\\", replace_global=False),
        "match": lambda: tf.strings.regex_full_match(block, pattern),
    }
    with_arrow = {name: call().numpy().tolist() for name, call in calls.items()}
    if translate(pattern.encode() if isinstance(pattern, str) else pattern).risky:
        return
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


RISKY = (
    "(a*)*b", "(a+)+$", "(a|a)*b", r"(\w+\d?)*x", "(a|ab)+c", "(.*,)*x", "((a?b?)+)*c", "(x+x+){9}y",
    r"(\w+a)*!b",
)  # fmt: skip
SAFE = (
    "(ab)*", r"(\w+\.)+com", "(foo|bar)*", r"[\w.]+@([a-z-]+\.)+[a-z]+", "(a+)?b", r"(,\d+)*", "a*a*b",
    "(a{2})*", "(a+){2}", "<[^>]+>",
)  # fmt: skip


@pytest.mark.parametrize("pattern", RISKY)
def test_patterns_that_might_take_for_ever_need_arrow(pattern, monkeypatch):
    text = "a" * 60 + "!"
    if arrow.is_there():
        assert not tf.strings.regex_full_match(text, pattern).numpy()
        assert tf.strings.regex_replace([text], pattern + "Z", "").numpy().tolist() == [text.encode()]
    monkeypatch.setattr(arrow, "_compute", lambda: None)
    for call in (tf.strings.regex_full_match, lambda t, p: tf.strings.regex_replace(t, p, "")):
        with pytest.raises(ValueError, match=r"repeats of repeats .* pip install thalweg\[text\]"):
            call(text, pattern)


@pytest.mark.parametrize("pattern", SAFE)
def test_other_patterns_do_not(pattern, monkeypatch):
    monkeypatch.setattr(arrow, "_compute", lambda: None)
    assert not translate(pattern.encode()).risky
    assert not tf.strings.regex_full_match("a" * 2000 + "!", pattern).numpy()


def test_the_last_groups_of_a_first_match():
    texts = tf.constant(["xabcdefghi abcdefghi"] * ENOUGH)
    found = tf.strings.regex_replace(texts, "(a)(b)(c)(d)(e)(f)(g)(h)(i)", r"\9\8\1", replace_global=False)
    assert set(found.numpy()) == {b"xiha abcdefghi"}
