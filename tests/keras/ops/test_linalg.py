"""Linear algebra: what decompositions must satisfy, and refusals."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

ops, KerasTensor = tf.keras.ops, tf.keras.KerasTensor
RANDOM = np.random.default_rng(0)
TALL = RANDOM.normal(size=(2, 4, 3)).astype("float32")
SQUARE = RANDOM.normal(size=(2, 3, 3)).astype("float32")
DEFINITE = (SQUARE @ SQUARE.swapaxes(1, 2) + 3 * np.eye(3)).astype("float32")


def close(got, want):
    np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("full", [True, False])
def test_singular_vectors_make_the_matrix(full):
    u, s, vh = (t.numpy() for t in ops.svd(TALL, full_matrices=full))
    assert u.shape == ((2, 4, 4) if full else (2, 4, 3))
    close(u[:, :, :3] * s[:, None] @ vh, TALL)


def test_eigenvectors_are_kept_in_direction():
    values, vectors = (t.numpy() for t in ops.eig(SQUARE))
    close(SQUARE @ vectors, vectors * values[:, None])
    values, vectors = (t.numpy() for t in ops.eigh(DEFINITE))
    close(DEFINITE @ vectors, vectors * values[:, None])
    assert ops.eig(KerasTensor((None, 3, 3)))[0].dtype == "complex64"


def test_factors_in_a_new_order_make_the_matrix():
    packed, order = (t.numpy() for t in ops.lu_factor(SQUARE))
    product = (np.tril(packed, -1) + np.eye(3)) @ np.triu(packed)
    close(np.take_along_axis(product, order[..., None], 1), SQUARE)


def test_solutions_of_vectors_and_matrices():
    b = RANDOM.normal(size=(2, 3)).astype("float32")
    close((DEFINITE @ ops.solve(DEFINITE, b).numpy()[..., None])[..., 0], b)
    close(ops.lstsq(TALL[0], TALL[0] @ b[0]).numpy(), b[0])
    with pytest.raises(ValueError, match="right sides"):
        ops.solve(DEFINITE, b[0])


def test_refusals():
    with pytest.raises(ValueError, match="positive definite"):
        ops.cholesky(-DEFINITE)
    with pytest.raises(ValueError, match="square"):
        ops.cholesky(KerasTensor((None, 3, 2)))
    with pytest.raises(ValueError, match="singular"):
        ops.inv(np.ones((2, 2), "float32"))
    with pytest.raises(ValueError, match="mode"):
        ops.qr(TALL, mode="r")
    with pytest.raises(ValueError, match="ord"):
        ops.norm(TALL, ord=1)
    with pytest.raises(ValueError, match="ord"):
        ops.norm(TALL, ord="fro", axis=1)


def test_integers_and_half_precision_are_computed_in_float32():
    assert ops.det(np.array([[2, 1], [1, 3]])).numpy() == pytest.approx(5.0)
    assert ops.inv(tf.constant([[2.0, 0.0], [0.0, 4.0]], "float16")).dtype == tf.float32
    assert ops.norm(tf.constant([300.0, 400.0], "float16")).numpy() == 500.0


def test_norms_of_complex_numbers_are_real():
    got = ops.norm(np.array([3j, 4], "complex64"))
    assert (got.dtype, got.numpy()) == (tf.float32, 5.0)


def test_gradient_of_the_norm_of_zeros_is_zero():
    x = tf.zeros((3,))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = ops.norm(x)
    assert np.isfinite(tape.gradient(y, x).numpy()).all()
