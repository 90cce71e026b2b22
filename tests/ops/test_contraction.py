"""Products of matrices and tensors: dtypes, broadcasting, equations, messages."""

from __future__ import annotations

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf
from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.ops import products


def array(*shape, dtype=np.float32):
    return np.random.default_rng(len(shape)).normal(size=shape).astype(dtype)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tf.matmul(array(2, 3), array(3)), r"\[matmul\] expected b of rank 2.*matvec"),
        (lambda: tf.matmul(array(2, 3), 2.0), r"expected b of rank 2 or more, got float32"),
        (lambda: tf.matmul(array(2, 3), array(2, 3)), r"got 3 and 2 for dimension 'inner'"),
        (lambda: tf.matmul(array(2, 2, 3), array(4, 3, 2)), r"\[matmul\].*batch sizes"),
        (
            lambda: tf.matmul(array(2, 2), array(2, 2), transpose_a=True, adjoint_a=True),
            r"expected one of transpose_a and adjoint_a",
        ),
        (lambda: tf.linalg.matvec(array(2, 3), array(3, 1)), r"\[matvec\] expected sizes that fit"),
        (lambda: tf.tensordot(array(2, 3), array(3), 2), r"expected axes from 0 to 1"),
        (lambda: tf.tensordot(array(2, 3), array(3), -1), r"expected axes from 0 to 1"),
        (lambda: tf.tensordot(array(2, 3), array(2, 3), [[0, 1], [0]]), r"got 2 and 1"),
        (lambda: tf.tensordot(array(2, 3), array(2, 3), [[0, 0], [0, 1]]), r"every axis once"),
        (lambda: tf.tensordot(array(2, 3), array(2, 3), [[5], [0]]), r"from -2 to 1 .* got 5"),
        (lambda: tf.tensordot(array(2, 3), array(2, 3), [[1], [0]]), r"summed axes"),
        (lambda: tf.linalg.cross(array(2), array(2)), r"one shape \(\.\.\., 3\)"),
        (lambda: tf.linalg.cross(array(2, 3), array(3)), r"broadcast_to"),
        (lambda: tf.einsum("ij,jk->ik", array(2, 3)), r"expected 2 inputs .* got 1"),
        (lambda: tf.einsum("ij,jk->il", array(2, 3), array(3, 2)), r"got 'l'"),
        (lambda: tf.einsum("i->ii", array(3)), r"each letter of the result once"),
        (lambda: tf.einsum("i..j->ij", array(2, 3)), r"at most one '\.\.\.', got 'i\.\.j'"),
        (lambda: tf.einsum("ijk->k", array(2, 3)), r"rank 3 for the term 'ijk'"),
        (lambda: tf.einsum("...j->j", array(2, 3)), r"expected '\.\.\.' in the result"),
        (lambda: tf.einsum("ii->i", array(2, 3)), r"equal sizes for the repeated letter 'i'"),
        (lambda: tf.einsum("ij,jk->ik", array(2, 1), array(3, 2)), r"a letter stands for one size"),
        (lambda: tf.einsum("i->i", array(2), optimize="best"), r"expected optimize as one of"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises(InvalidArgumentError, match=message):
        call()


def test_wrong_dtypes_are_named():
    with pytest.raises(DTypeError, match=r"output_type=tf.int32"):
        tf.matmul(np.ones((2, 2), np.int8), np.ones((2, 2), np.int8))
    with pytest.raises(DTypeError, match=r"got bool"):
        tf.einsum("ij->i", np.ones((2, 2), bool))
    with pytest.raises(DTypeError, match=r"expected a and b of one dtype"):
        tf.matmul(tf.constant(array(2, 2)), tf.constant(array(2, 2, dtype=np.float64)))
    with pytest.raises(TypeError, match=r"got \['path'\]"):
        tf.einsum("i->i", array(2), path="greedy")


def test_dtypes_of_results():
    ones = np.ones((2, 2), np.int8)
    assert tf.matmul(ones, ones, output_type=tf.int32).dtype == tf.int32
    assert tf.matmul([[1]], [[2]]).dtype == tf.int32
    assert tf.matmul(np.ones((1, 1), np.uint8), np.ones((1, 1), np.uint8)).dtype == tf.uint8
    half = tf.cast(array(2, 2), tf.bfloat16)
    assert tf.matmul(half, half).dtype == tf.bfloat16
    assert tf.matmul(half, half, output_type=tf.float32).dtype == tf.float32
    assert tf.einsum("ij,jk", half, half).dtype == tf.bfloat16


@pytest.mark.parametrize("name", ["bfloat16", "float16"])
def test_products_of_16_bits_are_added_up_in_float32(name):
    # 4096 + 1 is no bfloat16: adding up in 16 bits would stop there.
    ones = tf.ones((1, 5000), name)
    total = tf.matmul(ones, ones, transpose_b=True, output_type=tf.float32)
    assert total.numpy().item() == 5000.0
    plain = tf.matmul.opdef.bound((False,) * 6 + (None,) + (False,) * 2)
    array16 = ones.array
    forward = str(jax.make_jaxpr(lambda x: plain(x, x.T))(array16))
    backward = str(
        jax.make_jaxpr(jax.grad(lambda x: plain(x, x.T).sum().astype("float32")))(array16)
    )
    assert "preferred_element_type=float32" in forward
    # Both factors of the backward products have 16 bits too.
    dots = [line for line in backward.splitlines() if "preferred_element_type" in line]
    assert dots
    assert all("=float32" in line for line in dots)


@pytest.mark.parametrize(
    ("equation", "one", "two"),
    [("fz,tbf->ztb", (8, 16), (32, 10, 8)), ("be,bfc->efc", (16, 4), (16, 12, 10))],
)
def test_products_that_the_engine_lacks_in_16_bits(equation, one, two):
    a, b = tf.ones(one, tf.bfloat16), tf.ones(two, tf.bfloat16)
    expected = np.einsum(equation, np.ones(one), np.ones(two))
    np.testing.assert_array_equal(tf.einsum(equation, a, b).numpy().astype("float64"), expected)


def test_gradient_of_16_bits_keeps_the_dtype():
    x = tf.cast(array(3, 4), tf.bfloat16)
    w = tf.Variable(tf.cast(array(4, 2), tf.bfloat16))
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.matmul(x, w))
    gradient = tape.gradient(y, w)
    assert gradient.dtype == tf.bfloat16
    want = np.repeat(np.asarray(x.numpy(), np.float32).sum(0)[:, None], 2, 1)
    np.testing.assert_allclose(gradient.numpy().astype(np.float32), want, rtol=0.02)


