"""Reviews as bags of words and of word pairs: "not good" says more than "not" and "good".

Both models are linear, so that their weights can be read: pairs find the negations that single words miss.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
SAMPLES, TESTS, EPOCHS = (128, 64, 1) if SMOKE else (3000, 1000, 15)

THINGS = ["plot", "cast", "music", "dialogue", "ending", "camera", "script", "humour"]
PRAISE = ["good", "moving", "clever", "fresh", "brilliant", "charming"]
BLAME = ["bad", "dull", "silly", "flat", "predictable", "clumsy"]
DEGREES = ["was", "was very", "was rather", "was truly"]


def write_reviews(count, random):
    """Reviews of three judgements, some of them negated, and whether most of them are praise."""
    reviews, labels = [], []
    for _ in range(count):
        clauses, score = [], 0
        for thing in random.choice(THINGS, size=3, replace=False):
            praise, negated = random.random(2) < (0.5, 0.25)
            verb = "was not" if negated else random.choice(DEGREES)
            clauses.append(f"the {thing} {verb} {random.choice(PRAISE if praise else BLAME)}")
            score += 1 if praise != negated else -1
        reviews.append(", ".join(clauses))
        labels.append(score > 0)
    return np.array(reviews), np.array(labels, "float32")


def train(ngrams, reviews, labels):
    """The layer that makes a bag of words (and of pairs), and a linear model of it."""
    bag = layers.TextVectorization(ngrams=ngrams, output_mode="multi_hot", max_tokens=2000)
    bag.adapt(reviews)
    model = keras.Sequential(
        [
            keras.Input((len(bag.get_vocabulary()),)),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
    model.fit(bag(reviews), labels, epochs=EPOCHS, batch_size=32, validation_split=0.1, verbose=2)
    return bag, model


def draw(axis, title, bag, model, count=8):
    """The words with the largest weights, for and against."""
    words, weights = np.array(bag.get_vocabulary()), model.get_weights()[0][:, 0]
    order = np.argsort(weights)
    chosen = np.concatenate([order[:count], order[-count:]])
    colors = np.where(weights[chosen] > 0, "tab:green", "tab:red")
    axis.barh(range(len(chosen)), weights[chosen], color=colors)
    axis.set_yticks(range(len(chosen)), words[chosen], size=8)
    axis.axvline(0, color="k", lw=0.8)
    axis.set(title=title, xlabel="weight")
    axis.spines[["top", "right"]].set_visible(False)


keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
x_train, y_train = write_reviews(SAMPLES, random)
x_test, y_test = write_reviews(TESTS, random)
print(f"for example: {x_train[0]} ({'praise' if y_train[0] else 'blame'})")
figure, axes = plt.subplots(1, 2, figsize=(8, 4.2), layout="constrained")
accuracies = []
for axis, (name, ngrams) in zip(axes, [("single words", 1), ("words and pairs", 2)], strict=True):
    bag, model = train(ngrams, x_train, y_train)
    accuracies.append(model.evaluate(bag(x_test), y_test, verbose=0)[1])
    draw(axis, f"{name}: test accuracy {accuracies[-1]:.0%}", bag, model)
figure.savefig("text_binary.png", dpi=100)
print(f"result: test accuracy with pairs of words {accuracies[1]:.3f} > baseline {accuracies[0]:.3f}")
