"""Data sets of files in folders beyond the golden values: what is printed, links, plans, messages."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

import thalweg as tf
from tests.golden.files import TEXTS, folder
from thalweg._src.data.fingerprints import fingerprint

utils = tf.keras.utils
FILES = {name: data for name, data in TEXTS.items() if name.endswith("txt")}


@pytest.fixture
def place(tmp_path):
    for name, data in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return tmp_path


def texts(place, **options):
    return utils.text_dataset_from_directory(place, **({"verbose": False, "shuffle": False} | options))


def names(dataset):
    return ["/".join(path.split("/")[-2:]) for path in dataset.file_paths]


def test_numbers_of_files_are_printed_where_asked(place, capsys):
    texts(place, verbose=True)
    assert capsys.readouterr().out == "Found 4 files belonging to 2 classes.\n"
    texts(place, verbose=True, labels=None, validation_split=0.5, subset="both")
    assert capsys.readouterr().out.splitlines() == [
        "Found 4 files.",
        "Using 2 files for training.",
        "Using 2 files for validation.",
    ]
    texts(place)
    assert capsys.readouterr().out == ""


def test_folders_that_are_links_are_entered_where_asked(place):
    other = Path(folder({"deep/9.txt": b"linked"}))
    os.symlink(other / "deep", place / "pos" / "more")
    assert names(texts(place)) == sorted(FILES)
    assert names(texts(place, follow_links=True)) == [*sorted(FILES), "more/9.txt"]


def test_each_pass_has_its_own_order_and_parts_stay_apart(place):
    training, rest = texts(place, shuffle=True, seed=2, validation_split=0.25, subset="both", batch_size=None)
    passes = {tuple(text.numpy() for text, _ in training) for _ in range(20)}
    assert len(passes) > 1
    assert {frozenset(p) for p in passes} == {frozenset(Path(p).read_bytes() for p in training.file_paths)}
    assert not set(training.file_paths) & set(rest.file_paths)


def test_seeds_of_chance_come_from_the_global_one(place):
    def order():
        utils.set_random_seed(3)
        dataset = texts(place, shuffle=True)
        return names(dataset), [text.numpy().tolist() for text, _ in dataset]

    assert order() == order()


def test_labels_that_are_arrays(place):
    dataset = texts(place, labels=np.array([1, 0, 1, 1], np.int64), label_mode="categorical")
    ((_, labels),) = dataset
    assert labels.numpy().tolist() == [[0, 1], [1, 0], [0, 1], [0, 1]]


def test_paths_of_any_bytes(tmp_path):
    name = os.fsencode(tmp_path) + b"/a/\xff.txt"
    os.mkdir(tmp_path / "a")
    with open(name, "wb") as file:
        file.write(b"found")
    ((batch, _),) = texts(tmp_path)
    assert batch.numpy().tolist() == [b"found"]


def test_the_plan_names_what_reads(place):
    told = texts(place, max_length=7).explain()
    assert "load(decode=_Text(max_length=7), threads=-1)" in told
    assert told.count("prefetch") == 2


def test_a_place_in_a_pass_is_found_again(place):
    dataset = texts(place, shuffle=True, seed=1, batch_size=None)
    iterator = iter(dataset)
    next(iterator)
    kept = iterator.state_dict()
    rest = [text.numpy() for text, _ in iterator]
    iterator.load_state_dict(kept)
    assert [text.numpy() for text, _ in iterator] == rest
    assert len(rest) == 3


def test_equal_requests_have_equal_fingerprints(place):
    def mark(**options):
        return fingerprint(texts(place, **options)._node)

    assert mark(max_length=3) == mark(max_length=3) != mark(max_length=4)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"labels": [0, 1]}, "a label for each of 4 files below .*, got 2"),
        ({"labels": "given"}, "expected labels 'inferred', None, or a list"),
        ({"class_names": ["pos", "other"]}, r"class_names among the folders \['neg', 'pos'\].*'other'"),
        ({"class_names": ["pos", "pos"]}, "each once"),
        ({"class_names": ["pos"], "label_mode": "binary"}, r"2 classes for .*, got \['pos'\]"),
        ({"labels": [3, 4, 4, 3], "label_mode": "binary"}, r"labels from 0 to 1 .*got \['3', '4'\]"),
        ({"validation_split": 0.1, "subset": "both"}, "leaves some of 4 files in both subsets, got 0.1"),
        ({"validation_split": 0.1}, r"both, or neither, got \(0.1, None\)"),
        ({"shuffle": True, "validation_split": 0.5, "subset": "both"}, "a seed where files are shuffled"),
        ({"format": "grain"}, "format 'tf', the one that there is, got 'grain'"),
        ({"max_length": -1}, "max_length of 0 or more"),
        ({"batch_size": 0}, "batch_size"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_messages(place, options, message):
    with pytest.raises(ValueError, match=message):
        texts(place, **options)


def test_folders_without_files(tmp_path):
    (tmp_path / "a").mkdir()
    message = rf"\[image_dataset_from_directory\] expected files below '{tmp_path}' with the endings .*'.png'"
    with pytest.raises(ValueError, match=message):
        utils.image_dataset_from_directory(tmp_path)


def test_folders_that_are_not_there(tmp_path):
    for labels in ("inferred", None):
        with pytest.raises(FileNotFoundError, match="nowhere"):
            texts(tmp_path / "nowhere", labels=labels)
    with pytest.raises(NotADirectoryError):
        texts(Path(folder(FILES)) / "neg" / "0.txt")
