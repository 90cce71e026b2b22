"""Writing at four temperatures: a small causal transformer learns to spell and to build sentences.

It writes letter by letter. Cold sampling repeats the likeliest, hot sampling invents words. The picture shows
texts, and how many of their words are words. The baseline knows only which letter follows which.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
SENTENCES, EPOCHS, WRITTEN = (100, 1, 8) if SMOKE else (5000, 6, 400)
WIDTH, HEADS, LENGTH = 64, 4, 48
TEMPERATURES = [0.2, 0.7, 1.0, 1.5]

WHO = ["the small fox", "an old sailor", "my sister", "the moon", "a quiet river", "every bird"]
DOES = ["sleeps", "waits", "sings", "walks home", "dreams of snow", "counts the stars", "looks for gold"]
WHERE = ["under the bridge", "in the forest", "by the sea", "near the mill", "behind the clouds"]
WHEN = ["at night", "in spring", "until morning", "after the rain", "when nobody looks"]


def write_text(sentences, random):
    """Sentences of a small grammar, in one text."""
    parts = [
        f"{random.choice(WHO)} {random.choice(DOES)}"
        + random.choice(["", f" {random.choice(WHERE)}"])
        + random.choice(["", f" {random.choice(WHEN)}"])
        for _ in range(sentences)
    ]
    return ". ".join(parts) + ". "


def windows(numbers):
    """Batches of letters (batch, LENGTH) and of those that follow each."""
    count = (len(numbers) - 1) // LENGTH
    shape = (count, LENGTH)
    pairs = numbers[: count * LENGTH].reshape(shape), numbers[1 : count * LENGTH + 1].reshape(shape)
    return tf.data.Dataset.from_tensor_slices(pairs).shuffle(count, seed=0).batch(32)


class Positions(layers.Layer):
    """Letters' vectors, to which a learned vector of each position is added."""

    def build(self, shape):
        self.table = self.add_weight(shape=shape[1:], initializer="random_normal", name="table")

    def call(self, letters):
        return letters + self.table


def block(letters):
    """Each letter looks at those before it, then thinks by itself."""
    attend = layers.MultiHeadAttention(HEADS, WIDTH // HEADS)
    normal = layers.LayerNormalization()(letters)
    letters = letters + attend(normal, normal, use_causal_mask=True)
    normal = layers.LayerNormalization()(letters)
    return letters + layers.Dense(WIDTH)(layers.Dense(4 * WIDTH, activation="gelu")(normal))


def build_model(letters):
    """Letters to logits of the next, at every position."""
    inputs = keras.Input((LENGTH,), dtype="int32")
    x = Positions()(layers.Embedding(letters, WIDTH)(inputs))
    for _ in range(2):
        x = block(x)
    model = keras.Model(inputs, layers.Dense(letters)(layers.LayerNormalization()(x)))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.003), loss)
    return model


def write(model, start, count):
    """Letters after `start`, drawn at each of the temperatures; all texts at once."""
    temperatures = tf.constant(TEMPERATURES)[:, tf.newaxis]

    @tf.function
    def draw(last):
        logits = model(last, training=False)[:, -1] / temperatures
        return tf.random.categorical(logits, 1, dtype="int32")

    text = np.tile(start, (len(TEMPERATURES), 1))
    for _ in range(count):
        text = np.concatenate([text, draw(text[:, -LENGTH:])], axis=1)
    return text[:, len(start) :]


def show(texts, shares):
    """The texts, and the share of words that are words."""
    figure, axes = plt.subplots(len(texts), 1, figsize=(8, 4.2), layout="constrained")
    for axis, text, share, temperature in zip(axes, texts, shares, TEMPERATURES, strict=True):
        lines = "\n".join(text[start : start + 110] for start in range(0, 330, 110))
        axis.text(0, 0.9, lines, size=8, family="monospace", va="top", transform=axis.transAxes)
        axis.set_title(f"temperature {temperature}: {share:.0%} of the words are words", size=9, loc="left")
        axis.axis("off")
    figure.savefig("text_generation.png", dpi=100)


def loss_of_pairs(train, test, letters):
    """The mean loss per letter of a model that knows how often each letter follows each."""
    counts = np.ones((letters, letters))
    np.add.at(counts, (train[:-1], train[1:]), 1)
    chances = counts / counts.sum(axis=1, keepdims=True)
    return -np.log(chances[test[:-1], test[1:]]).mean()


keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
texts = [write_text(SENTENCES, random), write_text(SENTENCES // 10, random)]
letters = sorted(set(texts[0] + texts[1]))
train, test = (np.array([letters.index(letter) for letter in text], "int32") for text in texts)
model = build_model(len(letters))
model.summary()
model.fit(windows(train), epochs=EPOCHS, verbose=2)
loss = model.evaluate(windows(test), verbose=0)

numbers = write(model, test[:LENGTH], WRITTEN)
written = ["".join(letters[number] for number in row) for row in numbers]
known = set(texts[0].replace(".", "").split())
shares = [np.mean([word in known for word in text.replace(".", "").split()[1:-1]]) for text in written]
show(written, shares)
print(f"result: loss per letter {loss:.3f} < baseline {loss_of_pairs(train, test, len(letters)):.3f}")
