"""Words as numbers; the expected values are those of TensorFlow 2.21 with Keras 3.15."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from thalweg.keras.preprocessing import text
from thalweg.keras.preprocessing.text import Tokenizer

TEXTS = ["The cat, sat on the mat!", "the dog SAT. on a log"]


@pytest.fixture
def tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(num_words=5, oov_token="<o>")
    tokenizer.fit_on_texts(TEXTS)
    return tokenizer


def test_words_are_numbered_by_their_counts(tokenizer: Tokenizer) -> None:
    words = ["<o>", "the", "sat", "on", "cat", "mat", "dog", "a", "log"]
    assert tokenizer.word_index == {word: number for number, word in enumerate(words, 1)}
    assert tokenizer.word_counts["the"] == 3
    assert (tokenizer.word_docs["the"], tokenizer.index_docs[2], tokenizer.document_count) == (
        2,
        2,
        2,
    )


def test_texts_become_numbers_and_texts_again(tokenizer: Tokenizer) -> None:
    assert tokenizer.texts_to_sequences(["the cat flew", "on a mat"]) == [[2, 1, 1], [4, 1, 1]]
    assert tokenizer.sequences_to_texts([[1, 2, 9], [3]]) == ["<o> the <o>", "sat"]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("binary", [[0, 1, 1, 0, 0], [0, 1, 0, 0, 1]]),
        ("count", [[0, 2, 2, 0, 0], [0, 2, 0, 0, 1]]),
        ("freq", [[0, 0.5, 0.5, 0, 0], [0, 0.66666667, 0, 0, 0.33333333]]),
        ("tfidf", [[0, 1.8601123, 0.86490296, 0, 0], [0, 1.8601123, 0, 0, 0.51082562]]),
    ],
)
def test_texts_become_rows(tokenizer: Tokenizer, mode: str, expected: Any) -> None:
    found = tokenizer.texts_to_matrix(["the the cat flew", "on a mat"], mode=mode)
    np.testing.assert_allclose(found, expected, rtol=1e-7)


def test_counts_survive_json(tokenizer: Tokenizer) -> None:
    again = text.tokenizer_from_json(tokenizer.to_json())
    assert again.get_config() == tokenizer.get_config()
    assert again.texts_to_sequences(TEXTS) == tokenizer.texts_to_sequences(TEXTS)
    assert json.loads(tokenizer.to_json())["class_name"] == "Tokenizer"


def test_characters_lists_and_own_analyzers() -> None:
    characters = Tokenizer(char_level=True, lower=False)
    characters.fit_on_texts(["abA a"])
    assert characters.texts_to_sequences(["Ab c"]) == [[3, 2, 4]]
    lists = Tokenizer()
    lists.fit_on_texts([["x", "Y"], ["y", "z"]])
    assert lists.word_index == {"y": 1, "x": 2, "z": 3}
    own = Tokenizer(analyzer=lambda line: line.split("-"))
    own.fit_on_texts(["a-b", "b-c"])
    assert own.word_index == {"b": 1, "a": 2, "c": 3}


def test_numbers_count_for_rows_too() -> None:
    tokenizer = Tokenizer(num_words=3)
    tokenizer.fit_on_sequences([[1, 2], [2]])
    assert dict(tokenizer.index_docs) == {1: 1, 2: 2}
    rarity = np.log(1 + 2 / np.array([2, 3]))
    np.testing.assert_allclose(tokenizer.sequences_to_matrix([[1, 2]], "tfidf")[0, 1:], rarity)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="expected num_words, or fit_on_texts before"):
        Tokenizer().texts_to_matrix(["a"])
    with pytest.raises(ValueError, match="expected mode in"):
        Tokenizer(num_words=3).texts_to_matrix(["a"], mode="other")
    with pytest.raises(TypeError, match="unknown arguments"):
        Tokenizer(other=1)
    with pytest.warns(UserWarning, match="num_words"):
        assert Tokenizer(nb_words=3).num_words == 3


def test_words_and_hashes_of_a_text() -> None:
    assert text.text_to_word_sequence("Hello, my-World!  x\ty") == [
        "hello",
        "my",
        "world",
        "x",
        "y",
    ]
    assert text.text_to_word_sequence("a--B", "", lower=False, split="-") == ["a", "B"]
    assert text.hashing_trick("the cat sat", 10, hash_function="md5") == [6, 3, 1]
    assert text.hashing_trick("the cat sat", 10, hash_function=len) == [4, 4, 4]
    first, second, third = text.one_hot("the cat the", 50)
    assert first == third == hash("the") % 49 + 1
    assert second == hash("cat") % 49 + 1
    with pytest.raises(ValueError, match="hash_function"):
        text.hashing_trick("a", 10, hash_function="sha")
