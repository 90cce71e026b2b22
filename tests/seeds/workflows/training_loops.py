"""Training, from `fit` with metrics and callbacks of one's own down to loops over a tape."""

import matplotlib.pyplot as plt
import numpy as np

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers

rng = np.random.default_rng(11)

# Five signs of 6 x 6 points, drawn with a shaking hand.
signs = rng.random((5, 36)) > 0.5
kinds = rng.integers(0, 5, size=260).astype("uint8")
points = (signs[kinds] + 0.2 * rng.normal(size=(260, 36))).astype("float32")
x_val, x, x_test = points[:60], points[60:220], points[220:]
y_val, y, y_test = kinds[:60], kinds[60:220], kinds[220:]


def reader():
    inputs = keras.Input(shape=(36,))
    hidden = layers.Dense(32, activation="relu")(inputs)
    hidden = layers.Dropout(0.25)(hidden)
    return keras.Model(inputs, layers.Dense(5, activation="softmax")(hidden))


class RootOfMeanSquares(keras.metrics.Metric):
    """Distance between probabilities and the true kind."""

    def __init__(self, name="distance", **kwargs):
        super().__init__(name=name, **kwargs)
        self.squares = self.add_weight(name="squares", initializer="zeros")
        self.count = self.add_weight(name="count", initializer="zeros", dtype="int32")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true = tf.one_hot(y_true, depth=tf.shape(y_pred)[1])
        self.squares.assign_add(tf.reduce_sum(tf.square(y_true - y_pred)))
        self.count.assign_add(tf.shape(y_pred)[0])

    def result(self):
        return tf.sqrt(self.squares / tf.cast(self.count, tf.float32))

    def reset_state(self):
        self.squares.assign(0.0)
        self.count.assign(0)


class Curves(keras.callbacks.Callback):
    """Draws the losses of each epoch's batches."""

    def on_train_begin(self, logs):
        self.losses, self.drawn = [], []

    def on_batch_end(self, batch, logs):
        self.losses.append(logs.get("loss"))

    def on_epoch_end(self, epoch, logs):
        plt.clf()
        plt.plot(range(len(self.losses)), self.losses, label="loss of each batch")
        plt.legend()
        plt.savefig(f"epoch-{epoch}.png")
        self.drawn.append(len(self.losses))
        self.losses = []


model = reader()
model.compile(
    optimizer=keras.optimizers.RMSprop(learning_rate=5e-3),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy", RootOfMeanSquares()],
)
curves = Curves()
run = model.fit(
    x, y, epochs=8, validation_data=(x_val, y_val), verbose=0,
    callbacks=[
        curves,
        keras.callbacks.EarlyStopping(monitor="val_accuracy", patience=5),
        keras.callbacks.ModelCheckpoint("best.keras", monitor="val_loss", save_best_only=True),
        keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=3),
        keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.95),
        keras.callbacks.CSVLogger("log.csv"),
        keras.callbacks.TensorBoard(log_dir="board"),
    ],
)  # fmt: skip
print(sorted(run.history))
# prints:
# ['accuracy', 'distance', 'learning_rate', 'loss', 'val_accuracy', 'val_distance', 'val_loss']
assert run.history["val_accuracy"][-1] > 0.8
assert curves.drawn == [5] * len(run.epoch)
with open("log.csv", encoding="utf-8") as log:
    print(log.readline().strip())
# prints:
# epoch,accuracy,distance,learning_rate,loss,val_accuracy,val_distance,val_loss
best = keras.models.load_model(
    "best.keras", custom_objects={"RootOfMeanSquares": RootOfMeanSquares}
)
np.testing.assert_allclose(
    best.evaluate(x_val, y_val, verbose=0, return_dict=True)["loss"],
    min(run.history["val_loss"]),
    rtol=1e-5,
)
loss, accuracy, distance = model.evaluate(x_test, y_test, verbose=0)
predicted = model.predict(x_test, verbose=0)
truth = np.eye(5)[y_test]
np.testing.assert_allclose(accuracy, (predicted.argmax(-1) == y_test).mean(), rtol=1e-5)
np.testing.assert_allclose(
    distance, np.sqrt(np.square(truth - predicted).sum() / len(truth)), rtol=1e-4
)

# Metrics by themselves.
right = keras.metrics.SparseCategoricalAccuracy()
right.update_state([0, 1, 2, 2], [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0]])
print(f"{right.name}: {right.result():.2f}")
mean = keras.metrics.Mean()
for value in (2, 3, 7):
    mean.update_state(value)
