"""Verdicts of reviews with a transformer encoder: attention finds which judgement a negation turns round.

The model is two blocks of attention, written as a layer. The picture shows where the words of two reviews
look in the second block. The baseline is a linear model of the same words, which does not know their order.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
SAMPLES, TESTS, EPOCHS = (128, 64, 1) if SMOKE else (6000, 1000, 8)
WIDTH, HEADS, LENGTH = 32, 4, 24

THINGS = ["plot", "cast", "music", "dialogue", "ending", "camera"]
PRAISE = ["good", "moving", "clever", "fresh", "brilliant"]
BLAME = ["bad", "dull", "silly", "flat", "clumsy"]
PLAIN = ["the {} was {}", "i found the {} rather {}", "everybody calls the {} {}"]
TURNED = ["the {} was not {}", "i never found the {} {}", "nobody calls the {} {}"]


def write_reviews(count, random):
    """Reviews of three judgements, some of them negated, and whether most of them are praise."""
    reviews, labels = [], []
    for _ in range(count):
        clauses, score = [], 0
        for thing in random.choice(THINGS, size=3, replace=False):
            praise, negated = random.random(2) < (0.5, 0.4)
            word = random.choice(PRAISE if praise else BLAME)
            clauses.append(random.choice(TURNED if negated else PLAIN).format(thing, word))
            score += 1 if praise != negated else -1
        reviews.append(" , ".join(clauses))
        labels.append(score > 0)
    return np.array(reviews), np.array(labels, "float32")


class Positions(layers.Layer):
    """Words' vectors, to which a learned vector of each position is added."""

    def build(self, shape):
        self.table = self.add_weight(shape=shape[1:], initializer="random_normal", name="table")

    def call(self, words):
        return words + self.table


class EncoderBlock(layers.Layer):
    """Each word looks at all words, then thinks by itself; both on a residual path."""

    def __init__(self, width, heads, **kwargs):
        super().__init__(**kwargs)
        self.attention = layers.MultiHeadAttention(heads, width // heads)
        self.thought = keras.Sequential([layers.Dense(2 * width, activation="relu"), layers.Dense(width)])
        self.norms = [layers.LayerNormalization(), layers.LayerNormalization()]
        self.supports_masking = True

    def call(self, words, mask=None):
        seen = None if mask is None else mask[:, tf.newaxis, :]
        looked, scores = self.attention(words, words, attention_mask=seen, return_attention_scores=True)
        words = self.norms[0](words + looked)
        return self.norms[1](words + self.thought(words)), scores


def build_models(words):
    """Numbers of words to the probability of praise, and to where the words look."""
    review = keras.Input((LENGTH,), dtype="int32")
    x = Positions()(layers.Embedding(words, WIDTH)(review))
    for _ in range(2):
        x, scores = EncoderBlock(WIDTH, HEADS)(x, mask=review != 0)
    praise = layers.Dense(1, activation="sigmoid")(layers.GlobalMaxPooling1D()(x))
    return keras.Model(review, praise), keras.Model(review, scores)


def build_linear(words):
    """Numbers of words to the probability of praise, whatever their order."""
    bag = layers.CategoryEncoding(words, output_mode="multi_hot")
    return keras.Sequential(
        [keras.Input((LENGTH,), dtype="int32"), bag, layers.Dense(1, activation="sigmoid")]
    )


def train(model, x, y):
    """The model, trained."""
    model.compile(keras.optimizers.Adam(0.002), "binary_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=EPOCHS, batch_size=64, validation_split=0.1, verbose=2)
    return model


def draw(reviews, scores, chances):
    """Where each word of a review looks, as a mean over the heads."""
    figure, axes = plt.subplots(1, len(reviews), figsize=(8, 4.4), layout="constrained")
    for axis, review, score, chance in zip(axes, reviews, scores, chances, strict=True):
        words = review.split()
        axis.imshow(score.mean(axis=0)[: len(words), : len(words)], cmap="Purples", vmin=0)
        axis.set_xticks(range(len(words)), words, rotation=90, size=7)
        axis.set_yticks(range(len(words)), words, size=7)
        axis.set_title(f"praise with a probability of {chance:.0%}", size=9)
    figure.savefig("transformer_encoder.png", dpi=100)


keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
reviews, y_train = write_reviews(SAMPLES, random)
test_reviews, y_test = write_reviews(TESTS, random)
print(f"for example: {reviews[0]} ({'praise' if y_train[0] else 'blame'})")
vectorize = layers.TextVectorization(output_sequence_length=LENGTH, standardize=None)
vectorize.adapt(reviews)
x_train, x_test = vectorize(reviews), vectorize(test_reviews)
model, attention = build_models(vectorize.vocabulary_size())
model.summary()
linear = train(build_linear(vectorize.vocabulary_size()), x_train, y_train)
train(model, x_train, y_train)
accuracy, baseline = (m.evaluate(x_test, y_test, verbose=0)[1] for m in (model, linear))
shown = x_test[:2]
draw(test_reviews[:2], attention.predict(shown, verbose=0), model.predict(shown, verbose=0)[:, 0])
print(f"result: test accuracy {accuracy:.3f} > baseline {baseline:.3f}")
