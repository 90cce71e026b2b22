"""Tensors print, convert, compare and complain as in TensorFlow."""

from __future__ import annotations

import copy
import pickle

import jax
import numpy as np
import pytest

import thalweg as tf


def test_printing_of_ranks():
    assert str(tf.constant(6.0)) == "tf.Tensor(6.0, shape=(), dtype=float32)"
    assert repr(tf.constant([1, 2])) == (
        "<tf.Tensor: shape=(2,), dtype=int32, numpy=array([1, 2], dtype=int32)>"
    )
    assert str(tf.ones((2, 1))) == "tf.Tensor(\n[[1.]\n [1.]], shape=(2, 1), dtype=float32)"
    assert repr(tf.constant("a")) == "<tf.Tensor: shape=(), dtype=string, numpy=b'a'>"


def test_formatting():
    assert f"{tf.constant(2.5):.3f}" == "2.500"
    assert f"{tf.constant([2.5])}" == "[2.5]"


def test_item_assignment_is_refused():
    x = tf.ones((2, 2))
    with pytest.raises(
        TypeError, match="'Tensor' object does not support item assignment.*tf.Variable"
    ):
        x[0, 0] = 0.0


def test_hashing_is_refused_and_references_work():
    x = tf.ones(2)
    with pytest.raises(TypeError, match="Tensor is unhashable. Instead, use tensor.ref"):
        hash(x)
    assert {x.ref(): 1}[x.ref()] == 1
    assert x.ref().deref() is x


def test_truth_of_more_than_one_element_is_refused():
    with pytest.raises(ValueError, match="ambiguous"):
        bool(tf.ones(2))
    assert bool(tf.constant(True))
    assert bool(tf.constant([True]))
    assert not tf.constant([0.0])
    assert not tf.constant([])


def test_python_numbers():
    assert int(tf.constant(2.5)) == 2
    assert float(tf.constant(2)) == 2.0
    assert list(range(tf.constant(3))) == [0, 1, 2]
    with pytest.raises(TypeError, match="expected an integer scalar, got dtype float32"):
        range(tf.constant(3.0))


@pytest.mark.parametrize("convert", [int, float, complex])
def test_only_one_element_becomes_a_python_number(convert):
    # As with NumPy before 2.4, for which many programs were written.
    assert convert(tf.constant([[3]])) == 3
    for shape in (2, 0):
        message = rf"expected a tensor of one element, got shape \({shape},\); take one"
        with pytest.raises(TypeError, match=message):
            convert(tf.ones(shape))


def test_only_scalars_are_indices():
    with pytest.raises(TypeError, match=r"expected a scalar tensor, got shape \(1,\)"):
        range(tf.constant([1]))


def test_graph_mode_is_absent():
    for name in ("op", "graph", "name", "nothing"):
        assert not hasattr(tf.ones(1), name)
        assert name == "name" or not hasattr(tf.Variable(1.0), name)


def test_length_and_iteration():
    assert [int(x) for x in tf.constant([1, 2, 3])] == [1, 2, 3]
    with pytest.raises(TypeError, match="expected rank 1 or more"):
        len(tf.constant(1.0))


def test_numpy_interop():
    x = tf.constant([1.0, 2.0])
    np.testing.assert_array_equal(np.asarray(x), [1, 2])
    assert np.sum(x) == 3
    assert isinstance(np.ones(2) * x, tf.Tensor)
    assert isinstance(x.numpy(), np.ndarray)
    assert x.numpy().dtype == np.float32


def test_dlpack_round_trip():
    x = tf.constant([1.0, 2.0])
    np.testing.assert_array_equal(np.from_dlpack(x), [1, 2])


def test_a_constant_does_not_follow_the_array_it_was_made_from():
    source = np.ones(1000, np.float32)
    x = tf.constant(source)
    source[:] = 5
    assert float(tf.reduce_max(x)) == 1.0


def test_jax_functions_accept_tensors_and_transforms_return_them():
    x = tf.constant([1.0, 2.0])
    assert float(jax.numpy.sum(x)) == 3.0
    doubled = jax.jit(lambda t: t * 2.0)(x)
    assert isinstance(doubled, tf.Tensor)


def test_copies_and_pickles():
    x = tf.constant([1.0, 2.0])
    assert copy.deepcopy(x) is x
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(x)).numpy(), x.numpy())


def test_comparison_of_shapes_that_do_not_fit_is_false():
    assert bool(tf.ones(2) == tf.ones(3)) is False
    assert (tf.ones(2) == None) is False  # noqa: E711 what users write


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: tf.constant([1.0], tf.int32),
            "expected a value for dtype int32, got the Python float 1.0",
        ),
        (lambda: tf.constant(300, tf.uint8), "expected a number within uint8"),
        (lambda: tf.constant([[1], [1, 2]]), "rectangular list"),
        (lambda: tf.convert_to_tensor(tf.ones(1), tf.int32), "write tf.cast"),
        (lambda: tf.constant(object()), "."),
    ],
    ids=["float for int", "out of range", "ragged list", "other dtype", "no array"],
)
def test_bad_values_are_refused(make, message):
    with pytest.raises((ValueError, TypeError), match=message):
        make()
