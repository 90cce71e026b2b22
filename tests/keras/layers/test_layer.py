"""Layer: built just in time, tracks what it is given, and says where an error happened."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers


class Scale(layers.Layer):
    def build(self, input_shape):
        self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="factor")

    def call(self, inputs):
        return inputs * self.factor


def test_build_sees_the_shape_once():
    seen = []

    class Seen(layers.Layer):
        def build(self, input_shape):
            seen.append(input_shape)

        def call(self, inputs):
            return inputs

    layer = Seen()
    layer(tf.ones((2, 3)))
    layer(tf.ones((5, 3)))
    assert seen == [(2, 3)]


def test_arrays_are_converted_and_cast():
    result = Scale()(np.ones((2, 3)))
    assert isinstance(result, tf.Tensor)
    assert result.dtype == tf.float32


def test_weights_of_attributes_lists_and_sublayers_are_tracked():
    class Block(layers.Layer):
        def __init__(self):
            super().__init__()
            self.many = [Scale(), Scale()]
            self.free = tf.Variable(1.0)
            self.still = tf.Variable(1.0, trainable=False)

        def call(self, inputs):
            for layer in self.many:
                inputs = layer(inputs)
            return inputs * self.free

    block = Block()
    block(tf.ones((1, 2)))
    assert len(block.weights) == 4
    assert len(block.trainable_weights) == 3
    block.trainable = False
    assert block.trainable_weights == []
    assert len(block.non_trainable_weights) == 4


def test_drawing_infers_the_shape_and_keeps_the_unknown_batch():
    drawn = Scale()(keras.Input((3,)))
    assert drawn.shape == (None, 3)
    assert drawn.dtype == "float32"


def test_training_is_handed_down():
    seen = []

    class Inner(layers.Layer):
        def call(self, inputs, training=False):
            seen.append(training)
            return inputs

    class Outer(layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = Inner()

        def call(self, inputs):
            return self.inner(inputs)

    outer = Outer()
    outer(tf.ones(1))
    outer(tf.ones(1), training=True)
    outer(tf.ones(1))
    assert seen == [False, True, False]


def test_set_weights_checks_before_it_changes():
    layer = layers.Dense(2)
    layer.build((None, 3))
    before = layer.get_weights()
    with pytest.raises(ValueError, match=r"expected shape \(2,\) for 'bias', got \(5,\)"):
        layer.set_weights([np.zeros((3, 2)), np.zeros(5)])
    with pytest.raises(ValueError, match="expected 2 arrays, got 1"):
        layer.set_weights([np.zeros((3, 2))])
    np.testing.assert_array_equal(layer.get_weights()[0], before[0])


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: layers.Dense(0), ValueError, r"\[Dense\] expected units as a positive int, got 0"),
        (
            lambda: layers.Dense(2, activatoin="relu"),
            ValueError,
            r"unknown arguments \['activatoin'\]",
        ),
        (lambda: layers.Dense(2, activation="rleu"), ValueError, "Did you mean 'relu'"),
        (lambda: layers.Dense(2, kernel_initializer="zeroes"), ValueError, "Did you mean 'zeros'"),
        (lambda: layers.Dense(2, name="a/b"), ValueError, "expected a name without '/'"),
        (lambda: layers.Dense(2)(keras.Input((None,))), ValueError, "known last size"),
        (lambda: layers.Dense(2)([[1.0, 2.0]]), ValueError, "got a Python list; convert it"),
        (
            lambda: layers.Dense(2)([tf.ones((1, 2))] * 2),
            ValueError,
            "expected a tensor with a known",
        ),
        (lambda: layers.Dropout(1.5), ValueError, r"expected rate in \[0, 1\]"),
        (lambda: layers.Layer()(tf.ones(1)), NotImplementedError, "define call"),
        (lambda: layers.Dense(2).count_params(), ValueError, "expected a built layer"),
        (lambda: keras.Input(3), TypeError, r"write \(3,\)"),
    ],
)
def test_misuse_is_refused(act, error, message):
    with pytest.raises(error, match=message):
        act()


def test_a_forgotten_super_call_is_named():
    class Forgot(layers.Layer):
        def __init__(self):
            self.units = 3

    with pytest.raises(RuntimeError, match=r"call super\(\).__init__\(\) at the start"):
        Forgot()


def test_errors_name_the_layer():
    layer = layers.Dense(2, name="head")
    layer(tf.ones((1, 3)))
    with pytest.raises(ValueError, match=r"\[Dense 'head'\] expected inputs whose last size is 3"):
        layer(tf.ones((1, 4)))


def test_config_is_made_from_the_constructor():
    layer = layers.Dense(2, activation="relu", name="head")
    config = layer.get_config()
    assert config["units"] == 2
    again = layers.Dense.from_config(config)
    assert again.name == "head"
    assert again.activation is layer.activation


def test_added_losses_join_the_loss():
    class Penalty(layers.Layer):
        def call(self, inputs):
            self.add_loss(tf.reduce_sum(inputs) * 0.0 + 5.0)
            return inputs

    model = keras.Sequential([Penalty()])
    model.compile("sgd", "mse")
    assert model.evaluate(np.ones((4, 1)), np.ones((4, 1)), verbose=0) == pytest.approx(5.0)


def test_losses_are_those_of_the_latest_call():
    class Switch(layers.Layer):
        def __init__(self):
            super().__init__()
            self.left, self.right = (layers.Activation("relu", activity_regularizer="l2") for _ in "ab")

        def call(self, inputs, left=True):
            return self.left(inputs) if left else self.right(inputs)

    switch, ones = Switch(), tf.ones((1, 2))
    outer = keras.Sequential([switch])
    for _ in range(2):
        switch(ones)
        assert [float(x) for x in switch.losses] == pytest.approx([0.02])
    switch(ones * 2, left=False)
    assert [float(x) for x in switch.losses] == pytest.approx([0.08])
    assert switch.left.losses  # its own latest call was an earlier one
    switch.left(ones * 3)
    assert len(switch.losses) == 2
    outer(ones * 4)
    assert [float(x) for x in outer.losses] == pytest.approx([0.32])
    outer.add_loss(tf.constant(1.0))
    assert len(outer.losses) == 2
    outer(ones)
    assert [float(x) for x in outer.losses] == pytest.approx([0.02])


def test_regularizers_join_the_loss():
    model = keras.Sequential(
        [layers.Dense(1, use_bias=False, kernel_regularizer="l2", kernel_initializer="ones")]
    )
    model.compile("sgd", "mse")
    x = np.zeros((4, 3), "float32")
    assert model.evaluate(x, np.zeros((4, 1)), verbose=0) == pytest.approx(0.03)


@pytest.mark.parametrize("kind", [layers.ReLU, layers.Add, layers.LayerNormalization, layers.Flatten])
def test_every_layer_takes_an_activity_regularizer_by_name(kind):
    layer = kind(activity_regularizer="l1")
    ones = np.ones((2, 3), "float32")
    outputs = layer([ones, ones] if kind is layers.Add else ones)
    assert float(layer.losses[0]) == pytest.approx(0.01 * np.abs(outputs.numpy()).sum() / 2)
    assert isinstance(layer.activity_regularizer, keras.regularizers.L1)


@pytest.mark.parametrize("dtype", [np.int32, np.int64, np.uint8, np.bool_])
def test_integers_are_cast_where_a_layer_computes_in_floats(dtype):
    ones = layers.Dense(2, kernel_initializer="ones")(np.ones((1, 3), dtype))
    assert ones.dtype == tf.float32
    assert ones.numpy().tolist() == [[3.0, 3.0]]
    images = np.asarray([1, 0, 1, 1]).astype(dtype).reshape(1, 2, 2, 1)
    assert layers.GlobalAveragePooling2D()(images).numpy().tolist() == [[0.75]]


def test_a_layer_built_by_hand_is_built():
    layer = layers.Dense(2, name="by_hand")
    layer.build((None, 3))
    layer(tf.ones((1, 3)))
    assert [w.path for w in layer.weights] == ["by_hand/kernel", "by_hand/bias"]


def test_metrics_of_several_values_are_logged_as_arrays():
    model = keras.Sequential([layers.Dense(3, activation="softmax")])
    model.compile("sgd", "categorical_crossentropy", metrics=[keras.metrics.F1Score()])
    history = model.fit(np.ones((6, 2)), np.eye(3)[[0, 1, 2, 0, 1, 2]], verbose=1)
    assert history.history["f1_score"][0].shape == (3,)


def test_freezing_one_weight_keeps_the_order_of_weights():
    layer = layers.Dense(2)
    layer(np.ones((1, 3), "float32"))
    before = [w.name for w in layer.weights]
    layer.kernel.trainable = False
    assert [w.name for w in layer.weights] == before
    assert [w.name for w in layer.trainable_weights] == ["bias"]


def test_a_class_says_that_it_passes_masks_on():
    class Passing(layers.Layer):
        supports_masking = True

        def call(self, x):
            return x * 2.0

    assert Passing().supports_masking


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_shapes_are_inferred_in_the_compute_dtype(policy):
    layer = layers.Dense(3, dtype=policy)
    layer.build((None, 2))
    assert layer.compute_output_shape((None, 2)) == (None, 3)
    spec = layer.compute_output_spec(keras.KerasTensor((None, 2), policy.removeprefix("mixed_")))
    assert (spec.shape, spec.dtype) == ((None, 3), policy.removeprefix("mixed_"))


def test_constants_may_index_a_dimension_whose_size_is_unknown():
    class Neighbours(layers.Layer):
        def call(self, inputs):
            return tf.math.segment_sum(tf.gather(inputs, [1, 150, 0]), [0, 0, 1])

    nodes = keras.Input((2,))
    sums = Neighbours()(nodes)
    assert sums.shape == (2, 2)
    x = np.arange(400, dtype="float32").reshape(200, 2)
    np.testing.assert_array_equal(keras.Model(nodes, sums)(x), [x[1] + x[150], x[0]])
