"""Reading notes on the book, "Getting started with neural networks", with arrays in place of downloads."""

import numpy as np

from thalweg import keras
from thalweg.keras import layers
from thalweg.keras.utils import to_categorical

rng = np.random.default_rng(0)

# Reviews: multi-hot vectors; positive ones hold other words than negative ones.
train_labels = rng.integers(0, 2, 600)
x_train = (rng.random((600, 200)) < np.where(train_labels[:, None] == np.arange(200) % 2, 0.3, 0.1)).astype("float32")
y_train = np.asarray(train_labels).astype("float32")
model = keras.Sequential([
    layers.Dense(16, activation="relu"),
    layers.Dense(16, activation="relu"),
    layers.Dense(1, activation="sigmoid")
])
model.compile(optimizer="rmsprop",
              loss="binary_crossentropy",
              metrics=["accuracy"])
x_val, partial_x_train = x_train[:100], x_train[100:]
y_val, partial_y_train = y_train[:100], y_train[100:]
history = model.fit(partial_x_train,
                    partial_y_train,
                    epochs=20,
                    batch_size=64,
                    validation_data=(x_val, y_val),
                    verbose=0)
history_dict = history.history
print(sorted(history_dict.keys()))
# prints:
# ['accuracy', 'loss', 'val_accuracy', 'val_loss']
assert history_dict["val_accuracy"][-1] > 0.9
results = model.evaluate(x_val, y_val, verbose=0)
print(len(results), model.predict(x_val, verbose=0).shape)
# prints:
# 2 (100, 1)

# Newswires: 46 classes.
train_labels = rng.integers(0, 46, 900)
y_train = to_categorical(train_labels)
print(y_train.shape)
# prints:
# (900, 46)
centres = rng.normal(size=(46, 64))
x_train = (centres[train_labels] + 0.3 * rng.normal(size=(900, 64))).astype("float32")
model = keras.Sequential([
    layers.Dense(64, activation="relu"),
    layers.Dense(64, activation="relu"),
    layers.Dense(46, activation="softmax")
])
model.compile(optimizer="rmsprop",
              loss="categorical_crossentropy",
              metrics=["accuracy"])
history = model.fit(x_train[200:], y_train[200:], epochs=9, batch_size=64,
                    validation_data=(x_train[:200], y_train[:200]), verbose=0)
assert history.history["val_accuracy"][-1] > 0.8
predictions = model.predict(x_train[:200], verbose=0)
print(predictions[0].shape, f"{np.sum(predictions[0]):.3f}")
# prints:
# (46,) 1.000
model.compile(optimizer="rmsprop",
              loss="sparse_categorical_crossentropy",
              metrics=["accuracy"])
model.fit(x_train, train_labels, epochs=1, verbose=0)

# House prices.
train_data = rng.normal(size=(404, 13))
train_targets = train_data @ rng.normal(size=13) + 20
mean = train_data.mean(axis=0)
train_data -= mean
std = train_data.std(axis=0)
train_data /= std


def build_model():
    model = keras.Sequential([
        layers.Dense(64, activation="relu"),
        layers.Dense(64, activation="relu"),
        layers.Dense(1)
    ])
    model.compile(optimizer="rmsprop", loss="mse", metrics=["mae"])
    return model


k = 4
num_val_samples = len(train_data) // k
num_epochs = 10
all_mae_histories = []
for i in range(k):
    print(f"Processing fold #{i}")
    val_data = train_data[i * num_val_samples: (i + 1) * num_val_samples]
    val_targets = train_targets[i * num_val_samples: (i + 1) * num_val_samples]
    partial_train_data = np.concatenate(
        [train_data[:i * num_val_samples],
         train_data[(i + 1) * num_val_samples:]],
        axis=0)
    partial_train_targets = np.concatenate(
        [train_targets[:i * num_val_samples],
         train_targets[(i + 1) * num_val_samples:]],
        axis=0)
    model = build_model()
    history = model.fit(partial_train_data, partial_train_targets,
                        validation_data=(val_data, val_targets),
                        epochs=num_epochs, batch_size=16, verbose=0)
    mae_history = history.history["val_mae"]
    all_mae_histories.append(mae_history)
# prints:
# Processing fold #0
# Processing fold #1
# Processing fold #2
# Processing fold #3
average_mae_history = [
    np.mean([x[i] for x in all_mae_histories]) for i in range(num_epochs)]
assert average_mae_history[-1] < average_mae_history[0]
predictions = model.predict(train_data, verbose=0)
print(predictions[0].shape, predictions.dtype)
# prints:
# (1,) float32
