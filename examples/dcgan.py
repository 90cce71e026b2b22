"""A generative adversarial network: one network forges digits, another tells them from real ones.

Both learn in an overridden `train_step`, so that `fit`, callbacks and metrics work as ever. The result is
the Fréchet distance between real and forged digits, as a small classifier sees them; the baseline draws
each pixel from the values that this pixel has in real digits.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
SAMPLES, EPOCHS = (256, 1) if SMOKE else (8000, 14)
LATENT = 32


def build_discriminator():
    """Image (28, 28, 1) to the logit that it is real."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(24, 4, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Conv2D(48, 4, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(1),
        ],
        name="discriminator",
    )


def build_generator():
    """Noise (LATENT,) to an image (28, 28, 1)."""
    return keras.Sequential(
        [
            keras.Input((LATENT,)),
            layers.Dense(7 * 7 * 48, use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Reshape((7, 7, 48)),
            layers.Conv2DTranspose(24, 4, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="sigmoid"),
        ],
        name="generator",
    )


class GAN(keras.Model):
    """Forger and detective."""

    def __init__(self, discriminator, generator):
        super().__init__()
        self.discriminator, self.generator = discriminator, generator
        self.noise = keras.random.SeedGenerator(1)
        self.d_loss = keras.metrics.Mean(name="d_loss")
        self.g_loss = keras.metrics.Mean(name="g_loss")

    def compile(self, d_optimizer, g_optimizer):
        super().compile()
        self.d_optimizer, self.g_optimizer = d_optimizer, g_optimizer
        self.loss_of = keras.losses.BinaryCrossentropy(from_logits=True)

    @property
    def metrics(self):
        return [self.d_loss, self.g_loss]

    def train_step(self, real):
        count = tf.shape(real)[0]
        noise = keras.random.normal((count, LATENT), seed=self.noise)
        ones, zeros = tf.ones((count, 1)), tf.zeros((count, 1))
        with tf.GradientTape() as d_tape, tf.GradientTape() as g_tape:
            forged = self.generator(noise, training=True)
            of_real = self.discriminator(real, training=True)
            of_forged = self.discriminator(forged, training=True)
            # Never quite sure of the real ones, the detective leaves the forger a slope to learn from.
            d_loss = self.loss_of(0.9 * ones, of_real) + self.loss_of(zeros, of_forged)
            g_loss = self.loss_of(ones, of_forged)
        for tape, loss, network, optimizer in (
            (d_tape, d_loss, self.discriminator, self.d_optimizer),
            (g_tape, g_loss, self.generator, self.g_optimizer),
        ):
            gradients = tape.gradient(loss, network.trainable_weights)
            optimizer.apply_gradients(zip(gradients, network.trainable_weights, strict=True))
        self.d_loss.update_state(d_loss)
        self.g_loss.update_state(g_loss)
        return {metric.name: metric.result() for metric in self.metrics}


class Album(keras.callbacks.Callback):
    """Keeps what the generator makes of the same noise after each epoch."""

    def __init__(self, noise):
        super().__init__()
        self.noise, self.pages = noise, []

    def on_epoch_end(self, epoch, logs=None):
        self.pages.append(self.model.generator.predict(self.noise, verbose=0)[..., 0])


def build_judge(images, labels):
    """Image to 32 features, by which a classifier of real digits tells them apart."""
    features = keras.Sequential([layers.Flatten(), layers.Dense(32, activation="relu")])
    judge = keras.Sequential([keras.Input((28, 28, 1)), features, layers.Dense(10, activation="softmax")])
    judge.compile("adam", "sparse_categorical_crossentropy")
    judge.fit(images, labels, batch_size=64, epochs=min(EPOCHS, 5), verbose=0)
    return features


def frechet_distance(a, b):
    """How far two clouds of features lie apart, each taken as normally distributed."""
    spreads = [np.cov(features, rowvar=False) for features in (a, b)]
    # The trace of the root of a product of two covariances is the sum of the roots of its eigenvalues.
    shared = np.sqrt(np.abs(np.linalg.eigvals(spreads[0] @ spreads[1]))).sum()
    return np.sum((a.mean(axis=0) - b.mean(axis=0)) ** 2) + np.trace(spreads[0] + spreads[1]) - 2 * shared


keras.utils.set_random_seed(0)
(x_train, y_train), (x_test, _) = keras.datasets.mnist.load_data(sample=True)
x_train, x_test = (x[..., np.newaxis].astype("float32") / 255 for x in (x_train[:SAMPLES], x_test[:SAMPLES]))

gan = GAN(build_discriminator(), build_generator())
gan.compile(keras.optimizers.Adam(0.001, beta_1=0.5), keras.optimizers.Adam(0.001, beta_1=0.5))
random = np.random.default_rng(0)
noise = random.normal(size=(len(x_test), LATENT)).astype("float32")
album = Album(noise[:12])
gan.fit(x_train, epochs=EPOCHS, batch_size=64, callbacks=[album], verbose=2)

pages = np.array(album.pages)[np.unique(np.linspace(0, EPOCHS - 1, 5).astype(int))]
figure, axis = plt.subplots(figsize=(8, 8 * len(pages) / 12 + 0.5), layout="constrained")
axis.imshow(pages.transpose(0, 2, 1, 3).reshape(len(pages) * 28, -1), cmap="gray")
axis.set(xticks=[], yticks=[], title="the same noise, from the first epoch to the last")
figure.savefig("dcgan.png", dpi=100)

judge = build_judge(x_train, y_train[:SAMPLES])
forged = gan.generator.predict(noise, verbose=0)
drawn = random.permuted(x_train, axis=0)[: len(x_test)]
truth, *others = (judge.predict(images, verbose=0) for images in (x_test, forged, drawn))
distance, baseline = (frechet_distance(truth, features) for features in others)
print(f"result: Fréchet distance {distance:.2f} < baseline {baseline:.2f}")
