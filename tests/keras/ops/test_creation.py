"""New tensors: defaults, sizes of symbolic tensors, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.symbolic import KerasTensor

ops = tf.keras.ops
BATCH = KerasTensor((None, 3))


@pytest.fixture
def half():
    tf.keras.config.set_floatx("float16")
    yield
    tf.keras.config.set_floatx("float32")


@pytest.mark.usefixtures("half")
def test_default_dtype_is_floatx():
    made = (
        ops.zeros(2),
        ops.full(2, 1),
        ops.eye(2),
        ops.arange(2.0),
        ops.hanning(3),
        ops.linspace(0, 1, 3),
    )
    assert {t.dtype.name for t in made} == {"float16"}


@pytest.mark.parametrize(
    "make",
    [
        lambda n: ops.zeros((n, 3)),
        lambda n: ops.ones((n, 3)),
        lambda n: ops.full((n, 3), 2.0),
        lambda n: ops.eye(n, 3),
        lambda n: ops.broadcast_to(tf.ones((3,)), (n, 3)),
    ],
    ids=["zeros", "ones", "full", "eye", "broadcast_to"],
)
def test_size_of_a_symbolic_tensor_is_a_size(make):
    assert make(tf.shape(BATCH)[0]).shape == (None, 3)


def test_no_range_of_an_unknown_number():
    with pytest.raises(TypeError, match=r"\[arange\].*not known"):
        ops.arange(KerasTensor((), "int32"))
    with pytest.raises(ValueError, match="step other than 0"):
        ops.arange(0, 3, 0)


def test_range_has_no_rounding_that_grows():
    assert ops.arange(0, 100, 0.1).numpy()[-1] == np.float32(99.9)


def test_range_in_a_program():
    assert tf.function(lambda: ops.arange(3))().numpy().tolist() == [0, 1, 2]
    assert tf.function(lambda: ops.eye(2, k=1))().numpy().tolist() == [[0.0, 1.0], [0.0, 0.0]]


@pytest.mark.parametrize("name", ["bartlett", "blackman", "hamming", "hanning"])
def test_windows_need_a_number(name):
    with pytest.raises(TypeError, match="not known"):
        getattr(ops, name)(KerasTensor((), "int32"))
    with pytest.raises(ValueError, match="as a number"):
        getattr(ops, name)([3, 4])


def test_powers_of_integers_are_exact():
    assert ops.logspace(0, 9, 10, dtype="int64").numpy().tolist() == [10**i for i in range(10)]
    assert ops.geomspace(1, 2**20, 21, dtype="int32").numpy().tolist() == [2**i for i in range(21)]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ops.linspace(0, 1, -1), "num of 0 or more"),
        (lambda: ops.linspace(0, 1, 3, axis=2), "axis"),
        (lambda: ops.meshgrid([1], indexing="yx"), "'xy' or 'ij'"),
        (lambda: ops.tril([1.0, 2.0]), "2D"),
        (lambda: ops.vander([[1.0]]), "a vector"),
        (lambda: ops.eye(-1), "0 or more"),
    ],
)
def test_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
