"""Compiled programs are let go before a process has more than the system grants."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core import xla


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is that of Linux")
def test_programs_are_let_go_and_come_back(monkeypatch):
    monkeypatch.setattr(xla.Executables, "limit", 5)
    monkeypatch.setattr(xla.Executables, "count", 0)
    cleared = []
    clear = xla.jax.clear_caches
    monkeypatch.setattr(xla.jax, "clear_caches", lambda: (cleared.append(1), clear()))
    double = tf.function(lambda x: x * 2.0)
    x = np.linspace(0.0, 1.0, 40).astype("float32")
    for n in range(20, 32):
        part = tf.constant(x[:n])
        np.testing.assert_allclose(tf.nn.softmax(part).numpy().sum(), 1.0, rtol=1e-5)
        np.testing.assert_array_equal(double(part), x[:n] * 2.0)
        with tf.GradientTape() as tape:
            tape.watch(part)
            y = tf.reduce_sum(part * part)
        np.testing.assert_allclose(tape.gradient(y, part), 2.0 * x[:n])
    assert len(cleared) >= 2
