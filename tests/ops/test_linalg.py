"""Linear algebra: messages, singular and degenerate matrices, gradients as TensorFlow gives them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf
from thalweg._src.base.errors import DTypeError, InvalidArgumentError, UnimplementedError


def array(*shape, dtype=np.float32):
    return np.random.default_rng(len(shape)).normal(size=shape).astype(dtype)


def gradient(function, *values):
    inputs = [tf.constant(v) for v in values]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        target = function(*inputs)
    return [g.numpy() for g in tape.gradient(target, inputs)]


SINGULAR = np.array([[1, 2], [2, 4]], np.float32)
DIGITS = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
SQUARE = np.array([[4, 2], [2, 3]], np.float32)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tf.linalg.cholesky(array(2, 3)), r"\[cholesky\] expected square matrices"),
        (lambda: tf.linalg.det(array(3)), r"\[det\] expected input of rank 2"),
        (lambda: tf.linalg.inv(SINGULAR), r"\[inv\] expected invertible matrices, got a singular"),
        (lambda: tf.linalg.solve(SINGULAR, array(2, 1)), r"\[solve\] expected invertible"),
        (lambda: tf.linalg.solve(SQUARE, array(2)), r"\[solve\] expected rhs of rank 2"),
        (
            lambda: tf.linalg.solve(SQUARE, array(3, 1)),
            r"rhs with 2 rows .* got float32 of shape \(3, 1",
        ),
        (
            lambda: tf.linalg.triangular_solve(array(2, 2, 2), array(3, 2, 1)),
            r"\[triangular_solve\] expected batch dimensions that broadcast",
        ),
        (lambda: tf.linalg.lu_solve(SQUARE, [0, 1, 2], array(2, 1)), r"perm of shape \(2,\)"),
        (lambda: tf.norm(array(3), ord="fro"), r"\[norm\] expected ord for a vector norm"),
        (lambda: tf.norm(array(3), ord=0), r"a number above 0 or infinity, got 0"),
        (lambda: tf.norm(array(3, 3), ord=3, axis=(0, 1)), r"ord for a matrix norm"),
        (lambda: tf.norm(array(3, 3), axis=[1]), r"two different numbers, got \(1,\)"),
        (lambda: tf.norm(array(3, 3), axis=(0, 0)), r"two different numbers, got \(0, 0\)"),
        (lambda: tf.math.l2_normalize(array(3), axis=0, dim=0), r"one of axis and dim"),
        (lambda: tf.linalg.band_part(array(3, 4), 7, 0), r"num_lower of at most 3 .* got 7"),
        (lambda: tf.linalg.band_part(array(4), 0, 0), r"\[band_part\] expected input of rank 2"),
        (lambda: tf.linalg.diag([1, 2], num_rows=1), r"at least 2 rows and 2 columns"),
        (lambda: tf.linalg.diag([1, 2], num_rows=3, num_cols=3), r"one of them exactly"),
        (lambda: tf.linalg.diag([[1, 2], [3, 4]], k=(1, 0)), r"swap the two numbers"),
        (lambda: tf.linalg.diag([[1, 2], [3, 4]], k=(-1, 1)), r"expected 3 diagonals"),
        (
            lambda: tf.linalg.diag([[1, 2], [3, 4]], k=(0, 1), align="X"),
            r"expected align as one of",
        ),
        (lambda: tf.linalg.diag([1, 2], padding_value=0.5), r"dtype int32, got the Python float"),
        (lambda: tf.linalg.diag_part(array(3, 4), k=5), r"diagonals from -2 to 3 .* got 5"),
        (lambda: tf.linalg.set_diag(array(2, 3, 4), array(2, 4)), r"diagonal of shape \(2, 3\)"),
        (lambda: tf.linalg.tensor_diag(3), r"\[tensor_diag\] expected diagonal of rank 1"),
        (lambda: tf.linalg.tensor_diag_part(array(2, 3)), r"a tensor of shape s \+ s"),
        (lambda: tf.linalg.tridiagonal_solve(array(3, 4), array(3)), r"rhs with 4 rows"),
        (lambda: tf.linalg.tridiagonal_solve(array(2, 4), array(4)), r"shape \(\.\.\., 3, n\)"),
        (
            lambda: tf.linalg.tridiagonal_matmul(array(3, 4), array(4, 1), diagonals_format="x"),
            r"\[tridiagonal_matmul\] expected diagonals_format",
        ),
        (
            lambda: tf.linalg.tridiagonal_solve(
                [array(1), array(4), array(4)], array(4), diagonals_format="sequence"
            ),
            r"a superdiagonal of size 3 or 4",
        ),
        (
            lambda: tf.linalg.eigh_tridiagonal(array(3), array(3)),
            r"alpha of shape \(n,\) and beta of shape \(n - 1,\)",
        ),
        (
            lambda: tf.linalg.eigh_tridiagonal(array(3), array(2), select="x"),
            r"select 'a' or 'i', got 'x'",
        ),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises(InvalidArgumentError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tf.linalg.cholesky([[1]]), r"\[cholesky\] expected input of dtype float32"),
        (lambda: tf.linalg.svd(tf.cast(SQUARE, tf.bfloat16)), r"got bfloat16 of shape \(2, 2\)"),
        (lambda: tf.norm([3, 4]), r"\[norm\] expected a tensor of a float or complex dtype"),
        (lambda: tf.math.l2_normalize([3, 4]), r"\[l2_normalize\]"),
        (lambda: tf.linalg.logm(SQUARE), r"write tf.cast\(x, tf.complex64\)"),
    ],
)
def test_wrong_dtypes_are_named(call, message):
    with pytest.raises(DTypeError, match=message):
        call()


def test_what_is_left_out_says_so():
    with pytest.raises(UnimplementedError, match=r"got 'v'"):
        tf.linalg.eigh_tridiagonal(array(3), array(2), select="v", select_range=(0.0, 2.0))
    with pytest.raises(UnimplementedError, match=r"\[svd\]"):
        gradient(lambda x: tf.linalg.svd(x, full_matrices=True)[1], array(4, 2))


def test_singular_matrices_without_an_error():
    # As in TensorFlow: NaN or infinity from these, and from everything inside a compiled program.
    assert np.isnan(tf.linalg.cholesky([[1.0, 2.0], [2.0, 1.0]]).numpy()).any()
    assert np.isnan(tf.linalg.logdet([[1.0, 2.0], [2.0, 1.0]]).numpy())
    assert np.isnan(tf.linalg.lstsq(SINGULAR, np.ones((2, 1), np.float32)).numpy()).all()
    assert (
        tf.linalg.triangular_solve([[1.0, 0.0], [2.0, 0.0]], [[1.0], [1.0]]).numpy()[1] == -np.inf
    )
    assert np.isnan(tf.linalg.tridiagonal_solve(tf.zeros((3, 3)), tf.ones((3,))).numpy()).all()
    sign, size = tf.linalg.slogdet(SINGULAR)
    assert (sign.numpy(), size.numpy()) == (0, -np.inf)
    assert not np.isfinite(tf.function(tf.linalg.inv)(tf.constant(SINGULAR)).numpy()).all()


def test_empty_matrices():
    assert tf.linalg.det(tf.zeros((2, 0, 0))).numpy().tolist() == [1.0, 1.0]
    for function in (tf.linalg.cholesky, tf.linalg.inv, tf.linalg.expm, tf.linalg.sqrtm):
        assert function(tf.zeros((0, 2, 2))).shape == (0, 2, 2)
    assert tf.linalg.solve(tf.zeros((0, 2, 2)), tf.zeros((0, 2, 1))).shape == (0, 2, 1)


def test_only_the_lower_triangle_is_read():
    garbage = np.array([[4, np.nan], [2, 3]], np.float32)
    np.testing.assert_allclose(
        tf.linalg.cholesky(garbage).numpy(), np.linalg.cholesky(SQUARE), rtol=1e-6
    )
    np.testing.assert_allclose(
        tf.linalg.eigvalsh(garbage).numpy(), np.linalg.eigvalsh(SQUARE), rtol=1e-5
    )


def test_gradients_of_decompositions_are_those_of_tensorflow():
    half = [[0.21338835, 0.07322331], [0.07322331, 0.35355335]]
    np.testing.assert_allclose(gradient(tf.linalg.cholesky, SQUARE)[0], half, rtol=1e-5)
    lower = gradient(lambda x: tf.linalg.eigh(x)[1][0, 0], SQUARE)[0]
    assert lower[0, 1] == 0
    square = tf.constant(np.array([[4, 1j], [-1j, 2]], np.complex64))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(square)
        one = tf.math.real(tf.linalg.cholesky(square))
        two = tf.math.real(tf.linalg.inv(square))
        three = tf.math.real(tf.linalg.det(square))
    np.testing.assert_allclose(
        tape.gradient(one, square).numpy(),
        [[0.27362278, 0.25 - 0.09449112j], [0.25 + 0.09449112j, 0.3779645]],
        rtol=1e-5,
    )
    np.testing.assert_allclose(
        tape.gradient(two, square).numpy(),
        [[-0.10204083, -0.14285715 + 0.12244899j], [-0.14285715 - 0.12244899j, -0.3469388]],
        rtol=1e-5,
    )
    np.testing.assert_allclose(tape.gradient(three, square).numpy(), [[2, -1j], [1j, 4]], rtol=1e-5)


def test_gradients_at_equal_eigenvalues_are_finite():
    eye = np.eye(2, dtype=np.float32)
    weights = np.array([[1, 2], [3, 4]], np.float32)
    zero = np.zeros((2, 2))
    assert (gradient(lambda x: tf.linalg.eigh(x)[1] * weights, eye)[0] == zero).all()
    assert (gradient(lambda x: tf.linalg.eigh(x)[0][0], eye)[0] == [[1, 0], [0, 0]]).all()
    assert (gradient(lambda x: tf.linalg.svd(x)[1], eye)[0] == zero).all()
    assert (gradient(lambda x: tf.linalg.svd(x, compute_uv=False), eye)[0] == eye).all()
    # The determinant of a singular matrix has a gradient: its cofactors.
    np.testing.assert_allclose(gradient(tf.linalg.det, SINGULAR)[0], [[4, -2], [-2, 1]], atol=1e-5)


@pytest.mark.parametrize(
    ("order", "values", "want"),
    [
        ("euclidean", [0, 0, 0], [np.nan] * 3),
        (1, [0, 0, 0], [0, 0, 0]),
        (3, [0, 0, 0], [np.nan] * 3),
        (np.inf, [0, 0, 0], [0, 0, 0]),
        (np.inf, [1, -1, 0], [0.5, -0.5, 0]),
    ],
)
def test_gradient_of_norms_at_kinks(order, values, want):
    got = gradient(lambda x: tf.norm(x, ord=order), np.array(values, np.float32))[0]
    np.testing.assert_allclose(got, want)


def test_gradient_of_l2_normalize_at_zero():
    got = gradient(lambda x: tf.math.l2_normalize(x) * [1.0, 2.0], np.zeros(2, np.float32))[0]
    np.testing.assert_allclose(got, [1e6, 2e6], rtol=1e-5)


def test_dtypes_of_complex_results():
    square = np.array([[1, 1j], [-1j, 2]], np.complex64)
    values, vectors = tf.linalg.eigh(square)
    assert (values.dtype, vectors.dtype) == (tf.complex64, tf.complex64)
    assert tf.linalg.slogdet(square).log_abs_determinant.dtype == tf.complex64
    assert tf.linalg.logdet(square).dtype == tf.float32
    assert tf.linalg.svd(square, compute_uv=False).dtype == tf.float32
    assert tf.norm(square).dtype == tf.complex64
    assert tf.norm(square, ord=1).dtype == tf.float32
    assert tf.linalg.eigvals(SQUARE).dtype == tf.complex64


def test_named_results():
    assert tf.linalg.qr(SQUARE).r.shape == (2, 2)
    assert tf.linalg.lu(SQUARE, output_idx_type=tf.int64).p.dtype == tf.int64
    assert tf.linalg.slogdet(SQUARE).sign == 1.0
    s, u, v = tf.linalg.svd(array(2, 3))
    np.testing.assert_allclose(
        (u * s @ tf.linalg.adjoint(v)).numpy(), array(2, 3), rtol=1e-5, atol=1e-6
    )


def test_eig_satisfies_its_equation():
    x = array(4, 4)
    values, vectors = tf.linalg.eig(x)
    np.testing.assert_allclose(
        x @ vectors.numpy(), vectors.numpy() * values.numpy(), rtol=1e-4, atol=1e-5
    )


def test_lu_of_singular_and_rectangular_matrices():
    for x in (SINGULAR, array(2, 3), array(3, 2)):
        factors, order = tf.linalg.lu(x)
        k = min(x.shape)
        lower = np.tril(factors.numpy()[:, :k], -1) + np.eye(*x.shape)[:, :k]
        np.testing.assert_allclose(
            lower @ np.triu(factors.numpy()[:k]), x[order.numpy()], rtol=1e-5, atol=1e-6
        )


def test_roots_that_exist_and_roots_that_do_not():
    assert np.isnan(tf.linalg.sqrtm(-SQUARE).numpy()).all()
    assert np.isnan(tf.linalg.sqrtm([[0.0, 1.0], [0.0, 0.0]]).numpy()).all()
    assert (tf.linalg.sqrtm(tf.zeros((2, 2))).numpy() == 0).all()
    turn = tf.linalg.sqrtm([[0.0, -1.0], [1.0, 0.0]]).numpy()
    np.testing.assert_allclose(turn, np.sqrt(0.5) * np.array([[1, -1], [1, 1]]), rtol=1e-5)


def test_exponential_of_large_and_logarithm_of_negative_values():
    got = tf.linalg.expm([[-1e6, 0.0], [0.0, 0.0]]).numpy()
    assert got.tolist() == [[0.0, 0.0], [0.0, 1.0]]
    got = tf.linalg.logm(np.diag(np.array([-1, 2], np.complex64))).numpy()
    np.testing.assert_allclose(got, np.diag([np.pi * 1j, np.log(2)]), atol=2e-6)
    assert np.isnan(tf.linalg.logm(np.zeros((2, 2), np.complex64)).numpy().real).all()


@pytest.mark.parametrize(
    ("call", "want"),
    [
        (lambda: tf.linalg.diag(DIGITS, k=(-1, 1)), [[4, 2, 0], [7, 5, 3], [0, 8, 6]]),
        (
            lambda: tf.linalg.diag(DIGITS, k=(-1, 1), align="LEFT_RIGHT"),
            [[4, 1, 0], [8, 5, 2], [0, 9, 6]],
        ),
        (
            lambda: tf.linalg.diag([[1, 2], [3, 4]], k=(0, 1), num_cols=5, padding_value=-1),
            [[3, 1, -1, -1, -1], [-1, 4, 2, -1, -1]],
        ),
        (lambda: tf.linalg.diag([1, 2], k=-1, num_rows=5), [[0, 0], [1, 0], [0, 2], [0, 0], [0, 0]]),
        (lambda: tf.linalg.diag([1, 2], k=(1, 1)), [[0, 1, 0], [0, 0, 2], [0, 0, 0]]),
        (
            lambda: tf.linalg.diag_part(
                np.arange(12).reshape(3, 4), k=(-2, 1), padding_value=-1, align="RIGHT_RIGHT"
            ),
            [[1, 6, 11], [0, 5, 10], [-1, 4, 9], [-1, -1, 8]],
        ),
        (lambda: tf.linalg.diag_part(np.arange(12).reshape(3, 4), k=(1, 2)), [[0, 2, 7], [1, 6, 11]]),
        (lambda: tf.linalg.diag_part(np.arange(12).reshape(3, 4), k=(-2, -1)), [[4, 9], [8, 0]]),
        (lambda: tf.linalg.diag_part(np.arange(12).reshape(3, 4), k=3), [3]),
        (
            lambda: tf.linalg.set_diag(
                np.zeros((3, 4), int), np.array([[1, 2, 3], [4, 5, 6]]), k=(-1, 0), align="LEFT_RIGHT"
            ),
            [[1, 0, 0, 0], [5, 2, 0, 0], [0, 6, 3, 0]],
        ),
    ],
)  # fmt: skip
def test_diagonals_as_tensorflow_places_them(call, want):
    assert call().numpy().tolist() == want


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_what_is_set_is_cut_out_again(data):
    rows, columns = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 5))
    low = data.draw(st.integers(1 - rows, columns - 1))
    high = data.draw(st.integers(low, columns - 1))
    align = data.draw(st.sampled_from(["LEFT_LEFT", "LEFT_RIGHT", "RIGHT_LEFT", "RIGHT_RIGHT"]))
    x = np.arange(1.0, rows * columns + 1).reshape(rows, columns)
    part = tf.linalg.diag_part(x, k=(low, high), align=align)
    back = tf.linalg.set_diag(tf.zeros_like(x), part, k=(low, high), align=align)
    want = np.triu(np.tril(x, high), low)
    np.testing.assert_array_equal(back.numpy(), want)


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 4), st.integers(0, 10**6))
def test_solve_undoes_matmul(size, seed):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(size, size)) + 3 * np.eye(size)
    x = rng.normal(size=(size, 2))
    np.testing.assert_allclose(tf.linalg.solve(a, a @ x).numpy(), x, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(tf.linalg.inv(a).numpy() @ a, np.eye(size), atol=1e-8)


def test_diagonals_given_in_other_forms():
    full = np.array([[4, 1, 0], [2, 5, 3], [0, 1, 6]], np.float32)
    want = np.linalg.solve(full, np.ones(3))
    upper, main, lower = (np.diagonal(full, k).copy() for k in (1, 0, -1))
    forms = [
        (full, "matrix"),
        ([upper, main, lower], "sequence"),
        ([np.append(upper, 7), main, np.append(7, lower).astype(np.float32)], "sequence"),
    ]
    for diagonals, name in forms:
        if name == "sequence":
            diagonals = [d.astype(np.float32) for d in diagonals]
        got = tf.linalg.tridiagonal_solve(diagonals, tf.ones((3,)), diagonals_format=name)
        np.testing.assert_allclose(got.numpy(), want, rtol=1e-5, atol=1e-7)
        product = tf.linalg.tridiagonal_matmul(diagonals, got[:, None], diagonals_format=name)
        np.testing.assert_allclose(product.numpy(), np.ones((3, 1)), rtol=1e-5)


def test_elements_that_are_not_read_may_hold_anything():
    diagonals = np.array([[1, 1, np.nan], [4, 4, 4], [np.nan, 1, 1]], np.float32)
    got = tf.linalg.tridiagonal_solve(diagonals, tf.ones((3,)))
    np.testing.assert_allclose(got.numpy(), [0.21428572, 0.14285713, 0.2142857], rtol=1e-5)
    bands = np.array([[2, 4, 8], [np.nan, 1, 1.5]], np.float32)
    got = tf.linalg.banded_triangular_solve(bands, [[1.0], [2.0], [3.0]], adjoint=True)
    np.testing.assert_allclose(got.numpy(), [[0.3203125], [0.359375], [0.375]], rtol=1e-6)


def test_eigenvectors_of_three_diagonals():
    values, vectors = tf.linalg.eigh_tridiagonal(
        [1.0, 2.0, 3.0], [0.5, 0.5], eigvals_only=False, select="i", select_range=(0, 1)
    )
    np.testing.assert_allclose(values.numpy(), [0.7752552, 2.0], rtol=1e-5)
    assert vectors.shape == (3, 2)


def test_least_squares_of_any_rank():
    x = np.array([[1, 2, 3], [2, 4, 6]], np.float32)
    got = tf.linalg.lstsq(x, np.ones((2, 1), np.float32), fast=False)
    np.testing.assert_allclose(got.numpy(), [[0.04285714], [0.08571428], [0.12857144]], rtol=1e-4)
    assert tf.linalg.matrix_rank(x).numpy() == 1
    assert tf.linalg.matrix_rank([x, x + np.eye(2, 3)], tol=[0.1, 100.0]).numpy().tolist() == [1, 0]
    assert tf.linalg.lstsq(np.ones((4, 3, 1)), np.ones((3, 2))).shape == (4, 1, 2)
