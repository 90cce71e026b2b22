"""A variational autoencoder: digits become points of a plane, and every point of the plane a digit.

The encoder tells where a digit lies and how sure it is, a sample of that is decoded, and the Kullback-
Leibler divergence keeps the points close together, so that the way between two digits is full of digits.
Left, the plane decoded on a grid; right, where the test digits lie in it. The baseline predicts each pixel
from that pixel alone.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
SAMPLES, TESTS, EPOCHS = (256, 64, 1) if SMOKE else (8000, 2000, 20)
GRID = 16


def build_encoder():
    """Image to the mean and the logarithm of the variance of its place, both (batch, 2)."""
    image = keras.Input((28, 28, 1))
    x = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu")(image)
    x = layers.Conv2D(32, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Dense(64, activation="relu")(layers.Flatten()(x))
    return keras.Model(image, [layers.Dense(2)(x), layers.Dense(2)(x)], name="encoder")


def build_decoder():
    """Place (batch, 2) to an image."""
    return keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(64, activation="relu"),
            layers.Dense(7 * 7 * 32, activation="relu"),
            layers.Reshape((7, 7, 32)),
            layers.Conv2DTranspose(16, 4, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="sigmoid"),
        ],
        name="decoder",
    )


def cross_entropy(images, decoded):
    """Nats that an image needs beyond what its decoded twin tells, (batch,)."""
    return tf.reduce_sum(keras.losses.binary_crossentropy(images, decoded), axis=(1, 2))


class VAE(keras.Model):
    """Learns encoder and decoder together."""

    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
        self.noise = keras.random.SeedGenerator(1)
        self.reconstruction = keras.metrics.Mean(name="reconstruction")
        self.divergence = keras.metrics.Mean(name="divergence")

    @property
    def metrics(self):
        return [self.reconstruction, self.divergence]

    def losses_of(self, images):
        """Both parts of the loss, in nats an image."""
        mean, log_variance = self.encoder(images)
        noise = keras.random.normal(tf.shape(mean), seed=self.noise)
        decoded = self.decoder(mean + tf.exp(0.5 * log_variance) * noise)
        divergence = 0.5 * tf.reduce_sum(mean**2 + tf.exp(log_variance) - 1 - log_variance, axis=1)
        reconstruction = cross_entropy(images, decoded)
        self.reconstruction.update_state(reconstruction)
        self.divergence.update_state(divergence)
        return tf.reduce_mean(reconstruction + divergence)

    def train_step(self, images):
        with tf.GradientTape() as tape:
            loss = self.losses_of(images)
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
        return {metric.name: metric.result() for metric in self.metrics}

    def test_step(self, images):
        self.losses_of(images)
        return {metric.name: metric.result() for metric in self.metrics}


def draw(model, images, labels):
    """The plane as digits, and the test digits as points."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 4), layout="constrained")
    steps = np.linspace(-2, 2, GRID)
    places = np.stack(np.meshgrid(steps, steps[::-1]), axis=-1).reshape(-1, 2)
    tiles = model.decoder.predict(places, verbose=0).reshape(GRID, GRID, 28, 28)
    left.imshow(tiles.transpose(0, 2, 1, 3).reshape(GRID * 28, -1), cmap="gray_r", extent=(-2, 2, -2, 2))
    means, _ = model.encoder.predict(images, verbose=0)
    points = right.scatter(*means.T, c=labels, cmap="tab10", s=5, vmin=-0.5, vmax=9.5)
    right.set(xlim=(-3.5, 3.5), ylim=(-3.5, 3.5), aspect="equal")
    figure.colorbar(points, ticks=range(10), shrink=0.75)
    figure.savefig("vae.png", dpi=100)


keras.utils.set_random_seed(0)
(x_train, _), (x_test, y_test) = keras.datasets.mnist.load_data(sample=True)
x_train, x_test = (x[..., np.newaxis].astype("float32") / 255 for x in (x_train[:SAMPLES], x_test[:TESTS]))

vae = VAE(build_encoder(), build_decoder())
vae.compile(keras.optimizers.Adam(0.002))
vae.fit(x_train, epochs=EPOCHS, batch_size=128, verbose=2)
parts = vae.evaluate(x_test, return_dict=True, verbose=0)
draw(vae, x_test, y_test[:TESTS])
average = np.broadcast_to(x_train.mean(axis=0), x_test.shape)
baseline = float(tf.reduce_mean(cross_entropy(x_test, average)))
print(f"result: test loss in nats {sum(parts.values()):.1f} < baseline {baseline:.1f}")
