"""Draws of `keras.random`: laws, dtypes, symbolic calls, gradients, errors."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import thalweg as tf

R = tf.keras.random
N = 20_000

LAWS = {
    "normal": (lambda n: R.normal((n,), 2.0, 3.0, seed=1), stats.norm(2, 3)),
    "uniform": (lambda n: R.uniform((n,), -1.0, 3.0, seed=1), stats.uniform(-1, 4)),
    "truncated_normal": (lambda n: R.truncated_normal((n,), seed=1), stats.truncnorm(-2, 2)),
    "gamma": (lambda n: R.gamma((n,), 1.5, seed=1), stats.gamma(1.5)),
    "beta": (lambda n: R.beta((n,), 0.5, 2.0, seed=1), stats.beta(0.5, 2.0)),
    "beta_large": (lambda n: R.beta((n,), 900.0, 300.0, seed=1), stats.beta(900.0, 300.0)),
}


@pytest.mark.parametrize("name", LAWS)
def test_law(name):
    drawn, law = LAWS[name]
    assert stats.kstest(np.asarray(drawn(N), np.float64), law.cdf).pvalue > 1e-3


def test_beta_of_tiny_parameters_sits_at_both_ends():
    drawn = R.beta((N,), 1e-3, 3e-3, seed=1).numpy()
    assert not np.isnan(drawn).any()
    np.testing.assert_allclose((drawn > 0.5).mean(), 0.25, atol=0.02)


def test_randint_counts():
    drawn = R.randint((N,), -2, 4, seed=1).numpy()
    assert drawn.dtype == np.int32
    assert stats.chisquare(np.bincount(drawn + 2, minlength=6)).pvalue > 1e-3
    assert R.randint((3,), 0, 200, dtype="uint8").dtype == "uint8"


def test_binomial_moments():
    drawn = R.binomial((N,), 10, 0.3, seed=1).numpy()
    assert drawn.dtype == np.float32
    np.testing.assert_allclose([drawn.mean(), drawn.var()], [3.0, 2.1], rtol=0.05)
    assert (
        R.binomial((2, 3), [1.0, 2.0, 3.0], 1.0, dtype="int32").numpy().tolist() == [[1, 2, 3]] * 2
    )


def test_categorical_frequencies():
    drawn = R.categorical(tf.math.log([[0.2, 0.3, 0.5], [1.0, 1e-9, 1e-9]]), N, seed=1).numpy()
    assert (drawn.shape, drawn.dtype) == ((2, N), np.int32)
    np.testing.assert_allclose(np.bincount(drawn[0]) / N, [0.2, 0.3, 0.5], atol=0.02)
    assert (drawn[1] == 0).all()
    assert R.categorical(np.ones((2, 3), np.int32), 4, dtype="uint8").dtype == "uint8"


@pytest.mark.parametrize(
    "draw",
    [
        R.normal,
        R.uniform,
        R.truncated_normal,
        lambda shape, **given: R.gamma(shape, 2.0, **given),
        lambda shape, **given: R.beta(shape, 2.0, 1.0, **given),
        lambda shape, **given: R.binomial(shape, 4, 0.5, **given),
    ],
    ids=["normal", "uniform", "truncated_normal", "gamma", "beta", "binomial"],
)
def test_dtype_and_seed(draw):
    assert draw((2, 3)).dtype == "float32"
    assert draw((2, 3), dtype="bfloat16").dtype == "bfloat16"
    np.testing.assert_array_equal(draw((2, 3), seed=5), draw((2, 3), seed=5))


def test_no_seed_differs():
    assert (R.normal((4,)).numpy() != R.normal((4,)).numpy()).all()


def test_parameters_of_other_dtypes_are_cast():
    drawn = R.normal((2, 3), mean=np.arange(3), stddev=tf.zeros((3,), tf.float64))
    np.testing.assert_array_equal(drawn, [[0.0, 1.0, 2.0]] * 2)
    assert drawn.dtype == "float32"


def test_gradients_reach_the_parameters():
    mean, shape = tf.Variable(2.0), tf.Variable(2.0)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(R.normal((5,), mean=mean)) + tf.reduce_sum(R.beta((5,), shape, 1.0))
    one, other = tape.gradient(total, [mean, shape])
    assert float(one) == 5.0
    assert float(other) > 0.0


def test_symbolic_parameters_make_one_node():
    logits = tf.keras.KerasTensor((None, 3))
    drawn = R.categorical(logits, 4)
    assert (drawn.shape, drawn.dtype) == ((None, 4), "int32")
    assert drawn.node.parents == [logits]
    assert R.normal((2, 3), mean=tf.keras.KerasTensor((3,))).shape == (2, 3)


def test_sizes_of_symbolic_tensors_are_sizes():
    x = tf.keras.Input((3,))
    drawn = R.normal((tf.shape(x)[0], 2))
    assert drawn.shape == (None, 2)
    assert R.uniform(tf.shape(x)).shape == (None, 3)
    model = tf.keras.Model(x, drawn)
    one, other = (model(np.ones((5, 3), np.float32)).numpy() for _ in range(2))
    assert one.shape == (5, 2)
    assert (one != other).all()


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: R.uniform((2,), dtype="int32"), r"\[random.uniform\] expected a floating dtype"),
        (lambda: R.normal((2,), dtype="int32"), r"\[random.normal\] expected a floating dtype"),
        (lambda: R.randint((2,), 0, 5, dtype="float32"), r"\[random.randint\] expected an integer"),
        (lambda: R.randint((2,), 5, 5), "minval < maxval"),
        (lambda: R.categorical([0.0, 1.0], 2), "logits"),
        (lambda: R.normal(3), r"write \[3\]"),
    ],
    ids=["uniform", "normal", "randint", "empty", "logits", "shape"],
)
def test_errors(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
