"""Initializers: exact ones, limits and moments of random ones, seeds, configs, lookup, errors."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

I = tf.keras.initializers  # noqa: E741 short for a table
TRUNCATED = 2 / 0.87962566103423978

#: name, options, shape, largest magnitude (None: unbounded), standard deviation
RANDOM = [
    ("RandomNormal", {}, (200, 100), None, 0.05),
    ("RandomNormal", {"mean": 1.0, "stddev": 0.5}, (200, 100), None, 0.5),
    ("RandomUniform", {}, (200, 100), 0.05, 0.1 / 12**0.5),
    ("TruncatedNormal", {}, (200, 100), 0.1, 0.05 * 0.87962566),
    ("GlorotUniform", {}, (200, 100), (6 / 300) ** 0.5, (2 / 300) ** 0.5),
    ("GlorotUniform", {}, (3, 3, 40, 80), (6 / 1080) ** 0.5, (2 / 1080) ** 0.5),
    ("GlorotUniform", {}, (5000,), (6 / 10000) ** 0.5, (2 / 10000) ** 0.5),
    ("GlorotNormal", {}, (200, 100), TRUNCATED * (2 / 300) ** 0.5, (2 / 300) ** 0.5),
    ("HeUniform", {}, (200, 100), (6 / 200) ** 0.5, (2 / 200) ** 0.5),
    ("HeNormal", {}, (200, 100), TRUNCATED * (2 / 200) ** 0.5, (2 / 200) ** 0.5),
    ("LecunUniform", {}, (200, 100), (3 / 200) ** 0.5, (1 / 200) ** 0.5),
    ("LecunNormal", {}, (200, 100), TRUNCATED * (1 / 200) ** 0.5, (1 / 200) ** 0.5),
    ("VarianceScaling", {"scale": 2.0, "mode": "fan_out"}, (200, 100), None, (2 / 100) ** 0.5),
    (
        "VarianceScaling",
        {"distribution": "untruncated_normal", "input_axes": [1], "output_axes": [0]},
        (200, 100),
        None,
        (1 / 100) ** 0.5,
    ),
    ("Orthogonal", {"gain": 2.0}, (100, 100), None, 2 / 10),
]
each_random = pytest.mark.parametrize(
    ("name", "options", "shape", "limit", "deviation"),
    RANDOM,
    ids=[f"{n}-{'-'.join(map(str, o.values()))}-{s}" for n, o, s, *_ in RANDOM],
)


@each_random
def test_random_values_have_the_right_spread(name, options, shape, limit, deviation):
    values = getattr(I, name)(seed=1, **options)(shape).numpy()
    assert values.dtype == np.float32
    assert values.shape == shape
    assert values.std() == pytest.approx(deviation, rel=0.04)
    if limit is not None:
        assert limit * 0.97 <= np.abs(values).max() <= limit * 1.000001


@each_random
def test_a_seed_says_it_all(name, options, shape, limit, deviation):
    cls = getattr(I, name)
    one, two = cls(seed=5, **options), cls(seed=6, **options)
    first = one(shape).numpy()
    np.testing.assert_array_equal(first, one(shape).numpy())
    np.testing.assert_array_equal(first, cls(seed=5, **options)(shape).numpy())
    assert np.any(first != two(shape).numpy())


@each_random
def test_config_makes_an_equal_initializer(name, options, shape, limit, deviation):
    initializer = getattr(I, name)(seed=3, **options)
    again = I.deserialize(I.serialize(initializer))
    assert again.get_config() == initializer.get_config()
    assert initializer.clone().get_config() == initializer.get_config()
    np.testing.assert_array_equal(initializer(shape).numpy(), again(shape).numpy())


def test_without_a_seed_each_initializer_draws_its_own():
    one, two = I.RandomNormal(), I.RandomNormal()
    assert np.any(one((3,)).numpy() != two((3,)).numpy())
    np.testing.assert_array_equal(one((3,)).numpy(), one((3,)).numpy())


def test_the_global_seed_fixes_those_without_one():
    def draw():
        tf.keras.utils.set_random_seed(11)
        return I.GlorotUniform()((4,)).numpy()

    np.testing.assert_array_equal(draw(), draw())


def test_a_draw_in_a_program_keeps_no_tracer():
    initializer = I.GlorotUniform()
    traced = tf.function(lambda: initializer((2, 2)))()
    np.testing.assert_array_equal(traced.numpy(), initializer((2, 2)).numpy())


def test_exact_values():
    assert I.Zeros()((2,)).numpy().tolist() == [0.0, 0.0]
    assert I.Ones()((2,), dtype="int32").numpy().tolist() == [1, 1]
    assert I.Constant(3.5)((2, 1)).numpy().tolist() == [[3.5], [3.5]]
    assert I.Constant([1.0, 2.0])((2, 2)).numpy().tolist() == [[1.0, 2.0], [1.0, 2.0]]
    assert I.Identity(gain=2.0)((2, 3)).numpy().tolist() == [[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]]


@pytest.mark.parametrize("shape", [(6, 4), (4, 6), (2, 3, 4)])
def test_orthogonal(shape):
    matrix = I.Orthogonal(seed=1)(shape).numpy().reshape(-1, shape[-1])
    small = matrix.T @ matrix if matrix.shape[0] >= matrix.shape[1] else matrix @ matrix.T
    np.testing.assert_allclose(small, np.eye(len(small)), atol=1e-6)


@pytest.mark.parametrize(
    ("name", "cls"),
    [
        ("glorot_uniform", "GlorotUniform"),
        ("he_normal", "HeNormal"),
        ("zeros", "Zeros"),
        ("normal", "RandomNormal"),
    ],
)
def test_names(name, cls):
    assert type(I.get(name)).__name__ == cls


def test_names_in_snake_case_are_the_classes():
    assert I.glorot_uniform is I.GlorotUniform
    assert I.orthogonal is I.OrthogonalInitializer


def test_numbers_and_functions_and_none():
    assert I.get(None) is None
    assert I.get(2.0)((2,)).numpy().tolist() == [2.0, 2.0]

    def own(shape, dtype=None):
        return tf.ones(shape)

    assert I.get(own) is own


def test_unknown_name_suggests_the_nearest():
    with pytest.raises(ValueError, match="no initializer is called 'glorot'. Did you mean 'glorot"):
        I.get("glorot")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: I.VarianceScaling(scale=-1.0), "expected a positive scale"),
        (lambda: I.VarianceScaling(mode="fan"), "expected mode fan_in, fan_out or fan_avg"),
        (lambda: I.VarianceScaling(distribution="cauchy"), "expected distribution"),
        (lambda: I.VarianceScaling(input_axes=[0]), "expected both input_axes and output_axes"),
        (lambda: I.Identity()((2, 2, 2)), "expected a shape of two sizes"),
        (lambda: I.Orthogonal()((2,)), "expected a shape of at least two sizes"),
    ],
)
def test_bad_settings(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_bad_seed():
    with pytest.raises(TypeError, match="expected an int as seed, a SeedGenerator or None, got 'one'"):
        I.RandomNormal(seed="one")


# recorded from Keras 3.15: first column but one of a kernel of shape (6, 1, 4)
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [0, 0.12616, -0.33028, -0.66056, -0.12616, 0]),
        ({"side": "imag"}, [0, -0.21851, -0.57206, 0, 0.21851, 0]),
        ({"scaling": "spectrum"}, [0, 0.0691, -0.1809, -0.3618, -0.0691, 0]),
        ({"scaling": None, "periodic": True}, [0, 0.125, -0.375, -1, -0.375, 0.125]),
        (
            {"scaling": None, "window": "hamming"},
            [0.08, 0.19893, -0.45607, -0.91215, -0.19893, 0.04],
        ),
        ({"window": None}, [1, 0.5, -0.5, -1, -0.5, 0.5]),
        ({"window": [1, 2, 3, 4, 5, 6], "scaling": None}, [1, 1, -1.5, -4, -2.5, 3]),
    ],
    ids=str,
)
def test_kernels_of_short_time_fourier_transforms(options, expected):
    initializer = I.STFT(**options)
    kernel = initializer((6, 1, 4)).numpy()
    assert (kernel.shape, kernel.dtype) == ((6, 1, 4), np.float32)
    np.testing.assert_allclose(kernel[:, 0, 1], expected, atol=1e-5)
    again = I.deserialize(I.serialize(initializer))
    np.testing.assert_array_equal(again((6, 1, 4)).numpy(), kernel)


def test_windows_with_parameters():
    kernel = I.STFT(window=("kaiser", 3.0), scaling=None)((5, 1, 1), "float64").numpy()
    np.testing.assert_allclose(kernel[:, 0, 0], np.kaiser(5, 3.0), rtol=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: I.STFT("both"), "expected side 'real' or 'imag', got 'both'"),
        (lambda: I.STFT(scaling="power"), "expected scaling 'density', 'spectrum' or None"),
        (
            lambda: I.STFT(window=[1.0, 2.0])((6, 1, 4)),
            r"expected a window of shape \(6,\), got \(2,\)",
        ),
        (lambda: I.STFT()((6, 2, 4)), r"expected a shape \(frame_length, 1, frequencies\)"),
    ],
)
def test_bad_transforms(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("name", ["RandomNormal", "TruncatedNormal", "HeUniform", "Orthogonal"])
def test_a_generator_of_seeds_gives_other_values_each_time(name):
    initializer = getattr(I, name)(seed=tf.keras.random.SeedGenerator(3))
    first, second = initializer((4, 4)).numpy(), initializer((4, 4)).numpy()
    assert np.any(first != second)
    again = I.deserialize(I.serialize(initializer))
    np.testing.assert_array_equal(again((4, 4)).numpy(), first)
