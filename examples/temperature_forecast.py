"""Temperature in a day's time: three networks read the last two days, and are held against common sense.

Common sense says: tomorrow at this hour as today. Forecasts of weather that has a day, a year and passing
fronts have to beat that first.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
DAYS, EPOCHS = (90, 1) if SMOKE else (730, 6)
PAST, AHEAD = 48, 24  # hours


def record_weather(days, random):
    """Hourly temperature (degrees C), pressure (hPa) and wind (m/s), shape (hours, 3).

    Fronts pass every few days: the pressure falls before the cold air comes, and the wind rises with it.
    """
    hours = np.arange(24 * days)
    front = np.convolve(random.normal(size=len(hours) + 400), np.hanning(72), "same")[:-400]
    front /= front.std()
    year = -9 * np.cos(2 * np.pi * hours / (24 * 365.25))
    day = (5 + year / 4) * -np.cos(2 * np.pi * (hours - 3) / 24)
    temperature = 10 + year + day + 4 * np.roll(front, 30) + random.normal(0, 1, len(hours))
    pressure = 1013 + 8 * front + random.normal(0, 0.5, len(hours))
    wind = np.abs(4 + 40 * np.gradient(front) + random.normal(0, 1, len(hours)))
    return np.stack([temperature, pressure, wind], axis=1).astype("float32")


def windows(weather, temperature, shuffle=False):
    """Batches of the last hours' weather and the temperature a day after."""
    return keras.utils.timeseries_dataset_from_array(
        weather[:-AHEAD],
        temperature[PAST + AHEAD - 1 :],
        sequence_length=PAST,
        batch_size=128,
        shuffle=shuffle,
        seed=0,
    )


def build_model(reading):
    """The last hours' weather to a temperature, in standard deviations."""
    model = keras.Sequential([keras.Input((PAST, 3)), *reading, layers.Dense(1)])
    model.compile("adam", "mse", metrics=["mae"])
    return model


def draw(observed, forecasts, errors):
    """Ten days with their forecasts, and the mean errors."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.4), width_ratios=(2.2, 1), layout="constrained")
    days = np.arange(240) / 24
    left.plot(days, observed[:240], color="k", lw=1.5, label="observed")
    for name in ("common sense", "LSTM"):
        left.plot(days, forecasts[name][:240], lw=1, label=name)
    left.set(xlabel="day", ylabel="temperature (°C)")
    left.legend(fontsize=8)
    right.bar(errors.keys(), errors.values(), color=["C0", "grey", "grey", "C1"])
    right.set(ylabel="mean absolute error (°C)")
    right.set_xticks(range(len(errors)), errors, rotation=30, ha="right")
    for axis in (left, right):
        axis.spines[["top", "right"]].set_visible(False)
    figure.savefig("temperature_forecast.png", dpi=100)


keras.utils.set_random_seed(0)
weather = record_weather(DAYS, np.random.default_rng(0))
train, valid = int(0.5 * len(weather)), int(0.75 * len(weather))
mean, deviation = weather[:train].mean(axis=0), weather[:train].std(axis=0)
scaled = (weather - mean) / deviation
parts = [scaled[:train], scaled[train:valid], scaled[valid:]]
train_windows, valid_windows, test_windows = (
    windows(part, part[:, 0], shuffle=number == 0) for number, part in enumerate(parts)
)
observed = weather[valid + PAST + AHEAD - 1 :, 0]
forecasts = {"common sense": weather[valid + PAST - 1 : -AHEAD, 0]}
readings = {
    "dense": [layers.Flatten(), layers.Dense(16, activation="relu")],
    "conv1d": [
        layers.Conv1D(16, 6, activation="relu"),
        layers.MaxPooling1D(2),
        layers.Conv1D(16, 6, activation="relu"),
        layers.GlobalAveragePooling1D(),
    ],
    "LSTM": [layers.LSTM(24)],
}
for name, reading in readings.items():
    print(name)
    model = build_model(reading)
    model.fit(train_windows, epochs=EPOCHS, validation_data=valid_windows, verbose=2)
    forecasts[name] = model.predict(test_windows, verbose=0)[:, 0] * deviation[0] + mean[0]
errors = {name: np.abs(forecast - observed).mean() for name, forecast in forecasts.items()}
draw(observed, forecasts, errors)
error, baseline = errors["LSTM"], errors["common sense"]
print(f"result: mean absolute error of the LSTM in °C {error:.2f} < baseline {baseline:.2f}")
