"""A network that obeys a differential equation: heat spreads in a rod, learned from the law alone.

The rod is warm in two places at the start and cold at its ends; nothing is measured in between. The loss
asks that u_t = D u_xx holds wherever it is tried, with derivatives that two nested tapes take of the
network. The baseline is the same network that learns the start and the ends, without the law.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
STEPS = 10 if SMOKE else 3000
DIFFUSION = 0.05
POINTS = 400


def solution(x, t):
    """The temperature as it truly is: each wave along the rod fades at its own speed."""
    return sum(
        height * np.sin(k * np.pi * x) * np.exp(-DIFFUSION * (k * np.pi) ** 2 * t)
        for k, height in ((1, 1.0), (3, -0.6))
    ).astype("float32")


def build_network():
    """Place from 0 to 1 and time from 0 to 1 to the temperature there and then."""
    place, time = keras.Input((1,)), keras.Input((1,))
    u = layers.Concatenate()([place, time])
    for _ in range(3):
        u = layers.Dense(32, activation="tanh")(u)
    return keras.Model([place, time], layers.Dense(1)(u))


def residual(network, x, t):
    """By how much the law is broken: u_t - D u_xx, (points, 1)."""
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape(persistent=True) as inner:
            inner.watch([x, t])
            u = network([x, t])
        u_x = inner.gradient(u, x)
    return inner.gradient(u, t) - DIFFUSION * outer.gradient(u_x, x)


def known(x, t):
    """Where the temperature is known, with it: at the start everywhere, at the ends always."""
    places = np.concatenate([x, np.zeros_like(t), np.ones_like(t)])
    times = np.concatenate([np.zeros_like(x), t, t])
    return places, times, solution(places, times)


def train(physics):
    """A network; with the law, or without it."""
    network = build_network()
    schedule = keras.optimizers.schedules.CosineDecay(0.005, STEPS)
    optimizer = keras.optimizers.Adam(schedule)
    places, times, values = map(tf.constant, known(*np.random.default_rng(0).random((2, 100, 1), "float32")))

    @tf.function
    def train_step():
        x, t = tf.random.uniform((POINTS, 1)), tf.random.uniform((POINTS, 1))
        with tf.GradientTape() as tape:
            data = tf.reduce_mean((network([places, times]) - values) ** 2)
            law = tf.reduce_mean(residual(network, x, t) ** 2) if physics else tf.constant(0.0)
            loss = 10 * data + law
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
        return data, law

    for step in range(STEPS):
        data, law = train_step()
        if step % 500 == 0:
            print(f"step {step}: known values {data:.2e}, law {law:.2e}")
    return network


def draw(learned, uninformed, truth, steps):
    """Temperature over place and time, thrice."""
    figure, axes = plt.subplots(1, 3, figsize=(8, 3), layout="constrained", sharey=True)
    titles = ("the law is known", "the truth", "the start and ends alone")
    levels = np.linspace(-0.2, 1.6, 19)
    for axis, field, title in zip(axes, (learned, truth, uninformed), titles, strict=True):
        image = axis.contourf(steps, steps, field, levels, extend="both", cmap="inferno")
        axis.contour(steps, steps, field, levels[4::2], colors="w", linewidths=0.5)
        axis.set(xlabel="place", title=title)
    axes[0].set_ylabel("time")
    figure.colorbar(image, label="temperature")
    figure.savefig("physics_informed.png", dpi=100)


keras.utils.set_random_seed(0)
grid = np.linspace(0, 1, 60, dtype="float32")
x, t = (part.reshape(-1, 1) for part in np.meshgrid(grid, grid))
truth = solution(x, t)
fields, errors = [], []
for physics in (True, False):
    print("with the law" if physics else "without the law")
    field = train(physics).predict([x, t], batch_size=len(x), verbose=0)
    fields.append(field.reshape(60, 60))
    errors.append(np.linalg.norm(field - truth) / np.linalg.norm(truth))
draw(*fields, truth.reshape(60, 60), grid)
print(f"result: relative error {errors[0]:.4f} < baseline {errors[1]:.4f}")
