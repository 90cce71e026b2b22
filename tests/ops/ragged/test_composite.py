"""Ragged and sparse tensors as composites: copies, transformations of JAX, structures, and their tables."""

from __future__ import annotations

import copy
import pickle

import jax
import numpy as np
import pytest

import thalweg as tf
from thalweg._src.base import nest
from thalweg._src.core.composite import DISPATCHED
from thalweg._src.core.opdef import registry
from thalweg._src.ops.ragged.elementwise import COMPARING, ELEMENTWISE, MAPPED


def both() -> list:
    """One tensor of each kind."""
    sparse = tf.SparseTensor([[0, 1], [1, 0]], [1.0, 2.0], [2, 3])
    return [tf.ragged.constant([[[1.0, 2.0], []], [[3.0]]]), sparse]


def shown(tensor) -> list:
    """All that a composite is made of."""
    return [part.numpy().tolist() for part in nest.flatten(tensor, expand_composites=True)]


@pytest.mark.parametrize("tensor", both(), ids=["ragged", "sparse"])
def test_copies_are_alike(tensor):
    assert shown(pickle.loads(pickle.dumps(tensor))) == shown(tensor)
    assert shown(copy.deepcopy(tensor)) == shown(tensor)


@pytest.mark.parametrize("tensor", both(), ids=["ragged", "sparse"])
def test_transformations_of_jax_take_them(tensor):
    assert shown(jax.jit(lambda x: x)(tensor)) == shown(tensor)
    doubled = jax.tree_util.tree_map(lambda x: x, tensor)
    assert shown(doubled) == shown(tensor)


def test_structures_of_other_forms_are_told_apart():
    one = tf.SparseTensor([[0, 1]], [1.0], [2, 3])
    other = tf.SparseTensor([[0, 1]], [1.0], [2, 4])
    with pytest.raises(ValueError, match="dense shape"):
        nest.assert_same_structure(one, other, expand_composites=True)
    nest.assert_same_structure(one, other)

    @tf.function(jit_compile=True)
    def either(first):
        return tf.cond(first, lambda: one, lambda: other)

    with pytest.raises(ValueError, match="same structure"):
        either(tf.constant(True))


def test_every_name_in_the_tables_is_an_op_or_a_function():
    known = set(registry) | DISPATCHED
    for table in (ELEMENTWISE, MAPPED, COMPARING, tf.RaggedTensor.rules, tf.SparseTensor.rules):
        assert set(table) <= known, set(table) - known


def test_dense_calls_are_not_changed():
    x = tf.constant([[1.0, 2.0]])
    assert tf.concat([x, x], 0).shape == (2, 2)
    np.testing.assert_array_equal(tf.gather(x, [0]), x)
