"""Elements that are kept: when, where, and what happens to files that are damaged."""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
import zlib

import numpy as np
import pytest

import thalweg as tf
from tests.data.storing_pipelines import MIXED, mixed
from thalweg._src.data import rows_file

Dataset = tf.data.Dataset


class Counted:
    """A source that counts how often it is read."""

    def __init__(self, stop=4):
        self.stop = stop
        self.passes = 0

    def dataset(self):
        return Dataset.from_generator(self._numbers, output_signature=tf.TensorSpec((), tf.int64))

    def _identity(self):
        """What fingerprints see: reading does not change it."""
        return [self.stop]

    def _numbers(self):
        self.passes += 1
        yield from range(self.stop)


def numbers(dataset):
    return [int(value) for value in dataset]


def test_a_complete_pass_is_kept_in_memory():
    source = Counted()
    dataset = source.dataset().cache()
    assert [numbers(dataset) for _ in range(3)] == [[0, 1, 2, 3]] * 3
    assert source.passes == 1
    assert "range" in dataset.explain().split("as it runs")[1]


@pytest.mark.parametrize("in_file", [False, True])
def test_a_pass_that_ends_early_is_not_kept(tmp_path, in_file):
    source = Counted()
    dataset = source.dataset().cache(str(tmp_path / "kept") if in_file else "")
    assert numbers(dataset.take(2)) == [0, 1]
    assert list(tmp_path.iterdir()) == []
    assert numbers(dataset) == [0, 1, 2, 3]
    assert source.passes == 2
    assert len(list(tmp_path.iterdir())) == in_file
    assert numbers(dataset) == [0, 1, 2, 3]
    assert source.passes == 2


def test_the_last_of_a_known_number_completes_a_pass():
    calls = []
    dataset = Dataset.range(4).map(lambda v: tf.py_function(lambda n: calls.append(1) or n, [v], v.dtype))
    dataset = dataset.cache()
    assert [numbers(dataset.take(4)) for _ in range(2)] == [[0, 1, 2, 3]] * 2
    assert len(calls) == 4 + 1  # one to find out the spec


def test_a_file_is_found_by_other_pipelines(tmp_path):
    path = tmp_path / "deep" / "kept"
    source = Counted()
    assert numbers(source.dataset().cache(path)) == [0, 1, 2, 3]
    assert [p.name for p in path.parent.iterdir()] == ["kept"]
    assert numbers(Counted(9).dataset().cache(path).shuffle(9, seed=1).skip(0)) != []
    assert sorted(numbers(Counted(9).dataset().cache(path).shuffle(9))) == [0, 1, 2, 3]
    assert source.passes == 1


def test_a_pass_that_fails_leaves_no_file(tmp_path):
    def failing():
        yield 1
        raise OSError("the line is down")

    spec = tf.TensorSpec((), tf.int64)
    dataset = Dataset.from_generator(failing, output_signature=spec).cache(tmp_path / "kept")
    iterator = iter(dataset)
    next(iterator)
    with pytest.raises(OSError, match="the line is down"):
        next(iterator)
    del iterator
    assert list(tmp_path.iterdir()) == []


def test_what_is_random_before_a_cache_is_drawn_once():
    dataset = Dataset.range(20).shuffle(20).cache()
    first = numbers(dataset)
    assert numbers(dataset) == first
    again = Dataset.range(20).shuffle(20, seed=1).cache()
    later = Dataset.range(20).shuffle(20, seed=1).cache()
    later.load_state_dict({"epoch": 5, "given": 0})
    assert numbers(again) == numbers(later)


def test_many_chunks_are_taken_by_number(tmp_path, monkeypatch):
    monkeypatch.setattr(rows_file, "_CHUNK_ROWS", 7)
    dataset = Dataset.range(100).map(lambda v: (v, tf.fill([3], v))).cache(tmp_path / "kept")
    assert [int(v) for v, _ in dataset] == list(range(100))
    shuffled = dataset.shuffle(100, seed=3)
    found = [(int(v), row.numpy().tolist()) for v, row in shuffled.batch(9).unbatch()]
    assert sorted(v for v, _ in found) == list(range(100))
    assert [v for v, _ in found] != list(range(100))
    assert all(row == [v] * 3 for v, row in found)
    assert [int(v) for v, _ in dataset.skip(13).take(3)] == [13, 14, 15]


