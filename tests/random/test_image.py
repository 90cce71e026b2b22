"""Images changed at random: each function does what its op does for the number that it draws."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

SEED = (7, 2)
X = np.random.default_rng(0).uniform(0.2, 0.8, (4, 6, 8, 3)).astype(np.float32)
I = tf.image  # noqa: E741

# Name, arguments, op, range of the number.
ONE_NUMBER = [
    ("brightness", (0.3,), tf.image.adjust_brightness, (-0.3, 0.3)),
    ("contrast", (0.4, 1.7), tf.image.adjust_contrast, (0.4, 1.7)),
    ("hue", (0.2,), tf.image.adjust_hue, (-0.2, 0.2)),
    ("saturation", (0.4, 1.7), tf.image.adjust_saturation, (0.4, 1.7)),
]
NAMES = [c[0] for c in ONE_NUMBER]


def _stateless(name):
    return getattr(tf.image, f"stateless_random_{name}")


def _stateful(name):
    return getattr(tf.image, f"random_{name}")


@pytest.mark.parametrize(("name", "args", "op", "bounds"), ONE_NUMBER, ids=NAMES)
def test_the_seed_decides_the_number(name, args, op, bounds):
    number = tf.random.stateless_uniform((), SEED, *bounds)
    np.testing.assert_array_equal(_stateless(name)(X, *args, SEED).numpy(), op(X, number).numpy())


@pytest.mark.parametrize(("name", "args", "op", "bounds"), ONE_NUMBER, ids=NAMES)
def test_each_call_draws_anew(name, args, op, bounds):
    tf.random.set_seed(3)
    numbers = [tf.random.uniform((), *bounds, seed=5) for _ in range(3)]
    assert len({float(n) for n in numbers}) == 3
    tf.random.set_seed(3)
    for number in numbers:
        np.testing.assert_array_equal(_stateful(name)(X, *args, seed=5).numpy(), op(X, number).numpy())


def test_brightness_covers_its_range():
    shifts = [float((I.random_brightness(X, 0.2) - X)[0, 0, 0, 0]) for _ in range(200)]
    assert -0.2 <= min(shifts) < -0.15
    assert 0.15 < max(shifts) < 0.2
    assert abs(np.mean(shifts)) < 0.03


@pytest.mark.parametrize(("name", "axis"), [("flip_left_right", 2), ("flip_up_down", 1)])
def test_each_image_is_flipped_or_not(name, axis):
    many = np.tile(X[:1], (400, 1, 1, 1))
    turned = np.flip(X[:1], axis)
    for got in (_stateful(name)(many).numpy(), _stateless(name)(many, SEED).numpy()):
        flipped = (got == turned).all((1, 2, 3))
        assert ((got == X[:1]).all((1, 2, 3)) | flipped).all()
        assert 150 < flipped.sum() < 250
    single = [bool((_stateful(name)(X[0]).numpy() == turned[0]).all()) for _ in range(60)]
    assert 10 < sum(single) < 50


def test_crops_come_from_every_place():
    x = np.arange(5 * 7, dtype=np.int32).reshape(5, 7, 1)
    corners = np.array([I.random_crop(x, (3, 4, 1)).numpy()[0, 0, 0] for _ in range(600)])
    rows, columns = corners // 7, corners % 7
    assert set(rows) == {0, 1, 2}
    assert set(columns) == {0, 1, 2, 3}
    assert np.bincount(rows).min() > 150
    assert np.bincount(columns).min() > 100
    one, other = (I.stateless_random_crop(x, (3, 4, 1), SEED).numpy() for _ in range(2))
    np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(I.random_crop(x, x.shape).numpy(), x)
    for size in ((6, 4, 1), (3, 4), (3, -1, 1)):
        with pytest.raises(ValueError, match=r"\[random_crop\]"):
            I.random_crop(x, size)


def test_crops_in_programs_and_models():
    program = tf.function(lambda x: tf.image.random_crop(x, (3, 4, 3)))
    found = {program(tf.constant(X[0])).numpy().tobytes() for _ in range(12)}
    assert len(found) > 3
    symbol = I.random_crop(tf.keras.Input((None, None, 3), batch_size=2), (2, 4, 4, 3))
    assert symbol.shape == (2, 4, 4, 3)


def test_programs_draw_anew():
    program = tf.function(lambda x: tf.image.random_flip_left_right(tf.image.random_brightness(x, 0.2)))
    found = {program(tf.constant(X)).numpy().tobytes() for _ in range(4)}
    assert len(found) == 4
    symbol = I.random_flip_left_right(tf.keras.Input((4, 4, 3)))
    assert symbol.shape == (None, 4, 4, 3)


def test_jpeg_quality():
    x = (X[0] * 255).astype(np.uint8)
    number = tf.random.stateless_uniform((), SEED, 20, 90, tf.int32)
    got = I.stateless_random_jpeg_quality(x, 20, 90, SEED).numpy()
    np.testing.assert_array_equal(got, I.adjust_jpeg_quality(x, number).numpy())
    assert len({I.random_jpeg_quality(x, 5, 95).numpy().tobytes() for _ in range(6)}) > 2


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: I.random_brightness(X, -0.1), "max_delta"),
        (lambda: I.random_contrast(X, 2.0, 1.0), "lower < upper"),
        (lambda: I.random_contrast(X, -1.0, 1.0), "0 <= lower"),
        (lambda: I.random_hue(X, 0.6), "from 0 to 0.5"),
        (lambda: I.random_saturation(X, 1.0, 1.0), "lower < upper"),
        (lambda: I.random_jpeg_quality(X[0], 50, 101), "100"),
        (lambda: I.random_flip_up_down(X[0, 0]), "height, width, channels"),
        (lambda: I.stateless_random_hue(X, 0.1, 5), "seed"),
        (lambda: I.stateless_random_saturation(X, 0.1, 0.5), "seed"),
    ],
)
def test_refusals(call, text):
    with pytest.raises((ValueError, TypeError), match=rf"\[.*random_\w+\].*{text}"):
        call()


OBJECTS = [[[0.2, 0.3, 0.7, 0.9], [0.1, 0.1, 0.3, 0.2]]]


def _distorted(count=60, **options):
    found = []
    for i in range(count):
        begin, size, box = I.stateless_sample_distorted_bounding_box(
            (60, 90, 3), OBJECTS, (i, 1), **options
        )
        top, left, _ = begin.numpy()
        height, width, _ = size.numpy()
        want = [top / 60, left / 90, (top + height) / 60, (left + width) / 90]
        np.testing.assert_allclose(box.numpy()[0, 0], want, rtol=1e-6)
        assert top + height <= 60
        assert left + width <= 90
        found.append((top, left, height, width))
    return np.array(found)


def test_distorted_boxes_keep_to_their_ranges():
    found = _distorted(aspect_ratio_range=(0.8, 1.25), area_range=(0.2, 0.6), min_object_covered=0.3)
    assert len({tuple(f) for f in found}) > 50
    ratio = found[:, 3] / found[:, 2]
    assert (ratio > 0.77).all()
    assert (ratio < 1.29).all()
    area = found[:, 2] * found[:, 3] / (60 * 90)
    assert (area >= 0.2).all()
    assert (area <= 0.6).all()
    covered = []
    for y1, x1, y2, x2 in OBJECTS[0]:
        y1, x1, y2, x2 = y1 * 60, x1 * 90, y2 * 60, x2 * 90
        high = np.minimum(y2, found[:, 0] + found[:, 2]) - np.maximum(y1, found[:, 0])
        wide = np.minimum(x2, found[:, 1] + found[:, 3]) - np.maximum(x1, found[:, 1])
        covered.append(np.maximum(high, 0) * np.maximum(wide, 0) / ((y2 - y1) * (x2 - x1)))
    assert (np.max(covered, 0) >= 0.3 - 1e-5).all()


def test_distorted_boxes_fall_back_to_the_image():
    found = _distorted(3, area_range=(0.01, 0.02), min_object_covered=1.0, max_attempts=2)
    assert (found == (0, 0, 60, 90)).all()
    whole = I.sample_distorted_bounding_box(
        (60, 90, 3), np.zeros((1, 0, 4), np.float32), use_image_if_no_bounding_boxes=True
    )
    assert whole.begin.dtype == tf.int32
    assert whole.bboxes.shape == (1, 1, 4)
    with pytest.raises(ValueError, match="use_image_if_no_bounding_boxes"):
        I.sample_distorted_bounding_box((60, 90, 3), np.zeros((1, 0, 4), np.float32))


def test_distorted_boxes_differ_from_call_to_call_and_slice():
    image = tf.zeros((60, 90, 3))
    found = [I.sample_distorted_bounding_box(tf.shape(image), OBJECTS) for _ in range(5)]
    assert len({f.bboxes.numpy().tobytes() for f in found}) > 2
    part = tf.slice(image, found[0].begin, found[0].size)
    assert part.shape == (*found[0].size.numpy()[:2], 3)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"area_range": (0.1, 2.0)}, "area_range"),
        ({"area_range": (0.5, 0.1)}, "area_range"),
        ({"aspect_ratio_range": (0.0, 1.0)}, "aspect_ratio_range"),
        ({"max_attempts": 0}, "max_attempts"),
        ({"min_object_covered": -0.1}, "min_object_covered"),
    ],
)
def test_refusals_of_distorted_boxes(options, text):
    with pytest.raises(ValueError, match=rf"\[sample_distorted_bounding_box\].*{text}"):
        I.sample_distorted_bounding_box((60, 90, 3), OBJECTS, **options)


def test_glimpses_have_noise_beyond_the_edges():
    x = np.stack([X[0] * 10, X[1] * 0 + 5])
    inside = I.extract_glimpse(x, (40, 50), [[0.0, 0.0]] * 2, noise="zero").numpy()
    outside = inside == 0
    for noise in ("uniform", "gaussian"):
        got = I.extract_glimpse(x, (40, 50), [[0.0, 0.0]] * 2, noise=noise).numpy()
        np.testing.assert_array_equal(got[~outside], inside[~outside])
        assert (got[1] == 5).all()
        assert x[0].min() <= got[0].min()
        assert got[0].max() <= x[0].max() + 1e-5
        assert abs(got[0].mean() - x[0].mean()) < 0.3
    one, other = (I.extract_glimpse(x, (9, 9), [[0.0, 0.0]] * 2).numpy() for _ in range(2))
    assert (one != other).any()
