"""`keras.backend` beyond values: Variables, draws, symbolic tensors, compiled functions, refusals."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import thalweg as tf
from tests.keras.backend.table import CUBE, ROWS
from thalweg import keras
from thalweg.keras import backend as K

# What is drawn, assigned or set, which rows cannot tell; and functions of `keras.ops` as they are there.
ELSEWHERE = {
    "backend", "batch_get_value", "batch_set_value", "clear_session", "cos", "dropout", "epsilon",
    "floatx", "get_uid", "get_value", "gradients", "greater_equal", "image_data_format",
    "is_float_dtype", "is_int_dtype", "is_keras_tensor", "is_sparse", "less", "moving_average_update",
    "name_scope", "random_bernoulli", "random_normal", "random_normal_variable", "random_uniform",
    "random_uniform_variable", "result_type", "set_epsilon", "set_floatx", "set_image_data_format",
    "set_value", "sin", "softplus", "softsign", "standardize_dtype", "stop_gradient", "tanh",
    "to_dense", "truncated_normal", "update", "update_add", "update_sub",
}  # fmt: skip


def test_every_function_is_a_row_or_named_here():
    public = {n for n, f in vars(K).items() if inspect.isfunction(f) and not n.startswith("_")}
    rows = {name.split()[0] for name in ROWS}
    assert rows - public == set()
    callables = {n for n in vars(K) if not n.startswith("_")}
    assert callables - rows == ELSEWHERE


def test_values_of_variables():
    v, w = K.variable([1.0, 2.0]), K.ones((2,), dtype="int32")
    K.set_value(v, [3, 4])
    K.batch_set_value([(w, [5.9, 6.0])])
    first, second = K.batch_get_value([v, w])
    np.testing.assert_array_equal(first, np.array([3, 4], "float32"))
    np.testing.assert_array_equal(second, np.array([5, 6], "int32"))
    assert K.get_value("as it is") == "as it is"
    K.update(v, [1.0, 1.0])
    K.update_add(v, [1.0, 2.0])
    K.update_sub(v, [0.0, 1.0])
    K.moving_average_update(v, [4.0, 0.0], 0.5)
    np.testing.assert_allclose(K.get_value(v), [3.0, 1.0])
    assert not K.is_sparse(v)
    assert K.to_dense(v) is v


def test_the_rate_of_an_optimizer_is_set():
    optimizer = keras.optimizers.SGD(0.5)
    K.set_value(optimizer.learning_rate, 0.25)
    assert float(K.get_value(optimizer.learning_rate)) == 0.25


def test_draws():
    keras.utils.set_random_seed(3)
    assert np.abs(K.truncated_normal((200,), stddev=2.0)).max() <= 4.0
    uniform = K.random_uniform((200,), 2.0, 3.0).numpy()
    assert uniform.min() >= 2.0
    assert uniform.max() < 3.0
    ones = K.random_bernoulli((400,), p=0.25).numpy()
    assert set(ones) == {0.0, 1.0}
    assert abs(ones.mean() - 0.25) < 0.1
    assert abs(K.random_normal((400,), mean=5.0).numpy().mean() - 5) < 0.3
    kept = K.dropout(tf.ones((20, 3)), 0.5, noise_shape=(20, 1)).numpy()
    assert set(kept.ravel()) == {0.0, 2.0}
    assert (kept == kept[:, :1]).all()
    np.testing.assert_array_equal(K.random_normal((3,), seed=1), K.random_normal((3,), seed=1))
    started = (K.random_normal_variable((2,), 0.0, 1.0), K.random_uniform_variable((2,), 0.0, 1.0))
    assert all(isinstance(v, tf.Variable) for v in started)


def test_on_symbolic_tensors():
    x = keras.Input((3, 4))
    assert K.int_shape(x) == (None, 3, 4)
    assert K.int_shape(0.5) is None
    y = K.l2_normalize(K.batch_flatten(K.relu(x, alpha=0.1)), axis=-1)
    y = K.concatenate([y, K.cast_to_floatx(K.greater(y, 0.0))])
    model = keras.Model(x, [y, K.batch_dot(x, x, axes=2), K.dot(x, K.constant(np.ones((4, 2))))])
    assert [tuple(o.shape) for o in model.outputs] == [(None, 24), (None, 3, 3), (None, 3, 2)]
    slanted = np.where(CUBE > 0, CUBE, 0.1 * CUBE).reshape(2, 12)
    flat, products, sums = model(CUBE)
    np.testing.assert_allclose(
        flat[:, :12], slanted / np.linalg.norm(slanted, axis=-1, keepdims=True), rtol=1e-5
    )
    np.testing.assert_allclose(products, CUBE @ CUBE.transpose(0, 2, 1), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(sums, CUBE.sum(-1, keepdims=True) * np.ones(2), atol=1e-5)
    with pytest.raises(ValueError, match="known sizes"):
        K.batch_flatten(keras.Input((None, 2)))


def test_losses_and_layers_of_older_programs():
    def loss(y_true, y_pred):
        return K.sqrt(K.mean(K.square(y_pred - y_true), axis=-1) + K.epsilon())

    class Scaled(keras.layers.Layer):
        def build(self, shape):
            self.kernel = self.add_weight(name="kernel", shape=(shape[-1], 2), initializer="ones")

        def call(self, inputs):
            return K.dot(inputs, self.kernel)

    model = keras.Sequential(
        [Scaled(), keras.layers.Lambda(lambda x: K.sum(x, axis=1, keepdims=True))]
    )
    model.compile("sgd", loss)
    x = np.ones((8, 3), "float32")
    history = model.fit(x, np.zeros((8, 1), "float32"), epochs=3, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]


def test_gradients_in_a_compiled_function():
    v = K.variable([1.0, 2.0])

    @tf.function
    def slopes():
        loss = K.sum(K.square(v) + K.stop_gradient([v])[0])
        return K.gradients(loss, [v])

    np.testing.assert_allclose(slopes()[0], [2.0, 4.0])


def test_rnn_in_a_compiled_function_with_constants_and_time_first():
    def step(x, states):
        total = x * states[1] + states[0]
        return total, [total]

    first, half = np.zeros((2, 4), "float32"), np.full((4,), 0.5, "float32")
    run = tf.function(
        lambda x: K.rnn(step, x, [first], constants=[half], time_major=True, input_length=3)
    )
    last, outputs, states = run(CUBE.transpose(1, 0, 2))
    np.testing.assert_allclose(
        outputs, np.cumsum(CUBE * 0.5, 1).transpose(1, 0, 2), rtol=1e-5, atol=1e-6
    )
    np.testing.assert_array_equal(last, outputs[-1])
    np.testing.assert_array_equal(states[0], last)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: K.repeat(CUBE, 2), "repeat_elements"),
        (lambda: K.bias_add(CUBE, np.ones((1, 1, 1, 4))), "rank 1 or 2"),
        (lambda: K.spatial_2d_padding(CUBE), "a pair of numbers for each"),
        (lambda: K.pool2d(np.ones((1, 2, 2, 1)), 2, pool_mode="min"), "'max' or 'avg'"),
        (lambda: K.rnn(None, CUBE, [], input_length=2), "number of steps, 3"),
        (lambda: K.switch(np.ones((2, 2), bool), 1.0, 2.0), "at most 0 axes"),
    ],
    ids=["repeat", "bias_add", "padding", "pool2d", "rnn", "switch"],
)
def test_refusals_say_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