print(f"mean: {mean.result():.2f}")
mean.reset_state()
print(f"mean after reset_state: {mean.result():.2f}")
# prints:
# sparse_categorical_accuracy: 0.75
# mean: 4.00
# mean after reset_state: 0.00

# The loop by hand: a step of training eagerly, a step of evaluation compiled.
model = reader()
loss_of = keras.losses.SparseCategoricalCrossentropy()
optimizer = keras.optimizers.RMSprop(learning_rate=3e-3)
metrics = [keras.metrics.SparseCategoricalAccuracy()]
loss_mean = keras.metrics.Mean()


def reset():
    for metric in (*metrics, loss_mean):
        metric.reset_state()


def noted(inputs, targets, predictions, prefix=""):
    logs = {}
    for metric in metrics:
        metric.update_state(targets, predictions)
        logs[prefix + metric.name] = metric.result()
    loss_mean.update_state(loss_of(targets, predictions))
    logs[prefix + "loss"] = loss_mean.result()
    return logs


def train_step(inputs, targets):
    with tf.GradientTape() as tape:
        predictions = model(inputs, training=True)
        loss = loss_of(targets, predictions)
    gradients = tape.gradient(loss, model.trainable_weights)
    optimizer.apply_gradients(zip(gradients, model.trainable_weights, strict=True))
    return noted(inputs, targets, predictions)


def test_step(inputs, targets):
    return noted(inputs, targets, model(inputs, training=False), prefix="val_")


def batches(inputs, targets, size=32):
    for start in range(0, len(inputs), size):
        yield inputs[start : start + size], targets[start : start + size]


losses = []
for epoch in range(4):
    reset()
    for batch in batches(x, y):
        logs = train_step(*batch)
    losses.append(float(logs["loss"]))
    print(f"epoch {epoch}:", *(f"{name} {value:.4f}" for name, value in logs.items()))
# prints:
# epoch 0: sparse_categorical_accuracy ¤ loss ¤
# epoch 1: sparse_categorical_accuracy ¤ loss ¤
# epoch 2: sparse_categorical_accuracy ¤ loss ¤
# epoch 3: sparse_categorical_accuracy ¤ loss ¤
assert losses[-1] < losses[0]
assert int(optimizer.iterations) == 20
found = []
for step in (test_step, tf.function(test_step)):
    reset()
    for batch in batches(x_val, y_val):
        logs = step(*batch)
    found.append({name: float(value) for name, value in logs.items()})
print(sorted(found[0]))
# prints:
# ['val_loss', 'val_sparse_categorical_accuracy']
for name, value in found[0].items():
    np.testing.assert_allclose(found[1][name], value, rtol=1e-5)

# A step of one's own inside `fit`, with a loss and a metric that stand outside the model ...
outer_loss = keras.metrics.Mean(name="loss")


class Own(keras.Model):
    def train_step(self, data):
        inputs, targets = data
        with tf.GradientTape() as tape:
            loss = loss_of(targets, self(inputs, training=True))
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
        outer_loss.update_state(loss)
        return {"loss": outer_loss.result()}

    @property
    def metrics(self):
        return [outer_loss]


inputs = keras.Input(shape=(36,))
outputs = layers.Dense(5, activation="softmax")(layers.Dense(32, activation="relu")(inputs))
model = Own(inputs, outputs)
model.compile(optimizer=keras.optimizers.RMSprop())
history = model.fit(x, y, epochs=4, verbose=0).history
print(list(history))
# prints:
# ['loss']
assert history["loss"][-1] < history["loss"][0]


# ... and with those of `compile`.
class Compiled(keras.Model):
    def train_step(self, data):
        inputs, targets = data
        with tf.GradientTape() as tape:
            predictions = self(inputs, training=True)
            loss = self.compiled_loss(targets, predictions)
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
        self.compiled_metrics.update_state(targets, predictions)
        return {metric.name: metric.result() for metric in self.metrics}


inputs = keras.Input(shape=(36,))
outputs = layers.Dense(5, activation="softmax")(layers.Dense(32, activation="relu")(inputs))
model = Compiled(inputs, outputs)
model.compile(
    optimizer=keras.optimizers.RMSprop(5e-3),
    loss=keras.losses.SparseCategoricalCrossentropy(),
    metrics=[keras.metrics.SparseCategoricalAccuracy()],
)
history = model.fit(x, y, epochs=6, validation_data=(x_val, y_val), verbose=0).history
print(sorted(history))
# prints:
# ['loss', 'sparse_categorical_accuracy', 'val_loss', 'val_sparse_categorical_accuracy']
assert history["val_sparse_categorical_accuracy"][-1] > 0.8
