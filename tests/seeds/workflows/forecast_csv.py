"""Measurements in a text file: normalised, cut into windows, forecast."""

from pathlib import Path

import numpy as np

from thalweg import keras
from thalweg.keras import layers

# A year of a lake, each sixth of a day: its level follows the inflow of the days before.
rng = np.random.default_rng(9)
STEPS = 900
inflow = 5 + 3 * np.sin(np.arange(STEPS) / 7) + rng.normal(scale=0.2, size=STEPS)
level = 100 + np.convolve(inflow, np.ones(12) / 12, mode="full")[:STEPS]
rows = ["time;inflow (m3/s);level (cm)"]
rows += [f"{i // 6:03}-{i % 6};{a:.3f};{b:.3f}" for i, (a, b) in enumerate(zip(inflow, level))]
Path("lake.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")

header, *lines = Path("lake.csv").read_text(encoding="utf-8").strip().split("\n")
print(header.split(";"), len(lines))
# prints:
# ['time', 'inflow (m3/s)', 'level (cm)'] 900
data = np.array([[float(value) for value in line.split(";")[1:]] for line in lines])
level = data[:, 1].copy()
train, validation = STEPS // 2, STEPS // 4
mean, std = data[:train].mean(axis=0), data[:train].std(axis=0)
data = (data - mean) / std

# Windows of every second step; the level that is asked for is six steps after the window.
PAST, RATE = 10, 2
delay = RATE * (PAST + 3 - 1)
settings = {
    "targets": level[delay:], "sampling_rate": RATE, "sequence_length": PAST, "batch_size": 64,
}  # fmt: skip
window = keras.utils.timeseries_dataset_from_array
train_set = window(data[:-delay], **settings, shuffle=True, seed=2, end_index=train)
validation_set = window(
    data[:-delay], **settings, start_index=train, end_index=train + validation
)
test_set = window(data[:-delay], **settings, start_index=train + validation)
print(len(train_set), len(validation_set), len(test_set))
# prints:
# 7 4 3
for samples, targets in test_set:
    print(samples.shape, targets.shape)
    break
# prints:
# (64, 10, 2) (64,)
first = train + validation
np.testing.assert_allclose(samples[0], data[first : first + PAST * RATE : RATE])
np.testing.assert_allclose(targets[:3], level[first + delay : first + delay + 3])


def naive_error(dataset):
    """Mean absolute error of saying that the level stays as it is."""
    errors = [
        np.abs(samples[:, -1, 1] * std[1] + mean[1] - targets) for samples, targets in dataset
    ]
    return np.mean(np.concatenate(errors))


inputs = keras.Input(shape=(PAST, data.shape[-1]))
x = layers.LSTM(8)(inputs)
outputs = layers.Rescaling(scale=std[1], offset=mean[1])(layers.Dense(1)(x))
model = keras.Model(inputs, outputs)
model.compile(optimizer=keras.optimizers.Adam(0.03), loss="mse", metrics=["mae"])
history = model.fit(train_set, epochs=8, validation_data=validation_set, verbose=0)
print(sorted(history.history))
# prints:
# ['loss', 'mae', 'val_loss', 'val_mae']
error = model.evaluate(test_set, verbose=0)[1]
assert error < naive_error(test_set), (error, naive_error(test_set))
print(model.predict(test_set, verbose=0).shape)
# prints:
# (183, 1)
