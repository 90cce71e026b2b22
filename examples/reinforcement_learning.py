"""Reinforcement learning: a network learns to balance a pole on a cart, from falling.

Policy gradient: many carts run at once; an action that was followed by a longer balance than the carts have
on average at that moment becomes more likely. The environment is the classic cart and pole; the baseline
pushes at random.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
CARTS, ROUNDS, LONGEST = (4, 2, 10) if SMOKE else (32, 60, 200)
DISCOUNT = 0.98


class CartPole:
    """Carts on rails, each with a pole; state (carts, 4): place, speed, angle, angular speed."""

    gravity, cart_mass, pole_mass, half_pole, force, seconds = 9.8, 1.0, 0.1, 0.5, 10.0, 0.02

    def __init__(self, carts, random):
        self.state = random.uniform(-0.05, 0.05, (carts, 4)).astype("float32")
        self.stands = np.ones(carts, bool)

    def step(self, right):
        """Pushes each cart right (1) or left (0) for a moment; tells which poles still stand."""
        place, speed, angle, turn = self.state.T
        sine, cosine = np.sin(angle), np.cos(angle)
        mass = self.cart_mass + self.pole_mass
        force = np.where(right, self.force, -self.force)
        push = (force + self.pole_mass * self.half_pole * turn**2 * sine) / mass
        leverage = self.half_pole * (4 / 3 - self.pole_mass * cosine**2 / mass)
        turning = (self.gravity * sine - cosine * push) / leverage
        speeding = push - self.pole_mass * self.half_pole * turning * cosine / mass
        change = np.stack([speed, speeding, turn, turning], axis=1)
        self.state = (self.state + self.seconds * change).astype("float32")
        self.stands &= (np.abs(self.state[:, 0]) < 2.4) & (np.abs(self.state[:, 2]) < np.radians(12))
        return self.stands


def play(probability, random, carts=CARTS):
    """States, actions, and whether the pole still stood before them, (LONGEST, carts, ...)."""
    world = CartPole(carts, random)
    states, actions, counts = [], [], []
    for _ in range(LONGEST):
        right = random.random(carts) < probability(world.state)
        states.append(world.state)
        actions.append(right)
        counts.append(world.stands.copy())
        world.step(right)
    return np.array(states), np.array(actions, "float32"), np.array(counts, "float32")


def advantages_of(counts):
    """How much longer the pole stood after each step than in the other carts at that step, discounted."""
    returns, ahead = np.zeros_like(counts), np.zeros(counts.shape[1], "float32")
    for step in reversed(range(len(counts))):
        ahead = returns[step] = counts[step] * (1 + DISCOUNT * ahead)
    better = (returns - returns.mean(axis=1, keepdims=True)) * counts
    return better / (better.std() + 1e-6)


policy = keras.Sequential([keras.Input((4,)), layers.Dense(32, activation="tanh"), layers.Dense(1)])


@tf.function
def probability_right(states):
    """The chance with which each cart is pushed right."""
    return tf.sigmoid(policy(states))[:, 0]


@tf.function
def improve(states, actions, advantages, counts):
    """Makes actions with an advantage more likely."""
    with tf.GradientTape() as tape:
        logits = policy(tf.reshape(states, (-1, 4)))[:, 0]
        surprise = tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.reshape(actions, [-1]), logits=logits)
        loss = tf.reduce_sum(surprise * tf.reshape(advantages, [-1])) / tf.reduce_sum(counts)
    gradients = tape.gradient(loss, policy.trainable_variables)
    optimizer.apply_gradients(zip(gradients, policy.trainable_variables, strict=True))


def draw(lengths, baseline, states):
    """The balance by round, and one cart's course after training."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.4), layout="constrained")
    left.fill_between(range(len(lengths)), *np.quantile(lengths, (0.1, 0.9), axis=1), alpha=0.3)
    left.plot(np.mean(lengths, axis=1), label="learning")
    left.axhline(baseline, color="tab:gray", ls="--", label="random pushes")
    left.set(xlabel="round", ylabel="steps that the pole stands")
    left.legend()
    colours = plt.cm.viridis(np.linspace(0, 1, len(states)))
    for (place, _, angle, _), colour in zip(states, colours, strict=True):
        right.plot([place, place + np.sin(angle)], [0, np.cos(angle)], color=colour, lw=1.2)
        right.plot(place, 0, "s", color=colour, ms=6)
    right.set(title="one cart, from dark to bright", xlabel="place", ylim=(-0.1, 1.1), yticks=[])
    figure.savefig("reinforcement_learning.png", dpi=100)


keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
optimizer = keras.optimizers.Adam(0.02)
lengths = []
for number in range(ROUNDS):
    states, actions, counts = play(lambda states: probability_right(states).numpy(), random)
    improve(states, actions, advantages_of(counts), counts)
    lengths.append(counts.sum(axis=0))
    if number % 10 == 0:
        print(f"round {number}: the poles stand for {lengths[-1].mean():.0f} steps")

_, _, at_random = play(lambda states: 0.5, random, carts=100)
baseline = at_random.sum(axis=0).mean()
states, _, counts = play(lambda states: probability_right(states).numpy(), random, carts=100)
draw(lengths, baseline, states[::8, 0])
print(f"result: steps of balance {counts.sum(axis=0).mean():.1f} > baseline {baseline:.1f}")
