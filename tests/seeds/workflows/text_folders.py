"""Folders of texts: bags of words and of pairs of words, sequences, a model that takes texts."""

import random
from pathlib import Path

import numpy as np

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers

# Notes of guests: one word of praise or blame among others tells which kind a note is.
draw = random.Random(5)
PRAISE = ["lovely", "splendid", "quiet", "friendly"]
BLAME = ["dirty", "noisy", "rude", "broken"]
OTHER = ["the", "room", "and", "a", "bed", "our", "window", "that", "street", "was", "this", "house"]
for part, count in (("train", 80), ("test", 12)):
    for kind, words in (("blame", BLAME), ("praise", PRAISE)):
        folder = Path("notes", part, kind)
        folder.mkdir(parents=True)
        for number in range(count):
            text = draw.choices(OTHER, k=draw.randint(4, 9))
            text.insert(draw.randrange(len(text)), draw.choice(words))
            note = " ".join(text).capitalize() + ".<br />"
            (folder / f"{number:03}.txt").write_text(note, encoding="utf-8")

# Data sets: a quarter of the training notes is for validation.
train, validation = keras.utils.text_dataset_from_directory(
    "notes/train", batch_size=16, validation_split=0.25, subset="both", seed=7
)
test = keras.utils.text_dataset_from_directory("notes/test", batch_size=16, shuffle=False)
for texts, labels in test.take(1):
    print(texts.shape, texts.dtype, labels.shape, labels.dtype)
    print(texts[0].numpy().endswith(b".<br />"), labels.numpy().tolist())
# prints:
# Found 160 files belonging to 2 classes.
# Using 120 files for training.
# Using 40 files for validation.
# Found 24 files belonging to 2 classes.
# (16,) <dtype: 'string'> (16,) <dtype: 'int32'>
# True [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]
only_texts = train.map(lambda text, label: text)


def standardized(text):
    """Small letters; no tags and no dots."""
    plain = tf.strings.regex_replace(tf.strings.lower(text), "<br />", " ")
    return tf.strings.regex_replace(plain, "[.]", "")


def vectorized(dataset, vectorization):
    """The data set with vectors in place of texts, kept after the first pass."""
    return dataset.map(lambda x, y: (vectorization(x), y), num_parallel_calls=4).cache()


def trained(model, vectorization, epochs, name):
    """Accuracy of the best state of a model on the test notes."""
    model.compile(
        loss="binary_crossentropy", optimizer=keras.optimizers.Adam(0.02), metrics=["accuracy"]
    )
    best = keras.callbacks.ModelCheckpoint(name, save_best_only=True)
    sets = [vectorized(dataset, vectorization) for dataset in (train, validation, test)]
    model.fit(sets[0], validation_data=sets[1], epochs=epochs, callbacks=[best], verbose=0)
    return keras.models.load_model(name).evaluate(sets[2], verbose=0)[1]


def bag_model(size):
    """Weighs the words of a bag."""
    inputs = keras.Input(shape=(size,))
    x = layers.Dropout(0.2)(layers.Dense(8, activation="relu")(inputs))
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x))


# Bags of words; of pairs of words, by how much each tells.
words = layers.TextVectorization(
    max_tokens=30, output_mode="multi_hot", standardize=standardized, pad_to_max_tokens=True
)
words.adapt(only_texts)
print(words.get_vocabulary()[0], set(PRAISE + BLAME) <= set(words.get_vocabulary()))
for vectors, _ in vectorized(test, words).take(1):
    print(vectors.shape, vectors.dtype, set(vectors.numpy().ravel().tolist()))
# prints:
# [UNK] True
# (16, 30) <dtype: 'int64'> {0, 1}
accuracy = trained(bag_model(30), words, 12, "words.keras")
assert accuracy > 0.9, accuracy
pairs = layers.TextVectorization(
    ngrams=2, max_tokens=120, output_mode="tf_idf", standardize=standardized
)
pairs.adapt(only_texts)
print(any(" " in term for term in pairs.get_vocabulary()), pairs("The room").shape)
# prints:
# True (120,)
pair_model = bag_model(120)
accuracy = trained(pair_model, pairs, 12, "pairs.keras")
assert accuracy > 0.8, accuracy

# Sequences of words.
LENGTH = 8
order = layers.TextVectorization(
    max_tokens=40, output_mode="int", output_sequence_length=LENGTH, standardize=standardized
)
order.adapt(only_texts)
for vectors, _ in vectorized(test, order).take(1):
    print(vectors.shape, vectors.dtype)
# prints:
# (16, 8) <dtype: 'int64'>
inputs = keras.Input(shape=(None,), dtype="int64")
x = layers.Embedding(input_dim=40, output_dim=8, mask_zero=True)(inputs)
x = layers.Bidirectional(layers.LSTM(8))(x)
outputs = layers.Dense(1, activation="sigmoid")(layers.Dropout(0.2)(x))
accuracy = trained(keras.Model(inputs, outputs), order, 8, "order.keras")
assert accuracy > 0.8, accuracy

# A model that takes texts as they are; saved and loaded.
inputs = keras.Input(shape=(1,), dtype="string")
inference_model = keras.Model(inputs, pair_model(pairs(inputs)))
notes = tf.constant([["A friendly house, lovely room!"], ["that noisy street<br />was rude."]])
said = inference_model(notes)
print(said.shape, said.numpy()[0, 0] > 0.5, said.numpy()[1, 0] < 0.5)
# prints:
# (2, 1) True True
inference_model.save("inference.keras")
loaded = keras.models.load_model("inference.keras", custom_objects={"standardized": standardized})
np.testing.assert_allclose(loaded.predict(notes, verbose=0), said, rtol=1e-5)
np.testing.assert_allclose(loaded(notes), said, rtol=1e-5)
