"""Sparse tensors in `keras.ops`: values and sparseness as in Keras; models and programs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import thalweg as tf
from tests.keras.ops.sparse_cases import MATRIX, ONE, cases, described

keras = tf.keras
ops = keras.ops
RECORD = json.loads((Path(__file__).parent / "golden" / "sparse.json").read_text())["cases"]
CASES = cases(tf, ops)


@pytest.mark.parametrize("name", RECORD)
def test_results_are_those_of_keras(name):
    got, wanted = described(tf, CASES[name]()), RECORD[name]
    assert (got["sparse"], got["dtype"]) == (wanted["sparse"], wanted["dtype"])
    np.testing.assert_allclose(got["values"], wanted["values"], rtol=1e-4, atol=1e-5)


def test_every_case_is_recorded():
    assert set(CASES) == set(RECORD)


@pytest.mark.parametrize(
    ("function", "is_sparse"),
    [
        (lambda x: ops.concatenate([ops.square(x), x * 2.0], 1), True),
        (lambda x: ops.transpose(ops.expand_dims(x, 1), (0, 2, 1)), True),
        (lambda x: ops.multiply(x, x), True),
        (lambda x: ops.matmul(x, MATRIX), False),
        (lambda x: ops.exp(x) + 1.0, False),
        # How many elements these keep is not known inside a program.
        (lambda x: ops.subtract(ops.add(x, x), ops.square(x)), False),
        (lambda x: ops.sum(ops.maximum(x, ops.negative(x)), axis=1), False),
    ],
    ids=["concatenate", "shape", "multiply", "matmul", "exp", "add", "sum"],
)
def test_models_of_sparse_inputs(function, is_sparse):
    inputs = keras.Input((3,), sparse=True)
    drawn = function(inputs)
    assert drawn.sparse == is_sparse
    sparse, dense = tf.sparse.from_dense(ONE), tf.constant(ONE)
    predicted = keras.Model(inputs, drawn).predict(sparse, verbose=0)
    assert isinstance(predicted, tf.SparseTensor) == is_sparse
    values = tf.sparse.to_dense(predicted) if is_sparse else predicted
    np.testing.assert_allclose(values, function(dense), rtol=1e-6)


def test_gradients_reach_the_elements():
    sparse, matrix = tf.sparse.from_dense(ONE), tf.constant(MATRIX)
    with tf.GradientTape() as tape:
        tape.watch([sparse.values, matrix])
        total = tf.reduce_sum(ops.matmul(ops.square(sparse), matrix)) + tf.reduce_sum(ops.exp(sparse))
    slope, other = tape.gradient(total, [sparse.values, matrix])
    rows = MATRIX.sum(1)[[1, 0, 2]]
    kept = ONE[ONE != 0]
    np.testing.assert_allclose(slope, 2 * kept * rows + np.exp(kept), rtol=1e-5)
    np.testing.assert_allclose(other, np.square(ONE).sum(0)[:, None].repeat(2, 1), rtol=1e-6)
