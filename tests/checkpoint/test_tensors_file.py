"""The tensors file: every dtype comes back, and a bad file raises `DataLossError` and nothing else."""

from __future__ import annotations

import contextlib
import io
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thalweg._src.base.errors import DataLossError, DTypeError, InvalidArgumentError
from thalweg._src.checkpoint import tensors_file
from thalweg._src.checkpoint.tensors_file import TensorsFile
from thalweg._src.core import dtypes

NUMBERS = [d for d in dtypes.ALL if d is not dtypes.string]


def pack(arrays, state=None):
    storable = {name: tensors_file.storable(name, value) for name, value in arrays.items()}
    return b"".join(bytes(p) for p in tensors_file.encode(storable, state or {}))


def unpack(data):
    with TensorsFile(io.BytesIO(data), "test") as file:
        return {name: file.read(name) for name in file.entries}, file.state


def raw(header, data=b""):
    """A file with this header, a dict or text."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def entry(dtype="U8", shape=(1,), offsets=(0, 1)):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


def noted(note, array=None):
    """A file with one array of a byte or more, and this note of ours."""
    return {"__metadata__": {"thalweg": json.dumps(note)}, "a": array or entry()}


def values(dtype, shape=(2, 3)):
    """Small values, negative ones too where there are any."""
    start = 0 if dtype.is_unsigned or dtype.is_bool else -3
    return np.arange(start, start + 6).reshape(shape).astype(dtype.numpy_dtype)


@pytest.mark.parametrize("dtype", NUMBERS, ids=lambda d: d.name)
def test_every_dtype_comes_back(dtype):
    given = {"matrix": values(dtype), "scalar": values(dtype)[1, 2], "empty": values(dtype)[:0]}
    found, state = unpack(pack(given))
    assert state == {}
    for name, array in given.items():
        assert found[name].dtype == dtype.numpy_dtype
        assert found[name].shape == np.shape(array)
        np.testing.assert_array_equal(found[name].astype("c16"), np.asarray(array).astype("c16"))


@pytest.mark.parametrize("name", ["float32", "float64", "complex64", "bfloat16", "float8_e5m2"])
def test_special_values_keep_their_bits(name):
    dtype = dtypes.as_dtype(name).numpy_dtype
    given = np.array([np.nan, np.inf, -np.inf, -0.0, 1e-45], np.float32).astype(dtype)
    found, _ = unpack(pack({"a": given}))
    assert found["a"].tobytes() == given.tobytes()


def test_byte_order_and_strides_do_not_matter():
    given = {"swapped": np.arange(3, dtype=">f4"), "columns": np.arange(6.0).reshape(2, 3).T[::-1]}
    found, _ = unpack(pack(given))
    assert found["swapped"].dtype == np.float32
    for name, array in given.items():
        np.testing.assert_array_equal(found[name], array)


def test_state_comes_back_as_json():
    state = {"epoch": 3, "best": float("inf"), "rate": np.float32(0.5), "at": (1, 2), "é": None}
    _, found = unpack(pack({}, state))
    assert found == {"epoch": 3, "best": float("inf"), "rate": 0.5, "at": [1, 2], "é": None}


def test_layout_is_that_of_safetensors():
    data = pack({"b": np.array([7], np.uint8), "a": np.array([1.0, 2.0], np.float32)})
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    assert length % 8 == 0
    assert header["a"] == {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
    assert header["b"] == {"dtype": "U8", "shape": [1], "data_offsets": [8, 9]}
    assert data[8 + length :] == np.array([1.0, 2.0], "<f4").tobytes() + b"\x07"
    note = json.loads(header["__metadata__"]["thalweg"])
    assert note == {"version": 1, "dtypes": {}, "state": {}}


def test_dtypes_that_safetensors_lacks_are_stored_as_ones_it_has():
    data = pack({"i": values(dtypes.int4), "z": values(dtypes.complex64)})
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    assert header["i"]["dtype"] == "I8"
    assert (header["z"]["dtype"], header["z"]["shape"]) == ("F32", [2, 3, 2])


def test_files_of_other_programs_are_read():
    found, state = unpack(
        raw({"__metadata__": {"format": "pt"}, "w": entry("I16", (1,), (0, 2))}, b"\2\0")
    )
    assert state == {}
    assert found["w"].tolist() == [2]


@pytest.mark.parametrize(
    "value",
    [
        np.array(["a", "b"]),
        np.array([b"a"], object),
        np.array(["2020"], "M8[D]"),
        np.zeros(1, "i4,f4"),
    ],
    ids=["text", "objects", "dates", "records"],
)
def test_arrays_of_anything_but_numbers_are_refused(value):
    with pytest.raises(DTypeError, match=r"checkpoint array 'name'.*dtype"):
        pack({"name": value})


@pytest.mark.parametrize("name", ["", "__metadata__", "\ud800"])
def test_names_that_cannot_stand_in_the_header_are_refused(name):
    with pytest.raises(InvalidArgumentError):
        pack({name: np.zeros(1)})


@pytest.mark.parametrize("state", [{"a": {1, 2}}, {"a": np.zeros(2)}, {"a": b"x"}, {"a": "\ud800"}])
def test_state_that_json_cannot_hold_is_refused(state):
    with pytest.raises(InvalidArgumentError):
        pack({}, state)


def test_state_that_contains_itself_is_refused():
    state = {}
    state["self"] = state
    with pytest.raises(InvalidArgumentError):
        pack({}, state)


BAD = {
    "empty": b"",
    "cut in the length": b"\1\0\0",
    "cut in the header": raw({"a": entry()}, b"\1")[:20],
    "cut in the data": raw({"a": entry("U8", (2,), (0, 2))}, b"\1"),
    "longer than its arrays": raw({"a": entry()}, b"\1\2"),
    "huge header": (1 << 62).to_bytes(8, "little") + b"{}",
    "header of all ones": b"\xff" * 16,
    "header no json": raw(b"{]"),
    "header no utf-8": raw(b'{"\xff": 1}'),
    "header a list": raw(b"[]"),
    "header nested deep": raw(b"[" * 100_000),
    "number of many digits": raw(b'{"a": ' + b"9" * 10_000 + b"}"),
    "name twice": raw(b'{"a": %s, "a": %s}' % ((json.dumps(entry()).encode(),) * 2), b"\1"),
    "entry a number": raw({"a": 1}),
    "entry with more": raw({"a": {**entry(), "path": "/etc/passwd"}}, b"\1"),
    "unknown dtype": raw({"a": entry("F99")}, b"\1"),
    "dtype a list": raw({"a": entry(["U8"])}, b"\1"),
    "negative size": raw({"a": entry("U8", (-1,), (0, 1))}, b"\1"),
    "size a float": raw({"a": entry("U8", (1.0,))}, b"\1"),
    "size a bool": raw({"a": entry("U8", (True,))}, b"\1"),
    "size huge": raw({"a": entry("U8", (1 << 70,), (0, 1))}, b"\1"),
    "sizes overflow": raw({"a": entry("U8", (0, 1 << 62, 1 << 62), (0, 0))}),
    "rank huge": raw({"a": entry("U8", (1,) * 100_000)}, b"\1"),
    "bytes other than shape": raw({"a": entry("F32", (1,), (0, 1))}, b"\1"),
    "negative offset": raw({"a": entry("U8", (1,), (-1, 0))}, b"\1"),
    "offsets reversed": raw({"a": entry("U8", (1,), (1, 0))}, b"\1"),
    "one offset": raw({"a": entry("U8", (1,), (0,))}, b"\1"),
    "offset beyond the file": raw({"a": entry("U8", (1,), (5, 6))}, b"\1"),
    "arrays overlap": raw(
        {"a": entry("U8", (2,), (0, 2)), "b": entry("U8", (2,), (1, 3))}, b"\1\2\3"
    ),
    "same bytes twice": raw({"a": entry(), "b": entry()}, b"\1"),
    "gap": raw({"a": entry(), "b": entry("U8", (1,), (2, 3))}, b"\1\2\3"),
    "bool of two": raw({"a": entry("BOOL")}, b"\2"),
    "metadata a list": raw({"__metadata__": []}),
    "metadata of numbers": raw({"__metadata__": {"a": 1}}),
    "note no json": raw({"__metadata__": {"thalweg": "{"}}),
    "other version": raw(noted({"version": 2, "dtypes": {}, "state": {}}), b"\1"),
    "no state": raw(noted({"version": 1, "dtypes": {}}), b"\1"),
    "state a list": raw(noted({"version": 1, "dtypes": {}, "state": []}), b"\1"),
    "dtype of an absent array": raw(
        noted({"version": 1, "dtypes": {"b": "int4"}, "state": {}}), b"\1"
    ),
    "stand-in of another dtype": raw(
        noted({"version": 1, "dtypes": {"a": "complex64"}, "state": {}}), b"\1"
    ),
    "stand-in of an unknown dtype": raw(
        noted({"version": 1, "dtypes": {"a": "object"}, "state": {}}), b"\1"
    ),
    "value outside int4": raw(
        noted({"version": 1, "dtypes": {"a": "int4"}, "state": {}}, entry("I8")), b"\x40"
    ),
    "complex without pairs": raw(
        noted(
            {"version": 1, "dtypes": {"a": "complex64"}, "state": {}}, entry("F32", (1,), (0, 4))
        ),
        bytes(4),
    ),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
def test_bad_files_raise_the_one_error(data):
    with pytest.raises(DataLossError, match=r"\[checkpoint 'test'\] expected a whole file"):
        unpack(data)


def test_names_that_look_like_paths_are_only_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found, _ = unpack(pack({"../../outside": np.ones(1, np.uint8), "/etc/x": np.ones(1, np.uint8)}))
    assert sorted(found) == ["../../outside", "/etc/x"]
    assert list(tmp_path.iterdir()) == []


GOOD = pack(
    {
        "net/w": np.arange(6, dtype=np.float32).reshape(2, 3),
        "net/b": np.array([True, False]),
        "q": values(dtypes.int4),
        "z": np.array(1j, np.complex64),
        "e": np.zeros((0, 2), np.int16),
    },
    {"graph": [{"net": 1}], "epoch": 3},
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_changed_files_raise_the_one_error_or_nothing(data):
    changed = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(changed) - 1))
        kind = data.draw(st.sampled_from(["flip", "cut", "insert", "repeat"]))
        if kind == "flip":
            changed[at] ^= data.draw(st.integers(1, 255))
        elif kind == "cut":
            del changed[at : at + data.draw(st.integers(1, 40))]
        elif kind == "insert":
            changed[at:at] = data.draw(st.binary(min_size=1, max_size=8))
        else:
            changed[at:at] = changed[at : at + 24]
        if not changed:
            break
    with contextlib.suppress(DataLossError):
        unpack(bytes(changed))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_noise_raises_the_one_error(noise):
    with pytest.raises(DataLossError):
        unpack(len(noise).to_bytes(8, "little") + b"{" + noise)
