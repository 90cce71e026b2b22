"""Bytes of a file: within its bounds, and not for ever."""

from __future__ import annotations

import io

import numpy as np
import pytest

from thalweg._src.base.errors import SavingError
from thalweg._src.keras.archive.hdf5.blocks import Blocks


def blocks(size: int = 100) -> Blocks:
    return Blocks(io.BytesIO(bytes(range(size))), "file")


@pytest.mark.parametrize(
    ("place", "length"), [(0, 101), (100, 1), (-1, 1), (5, -1), (1 << 64, 1), (0, 1 << 64)]
)
def test_other_places_are_refused(place: int, length: int) -> None:
    for ask in (blocks().at, blocks().claim):
        with pytest.raises(SavingError, match="in a file of 100"):
            ask(place, length)


def test_bytes_are_given() -> None:
    assert blocks().at(7, 3) == bytes([7, 8, 9])
    array = np.zeros((1, 2), "<u2")
    blocks().fill(96, array)
    assert array.tobytes() == bytes([96, 97, 98, 99])


def test_structures_are_not_read_for_ever() -> None:
    given = blocks()
    given.at(0, 100)
    with pytest.raises(SavingError, match="contain each other"):
        [given.at(0, 100) for _ in range(10_000)]


def test_arrays_have_no_more_bytes_than_the_file() -> None:
    given = blocks()
    given.claim(0, 60)
    given.claim(60, 40)
    with pytest.raises(SavingError, match="arrays of more bytes than the 100"):
        given.claim(0, 1)
