"""Timeseries: windows, baselines, dense, convolutional and recurrent forecasts."""

import numpy as np

from thalweg import keras
from thalweg.keras import layers

rng = np.random.default_rng(4)

# A tide with a wandering mean, and two other gauges; readings each quarter of an hour.
HOURS, RATE, PAST = 260, 4, 6
time = np.arange(HOURS * RATE)
tide = 3 * np.sin(time / (RATE * 4)) + 0.02 * rng.normal(size=time.size).cumsum() + 10
raw = np.stack([rng.normal(size=time.size), tide, np.cos(time / (RATE * 4))], axis=-1)
train, validation = 600, 220
mean = raw[:train].mean(axis=0)
raw -= mean
std = raw[:train].std(axis=0)
raw /= std

# Windows of hourly readings; the target lies two hours after the window.
delay = RATE * (PAST + 2 - 1)
window = {"sampling_rate": RATE, "sequence_length": PAST, "batch_size": 64}
past, future = raw[:-delay], tide[delay:]
train_set = keras.utils.timeseries_dataset_from_array(
    past, targets=future, shuffle=True, start_index=0, end_index=train, **window
)
validation_set = keras.utils.timeseries_dataset_from_array(
    past, targets=future, shuffle=True, start_index=train, end_index=train + validation, **window
)
test_set = keras.utils.timeseries_dataset_from_array(
    past, targets=future, start_index=train + validation, **window
)
for samples, targets in test_set:
    print(samples.shape, targets.shape)
    break
# prints:
# (64, 6, 3) (64,)
np.testing.assert_allclose(
    samples[0, :, 1] * std[1] + mean[1], tide[820 : 820 + PAST * RATE : RATE], rtol=1e-6
)
assert float(targets[0]) == tide[820 + delay]
for inputs, target in keras.utils.timeseries_dataset_from_array(
    data=np.arange(7)[:-3], targets=np.arange(7)[3:], sequence_length=3, batch_size=2
):
    for i in range(inputs.shape[0]):
        print([int(number) for number in inputs[i]], int(target[i]))
# prints:
# [0, 1, 2] 3
# [1, 2, 3] 4


def naive_error(dataset):
    """Mean absolute error of saying that the tide stays as it is."""
    total = seen = 0.0
    for samples, targets in dataset:
        said = samples[:, -1, 1] * std[1] + mean[1]
        total += np.sum(np.abs(said - targets))
        seen += samples.shape[0]
    return total / seen


baseline = naive_error(validation_set)
assert 0.5 < baseline < 3


def forecast(body, epochs=1, **compiling):
    """Fits a model of windows whose inner part `body` makes; its history."""
    inputs = keras.Input(shape=(PAST, raw.shape[-1]))
    model = keras.Model(inputs, layers.Dense(1, bias_initializer="ones")(body(inputs)))
    model.compile(optimizer=keras.optimizers.RMSprop(0.03), loss="mse", metrics=["mae"])
    history = model.fit(
        train_set, epochs=epochs, validation_data=validation_set, verbose=0, **compiling
    )
    return model, history.history


best = keras.callbacks.ModelCheckpoint("dense.keras", save_best_only=True)
_, history = forecast(
    lambda x: layers.Dense(16, activation="relu")(layers.Flatten()(x)), epochs=12, callbacks=[best]
)
print(sorted(history))
# prints:
# ['loss', 'mae', 'val_loss', 'val_mae']
assert min(history["val_mae"]) < baseline
dense = keras.models.load_model("dense.keras")
found = dense.evaluate(validation_set, verbose=0)
np.testing.assert_allclose(found[0], min(history["val_loss"]), rtol=1e-4)
print(
    f"Test MAE: {dense.evaluate(test_set, verbose=0)[1]:.2f}",
    dense.predict(test_set, verbose=0).shape,
)
# prints:
# Test MAE: ¤ (172, 1)


def convolved(x):
    x = layers.Conv1D(8, 3, activation="relu")(x)
    x = layers.MaxPooling1D(2)(x)
    x = layers.Conv1D(8, 2, activation="relu", padding="causal")(x)
    return layers.GlobalAveragePooling1D()(x)


_, history = forecast(convolved, epochs=6)
assert history["loss"][-1] < history["loss"][0]

# What a recurrent layer computes, step by step.
steps = rng.normal(size=(1, 5, 3)).astype("float32")
simple = layers.SimpleRNN(4, return_sequences=True)
sequence = simple(steps)
kernel, recurrent, bias = simple.get_weights()
state = np.zeros(4)
for t, reading in enumerate(steps[0]):
    state = np.tanh(reading @ kernel + state @ recurrent + bias)
    np.testing.assert_allclose(sequence[0, t], state, rtol=1e-4, atol=1e-5)
free = keras.Input(shape=(None, 3))
print(layers.SimpleRNN(4, return_sequences=True)(free).shape, layers.SimpleRNN(4)(free).shape)
# prints:
# (None, None, 4) (None, 4)

# Recurrent forecasts: one, regularized, stacked, in both directions.
_, history = forecast(layers.LSTM(8), epochs=6)
assert history["loss"][-1] < history["loss"][0] / 2
_, history = forecast(lambda x: layers.Dropout(0.2)(layers.LSTM(6, recurrent_dropout=0.25)(x)))
assert np.isfinite(history["val_loss"]).all()


def stacked(x):
    x = layers.GRU(6, recurrent_dropout=0.5, return_sequences=True)(x)
    return layers.Dropout(0.5)(layers.GRU(6, recurrent_dropout=0.5)(x))


model, history = forecast(stacked)
print([layer.count_params() for layer in model.layers if isinstance(layer, layers.GRU)])
# prints:
# [198, 252]
both = layers.Bidirectional(layers.LSTM(4))
_, history = forecast(both)
print(both.output.shape, len(both.weights))
# prints:
# (None, 8) 6
readings = raw[None, :PAST].astype("float32")
np.testing.assert_allclose(both.backward_layer(readings), both(readings)[:, 4:], rtol=1e-4)
