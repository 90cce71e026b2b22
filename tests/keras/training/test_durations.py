"""Seconds of a program, told before it is compiled."""

import jax
import numpy as np
import pytest

from thalweg._src.keras.training.durations import seconds_of


def seconds(function, *arrays):
    return seconds_of(jax.make_jaxpr(function)(*arrays).jaxpr)


def test_products_count_by_their_flops():
    small, large = np.ones((8, 8), np.float32), np.ones((4096, 4096), np.float32)
    assert seconds(lambda a: a @ a, small) < 2e-5
    assert seconds(lambda a: a @ a, large) == pytest.approx(2 * 4096**3 / 3e13, rel=0.01)


def test_convolutions_count_by_their_flops():
    images, kernel = np.ones((64, 56, 56, 64), np.float32), np.ones((3, 3, 64, 128), np.float32)

    def convolution(x, k):
        order = ("NHWC", "HWIO", "NHWC")
        return jax.lax.conv_general_dilated(x, k, (1, 1), "SAME", dimension_numbers=order)

    flops = 2 * 64 * 56 * 56 * 128 * 3 * 3 * 64
    assert seconds(convolution, images, kernel) == pytest.approx(flops / 3e13, rel=0.02)


def test_loops_count_by_their_steps():
    state = np.ones((16, 16), np.float32)

    def loop(x):
        return jax.lax.scan(lambda c, _: (jax.jit(lambda a: a @ a)(c), None), x, length=200)[0]

    assert 200 * seconds(lambda a: a @ a, state) * 0.4 < seconds(loop, state) < 5e-3