def test_complex_gradients_are_those_of_tensorflow():
    x = tf.constant(np.array([[4, 1j], [-1j, 2]], np.complex64))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        one = tf.math.real(tf.matmul(x, x, adjoint_a=True))
        two = tf.math.imag(tf.einsum("ij,jk->ik", x, x))
    np.testing.assert_allclose(
        tape.gradient(one, x).numpy(), [[8 + 2j, 8 + 2j], [4 - 2j, 4 - 2j]], rtol=1e-6
    )
    np.testing.assert_allclose(
        tape.gradient(two, x).numpy(), [[8j, -2 + 6j], [2 + 6j, 4j]], rtol=1e-6
    )


def test_axes_of_tensordot_may_be_a_tensor_or_two_numbers():
    a, b = array(2, 3), array(3, 2)
    axes = tf.constant([[1], [0]])
    np.testing.assert_allclose(tf.tensordot(a, b, axes).numpy(), a @ b, rtol=1e-5)
    np.testing.assert_allclose(tf.tensordot(a, b, [1, 0]).numpy(), a @ b, rtol=1e-5)
    np.testing.assert_allclose(tf.tensordot(a, a, [[-1], [-1]]).numpy(), a @ a.T, rtol=1e-5)


def test_spaces_and_capitals_in_equations():
    a, b = array(2, 3), array(3, 2)
    np.testing.assert_allclose(tf.einsum(" aB , Bc -> ac ", a, b).numpy(), a @ b, rtol=1e-5)
    np.testing.assert_allclose(tf.einsum("...ij,...jk", a, b).numpy(), a @ b, rtol=1e-5)


def test_order_of_many_factors_is_by_size():
    a, b, c = array(50, 2), array(2, 50), array(50, 1)
    got = tf.einsum("ij,jk,kl->il", a, b, c, optimize="optimal", name="chain")
    np.testing.assert_allclose(got.numpy(), a @ (b @ c), rtol=1e-4)


@pytest.mark.parametrize("limit", [0, 4])
def test_several_summed_dimensions_that_lie_apart(limit, monkeypatch):
    a, b = array(3, 4, 5), array(3, 2, 5)
    monkeypatch.setattr(products, "_SPLIT_LIMIT", limit)
    factors = products.Factors(a, ("s", "u", "b"), b, ("s", "z", "b"), ("u", "z"), a.dtype)
    want = np.einsum("sub,szb->uz", a, b)
    np.testing.assert_allclose(products.product(factors), want, rtol=1e-4)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_einsum_is_that_of_numpy(data):
    letters = "abcd"
    sizes = {n: data.draw(st.integers(1, 3)) for n in letters}
    terms = [
        "".join(data.draw(st.lists(st.sampled_from(letters), max_size=3, unique=True)))
        for _ in range(data.draw(st.integers(1, 3)))
    ]
    used = sorted(set("".join(terms)))
    out = "".join(data.draw(st.permutations(used)))[: data.draw(st.integers(0, 3))]
    arrays = [array(*(sizes[n] for n in term), dtype=np.float64) for term in terms]
    equation = ",".join(terms) + "->" + out
    np.testing.assert_allclose(
        tf.einsum(equation, *arrays).numpy(), np.einsum(equation, *arrays), rtol=1e-9, atol=1e-12
    )


def test_symbolic_products_name_what_is_wrong():
    from thalweg._src.core.symbolic import KerasTensor

    with pytest.raises(ShapeError, match=r"got 3 and 2 for dimension 'inner'"):
        tf.matmul(KerasTensor((None, 3)), KerasTensor((2, 5)))
    assert tf.einsum("bi,ij,jk->bk", KerasTensor((None, 3)), array(3, 4), array(4, 5)).shape == (
        None,
        5,
    )
