"""Translation: a transformer reads English and writes, word by word, a language that nobody speaks.

That language puts the verb last and adjectives after nouns, and marks the object; so words must be moved, not
only replaced as in the baseline. The picture shows where the decoder looks as it writes each word.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
SAMPLES, TESTS, EPOCHS = (128, 64, 1) if SMOKE else (6000, 500, 12)
WIDTH, HEADS, LENGTH = 64, 4, 14

NOUNS = {"dog": "poro", "cat": "miku", "bird": "lira", "child": "tano", "king": "rexu", "river": "sela"}
ADJECTIVES = {"old": "vana", "small": "piki", "red": "rusa", "wise": "sofi"}
VERBS = {"sees": "vidi", "loves": "ama", "follows": "seku", "hears": "audi"}


def write_sentences(count, random):
    """Pairs of an English sentence and its translation."""

    def phrase():
        many, noun = random.random() < 0.5, random.choice(list(NOUNS))
        adjectives = random.choice(list(ADJECTIVES), random.integers(3), replace=False)
        english = ["many" if many else "the", *adjectives, noun]
        return english, [NOUNS[noun], *["mul"] * many, *(ADJECTIVES[word] for word in adjectives[::-1])]

    pairs = []
    for _ in range(count):
        (subject, ours), (object_, theirs) = phrase(), phrase()
        verb, denied = random.choice(list(VERBS)), random.random() < 0.3
        english = [*subject, *["never"] * denied, verb, *object_]
        pairs.append((" ".join(english), " ".join([*theirs, "na", *ours, VERBS[verb], *["ne"] * denied])))
    return pairs


class Positions(layers.Layer):
    """Words' vectors, to which a learned vector of each position is added."""

    def build(self, shape):
        self.table = self.add_weight(shape=shape[1:], initializer="random_normal", name="table")

    def call(self, words):
        return words + self.table


def block(words, english=None):
    """A block of the encoder; of the decoder, when it is given what the encoder found."""
    decodes = english is not None
    looked = layers.MultiHeadAttention(HEADS, WIDTH // HEADS)(words, words, use_causal_mask=decodes)
    words, scores = layers.LayerNormalization()(words + looked), None
    if decodes:
        look = layers.MultiHeadAttention(HEADS, WIDTH // HEADS)
        looked, scores = look(words, english, return_attention_scores=True)
        words = layers.LayerNormalization()(words + looked)
    thought = layers.Dense(WIDTH)(layers.Dense(2 * WIDTH, activation="relu")(words))
    return layers.LayerNormalization()(words + thought), scores


def build_models(source_words, target_words):
    """Both sentences to the probabilities of the next words, and to where the decoder looks."""
    source, target = (keras.Input((LENGTH,), dtype="int32") for _ in range(2))
    english, _ = block(Positions()(layers.Embedding(source_words, WIDTH, mask_zero=True)(source)))
    words = Positions()(layers.Embedding(target_words, WIDTH, mask_zero=True)(target))
    words, scores = block(words, english)
    model = keras.Model([source, target], layers.Dense(target_words, activation="softmax")(words))
    model.compile(keras.optimizers.Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, keras.Model([source, target], scores)


def translate(model, source, words):
    """The likeliest next word, again and again; all sentences at once."""
    numbers = np.zeros((len(source), LENGTH), "int32")
    numbers[:, 0] = words.index("<start>")
    for step in range(LENGTH - 1):
        numbers[:, step + 1] = model.predict([source, numbers], verbose=0)[:, step].argmax(axis=1)
    texts = [" ".join(words[number] for number in row[1:]) for row in numbers]
    return [text.partition(" <end>")[0] for text in texts], numbers


def in_place(texts, targets):
    """The share of the words of `targets` that `texts` has in the same place."""
    pairs = [(text.split(), target.split()) for text, target in zip(texts, targets, strict=True)]
    hits = [a == b for text, target in pairs for a, b in zip(text, target, strict=False)]
    return np.sum(hits) / sum(len(target) for _, target in pairs)


def draw(axis, scores, source_text, target_text):
    """How much the decoder looks at each English word as it writes each word."""
    source, target = source_text.split(), [*target_text.split(), "(end)"]
    axis.imshow(scores[: len(target), : len(source)], cmap="Purples", vmin=0, aspect="auto")
    axis.set_xticks(range(len(source)), source, rotation=45, ha="right", rotation_mode="anchor")
    axis.set_yticks(range(len(target)), target)


keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
pairs = write_sentences(SAMPLES + TESTS, random)
train, test = pairs[:SAMPLES], [pair for pair in pairs[SAMPLES:] if pair not in set(pairs[:SAMPLES])]
english = layers.TextVectorization(output_sequence_length=LENGTH)
foreign = layers.TextVectorization(output_sequence_length=LENGTH + 1, standardize=None)
english.adapt([source for source, _ in train])
foreign.adapt([f"<start> {target} <end>" for _, target in train])
source = english([source for source, _ in train])
target = foreign([f"<start> {target} <end>" for _, target in train])
print(f"for example: {train[0][0]} -> {train[0][1]}")

model, attention = build_models(english.vocabulary_size(), foreign.vocabulary_size())
written, following = target[:, :-1], target[:, 1:]
weights = tf.cast(following != 0, "float32")  # padding is not to be learned
model.fit([source, written], following, sample_weight=weights, epochs=EPOCHS, batch_size=64, verbose=2)

sources, targets = zip(*test, strict=True)
numbers = english(list(sources))
texts, answers = translate(model, numbers, foreign.get_vocabulary())
for example in zip(sources[:4], texts, targets, strict=False):
    print("{} -> {} (right: {})".format(*example))
figure, axes = plt.subplots(1, 2, figsize=(8, 3.8), layout="constrained")
scores = attention.predict([numbers[:2], answers[:2]], verbose=0).mean(axis=1)
for axis, *example in zip(axes, scores, sources, texts, strict=False):
    draw(axis, *example)
figure.savefig("translation.png", dpi=100)
words = NOUNS | ADJECTIVES | VERBS | {"many": "mul", "never": "ne"}
replaced = [" ".join(words[word] for word in text.split() if word in words) for text in sources]
right, baseline = in_place(texts, targets), in_place(replaced, targets)
print(f"result: share of words in their place {right:.3f} > baseline {baseline:.3f}")
