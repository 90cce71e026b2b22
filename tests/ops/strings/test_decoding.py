"""Encodings: round trips, and blocks where one text is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf

TEXTS = st.lists(st.text(st.characters(codec="utf-8"), max_size=5), min_size=1, max_size=5)


@settings(max_examples=40, deadline=None)
@given(texts=TEXTS, encoding=st.sampled_from(["UTF-8", "UTF-16-BE", "UTF-32-BE"]))
def test_code_points_there_and_back(texts, encoding):
    data = [t.encode(encoding) for t in texts]
    points, places = tf.strings.unicode_decode_with_offsets(data, encoding)
    assert points.to_list() == [list(map(ord, t)) for t in texts]
    assert places.to_list() == [[len(t[:i].encode(encoding)) for i in range(len(t))] for t in texts]
    assert tf.strings.unicode_encode(points, encoding).numpy().tolist() == data
    split = tf.strings.unicode_split(data, encoding).to_list()
    assert split == [[c.encode(encoding) for c in t] for t in texts]


def test_characters_do_not_run_from_one_text_into_the_next():
    points = tf.strings.unicode_decode([b"a\xc3", b"\xa9"], "UTF-8")
    assert points.to_list() == [[97, 0xFFFD], [0xFFFD]]


def test_strict_says_where():
    with pytest.raises(
        tf.errors.InvalidArgumentError,
        match=r"\[unicode_transcode\] expected texts in utf-8, got b'\\xff' at byte 1 of b'a\\xff'",
    ):
        tf.strings.unicode_transcode(["ok", b"a\xff"], "UTF-8", "UTF-8", errors="strict")


def test_encodings_with_a_state_are_refused():
    for name in ("utf-7", "iso2022_jp", "unicode_escape", "base64"):
        with pytest.raises(tf.errors.InvalidArgumentError, match="the name of an encoding"):
            tf.strings.unicode_decode("a", name)
