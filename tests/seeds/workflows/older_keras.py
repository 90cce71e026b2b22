"""Ways of Keras 2 that programs still go: `tf.keras`, its backend, added losses, several optimizers."""

import numpy as np

import thalweg as tf
from thalweg.keras import backend as K

rng = np.random.default_rng(9)
ring = rng.normal(size=(256, 2)).astype("float32")
ring /= np.linalg.norm(ring, axis=1, keepdims=True)


# A loss and a metric written with the backend; a loss that a layer adds; weights by hand.
class Bounded(tf.keras.layers.Layer):
    """Hands its inputs on and asks them to be small."""

    def __init__(self, rate=0.01, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate

    def call(self, inputs):
        self.add_loss(self.rate * tf.reduce_sum(tf.square(inputs)))
        return inputs


def root_mean_square(y_true, y_pred):
    return K.sqrt(K.mean(K.square(y_pred - y_true), axis=-1) + K.epsilon())


def largest_error(y_true, y_pred):
    return K.max(K.abs(y_true - y_pred), axis=-1)


inputs = tf.keras.layers.Input(shape=(2,))
code = Bounded(name="code")(tf.keras.layers.Dense(1, activation="tanh")(inputs))
angle = tf.keras.Model(inputs, tf.keras.layers.Dense(2)(code))
angle.compile(
    optimizer=tf.keras.optimizers.Adam(0.02), loss=root_mean_square, metrics=[largest_error]
)
weights = angle.get_weights()
print([weight.shape for weight in weights], angle.layers[1].get_weights()[0].shape)
# prints:
# [(2, 1), (1,), (1, 2), (2,)] (2, 1)
history = angle.fit(ring, ring, epochs=4, verbose=0).history
print(sorted(history), len(angle.losses))
# prints:
# ['largest_error', 'loss'] 1
assert history["loss"][-1] < history["loss"][0]
angle.set_weights(weights)
codes = tf.keras.Model(angle.input, angle.get_layer("code").output).predict(ring, verbose=0)
total = angle.evaluate(ring, ring, batch_size=256, verbose=0)[0]
errors = np.sqrt(np.square(angle.predict(ring, verbose=0) - ring).mean(-1) + 1e-7)
np.testing.assert_allclose(total, errors.mean() + 0.01 * np.square(codes).sum(), rtol=1e-4)

K.set_value(angle.optimizer.learning_rate, 0.005)
print(f"{K.get_value(angle.optimizer.learning_rate):.3f} {K.int_shape(angle.output)} {K.floatx()}")
# prints:
# 0.005 (None, 2) float32


# A loss as a class, as another step sees it; state that is set back between epochs.
class Weighted(tf.keras.losses.Loss):
    def __init__(self, weight=2.0, name="weighted"):
        super().__init__(name=name)
        self.weight = weight

    def call(self, y_true, y_pred):
        return self.weight * tf.reduce_mean(tf.square(y_true - y_pred), axis=-1)


twice = Weighted()(tf.ones((4, 2)), tf.zeros((4, 2)))
seen = tf.keras.metrics.Mean(name="seen")
for batch in (ring[:128], ring[128:]):
    seen.update_state(tf.reduce_sum(tf.square(batch), axis=-1))
print(f"{twice:.1f} {seen.result():.1f} {seen.count.numpy():.0f}")
seen.reset_state()
print(f"{seen.result():.1f}")
# prints:
# 2.0 1.0 256
# 0.0


# Two nets and two optimizers in one model, which is fitted to inputs alone.
class Forger(tf.keras.Model):
    """Learns to make points that a judge takes for true ones."""

    def __init__(self, maker, judge, size):
        super().__init__()
        self.maker, self.judge, self.size = maker, judge, size
        self.judged = tf.keras.metrics.Mean(name="judged")
        self.made = tf.keras.metrics.Mean(name="made")

    def compile(self, maker_optimizer, judge_optimizer, loss):
        super().compile()
        self.maker_optimizer, self.judge_optimizer = maker_optimizer, judge_optimizer
        self.loss_of = loss

    @property
    def metrics(self):
        return [self.judged, self.made]

    def train_step(self, true):
        count = tf.shape(true)[0]
        false = self.maker(tf.random.normal((count, self.size)))
        points = tf.concat([false, true], axis=0)
        labels = tf.concat([tf.ones((count, 1)), tf.zeros((count, 1))], axis=0)
        labels += 0.05 * tf.random.uniform(tf.shape(labels))
        with tf.GradientTape() as tape:
            judged = self.loss_of(labels, self.judge(points))
        gradients = tape.gradient(judged, self.judge.trainable_weights)
        self.judge_optimizer.apply_gradients(zip(gradients, self.judge.trainable_weights))
        with tf.GradientTape() as tape:
            made = self.maker(tf.random.normal((count, self.size)))
            fooled = self.loss_of(tf.zeros((count, 1)), self.judge(made))
        gradients = tape.gradient(fooled, self.maker.trainable_weights)
        self.maker_optimizer.apply_gradients(zip(gradients, self.maker.trainable_weights))
        self.judged.update_state(judged)
        self.made.update_state(fooled)
        return {"judged": self.judged.result(), "made": self.made.result()}


maker = tf.keras.Sequential([tf.keras.Input((3,)), tf.keras.layers.Dense(2)])
judge = tf.keras.Sequential(
    [tf.keras.Input((2,)), tf.keras.layers.Dense(8, activation="relu"), tf.keras.layers.Dense(1)]
)
forger = Forger(maker, judge, size=3)
forger.compile(
    maker_optimizer=tf.keras.optimizers.Adam(0.01),
    judge_optimizer=tf.keras.optimizers.Adam(0.01),
    loss=tf.keras.losses.BinaryCrossentropy(from_logits=True),
)
before = [net.get_weights()[0].copy() for net in (maker, judge)]
history = forger.fit(ring, epochs=2, batch_size=64, verbose=0).history
print(
    sorted(history), int(forger.maker_optimizer.iterations), int(forger.judge_optimizer.iterations)
)
# prints:
# ['judged', 'made'] 8 8
for net, first in zip((maker, judge), before):
    assert np.abs(net.get_weights()[0] - first).max() > 1e-3

# An input that excites a unit, by steps up its gradient.
excited = tf.keras.Model(judge.inputs, judge.layers[0].output)


@tf.function
def climb(point, unit, rate):
    with tf.GradientTape() as tape:
        tape.watch(point)
        height = tf.reduce_mean(excited(point)[:, unit])
    slope = tf.math.l2_normalize(tape.gradient(height, point))
    return point + rate * slope, height


point, heights = tf.constant(ring[:1]), []
unit = int(np.argmax(excited(point)[0]))
for _ in range(5):
    point, height = climb(point, unit, 0.5)
    heights.append(float(height))
assert heights == sorted(heights)
print(point.shape)
# prints:
# (1, 2)
