"""`SeedGenerator`: counts, compiled programs draw fresh numbers, seeds are checked."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.random.global_generator import ElementScope, drawing_from

R = tf.keras.random


def test_state_is_a_variable_that_counts():
    seeds = R.SeedGenerator(7)
    assert isinstance(seeds.state, tf.keras.Variable)
    assert (seeds.state.shape, seeds.state.dtype, seeds.state.trainable) == ((2,), "uint32", False)
    assert seeds.state.name == "seed_generator_state"
    assert seeds.state.path.startswith("seed_generator")
    assert seeds.next().numpy().tolist() == [7, 0]
    assert seeds.next().numpy().tolist() == [7, 1]
    assert seeds.state.numpy().tolist() == [7, 2]


def test_unordered_seeds_differ_and_repeat():
    def drawn():
        seeds = R.SeedGenerator(7)
        return [tuple(seeds.next(ordered=False).numpy().tolist()) for _ in range(3)]

    assert len(set(drawn())) == 3
    assert drawn() == drawn()


def test_config_round_trip():
    config = R.SeedGenerator(7, name="seeds").get_config()
    assert config == {"seed": 7, "name": "seeds"}
    again = R.SeedGenerator.from_config(config)
    assert (again.name, again.state.numpy().tolist()) == ("seeds", [7, 0])
    assert R.SeedGenerator().get_config()["seed"] is None


def test_a_plain_form_for_saved_models():
    config = tf.keras.saving.serialize_keras_object(R.SeedGenerator(7, name="seeds"))
    assert (config["module"], config["class_name"]) == ("keras.random", "SeedGenerator")
    assert tf.keras.saving.deserialize_keras_object(config).get_config()["seed"] == 7


def test_elements_of_a_dataset_decide_their_own_seeds():
    seeds = R.SeedGenerator(7)

    def drawn(element):
        key = tf.constant([1, element], tf.uint32)
        with drawing_from(ElementScope(key)):
            return [R.uniform((3,), seed=seeds).numpy().tolist() for _ in range(2)]

    assert drawn(0) == drawn(0)
    assert len({tuple(x) for x in [*drawn(0), *drawn(1)]}) == 4
    assert seeds.state.numpy().tolist() == [7, 0]


def test_names_count_up():
    tf.keras.utils.clear_session()
    assert [R.SeedGenerator().name for _ in range(2)] == ["seed_generator", "seed_generator_1"]


@pytest.mark.parametrize("seed", [-1, 2**40 + 5, np.int64(3)])
def test_any_integer_is_a_seed(seed):
    assert R.SeedGenerator(seed).next().numpy().tolist() == [int(seed) % 2**32, 0]


@pytest.mark.parametrize("seed", ["a", 1.5, True], ids=str)
def test_other_seeds_are_refused(seed):
    with pytest.raises(ValueError, match=r"\[SeedGenerator\] expected seed as an integer"):
        R.SeedGenerator(seed)
    with pytest.raises(ValueError, match=r"\[random.normal\] expected seed as an integer"):
        R.normal((2,), seed=seed)


def test_without_a_seed_the_global_one_decides():
    def start():
        return R.SeedGenerator().state.numpy().tolist()

    assert start() != start()
    tf.keras.utils.set_random_seed(3)
    first = start()
    tf.keras.utils.set_random_seed(3)
    assert start() == first


def test_integer_seed_is_the_first_seed_of_a_generator():
    seeds = R.SeedGenerator(7)
    first, second = (R.uniform((4,), seed=seeds).numpy() for _ in range(2))
    np.testing.assert_array_equal(first, R.uniform((4,), seed=7))
    assert (first != second).all()


def test_a_compiled_program_moves_the_state_on():
    seeds = R.SeedGenerator(7)

    @tf.function
    def drawn():
        return R.uniform((4,), seed=seeds), R.uniform((4,), seed=seeds)

    calls = np.array([drawn(), drawn()]).reshape(4, 4)
    assert seeds.state.numpy().tolist() == [7, 4]
    eager = R.SeedGenerator(7)
    np.testing.assert_array_equal(calls, [R.uniform((4,), seed=eager) for _ in range(4)])


def test_without_a_seed_a_compiled_program_draws_fresh_numbers():
    drawn = tf.function(lambda: R.uniform((4,)))
    tf.keras.utils.set_random_seed(3)
    first, second = drawn().numpy(), drawn().numpy()
    assert (first != second).all()
    tf.keras.utils.set_random_seed(3)
    np.testing.assert_array_equal(drawn(), first)


def test_symbolic_draws_leave_the_state_alone_until_the_model_runs():
    seeds = R.SeedGenerator(7)
    x = tf.keras.KerasTensor((None, 3))
    y = R.dropout(x, 0.5, seed=seeds)
    assert seeds.state.numpy().tolist() == [7, 0]
    assert (y.shape, y.dtype) == ((None, 3), "float32")


def test_threads_draw_different_seeds():
    seeds, drawn = R.SeedGenerator(7), []
    seeds.next()
    workers = [
        threading.Thread(target=lambda: drawn.extend(seeds.next().numpy()[1] for _ in range(20)))
        for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(drawn) == list(range(1, 81))
