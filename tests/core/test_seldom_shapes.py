"""NumPy serves shapes that come seldom; where ops only move elements it gives the kernel's bits."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.base.config import switches
from thalweg._src.core import door, xla
from thalweg._src.core.opdef import registry
from thalweg._src.core.tensor import Tensor
from thalweg._src.testing import contracts
from thalweg._src.testing.cases import creation, indexing, shaping

ROWS = [*creation.ROWS, *indexing.ROWS, *shaping.ROWS]
# Rows with a gradient have floats, which smaller integers can stand in for.
CASES = [pytest.param(r, "float32", id=r.id) for r in ROWS] + [
    pytest.param(r, "int8", id=f"{r.id}-int8") for r in ROWS if r.gradient and r.name != "linspace"
]


@pytest.fixture(autouse=True)
def _only_on_cpu():
    if not xla.on_cpu():
        pytest.skip("NumPy serves arrays in the host's memory only")


def test_every_such_op_has_a_twin():
    flagged = [op for op in registry.values() if op.moves]
    assert len(flagged) > 15
    assert all(op.host is not None and not op.special for op in flagged)


@pytest.mark.parametrize(("row", "dtype"), CASES)
def test_numpy_and_kernel_agree(row, dtype, monkeypatch):
    def results():
        args = [
            a.astype(dtype) if isinstance(a, np.ndarray) and a.dtype == np.float32 else a
            for a in row.make()
        ]
        return contracts.flat(
            contracts.function_of(row)(*contracts.tensors(tuple(args)), **row.kwargs)
        )

    for op in registry.values():
        op.seen.clear()
    by_numpy = results()
    monkeypatch.setattr(door, "_SELDOM", 0)
    for one, other in zip(by_numpy, results(), strict=True):
        assert one.dtype is other.dtype
        assert one.shape == other.shape
        assert np.asarray(one.array).tobytes() == np.asarray(other.array).tobytes()


def test_shapes_that_come_seldom_compile_nothing(monkeypatch):
    def refuse(self, attrs):
        raise AssertionError(f"compiled {self.name}")

    x = tf.constant(np.arange(12.0).reshape(3, 4))
    monkeypatch.setattr(type(tf.reshape.__globals__["_reshape"].opdef), "kernel", refuse)
    assert tf.reshape(x, [2, 6])[1:, ::2].shape == (1, 3)
    assert tf.concat([x, tf.transpose(tf.transpose(x))], 1).shape == (3, 8)


def test_results_own_their_memory():
    x = tf.constant(np.arange(6.0))
    first = np.asarray(x.array)
    for part in (x[1:4], tf.reshape(x, [2, 3]), tf.expand_dims(x, 0), tf.split(x, 2)[0]):
        assert not np.shares_memory(first, np.asarray(part.array))


def test_a_recorded_or_placed_tensor_takes_the_kernel():
    x = tf.constant(np.arange(7.0))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reshape(x, [7, 1]) * 2.0
    assert tape.gradient(y, x).numpy().tolist() == [2.0] * 7
    placed = Tensor(xla.jax.device_put(np.arange(7.0), xla.jax.devices()[0]))
    assert tf.reshape(placed, [7, 1]).array.committed


@pytest.fixture
def fresh(monkeypatch):
    """An op that computes, as in a process that never called it."""
    op = tf.sinh.opdef
    for name, value in (("kernels", {}), ("seen", {}), ("weighs", False)):
        monkeypatch.setattr(op, name, value)
    return op


def test_an_op_of_many_shapes_leaves_new_ones_to_numpy(fresh):
    def call(n):
        x = np.linspace(-2, 2, n).astype("float32")
        np.testing.assert_allclose(tf.sinh(tf.constant(x)).numpy(), np.sinh(x), rtol=1e-6)
        return fresh.seen.get(((), (n,)), 0)

    sizes = range(1, 40)
    counts = [call(n) for n in sizes]
    assert counts.count(door._SELDOM) == door._MANY_SHAPES
    assert [call(39) for _ in range(4)] == [2, 3, 4, 4]
    assert call(sizes[0]) == door._SELDOM


def test_deterministic_programs_have_one_kernel_for_each_shape(fresh, monkeypatch):
    monkeypatch.setattr(switches, "deterministic", True)
    fresh.weighs = True
    tf.sinh(tf.ones(123))
    assert list(fresh.seen.values()) == [door._SELDOM]
