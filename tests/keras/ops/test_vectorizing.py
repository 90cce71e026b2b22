"""`vectorize`: against NumPy's, in all lives, with gradients."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.symbolic import KerasTensor, evaluate

ops = tf.keras.ops
MATRICES = np.arange(12.0, dtype="float32").reshape(2, 2, 3)
VECTOR = np.array([1.0, 2.0, -1.0], "float32")


def product(a, b):
    return ops.einsum("ij,j->i", a, b)


def test_functions_of_numbers_broadcast():
    got = ops.vectorize(lambda a, b: a * b + 1.0)(MATRICES, VECTOR)
    np.testing.assert_allclose(got.numpy(), MATRICES * VECTOR + 1)


def test_signature_names_the_core_dimensions():
    got = ops.vectorize(product, signature="(m, n), (n) -> (m)")(MATRICES, VECTOR)
    np.testing.assert_allclose(got.numpy(), MATRICES @ VECTOR)
    alone = ops.vectorize(product, signature="(m,n),(n)->(m)")(MATRICES[0], VECTOR)
    np.testing.assert_allclose(alone.numpy(), MATRICES[0] @ VECTOR)


def test_several_results():
    ends = ops.vectorize(lambda v: (ops.min(v), ops.sort(v)), signature="(n)->(),(n)")
    low, rows = ends(MATRICES)
    np.testing.assert_array_equal(low.numpy(), MATRICES.min(-1))
    np.testing.assert_array_equal(rows.numpy(), MATRICES)


def test_excluded_arguments_are_passed_as_they_are():
    seen = []

    def power(x, n, scale=1):
        seen.append((n, scale))
        return x**n * scale

    vectorized = ops.vectorize(power, excluded={1, "scale"})
    np.testing.assert_allclose(vectorized(VECTOR, 2, scale=3).numpy(), VECTOR**2 * 3)
    assert set(seen) == {(2, 3)}
    np.testing.assert_allclose(ops.vectorize(power)(VECTOR, n=VECTOR * 0 + 1).numpy(), VECTOR)


def test_traced_symbolic_and_gradient():
    norm = ops.vectorize(lambda v: ops.sum(v * v), signature="(n)->()")
    np.testing.assert_allclose(
        tf.function(norm)(tf.constant(MATRICES)).numpy(), norm(MATRICES).numpy()
    )
    x = KerasTensor((None, 3))
    result = norm(x)
    assert result.shape == (None,)
    got = evaluate(result, {x.ref(): tf.constant(MATRICES[0])})
    np.testing.assert_allclose(got.numpy(), (MATRICES[0] ** 2).sum(-1))
    v = tf.constant(MATRICES)
    with tf.GradientTape() as tape:
        tape.watch(v)
        loss = ops.sum(norm(v))
    np.testing.assert_allclose(tape.gradient(loss, v).numpy(), 2 * MATRICES)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ops.vectorize(product, signature="m,n->m"), "signature such as"),
        (lambda: ops.vectorize(product, signature="(m,n),(n)->(m)")(MATRICES), "2 arguments"),
        (
            lambda: ops.vectorize(product, signature="(m,n),(n)->(m)")(MATRICES, VECTOR[:2]),
            "one size",
        ),
        (
            lambda: ops.vectorize(product, signature="(m,n),(n)->()")(MATRICES, VECTOR),
            "core dimensions",
        ),
        (lambda: ops.vectorize(product, signature="(m,n),(n)->(m)")(VECTOR, VECTOR), "rank 2"),
        (lambda: ops.vectorize(lambda a, b: a + b)(VECTOR, VECTOR[:2]), "broadcast"),
    ],
)
def test_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_name_of_the_function_is_kept():
    assert ops.vectorize(product, signature="(m,n),(n)->(m)").__name__ == "product"
