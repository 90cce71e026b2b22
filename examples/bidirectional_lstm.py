"""Agreement of subject and verb: recurrent networks need masks, whether they read one way or both.

"The keys above the cabinet near the door are old" is right, "... is old" is wrong: the verb must agree with
the first noun, whatever nouns stand between. Sentences are padded to one length; without a mask an LSTM reads
the padding too, and forgets. The baseline is agreement with the nearest noun.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
SAMPLES, TESTS, EPOCHS = (128, 128, 1) if SMOKE else (4000, 1000, 7)
BETWEEN, LENGTH = 5, 40
COUNTS = range(BETWEEN + 1)

NOUNS = ["key", "door", "cabinet", "letter", "garden", "window", "lamp", "road", "house", "boat"]
LINKS = ["near", "behind", "beside", "above", "under"]
ENDS = ["old", "new", "red", "small", "far", "lost"]


def write_sentences(count, random):
    """Sentences, whether their verb agrees with the subject, whether with the nearest noun; nouns between."""
    sentences, right, nearest_right, between = [], [], [], random.integers(BETWEEN + 1, size=count)
    for links in between:
        plural = random.random(links + 1) < 0.5
        nouns = [
            f"the {noun}s" if many else f"the {noun}"
            for noun, many in zip(random.choice(NOUNS, links + 1), plural, strict=True)
        ]
        words = [nouns[0], *(f"{random.choice(LINKS)} {noun}" for noun in nouns[1:])]
        are = random.random() < 0.5
        words += ["are" if are else "is", random.choice(ENDS)]
        sentences.append(" ".join(words))
        right.append(are == plural[0])
        nearest_right.append(are == plural[-1])
    return np.array(sentences), np.array(right), np.array(nearest_right), between


def build_model(words, reading, mask):
    """Numbers of words to the probability that the sentence is right."""
    model = keras.Sequential(
        [
            keras.Input((LENGTH,), dtype="int32"),
            layers.Embedding(words, 16, mask_zero=mask),
            reading,
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
    return model


MODELS = {
    "LSTM without mask": (layers.LSTM(32), False),
    "LSTM": (layers.LSTM(32), True),
    "bidirectional LSTM": (layers.Bidirectional(layers.LSTM(16)), True),
}

keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
x_train, y_train, _, _ = write_sentences(SAMPLES, random)
x_test, y_test, nearest_right, between = write_sentences(TESTS, random)
print(f"for example: {x_train[0]} ({'right' if y_train[0] else 'wrong'})")
vectorize = layers.TextVectorization(output_sequence_length=LENGTH)
vectorize.adapt(x_train)
x_train, x_test = vectorize(x_train), vectorize(x_test)

figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.4), layout="constrained")
accuracy = {}
for width, (name, (reading, mask)) in zip((2, 5, 2), MODELS.items(), strict=True):
    print(name)
    model = build_model(vectorize.vocabulary_size(), reading, mask)
    history = model.fit(
        x_train, y_train, epochs=EPOCHS, batch_size=64, validation_data=(x_test, y_test), verbose=2
    )
    found = (model.predict(x_test, verbose=0)[:, 0] > 0.5) == y_test
    accuracy[name] = found.mean()
    left.plot(np.arange(EPOCHS) + 1, history.history["val_accuracy"], lw=width)
    right.plot([found[between == count].mean() for count in COUNTS], lw=width, label=name)
guesses = nearest_right == y_test
right.plot([guesses[between == count].mean() for count in COUNTS], "k--", label="nearest noun")
left.set(xlabel="epoch", ylabel="accuracy on new sentences")
right.set(xlabel="nouns between subject and verb", ylabel="accuracy at the end", ylim=(0.4, 1.03))
right.legend(fontsize=8)
figure.savefig("bidirectional_lstm.png", dpi=100)
print(
    f"result: test accuracy of the bidirectional LSTM {accuracy['bidirectional LSTM']:.3f}"
    f" > baseline {guesses.mean():.3f}"
)
