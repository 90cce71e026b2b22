"""Fine-tuning: what a network learned of the digits 0 to 4 helps it learn 5 to 9 from eight samples each.

The digits lie anywhere in their images, which the network learns to pass over from many samples of 0 to 4.
First the convolutions are frozen and only a new last layer learns; then they are thawed and all learn on with
small steps. The baseline is the same network that learns the few samples from scratch.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
EPOCHS, STEPS = (1, 2) if SMOKE else (4, 40)
FEW = 8


def load_digits():
    """Displaced images (samples, 28, 28, 1) from 0 to 1 and labels, to train and to test."""
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data(sample=True)
    if SMOKE:
        x_train, y_train, x_test, y_test = x_train[:512], y_train[:512], x_test[:128], y_test[:128]
    displace = layers.RandomTranslation(0.2, 0.2, fill_mode="constant", seed=0)
    x_train, x_test = (displace(x[..., np.newaxis].astype("float32") / 255) for x in (x_train, x_test))
    return (x_train.numpy(), y_train), (x_test.numpy(), y_test)


def build_base():
    """Image to what the convolutions see in it."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.Flatten(),
        ],
        name="base",
    )


def classify(base, rate):
    """The base with a new last layer for five digits."""
    image = keras.Input((28, 28, 1))
    # Frozen or not, the base is called to infer: layers that count batches would keep what they counted.
    features = layers.Dropout(0.5)(base(image, training=False))
    model = keras.Model(image, layers.Dense(5, activation="softmax")(features))
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def learn(model, few, test, epochs):
    """Accuracy on the test digits, after each pass over the few samples."""
    history = model.fit(*few, batch_size=8, epochs=epochs, verbose=0, validation_data=test)
    return history.history["val_accuracy"]


def draw(images, frozen, tuned, scratch):
    """The few samples, and accuracy by epoch."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.4), layout="constrained", width_ratios=(1, 1.6))
    rows = images.reshape(5, FEW, 28, 28).transpose(0, 2, 1, 3).reshape(5 * 28, FEW * 28)
    left.imshow(rows, cmap="gray_r")
    left.set(xticks=[], yticks=[], title="all that is known of 5 to 9")
    right.plot(scratch, color="tab:gray", label="from scratch")
    right.plot(frozen, color="tab:blue", label="pretrained, frozen")
    right.plot(range(STEPS, 2 * STEPS), tuned, color="tab:green", label="then fine-tuned")
    right.set(xlabel="epoch", ylabel="test accuracy")
    right.legend(loc="lower right")
    figure.savefig("fine_tuning.png", dpi=100)


keras.utils.set_random_seed(0)
(x_train, y_train), (x_test, y_test) = load_digits()

base = build_base()
model = classify(base, 0.001)
low = y_train < 5
model.fit(x_train[low], y_train[low], batch_size=64, epochs=EPOCHS, verbose=2)

chosen = np.concatenate([np.flatnonzero(y_train == digit)[:FEW] for digit in range(5, 10)])
few = x_train[chosen], y_train[chosen] - 5
test = x_test[y_test >= 5], y_test[y_test >= 5] - 5

base.trainable = False
model = classify(base, 0.003)
print(f"frozen: {len(model.trainable_weights)} of {len(model.weights)} weights learn")
frozen = learn(model, few, test, STEPS)

base.trainable = True
model.compile(keras.optimizers.Adam(0.0001), "sparse_categorical_crossentropy", metrics=["accuracy"])
print(f"thawed: {len(model.trainable_weights)} of {len(model.weights)} weights learn")
tuned = learn(model, few, test, STEPS)

new = classify(build_base(), 0.001)
scratch = learn(new, few, test, 2 * STEPS)  # as many as the two phases took
draw(few[0], frozen, tuned, scratch)
print(f"frozen {frozen[-1]:.3f}, fine-tuned {tuned[-1]:.3f}, from scratch {scratch[-1]:.3f}")
print(f"result: test accuracy with {FEW} samples a digit {tuned[-1]:.3f} > baseline {scratch[-1]:.3f}")
