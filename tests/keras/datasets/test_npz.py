"""The reader of .npz files: what it refuses before it allocates."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from thalweg._src.base.errors import DataLossError
from thalweg._src.keras.datasets import npz


def write_member(path: Path, content: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", content)
    return path


def header(shape: str, descr: str = "'|u1'", order: str = "False") -> bytes:
    text = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"
    body = text.ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(body).to_bytes(2, "little") + body.encode()


def test_arrays_come_in_the_order_asked_for(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", one=np.arange(3), two=np.float32(2.5), three=np.zeros((0, 4)))
    three, one, two = npz.read_arrays(tmp_path / "a.npz", ("three", "one", "two"))
    assert (three.shape, one.tolist(), two.item(), two.dtype) == ((0, 4), [0, 1, 2], 2.5, "float32")


def test_header_of_python_2_is_read_without_a_warning(tmp_path: Path) -> None:
    path = write_member(tmp_path / "a.npz", header("(2L,)") + b"ab")
    assert npz.read_arrays(path, ("x",))[0].tolist() == [97, 98]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no header",
        header("(1000000000000,)") + b"ab",
        header("(2,)") + b"abc",
        header("(-2,)") + b"ab",
        header("(2, 1)", order="True") + b"ab",
        header("(2,)", descr="'<U1'") + b"abcdefgh",
        header("(1,)", descr="'|O'") + b"cos\nsystem\n.",
        header("(2,)", descr="__import__('os')") + b"ab",
    ],
)
def test_members_of_another_form_are_refused(tmp_path: Path, content: bytes) -> None:
    path = write_member(tmp_path / "a.npz", content)
    with pytest.raises(DataLossError, match=r"a\.npz"):
        npz.read_arrays(path, ("x",))


def test_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(npz, "BOMB_BYTES", 1000)
    path = write_member(tmp_path / "a.npz", header("(100000,)") + bytes(100_000))
    with pytest.raises(DataLossError, match="times the packed size"):
        npz.read_arrays(path, ("x",))


def test_rows_of_a_matrix_serve_as_sequences(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.arange(6).reshape(2, 3), y=np.arange(2))
    (rows,), (labels,) = npz.read_sequences(tmp_path / "a.npz", ("x",), ("y",), "")
    assert (rows, labels.tolist()) == ([[0, 1, 2], [3, 4, 5]], [0, 1])


def test_sequences_of_decimals_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.zeros((2, 3)), y=np.arange(2))
    with pytest.raises(DataLossError, match="lists of whole numbers"):
        npz.read_sequences(tmp_path / "a.npz", ("x",), ("y",), "")
