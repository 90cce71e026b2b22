"""A linear classifier from scratch: two variables, a tape, and steps down the gradient.

No layer, no optimizer and no `fit`: the weights are two `tf.Variable`, and each step moves them against the
gradient of the loss. The strip shows how the line turns until it parts the two clouds;
`linear_classifier.gif` shows it moving.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from matplotlib.animation import FuncAnimation

SMOKE = "--smoke" in sys.argv
STEPS = 5 if SMOKE else 60
RATE = 0.1
SAMPLES = 500


def draw_clouds(random):
    """Points (samples, 2) of two long clouds side by side, and the cloud (samples, 1) of each, 0 or 1."""
    spread = [[1, 0.5], [0.5, 1]]
    points = np.vstack([random.multivariate_normal(mean, spread, SAMPLES) for mean in ([0, 3], [3, 0])])
    targets = np.repeat([[0.0], [1.0]], SAMPLES, axis=0)
    order = random.permutation(2 * SAMPLES)
    return points[order].astype("float32"), targets[order].astype("float32")


def model(points):
    """Points to probabilities (samples, 1) of cloud 1."""
    return tf.sigmoid(points @ weights + bias)


def cross_entropy(targets, probabilities):
    """How surprised the model is by the truth, in nats a point."""
    probabilities = tf.clip_by_value(probabilities, 1e-7, 1 - 1e-7)
    surprise = targets * tf.math.log(probabilities) + (1 - targets) * tf.math.log(1 - probabilities)
    return -tf.reduce_mean(surprise)


def train_step(points, targets):
    """Moves the variables once; returns the loss before."""
    with tf.GradientTape() as tape:
        loss = cross_entropy(targets, model(points))
    gradients = tape.gradient(loss, [weights, bias])
    for variable, gradient in zip([weights, bias], gradients, strict=True):
        variable.assign_sub(RATE * gradient)
    return loss


def accuracy(points, targets):
    """The part of the points that lie on their side of the line."""
    return np.mean((model(points).numpy() > 0.5) == targets)


def draw(axis, step, loss, w, b):
    """The clouds and the line on which both are equally likely."""
    axis.clear()
    axis.scatter(*x_test.T, c=y_test[:, 0], s=4, cmap="coolwarm", alpha=0.6)
    across = np.linspace(-4, 7, 2)
    axis.plot(across, -(w[0, 0] * across + b[0]) / w[1, 0], "k", lw=2)
    axis.set(xlim=(-4, 7), ylim=(-4, 7), xticks=[], yticks=[], aspect="equal")
    axis.set_title(f"step {step}, loss {loss:.2f}", size=10)


tf.random.set_seed(0)
points, targets = draw_clouds(np.random.default_rng(0))
half = len(points) // 2
x_train, y_train, x_test, y_test = points[:half], targets[:half], points[half:], targets[half:]

weights = tf.Variable(tf.random.uniform((2, 1), -1, 1))
bias = tf.Variable(tf.zeros(1))
untrained = accuracy(x_test, y_test)
frames = []
for step in range(STEPS):
    w, b = weights.numpy(), bias.numpy()
    loss = float(train_step(x_train, y_train))
    frames.append((step, loss, w, b))
    if step % 10 == 0:
        print(f"step {step}: loss {loss:.3f}")

figure, axes = plt.subplots(1, 5, figsize=(10, 2.3), layout="constrained")
shown = np.unique(np.geomspace(1, STEPS, 5).astype(int)) - 1
for axis, number in zip(axes, shown, strict=False):
    draw(axis, *frames[number])
figure.savefig("linear_classifier.png", dpi=80)

figure, axis = plt.subplots(figsize=(4, 4), layout="constrained")
movie = FuncAnimation(figure, lambda number: draw(axis, *frames[number]), frames=len(frames))
movie.save("linear_classifier.gif", writer="pillow", fps=12, dpi=80)

print(f"result: test accuracy {accuracy(x_test, y_test):.3f} > baseline {untrained:.3f}")
