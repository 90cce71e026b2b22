"""Anomalies in a series: what an autoencoder cannot reproduce, it has not seen before.

It learns windows of a healthy pulse, squeezed through few numbers. In the test series some beats are
missing, flipped, or too slow; none leaves the range of the healthy values, so that a limit on the values,
the baseline, sees little.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
LENGTH, EPOCHS = (2000, 1) if SMOKE else (12000, 20)
WINDOW, PERIOD, NOISE = 64, 40, 0.04


def beat_pulse(length, random):
    """A pulse (length,): a sharp wave and a slow one each beat, at a wandering pace, with noise."""
    pace = 1 + 0.08 * np.sin(np.arange(length) / 300) + random.normal(0, 0.03, length)
    phase = np.cumsum(pace / PERIOD) % 1
    sharp = np.exp(-(((phase - 0.3) / 0.04) ** 2))
    slow = 0.35 * np.exp(-(((phase - 0.65) / 0.1) ** 2))
    return sharp + slow + random.normal(0, NOISE, length)


def disturb(series, random):
    """The series with a disturbance about every 600 steps, and where (length,) it is disturbed."""
    series, disturbed = series.copy(), np.zeros(len(series), bool)
    kinds = [
        lambda part: random.normal(0, NOISE, len(part)),  # the beat is missing
        lambda part: part[::-1].copy(),  # the beat runs backwards
        lambda part: np.interp(np.arange(len(part)) / 2, np.arange(len(part)), part),  # half as fast
    ]
    for number, middle in enumerate(range(300, len(series) - 100, 600)):
        start = middle + random.integers(-100, 100)
        where = slice(start, start + random.integers(PERIOD, 2 * PERIOD))
        series[where] = kinds[number % 3](series[where])
        disturbed[where] = True
    return series, disturbed


def windows_of(series):
    """All windows (count, WINDOW, 1) of a series."""
    return np.lib.stride_tricks.sliding_window_view(series, WINDOW)[..., np.newaxis].astype("float32")


def build_autoencoder():
    """Window to the same window, through WINDOW / 8 numbers."""
    model = keras.Sequential(
        [
            keras.Input((WINDOW, 1)),
            layers.Conv1D(16, 7, strides=2, padding="same", activation="relu"),
            layers.Conv1D(8, 7, strides=2, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(WINDOW // 8),
            layers.Dense(WINDOW * 2, activation="relu"),
            layers.Reshape((WINDOW // 4, 8)),
            layers.Conv1DTranspose(16, 7, strides=2, padding="same", activation="relu"),
            layers.Conv1DTranspose(1, 7, strides=2, padding="same"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.002), "mse")
    return model


def errors_of(model, series):
    """How badly each step (length,) is reproduced: the mean error of the windows that hold it."""
    windows = windows_of(series)
    error = np.mean(np.abs(model.predict(windows, batch_size=512, verbose=0) - windows), axis=(1, 2))
    held = np.ones(WINDOW)
    return np.convolve(error, held) / np.convolve(np.ones_like(error), held)


def area_under_curve(scores, disturbed):
    """The chance that a disturbed step scores higher than a healthy one."""
    metric = keras.metrics.AUC(num_thresholds=1000)
    metric.update_state(disturbed, (scores - scores.min()) / np.ptp(scores))
    return float(metric.result())


def draw(series, disturbed, errors, limit, end=2400):
    """The series with its disturbances, and below the errors with their limit."""
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(8, 4), layout="constrained", sharex=True)
    top.plot(series[:end], "k", lw=0.6)
    bottom.plot(errors[:end], lw=1)
    bottom.axhline(limit, color="tab:red", ls="--", lw=1, label="highest error on healthy data, nearly")
    for axis in (top, bottom):
        across = axis.get_xaxis_transform()
        axis.fill_between(
            range(end), 0, 1, disturbed[:end], transform=across, alpha=0.25, color="tab:orange", lw=0
        )
    top.set(ylabel="pulse", title="disturbed where orange", xlim=(0, end))
    bottom.set(ylabel="error", xlabel="step")
    bottom.legend(loc="upper left")
    figure.savefig("anomalies.png", dpi=100)


keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
healthy, fresh = beat_pulse(LENGTH, random), beat_pulse(LENGTH, random)
series, disturbed = disturb(beat_pulse(max(LENGTH, 2400), random), random)

model = build_autoencoder()
model.fit(windows_of(healthy), windows_of(healthy), epochs=EPOCHS, batch_size=128, verbose=2)
limit = np.quantile(errors_of(model, fresh), 0.999)
errors = errors_of(model, series)
alarms = errors > limit
# Windows that reach into a disturbance raise the alarm a little before it, and after.
found, wrong = np.mean(alarms[disturbed]), np.mean(alarms[~disturbed])
print(f"alarms: {found:.0%} of the disturbed steps, {wrong:.1%} of the healthy")
draw(series, disturbed, errors, limit)
found = area_under_curve(errors, disturbed)
baseline = area_under_curve(np.abs(series - healthy.mean()), disturbed)
print(f"result: area under the ROC curve {found:.3f} > baseline {baseline:.3f}")
