"""Overfitting: a large network learns the noise of few samples, unless weight decay or dropout holds it back.

Four networks learn 80 noisy points. Above, their loss on these and on new points by epoch; below, the border
between the classes that each has drawn at the end.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers, regularizers

SMOKE = "--smoke" in sys.argv
EPOCHS = 5 if SMOKE else 300


def two_moons(count, random):
    """Noisy points (count, 2) on two half circles that interlock, and on which of them they lie."""
    label = random.integers(2, size=count)
    angle = np.pi * (random.random(count) + label)
    points = np.stack([np.cos(angle) + label, np.sin(angle) + 0.5 * label], axis=1)
    return (points + random.normal(0, 0.35, points.shape)).astype("float32"), label[:, np.newaxis].astype(
        "float32"
    )


def build_model(units, l2=0.0, dropout=0.0):
    """Point to the probability of the second class."""
    model = keras.Sequential([keras.Input((2,))])
    for _ in range(2):
        model.add(layers.Dense(units, activation="relu", kernel_regularizer=regularizers.L2(l2)))
        model.add(layers.Dropout(dropout))
    model.add(layers.Dense(1, activation="sigmoid"))
    # The loss that is shown is the metric: it leaves out the penalty of the weights.
    model.compile(keras.optimizers.Adam(0.005), "binary_crossentropy", metrics=["binary_crossentropy"])
    return model


def draw(axes, title, model, losses, points, labels):
    """A model's losses by epoch, and its border among the points that it has learned."""
    above, below = axes
    for name, text in (("binary_crossentropy", "learned"), ("val_binary_crossentropy", "new")):
        above.plot(losses[name], lw=1.5, label=text)
    above.set(title=title, ylim=(0, 1.2), xlabel="epoch")
    above.spines[["top", "right"]].set_visible(False)
    x, y = np.meshgrid(np.linspace(-2, 3, 80), np.linspace(-1.6, 2.1, 80))
    grid = np.stack([x.ravel(), y.ravel()], axis=1).astype("float32")
    chances = model.predict(grid, batch_size=len(grid), verbose=0).reshape(x.shape)
    below.contourf(x, y, chances, levels=np.linspace(0, 1, 11), cmap="coolwarm", alpha=0.6)
    below.contour(x, y, chances, levels=[0.5], colors="k", linewidths=1)
    below.scatter(*points.T, c=labels[:, 0], cmap="coolwarm", s=10, edgecolor="k", linewidth=0.4)
    below.set(xticks=[], yticks=[])


MODELS = {
    "small": {"units": 4},
    "large": {"units": 256},
    "large, L2": {"units": 256, "l2": 0.003},
    "large, dropout": {"units": 256, "dropout": 0.6},
}

keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
x_train, y_train = two_moons(80, random)
x_test, y_test = two_moons(2000, random)
figure, axes = plt.subplots(2, 4, figsize=(8, 4.2), layout="constrained")
final = {}
for column, (name, sizes) in zip(axes.T, MODELS.items(), strict=True):
    model = build_model(**sizes)
    losses = model.fit(
        x_train,
        y_train,
        epochs=EPOCHS,
        batch_size=len(x_train),
        validation_data=(x_test, y_test),
        validation_batch_size=len(x_test),
        verbose=0,
    ).history
    final[name] = losses["val_binary_crossentropy"][-1]
    print(f"{name:15} {model.count_params():6} weights, loss {final[name]:.3f} on new points")
    draw(column, name, model, losses, x_train, y_train)
axes[0, 0].set_ylabel("loss")
axes[0, 0].legend()
figure.savefig("overfitting.png", dpi=100)
print(f"result: loss on new points with L2 {final['large, L2']:.3f} < baseline {final['large']:.3f}")
