"""Widths and paddings of networks that come in many sizes."""

from __future__ import annotations

import pytest

from thalweg import keras
from thalweg._src.keras.applications.scaling import (
    nearest_multiple,
    padded_before_halving,
    rounded_width,
)


@pytest.mark.parametrize(
    ("features", "nearest", "rounded"),
    [
        (1, 8, 8),
        (11, 8, 16),
        (12, 16, 16),
        (18, 16, 24),
        (19.2, 16, 24),
        (24, 24, 24),
        (83.9, 80, 80),
    ],
)
def test_widths(features: float, nearest: int, rounded: int) -> None:
    assert nearest_multiple(features) == nearest
    assert rounded_width(features) == rounded


@pytest.mark.parametrize("kernel_size", [3, 5, 7])
@pytest.mark.parametrize("shape", [(8, 8), (9, 9), (9, 12)])
def test_half_the_size_is_rounded_up(shape: tuple[int, int], kernel_size: int) -> None:
    x = padded_before_halving(keras.Input((*shape, 1)), kernel_size, "pad")
    y = keras.layers.Conv2D(1, kernel_size, strides=2)(x)
    assert y.shape == (None, (shape[0] + 1) // 2, (shape[1] + 1) // 2, 1)


def test_sizes_that_are_unknown_count_as_even() -> None:
    known = padded_before_halving(keras.Input((8, 8, 1)), 5, "pad")
    unknown = padded_before_halving(keras.Input((None, None, 1)), 5, "pad")
    assert [k.node.operation.padding for k in (known, unknown)] == [((1, 2), (1, 2))] * 2
