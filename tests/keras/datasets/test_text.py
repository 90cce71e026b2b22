"""IMDB and Reuters: the numbers that Keras' rules give, and files that hold more than numbers."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from thalweg._src.base.errors import DataLossError, DataUnavailableError, InvalidArgumentError
from thalweg.keras.datasets import imdb, reuters


def texts(count: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    array = np.empty(count, dtype=object)
    array[:] = [random.integers(1, 60, random.integers(2, 12)).tolist() for _ in range(count)]
    return array


def expected_words(
    row: list[int],
    limit: int,
    skip_top: int = 0,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int | None = 3,
) -> list[int]:
    """Keras' rules for one text, said word by word."""
    words = [] if start_char is None else [start_char]
    words += [word + (index_from or 0) for word in row]
    kept = []
    for word in words:
        if skip_top <= word < limit:
            kept.append(word)
        elif oov_char is not None:
            kept.append(oov_char)
    return kept


@pytest.fixture
def imdb_file(cache: Path) -> dict[str, np.ndarray]:
    arrays = {
        "x_train": texts(9, 0),
        "y_train": np.arange(9),
        "x_test": texts(7, 1),
        "y_test": np.arange(7),
    }
    np.savez(cache / "imdb.npz", **arrays)
    return arrays


@pytest.fixture
def reuters_file(cache: Path) -> dict[str, np.ndarray]:
    arrays = {"x": texts(10, 2), "y": np.arange(10)}
    np.savez_compressed(cache / "reuters.npz", **arrays)
    return arrays


OPTIONS: list[dict[str, Any]] = [
    {},
    {"skip_top": 5},
    {"start_char": None},
    {"oov_char": None, "skip_top": 9},
    {"index_from": 0, "start_char": None},
    {"index_from": None, "start_char": None},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_imdb_words_and_order(imdb_file: dict[str, np.ndarray], options: dict[str, Any]) -> None:
    parts = imdb.load_data(num_words=40, **options)
    random = np.random.RandomState(113)
    for (x, y), name in zip(parts, ("train", "test"), strict=True):
        order = np.arange(len(x))
        random.shuffle(order)
        rows = imdb_file[f"x_{name}"][order]
        assert x.tolist() == [expected_words(row, 40, **options) for row in rows]
        np.testing.assert_array_equal(y, order)
        assert x.dtype == object


def test_without_num_words_only_the_rarest_word_is_dropped(
    imdb_file: dict[str, np.ndarray],
) -> None:
    (x_train, _), (x_test, _) = imdb.load_data()
    rarest = 3 + max(max(row) for name in ("x_train", "x_test") for row in imdb_file[name])
    words = {word for row in [*x_train, *x_test] for word in row}
    assert rarest not in words
    assert max(words) < rarest
    assert 2 in words


def test_maxlen_drops_texts_of_that_length_and_more(imdb_file: dict[str, np.ndarray]) -> None:
    (x_train, y_train), _ = imdb.load_data(maxlen=8)
    lengths = [len(row) + 1 for row in imdb_file["x_train"]]  # and the opening mark
    assert sorted(y_train) == [i for i, length in enumerate(lengths) if length < 8]
    assert len(x_train) == len(y_train)


@pytest.mark.usefixtures("imdb_file")
def test_maxlen_that_keeps_nothing_is_an_error() -> None:
    with pytest.raises(InvalidArgumentError, match="maxlen=2"):
        imdb.load_data(maxlen=2)


def test_seed_changes_the_order(imdb_file: dict[str, np.ndarray]) -> None:
    orders = {tuple(imdb.load_data(seed=seed)[0][1]) for seed in range(4)}
    assert len(orders) > 1
    assert all(sorted(order) == list(imdb_file["y_train"]) for order in orders)


def test_texts_of_one_length_stay_lists(cache: Path) -> None:
    same = np.empty(4, dtype=object)
    same[:] = [[1, 2], [3, 4], [5, 6], [7, 8]]
    np.savez(cache / "imdb.npz", x_train=same, y_train=np.arange(4), x_test=same, y_test=np.ones(4))
    (x_train, _), _ = imdb.load_data()
    assert x_train.shape == (4,)
    assert all(type(row) is list for row in x_train)


@pytest.mark.parametrize("options", [*OPTIONS, {"test_split": 0.35}, {"test_split": 0.0}], ids=str)
def test_reuters_words_order_and_split(
    reuters_file: dict[str, np.ndarray], options: dict[str, Any]
) -> None:
    (x_train, y_train), (x_test, y_test) = reuters.load_data(num_words=40, **options)
    order = np.arange(10)
    np.random.RandomState(113).shuffle(order)
    split = options.get("test_split", 0.2)
    rules = {key: value for key, value in options.items() if key != "test_split"}
    rows = [expected_words(row, 40, **rules) for row in reuters_file["x"][order]]
    assert len(x_train) == int(10 * (1 - split))
    assert [*x_train, *x_test] == rows
    np.testing.assert_array_equal(np.concatenate([y_train, y_test]), order)


def test_reuters_checks_its_split_before_it_downloads() -> None:
    with pytest.raises(InvalidArgumentError, match="test_split in"):
        reuters.load_data(test_split=1.0)


def test_reuters_topics() -> None:
    names = reuters.get_label_names()
    assert len(names) == len(set(names)) == 46
    assert (names[0], names[3], names[45]) == ("cocoa", "earn", "lead")


class Touch:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch {self.path}",)


def test_hostile_pickle_in_the_cache_is_refused_and_not_run(cache: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    hostile = np.empty(2, dtype=object)
    hostile[:] = [[1], Touch(trace)]
    np.savez(cache / "reuters.npz", x=hostile, y=np.arange(2))
    with pytest.raises(DataLossError, match=r"reuters\.npz.*no code of it was run"):
        reuters.load_data()
    assert not trace.exists()


@pytest.mark.parametrize("module", [imdb, reuters], ids=lambda m: m.__name__)
def test_word_index(cache: Path, module: Any) -> None:
    name = module.__name__.rpartition(".")[2]
    with pytest.raises(DataUnavailableError):
        module.get_word_index()
    path = cache / f"{name}_word_index.json"
    path.write_text(json.dumps({"the": 1, "über": 2}), encoding="utf-8")
    assert module.get_word_index() == {"the": 1, "über": 2}
    for damaged in ("[1, 2]", '{"the": "1"}', '{"the": 1', "[" * 100_000):
        path.write_text(damaged)
        with pytest.raises(DataLossError, match="word_index"):
            module.get_word_index()