def test_a_file_of_other_elements_is_refused(tmp_path):
    numbers(Dataset.range(3).cache(tmp_path / "kept"))
    other = Dataset.from_tensor_slices([[1.0, 2.0]]).cache(tmp_path / "kept")
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"float32.*stored ones of .*int64"):
        next(iter(other))


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Bytes of a file of mixed elements."""
    path = tmp_path_factory.mktemp("kept") / "file"
    for _ in mixed().cache(path):
        pass
    return path.read_bytes()


def read(tmp_path, data):
    path = tmp_path / "kept"
    path.write_bytes(data)
    return [tf.nest.map_structure(plain, row) for row in mixed().cache(path)]


def plain(value):
    found = value.numpy()
    return found.tolist() if hasattr(found, "tolist") else found


def test_files_that_are_torn_are_refused(tmp_path, kept):
    assert read(tmp_path, kept) == MIXED
    for size in (0, 1, 8, 31, len(kept) // 2, len(kept) - 25, len(kept) - 1):
        with pytest.raises(tf.errors.DataLossError, match="expected a whole file"):
            read(tmp_path, kept[:size])


def test_files_with_a_changed_byte_are_refused(tmp_path, kept):
    for place in random.Random(0).sample(range(len(kept)), 60):
        changed = bytearray(kept)
        changed[place] ^= 0x55
        try:
            found = read(tmp_path, bytes(changed))
        except tf.errors.DataLossError:
            continue
        # What fills up a chunk to a multiple of 8 bytes may be anything.
        assert found == MIXED


TENSOR = '{"kind": "tensor", "shape": [], "dtype": "int32"}'
DEEP = '{"kind": "tuple", "parts": [' * 900 + TENSOR + "]}" * 900


def forged(data, change):
    """The file with another footer, whose checksum is right."""
    length = int.from_bytes(data[-24:-16], "little")
    footer = json.loads(data[-24 - length : -24])
    body = data[: -24 - length]
    change(footer)
    text = json.dumps(footer).replace('"DEEP"', DEEP).encode()
    ends = len(text).to_bytes(8, "little") + zlib.crc32(text).to_bytes(8, "little")
    return body + text + ends + data[-8:]


FORGERIES = {
    "version": lambda f: f.update(version=9),
    "no_spec": lambda f: f.pop("spec"),
    "spec": lambda f: f.update(spec={"kind": "tensor", "shape": [-1], "dtype": "int32"}),
    "deep_spec": lambda f: f.update(spec="DEEP"),
    "dtype": lambda f: f.update(spec={"kind": "tensor", "shape": [], "dtype": "object"}),
    "more_rows": lambda f: f["chunks"][0].__setitem__(2, 5),
    "no_rows": lambda f: f["chunks"][0].__setitem__(2, 0),
    "huge": lambda f: f["chunks"][0].__setitem__(0, 1 << 62),
    "negative": lambda f: f["chunks"][0].__setitem__(0, -8),
    "text": lambda f: f["chunks"][0].__setitem__(0, "8"),
    "twice": lambda f: f["chunks"].append(f["chunks"][0]),
    "gone": lambda f: f["chunks"].clear(),
    "bomb": lambda f: f["chunks"][0].__setitem__(1, 1 << 40),
    "packed": lambda f: f.update(compression="GZIP"),
    "unknown_compression": lambda f: f.update(compression="BZIP2"),
    "list": lambda f: f.update(chunks=7),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_footers_that_lie_are_refused(tmp_path, kept, name):
    with pytest.raises((tf.errors.DataLossError, tf.errors.InvalidArgumentError)):
        read(tmp_path, forged(kept, FORGERIES[name]))


def test_chunks_that_lie_are_refused(tmp_path, kept):
    """Any byte of a chunk may be changed, and its checksum made right: an error, or other elements."""
    for place, value in itertools.product(random.Random(1).sample(range(8, 660), 150), (0, 0x39, 0xFF)):
        changed = bytearray(kept)
        changed[place] = value
        length = int.from_bytes(kept[-24:-16], "little")
        size = json.loads(kept[-24 - length : -24])["chunks"][0][0]
        total = zlib.crc32(changed[8 : 8 + size])
        data = forged(bytes(changed), lambda f, total=total: f["chunks"][0].__setitem__(3, total))
        try:
            found = read(tmp_path, data)
        except (tf.errors.DataLossError, tf.errors.InvalidArgumentError, TypeError):
            continue
        assert len(found) == 4


def test_a_new_file_takes_the_place_of_an_old_one(tmp_path):
    path = tmp_path / "kept"
    dataset = Counted(3).dataset().cache(path)
    assert [numbers(dataset) for _ in range(2)] == [[0, 1, 2]] * 2
    path.unlink()
    assert numbers(Counted(5).dataset().cache(path)) == [0, 1, 2, 3, 4]
    # A data set stays with the file that it has opened.
    assert numbers(dataset) == [0, 1, 2]
    assert numbers(Counted(3).dataset().cache(path)) == [0, 1, 2, 3, 4]


def test_two_passes_at_once(tmp_path):
    source = Counted()
    dataset = source.dataset().cache(tmp_path / "kept")
    pairs = [(int(a), int(b)) for a, b in zip(dataset, dataset, strict=True)]
    assert pairs == [(n, n) for n in range(4)]
    assert numbers(dataset) == [0, 1, 2, 3]
    assert source.passes == 2
    assert [p.name for p in tmp_path.iterdir()] == ["kept"]


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint16", "float16", "bfloat16", "complex64"])
def test_dtypes_are_kept(tmp_path, dtype):
    values = tf.cast(tf.constant([0, 1, 1, 0, 1]), dtype)
    dataset = Dataset.from_tensor_slices(values).cache(tmp_path / "kept")
    first, second = ([v.numpy() for v in dataset] for _ in range(2))
    assert [v.dtype for v in second] == [values.numpy().dtype] * 5
    np.testing.assert_array_equal(first, second)


def test_saved_elements_are_replaced_as_a_whole(tmp_path):
    folder = tmp_path / "saved"
    Dataset.range(5).save(folder, shard_func=lambda v: v % 3)
    first = Dataset.load(folder)
    Dataset.range(2).save(folder, compression="GZIP")
    assert numbers(Dataset.load(folder)) == [0, 1]
    assert len(list(folder.iterdir())) == 2
    # What was opened before stays readable.
    assert numbers(first) == [0, 1, 2, 3, 4]


def test_a_save_that_fails_leaves_what_was_there(tmp_path):
    Dataset.range(3).save(tmp_path)
    before = sorted(tmp_path.iterdir())
    failing = Dataset.range(3).map(lambda v: tf.py_function(lambda n: 6 // (2 - int(n)), [v], v.dtype))
    with pytest.raises(ZeroDivisionError):
        failing.save(tmp_path)
    assert sorted(tmp_path.iterdir()) == before
    assert numbers(Dataset.load(tmp_path)) == [0, 1, 2]


def test_saved_elements_are_loaded_as_asked(tmp_path):
    Dataset.range(6).save(tmp_path, compression="GZIP", shard_func=lambda v: v % 2)
    spec = tf.TensorSpec((), tf.int64)
    assert numbers(Dataset.load(tmp_path, element_spec=spec, compression="GZIP")) == [0, 1, 2, 3, 4, 5]
    one_by_one = Dataset.load(tmp_path, reader_func=lambda shards: shards.flat_map(lambda s: s))
    assert numbers(one_by_one) == [0, 2, 4, 1, 3, 5]
    last = Dataset.load(tmp_path, reader_func=lambda shards: shards.skip(1).flat_map(lambda s: s.take(2)))
    assert numbers(last) == [1, 3]
    assert numbers(Dataset.load(tmp_path, wait=True)) == [0, 1, 2, 3, 4, 5]


def test_folders_that_hold_something_else(tmp_path):
    with pytest.raises(tf.errors.NotFoundError, match="expected saved elements"):
        Dataset.load(tmp_path)
    Dataset.range(3).save(tmp_path)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"int32.*stored ones of .*int64"):
        Dataset.load(tmp_path, element_spec=tf.TensorSpec((), tf.int32))
    with pytest.raises(tf.errors.InvalidArgumentError, match="compression 'GZIP'"):
        Dataset.load(tmp_path, compression="GZIP")
    with pytest.raises(tf.errors.InvalidArgumentError, match="None or 'GZIP', got 'SNAPPY'"):
        Dataset.range(3).save(tmp_path, compression="SNAPPY")
    with pytest.raises(tf.errors.UnimplementedError, match="checkpoint_args"):
        Dataset.range(3).save(tmp_path, checkpoint_args={"directory": "x"})
    with pytest.raises(tf.errors.InvalidArgumentError, match="shard_func to return an integer"):
        Dataset.range(3).save(tmp_path, shard_func=lambda v: 0.5)
    with pytest.raises(TypeError, match="cannot be stored"):
        Dataset.range(3).window(2).save(tmp_path)
    index = tmp_path / "dataset.json"
    for text in ("", "[]", "{}", index.read_text().replace('"shards": [\n  0', '"shards": [\n  1')):
        index.write_text(text)
        with pytest.raises(tf.errors.DataLossError, match="damaged index"):
            Dataset.load(tmp_path)


def test_an_index_names_no_paths(tmp_path):
    Dataset.range(3).save(tmp_path / "a")
    index = tmp_path / "a" / "dataset.json"
    found = json.loads(index.read_text())
    found["run"] = "../b/" + found["run"]
    del found["checksum"]
    total = zlib.crc32(json.dumps(found, sort_keys=True).encode())
    index.write_text(json.dumps(found | {"checksum": total}))
    with pytest.raises(tf.errors.DataLossError, match="damaged index"):
        Dataset.load(tmp_path / "a")


def test_snapshots_are_found_by_pipelines_that_are_alike(tmp_path):
    source = Counted()
    folder = tmp_path / "snapshots"

    def pipeline(factor, seed=1):
        dataset = source.dataset().map(lambda v: v * factor).shuffle(4, seed=seed)
        return dataset.snapshot(folder)

    first = numbers(pipeline(2))
    assert numbers(pipeline(2)) == first
    assert source.passes == 1
    assert sorted(numbers(pipeline(3))) == [0, 3, 6, 9]
    assert source.passes == 2
    numbers(pipeline(2, seed=2))
    assert source.passes == 3
    assert len(list(folder.iterdir())) == 3


def fingerprint(dataset):
    found = dataset.fingerprint()
    assert found.dtype == tf.uint64
    return int(found)


def test_fingerprints_tell_pipelines_apart():
    def scaled(factor, constant=1):
        return Dataset.range(5).map(lambda v: v * factor + constant)

    assert fingerprint(scaled(2)) == fingerprint(scaled(2))
    different = [
        scaled(2),
        scaled(3),
        scaled(2, 2),
        Dataset.range(5).map(lambda v: v * 2),
        Dataset.range(6),
        Dataset.range(6).batch(2),
        Dataset.range(6).batch(3),
        Dataset.range(6).batch(3, drop_remainder=True),
        Dataset.range(6).shuffle(6, seed=1),
        Dataset.range(6).shuffle(6, seed=2),
        Dataset.range(6).shuffle(6),
        Dataset.from_tensor_slices([1, 2]),
        Dataset.from_tensor_slices([1, 3]),
        Dataset.from_tensor_slices([1.0, 2.0]),
        Dataset.from_tensor_slices(["1", "2"]),
        Dataset.range(6).filter(lambda v: v > 1),
        Dataset.range(6).flat_map(lambda v: Dataset.range(v)),
        tf.data.TextLineDataset("a"),
        tf.data.TextLineDataset("b"),
    ]
    assert len({fingerprint(d) for d in different}) == len(different)
    assert fingerprint(Dataset.range(6).shuffle(6)) == fingerprint(Dataset.range(6).shuffle(6))


def test_fingerprints_are_the_same_in_other_programs():
    program = (
        "import numpy as np, thalweg as tf\n"
        "def double(v):\n    return {'a': v * 2, 'b': np.float32(1.5)}\n"
        "d = tf.data.Dataset.range(5).map(double).shuffle(3).batch(2)\n"
        "print(int(d.fingerprint()))\n"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
