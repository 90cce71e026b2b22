"""Second order: Newton's steps by Hessian-vector products, without ever writing down the Hessian.

A tape inside a tape gives the product of the Hessian and a vector for about the price of two gradients.
Conjugate gradients solve Newton's equation with such products alone; power iteration finds the direction in
which the loss bends most. The baseline is gradient descent that takes as many gradients, with the longest
steps that this bend allows.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow import keras

SMOKE = "--smoke" in sys.argv
SAMPLES, NEWTON_STEPS, PRODUCTS, POWERS = (64, 2, 3, 3) if SMOKE else (1500, 8, 25, 40)
PENALTY = 1e-3


def load_pairs():
    """Images (samples, 784) of fours and nines, and whether each is a nine, (samples,)."""
    (images, labels), _ = keras.datasets.mnist.load_data(sample=True)
    chosen = np.flatnonzero((labels == 4) | (labels == 9))[:SAMPLES]
    x = images[chosen].reshape(-1, 28 * 28).astype("float32") / 255
    return tf.constant(x), tf.constant((labels[chosen] == 9).astype("float32"))


def loss_of(weights):
    """The loss of logistic regression, in nats, with a penalty on large weights."""
    logits = tf.linalg.matvec(x, weights)
    surprise = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits)
    return tf.reduce_mean(surprise) + 0.5 * PENALTY * tf.reduce_sum(weights**2)


@tf.function
def loss_and_gradient(weights):
    """The loss at the weights, and its gradient."""
    with tf.GradientTape() as tape:
        tape.watch(weights)
        loss = loss_of(weights)
    return loss, tape.gradient(loss, weights)


@tf.function
def hessian_times(weights, vector):
    """The Hessian at the weights times a vector: the gradient of the gradient's part along the vector."""
    with tf.GradientTape() as outer:
        outer.watch(weights)
        with tf.GradientTape() as inner:
            inner.watch(weights)
            loss = loss_of(weights)
        slope = tf.tensordot(inner.gradient(loss, weights), vector, 1)
    return outer.gradient(slope, weights)


def newton_direction(weights, gradient):
    """An approximate solution p of Hessian p = -gradient, by conjugate gradients."""
    solution, rest = tf.zeros_like(gradient), -gradient
    direction, length = rest, tf.tensordot(rest, rest, 1)
    for _ in range(PRODUCTS):
        bent = hessian_times(weights, direction)
        step = length / tf.tensordot(direction, bent, 1)
        solution += step * direction
        rest -= step * bent
        length, before = tf.tensordot(rest, rest, 1), length
        direction = rest + length / before * direction
    return solution


def newton():
    """Weights after Newton's steps; gradients paid and loss before each step, and after the last."""
    weights, course = tf.zeros(28 * 28), []
    for step in range(NEWTON_STEPS + 1):
        loss, gradient = loss_and_gradient(weights)
        course.append((step * (1 + 2 * PRODUCTS), float(loss)))
        print(f"Newton step {step}: loss {loss:.6f}, gradient's length {tf.norm(gradient):.1e}")
        if step < NEWTON_STEPS:
            weights += newton_direction(weights, gradient)
    return weights, course


def descent(steps, rate):
    """Loss before each step down the gradient, and after the last."""
    weights, course = tf.zeros(28 * 28), []
    for step in range(steps + 1):
        loss, gradient = loss_and_gradient(weights)
        course.append((step, float(loss)))
        weights -= rate * gradient
    return course


def most_bent():
    """The Hessian's largest eigenvalue at zero weights, and its eigenvector, by power iteration."""
    weights, vector = tf.zeros(28 * 28), tf.ones(28 * 28) / 28
    for _ in range(POWERS):
        product = hessian_times(weights, vector)
        bend = tf.norm(product)
        vector = product / bend
    return float(bend), vector


def draw(course, baseline, weights, vector):
    """Loss by gradients paid, and two directions in the space of the weights, as images."""
    figure, axes = plt.subplots(1, 3, figsize=(9, 3.2), layout="constrained", width_ratios=(1.4, 1, 1))
    axes[0].semilogy(*np.transpose(baseline), label="gradient descent")
    axes[0].semilogy(*np.transpose(course), "o-", label="Newton")
    axes[0].set(xlabel="gradients paid", ylabel="loss")
    axes[0].legend()
    images = {"weights: 4 or 9?": weights, "most bent direction": vector}
    for axis, (title, image) in zip(axes[1:], images.items(), strict=True):
        image = image.numpy().reshape(28, 28)
        limit = np.abs(image).max()
        axis.imshow(image, cmap="RdBu_r", vmin=-limit, vmax=limit)
        axis.set(xticks=[], yticks=[], title=title)
    figure.savefig("second_order.png", dpi=90)


x, y = load_pairs()
bend, vector = most_bent()
print(f"largest eigenvalue of the Hessian: {bend:.2f}")
weights, course = newton()
# A sigmoid bends most at zero, so that at no weights the loss bends more: steps up to 2 / bend go down.
baseline = descent(course[-1][0], 1.9 / (bend + PENALTY))
draw(course, baseline, weights, vector)
print(f"result: loss {course[-1][1]:.4f} < baseline {baseline[-1][1]:.4f}")
