"""Loops over data sets in compiled functions: each body is a program."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras

Dataset = tf.data.Dataset


def numbers(*values):
    return Dataset.from_tensor_slices(np.array(values or (1.0, 2.0, 3.0, 4.0), "float32"))


class Traces:
    """Counts how often Python runs through a place."""

    def __init__(self):
        self.count = 0

    def __call__(self):
        self.count += 1


def test_a_step_is_traced_once_and_not_run_in_python():
    traces, total = Traces(), tf.Variable(0.0)

    @tf.function
    def train(data, scale):
        for x in data:
            traces()
            total.assign_add(x * scale)
        return total + 0.0

    assert float(train(numbers(), tf.constant(1.0))) == 10.0
    assert float(train(numbers(5.0, 6.0), tf.constant(2.0))) == 32.0
    # The program of the body serves other data sets.
    assert traces.count == 1


def test_what_is_read_around_the_loop_is_an_argument():
    @tf.function
    def scaled(data, scales):
        total = tf.constant(0.0)
        for x in data:
            total += x * scales["a"] + scales["b"][0]
        return total

    for a, b in ((1.0, 0.0), (2.0, 1.0)):
        given = {"a": tf.constant(a), "b": [tf.constant(b)]}
        assert float(scaled(numbers(), given)) == 10.0 * a + 4.0 * b


def test_numbers_and_names_that_the_loop_first_assigns():
    traces = Traces()

    @tf.function
    def f(data):
        total, count = 0, 0
        for x in data:
            traces()
            total += x
            count += 1
            last = x * 2.0
        return total, count, last

    total, count, last = f(numbers())
    assert (float(total), int(count), float(last)) == (10.0, 4, 8.0)
    assert total.dtype == last.dtype == tf.float32
    assert count.dtype == tf.int32
    assert traces.count == 2  # to find the dtypes, and for the program
    f(numbers(1.0))
    assert traces.count == 2
    with pytest.raises(UnboundLocalError, match="last"):
        f(numbers().take(0))


def test_break_continue_and_else():
    @tf.function
    def f(data):
        seen = 0.0
        for x in data:
            if x == 2.0:
                continue
            if x > 3.5:
                break
            seen += x
        return seen

    assert float(f(numbers(1.0, 2.0, 3.0, 4.0, 5.0))) == 4.0
    iterator = iter(numbers(1.0, 2.0, 4.0, 7.0))
    assert float(f(iterator)) == 1.0
    assert float(next(iterator)) == 7.0


def test_return_in_a_loop():
    @tf.function
    def first_above(data, limit):
        for x in data:
            if x > limit:
                return x
        return tf.constant(-1.0)

    @tf.function
    def maybe(data, limit):
        for x in data:
            if x > limit:
                return x

    assert float(first_above(numbers(), tf.constant(2.5))) == 3.0
    assert float(first_above(numbers(), tf.constant(9.0))) == -1.0
    assert float(maybe(numbers(), tf.constant(2.5))) == 3.0
    assert maybe(numbers(), tf.constant(9.0)) is None


def test_a_known_return_and_python_conditions():
    @tf.function
    def f(data, early):
        for x in data:
            if early:
                return x
        return -x

    assert float(f(numbers(), True)) == 1.0
    assert float(f(numbers(), False)) == -4.0


def test_training_by_hand_with_a_model_built_in_the_loop():
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).normal(size=(32, 3)).astype("float32")
    data = Dataset.from_tensor_slices((x, x.sum(1, keepdims=True))).batch(8)
    model, optimizer = keras.Sequential([keras.layers.Dense(1)]), keras.optimizers.SGD(0.1)
    traces = Traces()

    def step(inputs, targets):
        traces()
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(inputs) - targets))
        weights = model.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return loss

    @tf.function
    def train(batches, epochs):
        losses = tf.TensorArray(tf.float32, size=epochs)
        for epoch in tf.range(epochs):
            total = 0.0
            for inputs, targets in batches:
                total += step(inputs, targets)
            losses = losses.write(epoch, total)
        return losses.stack()

    losses = train(data, 12).numpy()
    assert losses[-1] < losses[0] / 100
    assert int(optimizer.iterations) == 48
    assert traces.count <= 4


def test_batches_of_other_sizes_and_nested_elements():
    traces = Traces()

    @tf.function
    def f(data):
        total = tf.constant(0.0)
        for batch in data:
            traces()
            total += tf.reduce_sum(batch["x"]) + tf.reduce_sum(batch["y"][0])
        return total

    data = Dataset.from_tensor_slices({"x": np.ones(5, "float32"), "y": (np.ones(5, "float32"),)})
    assert float(f(data.batch(2))) == 10.0
    assert traces.count == 2
    assert float(f(data.batch(2, drop_remainder=True))) == 8.0
    assert traces.count == 2


def test_enumerate_and_zip():
    @tf.function
    def f(one, two):
        total = tf.constant(0.0)
        for i, (a, b) in enumerate(zip(one, two)):
            total += tf.cast(i, tf.float32) * a * b
        return total

    assert float(f(numbers(), numbers(1.0, 10.0, 100.0))) == 1 * 2 * 10 + 2 * 3 * 100


def test_a_loop_in_a_loop_and_in_a_called_function():
    def inner(data, x):
        total = tf.constant(0.0)
        for y in data:
            total += x * y
        return total

    @tf.function
    def f(one, two):
        total = tf.constant(0.0)
        for x in one:
            for y in two:
                total += x * y
            total += inner(two, x)
        return total

    assert float(f(numbers(1.0, 2.0), numbers(3.0, 4.0))) == 2 * 3 * 7.0


def test_words_and_ragged_elements():
    @tf.function
    def count(data):
        total = tf.constant(0)
        for words in data:
            total += tf.reduce_sum(tf.strings.length(words))
        return total

    assert int(count(Dataset.from_tensor_slices([["a", "bcd"], ["ef", ""]]))) == 6

    @tf.function
    def longest(data):
        most = tf.constant(0, tf.int64)
        for rows in data:
            most = tf.maximum(most, tf.reduce_max(rows.row_lengths()))
        return most

    ragged = tf.ragged.constant([[1], [2, 3, 4], [5]])
    assert int(longest(Dataset.from_tensor_slices(ragged).batch(2))) == 3


def test_a_list_that_the_loop_fills_is_filled():
    @tf.function
    def f(data):
        found = []
        for x in data:
            found.append(x * 2.0)
        return found

    assert [float(x) for x in f(numbers())] == [2.0, 4.0, 6.0, 8.0]


def test_attributes_that_the_loop_assigns():
    class Sum:
        def __init__(self):
            self.value = tf.constant(0.0)

        @tf.function
        def add(self, data):
            for x in data:
                self.value += x
            return self.value

    total = Sum()
    assert float(total.add(numbers())) == 10.0
    assert float(total.value) == 10.0


def test_functions_defined_around_the_loop_are_those_of_the_call():
    traces = Traces()

    @tf.function
    def f(data, scale):
        offset = scale + 1.0

        def scaled(x):
            traces()
            return x * scale + offset

        total = tf.constant(0.0)
        for x in data:
            total += scaled(x)
        return total

    assert float(f(numbers(), tf.constant(1.0))) == 10.0 + 4 * 2.0
    assert float(f(numbers(), tf.constant(2.0))) == 20.0 + 4 * 3.0
    assert traces.count == 1


def test_gradients_flow_through_the_loop():
    weight = tf.Variable(2.0)

    @tf.function
    def slope(data):
        with tf.GradientTape() as tape:
            total = tf.constant(0.0)
            for x in data:
                total += weight * weight * x
        return tape.gradient(total, weight)

    assert float(slope(numbers())) == 40.0


def test_an_error_in_a_step_leaves_names_as_they_were():
    @tf.function
    def f(data):
        for x in data:
            tf.ensure_shape(x, (3,))

    with pytest.raises(ValueError, match="ensure_shape"):
        f(numbers())
    with pytest.raises(TypeError, match="got Dataset"):
        tf.function(f.python_function, jit_compile=True)(numbers())


def test_nothing_of_a_loop_is_kept_alive():
    @tf.function
    def f(data, scale):
        total = tf.constant(0.0)
        for x in data:
            total += x * scale
        return total

    scale = tf.constant(np.ones(4, "float32"))
    array = weakref.ref(scale.array)
    f(numbers(), scale)
    del scale
    gc.collect()
    assert array() is None
