"""Seeds and streams: what repeats, what differs, in every life of a draw."""

from __future__ import annotations

import threading

import jax
import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.tensor import Tensor
from thalweg._src.random import global_generator, keys


def after(seed, body):
    tf.random.set_seed(seed)
    return body()


def draws(count=3, **kwargs):
    return [float(tf.random.normal([], **kwargs)) for _ in range(count)]


def test_a_program_repeats_after_set_seed():
    assert after(1, draws) == after(1, draws)
    assert after(1, draws) != after(2, draws)
    assert len(set(after(1, draws))) == 3


def test_seeded_draws_are_streams_of_their_own():
    plain = after(1, draws)
    tf.random.set_seed(1)
    mixed = [float(tf.random.normal([])), *draws(2, seed=5)]
    mixed += [float(tf.random.normal([])), float(tf.random.normal([]))]
    assert [mixed[0], *mixed[3:]] == plain
    assert after(1, lambda: draws(2, seed=5)) == mixed[1:3]
    assert after(1, lambda: draws(2, seed=6)) != mixed[1:3]
    assert after(2, lambda: draws(2, seed=5)) != mixed[1:3]


def test_ops_with_one_seed_do_not_share_words():
    tf.random.set_seed(1)
    one = tf.random.uniform((100,), seed=3).numpy()
    other = tf.random.truncated_normal((100,), seed=3).numpy()
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.5


@pytest.mark.parametrize("seed", [0, -3, 2**70, np.int64(5), 1.5, "word"])
def test_any_seed_will_do(seed):
    assert after(seed, draws) == after(seed, draws)


def test_a_compiled_function_draws_afresh_and_set_seed_restarts_it():
    @tf.function
    def draw():
        return tf.random.normal([2]), tf.random.normal([2], seed=4)

    def three():
        return [np.concatenate([p.numpy() for p in draw()]).tolist() for _ in range(3)]

    one, other = after(3, three), after(3, three)
    assert one == other
    assert len({tuple(x) for x in one}) == 3


def test_compiled_and_eager_draws_go_on_from_each_other():
    eager = after(4, draws)
    compiled = tf.function(lambda: tf.random.normal([]))
    tf.random.set_seed(4)
    mixed = [float(tf.random.normal([])), float(compiled()), float(tf.random.normal([]))]
    np.testing.assert_allclose(mixed, eager, rtol=1e-6)


def test_set_seed_inside_a_function_fixes_each_call():
    @tf.function
    def draw():
        tf.random.set_seed(9)
        return tf.random.normal([2])

    tf.random.normal([])
    assert draw().numpy().tolist() == draw().numpy().tolist()


def test_a_draw_in_a_foreign_trace_leaks_nothing():
    tf.random.set_seed(2)
    first = float(jax.jit(lambda: tf.random.normal([]).array)())
    second = float(tf.random.normal([]))
    np.testing.assert_allclose([first, second], after(2, draws)[:2], rtol=1e-6)


def test_threads_draw_different_numbers():
    tf.random.set_seed(5)
    found: list[list[float]] = []

    def work():
        found.append([float(tf.random.normal([])) for _ in range(50)])

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len({x for part in found for x in part}) == 200


def test_element_scope_keys_draws_by_element_and_site():
    def program(key):
        with global_generator.drawing_from(global_generator.ElementScope(Tensor(key))):
            return tf.random.normal([2]).array, tf.random.normal([2]).array

    pipeline = np.array([1, 2], np.uint32)
    elements = np.stack([keys.element_key(pipeline, 0, i) for i in range(4)])
    one, other = (np.asarray(x) for x in jax.vmap(program)(elements))
    assert len({tuple(x) for x in np.concatenate([one, other])}) == 8
    np.testing.assert_allclose(program(elements[2])[1], other[2], rtol=1e-6)


def test_element_scope_leaves_the_global_stream_alone():
    tf.random.set_seed(6)
    scope = global_generator.ElementScope(tf.constant([1, 2], tf.uint32))
    with global_generator.drawing_from(scope):
        a, b = tf.random.normal([], seed=1), tf.random.normal([], seed=2)
    assert float(a) != float(b)
    assert draws() == after(6, draws)
