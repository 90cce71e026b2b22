"""Topics of headlines: words become vectors, and their mean tells which of six topics a text has.

The picture shows what is taken for what, and the learned vectors of the words: words of one topic have come
to lie together, and words of two topics, such as "virus", between them (grey).
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
SAMPLES, TESTS, EPOCHS = (128, 64, 1) if SMOKE else (3000, 1000, 8)

TOPICS = {
    "sport": "match goal coach league final player striker medal race team court strike",
    "money": "bank shares profit market trade price investor budget tax strike court rate",
    "health": "hospital doctor virus vaccine patient trial nurse disease diet heart rate cell",
    "weather": "storm rain flood wind snow forecast heat coast bank river cloud degrees",
    "technology": "chip software phone data network virus robot battery cloud code trial cell",
    "politics": "minister vote party election parliament law tax reform court budget trial race",
}
COMMON = ["new", "after", "says", "first", "over", "big", "year", "week", "today", "city", "people", "again"]


def write_headlines(count, random):
    """Headlines of five to nine words, of their topic, of any, or common; and their topics."""
    words = [text.split() for text in TOPICS.values()]
    labels = random.integers(len(words), size=count)
    headlines = []
    for label in labels:
        kinds = random.choice(3, size=random.integers(5, 10), p=(0.4, 0.15, 0.45))
        sources = (words[label], words[random.integers(len(words))], COMMON)
        headlines.append(" ".join(random.choice(sources[kind]) for kind in kinds))
    return np.array(headlines), labels


def build_model(vectorize):
    """Headline to the probability of each topic."""
    model = keras.Sequential(
        [
            keras.Input((), dtype="string"),
            vectorize,
            layers.Embedding(vectorize.vocabulary_size(), 16, mask_zero=True, name="words"),
            layers.GlobalAveragePooling1D(),
            layers.Dropout(0.3),
            layers.Dense(len(TOPICS), activation="softmax"),
        ]
    )
    optimizer = keras.optimizers.Adam(0.01)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def draw_confusion(axis, labels, answers):
    """How often each topic is taken for each."""
    table = np.zeros((len(TOPICS),) * 2)
    np.add.at(table, (labels, answers), 1)
    axis.imshow(table, cmap="Blues")
    for (row, column), count in np.ndenumerate(table):
        color = "w" if count > table.max() / 2 else "k"
        axis.text(column, row, f"{count:.0f}", ha="center", va="center", size=8, color=color)
    axis.set_xticks(range(len(TOPICS)), TOPICS, rotation=45, size=8)
    axis.set_yticks(range(len(TOPICS)), TOPICS, size=8)
    axis.set(xlabel="answer", ylabel="topic", title="test headlines")


def draw_words(axis, vocabulary, vectors):
    """The words of each topic, on the plane in which their vectors differ most."""
    vectors = vectors - vectors.mean(axis=0)
    plane = vectors @ np.linalg.svd(vectors, full_matrices=False)[2][:2].T
    colors = {}
    for number, text in enumerate(TOPICS.values()):
        colors |= {word: "grey" if word in colors else f"C{number}" for word in text.split()}
    for word, point in zip(vocabulary, plane, strict=True):
        if word in colors:
            axis.text(*point, word, size=7, color=colors[word], ha="center", va="center")
    axis.set(title="vectors of the words", xticks=[], yticks=[])
    axis.set(xlim=(1.1 * plane.min(axis=0)[0], 1.1 * plane.max(axis=0)[0]))
    axis.set(ylim=(1.1 * plane.min(axis=0)[1], 1.1 * plane.max(axis=0)[1]))


keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
x_train, y_train = write_headlines(SAMPLES, random)
x_test, y_test = write_headlines(TESTS, random)
print(f"for example: {x_train[0]} ({list(TOPICS)[y_train[0]]})")
vectorize = layers.TextVectorization(output_sequence_length=10)
vectorize.adapt(x_train)
model = build_model(vectorize)
model.summary()
model.fit(x_train, y_train, epochs=EPOCHS, batch_size=64, validation_split=0.1, verbose=2)
_, accuracy = model.evaluate(x_test, y_test, verbose=0)
figure, axes = plt.subplots(1, 2, figsize=(8, 4.4), width_ratios=(1, 1.3), layout="constrained")
draw_confusion(axes[0], y_test, model.predict(x_test, verbose=0).argmax(axis=1))
draw_words(axes[1], vectorize.get_vocabulary(), model.get_layer("words").get_weights()[0])
figure.savefig("text_topics.png", dpi=100)
most_frequent = np.bincount(y_train).argmax()
print(f"result: test accuracy {accuracy:.3f} > baseline {np.mean(y_test == most_frequent):.3f}")
