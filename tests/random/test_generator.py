"""`Generator`: TensorFlow's numbers and states, looked up with TensorFlow 2.21 on a CPU."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import thalweg as tf
from thalweg._src.core.symbolic import KerasTensor, evaluate


def from_seed(seed=1, **kwargs):
    return tf.random.Generator.from_seed(seed, **kwargs)


@pytest.mark.parametrize(
    ("draw", "values", "counter"),
    [
        (lambda g: g.uniform_full_int([2]), [6679402142117448868, 684265014234019051], 513),
        (lambda g: g.uniform_full_int([2], tf.int32), [-119223132, 1555169499], 513),
        (lambda g: g.uniform([3]), [0.78749514, 0.3906511, 0.29263055], 769),
        (lambda g: g.uniform([2], dtype=tf.float64), [0.29996144, 0.34104446], 513),
        (lambda g: g.uniform([5], maxval=10, dtype=tf.int32), [4, 9, 3, 3, 3], 1281),
        (lambda g: g.uniform([5], maxval=10, dtype=tf.int64), [8, 1, 9, 9, 1], 1281),
        (lambda g: g.normal([3]), [0.43842274, -0.53439844, -0.07710262], 769),
        (lambda g: g.normal([2], dtype=tf.float64), [1.30477554, -0.84009732], 513),
    ],
)
def test_numbers_are_tensorflows(draw, values, counter):
    g = from_seed()
    np.testing.assert_allclose(draw(g).numpy(), values, rtol=3e-7)
    assert g.state.numpy().tolist() == [counter, 0, 0]


@pytest.mark.parametrize(
    ("seed", "state"),
    [
        (2**40 + 7, [2**40 + 7, 0, 0]),
        (-3, [-3, -1, -1]),
        (2**70, [0, 64, 0]),
        ([1, 2], [0, 1, 2]),
        ([1, 2, 3, 4], [1, 2, 3]),
    ],
)
def test_states_of_seeds_are_tensorflows(seed, state):
    assert from_seed(seed).state.numpy().tolist() == state
    assert tf.random.create_rng_state(seed, "philox").numpy().tolist() == state


def test_split_make_seeds_and_skip_are_tensorflows():
    g = from_seed()
    assert [int(x.key) for x in g.split(2)] == [6679402142117448868, 684265014234019051]
    assert int(g.skip(3).numpy()[0]) == 513
    assert g.state.numpy().tolist() == [1281, 0, 0]
    assert from_seed().make_seeds(2).numpy().tolist() == [
        [6679402142117448868, 684265014234019051],
        [0, 0],
    ]


def test_counter_carries_into_its_high_half():
    g = tf.random.Generator.from_state([-1, 7, 5], alg="philox")
    g.uniform([1])
    assert g.state.numpy().tolist() == [255, 8, 5]


def test_makers_and_resets():
    g = tf.random.Generator.from_key_counter(5, [7, 8], "philox")
    assert g.state.numpy().tolist() == [7, 8, 5]
    assert g.uniform_full_int([2], tf.uint32).numpy().tolist() == [1725609392, 3813847726]
    copy = tf.random.Generator(copy_from=g)
    assert copy.normal([3]).numpy().tolist() == g.normal([3]).numpy().tolist()
    g.reset_from_seed(9)
    assert g.state.numpy().tolist() == [9, 0, 0]
    g.reset_from_key_counter(4, [5, 6])
    assert g.state.numpy().tolist() == [5, 6, 4]
    g.reset([1, 2, 3])
    assert int(g.key) == 3
    fresh = [tf.random.Generator.from_non_deterministic_state().state.numpy() for _ in range(2)]
    assert (fresh[0] != fresh[1]).any()


def test_threefry():
    g = from_seed(alg="threefry")
    assert g.algorithm == 2
    assert g.state.shape == (2,)
    assert stats.kstest(g.normal([20_000]), "norm").pvalue > 1e-3
    assert g.state.numpy().tolist() == [1 + 20_000 * 256, 0]
    g.skip(1)
    assert g.state.numpy().tolist() == [1 + 20_001 * 256, 0]


def test_laws():
    g = from_seed(3)
    assert stats.kstest(g.normal([40_000], 1.0, 2.0), stats.norm(1, 2).cdf).pvalue > 1e-3
    assert stats.kstest(g.uniform([40_000], 2.0, 3.0), stats.uniform(2, 1).cdf).pvalue > 1e-3
    cut = stats.truncnorm(-2, 2)
    assert stats.kstest(g.truncated_normal([40_000]), cut.cdf).pvalue > 1e-3
    drawn = g.binomial([40_000], 10.0, 0.25).numpy()
    assert abs(drawn.mean() - 2.5) < 0.03
    assert abs(drawn.var() - 1.875) < 0.06


def test_a_compiled_function_goes_on_where_the_last_call_stopped():
    g, eager = from_seed(), from_seed()
    draw = tf.function(lambda: g.uniform([3]))
    for _ in range(3):
        assert draw().numpy().tolist() == eager.uniform([3]).numpy().tolist()


def test_symbolic_draws_are_made_anew():
    g = from_seed()
    x = KerasTensor((None,))
    y = g.uniform(tf.shape(x))
    assert y.shape == (None,)
    assert g.state.numpy().tolist() == [1, 0, 0]
    one, other = (evaluate(y, {x.ref(): tf.zeros((2,))}).numpy() for _ in range(2))
    assert one.tolist() == from_seed().uniform([2]).numpy().tolist()
    assert (one != other).any()


def test_global_generator():
    before = tf.random.get_global_generator()
    assert tf.random.get_global_generator() is before
    mine = from_seed()
    tf.random.set_global_generator(mine)
    assert tf.random.experimental.get_global_generator() is mine
    tf.random.set_global_generator(before)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda g: tf.random.Generator(), "expected state and alg"),
        (lambda g: tf.random.Generator(copy_from=g, alg=1), "got both"),
        (lambda g: tf.random.Generator.from_state([1, 2], alg="philox"), "shape (3,), got (2,)"),
        (lambda g: g.reset([1, 2]), "shape (3,), got (2,)"),
        (lambda g: g.normal([2], dtype=tf.int32), "expected dtype float16"),
        (lambda g: g.uniform([2], dtype=tf.int32), "minval and maxval"),
        (lambda g: g.uniform([2], 5, 5, tf.int32), "minval < maxval"),
        (lambda g: g.uniform([2], 0, 5, tf.uint8), "expected dtype"),
        (lambda g: g.uniform_full_int([2], tf.int8), "expected dtype int32 or int64"),
        (lambda g: tf.random.Generator.from_seed(1, alg="x"), "'philox', 'threefry'"),
    ],
)
def test_errors(call, text):
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        call(from_seed())
    assert text in str(caught.value)
