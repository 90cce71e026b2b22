"""Fitting what generalizes: noise, capacity, weight penalties, dropout, early stopping, folds."""

import numpy as np

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers, regularizers

rng = np.random.default_rng(5)
WORDS = 60

# Short texts as sets of words; some words speak for the label, most say nothing.
mood = rng.integers(0, 2, size=480)
chances = np.full((480, WORDS), 0.1)
chances[:, :10] = np.where(mood[:, None] == np.arange(10) % 2, 0.35, 0.1)
texts = (rng.random((480, WORDS)) < chances).astype("float32")


def classifier(width=12, **dense):
    return keras.Sequential(
        [
            layers.Dense(width, activation="relu", **dense),
            layers.Dense(width, activation="relu", **dense),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def trained(model, epochs, **fitting):
    model.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=["accuracy"])
    return model.fit(
        texts, mood, epochs=epochs, batch_size=32, validation_split=0.4, verbose=0, **fitting
    )


# Too large a model learns its samples by heart, and its validation loss rises again.
wide = classifier(64)
by_heart = trained(wide, 30).history
assert by_heart["accuracy"][-1] > 0.97
assert by_heart["val_loss"][-1] > min(by_heart["val_loss"])

# Penalties on weights count in the loss of training and of validation, and shrink the weights.
light = classifier(64, kernel_regularizer=regularizers.l2(0.01))
penalized = trained(light, 30).history
assert (
    penalized["val_loss"][-1] - penalized["loss"][-1]
    < by_heart["val_loss"][-1] - by_heart["loss"][-1]
)
for shrunk, grown in zip(light.layers[:2], wide.layers[:2]):
    assert np.square(shrunk.kernel).sum() < np.square(grown.kernel).sum()
kernel = light.layers[0].kernel
np.testing.assert_allclose(light.losses[0], 0.01 * np.square(kernel).sum(), rtol=1e-5)
both = layers.Dense(
    2, kernel_initializer="ones", kernel_regularizer=regularizers.l1_l2(l1=0.5, l2=0.25)
)
both(tf.ones((1, 3)))
print(
    len(light.losses), float(both.losses[0]), float(regularizers.l1(0.5)(tf.constant([-2.0, 4.0])))
)
# prints:
# 2 4.5 3.0

# Dropout acts in training alone, and keeps the mean.
half = layers.Dropout(0.5)
ones = tf.ones((40, 50))
np.testing.assert_array_equal(half(ones), ones)
dropped = half(ones, training=True).numpy()
print(sorted(set(dropped.ravel().tolist())))
# prints:
# [0.0, 2.0]
assert abs(dropped.mean() - 1) < 0.1
spread = keras.Sequential(
    [
        layers.Dense(32, activation="relu"),
        layers.Dropout(0.5),
        layers.Dense(32, activation="relu"),
        layers.Dropout(0.5),
        layers.Dense(1, activation="sigmoid"),
    ]
)
assert trained(spread, 15).history["val_accuracy"][-1] > 0.7
np.testing.assert_array_equal(spread(texts[:3]), spread(texts[:3]))

# Early stopping ends a run that no longer gets better, and brings the best weights back.
stopping = keras.callbacks.EarlyStopping(monitor="val_loss", patience=2, restore_best_weights=True)
stopped = classifier(64)
run = trained(stopped, 60, callbacks=[stopping])
assert len(run.epoch) < 60
assert stopping.stopped_epoch == run.epoch[-1]
held_out = texts[int(480 * 0.6) :], mood[int(480 * 0.6) :]
np.testing.assert_allclose(
    stopped.evaluate(*held_out, verbose=0)[0], min(run.history["val_loss"]), rtol=1e-4
)

# Features in units of their own scale, and folds where there are few samples.
houses = rng.normal(size=(120, 4)) * [1, 10, 100, 1000] + [0, 5, -50, 200]
prices = houses @ [3, 0.5, 0.02, 0.001] + rng.normal(size=120) * 0.1
houses -= houses.mean(axis=0)
houses /= houses.std(axis=0)


def regressor():
    model = keras.Sequential([layers.Dense(16, activation="relu"), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.RMSprop(0.02), loss="mse", metrics=["mae"])
    return model


curves = []
for rows in np.split(rng.permutation(120), 4):
    rest = np.setdiff1d(np.arange(120), rows)
    model = regressor()
    fold = model.fit(
        houses[rest], prices[rest], validation_data=(houses[rows], prices[rows]), epochs=20,
        batch_size=16, verbose=0,
    )  # fmt: skip
    curves.append(fold.history["val_mae"])
average = np.mean(curves, axis=0)
print(np.shape(curves), model.predict(houses[:2], verbose=0).shape)
# prints:
# (4, 20) (2, 1)
assert average[-1] < average[0] / 3
