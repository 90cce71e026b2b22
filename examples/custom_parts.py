"""Own parts: a layer, a metric, a callback, and at last an own training loop instead of `fit`.

The layer gathers features by the largest of several linear pieces, and so learns its own activation; the
metric weighs rare digits as much as frequent ones; the callback writes down the loss of every batch. The
loop at the end does by hand what `fit` does: a tape, the optimizer, the metric, and `tf.function` around a
step.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
SAMPLES, TESTS, EPOCHS = (256, 128, 1) if SMOKE else (8000, 2000, 8)


class Maxout(layers.Layer):
    """The largest of several linear functions of the inputs, for each unit."""

    def __init__(self, units, pieces=3, **kwargs):
        super().__init__(**kwargs)
        self.units, self.pieces = units, pieces

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units * self.pieces), name="kernel")
        self.bias = self.add_weight(shape=(self.units * self.pieces,), initializer="zeros", name="bias")

    def call(self, inputs):
        linear = tf.matmul(inputs, self.kernel) + self.bias
        return tf.reduce_max(tf.reshape(linear, (-1, self.units, self.pieces)), axis=-1)

    def get_config(self):
        return {**super().get_config(), "units": self.units, "pieces": self.pieces}


class MacroF1(keras.metrics.Metric):
    """The mean over classes of F1, the harmonic mean of precision and recall."""

    def __init__(self, classes=10, name="macro_f1", **kwargs):
        super().__init__(name=name, **kwargs)
        self.classes = classes
        self.counts = self.add_weight(shape=(classes, classes), initializer="zeros", name="counts")

    def update_state(self, y_true, y_pred, sample_weight=None):
        truth = tf.one_hot(tf.cast(tf.reshape(y_true, [-1]), "int32"), self.classes)
        guess = tf.one_hot(tf.argmax(y_pred, axis=-1), self.classes)
        self.counts.assign_add(tf.matmul(truth, guess, transpose_a=True))

    def by_class(self):
        right = tf.linalg.diag_part(self.counts)
        told_or_true = tf.reduce_sum(self.counts, axis=0) + tf.reduce_sum(self.counts, axis=1)
        return tf.math.divide_no_nan(2 * right, told_or_true)

    def result(self):
        return tf.reduce_mean(self.by_class())


class BatchLosses(keras.callbacks.Callback):
    """Keeps the loss of each batch; `fit` itself keeps only means of epochs."""

    def on_train_begin(self, logs=None):
        self.losses, self.before, self.batches = [], 0.0, 0

    def on_epoch_begin(self, epoch, logs=None):
        self.before, self.batches = 0.0, 0

    def on_train_batch_end(self, batch, logs=None):
        # The logs hold the mean loss since the epoch began.
        self.batches += 1
        total = logs["loss"] * self.batches
        self.losses.append(total - self.before)
        self.before = total


def build_model():
    """Image (784,) to ten probabilities."""
    return keras.Sequential(
        [keras.Input((28 * 28,)), Maxout(64), layers.Dropout(0.3), layers.Dense(10, activation="softmax")]
    )


def train_by_hand(model, data):
    """Trains as `fit` does; returns the loss of each batch."""
    optimizer, metric, losses = keras.optimizers.Adam(), MacroF1(), []
    loss_function = keras.losses.SparseCategoricalCrossentropy()

    @tf.function
    def train_step(images, labels):
        with tf.GradientTape() as tape:
            probabilities = model(images, training=True)
            loss = loss_function(labels, probabilities)
        gradients = tape.gradient(loss, model.trainable_weights)
        optimizer.apply_gradients(zip(gradients, model.trainable_weights, strict=True))
        metric.update_state(labels, probabilities)
        return loss

    for epoch in range(EPOCHS):
        metric.reset_state()
        for images, labels in data:
            losses.append(float(train_step(images, labels)))
        print(f"own loop, epoch {epoch + 1}: macro F1 {float(metric.result()):.3f}")
    return losses


def score(model):
    """F1 of each class (10,) on the test digits."""
    metric = MacroF1()
    metric.update_state(y_test, model.predict(x_test, verbose=0))
    return metric.by_class().numpy()


keras.utils.set_random_seed(0)
(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data(sample=True)
x_train, y_train, x_test, y_test = x_train[:SAMPLES], y_train[:SAMPLES], x_test[:TESTS], y_test[:TESTS]
x_train, x_test = (x.reshape(-1, 28 * 28).astype("float32") / 255 for x in (x_train, x_test))

fitted, by_hand = build_model(), build_model()
by_hand.set_weights(fitted.get_weights())
callback = BatchLosses()
fitted.compile("adam", "sparse_categorical_crossentropy", metrics=[MacroF1()])
fitted.fit(x_train, y_train, batch_size=64, epochs=EPOCHS, callbacks=[callback], verbose=2)

data = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(SAMPLES, seed=0).batch(64)
losses = train_by_hand(by_hand, data)

figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.4), layout="constrained")
scores = {}
for side, (name, model, course) in enumerate(
    (("fit and callback", fitted, callback.losses), ("own loop", by_hand, losses))
):
    scores[name] = score(model)
    smooth = np.convolve(course, np.ones(25) / 25, mode="valid")
    left.semilogy(smooth, lw=1, label=name)
    right.bar(np.arange(10) + 0.4 * side - 0.2, scores[name], width=0.4)
    print(f"{name}: macro F1 {scores[name].mean():.3f}")
left.set(xlabel="batch", ylabel="loss, mean of 25 batches")
left.legend()
lowest = min(f1.min() for f1 in scores.values())
right.set(xticks=range(10), xlabel="digit", ylabel="test F1", ylim=(max(0, lowest - 0.05), 1))
figure.savefig("custom_parts.png", dpi=100)

most_frequent = MacroF1()
most_frequent.update_state(y_test, np.eye(10)[[np.bincount(y_train).argmax()] * len(y_test)])
baseline = float(most_frequent.result())
print(f"result: test macro F1 of the own loop {scores['own loop'].mean():.3f} > baseline {baseline:.3f}")
