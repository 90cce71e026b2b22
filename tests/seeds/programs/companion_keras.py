"""Keras in the article "Deep Learning Part 3" and in the reading notes: layers, compile, fit, evaluate, predict."""

import numpy as np

import thalweg as tf
from thalweg import keras


# All Keras layers inherit from the base Layer class
class SimpleDense(keras.layers.Layer):

    def __init__(self, units, activation=None):
        super().__init__()
        self.units = units
        self.activation = activation

    # Weight creation is accomplished via the build() method
    def build(self, input_shape):
        # automatic shape inference based on tensor input
        input_dim = input_shape[-1]
        self.W = self.add_weight(shape=(input_dim, self.units),
                                 initializer="random_normal")
        self.b = self.add_weight(shape=(self.units,),
                                 initializer="zeros")

    # We define the forward pass computation in the call() method
    def call(self, inputs):
        y = tf.matmul(inputs, self.W) + self.b
        if self.activation is not None:
            y = self.activation(y)
        return y


# Create an instance of the previously defined layer
my_dense = SimpleDense(units=32, activation=tf.nn.relu)
# Create test inputs
input_tensor = tf.ones(shape=(2, 784))
# Call the layer on the inputs like a function
output_tensor = my_dense(input_tensor)
print(output_tensor.shape)
# prints:
# (2, 32)

from thalweg.keras import layers

layer = layers.Dense(32, activation="relu")

from thalweg.keras import models

model = models.Sequential([
    layers.Dense(32, activation="relu"),
    layers.Dense(32)
])
model = keras.Sequential([
    SimpleDense(32, activation="relu"),
    SimpleDense(64, activation="relu"),
    SimpleDense(32, activation="relu"),
    SimpleDense(10, activation="softmax")
])

num_samples_per_class = 1000
negative_samples = np.random.multivariate_normal(mean=[0, 3], cov=[[1, 0.5], [0.5, 1]], size=num_samples_per_class)
positive_samples = np.random.multivariate_normal(mean=[3, 0], cov=[[1, 0.5], [0.5, 1]], size=num_samples_per_class)
inputs = np.vstack((negative_samples, positive_samples)).astype(np.float32)
targets = np.vstack((np.zeros((num_samples_per_class, 1), dtype="float32"),
                     np.ones((num_samples_per_class, 1), dtype="float32")))

# Defines a linear classifier
model = keras.Sequential([keras.layers.Dense(1)])
model.compile(optimizer="rmsprop",  # specify optimizer
              loss="mean_squared_error",  # loss by name
              metrics=["accuracy"])  # list of metrics
model.compile(optimizer=keras.optimizers.RMSprop(),
              loss=keras.losses.MeanSquaredError(),
              metrics=[keras.metrics.BinaryAccuracy()])


def my_custom_loss(y_true, y_pred):
    return tf.reduce_mean(tf.square(y_true - y_pred), axis=-1)


def my_custom_metric(y_true, y_pred):
    return tf.reduce_max(tf.abs(y_true - y_pred), axis=-1)


model.compile(optimizer=keras.optimizers.RMSprop(learning_rate=1e-4),
              loss=my_custom_loss,
              metrics=[my_custom_metric])
model.compile(optimizer=keras.optimizers.RMSprop(),
              loss=keras.losses.MeanSquaredError(),
              metrics=[keras.metrics.BinaryAccuracy()])
history = model.fit(
    inputs,  # input examples as NumPy array
    targets,  # corresponding targets as NumPy array
    epochs=5,  # iterate over the dataset 5 times
    batch_size=128,  # iterate over the data in chunks of 128
    verbose=0,
)
print(sorted(history.history), [len(values) for values in history.history.values()])
# prints:
# ['binary_accuracy', 'loss'] [5, 5]
assert history.history["loss"][-1] < history.history["loss"][0]

model = keras.Sequential([keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.RMSprop(learning_rate=0.1),
              loss=keras.losses.MeanSquaredError(),
              metrics=[keras.metrics.BinaryAccuracy()])

# shuffle the inputs and targets using random indices
indices_permutation = np.random.permutation(len(inputs))
shuffled_inputs = inputs[indices_permutation]
shuffled_targets = targets[indices_permutation]

num_validation_samples = int(0.3 * len(inputs))
val_inputs = shuffled_inputs[:num_validation_samples]
val_targets = shuffled_targets[:num_validation_samples]
training_inputs = shuffled_inputs[num_validation_samples:]
training_targets = shuffled_targets[num_validation_samples:]

history = model.fit(
    training_inputs,
    training_targets,
    epochs=5,
    batch_size=16,
    validation_data=(val_inputs, val_targets)
)
# prints:
# Epoch ¤/¤
# ¤/¤ ━━━━━━━━━━━━━━━━━━━━ ¤s ¤/step - binary_accuracy: ¤ - loss: ¤ - val_binary_accuracy: ¤ - val_loss: ¤
# Epoch ¤/¤
# ¤/¤ ━━━━━━━━━━━━━━━━━━━━ ¤s ¤/step - binary_accuracy: ¤ - loss: ¤ - val_binary_accuracy: ¤ - val_loss: ¤
# Epoch ¤/¤
# ¤/¤ ━━━━━━━━━━━━━━━━━━━━ ¤s ¤/step - binary_accuracy: ¤ - loss: ¤ - val_binary_accuracy: ¤ - val_loss: ¤
# Epoch ¤/¤
# ¤/¤ ━━━━━━━━━━━━━━━━━━━━ ¤s ¤/step - binary_accuracy: ¤ - loss: ¤ - val_binary_accuracy: ¤ - val_loss: ¤
# Epoch ¤/¤
# ¤/¤ ━━━━━━━━━━━━━━━━━━━━ ¤s ¤/step - binary_accuracy: ¤ - loss: ¤ - val_binary_accuracy: ¤ - val_loss: ¤
assert history.history["val_binary_accuracy"][-1] > 0.9
loss_and_metrics = model.evaluate(val_inputs, val_targets, batch_size=128, verbose=0)
assert len(loss_and_metrics) == 2
predictions = model(val_inputs)
predictions = model.predict(val_inputs, batch_size=128, verbose=0)
print(predictions[:10].shape, type(predictions).__name__)
# prints:
# (10, 1) ndarray
