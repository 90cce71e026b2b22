"""Programs that XLA:CPU of jaxlib 0.10.2 compiles wrong under its default options give right numbers.

The fault: a reduction or pooling, then a reshape, then a product with a matrix whose elements are all
equal, in one program (42 of the 84 programs of `REDUCTIONS` x `MATRICES` with and without a convolution
before them). Whatever options the platform sets, they must be right; a new jaxlib is met with open eyes
by running them.
"""

from __future__ import annotations

import numpy as np
import pytest
from jax import lax
from jax import numpy as jnp

import thalweg as tf
from thalweg._src.core import xla
from thalweg._src.core.tensor import Tensor

COLUMNS = 5
IMAGES = np.random.default_rng(0).normal(size=(4, 24, 24, 2)).astype(np.float32)
KERNEL = np.random.default_rng(1).normal(size=(3, 3, 2, 2)).astype(np.float32)


def pooled_blocks(x):
    batch, height, width, channels = x.shape
    return tf.reshape(x, (batch, height // 2, 2, width // 2, 2, channels))


REDUCTIONS = {
    "max_pool": lambda x: tf.nn.max_pool(x, 2, 2, "VALID"),
    "avg_pool": lambda x: tf.nn.avg_pool(x, 2, 2, "VALID"),
    "reshape_max": lambda x: tf.reduce_max(pooled_blocks(x), (2, 4)),
    "reshape_mean": lambda x: tf.reduce_mean(pooled_blocks(x), (2, 4)),
    "reduce_sum": lambda x: tf.reduce_sum(x, 3),
    "reduce_max": lambda x: tf.reduce_max(x, 1),
}
NUMPY = {
    "max_pool": lambda x: blocks(x).max((2, 4)),
    "avg_pool": lambda x: blocks(x).mean((2, 4)),
    "reshape_max": lambda x: blocks(x).max((2, 4)),
    "reshape_mean": lambda x: blocks(x).mean((2, 4)),
    "reduce_sum": lambda x: x.sum(3),
    "reduce_max": lambda x: x.max(1),
}


def blocks(x):
    batch, height, width, channels = x.shape
    return x.reshape(batch, height // 2, 2, width // 2, 2, channels)


# How a program comes by its all-equal matrix: (rows, closed-over ones, scalar argument) -> matrix.
MATRICES = {
    "closed_over": lambda rows, ones, scalar: ones,
    "ones": lambda rows, ones, scalar: tf.ones((rows, COLUMNS)),
    "zeros_plus_one": lambda rows, ones, scalar: tf.zeros((rows, COLUMNS)) + 1.0,
    "fill": lambda rows, ones, scalar: tf.fill((rows, COLUMNS), 1.0),
    "constant": lambda rows, ones, scalar: tf.constant(np.ones((rows, COLUMNS), np.float32)),
    "broadcast_scalar": lambda rows, ones, scalar: tf.broadcast_to(scalar, (rows, COLUMNS)),
    "scaled_ones": lambda rows, ones, scalar: scalar * tf.ones((rows, COLUMNS)),
}


def size_after(reduction):
    return NUMPY[reduction](IMAGES[:1]).size


def program(reduction, matrix, convolution):
    rows = size_after(reduction)
    ones = tf.ones((rows, COLUMNS))

    def run(images, scalar):
        x = tf.nn.conv2d(images, KERNEL, 1, "SAME") if convolution else images
        x = tf.reshape(REDUCTIONS[reduction](x), (x.shape[0], rows))
        return tf.matmul(x, MATRICES[matrix](rows, ones, scalar))

    return run


def expected(reduction, images):
    flat = NUMPY[reduction](images.astype(np.float64)).reshape(images.shape[0], -1)
    return np.repeat(flat.sum(1, keepdims=True), COLUMNS, 1)


def close(got, want):
    np.testing.assert_allclose(np.asarray(got), want, rtol=1e-4, atol=1e-3)


def whole(run):
    """The function of tensors as one program, compiled as the platform compiles its programs."""
    return xla.jit_whole(lambda *arrays: run(*map(Tensor, arrays)).array)


@pytest.fixture(scope="module")
def convolved():
    return tf.nn.conv2d(IMAGES, KERNEL, 1, "SAME").numpy()


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_one_program(reduction, matrix):
    run = program(reduction, matrix, convolution=False)
    close(whole(run)(IMAGES, np.float32(1)), expected(reduction, IMAGES))


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("reduction", ["max_pool", "reshape_max", "reduce_sum"])
def test_one_program_after_a_convolution(reduction, matrix, convolved):
    run = program(reduction, matrix, convolution=True)
    close(whole(run)(IMAGES, np.float32(1)), expected(reduction, convolved))


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_op_by_op(reduction, convolved):
    for matrix in MATRICES:
        run = program(reduction, matrix, convolution=False)
        close(run(tf.constant(IMAGES), tf.constant(1.0)), expected(reduction, IMAGES))
    run = program(reduction, "ones", convolution=True)
    close(run(tf.constant(IMAGES), tf.constant(1.0)), expected(reduction, convolved))


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("convolution", [False, True])
def test_function(matrix, convolution, convolved):
    run = tf.function(program("reshape_max", matrix, convolution))
    got = run(tf.constant(IMAGES), tf.constant(1.0))
    close(got, expected("reshape_max", convolved if convolution else IMAGES))


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_weights_as_arguments(reduction):
    rows = size_after(reduction)

    def run(images, weights):
        return tf.matmul(tf.reshape(REDUCTIONS[reduction](images), (4, rows)), weights)

    compiled = whole(run)
    flat = NUMPY[reduction](IMAGES.astype(np.float64)).reshape(4, -1)
    random = np.random.default_rng(2).normal(size=(rows, COLUMNS)).astype(np.float32)
    for weights in (random, np.ones_like(random), np.zeros_like(random)):
        close(compiled(IMAGES, weights), flat @ weights)


@pytest.mark.parametrize("matrix", ["closed_over", "broadcast_scalar"])
@pytest.mark.parametrize("convolution", [False, True])
def test_gradient_through_the_pattern(matrix, convolution):
    run = program("reshape_max", matrix, convolution)

    def gradient(images, scalar):
        with tf.GradientTape() as tape:
            tape.watch(images)
            loss = tf.reduce_sum(run(images, scalar))
        return tape.gradient(loss, images)

    eager = gradient(tf.constant(IMAGES), tf.constant(1.0)).numpy()
    close(whole(gradient)(IMAGES, np.float32(1)), eager)
    if not convolution:
        largest = blocks(IMAGES).max((2, 4), keepdims=True)
        close(eager, COLUMNS * (blocks(IMAGES) == largest).reshape(IMAGES.shape))


@pytest.mark.parametrize("kind", ["jit_op", "jit_whole"])
def test_no_library_call_hides_the_pattern(kind):
    """`einsum`, `tensordot` and `matvec` with all-equal matrices, op by op and as one program."""

    def run(images):
        flat = jnp.reshape(jnp.max(images, 1), (4, -1))
        return [
            tf.einsum("ij,jk->ik", Tensor(flat), tf.ones((48, COLUMNS))).array,
            tf.tensordot(Tensor(flat), tf.ones((48, COLUMNS)), 1).array,
            tf.linalg.matvec(Tensor(flat), tf.ones((48,))).array,
        ]

    if kind == "jit_op":
        flat = tf.reshape(tf.reduce_max(IMAGES, 1), (4, -1))
        found = [
            tf.einsum("ij,jk->ik", flat, tf.ones((48, COLUMNS))),
            tf.tensordot(flat, tf.ones((48, COLUMNS)), 1),
            tf.linalg.matvec(flat, tf.ones((48,))),
        ]
    else:
        found = xla.jit_whole(run)(IMAGES)
    want = expected("reduce_max", IMAGES)
    for got, wanted in zip(found, (want, want, want[:, 0]), strict=True):
        close(got, wanted)


def test_pooling_written_in_lax_is_right_in_a_whole_program():
    def run(images):
        window, strides = (1, 2, 2, 1), (1, 2, 2, 1)
        x = lax.reduce_window(images, -jnp.inf, lax.max, window, strides, "VALID")
        return x.reshape(4, -1) @ jnp.ones((288, COLUMNS), jnp.float32)

    close(xla.jit_whole(run)(IMAGES), expected("max_pool", IMAGES))
