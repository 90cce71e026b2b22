"""Layers that move, cut off, add and repeat elements: forms of arguments, shapes, dtypes, errors."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

L = tf.keras.layers


def test_margins_are_kept_as_pairs():
    assert L.Cropping1D(2).cropping == (2, 2)
    assert L.Cropping2D((1, 2)).cropping == ((1, 1), (2, 2))
    assert L.ZeroPadding2D([[1, 0], 2]).padding == ((1, 0), (2, 2))
    assert L.ZeroPadding3D(1).padding == ((1, 1), (1, 1), (1, 1))
    assert L.UpSampling1D(3).size == 3
    assert L.UpSampling2D(3).size == (3, 3)
    assert "data_format" not in L.Cropping1D().get_config()


def test_both_layouts_of_images_flatten_to_the_same_rows():
    x = np.arange(24, dtype=np.float32).reshape(2, 2, 3, 2)
    rows = L.Flatten()(x).numpy()
    np.testing.assert_array_equal(L.Flatten("channels_first")(np.moveaxis(x, -1, 1)).numpy(), rows)
    tf.keras.config.set_image_data_format("channels_first")
    try:
        assert L.Flatten().data_format == "channels_first"
    finally:
        tf.keras.config.set_image_data_format("channels_last")


@pytest.mark.parametrize(
    ("layer", "shape", "expected"),
    [
        (L.Flatten(), (None, 3), (None, None)),
        (L.Reshape((-1, 2)), (4, None), (None, None, 2)),
        (L.Reshape((None, 3)), (4, 3), (None, 4, 3)),
        (L.Reshape((3, 2)), (None,), (None, 3, 2)),
        (L.Reshape(()), (1,), (None,)),
        (L.Permute((2, 1)), (None, 3), (None, 3, None)),
        (L.RepeatVector(2), (None,), (None, 2, None)),
        (L.Cropping1D(1), (None, 2), (None, None, 2)),
        (L.Cropping2D(1, data_format="channels_first"), (2, None, 5), (None, 2, None, 3)),
        (L.ZeroPadding2D(2), (None, 3, 1), (None, None, 7, 1)),
        (L.UpSampling3D(2), (None, 3, None, 1), (None, None, 6, None, 1)),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, L.Layer) else str(value),
)
def test_sizes_may_be_unknown(layer, shape, expected):
    assert layer(tf.keras.Input(shape)).shape == expected


def test_empty_tensors_have_a_shape_too():
    assert L.Reshape((-1, 2))(tf.ones((2, 0, 3))).shape == (2, 0, 2)
    assert L.Flatten()(tf.ones((0, 2, 3))).shape == (0, 6)


def test_any_dtype_is_kept():
    words = tf.constant([["a", "b"], ["c", "d"]])
    assert L.RepeatVector(2)(words).numpy()[0].tolist() == [[b"a", b"b"], [b"a", b"b"]]
    assert L.Flatten()(L.Reshape((2, 1))(words)).numpy().tolist() == words.numpy().tolist()
    flags = np.array([[[True], [False]]])
    assert L.ZeroPadding1D((0, 1))(flags).numpy().ravel().tolist() == [True, False, False]
    assert L.UpSampling1D(2)(tf.keras.Input((2, 1), dtype="int64")).dtype == "int64"


def test_interpolated_integers_are_rounded():
    x = np.array([0, 3, 7, 20], np.int32).reshape(1, 2, 2, 1)
    layer = L.UpSampling2D(2, interpolation="bilinear")
    wanted = [0, 1, 2, 3, 2, 3, 6, 7, 5, 8, 13, 16, 7, 10, 17, 20]  # as real Keras says
    assert layer(x).numpy().ravel().tolist() == wanted
    assert layer(tf.keras.Input((2, 2, 1), dtype="int32")).dtype == "int32"
    edge = np.array([0, 0, 255, 255], np.uint8).reshape(1, 1, 4, 1)
    high = L.UpSampling2D((1, 2), interpolation="bicubic")(edge).numpy().ravel()
    assert high.min() == 0
    assert high.max() == 255  # beyond both ends before it is cut


def test_interpolation_in_both_layouts():
    x = np.cos(np.arange(12, dtype=np.float32)).reshape(1, 2, 3, 2)
    last = L.UpSampling2D((2, 1), interpolation="bilinear")(x).numpy()
    first = L.UpSampling2D((2, 1), "channels_first", "bilinear")(np.moveaxis(x, -1, 1))
    np.testing.assert_allclose(np.moveaxis(first.numpy(), 1, -1), last, rtol=1e-6)
    assert L.UpSampling2D(2, interpolation="bicubic")(tf.keras.Input((None, 3, 1))).shape == (
        None,
        None,
        6,
        1,
    )


@pytest.mark.filterwarnings("ignore:.*got an input with a mask")
def test_no_mask_comes_out_where_steps_are_moved():
    x = L.Embedding(4, 2, mask_zero=True)(np.array([[1, 0]]))
    y = L.Masking()(L.ZeroPadding1D(1)(x))
    mean = L.GlobalAveragePooling1D()(y).numpy()
    # Only what Masking finds is left out: the zeros, but not the masked word.
    np.testing.assert_allclose(mean, x.numpy().mean(1), rtol=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: L.Flatten()(tf.constant(2.0)), r"inputs of shape \(batch, ...\), got a scalar"),
        (lambda: L.Reshape((-1, -1)), "at most one of them -1, got"),
        (lambda: L.Reshape((2.5,)), "expected target_shape as ints"),
        (lambda: L.Reshape((5,))(tf.keras.Input((4, 3))), "12 elements for each sample fit into"),
        (lambda: L.Reshape((-1, 5))(tf.ones((2, 12))), "12 elements for each sample fit into"),
        (lambda: L.Permute((1, 3)), r"expected dims as the numbers from 1 to 2 in some order"),
        (lambda: L.Permute((2, 1))(tf.ones((2, 3))), r"a batch and 2 dimensions, as dims \(2, 1\)"),
        (lambda: L.RepeatVector(0), "expected n as a positive int, got 0"),
        (lambda: L.RepeatVector(2)(tf.ones((2, 3, 4))), r"inputs of shape \(batch, features\)"),
        (lambda: L.Cropping1D((1, 1, 1)), r"or a pair \(before, after\), got \(1, 1, 1\)"),
        (lambda: L.Cropping2D((-1, 0)), "expected cropping as an int of 0 or more"),
        (lambda: L.Cropping2D(2)(tf.ones((1, 4, 5, 1))), "of which nothing would be left"),
        (lambda: L.Cropping3D((1, 2)), "or 3 of them or of pairs"),
        (lambda: L.ZeroPadding2D(((1, 2, 3), 1)), "expected padding as an int of 0 or more, or 2"),
        (
            lambda: L.ZeroPadding1D(1)(tf.ones((2, 3))),
            r"inputs of shape \(batch, steps, channels\)",
        ),
        (lambda: L.UpSampling1D(0), "expected size as a positive int"),
        (lambda: L.UpSampling2D(2, interpolation="cubic"), "expected interpolation to be one of"),
        (lambda: L.UpSampling2D((2, 2.5)), "expected size as a positive int or 2 of them"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()
