"""Prices of few houses: K-fold validation uses each of them to train and, once, to test.

Few samples make one split a matter of luck: the curves of the folds differ, their mean can be trusted. The
baseline is a linear model, fitted to the same folds.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
HOUSES, FOLDS, EPOCHS = (64, 2, 2) if SMOKE else (400, 4, 80)


def sell_houses(count, random):
    """Features (area in m2, rooms, age in years, distance from the centre in km) and prices in thousands."""
    area = random.gamma(8, 14, count) + 30
    rooms = np.maximum(1, np.round(area / 28 + random.normal(0, 0.8, count)))
    age = random.uniform(0, 120, count)
    distance = random.gamma(2, 3, count)
    land = 4.5 * np.exp(-distance / 5) + 1.2
    charm = 1 - 0.4 * np.sin(np.pi * age / 120)  # new houses are dear, and so are old ones
    price = area * land * charm + 9 * rooms
    price *= np.exp(random.normal(0, 0.07, count))
    return np.stack([area, rooms, age, distance], axis=1).astype("float32"), price.astype("float32")


def build_model(x_train):
    """Features to a price; the scales of the features are those of the training samples alone."""
    scale = layers.Normalization()
    scale.adapt(x_train)
    model = keras.Sequential(
        [
            keras.Input(x_train.shape[1:]),
            scale,
            layers.Dense(64, activation="relu"),
            layers.Dense(64, activation="relu"),
            layers.Dense(1),
        ]
    )
    model.compile(keras.optimizers.Adam(0.005), "mse", metrics=["mae"])
    return model


def linear(x_train, y_train, x):
    """Prices of `x` by least squares."""

    def extend(x):
        return np.concatenate([x, np.ones((len(x), 1))], axis=1)

    return extend(x) @ np.linalg.lstsq(extend(x_train), y_train, rcond=None)[0]


def validate(x, y):
    """Each fold's error by epoch, and the prices that the networks and linear models give unseen houses."""
    parts = np.array_split(np.arange(len(x)), FOLDS)
    curves, prices, linear_prices = [], np.zeros(len(x)), np.zeros(len(x))
    for fold, test in enumerate(parts):
        train = np.concatenate(parts[:fold] + parts[fold + 1 :])
        model = build_model(x[train])
        history = model.fit(
            x[train], y[train], validation_data=(x[test], y[test]), epochs=EPOCHS, batch_size=16, verbose=0
        )
        curves.append(history.history["val_mae"])
        prices[test] = model.predict(x[test], verbose=0)[:, 0]
        linear_prices[test] = linear(x[train], y[train], x[test])
        print(f"fold {fold + 1}: mean absolute error {curves[-1][-1]:.1f}")
    return np.array(curves), prices, linear_prices


def draw(curves, y, prices, baseline):
    """The folds' errors by epoch, and prices against those that were paid."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.6), layout="constrained")
    epochs = np.arange(1, EPOCHS + 1)
    for fold, curve in enumerate(curves):
        left.plot(epochs, curve, color="C0", alpha=0.35, lw=1, label=None if fold else "each fold")
    left.plot(epochs, curves.mean(axis=0), color="C0", lw=2, label="mean of the folds")
    left.axhline(baseline, color="k", ls="--", lw=1, label="linear model")
    left.set(xlabel="epoch", ylabel="error on houses left out (thousands)", ylim=(0, 3 * baseline))
    left.legend()
    right.scatter(y, prices, s=8, color="C0", alpha=0.6)
    right.axline((0, 0), slope=1, color="k", lw=0.8)
    right.set(xlabel="paid (thousands)", ylabel="predicted, when left out (thousands)")
    for axis in (left, right):
        axis.spines[["top", "right"]].set_visible(False)
    figure.savefig("house_prices_k_fold.png", dpi=100)


keras.utils.set_random_seed(0)
x, y = sell_houses(HOUSES, np.random.default_rng(0))
curves, prices, linear_prices = validate(x, y)
error, baseline = (np.abs(y - p).mean() for p in (prices, linear_prices))
draw(curves, y, prices, baseline)
print(f"result: mean absolute error in thousands {error:.1f} < baseline {baseline:.1f}")
