"""Hyperparameters by random search: draw settings, train each a little, keep the best.

Learning rates and penalties are drawn evenly on a logarithmic scale, since nobody knows even their size.
Validation digits choose; the test digits are looked at for what was chosen, and for the median trial, the
baseline.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
TRIALS, SAMPLES, TESTS, EPOCHS = (2, 256, 128, 1) if SMOKE else (14, 3000, 2000, 8)

OPTIMIZERS = {
    "sgd": keras.optimizers.SGD,
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
}
SPACE = {
    "rate": lambda random: 10 ** random.uniform(-4.5, -1),
    "optimizer": lambda random: str(random.choice(list(OPTIMIZERS))),
    "layers": lambda random: int(random.integers(1, 4)),
    "units": lambda random: int(2 ** random.integers(3, 8)),
    "activation": lambda random: str(random.choice(["relu", "tanh", "gelu"])),
    "dropout": lambda random: float(random.uniform(0, 0.6)),
    "penalty": lambda random: 10 ** random.uniform(-6, -2),
}


def load_digits():
    """Images (samples, 784) from 0 to 1 and labels: to train, to choose, to test."""
    (x, y), (x_test, y_test) = keras.datasets.mnist.load_data(sample=True)
    x, x_test = (images.reshape(-1, 28 * 28).astype("float32") / 255 for images in (x, x_test))
    chosen = slice(SAMPLES, SAMPLES + TESTS)
    return (x[:SAMPLES], y[:SAMPLES]), (x[chosen], y[chosen]), (x_test[:TESTS], y_test[:TESTS])


def build_model(setting):
    """A dense network as the setting wants it."""
    model = keras.Sequential([keras.Input((28 * 28,))])
    for _ in range(setting["layers"]):
        penalty = keras.regularizers.L2(setting["penalty"])
        model.add(layers.Dense(setting["units"], setting["activation"], kernel_regularizer=penalty))
        model.add(layers.Dropout(setting["dropout"]))
    model.add(layers.Dense(10, activation="softmax"))
    optimizer = OPTIMIZERS[setting["optimizer"]](setting["rate"])
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def attempt(setting, training, validation):
    """A model with the setting, and its best validation accuracy; stops when that no longer grows."""
    model = build_model(setting)
    patience = keras.callbacks.EarlyStopping("val_accuracy", patience=2, restore_best_weights=True)
    history = model.fit(
        *training, batch_size=64, epochs=EPOCHS, validation_data=validation, callbacks=[patience], verbose=0
    )
    return model, max(history.history["val_accuracy"])


def text_of(value):
    """A setting's value as it stands in the table."""
    return f"{value:.2g}" if isinstance(value, float) else str(value)


def draw(trials):
    """The trials as a table, best first, and accuracy against the learning rate."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.8), layout="constrained", width_ratios=(2, 1))
    rows = [[*map(text_of, setting.values()), f"{accuracy:.3f}"] for setting, accuracy in trials]
    shades = [["w"] * len(SPACE) + [plt.cm.YlGn(0.8 * accuracy**4)] for _, accuracy in trials]
    table = left.table(
        rows, cellColours=shades, colLabels=[*SPACE, "accuracy"], loc="center", cellLoc="center"
    )
    table.auto_set_font_size(False)
    table.set_fontsize(9)
    table.scale(1, 1.15)
    left.axis("off")
    for optimizer in OPTIMIZERS:
        points = [(s["rate"], accuracy) for s, accuracy in trials if s["optimizer"] == optimizer]
        right.scatter(*np.reshape(points, (-1, 2)).T, s=40, label=optimizer)
    right.set(xscale="log", xlabel="rate", ylabel="validation accuracy", ylim=(0, 1))
    right.legend()
    figure.savefig("hyperparameter_search.png", dpi=75)


keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
training, validation, test = load_digits()
trials, models = [], []
for number in range(TRIALS):
    setting = {name: draw_one(random) for name, draw_one in SPACE.items()}
    model, accuracy = attempt(setting, training, validation)
    models.append(model)
    trials.append((setting, accuracy))
    print(f"trial {number}: {accuracy:.3f} with", ", ".join(f"{k} {text_of(v)}" for k, v in setting.items()))

order = sorted(range(TRIALS), key=lambda number: -trials[number][1])
draw([trials[number] for number in order])
best, median = (models[order[place]].evaluate(*test, verbose=0)[1] for place in (0, TRIALS // 2))
print(f"result: test accuracy of the best trial {best:.3f} > baseline {median:.3f}")
