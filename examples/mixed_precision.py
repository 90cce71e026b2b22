"""Mixed precision: a network computes in bfloat16, keeps its weights in float32, and answers as in float32.

bfloat16 has the range of float32 with 8 instead of 24 bits of precision, so that no loss needs scaling. It
halves the memory of activations, and accelerators compute in it faster. The picture compares accuracy by
epoch, and the probabilities that the two networks give to the true digits. The baseline is the most frequent
digit.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
SAMPLES, EPOCHS = (128, 1) if SMOKE else (6000, 8)
POLICIES = ("float32", "mixed_bfloat16")


def load_digits():
    """Images (samples, 28, 28, 1) from 0 to 1 and labels, to train and to test."""
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data(sample=True)
    x_train, x_test = (x[..., np.newaxis].astype("float32") / 255 for x in (x_train, x_test))
    return (x_train[:SAMPLES], y_train[:SAMPLES]), (x_test[:SAMPLES], y_test[:SAMPLES])


def build_model():
    """Image to ten probabilities, in the precision of the global policy."""
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 5, strides=3, activation="relu", name="convolution"),
            layers.Flatten(),
            layers.Dense(128, activation="relu", name="dense"),
            layers.Dropout(0.3),
            # Probabilities and their loss keep float32: sums of many small numbers need its precision.
            layers.Dense(10, activation="softmax", dtype="float32", name="probabilities"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def draw(histories, probabilities, labels):
    """Accuracy by epoch, and how close the probabilities of the true digits are."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.4), layout="constrained", width_ratios=(1.4, 1))
    for name, history, style in zip(POLICIES, histories, ("o-", "s--"), strict=True):
        left.plot(range(1, EPOCHS + 1), history.history["val_accuracy"], style, label=name)
    left.set(xlabel="epoch", ylabel="test accuracy")
    left.legend()
    samples = range(len(labels))
    right.plot(probabilities[0][samples, labels], probabilities[1][samples, labels], ".", alpha=0.4)
    right.set(title="probability of the true digit", xlabel=POLICIES[0], ylabel=POLICIES[1], aspect="equal")
    figure.savefig("mixed_precision.png", dpi=100)


(x_train, y_train), (x_test, y_test) = load_digits()
histories, probabilities = [], []
for policy in POLICIES:
    keras.mixed_precision.set_global_policy(policy)
    keras.utils.set_random_seed(0)
    model = build_model()
    dense = model.get_layer("dense")
    print(f"{policy}: the dense layer keeps {dense.kernel.dtype} and computes in {dense.compute_dtype}")
    assert dense(tf.ones((1, dense.kernel.shape[0]))).dtype == dense.compute_dtype
    histories.append(model.fit(x_train, y_train, 64, EPOCHS, verbose=2, validation_data=(x_test, y_test)))
    probabilities.append(model.predict(x_test, verbose=0))
draw(histories, probabilities, y_test)
answers = [probability.argmax(axis=1) for probability in probabilities]
full, mixed = (np.mean(answer == y_test) for answer in answers)
print(f"accuracies {full:.3f} and {mixed:.3f}; the answers agree on {np.mean(answers[0] == answers[1]):.1%}")
most_frequent = np.bincount(y_train).argmax()
print(f"result: test accuracy in bfloat16 {mixed:.3f} > baseline {np.mean(y_test == most_frequent):.3f}")
