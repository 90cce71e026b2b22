"""Pickles in data files: the honest ones are read, the hostile ones are refused and run nothing."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from thalweg._src.base.errors import DataLossError
from thalweg._src.keras.datasets import safe_pickle

PROTOCOLS = range(2, pickle.HIGHEST_PROTOCOL + 1)
both_readers = pytest.mark.parametrize("known", [True, False])


def ragged(rows: list[Any]) -> np.ndarray:
    array = np.empty(len(rows), dtype=object)
    array[:] = rows
    return array


@both_readers
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_ragged_lists_round_trip(protocol: int, known: bool) -> None:
    rows = [[1, 2, 300], [], [70000] * 5]
    data = pickle.dumps(ragged(rows), protocol)
    record = safe_pickle.load(data, "here", known)
    assert safe_pickle.integer_lists(record, "here", len(data)) == rows


@both_readers
@pytest.mark.parametrize("protocol", [2, 3, 4])
@pytest.mark.parametrize("dtype", ["u1", "i4", "i8"])
def test_number_arrays_round_trip(protocol: int, known: bool, dtype: str) -> None:
    array = np.arange(12, dtype=dtype).reshape(3, 4)
    data = pickle.dumps(array, protocol)
    read = safe_pickle.integer_array(safe_pickle.load(data, "here", known), "here")
    np.testing.assert_array_equal(read, array)
    assert read.dtype == array.dtype
    assert read.flags.writeable


def test_python_2_batch_is_read_as_bytes() -> None:
    batch = b"(dp0\nS'labels'\np1\n(lp2\nI3\naI4\nas."
    assert safe_pickle.load(batch, "here", encoding="bytes") == {b"labels": [3, 4]}


class Touch:
    """Pickles to a call that leaves a file behind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch {self.path}",)


@both_readers
def test_call_of_a_foreign_function_is_refused_and_not_made(tmp_path: Path, known: bool) -> None:
    trace = tmp_path / "trace"
    hostile = pickle.dumps(ragged([[1], Touch(trace)]))
    with pytest.raises(DataLossError, match=r"system.*no code of it was run"):
        safe_pickle.load(hostile, "here", known)
    assert not trace.exists()
    pickle.loads(hostile)
    assert trace.exists(), "the file must be truly hostile, else the test proves nothing"


@both_readers
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"cnumpy\nload\n.", id="another NumPy name"),
        pytest.param(b"cbuiltins\neval\n(S'1'\ntR.", id="eval"),
        pytest.param(b"c_codecs\nencode\n(S'x'\nS'zip'\ntR.", id="another codec"),
        pytest.param(b"cnumpy\ndtype\n}b.", id="state on a global"),
        pytest.param(b"\x80\x02cnumpy\nndarray\n)\x81.", id="class made anew"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\x80\x02]q\x00(K\x01", id="cut off"),
        pytest.param(b"\x80\x02P1\n.", id="persistent object"),
        pytest.param(b"\xff\xff", id="noise"),
    ],
)
def test_other_pickles_are_refused(data: bytes, known: bool) -> None:
    with pytest.raises(DataLossError):
        safe_pickle.load(data, "here", known)


@pytest.mark.parametrize("dtype", [">i4", "f8", "S3", [("a", "i4")]], ids=str)
def test_arrays_of_other_dtypes_are_refused(dtype: Any) -> None:
    record = safe_pickle.load(pickle.dumps(np.zeros(2, dtype)), "here")
    with pytest.raises(DataLossError, match="here"):
        safe_pickle.integer_array(record, "here")


@pytest.mark.parametrize(
    "rows",
    [["text"], [[1.5]], [["word"]], [[-1]], [[2**31]], [[True]], [(1, 2)], [[[1]]]],
    ids=repr,
)
def test_rows_other_than_lists_of_whole_numbers_are_refused(rows: list[Any]) -> None:
    record = safe_pickle.load(pickle.dumps(ragged(rows)), "here")
    with pytest.raises(DataLossError, match="here"):
        safe_pickle.integer_lists(record, "here", 10_000)


def test_shared_rows_that_would_grow_beyond_the_file_are_refused() -> None:
    data = pickle.dumps(ragged([[1] * 1000] * 1000))
    assert len(data) < 10_000
    with pytest.raises(DataLossError, match="expected at most"):
        safe_pickle.integer_lists(safe_pickle.load(data, "here"), "here", len(data))


def test_list_that_holds_itself_is_refused() -> None:
    row: list[Any] = [1]
    row.append(row)
    with pytest.raises(DataLossError):
        safe_pickle.integer_lists(safe_pickle.load(pickle.dumps(ragged([row])), "h"), "h", 1000)


def test_declared_memo_size_allocates_nothing() -> None:
    data = b"\x80\x02]r\xff\xff\xff\xff."  # puts an empty list at memo place 2**32 - 1
    assert safe_pickle.load(data, "here") == []


def record_of(*state: Any) -> safe_pickle.ArrayRecord:
    record = safe_pickle.ArrayRecord()
    record.__setstate__(state)
    return record


DTYPE = safe_pickle.load(pickle.dumps(np.zeros(2, np.uint8)), "here").state[2]


@pytest.mark.parametrize(
    "record",
    [
        "no record",
        safe_pickle.ArrayRecord(),
        record_of(1, (2,), DTYPE, False),
        record_of(1, (10**12,), DTYPE, False, b"ab"),
        record_of(1, (-2,), DTYPE, False, b"ab"),
        record_of(1, [2], DTYPE, False, b"ab"),
        record_of(1, (2,), DTYPE, True, b"ab"),
        record_of(1, (2,), "u1", False, b"ab"),
        record_of(1, (2,), DTYPE, False, [1, 2]),
    ],
)
def test_arrays_whose_description_is_wrong_are_refused(record: Any) -> None:
    with pytest.raises(DataLossError):
        safe_pickle.integer_array(record, "here")
